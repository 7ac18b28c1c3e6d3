"""A divisions file is loaded all or not at all, whatever happens in the middle."""

import asyncio
import io
import os
import signal
import time

import asyncpg
import pytest

from services.organization.loading.divisions import DivisionsError
from services.organization.loading.loading import CHUNK, Loaded, load
from services.storage.database import LOST, connected
from tests.conftest import Database
from tests.organization.loading.test_divisions import QUANZHOU, SMALL, file, put, tree


def many(chunks: int = 2) -> io.BytesIO:
    """A county of a hundred towns whose villages fill several chunks."""
    rows = [f"350521{town}000,某镇{town},town,350521000000" for town in range(100, 200)]
    villages = [(number % 100 + 100, number // 100 + 1, number) for number in range(chunks * CHUNK)]
    rows += [f"350521{town}{n:03},某村{number},village,350521{town}000" for town, n, number in villages]
    return file(*SMALL[:3], *rows)


async def fails(task: asyncio.Task[Loaded]) -> None:
    """By itself: `await task` under a time limit would cancel it and so end what hangs. What hangs, pytest ends."""
    await asyncio.wait({task})
    assert isinstance(task.exception(), LOST)


async def test_an_error_in_the_middle_leaves_nothing(connection: asyncpg.Connection) -> None:
    def fail(done: int, total: int) -> None:
        if 0 < done < total:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await load(connection, many(), None, fail)
    assert await tree(connection) == {}
    assert (await put(connection, many())).inserted == 2 * CHUNK + 103


async def test_an_error_after_the_copy_leaves_nothing(connection: asyncpg.Connection) -> None:
    await put(connection, file(*SMALL[:2]))
    await connection.execute(
        "create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;"
        "create trigger refuse before update on org_unit for each row execute function refuse()"
    )
    before = await tree(connection)
    with pytest.raises(asyncpg.RaiseError):
        await put(connection, file(SMALL[0], SMALL[1].replace("泉州市", "刺桐市"), *SMALL[2:]))
    assert await tree(connection) == before


async def test_indexes_are_merged_and_statistics_renewed(connection: asyncpg.Connection) -> None:
    with QUANZHOU.open("rb") as source:
        await load(connection, source, "3505", lambda _done, _total: None)
    pending = await connection.fetch(
        "select gin_clean_pending_list(oid) from pg_class "
        "where relname in ('org_unit_pinyin_idx', 'org_unit_grams_idx')"
    )
    assert [row[0] for row in pending] == [0, 0]
    assert await connection.fetchval("select reltuples from pg_class where relname = 'org_unit'") == 2759


async def test_a_cancelled_load_leaves_nothing(connection: asyncpg.Connection) -> None:
    reached = asyncio.Event()
    task = asyncio.create_task(load(connection, many(), None, lambda done, _total: reached.set() if done else None))
    async with asyncio.timeout(30):
        await reached.wait()
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await tree(connection) == {}
    assert not connection.is_in_transaction()


async def test_a_lost_connection_leaves_nothing_and_does_not_hang(
    connection: asyncpg.Connection, database: Database
) -> None:
    reached = asyncio.Event()
    async with connected(database.url) as other:
        backend = other.get_server_pid()
        task = asyncio.create_task(load(other, many(), None, lambda done, _total: reached.set() if done else None))
        async with asyncio.timeout(30):
            await reached.wait()
        await connection.execute("select pg_terminate_backend($1)", backend)
        await fails(task)
    assert await tree(connection) == {}


async def test_a_connection_lost_while_the_server_takes_nothing_does_not_hang(database: Database) -> None:
    """asyncpg alone waits for ever for room in the buffer of a connection that is gone."""
    async with connected(database.url) as other:
        backend, frozen = other.get_server_pid(), asyncio.Event()

        def freeze(done: int, _total: int) -> None:
            if done and not frozen.is_set():
                os.kill(backend, signal.SIGSTOP)
                frozen.set()

        task = asyncio.create_task(load(other, many(8), None, freeze))
        await asyncio.wait({task, waiting := asyncio.create_task(frozen.wait())}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        assert frozen.is_set(), task
        try:
            await no_more_is_written(other)
            assert not task.done()
            other.terminate()
            await fails(task)
        finally:
            os.kill(backend, signal.SIGCONT)


async def no_more_is_written(connection: asyncpg.Connection) -> None:
    """Wait until the transport asks for a pause: the server takes nothing and the buffer is full."""
    transport = connection._transport  # type: ignore[attr-defined]
    _, high = transport.get_write_buffer_limits()
    while transport.get_write_buffer_size() <= high:  # noqa: ASYNC110 - a buffer gives no event
        await asyncio.sleep(0)


async def test_the_event_loop_stays_free(connection: asyncpg.Connection) -> None:
    """Whatever takes long runs in a thread: no turn of the loop works for long, however long it waits for the rest."""
    turns, longest = 0, 0.0
    clock = time.thread_time
    with QUANZHOU.open("rb") as source:
        task = asyncio.create_task(load(connection, source, "3505", lambda _done, _total: None))
        last = clock()
        while not task.done():
            await asyncio.sleep(0)
            longest, last, turns = max(longest, clock() - last), clock(), turns + 1
    assert (await task).inserted > 0
    assert turns > 100
    assert longest < 0.5


async def test_a_code_that_was_given_up_is_not_brought_back(connection: asyncpg.Connection) -> None:
    """It leads to another unit by now: the row is reported, and nothing is loaded."""
    await load(connection, file(*SMALL), None, lambda _done, _total: None)
    before, code = await tree(connection), "350521100001"
    await connection.execute(
        "INSERT INTO org_unit_former_code (code, unit_id)"
        " SELECT $1, id FROM org_unit WHERE path = (SELECT parent_path FROM org_unit WHERE code = $1)",
        code,
    )
    await connection.execute("DELETE FROM org_unit WHERE code = $1", code)
    with pytest.raises(DivisionsError, match=f"the code {code} was given up"):
        await load(connection, file(*SMALL), None, lambda _done, _total: None)
    assert len(await tree(connection)) == len(before) - 1


async def test_the_root_may_be_a_code_given_up(connection: asyncpg.Connection) -> None:
    """It is the unit's that has another by now, whether or not the file has a row of that one."""
    await load(connection, file(*SMALL), None, lambda _done, _total: None)
    recoded = [row.replace("350521", "350506") for row in SMALL]
    await load(connection, file(*recoded), None, lambda _done, _total: None)
    for root in ("350521", "350521000000"):
        loaded = await load(connection, file(*recoded), root, lambda _done, _total: None)
        assert (loaded.inserted, loaded.unchanged) == (0, len([row for row in recoded if row.startswith("350506")]))
    town = "350506102000,黄塘镇,town,350506000000"
    assert (await load(connection, file(town), "350521", lambda _done, _total: None)).inserted == 1
    with pytest.raises(DivisionsError, match="neither the file nor the tree has the code '350522'"):
        await load(connection, file(town), "350522", lambda _done, _total: None)
