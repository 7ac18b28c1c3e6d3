"""The load: raw HTTP/1.1 over keep-alive connections, each asking again as soon as it was answered.

It looks at as little of an answer as it can (status and length), so that it leaves the machine to what is measured.
"""

import asyncio
import re
import socket
import time
from dataclasses import dataclass, field
from http.client import HTTPResponse
from typing import cast

import uvloop

CONNECTIONS = 8
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class UnexpectedAnswerError(Exception):
    """A server answered otherwise than it did when its answer was checked."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How long a run took, and how much of that the generator itself was at work."""

    seconds: float
    busy: float


@dataclass
class _Run:
    """What the connections of one run share."""

    request: bytes
    length: int
    to_send: int
    to_come: int
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(UnexpectedAnswerError(why))


class _Connection(asyncio.Protocol):
    def __init__(self, run: _Run) -> None:
        self._run = run
        self._head = b""
        self._missing = 0  # bytes of the body still to come, once the head is there
        self._transport: asyncio.Transport | None = None
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by class

    def ask(self) -> None:
        """Send the next request, if any is left."""
        if self._run.to_send > 0:
            self._run.to_send -= 1
            assert self._transport is not None
            self._transport.write(self._run.request)

    def data_received(self, data: bytes) -> None:
        if not self._missing:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._expected(self._head[:end]):
                return
            data, self._head = self._head[end + 4 :], b""
            self._missing = self._run.length
        self._missing -= len(data)
        if not self._missing:
            self._answered()

    def _expected(self, head: bytes) -> bool:
        found = _LENGTH.search(head)
        if head.startswith(b"HTTP/1.1 200 ") and found is not None and int(found[1]) == self._run.length:
            return True
        self._run.fail(head.decode("latin-1"))
        return False

    def _answered(self) -> None:
        self._run.to_come -= 1
        if self._run.to_come == 0 and not self._run.done.done():
            self._run.done.set_result(None)
        self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.fail(f"the connection was closed: {exc}")
        self.closed.set_result(None)


def load(port: int, request: bytes, length: int, count: int) -> Taken:
    """Send `request` `count` times over 8 connections to 127.0.0.1:`port`.

    Every answer must have status 200 and a body of `length` bytes; UnexpectedAnswerError otherwise.
    """
    return uvloop.run(_load(port, request, length, count))


async def _load(port: int, request: bytes, length: int, count: int) -> Taken:
    loop = asyncio.get_running_loop()
    run = _Run(request, length, count, count)
    opened = [await loop.create_connection(lambda: _Connection(run), "127.0.0.1", port) for _ in range(CONNECTIONS)]
    began, cpu = time.perf_counter(), time.process_time()
    try:
        for _, connection in opened:
            connection.ask()
        await run.done
        seconds = time.perf_counter() - began
        return Taken(seconds, (time.process_time() - cpu) / seconds)
    finally:
        run.to_send = 0
        for transport, _ in opened:
            transport.abort()
        await asyncio.gather(*(connection.closed for _, connection in opened))  # uvloop hangs when it ends before them


def ask(port: int, request: bytes) -> tuple[int, bytes]:
    """Send `request` once: the answer's status and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        answer = HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read()
