"""Compounds, buildings and owners' committees in the database: what the commands do and what is refused."""

from datetime import date
from typing import Any

import pytest

from services.appointments.tables import PostKind, posts
from services.captains.tables import captain_terms
from services.errors import ProblemCode, Rejected
from services.organization.tables import units
from services.properties import compounds
from services.properties.tables import buildings, contracts, coverages, owners_committees
from services.properties.tables import compounds as compound_table
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, GRID, SECOND, THIRD, Town, days
from tests.golden.world import id_of, path_of
from tests.properties.saying import done, told

MAY, JUNE = SECOND, THIRD  # far enough apart, and near enough to close on


async def unit(town: Town, code: str) -> Record:
    """A unit of the world."""
    return await town.row(units, id_of(code))


async def coverage(town: Town, compound: Record, branch: Record, since: date) -> Record:
    """A branch over a compound."""
    place = {"compound_id": compound["id"], "unit_path": compound["unit_path"]}
    over = {"organization_id": branch["id"], "organization_path": branch["unit_path"]}
    return await town.add(coverages, **place, **over, since=since)


async def test_a_compound_is_surveyed(town: Town) -> None:
    """Created with a name, surveyed later, moved into its grid: what belongs to it comes along."""
    create = compounds.create_compound(town.tx, unit=await unit(town, COMMUNITY), name=" 和平小区 ")
    made = (await done(town, create)).id
    compound = await town.row(compound_table, made)
    assert (compound["name"], compound["pinyin"], compound["households"]) == ("和平小区", "hepingxiaoqu hpxq", 0)
    building = await town.building(compound, "1号楼")
    survey: dict[str, Any] = {
        "households": 300,
        "residents": 900,
        "party_members": 40,
        "surveyed_on": MAY,
        "address": "中山街",
    }
    move = compounds.update_compound(town.tx, compound=compound, unit=await unit(town, GRID), **survey)
    assert await done(town, move) == made
    after = await town.row(compound_table, made)
    assert {name: after[name] for name in survey} == survey
    assert (after["unit_path"], after["version"], after["name"]) == (path_of(GRID), 2, "和平小区")
    assert (await town.row(buildings, building["id"]))["unit_path"] == path_of(GRID)


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"households": -1, "residents": -1, "name": ""}, ["households", "residents", "name"]),
        ({"households": None}, ["households"]),
        ({"unit": None}, ["unit"]),
        ({"address": "街" * 201}, ["address"]),
        ({"surveyed_on": date(2099, 1, 1)}, ["surveyed_on"]),
        ({"address": "街" * 200, "surveyed_on": None}, []),
    ],
)
async def test_what_a_survey_refuses(town: Town, changes: Any, problems: list[str]) -> None:
    """Every problem at once."""
    compound = await town.compound("和平小区")
    update = compounds.update_compound(town.tx, compound=compound, **changes)
    assert await told(town, update) == [("INVALID", field) for field in problems]


async def test_where_a_compound_lies(town: Town) -> None:
    """In a community or a grid, and not surveyed tomorrow."""
    county, grid = await unit(town, COUNTY), await unit(town, GRID)
    assert await told(town, compounds.create_compound(town.tx, unit=county, name="和平小区")) == [("INVALID", "unit")]
    tomorrow = await town.today() + days(1)
    ahead = compounds.create_compound(town.tx, unit=grid, name="和平小区", surveyed_on=tomorrow)
    assert await told(town, ahead) == [("INVALID", "surveyed_on")]
    assert await told(town, compounds.create_compound(town.tx, unit=grid, name="和平小区")) == []


async def test_a_move_out_of_the_branchs_reach(town: Town) -> None:
    """The database holds it at the end of the transaction; with the coverage over, the compound may go."""
    compound = await town.compound("和平小区", GRID)
    covered = await coverage(town, compound, await town.organization("网格党支部", GRID), MAY)
    away = await unit(town, "350521100002")
    move: dict[str, Any] = {"compound": compound, "unit": away}
    assert await told(town, compounds.update_compound(town.tx, **move)) == [("OUT_OF_REACH", "unit")]
    await town.tx.update(coverages, covered["id"], until=JUNE)
    assert await told(town, compounds.update_compound(town.tx, **move)) == []


