"""Numbers of who holds two seats: no less than one of them alone is told, and nothing that neither could know."""

from typing import Any

import pytest

from services.households.tables import contacts, households, visits
from services.settings import SMALLEST_CELL
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.golden.world import path_of
from tests.households.block import Block, block
from tests.writes.api import Api

TOWN, SIBLING = "350521100", "350521100002"
VISITS = "hardshipVisits sickVisits unusualHouseholds disputeCases"
LINKED = "registeredHouseholds householdsLinked householdsWithoutAnyone householdCoverage membersWithTen"
CAPTAINS = "buildings buildingsWithCaptain buildingsWithoutCaptain"


@pytest.fixture
async def here(town: Town) -> Block:
    return await block(town)


async def also(api: Api, who: tuple[str, str], role: str, at: str) -> None:
    """Whoever holds one seat is given another."""
    await api.token(*who)
    await api.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path) SELECT gen_random_uuid(), id, $1, $2"
        " FROM account WHERE name = $3",
        *(role, path_of(at), f"test {' '.join(who)}"),
    )


async def numbers(api: Api, who: tuple[str, str], code: str, names: str) -> list[Any]:
    query = f"query($code: String!) {{ orgUnit(by: {{code: $code}}) {{ indicators {{ {names} }} }} }}"
    return list((await api.data(who, query, code=code))["orgUnit"]["indicators"].values())


async def visited(town: Town, here: Block, code: str, many: int) -> None:
    today = await town.today()
    said = {"member_id": here.member["id"], "outcome": "已走访", "recorded_on": today, "visited_on": today}
    household = await town.add(households, name=f"{code} {many} 次", unit_path=path_of(code))
    for _ in range(many):
        await town.add(visits, household_id=household["id"], unit_path=path_of(code), kind="HARDSHIP", **said)


async def test_none_is_told_where_every_row_can_be_read(api: Api, town: Town, here: Block) -> None:
    """Whatever else is counted elsewhere; not above, where some are only counted."""
    await visited(town, here, GRID, 3)
    keeper, admin = ("visit_keeper", COMMUNITY), ("community_admin", SIBLING)
    alone = await numbers(api, keeper, COMMUNITY, VISITS)
    assert alone == [3, 0, 0, 0]
    await also(api, keeper, *admin)
    assert await numbers(api, keeper, COMMUNITY, VISITS) == alone
    assert await numbers(api, keeper, GRID, VISITS) == alone
    assert await numbers(api, keeper, SIBLING, VISITS) == [None] * 4


@pytest.mark.parametrize("above", [("town_admin", TOWN), ("county_admin", COUNTY)])
async def test_that_there_are_no_others_is_not_told_above(
    api: Api, town: Town, here: Block, above: tuple[str, str]
) -> None:
    """The first that came to be there would be told by that, however many of those below are read."""
    await visited(town, here, GRID, 3)
    await also(api, above, "visit_keeper", COMMUNITY)
    assert await numbers(api, above, COMMUNITY, VISITS) == [3, 0, 0, 0]
    assert await numbers(api, above, GRID, VISITS) == [3, 0, 0, 0]
    for many in (0, 1):
        await visited(town, here, SIBLING, many)
        assert await numbers(api, above, above[1], VISITS) == [None] * 4
    await visited(town, here, SIBLING, SMALLEST_CELL)
    assert (await numbers(api, above, above[1], VISITS))[0] is not None


async def test_what_is_somebody_s_own_is_told_where_nothing_is_only_counted(api: Api, town: Town, here: Block) -> None:
    """A member who came, and administers another community."""
    await visited(town, here, GRID, 3)
    alone = await numbers(api, here.own, GRID, VISITS)
    await also(api, here.own, "community_admin", SIBLING)
    assert await numbers(api, here.own, GRID, VISITS) == alone == [3, 0, 0, 0]


