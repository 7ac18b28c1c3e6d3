"""A WebSocket's connection: whether all that was said has left this process, and a way to cut it.

What is written and cannot leave, because nobody reads at the other end, would be sent later, when it may no longer be
the reader's to see. So nothing is kept: the buffer is full with its first byte, and whoever has something to say waits
until it is empty, and makes what it says only then.

Who does not take what was said within `taking` seconds is cut off: it would be held for them for ever.

When the service is to stop, what is being answered is, within the grace, and then the client is told to come again.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

from starlette.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets import http11

from services.settings import Limits

LINE = "jinlin.line"  # in a scope

# What arrives here as a handshake has passed `deadline`, whose bound is the same for every request.
http11.MAX_LINE_LENGTH = http11.MAX_NUM_HEADERS = sys.maxsize


class Line(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol, telling the application of its buffer, and told what is being answered."""

    _taking: asyncio.TimerHandle | None = None

    def __init__(self, *given: Any, grace: float, taking: float, **named: Any) -> None:
        super().__init__(*given, **named)
        self.grace = grace
        self.taking = taking
        self.leaving = False
        self._answering = 0

    def connection_made(self, transport: Any) -> None:
        """Whatever the kernel does not take at once pauses writing."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)

    def pause_writing(self) -> None:
        """Something has to leave."""
        super().pause_writing()
        self._taking = self.loop.call_later(self.taking, self.cut)

    def resume_writing(self) -> None:
        """It has left."""
        super().resume_writing()
        self._taken()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing will leave any more."""
        super().connection_lost(exc)
        self._taken()

    def _taken(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    async def run_asgi(self) -> None:
        """The application finds this connection in its scope."""
        scope: Scope = self.scope  # type: ignore[assignment]
        scope[LINE] = self
        await super().run_asgi()

    @property
    def free(self) -> bool:
        """Whether what is said now leaves now."""
        return self.writable.is_set() and not self.transport.is_closing()

    @property
    def lost(self) -> bool:
        """Whether nothing will leave any more."""
        return self.transport.is_closing()

    async def until_free(self, seconds: float) -> None:
        """Wait until it is free, or lost; TimeoutError when nobody reads for so long."""
        async with asyncio.timeout(seconds):
            await self.writable.wait()

    def cut(self) -> None:
        """End the connection without a word, what was not sent with it."""
        self.transport.abort()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """What the service waits for when it is to stop."""
        self._answering += 1
        try:
            yield
        finally:
            self._answering -= 1
            if self.leaving and not self._answering:
                self._leave()

    def shutdown(self) -> None:
        """The service is to stop."""
        self.leaving = True
        if self._answering:
            self.loop.call_later(self.grace, self._leave)
        else:
            self._leave()

    def _leave(self) -> None:
        if not self.transport.is_closing():
            super().shutdown()  # with 1012, "Service Restart"


def protocol(limits: Limits) -> type[WebSocketsSansIOProtocol]:
    """The protocol with its grace and its deadline, as something that can be handed to another process."""
    made = partial(Line, grace=limits.grace_ms / 1000, taking=limits.taking_ms / 1000)
    return cast(type[WebSocketsSansIOProtocol], made)
