"""The arena with every statement written down, and callers of every role in crowded worlds."""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import asyncpg
from cachetools import LRUCache

from policies.actor import SEATS, Authenticator, make_token
from schema.catalogue.kinds import Catalogue, Kind
from schema.catalogue.offers import Offer
from schema.kit.commands import Named
from schema.kit.entities import Edge, EdgeKind
from schema.pipeline.run.read import Reading
from schema.pipeline.run.write import Writing
from services.access.tables import accounts
from services.storage.database import Writer
from services.storage.tables import named
from tests.conftest import MIGRATED, Server, as_service
from tests.days import today
from tests.oracle import tables as rows_of
from tests.oracle.arena import FORGOTTEN, KEPT, LIMITS, Arena, Counting
from tests.oracle.columns import BEGAN
from tests.oracle.execution import Oracle
from tests.oracle.worlds import ACCOUNT, LATER, SEATED, UNIT, World, made, places
from tests.proof import model
from tests.proof.known import Known
from tests.proof.model import Seat
from tests.proof.ways import Tables

Seats = list[tuple[str, Seat]]


OF_THE_DRIVER = ("'jit'", "typeinfo")  # what it asks of types it has not met on a connection


KNOWN = Known()  # what the model says of the world there is

RENUMBERED = "SELECT setval(pg_get_serial_sequence('audit_change', 'id'), 1, false)"


class Noting(Counting):
    """A reader that writes down its statements."""

    def __init__(self, url: str, said: list[str]) -> None:
        super().__init__(url, LIMITS)
        self._said = said

    async def fetchrow(self, sql: str, *values: object, anew: bool = False) -> asyncpg.Record | None:
        """Run one statement."""
        self._said.append(sql)
        return await super().fetchrow(sql, *values, anew=anew)


NUMBERED = re.compile(r"(?<=__asyncpg_savepoint_)\w+")  # the driver counts savepoints


class NotingWriter(Writer):
    """A writer whose connections write down their statements."""

    def __init__(self, url: str, said: list[str]) -> None:
        super().__init__(url, LIMITS)
        self._said = said

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """A connection in a transaction."""

        def note(query: Any) -> None:
            if not any(word in query.query for word in OF_THE_DRIVER):
                self._said.append(NUMBERED.sub("", query.query))

        async with super().transaction() as connection:
            with connection.query_logger(note):
                yield connection


def as_they_are(catalogue: Catalogue) -> Catalogue:
    """With the orders there are."""
    return catalogue


class Stage(Arena):
    """An arena that remembers the statements of the last question, and says what the model says of its rows."""

    def __init__(self, url: str) -> None:
        super().__init__(url, as_they_are)
        self.run(self._reader.close())
        self.run(self._writer.close())
        self.url = url
        self.said: list[str] = []
        catalogue, schema = self.declared.catalogue, self._reading._schema
        self._reader = Noting(as_service(url), self.said)
        self._writer = NotingWriter(as_service(url), self.said)
        self._authenticator = Authenticator(self._reader)
        kept = self._reading._kept
        self._reading = Reading(catalogue, schema, self._reader, self._authenticator, LIMITS)
        self._reading._kept = kept
        self._reading._documents._known = LRUCache(KEPT, lambda document: document.size)
        self._writing = Writing(catalogue, self._reading, self._writer)

    def load(self, world: World, before: Oracle | None = None) -> Oracle:
        """Put the world in the database; what the database numbers, it numbers from one."""
        self.run(self.connection.execute(RENUMBERED))
        return super().load(world, before)

    def forget(self) -> None:
        """Take back the record of whose contact data was shown: it is read as anything else, by whoever asks next."""
        self.run(self.connection.execute(FORGOTTEN))

    @property
    def writing(self) -> Writing:
        """What answers operations."""
        return self._writing

    def rows(self) -> Tables:
        """All rows as they are now, as the model takes them."""
        found = self.run(rows_of.read(self.connection))
        return {name: [dict(row) for row in rows] for name, rows in found.items()}

    def kinds(self) -> list[Kind]:
        """Every kind of the catalogue."""
        return list(self.declared.catalogue.kinds.values())

    def scoped(self) -> list[Kind]:
        """Those whose rows are asked for by their own scope: not what only comes with its owner, or explains access."""
        fields = [field.declared for kind in self.kinds() for field in kind.fields.values()]
        always = {of.target for of in fields if isinstance(of, Edge) and of.kind is EdgeKind.FACET and of.required}
        own = [kind for kind in self.kinds() if kind.name not in always or kind.entity.tag is not None]
        return [kind for kind in own if kind.entity.ways]

    def by_name(self, name: str | None) -> Kind:
        """A kind of this name."""
        return self.declared.catalogue.kinds[name or ""]

    def nodes(self) -> list[Kind]:
        """Those that have global ids."""
        return [kind for kind in self.kinds() if kind.entity.tag is not None]


