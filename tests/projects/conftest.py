"""A town for the tests of projects and funds, and the API over it."""

from datetime import date

import pytest

from services.projects.fund_tables import funds
from tests.captains.conftest import api, town
from tests.captains.town import COMMUNITY, Town
from tests.days import day
from tests.golden.world import path_of
from tests.writes.api import Api

__all__ = ["api", "fund", "town"]


@pytest.fixture
async def fund(api: Api, town: Town) -> str:
    """A fund of the community's, of last year, in which there is nothing."""
    begun = date(date.fromisoformat(day(0)).year - 2, 1, 1)
    made = await town.add(funds, unit_path=path_of(COMMUNITY), name="近邻基金", begun_on=begun)
    return f"fu_{made['id']}"
