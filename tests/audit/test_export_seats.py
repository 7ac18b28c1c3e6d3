"""An export is made by one seat: the one that is named, or the longest-lasting that may; no other adds to it."""

import json
from typing import Any
from uuid import UUID

import pytest

from tests.captains.town import Town
from tests.members.test_grids import FIRST
from tests.members.two_towns import THERE, served, two_towns
from tests.writes.api import Api, mutation
from tests.writes.conftest import api, on, template
from tests.writes.street import COUNTY, OTHER, TOWN, Street, day
from tests.writes.test_one_grant import grant

__all__ = ["api", "on", "template"]

LISTED = "{ gridTerms(filter: {ended: null}, orderBy: {field: SINCE}) { nodes { since } } }"
GRANTS = (
    "SELECT role_grant.id FROM role_grant JOIN credential USING (account_id) WHERE credential.id = $1 AND role = $2"
)


@pytest.fixture
async def town(api: Api, on: Street) -> Town:
    made = await two_towns(api)
    await served(made, on.members[0], (FIRST, -40, -21), (OTHER, -20, None))
    return made


async def exported(api: Api, on: Street, **by: UUID) -> list[str]:
    """The first days of the terms in grids that the account of two seats is given."""
    answer = await api.ask(THERE, mutation("exportMember", "data"), input={"id": on.members[0]}, **by)
    data: dict[str, Any] = json.loads(answer["data"]["exportMember"]["data"])
    assert "grids" in data["withheld"]
    return sorted(each["since"] for each in data["grids"])


async def granted(api: Api, role: str) -> UUID:
    """The account's grant of a role."""
    found: UUID = await api.connection.fetchval(GRANTS, (await api.token(*THERE)).split("_")[1], role)
    return found


@pytest.mark.parametrize(("second", "at"), [("town_admin", TOWN), ("county_admin", COUNTY)])
async def test_one_seat_exports_what_it_reads(api: Api, on: Street, town: Town, second: str, at: str) -> None:
    """A list answers with both; of those that may export, the one that lasts longest does, or the one that is named."""
    await api.token(*THERE)
    await api.connection.execute("UPDATE role_grant SET until = now() + interval '1 day'")
    await grant(api, THERE, second, at)  # for good
    listed = (await api.data(THERE, LISTED))["gridTerms"]["nodes"]
    assert [each["since"] for each in listed] == [day(-40), day(-20)]
    there, whole = [day(-20)], [day(-40), day(-20)]
    assert await exported(api, on) == (whole if second == "county_admin" else there)
    if second == "county_admin":
        assert await exported(api, on, grant=await granted(api, "town_admin")) == there
        assert await exported(api, on, grant=await granted(api, second)) == whole
