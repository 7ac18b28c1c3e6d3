"""An API over the small golden world, changed as the test likes, with someone in it for who asks for them."""

import pytest

from tests.audit.people import Person, person
from tests.conftest import GOLDEN, Server, Template
from tests.writes.api import Api, played
from tests.writes.conftest import STREET, api, on

__all__ = ["api", "on"]
PERSON = played("person", person)


@pytest.fixture
def template(request: pytest.FixtureRequest) -> Template:
    """What the API is over."""
    asked = request.fixturenames
    return PERSON if "someone" in asked else STREET if "on" in asked else GOLDEN


@pytest.fixture
def someone(postgres: Server, api: Api) -> Person:
    """Who left something in every place."""
    found: Person = postgres.templates[PERSON.name].made
    return found
