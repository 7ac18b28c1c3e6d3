"""Rows on their way into the database: collected by table, written by COPY, tables before those that refer to them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import Table

from services.declared import METADATA
from services.organization.loading.loading import Row, settle
from services.storage.tables import named


class Rows:
    """What is to be copied, by table and by the columns it gives: columns that a row leaves out keep their defaults."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[tuple[str, ...], list[Row]]] = {}

    def add(self, table: Table, **values: object) -> UUID:
        """A new row; its id. A name comes with what it is compared and found by, unless that is given."""
        identity = uuid4()
        row = {"id": identity, **values}
        if "name" in values and "folded" not in values:
            row |= _named(table, str(values["name"]))
        self._tables.setdefault(table.name, {}).setdefault(tuple(row), []).append(tuple(row.values()))
        return identity

    async def copy(self, connection: asyncpg.Connection) -> None:
        """Write everything, merge what searches would have to read through, and tell the planner.

        Within a table, rows come in the order in which rows of their columns were first added, so that one may refer
        to another that was added before it.
        """
        names = [table.name for table in METADATA.sorted_tables if table.name in self._tables]
        for name in names:
            for columns, records in self._tables[name].items():
                await connection.copy_records_to_table(name, records=records, columns=columns)
        for name in names:
            await settle(connection, name)


@lru_cache(64)
def _named(table: Table, name: str) -> Mapping[str, Any]:
    """Read once: thousands of grids and outlets are called as a dozen are."""
    return named(table, name)
