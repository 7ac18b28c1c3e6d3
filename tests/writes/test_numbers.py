"""Numbers of another day: what the terms and closings say of it, and what has changed since."""

from typing import Any

import pytest

from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, Street, day

NUMBERS = """query($on: Date, $since: Date!) { orgUnit(by: {code: "350521"}) { indicators(asOf: $on) {
    units households buildings buildingsWithCaptain buildingsWithoutCaptain captains managedCompounds managingCompanies
    posts { kind members } catalogEntries { function }
    change(since: $since) { buildings buildingsWithCaptain captains managedCompounds } } } }"""


async def told(api: Api, on: str | None, since: str | None = None) -> tuple[dict[str, Any], list[str]]:
    """The county's numbers of a day, and which of them keep no history."""
    answer = await api.ask(COUNTY_ADMIN, NUMBERS, on=on, since=since or day(0))
    return answer["data"]["orgUnit"]["indicators"], [*answer.get("extensions", {}).get("undated", ())]


async def lived(api: Api, on: Street) -> None:
    """One captain until forty days ago and another since twenty; a company for sixty days; a building closed."""
    first, second = on.buildings
    term = await api.do(
        ADMIN,
        "assignCaptain",
        "captainAssignment { id version }",
        buildingId=first,
        memberId=on.members[0],
        since=day(-90),
    )
    ended = term["captainAssignment"]
    await api.do(ADMIN, "endCaptainTerm", "", id=ended["id"], on=day(-40), reason="调离")
    await api.do(ADMIN, "assignCaptain", "", buildingId=second, memberId=on.members[1], since=day(-20))
    await api.do(COUNTY_ADMIN, "changeCompany", "", compoundId=on.compound, companyId=on.companies[0], since=day(-60))
    await api.do(ADMIN, "closeBuilding", "", id=first, version=1, on=day(-10))


async def test_a_day_of_each_kind(api: Api, on: Street) -> None:
    """Before anything, while the first captain served, between the two, and now; what is closed counts until then."""
    await lived(api, on)
    found = {offset: (await told(api, day(offset)))[0] for offset in (-100, -50, -30, -15, 0)}
    assert [each["buildings"] for each in found.values()] == [2, 2, 2, 2, 1]
    assert [each["buildingsWithCaptain"] for each in found.values()] == [0, 1, 0, 1, 1]
    assert [each["buildingsWithoutCaptain"] for each in found.values()] == [2, 1, 2, 1, 0]
    assert [each["captains"] for each in found.values()] == [0, 1, 0, 1, 1]
    assert [each["managedCompounds"] for each in found.values()] == [0, 1, 1, 1, 1]
    assert [each["managingCompanies"] for each in found.values()] == [0, 1, 1, 1, 1]


async def test_what_keeps_no_history(api: Api, on: Street) -> None:
    """It is null of another day, and named; of today, whether by its date or by none, it is what it is."""
    now, undated = await told(api, None)
    assert undated == []
    today, named = await told(api, day(0))
    assert today == now
    assert named == []
    then, named = await told(api, day(-1))
    assert [then[name] for name in ("units", "households", "catalogEntries")] == [None, None, None]
    assert now["units"] > 0
    assert named == [f"Indicators.{name}" for name in ("catalogEntries", "households", "units")]


async def test_what_has_changed(api: Api, on: Street) -> None:
    """From one day to another, backwards as well; what a day later ended is counted on its last day."""
    await lived(api, on)
    assert (await told(api, None, day(-50)))[0]["change"] == {
        "buildings": -1,
        "buildingsWithCaptain": 0,
        "captains": 0,
        "managedCompounds": 0,
    }
    assert (await told(api, day(-50), day(-100)))[0]["change"]["managedCompounds"] == 1
    assert (await told(api, day(-100), day(-50)))[0]["change"]["managedCompounds"] == -1
    assert (await told(api, day(-39), day(-40)))[0]["change"]["captains"] == -1


async def test_a_day_that_was_mistyped(api: Api, on: Street) -> None:
    for arguments in (
        {"on": "2026-02-30", "since": day(0)},
        {"on": "9999-12-31", "since": day(0)},
        {"on": None, "since": "0001-01-01"},
    ):
        answer = await api.ask(COUNTY_ADMIN, NUMBERS, **arguments)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(("also", "said"), [("", "data"), ("indicators { units }", "TOO_COSTLY")])
async def test_how_many_numbers_an_operation_has(api: Api, on: Street, also: str, said: str) -> None:
    """Two hundred, two for each change, over all fields; what is asked of many rows is one number."""
    eight = f'indicators {{ captains members buildings compounds change(since: "{day(-9)}") {{ captains members }} }}'
    body = " ".join([*(f"a{number}: {eight}" for number in range(25)), also])
    query = f'{{ orgUnit(by: {{code: "350521"}}) {{ children {{ nodes {{ {body} }} }} }} }}'
    answer = await api.ask(COUNTY_ADMIN, query)
    assert said == ("data" if "data" in answer else answer["errors"][0]["extensions"]["code"])
