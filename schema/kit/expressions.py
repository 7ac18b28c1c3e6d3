"""What an area's expressions are made of.

A *row function* takes the columns of a row and returns an SQL expression; a *join* takes the columns of the row an
edge starts from and of the row it leads to. The compiler calls them with numbered aliases, so an expression never
names a table and one table may stand in a statement any number of times.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Select, and_, any_, func
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.types import TypeEngine

from policies.scope import Way

Row = ReadOnlyColumnCollection[str, Any]
RowFunction = Callable[[Row], ColumnElement[Any]]
Keys = Callable[[Row], ColumnElement[Any] | Select[Any]]  # a column, or a select of one
Selects = Callable[[Row], Select[Any]]
Ways = Mapping[Way, Keys | tuple[Keys, ...]]
Meets = Callable[[ColumnElement[Any]], ColumnElement[bool]]  # whether a key meets a seat
Join = Callable[[Row, Row], ColumnElement[bool]]
Sorts = Callable[[Row], Sequence[ColumnElement[Any]]]
Types = Sequence[TypeEngine[Any]]
Given = Mapping[str, ColumnElement[Any]]  # the parameters a predicate binds, by name


def one_of(column: ColumnElement[Any], found: Select[Any]) -> ColumnElement[bool]:
    """Whether a column has one of the values a select finds: they are found first, and rows by an index.

    IN says the same, but where it is asked of each row of another table PostgreSQL looks at every row for it.
    """
    return column == any_(func.array(found.scalar_subquery(), type_=ARRAY(column.type)))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Keys that lie far from their rows: `select` gives pairs of what a row has in `of` and a key.

    Called with a row, they are the keys it has, like any. From a seat, the rows are found the other way round: first
    what has a key that meets it, once in a statement, and the rows by that, through an index. Rows that also answer by
    a column of their own are then found by two indexes; with a semi-join every one of them would be looked at.
    """

    select: Callable[[], Select[Any]]
    of: RowFunction = lambda row: row.id

    def __call__(self, row: Row) -> Select[Any]:
        """The keys the row has."""
        found = self.select()
        of, key = found.selected_columns
        return found.with_only_columns(key).where(of == self.of(row)).correlate_except(*found.get_final_froms())

    def met(self, meets: Meets) -> Select[Any]:
        """What the rows with a key that meets have in `of`."""
        found = self.select()
        of, key = found.selected_columns
        return found.with_only_columns(of).where(meets(key)).distinct().correlate(None)


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
