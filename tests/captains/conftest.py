"""A town for the tests of captains, and the API over it."""

from collections.abc import AsyncIterator

import pytest

from tests.captains.town import Town, entered
from tests.conftest import Database
from tests.writes.api import Api


@pytest.fixture
async def town(golden: Database) -> AsyncIterator[Town]:
    """An empty town."""
    async with entered(golden.url) as found:
        yield found


@pytest.fixture
async def api(town: Town) -> AsyncIterator[Api]:
    """The service over the town."""
    made = Api(town.url, town.connection)
    yield made
    await made.close()
