"""Deadlines that lie in a year nobody announced stop nobody's work, and are counted once somebody loads it."""

import asyncio
from typing import Any

import asyncpg
import pytest

from services.calendar.commands import LOADING
from services.storage.database import connected
from tests.captains.town import COMMUNITY, GRID, Town
from tests.centres.asked import ADMIN, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN
from tests.deliberation.asked import SHOWN, announced, loaded, moved, proposed
from tests.writes.api import Api
from tests.writes.street import unit_id

OTHER = "350521100002"
NUMBER = '{ orgUnit(by: {code: "350521"}) { indicators { mattersLate } } matters(filter: {late: true}) { totalCount } }'

BLOCKED = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid)))"


@pytest.fixture(autouse=True)
async def _years(api: Api) -> None:
    await announced(api)


async def since(api: Api, day: str) -> dict[str, Any]:
    """A matter that is consulted on since a day of long ago, before there were announcements."""
    mine = (await proposed(api))["id"]
    await moved(api, mine, "consultMatter", -9)
    await api.connection.execute("UPDATE matter SET proposed_on = '2002-01-02' WHERE title LIKE '增设充电棚%'")
    right = {"id": mine, "on": day, "reason": "误记"}
    found: dict[str, Any] = (await api.do(TOWN_ADMIN, "correctMatterMove", SHOWN, **right))["matter"]
    return found


async def seen(api: Api, matter: str, who: tuple[str, str] = ADMIN) -> dict[str, Any]:
    """It as it is now."""
    asked = f"query($id: ID!) {{ node(id: $id) {{ ... on Matter {{ {SHOWN[SHOWN.index('{') + 1 :]} }} }}"
    found: dict[str, Any] = (await api.data(who, asked, id=matter))["node"]
    return found


async def test_a_step_begins_whose_deadline_nobody_can_count(api: Api) -> None:
    """It is late by no day, of which nobody knows; what it waits for is told, and counted once that is loaded."""
    made = await since(api, "2003-02-03")
    assert (made["dueOn"], made["dueUnannounced"], made["late"], made["daysLate"]) == (None, 2003, False, 0)
    numbers = await api.data(COUNTY_ADMIN, NUMBER)
    assert numbers == {"orgUnit": {"indicators": {"mattersLate": 0}}, "matters": {"totalCount": 0}}
    await loaded(api, 2003, "350521100002")
    assert (await seen(api, made["id"]))["dueOn"] is None  # the neighbours' year is theirs
    await loaded(api, 2003)
    found = await seen(api, made["id"])
    assert (found["dueOn"], found["dueUnannounced"], found["late"]) == ("2003-03-03", None, True)
    assert found["version"] == made["version"] + 1
    numbers = await api.data(COUNTY_ADMIN, NUMBER)
    assert numbers == {"orgUnit": {"indicators": {"mattersLate": 1}}, "matters": {"totalCount": 1}}


async def test_it_waits_for_one_year_after_another(api: Api) -> None:
    """The nearest unit's year counts, as of anything that begins there; then the one that was announced for all."""
    made = await since(api, "2002-12-20")
    assert made["dueUnannounced"] == 2002
    await loaded(api, 2002, COMMUNITY)
    assert (await seen(api, made["id"]))["dueUnannounced"] == 2003
    await loaded(api, 2003)
    assert (await seen(api, made["id"]))["dueOn"] == "2003-01-17"
    other = await since(api, "2003-12-22")
    assert (other["dueOn"], other["dueUnannounced"]) == ("2004-01-18", None)


async def test_what_is_changed_of_a_year_counts_on_what_waits(api: Api) -> None:
    """As of a unit that came to the county later; what was due by the former days stays due."""
    made = await since(api, "2003-02-03")
    await loaded(api, 2003)
    waits = "UPDATE matter SET due_on = NULL, due_after = '2003-02-03', due_left = 20 RETURNING id"
    await api.connection.fetch(waits)
    years = "{ calendarYears(filter: {year: {to: 2003}}) { nodes { id } } }"
    (year,) = (await api.data(COUNTY_ADMIN, years))["calendarYears"]["nodes"]
    for off, due in (("2003-02-04", "2003-03-04"), ("2003-02-05", "2003-03-04")):
        await api.do(COUNTY_ADMIN, "updateYear", "", id=year["id"], daysOff=[off])
        assert (await seen(api, made["id"]))["dueOn"] == due


async def about(api: Api, town: Town) -> tuple[str, str]:
    """A matter of the community about a compound in its grid, which waits, and the compound."""
    made, compound = await since(api, "2003-02-03"), await town.compound("网格小区", GRID)
    await api.do(ADMIN, "updateMatter", "", id=made["id"], compoundId=(there := f"cp_{compound['id']}"))
    return made["id"], there


