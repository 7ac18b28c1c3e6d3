"""One read: document -> plan -> statement -> bytes. The table of contents of the pipeline is `Reading.answer`."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, VariableValues
from graphql.execution import get_variable_values

from policies.actor import Actor, Authenticator
from schema.pipeline.catalogue import Catalogue
from schema.pipeline.documents import Documents, is_query, shape
from schema.pipeline.faults import Refusals, unusable
from schema.pipeline.introspection import introspect
from schema.pipeline.plan import Call, Plan
from schema.pipeline.planner import plan
from schema.pipeline.selections import Selections
from schema.pipeline.sql.statement import Statement, assemble, guard
from schema.pipeline.visible import visible
from services.access import cursor_secret
from services.database import Reader
from services.errors import Code, Refused, unavailable
from services.settings import Limits

KEPT = 500
TRIES = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks, as it came: the document's text, which operation of it, with which variables.

    `safe` requests may only read: those that came by GET.
    """

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]
    safe: bool = False


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
        self._shares: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._secret: bytes | None = None
        self._tags = frozenset(kind.entity.tag for kind in catalogue.kinds.values())

    async def admit(self, token: str) -> None:
        """UNAUTHENTICATED unless the token stood when it was last looked at; nothing is parsed for strangers."""
        await self._authenticator.actor(token)

    async def answer(self, asked: Asked, token: str) -> bytes:
        """The JSON of `data`. Refused or Refusals for everything else.

        The statement says itself whether the actor it was planned for still stands; when not, it gave nothing, and
        the actor is loaded again.
        """
        actor = await self._authenticator.actor(token)
        for _ in range(TRIES):
            body = await self._once(asked, actor)
            if body is not None:
                return body
            actor = await self._authenticator.reload(token)
        raise unavailable()

    async def _once(self, asked: Asked, actor: Actor) -> bytes | None:
        schema = visible(self._schema, actor)
        document = self._documents.get(asked.query)
        operation = document.operation(asked.operation_name)
        if asked.safe and not is_query(operation):
            raise not_allowed("POST")
        variables = self._variables(schema, operation, asked)
        document.check(operation, variables.coerced, self._limits.cost)
        selections = Selections(schema, document.fragments, variables)
        introspected: Mapping[str, str] = {}
        if document.introspects:
            introspected = await asyncio.to_thread(introspect, selections, operation, asked.variables)
        call = Call(actor, variables, self._secret or await self._load_secret(), introspected)
        try:
            planned, statement = await self._planned(asked, operation, selections, call)
            values = planned.values(call)
        except GraphQLError as error:
            raise unusable(error) from None
        parameters = statement.parameters(values, guard(actor, self._limits.response_bytes))
        async with self._share(actor.token_id):
            return self._body(await self._reader.fetchrow(statement.sql, *parameters))

    def _share(self, token_id: str) -> asyncio.Semaphore:
        """What bounds one credential's statements; it lives as long as any of them."""
        share = self._shares.get(token_id)
        if share is None:
            share = self._shares[token_id] = asyncio.Semaphore(self._limits.share)
        return share

    def _body(self, row: Any) -> bytes | None:
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

    async def _planned(
        self, asked: Asked, operation: OperationDefinitionNode, selections: Selections, call: Call
    ) -> tuple[Plan, Statement]:
        key = (asked.query, asked.operation_name, shape(call.variables.coerced, self._tags), call.actor.shape)
        known = self._plans.get(key)
        if known is not None:
            self._plans.move_to_end(key)
            return known
        # Tens of milliseconds, once: in a thread, so that others are answered meanwhile.
        planned = self._plans[key] = await asyncio.to_thread(self._make, selections, operation, call)
        while len(self._plans) > KEPT:
            self._plans.popitem(last=False)
        return planned

    def _make(self, selections: Selections, operation: OperationDefinitionNode, call: Call) -> tuple[Plan, Statement]:
        made = plan(self._catalogue, selections, operation, call)
        return made, assemble(made)

    async def _load_secret(self) -> bytes:
        self._secret = await cursor_secret(self._reader)
        return self._secret


def not_allowed(allowed: str) -> Refused:
    """405: the method cannot carry this operation; `allowed` are those that can."""
    text = (f"此处只接受 {allowed}。", f"Only {allowed} here.")
    return Refused(Code.BAD_REQUEST, *text, status=405, headers=(("Allow", allowed),))
