"""Corrections beside a member's terms in another town: no day tried tells when one began or ended, and none changes."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.properties.tables import companies
from tests.captains.town import Town
from tests.members.test_grids import FIRST, TOWN_ADMIN
from tests.members.two_towns import THERE, WHY, date_of, in_team, kept, said, served, tried, two_towns
from tests.writes.api import Api
from tests.writes.street import COMMUNITY, COUNTY_ADMIN, OTHER, Street, day, unit_id
from tests.writes.test_one_grant import grant


@pytest.fixture
async def town(api: Api, on: Street) -> Town:
    return await two_towns(api)


@pytest.mark.parametrize("ended", [-21, -25, -38])
async def test_no_first_day_tells_the_last_of_a_term_in_another_town(
    api: Api, on: Street, town: Town, ended: int
) -> None:
    """Earlier is refused alike, wherever that one ends; later is done, and leaves that one and a gap. So for trials."""
    first, term = await served(town, on.members[0], (FIRST, -40, ended), (OTHER, -20, None))
    of = {"id": term, **WHY}
    (refused,) = await tried(api, THERE, "correctGridTerm", "since", (-21, -22, -24, -25, -26, -39, -41, -90), **of)
    assert "CONFLICT" in refused
    assert "since" in refused
    assert "not yours to correct" in refused
    (done,) = await tried(api, THERE, "correctGridTerm", "since", (-19, -5, -1), **of)
    assert done.count("GridTerm") == 1, "this one alone"
    before = await kept(api)
    await api.do(THERE, "correctGridTerm", "", **of, since=day(-10))
    assert (await kept(api))[0] == before[0]
    assert [row[1:3] for row in await kept(api)] == [(date_of(-40), date_of(ended)), (date_of(-10), None)]
    assert first == f"gt_{before[0][0]}"


@pytest.mark.parametrize("since", [-20, -15])
async def test_no_last_day_tells_the_first_of_a_term_in_another_town(
    api: Api, on: Street, town: Town, since: int
) -> None:
    """Later is refused alike, and none; earlier is done, and leaves that one and a gap."""
    term, _ = await served(town, on.members[0], (OTHER, -40, -21), (FIRST, since, None))
    of = {"id": term, **WHY}
    (refused,) = await tried(api, THERE, "correctGridTerm", "until", (-20, -19, -16, -15, -14, 0, 9), **of)
    assert "CONFLICT" in refused
    assert "until" in refused
    assert await said(api, THERE, "correctGridTerm", until=None, **of) == refused
    (done,) = await tried(api, THERE, "correctGridTerm", "until", (-22, -30), **of)
    assert done.count("GridTerm") == 1
    before = await kept(api)
    await api.do(THERE, "correctGridTerm", "", **of, until=day(-30))
    assert (await kept(api))[1] == before[1]


@pytest.mark.parametrize("ended", [-21, -25])
async def test_the_county_moves_both(api: Api, on: Street, town: Town, ended: int) -> None:
    """As within one town: a boundary they share, and up to the other where they share none."""
    _, term = await served(town, on.members[0], (FIRST, -40, ended), (OTHER, -20, None))
    await api.do(COUNTY_ADMIN, "correctGridTerm", "", id=term, **WHY, since=day(-24))
    assert [row[1:3] for row in await kept(api)] == [(date_of(-40), date_of(-25)), (date_of(-24), None)]
    await api.do(COUNTY_ADMIN, "correctGridTerm", "", id=term, **WHY, since=day(-22))
    assert [row[1:3] for row in await kept(api)] == [(date_of(-40), date_of(-23)), (date_of(-22), None)]


async def test_one_of_their_own_between_is_told_as_ever(api: Api, on: Street, town: Town) -> None:
    """Its days, also for a day on which the member was elsewhere: what lies beyond it tells nothing."""
    terms = (FIRST, -60, -51), (OTHER, -40, -31), (OTHER, -20, None)
    _, _, term = await served(town, on.members[0], *terms)
    (refused,) = await tried(api, THERE, "correctGridTerm", "since", (-35, -41, -55, -70), id=term, **WHY)
    assert "CONFLICT" in refused
    assert day(-40) in refused
    assert day(-31) in refused
    await api.do(THERE, "correctGridTerm", "", id=term, **WHY, since=day(-30))


async def test_whoever_reads_there_changes_nothing_there(api: Api, on: Street, town: Town) -> None:
    """By a second seat, which gives no right to correct: the term there stays, as where it is not read."""
    _, term = await served(town, on.members[0], (FIRST, -40, -21), (OTHER, -20, None))
    await grant(api, THERE, "community_admin", COMMUNITY)
    (refused,) = await tried(api, THERE, "correctGridTerm", "since", (-21, -30), id=term, **WHY)
    assert "not yours to correct" in refused
    before = await kept(api)
    await api.do(THERE, "correctGridTerm", "", id=term, **WHY, since=day(-10))
    assert (await kept(api))[0] == before[0]


@pytest.mark.parametrize("ended", [-21, -25])
@pytest.mark.parametrize("which", [0, 1])
async def test_what_never_was_between_two_towns_is_the_countys_to_strike_out(
    api: Api, on: Street, town: Town, which: int, ended: int
) -> None:
    """Whether the term in the other town comes before or after, and whether it touches."""
    terms = await served(town, on.members[0], (FIRST, -40, ended), (OTHER, -20, None))
    before = await kept(api)
    refused = await said(api, (THERE, TOWN_ADMIN)[1 - which], "strikeOutGridTerm", id=terms[which], **WHY)
    assert "CONFLICT" in refused
    assert "not yours to correct" in refused
    assert await kept(api) == before
    await api.do(COUNTY_ADMIN, "strikeOutGridTerm", "", id=terms[which], **WHY)


@pytest.mark.parametrize("held", [True, False])
async def test_what_ended_in_the_town_they_left_stays_as_it_is(api: Api, on: Street, town: Town, held: bool) -> None:
    """A place in a help team ended as they went: with their first day it moves for the county alone."""
    if held:
        await served(town, on.members[0], (FIRST, -40, None))
    await in_team(town, on.members[0], FIRST, -35, None)
    to = {"id": on.members[0], "gridId": await unit_id(api, OTHER), "since": day(-20)}
    term = (await api.do(COUNTY_ADMIN, "assignToGrid", "gridTerm { id }", **to))["gridTerm"]["id"]

    async def lasted() -> tuple[Any, int]:
        return tuple(await api.connection.fetchrow("SELECT until, version FROM help_team_member"))  # type: ignore[arg-type]

    assert await lasted() == (date_of(-21), 2)
    await api.do(THERE, "correctGridTerm", "", id=term, **WHY, since=day(-10))
    if not held:  # in no grid there, they are in nobody's way
        await api.do(THERE, "correctGridTerm", "", id=term, **WHY, since=day(-30))
    assert await lasted() == (date_of(-21), 2)
    assert "CONFLICT" in await said(api, THERE, "strikeOutGridTerm", id=term, **WHY)
    assert await lasted() == (date_of(-21), 2)
    await api.do(COUNTY_ADMIN, "correctGridTerm", "", id=term, **WHY, since=day(-15))
    assert (await lasted())[0] == date_of(-16)


@pytest.mark.parametrize("closed", [-30, -5])
async def test_no_last_day_tells_when_a_company_closed_that_manages_nothing_there(
    api: Api, on: Street, town: Town, closed: int
) -> None:
    """Its register is the county's, and whoever it serves no longer does not read it."""
    company = await town.row(companies, UUID(on.companies[0].partition("_")[2]))
    compound = await town.compound("旧小区")
    contract = await town.contract(compound, company, date.fromisoformat(day(-80)), date_of(-50))
    await town.connection.execute(
        "UPDATE property_company SET closed_on = $1 WHERE id = $2", date_of(closed), company["id"]
    )
    of = {"id": f"mc_{contract['id']}", **WHY}
    (refused,) = await tried(api, TOWN_ADMIN, "correctContract", "until", (-49, -31, -30, -29, -6, -5, -4, 3), **of)
    assert "has left or was closed" in refused
    (done,) = await tried(api, TOWN_ADMIN, "correctContract", "until", (-51, -60), **of)
    assert "'userErrors': []" in done
    (longer,) = await tried(api, COUNTY_ADMIN, "correctContract", "until", (-49, closed), **of)
    assert "'userErrors': []" in longer
