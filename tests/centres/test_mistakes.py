"""What was closed or entered by mistake: opened again with what closing it ended, or struck out, for a reason."""

from typing import Any

from tests.captains.town import COMMUNITY, Town
from tests.centres.asked import ADMIN, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, told
from tests.centres.lending import HALL, held
from tests.centres.test_centres import centre, item
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

__all__ = ["item"]
SHOWN = """query($id: ID!) { node(id: $id) { ... on Centre { closedOn venues { nodes { withdrawnOn } }
    operations { nodes { operator until endReason } } } } }"""
WHY = "{ corrections { nodes { reason } } }"
WRONG = {"reason": "误登记"}


async def test_a_centre_is_opened_again_with_what_closing_it_ended(api: Api, item: str) -> None:
    """A term has the end it had, a venue is lent out; what had ended by itself stays over."""
    of = await centre(api, openedOn=day(-60))
    for operator, since, until in (("甲", -60, -31), ("乙", -30, 90)):
        given = {"centreId": of, "itemId": item, "operator": operator, "mode": "PURCHASED"}
        await api.do(ADMIN, "recordOperation", "", **given, since=day(since), until=day(until))
    await api.do(ADMIN, "offerVenue", "", centreId=of, **HALL)
    gone = (await api.do(ADMIN, "offerVenue", "venue { id }", centreId=of, **{**HALL, "name": "旧厅"}))["venue"]["id"]
    await api.do(ADMIN, "withdrawVenue", "", id=gone)
    before = (await api.data(COUNTY_ADMIN, SHOWN, id=of))["node"]
    assert await told(api, TOWN_ADMIN, "reopenCentre", id=of, **WRONG) == [("INVALID", "id")]
    await api.do(ADMIN, "closeCentre", "", id=of, on=day(-1))
    closed = (await api.data(COUNTY_ADMIN, SHOWN, id=of))["node"]
    ended = {each["operator"]: each for each in closed["operations"]["nodes"]}
    assert ended["乙"] == {"operator": "乙", "until": day(-1), "endReason": "邻里中心停用"}
    assert ended["甲"]["endReason"] is None
    assert await told(api, ADMIN, "reopenCentre", id=of, **WRONG) == "FORBIDDEN"
    await api.do(TOWN_ADMIN, "reopenCentre", "", id=of, **WRONG)
    assert (await api.data(COUNTY_ADMIN, SHOWN, id=of))["node"] == before
    assert (await api.data(COUNTY_ADMIN, WHY))["corrections"]["nodes"] == [WRONG]


async def test_what_was_corrected_since_stays_as_it_was_corrected(api: Api, item: str) -> None:
    of = await centre(api, openedOn=day(-60))
    given = {"centreId": of, "itemId": item, "operator": "乙", "mode": "PURCHASED", "since": day(-30)}
    term = (await api.do(ADMIN, "recordOperation", "operationTerm { id }", **given))["operationTerm"]["id"]
    await api.do(ADMIN, "closeCentre", "", id=of, on=day(-1))
    await api.do(TOWN_ADMIN, "correctOperation", "", id=term, until=day(-9), **WRONG)
    await api.do(TOWN_ADMIN, "reopenCentre", "", id=of, **WRONG)
    (left,) = (await api.data(COUNTY_ADMIN, SHOWN, id=of))["node"]["operations"]["nodes"]
    assert left["until"] == day(-9)


async def test_a_centre_that_never_was_is_struck_out_while_nothing_hangs_on_it(api: Api) -> None:
    of = await centre(api)
    await api.do(ADMIN, "offerVenue", "", centreId=of, **HALL)
    assert await told(api, ADMIN, "strikeOutCentre", id=of, **WRONG) == "FORBIDDEN"
    assert await told(api, TOWN_ADMIN, "strikeOutCentre", id=of, **WRONG) == [("CLOSED", "id")]
    bare = await centre(api, name="误登记的")
    assert await told(api, TOWN_ADMIN, "strikeOutCentre", id=bare, reason=" ") == [("INVALID", "reason")]
    made = await api.do(TOWN_ADMIN, "strikeOutCentre", "orgUnit { code }", id=bare, **WRONG)
    assert made["orgUnit"] == {"code": COMMUNITY}
    left = await api.data(COUNTY_ADMIN, "{ centres { totalCount } corrections { nodes { reason } } }")
    assert left == {"centres": {"totalCount": 1}, "corrections": {"nodes": [WRONG]}}


async def test_a_facility_is_opened_again_or_struck_out(api: Api) -> None:
    given: dict[str, Any] = {"unitId": await unit_id(api, COMMUNITY), "kind": "CLINIC", "name": "卫生站"}
    it = {"id": (await api.do(ADMIN, "recordFacility", "facility { id }", **given))["facility"]["id"]}
    await api.do(ADMIN, "closeFacility", "", **it, on=day(0))
    assert await told(api, ADMIN, "reopenFacility", **it, **WRONG) == "FORBIDDEN"
    made = await api.do(TOWN_ADMIN, "reopenFacility", "facility { closedOn }", **it, **WRONG)
    assert made["facility"] == {"closedOn": None}
    assert await told(api, TOWN_ADMIN, "reopenFacility", **it, **WRONG) == [("INVALID", "id")]
    for command in ("reopenFacility", "strikeOutFacility"):
        assert await told(api, ADMIN, command, **it, **WRONG) == "FORBIDDEN"
    await api.do(TOWN_ADMIN, "strikeOutFacility", "", **it, reason="本不存在")
    left = await api.data(COUNTY_ADMIN, "{ facilities { totalCount } corrections { nodes { reason } } }")
    reasons = [each["reason"] for each in left["corrections"]["nodes"]]
    assert (left["facilities"]["totalCount"], sorted(reasons)) == (0, sorted(["本不存在", WRONG["reason"]]))


async def test_a_booking_that_has_begun_and_never_was_is_struck_out(api: Api, town: Town) -> None:
    """One that has not begun is cancelled instead; minutes are counted no more."""
    of = await centre(api)
    venue = (await api.do(ADMIN, "offerVenue", "venue { id }", centreId=of, **HALL))["venue"]["id"]
    it = {"id": f"vb_{(await held(town, venue, 1))['id']}"}
    minutes = '{ orgUnit(by: {code: "350521"}) { indicators { venueMinutes } } }'
    assert await told(api, NEIGHBOUR, "strikeOutBooking", **it, **WRONG) == "NOT_FOUND"
    assert await told(api, ADMIN, "strikeOutBooking", **it, reason=" ") == [("INVALID", "reason")]
    await api.do(ADMIN, "strikeOutBooking", "venue { name }", **it, **WRONG)
    assert (await api.data(COUNTY_ADMIN, minutes))["orgUnit"]["indicators"] == {"venueMinutes": 0}
    assert (await api.data(COUNTY_ADMIN, WHY))["corrections"]["nodes"] == [WRONG]
    soon = {"id": f"vb_{(await held(town, venue, -1))['id']}"}
    assert await told(api, ADMIN, "strikeOutBooking", **soon, **WRONG) == [("INVALID", "id")]
