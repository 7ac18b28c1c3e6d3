"""Deliberation days are scheduled by the working days, moved, recorded; analysis meetings follow them; and who may."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, told
from tests.days import day, today
from tests.deliberation.asked import proposed
from tests.writes.api import Api
from tests.writes.street import unit_id

DAYS = """query($year: Int!) { deliberationDays(filter: {year: {from: $year, to: $year}}, first: 30) { nodes {
    id version year month firstWorkingDay heldOn reason came place viewerCan } } }"""
SHOWN = "deliberationDay { id version firstWorkingDay heldOn reason came }"
MET = "analysisMeeting { id version heldOn lookedAt takenUp dropped place day { heldOn } }"
ACTIONS = {f"DELIBERATION_DAY_{each}" for each in ("RESCHEDULE", "RECORD", "CORRECT", "STRIKE_OUT")}
NUMBERS = """query($day: Date) { orgUnit(by: {code: "350521"}) { indicators(asOf: $day) {
    deliberationDaysHeld deliberationPeople analysisMeetings } } }"""


@pytest.fixture(autouse=True)
async def _years(api: Api) -> None:
    """Of last year, this one and the next each weekday is worked."""
    unit = await unit_id(api, COUNTY)
    for year in range(today().year - 1, today().year + 2):
        await api.do(COUNTY_ADMIN, "announceYear", "", unitId=unit, year=year, daysOff=[], daysWorked=[])


async def scheduled(api: Api, year: int, who: tuple[str, str] = ADMIN) -> list[dict[str, Any]]:
    """The days of a year of the community, once they are scheduled."""
    await api.do(who, "scheduleDeliberationDays", "", unitId=await unit_id(api, COMMUNITY), year=year)
    return await listed(api, year)


async def listed(api: Api, year: int) -> list[dict[str, Any]]:
    """The days of a year, by month."""
    found: list[dict[str, Any]] = (await api.data(ADMIN, DAYS, year=year))["deliberationDays"]["nodes"]
    return sorted(found, key=lambda each: int(each["month"]))


async def one_of_last_year(api: Api) -> dict[str, Any]:
    """A deliberation day of March of last year."""
    return (await scheduled(api, today().year - 1))[2]


async def test_a_year_is_scheduled_by_its_working_days(api: Api) -> None:
    """Which are a make-up Sunday in April 2012, and none before the 8th in October 2018."""
    found = await scheduled(api, 2012)
    assert [each["month"] for each in found] == [*range(1, 13)]
    assert (found[3]["firstWorkingDay"], found[3]["heldOn"], found[3]["reason"]) == ("2012-04-01", "2012-04-01", None)
    assert (await scheduled(api, 2018))[9]["firstWorkingDay"] == "2018-10-08"
    assert await scheduled(api, 2012) == found  # all are there


async def test_a_year_nobody_announced_makes_none(api: Api) -> None:
    at = {"unitId": await unit_id(api, COMMUNITY)}
    refused = await api.attempt(ADMIN, "scheduleDeliberationDays", **at, year=2003)
    assert [(each["code"], each["field"], "尚未公布" in each["message"]) for each in refused["userErrors"]] == [
        ("INVALID", ["input", "year"], True)
    ]
    assert await told(api, ADMIN, "scheduleDeliberationDays", **at, year=1999) == [("INVALID", "year")]
    assert await listed(api, 2003) == []


async def test_a_calendar_loaded_later_moves_no_day_that_was_told(api: Api) -> None:
    """Nor one that was moved; what is struck out is counted by the calendar there is."""
    before = await scheduled(api, 2018)
    await api.do(ADMIN, "rescheduleDeliberationDay", "", id=before[4]["id"], heldOn="2018-05-09", reason="场地占用")
    before = await listed(api, 2018)
    county = await unit_id(api, COUNTY)
    off = [f"2018-10-{number:02}" for number in range(1, 13)]
    await api.do(COUNTY_ADMIN, "announceYear", "", unitId=county, year=2018, daysOff=off, daysWorked=[])
    assert await scheduled(api, 2018) == before
    await api.do(ADMIN, "strikeOutDeliberationDay", "orgUnit { code }", id=before[9]["id"], reason="误排")
    after = await scheduled(api, 2018)
    assert after[9]["firstWorkingDay"] == "2018-10-15"
    assert after[:9] == before[:9]


async def test_of_two_who_schedule_at_once_nothing_is_there_twice(api: Api) -> None:
    at = {"unitId": await unit_id(api, COMMUNITY), "year": 2018}
    for who in (ADMIN, TOWN_ADMIN):
        await api.data(who, "{ viewer { name } }")  # whose tokens come of one connection
    await asyncio.gather(*(told(api, who, "scheduleDeliberationDays", **at) for who in (ADMIN, TOWN_ADMIN)))
    assert len(await listed(api, 2018)) == 12


async def test_a_day_is_moved_within_its_month(api: Api) -> None:
    mine = await one_of_last_year(api)
    last = f"{today().year - 1}-03-31"
    for wrong in (f"{today().year - 1}-04-01", mine["heldOn"]):
        given = {"id": mine["id"], "heldOn": wrong, "reason": "场地占用"}
        assert await told(api, ADMIN, "rescheduleDeliberationDay", **given) == [("INVALID", "heldOn")]
    given = {"id": mine["id"], "heldOn": last}
    assert await told(api, ADMIN, "rescheduleDeliberationDay", **given, reason=" ") == [("INVALID", "reason")]
    moved = (await api.do(ADMIN, "rescheduleDeliberationDay", SHOWN, **given, reason="场地占用"))["deliberationDay"]
    assert (moved["firstWorkingDay"], moved["heldOn"]) == (mine["firstWorkingDay"], last)
    assert (moved["reason"], moved["version"]) == ("场地占用", 2)
    await api.do(ADMIN, "recordDeliberationDay", "", id=mine["id"], came=40)
    given = {"id": mine["id"], "heldOn": mine["heldOn"], "reason": "改回"}
    assert await told(api, ADMIN, "rescheduleDeliberationDay", **given) == [("CLOSED", "id")]


async def test_how_many_came_is_recorded_once_and_put_right_with_a_reason(api: Api) -> None:
    mine, right = await one_of_last_year(api), {"came": 41, "reason": "漏计"}
    assert await told(api, ADMIN, "correctDeliberationDay", id=mine["id"], **right) == [("INCOMPLETE", "id")]
    assert await told(api, ADMIN, "recordDeliberationDay", id=mine["id"], came=100_001) == [("INVALID", "came")]
    await api.do(ADMIN, "recordDeliberationDay", "", id=mine["id"], came=40)
    assert await told(api, ADMIN, "recordDeliberationDay", id=mine["id"], came=40) == [("TAKEN", "id")]
    assert await told(api, ADMIN, "strikeOutDeliberationDay", id=mine["id"], reason="误排") == [("CLOSED", "id")]
    same = {"came": 40, "reason": "漏计"}
    assert await told(api, ADMIN, "correctDeliberationDay", id=mine["id"], **same) == [("INCOMPLETE", "came")]
    found = await api.do(ADMIN, "correctDeliberationDay", SHOWN, id=mine["id"], **right)
    assert found["deliberationDay"]["came"] == 41
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert why["corrections"]["nodes"] == [{"reason": "漏计"}]


async def test_what_has_not_come_is_not_recorded(api: Api) -> None:
    """And what can be done is what one is told one can."""
    year = today().year + 1
    mine = (await scheduled(api, year))[11]
    assert await told(api, ADMIN, "recordDeliberationDay", id=mine["id"], came=1) == [("INVALID", "id")]
    assert ACTIONS.intersection(mine["viewerCan"]) == {"DELIBERATION_DAY_RESCHEDULE", "DELIBERATION_DAY_STRIKE_OUT"}
    past = await one_of_last_year(api)
    assert "DELIBERATION_DAY_RECORD" in past["viewerCan"]
    await api.do(ADMIN, "recordDeliberationDay", "", id=past["id"], came=9)
    can = (await listed(api, today().year - 1))[2]["viewerCan"]
    assert ACTIONS.intersection(can) == {"DELIBERATION_DAY_CORRECT"}


async def test_an_analysis_meeting_can_be_recorded_from_its_day_on(api: Api) -> None:
    """Which can be struck out until then."""
    to_come, past = (await scheduled(api, today().year + 1))[11], await one_of_last_year(api)
    meets, goes = "ANALYSIS_MEETING_RECORD", "DELIBERATION_DAY_STRIKE_OUT"
    assert {meets, goes}.intersection(to_come["viewerCan"]) == {goes}
    assert {meets, goes}.intersection(past["viewerCan"]) == {meets, goes}
    met = {"dayId": past["id"], "heldOn": f"{today().year - 1}-03-20", "lookedAt": 12, "takenUp": 7, "dropped": 3}
    await api.do(ADMIN, "recordAnalysisMeeting", "", **met)
    (seen,) = (each for each in await listed(api, today().year - 1) if each["id"] == past["id"])
    assert {meets, goes}.intersection(seen["viewerCan"]) == {meets}
    assert await told(api, ADMIN, "strikeOutDeliberationDay", id=past["id"], reason="误排") == [("CLOSED", "id")]


async def test_an_analysis_meeting_follows_its_day(api: Api) -> None:
    mine, year = await one_of_last_year(api), today().year - 1
    given = {"dayId": mine["id"], "heldOn": f"{year}-03-20", "lookedAt": 12, "takenUp": 7, "dropped": 3}
    made = (await api.do(ADMIN, "recordAnalysisMeeting", MET, **given))["analysisMeeting"]
    assert (made["lookedAt"], made["takenUp"], made["dropped"]) == (12, 7, 3)
    assert made["day"] == {"heldOn": mine["heldOn"]}
    assert await told(api, ADMIN, "recordAnalysisMeeting", **given) == [("TAKEN", "heldOn")]
    for wrong, field in (
        ({"heldOn": f"{year}-02-28"}, "heldOn"),
        ({"heldOn": day(1)}, "heldOn"),
        ({"heldOn": f"{year}-03-21", "dropped": 6}, "takenUp"),
        ({"heldOn": f"{year}-03-21", "lookedAt": 0}, "lookedAt"),
    ):
        assert await told(api, ADMIN, "recordAnalysisMeeting", **{**given, **wrong}) == [("INVALID", field)], wrong
    late = {"id": mine["id"], "heldOn": f"{year}-03-21", "reason": "场地占用"}
    assert await told(api, ADMIN, "rescheduleDeliberationDay", **late) == [("INVALID", "heldOn")]
    assert await told(api, ADMIN, "strikeOutDeliberationDay", id=mine["id"], reason="误排") == [("CLOSED", "id")]
    right = {"id": made["id"], "reason": "漏计"}
    assert await told(api, ADMIN, "correctAnalysisMeeting", **right, takenUp=7) == [("INCOMPLETE", "takenUp")]
    assert await told(api, ADMIN, "correctAnalysisMeeting", **right, takenUp=None) == [("INVALID", "takenUp")]
    found = (await api.do(ADMIN, "correctAnalysisMeeting", MET, **right, takenUp=9))["analysisMeeting"]
    assert (found["takenUp"], found["version"]) == (9, 2)
    await api.do(ADMIN, "rescheduleDeliberationDay", "", **{**late, "heldOn": f"{year}-03-20"})
    left = "deliberationDay { heldOn analysisMeetings { totalCount } }"
    found = (await api.do(ADMIN, "strikeOutAnalysisMeeting", left, **right))["deliberationDay"]
    assert found == {"heldOn": f"{year}-03-20", "analysisMeetings": {"totalCount": 0}}


async def test_they_are_counted_by_day_and_show_what_was_proposed(api: Api) -> None:
    mine, year = await one_of_last_year(api), today().year - 1
    await api.do(ADMIN, "recordDeliberationDay", "", id=mine["id"], came=40)
    met = {"dayId": mine["id"], "heldOn": f"{year}-03-20", "lookedAt": 12, "takenUp": 7, "dropped": 3}
    await api.do(ADMIN, "recordAnalysisMeeting", "", **met)
    for on, expected in (("03-20", [1, 40, 1]), ("03-19", [1, 40, 0]), ("02-28", [0, 0, 0])):
        found = await api.data(COUNTY_ADMIN, NUMBERS, day=f"{year}-{on}")
        assert [*found["orgUnit"]["indicators"].values()] == expected, on
    totals = """{ deliberationDays { totals { count recorded came } }
        analysisMeetings { totals { count lookedAt takenUp dropped } } }"""
    found = await api.data(COUNTY_ADMIN, totals)
    assert found["deliberationDays"]["totals"] == {"count": 12, "recorded": 1, "came": 40}
    assert found["analysisMeetings"]["totals"] == {"count": 1, "lookedAt": 12, "takenUp": 7, "dropped": 3}
    await proposed(api)
    shown = "query($id: ID!) { node(id: $id) { ... on DeliberationDay { matters { totalCount } } } }"
    for proposed_on, number in (("03-01", 1), ("03-31", 1), ("02-28", 0), ("04-01", 0)):
        await api.connection.execute(
            "UPDATE matter SET proposed_on = $1::text::date, stepped_on = $1::text::date", f"{year}-{proposed_on}"
        )
        found = await api.data(ADMIN, shown, id=mine["id"])
        assert found["node"]["matters"]["totalCount"] == number, proposed_on


async def test_it_keeps_how_many_were_proposed(api: Api) -> None:
    """In its unit and its grids, when it was recorded: no merger changes it, and what is recorded later counts both."""
    year, other, ours = today().year - 1, await unit_id(api, NEIGHBOUR[1]), await unit_id(api, COMMUNITY)
    first, later = (await scheduled(api, year))[2:4]
    for unit in (ours, await unit_id(api, GRID), other):
        await proposed(api, COUNTY_ADMIN, unitId=unit)
    set_on = "UPDATE matter SET proposed_on = $1::text::date, stepped_on = $1::text::date"
    await api.connection.execute(set_on, f"{year}-03-31")
    shown = "deliberationDay { proposed matters { totalCount } }"
    asked = f"query($id: ID!) {{ node(id: $id) {{ ... on DeliberationDay {{ {shown[18:-1]} }} }} }}"
    assert (await api.data(ADMIN, asked, id=first["id"]))["node"]["proposed"] is None
    found = (await api.do(ADMIN, "recordDeliberationDay", shown, id=first["id"], came=40))["deliberationDay"]
    assert found == {"proposed": 2, "matters": {"totalCount": 2}}
    merged = {"id": ours, "others": [{"id": other, "version": await api.version(other)}]}
    await api.do(COUNTY_ADMIN, "mergeUnits", "", **merged)
    right = {"id": first["id"], "came": 41, "reason": "漏计"}
    found = (await api.do(ADMIN, "correctDeliberationDay", shown, **right))["deliberationDay"]
    assert found == {"proposed": 2, "matters": {"totalCount": 3}}
    await api.connection.execute(set_on, f"{year}-04-01")
    found = (await api.do(ADMIN, "recordDeliberationDay", shown, id=later["id"], came=9))["deliberationDay"]
    assert found["proposed"] == 3


async def test_who_may(api: Api, town: Town) -> None:
    mine = await one_of_last_year(api)
    member = await town.member("演示党员", GRID)
    seat = ("member", f"mb_{member['id']}")
    for who, answer in (
        (seat, "FORBIDDEN"),
        (COMMITTEE, "NOT_FOUND"),
        (AUDITOR, "NOT_FOUND"),
        (NEIGHBOUR, "NOT_FOUND"),
    ):
        assert await told(api, who, "recordDeliberationDay", id=mine["id"], came=1) == answer, who
    found = await api.data(seat, "{ deliberationDays(first: 30) { nodes { id } } }")
    assert len(found["deliberationDays"]["nodes"]) == 12
    await api.do(ADMIN, "recordDeliberationDay", "", id=mine["id"], came=40)
    counted = (await api.data(AUDITOR, NUMBERS))["orgUnit"]["indicators"]
    assert [*counted.values()] == [None, None, 0]  # one is too few for who only counts to be told of


async def test_where_units_are_merged_each_keeps_its_days(api: Api) -> None:
    """What the survivor has of that year is its own, by which it is not scheduled once more."""
    year, other = today().year - 1, await unit_id(api, NEIGHBOUR[1])
    mine = await scheduled(api, year)
    await api.do(NEIGHBOUR, "scheduleDeliberationDays", "", unitId=other, year=year)
    asked = "query($id: ID!) { node(id: $id) { ... on OrgUnit { version } } }"
    version = (await api.data(COUNTY_ADMIN, asked, id=other))["node"]["version"]
    await api.do(
        COUNTY_ADMIN, "mergeUnits", "", id=await unit_id(api, COMMUNITY), others=[{"id": other, "version": version}]
    )
    assert len(await scheduled(api, year)) == 24
    assert {each["id"] for each in mine} <= {each["id"] for each in await listed(api, year)}
    asked = "{ deliberationDays(first: 30, filter: {ofFormerUnit: %s}) { nodes { id ofFormerUnit } } }"
    for former in (False, True):
        nodes = (await api.data(ADMIN, asked % str(former).lower()))["deliberationDays"]["nodes"]
        assert [each["ofFormerUnit"] for each in nodes] == [former] * 12
        assert former != ({each["id"] for each in nodes} == {each["id"] for each in mine})


DIRECTLY = "UPDATE deliberation_day SET {} WHERE month = 3"


@pytest.mark.parametrize(
    "changed",
    [
        "held_on = held_on + 1",  # without a reason
        "held_on = held_on + 40, reason = '晚'",
        "first_working_day = first_working_day - 10",
        "came = -1",
        "came = 1",  # without what was proposed
    ],
)
async def test_the_database_itself_refuses_days_that_cannot_be(api: Api, changed: str) -> None:
    await one_of_last_year(api)
    with pytest.raises(asyncpg.CheckViolationError):
        await api.connection.execute(DIRECTLY.format(changed))
