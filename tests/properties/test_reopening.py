"""What was closed by mistake is opened again, what never was is struck out."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from services.properties import branches, compounds, correcting, reopening
from services.properties import companies as company_commands
from services.properties.tables import buildings, companies, contracts, coverages, owners_committees, phases, sharings
from services.properties.tables import compounds as table
from services.storage.transaction import Record
from tests.captains.town import FIRST, SECOND, THIRD, Town, days
from tests.golden.world import path_of
from tests.properties.saying import done, told
from tests.writes.api import Api
from tests.writes.street import ADMIN, NEIGHBOUR, Street, day

TOWN_ADMIN = ("town_admin", "350521100")
NEXT_DOOR = "350521100002"
WHY = "误停用"


async def close(town: Town, compound: Record, on: date) -> Record:
    """The compound, closed on a day."""
    await done(town, compounds.close_compound(town.tx, compound=compound, on=on))
    return await town.row(table, compound["id"])


async def reopen(town: Town, compound: Record) -> Mapping[UUID, Mapping[str, Any]]:
    """Reopen a closed compound: a line for each row that had ended with it."""
    outcome = await done(town, reopening.reopen_compound(town.tx, compound=compound, reason=WHY))
    return {line["id"]: line for line in outcome.report}


async def running(town: Town, compound: Record) -> list[tuple[Table, str, Record]]:
    """What closing ends, one of each, and the column of its last day."""
    place = {"compound_id": compound["id"], "unit_path": compound["unit_path"]}
    branch = await town.organization("社区党支部")
    branch_path = {"organization_id": branch["id"], "organization_path": branch["unit_path"]}
    return [
        (contracts, "until", await town.contract(compound, await town.company("一"), FIRST)),
        (coverages, "until", await town.add(coverages, **place, **branch_path, since=FIRST, until=THIRD + days(400))),
        (owners_committees, "until", await town.committee(compound, FIRST, THIRD + days(900))),
        (sharings, "until", await town.add(sharings, **place, sharer_path=path_of(NEXT_DOOR), since=FIRST)),
        (buildings, "closed_on", await town.building(compound, "1号楼")),
        (buildings, "closed_on", await town.add(buildings, **place, name="2号楼", closed_on=THIRD)),
    ]


async def test_what_closing_ended_comes_back(town: Town) -> None:
    """With the end each had, none or planned or a later day of closing; all of it is told. What was over stays so."""
    compound = await town.compound("和平小区")
    ended = await running(town, compound)
    over = await town.contract(compound, await town.company("二", 1), FIRST - days(9), FIRST - days(1))
    closed = await close(town, compound, SECOND)
    assert [(await town.row(of, row["id"]))[last] for of, last, row in ended] == [SECOND] * len(ended)
    lines = await reopen(town, closed)
    for of, last, row in ended:
        again = await town.row(of, row["id"])
        assert (again[last], again["cut_by_closing"], again["before_closing"]) == (row[last], False, None)
        until = row[last] and row[last].isoformat()
        assert lines[row["id"]] == {"kind": of.name, "id": row["id"], "restored": True, "until": until}
    assert len(lines) == len(ended)
    assert (await town.row(table, compound["id"]))["closed_on"] is None
    assert await town.row(contracts, over["id"]) == over


async def test_what_does_not_come_back_is_told(town: Town) -> None:
    """Ended that day by itself, closed before ends were kept, of a company closed since: it stays over."""
    compound, company = await town.compound("和平小区"), await town.company("一")
    contract = await town.contract(compound, company, FIRST)
    committee = await town.committee(compound, FIRST)
    await done(town, compounds.end_owners_committee(town.tx, committee=committee, on=SECOND))
    old = await town.building(compound, "1号楼")
    closed = await close(town, compound, SECOND)
    await town.tx.update(buildings, old["id"], cut_by_closing=False, before_closing=None)
    await done(town, company_commands.close_company(town.tx, company=company, on=SECOND))
    lines = await reopen(town, closed)
    for of, row in ((contracts, contract), (owners_committees, committee), (buildings, old)):
        assert lines[row["id"]] == {"kind": of.name, "id": row["id"], "restored": False, "until": SECOND.isoformat()}
    assert (await town.row(companies, company["id"]))["closed_on"] == SECOND
    # Whatever was kept is kept for that closing alone: another one on that day gives nothing of it back.
    await town.tx.update(companies, company["id"], closed_on=None)
    lines = await reopen(town, await close(town, await town.row(table, compound["id"]), SECOND))
    assert [line["restored"] for line in lines.values()] == [False] * 3


async def test_what_was_corrected_meanwhile_is_its_own(town: Town) -> None:
    """A contract whose last day was corrected while the compound was closed keeps that, and is not told of."""
    compound = await town.compound("和平小区")
    contract = await town.contract(compound, await town.company("一"), FIRST)
    closed = await close(town, compound, THIRD)
    given: dict[str, Any] = {"contract": await town.row(contracts, contract["id"]), "reason": WHY, "until": SECOND}
    await done(town, correcting.correct_contract(town.tx, **given))
    assert await reopen(town, closed) == {}
    assert (await town.row(contracts, contract["id"]))["until"] == SECOND


async def test_a_branch_that_lost_the_compound_does_not_hold_it_back(town: Town) -> None:
    """The unit that shared a compound has it by now, out of its branch's reach: neither runs again, all else does."""
    compound = await town.compound("和平小区")
    ended = await running(town, compound)
    closed = await close(town, compound, SECOND)
    await town.tx.update(table, compound["id"], unit_path=path_of(NEXT_DOOR))
    lines = await reopen(town, {**closed, "unit_path": path_of(NEXT_DOOR)})
    stays = {row["id"] for of, _, row in ended if of in (coverages, sharings)}
    assert {line["id"] for line in lines.values() if not line["restored"]} == stays
    move = compounds.update_compound(town.tx, compound=await town.row(table, compound["id"]), name="和平里")
    assert await told(town, move) == []


