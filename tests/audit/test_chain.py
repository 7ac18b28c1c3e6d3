"""The chains of the audit trail: what holds, and that nothing can be changed, removed, slipped in or cut off unseen."""

import asyncio
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest

from policies.tokens import Seat, issue
from services.audit.events import Event
from services.audit.heads import kept_in
from services.audit.tables import event
from services.audit.trail import (
    CHANGED,
    CUT,
    FORGED,
    LOOSE_END,
    MISSING,
    REMOVED,
    heads,
    kept,
    verify,
)
from services.errors import Refused
from services.storage.database import connect
from tests.conftest import start_service, stop_service
from tests.http.asking import NO_TLS
from tests.writes.api import Api, mutation
from tests.writes.street import ADMIN, COMMUNITY, COUNTY, COUNTY_ADMIN, OTHER, Street, nobody, unit_id

ABOVE = UUID(int=0)
WRITERS, AT_ONCE = 50, 8
# Whoever is about to add a link has read which is the last: there they are held, until more wait than one process has.
GATE = """
    CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NEW; END';
    CREATE TRIGGER gate BEFORE INSERT ON audit_link FOR EACH ROW EXECUTE FUNCTION gate();
    SELECT pg_advisory_lock(1);
"""
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
TRAIL = ("audit_entry", "audit_change", "audit_link")


async def tampered(connection: asyncpg.Connection, *statements: str) -> None:
    """What someone does who may do everything, triggers off."""
    async with connection.transaction():
        for table in TRAIL:
            await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            await connection.execute(statement)
        await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TRAIL:
            await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


async def reasons(api: Api) -> list[tuple[int | None, tuple[str, str]]]:
    """What is broken, by number of the link and why."""
    return [(broken.number, (broken.zh, broken.en)) for broken in await verify(api.connection)]


async def test_every_entry_is_a_link_of_its_countys_chain(api: Api, on: Street) -> None:
    """Numbers without gaps, one chain for a county whoever writes, another for what belongs to none."""
    await event(api.connection, Event.SIGN_IN_FAILED, detail={"why": "unknown"})
    county = await api.connection.fetchval("SELECT id FROM org_unit WHERE code = $1", COUNTY)
    counts = await api.connection.fetch("SELECT chain, count(*) FROM audit_link GROUP BY chain ORDER BY chain")
    assert {row["chain"] for row in counts} == {ABOVE, county}
    entries = await api.connection.fetchval("SELECT count(*) FROM audit_entry")
    assert sum(row["count"] for row in counts) == entries
    assert [head.number for head in await heads(api.connection)] == [1, entries - 1]
    assert await verify(api.connection) == []


LAST = "(SELECT entry_id FROM audit_link WHERE number = 4 AND chain <> '00000000-0000-0000-0000-000000000000')"
SLIPPED_IN = """
    INSERT INTO audit_entry (id, request_id, command, chain)
    SELECT gen_random_uuid(), '', 'x', chain FROM audit_link WHERE number = 4
"""
TAMPERING: dict[str, tuple[tuple[str, ...], int | None, tuple[str, str]]] = {
    "a value": ((f'UPDATE audit_change SET after = after || \'{{"name": "x"}}\' WHERE entry_id = {LAST}',), 4, CHANGED),
    "who": ((f"UPDATE audit_entry SET account_id = NULL WHERE id = {LAST}",), 4, CHANGED),
    "when": ((f"UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = {LAST}",), 4, CHANGED),
    "a change less": ((f"DELETE FROM audit_change WHERE entry_id = {LAST}",), 4, CHANGED),
    "an entry": (
        (f"DELETE FROM audit_change WHERE entry_id = {LAST}", f"DELETE FROM audit_entry WHERE id = {LAST}"),
        4,
        REMOVED,
    ),
    "a link": (("DELETE FROM audit_link WHERE number = 4",), 4, MISSING),
    "a digest": (("UPDATE audit_link SET digest = 'x' WHERE number = 4",), 4, FORGED),
    "a link's command": (("UPDATE audit_link SET command = 'signIn' WHERE number = 4",), 4, FORGED),
    "a link's moment": (("UPDATE audit_link SET at = at - interval '9 years' WHERE number = 4",), 4, FORGED),
    "an entry slipped in": ((SLIPPED_IN,), None, LOOSE_END),
}