async def test_closing_ends_what_runs(town: Town) -> None:
    """Contract, coverage and committee end that day, buildings close; what was over before stays as it was."""
    compound, other = await town.compound("和平小区"), await town.compound("北关花园")
    company, branch = await town.company("和平物业"), await town.organization("社区党支部")
    over = await town.contract(compound, company, MAY - days(99), MAY - days(1))
    ending = [
        (contracts, await town.contract(compound, company, MAY)),
        (coverages, await coverage(town, compound, branch, MAY)),
        (owners_committees, await town.committee(compound, MAY, JUNE + days(900))),
    ]
    staying = (contracts, await town.contract(other, company, MAY))
    first, second = await town.building(compound, "1号楼"), await town.building(compound, "2号楼")
    await done(town, compounds.close_building(town.tx, building=second, on=MAY))
    await done(town, compounds.close_compound(town.tx, compound=compound, on=JUNE))
    assert [(await town.row(table, row["id"]))["until"] for table, row in ending] == [JUNE] * 3
    assert (await town.row(contracts, over["id"]))["until"] == MAY - days(1)
    assert (await town.row(contracts, over["id"]))["version"] == 1
    assert (await town.row(staying[0], staying[1]["id"]))["until"] is None
    closed = [(await town.row(buildings, each["id"]))["closed_on"] for each in (first, second)]
    assert closed == [JUNE, MAY]
    after = await town.row(compound_table, compound["id"])
    assert (after["closed_on"], after["version"]) == (JUNE, 2)


async def test_when_a_compound_closes(town: Town) -> None:
    """Not tomorrow, not twice, not before something in it begins."""
    compound = await town.compound("和平小区")
    await town.contract(compound, await town.company("和平物业"), JUNE)
    tomorrow = await town.today() + days(1)
    for on, problem in ((tomorrow, "INVALID"), (MAY, "CLOSED")):
        assert await told(town, compounds.close_compound(town.tx, compound=compound, on=on)) == [(problem, "on")]
    assert await told(town, compounds.close_compound(town.tx, compound=compound, on=JUNE)) == []
    closed = await town.row(compound_table, compound["id"])
    again = compounds.close_compound(town.tx, compound=closed, on=JUNE)
    assert await told(town, again) == [("CLOSED", "compound")]


async def test_nothing_closes_over_a_captain(town: Town) -> None:
    """Neither the building nor its compound, until the term is over by that day; nothing of the attempt stays."""
    compound = await town.compound("和平小区")
    company = await town.company("和平物业")
    contract = await town.contract(compound, company, MAY)
    building = await town.building(compound, "1号楼")
    place = {"building_id": building["id"], "unit_path": building["unit_path"]}
    term = await town.add(captain_terms, **place, member_id=(await town.member("林一"))["id"], since=MAY)
    closing: dict[str, Any] = {"building": building, "on": JUNE}
    assert await told(town, compounds.close_building(town.tx, **closing)) == [("CLOSED", "on")]
    assert await told(town, compounds.close_compound(town.tx, compound=compound, on=JUNE)) == [("CLOSED", "on")]
    assert (await town.row(contracts, contract["id"]))["until"] is None
    await town.tx.update(captain_terms, term["id"], until=JUNE)
    assert await told(town, compounds.close_compound(town.tx, compound=compound, on=JUNE - days(1))) == [
        ("CLOSED", "on")
    ]
    assert await told(town, compounds.close_compound(town.tx, compound=compound, on=JUNE)) == []


async def test_all_that_keeps_a_compound_from_closing_is_told_at_once(town: Town) -> None:
    """What begins later, by the command that takes it back, and where captains and committee posts run on."""
    compound, company, today = await town.compound("和平小区"), await town.company("和平物业"), await town.today()
    branch, member = await town.organization("社区党支部"), await town.member("林一")
    soon = today + days(9)
    contract = await town.contract(compound, company, soon)
    await coverage(town, compound, branch, today)
    committee = await town.committee(compound, MAY)
    for number in (1, 2, 3):
        building = await town.building(compound, f"{number}号楼")
        place = {"building_id": building["id"], "unit_path": building["unit_path"]}
        if number > 1:
            await town.add(captain_terms, **place, member_id=member["id"], since=MAY)
    held = {"kind": PostKind.CROSS_APPOINTMENT, "member_id": member["id"], "since": MAY}
    await town.add(posts, committee_id=committee["id"], unit_path=committee["unit_path"], **held)
    with pytest.raises(Rejected) as refused:
        await done(town, compounds.close_compound(town.tx, compound=compound, on=today - days(1)))
    assert [each.text.en for each in refused.value.problems] == [
        f"A contract begins on {soon}: take it back first (cancelContract), or close later.",
        f"A coverage begins on {today}: take it back first (cancelCoverage), or close later.",
        f"Posts run on after this day in {committee['name']}: endPost first, and cancelPost what is to come.",
        "Captains serve after this day in 2号楼, 3号楼: endCaptainTerm first, and cancelCaptainTerm what is to come.",
    ]
    assert {(each.code, each.field) for each in refused.value.problems} == {(ProblemCode.CLOSED, "on")}
    assert (await town.row(contracts, contract["id"]))["until"] is None
    assert (await town.row(owners_committees, committee["id"]))["version"] == 1


