"""One read: document -> plan -> statement -> bytes. The table of contents of the pipeline is `Reading.answer`."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, VariableValues
from graphql.execution import get_variable_values

from policies.actor import Actor, Authenticator
from schema.pipeline.call import Call
from schema.pipeline.catalogue import Catalogue
from schema.pipeline.documents import Document, Documents, is_query, shape
from schema.pipeline.faults import Refusals, unusable
from schema.pipeline.introspection import introspect
from schema.pipeline.plan import Plan
from schema.pipeline.planner import plan
from schema.pipeline.selections import Selections
from schema.pipeline.sql.statement import Statement, assemble, guard
from schema.pipeline.visible import visible
from services.credentials import cursor_secret
from services.database import Reader
from services.errors import Code, Refused, unavailable
from services.settings import Limits

KEPT = 500
TRIES = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks, as it came: the document's text, which operation of it, with which variables.

    `safe` requests may only read: those that came by GET. `request_id` is what the audit trail calls the request,
    `idempotency_key` the one its mutations have unless their input brings another. `grant` is the only one of the
    caller's grants that counts; all do where there is none.
    """

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]
    safe: bool = False
    request_id: str = ""
    idempotency_key: str | None = None
    grant: UUID | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An operation about to be run for one caller."""

    actor: Actor
    document: Document
    operation: OperationDefinitionNode
    variables: VariableValues
    selections: Selections


@dataclass(frozen=True, slots=True)
class Answer:
    """The JSON of `data`, and what is wrong with those of its fields that are null because of it."""

    body: bytes
    errors: tuple[Refused, ...] = ()


class Reading:
    """Answers queries over one schema and one database."""

    def __init__(
        self, catalogue: Catalogue, schema: GraphQLSchema, reader: Reader, authenticator: Authenticator, limits: Limits
    ) -> None:
        self._catalogue = catalogue
        self._schema = schema
        self._reader = reader
        self._authenticator = authenticator
        self._limits = limits
        self._documents = Documents(catalogue, schema, limits)
        self._plans: OrderedDict[object, tuple[Plan, Statement]] = OrderedDict()
        self._shares: WeakValueDictionary[tuple[str, bool], asyncio.Semaphore] = WeakValueDictionary()
        self._secret: bytes | None = None
        self._tags = frozenset(tag for kind in catalogue.kinds.values() if (tag := kind.entity.tag) is not None)

    async def admit(self, token: str, grant: UUID | None = None) -> Actor:
        """UNAUTHENTICATED unless the token stood when it was last looked at; nothing is parsed for strangers."""
        return (await self._authenticator.actor(token)).narrowed(grant)

    async def admit_again(self, token: str, grant: UUID | None = None) -> Actor:
        """The same, asking the database."""
        return (await self._authenticator.reload(token)).narrowed(grant)

    async def answer(self, asked: Asked, token: str) -> bytes:
        """The JSON of a query's `data`. Refused or Refusals for everything else.

        The statement says itself whether the actor it was planned for still stands; when not, it gave nothing, and
        the actor is loaded again.
        """
        actor = await self.admit(token, asked.grant)
        for _ in range(TRIES):
            body = await self._once(asked, actor)
            if body is not None:
                return body
            actor = await self.admit_again(token, asked.grant)
        raise unavailable()

    def prepare(self, asked: Asked, actor: Actor) -> Prepared:
        """Everything up to planning: the document parsed and measured, the operation chosen, its variables coerced."""
        schema = visible(self._schema, actor)
        document = self._documents.get(asked.query)
        operation = document.operation(asked.operation_name)
        if asked.safe and not is_query(operation):
            raise not_allowed("POST")
        variables = self._variables(schema, operation, asked)
        document.check(operation, variables.coerced, self._limits.cost)
        return Prepared(actor, document, operation, variables, Selections(schema, document.fragments, variables))

    def only_reads(self, asked: Asked) -> bool:
        """Whether the operation is a query."""
        return is_query(self._documents.get(asked.query).operation(asked.operation_name))

    async def _once(self, asked: Asked, actor: Actor) -> bytes | None:
        prepared = self.prepare(asked, actor)
        injected: Mapping[str, str] = {}
        if prepared.document.introspects:
            injected = await asyncio.to_thread(introspect, prepared.selections, prepared.operation, asked.variables)
        call = Call(actor, prepared.variables, await self.secret(), injected)
        statement, parameters = await self.stated(
            (asked.query, asked.operation_name),
            call,
            lambda: plan(self._catalogue, prepared.selections, prepared.operation, call),
        )
        async with self.share(actor.credential_id):
            return self.body(await self._reader.fetchrow(statement, *parameters))

    async def stated(self, key: object, call: Call, make: Callable[[], Plan]) -> tuple[str, list[object]]:
        """The statement of a plan, made or kept, and its parameters in this call; Refused for values that cannot be."""
        try:
            planned, statement = await self._planned((key, *self._shape(call)), make)
            values = planned.values(call)
        except GraphQLError as error:
            raise unusable(error) from None
        return statement.sql, statement.parameters(values, guard(call.actor, self._limits.response_bytes))

    def share(self, credential_id: str, *, writing: bool = False) -> asyncio.Semaphore:
        """What bounds one credential's statements, or commands; it lives as long as any of them."""
        key = (credential_id, writing)
        share = self._shares.get(key)
        if share is None:
            share = self._shares[key] = asyncio.Semaphore(1 if writing else self._limits.share)
        return share

    def body(self, row: Any) -> bytes | None:
        """What a statement gave, None where its actor no longer stands; TOO_COSTLY where it is too much."""
        if not row["fresh"]:
            return None
        if row["body"] is None:
            raise Refused(
                Code.TOO_COSTLY,
                f"结果过大：最多 {self._limits.response_bytes} 字节。请减小 first 或减少字段。",
                f"The answer is too large: at most {self._limits.response_bytes} bytes. Lower `first` or select less.",
            )
        body: bytes = row["body"]
        return body

    def _variables(self, schema: GraphQLSchema, operation: OperationDefinitionNode, asked: Asked) -> VariableValues:
        coerced = get_variable_values(
            schema, operation.variable_definitions or (), dict(asked.variables), max_errors=10, hide_suggestions=True
        )
        if isinstance(coerced, list):
            raise Refusals([unusable(error) for error in coerced])
        return coerced

    def _shape(self, call: Call) -> tuple[object, object]:
        return shape(call.variables.coerced, self._tags), call.actor.shape

    async def _planned(self, key: object, make: Callable[[], Plan]) -> tuple[Plan, Statement]:
        known = self._plans.get(key)
        if known is not None:
            self._plans.move_to_end(key)
            return known
        # Tens of milliseconds, once: in a thread, so that others are answered meanwhile.
        planned = self._plans[key] = await asyncio.to_thread(_assembled, make)
        while len(self._plans) > KEPT:
            self._plans.popitem(last=False)
        return planned

    async def secret(self) -> bytes:
        """The installation's key for cursors."""
        if self._secret is None:
            self._secret = await cursor_secret(self._reader)
        return self._secret


def _assembled(make: Callable[[], Plan]) -> tuple[Plan, Statement]:
    made = make()
    return made, assemble(made)


def not_allowed(allowed: str) -> Refused:
    """405: the method cannot carry this operation; `allowed` are those that can."""
    text = (f"此处只接受 {allowed}。", f"Only {allowed} here.")
    return Refused(Code.BAD_REQUEST, *text, status=405, headers=(("Allow", allowed),))
