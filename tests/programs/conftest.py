"""An API over the small golden world, its programs paying from budgets, and a partner's program in it."""

from collections.abc import AsyncIterator

import pytest

from services.storage.database import connected
from tests.conftest import Database
from tests.programs.office import Office


@pytest.fixture
async def office(furnished: Database) -> AsyncIterator[Office]:
    """The service over the golden world in a database of its own."""
    async with connected(furnished.url) as connection:
        made = Office(furnished.url, connection)
        yield made
        await made.close()
