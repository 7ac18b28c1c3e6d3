"""Who suits which need is found near it: of four thousand profiles and hundreds of needs, no more than could be."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg

from tests.golden.world import load, path_of

TOP = path_of("350521")
CROWD = f"""
    INSERT INTO org_unit (id, code, name, level, parent_path, folded, pinyin, grams)
    SELECT gen_random_uuid(), '350521' || 300 + n, '镇' || n, 'TOWN', '{TOP}', '镇' || n, '', '{{}}'
    FROM generate_series(0, 7) AS n;
    INSERT INTO org_unit (id, code, name, level, parent_path, folded, pinyin, grams)
    SELECT gen_random_uuid(), code || '00' || n, '村' || n, 'COMMUNITY', path, '村' || n, '', '{{}}'
    FROM org_unit, generate_series(1, 5) AS n WHERE code LIKE '3505213__';
    INSERT INTO member (id, unit_path, name, folded, pinyin, grams, standing)
    SELECT gen_random_uuid(), path, '党员' || n, '党员' || n, '', '{{}}', 'IN_SERVICE'
    FROM org_unit, generate_series(1, 100) AS n WHERE code LIKE '3505213_____';
    INSERT INTO member_profile (id, member_id, unit_path, occupation, skills, wishes)
    SELECT gen_random_uuid(), id, unit_path, '行业' || n % 30, ARRAY['技能' || n % 40], ARRAY['岗位' || n % 45]
    FROM (SELECT id, unit_path, row_number() OVER (ORDER BY id) AS n FROM member WHERE name LIKE '党员%') AS made;
    INSERT INTO duty_item (id, unit_path, category, name, folded, occupations, skills)
    SELECT gen_random_uuid(), '{TOP}', '类' || n % 8, '岗位' || n, '岗位' || n,
           ARRAY['行业' || n % 30], ARRAY['技能' || n % 40]
    FROM generate_series(0, 44) AS n;
    INSERT INTO duty_need (id, item_id, unit_path, needed, since)
    SELECT gen_random_uuid(), item.id, unit.path, 3, current_date
    FROM org_unit AS unit, duty_item AS item
    WHERE unit.path LIKE '{TOP}%' AND (unit.level <> 'COMMUNITY' OR item.category = '类1');
    ANALYZE;
"""


async def looked_at(connection: asyncpg.Connection, table: str, where: str, value: object) -> int:
    """How many rows of a table are gone through for suggestions."""
    asked = f"EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM duty_suggestion WHERE {where} ORDER BY rank LIMIT 20"
    (plan,) = json.loads(await connection.fetchval(asked, value))
    found = [node for node in nodes(plan["Plan"]) if node.get("Relation Name") == table]
    assert found
    return round(sum(gone_through(node) for node in found))


def nodes(plan: Any) -> Iterator[Any]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def gone_through(node: Any) -> float:
    removed = sum(node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
    return float((node["Actual Rows"] + removed) * node["Actual Loops"])


async def test_who_suits_is_found_near(connection: asyncpg.Connection) -> None:
    """By a member: needs of duties that suit. By a need: who serves there. By a unit: what it and those below need."""
    await load(connection)
    await connection.execute(CROWD)
    town, community = f"{TOP}350521300/", f"{TOP}350521300/350521300001/"
    member = await connection.fetchval("SELECT member_id FROM member_profile WHERE unit_path = $1 LIMIT 1", community)
    assert await looked_at(connection, "member_profile", "member_id = $1", member) == 1
    assert await looked_at(connection, "duty_need", "member_id = $1", member) < 150  # of six hundred
    need = "SELECT id FROM duty_need WHERE unit_path = $1 LIMIT 1"
    for unit, below in ((community, 100), (town, 500)):
        of = await connection.fetchval(need, unit)
        assert await looked_at(connection, "member_profile", "need_id = $1", of) == below, unit
        assert await looked_at(connection, "duty_need", "need_id = $1", of) == 1
    within = "starts_with(unit_path, $1) AND unit_path >= $1 AND unit_path < left($1, -1) || '0'"
    asked = await connection.fetchval("SELECT count(*) FROM duty_need WHERE starts_with(unit_path, $1)", community)
    assert await looked_at(connection, "duty_need", within, community) <= asked
    assert await looked_at(connection, "member_profile", within, community) <= asked * 100
