"""Which version a database's tables are of, told without loading what migrates them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from services.storage.database import MigrationError, connected

# Revisions are numbers of four digits, and each migration's file begins with its own.
NEWEST = max(path.stem[:4] for path in (Path(__file__).parents[1] / "migrations" / "versions").glob("[0-9]*.py"))


NOT_MIGRATED = """数据库尚未建表或版本过旧，请先运行 server.py migrate。
The database has no tables yet, or old ones: run server.py migrate first."""
NEWER = """数据库的表比此程序新，请更新程序。
The database's tables are newer than this program: update the program."""


async def check(connection: asyncpg.Connection, *, or_older: bool = False) -> None:
    """MigrationError unless the tables are of the version this program knows."""
    found = await version(connection)
    if found != NEWEST and not (or_older and found and found < NEWEST):
        raise MigrationError(NEWER if found and found > NEWEST else NOT_MIGRATED)


@asynccontextmanager
async def current(url: str, *, or_older: bool = False) -> AsyncIterator[asyncpg.Connection]:
    """One connection of its own, for a command over tables of this version; MigrationError for others."""
    async with connected(url) as connection:
        await check(connection, or_older=or_older)
        yield connection


async def version(connection: asyncpg.Connection) -> str | None:
    """The newest revision there is of in the database, like "0022"; None where there are no tables."""
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    found: str | None = await connection.fetchval("SELECT max(version_num) FROM alembic_version")
    return found
