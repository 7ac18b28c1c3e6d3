"""Who follows the trail: administrators of towns and communities, by the rows that changed there and that they read."""

from typing import Any
from uuid import UUID

import pytest

from schema.kit.expressions import Keys
from schema.pipeline.plan.telling import LIE
from services.audit.events import Event
from services.audit.tables import event
from services.audit.trail import verify
from tests.built import CATALOGUE
from tests.writes.api import Api
from tests.writes.street import (
    ADMIN,
    COMMUNITY,
    COUNTY_ADMIN,
    NEIGHBOUR,
    OTHER,
    TOWN,
    Street,
    day,
    made,
    unit_id,
)

TOWN_ADMIN, KEEPER, AUDITOR = ("town_admin", TOWN), ("visit_keeper", COMMUNITY), ("auditor", COMMUNITY)
COMMANDS = """{ auditEntries(first: 100) { totalCount nodes { command changes { totalCount } } } }"""
CHANGES = """{ auditEntries(first: 100) {
    nodes { command changes(first: 100) { totalCount nodes { type } } } } }"""
HISTORY = """query($id: ID!) { node(id: $id) {
    ... on Building { history { totalCount nodes { command accountName changes { nodes { type } } } } }
    ... on OrgUnit { auditEntries(first: 100) { nodes { command } } } } }"""
# As the database would have recorded it; an entry that is sealed takes no more.
ADDED = """
    ALTER TABLE audit_change DISABLE TRIGGER USER;
    INSERT INTO audit_change (entry_id, table_name, row_id, unit_id)
    SELECT id, '{}', gen_random_uuid(), unit_id FROM audit_entry WHERE command = 'updateBuilding';
    ALTER TABLE audit_change ENABLE TRIGGER USER
"""
CALLED = """
    ALTER TABLE audit_entry DISABLE TRIGGER USER;
    UPDATE audit_entry SET command = 'recordHomeVisit' WHERE command = 'updateBuilding';
    ALTER TABLE audit_entry ENABLE TRIGGER USER
"""
UNPLACED = """
    ALTER TABLE audit_change DISABLE TRIGGER USER;
    UPDATE audit_change SET unit_id = NULL;
    ALTER TABLE audit_change ENABLE TRIGGER USER
"""
READERS: tuple[tuple[str, str], ...] = (ADMIN, TOWN_ADMIN)

KEEPING = """
    INSERT INTO role_grant (id, account_id, role, unit_path)
    SELECT gen_random_uuid(), account.id, 'visit_keeper', unit.path
    FROM account, org_unit unit WHERE account.name = $1 AND unit.code = $2
"""


def keys_of(declared: Keys | tuple[Keys, ...]) -> tuple[Keys, ...]:
    """The keys that are declared for a way."""
    return declared if isinstance(declared, tuple) else (declared,)


async def followed(api: Api, who: tuple[str, str]) -> list[str]:
    """The commands of the entries someone is shown, each of which changed something."""
    page = (await api.data(who, COMMANDS))["auditEntries"]
    assert page["totalCount"] == len(page["nodes"])
    assert all(each["changes"]["totalCount"] > 0 for each in page["nodes"])
    return sorted(each["command"] for each in page["nodes"])


async def told(api: Api, who: tuple[str, str]) -> list[tuple[str, list[str]]]:
    """The entries someone is shown: the command, and the types of the rows it changed."""
    page = (await api.data(who, CHANGES))["auditEntries"]
    for each in page["nodes"]:
        assert each["changes"]["totalCount"] == len(each["changes"]["nodes"]) > 0
    return sorted((each["command"], sorted(row["type"] for row in each["changes"]["nodes"])) for each in page["nodes"])


async def asked_for_help(api: Api, on: Street, text: str) -> str:
    given: Any = {"unitId": on.unit, "kind": "CARE", "text": text, "beneficiary": "某户", "askedOn": day(-1)}
    return await made(api, ADMIN, "recordHelpRequest", "helpRequest", **given)


