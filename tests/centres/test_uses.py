"""A place that is shared is used by one at a time; and whose things were used how often by which centre."""

import asyncio
from typing import Any

import pytest

from tests.centres.asked import ADMIN, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, told
from tests.centres.lending import at
from tests.centres.test_centres import centre
from tests.centres.test_resources import offered
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

HALL: dict[str, Any] = {"kind": "VENUE", "name": "会议厅"}
TOWN = TOWN_ADMIN[1]
TIMES = "resourceUse { id usedOn beginsAt endsAt }"


async def beside(api: Api) -> str:
    """The global id of a centre of the neighbouring community."""
    given = {"unitId": await unit_id(api, NEIGHBOUR[1]), "name": "西北邻里中心", "kind": "STAND_ALONE"}
    made: str = (await api.do(NEIGHBOUR, "createCentre", "centre { id }", **given))["centre"]["id"]
    return made


async def used(api: Api, of: str, resource: str, on: int = -1, people: int = 10, when: Any = None) -> None:
    given = {"centreId": of, "resourceId": resource, "usedOn": day(on), "people": people, **(when or {})}
    await api.do(TOWN_ADMIN, "recordResourceUse", "", **given)


async def test_a_place_is_used_by_one_at_a_time(api: Api) -> None:
    """Whichever centre it is; what was struck out is in nobody's way, and another day or another place is free."""
    here, there = await centre(api), await beside(api)
    hall, other = await offered(api, TOWN, **HALL), await offered(api, TOWN, **HALL, provider="演示学校")
    given = {"centreId": here, "resourceId": hall, "usedOn": day(-1), "people": 30}
    made = await api.do(ADMIN, "recordResourceUse", TIMES, **given, **at("09:00", "11:00", -1))
    it = {"id": made["resourceUse"]["id"]}
    assert await told(api, ADMIN, "recordResourceUse", **given, **at("10:45", "12:00", -1)) == [("TAKEN", "beginsAt")]
    theirs = {**given, "centreId": there}
    for first, last in (("08:00", "09:15"), ("09:00", "11:00"), ("09:30", "10:00"), ("00:00", "23:45")):
        for who in (NEIGHBOUR, TOWN_ADMIN):
            again = await told(api, who, "recordResourceUse", **theirs, **at(first, last, -1))
            assert again == [("TAKEN", "beginsAt")], first
    await used(api, there, other, when=at("09:00", "11:00", -1))
    await used(api, there, hall, when=at("11:00", "12:00", -1))
    await used(api, there, hall, -2, when=at("09:00", "11:00", -2))
    await api.do(ADMIN, "strikeOutResourceUse", "", **it, reason="误记")
    await used(api, there, hall, when=at("09:00", "11:00", -1))


async def test_of_many_at_once_one_used_it(api: Api) -> None:
    here, hall = await centre(api), await offered(api, **HALL)
    given = {"centreId": here, "resourceId": hall, "usedOn": day(-1), **at("09:00", "11:00", -1)}
    await told(api, ADMIN, "recordResourceUse", **{**given, "usedOn": day(1)})  # its token is there
    asked = (told(api, ADMIN, "recordResourceUse", **given, people=number) for number in range(12))
    found = await asyncio.gather(*asked)
    assert sorted(map(str, found)) == sorted(["[]", *["[('TAKEN', 'beginsAt')]"] * 11])


@pytest.mark.parametrize(
    ("when", "refused"),
    [
        ({}, [("INCOMPLETE", "beginsAt"), ("INCOMPLETE", "endsAt")]),
        ({"beginsAt": "09:00"}, [("INCOMPLETE", "endsAt")]),
        ({"endsAt": "09:00"}, [("INCOMPLETE", "beginsAt")]),
        ({"beginsAt": "09:10", "endsAt": "10:00"}, [("INVALID", "beginsAt")]),
        ({"beginsAt": "10:00", "endsAt": "10:00"}, [("INVALID", "endsAt")]),
        ({"beginsAt": "10:00", "endsAt": "09:00"}, [("INVALID", "endsAt")]),
    ],
)
async def test_of_a_place_it_is_said_when(api: Api, when: dict[str, str], refused: list[tuple[str, str]]) -> None:
    given = {"centreId": await centre(api), "resourceId": await offered(api, **HALL), "usedOn": day(-1), "people": 1}
    times = {name: f"{day(-1)}T{clock}:00+08:00" for name, clock in when.items()}
    assert sorted(await told(api, ADMIN, "recordResourceUse", **given, **times)) == refused


