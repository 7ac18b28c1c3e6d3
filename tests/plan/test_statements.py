"""How many statements an operation costs, counted where asyncpg sends them."""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from graphql import get_introspection_query

from policies.actor import Authenticator
from policies.tokens import Seat, issue
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.read import Reading
from services.settings import Limits
from services.storage.database import Reader
from tests.built import CATALOGUE, SCHEMA
from tests.conftest import Database
from tests.golden.test_golden import OPERATIONS, global_ids

Count = Callable[[Asked, str], Awaitable[list[str]]]


@pytest.fixture
async def count(golden: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Count]:
    """Answers an operation and gives the statements it sent."""
    sent: list[str] = []
    run: Any = asyncpg.Connection.__dict__["_execute"]

    async def recorded(self: asyncpg.Connection, query: str, *args: Any, **options: Any) -> Any:
        sent.append(query)
        return await run(self, query, *args, **options)

    monkeypatch.setattr(asyncpg.Connection, "_execute", recorded)
    reader = Reader(golden.service_url, Limits())
    reading = Reading(CATALOGUE, SCHEMA, reader, Authenticator(reader), Limits())

    async def counted(asked: Asked, token: str) -> list[str]:
        sent.clear()
        await reading.answer(asked, token)
        return list(sent)

    yield counted
    await reader.close()


async def test_one_statement(count: Count, world: asyncpg.Connection) -> None:
    """The first request loads the credential and the cursors' key; from then on an operation is one statement.

    One that selects contact data is followed by the insert that says who read it.
    """
    token = await issue(world, Seat("test", "county_admin", "350521"), 1)
    tiny = Asked("{ __typename }", None, {})
    assert len(await count(tiny, token)) == 3
    # A cursor of the golden world's own key is none of this installation's.
    others = [question for question in OPERATIONS if question.stem not in ("search_after", "nested_after")]
    questions = [question.read_text(encoding="utf-8") for question in others]
    for text in [*questions, get_introspection_query(), "{ __typename }"]:
        given = re.search(r"^# variables: (.*)$", text, re.MULTILINE)
        asked = Asked(text, None, global_ids(json.loads(given[1])) if given else {})
        for _ in range(2):
            first, *more = await count(asked, token)
            assert [each.split("(")[0] for each in more] == ["SELECT record_contact_reads"] * ("note_contact" in first)


async def test_another_caller_costs_one_more(count: Count, world: asyncpg.Connection) -> None:
    """A token not seen before: its credential and the operation."""
    asked = Asked("{ orgUnits { nodes { name } } }", None, {})
    tokens = [await issue(world, Seat("test", "county_admin", "350521"), 1) for _ in range(3)]
    assert [len(await count(asked, token)) for token in tokens] == [3, 2, 2]


async def test_a_changed_grant_costs_two_more(count: Count, world: asyncpg.Connection) -> None:
    """The statement gives nothing, the credential is loaded, the operation runs again."""
    asked = Asked("{ orgUnits { nodes { name } } }", None, {})
    token = await issue(world, Seat("test", "county_admin", "350521"), 1)
    await count(asked, token)
    await world.execute("UPDATE role_grant SET reason = 'changed'")
    assert len(await count(asked, token)) == 3
    assert len(await count(asked, token)) == 1
