"""Services published, withdrawn and adjusted: what the catalog of each unit comes to."""

import asyncio
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import select

from services.catalog import commands as publishing
from services.catalog.tables import Operation, ServiceFunction, adjustments, in_force, service_items
from services.errors import ProblemCode, Refused, Rejected
from services.organization.commands import move
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, GRID
from tests.golden.world import path_of
from tests.organization.land import OTHER_COUNTY, OTHER_TOWN, SIBLING, TOWN, Land
from tests.organization.test_moving import problems

DAY = timedelta(days=1)


async def published(land: Land, name: str, at: str = COUNTY, **values: Any) -> Record:
    """A service, by the command."""
    made = await publishing.publish(
        land.tx, unit=await land.unit(at), function=ServiceFunction.FOOD, name=name, **values
    )
    return await land.row(service_items, made)


async def seen(land: Land, at: str) -> dict[str, tuple[bool, str | None]]:
    """The catalog of a unit: by name, whether a service is offered, and its note."""
    path = (await land.unit(at))["path"]
    rows = await land.connection.fetch("SELECT * FROM catalog_entry WHERE unit_path = $1", path)
    return {row["name"]: (row["offered"], row["note"]) for row in rows}


async def test_a_catalog_is_inherited(land: Land) -> None:
    """County, town and community publish; each unit has what is published at it and above."""
    for name, at in (("县", COUNTY), ("镇", TOWN), ("社区", COMMUNITY), ("别处", OTHER_TOWN)):
        await published(land, name, at)
    assert list(await seen(land, COUNTY)) == ["县"]
    assert set(await seen(land, TOWN)) == {"县", "镇"}
    assert set(await seen(land, GRID)) == {"县", "镇", "社区"}
    assert set(await seen(land, SIBLING)) == {"县", "镇"}
    assert await seen(land, OTHER_COUNTY) == {}
    source = await land.connection.fetchval(
        "SELECT source_path FROM catalog_entry WHERE unit_path = $1 AND name = '镇'", path_of(GRID)
    )
    assert source == path_of(TOWN)


async def test_left_out(land: Land) -> None:
    """A town leaves a service out for all its communities; another town keeps it. Twice is as good as once."""
    item, town = await published(land, "助餐点"), await land.unit(TOWN)
    made = await publishing.exclude(land.tx, unit=town, item=item)
    assert await publishing.exclude(land.tx, unit=town, item=item) == made
    assert [await seen(land, at) for at in (TOWN, COMMUNITY, GRID)] == [{}, {}, {}]
    assert [list(await seen(land, at)) for at in (COUNTY, OTHER_TOWN)] == [["助餐点"], ["助餐点"]]
    adjustment = await land.row(adjustments, made)
    assert await publishing.end_adjustment(land.tx, adjustment=adjustment) == town["id"]
    assert list(await seen(land, GRID)) == ["助餐点"]


async def test_taken_up(land: Land) -> None:
    """It waits everywhere, until a community takes it up for itself and its grids."""
    item, community = await published(land, "夜间门诊", opt_in=True), await land.unit(COMMUNITY)
    assert await seen(land, GRID) == {"夜间门诊": (False, None)}
    made = await publishing.take_up(land.tx, unit=community, item=item)
    assert await publishing.take_up(land.tx, unit=community, item=item) == made
    offered = [(await seen(land, at))["夜间门诊"][0] for at in (COUNTY, TOWN, COMMUNITY, GRID, SIBLING)]
    assert offered == [False, False, True, True, False]


async def test_what_cannot_be_taken_up(land: Land) -> None:
    """What is offered anyway, and what is left out here or above."""
    plain, waiting = await published(land, "助餐点"), await published(land, "夜间门诊", opt_in=True)
    await publishing.exclude(land.tx, unit=await land.unit(TOWN), item=waiting)
    for item in (plain, waiting):
        with pytest.raises(Rejected) as rejected:
            await publishing.take_up(land.tx, unit=await land.unit(COMMUNITY), item=item)
        assert problems(rejected) == [(ProblemCode.INVALID, "item")]


async def test_the_nearest_note_counts(land: Land) -> None:
    """A unit's note replaces those from above for itself and below; a second one replaces its first."""
    item = await published(land, "助餐点")
    for at, note in ((COUNTY, "县"), (COMMUNITY, "社区"), (TOWN, "镇"), (COMMUNITY, " 每周一\n至周五 ")):
        await publishing.override(land.tx, unit=await land.unit(at), item=item, note=note)
    notes = {at: (await seen(land, at))["助餐点"][1] for at in (COUNTY, TOWN, COMMUNITY, GRID, SIBLING, OTHER_TOWN)}
    assert notes == {
        COUNTY: "县",
        TOWN: "镇",
        COMMUNITY: "每周一\n至周五",
        GRID: "每周一\n至周五",
        SIBLING: "镇",
        OTHER_TOWN: "县",
    }
    version = await land.connection.fetchval(
        "SELECT version FROM service_adjustment WHERE unit_path = $1", path_of(COMMUNITY)
    )
    assert version == 2


@pytest.mark.parametrize("note", ["", " \n", "长" * 2001, "不\u202e可", "不\x00可", "不\ud800可"])
async def test_notes_that_cannot_be(land: Land, note: str) -> None:
    """Empty, too long, or not to be seen."""
    with pytest.raises(Rejected) as rejected:
        await publishing.override(land.tx, unit=await land.unit(TOWN), item=await published(land, "助餐点"), note=note)
    assert problems(rejected) == [(ProblemCode.INVALID, "note")]


