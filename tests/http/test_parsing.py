"""Requests that ask for another protocol, name no host or two, or are of another version of HTTP."""

import json
import re
from collections.abc import Sequence

import pytest

from tests.conftest import Service
from tests.http.test_headers import connected_to, send

BODY = json.dumps({"query": "{ viewer { name } }"}).encode()
HEALTH = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
WISHES = {
    "h2c": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n",
    "unknown": b"connection: keep-alive,upgrade\r\nupgrade: foo/2, bar\r\n",
    "tls": b"Upgrade: TLS/1.0\r\nConnection: Upgrade\r\n",
    "two of them": b"Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n",
}


def asked(service: Service, more: bytes, body: bytes, chunked: bool = False) -> list[bytes]:
    """A POST in two pieces, its header and its body."""
    token = service.token("county_admin", "350521").encode()
    head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + b"\r\n" + more
    head += b"Content-Type: application/json\r\n"
    if chunked:
        return [head + b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)]
    return [head + b"Content-Length: %d\r\n\r\n" % len(body), body]


async def answers(service: Service, pieces: Sequence[bytes]) -> list[bytes]:
    """What all of this is answered, and a question after it: the status lines, and whether the last one is its."""
    async with connected_to(service) as (reader, writer):
        await send(writer, pieces)
        writer.write(HEALTH.replace(b"Host", b"Connection: close\r\nHost"))
        said = await reader.read()
    assert said.endswith(b'{"status":"ok"}')
    return re.findall(rb"HTTP/1\.1 (\d+) ", said)


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("wish", WISHES.values(), ids=WISHES)
async def test_what_asks_for_another_protocol_is_answered_by_this_one(
    service: Service, wish: bytes, chunked: bool
) -> None:
    """With its body, however the two arrive, alone and behind another request."""
    pieces = asked(service, wish, BODY, chunked)
    for cut in (pieces, [b"".join(pieces)], [HEALTH + b"".join(pieces)], [pieces[0][:-3], pieces[0][-3:], *pieces[1:]]):
        found = await answers(service, cut)
        assert found == [b"200"] * len(found)
        assert len(found) == (3 if cut[0].startswith(HEALTH) else 2)


@pytest.mark.parametrize("wish", WISHES.values(), ids=WISHES)
async def test_a_body_is_never_a_request(service: Service, wish: bytes) -> None:
    """What it holds is refused once, and what follows it is answered."""
    assert await answers(service, asked(service, wish, HEALTH)) == [b"400", b"200"]


async def test_without_a_body(service: Service) -> None:
    """The next request is one of its own."""
    assert await answers(service, [HEALTH.replace(b"Host", WISHES["h2c"] + b"Host")]) == [b"200", b"200"]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /health HTTP/1.1\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n", b"400"),
        (b"GET /health HTTP/1.0\r\nHost: x\r\nHost: x\r\n", b"400"),
        (b"GET /health HTTP/2.0\r\nHost: x\r\n", b"400"),
        (b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n", b"400"),
        (b"GET /health HTTP/1.0\r\n", b"200"),
    ],
)
async def test_who_is_asked_and_how(service: Service, head: bytes, status: bytes) -> None:
    """One host is named, and none need be by HTTP/1.0."""
    async with connected_to(service) as (reader, writer):
        writer.write(head + b"Connection: close\r\n\r\n")
        said = await reader.read()
    assert said.split(b" ")[1] == status
    assert said.count(b"HTTP/1.1 ") == 1
