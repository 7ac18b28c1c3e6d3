"""Work that takes the processor, not the database: beside the event loop, and by turns.

A document is its caller's text, and may take tens of milliseconds to parse, validate, measure and plan. One piece of
work of each caller is in the queue at a time, so that whoever sends many keeps only themselves waiting. Of large pieces
one is done at a time: each needs tens of MiB, and small ones always have the other place.
"""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from typing import TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")
AT_ONCE = 2  # callers; they share one interpreter, so more would make none faster
LARGE = 2_000  # characters, from which on a piece is large


class Turns:
    """The queue of one process."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)  # first come, first served
        self._large = asyncio.Lock()
        self._callers: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def run(self, caller: str, make: Callable[[], T], size: int = 0) -> T:
        """What `make` gives, in a thread, when it is this caller's turn; `size` characters are what it works on."""
        lock = self._callers.get(caller)
        if lock is None:
            lock = self._callers[caller] = asyncio.Lock()
        async with lock, self._large if size > LARGE else nullcontext(), self._places:
            made = asyncio.get_running_loop().run_in_executor(None, make)
            try:
                return await asyncio.shield(made)
            finally:
                if not made.done():  # nobody waits any more, but a thread cannot be stopped: the turn lasts
                    await asyncio.wait([made])
