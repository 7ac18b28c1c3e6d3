"""The service in this process and the oracle beside it, over one database that holds one world at a time."""

import asyncio
import json
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import ARRAY, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from policies.actor import Authenticator
from schema import AREAS
from schema.pipeline.catalogue import Catalogue, Kind, link
from schema.pipeline.expressions import Sorts
from schema.pipeline.faults import formatted
from schema.pipeline.read import Asked, Reading
from schema.pipeline.types import Types
from schema.pipeline.write import Writing
from services.credentials import cursor_secret
from services.database import Reader, Writer, migrate
from services.settings import Limits
from services.tables import METADATA
from tests.conftest import Server
from tests.oracle import tables, worlds
from tests.oracle.declarations import Declarations
from tests.oracle.execution import Oracle, copied
from tests.oracle.rows import is_view
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


@dataclass(frozen=True)
class Done:
    """The response to a mutation: the JSON of its data, and the errors beside it."""

    body: bytes
    errors: list[dict[str, Any]]

    @property
    def data(self) -> Any:
        """The data, read."""
        return json.loads(self.body)


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
        self._writer = Writer(url, LIMITS)
        self._writing = Writing(catalogue, self._reading, self._writer)
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
        self.run(self._writer.close())
        self._loop.close()

    def load(self, world: World) -> Oracle:
        """Put the world in the database; the oracle of its caller."""
        self.run(worlds.load(self.connection, world))
        self.run(self._reading.answer(Asked("{__typename}", None, {}), world.token))  # who asks is known from here on
        return self.oracle(world)

    def oracle(self, world: World) -> Oracle:
        """The oracle over the rows as they are now."""
        rows = self.run(tables.read(self.connection))
        seats = worlds.seats_of(rows, world.caller)
        return Oracle(self.schema, Sight(self.declared, rows, seats, datetime.now(tables.ZONE)), self._secret)

    def answer(self, world: World, query: str, variables: Mapping[str, Any] | None = None) -> bytes:
        """The service's answer; Refused or Refusals."""
        return self.run(self._reading.answer(Asked(query, None, variables or {}), world.token))

    def asked(self, world: World, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """The service's answer, read."""
        return json.loads(self.answer(world, query, variables))

    def done(self, world: World, mutation: str, variables: Mapping[str, Any]) -> Done:
        """What the service says to a mutation."""
        made = self.run(self._writing.answer(Asked(mutation, None, variables, request_id="r"), world.token, "en"))
        return Done(made.body, [formatted(each, "en") for each in made.errors])

    def digest(self) -> str:
        """One text for all rows of all tables as they are now."""
        kept = [table for table in METADATA.sorted_tables if not is_view(table)]
        parts = (f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table.name}\" t)" for table in kept)
        return str(self.run(self.connection.fetchval(f"SELECT concat_ws(' ', {', '.join(parts)})")))

    def both(self, world: World, oracle: Oracle, query: str, variables: Mapping[str, Any]) -> Answers:
        """The service's and the oracle's answers."""
        told = oracle.answer(query, variables)
        before = self._reader.statements
        body = self.answer(world, query, variables)
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
