"""Seats are found by their indexes, from the row or the account: among ten thousand elsewhere none is looked at."""

import json

import asyncpg
import pytest

from tests.golden.test_golden import OPERATIONS, made
from tests.golden.world import load, load_more

CROWD = """
    WITH made AS (INSERT INTO account (id, name, folded) SELECT gen_random_uuid(), 'crowd', 'crowd'
                  FROM generate_series(1, 10000) RETURNING id)
    INSERT INTO role_grant (id, account_id, role, unit_path)
    SELECT gen_random_uuid(), made.id, 'town_admin', unit.path
    FROM made CROSS JOIN org_unit AS unit WHERE unit.code = '350524100'
"""


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ("who_can_see", "role_grant_unit_idx"),
        ("explain_access", "role_grant_account_idx"),
        ("explain_miss", "role_grant_account_idx"),
    ],
)
async def test_seats_are_looked_up_by_the_unit_or_the_account(
    connection: asyncpg.Connection, question: str, index: str
) -> None:
    await load(connection)
    await load_more(connection)
    await connection.execute(CROWD)
    await connection.execute("ANALYZE")
    (path,) = [path for path in OPERATIONS if path.stem == question]
    statement, parameters = made(path.read_text(encoding="utf-8"))
    lines = [line[0] for line in await connection.fetch(f"EXPLAIN {statement.sql}", *parameters)]
    assert any(index in line for line in lines), "\n".join(lines)
    assert [line for line in lines if "Seq Scan on role_grant" in line or "Seq Scan on account" in line] == []
    row = await connection.fetchrow(statement.sql, *parameters)
    assert row
    assert json.loads(row["body"]) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
