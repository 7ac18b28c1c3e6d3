"""Contact data by subscription: what is sent is on record, each time, and nothing else; no record, no frame."""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from schema.pipeline.run.asked import Asked
from services.audit.trail import verify
from services.storage.database import connected
from tests.conftest import Database
from tests.http.conftest import Start
from tests.http.sockets import ask, receive
from tests.live.following import follow, signed_in, token
from tests.live.test_reading import Stage, settled, staged

TOWN, GRID, ELSEWHERE = "350521100", "350521100001001", "350524100"
PHONES = Asked("subscription { members { nodes { contact { phone } } } }", None, {})
READERS = Asked("subscription { members { nodes { contact { phone } contactReads { totalCount } } } }", None, {})
FAILS = "ALTER FUNCTION record_contact_reads(uuid, uuid, text, text, text) RENAME TO gone"


async def member(connection: asyncpg.Connection, code: str, phone: str) -> None:
    """Somebody who serves in a unit."""
    await connection.execute(
        "INSERT INTO member (id, unit_path, name, folded, pinyin, grams, standing, phone)"
        " SELECT $1, path, '演示党员', '', '', '{}', 'RETIRED', $2 FROM org_unit WHERE code = $3",
        *(uuid4(), phone, code),
    )


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[Stage]:
    """A member in the town of who follows, and one elsewhere."""
    async with staged(database) as made:
        async with connected(database.url) as connection:
            await member(connection, GRID, "13800000001")
            await member(connection, ELSEWHERE, "13800000002")
        yield made


async def records(stage: Stage) -> int:
    """How many reads are on record; none is left without its entry."""
    async with connected(stage.url) as connection:
        entries = await connection.fetchval("SELECT count(*) FROM audit_entry WHERE command = 'readContact'")
        assert await connection.fetchval("SELECT count(*) FROM contact_read") == entries
        assert await verify(connection) == []
        return int(entries)


async def changed(stage: Stage, before: str, after: str) -> None:
    """Commit another phone, and say so."""
    async with connected(stage.url) as connection:
        await connection.execute("UPDATE member SET phone = $2 WHERE phone = $1", before, after)
    stage.live.heard("member")


async def test_what_is_sent_is_recorded_and_nothing_else(stage: Stage) -> None:
    followed = stage.live.follow(PHONES, stage.guest()[0])
    assert "13800000001" in (await anext(followed)).body.decode()
    assert await records(stage) == 1
    waiting = asyncio.ensure_future(anext(followed))
    await changed(stage, "13800000002", "13900000002")
    await settled(stage)
    assert (waiting.done(), stage.live._turn, await records(stage)) == (False, 1, 1)
    await changed(stage, "13800000001", "13900000001")
    assert "13900000001" in (await waiting).body.decode()
    assert await records(stage) == 2


async def test_a_record_is_no_reason_to_send(stage: Stage) -> None:
    """Each frame would make the next one different: who was shown what is among what is shown."""
    followed = stage.live.follow(READERS, stage.guest()[0])
    await anext(followed)
    waiting = asyncio.ensure_future(anext(followed))
    for table in ("audit_entry", "contact_read"):
        stage.live.heard(table)
    await settled(stage)
    assert (waiting.done(), await records(stage)) == (False, 1)
    waiting.cancel()


async def test_what_cannot_be_recorded_is_not_sent(own_demo: Database, start: Start) -> None:
    """Neither at first nor later: an error in its place, without anything of it."""
    service = start(own_demo.url)
    query = "subscription { members(first: 3) { nodes { contact { phone } } } }"
    async with (
        connected(own_demo.url) as connection,
        signed_in(service, await token(own_demo.url, "community_admin", "350521100001")) as socket,
    ):
        assert "phone" in json.dumps(await follow(socket, query))
        await connection.execute(FAILS)
        await connection.execute("UPDATE member SET phone = '13912345678'")
        await ask(socket, "2", query)
        for _ in range(2):
            message = await receive(socket)
            assert "13912345678" not in json.dumps(message)
            assert message["type"] == "error"
            assert message["payload"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
