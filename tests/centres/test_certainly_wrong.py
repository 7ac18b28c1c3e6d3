"""What is certainly a mistake is refused: said twice, or of a day on which it cannot have been."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.centres.venue_tables import bookings, venues
from services.terms import CHINA
from tests.captains.town import COMMUNITY, Town
from tests.centres.asked import ADMIN, COUNTY_ADMIN, TOWN_ADMIN, told
from tests.centres.lending import CHOIR, hall
from tests.centres.test_centres import centre, item
from tests.centres.test_looks import sheet
from tests.centres.test_resources import SCREEN, offered
from tests.days import day, today
from tests.writes.api import Api
from tests.writes.street import unit_id

__all__ = ["item"]


async def test_the_same_is_not_recorded_twice(api: Api) -> None:
    """What was dropped or withdrawn may come again."""
    of, shared = await centre(api), await offered(api)
    offer = {"centreId": of, "department": "文体局", "kind": "RESOURCE", "name": "图书", "matchedOn": day(-3)}
    made = await api.do(TOWN_ADMIN, "matchOffer", "departmentOffer { id }", **offer)
    assert await told(api, TOWN_ADMIN, "matchOffer", **offer) == [("TAKEN", "name")]
    await api.do(TOWN_ADMIN, "dropOffer", "", id=made["departmentOffer"]["id"], reason="书未到")
    await api.do(TOWN_ADMIN, "matchOffer", "", **offer)
    use: dict[str, Any] = {"centreId": of, "resourceId": shared, "usedOn": day(-3), "people": 30}
    await api.do(ADMIN, "recordResourceUse", "", **use)
    assert await told(api, ADMIN, "recordResourceUse", **use) == [("TAKEN", "usedOn")]
    await api.do(ADMIN, "recordResourceUse", "", **{**use, "people": 31})
    await api.do(COUNTY_ADMIN, "withdrawResource", "", id=shared)
    await api.do(ADMIN, "recordResourceUse", "", **{**use, "usedOn": day(-1)})
    late = await told(api, ADMIN, "recordResourceUse", **{**use, "usedOn": day(0)})
    assert late == [("OUT_OF_REACH", "usedOn")]
    again = await offered(api)
    assert again != shared


async def test_a_resource_is_not_offered_twice(api: Api) -> None:
    await offered(api)
    same = {"unitId": await unit_id(api, COMMUNITY), **SCREEN, "since": day(-40), "until": day(40)}
    assert await told(api, COUNTY_ADMIN, "offerResource", **same) == [("TAKEN", "name")]


async def test_nothing_is_recorded_of_days_before_a_centre_was_there(api: Api) -> None:
    """One that is being built is looked at before it opens."""
    of, building = await centre(api, openedOn=day(-5)), await centre(api, name="在建", openedOn=day(30))
    by, shared = await sheet(api), await offered(api)
    look = {"centreId": of, "sheetId": by}
    assert await told(api, TOWN_ADMIN, "recordLook", **look, heldOn=day(-6)) == [("INVALID", "heldOn")]
    mine = await api.do(TOWN_ADMIN, "recordLook", "centreLook { id }", **look, heldOn=day(-5))
    moved = {"id": mine["centreLook"]["id"], "heldOn": day(-6)}
    assert await told(api, TOWN_ADMIN, "updateLook", **moved) == [("INVALID", "heldOn")]
    await api.do(TOWN_ADMIN, "recordLook", "", **{**look, "centreId": building}, heldOn=day(-6))
    use = {"centreId": of, "resourceId": shared, "people": 3}
    assert await told(api, ADMIN, "recordResourceUse", **use, usedOn=day(-6)) == [("INVALID", "usedOn")]
    await api.do(ADMIN, "closeCentre", "", id=of, on=day(-2))
    assert await told(api, TOWN_ADMIN, "recordLook", **look, heldOn=day(-1)) == [("INVALID", "heldOn")]
    assert await told(api, COUNTY_ADMIN, "withdrawScoringSheet", id=by, on=day(-5)) == [("INVALID", "on")]
    await api.do(COUNTY_ADMIN, "withdrawScoringSheet", "", id=by, on=day(-4))


async def test_a_service_of_a_function_the_centre_does_not_offer(api: Api, item: str) -> None:
    of = await centre(api, functions=["ELDERLY_CARE"])
    given = {"centreId": of, "itemId": item, "operator": "乙", "mode": "PURCHASED", "since": day(-30)}
    assert await told(api, ADMIN, "recordOperation", **given) == [("OUT_OF_REACH", "itemId")]
    await api.do(ADMIN, "updateCentre", "", id=of, functions=["ELDERLY_CARE", "FOOD"])
    await api.do(ADMIN, "recordOperation", "", **given)


async def test_how_many_came_is_not_known_before_it_is_over(api: Api, town: Town) -> None:
    """Of what has begun, and lasts all day."""
    room = await town.row(venues, UUID((await hall(api, opensAt="00:00", closesAt="24:00"))[3:]))
    begins = datetime.combine(today(), time(), CHINA)
    place = {"venue_id": room["id"], "unit_path": room["unit_path"], "begins_at": begins}
    it = await town.add(bookings, **place, ends_at=begins + timedelta(days=1), **CHOIR)
    assert await told(api, ADMIN, "finishBooking", id=f"vb_{it['id']}", came=3) == [("INVALID", "id")]
