"""What is on record of programs, accounts and grants leads to them, for whoever reads the trail over their units."""

from typing import Any
from uuid import UUID, uuid4

from services.audit.events import Event
from services.audit.tables import event
from tests.programs.office import AUDITOR, COMMUNITY, COUNTY_ADMIN, TOWN_ADMIN, Office, unit_id
from tests.writes.street import OTHER

OF_TOKEN = """query($id: ID!) { node(id: $id) { ... on AccessToken { history(first: 20) { nodes {
    command title targetAccessToken { id } changes { nodes { type nodeId } } } } } } }"""
ENTRIES = """{ auditEntries(first: 100) { nodes { command title targetAccount { id name } targetGrant { id role }
    targetProgram { id } targetAccessToken { id } targetStoredOperation { id name } } } }"""


async def entry_of(office: Office, command: str, who: tuple[str, str] = AUDITOR) -> dict[str, Any]:
    """The only entry of a command, without what it was not about."""
    nodes = (await office.data(who, ENTRIES))["auditEntries"]["nodes"]
    (entry,) = (each for each in nodes if each["command"] == command)
    return {name: told for name, told in entry.items() if told is not None and name != "command"}


async def test_a_tokens_history_is_what_was_done_with_it(office: Office) -> None:
    issued = await office.issue(TOWN_ADMIN)
    await office.do(COUNTY_ADMIN, "approveToken", "", id=issued.id)
    await office.do(COUNTY_ADMIN, "revokeToken", "", id=issued.id, reason="不再使用")
    told = (await office.data(AUDITOR, OF_TOKEN, id=issued.id))["node"]["history"]["nodes"]
    assert {entry["command"] for entry in told} == {"issueToken", "approveToken", "revokeToken"}
    for entry in told:
        assert entry["title"] is not None
        assert entry["targetAccessToken"] in ({"id": issued.id}, None), entry
        assert {"type": "AccessToken", "nodeId": issued.id} in entry["changes"]["nodes"], entry


async def test_entries_lead_to_what_they_are_about(office: Office) -> None:
    stored = await office.store("{ orgUnits { nodes { name } } }", TOWN_ADMIN)
    await office.do(TOWN_ADMIN, "closeOperation", "", id=stored)
    assert (await entry_of(office, "closeOperation"))["targetStoredOperation"]["id"] == stored
    given = {"unitId": await unit_id(office, COMMUNITY), "name": "演示账号"}
    made = (await office.do(TOWN_ADMIN, "createAccount", "account { id name }", **given))["account"]
    granting = {"seatId": given["unitId"], "accountId": made["id"], "role": "community_admin", "reason": "工作需要"}
    grant = (await office.do(TOWN_ADMIN, "grantRole", "grant { id role }", **granting))["grant"]
    await office.do(TOWN_ADMIN, "revokeGrant", "", id=grant["id"], reason="工作需要")
    assert (await entry_of(office, "revokeGrant"))["targetGrant"] == grant
    unit = UUID(given["unitId"][3:])
    await event(office.connection, Event.SIGN_IN, account_id=UUID(made["id"][3:]), unit_id=unit)
    assert await entry_of(office, "signIn") == {"title": Event.SIGN_IN.text, "targetAccount": made}


async def test_who_may_not_read_an_account_is_not_led_to_it(office: Office) -> None:
    """An entry at one's unit about an account that is at home elsewhere."""
    elsewhere = uuid4()
    await office.connection.execute(
        "INSERT INTO account (id, kind, name, folded, unit_path)"
        " SELECT $1, 'PERSON', '别处的人', '别处的人', path FROM org_unit WHERE code = $2",
        *(elsewhere, OTHER),
    )
    unit = UUID((await unit_id(office, COMMUNITY))[3:])
    await event(office.connection, Event.SIGN_IN, account_id=elsewhere, unit_id=unit)
    assert "targetAccount" not in await entry_of(office, "signIn", ("auditor", COMMUNITY))
    assert (await entry_of(office, "signIn"))["targetAccount"]["name"] == "别处的人"
