"""An office over the golden world, with a compound, a company and a captain in 北关社区."""

from collections.abc import AsyncIterator

import pytest

from services.storage.database import connected
from tests.access.office import Chain, Office, hired
from tests.conftest import FURNISHED, Server, own
from tests.writes.api import Api, played


async def _hired(api: Api) -> tuple[Chain, dict[str, str]]:
    office = Office(api)
    return await hired(office), office.accounts


CHAIN = played("chain", _hired, FURNISHED)


@pytest.fixture
async def office(postgres: Server, request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    """Nobody has an account yet, but for a `chain` where one is asked for: it is hired once, and copied."""
    template = CHAIN if "chain" in request.fixturenames else FURNISHED
    async with own(postgres, template) as database, connected(database.url) as connection:
        made = Office(Api(database.url, connection))
        if template is CHAIN:
            known = postgres.templates[CHAIN.name]
            made.api.tokens.update(known.tokens)
            made.accounts.update(known.made[1])
        yield made
        await made.api.close()


@pytest.fixture
def chain(postgres: Server, office: Office) -> Chain:
    """Three administrators, one above the other."""
    found: Chain = postgres.templates[CHAIN.name].made[0]
    return found
