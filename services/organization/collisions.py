"""Names that are one and the same by `services.names.fold`, of rows that must have names of their own.

They are found on the names themselves, so also in a database that does not keep them folded yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, Table, func, select

from services.names import fold
from services.organization.paths import place
from services.organization.territory import unique
from services.storage.tables import METADATA, aliased
from services.storage.transaction import Transaction


class Key(NamedTuple):
    """Where a name must be one's own: among the rows of a table that are alike in `within`, of those `where` holds."""

    table: Table
    within: Sequence[Column[Any]]
    where: ColumnElement[bool] | None


@dataclass(frozen=True, slots=True)
class Collision:
    """Rows of a table, in one place, whose names are the same."""

    kind: str
    place: Sequence[str]
    rows: Sequence[tuple[UUID, str]]

    def __str__(self) -> str:
        """One line; what cannot be seen in a name is written so that it can."""
        names = "、".join(f"{name!r} ({id_})" for id_, name in self.rows)
        return f"{self.kind}  {' / '.join(self.place)}: {names}"


def keyed() -> list[Key]:
    """Every key that a folded name is part of."""
    return [
        Key(table, [column for column in columns if column.key != "folded"], where)
        for table in METADATA.sorted_tables
        for columns, where in unique(table)
        if "folded" in {column.key for column in columns}
    ]


def statement(key: Key) -> Select[Any]:
    """The rows a key is for: id, name, where they lie, and the values they must be alike in."""
    table = key.table
    inside = [_name_of(column).label(f"in_{column.key}") for column in key.within if column is not table.c.unit_path]
    rows = select(table.c.id, table.c.name, place(table.c.unit_path).label("place"), *key.within, *inside)
    return (rows if key.where is None else rows.where(key.where)).order_by(*key.within, table.c.name, table.c.id)


def collisions(key: Key, rows: Iterable[Mapping[Any, Any]]) -> list[Collision]:
    """What collides of the rows `statement` gives."""
    alike = defaultdict(list)
    for row in rows:
        alike[(*(row[column.key] for column in key.within), fold(row["name"]))].append(row)
    return [
        Collision(key.table.name, _where(key, same[0]), [(row["id"], row["name"]) for row in same])
        for same in alike.values()
        if len(same) > 1
    ]


async def colliding(tx: Transaction) -> list[Collision]:
    """Everything that collides; an older database may not have all tables yet."""
    found: list[Collision] = []
    for key in keyed():
        if await tx.value(select(func.to_regclass(key.table.name))) is not None:
            found += collisions(key, await tx.rows(statement(key)))
    return found


def _where(key: Key, row: Mapping[Any, Any]) -> list[str]:
    return [*row["place"], *(row[name] for name in row if name.startswith("in_"))]


def _name_of(column: Column[Any]) -> ColumnElement[Any]:
    """The name of the row that a column refers to."""
    # Another key may hold this row and one it refers to together to what both refer to.
    (of,) = {key.column for key in column.foreign_keys if not key.column.foreign_keys}
    named = aliased(of.table)
    return select(named.c.name).where(named.c[of.key] == column).scalar_subquery().correlate_except(named)
