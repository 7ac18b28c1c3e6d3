"""Callers of the service, services with tighter limits, and the process that serves them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import DEMO, Begin, Server, Service, begun, run, start_service, stop_service
from tests.forked import forked
from tests.http.asking import Asking

Start = Callable[..., Service]
HERE = Path(__file__).parent
OF_THE_DATABASE = {"test_storm", "test_values"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """HTTP is the same over every PostgreSQL: only where the database has a part is every version asked."""

    def superfluous(item: pytest.Item) -> bool:
        parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        return item.path.parent == HERE and item.path.stem not in OF_THE_DATABASE and parameters.get("postgres") == "15"

    config.hook.pytest_deselected(items=[item for item in items if superfluous(item)])
    items[:] = [item for item in items if not superfluous(item)]


@pytest.fixture
def town(service: Service) -> Asking:
    """An administrator of 螺城镇."""
    return Asking(service.url, service.token("town_admin", "350521100"))


@pytest.fixture
def county(service: Service) -> Asking:
    """An administrator of 惠安县."""
    return Asking(service.url, service.token("county_admin", "350521"))


@pytest.fixture(scope="session")
def tight(demo_url: str) -> Iterator[Service]:
    """A service over the demo whose limits a test can reach."""
    started = start_service(
        demo_url,
        JINLIN_DEADLINE_MS="500",
        JINLIN_INIT_MS="300",
        JINLIN_RESPONSE_BYTES="3000",
        JINLIN_SOCKET_OPERATIONS="3",
    )
    yield started
    stop_service(started)


@pytest.fixture(scope="session")
def lockable(postgres: Server) -> Iterator[Service]:
    """A service over a demo whose tests lock its tables and end their own tokens; three operations on a socket."""
    url = postgres.at(run(postgres.copy(DEMO)))
    started = start_service(url, JINLIN_SOCKET_OPERATIONS="3")
    yield started
    stop_service(started)


@pytest.fixture
def start() -> Iterator[Start]:
    """Start services with settings of a test's own; all are stopped after it."""
    started: list[Service] = []

    def begin(database_url: str, *words: str, by: Begin = forked, **environment: str) -> Service:
        started.append(begun(by, database_url, words, environment))
        return started[-1]

    yield begin
    for service in started:
        if service.process.poll() is None:
            stop_service(service)


def cpu_seconds(service: Service) -> float:
    """Processor time the service has used, in hundredths."""
    fields = Path(f"/proc/{service.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
