"""What was done on a day is of where a member served: no day tried tells when a term in another town began or ended."""

from typing import Any

import pytest

from services.households.tables import households
from services.points.tables import rules
from tests.captains.town import Town
from tests.golden.world import path_of
from tests.members.test_grids import FIRST, told
from tests.members.two_towns import THERE, at, served, two_towns
from tests.writes.api import Api
from tests.writes.street import ADMIN, COMMUNITY, COUNTY, COUNTY_ADMIN, OTHER, Street, day

THERE_KEEPER, KEEPER = ("visit_keeper", OTHER), ("visit_keeper", COMMUNITY)
CLAIMED = "pointClaim { place }"
DAYS = (-1, -2, -19, -20, -21, -22, -25, -26, -39, -40, -41, -60)


@pytest.fixture
async def town(api: Api, on: Street) -> Town:
    return await two_towns(api)


@pytest.fixture
async def asked(town: Town, on: Street) -> dict[str, dict[str, Any]]:
    """Each command that is about a day, to be tried there; the rule is the county's."""
    home = await town.add(households, name="3号楼301", unit_path=at(OTHER))
    rule = await town.add(rules, unit_path=path_of(COUNTY), name="志愿服务", points=1, per="每次")
    member, household = {"memberId": on.members[0]}, {"householdId": f"hh_{home['id']}"}
    return {
        "linkHousehold": {**member, **household},
        "recordHomeVisit": {**member, **household, "kind": "SICK", "outcome": "探望"},
        "claimPoints": {**member, "ruleId": f"pr_{rule['id']}", "text": "打扫楼道"},
    }


WHEN = {
    "linkHousehold": "since",
    "recordHomeVisit": "visitedOn",
    "claimPoints": "on",
    "recordVisitInGridTerm": "visitedOn",
}


async def tries(api: Api, who: tuple[str, str], command: str, given: dict[str, Any], *days: int) -> list[Any]:
    """What is answered on each of these days."""
    return [await told(api, who, command, **given, **{WHEN[command]: day(each)}, dryRun=True) for each in days]


async def goes(town: Town) -> None:
    """Without a term there, to serve in the other town."""
    await town.connection.execute("UPDATE member SET unit_path = $1 WHERE name = '演示党员1'", at(OTHER))


def who_asks(command: str) -> tuple[str, str]:
    return THERE_KEEPER if command == "recordHomeVisit" else THERE


@pytest.mark.parametrize("command", ["linkHousehold", "recordHomeVisit", "claimPoints"])
@pytest.mark.parametrize("ended", [-21, -25])
async def test_of_who_came_without_a_term_every_day_is_theirs(
    api: Api, on: Street, town: Town, asked: dict[str, dict[str, Any]], command: str, ended: int
) -> None:
    """Whenever they left a grid elsewhere. Who reads that term is told on which day they were there."""
    await served(town, on.members[0], (FIRST, -40, ended))
    await goes(town)
    assert await tries(api, who_asks(command), command, asked[command], 0, *DAYS) == [[]] * 13
    if command == "linkHousehold":
        assert await tries(api, COUNTY_ADMIN, command, asked[command], ended) == [[("OUT_OF_REACH", "since")]]
    if command == "claimPoints":  # it lies where they served then
        made = await api.do(COUNTY_ADMIN, command, CLAIMED, **asked[command], on=day(ended))
        assert made["pointClaim"]["place"][-1] == "第一网格"


@pytest.mark.parametrize("command", ["linkHousehold", "recordHomeVisit", "claimPoints"])
@pytest.mark.parametrize("ended", [-21, -25])
@pytest.mark.parametrize("before", [False, True])
async def test_before_a_term_of_their_own_one_day_is_as_another(
    api: Api, on: Street, town: Town, asked: dict[str, dict[str, Any]], command: str, ended: int, before: bool
) -> None:
    """Out of reach, or theirs where they had come there `before` that term; from its first day on as ever."""
    await served(town, on.members[0], (FIRST, -40, ended), (OTHER, -20, None))
    if before:
        there = await town.connection.fetchval("SELECT id FROM org_unit WHERE path = $1", at(OTHER))
        await town.connection.execute("UPDATE grid_term SET came_from_id = $1 WHERE until IS NULL", there)
    first, *others = await tries(api, who_asks(command), command, asked[command], *DAYS[4:])
    assert (first == []) is before
    assert all(each == first for each in others)
    assert await tries(api, who_asks(command), command, asked[command], 0, -1, -19, -20) == [[]] * 4


@pytest.mark.parametrize("came", [-19, -5])
async def test_the_town_they_left_knows_them_by_their_term_alone(api: Api, on: Street, town: Town, came: int) -> None:
    """And by the day after it, which may be of both; not until they came to a grid elsewhere."""
    first, _ = await served(town, on.members[0], (FIRST, -40, -21), (OTHER, came, None))
    home = await town.add(households, name="1号楼101", unit_path=at(FIRST))
    given = {"gridTermId": first, "householdId": f"hh_{home['id']}", "kind": "SICK", "outcome": "探望"}
    refused, *others = await tries(api, KEEPER, "recordVisitInGridTerm", given, 0, -1, -4, -5, -6, -18, -19, -41)
    assert refused[0][0] == "OUT_OF_REACH"
    assert all(each == refused for each in others)
    done = await tries(api, KEEPER, "recordVisitInGridTerm", given, -20, -21, -40)
    assert done == [[]] * 3
    assert await told(
        api, ADMIN, "linkHousehold", memberId=on.members[0], householdId=f"hh_{home['id']}", since=day(0)
    ) == ("NOT_FOUND")


@pytest.mark.parametrize("since", [-49, -40])
async def test_between_two_terms_of_their_own_one_day_is_as_another(
    api: Api, on: Street, town: Town, asked: dict[str, dict[str, Any]], since: int
) -> None:
    """Where the member was elsewhere then."""
    await served(town, on.members[0], (OTHER, -60, -51), (FIRST, since, -31), (OTHER, -20, None))
    first, *others = await tries(api, THERE, "claimPoints", asked["claimPoints"], -50, -45, -41, -40, -31, -30, -21)
    assert first == "FORBIDDEN"
    assert all(each == first for each in others)
    assert await tries(api, THERE, "claimPoints", asked["claimPoints"], -60, -51, -20, 0) == [[]] * 4
