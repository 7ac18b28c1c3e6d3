"""An office over the golden world, with a compound, a company and a captain in 北关社区."""

from collections.abc import AsyncIterator

import pytest

from services.storage.database import connected
from tests.access.office import Office
from tests.conftest import Database
from tests.writes.api import Api


@pytest.fixture
async def office(furnished: Database) -> AsyncIterator[Office]:
    """Nobody has an account yet."""
    async with connected(furnished.url) as connection:
        api = Api(furnished.url, connection)
        yield Office(api)
        await api.close()
