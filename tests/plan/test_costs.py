"""What an operation is charged follows what it makes the database do: no field reads more than its cost stands for.

The measure is the rows each node of the executed plan goes through, which are the same on a busy machine.
"""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest

from policies.actor import Authenticator
from policies.tokens import Seat, issue
from schema.kit.entities import Edge, EdgeKind
from schema.kit.numbers import Breakdown, Ratio, Tally
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.read import Reading
from services.errors import Code, Refused
from services.settings import Limits
from services.storage.database import Reader, connected
from tests.built import CATALOGUE, SCHEMA
from tests.conftest import as_service
from tests.depth import in_turn

LIMITS = Limits()
SECONDS = 2  # the longest an operation of the highest cost may take
RATE = 4_500_000  # rows a second, of a unit's catalog as of a table: measured
PER_COST = SECONDS * RATE // LIMITS.cost
ALWAYS = 100_000  # rows a statement may go through whatever it costs: a fiftieth of a second

CATALOGS = (
    "{ orgUnits(first: %d, filter: {level: [TOWN]}) { nodes { descendants(first: %d) { nodes {"
    " indicators { catalogEntries { entries } } } } } } }"
)
PAGES = (
    "{ orgUnits(first: %d, filter: {level: [TOWN]}) { nodes { descendants(first: %d) { nodes {"
    " serviceCatalog(first: 1) { totalCount nodes { name } } } } } } }"
)


class Explained(Reader):
    """A reader that remembers what it was last asked to run."""

    last: tuple[str, tuple[object, ...]]

    async def fetchrow(self, sql: str, *values: object, anew: bool = False) -> asyncpg.Record | None:
        self.last = sql, values
        return await super().fetchrow(sql, *values, anew=anew)


class Measured:
    """Operations with what they are charged and what they go through."""

    def __init__(self, reading: Reading, reader: Explained, connection: asyncpg.Connection, token: str) -> None:
        self._reading, self._reader, self._connection, self._token = reading, reader, connection, token

    async def cost(self, query: str) -> int:
        asked = Asked(query, None, {})
        return (await self._reading.prepare(asked, await self._reading.admit(self._token))).cost

    async def rows(self, query: str) -> int:
        """How many rows the statement of a query goes through."""
        await self._reading.answer(Asked(query, None, {}), self._token)
        sql, values = self._reader.last
        text = await self._connection.fetchval(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", *values)
        return round(sum(map(gone_through, nodes(json.loads(text)[0]["Plan"]))))


def nodes(plan: Any) -> Iterator[Any]:
    """A node of a plan and all below it."""
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def gone_through(node: Any) -> float:
    removed = sum(value for key, value in node.items() if key.startswith("Rows Removed by"))
    made = node["Actual Rows"] if not node.get("Plans") else 0
    return float(node["Actual Loops"] * (made + removed))


@pytest.fixture
async def measured(demo_url: str) -> AsyncIterator[Measured]:
    """As an administrator of the whole demo."""
    async with connected(demo_url) as connection:
        token = await issue(connection, Seat("test of costs", "county_admin", "3505"), 1)
        reader = Explained(as_service(demo_url), LIMITS)
        yield Measured(Reading(CATALOGUE, SCHEMA, reader, Authenticator(reader), LIMITS), reader, connection, token)
        await reader.close()


def asked_of(kind: str, within: str = "") -> Iterator[str]:
    """Every number, breakdown and page of a type, and of the facets of its rows, selected once."""
    for name, field in CATALOGUE.kinds[kind].fields.items():
        match field.declared:
            case Tally() | Ratio():
                yield name
            case Breakdown():
                yield f"{name} {{ __typename }}"
            case Edge(kind=EdgeKind.PAGE):
                yield f"{name}(first: 1) {{ totalCount nodes {{ __typename }} }}"
            case Edge(kind=EdgeKind.FACET, target=str(target)) if within != target:
                yield from (f"{name} {{ {each} }}" for each in asked_of(target, target))


def below(root: str, target: str) -> Iterator[str]:
    for each in asked_of(target):
        yield f"{{ {root}(first: 100) {{ nodes {{ {each} }} }} }}"
        if target == "OrgUnit":
            of_towns = f"{root}(first: 20, filter: {{level: [TOWN]}})"
            yield f"{{ {of_towns} {{ nodes {{ descendants(first: 10) {{ nodes {{ {each} }} }} }} }} }}"


QUESTIONS = [
    question
    for root, field in CATALOGUE.roots.items()
    if isinstance(field.declared, Edge) and field.declared.kind is EdgeKind.PAGE
    for question in below(root, field.declared.target or "")
]


@pytest.mark.drawn
async def test_no_field_reads_more_than_it_is_charged(measured: Measured) -> None:
    """Every number, breakdown and page below every list: what it goes through grows no faster than its cost."""
    assert len(QUESTIONS) > 100
    beyond = {}
    for question in in_turn(QUESTIONS, 4):
        cost, rows = await measured.cost(question), await measured.rows(question)
        if rows > ALWAYS + cost * PER_COST:
            beyond[question] = cost, rows
    assert not beyond


@pytest.mark.parametrize(
    ("query", "heaviest"),
    [(CATALOGS, "indicators.catalogEntries"), (PAGES, "serviceCatalog")],
    ids=["counted", "paged"],
)
async def test_the_most_that_is_let_in_is_done_in_time(measured: Measured, query: str, heaviest: str) -> None:
    """Catalogs of as many units as the limit admits; what is beyond it is told what most of its cost is for."""
    of_one = await measured.cost(query % (20, 2)) - await measured.cost(query % (20, 1))
    most = LIMITS.cost // of_one
    assert most < 100
    assert await measured.rows(query % (20, most - 1)) <= SECONDS * RATE
    assert f"`orgUnits.nodes.descendants.nodes.{heaviest}`" in await refused(measured, query % (20, most + 1))
    await refused(measured, query % (57, 100))


DEEP = "children(first: 100) { nodes { children(first: 100) { nodes { id } } } }"
SPREADING = " ".join(f"fragment F{n} on OrgUnit {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30))


@pytest.mark.parametrize(
    ("query", "at"),
    [
        (f"{{ orgUnits(first: 100) {{ nodes {{ id {DEEP} }} }} }}", "orgUnits.nodes.children.nodes.children"),
        (
            f"{{ orgUnits(first: 100) {{ nodes {{ ...F0 {DEEP} }} }} }} {SPREADING} fragment F30 on OrgUnit {{ id }}",
            "orgUnits.nodes.children.nodes.children",
        ),
        (
            "{ orgUnits(first: 100) { nodes { "
            + " ".join(f"a{n}: descendants(first: 100) {{ nodes {{ indicators {{ units }} }} }}" for n in range(3))
            + " } } }",
            "orgUnits.nodes",
        ),
    ],
    ids=["nested", "fragments that spread each other", "no one most"],
)
async def test_where_most_of_a_cost_is(measured: Measured, query: str, at: str) -> None:
    """As far as one field has most of it."""
    assert f"`{at}`" in await refused(measured, query)


async def refused(measured: Measured, query: str) -> str:
    """What is said of a query that costs too much."""
    with pytest.raises(Refused) as refusal:
        await measured.cost(query)
    assert refusal.value.code is Code.TOO_COSTLY
    return refusal.value.text.en