async def test_an_administrator_reads_who_changed_what_in_the_own_unit(api: Api, on: Street) -> None:
    """By a row, by its unit, and in the list of all; nobody's beside it."""
    await api.do(ADMIN, "updateBuilding", "", id=on.buildings[0], version=1, households=31)
    for who in (ADMIN, TOWN_ADMIN):
        history = (await api.data(who, HISTORY, id=on.buildings[0]))["node"]["history"]
        assert history["totalCount"] == 2
        assert [each["command"] for each in history["nodes"]] == ["createBuilding", "updateBuilding"]
        assert {each["accountName"] for each in history["nodes"]} == {"test community_admin 350521100001"}
        assert [each["changes"]["nodes"] for each in history["nodes"]] == [[{"type": "Building"}]] * 2
        entries = (await api.data(who, HISTORY, id=on.unit))["node"]["auditEntries"]["nodes"]
        assert sorted(each["command"] for each in entries) == await followed(api, who)
        assert "createCompany" not in await followed(api, who)  # the county's
    for other in (NEIGHBOUR, ("town_admin", "350521101"), KEEPER):
        assert (await api.data(other, COMMANDS))["auditEntries"] in (None, {"totalCount": 0, "nodes": []}), other
    refused = await api.ask(("partner", COMMUNITY), COMMANDS)
    assert [each["extensions"]["code"] for each in refused["errors"]] == ["GRAPHQL_VALIDATION_FAILED"]


@pytest.mark.parametrize("table", ["home_visit", "credential", "no_longer_there"])
async def test_what_is_not_read_is_not_there_and_takes_nothing_away(api: Api, on: Street, table: str) -> None:
    """Beside what is read, of which there is all; nor what is read by whoever does not read what the command is of."""
    await api.do(ADMIN, "updateBuilding", "", id=on.buildings[0], version=1, households=31)
    before = {who: await told(api, who) for who in (ADMIN, TOWN_ADMIN)}
    await api.connection.execute(ADDED.format(table))
    for who, entries in before.items():
        assert ("updateBuilding", ["Building"]) in entries
        assert await told(api, who) == entries
    await api.connection.execute(CALLED)
    for who, entries in before.items():
        assert await told(api, who) == [each for each in entries if each[0] != "updateBuilding"]
        history = (await api.data(who, HISTORY, id=on.buildings[0]))["node"]["history"]
        assert [each["command"] for each in history["nodes"]] == ["createBuilding"]
    for reader in (AUDITOR, COUNTY_ADMIN):
        assert len((await api.data(reader, HISTORY, id=on.buildings[0]))["node"]["history"]["nodes"]) == 2


async def test_who_suggested_a_matter_is_told_to_who_reads_the_trail_alone(api: Api, on: Street) -> None:
    """A voice: who follows the trail reads the matter, and neither that it was suggested nor by which account."""
    before = {who: await followed(api, who) for who in READERS}
    own = ("member", on.members[0])
    matter = await made(api, own, "suggestMatter", "matter", memberId=own[1], title="修坡道", detail="入口太陡")
    asked = """query($id: ID!) { node(id: $id) { ... on Matter {
        title history { totalCount nodes { command accountName targetMember { id } } } } } }"""
    for who, commands in before.items():
        told = {"title": "修坡道", "history": {"totalCount": 0, "nodes": []}}
        assert (await api.data(who, asked, id=matter))["node"] == told, who
        assert await followed(api, who) == commands
    entry = {"command": "suggestMatter", "accountName": f"test {' '.join(own)}", "targetMember": {"id": own[1]}}
    read = (await api.data(COUNTY_ADMIN, asked, id=matter))["node"]["history"]["nodes"]
    assert read == [entry]
    whole = """{ auditEntries(filter: {command: "suggestMatter"}) { nodes {
        accountName targetMember { id } changes { totalCount } } } }"""
    (voice,) = (await api.data(AUDITOR, whole))["auditEntries"]["nodes"]  # of the person no more than of any other
    assert voice == {"accountName": entry["accountName"], "targetMember": None, "changes": {"totalCount": 0}}
    await api.do(ADMIN, "updateMatter", "", id=matter, version=1, title="修两处坡道")
    for who in READERS:  # what becomes of it is followed as ever
        history = (await api.data(who, asked, id=matter))["node"]["history"]["nodes"]
        assert [each["command"] for each in history] == ["updateMatter"]


async def test_what_changed_nothing_is_not_followed(api: Api, on: Street) -> None:
    """Who signed in, and whose contact data was shown to whom."""
    before = {who: await followed(api, who) for who in (ADMIN, TOWN_ADMIN)}
    for kind in (Event.SIGN_IN, Event.READ_CONTACT):
        await event(api.connection, kind, unit_id=UUID(on.unit[3:]), detail={"by": "password"})
    for who, commands in before.items():
        assert await followed(api, who) == commands


