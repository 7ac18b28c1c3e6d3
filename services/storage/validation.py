"""What a command may write into a row, checked by the columns it goes into; every problem is told at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import Column, Table

from services.errors import Problem, ProblemCode, Rejected, Text, rejected
from services.names import LONGEST, fold, proper
from services.storage.tables import GREATEST, RANGE, named
from services.terms import reasonable

UNKNOWN: Mapping[str, Any] = {}  # in the place of a row that is not the caller's, while all else is checked
LINE = 200  # characters of a text that is no name, as an address


class Amiss:
    """What is amiss with an input, gathered so that all of it is told at once."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    @contextmanager
    def within(self, part: str = "") -> Iterator[None]:
        """Go on behind this block where it raises Rejected; its fields are those of a part of the input, "rows.3"."""
        try:
            yield
        except Rejected as refusal:
            for problem in refusal.problems:
                self._found.append(replace(problem, field=f"{part}.{problem.field}" if part else problem.field))

    def tell(self, code: ProblemCode, field: str, zh: str, en: str) -> None:
        """One thing more."""
        self._found.append(Problem(code, field, Text(zh, en)))

    def add(self, problems: Iterable[Problem]) -> None:
        """What somebody else found."""
        self._found.extend(problems)

    def check(self) -> None:
        """Rejected, for everything that was found."""
        if self._found:
            raise Rejected(self.found)

    @property
    def found(self) -> list[Problem]:
        """All of it, in the order of rows where it is about a list."""
        return sorted(self._found, key=lambda problem: row_of(problem.field))


def nth(field: str, number: int) -> tuple[str, str]:
    """A row of a list as people count them, from 1, and as `field` names it, from 0; in Chinese and English."""
    return f"第 {number + 1} 行（{field}.{number}）", f"row {number + 1} ({field}.{number})"


def row_of(field: str) -> int:
    """Which row of a list a field is in, "rows.3.name"; -1 for a field of its own, which comes first."""
    _, _, rest = field.partition(".")
    number = rest.partition(".")[0]
    return int(number) if number.isdecimal() else -1


def names(rows: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """What the rows of a list are called, as names are compared, where that can be a name; whatever else is amiss."""
    found: dict[int, str] = {}
    for number, given in enumerate(rows):
        with suppress(Rejected):
            found[number] = fold(proper("name", given.get("name")))
    return found


def twins(field: str, named: Mapping[int, str]) -> Iterator[Problem]:
    """A problem for every row that has the name of an earlier one."""
    first: dict[str, int] = {}
    for number, name in named.items():
        if (earlier := first.setdefault(name, number)) != number:
            zh, en = nth(field, earlier)
            text = Text(f"与{zh}重名。", f"This is the name of {en} already.")
            yield Problem(ProblemCode.TAKEN, f"{field}.{number}.name", text)


def valid(table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as columns of `table`: texts stripped, a `name` with what it is compared and found by.

    Rejected, for the field each column is called by, with null where the table wants a value, a text that cannot be
    shown, a number out of the column's range, a mistyped day. The day something ends may lie as far ahead as it likes.
    """
    made: dict[str, Any] = {}
    amiss = Amiss()
    for name, value in given.items():
        with amiss.within():
            made[name] = _valid(table.c[name], value)
    amiss.check()
    return {**made, **named(table, made["name"])} if "name" in made else made


def _valid(column: Column[Any], value: Any) -> Any:
    field = column.key
    if value is None:
        if not column.nullable:
            raise rejected(ProblemCode.INVALID, field, "不能为空。", "This must not be empty.")
    elif isinstance(value, str) and not isinstance(value, Enum):
        return proper(field, value, LONGEST if field == "name" else LINE)
    elif isinstance(value, int):
        return _within(column, value)
    elif isinstance(value, date) and field != "until":
        return reasonable(field, value)
    return value


def _within(column: Column[Any], value: int) -> int:
    least, most = column.info.get(RANGE, (0, GREATEST))
    if not least <= value <= most:
        zh, en = f"须为 {least} 至 {most}。", f"This must be {least} to {most}."
        raise rejected(ProblemCode.INVALID, column.key, zh, en)
    return value
