"""Units split: row by row, nothing left behind, the same services for everybody."""

from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest

from services.catalog.tables import AdjustmentKind
from services.errors import ProblemCode, Rejected
from services.organization import splitting
from services.organization.merging import merge
from services.organization.territory import Fate
from services.properties.tables import buildings
from services.storage.transaction import Outcome
from tests.captains.town import COMMUNITY, COUNTY, GRID
from tests.golden.world import id_of, path_of
from tests.organization.land import OTHER_TOWN, SECOND_GRID, SIBLING, TOWN, Land
from tests.organization.test_moving import IMMEDIATE, problems, totals

EAST, WEST = "350521100003", "350521100004"
EAST_PATH = path_of(COMMUNITY).replace(COMMUNITY, EAST)
WEST_PATH = path_of(COMMUNITY).replace(COMMUNITY, WEST)


def part(code: str = EAST, name: str = "城东社区", **rows: Any) -> Mapping[str, Any]:
    """A part as the write path hands it over."""
    return {"name": name, "code": code, **rows}


async def split(land: Land, *into: Mapping[str, Any], at: str = COMMUNITY, dissolved: bool = False) -> Outcome:
    """Split as the write path does."""
    async with land.connection.transaction():
        outcome = await splitting.split(land.tx, unit=await land.unit(at), into=into, dissolved=dissolved)
        await land.connection.execute(IMMEDIATE)
    return outcome


async def organization(land: Land, name: str) -> Any:
    """A party organization by its name."""
    return await land.connection.fetchrow("SELECT * FROM party_organization WHERE name = $1", name)


async def test_a_part_takes_what_is_named(land: Land) -> None:
    """A grid, a compound with all that belongs to it, its branch; the rest stays, and the report says so."""
    compound = await land.settle()
    branch = await organization(land, "和平小区党支部")
    grid = await land.unit(GRID)
    outcome = await split(land, part(units=[grid], compounds=[compound], party_organizations=[branch]))
    assert outcome.id == (await land.unit(EAST))["id"]
    assert (await land.unit(COMMUNITY))["version"] == 2
    assert (await land.unit(GRID))["path"] == f"{EAST_PATH}{GRID}/"
    there = await land.below(EAST_PATH)
    assert there == {
        "org_unit": 2,
        "compound": 1,
        "building": 1,
        "captain_term": 1,
        "management_contract": 1,
        "owners_committee": 1,
        "branch_coverage": 1,
        "party_organization": 2,  # the branch, and the grid's own
        "post": 1,
        "member": 1,
        "service_adjustment": 1,
    }
    stays = await land.below(path_of(COMMUNITY))
    assert stays == {
        "org_unit": 2,
        "party_organization": 2,
        "service_item": 1,
        "service_adjustment": 1,
        "role_grant": 1,
    }
    plain = [line for line in outcome.report if line["fate"] in (Fate.MOVED, Fate.STAYS)]
    more = [(line["fate"], line["name"]) for line in outcome.report if line not in plain and line["id"] is not None]
    assert more == [
        (Fate.ADDED, "城东社区"),
        (Fate.ADDED, "免费体检 EXCLUDE"),
        (Fate.SET_FREE, "北关社区第一网格党支部"),  # whose committee stays behind
    ]
    rows = [(line["kind"], line["name"], line["to_place"][-1]) for line in plain if line["id"] is not None]
    assert rows == [
        ("org_unit", "第一网格", "城东社区"),
        ("party_organization", "和平小区党支部", "城东社区"),
        ("compound", "和平小区", "城东社区"),
        ("org_unit", "第二网格", "北关社区居委会"),
        ("party_organization", "北关社区党委", "北关社区居委会"),
        ("service_item", "助餐点", "北关社区居委会"),
    ]
    moved = [line for line in plain if line["to_place"][-1] == "城东社区"]
    assert totals(moved) == {**there, "org_unit": 1}
    assert all(line["from_place"][-1] == "北关社区居委会" for line in outcome.report)
    assert await land.leads_to(COMMUNITY) == ["北关社区居委会"]


