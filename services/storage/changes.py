"""What other sessions commit, as PostgreSQL announces it: the names of the tables that changed.

Triggers announce (migration 0017); this listens, on one connection of its own that must be a direct one: LISTEN does
not pass a pooler. Whatever is not heard while the connection is away may have been anything.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import asyncpg

from services.storage.database import LOST

CHANNEL = "jinlin_change"
RETRY = 1.0  # seconds between attempts to listen again
BEAT = 5.0  # seconds between looks at whether the connection is still there
PATIENCE = 3.0  # seconds for an answer to that

Heard = Callable[[str | None], None]
"""Called with the name of a table that changed, or with None: any of them may have."""


class Changes:
    """Listens from the first `start` on, and again whenever the connection was lost."""

    def __init__(self, url: str, heard: Heard) -> None:
        self._url = url
        self._heard = heard
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Listen, if that has not begun."""
        if self._task is None:
            self._task = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """Stop listening."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _listen(self) -> None:
        while True:
            with suppress(*LOST, asyncpg.PostgresError):
                connection = await asyncpg.connect(
                    self._url, timeout=PATIENCE, server_settings={"application_name": "jinlin listening"}
                )
                try:
                    await self._hear(connection)
                finally:
                    connection.terminate()
            await asyncio.sleep(RETRY)

    async def _hear(self, connection: asyncpg.Connection) -> None:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(CHANNEL, lambda *announced: self._heard(announced[-1]))
        self._heard(None)
        while not lost.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(lost.wait(), BEAT)
            # A connection can be gone without anybody having been told.
            await connection.execute("SELECT 1", timeout=PATIENCE)
