"""What an area's expressions are made of.

A *row function* takes the columns of a row and returns an SQL expression; a *join* takes the columns of the row an
edge starts from and of the row it leads to. The compiler calls them with numbered aliases, so an expression never
names a table and one table may stand in a statement any number of times.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.types import TypeEngine

from policies.scope import Way

Row = ReadOnlyColumnCollection[str, Any]
RowFunction = Callable[[Row], ColumnElement[Any]]
Keys = Callable[[Row], ColumnElement[Any] | Select[Any]]  # a column, or a select of one
Ways = Mapping[Way, Keys | tuple[Keys, ...]]
Join = Callable[[Row, Row], ColumnElement[bool]]
Sorts = Callable[[Row], Sequence[ColumnElement[Any]]]
Types = Sequence[TypeEngine[Any]]
Given = Mapping[str, ColumnElement[Any]]  # the parameters a predicate binds, by name


@dataclass(frozen=True, slots=True)
class Identity:
    """What a row is known by among all of its kind, UUIDs and whole numbers, and how it is found again by that."""

    of: Sorts
    by: Callable[[Row, Sequence[ColumnElement[Any]]], ColumnElement[bool]] | None = None

    def types(self, row: Row) -> Types:
        """The types of its parts."""
        return [part.type for part in self.of(row)]

    def found(self, row: Row, values: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
        """Whether it is the row with these values; said by an index."""
        if self.by is not None:
            return self.by(row, values)
        return and_(*(part == value for part, value in zip(self.of(row), values, strict=True)))


BY_ID = Identity(lambda row: (row.id,))
