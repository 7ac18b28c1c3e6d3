"""Sealing: entries of one county one after the other, of two counties in one order, and nobody waits for more."""

import asyncio
from uuid import UUID

import asyncpg

from services.audit.events import Event
from services.audit.tables import event
from services.audit.trail import heads, verify
from services.storage.database import connect
from tests.writes.api import Api

TWO = ("350521", "350524")  # counties


async def waits(connection: asyncpg.Connection, session: int) -> bool:
    """Whether a session waits for a lock; False if it never does, or ends first."""
    for _ in range(2000):
        row = await connection.fetchrow("SELECT state, wait_event_type FROM pg_stat_activity WHERE pid = $1", session)
        if row is not None and row["wait_event_type"] == "Lock":
            return True
        await asyncio.sleep(0)
    return False


async def test_a_county_waits_for_the_seal_before_and_no_other_county_does(api: Api) -> None:
    """Two entries of one chain at the same moment: the second waits for the first to commit, and follows it."""
    here, there = [await api.connection.fetchval("SELECT id FROM org_unit WHERE code = $1", c) for c in TWO]
    first, second, elsewhere = [await connect(api.service_url) for _ in range(3)]
    try:
        transaction = first.transaction()
        await transaction.start()
        await event(first, Event.SIGN_IN, unit_id=here)
        await first.execute("SET CONSTRAINTS ALL IMMEDIATE")
        after = asyncio.create_task(event(second, Event.SIGN_IN, unit_id=here))
        assert await waits(api.connection, second.get_server_pid())
        await asyncio.wait_for(event(elsewhere, Event.SIGN_IN, unit_id=there), 20)
        await transaction.commit()
        await asyncio.wait_for(after, 20)
    finally:
        for each in (first, second, elsewhere):
            await each.close()
    assert await verify(api.connection) == []


async def test_entries_of_two_counties_are_sealed_in_one_order(api: Api) -> None:
    """Whichever of them comes first in a transaction: no two transactions wait for each other."""
    units = [await api.connection.fetchval("SELECT id FROM org_unit WHERE code = $1", code) for code in TWO]
    sessions = [await connect(api.service_url) for _ in range(2)]

    async def both(session: asyncpg.Connection, order: list[UUID]) -> None:
        for _ in range(50):
            async with session.transaction():
                for unit in order:
                    await event(session, Event.SIGN_IN, unit_id=unit)

    try:
        await asyncio.gather(both(sessions[0], units), both(sessions[1], units[::-1]))
    finally:
        for session in sessions:
            await session.close()
    assert [head.number for head in await heads(api.connection)] == [100, 100]
    assert await verify(api.connection) == []