def stage_on(server: Server) -> Iterator[Stage]:
    """A stage on a database of its own, for a fixture; one server is enough, the oracle's tests ask both."""
    import asyncio

    name = asyncio.run(server.copy(MIGRATED))
    stage = Stage(server.at(name))
    yield stage
    stage.close()


def called(kind: Kind) -> str:
    """What the model calls the rows of a kind: by their table, but for what is another thing to others."""
    return {"Viewer": "viewer", "GrantAbove": "grant_above", "MemberContact": "contact"}.get(
        kind.name, kind.entity.table.name
    )


def seen(rows: Tables, kind: Kind, seats: Seats) -> list[Mapping[str, Any]]:
    """The rows of a kind the model shows someone."""
    return list(KNOWN.seen(rows, called(kind), kind.entity.policy, seats, today()))


def seats_of(rows: Tables, world: World) -> Seats:
    """The seats of the one who asks, as the model has them."""
    return model.held(rows, world.caller, datetime.now(rows_of.ZONE))


def may_do(stage: Stage, rows: Tables, seats: Seats, offer: Offer) -> bool:
    """Whether there is any row someone may do this to."""
    word = offer.target[1].word
    assert isinstance(word, Named)
    table, (policy, action) = stage.by_name(word.entity).entity.table.name, (offer.command.policy, offer.command.action)
    return any(model.may(seats, action, policy, keys) for keys in KNOWN.keys(rows, table, today()))


CALLERS = [(role, kind) for role, kinds in SEATS.items() for kind in kinds]


class Caller(World):
    """The same rows, asked by another of their accounts."""

    def __init__(self, world: World, account: UUID, token: str) -> None:
        super().__init__(world.seed, world.rows, token)
        self._account = account

    @property
    def caller(self) -> UUID:
        """The account of the one who asks."""
        return self._account

    def grant(self, role: str, kind: str, at: Any) -> None:
        """Grant the caller a role at a seat of this kind."""
        place = {**dict.fromkeys(SEATED.values()), SEATED[kind]: at}
        id_ = uuid5(self._account, f"{role} {at}")
        said = {"granted_by": self.rows[ACCOUNT][0]["id"], "reason": "因需", "until": LATER}
        self.add("role_grant", id=id_, account_id=self._account, role=role, **place, since=BEGAN, **said)


def peopled(seed: int, *, units: int = 12, others: int = 14) -> tuple[dict[tuple[str, str], Caller], Caller]:
    """A world of few units with many rows, with a caller for each role at each kind of seat, and one who sees all."""
    world = made(seed, units, others, 0)
    callers = {}
    for role, kind in CALLERS:
        found = places(world.rows, kind)
        # Neither the top, which sees all, nor a leaf, which sees nothing.
        number = Random(f"{seed} {role}").randint(1, 4) % len(found)
        callers[role, kind] = joined(world, f"{role} {kind}")
        callers[role, kind].grant(role, kind, found[number] if kind == "unit" else busiest(world, kind))
    everything = joined(world, "everything")
    everything.see_everything()
    return callers, everything


def joined(world: World, name: str) -> Caller:
    """One more account of a world, with a token."""
    account = uuid5(NAMESPACE_OID, f"{world.seed} {name}")
    id_, token, digest = make_token()
    until = datetime.now(UTC) + timedelta(days=2)
    home = Random(name).choice(world.rows[UNIT])["path"]
    world.add(ACCOUNT, id=account, **named(accounts, name), unit_path=home, created_at=BEGAN)
    world.add("credential", id=id_, account_id=account, secret_sha256=digest, expires_at=until)
    return Caller(world, account, token)


def busiest(world: World, kind: str) -> Any:
    """The company, building or member most rows name."""
    column = f"{kind}_id"
    named = [row[column] for rows in world.rows.values() for row in rows if row.get(column) is not None]
    found = places(world.rows, kind)
    return max(found, key=named.count)
