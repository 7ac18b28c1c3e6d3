"""What is kept for a time goes when it is over; the chains verify all the same, and tell of what goes otherwise."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from services.audit.events import Event
from services.audit.retention import Dropped, ranges, retain
from services.audit.tables import event
from services.audit.trail import (
    CHANGED,
    FORGED,
    NOT_DROPPED,
    REMOVED,
    heads,
    kept,
    verify,
)
from services.settings import LEAST_KEPT, Keep, SettingError, Settings
from services.storage.database import connect
from tests.audit.test_chain import ABOVE, tampered
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY, street, unit_id

READ = "{ members { nodes { contact { phone } } } }"
NOTHING = Dropped(0, 0, 0)
# What has no moment in its hash ages by asking for less than nothing.
LATER = Keep(credentials=-1000, idempotency_keys=-1)


async def count(connection: asyncpg.Connection, table: str, where: str = "true") -> Any:
    """How many rows there are."""
    return await connection.fetchval(f"SELECT count(*) FROM {table} WHERE {where}")


@asynccontextmanager
async def ago(connection: asyncpg.Connection, time: str) -> AsyncIterator[None]:
    """What goes on record meanwhile goes there as of then: the hash of an entry goes over its moment."""
    await connection.execute(f"ALTER TABLE audit_entry ALTER at SET DEFAULT now() - interval '{time}'")
    yield
    await connection.execute("ALTER TABLE audit_entry ALTER at SET DEFAULT now()")


async def happened(api: Api, time: str = "4 years") -> None:
    """A street, reads between its changes, sign-ins in the county and above it, a key; all so long ago."""
    async with ago(api.connection, time):
        await _happened(api)


async def _happened(api: Api) -> None:
    on = await street(api)
    await api.data(ADMIN, READ)
    await api.do(ADMIN, "createBuilding", "", compoundId=on.compound, name="9号楼", idempotencyKey="k")
    await api.data(ADMIN, READ)
    county = await api.connection.fetchval("SELECT id FROM org_unit WHERE code = $1", COUNTY)
    await event(api.connection, Event.SIGN_IN, unit_id=county, detail={"by": "password"})
    await event(api.connection, Event.SIGN_IN_FAILED)


async def test_nothing_goes_before_its_time(api: Api) -> None:
    """By the settings there are when nobody sets any; a sign-in before a read of contact data."""
    await happened(api, "179 days")
    assert await retain(api.connection, Keep()) == NOTHING
    assert await count(api.connection, "audit_entry", "command = 'retain'") == 0
    assert (await retain(api.connection, Keep(sign_ins=179))).events == 2
    assert await count(api.connection, "contact_read") == 4


async def test_what_is_over_goes_and_the_chains_hold(api: Api) -> None:
    """Twice over; the changes stay; each chain says what it lost."""
    await happened(api)
    commands = await count(api.connection, "audit_entry", "command LIKE 'create%'")
    links = await count(api.connection, "audit_link")
    dropped = await retain(api.connection, LATER)
    assert (dropped.events, dropped.idempotency_keys, dropped.credentials > 0) == (4, 1, True)
    assert await count(api.connection, "contact_read") == 0
    assert await count(api.connection, "audit_entry", "command IN ('readContact', 'signIn', 'signInFailed')") == 0
    assert await count(api.connection, "audit_entry", "command LIKE 'create%'") == commands
    assert await count(api.connection, "audit_link") == links + 2
    assert await verify(api.connection) == []
    assert await verify(api.connection, COUNTY) == []
    assert await retain(api.connection, LATER) == NOTHING
    async with ago(api.connection, "181 days"):
        await event(api.connection, Event.SIGN_IN)
    assert (await retain(api.connection, LATER)).events == 1
    assert await verify(api.connection) == []


async def test_what_goes_beside_that_is_told(api: Api) -> None:
    """An entry that no retention dropped, and a retention that says of more than it dropped."""
    await happened(api)
    await retain(api.connection, LATER)
    first = f"(SELECT entry_id FROM audit_link WHERE number = 2 AND chain <> '{ABOVE}')"
    gone = [f"DELETE FROM audit_change WHERE entry_id = {first}", f"DELETE FROM audit_entry WHERE id = {first}"]
    await tampered(api.connection, *gone)
    (removed,) = await verify(api.connection)
    assert (removed.number, (removed.zh, removed.en)) == (2, REMOVED)
    more = "jsonb_set(detail, '{numbers}', detail -> 'numbers' || '[[2, 2]]')"
    await tampered(
        api.connection, f"UPDATE audit_entry SET detail = {more} WHERE command = 'retain' AND unit_id IS NOT NULL"
    )
    (changed,) = await verify(api.connection)
    assert (changed.number, (changed.zh, changed.en)) == (2, NOT_DROPPED)


async def test_a_retention_that_is_made_to_say_more_is_told(api: Api) -> None:
    """Also where what it claims then could have been dropped."""
    await happened(api)
    await retain(api.connection, Keep(contact_reads=9999))
    more = "detail || jsonb_build_object('numbers', (detail -> 'numbers') || '[[999, 999]]')"
    of_county = f"command = 'retain' AND chain <> '{ABOVE}'"
    await tampered(api.connection, f"UPDATE audit_entry SET detail = {more} WHERE {of_county}")
    (changed,) = await verify(api.connection)
    assert (changed.zh, changed.en) == CHANGED


SIGNED_IN = f"(SELECT max(number) FROM audit_link WHERE command = 'signIn' AND chain <> '{ABOVE}')"
SAYING = """
    INSERT INTO audit_entry (id, request_id, command, unit_id, detail, at)
    SELECT gen_random_uuid(), '', 'retain', chain,
           jsonb_build_object('chain', chain, 'numbers', jsonb_build_array(jsonb_build_array({0}, {0}))), {1}
    FROM audit_link WHERE number = {0} AND chain <> '00000000-0000-0000-0000-000000000000'
