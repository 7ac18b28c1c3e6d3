"""What the service's sessions in PostgreSQL are doing, and a way to make them wait."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from services.storage.database import connected

PATIENCE = 20  # seconds
SESSIONS = """
    SELECT coalesce(state, '') AS state, coalesce(wait_event_type, '') AS waits, xact_start IS NOT NULL AS open
    FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = $1
"""


async def waiting(connection: asyncpg.Connection, what: str = "jinlin") -> int:
    """How many statements of the service wait for a lock."""
    return sum(row["waits"] == "Lock" for row in await connection.fetch(SESSIONS, what))


async def busy(connection: asyncpg.Connection) -> int:
    """How many sessions of the service are in a statement or in a transaction."""
    return sum(row["state"] != "idle" or row["open"] for row in await connection.fetch(SESSIONS, "jinlin"))


async def becomes_idle(connection: asyncpg.Connection) -> None:
    """Wait until no session of the service does anything."""
    deadline = time.monotonic() + PATIENCE
    while await busy(connection):
        assert time.monotonic() < deadline, await connection.fetch(SESSIONS, "jinlin")
        await asyncio.sleep(0.02)


async def become_waiting(connection: asyncpg.Connection, count: int, what: str = "jinlin") -> None:
    """Wait until so many statements of the service wait for a lock."""
    deadline = time.monotonic() + PATIENCE
    while await waiting(connection, what) < count:
        assert time.monotonic() < deadline, await connection.fetch(SESSIONS, what)
        await asyncio.sleep(0.02)


@asynccontextmanager
async def units_locked(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Whoever reads a unit waits meanwhile; gives another connection to look with."""
    async with connected(url) as connection, connected(url) as observer, connection.transaction():
        await connection.execute("LOCK TABLE org_unit IN ACCESS EXCLUSIVE MODE")
        yield observer
