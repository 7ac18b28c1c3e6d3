"""PostgreSQL as the service uses it: migrations, moves, the reading pool."""

import asyncio
import re
import subprocess
import sys
from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from services.declared import METADATA
from services.errors import Refused
from services.programs.budget import Budgets
from services.settings import Limits
from services.storage.database import Reader, Writer, connected
from services.storage.embedded.cluster import SERVICE
from services.storage.migrating import migrate
from services.storage.tables import VIEW
from services.upkeep import kept_up
from tests.conftest import PROJECT, Database
from tests.golden.world import id_of

TOWN, COMMUNITY = "350521100", "350521100001"

DECLARED = re.compile(r'(?:Table|view)\(\s*"(\w+)"')


async def test_migrations_make_the_tables(database: Database) -> None:
    """What the migrations make is what the code declares; running them again changes nothing."""
    await migrate(database.url)

    def differences(connection: Connection) -> list[object]:
        compared = {"compare_type": True, "compare_server_default": True, "include_object": _is_no_view}
        context = MigrationContext.configure(connection, opts=compared)
        return list(compare_metadata(context, METADATA))

    engine = create_async_engine(make_url(database.url).set(drivername="postgresql+asyncpg"))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_the_services_role_reads_every_table_and_view_and_owns_none(connection: asyncpg.Connection) -> None:
    """What one more migration makes and no declaration names would be closed to the service."""
    every = "SELECT relname, has_table_privilege($1, oid, 'SELECT') AS reads, pg_get_userbyid(relowner) = $1 AS owns"
    of = " FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = ANY ('{r,v,m,p}')"
    found = await connection.fetch(every + of, SERVICE)
    assert found
    assert [row["relname"] for row in found if not row["reads"] or row["owns"]] == []


def test_what_speaks_of_every_table_knows_them_all() -> None:
    """Here nothing of an area is imported besides, and no table declared anywhere in services is missing."""
    known = "from services.roles import privileges; print(*(name for name, _ in privileges()))"
    run = subprocess.run([sys.executable, "-c", known], capture_output=True, text=True, check=True, cwd=PROJECT)
    declared = {
        name for path in (PROJECT / "services").rglob("*.py") for name in DECLARED.findall(path.read_text("utf-8"))
    }
    assert set(run.stdout.split()) - {"alembic_version"} == declared


def _is_no_view(thing: Any, _name: object, kind: str, _reflected: bool, _compared_to: object) -> bool:
    """A view is declared as the table it reads like; what stands in the database is no table."""
    return kind != "table" or not thing.info.get(VIEW)


async def test_a_move_is_one_update(world: asyncpg.Connection) -> None:
    """A town goes to another county: everything in and below it follows, grants too, and their revision counts."""
    await world.execute("UPDATE role_grant SET unit_path = (SELECT path FROM org_unit WHERE code = $1)", TOWN)
    before = await world.fetchval("SELECT revision FROM account")
    await world.execute("UPDATE org_unit SET parent_path = '35/3505/350524/' WHERE code = $1", TOWN)
    moved = f"35/3505/350524/{TOWN}/"
    paths = await world.fetch("SELECT path FROM org_unit WHERE code LIKE $1 || '%' ORDER BY path", TOWN)
    assert [row["path"] for row in paths][:2] == [moved, f"{moved}{COMMUNITY}/"]
    assert len(paths) == 5
    held = "SELECT unit_path FROM party_organization WHERE id = $1"
    assert await world.fetchval(held, id_of("北关社区党委")) == f"{moved}{COMMUNITY}/"
    assert await world.fetchval("SELECT unit_path FROM role_grant") == moved
    assert await world.fetchval("SELECT revision FROM account") > before


async def test_a_code_changes_in_one_update(world: asyncpg.Connection) -> None:
    """A new code of a county is in every path below it."""
    await world.execute("UPDATE org_unit SET code = '350529' WHERE code = '350521'")
    below = await world.fetchval("SELECT count(*) FROM org_unit WHERE path LIKE '35/3505/350529/%'")
    assert below == 7
    assert not await world.fetchval("SELECT count(*) FROM org_unit WHERE path LIKE '%/350521/%'")


