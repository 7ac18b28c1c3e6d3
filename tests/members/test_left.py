"""Members who leave, or come to a grid, with terms in another town: no day tried tells when one began or ended."""

from typing import Any

import pytest

from tests.captains.town import Town
from tests.members.test_grids import FIRST
from tests.members.two_towns import THERE, at, in_team, kept, served, tried, two_towns
from tests.writes.api import Api
from tests.writes.street import COUNTY_ADMIN, OTHER, Street, day, unit_id


@pytest.fixture
async def town(api: Api, on: Street) -> Town:
    return await two_towns(api)


async def leaving(api: Api, who: tuple[str, str], member: str, *days: int) -> list[str]:
    """What is answered where these are tried as the day a member left, each answer once."""
    return sorted(await tried(api, who, "updateMember", "leftOn", days, "member { leftOn }", id=member))


TEAM, GRID, HIDDEN = "此日之后仍在帮困团", "此日之后仍在网格", "另有您无权查看的任期"


@pytest.mark.parametrize("ended", [-41, -50, -88])
async def test_no_day_of_leaving_tells_the_last_of_what_is_over_elsewhere(
    api: Api, on: Street, town: Town, ended: int
) -> None:
    """Before they came their own term keeps them, and nothing else is told; since then nothing does."""
    await served(town, on.members[0], (OTHER, -40, None))
    await in_team(town, on.members[0], FIRST, -90, ended)
    (refused,) = await leaving(api, THERE, on.members[0], -41, -45, -60, -89, -95)
    assert GRID in refused
    assert TEAM not in refused
    (done,) = await leaving(api, THERE, on.members[0], -40, -20, 0)
    assert "'userErrors': []" in done
    assert TEAM in "".join(await leaving(api, COUNTY_ADMIN, on.members[0], ended - 1))


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("ended", [-5, -19])
async def test_every_earlier_day_is_refused_alike_where_no_term_of_theirs_is_later(
    api: Api, on: Street, town: Town, ended: int, own: bool
) -> None:
    """Who came without one, or was in a team of the other town while here: today is no secret, and the county knows."""
    await town.connection.execute("UPDATE member SET unit_path = $1 WHERE name = '演示党员1'", at(OTHER))
    await in_team(town, on.members[0], FIRST, -90, ended)
    if own:
        await in_team(town, on.members[0], OTHER, -60, -20)
    (refused,) = await leaving(api, THERE, on.members[0], -1, -4, -5, -6, -18, -19, -20)
    assert HIDDEN in refused
    assert TEAM not in refused
    assert "'userErrors': []" in (await leaving(api, THERE, on.members[0], 0))[0]
    if own:  # and before the last day of theirs, that alone
        (kept_by,) = await leaving(api, THERE, on.members[0], -21, -59, -95)
        assert TEAM in kept_by
        assert HIDDEN not in kept_by
    (done,) = await leaving(api, COUNTY_ADMIN, on.members[0], ended)
    assert "'userErrors': []" in done


async def test_what_lasts_elsewhere_is_told_by_its_kind(api: Api, on: Street, town: Town) -> None:
    """On every day alike, also beside what is over; where something of theirs keeps them, that alone."""
    await town.connection.execute("UPDATE member SET unit_path = $1 WHERE name = '演示党员1'", at(OTHER))
    await in_team(town, on.members[0], FIRST, -30, None)
    await in_team(town, on.members[0], FIRST, -90, -40)
    (refused,) = await leaving(api, THERE, on.members[0], 0, -1, -29, -31, -39, -41, -95)
    assert TEAM in refused
    assert HIDDEN not in refused
    await served(town, on.members[0], (OTHER, -20, None))
    (refused,) = await leaving(api, THERE, on.members[0], -21, -95)
    assert TEAM not in refused
    (refused,) = await leaving(api, THERE, on.members[0], -20, 0)
    assert TEAM in refused


async def test_whoever_left_is_deleted_whatever_is_over_elsewhere(api: Api, on: Street, town: Town) -> None:
    """The day is known, and nothing lasts beyond it. A term in a grid there stays as it was."""
    await served(town, on.members[0], (FIRST, -40, -20))
    await town.connection.execute("UPDATE member SET unit_path = $1 WHERE name = '演示党员1'", at(OTHER))
    before = await kept(api)
    (refused,) = await leaving(api, THERE, on.members[0], -1, -19, -20, -30, -41)
    assert HIDDEN in refused
    await api.do(COUNTY_ADMIN, "updateMember", "", id=on.members[0], leftOn=day(-10))
    (again,) = await leaving(api, THERE, on.members[0], -10)
    assert "'userErrors': []" in again
    assert await kept(api) == before
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=on.members[0])


# --- coming to a grid -------------------------------------------------------------------------------------------------


async def coming(api: Api, who: tuple[str, str], member: str, *days: int) -> set[str]:
    """What is answered where these are tried as the first day in the community of the other town."""
    given = {"id": member, "gridId": await unit_id(api, OTHER)}
    return await tried(api, who, "assignToGrid", "since", days, "gridTerm { since }", **given)


@pytest.mark.parametrize("ended", [-21, -25])
async def test_no_first_day_tells_when_they_left_a_grid_elsewhere(api: Api, on: Street, town: Town, ended: int) -> None:
    """Every day before today is refused alike, one by one and in a list, until there is a term of theirs behind it."""
    await served(town, on.members[0], (FIRST, -40, ended))
    await town.connection.execute("UPDATE member SET unit_path = $1 WHERE name = '演示党员1'", at(OTHER))
    (refused,) = await coming(api, THERE, on.members[0], -1, -20, -21, -24, -25, -26, -39, -41, -60)
    assert "另有您无权查看的网格任期" in refused
    (done,) = await coming(api, THERE, on.members[0], 0)
    assert "'userErrors': []" in done
    row = {"memberId": on.members[0], "gridId": await unit_id(api, OTHER)}
    listed: dict[str, Any] = {"unitId": await unit_id(api, OTHER), "dryRun": True}
    answers = set()
    for since in (-1, -22, -30, -50):
        members = [{**row, "since": day(since)}]
        answers.add(str(await api.attempt(THERE, "assignMembersToGrids", **listed, members=members)))
    (refused,) = answers
    assert "CLOSED" in refused
    (done,) = await coming(api, COUNTY_ADMIN, on.members[0], ended + 1)
    assert "'userErrors': []" in done


async def test_behind_a_term_of_their_own_days_are_as_ever(api: Api, on: Street, town: Town) -> None:
    """Before it they are refused for it, also where the member was elsewhere."""
    await served(town, on.members[0], (FIRST, -60, -51), (OTHER, -40, -31))
    (refused,) = await coming(api, THERE, on.members[0], -41, -45, -51, -55, -60, -61)
    assert "TAKEN" in refused
    (done,) = await coming(api, THERE, on.members[0], -30, -10, 0)
    assert "'userErrors': []" in done