async def test_buildings(town: Town) -> None:
    """A name is its compound's own, closed ones included; a closed compound gets no building."""
    compound = await town.compound("和平小区")
    made = await done(town, compounds.create_building(town.tx, compound=compound, name="1号楼", storeys=18))
    building = await town.row(buildings, made)
    assert (building["unit_path"], building["storeys"], building["households"]) == (compound["unit_path"], 18, 0)
    await done(town, compounds.update_building(town.tx, building=building, households=72, storeys=None))
    after = await town.row(buildings, made)
    assert (after["households"], after["storeys"], after["version"]) == (72, None, 2)
    again = compounds.create_building(town.tx, compound=compound, name="1号楼")
    assert await told(town, again) == [("TAKEN", "name")]
    tall = compounds.update_building(town.tx, building=building, storeys=201)
    assert await told(town, tall) == [("INVALID", "storeys")]
    await done(town, compounds.close_building(town.tx, building=building, on=MAY))
    closed = await town.row(buildings, made)
    assert await told(town, compounds.close_building(town.tx, building=closed, on=MAY)) == [("CLOSED", "building")]
    await done(town, compounds.close_compound(town.tx, compound=compound, on=JUNE))
    gone = await town.row(compound_table, compound["id"])
    late = compounds.create_building(town.tx, compound=gone, name="2号楼")
    assert await told(town, late) == [("CLOSED", "compound")]


async def test_owners_committees(town: Town) -> None:
    """One at a time, for terms of years; its end may be put off by an election, ended early by `end`."""
    compound = await town.compound("和平小区")
    given: dict[str, Any] = {"compound": compound, "name": "和平小区业委会"}
    five_years = MAY + days(1825)
    made = await done(town, compounds.create_owners_committee(town.tx, **given, since=MAY, until=five_years))
    committee = await town.row(owners_committees, made)
    assert (committee["until"], committee["unit_path"]) == (five_years, compound["unit_path"])
    second = compounds.create_owners_committee(town.tx, **given, since=JUNE)
    assert await told(town, second) == [("CONFLICT", "since")]
    wrong = compounds.update_owners_committee(town.tx, committee=committee, until=MAY - days(1))
    assert await told(town, wrong) == [("INVALID", "until")]
    await done(town, compounds.update_owners_committee(town.tx, committee=committee, until=None, name="业委会"))
    after = await town.row(owners_committees, made)
    assert (after["until"], after["name"], after["version"]) == (None, "业委会", 2)
    early = compounds.end_owners_committee(town.tx, committee=after, on=MAY - days(1))
    assert await told(town, early) == [("INVALID", "on")]
    await done(town, compounds.end_owners_committee(town.tx, committee=after, on=JUNE))
    next_one = compounds.create_owners_committee(town.tx, **given, since=JUNE + days(1))
    assert await told(town, next_one) == []


async def test_no_committee_ends_over_a_post(town: Town) -> None:
    """Whoever is cross-appointed to it is released first."""
    committee = await town.committee(await town.compound("和平小区"), MAY)
    post = await town.add(
        posts,
        kind=PostKind.CROSS_APPOINTMENT,
        committee_id=committee["id"],
        unit_path=committee["unit_path"],
        member_id=(await town.member("林一"))["id"],
        since=MAY,
    )
    ending: dict[str, Any] = {"committee": committee, "on": JUNE}
    assert await told(town, compounds.end_owners_committee(town.tx, **ending)) == [("CLOSED", "on")]
    await town.tx.update(posts, post["id"], until=JUNE)
    assert await told(town, compounds.end_owners_committee(town.tx, **ending)) == []
