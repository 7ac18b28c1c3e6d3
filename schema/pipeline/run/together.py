"""Commands of one operation that are done together or not at all: `mutation @atomic`.

They run in order within one transaction, each as it would alone, with an entry of its own in the audit trail; a later
one finds what an earlier one did. The first that fails undoes all, and each of the others says because of whom.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from graphql import OperationDefinitionNode

from policies.actor import Actor, actor_of, unauthenticated
from schema.catalogue.offers import Offer
from schema.kit.commands import ATOMIC
from schema.pipeline.run.fields import Field, Results, Undone, keep_seen
from schema.pipeline.run.programs import permit
from schema.pipeline.run.read import Reading
from services.access.credentials import credential
from services.errors import Code, Refused, Rejected, unavailable
from services.storage.database import Writer
from services.storage.transaction import Transaction

TRIES = 3
Apply = Callable[[Field, Actor, Transaction], Awaitable[bytes | None]]
Meaning = Callable[[Offer, asyncpg.IntegrityConstraintViolationError], Exception]


def is_atomic(operation: OperationDefinitionNode) -> bool:
    """Whether an operation's commands are to be done together."""
    return any(each.name.value == ATOMIC for each in operation.directives or ())


class Stale(Exception):
    """The actor no longer stands as they were when they were loaded."""


@dataclass
class Failure(Exception):
    """A command failed, and all with it."""

    field: Field
    error: Exception


class Together:
    """Runs what is to be done together by the steps of a single command; `meaning` is that of a constraint."""

    def __init__(self, reading: Reading, writer: Writer, apply: Apply, meaning: Meaning) -> None:
        self._reading, self._writer = reading, writer
        self._apply, self._meaning = apply, meaning

    async def answer(self, fields: Sequence[Field], token: str, results: Results) -> None:
        """What every field came to; where the input of one cannot be read, nothing is begun."""
        because = next(iter(results.errors), None)
        alone = next((field for field in fields if field.offer.command.anonymous and len(fields) > 1), None)
        if because is None and alone is not None:
            because = alone.key
            results.failed(alone.key, alone.offer, _done_alone())
        if because is None and fields:
            try:
                bodies = await self._done(fields, token)
            except Failure as failure:
                because = failure.field.key
                _tell(failure, results)
            else:
                for field, body in zip(fields, bodies, strict=True):
                    results.done(field.key, body)
        if because is not None:
            results.notes.clear()
            for field in fields:
                if field.key != because:
                    results.failed(field.key, field.offer, aborted(because))

    async def _done(self, fields: Sequence[Field], token: str) -> list[bytes]:
        """The payloads; Failure for the first command that fails."""
        begun = [*fields[:1]]  # the last of them is under way
        try:
            return await self._tried(fields, token, begun)
        except asyncpg.IntegrityConstraintViolationError as violated:
            raise Failure(begun[-1], self._meaning(begun[-1].offer, violated)) from violated
        except Exception as error:
            raise Failure(begun[-1], error) from error

    async def _tried(self, fields: Sequence[Field], token: str, begun: list[Field]) -> list[bytes]:
        """The payloads; the actor is loaded again when their grants have changed since."""
        grant = fields[0].asked.grant
        actor = await self._reading.admit(token, grant)
        for _ in range(TRIES):
            with suppress(Stale):
                return await self._transaction(fields, actor, begun)
            actor = await self._reading.admit_again(token, grant)
        raise unavailable()

    async def _transaction(self, fields: Sequence[Field], actor: Actor, begun: list[Field]) -> list[bytes]:
        bodies: list[bytes] = []
        shown: list[UUID] = []
        try:
            async with self._writer.transaction() as connection:
                tx = Transaction(connection, shown)
                for field in fields:
                    begun.append(field)
                    _alike(field, fields[0])
                    body, actor = await self._step(field, actor, tx, first=not bodies)
                    bodies.append(body)
                fields[0].undo()
        except Undone:
            await keep_seen(self._writer, fields[0].who(actor), shown)
        return bodies

    async def _step(self, field: Field, actor: Actor, tx: Transaction, *, first: bool) -> tuple[bytes, Actor]:
        """One command's payload, and as whom the next is asked for: one before may have changed the actor's grants."""
        if not first:  # what was checked at the end of the one before is again checked at the end of this one
            await tx.connection.execute("SET CONSTRAINTS ALL DEFERRED")
        permit(field.asked.query, actor)
        body = await self._apply(field, actor, tx)
        if body is None and not first:
            found = await credential(tx.connection, actor.credential_id)
            if found is None:
                raise unauthenticated()
            actor = actor_of(found).narrowed(field.asked.grant)
            permit(field.asked.query, actor)
            body = await self._apply(field, actor, tx)
        if body is None:
            raise Stale
        return body, actor


def aborted(because: str) -> Refused:
    """A command was undone, or not begun, because another one of its operation failed."""
    return Refused(
        Code.ABORTED,
        f"已撤销：同一操作中的 {because} 未能执行。",
        f"Undone together with `{because}`, which could not be done.",
    )


def _alike(field: Field, first: Field) -> None:
    if field.dry_run != first.dry_run:
        raise Refused(
            Code.BAD_USER_INPUT,
            "@atomic 中的各项须一律试运行，或一律不试运行。",
            "Of commands that are `@atomic`, all are dry runs or none is.",
            argument=("input", "dryRun"),
        )


def _done_alone() -> Refused:
    """Whether something anonymous could be done tells what is not to be known without doing it."""
    zh, en = "该操作不能与其他操作一并执行。", "This is not done together with anything else."
    return Refused(Code.BAD_USER_INPUT, zh, en)


def _tell(failure: Failure, results: Results) -> None:
    field = failure.field
    if isinstance(failure.error, Rejected):
        results.done(field.key, field.payload.refused(failure.error, field.language))
    else:
        results.failed(field.key, field.offer, failure.error)