async def test_what_is_read_in_the_community_and_counted_above_it_is_followed_there_alone(api: Api, on: Street) -> None:
    """That somebody asked for help."""
    above = await followed(api, TOWN_ADMIN)
    await asked_for_help(api, on, "找人")
    assert "recordHelpRequest" in await followed(api, ADMIN)
    assert await followed(api, TOWN_ADMIN) == above


async def test_what_is_read_elsewhere_is_not_followed_there(api: Api, on: Street) -> None:
    """Whoever keeps the visits of another community reads its members, and not who recorded them."""
    await followed(api, ADMIN)
    for code in (COMMUNITY, OTHER):
        await api.connection.execute(KEEPING, f"test community_admin {COMMUNITY}", code)
    before = await followed(api, ADMIN)
    assert "registerMember" in before
    other = await unit_id(api, OTHER)
    member = await made(api, NEIGHBOUR, "registerMember", "member", unitId=other, name="林", standing="IN_SERVICE")
    assert (await api.data(ADMIN, "query($id: ID!) { node(id: $id) { id } }", id=member))["node"] == {"id": member}
    assert await followed(api, ADMIN) == before


@pytest.mark.parametrize("named", [True, False])
async def test_that_a_person_was_deleted_tells_nothing_of_what_named_them(api: Api, on: Street, *, named: bool) -> None:
    """Where that is counted: the entry is there, and tells the same, whichever rows it changed."""
    name = "欧阳珏"
    member = await made(api, ADMIN, "registerMember", "member", unitId=on.unit, name=name, standing="IN_SERVICE")
    await asked_for_help(api, on, f"找{name}" if named else "找人")
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=member)
    of = {who: [types for command, types in await told(api, who) if command == "deletePerson"] for who in READERS}
    assert of == {ADMIN: [["HelpRequest", "Member"] if named else ["Member"]], TOWN_ADMIN: [["Member"]]}


@pytest.mark.parametrize("asked", [True, False])
async def test_a_merger_is_told_the_same_whoever_had_asked_for_help(api: Api, on: Street, *, asked: bool) -> None:
    """To the town, which counts that; to the community that stays with what came to lie there."""
    if asked:
        await asked_for_help(api, on, "找人")
    version = {"version": 1}
    others = [{"id": on.unit, **version}]
    await api.do(COUNTY_ADMIN, "mergeUnits", "", id=await unit_id(api, OTHER), **version, others=others)
    recorded = await api.connection.fetch(
        "SELECT table_name FROM audit_change JOIN audit_entry of ON of.id = entry_id WHERE command = 'mergeUnits'"
    )
    assert ("help_request" in {row["table_name"] for row in recorded}) is asked
    (types,) = [types for command, types in await told(api, TOWN_ADMIN) if command == "mergeUnits"]
    assert {*types} == {"Compound", "Grant", "Member", "OrgUnit", "PartyOrganization"}
    (types,) = [types for command, types in await told(api, NEIGHBOUR) if command == "mergeUnits"]
    assert ("HelpRequest" in types) is asked


async def test_what_became_of_units_is_told_where_they_are(api: Api, on: Street) -> None:
    """A community that is dissolved, by what it became; one that moves away, to both towns."""
    elsewhere = ("town_admin", "350521101")
    id_, town = await unit_id(api, OTHER), await unit_id(api, elsewhere[1])
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=id_, version=1, parentId=town)
    for who, entries in ((elsewhere, 1), (NEIGHBOUR, 1), (TOWN_ADMIN, 1), (ADMIN, 0)):
        moves = [types for command, types in await told(api, who) if command == "moveUnit"]
        assert moves == [["OrgUnit"]] * entries, who
    parts = [{"name": "城东社区", "code": "350521101903"}, {"name": "城西社区", "code": "350521101904"}]
    await api.do(COUNTY_ADMIN, "splitUnit", "", id=id_, version=2, dissolved=True, into=parts)
    asked = """{ auditEntries(filter: {command: "splitUnit"}) { totalCount nodes {
        unit { code } place changes { nodes { type } } } } }"""
    (entry,) = (await api.data(elsewhere, asked))["auditEntries"]["nodes"]
    assert {each["type"] for each in entry["changes"]["nodes"]} == {"Grant", "OrgUnit"}
    assert (entry["unit"], entry["place"][-1]) == ({"code": parts[0]["code"]}, parts[0]["name"])
    assert (await api.data(TOWN_ADMIN, asked))["auditEntries"] == {"totalCount": 0, "nodes": []}
    assert on.unit
    assert await verify(api.connection) == []


