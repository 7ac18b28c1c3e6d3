"""None or not yours: what the caller's grants reach nowhere is named, and a condition on it admits nothing."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.storage.database import connected
from tests.conftest import Database
from tests.golden.world import id_of
from tests.writes.api import Api

COUNTY, COMMITTEE = ("county_admin", "350521"), ("property_committee", "350521")
CAPTAIN = ("captain", f"mb_{id_of('演示党员')}")
COUNTED = "query($has: Boolean) { buildings(filter: {hasCaptain: $has}) { totalCount } }"
LED = """query($with: Boolean!) { buildings { nodes {
    name captain @include(if: $with) { since } history: captains { totalCount nodes { since } } } } }"""
NUMBERS = """{ orgUnit(by: {code: "350521"}) { indicators {
    buildings captains buildingsWithoutCaptain posts { kind posts } } } }"""
EVERYWHERE = "{ serviceItems { totalCount } auditEntries { totalCount } }"
RENAME = """mutation($input: UpdateCompanyInput!) { updateCompany(input: $input) {
    propertyCompany { compounds { nodes { buildings { nodes { captain { since } } } } } } userErrors { message } } }"""


@pytest.fixture
async def api(furnished: Database) -> AsyncIterator[Api]:
    async with connected(furnished.url) as connection:
        made = Api(furnished.url, connection)
        yield made
        await made.close()


def said(answer: Any) -> list[str]:
    """What an answer names as not reached."""
    return [*answer.get("extensions", {}).get("unreachable", ())]


@pytest.mark.parametrize("has", [True, False])
async def test_a_condition_on_what_one_may_see_nowhere_admits_nothing(api: Api, has: bool) -> None:
    """Neither way; to who may see it, it parts the rows."""
    answer = await api.ask(COMMITTEE, COUNTED, has=has)
    assert answer["data"] == {"buildings": {"totalCount": 0}}
    assert said(answer) == ["BuildingFilter.hasCaptain"]
    assert await api.data(COMMITTEE, COUNTED, has=None) != answer["data"]
    whole, part = await api.ask(COUNTY, COUNTED, has=None), await api.ask(COUNTY, COUNTED, has=has)
    assert 0 < part["data"]["buildings"]["totalCount"] < whole["data"]["buildings"]["totalCount"]
    assert said(whole) == said(part) == []


async def test_a_field_that_leads_where_one_may_see_nothing_is_named_and_is_null(api: Api) -> None:
    """Whatever there is, whether or not there is a row it is a field of, and only where it is selected."""
    for with_, named in ((True, ["Building.captain"]), (False, [])):
        answer = await api.ask(COMMITTEE, LED, **{"with": with_})
        assert said(answer) == [*named, "Building.captains"]
        for node in answer["data"]["buildings"]["nodes"]:
            assert (node.get("captain"), node["history"]) == (None, {"totalCount": 0, "nodes": []})
        await api.connection.execute("TRUNCATE captain_term CASCADE")
    assert said(await api.ask(COUNTY, LED, **{"with": True})) == []


async def test_numbers_of_what_one_may_see_nowhere_are_named(api: Api) -> None:
    answer = await api.ask(COMMITTEE, NUMBERS)
    assert said(answer) == ["Indicators.buildingsWithoutCaptain", "Indicators.captains"]
    indicators = answer["data"]["orgUnit"]["indicators"]
    assert (indicators["buildings"], indicators["captains"], indicators["buildingsWithoutCaptain"]) == (2, None, None)


async def test_roots_are_named_and_all_that_is_below_them(api: Api) -> None:
    assert said(await api.ask(CAPTAIN, EVERYWHERE)) == ["Query.auditEntries", "Query.serviceItems"]


async def test_it_tells_the_same_of_rows_that_are_there_and_that_are_not(api: Api) -> None:
    """It is the roles' to say: no id, no name and no filter makes a difference."""
    asked = "query($id: ID!) { node(id: $id) { ... on Building { captain { since } } } }"
    for building in ("1号楼", "没有的楼"):
        assert said(await api.ask(COMMITTEE, asked, id=f"bd_{id_of(building)}")) == ["Building.captain"]


async def test_payloads_of_commands_say_it_too(api: Api) -> None:
    company = await api.data(COMMITTEE, "{ propertyCompanies { nodes { id version } } }")
    (node,) = company["propertyCompanies"]["nodes"]
    answer = await api.ask(COMMITTEE, RENAME, input={"id": node["id"], "version": node["version"], "dryRun": True})
    assert answer["data"]["updateCompany"]["userErrors"] == []
    assert said(answer) == ["Building.captain"]
