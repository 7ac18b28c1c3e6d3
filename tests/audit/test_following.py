"""Who follows the trail: administrators of towns and communities, where they may read all that an entry changed."""

from typing import Any
from uuid import UUID

import pytest

from services.audit.events import Event
from services.audit.tables import event
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
HISTORY = """query($id: ID!) { node(id: $id) {
    ... on Building { history { totalCount nodes { command accountName changes { nodes { type } } } } }
    ... on OrgUnit { auditEntries(first: 100) { nodes { command } } } } }"""
# As the database would have recorded it; an entry that is sealed takes no more.
ADDED = """
    ALTER TABLE audit_change DISABLE TRIGGER USER;
    INSERT INTO audit_change (entry_id, table_name, row_id)
    SELECT id, '{}', gen_random_uuid() FROM audit_entry WHERE command = 'updateBuilding';
    ALTER TABLE audit_change ENABLE TRIGGER USER
"""

KEEPING = """
    INSERT INTO role_grant (id, account_id, role, unit_path)
    SELECT gen_random_uuid(), account.id, 'visit_keeper', unit.path
    FROM account, org_unit unit WHERE account.name = $1 AND unit.code = $2
"""


async def followed(api: Api, who: tuple[str, str]) -> list[str]:
    """The commands of the entries someone is shown, each of which changed something."""
    page = (await api.data(who, COMMANDS))["auditEntries"]
    assert page["totalCount"] == len(page["nodes"])
    assert all(each["changes"]["totalCount"] > 0 for each in page["nodes"])
    return sorted(each["command"] for each in page["nodes"])


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
async def test_an_entry_is_followed_whole_or_not_at_all(api: Api, on: Street, table: str) -> None:
    """One that changed a row of which one reads nothing beside others is there for who reads the trail alone."""
    await api.do(ADMIN, "updateBuilding", "", id=on.buildings[0], version=1, households=31)
    before = {who: await followed(api, who) for who in (ADMIN, TOWN_ADMIN)}
    await api.connection.execute(ADDED.format(table))
    for who, commands in before.items():
        assert "updateBuilding" in commands
        assert await followed(api, who) == [each for each in commands if each != "updateBuilding"]
        history = (await api.data(who, HISTORY, id=on.buildings[0]))["node"]["history"]
        assert [each["command"] for each in history["nodes"]] == ["createBuilding"]
    for reader in (AUDITOR, COUNTY_ADMIN):
        assert len((await api.data(reader, HISTORY, id=on.buildings[0]))["node"]["history"]["nodes"]) == 2


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
    """Not by being there or not: it is not, whichever rows it changed."""
    name = "欧阳珏"
    member = await made(api, ADMIN, "registerMember", "member", unitId=on.unit, name=name, standing="IN_SERVICE")
    await asked_for_help(api, on, f"找{name}" if named else "找人")
    before = {who: await followed(api, who) for who in (ADMIN, TOWN_ADMIN)}
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=member)
    for who, commands in before.items():
        assert await followed(api, who) == commands
    assert "deletePerson" in [each["command"] for each in (await api.data(AUDITOR, COMMANDS))["auditEntries"]["nodes"]]


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
