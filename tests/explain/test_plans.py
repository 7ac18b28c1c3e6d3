"""Seats are found from the row by their index: among ten thousand grants elsewhere none is looked at."""

import json

import asyncpg

from tests.golden.test_golden import OPERATIONS, made
from tests.golden.world import load, load_more

CROWD = """
    WITH made AS (INSERT INTO account (id, name) SELECT gen_random_uuid(), 'crowd' FROM generate_series(1, 10000)
                  RETURNING id)
    INSERT INTO role_grant (id, account_id, role, unit_path)
    SELECT gen_random_uuid(), made.id, 'town_admin', unit.path
    FROM made CROSS JOIN org_unit AS unit WHERE unit.code = '350524100'
"""


async def test_who_can_see_looks_seats_up_by_the_unit(connection: asyncpg.Connection) -> None:
    await load(connection)
    await load_more(connection)
    await connection.execute(CROWD)
    await connection.execute("ANALYZE")
    (question,) = [path for path in OPERATIONS if path.stem == "who_can_see"]
    statement, parameters = made(question.read_text(encoding="utf-8"))
    lines = [line[0] for line in await connection.fetch(f"EXPLAIN {statement.sql}", *parameters)]
    assert any("role_grant_unit_idx" in line for line in lines), "\n".join(lines)
    assert [line for line in lines if "Seq Scan on role_grant" in line or "Seq Scan on account" in line] == []
    row = await connection.fetchrow(statement.sql, *parameters)
    assert row
    assert json.loads(row["body"])["whoCanSee"]["totalCount"] == 1
