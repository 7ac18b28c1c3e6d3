"""Visits of whoever has moved: each is of where the member served on its day."""

from typing import Any

import pytest

from services.households.tables import households
from services.members.grid_tables import GridTermKind, grid_terms
from tests.captains.town import FIRST, GRID, Town
from tests.golden.world import path_of
from tests.households.block import ADMIN, KEEPER, NEIGHBOUR, OTHER_GRID, TOWN_ADMIN, Block, block, told
from tests.writes.api import Api
from tests.writes.street import day, unit_id

ELSEWHERE = NEIGHBOUR[1]
LONG_AGO = "1950-01-01"
DOOR = "{ householdContacts { nodes { id householdName household { name } } } }"


@pytest.fixture
async def here(town: Town) -> Block:
    """Who keeps contact there is in that grid since two months and more."""
    made = await block(town)
    term = {"kind": GridTermKind.ASSIGNED, "since": FIRST}
    await town.add(grid_terms, member_id=made.member["id"], unit_path=path_of(GRID), **term)
    return made


async def goes(api: Api, here: Block, to: str, since: str) -> None:
    """The member, to another grid."""
    given = {"id": here.own[1], "gridId": await unit_id(api, to), "since": since}
    await api.do(TOWN_ADMIN, "assignToGrid", "", **given)


async def term_in(api: Api, code: str) -> str:
    """The member's term in a grid, as the keeper finds it."""
    asked = "{ gridTerms(filter: {ended: null}) { nodes { id memberName unit { code } } } }"
    found = (await api.data(KEEPER, asked))["gridTerms"]["nodes"]
    (id_,) = (each["id"] for each in found if each["unit"]["code"] == code and each["memberName"] == "林一")
    return str(id_)


def without(given: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in names}


async def test_by_where_they_served_that_day(api: Api, here: Block) -> None:
    """The day of the move is of both grids; before it the new one is out of reach, after it the former one is."""
    await goes(api, here, OTHER_GRID, day(-10))
    there = {"householdId": f"hh_{here.elsewhere['id']}"}
    second = {"householdId": f"hh_{here.second['id']}"}  # nobody had linked them to it
    former, since = [-10, -11, -25], [-10, -9, 0]
    for which, days in (({}, former), (second, former), (there, since)):
        for number in days:
            await api.do(KEEPER, "recordHomeVisit", "", **here.visit(**which, visitedOn=day(number)))
    for which, days in (({}, since[1:]), (second, since[1:]), (there, former[1:])):
        for number in days:
            given = here.visit(**which, visitedOn=day(number))
            refused = [("OUT_OF_REACH", "householdId")]
            assert await told(api, KEEPER, "recordHomeVisit", **given) == refused, (which, number)
    for never in (LONG_AGO, day(-93)):
        assert await told(api, KEEPER, "recordHomeVisit", **here.visit(visitedOn=never)) == [("INVALID", "visitedOn")]


async def test_a_corrected_day_is_one_they_served_there(api: Api, here: Block) -> None:
    """What is left as it was is not asked about, however long ago."""
    await goes(api, here, OTHER_GRID, day(-10))
    given = here.visit(householdId=f"hh_{here.second['id']}", visitedOn=day(-12))
    made = (await api.do(KEEPER, "recordHomeVisit", "homeVisit { id }", **given))["homeVisit"]["id"]
    for number in (-9, 0):
        refused = await told(api, KEEPER, "updateHomeVisit", id=made, visitedOn=day(number))
        assert refused == [("OUT_OF_REACH", "visitedOn")]
    assert await told(api, KEEPER, "updateHomeVisit", id=made, visitedOn=LONG_AGO) == [("INVALID", "visitedOn")]
    await api.do(KEEPER, "updateHomeVisit", "", id=made, visitedOn=day(-10))
    await api.connection.execute("UPDATE home_visit SET visited_on = '2015-05-05'")
    await api.do(KEEPER, "updateHomeVisit", "", id=made, visitedOn="2015-05-05", outcome="改写")


async def test_the_keeper_names_who_went_to_another_community(api: Api, town: Town, here: Block) -> None:
    """By their term in the grid, also to a household nobody had linked them to; nobody else records by it."""
    await goes(api, here, ELSEWHERE, day(-10))
    second = f"hh_{here.second['id']}"
    assert await told(api, KEEPER, "recordHomeVisit", **here.visit(visitedOn=day(-25))) == "NOT_FOUND"
    given = {
        **without(here.visit(visitedOn=day(-25)), "memberId"),
        "gridTermId": await term_in(api, GRID),
        "householdId": second,
    }
    far = await town.add(households, name="1号", unit_path=path_of(ELSEWHERE))
    for wrong, refused in (
        ({"visitedOn": day(-9)}, ("OUT_OF_REACH", "visitedOn")),
        ({"visitedOn": day(-76)}, ("OUT_OF_REACH", "visitedOn")),
        ({"visitedOn": LONG_AGO}, ("INVALID", "visitedOn")),
        ({"visitedOn": day(1)}, ("INVALID", "visitedOn")),
        ({"householdId": f"hh_{here.elsewhere['id']}"}, ("OUT_OF_REACH", "householdId")),
    ):
        assert await told(api, KEEPER, "recordVisitInGridTerm", **{**given, **wrong}) == [refused], wrong
    assert (
        await told(api, KEEPER, "recordVisitInGridTerm", **{**given, "householdId": f"hh_{far['id']}"}) == "NOT_FOUND"
    )
    for who in (ADMIN, TOWN_ADMIN, ("visit_keeper", ELSEWHERE), here.own):
        assert await told(api, who, "recordVisitInGridTerm", **given) in ("NOT_FOUND", "FORBIDDEN"), who
    made = await api.do(KEEPER, "recordVisitInGridTerm", "homeVisit { memberName place }", **given)
    assert (made["homeVisit"]["memberName"], made["homeVisit"]["place"][-1]) == ("林一", "第一网格")
    await api.do(KEEPER, "recordVisitInGridTerm", "", **{**given, "visitedOn": day(-10)})
    await api.do(ADMIN, "closeHousehold", "", id=second, on=day(0))
    assert await told(api, KEEPER, "recordVisitInGridTerm", **given) == [("CLOSED", "householdId")]


async def test_whoever_moved_knows_the_contact_by_its_door(api: Api, here: Block) -> None:
    """As long as a visit may be recorded by it; of the household they see nothing more."""
    await goes(api, here, ELSEWHERE, day(-10))
    line = {"id": f"hc_{here.contact['id']}", "householdName": "1号楼101", "household": None}
    assert (await api.data(here.own, DOOR))["householdContacts"]["nodes"] == [line]
    assert (await api.data(("visit_keeper", ELSEWHERE), DOOR))["householdContacts"]["nodes"] == []
    for ago, shown in ((93, "1号楼101"), (94, None)):
        await api.connection.execute(
            "UPDATE household_contact SET since = current_date - 200, until = current_date - $1::int", ago
        )
        assert (await api.data(here.own, DOOR))["householdContacts"]["nodes"] == [{**line, "householdName": shown}]


async def test_nobody_is_linked_before_they_came(api: Api, here: Block) -> None:
    await goes(api, here, OTHER_GRID, day(-10))
    link = {"memberId": here.own[1], "householdId": f"hh_{here.elsewhere['id']}"}
    assert await told(api, ADMIN, "linkHousehold", **link, since=day(-11)) == [("OUT_OF_REACH", "since")]
    await api.do(ADMIN, "linkHousehold", "", **link, since=day(-10))
