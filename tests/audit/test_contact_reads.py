"""Reads of contact data are on record: exactly those shown, by whom, through what, before the answer leaves."""

import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.audit.trail import verify
from services.storage.database import connect
from tests.writes.api import Api
from tests.writes.street import ADMIN, COMMUNITY, COUNTY, NEIGHBOUR, Street

ONE = "query Call($id: ID!) { member(by: {id: $id}) { name contact { phone } } }"
PAGE = "query Round { members(first: 1) { nodes { name contact { phone } } pageInfo { hasNextPage } } }"
THRICE = """query($id: ID!) {
    a: member(by: {id: $id}) { contact { phone } b: contact { address } }
    m: node(id: $id) { ... on Member { contact { phone } } }
}"""
SETS = "mutation($input: UpdateContactInput!) { updateContact(input: $input) { member { contact { phone } } } }"


async def records(api: Api) -> list[dict[str, Any]]:
    """Every read on record, in order, with the members shown."""
    found = await api.connection.fetch(
        "SELECT entry.*, array_agg('mb_' || member_id::text ORDER BY member_id) AS shown"
        " FROM audit_entry entry LEFT JOIN contact_read ON entry_id = entry.id"
        " WHERE command = 'readContact' GROUP BY entry.id ORDER BY at"
    )
    return [dict(row) for row in found]


async def test_who_read_whose_when_and_through_what(api: Api, on: Street) -> None:
    """One entry a request, in the unit of the member, sealed in the county's chain."""
    assert (await api.data(ADMIN, ONE, id=on.members[0], request_id="r-1"))["member"]["contact"]
    (entry,) = await records(api)
    token = await api.token(*ADMIN)
    account = await api.connection.fetchval("SELECT account_id FROM credential WHERE id = $1", token.split("_")[1])
    told = (entry["account_id"], entry["shown"], entry["operation"], entry["request_id"], f"ou_{entry['unit_id']}")
    assert told == (account, [on.members[0]], "Call", "r-1", on.unit)
    assert f"mb_{entry['target_id']}" == on.members[0]
    assert await verify(api.connection) == []


async def test_the_row_looked_ahead_at_is_not_shown(api: Api, on: Street) -> None:
    """A page of one that says another follows: one member on record. One selected thrice is there once."""
    page = (await api.data(ADMIN, PAGE))["members"]
    assert page["pageInfo"] == {"hasNextPage": True}
    assert [len(entry["shown"]) for entry in await records(api)] == [1]
    await api.data(ADMIN, THRICE, id=on.members[1])
    assert (await records(api))[-1]["shown"] == [on.members[1]]


async def test_what_is_not_shown_is_not_recorded(api: Api, on: Street) -> None:
    """Masked, out of sight, or without selecting it; and one's own."""
    for who in (("auditor", COUNTY), ("property_committee", COUNTY), NEIGHBOUR):
        await api.data(who, ONE, id=on.members[0])
        await api.data(who, PAGE)
    await api.data(ADMIN, "{ members { nodes { name maskedPhone } totalCount } }")
    own = ("member", on.members[0])
    assert (await api.data(own, ONE, id=on.members[0]))["member"]["contact"]["phone"]
    assert await records(api) == []


async def test_an_account_that_is_the_members_own(api: Api, on: Street) -> None:
    """By the account's member, whatever its grants."""
    token = await api.token(*ADMIN)
    await api.connection.execute(
        "UPDATE account SET member_id = $1 WHERE id = (SELECT account_id FROM credential WHERE id = $2)",
        *(UUID(on.members[0][3:]), token.split("_")[1]),
    )
    await api.data(ADMIN, "{ members { nodes { contact { phone } } } }")
    assert [entry["shown"] for entry in await records(api)] == [[on.members[1]]]


@pytest.mark.parametrize("dry", [False, True])
async def test_payloads_and_dry_runs_too(api: Api, on: Street, dry: bool) -> None:
    """What a dry run showed stays on record when everything else is undone."""
    before = await api.connection.fetchval("SELECT count(*) FROM audit_entry")
    given = {"id": on.members[0], "version": 1, "phone": "13900000000", "dryRun": dry}
    answer = await api.data(ADMIN, SETS, input=given, request_id="r-2")
    assert answer["updateContact"]["member"]["contact"]["phone"] == "13900000000"
    (entry,) = await records(api)
    assert (entry["shown"], entry["request_id"]) == ([on.members[0]], "r-2")
    assert await api.connection.fetchval("SELECT count(*) FROM audit_entry") == before + (1 if dry else 2)
    assert await verify(api.connection) == []


