"""What every command has from the write path: order, rights, versions, retries, dry runs, the audit trail."""

import asyncio
import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from graphql import FieldNode, OperationDefinitionNode, VariableValues, parse

from policies.actor import actor_of
from schema.pipeline.plan.call import Call
from schema.pipeline.plan.planner import payload
from schema.pipeline.plan.selections import Selections
from schema.pipeline.sql.statement import assemble, guard
from services.access.credentials import credential
from services.audit.tables import changes, entries, idempotency_keys, links
from services.declared import METADATA
from services.storage.tables import VIEW
from tests.built import CATALOGUE, SCHEMA
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY, COUNTY_ADMIN, NEIGHBOUR, TOWN, Street, day, made, nobody, unit_id

KEPT = {"account", "credential", "role_grant", entries.name, changes.name, links.name, idempotency_keys.name}
ASSIGN = """mutation($one: AssignCaptainInput!, $two: AssignCaptainInput!, $three: AssignCaptainInput!) {
    a: assignCaptain(input: $one) { captainAssignment { memberName } userErrors { message } }
    b: assignCaptain(input: $two) { captainAssignment { memberName } userErrors { message } }
    name: __typename
    c: assignCaptain(input: $three) { captainAssignment { memberName } userErrors { message } }
}"""


async def everything(connection: asyncpg.Connection) -> dict[str, Any]:
    """All rows of the domain's tables, to see that nothing changed."""
    tables = [table.name for table in METADATA.sorted_tables if table.name not in KEPT and VIEW not in table.info]
    return {
        name: sorted(str(tuple(row)) for row in await connection.fetch(f'SELECT * FROM "{name}"')) for name in tables
    }


async def audited(api: Api) -> int:
    """How many entries the audit trail has."""
    found: int = await api.connection.fetchval("SELECT count(*) FROM audit_entry")
    return found


async def test_fields_run_in_order_and_one_that_fails_leaves_the_others(api: Api, on: Street) -> None:
    """The second asks for what the first has just taken; the third does not notice."""
    one, two = ({"buildingId": building, "memberId": on.members[0], "since": day(0)} for building in on.buildings)
    answer = await api.ask(ADMIN, ASSIGN, one=one, two=one, three=two)
    assert answer["data"] == {
        "a": {"captainAssignment": {"memberName": "演示党员1"}, "userErrors": []},
        "b": None,
        "name": "Mutation",
        "c": {"captainAssignment": {"memberName": "演示党员1"}, "userErrors": []},
    }
    (error,) = answer["errors"]
    assert error["path"] == ["b"]
    assert error["extensions"] == {"code": "CONFLICT", "argument": "input.buildingId"}


@pytest.mark.parametrize("who", [("auditor", COUNTY), ("partner", COUNTY), ("property_committee", COUNTY)])
async def test_who_may_only_read_is_told_so(api: Api, on: Street, who: tuple[str, str]) -> None:
    """FORBIDDEN, because they see it, a program that there is no such command; nothing changes or is recorded."""
    await api.token(*who)
    before, recorded = await everything(api.connection), await audited(api)
    told = "GRAPHQL_VALIDATION_FAILED" if who[0] == "partner" else "FORBIDDEN"
    assert await api.attempt(who, "updateBuilding", id=on.buildings[0], version=1, name="x") == told
    assert await everything(api.connection) == before
    assert await audited(api) == recorded


