"""Every open socket of this process, and whether what let it in still holds.

Asked every `EVERY` seconds for all of them in one statement, as long as there are any: it needs no notification to get
through. Whose credential ended, or whose grants are others by now, is closed; and all are, when the database cannot be
asked for `PATIENCE`: nobody could tell then.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from starlette.websockets import WebSocketDisconnect

from policies.actor import Actor, actor_of
from services.access.credentials import credential
from services.access.standing import Admitted, Found, Poll
from services.errors import Refused
from services.storage.database import LOST

LOG = logging.getLogger("jinlin")
EVERY = 0.3  # seconds
PATIENCE = 1.0  # seconds
FORBIDDEN = (4403, "Forbidden")
CHANGED = (4403, "Access changed: connect again")
SLOW = (1013, "Read what was sent first")
AWAY = (1013, "Try again later")


class Connection(Protocol):
    """What a socket is sent over; see `line.Line`."""

    @property
    def free(self) -> bool:
        """Whether what is said now leaves now."""

    @property
    def lost(self) -> bool:
        """Whether nothing will leave any more."""

    async def until_free(self, seconds: float) -> None:
        """Wait until it is free, or lost; TimeoutError when it takes longer."""

    def cut(self) -> None:
        """End it without a word."""


@dataclass(eq=False)
class Guest:
    """One socket: who is behind it, as last seen, narrowed to one grant or not, and how it is closed."""

    actor: Actor
    grant: UUID | None
    line: Connection
    close: Callable[[int, str], Awaitable[None]] | None = None
    gone: bool = False

    @property
    def admitted(self) -> Admitted:
        """What is asked about."""
        return Admitted(self.actor.credential_id, self.actor.revision, self.actor.until)


class Registry:
    """The sockets of one process. `on_new_day` is called when the day of the database becomes another."""

    def __init__(self, poll: Poll) -> None:
        self._poll = poll
        self._guests: set[Guest] = set()
        self._task: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._today: date | None = None
        self.on_new_day: Callable[[], None] = lambda: None

    def enter(self, guest: Guest) -> None:
        """From now on the guest is watched."""
        self._guests.add(guest)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())

    def leave(self, guest: Guest) -> None:
        """The guest went by itself, or was closed."""
        guest.gone = True
        self._guests.discard(guest)

    async def close(self) -> None:
        """Stop watching; the server closes what is open."""
        if self._task is not None:
            self._task.cancel()
        self._poll.drop()

    async def look(self, guest: Guest) -> None:
        """Bring a guest up to date whose credential is not what it was; closes who is no longer let in as they were.

        A revision that changed nothing of what they hold, or a session that was prolonged, is no reason.
        """
        found = await credential(self._poll, guest.actor.credential_id)
        if found is None:
            self.expel(guest, *FORBIDDEN)
            return
        try:
            actor = actor_of(found).narrowed(guest.grant)
        except Refused:
            self.expel(guest, *CHANGED)
            return
        if (actor.held, actor.terms, actor.program) == (guest.actor.held, guest.actor.terms, guest.actor.program):
            guest.actor = actor
        else:
            self.expel(guest, *CHANGED)

    def expel(self, guest: Guest, code: int, reason: str) -> None:
        """Close a socket now; without a word where words would have to wait for what was said before."""
        if guest.gone:
            return
        self.leave(guest)
        if guest.line.free and guest.close is not None:
            task = asyncio.ensure_future(_closed(guest.close, code, reason))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
        else:
            guest.line.cut()

    async def _watch(self) -> None:
        clock = asyncio.get_running_loop().time
        told = clock()
        while self._guests:
            began = clock()
            try:
                # Also a process that stood still itself asks once before it gives up.
                async with asyncio.timeout(max(EVERY, told + PATIENCE - began)):
                    await self._round()
                told = began
                await asyncio.sleep(EVERY)
            except Exception as error:
                if not isinstance(error, LOST):
                    LOG.exception("sockets could not be watched")
                self._poll.drop()
                if clock() >= told + PATIENCE:
                    self._expel_all()
                    told = clock()
                await asyncio.sleep(EVERY / 3)

    async def _round(self) -> None:
        known = {guest: guest.admitted for guest in self._guests}
        found = await self._poll.ask(set(known.values()))
        for guest, admitted in known.items():
            if admitted not in found.standing:
                self.expel(guest, *FORBIDDEN)
        for guest, admitted in known.items():
            if not guest.gone and admitted not in found.unchanged and guest.admitted == admitted:
                await self.look(guest)
        self._notice(found)

    def _notice(self, found: Found) -> None:
        if self._today not in (None, found.today):
            self.on_new_day()
        self._today = found.today

    def _expel_all(self) -> None:
        for guest in tuple(self._guests):
            self.expel(guest, *AWAY)


async def _closed(close: Callable[[int, str], Awaitable[None]], code: int, reason: str) -> None:
    with suppress(RuntimeError, WebSocketDisconnect):  # the other side was first
        await close(code, reason)