@pytest.mark.parametrize("how", ["with its grid", "by itself", "by a merger"])
async def test_what_moves_to_where_its_year_is_loaded_waits_no_longer(api: Api, town: Town, how: str) -> None:
    mine, compound = await about(api, town)
    await moved(api, mine, "actOnMatter", -2)
    other = await unit_id(api, OTHER)
    await loaded(api, 2003, OTHER)
    ours = await unit_id(api, COMMUNITY)
    given: dict[str, tuple[str, dict[str, Any]]] = {
        "with its grid": ("moveUnit", {"id": await unit_id(api, GRID), "parentId": other}),
        "by itself": ("updateCompound", {"id": compound, "unitId": other}),
        "by a merger": ("mergeUnits", {"id": other, "others": [{"id": ours, "version": await api.version(ours)}]}),
    }
    await api.do(COUNTY_ADMIN, given[how][0], "", **given[how][1])
    (_, left) = (await seen(api, mine, NEIGHBOUR))["moves"]["nodes"]
    assert (left["dueOn"], left["dueUnannounced"]) == ("2003-03-03", None)


async def test_what_moves_to_where_nobody_loaded_its_year_waits_on(api: Api, town: Town) -> None:
    mine, _ = await about(api, town)
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=await unit_id(api, GRID), parentId=await unit_id(api, OTHER))
    assert (await seen(api, mine, NEIGHBOUR))["dueUnannounced"] == 2003


async def test_a_year_is_loaded_while_what_waits_for_it_moves_there(api: Api, town: Town) -> None:
    """Either sees the other, as above."""
    mine, _ = await about(api, town)
    given = {"id": await unit_id(api, GRID), "parentId": await unit_id(api, OTHER)}
    await asyncio.gather(api.do(COUNTY_ADMIN, "moveUnit", "", **given), loaded(api, 2003, OTHER))
    assert (await seen(api, mine, NEIGHBOUR))["dueOn"] == "2003-03-03"


async def test_how_late_a_step_was_left_is_told_later(api: Api) -> None:
    made = await since(api, "2003-02-03")
    (_, left) = (await moved(api, made["id"], "actOnMatter", -2))["moves"]["nodes"]
    assert (left["dueOn"], left["dueUnannounced"], left["daysLate"]) == (None, 2003, 0)
    await loaded(api, 2003)
    (_, left) = (await seen(api, made["id"]))["moves"]["nodes"]
    assert (left["dueOn"], left["dueUnannounced"]) == ("2003-03-03", None)
    assert left["daysLate"] > 7000


async def test_a_year_is_loaded_while_a_step_begins(api: Api) -> None:
    """Either sees the other: nothing is left waiting for what is there."""
    made = await since(api, "2003-02-03")
    right = {"id": made["id"], "on": "2003-02-04", "reason": "误记"}
    both = api.attempt(TOWN_ADMIN, "correctMatterMove", **right), loaded(api, 2003)
    await asyncio.gather(*both)
    assert (await seen(api, made["id"]))["dueUnannounced"] is None


async def test_whoever_holds_what_waits_may_still_have_it_wait(api: Api) -> None:
    """A command holds its matter before it asks whether a year is being loaded: who loads one holds none of it yet."""
    made = await since(api, "2003-02-03")
    async with connected(api.service_url) as command, command.transaction():
        await command.execute("SELECT FROM matter WHERE id = $1 FOR UPDATE", made["id"][3:])
        loading = asyncio.create_task(loaded(api, 2003))
        async with asyncio.timeout(20):
            while not await api.connection.fetchval(BLOCKED, command.get_server_pid()):
                pass
        assert await command.fetchval("SELECT pg_try_advisory_xact_lock_shared($1)", LOADING)
    await loading
    assert (await seen(api, made["id"]))["dueOn"] == "2003-03-03"


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE matter SET due_on = NULL",
        "UPDATE matter SET due_after = stepped_on, due_left = 1",
        "UPDATE matter SET due_on = NULL, due_after = stepped_on",
        "UPDATE matter SET due_on = NULL, due_after = stepped_on, due_left = 0",
        "UPDATE matter_move SET due_on = NULL",
    ],
)
async def test_a_step_is_due_or_waits(api: Api, wrong: str) -> None:
    await moved(api, (await proposed(api))["id"], "consultMatter", -9)
    with pytest.raises(asyncpg.CheckViolationError, match="due_check"):
        await api.connection.execute(wrong)
