"""Units moved, renamed and recoded: everything follows, codes keep leading where they led."""

import asyncio
from typing import Any

import asyncpg
import pytest

from services.errors import ProblemCode, Rejected
from services.organization import commands as reorganization
from services.organization.tables import OrgLevel
from services.organization.territory import LISTED, Fate, bounded
from services.properties.tables import compounds
from services.storage.transaction import Outcome, Record
from tests.captains.town import COMMUNITY, COUNTY, GRID
from tests.golden.world import path_of
from tests.organization.land import OTHER_COUNTY, OTHER_TOWN, SIBLING, SINCE, TOWN, Land

IMMEDIATE = "SET CONSTRAINTS ALL IMMEDIATE"


def problems(rejected: pytest.ExceptionInfo[Rejected]) -> list[tuple[ProblemCode, str]]:
    """What was refused, and for which field."""
    return [(problem.code, problem.field) for problem in rejected.value.problems]


async def test_a_move_takes_everything_along(land: Land) -> None:
    """A town goes to another county with all that lies in it, and the report counts it."""
    await land.settle()
    before = await land.below(path_of(TOWN))
    town, county = await land.unit(TOWN), await land.unit(OTHER_COUNTY)
    outcome = await moved(land, town, county)
    path = (await land.unit(TOWN))["path"]
    assert path == f"{county['path']}{TOWN}/"
    assert await land.below(path) == before
    assert {"compound", "building", "captain_term", "post", "branch_coverage", "role_grant"} < before.keys()
    assert await land.stale(f"{COUNTY}/{TOWN}") == []
    assert outcome.id == town["id"]
    assert totals(outcome.report) == {**before, "org_unit": before["org_unit"] - 1}
    assert outcome.report[0] == {
        "kind": "org_unit",
        "fate": Fate.MOVED,
        "id": town["id"],
        "name": "螺城镇",
        "from_place": ["惠安县", "螺城镇"],
        "to_place": ["安溪县", "螺城镇"],
        "count": 1,
    }
    assert await land.leads_to(COMMUNITY) == ["北关社区居委会"]


def totals(report: Any) -> dict[str, int]:
    """The lines of a report that count."""
    return {line["kind"]: line["count"] for line in report if line["id"] is None}


@pytest.mark.parametrize(
    ("moving", "below"),
    [(TOWN, GRID), (TOWN, COMMUNITY), (TOWN, TOWN), (TOWN, OTHER_TOWN), (COUNTY, TOWN), (TOWN, COUNTY)],
)
async def test_moves_that_cannot_be(land: Land, moving: str, below: str) -> None:
    """Below itself, below its own level or a lower one, and to where it is."""
    with pytest.raises(Rejected) as rejected:
        await reorganization.move(land.tx, unit=await land.unit(moving), parent=await land.unit(below))
    assert problems(rejected) == [(ProblemCode.INVALID, "parent")]


async def test_a_move_keeps_a_compound_in_its_branchs_reach(land: Land) -> None:
    """The town's branch covers a compound: its community cannot go to another town while that lasts."""
    compound = await land.compound("和平小区")
    coverage = await land.coverage(compound, await land.organization("螺城镇联合党支部", TOWN))
    unit, parent = await land.unit(COMMUNITY), await land.unit(OTHER_TOWN)
    with pytest.raises(asyncpg.CheckViolationError) as violated:
        await moved(land, unit, parent)
    assert violated.value.constraint_name == "branch_coverage_reach_check"
    assert await land.unit(COMMUNITY) == unit
    await land.connection.execute("UPDATE branch_coverage SET until = $2 WHERE id = $1", coverage["id"], SINCE)
    await moved(land, unit, parent)


async def moved(land: Land, unit: Record, parent: Record) -> Outcome:
    """Move as the write path does."""
    async with land.connection.transaction():
        outcome = await reorganization.move(land.tx, unit=unit, parent=parent)
        await land.connection.execute(IMMEDIATE)
    return outcome


async def test_what_is_put_into_a_moving_unit(land: Land) -> None:
    """It waits for the move and then finds no such place: nothing is left behind."""
    unit, parent = await land.unit(COMMUNITY), await land.unit(OTHER_TOWN)
    async with land.another() as rival:
        moving = land.connection.transaction()
        await moving.start()
        await reorganization.move(land.tx, unit=unit, parent=parent)
        late = asyncio.ensure_future(rival.compound("新苑"))
        await land.until_waiting(rival)
        await moving.commit()
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await late
    assert await land.tx.rows(compounds.select()) == []


async def test_a_name_is_found_at_once(land: Land) -> None:
    """Renaming makes the search keys anew; a name that cannot be is refused."""
    unit = await land.unit(COMMUNITY)
    await reorganization.rename(land.tx, unit=unit, name=" 城东社区 ")
    after = await land.unit(COMMUNITY)
    assert (after["name"], after["pinyin"], after["version"]) == (
        "城东社区",
        "chengdongshequ cdsq",
        unit["version"] + 1,
    )
    for name in ("", "  ", "城\n东", "长" * 101):
        with pytest.raises(Rejected) as rejected:
            await reorganization.rename(land.tx, unit=unit, name=name)
        assert problems(rejected) == [(ProblemCode.INVALID, "name")]


