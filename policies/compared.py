"""What another roles.csv would let whom do more, and less: `server.py policy --diff FILE`.

Both files are read by the model of the service's own, inherited rights included. How a row answers to a seat is not in
them: which rows a right is held on stays with the entities' ways.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from policies.decide import COUNT, READ, RULES, rights_of
from policies.rules import read

Rights = Mapping[str, frozenset[tuple[str, str]]]


def compared(file: Path) -> str:
    """A line for each role that could do more or less, and each right; one line where nothing changes.

    BAD_USER_INPUT for a file that is no policy.
    """
    now, then = (rights_of([(rule.kind, *rule.words) for rule in read(rules)]) for rules in (RULES, file))
    lines = list(_lines(now, then))
    return "\n".join(lines) or "没有变化 / nothing changes"


def _lines(now: Rights, then: Rights) -> Iterator[str]:
    for role in sorted({*now, *then}):
        before, after = (_whole(rights.get(role, frozenset())) for rights in (now, then))
        yield from (f"+ {role}: {entity} {action}" for entity, action in _said(after - before))
        yield from (f"- {role}: {entity} {action}" for entity, action in _said(before - after))


def _whole(rights: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    return rights | {(entity, COUNT) for entity, action in rights if action == READ}


def _said(rights: frozenset[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sorted, without the counting that comes and goes with reading."""
    return sorted((entity, action) for entity, action in rights if action != COUNT or (entity, READ) not in rights)
