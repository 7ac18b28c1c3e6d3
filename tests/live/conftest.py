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
    """Four workers over a demo that its tests change.

    With one connection each, requests wait for it between being let in and being read: there a revocation must find
    them.
    """
    started = start_service(
        postgres.at(run(postgres.copy("demo", _demo))), "--workers", str(WORKERS), JINLIN_CONNECTIONS="1"
    )
    becomes(lambda: len(workers(started)) == WORKERS)
    yield started
    stop_service(started)