async def test_what_is_refused_of_reopening(town: Town) -> None:
    """What is open, no reason, a building of a closed compound, a building whose name is another's by now."""
    compound = await town.compound("和平小区")
    building = await town.building(compound, "1号楼")
    assert await told(town, reopening.reopen_compound(town.tx, compound=compound, reason=WHY)) == [
        ("INVALID", "compound")
    ]
    assert await told(town, reopening.reopen_building(town.tx, building=building, reason=WHY)) == [
        ("INVALID", "building")
    ]
    closed = await close(town, compound, SECOND)
    assert await told(town, reopening.reopen_compound(town.tx, compound=closed, reason=" ")) == [("INVALID", "reason")]
    held = await town.row(buildings, building["id"])
    again = reopening.reopen_building
    assert await told(town, again(town.tx, building=held, reason=WHY)) == [("CLOSED", "building")]
    await reopen(town, closed)
    await done(town, compounds.close_building(town.tx, building=building, on=SECOND))
    new = await done(town, compounds.create_building(town.tx, compound=compound, name="１号楼"))
    held = await town.row(buildings, building["id"])
    assert await told(town, again(town.tx, building=held, reason=WHY)) == [("TAKEN", "name")]
    renamed = compounds.update_building(town.tx, building=await town.row(buildings, new), name="3号楼")
    await done(town, renamed)
    await done(town, again(town.tx, building=held, reason=WHY))
    assert (await town.row(buildings, building["id"]))["closed_on"] is None


async def test_what_never_was_is_struck_out(town: Town) -> None:
    """A compound once nothing hangs on it, with what does told all at once; a building unless it had a captain."""
    compound = await town.compound("和平小区")
    ended = await running(town, compound)
    strike = correcting.strike_out_compound
    assert await told(town, strike(town.tx, compound=compound, reason=WHY)) == [("CLOSED", "compound")]
    for of, _, row in ended[:4]:
        await town.connection.execute(f"DELETE FROM {of.name} WHERE id = $1", row["id"])
    place = {"compound_id": compound["id"], "unit_path": compound["unit_path"]}
    phase = await town.add(phases, **place, name="一期")
    assert await told(town, strike(town.tx, compound=compound, reason=WHY)) == [("CLOSED", "compound")]
    await town.connection.execute("DELETE FROM compound_phase WHERE id = $1", phase["id"])
    for _, _, building in ended[4:]:
        gone = correcting.strike_out_building(town.tx, building=building, reason=WHY)
        assert await done(town, gone) == compound["id"]
    unit = await town.connection.fetchval("SELECT id FROM org_unit WHERE path = $1", compound["unit_path"])
    assert await done(town, strike(town.tx, compound=compound, reason=WHY)) == unit
    assert await town.connection.fetchval("SELECT count(*) FROM compound WHERE id = $1", compound["id"]) == 0


