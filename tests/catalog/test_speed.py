"""A catalog of four thousand items: what units say of them is gathered once, whatever the planner expects."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from tests.captains.town import COMMUNITY, COUNTY
from tests.golden.world import path_of
from tests.organization.land import Land

ITEMS = """
    INSERT INTO service_item (id, unit_path, function, name, folded, pinyin, grams, opt_in)
    SELECT gen_random_uuid(), $1, (enum_range(NULL::service_function))[1 + n % 8], '事项' || n, '事项' || n,
           'shixiang' || n, '{}', n % 10 = 0
    FROM generate_series(1, 4000) AS n
"""
SAID = """
    INSERT INTO service_adjustment (id, item_id, unit_path, kind, note)
    SELECT gen_random_uuid(), item.id, $1, kind, CASE kind WHEN 'NOTE' THEN '说明' END
    FROM service_item AS item, unnest(enum_range(NULL::service_adjustment_kind)) AS kind WHERE item.name LIKE '%7'
"""
PAGE = """
    SELECT (SELECT json_agg(row_to_json(page)) FROM (
        SELECT item_id, name, offered, note, note_path FROM catalog_entry AS entry
        WHERE entry.unit_path >= $1 AND entry.unit_path < $2 AND entry.unit_path = unit.path {which}
        ORDER BY function, pinyin, item_id LIMIT 21) AS page)
    FROM org_unit AS unit WHERE unit.code = $3
"""


@pytest.mark.parametrize("analyzed", [True, False], ids=["analyzed", "never analyzed"])
@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("which", ["", "AND function = 'FOOD'", "AND offered"])
async def test_said_once(land: Land, which: str, mode: str, analyzed: bool) -> None:
    """One aggregate over the adjustments, run once; notes only for the rows of the page."""
    await land.connection.execute("ALTER TABLE service_item SET (autovacuum_enabled = false)")
    await land.connection.execute(ITEMS, path_of(COUNTY))
    await land.connection.execute(SAID, path_of(COMMUNITY))
    if analyzed:
        await land.connection.execute("ANALYZE")
    plan = await explained(land.connection, PAGE.format(which=which), mode)
    loops = [node["Actual Loops"] for node in nodes(plan) if node.get("Alias") in ("told", "noted", "noted_1")]
    assert loops
    assert max(loops) <= 21


async def explained(connection: asyncpg.Connection, query: str, mode: str) -> Any:
    """The plan a query ran with."""
    await connection.execute(f"SET plan_cache_mode = {mode}")
    await connection.execute(f"PREPARE asked (text, text, text) AS {query}")
    bounds = path_of(COUNTY), f"{path_of(COUNTY)[:-1]}0"
    text = await connection.fetchval(
        f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE asked('{bounds[0]}', '{bounds[1]}', '{COMMUNITY}')"
    )
    return json.loads(text)[0]["Plan"]


def nodes(plan: Any) -> Iterator[Any]:
    """A node of a plan and all below it."""
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)
