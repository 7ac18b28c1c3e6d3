"""A county to reorganize."""

import asyncpg
import pytest

from tests.captains.town import founded
from tests.conftest import Database
from tests.organization.land import Land


@pytest.fixture
async def land(database: Database, connection: asyncpg.Connection) -> Land:
    """The golden world, with nothing in it yet."""
    await founded(connection, database.url)
    return Land(connection, database.url)
