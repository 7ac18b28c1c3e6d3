"""When credentials were last used, noted off the path of requests: sessions once a minute each, tokens once a day.

Each worker notes what passes through it. What one that is killed had not noted yet is lost: a minute at the most.
"""

import asyncio
import logging
import time
from contextlib import suppress

from services.access.sessions import noticed, used
from services.errors import Refused
from services.site import Site
from services.storage.database import Writer
from services.storage.transaction import Transaction

KEPT = 10_000
LOG = logging.getLogger("jinlin")


class Usage:
    """Remembers who was there lately, and tells the database."""

    def __init__(self, writer: Writer, site: Site) -> None:
        self._writer = writer
        self._site = site
        self._every = noticed(site)
        self._due: dict[str, float] = {}
        self._pending: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def note(self, credential: str) -> None:
        """A credential is in use."""
        now = time.monotonic()
        if now < self._due.get(credential, 0.0):
            return
        if len(self._due) >= KEPT:
            self._due.clear()
        self._due[credential] = now + self._every
        self._pending.add(credential)
        if self._task is None:
            self._task = asyncio.create_task(self._write())

    async def close(self) -> None:
        """Note what is pending."""
        if self._task is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._task, timeout=2)

    async def _write(self) -> None:
        try:
            while self._pending:
                ids, self._pending = sorted(self._pending), set()
                for missed in set(ids) - await self._noted(ids):
                    self._due.pop(missed, None)  # the next use tries again
        finally:
            self._task = None

    async def _noted(self, ids: list[str]) -> set[str]:
        try:
            async with self._writer.transaction() as connection:
                return await used(Transaction(connection), ids, self._site)
        except Refused:
            return set()
        except Exception:
            LOG.exception("the use of credentials was not noted")
            return set()