async def test_what_is_hidden_and_what_never_was_are_refused_alike(api: Api, on: Street) -> None:
    """Target and reference, the neighbour's and nobody's and of another kind: the same bytes."""
    before = await everything(api.connection)
    query = "mutation($input: AssignCaptainInput!) { assignCaptain(input: $input) { userErrors { code } } }"
    for name, tag in (("buildingId", "bd"), ("memberId", "mb")):
        given = {"buildingId": on.buildings[0], "memberId": on.members[0], "since": day(0)}
        mine = {**given, name: nobody(tag)}
        refused = await api.ask(ADMIN, query, input=mine)
        assert refused["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        for text in ("", f"{tag}_", on.compound, nobody("ou"), given[name].upper(), f"{given[name]} "):
            assert await api.ask(ADMIN, query, input={**given, name: text}) == refused
    hidden = await api.ask(
        NEIGHBOUR, query, input={"buildingId": on.buildings[0], "memberId": on.members[0], "since": day(0)}
    )
    never = await api.ask(
        NEIGHBOUR, query, input={"buildingId": nobody("bd"), "memberId": nobody("mb"), "since": day(0)}
    )
    assert hidden == never
    assert hidden["errors"][0]["extensions"] == {"code": "NOT_FOUND", "argument": "input.buildingId"}
    assert await everything(api.connection) == before


async def test_an_update_names_the_version_it_was_decided_on(api: Api, on: Street) -> None:
    """Of two who read the same version, the second learns that there is another by now."""
    update: dict[str, Any] = {"id": on.compound, "version": 1}
    done = await api.do(ADMIN, "updateCompound", "compound { version households }", **update, households=310)
    assert done["compound"] == {"version": 2, "households": 310}
    assert await api.attempt(ADMIN, "updateCompound", **update, households=1) == "CONFLICT"
    await api.do(ADMIN, "updateCompound", "compound { version }", id=on.compound, version=2, households=320)


async def test_two_updates_of_one_version_at_once(api: Api, on: Street) -> None:
    """They wait for each other: one is done, the other is a conflict, whichever it is."""
    asked = [
        api.attempt(who, "updateCompound", "compound { households }", id=on.compound, version=1, households=9)
        for who in (ADMIN, COUNTY_ADMIN, ("town_admin", TOWN))
    ]
    answers = await asyncio.gather(*asked)
    assert sorted(str(answer) == "CONFLICT" for answer in answers) == [False, True, True]


# --- once -----------------------------------------------------------------------------------------------------------


async def test_a_retry_with_the_same_key_applies_once(api: Api, on: Street) -> None:
    """The payload is read anew; another input under the key is a conflict; another account's key is its own."""
    given = {"compoundId": on.compound, "name": "3号楼", "idempotencyKey": "k-1"}
    first = await api.do(ADMIN, "createBuilding", "building { id name }", **given)
    assert await api.do(ADMIN, "createBuilding", "building { id name }", **given) == first
    assert await api.attempt(ADMIN, "createBuilding", **{**given, "name": "4号楼"}) == "CONFLICT"
    assert await api.connection.fetchval("SELECT count(*) FROM building") == 3
    other = await api.do(COUNTY_ADMIN, "createBuilding", "building { name }", **{**given, "name": "4号楼"})
    assert other["building"]["name"] == "4号楼"


async def test_a_retry_of_what_was_taken_back_since_leads_to_nothing(api: Api, on: Street) -> None:
    """It was done, and is gone: no row, and no refusal."""
    given = {"buildingId": on.buildings[0], "memberId": on.members[0], "since": day(3), "idempotencyKey": "k-0"}
    made = await api.do(ADMIN, "assignCaptain", "captainAssignment { id }", **given)
    await api.do(ADMIN, "cancelCaptainTerm", "", id=made["captainAssignment"]["id"])
    again = await api.do(ADMIN, "assignCaptain", "captainAssignment { id }", **given)
    assert again["captainAssignment"] is None


async def test_a_request_s_key_counts_for_each_of_its_fields(api: Api, on: Street) -> None:
    """The header's key: sent again, neither field is done again."""
    query = """mutation($c: ID!) {
        a: createBuilding(input: {compoundId: $c, name: "A"}) { building { id } }
        b: createBuilding(input: {compoundId: $c, name: "B"}) { building { id } }
    }"""
    first = await api.data(ADMIN, query, c=on.compound, idempotency_key="r-1")
    assert await api.data(ADMIN, query, c=on.compound, idempotency_key="r-1") == first
    assert await api.connection.fetchval("SELECT count(*) FROM building") == 4


async def test_the_same_key_twice_at_once(api: Api, on: Street) -> None:
    """Whoever comes second waits and gets what the first did."""
    given = {"compoundId": on.compound, "name": "3号楼", "idempotencyKey": "k-2"}
    answers = await asyncio.gather(*(api.do(ADMIN, "createBuilding", "building { id }", **given) for _ in range(4)))
    assert len({answer["building"]["id"] for answer in answers}) == 1
    assert await api.connection.fetchval("SELECT count(*) FROM audit_entry WHERE command = 'createBuilding'") == 3


async def test_a_dry_run_is_refused_the_keys_that_the_real_one_is_and_keeps_none(api: Api, on: Street) -> None:
    """What cannot be a key, and what was used for another; under one of the same it tells of what was done."""
    given = {"compoundId": on.compound, "name": "3号楼", "idempotencyKey": "k-4"}
    tried = await api.do(ADMIN, "createBuilding", "building { name }", **given, dryRun=True)
    assert tried["building"] == {"name": "3号楼"}
    assert await api.connection.fetchval("SELECT count(*) FROM idempotency_key") == 0
    first = await api.do(ADMIN, "createBuilding", "building { id }", **given)
    again = await api.do(ADMIN, "createBuilding", "building { id }", **given, dryRun=True)
    assert again == first
    for key, told in (("k-4", "CONFLICT"), ("", "BAD_USER_INPUT"), ("x" * 65, "BAD_USER_INPUT")):
        other = {**given, "name": "4号楼", "idempotencyKey": key}
        assert await api.attempt(ADMIN, "createBuilding", **other) == told
        assert await api.attempt(ADMIN, "createBuilding", **other, dryRun=True) == told


async def test_a_command_that_was_refused_leaves_its_key_free(api: Api, on: Street) -> None:
    """The corrected input may go under the same key."""
    given = {"compoundId": on.compound, "idempotencyKey": "k-3"}
    refused = await api.attempt(ADMIN, "createBuilding", "building { id }", **given, name=" ")
    assert refused["building"] is None
    assert refused["userErrors"][0]["field"] == ["input", "name"]
    await api.do(ADMIN, "createBuilding", "building { id }", **given, name="3号楼")


@pytest.mark.parametrize("key", ["", "x" * 65, "a\nb"])
async def test_a_key_that_is_none(api: Api, on: Street, key: str) -> None:
    """Empty, too long, not printable."""
    refused = await api.attempt(ADMIN, "createBuilding", compoundId=on.compound, name="3号楼", idempotencyKey=key)
    assert refused == "BAD_USER_INPUT"


# --- dry runs and the trail -----------------------------------------------------------------------------------------


async def test_a_dry_run_shows_and_keeps_nothing(api: Api, on: Street) -> None:
    """The payload is what would be; afterwards everything is as it was, the audit trail too."""
    town, to = await unit_id(api, "350521100002"), await unit_id(api, "350521101")
    before, recorded = await everything(api.connection), await audited(api)
    payload = await api.do(
        COUNTY_ADMIN, "moveUnit", "orgUnit { place parent { code } }", id=town, parentId=to, dryRun=True
    )
    assert payload["orgUnit"] == {"place": ["惠安县", "螺阳镇", "西北社区居委会"], "parent": {"code": "350521101"}}
    assert await everything(api.connection) == before
    assert await audited(api) == recorded
    assert on.compound


async def test_every_command_leaves_one_entry_with_before_and_after(api: Api, on: Street) -> None:
    """Who, in which request, what, and every row it changed; contact data by name only."""
    recorded = await audited(api)
    given: dict[str, Any] = {"buildingId": on.buildings[0], "memberId": on.members[0], "since": day(-9)}
    term = await made(api, ADMIN, "assignCaptain", "captainAssignment", **given)
    query = "mutation($input: HandOverCaptainInput!) { handOverCaptain(input: $input) { userErrors { code } } }"
    given = {"id": term, "version": 1, "memberId": on.members[1], "on": day(0)}
    await api.data(ADMIN, query, input=given, request_id="r-77")
    assert await audited(api) == recorded + 2
    entry = await api.connection.fetchrow("SELECT * FROM audit_entry WHERE request_id = 'r-77'")
    assert entry is not None
    assert entry["command"] == "handOverCaptain"
    assert f"ca_{entry['target_id']}" == term
    assert f"ou_{entry['unit_id']}" == on.unit
    account = await api.connection.fetchval("SELECT account_id FROM credential WHERE id = $1", entry["credential_id"])
    assert account == entry["account_id"]
    rows = await api.connection.fetch("SELECT * FROM audit_change WHERE entry_id = $1 ORDER BY id", entry["id"])
    ended, begun = ({name: json.loads(row[name]) for name in ("before", "after") if row[name]} for row in rows)
    assert ended["before"]["until"] is None
    assert ended["after"]["until"] == day(-1)
    assert "before" not in begun
    assert begun["after"]["since"] == day(0)
    kept = await api.connection.fetchval("SELECT string_agg(concat(before, after), '') FROM audit_change")
    assert "演示小区" in kept
    assert "phone" in kept
    assert "1000000000" not in kept
    assert "演示党员" not in kept


# --- no stale right -------------------------------------------------------------------------------------------------


async def test_a_revocation_that_is_under_way_is_waited_for(api: Api, on: Street) -> None:
    """The command that comes while a grant is being deleted sees that it is gone."""
    token = await api.token(*ADMIN)
    before = await everything(api.connection)
    async with api.connection.transaction():
        await api.connection.execute(
            "DELETE FROM role_grant WHERE account_id = (SELECT account_id FROM credential WHERE id = $1)",
            token.split("_")[1],
        )
        given = {"buildingId": on.buildings[0], "memberId": on.members[0], "since": day(0)}
        asked = asyncio.create_task(api.attempt(ADMIN, "assignCaptain", **given))
        await waiting(api.connection)
    assert await asked == "NOT_FOUND"
    assert await everything(api.connection) == before


async def test_a_session_that_is_lost_leaves_nothing(api: Api, on: Street) -> None:
    """Its database session ends while the command waits for a lock."""
    before = await everything(api.connection)
    async with api.connection.transaction():
        await api.connection.execute("SELECT FROM building FOR UPDATE")
        given = {"buildingId": on.buildings[0], "memberId": on.members[0], "since": day(0)}
        asked = asyncio.create_task(api.attempt(ADMIN, "assignCaptain", **given))
        pid = await waiting(api.connection)
        await api.connection.execute("SELECT pg_terminate_backend($1)", pid)
        assert await asked == "UNAVAILABLE"
    assert await everything(api.connection) == before
    await api.do(ADMIN, "assignCaptain", "", **given)


async def test_two_who_wait_for_each_other(api: Api, on: Street) -> None:
    """A deadlock ends one of them with CONFLICT; nothing of it is left."""
    async with api.connection.transaction():
        await api.connection.execute("SELECT FROM member FOR UPDATE")
        given = {"buildingId": on.buildings[0], "memberId": on.members[0], "since": day(0)}
        asked = asyncio.create_task(api.attempt(ADMIN, "assignCaptain", **given))
        await waiting(api.connection)
        locked = asyncio.create_task(api.connection.execute("SELECT FROM building FOR UPDATE"))
        ended = await asyncio.gather(asked, locked, return_exceptions=True)
        if isinstance(ended[1], BaseException):  # either may be the one that is ended
            assert isinstance(ended[1], asyncpg.DeadlockDetectedError)
            return
    assert ended[0] == "CONFLICT"


async def test_who_moves_a_seat_of_their_own_still_gets_the_payload(api: Api) -> None:
    """A path among the caller's grants changes in the middle of the command; the payload is read with it as it is."""
    town, token = await unit_id(api, TOWN), await api.token(*COUNTY_ADMIN)
    await api.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path) SELECT gen_random_uuid(), account_id, 'auditor',"
        " (SELECT path FROM org_unit WHERE code = $2) FROM credential WHERE id = $1",
        *(token.split("_")[1], TOWN),
    )
    given = {"id": town, "version": 1, "code": "350521199"}
    payload = await api.do(COUNTY_ADMIN, "recodeUnit", "orgUnit { code children { totalCount } }", **given)
    assert payload["orgUnit"] == {"code": "350521199", "children": {"totalCount": 2}}
    found = await api.data(COUNTY_ADMIN, '{ old: orgUnit(by: {code: "350521100"}) { code } }')
    assert found == {"old": {"code": "350521199"}}


