"""One mutation field of an operation: what the client gave it, under which key, and how it is told of what failed."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID, uuid4

import orjson
from graphql import FieldNode, GraphQLError, GraphQLObjectType

from policies.actor import Actor
from schema.catalogue.offers import Offer
from schema.kit.faults import reasons, unusable
from schema.pipeline.plan.call import Occurrence
from schema.pipeline.plan.plan import QUIET, Notes
from schema.pipeline.run.asked import Answer, Asked, Prepared, who
from schema.pipeline.run.payloads import Payload
from services.audit.contact_reads import record_anew
from services.audit.tables import Once, Who
from services.errors import Code, Refused, bad_input
from services.storage.database import Writer

LONGEST_KEY = 64
LOG = logging.getLogger("jinlin")


class Undone(Exception):
    """A dry run is over: everything is rolled back, the payload stays."""


@dataclass(frozen=True, slots=True)
class Field:
    """One mutation field of an operation, under its response key; `notes` collects what is said of payloads."""

    asked: Asked
    prepared: Prepared
    key: str
    nodes: list[FieldNode]
    offer: Offer
    given: Mapping[str, Any]
    language: str
    notes: list[Notes]

    @property
    def dry_run(self) -> bool:
        """Whether everything is undone in the end."""
        return bool(self.given.get("dryRun"))

    def undo(self) -> None:
        """Raise Undone at the end of a dry run."""
        if self.dry_run:
            raise Undone

    def who(self, actor: Actor) -> Who:
        """Who asks, as the audit trail has it."""
        return who(self.prepared, self.asked, actor)

    @property
    def payload(self) -> Payload:
        """What the client selected of the payload."""
        return Payload(self.prepared.selections, self.offer, self.nodes)


class Results:
    """What the fields of an operation came to, in the order they were asked for; `notes` are the payloads' own."""

    def __init__(self) -> None:
        self.notes: list[Notes] = []
        self.errors: dict[str, tuple[Refused, ...]] = {}
        self._bodies: dict[str, bytes] = {}

    def done(self, key: str, body: bytes) -> None:
        """A field has this value."""
        self._bodies[key] = body

    def failed(self, key: str, offer: Offer, error: Exception) -> None:
        """A field is null, because of this."""
        self._bodies[key], self.errors[key] = b"null", _told(error, key, offer)

    def answer(self) -> Answer:
        """All of it."""
        parts = b",".join(orjson.dumps(key) + b":" + body for key, body in self._bodies.items())
        errors = tuple(each for key in self._bodies for each in self.errors.get(key, ()))
        return Answer(b"{" + parts + b"}", errors, notes=reduce(or_, self.notes, QUIET))


async def keep_seen(writer: Writer, who: Who, shown: Sequence[UUID]) -> None:
    """Record whose contact data left with what was undone afterwards: what was seen stays seen."""
    if shown:
        async with writer.transaction() as connection:
            await record_anew(connection, uuid4(), who, shown)


def _told(error: Exception, key: str, offer: Offer) -> tuple[Refused, ...]:
    """Why a field is null, under its response key."""
    refused = reasons(error)
    for each in refused:
        if each.code is Code.INTERNAL_SERVER_ERROR:
            LOG.error("a command failed", exc_info=error)
        each.path = each.path or (key,)
        each.argument = _named(each.argument, offer)
    return refused


def _named(argument: tuple[str, ...], offer: Offer) -> tuple[str, ...]:
    """An argument's path with the names clients know; commands name the fields of their input as Python does."""
    return ("input", *offer.input.at(argument[1]), *argument[2:]) if len(argument) > 1 else argument


def given_to(root: GraphQLObjectType, node: FieldNode, prepared: Prepared) -> Mapping[str, Any]:
    """The input of a field; Refused BAD_USER_INPUT for a value it cannot have."""
    try:
        given: Mapping[str, Any] = Occurrence(root.fields[node.name.value], node, None).arguments(prepared.variables)
    except GraphQLError as error:
        raise unusable(error) from None
    found: Mapping[str, Any] = given["input"]
    return found


def once(field: Field, actor: Actor) -> Once | None:
    """The key under which it is done once, if it has one; Refused BAD_USER_INPUT for what cannot be a key.

    A dry run has that of what it tries, and is told what that would be; it keeps none.
    """
    own, of_request = field.given.get("idempotencyKey"), field.asked.idempotency_key
    key = own if own is not None else of_request and f"{of_request} {field.key}"
    if key is None or field.offer.command.anonymous:
        return None
    if own is not None and not (1 <= len(own) <= LONGEST_KEY and own.isprintable()):
        raise bad_input(
            f"幂等键须为 1 至 {LONGEST_KEY} 个可见字符。",
            f"An idempotency key has 1 to {LONGEST_KEY} printable characters.",
        )
    said = {name: value for name, value in field.given.items() if name != "idempotencyKey"} | {"dryRun": False}
    told = orjson.dumps([field.offer.name, said], default=str, option=orjson.OPT_SORT_KEYS)
    return Once(actor.account_id, key, hashlib.sha256(told).digest())
