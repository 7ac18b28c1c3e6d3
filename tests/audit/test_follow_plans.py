"""A page of the trail as it is followed: among thousands of entries elsewhere none is looked at for what it changed."""

import json

import asyncpg
import pytest

from tests.golden.test_golden import OPERATIONS, made
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
    await load(connection)
    await load_more(connection)
    await connection.execute(CROWD)
    await connection.execute("ANALYZE")
    (path,) = [path for path in OPERATIONS if path.stem == "history"]
    head, _, _ = path.read_text(encoding="utf-8").partition("query (")
    head = head.replace("# actor: two towns", f"# actor: {who}")
    statement, parameters = made(f"{head}query ($id: ID!) {{ {question} }}")
    row = await connection.fetchrow(statement.sql, *parameters)
    assert row
    assert row["body"].count(b'"renameUnit"') == 2
    text = await connection.fetchval(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement.sql}", *parameters)
    looked = [each for each in nodes(json.loads(text)[0]["Plan"]) if each.get("Relation Name") == "audit_change"]
    assert looked
    assert sum(map(gone_through, looked)) < 200
