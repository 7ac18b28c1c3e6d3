"""Several processes behind one address: started, replaced, stopped together, and none left over."""

import asyncio
import os
import signal

import httpx
import pytest

from schema.pipeline.http.endpoint import MODERN
from services.errors import Code
from tests.conftest import Service, afresh
from tests.forked import forked
from tests.http.activity import become_waiting, units_locked
from tests.http.asking import NO_TLS, PLAIN, Asking, refusal
from tests.http.conftest import Start
from tests.http.sockets import ask, closed, receive, signed_in
from tests.live.following import follow
from tests.live.processes import PATIENCE, becomes, comes_true, runs, workers
from tests.terminal.command_lines import ran

WORKERS = 2
TOWN = "350521100"
NAME = {"orgUnit": {"name": "螺城镇"}}
LONG = "600000"  # milliseconds


def answers(service: Service, count: int = 30) -> bool:
    """Whether every one of so many requests, each over a connection of its own, is answered."""
    given = {"Authorization": f"Bearer {service.token('town_admin', TOWN)}"}
    for _ in range(count):
        with httpx.Client(trust_env=False, verify=NO_TLS, timeout=PATIENCE, headers=given) as client:
            if client.post(f"{service.url}/graphql", json={"query": PLAIN}).status_code != 200:
                return False
    return True


@pytest.fixture(params=[forked])
def several(demo_url: str, start: Start, request: pytest.FixtureRequest) -> Service:
    """A service of several processes, all of them there; the flag counts, not the environment."""
    service = start(demo_url, "--workers", str(WORKERS), by=request.param, WORKERS="no number")
    becomes(lambda: len(workers(service)) == WORKERS)
    return service


def test_one_that_dies_is_replaced_while_the_others_answer(several: Service) -> None:
    """And the new one serves: it does so alone when the next one dies."""
    assert answers(several)
    for _ in range(WORKERS):
        before = workers(several)
        oldest = min(before)
        os.kill(oldest, signal.SIGKILL)
        becomes(lambda gone=oldest: not runs(gone))  # type: ignore[misc]
        assert answers(several)
        becomes(lambda gone=before: len(workers(several) - gone) == 1 and len(workers(several)) == WORKERS)  # type: ignore[misc]
        assert answers(several)


@pytest.mark.parametrize(
    ("several", "ending"), [(forked, signal.SIGTERM), (afresh, signal.SIGINT)], indirect=["several"]
)
def test_they_stop_together(several: Service, ending: signal.Signals) -> None:
    started = workers(several)
    assert answers(several, 1)
    several.process.send_signal(ending)
    assert several.process.wait(timeout=PATIENCE) == 0
    assert not any(map(runs, started))


def test_none_outlives_the_first(several: Service) -> None:
    """Whatever ended it: a socket that is still served would keep the next start from its address."""
    started = workers(several)
    several.process.kill()
    several.process.wait()
    becomes(lambda: not any(map(runs, started)))


@pytest.mark.parametrize("count", ["1", "2"])
@pytest.mark.timeout(300)
async def test_what_is_under_way_is_answered_before_they_stop(demo_url: str, start: Start, count: str) -> None:
    """Over HTTP and WebSocket; who waits for nothing is sent away, and nobody is let in any more."""
    service = start(demo_url, "--workers", count, JINLIN_GRACE_MS=LONG, JINLIN_STATEMENT_MS=LONG)
    asking = Asking(service.url, service.token("town_admin", TOWN))
    async with signed_in(service) as idle, signed_in(service) as following, signed_in(service) as waiting:
        await follow(following)
        async with units_locked(demo_url) as observer:
            under_way = [asyncio.create_task(later(asking)) for _ in range(4)]
            await ask(waiting, "1")
            await become_waiting(observer, 5)
            service.process.send_signal(signal.SIGTERM)
            assert await closed(idle) == await closed(following) == 1012
            await comes_true(lambda: refuses(service))
            await ask(waiting, "2")  # too late
            assert service.process.poll() is None
            assert not any(task.done() for task in under_way)
        for response in await asyncio.gather(*under_way):
            assert (response.status_code, response.json()) == (200, {"data": NAME})
        assert (await receive(waiting))["payload"] == {"data": NAME}
        assert await receive(waiting) == {"id": "1", "type": "complete"}
        assert await closed(waiting) == 1012
    assert await asyncio.to_thread(service.process.wait, PATIENCE) == 0


async def test_what_takes_longer_than_the_grace_is_put_off(demo_url: str, start: Start) -> None:
    """It would have them wait for ever; the statement is cancelled, not waited for."""
    service = start(demo_url, "--workers", "2", JINLIN_GRACE_MS="1", JINLIN_STATEMENT_MS=LONG)
    asking = Asking(service.url, service.token("town_admin", TOWN))
    async with signed_in(service) as socket, units_locked(demo_url) as observer:
        under_way = [asyncio.create_task(later(asking)) for _ in range(4)]
        await ask(socket, "1")
        await become_waiting(observer, 5)
        service.process.send_signal(signal.SIGTERM)
        assert await closed(socket) == 1012
        for response in await asyncio.gather(*under_way):
            refusal(response, Code.UNAVAILABLE)
            assert response.headers["retry-after"] == "2"
        assert await asyncio.to_thread(service.process.wait, PATIENCE) == 0


async def later(asking: Asking) -> httpx.Response:
    """An answer that may take its time."""
    headers = {"Authorization": f"Bearer {asking.token}", "Accept": MODERN, "Accept-Language": "en"}
    async with httpx.AsyncClient(trust_env=False, verify=NO_TLS, timeout=None, headers=headers) as client:
        return await client.post(f"{asking.url}/graphql", json={"query": PLAIN})


def refuses(service: Service) -> bool:
    """Whether the kernel takes no connection for it any more."""
    with httpx.Client(trust_env=False, verify=NO_TLS, timeout=PATIENCE) as client:
        try:
            client.get(f"{service.url}/health")
        except httpx.ConnectError:
            return True
        except httpx.TransportError:  # taken at the very moment
            return False
    return False


def refused(*words: str, **environment: str) -> list[str]:
    """What `serve` says as it refuses."""
    done = ran(["serve", *words], {**os.environ, "PORT": "0", **environment})
    assert done.returncode == 1
    return done.stderr.splitlines()


@pytest.mark.parametrize("count", ["0", "65", "-1", "x", "", "1.5", "٣", "1" * 5000])
def test_a_number_of_workers_that_cannot_be(count: str) -> None:
    chinese, english = refused(f"--workers={count}")
    assert chinese.startswith("--workers ")
    assert english == f"--workers must be a whole number from 1 to 64, not {count!r}."


@pytest.mark.parametrize("given", [{"words": ["--workers", "60"]}, {"WORKERS": "60"}])
def test_more_than_the_database_has_room_for(demo_url: str, given: dict[str, object]) -> None:
    words = given.pop("words", [])
    assert isinstance(words, list)
    assert "--workers (WORKERS)" in refused(*words, DATABASE_URL=demo_url, **{k: str(v) for k, v in given.items()})[-1]
