"""An API over the small golden world, its programs paying from budgets, and a partner's program in it."""

from collections.abc import AsyncIterator

import pytest

from services.storage.database import connected
from tests.conftest import Database
from tests.golden.world import load, load_more
from tests.programs.office import Office


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    """The service over the golden world in a database of its own."""
    async with connected(database.url) as connection:
        await load(connection)
        await load_more(connection)
        made = Office(database.url, connection)
        yield made
        await made.close()
