"""Units merged: nothing keeps a path of what is gone, codes lead to the survivor, clashes are told."""

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest

from services.catalog.tables import AdjustmentKind
from services.errors import ProblemCode, Rejected
from services.organization import merging
from services.organization.commands import recode
from services.organization.territory import Fate
from services.storage.transaction import Outcome
from tests.captains.town import COMMUNITY, COUNTY, GRID
from tests.golden.world import path_of
from tests.organization.land import OTHER_COUNTY, OTHER_TOWN, SECOND_GRID, SIBLING, TOWN, Land
from tests.organization.test_moving import IMMEDIATE, problems, totals


async def merged(land: Land, survivor: str, *others: str) -> Outcome:
    """Merge as the write path does."""
    async with land.connection.transaction():
        rows = [await land.unit(code) for code in others]
        outcome = await merging.merge(land.tx, unit=await land.unit(survivor), others=[{"unit": row} for row in rows])
        await land.connection.execute(IMMEDIATE)
    return outcome


async def test_everything_goes_to_the_survivor(land: Land) -> None:
    """A community with something of every kind becomes part of its neighbour, and keeps what is in it."""
    await land.settle()
    home = await land.member("陈二", OTHER_TOWN)
    await land.connection.execute("UPDATE member SET home_path = $2 WHERE id = $1", home["id"], path_of(COMMUNITY))
    before, gone = await land.below(path_of(COMMUNITY)), await land.unit(COMMUNITY)
    outcome = await merged(land, SIBLING, COMMUNITY)
    assert await land.below(path_of(SIBLING)) == before
    assert await land.stale(COMMUNITY) == []
    assert await land.connection.fetchval("SELECT home_path FROM member WHERE id = $1", home["id"]) == path_of(SIBLING)
    assert await land.leads_to(COMMUNITY) == ["西北社区居委会"]
    survivor = await land.unit(SIBLING)
    assert (outcome.id, survivor["version"]) == (survivor["id"], 2)
    first, *lines = outcome.report
    assert (first["kind"], first["id"], first["name"]) == ("org_unit", gone["id"], gone["name"])
    assert (first["from_place"], first["to_place"]) == (
        ["惠安县", "螺城镇", "北关社区居委会"],
        ["惠安县", "螺城镇", "西北社区居委会"],
    )
    assert first["fate"] == Fate.LOST
    named = {(line["kind"], line["name"]) for line in lines if line["id"] is not None}
    assert named == {
        ("member", "陈二"),  # whose home it was
        ("org_unit", "第一网格"),
        ("org_unit", "第二网格"),
        ("compound", "和平小区"),
        ("party_organization", "北关社区党委"),
        ("party_organization", "和平小区党支部"),
        ("service_item", "助餐点"),
    }
    assert totals(outcome.report) == {**before, "org_unit": 2}
    assert totals(outcome.report)["role_grant"] == 1


async def test_several_units_with_codes_of_their_own(land: Land) -> None:
    """Former codes of merged units, and of those merged into them, all lead to the one that is left."""
    await land.add_unit("350521100003", "城南社区", TOWN)
    await recode(land.tx, unit=await land.unit(SIBLING), code="350521100009")
    await merged(land, "350521100003", "350521100009")
    await merged(land, COMMUNITY, "350521100003")
    for code in (SIBLING, "350521100009", "350521100003", COMMUNITY):
        assert await land.leads_to(code) == ["北关社区居委会"]
    await recode(land.tx, unit=await land.unit(COMMUNITY), code=SIBLING)
    assert await land.leads_to(SIBLING) == await land.leads_to(COMMUNITY) == ["北关社区居委会"]


async def test_two_at_once(land: Land) -> None:
    """Children of each lie below the survivor."""
    await land.add_unit("350521100003", "城南社区", TOWN)
    await land.add_unit("350521100003001", "南一网格", "350521100003")
    await merged(land, SIBLING, COMMUNITY, "350521100003")
    below = await land.connection.fetch("SELECT name FROM org_unit WHERE parent_path = $1", path_of(SIBLING))
    assert {row["name"] for row in below} == {"第一网格", "第二网格", "南一网格"}


@pytest.mark.parametrize(
    ("survivor", "others", "amiss"),
    [
        (COMMUNITY, (), ["others"]),
        (COMMUNITY, (SIBLING, COMMUNITY, SIBLING, TOWN), [f"others.{row}.unit" for row in (1, 2, 3)]),
        (TOWN, (COMMUNITY,), ["others.0.unit"]),
        (COUNTY, (OTHER_TOWN,), ["others.0.unit"]),
        (COMMUNITY, (GRID,), ["others.0.unit"]),
    ],
)
async def test_mergers_that_cannot_be(land: Land, survivor: str, others: Sequence[str], amiss: Sequence[str]) -> None:
    """Nothing, oneself, the same twice, another level: each row that cannot be is told."""
    with pytest.raises(Rejected) as rejected:
        await merged(land, survivor, *others)
    assert problems(rejected) == [(ProblemCode.INVALID, field) for field in amiss]