async def test_what_changed_is_told_where_it_lay(api: Api, on: Street) -> None:
    """Of a member who goes to serve in the next community and never did, both are told that they went."""
    member, other = on.members[0], await unit_id(api, OTHER)
    team = await made(api, ADMIN, "createHelpTeam", "helpTeam", unitId=on.unit, kind="CARE", name="关爱")
    joining = {"teamId": team, "memberId": member, "since": day(-9)}
    await made(api, ADMIN, "joinHelpTeam", "helpTeamMember", **joining)
    term = await made(api, TOWN_ADMIN, "assignToGrid", "gridTerm", id=member, gridId=other, since=day(-2))
    await api.do(TOWN_ADMIN, "strikeOutGridTerm", "", id=term, reason="误记")
    commands = ("assignToGrid", "strikeOutGridTerm")
    every = ["GridTerm", "HelpTeamMember", "Member"]
    for who, assigned, struck in (
        (ADMIN, ["HelpTeamMember", "Member"], ["HelpTeamMember", "Member"]),
        (NEIGHBOUR, ["GridTerm", "Member"], ["GridTerm", "Member"]),
        (TOWN_ADMIN, every, every),
    ):
        found = [each for each in await told(api, who) if each[0] in commands]
        assert found == [(commands[0], assigned), (commands[1], struck)], who


async def test_what_was_recorded_before_places_were_is_followed_by_nobody(api: Api, on: Street) -> None:
    """It is read as ever by who reads the trail, and its links hold."""
    await api.connection.execute(UNPLACED)
    for who in READERS:
        assert await followed(api, who) == []
    assert "createBuilding" in [
        each["command"] for each in (await api.data(AUDITOR, COMMANDS))["auditEntries"]["nodes"]
    ]
    assert await verify(api.connection) == []
    assert on.unit


async def test_why_and_through_what_is_not_told_with_what_is_followed(api: Api, on: Street) -> None:
    """A reason stops at the town, and what tells of the request at those who read the whole trail."""
    term = await made(
        *(api, ADMIN, "assignCaptain", "captainAssignment"),
        buildingId=on.buildings[0],
        memberId=on.members[0],
        since=day(-9),
    )
    given = {"id": term, "version": 1, "since": day(-8), "reason": "日期登记有误"}
    chosen = "correctCaptainTerm(input: $input) { userErrors { message } }"
    document = f"mutation C($input: CorrectCaptainTermInput!) {{ {chosen} }}"
    await api.data(TOWN_ADMIN, document, input=given)
    asked = """{ auditEntries(filter: {command: "correctCaptainTerm"}) {
        nodes { operation detail reason request { operation } correction { reason } } } }"""
    told = {who: (await api.data(who, asked))["auditEntries"]["nodes"] for who in (COUNTY_ADMIN, AUDITOR, TOWN_ADMIN)}
    of, why = "C", "日期登记有误"
    whole = {
        "operation": of,
        "detail": None,
        "reason": why,
        "request": {"operation": of},
        "correction": {"reason": why},
    }
    assert told == {
        COUNTY_ADMIN: [whole],
        AUDITOR: [whole],
        TOWN_ADMIN: [{**whole, "operation": None, "request": None}],
    }
    below = """{ auditEntries(filter: {command: "correctCaptainTerm"}) { nodes { operation detail reason } } }"""
    assert (await api.data(ADMIN, below))["auditEntries"]["nodes"] == [dict.fromkeys(("operation", "detail", "reason"))]


def test_the_place_that_is_kept_is_that_by_which_a_row_is_read() -> None:
    """Of whatever is followed: but for a grant, whose place is its seat's, the unit if it is one; and a profile, known
    to nobody else while its member is restricted, of which the trail names what changed.
    """
    other = set()
    for kind in CATALOGUE.kinds.values():
        row, ways = kind.entity.table.c, kind.entity.ways
        keys = [each for way in LIE if way in ways for each in keys_of(ways[way])]
        kept = [row[name] for name in ("path", "over_path", "unit_path") if name in row][:1]
        if kind.entity.tag and keys and not any(key(row) is place for key in keys for place in kept):
            other.add(kind.name)
    assert other == {"AuditEntry", "Grant", "MemberProfile"}
