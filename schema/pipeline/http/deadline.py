"""A deadline and a size for a request's header, which uvicorn does not have: half-sent ones would be held for ever.

So would what arrives between requests, the rest of a refused request's body or a blank line: each byte ends uvicorn's
own wait for the next request.

The size is that of the bytes sent, however they arrive: the parser gets no more of them at once than may still come.
What comes between two parts of a body, or behind it (extensions of chunks, trailers), is bounded as well.
"""

import asyncio
from functools import partial
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n"
    b"X-Content-Type-Options: nosniff\r\n\r\n"
)


class TooLarge(Exception):
    """More of a header was parsed than may be."""


class Deadline(HttpToolsProtocol):
    """uvicorn's HTTP protocol, closing a connection whose request header is not complete after `seconds`.

    A header, its request line included, that is not complete after `header_bytes` is answered with 431.
    """

    _due = True  # a header: nothing of it is there yet, or not all
    _exact = True  # what is parsed at the moment began with what is due
    _received = 0  # bytes of what is due
    _parsed = 0  # at least so many bytes the request's header has
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
        while data and self in self.connections and not self.transport.is_closing():  # and no WebSocket yet
            room = self.header_bytes - self._received
            if room <= 0:
                self._refuse()
                return
            self._exact = True
            super().data_received(data[:room])
            if self._exact:
                self._received += min(room, len(data))
            data = data[room:]
        between = self.cycle is None or self.cycle.response_complete
        if between and self._expiry is None and self in self.connections:
            self._begin()

    def on_message_begin(self) -> None:
        """A header has begun."""
        self._begin()
        self._parsed = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of the request line is there."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field is there, of the header or behind the body."""
        self._count(len(name) + len(value) + 3)  # a colon, and the line's end
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The header is there; the body's deadline is the endpoint's."""
        self._end()
        self._done(due=False)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body is there."""
        self._done(due=False)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The next header is due."""
        self._done(due=True)
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Where it is the size that the parser could not take, that is said."""
        if self._parsed > self.header_bytes:
            self._refuse()
        else:
            super().send_400_response(msg)

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

    def _done(self, *, due: bool) -> None:
        """Something is complete. What came with it, of what is due now, is not known to the byte."""
        self._due, self._exact, self._received = due, False, 0

    def _count(self, length: int) -> None:
        """Of a header that came with the end of a request before it, what was parsed counts, if only when parsed."""
        self._parsed += length
        if self._parsed > self.header_bytes:
            raise TooLarge

    def _refuse(self) -> None:
        """Say so, unless something was said to this request or has yet to be said to the one before; close."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete or not (self._due or cycle.response_started):
            self.transport.write(TOO_LARGE)
        self.transport.close()

    def _expire(self) -> None:
        self.transport.close()


def protocol(seconds: float, header_bytes: int) -> type[HttpToolsProtocol]:
    """The protocol with its deadline and size, as something that can be handed to another process."""
    return cast(type[HttpToolsProtocol], partial(Deadline, seconds=seconds, header_bytes=header_bytes))
