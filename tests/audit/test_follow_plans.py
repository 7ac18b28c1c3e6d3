"""Pages of the trail among thousands of entries elsewhere: as it is followed, none of these is looked at for what it
changed; of what has few entries, none at all."""

import json
from collections import Counter

import asyncpg
import pytest

from tests.golden.test_golden import made
from tests.golden.world import load, load_more
from tests.plan.test_costs import gone_through, nodes

CROWD = """
    ALTER TABLE audit_entry DISABLE TRIGGER USER;
    ALTER TABLE audit_change DISABLE TRIGGER USER;
    INSERT INTO org_unit (id, level, code, name, parent_path, folded, pinyin, grams)
    SELECT gen_random_uuid(), 'OUTLET', '9' || number, name, path, folded, pinyin, grams
    FROM org_unit, generate_series(1000, 2999) AS number WHERE code = '350521100';
    INSERT INTO audit_entry (id, request_id, command, unit_id, chain)
    SELECT gen_random_uuid(), '', 'renameUnit', unit.id, unit.id
    FROM org_unit AS unit, generate_series(1, 5) WHERE unit.level = 'OUTLET';
    INSERT INTO audit_entry (id, request_id, command, target_id, unit_id, chain)
    SELECT gen_random_uuid(), '', 'renameUnit', unit.id, unit.id, unit.id
    FROM org_unit AS unit, generate_series(1, 3) WHERE unit.code = '350521101';
    INSERT INTO audit_change (entry_id, table_name, row_id, unit_id, left_unit_id)
    SELECT id, 'org_unit', unit_id, unit_id, CASE number WHEN 3 THEN unit_id END
    FROM audit_entry, generate_series(1, 3) AS number;
"""


QUESTIONS = (
    "node(id: $id) { ... on OrgUnit { history(first: 2) { nodes { command } } } }",
    "node(id: $id) { ... on OrgUnit { auditEntries(first: 2) { nodes { command changes { totalCount } } } } }",
    "node(id: $id) { id } auditEntries(first: 2) { nodes { command } }",
)


@pytest.mark.parametrize("who", ["two towns", "auditor"])
@pytest.mark.parametrize("question", QUESTIONS)
async def test_what_entries_changed_is_looked_up_for_those_of_the_page(
    connection: asyncpg.Connection, question: str, who: str
) -> None:
    await crowded(connection)
    body, rows = await asked(connection, question, who, "unit:350521101")
    assert body.count(b'"renameUnit"') == 2
    assert "audit_change" in rows
    assert rows["audit_change"] < 200


TRAIL = "audit_entry", "audit_change"
PARTS = """
    INSERT INTO audit_entry (id, request_id, command, detail, unit_id, chain)
    SELECT gen_random_uuid(), '', 'updateBuilding', jsonb_build_object('about', building.id), unit.id, unit.id
    FROM building JOIN org_unit AS unit ON unit.path = building.unit_path;
"""
HISTORY = "node(id: $id) { ... on %s { history(first: 20) { totalCount nodes { command } } } }"


@pytest.mark.parametrize(
    ("who", "of", "what", "there"),
    [
        *((who, "OrgUnit", "unit:350521101", 3) for who in ("two towns", "auditor", "county")),
        ("county", "OrgUnit", "unit:350521100002", 0),
        ("county", "Compound", "compound:演示小区", 2),
        ("county", "Building", "building:1号楼", 1),
    ],
)
async def test_a_history_that_fills_no_page_is_found_without_the_entries_of_others(
    connection: asyncpg.Connection, who: str, of: str, what: str, there: int
) -> None:
    await crowded(connection)
    body, rows = await asked(connection, HISTORY % of, who, what)
    assert f'"totalCount":{there},'.encode() in body
    assert rows.total() < 200


async def crowded(connection: asyncpg.Connection) -> None:
    """The golden world, and the crowd."""
    await load(connection)
    await load_more(connection)
    await connection.execute(CROWD + PARTS)
    await connection.execute("ANALYZE")


async def asked(connection: asyncpg.Connection, question: str, who: str, what: str) -> tuple[bytes, Counter[str]]:
    """What is answered, and the rows of the trail the statement goes through for it, by their table."""
    head = f'# actor: {who}\n# variables: {{"id": "{what}"}}\n'
    statement, parameters = made(f"{head}query ($id: ID!) {{ {question} }}")
    row = await connection.fetchrow(statement.sql, *parameters)
    assert row
    text = await connection.fetchval(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement.sql}", *parameters)
    rows: Counter[str] = Counter()
    for each in nodes(json.loads(text)[0]["Plan"]):
        read = each.get("Relation Name") or each.get("Index Name", "")  # of bitmaps, the index tells the rows
        rows.update({table: round(gone_through(each)) for table in TRAIL if read.startswith(table)})
    return row["body"], rows
