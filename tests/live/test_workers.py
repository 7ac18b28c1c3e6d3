"""Several processes behind one address: started, replaced, stopped together, and none left over."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.conftest import PROJECT, Service
from tests.http.asking import NO_TLS, PLAIN
from tests.http.conftest import Start

PATIENCE = 60  # seconds
WORKERS = 2


def workers(service: Service) -> set[int]:
    """The processes the service started to serve with."""
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text().split()
    return {int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def becomes(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answers(service: Service, count: int = 30) -> bool:
    """Whether every one of so many requests, each over a connection of its own, is answered."""
    given = {"Authorization": f"Bearer {service.token('town_admin', '350521100')}"}
    for _ in range(count):
        with httpx.Client(trust_env=False, verify=NO_TLS, timeout=30, headers=given) as client:
            if client.post(f"{service.url}/graphql", json={"query": PLAIN}).status_code != 200:
                return False
    return True


@pytest.fixture
def several(demo_url: str, start: Start) -> Service:
    """A service of several processes, all of them there."""
    service = start(demo_url, WORKERS=str(WORKERS))
    becomes(lambda: len(workers(service)) == WORKERS)
    return service


def test_they_answer_and_one_that_dies_is_replaced(several: Service) -> None:
    assert answers(several)
    before = workers(several)
    os.kill(min(before), signal.SIGKILL)
    becomes(lambda: len(workers(several)) == WORKERS and min(before) not in workers(several))
    becomes(lambda: answers(several))


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_they_stop_together(several: Service, ending: signal.Signals) -> None:
    started = workers(several)
    assert answers(several, 1)
    several.process.send_signal(ending)
    assert several.process.wait(timeout=PATIENCE) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in started)


def test_none_outlives_the_first(several: Service) -> None:
    """Whatever ended it: a socket that is still served would keep the next start from its address."""
    started = workers(several)
    several.process.kill()
    several.process.wait()
    becomes(lambda: not any(_runs(pid) for pid in started))


def test_more_than_the_database_has_room_for(demo_url: str) -> None:
    given = {**os.environ, "DATABASE_URL": demo_url, "PORT": "0", "WORKERS": "60"}
    done = subprocess.run(
        [sys.executable, "server.py", "serve"], cwd=PROJECT, env=given, capture_output=True, timeout=60
    )
    assert done.returncode == 1
    assert "WORKERS" in done.stderr.decode()


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
