"""A deadline and a size for a request's header, which uvicorn does not have: half-sent ones would be held for ever.

So would what arrives between requests, the rest of a refused request's body or a blank line: each byte ends uvicorn's
own wait for the next request.
"""

import asyncio
from functools import partial
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Deadline(HttpToolsProtocol):
    """uvicorn's HTTP protocol, closing a connection whose request header is not complete after `seconds`.

    A header, its request line included, that is not complete after `header_bytes` is answered with 431.
    """

    _received = 0
    _expiry: asyncio.TimerHandle | None = None

    def __init__(self, *given: Any, seconds: float, header_bytes: int, **named: Any) -> None:
        super().__init__(*given, **named)
        self.seconds = seconds
        self.header_bytes = header_bytes

    def connection_made(self, transport: Any) -> None:
        """The first header is due."""
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        """Whatever comes between requests has to become a header in time."""
        super().data_received(data)
        self._received += len(data)
        if self._expiry is not None and self._received > self.header_bytes and not self.transport.is_closing():
            self.transport.write(TOO_LARGE)
            self.transport.close()
            return
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
        self._received = 0
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None

    def _expire(self) -> None:
        self.transport.close()


def protocol(seconds: float, header_bytes: int) -> type[HttpToolsProtocol]:
    """The protocol with its deadline and size, as something that can be handed to another process."""
    return cast(type[HttpToolsProtocol], partial(Deadline, seconds=seconds, header_bytes=header_bytes))
