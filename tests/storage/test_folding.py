"""The migration that stores names as they are compared: what it computes anew, what stops it, and how that is seen."""

import os
import subprocess
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import make_url

from services.declared import METADATA
from services.names import fold, search_keys
from services.storage.database import MigrationError, connected
from services.storage.migrating import migrate
from services.storage.tables import VIEW
from tests.conftest import Database, Server, Template, own
from tests.terminal.command_lines import ran

COUNTY, COMPOUND, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
FORMER = f"""
    INSERT INTO org_unit (id, level, code, name, pinyin, grams)
    VALUES ('{COUNTY}', 'COUNTY', '350521', '惠安县', '', '{{}}');
    INSERT INTO compound (id, unit_path, name, pinyin, grams) VALUES
        ('{COMPOUND}', '350521/', '演示小区', '', '{{}}'), ('{OTHER}', '350521/', '另一小区', '', '{{}}');
    INSERT INTO member (id, unit_path, name, pinyin, grams, standing)
    VALUES (gen_random_uuid(), '350521/', '解晓东', '', '{{}}', 'RETIRED');
    INSERT INTO party_organization (id, unit_path, tier, kind, name, pinyin, grams)
    VALUES (gen_random_uuid(), '350521/', 'SECTOR', 'BRANCH', '演示 支部', '', '{{}}');
    INSERT INTO property_company (id, unit_path, name, pinyin, grams, credit_code)
    VALUES (gen_random_uuid(), '350521/', 'ＡＢ物业', '', '{{}}', '91350521MA0000001R');
    INSERT INTO account (id, name) VALUES (gen_random_uuid(), '测试 账号');
    INSERT INTO building (id, compound_id, unit_path, name) VALUES
        (gen_random_uuid(), '{COMPOUND}', '350521/', '2号楼'), (gen_random_uuid(), '{OTHER}', '350521/', '２号楼');
    INSERT INTO service_item (id, unit_path, function, name, pinyin, grams, withdrawn_on) VALUES
        (gen_random_uuid(), '350521/', 'FOOD', '长者食堂', '', '{{}}', NULL),
        (gen_random_uuid(), '350521/', 'FOOD', '长者 食堂', '', '{{}}', '2026-01-01');
"""
COLLIDING = f"""
    INSERT INTO building (id, compound_id, unit_path, name) VALUES
        (gen_random_uuid(), '{COMPOUND}', '350521/', '1号楼'),
        (gen_random_uuid(), '{COMPOUND}', '350521/', '１\u200b号楼');
    INSERT INTO service_item (id, unit_path, function, name, pinyin, grams)
    VALUES (gen_random_uuid(), '350521/', 'FOOD', '长者　食堂', '', '{{}}');
"""

LATELY = Template("before hyphens", lambda url: migrate(url, "0022"))
LATE = f"""
    INSERT INTO org_unit (id, level, code, name, folded, pinyin, grams)
    VALUES ('{COUNTY}', 'COUNTY', '350521', '惠安县', '惠安县', '', '{{}}');
    INSERT INTO compound (id, unit_path, name, folded, pinyin, grams)
    VALUES ('{COMPOUND}', '350521/', '演示小区', '演示小区', '', '{{}}')
"""
FORMERLY = Template("before folding", lambda url: migrate(url, "0020"))


@pytest.fixture
async def former(postgres: Server) -> AsyncIterator[Database]:
    """A database of the version before, with rows."""
    database = Database(postgres.at(await postgres.copy(FORMERLY)))
    async with connected(database.url) as connection:
        await connection.execute(FORMER)
    yield database
    async with connected(postgres.at("postgres")) as connection:
        await connection.execute(f'DROP DATABASE "{make_url(database.url).database}" WITH (FORCE)')


def command(database: Database, word: str) -> subprocess.CompletedProcess[str]:
    """Run one command on the database."""
    return ran([word], {"PATH": os.environ["PATH"], "DATABASE_URL": database.url})


async def columns(connection: asyncpg.Connection) -> set[str]:
    """The columns of buildings."""
    every = "SELECT attname FROM pg_attribute WHERE attrelid = 'building'::regclass AND attnum > 0"
    return {row["attname"] for row in await connection.fetch(every)}


