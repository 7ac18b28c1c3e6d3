"""One caller's statements leave some connections to the others."""

import asyncio

import asyncpg
import pytest

from policies.actor import Authenticator
from policies.tokens import Seat, issue
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.read import Reading
from schema.pipeline.run.shares import Shares
from services.errors import Code, Refused
from services.settings import Limits
from services.storage.database import Reader, connected
from tests.built import CATALOGUE, SCHEMA
from tests.conftest import Database

UNITS = Asked("{ orgUnits { totalCount } }", None, {})
NOTHING = Asked("{ __typename }", None, {})
PATIENCE = 60_000  # milliseconds: a bound, not a measure
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.mark.parametrize("postgres", ["18"], indirect=True)
async def test_one_caller_leaves_room(golden: Database, world: asyncpg.Connection) -> None:
    """Three slow reads of one token on three connections: another token is still answered."""
    limits = Limits(connections=3, share=2, statement_ms=4000)
    reader = Reader(golden.service_url, limits)
    reading = Reading(CATALOGUE, SCHEMA, reader, Authenticator(reader), limits)
    greedy, other = [await issue(world, Seat("test", "county_admin", "350521"), 1) for _ in range(2)]
    for token in (greedy, other):
        await reading.answer(UNITS, token)
        await reading.answer(NOTHING, token)

    async with connected(golden.url) as holder, holder.transaction():
        await holder.execute("LOCK TABLE org_unit")
        slow = [asyncio.create_task(reading.answer(UNITS, greedy)) for _ in range(3)]
        while await world.fetchval(WAITING) < limits.share:  # `holder` would see one moment only
            assert not any(task.done() for task in slow)
        assert (await reading.answer(NOTHING, other)).body == b'{"__typename":"Query"}'
    assert len(set(await asyncio.gather(*slow))) == 1
    await reader.close()


@pytest.mark.parametrize("writing", [False, True])
async def test_nobody_waits_for_themselves_without_end(writing: bool) -> None:
    """Who takes nothing of what came before is told so; another is not kept waiting, nor are they afterwards."""
    shares = Shares(Limits(share=1, statement_ms=25, taking_ms=25))
    async with shares.of("mine", writing=writing):
        with pytest.raises(Refused) as refusal:
            async with shares.of("mine", writing=writing):
                pass
        async with shares.of("another", writing=writing), shares.of("mine", writing=not writing):
            pass
    assert (refusal.value.code, refusal.value.headers) == (Code.RATE_LIMITED, (("Retry-After", "1"),))
    async with shares.of("mine", writing=writing):
        pass


async def test_who_waits_in_time_is_not_refused() -> None:
    """They come in the order in which they asked."""
    shares, came = Shares(Limits(share=1, taking_ms=PATIENCE)), []

    async def come(number: int) -> None:
        async with shares.of("mine"):
            came.append(number)

    async with shares.of("mine"):
        waiting = [asyncio.create_task(come(number)) for number in range(3)]
        await asyncio.sleep(0)
        assert came == []
    await asyncio.gather(*waiting)
    assert came == [0, 1, 2]
