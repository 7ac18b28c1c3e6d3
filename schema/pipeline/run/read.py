"""One read: document -> plan -> statement -> bytes. The table of contents of the pipeline is `Reading._answer`.

Long because the way of a question is told in it, from its text to its bytes.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, OperationType, VariableValues

from policies.actor import Actor, Authenticator, anyone
from schema.catalogue.kinds import Catalogue
from schema.kit.faults import Refusals, reasons, unusable
from schema.pipeline.document.documents import Document, Documents, is_query, shape
from schema.pipeline.document.introspection import Introspections, introspect
from schema.pipeline.document.visible import Visibility, Visible, key_of
from schema.pipeline.plan.call import Call
from schema.pipeline.plan.cursors import invalid
from schema.pipeline.plan.partly import partly
from schema.pipeline.plan.plan import Notes, Plan
from schema.pipeline.plan.planner import plan
from schema.pipeline.plan.selections import Selections
from schema.pipeline.run.asked import Answer, Asked, Prepared, Question, Stated, Told, coerced, few, not_allowed, who
from schema.pipeline.run.kept import Kept
from schema.pipeline.run.programs import Programs, charged, permit
from schema.pipeline.run.shares import Shares
from schema.pipeline.run.turns import Turns
from schema.pipeline.sql.statement import Statement, assemble, guard
from services.access.credentials import cursor_secret
from services.audit.contact_reads import record
from services.errors import Code, Refused, unavailable
from services.programs.budget import Spent
from services.programs.issuing import ROLE
from services.settings import Limits
from services.storage.database import Reader, fetched_anew
from services.storage.tables import GREATEST, GREATEST_SAFE

TRIES = 3
LIGHT = 10_000  # rows of cost up to which a statement may keep a plan; what that can take too long stays in bounds


class Unsent(Exception):
    """What was read is what was sent before: whom it shows was noted, and is undone."""


def digest(body: bytes) -> bytes:
    """What tells one answer from another."""
    return hashlib.sha256(body).digest()


def fetching(connection: Any, cost: int) -> Callable[..., Awaitable[Any]]:
    """How a statement of this cost is run on a connection."""
    keeping: Callable[..., Awaitable[Any]] = connection.fetchrow
    return partial(fetched_anew, connection) if cost > LIGHT else keeping


class Reading:
    """Answers queries over one schema and one database."""

    def __init__(
        self,
        catalogue: Catalogue,
        schema: GraphQLSchema,
        reader: Reader,
        authenticator: Authenticator,
        limits: Limits,
        programs: Programs | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._schema = schema
        self._reader = reader
        self._authenticator = authenticator
        self._limits = limits
        self._programs = programs or Programs(reader)
        self._visibility = Visibility(catalogue, schema)
        self._documents = Documents(catalogue, schema, limits)
        self._introspections = Introspections()
        self._kept = Kept()
        self.shares = Shares(limits)
        self._turns = Turns()
        self._secret: bytes | None = None
        self._tags = frozenset(tag for kind in catalogue.kinds.values() if (tag := kind.entity.tag) is not None)

    @property
    def smallest_cell(self) -> int:
        """How few persons a number is not told of."""
        return self._limits.smallest_cell

    async def admit(self, token: str, grant: UUID | None = None) -> Actor:
        """UNAUTHENTICATED unless the token stood when it was last looked at; nothing is parsed for strangers."""
        return (await self._authenticator.actor(token)).narrowed(grant)

    async def admit_again(self, token: str, grant: UUID | None = None) -> Actor:
        """The same, asking the database."""
        return (await self._authenticator.reload(token)).narrowed(grant)

    async def admit_with(self, asked: Asked, token: str) -> Actor:
        """The caller with what they ask; Refusals for a document that is not valid for them.

        A program is refused by what it may see now, not by what it could when it was last looked at.
        """
        actor = await self.admit(token, asked.grant)
        if actor.program:
            await self._visibility.ready(actor)
            try:
                await self._document(asked, actor)
            except Refusals:
                actor = await self.admit_again(token, asked.grant)
        return actor

    async def answer(self, asked: Asked, token: str) -> Answer:
        """What `answering` gives, for whoever need not keep it."""
        async with self.answering(asked, token) as answer:
            return answer

    @asynccontextmanager
    async def answering(self, asked: Asked, token: str) -> AsyncIterator[Answer]:
        """The JSON of a query's `data`. Refused or Refusals for everything else.

        It counts to its caller's share until it is let go: what nobody takes is held in memory.
        """
        actor = await self.admit_with(asked, token)
        async with self.shares.of(actor.credential_id):
            yield await self._answer(asked, token, actor)

    async def _answer(self, asked: Asked, token: str, actor: Actor) -> Answer:
        """The statement says itself whether the actor it was planned for still stands; when not, it gave nothing, and
        the actor is loaded again.
        """
        spent: Spent | None = None
        for _ in range(TRIES):
            prepared = await self.prepare(asked, actor)
            if self._programs.budget(actor) != (spent and spent.limit):  # once, unless the budget was changed meanwhile
                spent = await self.pay(actor, prepared.cost)
            with charged(spent):
                question = await self.question(asked, prepared)
                told = await self.run(question, actor)
            if told is not None:
                return Answer(told.body, packable=not question.stated.records, notes=told.notes, spent=spent)
            actor = await self.admit_again(token, asked.grant)
        raise unavailable()

    async def resolved(self, asked: Asked, token: str) -> Asked:
        """The same with the text of the stored document it names. FORBIDDEN for one there is not, or is not theirs.

        Refused by what the caller may run now, and not at all for that where they stand no longer: they are told so.
        """
        actor = await self.admit(token, asked.grant)
        with suppress(Refused):
            text = await self._programs.document(asked.query, asked.document, actor)
            if text is not None:
                return replace(asked, query=text, document=None)
        for _ in range(TRIES):
            actor = await self.admit_again(token, asked.grant)
            text = await self._programs.document(asked.query, asked.document, actor)
            if text is not None:
                return replace(asked, query=text, document=None)
        raise unavailable()

    async def pay(self, actor: Actor, cost: int) -> Spent | None:
        """Take an operation's cost from its caller's budget, if they have one: RATE_LIMITED where it is used up."""
        return await self._programs.pay(actor, cost)

    async def cost_of(self, actor: Actor, text: str) -> int:
        """The rows the costliest operation of a document may make, without variables; Refused or Refusals."""
        document = self._documents.known(text) or await self._made(text, None, actor)
        operations, limit = document.operations.values(), self._limits.cost
        return await self._turns.run(
            actor.credential_id, lambda: max(document.check(each, {}, limit) for each in operations)
        )

    async def runs(self, actor: Actor, text: str, entities: Collection[str] | None) -> bool:
        """Whether a program that is bound to these could run a document: whether it is valid over what it sees."""
        program = anyone(ROLE, None if entities is None else frozenset(entities))
        await self._visibility.ready(program)
        try:
            await self._made(text, self._visibility.of(program), actor)
        except (Refused, Refusals) as error:
            if any(each.code.status >= 500 for each in reasons(error)):
                raise
            return False
        return True

    async def prepare(self, asked: Asked, actor: Actor) -> Prepared:
        """Everything up to planning: the document parsed and measured, the operation chosen, its variables coerced."""
        assert asked.document is None, "resolved first"
        permit(asked.query, actor)
        document = await self._document(asked, actor)
        operation = document.operation(asked.operation_name)
        if asked.safe and not is_query(operation):
            raise not_allowed("POST")
        coerce = partial(self._variables, self._own(actor), operation, asked)
        variables = coerce() if few(asked.variables) else await self._turns.run(actor.credential_id, coerce)
        cost = document.checked(operation, variables.coerced)
        if cost is None:
            check = partial(document.check, operation, variables.coerced, self._limits.cost)
            cost = await self._turns.run(actor.credential_id, check)
        selections = Selections(self._schema, document.fragments, variables)
        return Prepared(actor, document, operation, variables, selections, max(cost, 1))

    async def operation_type(self, asked: Asked, actor: Actor) -> OperationType:
        """Whether a query, a mutation or a subscription is asked."""
        return (await self._document(asked, actor)).operation(asked.operation_name).operation

    async def question(self, asked: Asked, prepared: Prepared) -> Question:
        """The statement of what is asked, for whom it was prepared."""
        actor = prepared.actor
        injected: Mapping[str, str] = {}
        if prepared.document.introspects:
            injected = await self._introspected(asked, prepared)
        call = await self.call(actor, prepared.variables, injected)
        stated = await self.stated(
            (asked.query, asked.operation_name),
            call,
            lambda: plan(self._catalogue, prepared.selections, prepared.operation, call),
        )
        return Question(stated, prepared.cost, call.entry, who(prepared, asked, actor))

    async def call(
        self, actor: Actor, variables: VariableValues, injected: Mapping[str, str], result: UUID | None = None
    ) -> Call:
        """What a request brings to its plan."""
        return Call(actor, variables, await self.secret(), self._limits.smallest_cell, injected, result)

    async def run(self, question: Question, actor: Actor, sent: bytes = b"") -> Told | None:
        """The JSON of `data`, with its notes; None where the actor no longer stands as they were, and nothing was read.

        What has the digest `sent` is not sent once more, and so leaves no record.
        """
        if question.stated.records:
            return await self._recorded(question, sent)
        return await self.read(question.stated, partial(self._reader.fetchrow, anew=question.cost > LIGHT))

    async def _recorded(self, question: Question, sent: bytes) -> Told | None:
        """The same for what leaves a record: committed before the answer leaves, or there is none."""
        told: Told | None = None
        with suppress(Unsent):
            async with self._reader.recording() as connection:
                told = await self.read(question.stated, fetching(connection, question.cost))
                if told is not None and digest(told.body) == sent:
                    raise Unsent
                await record(connection, question.entry, question.who)
        return told

    async def stated(self, key: object, call: Call, make: Callable[[], Plan]) -> Stated:
        """The statement of a plan, made or kept, and its parameters in this call; Refused for values that cannot be."""
        try:
            planned, statement = await self._planned(key, call, make)
            values = planned.values(call)
        except GraphQLError as error:
            raise unusable(error) from None
        parameters = statement.parameters(values, guard(call.actor, self._limits.response_bytes))
        notes = planned.notes | Notes(partial=partly(planned.shares, call.actor))
        return Stated(statement, parameters, planned.records, notes)

    async def read(self, stated: Stated, fetchrow: Callable[..., Awaitable[Any]]) -> Told | None:
        """What a statement gives through this: see `_told`. TOO_COSTLY too where a number is beyond its type."""
        try:
            row = await fetchrow(stated.statement.sql, *stated.parameters)
        except (asyncpg.NumericValueOutOfRangeError, asyncpg.CheckViolationError) as error:
            # What only reads violates no other check than that of `safe_int`.
            raise Refused(
                Code.TOO_COSTLY,
                f"结果中有数超出其类型的范围：Int 至 {GREATEST}，SafeInt 至 {GREATEST_SAFE}。请缩小范围，或不取该数。",
                f"A number of the answer is beyond its type: Int holds up to {GREATEST}, SafeInt up to {GREATEST_SAFE}."
                " Ask of a smaller part, or leave it out.",
            ) from error
        return self._told(stated, row)

    def _told(self, stated: Stated, row: Any) -> Told | None:
        """What a statement gave, None where its actor no longer stands.

        BAD_USER_INPUT where a page was to go on from what is no row for them; TOO_COSTLY where it is too much.
        """
        if not row["fresh"]:
            return None
        marks = stated.statement.marks
        if marks and row["lost"] is not None:
            raise invalid(*marks[row["lost"]])
        if row["body"] is None:
            raise Refused(
                Code.TOO_COSTLY,
                f"结果过大：最多 {self._limits.response_bytes} 字节。请减小 first 或减少字段。",
                f"The answer is too large: at most {self._limits.response_bytes} bytes. Lower `first` or select less.",
            )
        undated = tuple(row["undated"]) if stated.statement.dated else ()
        return Told(row["body"], stated.notes | Notes(undated=undated))

    def _own(self, actor: Actor) -> Visible | None:
        """The schema an actor's operations must also be valid against: a program's own."""
        return self._visibility.of(actor) if actor.program else None

    async def _document(self, asked: Asked, actor: Actor) -> Document:
        own = self._own(actor)
        return self._documents.known(asked.query, own) or await self._made(asked.query, own, actor)

    async def _made(self, text: str, own: Visible | None, actor: Actor) -> Document:
        made = await self._turns.run(actor.credential_id, partial(self._documents.make, text, own), len(text))
        return self._documents.keep(made, text, own)

    async def _introspected(self, asked: Asked, prepared: Prepared) -> Mapping[str, str]:
        key = (key_of(prepared.actor), asked.query, asked.operation_name, asked.variables)
        return await self._introspections.told(key, partial(self._introspect, asked, prepared))

    async def _introspect(self, asked: Asked, prepared: Prepared) -> Mapping[str, str]:
        await self._visibility.ready(prepared.actor)
        shown = self._visibility.of(prepared.actor).schema
        make = partial(introspect, shown, prepared.selections, prepared.operation, asked.variables)
        return await self._turns.run(prepared.actor.credential_id, make)

    def _variables(self, own: Visible | None, operation: OperationDefinitionNode, asked: Asked) -> VariableValues:
        if own is not None:
            coerced(own.schema, operation, asked)
        return coerced(self._schema, operation, asked)

    async def _planned(self, asked: object, call: Call, make: Callable[[], Plan]) -> tuple[Plan, Statement]:
        question = asked, shape(call.variables.coerced, self._tags)
        known = self._kept.find(question, call.actor)
        if known is None:  # tens of milliseconds, once
            known = await self._turns.run(call.actor.credential_id, partial(_assembled, make), len(repr(question)))
            self._kept.keep(question, call.actor, known)
        return known

    async def secret(self) -> bytes:
        """The installation's key for cursors."""
        if self._secret is None:
            self._secret = await cursor_secret(self._reader)
        return self._secret


def _assembled(make: Callable[[], Plan]) -> tuple[Plan, Statement]:
    """A plan and its statement; what was assembled of it is let go, a tenth of what both take."""
    made = make()
    return replace(made, outputs=()), assemble(made)
