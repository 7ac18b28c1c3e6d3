"""Who reads the trail: an entry with all that it changed, or neither, also when its unit is gone."""

from typing import Any
from uuid import UUID

import pytest

from services.audit.events import Event
from services.audit.tables import event
from tests.writes.api import Api
from tests.writes.street import ADMIN, COMMUNITY, COUNTY, COUNTY_ADMIN, OTHER, TOWN, Street, day, made, unit_id

ENTRIES = """query($after: String) { auditEntries(first: 100, after: $after) {
    nodes { id changes { totalCount nodes { table after } } } pageInfo { hasNextPage } } }"""
RECORDED = """
    SELECT 'ae_' || entry.id AS id, count(change.id) AS number FROM audit_entry entry
    LEFT JOIN audit_change change ON entry_id = entry.id WHERE entry.unit_id = $1 GROUP BY entry.id
"""
DELETIONS = """{ auditEntries(filter: {command: "deletePerson"}) {
    nodes { changes(first: 100) { totalCount nodes { table nodeId } } } } }"""
CHANGED = """
    SELECT count(*) FROM audit_change JOIN audit_entry entry ON entry.id = entry_id
    WHERE command = 'deletePerson' AND row_id = $1
"""
CITY = ("county_admin", "3505")


async def read(api: Api, who: tuple[str, str]) -> dict[str, Any]:
    """Of every entry someone is shown, what it changed."""
    page = (await api.data(who, ENTRIES))["auditEntries"]
    assert page["pageInfo"] == {"hasNextPage": False}
    return {entry["id"]: entry["changes"] for entry in page["nodes"]}


async def test_details_are_those_of_events(api: Api, on: Street) -> None:
    """Of a command nothing, whatever it is about, and also where an empty detail was kept as JSON's null."""
    await api.do(ADMIN, "updateBuilding", "", id=on.buildings[0], version=1)
    await event(api.connection, Event.SIGN_IN, unit_id=UUID(on.unit[3:]), detail={"by": "password"})
    query = "{ auditEntries(first: 100) { nodes { command detail compound { id } } } }"

    async def details() -> set[tuple[str, str | None]]:
        nodes = (await api.data(("auditor", COUNTY), query))["auditEntries"]["nodes"]
        assert [each["compound"]["id"] for each in nodes if each["command"] == "updateBuilding"] == [on.compound]
        return {(each["command"], each["detail"]) for each in nodes}

    found = await details()
    assert {each for each in found if each[1] is not None} == {("signIn", '{"by": "password"}')}
    assert await api.connection.fetchval("SELECT count(*) FROM audit_entry WHERE detail = 'null'") == 0
    await api.connection.execute(
        "INSERT INTO audit_entry (id, request_id, command, unit_id, detail)"
        " VALUES (gen_random_uuid(), '', 'renameUnit', $1, 'null')",
        UUID(on.unit[3:]),
    )
    assert await details() == found | {("renameUnit", None)}


@pytest.mark.parametrize("role", ["auditor", "county_admin"])
async def test_what_a_unit_changed_is_read_in_its_county_once_it_is_gone(api: Api, on: Street, role: str) -> None:
    """The entries of a community that was merged away, and what they changed, as before."""
    before = await read(api, (role, COUNTY))
    recorded = {row["id"]: row["number"] for row in await api.connection.fetch(RECORDED, on.unit[3:])}
    assert len(recorded) > 4
    await api.do(CITY, "mergeUnits", "", id=await unit_id(api, OTHER), others=[{"id": on.unit, "version": 1}])
    assert await api.connection.fetchval("SELECT count(*) FROM org_unit WHERE code = $1", COMMUNITY) == 0
    after = await read(api, (role, COUNTY))
    for entry, number in recorded.items():
        assert after[entry] == before[entry]
        assert len(after[entry]["nodes"]) == after[entry]["totalCount"] == number > 0


async def test_who_does_not_see_the_county_sees_neither(api: Api, on: Street) -> None:
    """What lay in the town of an auditor goes out of their sight with it; the county's chain stays."""
    recorded = {row["id"] for row in await api.connection.fetch(RECORDED, on.unit[3:])}
    assert recorded <= set(await read(api, ("auditor", TOWN)))
    other = await unit_id(api, OTHER)
    await api.do(CITY, "moveUnit", "", id=other, parentId=await unit_id(api, "350521101"))
    await api.do(CITY, "mergeUnits", "", id=other, others=[{"id": on.unit, "version": 1}])
    assert not recorded & set(await read(api, ("auditor", TOWN)))
    assert not recorded & set(await read(api, ("auditor", "350524")))


async def test_who_only_counts_is_not_told_in_whose_deletion_what_changed(api: Api, on: Street) -> None:
    """Requests for help and visits to a household that name a person: neither as rows nor in number."""
    member = await made(api, ADMIN, "registerMember", "member", unitId=on.unit, name="欧阳", standing="IN_SERVICE")
    name = f"欧阳{member[-4:]}"
    await api.do(ADMIN, "updateMember", "", id=member, version=1, name=name)
    asked: Any = {"unitId": on.unit, "kind": "CARE", "text": f"找{name}", "beneficiary": "某户", "askedOn": day(-1)}
    request = await made(api, ADMIN, "recordHelpRequest", "helpRequest", **asked)
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=member)
    assert await api.connection.fetchval(CHANGED, UUID(request[3:])) == 1
    for who in (("auditor", COUNTY), COUNTY_ADMIN):
        (entry,) = (await api.data(who, DELETIONS))["auditEntries"]["nodes"]
        told = [each["table"] for each in entry["changes"]["nodes"]]
        assert "member" in told
        assert "help_request" not in told
        assert entry["changes"]["totalCount"] == len(told)
