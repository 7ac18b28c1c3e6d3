"""Requests that never end: each is closed when its time is over, and nobody else waits for it."""

import asyncio
from asyncio import StreamReader, StreamWriter

import pytest

from tests.conftest import Service
from tests.http.asking import PLAIN, Asking

PATIENCE = 20  # seconds, forty times the deadline: a bound, not a measure

HEADERS = [
    b"",
    b"P",
    b"POST /graphql HTTP/1.1\r\n",
    b"POST /graphql HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 1000,
    b"GET /graphql?query={__typename} HTTP/1.1\r\nHost: x\r\n",
    b"\r\n\r\n",
]


async def begin(service: Service, sent: bytes) -> tuple[StreamReader, StreamWriter]:
    """A connection on which only so much was sent."""
    reader, writer = await asyncio.open_connection(*service.url.removeprefix("http://").split(":"))
    writer.write(sent)
    await writer.drain()
    return reader, writer


async def ended(reader: StreamReader, writer: StreamWriter) -> bytes:
    """Whatever the service says until it closes the connection."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def head(asking: Asking, *lines: str) -> bytes:
    """A whole header of a POST, its body to follow."""
    credential = [f"Authorization: Bearer {asking.token}"] if asking.token else []
    return "\r\n".join(
        ["POST /graphql HTTP/1.1", "Host: x", "Content-Type: application/json", *credential, *lines, "", ""]
    ).encode()


@pytest.fixture
def caller(tight: Service) -> Asking:
    return Asking(tight.url, tight.token("town_admin", "350521100"))


async def test_200_half_sent_headers(tight: Service, caller: Asking) -> None:
    held = [await begin(tight, HEADERS[number % len(HEADERS)]) for number in range(200)]
    endings = asyncio.gather(*(ended(*each) for each in held))
    served = [await asyncio.to_thread(caller.data, PLAIN) for _ in range(10)]
    assert served == [{"orgUnit": {"name": "螺城镇"}}] * 10
    assert await endings == [b""] * 200


async def test_50_half_sent_bodies(tight: Service, caller: Asking) -> None:
    beginnings = [
        head(caller, "Content-Length: 1000") + b'{"query": "',
        head(caller, "Transfer-Encoding: chunked") + b'5\r\n{"que\r\n',
    ]
    held = [await begin(tight, beginnings[number % 2]) for number in range(50)]
    endings = asyncio.gather(*(ended(*each) for each in held))
    served = [await asyncio.to_thread(caller.data, PLAIN) for _ in range(10)]
    assert served == [{"orgUnit": {"name": "螺城镇"}}] * 10
    assert all(answer.startswith(b"HTTP/1.1 408 ") and b"BAD_REQUEST" in answer for answer in await endings)


async def test_the_rest_of_a_refused_body_comes_in_drops(tight: Service) -> None:
    """Who is not let in cannot hold the connection by going on with a body that nobody reads."""
    reader, writer = await begin(tight, head(Asking(tight.url, "nobody"), "Content-Length: 1000") + b"{")
    assert (await asyncio.wait_for(reader.readline(), PATIENCE)).startswith(b"HTTP/1.1 401 ")
    writer.write(b" ")
    await ended(reader, writer)


async def test_a_blank_line_after_an_answer(tight: Service, caller: Asking) -> None:
    body = b'{"query": "{ __typename }"}'
    reader, writer = await begin(tight, head(caller, f"Content-Length: {len(body)}") + body)
    await asyncio.wait_for(reader.readuntil(b'"Query"}}'), PATIENCE)
    writer.write(b"\r\n")
    assert await ended(reader, writer) == b""


async def test_a_second_request_on_one_connection(tight: Service, caller: Asking) -> None:
    """The deadline of one request is over with its header; the next has its own."""
    body = b'{"query": "{ __typename }"}'
    whole = head(caller, f"Content-Length: {len(body)}") + body
    reader, writer = await begin(tight, whole)
    for _ in range(3):
        await asyncio.wait_for(reader.readuntil(b'"Query"}}'), PATIENCE)
        writer.write(whole[:40])
        await writer.drain()
        writer.write(whole[40:])
    await asyncio.wait_for(reader.readuntil(b'"Query"}}'), PATIENCE)
    writer.write(whole[:40])
    assert await ended(reader, writer) == b""
