"""How large a request's header may be: the same to the byte, however it arrives and whatever it asks for."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from services.settings import Limits
from tests.conftest import Service

MOST = Limits().header_bytes
PATIENCE = 20  # seconds: a bound, not a measure
UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
PLAIN = b"GET /health HTTP/1.1\r\nHost: x\r\n"
SOCKET = b"GET /graphql HTTP/1.1\r\nHost: x\r\n" + UPGRADE + b"AAAAAAAAAAAAAAAAAAAAAA==\r\n"
REFUSED = b"HTTP/1.1 431 "
BEGINNINGS = {"plain": (PLAIN, b"HTTP/1.1 200 "), "websocket": (SOCKET, b"HTTP/1.1 101 ")}
Cut = Callable[[bytes], Sequence[bytes]]
CUTS: dict[str, Cut] = {
    "in one piece": lambda sent: [sent],
    "in many": lambda sent: [sent[at : at + 999] for at in range(0, len(sent), 999)],
    "its last byte alone": lambda sent: [sent[:-1], sent[-1:]],
    "its first byte alone": lambda sent: [sent[:1], sent[1:]],
}


def one_field(beginning: bytes, size: int) -> bytes:
    return beginning + b"X: " + b"a" * (size - len(beginning) - 7) + b"\r\n\r\n"


def many_fields(beginning: bytes, size: int) -> bytes:
    fields = b"".join(b"X-%d: %s\r\n" % (number, b"b" * 40) for number in range(1000))
    return one_field(beginning + fields, size)


def padded(beginning: bytes, size: int) -> bytes:
    return beginning + b"X: a" + b" " * (size - len(beginning) - 8) + b"\r\n\r\n"


def long_address(beginning: bytes, size: int) -> bytes:
    return beginning.replace(b" HTTP", b"?a=" + b"c" * (size - len(beginning) - 5) + b" HTTP", 1) + b"\r\n"


@asynccontextmanager
async def connected_to(service: Service) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    reader, writer = await asyncio.open_connection(*service.url.removeprefix("http://").split(":"))
    async with asyncio.timeout(PATIENCE):
        yield reader, writer
    writer.close()


async def send(writer: StreamWriter, pieces: Sequence[bytes]) -> None:
    """Each by itself, as far as that can be had: the loop of the other side is given time to take it."""
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0)


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
@pytest.mark.parametrize("shape", [one_field, many_fields, padded, long_address])
@pytest.mark.parametrize(("beginning", "taken"), BEGINNINGS.values(), ids=BEGINNINGS)
async def test_to_the_byte(
    service: Service, beginning: bytes, taken: bytes, shape: Callable[[bytes, int], bytes], cut: Cut
) -> None:
    for size, status in ((MOST, taken), (MOST + 1, REFUSED)):
        sent = shape(beginning, size)
        assert len(sent) == size
        async with connected_to(service) as (reader, writer):
            await send(writer, cut(sent))
            assert (await reader.readline()).startswith(status), size


@pytest.mark.parametrize(("beginning", "taken"), BEGINNINGS.values(), ids=BEGINNINGS)
async def test_far_too_large(service: Service, beginning: bytes, taken: bytes) -> None:
    async with connected_to(service) as (reader, writer):
        writer.write(one_field(beginning, 100_000))
        assert (await reader.readline()).startswith(REFUSED)


async def test_the_next_request(service: Service) -> None:
    """Counts anew, and what belongs to the body before it does not count."""
    body = b" " * (MOST - 1)
    first = b"POST /session HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
    async with connected_to(service) as (reader, writer):
        for size, status in ((MOST, b"HTTP/1.1 200 "), (MOST, b"HTTP/1.1 200 "), (MOST + 1, REFUSED)):
            writer.write(one_field(PLAIN, size))
            assert (await reader.readline()).startswith(status)
            if status != REFUSED:
                await reader.readuntil(b'{"status":"ok"}')
    async with connected_to(service) as (reader, writer):
        await send(writer, [first + body[:-10], body[-10:] + one_field(PLAIN, MOST)])
        assert (await reader.readline()).startswith(b"HTTP/1.1 4")  # no credential, and said at once


async def test_one_behind_another(service: Service) -> None:
    """A request that is sent before the one before it is answered."""
    async with connected_to(service) as (reader, writer):
        writer.write(PLAIN + b"\r\n" + one_field(PLAIN, MOST))
        for _ in range(2):
            assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
            await reader.readuntil(b'{"status":"ok"}')
    async with connected_to(service) as (reader, writer):
        writer.write(PLAIN + b"\r\n" + one_field(PLAIN, 100_000))
        answers = await reader.read()
        assert answers.count(b'{"status":"ok"}') <= 1


@pytest.mark.parametrize("behind", [b"0\r\nX: " + b"a" * 3 * MOST, b"1;x=" + b"a" * 3 * MOST])
async def test_behind_a_body(service: Service, behind: bytes) -> None:
    """Trailers and what is said of a chunk are no way around."""
    head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with connected_to(service) as (reader, writer):
        writer.write(head + b"2\r\n{}\r\n" + behind)
        assert (await reader.readline()).startswith(REFUSED)


@pytest.mark.parametrize(("given", "wrong"), [(b"AAAAAAAAAAAAAAAAAAAAAA==", b"?"), (b"GET", b"POST")])
async def test_a_handshake_that_is_none(service: Service, given: bytes, wrong: bytes) -> None:
    async with connected_to(service) as (reader, writer):
        writer.write(SOCKET.replace(given, wrong) + b"\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 4")
