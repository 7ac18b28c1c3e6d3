"""A community that is split gives its parts centres, facilities and what is shared, with what belongs to them."""

from typing import Any

from tests.captains.town import COMMUNITY
from tests.centres.asked import ADMIN, COUNTY_ADMIN
from tests.centres.lending import hall
from tests.centres.test_centres import centre
from tests.centres.test_resources import offered
from tests.writes.api import Api
from tests.writes.street import unit_id

EAST = "350521100903"
LYING = """query($code: String!) { orgUnit(by: {code: $code}) {
    centres { nodes { name venues { nodes { name unit { code } } } } }
    facilities { nodes { name } } sharedResources { nodes { name } } } }"""


async def test_what_lies_at_a_unit_is_named_for_its_parts(api: Api) -> None:
    """With a venue of the centre; and nothing of it is left unnamed where the unit is dissolved."""
    query = "query($id: ID!) { node(id: $id) { ... on Venue { centre { id } } } }"
    of = (await api.data(ADMIN, query, id=await hall(api)))["node"]["centre"]["id"]
    unit = {"unitId": await unit_id(api, COMMUNITY)}
    made = await api.do(ADMIN, "recordFacility", "facility { id }", kind="CLINIC", name="卫生站", **unit)
    rows = {"centreIds": [of], "facilityIds": [made["facility"]["id"]], "sharedResourceIds": [await offered(api)]}
    part: dict[str, Any] = {"name": "城东社区", "code": EAST}
    id_ = await unit_id(api, COMMUNITY)
    await api.do(COUNTY_ADMIN, "splitUnit", "", id=id_, into=[{**part, **rows}])
    there = (await api.data(COUNTY_ADMIN, LYING, code=EAST))["orgUnit"]
    assert [len(there[kind]["nodes"]) for kind in ("centres", "facilities", "sharedResources")] == [1, 1, 1]
    assert there["centres"]["nodes"][0]["venues"]["nodes"][0]["unit"] == {"code": EAST}
    here = (await api.data(COUNTY_ADMIN, LYING, code=COMMUNITY))["orgUnit"]
    assert here == {kind: {"nodes": []} for kind in ("centres", "facilities", "sharedResources")}


async def test_a_unit_that_is_dissolved_says_where_its_centres_go(api: Api) -> None:
    """And its facilities, and what is shared with it, by name: whichever is left out."""
    unit = {"unitId": await unit_id(api, COMMUNITY)}
    made = await api.do(ADMIN, "recordFacility", "facility { id }", kind="CLINIC", name="卫生站", **unit)
    rows = {
        "centreIds": ([await centre(api)], "北关邻里中心"),
        "facilityIds": ([made["facility"]["id"]], "卫生站"),
        "sharedResourceIds": ([await offered(api)], "投影设备"),
    }
    given = {"id": await unit_id(api, COMMUNITY), "dissolved": True, "dryRun": True}
    first, second = {"name": "城东社区", "code": EAST}, {"name": "城西社区", "code": "350521100904"}
    for left, (_, name) in rows.items():
        named = {word: ids for word, (ids, _) in rows.items() if word != left}
        refused = await api.attempt(COUNTY_ADMIN, "splitUnit", "", into=[{**first, **named}, second], **given)
        (problem,) = refused["userErrors"]
        assert problem["code"] == "INCOMPLETE"
        assert name in problem["message"]