async def test_the_times_are_of_the_day_and_over(api: Api) -> None:
    """Of that day by the county's clock, whatever the clock they are told by; until midnight at latest."""
    given = {"centreId": await centre(api), "resourceId": await offered(api, **HALL), "people": 1}
    for on in (-2, 0):
        off = await told(api, ADMIN, "recordResourceUse", **given, usedOn=day(-1), **at("09:00", "10:00", on))
        assert ("INVALID", "beginsAt") in off, on
    ends = {"endsAt": f"{day(1)}T00:00:00+08:00"}
    coming = {"usedOn": day(0), **at("00:00", "00:15", 0), **ends}
    assert await told(api, ADMIN, "recordResourceUse", **given, **coming) == [("INVALID", "endsAt")]
    late = {"beginsAt": f"{day(-1)}T14:00:00Z", "endsAt": f"{day(-1)}T16:00:00Z"}
    made = await api.do(ADMIN, "recordResourceUse", TIMES, **given, usedOn=day(-1), **late)
    ended = {"beginsAt": f"{day(-1)}T22:00:00+08:00", "endsAt": f"{day(0)}T00:00:00+08:00"}
    assert made["resourceUse"] == {"id": made["resourceUse"]["id"], "usedOn": day(-1), **ended}


async def test_of_anything_else_a_day_is_said(api: Api) -> None:
    given = {"centreId": await centre(api), "resourceId": await offered(api), "usedOn": day(-1), "people": 1}
    off = await told(api, ADMIN, "recordResourceUse", **given, **at("09:00", "10:00", -1))
    assert sorted(off) == [("INVALID", "beginsAt"), ("INVALID", "endsAt")]
    made = await api.do(ADMIN, "recordResourceUse", TIMES, **given)
    assert (made["resourceUse"]["beginsAt"], made["resourceUse"]["endsAt"]) == (None, None)


async def test_who_used_what_of_whom(api: Api) -> None:
    """By partner unit, by centre, and both; of one resource, partner unit or centre where that is asked for."""
    here, there = await centre(api), await beside(api)
    screen, hall = await offered(api, TOWN), await offered(api, TOWN, **HALL)
    doctor = await offered(api, TOWN, provider="演示医院", kind="EXPERTISE", name="义诊")
    await used(api, here, screen, -1, 10)
    await used(api, here, hall, -2, 20, when=at("09:00", "10:00", -2))
    await used(api, there, screen, -3, 30)
    await used(api, there, doctor, -3, 40)
    sums = """count people byProvider { provider count resources centres people }
        byCentre { centreName place count resources people }
        byProviderAndCentre { provider centreName place count resources people }"""
    query = f"query($filter: ResourceUseFilter) {{ resourceUses(filter: $filter) {{ totals {{ {sums} }} }} }}"

    async def totals(who: tuple[str, str] = TOWN_ADMIN, **filter_: Any) -> Any:
        return (await api.data(who, query, filter=filter_))["resourceUses"]["totals"]

    bank, hospital = "演示银行支行", "演示医院"
    first = {"centreName": "北关邻里中心", "place": ["惠安县", "螺城镇", "北关社区居委会"]}
    second = {"centreName": "西北邻里中心", "place": ["惠安县", "螺城镇", "西北社区居委会"]}
    found = await totals()
    assert (found["count"], found["people"]) == (4, 100)
    assert sorted(found["byProvider"], key=lambda each: -each["count"]) == [
        {"provider": bank, "count": 3, "resources": 2, "centres": 2, "people": 60},
        {"provider": hospital, "count": 1, "resources": 1, "centres": 1, "people": 40},
    ]
    assert sorted(found["byCentre"], key=lambda each: each["people"]) == [
        {**first, "count": 2, "resources": 2, "people": 30},
        {**second, "count": 2, "resources": 2, "people": 70},
    ]
    assert sorted(found["byProviderAndCentre"], key=lambda each: (-each["count"], each["people"])) == [
        {"provider": bank, **first, "count": 2, "resources": 2, "people": 30},
        {"provider": bank, **second, "count": 1, "resources": 1, "people": 30},
        {"provider": hospital, **second, "count": 1, "resources": 1, "people": 40},
    ]
    for asked, count, people in (
        ({"resource": {"some": {"provider": bank}}}, 3, 60),
        ({"resource": {"some": {"provider": f" {hospital} "}}}, 1, 40),
        ({"resource": {"some": {"id": [hall]}}}, 1, 20),
        ({"centre": {"some": {"id": [there]}}}, 2, 70),
        ({"centre": {"some": {"id": [there]}}, "resource": {"some": {"provider": bank}}}, 1, 30),
    ):
        found = await totals(**asked)
        assert (found["count"], found["people"]) == (count, people), asked
        assert sum(each["count"] for each in found["byProviderAndCentre"]) == count
    own = await totals(ADMIN)
    assert own["byProviderAndCentre"] == [{"provider": bank, **first, "count": 2, "resources": 2, "people": 30}]
    assert (await totals(COUNTY_ADMIN))["count"] == 4