async def test_a_dissolved_unit_goes_to_its_parts(land: Land) -> None:
    """Everything is named; codes, seats and homes go to the first part."""
    compound = await land.settle()
    home = await land.member("陈二", OTHER_TOWN)
    await land.connection.execute("UPDATE member SET home_path = $2 WHERE id = $1", home["id"], path_of(COMMUNITY))
    items = await land.connection.fetch("SELECT * FROM service_item WHERE unit_path = $1", path_of(COMMUNITY))
    east = part(
        units=[await land.unit(GRID)],
        compounds=[compound],
        party_organizations=[await organization(land, "和平小区党支部"), await organization(land, "北关社区党委")],
    )
    west = part(WEST, "城西社区", units=[await land.unit(SECOND_GRID)], items=items)
    outcome = await split(land, east, west, dissolved=True)
    assert outcome.id == (await land.unit(EAST))["id"]
    assert await land.stale(COMMUNITY) == []
    assert await land.leads_to(COMMUNITY) == ["城东社区"]
    assert await land.connection.fetchval("SELECT home_path FROM member WHERE id = $1", home["id"]) == EAST_PATH
    assert (
        await land.connection.fetchval("SELECT unit_path FROM role_grant WHERE role = 'community_admin'") == EAST_PATH
    )
    assert [row["unit_path"] for row in await land.tx.rows(buildings.select())] == [EAST_PATH]
    assert {line["to_place"][-1] for line in outcome.report} == {"城东社区", "城西社区"}


async def test_a_dissolved_unit_must_be_emptied(land: Land) -> None:
    """What is left is told; nothing is done."""
    await land.settle()
    with pytest.raises(Rejected) as rejected:
        await split(land, part(units=[await land.unit(GRID)]), part(WEST, "城西社区"), dissolved=True)
    assert problems(rejected) == [(ProblemCode.INCOMPLETE, "into")]
    assert "5" in rejected.value.problems[0].text.en
    for name in ("第二网格", "和平小区", "北关社区党委", "和平小区党支部", "助餐点"):
        assert name in rejected.value.problems[0].text.zh
    assert await land.below(EAST_PATH) == {}
    with pytest.raises(Rejected) as rejected:
        await split(land, part(units=[await land.unit(GRID)]), dissolved=True)
    assert problems(rejected) == [(ProblemCode.INVALID, "into")]


async def test_the_same_services_as_before(land: Land) -> None:
    """What the unit said of the county's services holds in its parts; everybody has the catalog they had."""
    left_out, asked, noted = await land.item("甲"), await land.item("乙", opt_in=True), await land.item("丙")
    await land.adjustment(left_out, COMMUNITY, AdjustmentKind.EXCLUDE)
    await land.adjustment(asked, COMMUNITY, AdjustmentKind.OPT_IN)
    await land.adjustment(noted, COMMUNITY, AdjustmentKind.NOTE, "周一")
    before = await catalog(land, GRID)
    assert before == [("丙", True, "周一"), ("乙", True, None)]
    await split(land, part(units=[await land.unit(GRID)]))
    assert await catalog(land, GRID) == await catalog(land, SECOND_GRID) == await catalog(land, EAST) == before


async def catalog(land: Land, code: str) -> list[tuple[str, bool, str | None]]:
    """What a unit's catalog holds."""
    rows = await land.connection.fetch(
        "SELECT name, offered, note FROM catalog_entry WHERE unit_path = $1 ORDER BY name",
        (await land.unit(code))["path"],
    )
    return [(row["name"], row["offered"], row["note"]) for row in rows]