LIE = "CREATE OR REPLACE FUNCTION audit_digest(entry uuid) RETURNS bytea LANGUAGE sql AS 'SELECT ''x''::bytea'"
KEPT = [
    *(f"CREATE TABLE kept_{table} AS TABLE {table}" for table in TRAIL),
    "ALTER TABLE kept_audit_entry DROP about_id",  # made of the others
]
UNDONE = [
    *(f"DELETE FROM {table}" for table in reversed(TRAIL)),
    *(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE kept_{table}" for table in TRAIL),
]


async def test_tampering_is_named(api: Api, on: Street) -> None:
    """The first link that does not hold, and why, even where the database's own functions were replaced."""
    await tampered(api.connection, *KEPT, LIE)
    for what, (statements, number, reason) in TAMPERING.items():
        await tampered(api.connection, *statements)
        assert (await reasons(api))[:1] == [(number, reason)], what
        await tampered(api.connection, *UNDONE)
        assert await reasons(api) == [], what


async def test_a_tail_that_was_cut_off_is_told_by_a_head_kept_elsewhere(api: Api, on: Street) -> None:
    """And so is a chain that was made anew."""
    known = kept("\n".join(map(str, await heads(api.connection))))
    assert await verify(api.connection, known=known) == []
    number = known[0][1]
    last = f"SELECT entry_id FROM audit_link WHERE number = {number}"
    await tampered(
        api.connection,
        f"DELETE FROM audit_change WHERE entry_id = ({last})",
        f"DELETE FROM audit_entry WHERE id = ({last})",
        f"DELETE FROM audit_link WHERE number = {number}",
    )
    assert await verify(api.connection) == []
    (broken,) = await verify(api.connection, known=known)
    assert (broken.number, broken.zh) == (number - 1, CUT[0])
    await tampered(
        api.connection,
        "DELETE FROM audit_link",
        "UPDATE audit_entry SET account_id = NULL",
        "SELECT append_audit_link(id, chain) FROM (SELECT id, chain FROM audit_entry ORDER BY at, id) AS made_anew",
    )
    assert await verify(api.connection) == []
    (anew,) = await verify(api.connection, known=known)
    assert anew.en == CUT[1]
    await tampered(api.connection, "DELETE FROM audit_change", "DELETE FROM audit_entry", "DELETE FROM audit_link")
    (gone,) = await verify(api.connection, known=known)
    assert gone.en == CUT[1]


async def test_a_tail_that_was_cut_off_behind_another_fault_is_told_beside_it(api: Api, on: Street) -> None:
    """Who alters an early entry does not hide by it that the last are gone; a fault alone is told alone."""
    known = kept("\n".join(map(str, await heads(api.connection))))
    number = known[0][1]
    altered = (
        "UPDATE audit_entry SET request_id = 'other' WHERE id = (SELECT entry_id FROM audit_link WHERE number = 2)"
    )
    await tampered(api.connection, altered)
    assert [(each.number, each.en) for each in await verify(api.connection, known=known)] == [(2, CHANGED[1])]
    last = f"SELECT entry_id FROM audit_link WHERE number = {number}"
    await tampered(
        api.connection,
        f"DELETE FROM audit_change WHERE entry_id = ({last})",
        f"DELETE FROM audit_entry WHERE id = ({last})",
        f"DELETE FROM audit_link WHERE number = {number}",
    )
    told = [(each.number, each.en) for each in await verify(api.connection, known=known)]
    assert told == [(2, CHANGED[1]), (number - 1, CUT[1])]
    assert [each.en for each in await verify(api.connection)] == [CHANGED[1]]


async def test_commands_of_one_county_at_once_form_one_line(api: Api, on: Street, tmp_path: Path) -> None:
    """Fifty at a time, of as many accounts, by two processes: each has a number of its own, and none is missing."""
    # Each about a member of their own: nothing but the chain makes one wait for another.
    named = [{"name": f"党员{n}", "standing": "IN_SERVICE"} for n in range(WRITERS)]
    recorded = await api.do(ADMIN, "registerMembers", "recorded { id }", unitId=on.unit, members=named)
    members = [each["id"] for each in recorded["recorded"]]
    before = sum(head.number for head in await heads(api.connection))
    tokens = [await issue(api.connection, Seat(f"账号{n}", *ADMIN), 1) for n in range(WRITERS)]
    await api.connection.execute(GATE)
    patient = {
        "JINLIN_STATEMENT_MS": "60000",
        "JINLIN_AUDIT_HEADS": str(tmp_path),
        "JINLIN_CONNECTIONS": str(2 * AT_ONCE),
    }
    services = [start_service(api.url, **patient) for _ in range(2)]
    try:
        async with httpx.AsyncClient(
            limits=httpx.Limits(max_connections=WRITERS), timeout=120, trust_env=False, verify=NO_TLS
        ) as client:

            async def write(n: int) -> str:
                given = {"id": members[n], "version": 1, "employer": "演示厂"}
                body = {"query": mutation("updateMember"), "variables": {"input": given}}
                by = {"Authorization": f"Bearer {tokens[n]}"}
                return (await client.post(f"{services[n % 2].url}/graphql", json=body, headers=by)).text

            writing = asyncio.gather(*(write(n) for n in range(WRITERS)))
            while await api.connection.fetchval(WAITING) <= AT_ONCE:
                assert not writing.done(), "nobody waited"
            await api.connection.execute("SELECT pg_advisory_unlock(1)")
            answers = await writing
    finally:
        for service in services:
            stop_service(service)
    assert await verify(api.connection, known=kept_in(tmp_path).known) == []  # both keep the heads when they end
    assert set(answers) == {'{"data":{"updateMember":{"userErrors":[]}}}'}
    assert sum(head.number for head in await heads(api.connection)) == before + WRITERS
    assert await verify(api.connection) == []
    numbers = await api.connection.fetch("SELECT number FROM audit_link WHERE chain <> $1 ORDER BY number", ABOVE)
    assert [row["number"] for row in numbers] == list(range(1, len(numbers) + 1))


async def test_what_is_refused_or_dry_leaves_no_link(api: Api, on: Street) -> None:
    """A number is only taken by what was committed."""
    before = await heads(api.connection)
    assert await api.attempt(ADMIN, "createBuilding", compoundId=nobody("cp"), name="9号楼") == "NOT_FOUND"
    await api.do(ADMIN, "createBuilding", "", compoundId=on.compound, name="9号楼", dryRun=True)
    assert await heads(api.connection) == before


async def test_a_town_that_moves_leaves_its_past_in_the_old_chain(api: Api, on: Street) -> None:
    """Chains go by the county's id at the time; both hold, and a county's new code changes nothing."""
    town, to = await unit_id(api, "350521100"), await unit_id(api, "350524")
    before = {head.code: head.number for head in await heads(api.connection)}
    await api.do(("county_admin", "3505"), "moveUnit", "", id=town, parentId=to)
    await api.do(ADMIN, "createBuilding", "", compoundId=on.compound, name="9号楼")
    county = await unit_id(api, COUNTY)
    await api.do(("county_admin", "3505"), "recodeUnit", "", id=county, version=1, code="350529")
    after = {head.code: head.number for head in await heads(api.connection)}
    assert after == {"350529": before[COUNTY] + 2, "350524": 1}
    with pytest.raises(Refused, match=f"{COUNTY} has no audit chain; its code leads to 350529"):
        await heads(api.connection, COUNTY)
    assert await verify(api.connection) == []


# --- only additions ---------------------------------------------------------------------------------------------------


FORBIDDEN = [
    *(
        f"{verb} {table}" + " CASCADE" * (verb == "TRUNCATE")
        for table in ("audit_entry", "audit_change", "audit_link", "contact_read")
        for verb in ("DELETE FROM", "TRUNCATE")
    ),
    "UPDATE audit_entry SET command = 'x'",
    "UPDATE audit_change SET before = NULL",
    "UPDATE audit_link SET hash = ''",
    "UPDATE contact_read SET member_id = entry_id",
]


FORGED_CHANGE = "INSERT INTO audit_change (entry_id, table_name, row_id) SELECT id, 'x', id FROM audit_entry"
FORGED_LINK = """
    INSERT INTO audit_link SELECT chain, number + 9, gen_random_uuid(), at, command, digest, hash FROM audit_link
"""
NOT_THE_SERVICES = [
    *FORBIDDEN,
    FORGED_CHANGE,
    FORGED_LINK,
    "DELETE FROM alembic_version",
    "UPDATE service_secret SET value = ''",
    "ALTER TABLE audit_entry DISABLE TRIGGER USER",
]


async def test_the_services_role_only_adds(api: Api, on: Street) -> None:
    """With every setting at its command."""
    service = await connect(api.service_url)
    try:
        await service.execute("SET jinlin.retaining = 'on'")
        for statement in NOT_THE_SERVICES:
            assert await refused(service, statement), statement
    finally:
        await service.close()


async def test_triggers_refuse_the_owner_too(api: Api, on: Street) -> None:
    """For those who run the service with one role for everything."""
    for statement in FORBIDDEN:
        assert "only grows" in await refused(api.connection, statement), statement


async def refused(connection: asyncpg.Connection, statement: str) -> str:
    """How a statement is refused as not one's own to run; nothing if it is not."""
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError as error:
        return str(error)
    return ""


async def test_a_sealed_entry_takes_no_more_changes(api: Api, on: Street) -> None:
    """A session of the service that names an earlier entry as its own is refused."""
    service = await connect(api.service_url)
    entry = await api.connection.fetchval("SELECT entry_id FROM audit_link LIMIT 1")
    try:
        await service.execute("SELECT set_config('jinlin.audit_entry', $1, false)", str(entry))
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="sealed"):
            await service.execute("UPDATE compound SET name = 'x'")
    finally:
        await service.close()
    assert on.compound
    assert await verify(api.connection) == []


async def test_what_changed_stays_with_its_entry_once_the_unit_has_gone(api: Api) -> None:
    """After a merger the county, in whose chain both are, still reads not only that something happened but what."""
    into, away = await unit_id(api, COMMUNITY), await unit_id(api, OTHER)
    await api.do(COUNTY_ADMIN, "renameUnit", "", id=away, version=1, name="将并社区")
    await api.do(COUNTY_ADMIN, "mergeUnits", "", id=into, others=[{"id": away, "version": 2}])
    query = '{ auditEntries(filter: {command: "renameUnit"}) { nodes { changes { nodes { table before after } } } } }'
    (entry,) = (await api.data(("auditor", COUNTY), query))["auditEntries"]["nodes"]
    assert [(row["table"], "将并社区" in row["after"]) for row in entry["changes"]["nodes"]] == [("org_unit", True)]
