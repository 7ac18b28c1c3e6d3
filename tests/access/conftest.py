"""An office over the golden world, with a compound, a company and a captain in 北关社区."""

from collections.abc import AsyncIterator

import pytest

from services.storage.database import connected
from tests.access.office import Office
from tests.conftest import Database
from tests.golden.world import load, load_more
from tests.writes.api import Api


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    """Nobody has an account yet."""
    async with connected(database.url) as connection:
        await load(connection)
        await load_more(connection)
        api = Api(database.url, connection)
        yield Office(api)
        await api.close()
