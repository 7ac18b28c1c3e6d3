"""Where PostgreSQL is reached: migrations, the pool that reads, and what a lost connection means.

Reading goes straight through asyncpg: one statement, no explicit transaction, a connection taken for exactly that
long. The pool skips asyncpg's reset on release (one more round trip): a session that is read-only and runs single
statements leaves nothing behind to reset.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from services.errors import Code, Refused, unavailable
from services.settings import Limits

MIGRATIONS = Path(__file__).with_name("migrations")

# What a connection reports when the server is not there, is going away, or has no place left.
LOST: tuple[type[BaseException], ...] = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what a session that dies in the middle of the protocol may end with
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)


async def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema; does nothing when it is there already."""
    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection of its own, for a command; closed at the end."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


class Reader:
    """The pool for reading: at most `limits.connections` sessions, read-only, each bound to the statement timeout.

    It opens on first use and again after the database was away, so the service starts without it and comes back by
    itself.
    """

    def __init__(self, url: str, limits: Limits) -> None:
        self.url = url
        self.limits = limits
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    async def fetchrow(self, sql: str, *values: object) -> asyncpg.Record | None:
        """Run one statement; its only row. Refused UNAVAILABLE when the database is away, TIMEOUT past the limit."""
        try:
            pool = self._pool or await self._open()
            # A timeout makes a task of the acquiring; it is only needed where there is something to wait for.
            patience = None if pool.get_idle_size() else self.limits.statement_ms / 1000
            async with pool.acquire(timeout=patience) as connection:
                return await _run(connection, sql, values)
        except asyncpg.QueryCanceledError as error:
            raise Refused(Code.TIMEOUT, "查询用时过长，已停止。", "The query took too long and was stopped.") from error
        except LOST as error:
            raise unavailable() from error

    async def _open(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self.url,
                    min_size=0,
                    max_size=self.limits.connections,
                    timeout=3,
                    max_inactive_connection_lifetime=0,
                    # Statements are long, few and hot; 100 of them would cost a backend 160 MiB, so 64 at the most.
                    statement_cache_size=64,
                    max_cached_statement_lifetime=0,
                    max_cacheable_statement_size=0,
                    reset=_nothing_to_reset,
                    server_settings={
                        "default_transaction_read_only": "on",
                        "statement_timeout": str(self.limits.statement_ms),
                        "jit": "off",
                        "application_name": "jinlin",
                        "timezone": "Asia/Shanghai",
                    },
                )
            return self._pool

    async def close(self) -> None:
        """Close every connection, at once if they do not end by themselves."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            try:
                await asyncio.wait_for(pool.close(), timeout=2)
            except TimeoutError:
                pool.terminate()


async def _run(connection: Any, sql: str, values: tuple[object, ...]) -> asyncpg.Record | None:
    """Prepare and execute: two steps of one transaction, which stays open if it ends between them.

    Nothing would show it but the session's locks, and a `now()` that stands still for the statement that comes next.
    """
    row: asyncpg.Record | None
    try:
        row = await connection.fetchrow(sql, *values)
    except (asyncio.CancelledError, asyncpg.DataError):
        with suppress(*LOST):
            await asyncio.shield(connection.execute("SELECT 1", timeout=2))
        raise
    return row


async def _nothing_to_reset(_: object) -> None:
    return None
