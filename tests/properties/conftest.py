"""A town for the tests of companies, compounds and branches, and the service over one."""

import asyncpg
import pytest

from tests.captains.town import Town, founded
from tests.conftest import Database
from tests.writes.conftest import api

__all__ = ["api"]


@pytest.fixture
async def town(database: Database, connection: asyncpg.Connection) -> Town:
    """An empty town."""
    return await founded(connection, database.url)
