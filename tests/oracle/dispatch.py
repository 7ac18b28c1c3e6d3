"""What interprets SQL: a function of a `Frame` for every expression, a list of rows for every select.

`expressions` and `selects` say it for each kind of node. One they do not know raises NotImplementedError with the
node's name when it is compiled, before any row is looked at.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from typing import Any

from sqlalchemy import FromClause

Record = Mapping[str, Any]


class Tables(dict[str, Sequence[Record]]):
    """All rows, by table and column name; looked up by a column's value without looking at every row."""

    def __init__(self, rows: Mapping[str, Sequence[Record]]) -> None:
        super().__init__(rows)
        self._indexes: dict[tuple[str, str], dict[Any, list[Record]]] = {}

    def having(self, name: str, column: str, value: Any) -> Sequence[Record]:
        """The rows of a table that have this value in a column; none for NULL, which equals nothing."""
        index = self._indexes.get((name, column))
        if index is None:
            index = self._indexes[name, column] = {}
            for row in self[name]:
                index.setdefault(row[column], []).append(row)
        return index.get(value, ()) if value is not None else ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What an expression is evaluated in: a row for each of its tables, its parameters, and the whole database."""

    rows: Mapping[FromClause, Record | None]
    given: Mapping[str, Any]
    tables: Tables
    now: datetime

    def beside(self, table: FromClause, row: Record | None) -> "Frame":
        """The frame with a row for one more table."""
        return Frame({**self.rows, table: row}, self.given, self.tables, self.now)


Evaluate = Callable[[Frame], Any]
Rows = Callable[[Frame], list[tuple[Any, ...]]]


@singledispatch
def compiled(node: object) -> Evaluate:
    """The expression as a function of a frame."""
    raise NotImplementedError(f"{type(node).__name__} ({getattr(node, '__visit_name__', '?')})")


@singledispatch
def relation(node: object) -> Rows:
    """A select as a function of the frame it stands in; the rows it gives."""
    raise NotImplementedError(f"{type(node).__name__} as rows")


def constant(value: Any) -> Evaluate:
    """What is the same in every frame."""
    return lambda _: value
