"""Sessions that outlast the test that opened them.

A session that knows nothing of a database's tables yet costs PostgreSQL more than most tests ask of it. So where a
database goes from one test to the next (see tests/lending.py), a connection to it that is closed leaves its session,
reset, to the next that is opened alike. Whoever closed it has a closed connection, as ever.
"""

import asyncio
from collections import defaultdict
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import asyncpg.connection

ANY: Any = asyncpg  # what the driver keeps to itself
CONNECT = asyncpg.connection.connect
PATIENCE = 5  # seconds for a session to be reset; one that is at work still is not ours
NOT_RESET = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)


class Parked:
    """The idle sessions of one database, by how they were opened; of the loop they were opened in."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._idle: defaultdict[str, list[Session]] = defaultdict(list)

    def __len__(self) -> int:
        return sum(map(len, self._idle.values()))

    def take(self, how: str) -> "Session | None":
        """One that was opened so and lives, if there is any."""
        while self._idle[how]:
            if not (session := self._idle[how].pop()).is_closed():
                return session
        return None

    def leave(self, session: "Session") -> None:
        """Here it is."""
        self._idle[session.how].append(session)

    async def close(self) -> None:
        """End them all, and those that are under way once they are closed."""
        idle, self._idle = self._idle, defaultdict(list)
        for session in [each for alike in idle.values() for each in alike]:
            session.parked = None
            with suppress(*NOT_RESET):
                await session.close()


PARKED: dict[str, Parked] = {}  # by the name of the database


class Session(ANY.Connection):  # type: ignore[misc]
    """A connection whose session is parked when it is closed."""

    parked: Parked | None = None
    how: str = ""

    def get_reset_query(self) -> str:
        """What the driver resets, who the session is, and what it has prepared."""
        return f"{super().get_reset_query()}\nSET SESSION AUTHORIZATION DEFAULT; DEALLOCATE ALL;"

    async def close(self, **how: Any) -> None:
        """Park the session, if it is idle; otherwise end it."""
        if self.parked is not None and not self.is_closed() and not self.is_in_transaction():
            with suppress(*NOT_RESET):
                await self.reset(timeout=PATIENCE)
                self.parked.leave(self._left())
                return
        await super().close(**how)

    def _left(self) -> "Session":
        """The same session as another connection; this one is closed."""
        other = Session(self._protocol, self._transport, self._loop, self._addr, self._config, self._params)
        other.parked, other.how = self.parked, self.how
        self._protocol.set_connection(other)
        self._aborted = True
        self._cleanup()
        return other


async def connect(dsn: str | None = None, **how: Any) -> Any:
    """As the driver's: one that is parked, or a new one."""
    parked = PARKED.get(urlsplit(dsn).path.removeprefix("/")) if dsn else None
    if parked is None or parked.loop is not asyncio.get_running_loop():
        return await CONNECT(dsn, **how)
    of = repr((dsn, sorted((name, value) for name, value in how.items() if name not in ("loop", "connection_class"))))
    if (session := parked.take(of)) is None:
        session = await CONNECT(dsn, **{**how, "connection_class": Session})
        session.parked, session.how = parked, of
    return session


ANY.connect = ANY.connection.connect = connect
