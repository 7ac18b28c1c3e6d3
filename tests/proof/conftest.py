"""One stage for all of the proof, over the newer PostgreSQL: what is shown here is the same over both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.proof.stage import Stage, stage_on

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a second PostgreSQL would only repeat."""

    def superfluous(item: pytest.Item) -> bool:
        parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        return item.path.parent == HERE and parameters.get("postgres") == "15"

    config.hook.pytest_deselected(items=[item for item in items if superfluous(item)])
    items[:] = [item for item in items if not superfluous(item)]


@pytest.fixture(scope="session")
def stage(postgres: Server) -> Iterator[Stage]:
    """A stage for all tests: each loads a world of its own."""
    yield from stage_on(postgres)
