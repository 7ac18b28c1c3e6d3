"""Whatever a reorganization makes vanish, adds or changes otherwise than by moving is in its report, row by row."""

from typing import Any

import pytest

from services.catalog.tables import AdjustmentKind
from services.declared import METADATA
from services.organization import merging, splitting
from services.organization.commands import move
from services.organization.tables import former_units
from services.organization.territory import Fate
from services.properties.tables import sharings
from services.storage.tables import VIEW
from services.storage.transaction import Outcome
from tests.captains.town import COMMUNITY, GRID
from tests.golden.world import path_of
from tests.organization.land import OTHER_TOWN, SIBLING, SINCE, Land
from tests.organization.test_moving import IMMEDIATE
from tests.organization.test_splitting import WEST, part

FAR = "350521101001"
COUNTED = ("version", "revision")  # how often a row, or what an account may do, was changed
Rows = dict[Any, dict[str, Any]]


async def rows_of(land: Land) -> Rows:
    """Every row with an id, without its paths, which move with the units; a unit that went is kept by the id it had."""
    found: Rows = {}
    for table in METADATA.sorted_tables:
        if "id" in table.c and VIEW not in table.info and table is not former_units:
            for row in await land.connection.fetch(f'SELECT * FROM "{table.name}"'):
                left = {key: value for key, value in row.items() if not key.endswith("path") and key not in COUNTED}
                found[row["id"]] = {**left, "table": table.name}
    return found


async def merged(land: Land) -> Outcome:
    """The community becomes part of its neighbour."""
    return await merging.merge(land.tx, unit=await land.unit(SIBLING), others=[{"unit": await land.unit(COMMUNITY)}])


async def merged_away(land: Land) -> Outcome:
    """The same with one of another town, where no organization of the old one lies above."""
    return await merging.merge(land.tx, unit=await land.unit(FAR), others=[{"unit": await land.unit(COMMUNITY)}])


async def moved(land: Land) -> Outcome:
    """A grid goes to the neighbour."""
    return await move(land.tx, unit=await land.unit(GRID), parent=await land.unit(SIBLING))


async def split(land: Land) -> Outcome:
    """A grid goes to a new community."""
    return await splitting.split(land.tx, unit=await land.unit(COMMUNITY), into=[part(units=[await land.unit(GRID)])])


async def split_off_the_committee(land: Land) -> Outcome:
    """The committee goes to a new community, and leaves the grids' branches."""
    of = await land.connection.fetchrow("SELECT * FROM party_organization WHERE name = '北关社区党委'")
    assert of is not None
    return await splitting.split(
        land.tx, unit=await land.unit(COMMUNITY), into=[part(party_organizations=[dict(of)]), part(WEST, "城西")]
    )


@pytest.mark.parametrize("way", [merged, merged_away, moved, split, split_off_the_committee])
async def test_nothing_is_passed_over(land: Land, way: Any) -> None:
    """Compared by id and by every column."""
    compound = await land.settle()
    item = await land.item("法律咨询")
    for at, note in ((COMMUNITY, "周一"), (SIBLING, "周二")):
        await land.adjustment(item, at, AdjustmentKind.NOTE, note)
        await land.adjustment(item, at, AdjustmentKind.EXCLUDE)
    await land.add_unit(FAR, "溪东社区", OTHER_TOWN)
    place = {"compound_id": compound["id"], "unit_path": compound["unit_path"], "sharer_path": path_of(SIBLING)}
    await land.add(sharings, **place, since=SINCE)
    before = await rows_of(land)
    async with land.connection.transaction():
        outcome = await way(land)
        await land.connection.execute(IMMEDIATE)
    after = await rows_of(land)
    told = {
        (line["fate"], line["id"])
        for line in outcome.report
        if line["id"] is not None and line["fate"] not in (Fate.MOVED, Fate.STAYS)
    }
    lost = {(Fate.LOST, row) for row in before.keys() - after.keys()}
    added = {(Fate.ADDED, row) for row in after.keys() - before.keys()}
    changed = {
        (Fate.ENDED if after[row]["table"] == sharings.name else Fate.SET_FREE, row)
        for row in before.keys() & after.keys()
        if before[row] != after[row]
    }
    assert told == lost | added | changed
    assert told
    totals = {(line["kind"], line["fate"]): line["count"] for line in outcome.report if line["id"] is None}
    for fate, row in told:
        kind = {**before, **after}[row]["table"]
        if kind != "org_unit":
            assert totals[kind, fate] >= 1