async def test_every_name_gets_its_keys(former: Database) -> None:
    """In batches; versions and the trail know nothing of it, and what watches rows watches on."""
    await migrate(former.url)
    async with connected(former.url) as connection:
        seen = 0
        for table in METADATA.sorted_tables:
            if "folded" in table.c and VIEW not in table.info:
                for row in await connection.fetch(f'SELECT * FROM "{table.name}"'):
                    seen += 1
                    keys = search_keys(row["name"], person=table.name == "member")
                    assert row["folded"] == keys.folded
                    assert row["version"] == 1
                    if "pinyin" in table.c:
                        assert (row["pinyin"], row["grams"]) == keys[1:]
        assert seen == 11
        assert await connection.fetchval("SELECT count(*) FROM audit_change") == 0
        disabled = "SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'"
        assert await connection.fetchval(disabled) == 0
        with pytest.raises(asyncpg.ExclusionViolationError):
            await connection.execute("UPDATE building SET folded = '2号楼', compound_id = $1", COMPOUND)
        shown = await connection.fetch("SELECT name, folded FROM catalog_entry")
        assert [(row["name"], row["folded"]) for row in shown] == [("长者食堂", fold("长者食堂"))]


async def test_what_collides_stops_it_and_is_told(former: Database) -> None:
    """All of it is listed before and after it was tried; nothing was changed; mended, it goes through."""
    async with connected(former.url) as connection:
        await connection.execute(COLLIDING)
        with pytest.raises(MigrationError) as stopped:
            await migrate(former.url)
        tried, listed = command(former, "migrate"), command(former, "collisions")
        assert "folded" not in await columns(connection)
        lines = listed.stderr.splitlines()
        buildings = next(line for line in lines if line.startswith("building"))
        assert sorted(line.split()[0] for line in lines) == ["building", "service_item"]
        assert "惠安县 / 演示小区" in buildings
        assert "'1号楼'" in buildings
        assert "'１\\u200b号楼'" in buildings
        for told in (str(stopped.value), tried.stderr):
            assert told.splitlines()[-2:] == lines
            assert "server.py collisions" in told
            assert "Traceback" not in told
        assert (tried.returncode, listed.returncode) == (1, 1)

        await connection.execute("UPDATE building SET name = '甲楼' WHERE name = '1号楼'")
        await connection.execute("UPDATE service_item SET name = '食堂' WHERE name = '长者　食堂'")
        done = command(former, "collisions")
        assert (done.returncode, done.stdout.strip()) == (0, "没有重名 / no names collide")
        await migrate(former.url)
        assert "folded" in await columns(connection)
        done = command(former, "collisions")
        assert (done.returncode, done.stderr) == (0, "")


async def test_batches_are_all_there_is(former: Database) -> None:
    """More rows than one batch holds."""
    async with connected(former.url) as connection:
        await connection.execute(
            "INSERT INTO building (id, compound_id, unit_path, name)"
            " SELECT gen_random_uuid(), $1, '350521/', 'Ｂ ' || n FROM generate_series(1, 12000) AS n",
            COMPOUND,
        )
        await migrate(former.url)
        assert await connection.fetchval("SELECT count(*) FROM building WHERE folded LIKE 'b %'") == 12000


async def test_what_is_folded_otherwise_by_now(postgres: Server) -> None:
    """Rows whose keys were made by the rule before get new ones; rows that are the same by now stop it."""
    async with own(postgres, LATELY) as database, connected(database.url) as connection:
        named = [("甲（ A座）", "甲( a座)"), ("1–2号楼", "1–2号楼"), ("3号楼", "3号楼"), ("1-2号楼", "1-2号楼")]
        named += [("⺠生楼", "⺠生楼")]
        await connection.execute(LATE)
        put = "INSERT INTO building (id, compound_id, unit_path, name, folded)"
        put += " VALUES (gen_random_uuid(), $1, '350521/', $2, $3)"
        await connection.executemany(put, [(COMPOUND, *each) for each in named])
        with pytest.raises(MigrationError, match="1–2号楼"):
            await migrate(database.url)
        await connection.execute("DELETE FROM building WHERE name = '1-2号楼'")
        await migrate(database.url)
        found = {row["name"]: row["folded"] for row in await connection.fetch("SELECT name, folded FROM building")}
        assert found == {"甲（ A座）": "甲(a座)", "1–2号楼": "1-2号楼", "3号楼": "3号楼", "⺠生楼": "民生楼"}
