"""An API over the small golden world, changed as the test likes."""

from collections.abc import AsyncIterator

import pytest

from services.storage.database import connected
from tests.conftest import GOLDEN, Server, Template, own
from tests.writes.api import Api, played
from tests.writes.street import Street, street

STREET = played("street", street)


@pytest.fixture
def template(request: pytest.FixtureRequest) -> Template:
    """What the API is over: a street is made once, and copied for all who ask for one."""
    return STREET if "on" in request.fixturenames else GOLDEN


@pytest.fixture
async def api(postgres: Server, template: Template) -> AsyncIterator[Api]:
    """The service over the golden world in a database of its own."""
    async with own(postgres, template) as database, connected(database.url) as connection:
        made = Api(database.url, connection)
        if played := postgres.templates[template.name]:
            made.tokens.update(played.tokens)
        yield made
        await made.close()


@pytest.fixture
def on(postgres: Server, api: Api) -> Street:
    """A street in 北关社区."""
    found: Street = postgres.templates[STREET.name].made
    return found
