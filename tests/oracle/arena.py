"""The service in this process and the oracle beside it, over one database that holds one world at a time."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from uuid import UUID, uuid4

import asyncpg
from graphql import GraphQLSchema
from sqlalchemy import ARRAY, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from policies.actor import Authenticator, make_token
from policies.scope import Member, Oneself
from schema import AREAS
from schema.catalogue.bare import bare
from schema.catalogue.kinds import Catalogue, Kind, link
from schema.catalogue.types import Types
from schema.kit.expressions import Sorts
from schema.kit.faults import formatted
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.kept import Kept
from schema.pipeline.run.read import Reading
from schema.pipeline.run.write import Writing
from services.access.credentials import cursor_secret
from services.declared import METADATA
from services.settings import Limits
from services.storage.database import Reader, Writer
from tests.conftest import MIGRATED, Server, as_service
from tests.oracle import loading, tables, worlds
from tests.oracle.declarations import Declarations
from tests.oracle.execution import Oracle, copied
from tests.oracle.narrower import narrower
from tests.oracle.numbers import SMALLEST, counts_beyond, undatable
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
    smallest_cell=SMALLEST,
)

# Characters of statements kept: a sweep is asked of one world after the other, and shall be planned once.
KEPT = 20_000_000


class Counting(Reader):
    """A reader that counts its statements, and transactions that leave a record as one."""

    statements = 0

    @asynccontextmanager
    async def recording(self) -> AsyncIterator[Any]:
        """A transaction of one statement and its record."""
        self.statements += 1
        async with super().recording() as connection:
            yield connection

    async def fetchrow(self, sql: str, *values: object, anew: bool = False) -> asyncpg.Record | None:
        """Run one statement."""
        self.statements += 1
        return await super().fetchrow(sql, *values, anew=anew)


@dataclass
class Answers:
    """Both answers to one question, keys in order, and how many statements the service's took.

    `recorded` are the members whose contact data the service says it showed, `shown` those it did, but for oneself.
    `unreachable` is what the service says is not the caller's to see and is, and what it does not say and is not; with
    what it says keeps no history and does, and the other way round.
    """

    service: object
    oracle: object
    statements: int
    recorded: set[UUID]
    shown: set[UUID]
    unreachable: set[str]


@dataclass(frozen=True)
class Done:
    """The response to a mutation: the JSON of its data, and the errors beside it."""

    body: bytes
    errors: list[dict[str, Any]]

    @property
    def data(self) -> Any:
        """The data, read."""
        return json.loads(self.body)


Alter = Callable[[Catalogue], Catalogue]


@cache
def built(alter: Alter) -> tuple[Catalogue, GraphQLSchema, GraphQLSchema]:
    """The areas linked, and altered; the schema they make, and the reference's. Once in a process: seconds of work."""
    catalogue = alter(link(AREAS))
    made = Types(catalogue).schema()
    text = made.as_str()
    schema = bare(made)
    return catalogue, schema, copied(schema, text)


