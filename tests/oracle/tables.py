"""Every table's rows, as the interpreter takes them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import Table

from services.declared import METADATA
from tests.oracle.dispatch import Record, Tables

ZONE = ZoneInfo("Asia/Shanghai")


async def read(connection: asyncpg.Connection) -> Tables:
    """All rows of all tables and views, by table and column name; moments in the zone the service answers in."""
    return Tables({table.name: await _rows(connection, table) for table in METADATA.sorted_tables})


async def _rows(connection: asyncpg.Connection, table: Table) -> list[Record]:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    return [
        {name: _value(value) for name, value in row.items()}
        for row in await connection.fetch(f'SELECT {columns} FROM "{table.name}"')
    ]


def _value(value: Any) -> Any:
    return value.astimezone(ZONE) if isinstance(value, datetime) else value
