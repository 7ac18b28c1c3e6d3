"""Question, statement and answer of every golden operation: `pytest tests/golden --golden` writes them anew.

What a change does to a statement is seen in the diff of the .sql file beside its .graphql; what it does to the answer
in the .json file.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, VariableValues, parse, validate
from graphql.execution import get_variable_values

from schema.pipeline.document.introspection import introspect
from schema.pipeline.plan.call import Call
from schema.pipeline.plan.planner import plan
from schema.pipeline.plan.selections import Selections
from schema.pipeline.sql.statement import Statement, assemble, guard
from services.storage.database import connect, connected
from tests.built import CATALOGUE, SCHEMA
from tests.conftest import FURNISHED, Server
from tests.golden.world import SECRET, actor, id_of

OPERATIONS = sorted((Path(__file__).parent / "operations").glob("*.graphql"))
# Not service_item: nearly all items of the demo are one county's, whose catalog is most of the table.
GROWING = re.compile(r"Seq Scan on (org_unit|party_organization|member|compound|building|captain_term|post)\b(?!_)")


@cache
def made(text: str) -> tuple[Statement, list[Any]]:
    """The statement of an operation and its parameters."""
    document = parse(text)
    assert validate(SCHEMA, document) == []
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    given = re.search(r"^# variables: (.*)$", text, re.MULTILINE)
    raw = global_ids(json.loads(given[1])) if given else {}
    variables = get_variable_values(SCHEMA, operation.variable_definitions or (), raw)
    assert isinstance(variables, VariableValues)
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    selections = Selections(SCHEMA, fragments, variables)
    named = re.search(r"^# actor: (.*)$", text, re.MULTILINE)
    assert named
    who = actor(named[1])
    introspected = introspect(SCHEMA, selections, operation, raw)
    planned = plan(CATALOGUE, selections, operation, Call(who, variables, SECRET, injected=introspected))
    statement = assemble(planned)
    values = planned.values(Call(who, variables, SECRET, injected=introspected))
    return statement, statement.parameters(values, guard(who, 1_000_000))


TAGS = {
    "unit": "ou",
    "organization": "po",
    "building": "bd",
    "company": "co",
    "member": "mb",
    "compound": "cp",
    "account": "ac",
}


def global_ids(variables: dict[str, Any]) -> dict[str, Any]:
    """Variables with "unit:CODE" and "organization:NAME" made global ids of the world."""
    return {name: _global_id(value) for name, value in variables.items()}


def _global_id(value: Any) -> Any:
    if isinstance(value, list):
        return [_global_id(each) for each in value]
    kind, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    return f"{TAGS[kind]}_{id_of(name)}" if name else value


@pytest.fixture(scope="module")
def world_url(postgres: Server) -> str:
    """The golden world, with all there is in it; whoever changes it takes that back."""
    return postgres.at(asyncio.run(postgres.copy(FURNISHED)))


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to it."""
    async with connected(world_url) as opened:
        yield opened


@pytest.mark.parametrize("question", OPERATIONS, ids=lambda path: path.stem)
async def test_golden(question: Path, world: asyncpg.Connection, request: pytest.FixtureRequest) -> None:
    """The statement is the one on file, and so is its answer, byte for byte but for white space."""
    statement, parameters = made(question.read_text(encoding="utf-8"))
    transaction = world.transaction()  # what is on record of it has no entry here, and is not kept
    await transaction.start()
    row = await world.fetchrow(statement.sql, *parameters)
    await transaction.rollback()
    assert row is not None
    assert row["fresh"]
    answer = json.dumps(json.loads(row["body"]), ensure_ascii=False, indent=2) + "\n"
    for suffix, text in ((".sql", statement.sql + "\n"), (".json", answer)):
        file = question.with_suffix(suffix)
        if request.config.getoption("--golden"):
            file.write_text(text, encoding="utf-8")
        assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("question", OPERATIONS, ids=lambda path: path.stem)
async def test_plan(question: Path, demo_url: str) -> None:
    """No statement scans a table that grows, on the demo's statistics."""
    statement, parameters = made(question.read_text(encoding="utf-8"))
    connection = await connect(demo_url)
    try:
        lines = await connection.fetch(f"EXPLAIN {statement.sql}", *parameters)
    finally:
        await connection.close()
    assert [line[0] for line in lines if GROWING.search(line[0])] == []


async def test_stale_gives_nothing(world: asyncpg.Connection) -> None:
    """A statement planned for grants that have changed since, or a token that was revoked, answers with nothing."""
    statement, parameters = made(OPERATIONS[0].read_text(encoding="utf-8"))
    for change in (
        "UPDATE role_grant SET reason = 'changed'",
        "UPDATE credential SET revoked_at = now()",
        "UPDATE credential SET expires_at = now() - interval '1 second'",
    ):
        transaction = world.transaction()
        await transaction.start()
        fresh = await world.fetchrow(statement.sql, *parameters)
        assert fresh
        assert fresh["fresh"]
        await world.execute(change)
        stale = await world.fetchrow(statement.sql, *parameters)
        assert stale
        assert tuple(stale) == (False, None, None)
        await transaction.rollback()
