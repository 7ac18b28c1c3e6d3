"""Values that name other rows, of which each reader is told no more than they read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement

from schema.kit.expressions import Row, Selects

Names = ColumnElement[str]


class Reader(Protocol):
    """What may be asked of who reads a row, each as a predicate."""

    def all_of(self, row: Row) -> ColumnElement[bool]:
        """Whether they read all there is where the row is from."""

    def reads(self, row: Row) -> ColumnElement[bool]:
        """Whether they read the row, and do not only follow it."""

    def stays(self, row: Row) -> ColumnElement[bool]:
        """Whether they are shown the row by where it is, and not only by where it was before."""

    def leads(self, table: str, name: Names) -> ColumnElement[bool]:
        """Whether a name, an id or the path of a unit, leads them to a row of a table."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """Columns of which each reader is told a part.

    `fields` are those of the type that are made of them, `tables` those whose rows they name. `whole` selects the path
    of where a row is from: whoever reads that whole is told all. `of` are the columns as they are told.
    """

    fields: frozenset[str]
    tables: frozenset[str]
    whole: Selects
    of: Callable[[Row, Reader], Mapping[str, ColumnElement[object]]]
