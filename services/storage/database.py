"""Where PostgreSQL is reached: the pools that read and write, and what a lost connection means.

Reading goes straight through asyncpg: one statement, no explicit transaction, a connection taken for exactly that
long. The pool skips asyncpg's reset on release (one more round trip): a session that is read-only and runs single
statements leaves nothing behind to reset.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

from services.errors import Code, Refused, conflict, unavailable
from services.settings import Limits

# What a connection reports when the server is not there, is going away, is full, or lets nobody in by this URL.
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
    asyncpg.InvalidAuthorizationSpecificationError,  # another password by now
    asyncpg.InvalidCatalogNameError,
)

ZONE = "Asia/Shanghai"  # of every session: what is asked for today means this one's


class MigrationError(Exception):
    """The tables are not of the version this program knows, or cannot be brought to it."""


async def connect(url: str, **settings: str) -> asyncpg.Connection:
    """A connection of its own. Days begin as in China, whatever the server or the database is set to."""
    return await asyncpg.connect(url, server_settings={"timezone": ZONE, **settings})


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection of its own, for a command; closed at the end."""
    connection = await connect(url)
    try:
        yield connection
    finally:
        await connection.close()


class Opening:
    """A pool that opens on first use, so that the service starts without its database and comes back by itself."""

    def __init__(self, url: str, limits: Limits, size: int, *, reset: Any, read_only: bool) -> None:
        self.opened: asyncpg.Pool | None = None
        self._lock = asyncio.Lock()
        self._making: Callable[[], Any] = lambda: asyncpg.create_pool(
            url,
            min_size=0,
            max_size=size,
            timeout=3,
            max_inactive_connection_lifetime=0,
            # Statements are long, few and hot; 100 of them would cost a backend 160 MiB, so 64 at the most.
            statement_cache_size=64,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,
            reset=reset,
            server_settings={
                "default_transaction_read_only": "on" if read_only else "off",
                "statement_timeout": str(limits.statement_ms),
                "jit": "off",
                "application_name": "jinlin",
                "timezone": ZONE,
            },
        )

    async def get(self) -> asyncpg.Pool:
        """The pool, opened."""
        async with self._lock:
            if self.opened is None:
                self.opened = await self._making()
            opened: asyncpg.Pool = self.opened
            return opened

    async def close(self) -> None:
        """Close every connection, at once if they do not end by themselves."""
        if self.opened is not None:
            pool, self.opened = self.opened, None
            try:
                await asyncio.wait_for(pool.close(), timeout=2)
            except TimeoutError:
                pool.terminate()


def reading_pool(url: str, limits: Limits) -> Opening:
    """The pool of a `Reader`."""
    return Opening(url, limits, limits.connections, reset=_nothing_to_reset, read_only=True)


class Reader:
    """The pool for reading: at most `limits.connections` sessions, read-only, each bound to the statement timeout."""

    def __init__(self, url: str, limits: Limits) -> None:
        self._pool = reading_pool(url, limits)
        self._patience = limits.statement_ms / 1000
        self._recorder = Writer(url, limits)

    @asynccontextmanager
    async def recording(self) -> AsyncIterator[Any]:
        """A connection in a transaction, for what is read and leaves a record of that: committed at the end, or not."""
        async with self._recorder.transaction() as connection:
            yield connection

    async def fetchrow(self, sql: str, *values: object, anew: bool = False) -> asyncpg.Record | None:
        """Run one statement; its only row. Refused UNAVAILABLE when the database is away, TIMEOUT past the limit.

        `anew` has it planned for these very values.
        """
        try:
            pool = self._pool.opened or await self._pool.get()
            # A timeout makes a task of the acquiring; it is only needed where there is something to wait for.
            patience = None if pool.get_idle_size() else self._patience
            async with pool.acquire(timeout=patience) as connection:
                return await (fetched_anew(connection, sql, *values) if anew else _run(connection, sql, values))
        except asyncpg.QueryCanceledError as error:
            raise Refused(Code.TIMEOUT, "查询用时过长，已停止。", "The query took too long and was stopped.") from error
        except LOST as error:
            raise unavailable() from error

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()
        await self._recorder.close()


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


async def fetched_anew(connection: Any, sql: str, *values: object) -> asyncpg.Record | None:
    """The only row of a statement with a plan for these values: from its sixth run on it would get one for any.

    A session that ends in between keeps planning anew, which is slower and no less right.
    """
    await connection.execute("SET plan_cache_mode = force_custom_plan")
    try:
        return await _run(connection, sql, values)
    finally:
        # Not shielded: who is cancelled here leaves the mode as it is, and no session that is still at work.
        with suppress(*LOST, asyncpg.PostgresError):
            await connection.execute("RESET plan_cache_mode")


async def _nothing_to_reset(_: object) -> None:
    return None


class Writer:
    """The pool for commands: few sessions, one transaction a command, READ COMMITTED with row locks.

    A command waits for a lock no longer than `limits.statement_ms`, like any statement.
    """

    def __init__(self, url: str, limits: Limits, size: int | None = None) -> None:
        sessions = size or limits.writing
        self._pool = Opening(url, limits, sessions, reset=_rolled_back, read_only=False)
        self._patience = limits.statement_ms / 1000

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """A connection in a transaction: committed at the end, rolled back for any exception.

        Refused UNAVAILABLE when the database is away, TIMEOUT past the limit, CONFLICT when two commands waited for
        each other.
        """
        try:
            pool = await self._pool.get()
            async with pool.acquire(timeout=self._patience) as connection, connection.transaction():
                yield connection
        except asyncpg.QueryCanceledError as error:
            raise Refused(Code.TIMEOUT, "操作用时过长，已撤销。", "It took too long and was undone.") from error
        except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
            raise conflict(
                "与他人的操作相互等待，请重试。", "Someone else's change was in the way; try again."
            ) from error
        except LOST as error:
            raise unavailable() from error

    async def fetch(self, sql: str, *values: object) -> list[asyncpg.Record]:
        """The rows of one statement that is a transaction of its own: what the service keeps account of by itself."""
        async with self.transaction() as connection:
            rows: list[asyncpg.Record] = await connection.fetch(sql, *values)
            return rows

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()


async def _rolled_back(connection: asyncpg.Connection) -> None:
    # A command that was cancelled while it was being undone leaves a transaction open; nobody may inherit that.
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")