"""
CLAIMS = {"a command": ("2", "4 years", "now()"), "one of yesterday": (SIGNED_IN, "1 day", "now()")}
CLAIMS["later than now"] = (SIGNED_IN, "1 day", "now() + interval '1 year'")


@pytest.mark.parametrize("what", CLAIMS)
async def test_a_claim_that_something_was_dropped_in_time_is_seen_through(api: Api, what: str) -> None:
    """Whoever owns the tables deletes an entry and puts a retention on record: its link says what it was, and when."""
    number, age, at = CLAIMS[what]
    await happened(api, age)
    gone = f"(SELECT entry_id FROM audit_link WHERE chain <> '{ABOVE}' AND number = {number})"
    await tampered(
        api.connection,
        f"DELETE FROM audit_change WHERE entry_id = {gone}",
        f"DELETE FROM audit_entry WHERE id = {gone}",
    )
    await api.connection.execute(SAYING.format(number, at))
    (told,) = await verify(api.connection)
    assert (told.zh, told.en) == NOT_DROPPED


async def test_a_retention_that_keeps_too_little_is_told(api: Api) -> None:
    """And cannot be set, so nobody does it by mistake."""
    await happened(api, "179 days")
    await retain(api.connection, Keep(sign_ins=179))
    assert {(told.zh, told.en) for told in await verify(api.connection)} == {NOT_DROPPED}
    for name in ("CONTACT_READS", "SIGN_INS"):
        with pytest.raises(SettingError):
            Settings.read({f"JINLIN_KEEP_{name}": str(LEAST_KEPT - 1)})
        assert Settings.read({f"JINLIN_KEEP_{name}": str(LEAST_KEPT)})


async def test_a_link_tells_the_truth_of_its_entry(api: Api) -> None:
    """What it says cannot be changed later, and is compared with the entry as long as there is one."""
    await happened(api)
    known = kept("\n".join(map(str, await heads(api.connection))))
    await tampered(api.connection, f"UPDATE audit_link SET command = 'signIn' WHERE number = 2 AND chain <> '{ABOVE}'")
    (told,) = await verify(api.connection)
    assert (told.number, (told.zh, told.en)) == (2, FORGED)
    await tampered(
        api.connection,
        "UPDATE audit_link SET at = at - interval '1 year' WHERE number = 2",
        f"UPDATE audit_link SET command = 'createCompound' WHERE number = 2 AND chain <> '{ABOVE}'",
    )
    assert [(told.zh, told.en) for told in await verify(api.connection)][:1] == [FORGED]
    lying = "UPDATE audit_link SET command = 'signIn' WHERE command = 'signInFailed'"
    anew = "UPDATE audit_link link SET hash = audit_hash(NULL, link) WHERE number = 1 AND chain = "
    await tampered(api.connection, lying, f"{anew} '{ABOVE}'")
    assert (CHANGED, ABOVE) in [((told.zh, told.en), told.chain) for told in await verify(api.connection, known=known)]


async def test_the_chain_of_a_county_that_is_gone(api: Api) -> None:
    """What it loses is told on the chain of none, which then vouches for it."""
    await happened(api)
    other = await unit_id(api, "350524")
    county = await unit_id(api, COUNTY)
    await api.do(("county_admin", "3505"), "mergeUnits", "", id=other, others=[{"id": county, "version": 1}])
    await retain(api.connection, LATER)
    assert await verify(api.connection) == []


async def test_the_service_itself_cannot(api: Api) -> None:
    """Only the tables' owner drops what is on record."""
    await happened(api)
    service = await connect(api.service_url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await retain(service, LATER)
    finally:
        await service.close()
    assert await count(api.connection, "contact_read") == 4


def test_ranges() -> None:
    """Unbroken runs."""
    assert list(ranges([1, 2, 3, 5, 8, 9])) == [(1, 3), (5, 5), (8, 9)]
    assert list(ranges([])) == []