async def test_out_of_reach(land: Land) -> None:
    """A unit says nothing of what another branch of the tree, or a unit below, publishes."""
    for at in (TOWN, COUNTY, OTHER_COUNTY):
        item = await published(land, f"社区{at}", COMMUNITY, opt_in=True)
        unit = await land.unit(at)
        for adjust in (
            publishing.exclude(land.tx, unit=unit, item=item),
            publishing.take_up(land.tx, unit=unit, item=item),
            publishing.override(land.tx, unit=unit, item=item, note="说明"),
        ):
            with pytest.raises(Rejected) as rejected:
                await adjust
            assert problems(rejected) == [(ProblemCode.OUT_OF_REACH, "item")]


async def test_withdrawn(land: Land) -> None:
    """In the catalog until the day before; then closed to everything; its name is free at once."""
    item, today = await published(land, "助餐点"), await land.today()
    await publishing.withdraw(land.tx, item=item, on=today + DAY)
    assert list(await seen(land, GRID)) == ["助餐点"]
    await published(land, "助餐点", opt_in=True)
    await publishing.withdraw(land.tx, item=await land.row(service_items, item["id"]), on=today)
    assert await seen(land, GRID) == {"助餐点": (False, None)}
    gone, unit = await land.row(service_items, item["id"]), await land.unit(COMMUNITY)
    for command in (
        publishing.withdraw(land.tx, item=gone, on=today),
        publishing.update(land.tx, item=gone, name="新助餐点"),
        publishing.exclude(land.tx, unit=unit, item=gone),
    ):
        with pytest.raises(Rejected) as rejected:
            await command
        assert problems(rejected) == [(ProblemCode.CLOSED, "item")]
    with pytest.raises(Rejected) as rejected:
        await publishing.withdraw(land.tx, item=await published(land, "阅览室"), on=date(2999, 1, 1))
    assert problems(rejected) == [(ProblemCode.INVALID, "on")]


async def test_an_update(land: Land) -> None:
    """What is given changes, null clears what may be empty, and is refused where it may not."""
    item = await published(
        land,
        "助餐点",
        operation=Operation.PURCHASED,
        operator="近邻公司",
        beneficiaries=15_000,
        description="午餐\n晚餐",
    )
    assert (item["operation"], item["beneficiaries"], item["description"]) == ("PURCHASED", 15_000, "午餐\n晚餐")
    await publishing.update(land.tx, item=item, name="长者食堂", operator=None, operation=None, description=None)
    after = await land.row(service_items, item["id"])
    assert (after["name"], after["pinyin"], after["operator"], after["description"], after["version"]) == (
        *("长者食堂", "zhangzheshitang zzst", None, None),
        2,
    )
    for change in ({"name": None}, {"online": None}, {"function": None}, {"beneficiaries": -1}, {"name": "长" * 101}):
        with pytest.raises(Rejected) as rejected:
            await publishing.update(land.tx, item=after, **change)
        assert problems(rejected) == [(ProblemCode.INVALID, *change)]


@pytest.mark.parametrize(
    ("values", "constraint", "field"),
    [
        ({"name": "助餐点"}, "service_item_unit_path_folded_key", "name"),
        ({"name": "阅览室", "operator": "近邻公司"}, "service_item_operator_check", "operator"),
    ],
)
async def test_what_the_table_refuses(land: Land, values: dict[str, Any], constraint: str, field: str) -> None:
    """And the rule that says what it means."""
    await published(land, "助餐点")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as violated:
        await published(land, **values)
    assert violated.value.constraint_name == constraint
    refusal = publishing.RULES[constraint].refusal()
    assert isinstance(refusal, Rejected)
    assert [problem.field for problem in refusal.problems] == [field]


async def test_two_say_the_same_at_once(land: Land) -> None:
    """The second waits for the first and is told of the conflict."""
    item, unit = await published(land, "助餐点"), await land.unit(TOWN)
    async with land.another() as rival:
        first = land.connection.transaction()
        await first.start()
        await publishing.exclude(land.tx, unit=unit, item=item)
        late = asyncio.ensure_future(publishing.exclude(rival.tx, unit=unit, item=item))
        await land.until_waiting(rival)
        await first.commit()
        with pytest.raises(asyncpg.UniqueViolationError) as violated:
            await late
    assert isinstance(publishing.RULES[violated.value.constraint_name or ""].refusal(), Refused)


async def test_what_was_said_sleeps_while_a_unit_is_elsewhere(land: Land) -> None:
    """A town goes to another county and comes back: its adjustments count where the publisher reaches it."""
    item = await published(land, "助餐点")
    said = await publishing.exclude(land.tx, unit=await land.unit(TOWN), item=item)
    await published(land, "法律咨询", OTHER_COUNTY)
    for county, listed, counts in ((OTHER_COUNTY, {"法律咨询"}, False), (COUNTY, set[str](), True)):
        await move(land.tx, unit=await land.unit(TOWN), parent=await land.unit(county))
        assert set(await seen(land, GRID)) == listed
        said_now = adjustments.alias()
        found = select(in_force(said_now.c)).where(said_now.c.id == said)
        assert await land.tx.value(found) is counts
