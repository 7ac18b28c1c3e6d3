"""An API over the small golden world, changed as the test likes."""

from collections.abc import AsyncIterator

import pytest

from services.storage.database import connected
from tests.conftest import Database
from tests.writes.api import Api


@pytest.fixture
async def api(golden: Database) -> AsyncIterator[Api]:
    """The service over the golden world in a database of its own."""
    async with connected(golden.url) as connection:
        made = Api(golden.url, connection)
        yield made
        await made.close()
