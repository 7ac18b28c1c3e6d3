"""Answers that nobody takes: few are held for each caller, nobody else waits for them, and in time they are gone."""

import asyncio
import json
import select
import socket

import pytest

from services.errors import Code
from tests.conftest import Service
from tests.http.activity import PATIENCE
from tests.http.asking import PLAIN, Asking, refusal
from tests.http.conftest import Start
from tests.http.sockets import ask, closed, opened, receive, send

# More than any buffer of the kernel takes in.
PLACES = " ".join(f"{'a' * 60}{number}: place" for number in range(8))
LARGE = f"""{{ orgUnits(first: 100, filter: {{level: [TOWN]}}) {{ nodes {{
    descendants(first: 100) {{ nodes {{ id code name {PLACES} }} }}
}} }} }}"""
IN_FLIGHT, SHARE = 8, 2
TOWN = {"data": {"orgUnit": {"name": "螺城镇"}}}


def narrow(url: str) -> socket.socket:
    """A connection whose end here has little room for what is not read."""
    host, port = url.removeprefix("http://").split(":")
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect((host, int(port)))
    return made


def unread(asking: Asking, query: str = LARGE, *, last: bool = False) -> socket.socket:
    """A connection on which something was asked, and of whose answer nothing is read."""
    held = narrow(asking.url)
    body = json.dumps({"query": query}).encode()
    lines = [
        *("POST /graphql HTTP/1.1", "Host: x", "Content-Type: application/json"),
        *(f"Authorization: Bearer {asking.token}", f"Content-Length: {len(body)}"),
        *(["Connection: close"] if last else []),
    ]
    held.sendall("\r\n".join([*lines, "", ""]).encode() + body)
    held.settimeout(PATIENCE)
    return held


def rest(held: socket.socket) -> bytes:
    """All that comes until the connection is over."""
    parts = []
    try:
        while part := held.recv(2**20):
            parts.append(part)
    except ConnectionResetError:
        pass
    finally:
        held.close()
    return b"".join(parts)


def answered(held: list[socket.socket], count: int) -> dict[socket.socket, int]:
    """The status of those that are answered, once so many are; nothing else of their answers is read."""
    status: dict[socket.socket, int] = {}
    while len(status) < count:
        ready = select.select([each for each in held if each not in status], [], [], PATIENCE)[0]
        assert ready, status
        status |= {each: int(each.recv(12).removeprefix(b"HTTP/1.1 ")) for each in ready}
    return status


@pytest.fixture
def patient(demo_url: str, start: Start) -> Service:
    """A service that waits for readers as long as the test takes."""
    return start(demo_url, JINLIN_IN_FLIGHT=str(IN_FLIGHT), JINLIN_SHARE=str(SHARE), JINLIN_TAKING_MS="600000")


@pytest.fixture
def hasty(demo_url: str, start: Start) -> Service:
    return start(demo_url, JINLIN_SHARE=str(SHARE), JINLIN_TAKING_MS="500")


def test_what_is_not_taken_still_counts(patient: Service) -> None:
    """One caller's unread answers fill that caller's share, and those that wait that caller's half.

    Others are answered. What waits has no answer in memory: it is made when another's is taken, or gone.
    """
    greedy = Asking(patient.url, patient.token("county_admin", "3505"))
    other = Asking(patient.url, patient.token("town_admin", "350521100"))
    half = IN_FLIGHT // 2
    held = [unread(greedy) for _ in range(IN_FLIGHT)]
    status = answered(held, half + SHARE)
    assert sorted(status.values()) == [200] * SHARE + [503] * half
    refusal(greedy.post(PLAIN), Code.UNAVAILABLE)
    refusal(greedy.post(PLAIN), Code.UNAVAILABLE)
    assert [other.post(PLAIN).json() for _ in range(3)] == [TOWN] * 3
    waiting = [each for each in held if each not in status]
    assert select.select(waiting, [], [], 0)[0] == []
    for gone in [each for each, said in status.items() if said == 200]:
        gone.close()
        (now,) = answered(waiting, 1).items()
        assert now[1] == 200
        waiting.remove(now[0])
    for each in held:
        each.close()


@pytest.mark.parametrize("last", [False, True], ids=["kept alive", "the last"])
def test_what_is_not_taken_in_time_is_cut(hasty: Service, last: bool) -> None:
    """Many large answers, none read: each connection is over before its answer is, and its caller is answered again."""
    greedy = Asking(hasty.url, hasty.token("county_admin", "3505"))
    other = Asking(hasty.url, hasty.token("town_admin", "350521100"))
    length = len(greedy.post(LARGE).content)
    held = [unread(greedy, last=last) for _ in range(2 * SHARE + 1)]
    assert [other.post(PLAIN).json() for _ in range(3)] == [TOWN] * 3
    assert greedy.post(PLAIN).json() == TOWN  # behind all of them
    told = [rest(each) for each in held]
    assert all(each.startswith(b"HTTP/1.1 200 OK") for each in told)
    whole = [each for each in told if len(each) >= length]
    assert len(whole) < SHARE, "when the last request was answered, as many may have begun to be"


def test_whoever_reads_has_it_all(hasty: Service) -> None:
    greedy = Asking(hasty.url, hasty.token("county_admin", "3505"))
    header, _, body = rest(unread(greedy, last=True)).partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in header
    assert len(json.loads(body)["data"]["orgUnits"]["nodes"]) > 50


async def test_a_socket_that_takes_nothing_is_cut(demo_url: str, start: Start) -> None:
    """Its operation counts like a request until then."""
    service = start(demo_url, JINLIN_SHARE="1", JINLIN_TAKING_MS="500")
    city = Asking(service.url, service.token("county_admin", "3505"))
    end = narrow(service.url)
    end.setblocking(False)
    async with opened(service, sock=end, max_size=None) as held:
        await send(held, type="connection_init", payload={"Authorization": f"Bearer {city.token}"})
        assert await receive(held) == {"type": "connection_ack"}
        held.transport.pause_reading()
        await ask(held, "1", LARGE)
        assert (await asyncio.to_thread(select.select, [end], [], [], PATIENCE))[0], "the answer began"
        assert (await asyncio.to_thread(city.post, PLAIN)).json() == TOWN
        held.transport.resume_reading()
        assert await closed(held) == 1006
