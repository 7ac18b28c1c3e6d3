"""What another roles.csv would let whom do more, and less: `server.py policy --diff FILE`.

Both files are read by the model of the service's own, inherited rights included. How a row answers to a seat is not in
them: which rows a right is held on stays with the entities' ways.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from policies.decide import COUNT, READ, RULES, rights_in
from services.errors import Refused, bad_input

Rights = Mapping[str, frozenset[tuple[str, str]]]
LENGTHS = {"p": 4, "g": 3}


def compared(file: Path) -> str:
    """A line for each role that could do more or less, and each right; one line where nothing changes.

    BAD_USER_INPUT for a file that is no policy.
    """
    _check(file)
    lines = list(_lines(rights_in(RULES), rights_in(file)))
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


def _check(file: Path) -> None:
    """Casbin passes over what it does not know: a line that is no rule would be a right that is silently gone."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise bad_input(f"{file} 无法读取：{error}", f"{file} cannot be read: {error}") from None
    for number, line in enumerate(text.splitlines(), 1):
        words = [word.strip() for word in next(csv.reader([line]), [])]
        if words and not words[0].startswith("#") and (LENGTHS.get(words[0]) != len(words) or "" in words):
            raise _no_rule(file, number)


def _no_rule(file: Path, number: int) -> Refused:
    return bad_input(f"{file} 第 {number} 行不是规则。", f"{file}, line {number}, is no rule.")
