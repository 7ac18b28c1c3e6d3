"""A county loads a year; what lies below counts by it, and nobody else's days change."""

from datetime import date
from typing import Any

import pytest

from services.calendar.commands import calendar_at
from services.calendar.working import NotAnnouncedError
from tests.captains.town import COMMUNITY, COUNTY, Town
from tests.writes.api import Api

COUNTY_ADMIN = ("county_admin", COUNTY)
YEAR = "calendarYear { id year daysOff daysWorked version place unit { code } }"
NEXT = 2087  # which nobody announced
GIVEN: dict[str, Any] = {"year": NEXT, "daysOff": ["2087-10-02", "2087-10-01"], "daysWorked": ["2087-10-11"]}
PATHS = "SELECT path FROM org_unit WHERE code = $1"


async def counted(api: Api, town: Town, code: str) -> str:
    """The first working day of October there, as far as anybody knows."""
    path = await api.connection.fetchval(PATHS, code)
    try:
        return (await calendar_at(town.tx, path)).first_of(NEXT, 10).isoformat()
    except NotAnnouncedError:
        return "not announced"


async def county(api: Api, code: str = COUNTY) -> str:
    """A unit's global id."""
    found = await api.data(COUNTY_ADMIN, "query($code: String!) { orgUnit(by: {code: $code}) { id } }", code=code)
    return str(found["orgUnit"]["id"])


async def test_a_year_is_loaded_changed_and_struck_out(api: Api, town: Town) -> None:
    """Days in order; the nearest unit's year goes before those above it."""
    assert await counted(api, town, COMMUNITY) == "not announced"
    unit = await county(api)
    made = (await api.do(COUNTY_ADMIN, "announceYear", YEAR, unitId=unit, **GIVEN))["calendarYear"]
    id_ = made.pop("id")
    assert made == {
        "year": NEXT,
        "daysOff": ["2087-10-01", "2087-10-02"],
        "daysWorked": ["2087-10-11"],
        "version": 1,
        "place": ["惠安县"],
        "unit": {"code": COUNTY},
    }
    assert await counted(api, town, COMMUNITY) == "2087-10-03"
    assert await counted(api, town, "350524") == "not announced"
    assert await api.attempt(COUNTY_ADMIN, "announceYear", unitId=unit, **GIVEN) == "CONFLICT"
    own = {**GIVEN, "daysOff": ["2087-10-01"]}
    await api.do(COUNTY_ADMIN, "announceYear", "", unitId=await county(api, COMMUNITY), **own)
    assert await counted(api, town, COMMUNITY) == "2087-10-02"
    assert await counted(api, town, COUNTY) == "2087-10-03"
    change: dict[str, Any] = {"id": id_, "version": 1, "daysOff": ["2087-10-01"]}
    changed = (await api.do(COUNTY_ADMIN, "updateYear", YEAR, **change))["calendarYear"]
    assert (changed["daysOff"], changed["daysWorked"], changed["version"]) == (["2087-10-01"], ["2087-10-11"], 2)
    gone = await api.do(COUNTY_ADMIN, "strikeOutYear", "orgUnit { calendarYears { nodes { year } } }", id=id_,
                        version=2, reason="已公布")  # fmt: skip
    assert gone["orgUnit"] == {"calendarYears": {"nodes": []}}
    assert await counted(api, town, COUNTY) == "not announced"


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"year": 1999}, {"year"}),
        ({"daysOff": ["2086-10-01"]}, {"daysOff"}),
        ({"daysOff": ["2087-10-01", "2087-10-01"]}, {"daysOff"}),
        ({"daysWorked": ["2087-10-13"]}, {"daysWorked"}),  # a Monday
        ({"daysOff": ["2087-10-11"]}, {"daysWorked"}),
        (
            {"daysOff": [date.fromordinal(date(NEXT, 1, 1).toordinal() + n).isoformat() for n in range(121)]},
            {"daysOff"},
        ),
        ({"daysOff": ["2086-10-01"], "daysWorked": ["2087-10-13"]}, {"daysOff", "daysWorked"}),
    ],
)
async def test_what_is_told(api: Api, wrong: dict[str, Any], fields: set[str]) -> None:
    found = await api.attempt(COUNTY_ADMIN, "announceYear", unitId=await county(api), **GIVEN | wrong)
    assert not isinstance(found, str)
    assert {each["field"][-1] for each in found["userErrors"]} == fields
    assert {each["code"] for each in found["userErrors"]} == {"INVALID"}


async def test_who_may_and_who_reads(api: Api) -> None:
    """The county's to load; read by whoever administers or inspects below it, and by nobody beside it."""
    unit = await county(api)
    below = (("community_admin", COMMUNITY), ("town_admin", "350521100"), ("auditor", COUNTY))
    for who in (*below, ("county_admin", "350524"), ("property_committee", COUNTY)):
        assert await api.attempt(who, "announceYear", unitId=unit, **GIVEN) in ("FORBIDDEN", "NOT_FOUND"), who
    await api.do(COUNTY_ADMIN, "announceYear", "", unitId=unit, **GIVEN)
    seen = "query { calendarYears { nodes { year } } }"
    for who in (*below, COUNTY_ADMIN):
        assert (await api.data(who, seen))["calendarYears"]["nodes"] == [{"year": NEXT}], who
    for who in (("county_admin", "350524"), ("property_committee", COUNTY)):
        nothing = (await api.data(who, seen))["calendarYears"]
        assert nothing is None or nothing["nodes"] == [], who
