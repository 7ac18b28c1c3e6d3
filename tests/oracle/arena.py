"""The service in this process and the oracle beside it, over one database that holds one world at a time."""

import asyncio
import json
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import asyncpg
from graphql import parse
from sqlalchemy import ARRAY, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from policies.actor import Authenticator
from schema import AREAS
from schema.pipeline.catalogue import Catalogue, Kind, link
from schema.pipeline.kit import Sorts
from schema.pipeline.read import Asked, Reading
from schema.pipeline.types import Types
from services.access import cursor_secret
from services.database import Reader, migrate
from services.settings import Limits
from tests.conftest import Server
from tests.oracle import tables, worlds
from tests.oracle.declarations import Declarations
from tests.oracle.execution import Oracle, copied
from tests.oracle.sight import Sight
from tests.oracle.worlds import World

T = TypeVar("T")

# What is generated is wide, deep and small; what limits do is tested elsewhere.
LIMITS = Limits(
    characters=10**6,
    tokens=100_000,
    depth=50,
    aliases=10_000,
    directives=1000,
    objects=100_000,
    variables=1000,
    repeats=1000,
    cost=10**12,
)


class Counting(Reader):
    """A reader that counts its statements."""

    statements = 0

    async def fetchrow(self, sql: str, *values: object) -> asyncpg.Record | None:
        """Run one statement."""
        self.statements += 1
        return await super().fetchrow(sql, *values)


@dataclass
class Answers:
    """Both answers to one question, keys in order, and how many statements the service's took."""

    service: object
    oracle: object
    statements: int


class Arena:
    """One database, one service, one oracle. Everything runs on a loop of its own, for tests that are not async."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.Runner()
        catalogue = with_nullable_orders(link(AREAS))
        strawberry_schema = Types(catalogue).schema()
        self.schema = copied(strawberry_schema)
        self.declared = Declarations(catalogue)
        self._reader = Counting(url, LIMITS)
        self._authenticator = Authenticator(self._reader)
        self._reading = Reading(catalogue, strawberry_schema._schema, self._reader, self._authenticator, LIMITS)
        zone = {"timezone": str(tables.ZONE)}
        self.connection: asyncpg.Connection = self.run(asyncpg.connect(url, server_settings=zone))
        self._secret = self.run(cursor_secret(self._reader))

    def run(self, made: Coroutine[Any, Any, T]) -> T:
        """Wait for something asynchronous."""
        return self._loop.run(made)

    def close(self) -> None:
        """Close what is open."""
        self.run(self.connection.close())
        self.run(self._reader.close())
        self._loop.close()

    def load(self, world: World) -> Oracle:
        """Put the world in the database; the oracle of its caller."""
        self.run(worlds.load(self.connection, world))
        self.run(self._reading.answer(Asked("{__typename}", None, {}), world.token))  # who asks is known from here on
        return self.oracle(world)

    def oracle(self, world: World) -> Oracle:
        """The oracle over the rows as they are now."""
        rows = self.run(tables.read(self.connection))
        return Oracle(self.schema, Sight(self.declared, rows, world.seats, datetime.now(tables.ZONE)), self._secret)

    def answer(self, world: World, query: str, variables: Mapping[str, Any] | None = None) -> bytes:
        """The service's answer; Refused or Refusals."""
        return self.run(self._reading.answer(Asked(query, None, variables or {}), world.token))

    def asked(self, world: World, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """The service's answer, read."""
        return json.loads(self.answer(world, query, variables))

    def both(self, world: World, oracle: Oracle, query: str, variables: Mapping[str, Any]) -> Answers:
        """The service's and the oracle's answers."""
        result = oracle.execute(parse(query), variables)
        if result.errors:
            raise result.errors[0].original_error or result.errors[0]
        before = self._reader.statements
        body = self.answer(world, query, variables)
        told = json.dumps(result.data, ensure_ascii=False)
        return Answers(in_order(body), in_order(told), self._reader.statements - before)


def with_nullable_orders(catalogue: Catalogue) -> Catalogue:
    """The catalogue with an order by each column that can be NULL: few of the areas' own have rows without a value."""
    return replace(catalogue, kinds={name: _nullable_orders(kind) for name, kind in catalogue.kinds.items()})


def _nullable_orders(kind: Kind) -> Kind:
    columns = kind.entity.table.columns.values()
    nullable = [column.name for column in columns if column.nullable and _sortable(column.type)]
    orders = {f"BY_{name.upper()}": _by(name) for name in nullable}
    return replace(kind, entity=replace(kind.entity, orders={**kind.entity.orders, **orders})) if orders else kind


def _sortable(type_: TypeEngine[Any]) -> bool:
    """Whether values of a type have one order on every server: text only where it is compared byte by byte."""
    return type_.collation == "C" if isinstance(type_, Text) else not isinstance(type_, JSONB | ARRAY)


def _by(name: str) -> Sorts:
    return lambda row: (row[name],)


def in_order(body: str | bytes) -> object:
    """JSON with its objects as tuples of pairs, so that the order of keys counts."""
    return json.loads(body, object_pairs_hook=lambda pairs: ("object", *pairs))


def difference(service: object, oracle: object, at: str = "data") -> str | None:
    """The first place where two answers differ; None where they are the same."""
    if service == oracle:
        return None
    if isinstance(service, tuple | list) and type(service) is type(oracle):
        assert isinstance(oracle, tuple | list)
        pairs = enumerate(zip(service, oracle, strict=False))
        found = (difference(one, other, f"{at}[{_step(one, number)}]") for number, (one, other) in pairs)
        return next((place for place in found if place), f"{at}: {len(service)} and {len(oracle)} items")
    return f"{at}: {service!r} and not {oracle!r}"


def _step(item: object, number: int) -> str:
    return str(item[0]) if isinstance(item, tuple) and item and isinstance(item[0], str) else str(number)


def arena_on(server: Server) -> Iterator[Arena]:
    """An arena on a database of its own, for a fixture."""
    name = asyncio.run(server.copy("migrated", migrate))
    arena = Arena(server.at(name))
    yield arena
    arena.close()