async def test_what_only_one_may_have(land: Land) -> None:
    """Two services of a name, two registers with one company: told by name; nothing is changed."""
    for at in (COMMUNITY, SIBLING):
        await land.item("助餐点", at)
        await land.item("阅览室", at)
    with pytest.raises(Rejected) as rejected:
        await merged(land, SIBLING, COMMUNITY)
    assert problems(rejected) == [(ProblemCode.TAKEN, "others")]
    assert "助餐点" in rejected.value.problems[0].text.zh
    assert "阅览室" in rejected.value.problems[0].text.en
    await land.connection.execute(
        "UPDATE service_item SET withdrawn_on = current_date WHERE unit_path = $1", path_of(COMMUNITY)
    )
    await merged(land, SIBLING, COMMUNITY)


async def test_a_company_in_both_registers(land: Land) -> None:
    """A company is in a county's register once."""
    company = await land.company("近邻物业")
    await land.connection.execute(
        "INSERT INTO property_company (id, unit_path, name, folded, pinyin, grams, credit_code)"
        " SELECT gen_random_uuid(), $2, name, folded, pinyin, grams, credit_code FROM property_company WHERE id = $1",
        *(company["id"], path_of(OTHER_COUNTY)),
    )
    with pytest.raises(Rejected) as rejected:
        await merged(land, OTHER_COUNTY, COUNTY)
    assert company["credit_code"] in rejected.value.problems[0].text.zh


async def test_what_both_say_of_a_service(land: Land) -> None:
    """The survivor's word stays; what only the other said holds for all."""
    item, other = await land.item("免费体检"), await land.item("法律咨询", opt_in=True)
    for at, note in ((COMMUNITY, "周一"), (SIBLING, "周二")):
        await land.adjustment(item, at, AdjustmentKind.NOTE, note)
        await land.adjustment(item, at, AdjustmentKind.EXCLUDE)
    await land.adjustment(other, COMMUNITY, AdjustmentKind.OPT_IN)
    outcome = await merged(land, SIBLING, COMMUNITY)
    lost = [line["name"] for line in outcome.report if line["fate"] == Fate.LOST and line["kind"] != "org_unit"]
    assert lost == ["免费体检 EXCLUDE", "免费体检 NOTE 周一", None]
    said = await land.connection.fetch("SELECT kind, note, unit_path FROM service_adjustment ORDER BY kind")
    assert [(row["kind"], row["note"], row["unit_path"]) for row in said] == [
        ("EXCLUDE", None, path_of(SIBLING)),
        ("NOTE", "周二", path_of(SIBLING)),
        ("OPT_IN", None, path_of(SIBLING)),
    ]


async def test_a_branch_keeps_what_it_covers(land: Land) -> None:
    """A town's branch covers a compound: its community cannot be merged into one of another town."""
    await land.add_unit("350521101001", "溪东社区", OTHER_TOWN)
    await land.coverage(await land.compound("和平小区"), await land.organization("螺城镇联合党支部", TOWN))
    with pytest.raises(asyncpg.CheckViolationError, match="outside the reach"):
        await merged(land, "350521101001", COMMUNITY)
    await merged(land, SIBLING, COMMUNITY)


async def test_what_is_put_into_a_merging_unit(land: Land) -> None:
    """It waits, and then finds no such place."""
    async with land.another() as rival:
        merging_now = land.connection.transaction()
        await merging_now.start()
        await merging.merge(land.tx, unit=await land.unit(GRID), others=[{"unit": await land.unit(SECOND_GRID)}])
        late = asyncio.ensure_future(rival.compound("新苑", SECOND_GRID))
        await land.until_waiting(rival)
        await merging_now.commit()
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await late
    assert await land.stale(SECOND_GRID) == []


async def test_what_was_put_in_a_moment_before(land: Land) -> None:
    """A merger waits for what is being put into the unit, and takes it along."""
    async with land.another() as rival:
        putting = rival.connection.transaction()
        await putting.start()
        await rival.compound("新苑", SECOND_GRID)
        late = asyncio.ensure_future(merged(land, GRID, SECOND_GRID))
        await rival.until_waiting(land)
        await putting.commit()
        await late
    assert await land.connection.fetchval("SELECT unit_path FROM compound") == path_of(GRID)
