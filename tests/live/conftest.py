"""Services of a test's own over a demo it may change, one such that tests share, and one of two workers."""

from collections.abc import Iterator

import pytest

from tests.conftest import DEMO, Server, Service, run, start_service, stop_service
from tests.http.conftest import start
from tests.live.processes import becomes, workers

__all__ = ["start"]
WORKERS = 2


@pytest.fixture(scope="session")
def lived_in(postgres: Server) -> Iterator[Service]:
    """One process over a demo whose names its tests change, each with accounts of its own."""
    started = start_service(postgres.at(run(postgres.copy(DEMO))))
    yield started
    stop_service(started)


@pytest.fixture(scope="session")
def two(postgres: Server) -> Iterator[Service]:
    """Two workers over a demo that its tests change.

    With one connection each, requests wait for it between being let in and being read: there a revocation must find
    them.
    """
    started = start_service(postgres.at(run(postgres.copy(DEMO))), "--workers", str(WORKERS), JINLIN_CONNECTIONS="1")
    becomes(lambda: len(workers(started)) == WORKERS)
    yield started
    stop_service(started)
