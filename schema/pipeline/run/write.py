"""One write: authorize -> command -> audit -> the same read path -> commit -> bytes.

Each mutation field is a transaction of its own, in order; one that fails is null and leaves the others, unless the
operation is `@atomic`: see `together`. `_apply` is the table of contents of a transaction.

Long because the steps of one transaction are best read in their order, in one place.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from graphql import (
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    OperationType,
    TypeNode,
    VariableValues,
)
from sqlalchemy import select

from policies.actor import Actor, actor_of, unauthenticated
from schema.catalogue.kinds import Catalogue
from schema.catalogue.offers import Offer, input_names
from schema.kit.actions import EXPLAIN
from schema.kit.commands import Command
from schema.pipeline.plan.call import Call
from schema.pipeline.plan.plan import Plan
from schema.pipeline.plan.planner import payload
from schema.pipeline.run.asked import Answer, Asked, Prepared
from schema.pipeline.run.authorize import Authority, warranted
from schema.pipeline.run.changes import Changes, Sights, Watch
from schema.pipeline.run.fields import Field, Results, Undone, given_to, keep_seen, once
from schema.pipeline.run.payloads import reported, tallied
from schema.pipeline.run.programs import charged, permit
from schema.pipeline.run.read import Reading, fetching
from schema.pipeline.run.together import Together, is_atomic
from services.access.credentials import credential, hold
from services.access.passwords import Passwords
from services.audit.contact_reads import record
from services.audit.tables import Once, begin
from services.errors import Code, ProblemCode, Refused, Rejected, conflict, forbidden, rejected, unavailable
from services.readings import prepare
from services.storage.database import Writer
from services.storage.transaction import Outcome, Record, Transaction

TYPENAME = "__typename"
TRIES = 3
OVER_WEBSOCKET = (
    "订阅须经 WebSocket（graphql-transport-ws）。",
    "Subscriptions are made over WebSocket (graphql-transport-ws).",
)


class Writing:
    """Answers operations: mutations itself, queries through `reading`."""

    def __init__(
        self,
        catalogue: Catalogue,
        reading: Reading,
        writer: Writer,
        passwords: Passwords | None = None,
        *,
        alone: bool = True,
    ) -> None:
        self._catalogue = catalogue
        self._reading = reading
        self._writer = writer
        self._passwords = passwords or Passwords()
        self._alone = alone
        self._sights = Sights(catalogue)
        self._together = Together(reading, writer, self._apply, self._meaning)
        self._inputs = frozenset(name for offer in catalogue.offers.values() for name in input_names(offer.input))

    async def admit(self, token: str) -> Actor:
        """UNAUTHENTICATED unless the token stood when it was last looked at; nothing is parsed for strangers."""
        return await self._reading.admit(token)

    async def answer(self, asked: Asked, token: str, language: str = "zh") -> Answer:
        """What `answering` gives, for whoever need not keep it."""
        async with self.answering(asked, token, language) as answer:
            return answer

    @asynccontextmanager
    async def answering(self, asked: Asked, token: str, language: str) -> AsyncIterator[Answer]:
        """The JSON of `data` with the errors of its fields; Refused or Refusals where there is no data at all.

        It counts to its caller's share until it is let go.
        """
        asked = await self._reading.resolved(asked, token)
        actor = await self._reading.admit_with(asked, token)
        async with AsyncExitStack() as counted:
            match await self._reading.operation_type(asked, actor):
                case OperationType.QUERY:  # kept under no name here: whoever has it may let go of its bytes before
                    yield await counted.enter_async_context(self._reading.answering(asked, token))
                case OperationType.MUTATION:
                    await counted.enter_async_context(self._reading.shares.of(actor.credential_id, writing=True))
                    yield await self._changed(asked, token, actor, language)
                case _:
                    raise Refused(Code.BAD_REQUEST, *OVER_WEBSOCKET)

    async def _changed(self, asked: Asked, token: str, actor: Actor, language: str) -> Answer:
        """The answer of a mutation's fields, one after the other, or all together."""
        await asyncio.to_thread(prepare)  # what new names are read with; at once but for the first time
        prepared = await self._reading.prepare(asked, actor)
        spent = await self._reading.pay(actor, prepared.cost)
        with charged(spent):
            return replace(await self._done(asked, token, prepared, language), spent=spent)

    async def _done(self, asked: Asked, token: str, prepared: Prepared, language: str) -> Answer:
        root = prepared.selections.schema.mutation_type
        assert root is not None
        selected = prepared.selections.of(root, [prepared.operation.selection_set])
        results, fields = Results(), list[Field]()
        for key, nodes in selected.items():
            results.done(key, orjson.dumps(root.name))
            if nodes[0].name.value != TYPENAME:
                offer = self._catalogue.offers[nodes[0].name.value]
                try:
                    given = given_to(root, nodes[0], prepared)
                    fields.append(Field(asked, prepared, key, nodes, offer, given, language, results.notes))
                except Refused as refused:
                    results.failed(key, offer, refused)
        if is_atomic(prepared.operation):
            await self._together.answer(fields, token, results)
            return results.answer()
        for field in fields:
            try:
                results.done(field.key, await self._field(field, token))
            except Exception as error:  # noqa: BLE001 - whatever it is, the other fields go on
                results.failed(field.key, field.offer, error)
        return results.answer()

    # --- one field ---

    async def _field(self, field: Field, token: str) -> bytes:
        """The payload; the actor is loaded again when their grants have changed since."""
        actor = await self._reading.admit(token, field.asked.grant)
        for _ in range(TRIES):
            permit(field.asked.query, actor)
            try:
                body = await self._transaction(field, actor)
            except Rejected as rejected:
                return field.payload.refused(rejected, field.language)
            if body is not None:
                return body
            actor = await self._reading.admit_again(token, field.asked.grant)
        raise unavailable()

    async def _transaction(self, field: Field, actor: Actor) -> bytes | None:
        body: bytes | None = None
        shown: list[UUID] = []
        try:
            async with self._writer.transaction() as connection:
                tx = Transaction(connection, shown)
                body = await self._apply(field, actor, tx)
                field.undo()
        except Undone:
            await keep_seen(self._writer, field.who(actor), shown)
        except asyncpg.IntegrityConstraintViolationError as violated:
            raise self._meaning(field.offer, violated) from violated
        return body

    def _meaning(self, offer: Offer, violated: asyncpg.IntegrityConstraintViolationError) -> Exception:
        """What a violated constraint means to the user; itself where no area says."""
        rule = self._catalogue.rules.get(violated.constraint_name or "")
        if rule is not None:
            named = filter(offer.input.has, (rule.field, *rule.also))
            return rule.refusal(next(named, offer.target[1].python_name))
        if isinstance(violated, asyncpg.ForeignKeyViolationError):
            return conflict(
                "所涉对象刚被他人移除，请重新读取。", "Someone else removed what this refers to; read it again."
            )
        return violated

    async def _apply(self, field: Field, actor: Actor, tx: Transaction) -> bytes | None:
        """Everything a command is, within its transaction; None when the actor no longer stands as they were."""
        if not await hold(tx, actor.credential_id, actor.account_id, actor.revision, actor.until):
            return None
        key = once(field, actor)
        outcome = await key.earlier(tx) if key is not None else None
        if outcome is None:
            outcome, changes = await self._command(field, actor, tx, key)
        else:
            changes = None
            if not await self._still_theirs(field.offer.command, self._authority(actor, tx), outcome.id):
                outcome = replace(outcome, report=())
        return await self._payload(field, actor, tx, outcome, changes)

    async def _command(
        self, field: Field, actor: Actor, tx: Transaction, key: Once | None
    ) -> tuple[Outcome, Changes | None]:
        offer, command = field.offer, field.offer.command
        whole = self._authority(actor, tx)
        tx.unseen = whole.unseen
        authority, target, arguments = await warranted(whole, offer, field.given)
        tx.beyond = authority.unseen  # of the one grant it is done by: what others read is not changed by it
        if field.dry_run and not command.tried:
            zh, en = "不能试运行：结果只公布一次。", "This cannot be tried: what it tells it tells once."
            raise rejected(ProblemCode.INVALID, "dryRun", zh, en)
        watch = await self._watch(field, whole, target, arguments) if field.payload.asks_for_changes else None
        entry = None if command.anonymous else await begin(tx, field.who(actor), offer.name, target)
        try:
            came = await command.run(tx, **{offer.target[1].python_name: target}, **arguments)
        except Rejected as refusal:
            refusal.report = reported(self._catalogue, await whole.readable(refusal.report))
            raise
        outcome = came if isinstance(came, Outcome) else Outcome(came)
        outcome = await self._readable(whole, outcome)
        # What is checked at the end of a transaction is checked now, while it can still be told.
        await tx.connection.execute("SELECT check_constraints()")
        await self._permitted(command, authority, outcome.id)
        if key is not None and entry is not None:
            await key.remember(tx, entry, outcome)
        return outcome, await watch.end(entry) if watch is not None and entry is not None else None

    async def _readable(self, whole: Authority, outcome: Outcome) -> Outcome:
        """What came of a command as clients know it, of rows that are the caller's to read."""
        report = reported(self._catalogue, await whole.readable(outcome.report))
        counted = None if outcome.tally is None else tallied(self._catalogue, await whole.readable(outcome.tally))
        return replace(outcome, report=report, tally=counted)

    async def _watch(self, field: Field, authority: Authority, target: Record, arguments: Mapping[str, Any]) -> Watch:
        """Note who sees what before the command; FORBIDDEN for who may not ask that of its target."""
        if not await authority.permits(authority.target_kind(field.offer, field.given), target["id"], EXPLAIN):
            raise forbidden()
        watch = Watch(self._sights, authority.tx)
        await watch.begin(field.offer, target, arguments)
        return watch

    async def _permitted(self, command: Command, authority: Authority, row: UUID) -> None:
        """FORBIDDEN where the row a command led to is not one the caller may do this to."""
        kind, right = self._catalogue.kinds[command.returns], (command.policy, command.action)
        if not await authority.permits(kind, row, right):
            raise forbidden()

    async def _still_theirs(self, command: Command, authority: Authority, row: UUID) -> bool:
        """Whether what a retry once came to is the caller's to do this to, or nobody's any more.

        Otherwise it is answered as done all the same, with what of the row they may read: nothing, where it is gone or
        another's by now, and of what else changed nothing either.
        """
        kind, right = self._catalogue.kinds[command.returns], (command.policy, command.action)
        if await authority.permits(kind, row, right):
            return True
        rows = kind.entity.table.c
        return await authority.tx.row(select(rows.id).where(rows.id == row)) is None

    def _authority(self, actor: Actor, tx: Transaction) -> Authority:
        cost_of = partial(self._reading.cost_of, actor)
        runs, cell = partial(self._reading.runs, actor), self._reading.smallest_cell
        return Authority(self._catalogue, actor, actor, tx, self._passwords, cost_of, runs, self._alone, cell)

    async def _payload(
        self, field: Field, actor: Actor, tx: Transaction, outcome: Outcome, changes: Changes | None
    ) -> bytes:
        """The payload by the same plan as any read; a second time where the command changed the actor's own seat."""
        for _ in range(2):
            # What a dry run made is nobody's: its secret would open nothing.
            secret = None if field.dry_run else outcome.secret
            injected = field.payload.injected(outcome, secret, changes)
            call = await self._reading.call(actor, self._selecting(field.prepared), injected, outcome.id)
            key = (field.asked.query, field.asked.operation_name, field.key)
            stated = await self._reading.stated(key, call, partial(self._plan, field, call))
            told = await self._reading.read(stated, fetching(tx.connection, field.prepared.cost))
            if told is not None:
                field.notes.append(told.notes)
                if stated.records:
                    tx.shown += await record(tx.connection, call.entry, field.who(actor))
                return told.body
            found = await credential(tx.connection, actor.credential_id)
            if found is None:
                raise unauthenticated()
            actor = actor_of(found).narrowed(field.asked.grant)
        raise unavailable()

    def _selecting(self, prepared: Prepared) -> VariableValues:
        """The variables without commands' inputs: nothing that is selected of a payload depends on those."""
        definitions = prepared.operation.variable_definitions or ()
        left = {each.variable.name.value for each in definitions} - {
            each.variable.name.value for each in definitions if _type_named(each.type) in self._inputs
        }
        sources, coerced = prepared.variables
        return VariableValues(*({name: of[name] for name in of if name in left} for of in (sources, coerced)))

    def _plan(self, field: Field, call: Call) -> Plan:
        return payload(self._catalogue, field.prepared.selections, field.offer, field.nodes, call)


def _type_named(of: TypeNode) -> str:
    while not isinstance(of, NamedTypeNode):
        assert isinstance(of, ListTypeNode | NonNullTypeNode)
        of = of.type
    return of.name.value