async def test_a_branch_still_closes(town: Town) -> None:
    """What a branch's closing ends is not kept: a compound's reopening gives back what its own closing ended."""
    compound, branch = await town.compound("和平小区"), await town.organization("社区党支部")
    cover = branches.cover_compounds(town.tx, party_organization=branch, compounds=[compound], since=FIRST)
    await done(town, cover)
    await done(town, branches.close_branch(town.tx, party_organization=branch, on=SECOND))
    (line,) = (await reopen(town, await close(town, compound, SECOND))).values()
    assert line["restored"] is False


# --- through the API --------------------------------------------------------------------------------------------------


async def test_a_clerk_puts_it_right(api: Api, on: Street) -> None:
    """The town's administrator reopens what the community closed, the reason is on record; others do not."""
    closed = await api.do(ADMIN, "closeCompound", "compound { version }", id=on.compound, version=1, on=day(-1))
    given: dict[str, Any] = {"id": on.compound, "version": closed["compound"]["version"], "reason": WHY}
    assert await api.attempt(ADMIN, "reopenCompound", **given) == "FORBIDDEN"
    assert await api.attempt(NEIGHBOUR, "reopenCompound", **given) == "NOT_FOUND"
    assert await api.attempt(TOWN_ADMIN, "reopenCompound", **given | {"version": 1}) == "CONFLICT"
    select = (
        "ended { kind id restored until } compound { closedOn corrections { nodes { reason } }"
        " buildings { nodes { name closedOn } } }"
    )
    payload = await api.do(TOWN_ADMIN, "reopenCompound", select, **given)
    assert {line["id"]: (line["kind"], line["restored"], line["until"]) for line in payload["ended"]} == dict.fromkeys(
        on.buildings, ("Building", True, None)
    )
    compound = payload["compound"]
    assert (compound["closedOn"], [each["reason"] for each in compound["corrections"]["nodes"]]) == (None, [WHY])
    assert compound["buildings"]["nodes"] == [{"name": name, "closedOn": None} for name in ("1号楼", "2号楼")]
    reasons = "query($id: ID!) { building(by: {id: $id}) { corrections { nodes { command reason nodeId } } } }"
    told = (await api.data(TOWN_ADMIN, reasons, id=on.buildings[0]))["building"]["corrections"]["nodes"]
    assert told == [{"command": "reopenCompound", "reason": WHY, "nodeId": on.compound}], "it was opened along with it"


async def test_a_closed_buildings_name_is_free(api: Api, on: Street) -> None:
    """For a new one, alone and in a survey; among what is open a name is its building's own."""
    first, second = on.buildings
    await api.do(ADMIN, "closeBuilding", "", id=first, version=1, on=day(0))
    rows: list[Any] = [{"name": "1号楼"}, {"name": "2号楼"}]
    refused = await api.attempt(ADMIN, "recordBuildings", compoundId=on.compound, buildings=rows)
    assert [(each["code"], each["field"]) for each in refused["userErrors"]] == [
        ("TAKEN", ["input", "buildings", "1", "name"])
    ]
    await api.do(ADMIN, "recordBuildings", "", compoundId=on.compound, buildings=rows[:1])
    rename = await api.attempt(ADMIN, "updateBuilding", id=second, version=1, name="1号楼")
    assert [each["code"] for each in rename["userErrors"]] == ["TAKEN"]
    reopened = await api.attempt(TOWN_ADMIN, "reopenBuilding", id=first, version=2, reason=WHY)
    assert [(each["code"], each["field"]) for each in reopened["userErrors"]] == [("TAKEN", ["input", "id"])]


