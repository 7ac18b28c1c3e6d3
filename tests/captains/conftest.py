"""A town for the tests of captains, and the API over it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.captains.town import Town, founded
from tests.conftest import Database
from tests.writes.api import Api


@pytest.fixture
async def town(database: Database, connection: asyncpg.Connection) -> Town:
    """An empty town."""
    return await founded(connection, database.url)


@pytest.fixture
async def api(town: Town) -> AsyncIterator[Api]:
    """The service over the town."""
    made = Api(town.url, town.connection)
    yield made
    await made.close()
