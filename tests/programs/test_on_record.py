"""What is on record of programs, accounts and grants leads to them, for whoever reads the trail over their units."""

from typing import Any
from uuid import UUID, uuid4

from services.audit.events import Event
from services.audit.tables import event
from tests.programs.office import AUDITOR, COMMUNITY, COUNTY_ADMIN, TOWN_ADMIN, Office, unit_id
from tests.writes.street import COUNTY, OTHER

COUNTY_AUDITOR = ("auditor", COUNTY)
OF_TOKEN = """query($id: ID!) { node(id: $id) { ... on AccessToken { history(first: 20) { nodes {
    command title targetAccessToken { id } changes { nodes { type nodeId } } } } } } }"""
CHANGED = """{ auditEntries(first: 100) { nodes { command changes { nodes {
    table type nodeId fields { name after } } } } } }"""
ENDED = """INSERT INTO audit_change (entry_id, table_name, row_id, before, after)
    VALUES ($1, 'credential', $2, '{"revoked_at": null}', '{"revoked_at": "2026-01-02T03:04:05+08:00"}')"""
ENTRIES = """{ auditEntries(first: 100) { nodes { command title targetAccount { id name } targetGrant { id role }
    targetProgram { id } targetAccessToken { id } targetStoredOperation { id name } } } }"""


async def entry_of(office: Office, command: str, who: tuple[str, str] = AUDITOR) -> dict[str, Any]:
    """The only entry of a command, without what it was not about."""
    nodes = (await office.data(who, ENTRIES))["auditEntries"]["nodes"]
    (entry,) = (each for each in nodes if each["command"] == command)
    return {name: told for name, told in entry.items() if told is not None and name != "command"}


async def of_tokens(office: Office, who: tuple[str, str]) -> dict[tuple[str, str], dict[str, str]]:
    """What each entry changed of a token, as it is told."""
    return {
        (entry["command"], change["nodeId"]): {each["name"]: each["after"] for each in change["fields"]}
        for entry in (await office.data(who, CHANGED))["auditEntries"]["nodes"]
        for change in entry["changes"]["nodes"]
        if change["table"] == "credential" and change["type"] == "AccessToken"
    }


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


async def test_a_token_is_told_in_words_and_a_session_is_none(office: Office) -> None:
    """What stands in its credential: when it was issued, approved and revoked, by whom, and until when it lasts."""
    issued = await office.issue(TOWN_ADMIN)
    await office.do(COUNTY_ADMIN, "approveToken", "", id=issued.id)
    rotated = await office.do(TOWN_ADMIN, "rotateToken", "accessToken { id }", id=issued.id, overlapHours=1, days=9)
    new = rotated["accessToken"]["id"]
    await office.do(COUNTY_ADMIN, "revokeToken", "", id=new, reason="不再使用")
    told = await of_tokens(office, COUNTY_AUDITOR)
    expected = {
        ("issueToken", issued.id): {"createdAt", "issuedByName", "expiresAt"},
        ("approveToken", issued.id): {"approvedAt", "approvedByName"},
        ("rotateToken", issued.id): {"expiresAt"},
        ("rotateToken", new): {"createdAt", "issuedByName", "approvedAt", "approvedByName", "expiresAt"},
        ("revokeToken", new): {"revokedAt"},
    }
    assert {each: {*fields} for each, fields in told.items()} == expected
    hidden = {"issuedByName", "approvedByName"}  # accounts that are at home nowhere in the town
    assert {each: {*fields} for each, fields in (await of_tokens(office, AUDITOR)).items()} == {
        each: fields - hidden for each, fields in expected.items()
    }
    approver = told["approveToken", issued.id]["approvedByName"]
    assert await office.connection.fetchval("SELECT name FROM account WHERE id = $1", UUID(approver[3:])) == (
        f"test {' '.join(COUNTY_ADMIN)}"
    )
    account = await office.connection.fetchval("SELECT id FROM account WHERE kind = 'PERSON' LIMIT 1")
    unit = UUID((await unit_id(office, COMMUNITY))[3:])
    entry = await event(office.connection, "ended", account_id=account, unit_id=unit)
    await office.connection.execute(ENDED, entry, account)
    (ended,) = [
        change
        for entry in (await office.data(AUDITOR, CHANGED))["auditEntries"]["nodes"]
        for change in entry["changes"]["nodes"]
        if entry["command"] == "ended"
    ]
    assert ended == {"table": "credential", "type": None, "nodeId": None, "fields": []}


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