@pytest.mark.parametrize("command", ["recodeUnit", "moveUnit", "mergeUnits", "splitUnit"])
async def test_nobody_reorganizes_the_unit_they_are_seated_at(api: Api, command: str) -> None:
    """That is for those above: what comes of it would lie beside the seat."""
    county, town = await unit_id(api, COUNTY), await unit_id(api, TOWN)
    given: dict[str, dict[str, Any]] = {
        "recodeUnit": {"version": 1, "code": "350529"},
        "moveUnit": {"parentId": town},
        "mergeUnits": {"others": [{"id": town, "version": 1}]},
        "splitUnit": {"version": 1, "dissolved": True, "into": [{"name": "甲", "code": "350591"}]},
    }
    assert await api.attempt(COUNTY_ADMIN, command, id=county, **given[command]) == "FORBIDDEN"


# What it holds already tells its database: the lock it waits for may be of none. Within a transaction pg_stat_activity
# would show what it did at first.
WAITING = """
    SELECT waits.pid FROM pg_locks AS waits WHERE NOT waits.granted AND EXISTS (
        SELECT FROM pg_locks AS holds JOIN pg_database ON oid = database
        WHERE holds.pid = waits.pid AND datname = current_database())
"""


async def waiting(connection: asyncpg.Connection) -> int:
    """The process id of a session of the service that waits for a lock, once there is one."""
    async with asyncio.timeout(20):
        while True:
            pid: int | None = await connection.fetchval(WAITING)
            if pid is not None:
                return pid
            await asyncio.sleep(0.01)


