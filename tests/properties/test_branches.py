"""Branches in the database: set up over compounds, covering more, placed below others, closed."""

import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from services.appointments.tables import PostKind, posts
from services.errors import Rejected
from services.members.tables import members
from services.organization.tables import OrgLevel, PartyKind, PartyTier, party_organizations, units
from services.properties import branches
from services.properties.tables import companies, compounds, coverages
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, FIRST, GRID, SECOND, Town, days
from tests.golden.world import id_of, path_of
from tests.properties.saying import done, told

CITY, TOWN = "3505", "350521100"
MAY, JUNE = FIRST, SECOND


async def unit(town: Town, code: str = COMMUNITY) -> Record:
    """A unit of the world."""
    return await town.row(units, id_of(code))


async def joint_branch(town: Town, *covered: Record) -> Record:
    """A joint branch over compounds, set up by the command."""
    given: dict[str, Any] = {"unit": await unit(town), "name": "联合党支部", "kind": PartyKind.JOINT_BRANCH}
    made = await done(town, branches.create_branch(town.tx, **given, compounds=covered, since=MAY))
    return await town.row(party_organizations, made)


async def test_a_joint_branch_over_several_compounds(town: Town) -> None:
    """All at once; another cannot cover one of them in that time, and covers it the day after."""
    one, two = await town.compound("和平小区"), await town.compound("北关花园", GRID)
    branch = await joint_branch(town, one, two, one)
    assert (branch["tier"], branch["kind"], branch["unit_path"]) == ("COMPOUND", "JOINT_BRANCH", path_of(COMMUNITY))
    covered = await town.tx.rows(select(coverages).where(coverages.c.organization_id == branch["id"]))
    assert {row["compound_id"] for row in covered} == {one["id"], two["id"]}
    assert len(covered) == 2
    other = await town.organization("另一党支部")
    more: dict[str, Any] = {"party_organization": other, "compounds": [two]}
    assert await told(town, branches.cover_compounds(town.tx, **more, since=JUNE)) == [("CONFLICT", "compounds")]
    (held,) = [row for row in covered if row["compound_id"] == two["id"]]
    await done(town, branches.end_coverage(town.tx, coverage=held, on=JUNE - days(1)))
    assert await done(town, branches.cover_compounds(town.tx, **more, since=JUNE)) == other["id"]


async def test_without_a_day_a_branch_covers_from_today(town: Town) -> None:
    """The day it is where the service is."""
    given: dict[str, Any] = {"unit": await unit(town), "name": "党支部", "kind": PartyKind.BRANCH}
    await done(town, branches.create_branch(town.tx, **given, compounds=[await town.compound("和平小区")]))
    assert await town.connection.fetchval("SELECT since FROM branch_coverage") == await town.today()


async def test_what_a_branch_cannot_cover(town: Town) -> None:
    """Nothing at all, what lies outside its unit, what is closed, from a mistyped day; also in the database."""
    branch = await town.organization("网格党支部", GRID, PartyTier.GRID)
    outside, inside, closed = [await town.compound(n, a) for n, a in (("外", COMMUNITY), ("内", GRID), ("停", GRID))]
    await town.tx.update(compounds, closed["id"], closed_on=MAY)
    closed = await town.row(compounds, closed["id"])

    async def cover(covered: list[Record], since: date = MAY) -> list[tuple[str, str]]:
        command = branches.cover_compounds(town.tx, party_organization=branch, compounds=covered, since=since)
        return await told(town, command)

    assert await cover([]) == [("INCOMPLETE", "compounds")]
    assert await cover([inside, outside]) == [("OUT_OF_REACH", "compounds")]
    assert await cover([inside, closed]) == [("CLOSED", "compounds")]
    assert await cover([inside], date(2099, 1, 1)) == [("INVALID", "since")]
    assert await cover([inside]) == []
    place = {"compound_id": outside["id"], "unit_path": outside["unit_path"]}
    over = {"organization_id": branch["id"], "organization_path": branch["unit_path"]}
    assert await told(town, town.tx.insert(coverages, **place, **over, since=MAY)) == [("OUT_OF_REACH", "unit")]


