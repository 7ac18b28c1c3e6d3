"""What a town's centre owes those below who may go there."""

import pytest

from services.catalog.tables import service_items
from tests.captains.town import COUNTY, Town
from tests.centres.asked import ADMIN, NEIGHBOUR, TOWN_ADMIN, told
from tests.centres.lending import CHOIR, HALL, at
from tests.centres.test_looks import look, scored, sheet
from tests.days import day
from tests.golden.world import path_of
from tests.writes.api import Api
from tests.writes.street import unit_id


@pytest.fixture
async def item(town: Town) -> str:
    """A service the county publishes; its global id."""
    made = {"unit_path": path_of(COUNTY), "function": "FOOD", "name": "长者食堂"}
    return f"si_{(await town.add(service_items, **made))['id']}"


async def test_a_town_s_centre_is_read_below_with_what_it_owes(api: Api, item: str) -> None:
    """Who operates it, when it is to be ready, what departments bring."""
    unit = await unit_id(api, TOWN_ADMIN[1])
    made = {"unitId": unit, "name": "镇级中心", "kind": "TOWN_LEVEL"}
    of = (await api.do(TOWN_ADMIN, "createCentre", "centre { id }", **made))["centre"]["id"]
    await api.do(TOWN_ADMIN, "recordFacility", "", unitId=unit, name="卫生院", kind="CLINIC")
    said = {"itemId": item, "operator": "甲", "mode": "PURCHASED", "since": day(0)}
    await api.do(TOWN_ADMIN, "recordOperation", "", centreId=of, **said)
    steps = [{"name": "验收", "workingDays": 0}]
    await api.do(TOWN_ADMIN, "scheduleCentre", "", id=of, deadline=day(0), milestones=steps)
    brought = {"department": "民政局", "kind": "PROJECT", "name": "加装扶手", "matchedOn": day(0)}
    await api.do(TOWN_ADMIN, "matchOffer", "", centreId=of, **brought)
    await api.do(TOWN_ADMIN, "recordLook", "", centreId=of, sheetId=await sheet(api), heldOn=day(0))
    owed = "operations { totalCount } milestones { totalCount } offers { totalCount } looks { totalCount }"
    query = f"{{ facilities {{ totalCount }} centres {{ nodes {{ {owed} }} }} }}"
    for who, looks in ((ADMIN, 0), (NEIGHBOUR, 0), (TOWN_ADMIN, 1)):
        found = await api.data(who, query)
        (counts,) = found["centres"]["nodes"]
        assert found["facilities"]["totalCount"] == 1, who
        assert [page["totalCount"] for page in counts.values()] == [1, 1, 1, looks], who
        terms = (await api.data(who, "{ operationTerms { nodes { id } } }"))["operationTerms"]["nodes"]
        if not looks:
            ended = {"id": terms[0]["id"], "on": day(0), "reason": "期满"}
            assert await told(api, who, "endOperation", **ended) == "FORBIDDEN", who
    assert (await api.data(("town_admin", "350521101"), query))["centres"]["nodes"] == []
    added = await api.ask(ADMIN, "{ centres { nodes { looks { totals { count } } offers { totals { count } } } } }")
    assert added["extensions"]["partial"] == ("Centre.looks",)  # 0 of what is the town's


async def test_what_was_done_in_a_town_s_centre_stays_with_the_town(api: Api) -> None:
    """When a venue is taken is told below and what is shared is; who took it, who used that and who scored is not."""
    unit = await unit_id(api, TOWN_ADMIN[1])
    made = {"unitId": unit, "name": "镇级中心", "kind": "TOWN_LEVEL"}
    of = (await api.do(TOWN_ADMIN, "createCentre", "centre { id }", **made))["centre"]["id"]
    venue = (await api.do(TOWN_ADMIN, "offerVenue", "venue { id }", centreId=of, **HALL))["venue"]["id"]
    await api.do(TOWN_ADMIN, "bookVenue", "", venueId=venue, **CHOIR, **at("09:00", "10:00"))
    shared = {"unitId": unit, "provider": "演示银行", "kind": "EXPERTISE", "name": "义诊", "since": day(0)}
    resource = (await api.do(TOWN_ADMIN, "offerResource", "sharedResource { id }", **shared))["sharedResource"]["id"]
    used = {"centreId": of, "resourceId": resource, "usedOn": day(0), "people": 1}
    await api.do(TOWN_ADMIN, "recordResourceUse", "", **used)
    seen = await look(api, of, await sheet(api))
    await scored(api, TOWN_ADMIN, seen, 1, 1, 1)
    told_of = "venues { nodes { takenTimes { totalCount } bookings { totalCount } } } sharedResources { totalCount }"
    query = f"{{ {told_of} resourceUses {{ totalCount }} lookScores {{ totalCount }} }}"
    for who, stays in ((ADMIN, 0), (NEIGHBOUR, 0), (TOWN_ADMIN, 1)):
        found = await api.data(who, query)
        (times,) = found.pop("venues")["nodes"]
        counts = [page["totalCount"] for page in (*times.values(), *found.values())]
        assert counts == [1, stays, 1, stays, stays], who
