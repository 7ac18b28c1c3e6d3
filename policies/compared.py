"""What another roles.csv would let whom do more, and less: `server.py policy --diff FILE`.

Both files are read by the model of the service's own, inherited rights included. How a row answers to a seat is not in
them: which rows a right is held on stays with the entities' ways.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from policies.decide import COUNT, READ, rights_of, rules
from policies.lines import read
from policies.rules import Right, told, unknown
from services.errors import Text

Rights = Mapping[str, frozenset[Right]]


@dataclass(frozen=True, slots=True)
class Compared:
    """A line for each role that could do more or less, and each right; and what is amiss with lines of the file."""

    lines: list[str]
    amiss: list[Text]

    def __str__(self) -> str:
        return "\n".join(self.lines) or "没有变化 / nothing changes"


def compared(file: Path, asked: AbstractSet[Right]) -> Compared:
    """What a file changes, by the rights that something asks for; lines about others are named, and change nothing.

    BAD_USER_INPUT for a file that is no policy.
    """
    given = read(file)
    amiss = unknown(given, asked)
    now, then = rights_of(rules()), rights_of([rule for rule in given if rule not in amiss])
    return Compared(list(_lines(now, then)), list(told(file, amiss)))


def _lines(now: Rights, then: Rights) -> Iterator[str]:
    for role in sorted({*now, *then}):
        before, after = (_whole(rights.get(role, frozenset())) for rights in (now, then))
        yield from (f"+ {role}: {entity} {action}" for entity, action in _said(after - before))
        yield from (f"- {role}: {entity} {action}" for entity, action in _said(before - after))


def _whole(rights: frozenset[Right]) -> frozenset[Right]:
    return rights | {(entity, COUNT) for entity, action in rights if action == READ}


def _said(rights: frozenset[Right]) -> list[Right]:
    """Sorted, without the counting that comes and goes with reading."""
    return sorted((entity, action) for entity, action in rights if action != COUNT or (entity, READ) not in rights)