async def test_a_payload_shows_no_more_than_a_query_would(api: Api, on: Street) -> None:
    """Whoever may do something and not read what it led to gets null for it; no role of today is so."""
    for who, name in ((ADMIN, "演示党员1"), (("partner", COUNTY), None)):
        found = await payload_of(api, who, UUID(on.members[0].removeprefix("mb_")))
        assert found == {"member": name and {"name": name}, "userErrors": []}


async def payload_of(api: Api, who: tuple[str, str], result: UUID) -> Any:
    """What a caller would be shown of a member that a command of theirs led to."""
    document = parse("mutation { registerMember(input: {}) { member { name } userErrors { code } } }")
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    (field,) = operation.selection_set.selections
    assert isinstance(field, FieldNode)
    found = await credential(api.connection, (await api.token(*who)).split("_")[1])
    assert found is not None
    variables = VariableValues({}, {})
    call = Call(actor_of(found), variables, b"", injected={"userErrors": "[]"}, result=result)
    offer, selections = CATALOGUE.offers["registerMember"], Selections(SCHEMA, {}, variables)
    planned = payload(CATALOGUE, selections, offer, [field], call)
    statement = assemble(planned)
    parameters = statement.parameters(planned.values(call), guard(call.actor, 1_000_000))
    row = await api.connection.fetchrow(statement.sql, *parameters)
    assert row is not None
    return json.loads(row["body"])
