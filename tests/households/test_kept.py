"""What keeps a member from leaving, and from being deleted, is told at once, whichever areas it is of."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from services.captains.tables import captain_terms
from services.declared import METADATA
from services.duties.helping import HelpKind, team_terms, teams
from services.duties.tables import duty_terms, items, needs
from services.members.grid_tables import GridTermKind, grid_terms
from services.storage.tables import KEEPS
from services.storage.transaction import Record
from tests.built import CATALOGUE
from tests.captains.town import COMMUNITY, GRID, Town
from tests.golden.world import path_of
from tests.households.block import COUNTY_ADMIN, block
from tests.writes.api import Api
from tests.writes.street import day

# Every trigger that looks at the day on which a member leaves, by the table it looks into.
LOOKING = """
    SELECT split_part(encode(tgargs, 'escape'), '\\000', 1) AS at FROM pg_trigger
    JOIN pg_attribute ON attrelid = tgrelid AND attnum = ANY (tgattr)
    WHERE tgrelid = 'member'::regclass AND attname = 'left_on' AND NOT tgisinternal
"""
KEEPING = {table.name: table.info[KEEPS] for table in METADATA.sorted_tables if KEEPS in table.info}


async def test_whatever_the_database_keeps_somebody_for_is_asked_first(connection: asyncpg.Connection) -> None:
    """What its triggers look into, what tables say, and what is explained to users are the same."""
    assert {row["at"] for row in await connection.fetch(LOOKING)} == KEEPING.keys()
    explained = {name: rule for name, rule in CATALOGUE.rules.items() if rule.field == "left_on"}
    assert explained == {f"member_{name}_check": rule for name, rule in KEEPING.items()}


@pytest.fixture
async def busy(town: Town) -> Record:
    """A member with a term of ten days by now, and no last day, wherever a member can have one."""
    member = (await block(town)).member
    place, whose = {"unit_path": path_of(GRID)}, {"member_id": member["id"]}
    since = {"since": await town.today() - timedelta(days=10)}
    building = await town.building(await town.compound("演示小区"), "1号楼")
    held = {"building_id": building["id"], "unit_path": building["unit_path"]}
    await town.add(captain_terms, **held, **whose, **since)
    await town.part_time(await town.organization("演示党支部"), member)
    item = await town.add(items, name="理发", category="便民", occupations=[], skills=[], unit_path=path_of(COMMUNITY))
    need = await town.add(needs, item_id=item["id"], needed=1, **place, **since)
    await town.add(duty_terms, need_id=need["id"], item_id=item["id"], **place, **whose, **since)
    team = await town.add(teams, kind=HelpKind.CARE, name="关爱", **place)
    await town.add(team_terms, team_id=team["id"], **place, **whose, **since)
    await town.add(grid_terms, kind=GridTermKind.ASSIGNED, **place, **whose, **since)
    held_in = {row["table"] for row in await town.connection.fetch(_holding(), member["id"])}
    assert held_in == KEEPING.keys(), "a term wherever one keeps a member"
    return member


def _holding() -> str:
    found = (f"SELECT '{name}' AS table FROM {name} WHERE member_id = $1 AND until IS NULL" for name in KEEPING)
    return " UNION ALL ".join(found)


async def refused(api: Api, member: Record, command: str, **given: Any) -> list[tuple[str, str]]:
    """What keeps them: the field of each problem, and the table it is of, as its text says."""
    of = {rule.zh: name for name, rule in KEEPING.items()}
    found = await api.attempt(COUNTY_ADMIN, command, id=f"mb_{member['id']}", **given)
    assert {each["code"] for each in found["userErrors"]} == {"CLOSED"}
    return sorted((each["field"][1], of.get(each["message"], "")) for each in found["userErrors"])


async def test_who_leaves_is_told_all_that_keeps_them(api: Api, busy: Record) -> None:
    """Terms after their last day; a grid they are in ends with it, and does not where they came to it since."""
    leaving = {"version": busy["version"]}
    ends = KEEPING.keys() - {"grid_term"}
    assert await refused(api, busy, "updateMember", leftOn=day(0), **leaving) == [
        ("leftOn", each) for each in sorted(ends)
    ]
    told = await refused(api, busy, "updateMember", leftOn=day(-20), **leaving)
    assert told == [("leftOn", each) for each in sorted(KEEPING)]
    assert await api.connection.fetchval("SELECT until FROM grid_term") is None, "nothing is changed by a refusal"


async def test_what_else_is_amiss_is_told_with_it(api: Api, busy: Record) -> None:
    """Nobody is called nothing, whoever leaves."""
    given = {"id": f"mb_{busy['id']}", "version": busy["version"], "name": " ", "leftOn": day(0)}
    told = [each["field"][1] for each in (await api.attempt(COUNTY_ADMIN, "updateMember", **given))["userErrors"]]
    assert told == ["name", *["leftOn"] * (len(KEEPING) - 1)]


async def test_who_is_to_be_deleted_is_told_all_that_keeps_them(api: Api, busy: Record) -> None:
    """With their being restricted; a grid they are in is no hindrance."""
    ends = KEEPING.keys() - {"grid_term"}
    assert await refused(api, busy, "deletePerson") == [("id", each) for each in sorted(ends)]
    await api.do(COUNTY_ADMIN, "restrictMember", "", id=f"mb_{busy['id']}", reason="本人要求")
    assert await refused(api, busy, "deletePerson") == [("id", each) for each in ["", *sorted(ends)]]


async def test_the_database_refuses_it_as_well(api: Api, busy: Record) -> None:
    """One after the other, whoever comes between the question and the answer."""
    met: set[str | None] = set()
    for _ in KEEPING:
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await api.connection.execute("UPDATE member SET left_on = current_date WHERE id = $1", busy["id"])
        met.add(refusal.value.constraint_name)
        (name,) = (name for name in KEEPING if f"member_{name}_check" == refusal.value.constraint_name)
        await api.connection.execute(f"UPDATE {name} SET until = current_date WHERE member_id = $1", busy["id"])
    assert len(met) == len(KEEPING)


async def test_nothing_keeps_who_has_ended_it_all(api: Api, busy: Record) -> None:
    """Their grid ends with them."""
    for name in KEEPING.keys() - {"grid_term"}:
        await api.connection.execute(f"UPDATE {name} SET until = current_date WHERE member_id = $1", busy["id"])
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=f"mb_{busy['id']}")
    assert await api.connection.fetchval("SELECT until = current_date FROM grid_term")