@pytest.mark.parametrize("below", ["350521", COMMUNITY])
async def test_no_unit_lies_below_itself(world: asyncpg.Connection, below: str) -> None:
    """The database refuses a cycle, whoever asks for it."""
    with pytest.raises(asyncpg.CheckViolationError):
        await world.execute(
            "UPDATE org_unit SET parent_path = (SELECT path FROM org_unit WHERE code = $1) WHERE code = '350521'", below
        )


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_a_seat_is_an_index_range(demo_url: str, mode: str) -> None:
    """ "Lies below" is a range of the path's index, with a generic plan as with a custom one."""
    async with connected(demo_url) as connection:
        await connection.execute(f"SET plan_cache_mode = {mode}")
        await connection.execute(
            "PREPARE q(text, text) AS SELECT count(*) FROM org_unit WHERE path >= $1 AND path < $2"
        )
        lines = await connection.fetch("EXPLAIN EXECUTE q('3505/350521/', '3505/3505210')")
    text = "\n".join(line[0] for line in lines)
    assert "Index Cond: ((path >=" in text
    assert "Seq Scan" not in text


async def test_the_reader_only_reads(database: Database) -> None:
    """Its sessions are read-only, whatever a statement tries."""
    reader = Reader(database.service_url, Limits())
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await reader.fetchrow("DELETE FROM account")
    await reader.close()


async def test_a_slow_statement_times_out(database: Database) -> None:
    """Past the limit it is stopped, and the session serves again."""
    reader = Reader(database.service_url, Limits(statement_ms=500, connections=1))
    reader._patience = 60  # the wait for a connection is another matter, and as long as the machine is busy
    with pytest.raises(Refused, match="TIMEOUT"):
        await reader.fetchrow("SELECT pg_sleep(30)")
    row = await reader.fetchrow("SELECT 1 AS one")
    assert row is not None
    assert row["one"] == 1
    await reader.close()


async def test_a_long_statement_is_prepared_once(database: Database) -> None:
    """asyncpg's own limit of 15 KB would prepare longer statements at every run."""
    reader = Reader(database.service_url, Limits(connections=1))
    long = f"SELECT 1 AS one /* {'x' * 20_000} */"
    for _ in range(3):
        await reader.fetchrow(long)
    prepared = await reader.fetchrow("SELECT count(*) AS n FROM pg_prepared_statements WHERE length(statement) > 20000")
    assert prepared is not None
    assert prepared["n"] == 1
    await reader.close()


async def test_cancelled_reads_leave_nothing(database: Database) -> None:
    """Reads cancelled at any moment: the pool is whole, no session holds a transaction, answers are not mixed up."""
    reader = Reader(database.service_url, Limits(connections=2))
    running = [asyncio.create_task(reader.fetchrow("SELECT pg_sleep(20), $1::int AS n", n)) for n in range(12)]
    await asyncio.wait(running, timeout=0.2)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    rows = await asyncio.gather(*(reader.fetchrow("SELECT $1::int AS n", n) for n in range(20)))
    assert [row["n"] for row in rows if row] == list(range(20))
    async with connected(database.url) as connection:
        left = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'jinlin'"
            " AND state <> 'idle'"
        )
    assert left == 0
    await reader.close()


async def test_a_wrong_parameter_is_not_an_outage(database: Database) -> None:
    """A parameter of the wrong type is a mistake of the service's own and does not look like an outage."""
    reader = Reader(database.service_url, Limits())
    with pytest.raises(asyncpg.DataError, match="invalid input"):
        await reader.fetchrow("SELECT $1::int", "one")
    await reader.close()


async def test_no_database_is_unavailable() -> None:
    """A server that is not there: UNAVAILABLE with Retry-After, at once."""
    reader = Reader("postgresql://jinlin@127.0.0.1:1/nothing", Limits())
    with pytest.raises(Refused, match="UNAVAILABLE") as refused:
        await reader.fetchrow("SELECT 1")
    assert dict(refused.value.headers) == {"Retry-After": "2"}


async def test_upkeep_that_the_database_does_not_allow_is_a_line(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Without a traceback, which would come again with every round; a fault of our own keeps its own."""
    writer = Writer(database.service_url, Limits())
    async with connected(database.url) as connection:
        await connection.execute(f"REVOKE DELETE ON budget_use FROM {SERVICE}")

    async def broken() -> None:
        raise ZeroDivisionError

    async with kept_up(3600, Budgets(writer).clean, broken):
        pass
    await writer.close()
    denied, fault = caplog.records
    assert denied.getMessage() == ("upkeep failed: InsufficientPrivilegeError: permission denied for table budget_use")
    assert (bool(denied.exc_info), bool(fault.exc_info)) == (False, True)