@pytest.mark.parametrize(
    ("code", "tier", "kind", "problems"),
    [
        (COMMUNITY, PartyTier.VILLAGE, PartyKind.COMMITTEE, []),
        (COMMUNITY, PartyTier.COMPANY, PartyKind.BRANCH, [("INVALID", "tier")]),
        (COUNTY, PartyTier.SECTOR, PartyKind.COMMITTEE, []),
        (COUNTY, PartyTier.COUNTY, PartyKind.COMMITTEE, []),
        (TOWN, PartyTier.TOWN, PartyKind.COMMITTEE, []),
        (COUNTY, PartyTier.TOWN, PartyKind.COMMITTEE, [("INVALID", "tier")]),
        (COUNTY, PartyTier.COMPOUND, PartyKind.BRANCH, [("INVALID", "tier")]),
        (GRID, PartyTier.GRID, PartyKind.GROUP, []),
        (GRID, PartyTier.GRID, PartyKind.HOUSEHOLD, [("INVALID", "kind")]),
        (GRID, PartyTier.HOUSEHOLD, PartyKind.HOUSEHOLD, [("INVALID", "tier")]),
    ],
)
async def test_tiers_have_their_levels(
    town: Town, code: str, tier: PartyTier, kind: PartyKind, problems: list[tuple[str, str]]
) -> None:
    """A village's organization lies in a village, and so on."""
    create = branches.create_branch(town.tx, unit=await unit(town, code), name="党组织", kind=kind, tier=tier)
    assert await told(town, create) == problems


NONE_CHOSEN = ("INCOMPLETE", "tier")
OUTLET = "350521100001001001"


@pytest.mark.parametrize(
    ("code", "kind", "covering", "tier"),
    [
        (TOWN, PartyKind.COMMITTEE, False, PartyTier.TOWN),
        (COMMUNITY, PartyKind.COMMITTEE, False, PartyTier.VILLAGE),
        (COMMUNITY, PartyKind.COMMITTEE, True, PartyTier.VILLAGE),
        (COMMUNITY, PartyKind.GENERAL_BRANCH, False, PartyTier.VILLAGE),
        (COMMUNITY, PartyKind.BRANCH, True, PartyTier.COMPOUND),
        (COMMUNITY, PartyKind.BRANCH, False, NONE_CHOSEN),
        (COMMUNITY, PartyKind.CONCURRENT_BRANCH, False, PartyTier.COMPOUND),
        (TOWN, PartyKind.JOINT_BRANCH, False, PartyTier.COMPOUND),
        (GRID, PartyKind.GROUP, False, PartyTier.GRID),
        (GRID, PartyKind.GROUP, True, PartyTier.GRID),
        (GRID, PartyKind.BRANCH, False, NONE_CHOSEN),
        (COUNTY, PartyKind.COMMITTEE, False, NONE_CHOSEN),
        (GRID, PartyKind.HOUSEHOLD, False, ("INVALID", "kind")),
        (COUNTY, PartyKind.HOUSEHOLD, False, ("INVALID", "kind")),
        (OUTLET, PartyKind.HOUSEHOLD, False, PartyTier.HOUSEHOLD),
        (OUTLET, PartyKind.GROUP, False, ("INVALID", "kind")),
        (CITY, PartyKind.COMMITTEE, False, ("INVALID", "unit")),
    ],
)
async def test_a_tier_is_derived_or_asked_for(
    town: Town, code: str, kind: PartyKind, covering: bool, tier: PartyTier | tuple[str, str]
) -> None:
    """What kind and unit leave no choice of; where there is one, or nothing fits, the field it takes is named."""
    if code == OUTLET:
        place = {"code": OUTLET, "level": OrgLevel.OUTLET, "parent_path": path_of(GRID)}
        at = await town.add(units, name="网点", **place)
    else:
        at = await unit(town, code)
    covered = [await town.compound("和平小区", code)] if covering else None
    creating = branches.create_branch(town.tx, unit=at, name="党组织", kind=kind, compounds=covered)
    if isinstance(tier, tuple):
        assert await told(town, creating) == [tier]
    else:
        assert (await town.row(party_organizations, await done(town, creating)))["tier"] == tier


async def test_a_choice_of_tiers_is_told(town: Town) -> None:
    """All that would do, in the message."""
    with pytest.raises(Rejected) as rejected:
        await branches.create_branch(town.tx, unit=await unit(town, GRID), name="党组织", kind=PartyKind.BRANCH)
    assert "GRID、COMPOUND" in rejected.value.problems[0].text.zh


