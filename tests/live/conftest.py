"""Services of a test's own over a demo it may change, and one of four workers."""

from collections.abc import Iterator

import pytest

from tests.conftest import Server, Service, _demo, run, start_service, stop_service
from tests.http.conftest import start
from tests.live.processes import becomes, workers

__all__ = ["start"]
WORKERS = 4


@pytest.fixture(scope="session")
def four(postgres: Server) -> Iterator[Service]:
    """Four workers over a demo that its tests change, each in another place."""
    started = start_service(postgres.at(run(postgres.copy("demo", _demo))), "--workers", str(WORKERS))
    becomes(lambda: len(workers(started)) == WORKERS)
    yield started
    stop_service(started)