async def test_a_trial_of_registering_someone_shows_them_and_leaves_no_record(api: Api, on: Street) -> None:
    """The member never was; what is shown of them is what the caller brought."""
    given = {"unitId": on.unit, "name": "试录", "standing": "IN_SERVICE", "phone": "13900000001", "dryRun": True}
    done = await api.do(ADMIN, "registerMember", "member { contact { phone } }", **given)
    assert done["member"]["contact"]["phone"] == "13900000001"
    assert await records(api) == []


async def test_registering_someone_shows_them_to_nobody(api: Api, on: Street) -> None:
    """The caller brought what the payload tells, and no auditor comes to read who was registered; later reads count."""
    given = {"unitId": on.unit, "name": "新人", "standing": "IN_SERVICE", "phone": "13900000001"}
    made = (await api.do(ADMIN, "registerMember", "member { id contact { phone } }", **given))["member"]
    assert made["contact"]["phone"] == "13900000001"
    assert await records(api) == []
    asked = """query($id: ID!) { node(id: $id) { id } members { totalCount }
        auditEntries(filter: {command: "registerMember"}, last: 1) { nodes { command targetMember { id } } } }"""
    hidden = await api.data(("auditor", COUNTY), asked, id=made["id"])
    assert (hidden["node"], hidden["members"]["totalCount"]) == (None, 0)
    assert hidden["auditEntries"]["nodes"] == [{"command": "registerMember", "targetMember": None}]
    await api.data(ADMIN, ONE, id=made["id"])
    assert [each["shown"] for each in await records(api)] == [[made["id"]]]
    assert (await api.data(("auditor", COUNTY), asked, id=made["id"]))["node"] == {"id": made["id"]}


@pytest.mark.parametrize(
    "where", ["record_contact_reads(uuid, uuid, text, text, text)", "note_contact(uuid, uuid, uuid)"]
)
async def test_what_cannot_be_recorded_is_not_answered(api: Api, on: Street, where: str) -> None:
    """Neither read nor payload nor dry run says anything, and the command is undone."""
    await api.connection.execute(f"REVOKE EXECUTE ON FUNCTION {where} FROM PUBLIC")
    given = {"id": on.members[0], "version": 1, "phone": "13900000000"}
    for answer in (
        await api.ask(ADMIN, ONE, id=on.members[0]),
        await api.ask(ADMIN, SETS, input=given),
        await api.ask(ADMIN, SETS, input={**given, "dryRun": True}),
    ):
        assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
        assert "139" not in json.dumps(answer)
        assert "1000000000" not in json.dumps(answer)
    assert await api.connection.fetchval("SELECT version FROM member WHERE id = $1", UUID(on.members[0][3:])) == 1


async def test_members_of_several_units_lie_in_the_lowest_they_share(api: Api, on: Street) -> None:
    """The community of one, the town of two communities, the chain of their county."""
    other = (await api.data(("county_admin", "3505"), '{ orgUnit(by: {code: "350521100002"}) { id } }'))["orgUnit"][
        "id"
    ]
    await api.do(NEIGHBOUR, "registerMember", "", unitId=other, name="邻居", standing="RETIRED")
    await api.data(("town_admin", "350521100"), "{ members { nodes { contact { phone } } } }")
    (entry,) = await records(api)
    code = await api.connection.fetchval("SELECT code FROM org_unit WHERE id = $1", entry["unit_id"])
    assert (len(entry["shown"]), code, entry["target_id"]) == (3, "350521100", None)
    assert on.unit


async def test_the_service_cannot_write_the_record_itself(api: Api, on: Street) -> None:
    """Nor add to one that is sealed."""
    await api.data(ADMIN, ONE, id=on.members[0])
    (entry,) = await records(api)
    service = await connect(api.service_url)
    try:
        for statement in ("INSERT INTO contact_read SELECT id, id FROM member", "DELETE FROM contact_read"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await service.execute(statement)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="sealed"):
            await service.fetchval("SELECT note_contact($1, $2, $3)", entry["id"], entry["account_id"], UUID(int=1))
    finally:
        await service.close()
    assert COMMUNITY