class Arena:
    """One database, one service, one oracle. Everything runs on a loop of its own, for tests that are not async."""

    def __init__(self, url: str, alter: Alter | None = None) -> None:
        self._loop = asyncio.Runner()
        catalogue, schema, self.schema = built(alter or with_nullable_orders)
        self.declared = Declarations(catalogue)
        self._reader = Counting(as_service(url), LIMITS)
        self._authenticator = Authenticator(self._reader)
        self._reading = Reading(catalogue, schema, self._reader, self._authenticator, LIMITS)
        self._reading._kept = Kept(KEPT, KEPT)
        self._writer = Writer(as_service(url), LIMITS)
        self._writing = Writing(catalogue, self._reading, self._writer)
        zone = {"timezone": str(tables.ZONE)}
        self.connection: asyncpg.Connection = self.run(asyncpg.connect(url, server_settings=zone))
        self._secret = self.run(cursor_secret(self._reader))

    def run(self, made: Coroutine[Any, Any, T]) -> T:
        """Wait for something asynchronous.

        Not by the runner itself: each time it sets a signal's handler, for which what was awaited is written out.
        """
        return self._loop.get_loop().run_until_complete(made)

    def close(self) -> None:
        """Close what is open."""
        self.run(self.connection.close())
        self.run(self._reader.close())
        self.run(self._writer.close())
        self._loop.close()

    def load(self, world: World, before: Oracle | None = None) -> Oracle:
        """Put the world in the database; the oracle of its caller. `before` is one over the same rows."""
        self.run(loading.load(self.connection, world))
        return self.met(world, before)

    def met(self, world: World, before: Oracle | None = None) -> Oracle:
        """The oracle of someone who is known from here on: of another one in the world that is loaded."""
        self.run(self._reading.answer(Asked("{__typename}", None, {}), world.token))
        return self.oracle(world, before)

    def oracle(self, world: World, before: Oracle | None = None) -> Oracle:
        """The oracle over the rows as they are now; over those of another's oracle, where nothing changed meanwhile."""
        if before is not None:
            seats = worlds.seats_of(before.sight.tables, world.caller)
            return Oracle(
                self.schema,
                before.sight.of(seats, worlds.terms_of(before.sight.tables, world.caller)),
                self._secret,
            )
        rows = self.run(tables.read(self.connection))
        seats = worlds.seats_of(rows, world.caller)
        terms = worlds.terms_of(rows, world.caller)
        return Oracle(self.schema, Sight(self.declared, rows, seats, datetime.now(tables.ZONE), terms), self._secret)

    def answer(
        self, world: World, query: str, variables: Mapping[str, Any] | None = None, request_id: str = ""
    ) -> bytes:
        """The service's answer; Refused or Refusals."""
        asked = Asked(query, None, variables or {}, request_id=request_id)
        return self.run(self._reading.answer(asked, world.token)).body

    def asked_by(self, token: str, query: str, variables: Mapping[str, Any]) -> Any:
        """The service's answer to whoever has this token, read."""
        return json.loads(self.run(self._reading.answer(Asked(query, None, variables), token)).body)

    def token(self, account: UUID) -> str:
        """A new token of an account; the oracle knows nothing of it."""
        id_, text, digest = make_token()
        until = datetime.now(tables.ZONE) + timedelta(days=1)
        stored = "INSERT INTO credential (id, account_id, secret_sha256, expires_at) VALUES ($1, $2, $3, $4)"
        self.run(self.connection.execute(stored, id_, account, digest, until))
        return text

    def asked(self, world: World, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """The service's answer, read."""
        return json.loads(self.answer(world, query, variables))

    def done(self, world: World, mutation: str, variables: Mapping[str, Any]) -> Done:
        """What the service says to a mutation."""
        made = self.run(self._writing.answer(Asked(mutation, None, variables, request_id="r"), world.token, "en"))
        return Done(made.body, [formatted(each, "en") for each in made.errors])

    def digest(self) -> str:
        """One text for all rows of all tables as they are now, but for the record of what was read."""
        kept = [(table.name, UNREAD.get(table.name, "")) for table in METADATA.sorted_tables if not is_view(table)]
        parts = (
            f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{of}\" t {which})" for of, which in kept
        )
        return str(self.run(self.connection.fetchval(f"SELECT array_to_string(ARRAY[{', '.join(parts)}], ' ')")))

    def both(self, world: World, oracle: Oracle, query: str, variables: Mapping[str, Any]) -> Answers:
        """The service's and the oracle's answers."""
        oracle.shown.clear()
        oracle.unreachable.clear()
        oracle.undated.clear()
        oracle.counted.clear()
        oracle.partial.clear()
        told = oracle.answer(query, variables)
        before, request = self._reader.statements, uuid4().hex
        answer = self.run(self._reading.answer(Asked(query, None, variables or {}, request_id=request), world.token))
        said, body = set(answer.notes.unreachable), answer.body
        # What is below a row that is not there is said as well: the reference execution never comes to it.
        wrong = {each for each in said if not oracle.beyond(each)} | oracle.unreachable - said
        partial = set(answer.notes.partial)
        undated, counted = set(answer.notes.undated), set(answer.notes.counted)
        wrong |= {each for each in counted if not counts_beyond(oracle.sight, each)} | oracle.counted - counted
        wrong |= {each for each in partial if not narrower(oracle.sight, each)} | oracle.partial - partial
        wrong |= {each for each in undated if not undatable(oracle.sight, each)} | oracle.undated - undated
        statements = self._reader.statements - before
        shown = oracle.shown - own_members(oracle)
        # Asking is a round trip: only where there is something to ask.
        recorded = self.run(self._recorded(request)) if "contact" in query else set()
        return Answers(in_order(body), in_order(told), statements, recorded, shown, wrong)

    async def _recorded(self, request: str) -> set[UUID]:
        """The members on record for a request; the record itself is taken back, as the oracle knows nothing of it."""
        found = {row["member_id"] for row in await self.connection.fetch(RECORDED, request)}
        if found:
            async with self.connection.transaction():
                await self.connection.execute(FORGOTTEN)
        return found


# A dry run changes nothing, but whoever saw contact data in it has seen it.
READS = "SELECT id FROM audit_entry WHERE command = 'readContact'"
UNREAD = {
    "audit_entry": "WHERE command <> 'readContact'",
    "audit_link": "WHERE false",
    "contact_read": f"WHERE entry_id NOT IN ({READS})",
}
FORGOTTEN = f"""
    SET LOCAL jinlin.retaining = 'on';
    DELETE FROM contact_read WHERE entry_id IN ({READS});
    DELETE FROM audit_link WHERE entry_id IN ({READS});
    DELETE FROM audit_entry WHERE command = 'readContact';
"""
RECORDED = "SELECT member_id FROM contact_read JOIN audit_entry ON id = entry_id WHERE request_id = $1"


def own_members(oracle: Oracle) -> set[UUID]:
    """The members a caller is: by a seat as that member, or by what their account says."""
    sight = oracle.sight
    seated = {term.id for role, term in sight.seats if role == "member" and isinstance(term, Member)}
    (caller,) = {term.account for _, term in sight.seats if isinstance(term, Oneself)}
    return seated | {row["member_id"] for row in sight.tables["account"] if row["id"] == caller}


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
    name = asyncio.run(server.copy(MIGRATED))
    arena = Arena(server.at(name))
    yield arena
    arena.close()
