"""What lies where: the rows of every table that names a unit by its path, found by the tables' foreign keys.

A new area needs no change here. What a reorganization does is told in lines of plain values: `kind` (the table), `id`
and `name` of a single row or, without them, a `count`, and from where to where, as names from the county down.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, UniqueConstraint, func, literal, select, union_all, update

from services.organization.paths import at_or_beneath, beneath, place
from services.organization.tables import units
from services.storage.tables import BYTEWISE, METADATA, VIEW
from services.storage.transaction import Record, Transaction

LISTED = 500  # rows a report names one by one; beyond them it only counts

Line = Mapping[str, Any]
Key = tuple[Sequence[Column[Any]], ColumnElement[bool] | None]


@dataclass(frozen=True, slots=True)
class Journey:
    """From one place to another."""

    before: list[str]
    after: list[str]

    def row(self, kind: str, row: Record) -> Line:
        """The line for a single row."""
        return self._line(kind, row["id"], row.get("name"), 1)

    def total(self, kind: str, number: int) -> Line:
        """The line for how many of a kind there are in all."""
        return self._line(kind, None, None, number)

    def _line(self, kind: str, row: Any, name: str | None, number: int) -> Line:
        return {
            "kind": kind,
            "id": row,
            "name": name,
            "from_place": self.before,
            "to_place": self.after,
            "count": number,
        }


# --- tables -----------------------------------------------------------------------------------------------------------


def references() -> list[Column[Any]]:
    """Every column that is the path of a unit by foreign key; where a row lies, and others, as a member's home."""
    keys = [key for table in METADATA.sorted_tables for key in table.foreign_keys if key.column is units.c.path]
    return sorted((key.parent for key in keys), key=lambda column: (column.table is not units, column.table.name))


def lies_at(table: Table) -> Column[Any]:
    """The column that says where a row of a table lies: for a unit, the unit directly above."""
    column: Column[Any] = units.c.parent_path if table is units else table.c.unit_path
    return column


def unique_keys(column: Column[Any]) -> Iterator[Key]:
    """What is unique in a unit: the other columns of each unique key this path belongs to, and the rows it is for."""
    table = column.table
    assert isinstance(table, Table)
    for columns, where in unique(table):
        if column in columns and table.c.id not in columns:
            yield [other for other in columns if other is not column], where


def unique(table: Table) -> Iterator[Key]:
    """The columns of each unique key of a table, and the rows it is for."""
    for index in table.indexes:
        if index.unique:
            yield list(index.columns), index.dialect_options["postgresql"]["where"]
    for each in table.constraints:
        if isinstance(each, UniqueConstraint):
            yield list(each.columns), None


async def repoint(tx: Transaction, column: Column[Any], before: str, after: str) -> None:
    """Let every row that names one unit's path name another's."""
    table = column.table
    assert isinstance(table, Table)
    counted = {"version": table.c.version + 1} if "version" in table.c else {}
    await tx.rows(update(table).where(column == before).values({column.key: after, **counted}))


# --- reports ----------------------------------------------------------------------------------------------------------


async def place_of(tx: Transaction, path: str) -> list[str]:
    """The names from the county down to the unit at a path."""
    names: list[str] = await tx.value(select(place(literal(path, BYTEWISE))))
    return names


async def directly_at(tx: Transaction, path: str) -> list[tuple[str, Record]]:
    """The rows that lie at a unit itself and have names, with their tables' names: units below it first."""
    found: list[tuple[str, Record]] = []
    for column in references():
        table = column.table
        if isinstance(table, Table) and "name" in table.c and column is lies_at(table):
            rows = select(table.c.id, table.c.name).where(column == path).order_by(table.c.name, table.c.id)
            found += [(table.name, row) for row in await tx.rows(rows)]
    return found


async def totals(tx: Transaction, path: str, journey: Journey) -> list[Line]:
    """How many rows of each kind lie in a unit and everything below it, where there are any."""
    top = literal(path, BYTEWISE)
    counts = [_counted(units, beneath(units.c.path, top))]
    counts += [
        _counted(table, at_or_beneath(table.c.unit_path, top))
        for table in METADATA.sorted_tables
        if "unit_path" in table.c and VIEW not in table.info
    ]
    rows = await tx.rows(union_all(*counts))
    return [journey.total(row["kind"], row["number"]) for row in rows if row["number"]]


def _counted(table: Table, where: ColumnElement[bool]) -> Select[str, int]:
    counted = select(literal(table.name).label("kind"), func.count().label("number"))
    return counted.select_from(table).where(where)


def bounded(lines: Iterable[Line]) -> list[Line]:
    """A report with at most `LISTED` single rows; totals all stay."""
    number = count()
    return [line for line in lines if line["id"] is None or next(number) < LISTED]
