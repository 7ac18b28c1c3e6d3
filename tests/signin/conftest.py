"""A service over a small world, for people to sign in to."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import GOLDEN, Server, Service, start_service, stop_service
from tests.signin.provider import Rogue

Start = Callable[..., Service]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only what counts and keeps alive asks every PostgreSQL."""

    def superfluous(item: pytest.Item) -> bool:
        parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        return item.path.parent == HERE and item.path.stem != "test_lockout" and parameters.get("postgres") == "15"

    config.hook.pytest_deselected(items=[item for item in items if superfluous(item)])
    items[:] = [item for item in items if not superfluous(item)]


@pytest.fixture(scope="session")
def world_url(postgres: Server) -> str:
    """A database with the golden world."""
    return postgres.at(asyncio.run(postgres.copy(GOLDEN)))


@pytest.fixture(scope="session")
def town(world_url: str) -> Iterator[Service]:
    """A service over it that everyone uses, each with logins and addresses of their own."""
    started = start_service(world_url)
    yield started
    stop_service(started)


@pytest.fixture(scope="session")
def twin(world_url: str) -> Iterator[Service]:
    """Another process of the same service."""
    started = start_service(world_url)
    yield started
    stop_service(started)


@pytest.fixture
def start(world_url: str) -> Iterator[Start]:
    """Start services with settings of a test's own, over the same world; all are stopped after it."""
    started: list[Service] = []

    def begin(database_url: str = world_url, **environment: str) -> Service:
        started.append(start_service(database_url, **environment))
        return started[-1]

    yield begin
    for service in started:
        if service.process.poll() is None:
            stop_service(service)


@pytest.fixture
def own() -> Iterator[Rogue]:
    """A provider of the test's own."""
    made = Rogue()
    yield made
    made.stop()