# --- codes ------------------------------------------------------------------------------------------------------------


async def test_old_codes_keep_leading(land: Land) -> None:
    """A code changed twice, and back: every one of them leads to the unit; what lies below keeps its own."""
    await land.settle()
    before = await land.below(path_of(TOWN))
    for code in ("350521190", "350521191", TOWN, "350521190"):
        unit = (await land.leads_to(TOWN))[0]
        assert unit == "螺城镇"
        await reorganization.recode(land.tx, unit=await named(land, "螺城镇"), code=code)
    assert await land.unit("350521190") == await named(land, "螺城镇")
    assert [await land.leads_to(code) for code in ("350521190", "350521191", TOWN)] == [["螺城镇"]] * 3
    former = await land.connection.fetch(
        "SELECT code FROM org_unit_former_code WHERE unit_id = $1 ORDER BY code", (await named(land, "螺城镇"))["id"]
    )
    assert [row["code"] for row in former] == [TOWN, "350521191", "350524"]
    assert await land.below(f"{path_of(COUNTY)}350521190/") == before
    assert await land.stale(TOWN) == []


async def named(land: Land, name: str) -> Record:
    """The unit of this name."""
    found = await land.connection.fetchval("SELECT code FROM org_unit WHERE name = $1", name)
    return await land.unit(found)


async def test_a_padded_code(land: Land) -> None:
    """Twelve digits are as good as nine."""
    await reorganization.recode(land.tx, unit=await land.unit(TOWN), code="350521190000")
    assert (await land.unit("350521190"))["name"] == "螺城镇"


@pytest.mark.parametrize(
    "code", ["", "abc", "35052110", "350521100001", "３５０５２１１９０", "35052119 "[:8], "3" * 41]
)
async def test_codes_that_cannot_be(land: Land, code: str) -> None:
    """A town's code has nine digits."""
    with pytest.raises(Rejected) as rejected:
        await reorganization.recode(land.tx, unit=await land.unit(OTHER_TOWN), code=code)
    assert problems(rejected) == [(ProblemCode.INVALID, "code")]


async def test_a_code_that_still_leads_elsewhere(land: Land) -> None:
    """Neither a new unit nor another one gets a code that was given up; its owner may take it back."""
    await reorganization.recode(land.tx, unit=await land.unit(TOWN), code="350521190")
    with pytest.raises(Rejected) as rejected:
        await reorganization.recode(land.tx, unit=await land.unit(OTHER_TOWN), code=TOWN)
    assert problems(rejected) == [(ProblemCode.TAKEN, "code")]
    with pytest.raises(Rejected) as rejected:
        await reorganization.create(
            land.tx, parent=await land.unit(COUNTY), name="新镇", code=TOWN, level=OrgLevel.TOWN
        )
    assert problems(rejected) == [(ProblemCode.TAKEN, "code")]
    await reorganization.recode(land.tx, unit=await land.unit("350521190"), code=TOWN)


# --- new units --------------------------------------------------------------------------------------------------------


async def test_a_new_grid(land: Land) -> None:
    """It lies below its community and is found by its name."""
    code = f"{COMMUNITY}003"
    await reorganization.create(
        land.tx, parent=await land.unit(COMMUNITY), name="第三网格", code=code, level=OrgLevel.GRID
    )
    made = await land.unit(code)
    assert (made["path"], made["level"], made["version"]) == (f"{path_of(COMMUNITY)}{code}/", "GRID", 1)
    assert made["pinyin"] == "disanwangge dswg"


@pytest.mark.parametrize(
    ("parent", "code", "level", "field"),
    [
        (COMMUNITY, "350521100003", OrgLevel.COMMUNITY, "level"),
        (COMMUNITY, "350521102", OrgLevel.TOWN, "level"),
        (COMMUNITY, "350521100003", OrgLevel.GRID, "code"),
        (TOWN, "350521100003001", OrgLevel.COMMUNITY, "code"),
    ],
)
async def test_units_that_cannot_be(land: Land, parent: str, code: str, level: OrgLevel, field: str) -> None:
    """A unit is of a lower level than the one above, and its code as long as its level's are."""
    with pytest.raises(Rejected) as rejected:
        await reorganization.create(land.tx, parent=await land.unit(parent), name="新", code=code, level=level)
    assert problems(rejected) == [(ProblemCode.INVALID, field)]


def test_reports_are_bounded() -> None:
    """Single rows up to a number; totals all."""
    lines = [{"id": number if number % 2 else None, "fate": Fate.MOVED} for number in range(4 * LISTED)]
    kept = bounded(lines)
    assert [len([line for line in kept if (line["id"] is None) is total]) for total in (True, False)] == [
        2 * LISTED,
        LISTED,
    ]


def test_a_sibling_is_there() -> None:
    """The world these tests count on."""
    assert path_of(SIBLING).startswith(path_of(TOWN))