async def test_where_a_branch_is_placed(town: Town) -> None:
    """Below one in its unit or above it, which is open; never below itself."""
    top, grid = await town.organization("社区党委"), await town.organization("网格党支部", GRID)
    away = await town.organization("西北社区党委", "350521100002")

    async def place(organization: Record, parent: Record | None) -> list[tuple[str, str]]:
        command = branches.update_branch(town.tx, party_organization=organization, parent=parent)
        return await told(town, command)

    assert await place(grid, top) == []
    assert (await town.row(party_organizations, grid["id"]))["parent_id"] == top["id"]
    assert await place(grid, away) == [("OUT_OF_REACH", "parent")]
    assert await place(top, grid) == [("OUT_OF_REACH", "parent")]
    assert await place(top, top) == [("INVALID", "parent")]
    assert await place(grid, None) == []
    await town.tx.update(party_organizations, top["id"], closed_on=MAY)
    assert await place(grid, await town.row(party_organizations, top["id"])) == [("CLOSED", "parent")]
    renamed = branches.update_branch(town.tx, party_organization=grid, name="新名", kind=PartyKind.GENERAL_BRANCH)
    await done(town, renamed)
    after = await town.row(party_organizations, grid["id"])
    assert (after["name"], after["pinyin"], after["kind"]) == ("新名", "xinming xm", "GENERAL_BRANCH")


async def test_no_circle(town: Town) -> None:
    """Three in one unit, each below the next: the last step is refused."""
    one, two, three = [await town.organization(name) for name in ("甲", "乙", "丙")]
    for below, above, problems in ((one, two, []), (two, three, []), (three, one, [("INVALID", "parent")])):
        assert await told(town, branches.update_branch(town.tx, party_organization=below, parent=above)) == problems


async def test_no_circle_by_two_at_once(town: Town) -> None:
    """A below B while B goes below A: the second waits for the first, sees it, and is refused."""
    one, two = await town.organization("甲"), await town.organization("乙")
    async with town.another() as rival:
        first = town.connection.transaction()
        await first.start()
        await branches.update_branch(town.tx, party_organization=one, parent=two)
        late = asyncio.ensure_future(told(rival, branches.update_branch(rival.tx, party_organization=two, parent=one)))
        await town.until_waiting(rival)
        await first.commit()
        assert await late == [("INVALID", "parent")]


async def test_closing(town: Town) -> None:
    """Its coverage ends that day; then it covers nothing more."""
    compound = await town.compound("和平小区")
    branch = await joint_branch(town, compound)
    closing: dict[str, Any] = {"party_organization": branch}
    assert await told(town, branches.close_branch(town.tx, **closing, on=MAY - days(1))) == [("CLOSED", "on")]
    await done(town, branches.close_branch(town.tx, **closing, on=JUNE))
    assert await town.connection.fetchval("SELECT until FROM branch_coverage") == JUNE
    closed = await town.row(party_organizations, branch["id"])
    cover = branches.cover_compounds(town.tx, party_organization=closed, compounds=[compound], since=JUNE + days(1))
    assert await told(town, cover) == [("CLOSED", "party_organization")]
    again = branches.close_branch(town.tx, party_organization=closed, on=JUNE)
    assert await told(town, again) == [("CLOSED", "party_organization")]


async def test_what_belongs_to_a_branch_is_moved_before_it_closes(town: Town) -> None:
    """Organizations below, members, a company, posts: each is in the way until it is gone."""
    branch, below = await town.organization("党委"), await town.organization("支部")
    mine = {"organization_id": branch["id"]}

    async def close() -> list[tuple[str, str]]:
        return await told(town, branches.close_branch(town.tx, party_organization=branch, on=JUNE))

    await town.tx.update(party_organizations, below["id"], parent_id=branch["id"])
    assert await close() == [("CLOSED", "party_organization")]
    await town.tx.update(party_organizations, below["id"], closed_on=MAY)
    member = await town.member("林一")
    await town.tx.update(members, member["id"], **mine)
    assert await close() == [("CLOSED", "party_organization")]
    await town.tx.update(members, member["id"], organization_id=None)
    company = await town.company("和平物业", branch=branch)
    assert await close() == [("CLOSED", "party_organization")]
    await town.tx.update(companies, company["id"], organization_id=None)
    held: dict[str, Any] = {"member_id": member["id"], "kind": PostKind.SECRETARY, **mine}
    post = await town.add(posts, **held, unit_path=branch["unit_path"], since=MAY)
    assert await close() == [("CLOSED", "on")]
    await town.tx.update(posts, post["id"], until=JUNE)
    assert await close() == []
