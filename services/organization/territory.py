"""What lies where: the rows of every table that names a unit by its path, found by the tables' foreign keys.

A new area needs no change here. What a reorganization does is told in lines of plain values: `kind` (the table), `id`
and `name` of a single row or, without them, a `count`, and from where to where, as names from the county down.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Table,
    Text,
    UniqueConstraint,
    cast,
    func,
    literal,
    literal_column,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from services.described import Described
from services.organization.paths import at_or_beneath, beneath, place
from services.organization.tables import party_organizations, units
from services.storage.tables import BYTEWISE, METADATA, VIEW, aliased, counted
from services.storage.transaction import Record, Transaction

LISTED = 500  # rows a report names one by one; beyond them it only counts

Line = Mapping[str, Any]
Key = tuple[Sequence[Column[Any]], ColumnElement[bool] | None]


class Fate(Described):
    """去向：移入、不动、失去、新增、脱离上级组织、住址随迁、终止、合一 / What becomes of a row in a reorganization."""

    MOVED = "MOVED", "移入 / Moved to the other unit."
    STAYS = "STAYS", "不动 / Stays where it is."
    LOST = "LOST", "失去 / Lost."
    ADDED = "ADDED", "新增 / Added."
    SET_FREE = "SET_FREE", "脱离上级组织 / Set free from the organization above it."
    HOME_MOVED = "HOME_MOVED", "住址随迁 / Its home moved along."
    ENDED = "ENDED", "终止：双方已属同一单元，末日为前一日 / Ended the day before: the units it was between are one."
    JOINED = "JOINED", "与相接或重叠的合为一项 / Made one with those it met or overlapped, which are lost."


@dataclass(frozen=True, slots=True)
class Journey:
    """From one place to another."""

    before: list[str]
    after: list[str]

    def row(self, kind: str, row: Record, fate: Fate | None = None) -> Line:
        """The line for a single row, which moves or stays unless something else becomes of it."""
        return self._line(kind, row["id"], row.get("name"), 1, fate)

    def total(self, kind: str, number: int, fate: Fate | None = None) -> Line:
        """The line for how many of a kind there are in all."""
        return self._line(kind, None, None, number, fate)

    def rows(self, kind: str, rows: Sequence[Record], fate: Fate) -> list[Line]:
        """Lines for rows of which something else becomes, and how many they are, where there are any."""
        return [self.total(kind, len(rows), fate), *(self.row(kind, row, fate) for row in rows)] if rows else []

    def _line(self, kind: str, row: Any, name: str | None, number: int, fate: Fate | None) -> Line:
        return {
            "kind": kind,
            "fate": fate or (Fate.STAYS if self.before == self.after else Fate.MOVED),
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
        elif isinstance(
            each, ExcludeConstraint
        ):  # of equals, as all that are declared: unique among some, and deferred
            where: Any = each.where
            yield list(each.columns), where


async def repoint(tx: Transaction, column: Column[Any], before: str, after: str) -> None:
    """Let every row that names one unit's path name another's."""
    table = column.table
    assert isinstance(table, Table)
    await tx.rows(update(table).where(column == before).values({column.key: after, **counted(table)}))


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


def called(column: Column[Any]) -> Select[Any]:
    """The rows of a table that says something of others (INHERITED), called by what they say and of what."""
    table = column.table
    keys = (key for each in table.columns for key in each.foreign_keys if each is not column)  # in their order
    named = [key for key in keys if "name" in key.column.table.c]
    own = [cast(table.c[word], Text) for word in ("name", "kind", "note") if word in table.c]
    found = select(table.c.id, func.concat_ws(" ", *(key.column.table.c.name for key in named), *own).label("name"))
    whole = table
    for key in named:
        whole = whole.join(key.column.table, key.parent == key.column)  # type: ignore[assignment]
    return found.select_from(whole).order_by(literal_column("name"), table.c.id)


async def homes(tx: Transaction, path: str) -> list[tuple[str, Record]]:
    """The rows that lie elsewhere and name a unit otherwise, as those of members whose home it is."""
    found: list[tuple[str, Record]] = []
    for column in references():
        table = column.table
        if isinstance(table, Table) and "name" in table.c and column is not lies_at(table):
            elsewhere = select(table.c.id, table.c.name).where(column == path, lies_at(table) != path)
            found += [(table.name, row) for row in await tx.rows(elsewhere.order_by(table.c.name, table.c.id))]
    return found


async def set_free(tx: Transaction, path: str) -> list[Record]:
    """Party organizations at or below a path have none above them that lies elsewhere; those that had one."""
    below, above = party_organizations.c, aliased(party_organizations)
    stays = select(above.c.id).where(
        above.c.id == below.parent_id, ~func.starts_with(below.unit_path, above.c.unit_path)
    )
    moved = func.starts_with(below.unit_path, literal(path, BYTEWISE))
    freed = update(party_organizations).where(moved, stays.correlate(party_organizations).exists())
    changed = freed.values(parent_id=None, version=below.version + 1).returning(below.id, below.name)
    return sorted(await tx.rows(changed), key=lambda row: (row["name"], row["id"]))


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
    """A report with at most `LISTED` single rows; totals all stay. What does not just move or stay is named first."""
    number = count()
    ordered = sorted(lines, key=lambda line: line["id"] is None or line["fate"] in (Fate.MOVED, Fate.STAYS))
    return [line for line in ordered if line["id"] is None or next(number) < LISTED]
