"""A deadline and a size for a request's header, which uvicorn does not have: half-sent ones would be held for ever.
And a deadline for its answer, which would be held as long as nobody reads it.

So would what arrives between requests, the rest of a refused request's body or a blank line: each byte ends uvicorn's
own wait for the next request.

The size is that of the bytes sent, however they arrive: the parser gets no more of them at once than may still come.
What comes between two parts of a body, or behind it (extensions of chunks, trailers), is bounded as well.
"""

import asyncio
from functools import partial
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from schema.pipeline.http.parsing import Parsing
from services.settings import Limits

TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n"
    b"X-Content-Type-Options: nosniff\r\n\r\n"
)


class TooLarge(Exception):
    """More of a header was parsed than may be."""


class Deadline(Parsing):
    """uvicorn's HTTP protocol, closing a connection whose request header is not complete after `seconds`.

    A header, its request line included, that is not complete after `header_bytes` is answered with 431. A connection
    whose other end does not take an answer within `taking` seconds is cut.
    """

    _due = True  # a header: nothing of it is there yet, or not all
    _exact = True  # what is parsed at the moment began with what is due
    _received = 0  # bytes of what is due
    _parsed = 0  # at least so many bytes the request's header has
    _expiry: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None

    def __init__(self, *given: Any, seconds: float, header_bytes: int, taking: float, **named: Any) -> None:
        super().__init__(*given, **named)
        self.seconds = seconds
        self.header_bytes = header_bytes
        self.taking = taking

    def connection_made(self, transport: Any) -> None:
        """The first header is due."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(HIGH_WATER_LIMIT, 0)  # what once was too much has to leave to its last byte
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
        self._taken()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The other end has a lot to take."""
        super().pause_writing()
        self._take()

    def resume_writing(self) -> None:
        """It has taken everything."""
        super().resume_writing()
        self._taken()

    def on_response_complete(self) -> None:
        """Behind the last answer of a connection, nothing else ends it."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._take()

    def timeout_keep_alive_handler(self) -> None:
        """No further request came; nor, maybe, did the other end take the last answer."""
        self._close()

    def handle_websocket_upgrade(self) -> None:
        """The connection is another protocol's from here on."""
        self._taken()
        super().handle_websocket_upgrade()

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
        self._close()

    def _expire(self) -> None:
        self._close()

    def _close(self) -> None:
        """A closed connection still sends what it has to, to whoever takes it in time."""
        self.transport.close()
        self._take()

    def _take(self) -> None:
        if self._taking is None:
            self._taking = self.loop.call_later(self.taking, self.transport.abort)

    def _taken(self) -> None:
        if self._taking is not None and not (self.transport.is_closing() and self.transport.get_write_buffer_size()):
            self._taking.cancel()
            self._taking = None


class Handed:
    """An ASGI application whose answers are complete when all of them has left this process.

    So what an application holds until it has answered, it holds as long as anybody has to wait for the other end.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def hand(message: Message) -> None:
            ends = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send({**message, "more_body": True} if ends else message)
            if ends:  # uvicorn sends nothing while there is too much that has to leave before
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self._app(scope, receive, hand)


def protocol(limits: Limits) -> type[HttpToolsProtocol]:
    """The protocol with its deadlines and size, as something that can be handed to another process."""
    seconds, taking = limits.deadline_ms / 1000, limits.taking_ms / 1000
    made = partial(Deadline, seconds=seconds, header_bytes=limits.header_bytes, taking=taking)
    return cast(type[HttpToolsProtocol], made)