async def test_a_merger_taken_back(land: Land) -> None:
    """A part may have a code that was given up when units merged; that then leads to it alone."""
    async with land.connection.transaction():
        await merge(land.tx, unit=await land.unit(COMMUNITY), others=[{"unit": await land.unit(SIBLING)}])
    await split(land, part(SIBLING, "西北社区居委会"))
    assert await land.leads_to(SIBLING) == ["西北社区居委会"]


async def test_rows_that_cannot_be_named(land: Land) -> None:
    """Of another unit, deeper down, or twice: told for each part by its field."""
    elsewhere = await land.compound("别处小区", SIBLING)
    deeper = await land.compound("网格小区", GRID)
    grid = await land.unit(GRID)
    with pytest.raises(Rejected) as rejected:
        await split(land, part(compounds=[elsewhere, deeper], units=[grid]), part(WEST, "城西社区", units=[grid]))
    assert problems(rejected) == [
        (ProblemCode.INVALID, "into.0.units"),
        (ProblemCode.INVALID, "into.0.compounds"),
        (ProblemCode.INVALID, "into.1.units"),
    ]
    assert "别处小区、网格小区" in rejected.value.problems[1].text.zh


async def test_all_that_is_amiss_with_parts(land: Land) -> None:
    """Names, codes and rows of every part are told at once, in their order."""
    elsewhere = await land.compound("别处小区", SIBLING)
    with pytest.raises(Rejected) as rejected:
        await split(
            land, part("12", " "), part(SIBLING, "城西社区"), part(WEST, " ", compounds=[elsewhere]), part(WEST)
        )
    assert problems(rejected) == [
        (ProblemCode.INVALID, "into.0.name"),
        (ProblemCode.INVALID, "into.0.code"),
        (ProblemCode.TAKEN, "into.1.code"),
        (ProblemCode.INVALID, "into.2.name"),
        (ProblemCode.INVALID, "into.2.compounds"),
        (ProblemCode.TAKEN, "into.3.code"),
    ]


@pytest.mark.parametrize(
    ("parts", "code", "field"),
    [
        ([], ProblemCode.INVALID, "into"),
        ([part(name=" ")], ProblemCode.INVALID, "into.0.name"),
        ([part(), part("12", "城西社区")], ProblemCode.INVALID, "into.1.code"),
        ([part(SIBLING)], ProblemCode.TAKEN, "into.0.code"),
        ([part(COMMUNITY)], ProblemCode.TAKEN, "into.0.code"),
        ([part(), part()], ProblemCode.TAKEN, "into.1.code"),
        ([part("350521100777")], ProblemCode.TAKEN, "into.0.code"),  # the sibling's former code
    ],
)
async def test_parts_that_cannot_be(land: Land, parts: list[Mapping[str, Any]], code: ProblemCode, field: str) -> None:
    """No part, no name, a code of another length, in use, or that leads elsewhere."""
    await land.connection.execute(
        "INSERT INTO org_unit_former_code (code, unit_id) VALUES ('350521100777', $1)", id_of(SIBLING)
    )
    with pytest.raises(Rejected) as rejected:
        await split(land, *parts)
    assert problems(rejected) == [(code, field)]


async def test_a_compound_goes_with_its_branch(land: Land) -> None:
    """Without the branch it would leave its reach."""
    compound = await land.settle()
    with pytest.raises(asyncpg.CheckViolationError, match="outside the reach"):
        await split(land, part(compounds=[compound]))


async def test_a_county_can_be_split(land: Land) -> None:
    """Towns and companies go to the new county."""
    company = await land.company("近邻物业")
    await split(land, part("350529", "新县", units=[await land.unit(OTHER_TOWN)], companies=[company]), at=COUNTY)
    assert (await land.unit(OTHER_TOWN))["path"] == f"35/3505/350529/{OTHER_TOWN}/"
    assert await land.connection.fetchval("SELECT unit_path FROM property_company") == "35/3505/350529/"
    assert (await land.unit(TOWN))["path"] == path_of(TOWN)
