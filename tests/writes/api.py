"""The service in this process, asked as whoever is wanted, over one database."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import sqlalchemy

from policies.actor import Authenticator
from policies.tokens import Seat, issue
from schema.kit.faults import formatted, reasons
from schema.kit.ids import local_id, tag_of
from schema.pipeline.document.documents import Documents
from schema.pipeline.document.visible import Visibility
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.kept import Kept
from schema.pipeline.run.read import Reading
from schema.pipeline.run.write import Writing
from services.settings import Limits
from services.storage.database import Reader, Writer, connected
from services.storage.transaction import compiled
from tests.built import CATALOGUE, SCHEMA
from tests.conftest import GOLDEN, Template, as_service

LIMITS = Limits()

# What was planned in one test's database is planned for all of them: nothing in a plan is of its database.
DOCUMENTS = Documents(CATALOGUE, SCHEMA, LIMITS)
STATEMENTS = Kept(5_000_000, 100_000)
VISIBILITY = Visibility(CATALOGUE, SCHEMA)


def planned_once(reading: Reading) -> Reading:
    """The same, over the whole schema and the usual limits, which takes what others planned."""
    reading._documents, reading._kept, reading._visibility = DOCUMENTS, STATEMENTS, VISIBILITY
    return reading


@dataclass
class Api:
    """One service and a connection beside it; tokens are issued once for each seat."""

    url: str
    connection: asyncpg.Connection
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._reader, self._writer = Reader(as_service(self.url), LIMITS), Writer(as_service(self.url), LIMITS)
        self._reading = planned_once(Reading(CATALOGUE, SCHEMA, self._reader, Authenticator(self._reader), LIMITS))
        self._writing = Writing(CATALOGUE, self._reading, self._writer)

    @property
    def service_url(self) -> str:
        """The database as the service's own role reaches it."""
        return as_service(self.url)

    def write_through(self, writer: Writer) -> None:
        """Use another writer from now on."""
        self._writer, self._writing = writer, Writing(CATALOGUE, self._reading, writer)

    async def close(self) -> None:
        """Close the pools."""
        await self._reader.close()
        await self._writer.close()

    async def token(self, role: str, at: str) -> str:
        """A token of this role at a code, a credit code or a global id."""
        if (role, at) not in self.tokens:
            self.tokens[role, at] = await issue(self.connection, Seat(f"test {role} {at}", role, at), 1)
        return self.tokens[role, at]

    async def ask(self, who: tuple[str, str], query: str, **asked: Any) -> Mapping[str, Any]:
        """The whole response, `{"data", "errors", "extensions"}`.

        Keywords are variables, or `grant`, `idempotency_key` and `request_id`.
        """
        token = await self.token(*who)
        of_request = {name: asked.pop(name) for name in ("grant", "idempotency_key", "request_id") if name in asked}
        try:
            answer = await self._writing.answer(Asked(query, None, asked, **of_request), token)
        except Exception as error:  # noqa: BLE001 - what the endpoint would make of it
            return {"errors": [formatted(each, "en") for each in reasons(error)]}
        errors = [formatted(each, "en") for each in answer.errors]
        beside = {"errors": errors, "extensions": answer.extensions}
        return {"data": json.loads(answer.body), **{name: said for name, said in beside.items() if said}}

    async def data(self, who: tuple[str, str], query: str, **asked: Any) -> Any:
        """The response's data; there must be no errors."""
        answer = await self.ask(who, query, **asked)
        assert "errors" not in answer, answer
        return answer["data"]

    async def do(self, who: tuple[str, str], command: str, select: str, **given: Any) -> Any:
        """Run one command with this input; what was selected of its payload. No errors, no userErrors."""
        payload = await self.attempt(who, command, select, **given)
        assert payload["userErrors"] == [], payload
        return payload

    async def attempt(self, who: tuple[str, str], command: str, select: str = "", **given: Any) -> Any:
        """The same, with the userErrors there may be; the payload, or the code of the error it was refused with.

        Where the input wants a version and none is given, it is the one the row has: as if it had just been read.
        """
        versioned = "version" in CATALOGUE.offers[command].input.fields and "version" not in given
        seen = {"version": await self.version(given["id"])} if versioned else {}
        answer = await self.ask(who, mutation(command, select), input={**given, **seen})
        if "errors" in answer:
            return answer["errors"][0]["extensions"]["code"]
        return answer["data"][command]

    async def version(self, id: str) -> int:
        """The version a row has now, as whoever has just read it would name it; 1 where there is none."""
        kind = next(kind for kind in CATALOGUE.kinds.values() if kind.entity.tag == tag_of(id))
        table = kind.entity.table
        local = local_id(id, kind.entity.tag or "")
        sql, values = compiled(sqlalchemy.select(table.c.version).where(table.c.id == local))
        row = await self._reader.fetchrow(sql, *values)
        return row[0] if row is not None else 1


def mutation(command: str, select: str = "") -> str:
    """A document of one command; its only variable is `$input`."""
    of = f"{command[0].upper()}{command[1:]}Input"
    offered = CATALOGUE.offers[command].input.name
    assert offered == of, (offered, of)
    selected = f"{select} userErrors {{ code field message }}"
    return f"mutation($input: {offered}!) {{ {command}(input: $input) {{ {selected} }} }}"


@dataclass
class Played:
    """What was made through the API in a template, and the tokens that were used."""

    made: Any
    tokens: dict[tuple[str, str], str]


def played(name: str, play: Callable[[Api], Awaitable[object]], of: Template = GOLDEN) -> Template:
    """A template of databases: the golden world, or more, after this."""

    async def fill(url: str) -> Played:
        async with connected(url) as connection:
            api = Api(url, connection)
            made = await play(api)
            await api.close()
            return Played(made, api.tokens)

    return Template(name, fill, of)
