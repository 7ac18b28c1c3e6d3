"""A database that was lent before is as good as a fresh copy, and a connection to it as good as a new one."""

import asyncio

import asyncpg
import pytest

from services.storage.database import connect, connected
from tests.conftest import GOLDEN, Server
from tests.lending import SEQUENCES, TABLES, Lent


async def kept(server: Server, lent: Lent) -> bool:
    """Whether it is lent again once it is back."""
    await server.take_back(lent)
    return lent in server.stock


async def now(lent: Lent) -> dict[str, list[str]]:
    """All it holds, whatever the order."""
    async with connected(lent.url) as connection:
        tables = [named for named, *_ in await connection.fetch(TABLES)]
        sequences = [name for (name,) in await connection.fetch(SEQUENCES)]
        rows = {
            each: await connection.fetch(f"SELECT ROW(it.*)::text FROM {each} AS it") for each in tables + sequences
        }
    return {name: sorted(row for (row,) in found) for name, found in rows.items()}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE org_unit SET name = name || '改'",
        "DELETE FROM party_organization",
        "UPDATE party_organization SET name = '改'; DELETE FROM org_unit",
        "SELECT nextval(format('%I.%I', schemaname, sequencename)::regclass) FROM pg_sequences",
    ],
)
async def test_what_a_test_changed_is_undone(postgres: Server, change: str) -> None:
    lent = await postgres.lend(GOLDEN)
    before = await now(lent)
    async with connected(lent.url) as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(change)
    assert await now(lent) != before
    assert await kept(postgres, lent)
    assert await postgres.lend(GOLDEN) is lent
    assert await now(lent) == before
    await postgres.take_back(lent)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE party_organization ADD COLUMN more text",
        "CREATE FUNCTION more() RETURNS int LANGUAGE sql RETURN 1",
        "DROP TABLE audit_change CASCADE",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET jit = on', current_database()); END $$",
    ],
)
async def test_a_database_that_was_changed_itself_is_not_lent_again(postgres: Server, change: str) -> None:
    lent = await postgres.lend(GOLDEN)
    async with connected(lent.url) as connection:
        await connection.execute(change)
    assert not await kept(postgres, lent)
    assert await postgres.lend(GOLDEN) is not lent


async def test_nor_is_one_that_somebody_is_connected_to(postgres: Server) -> None:
    lent = await postgres.lend(GOLDEN)
    connection = await connect(lent.url)
    assert not await kept(postgres, lent)
    assert await postgres.lend(GOLDEN) is not lent
    await connection.close()


async def test_nor_is_one_whose_sessions_were_ended(postgres: Server) -> None:
    lent = await postgres.lend(GOLDEN)
    async with connected(postgres.at("postgres")) as connection:
        await connection.fetch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", lent.name)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
        await lent._session.fetchval("SELECT 1")
    assert not await kept(postgres, lent)


async def test_a_session_outlasts_its_connection(postgres: Server) -> None:
    lent = await postgres.lend(GOLDEN)
    first = await connect(lent.url)
    heard: list[object] = []
    await first.add_listener("heard", lambda *_: heard.append(_))
    await first.execute("SET work_mem = '64kB'; SET ROLE pg_monitor; SELECT pg_advisory_lock(1)")
    await first.fetchval("SELECT 7")
    session = first.get_server_pid()
    await first.close()
    assert first.is_closed()
    with pytest.raises(asyncpg.InterfaceError):
        await first.execute("SELECT 1")
    async with connected(lent.url) as second, connected(lent.url) as other:
        assert second.get_server_pid() == session != other.get_server_pid()
        assert await second.fetch("SELECT FROM pg_prepared_statements WHERE statement = 'SELECT 7'") == []
        assert await second.fetchval("SHOW work_mem") == await other.fetchval("SHOW work_mem")
        assert await second.fetchval("SELECT current_user") == await other.fetchval("SELECT current_user")
        assert await other.fetchval("SELECT pg_try_advisory_lock(1)")
        await other.execute("NOTIFY heard")
        await second.execute("SELECT 1")
    assert heard == []
    await postgres.take_back(lent)


async def test_a_session_at_work_ends_with_its_connection(postgres: Server) -> None:
    lent = await postgres.lend(GOLDEN)
    first = await connect(lent.url)
    session = first.get_server_pid()
    await first.execute("BEGIN")
    await first.close()
    async with connected(lent.url) as second:
        assert second.get_server_pid() != session
    await postgres.take_back(lent)


async def test_one_that_was_opened_otherwise_is_another(postgres: Server) -> None:
    lent = await postgres.lend(GOLDEN)
    first = await connect(lent.url)
    session = first.get_server_pid()
    await first.close()
    second = await connect(lent.url, work_mem="64kB")
    assert (second.get_server_pid() == session, await second.fetchval("SHOW work_mem")) == (False, "64kB")
    await second.close()
    await postgres.take_back(lent)


def test_another_loop_has_sessions_of_its_own(postgres: Server) -> None:
    async def lent() -> Lent:
        return await postgres.lend(GOLDEN)

    async def asked(url: str) -> None:
        async with connected(url) as connection:
            assert await connection.fetchval("SELECT 1") == 1

    found = asyncio.run(lent())
    for _ in range(2):
        asyncio.run(asked(found.url))
