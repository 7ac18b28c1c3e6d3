"""A costly statement is planned for its values, however often it has run; a light one may keep a plan for any."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from policies.actor import Authenticator
from policies.tokens import Seat, issue
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.read import LIGHT, Reading
from schema.pipeline.run.write import Writing
from services.settings import Limits
from services.storage.database import Reader, Writer, connected
from tests.built import CATALOGUE, SCHEMA
from tests.conftest import Database

RUNS = 8  # PostgreSQL plans for the values five times before it compares
LIMITS = Limits(connections=1)
PLANS = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE $1"
UNITS = "{ orgUnits(first: %d) { nodes { id name children(first: 100) { totalCount nodes { name } } } } }"
PEOPLE = "{ members(first: %d) { nodes { contact { phone } posts(first: 100) { totalCount nodes { id } } } } }"
MADE = """mutation($input: CreateCompoundInput!) { createCompound(input: $input) {
    compound { unit { descendants(first: %d) { nodes { children(first: 100) { totalCount } } } } } } }"""


class One(Writer):
    """A writer of one session."""

    def __init__(self, url: str) -> None:
        super().__init__(url, LIMITS, size=1)


@pytest.fixture
async def world(furnished: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the golden world with all that is in it."""
    async with connected(furnished.url) as opened:
        yield opened


@pytest.mark.parametrize(("query", "first"), [(UNITS, 100), (UNITS, 1), (PEOPLE, 100), (PEOPLE, 1)])
async def test_reading(furnished: Database, world: asyncpg.Connection, query: str, first: int) -> None:
    """Also where it leaves a record."""
    token = await issue(world, Seat("plans", "community_admin", "350521100001"), 1)
    reader = Reader(furnished.service_url, LIMITS)
    reader._recorder = One(furnished.service_url)
    reading = Reading(CATALOGUE, SCHEMA, reader, Authenticator(reader), LIMITS)
    asked = Asked(query % first, None, {})
    assert ((await reading.prepare(asked, await reading.admit(token))).cost > LIGHT) is (first > 1)
    for _ in range(RUNS):
        await reading.answer(asked, token)
    opening = reader._recorder._pool if query is PEOPLE else reader._pool
    await _planned(opening.opened, heavy=first > 1)
    await reader.close()


@pytest.mark.parametrize("first", [100, 1])
async def test_what_a_command_gives_back(furnished: Database, world: asyncpg.Connection, first: int) -> None:
    """Its payload is read like anything else."""
    token = await issue(world, Seat("plans", "community_admin", "350521100001"), 1)
    reader, writer = Reader(furnished.service_url, LIMITS), One(furnished.service_url)
    reading = Reading(CATALOGUE, SCHEMA, reader, Authenticator(reader), LIMITS)
    writing = Writing(CATALOGUE, reading, writer)
    unit = await world.fetchval("SELECT id FROM org_unit WHERE code = '350521100001'")
    for number in range(RUNS):
        given = {"unitId": f"ou_{unit}", "name": f"演示{number}号小区"}
        await writing.answer(Asked(MADE % first, None, {"input": given}), token)
    await _planned(writer._pool.opened, heavy=first > 1)
    await writer.close()
    await reader.close()


async def _planned(pool: Any, *, heavy: bool) -> None:
    async with pool.acquire() as connection:
        (found,) = await connection.fetch(PLANS, "WITH standing AS MATERIALIZED%")
        assert await connection.fetchval("SHOW plan_cache_mode") == "auto"
    assert found["custom_plans"] + found["generic_plans"] == RUNS
    if heavy:
        assert found["generic_plans"] == 0