async def test_a_building_on_record_is_not_struck_out(api: Api, on: Street) -> None:
    """A captain's term holds it back; once that is struck out, building and compound go, where it stands with it."""
    first, second = on.buildings
    term = await api.do(
        ADMIN, "assignCaptain", "captainAssignment { id }", buildingId=first, memberId=on.members[0], since=day(-3)
    )
    gone: dict[str, Any] = {"id": first, "version": 1, "reason": "误登记"}
    assert await api.attempt(ADMIN, "strikeOutBuilding", **gone) == "FORBIDDEN"
    refused = await api.attempt(TOWN_ADMIN, "strikeOutBuilding", **gone)
    assert [(each["code"], each["field"]) for each in refused["userErrors"]] == [("CLOSED", ["input", "id"])]
    never = {"id": term["captainAssignment"]["id"], "version": 1, "reason": "误登记"}
    await api.do(TOWN_ADMIN, "strikeOutCaptainTerm", "", **never)
    await api.do(TOWN_ADMIN, "strikeOutBuilding", "", **gone)
    where = {"longitude": 118.8, "latitude": 25.0, "datum": "GCJ02"}
    await api.do(ADMIN, "locateCompound", "", id=on.compound, version=1, **where)
    whole: dict[str, Any] = {"id": on.compound, "version": 2, "reason": "误登记"}
    refused = await api.attempt(TOWN_ADMIN, "strikeOutCompound", **whole)
    assert [(each["code"], each["field"]) for each in refused["userErrors"]] == [("CLOSED", ["input", "id"])]
    assert "楼栋 1。" in refused["userErrors"][0]["message"]
    await api.do(TOWN_ADMIN, "strikeOutBuilding", "", **gone | {"id": second})
    payload = await api.do(TOWN_ADMIN, "strikeOutCompound", "orgUnit { id }", **whole)
    assert payload["orgUnit"]["id"] == on.unit
    question = "query($id: ID!) { node(id: $id) { id } }"
    assert (await api.data(TOWN_ADMIN, question, id=on.compound))["node"] is None
    left = await api.connection.fetchval(
        "SELECT count(*) FROM compound_position WHERE compound_id = $1", on.compound[3:]
    )
    assert left == 0


CORRECTED = """{ corrections(last: 1) { nodes {
    title type nodeId building { name } compound { name } fields { name before after } } } }"""


async def test_what_was_opened_again_or_struck_out_is_named(api: Api, on: Street) -> None:
    """In the list of corrections: the building or the compound itself while there is one, then what it was."""

    async def corrected(command: str, of: str, version: int) -> dict[str, Any]:
        await api.do(TOWN_ADMIN, command, "", id=of, version=version, reason=WHY)
        (told,) = (await api.data(TOWN_ADMIN, CORRECTED))["corrections"]["nodes"]
        return dict(told)

    building = on.buildings[0]
    await api.do(ADMIN, "closeBuilding", "", id=building, version=1, on=day(0))
    assert await corrected("reopenBuilding", building, 2) == {
        "title": "恢复误停用的楼栋 / Open a building again that was closed by mistake",
        "type": "Building",
        "nodeId": building,
        "building": {"name": "1号楼"},
        "compound": {"name": "演示小区"},
        "fields": [{"name": "closedOn", "before": day(0), "after": None}],
    }
    gone = await corrected("strikeOutBuilding", building, 3)
    assert (gone["type"], gone["nodeId"], gone["building"]) == ("Building", building, None)
    assert {"name": "name", "before": "1号楼", "after": None} in gone["fields"]
    await api.do(ADMIN, "closeCompound", "", id=on.compound, version=1, on=day(0))
    opened = await corrected("reopenCompound", on.compound, 2)
    assert (opened["type"], opened["nodeId"], opened["compound"]) == ("Compound", on.compound, {"name": "演示小区"})
    assert opened["fields"] == [{"name": "closedOn", "before": day(0), "after": None}]