async def test_a_relation_is_followed_where_it_is_read(api: Api, town: Town, here: Block) -> None:
    """Not where another seat counts what leads to it, or might: nothing leads to what is not read there."""
    admin, auditor = ("community_admin", COMMUNITY), ("auditor", SIBLING)
    for number in range(SMALLEST_CELL + 2):
        row = await town.add(households, name=f"5号楼{number}", unit_path=path_of(SIBLING))
        place = {"household_id": row["id"], "unit_path": row["unit_path"], "member_id": here.member["id"]}
        await town.add(contacts, **place, since=await town.today())
    assert await numbers(api, auditor, SIBLING, LINKED) == [SMALLEST_CELL, None, None, None, None]
    alone = await numbers(api, admin, COMMUNITY, LINKED)
    assert alone == [3, 1, 2, 0.3333, 1]
    await also(api, admin, *auditor)
    assert await numbers(api, admin, SIBLING, LINKED) == [SMALLEST_CELL, None, None, None, None]
    assert await numbers(api, admin, COMMUNITY, LINKED) == alone
    assert (await numbers(api, admin, GRID, LINKED))[:4] == [2, 1, 1, 0.5]


async def test_a_seat_within_one_that_reads_it_all_takes_nothing_away(api: Api, here: Block) -> None:
    """Nor from a unit above both."""
    admin = ("community_admin", COMMUNITY)
    await also(api, admin, "partner", TOWN)  # to see that unit
    alone = await numbers(api, admin, TOWN, LINKED.removesuffix(" membersWithTen"))
    assert alone == [3, 1, 2, 0.3333]
    await also(api, admin, "auditor", GRID)
    assert await numbers(api, admin, TOWN, LINKED.removesuffix(" membersWithTen")) == alone


async def test_nor_is_a_share_made_of_it_where_there_happens_to_be_nothing(api: Api, town: Town, here: Block) -> None:
    """Of a unit above both seats, in which none is only counted by now."""
    admin = ("community_admin", COMMUNITY)
    for role, at in (("partner", TOWN), ("auditor", SIBLING)):  # a partner, to see that unit
        await also(api, admin, role, at)
    assert await numbers(api, admin, TOWN, LINKED) == [3, None, None, None, None]


@pytest.mark.parametrize("beside", [("property_committee", COUNTY), ("partner", TOWN)])
async def test_nor_where_another_seat_reads_what_leads_to_it(
    api: Api, town: Town, here: Block, beside: tuple[str, str]
) -> None:
    """Buildings with and without a captain: told of a community, unknown of the town around it."""
    for code in (COMMUNITY, SIBLING):
        await town.building(await town.compound(f"小区{code}", code), "1号楼")
    admin = ("community_admin", COMMUNITY)
    alone = await numbers(api, admin, COMMUNITY, CAPTAINS)
    assert alone == [1, 0, 1]
    await also(api, admin, *beside)
    assert await numbers(api, admin, COMMUNITY, CAPTAINS) == alone
    assert await numbers(api, admin, SIBLING, CAPTAINS) == [1, None, None]
    assert await numbers(api, admin, TOWN, CAPTAINS) == [2, None, None]


async def test_what_is_counted_besides_what_is_read_is_rounded_with_it(api: Api, town: Town, here: Block) -> None:
    """As for the seat that reads none of it: who may ask by each of two (`Jinlin-Grant`) narrows nothing by both."""
    above = ("town_admin", TOWN)
    for code, many in ((GRID, SMALLEST_CELL + 3), (SIBLING, 2 * SMALLEST_CELL + 4)):
        await visited(town, here, code, many)
    alone = await numbers(api, above, TOWN, VISITS)
    assert alone[0] == 3 * SMALLEST_CELL
    await also(api, above, "visit_keeper", COMMUNITY)
    assert await numbers(api, above, TOWN, VISITS) == alone
    assert (await numbers(api, above, COMMUNITY, VISITS))[0] == SMALLEST_CELL + 3
