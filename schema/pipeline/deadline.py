"""A deadline for a request's header, which uvicorn does not have: half-sent requests would be held for ever.

So would what arrives between requests, the rest of a refused request's body or a blank line: each byte ends uvicorn's
own wait for the next request.
"""

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Deadline(HttpToolsProtocol):
    """uvicorn's HTTP protocol, closing a connection whose request header is not complete after `seconds`."""

    seconds: ClassVar[float]
    _expiry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """The first header is due."""
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        """Whatever comes between requests has to become a header in time."""
        super().data_received(data)
        between = self.cycle is None or self.cycle.response_complete
        if between and self._expiry is None and self in self.connections:  # and no WebSocket yet
            self._begin()

    def on_message_begin(self) -> None:
        """A header has begun."""
        self._begin()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The header is there; the body's deadline is the endpoint's."""
        self._end()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is due any more."""
        self._end()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._end()
        self._expiry = self.loop.call_later(self.seconds, self._expire)

    def _end(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None

    def _expire(self) -> None:
        self.transport.close()


def protocol(seconds: float) -> type[HttpToolsProtocol]:
    """The protocol with its deadline."""
    return type("Deadline", (Deadline,), {"seconds": seconds})
