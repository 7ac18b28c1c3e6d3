"""The database goes away, at the start or during requests: 503 with Retry-After, and all is well when it is back."""

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url
from websockets.exceptions import ConnectionClosed

from policies.tokens import Seat, issue
from services.errors import Code
from services.storage.database import LOST, connected
from services.storage.embedded.server import EmbeddedPostgres
from tests.conftest import GOLDEN, Service, as_service, migrated, run, stop_service
from tests.http.activity import become_waiting, units_locked, waiting
from tests.http.asking import NO_TLS, PLAIN, Asking, refusal
from tests.http.conftest import Start
from tests.http.sockets import opened, receive, send

PATIENCE = 40  # seconds
TOWN = {"data": {"orgUnit": {"name": "螺城镇"}}}


@pytest.fixture(scope="module")
def mortal() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server that tests may kill, with a small world."""
    with tempfile.TemporaryDirectory(prefix="jl-", dir="/tmp") as home:
        Path(home).chmod(0o755)
        server = EmbeddedPostgres(Path(home), durable=False)
        server.start()
        run(migrated(server.url))
        run(GOLDEN.fill(server.url))
        server.stop()
        yield server


@pytest.fixture
def own_server(mortal: EmbeddedPostgres) -> Iterator[EmbeddedPostgres]:
    """The same, started for a test."""
    mortal.start()
    yield mortal
    mortal.stop()


async def admitted(url: str) -> str:
    """A token for the town of its world."""
    async with connected(url) as connection:
        await connection.execute("SET synchronous_commit = on")  # it is to outlive the server, which has that off
        return await issue(connection, Seat("test", "town_admin", "350521100"), days=1)


def unavailable(answer: httpx.Response) -> bool:
    """Whether an answer is the refusal of an outage; if not, it must be the right one."""
    if answer.status_code == 200:
        assert answer.json() == TOWN
        return False
    refusal(answer, Code.UNAVAILABLE)
    assert answer.headers["retry-after"] == "2"
    return True


async def recovers(asking: Asking) -> None:
    """The service answers again, by itself; until then it says that it cannot."""
    deadline = time.monotonic() + PATIENCE
    while unavailable(await asyncio.to_thread(asking.post, PLAIN)):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def test_the_database_is_killed_during_requests(own_server: EmbeddedPostgres, start: Start) -> None:
    token = await admitted(own_server.url)
    asking = Asking(start(own_server.url).url, token)
    assert not unavailable(asking.post(PLAIN))
    postmaster = int((own_server.home / "pg" / "postmaster.pid").read_text().splitlines()[0])
    with suppress(*LOST):  # the test's own connections are lost as well
        async with units_locked(own_server.url) as observer:
            under_way = [asyncio.create_task(asyncio.to_thread(asking.post, PLAIN)) for _ in range(4)]
            await become_waiting(observer, 4)
            os.kill(postmaster, signal.SIGKILL)
            lost = await asyncio.gather(*under_way)
    assert [unavailable(answer) for answer in lost] == [True] * 4
    await recovers(asking)


async def test_the_database_is_away_at_the_start(own_server: EmbeddedPostgres, start: Start) -> None:
    """And away again later."""
    url = own_server.url
    token = await admitted(url)
    await asyncio.to_thread(own_server.stop)
    service = start(url)
    asking = Asking(service.url, token)
    await socket_is_put_off(service, token)
    for _ in range(2):
        assert unavailable(await asyncio.to_thread(asking.post, PLAIN))
        assert await probed(service) == (200, 503)
        await asyncio.to_thread(own_server.start)
        await recovers(asking)
        assert await probed(service) == (200, 200)
        await asyncio.to_thread(own_server.stop)


async def test_the_database_keeps_silent(own_server: EmbeddedPostgres, start: Start) -> None:
    """It lives, and answers no question: `/ready` does not wait for it, however many ask, and gives up its question."""
    service = start(own_server.url)
    assert await probed(service) == (200, 200)
    async with connected(own_server.url) as connection, connected(own_server.url) as observer:
        async with connection.transaction():
            await connection.execute("LOCK TABLE credential IN ACCESS EXCLUSIVE MODE")
            probes = [asyncio.create_task(probed(service)) for _ in range(20)]
            await become_waiting(observer, 1, "jinlin watching")
            assert await waiting(observer, "jinlin watching") == 1
            assert await asyncio.gather(*probes) == [(200, 503)] * 20
        assert await probed(service) == (200, 200)


async def probed(service: Service) -> tuple[int, int]:
    """What `/health` and `/ready` say, both at once."""
    async with httpx.AsyncClient(trust_env=False, verify=NO_TLS, timeout=30) as client:
        health, ready = await asyncio.gather(*(client.get(f"{service.url}{path}") for path in ("/health", "/ready")))
    assert health.json() == {"status": "ok"}
    assert ready.json() == {"status": "ok" if ready.status_code == 200 else "unavailable"}
    assert ready.headers.get("retry-after") == (None if ready.status_code == 200 else "2")
    return health.status_code, ready.status_code


async def socket_is_put_off(service: Service, token: str) -> None:
    """Nobody can tell whether the token stands: the client is to come again, not to sign in again."""
    async with opened(service) as socket:
        await send(socket, type="connection_init", payload={"Authorization": f"Bearer {token}"})
        with pytest.raises(ConnectionClosed) as closed:
            await receive(socket)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1013


@pytest.mark.parametrize("wrong", [{"password": "another"}, {"database": "nowhere"}])
async def test_the_database_lets_nobody_in_by_this_url(
    demo_url: str, start: Start, capfd: pytest.CaptureFixture[str], wrong: dict[str, str]
) -> None:
    """Another password by now, another name: nothing is answered, and the log is not filled with tracebacks."""
    token = await admitted(demo_url)
    url = make_url(as_service(demo_url)).set(**wrong)  # type: ignore[arg-type]
    service = start(demo_url, DATABASE_URL=url.render_as_string(hide_password=False))
    assert unavailable(await asyncio.to_thread(Asking(service.url, token).post, PLAIN))
    assert await probed(service) == (200, 503)
    stop_service(service)
    said = capfd.readouterr().err
    assert "waiting for it: DATABASE_URL (" in said
    assert "Traceback" not in said
