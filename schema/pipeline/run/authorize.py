"""The rows a command names: each found and locked through the scope of the right it needs, or not at all.

The scope's predicate is the same as in reading statements. A row that is not there and one that is not the caller's to
see give the same refusal after the same statements.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from graphql import VariableValues
from sqlalchemy import ARRAY, ColumnElement, Table, any_, literal, select, true

from policies.actor import Actor, Held
from policies.decide import permissions
from schema.catalogue.kinds import Catalogue, Kind
from schema.catalogue.offers import Offer
from schema.kit.actions import Right
from schema.kit.commands import MANY, Command, Named, Version
from schema.kit.expressions import Row
from schema.kit.faults import Refusals
from schema.kit.ids import local_id, tag_of
from schema.pipeline.plan.binding import Binder
from schema.pipeline.plan.call import Call
from schema.pipeline.run.arguments import CHANGED, Arguments, Ids, Path, too_many
from schema.pipeline.run.payloads import kind_of
from schema.pipeline.sql.rows import RowSource
from services.access.passwords import Passwords
from services.errors import Code, Problem, Refused, Rejected, conflict, read_only
from services.settings import SMALLEST_CELL
from services.storage.tables import aliased
from services.storage.transaction import Record, Transaction
from services.storage.validation import UNKNOWN


@dataclass(frozen=True)
class Authority:
    """What one caller may do, asked within one transaction: as `actor`, who is told of what `sight` may read."""

    catalogue: Catalogue
    actor: Actor
    sight: Actor
    tx: Transaction
    passwords: Passwords
    cost_of: Callable[[str], Awaitable[int]]  # of a document, which must be valid
    runs: Callable[[str, Collection[str] | None], Awaitable[bool]]  # whether a program bound to these could run one
    alone: bool = True  # whether a token stands at once that was issued by who may approve it
    smallest_cell: int = SMALLEST_CELL

    def acting(self, command: Command) -> "list[Authority]":
        """The caller by each one of their grants that gives a command's right, the longest-lasting first.

        Rights of several grants do not add up within a command: whoever administers here and reads there puts nothing
        from there into what they administer. Without such a grant there is what everyone may as themselves.
        """
        right = (command.policy, command.action)
        return [self.holding(held) for held in self.actor.held if right in permissions(held.role)] or [self.holding()]

    async def target(self, offer: Offer, given: Mapping[str, Any]) -> tuple[Record, list[Refused]]:
        """The row a command is about, locked, UNKNOWN where it is not the caller's, and what refuses the command.

        NOT_FOUND or FORBIDDEN for the row; CONFLICT when it has another version than the caller saw.
        """
        name = offer.target[0]
        kind = self.target_kind(offer, given)
        right = (offer.command.policy, offer.command.action)
        try:
            ((row,),) = await self.rows(kind, [Ids([given[name]], ("input", name))], right, target=True)
        except Refusals as missing:
            return UNKNOWN, list(missing.refused)
        versions = (name for name, field in offer.input.fields.items() if isinstance(field.word, Version))
        return row, [conflict(*CHANGED, name) for name in versions if given.get(name) not in (None, row["version"])]

    def target_kind(self, offer: Offer, given: Mapping[str, Any]) -> Kind:
        """The kind of the row a command is about, which may be one of several."""
        name, field = offer.target
        assert isinstance(field.word, Named)
        return self.kind(field.word, given[name])

    def table(self, offer: Offer, given: Mapping[str, Any]) -> dict[str, str]:
        """Which table the target is of, for a command whose target may be of several."""
        word, named = offer.target[1].word, offer.target[1].python_name
        assert isinstance(word, Named)
        return {f"{named}_table": self.target_kind(offer, given).entity.table.name} if word.others else {}

    def tables(self, policy: str) -> dict[str, Table]:
        """The tables of the entities of this policy, by the entity's name."""
        kinds = self.catalogue.kinds.values()
        return {kind.name: kind.entity.table for kind in kinds if kind.entity.policy == policy}

    def holding(self, *held: Held) -> "Authority":
        """Within the same transaction, someone with the caller's account who holds just this."""
        return replace(self, actor=replace(self.actor, held=held, _scopes={}, _narrowed={}))

    async def hashed(self, password: str) -> str:
        """What is stored of a password; Refused UNAVAILABLE where too many wait to be hashed."""
        return await self.passwords.hashed(password)

    async def permits(self, kind: Kind, row: UUID, right: Right) -> bool:
        """Whether a row, as it is now, is one the caller may do this to."""
        table = aliased(kind.entity.table)
        found = select(table.c.id).where(table.c.id == row, self.within(kind.name, right, table.c))
        return await self.tx.row(found) is not None

    async def readable(self, report: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """A report without the rows that are there and not the caller's to read; its totals count those as well."""
        hidden: set[object] = set()
        for table in {row.get("kind") for row in report if row.get("id") is not None}:
            told = [row["id"] for row in report if row.get("kind") == table and row.get("id") is not None]
            hidden.update(await self.unseen(str(table), told))
        return [row for row in report if row.get("id") is None or row["id"] not in hidden]

    async def unseen(self, name: str, ids: Sequence[UUID]) -> Collection[UUID]:
        """Of these rows of a table those that are there and not the caller's to read."""
        kind = kind_of(self.catalogue, name)
        if kind is None or not ids:
            return ids
        table = aliased(kind.entity.table)
        seen = self.reads(kind.name, table.c)
        told = table.c.id == any_(literal(ids, ARRAY(table.c.id.type)))  # more than a statement has parameters
        unseen = select(table.c.id).where(told, seen.is_not(true()))  # nor where nothing is known
        return [row["id"] for row in await self.tx.rows(unseen)]

    async def rows(self, kind: Kind, named: Sequence[Ids], right: Right, *, target: bool) -> list[list[Record]]:
        """The rows of these ids in their order, each once locked; NOT_FOUND or FORBIDDEN wherever one is missing."""
        for each in named:
            if len(each.ids) > MANY:
                raise too_many(MANY, each.at)
        wanted = [[local_id(text, kind.entity.tag or "") for text in each.ids] for each in named]
        known = list(dict.fromkeys(row for ids in wanted for row in ids if row is not None))
        found = await self._locked(kind, known, right, target=target)
        amiss = [
            (ids, each.at) for ids, each in zip(wanted, named, strict=True) if not all(row in found for row in ids)
        ]
        if amiss:
            missing = [row for row in known if row not in found]
            seeing = replace(self, actor=self.sight)
            visible = {*found, *await seeing._locked(kind, missing, (kind.entity.policy, "read"), target=False)}
            raise Refusals(
                [read_only(at, named=not target) if visible.issuperset(ids) else _not_found(at) for ids, at in amiss]
            )
        return [[found[row] for row in ids if row is not None] for ids in wanted]

    async def _locked(self, kind: Kind, ids: Sequence[UUID], right: Right, *, target: bool) -> dict[UUID, Record]:
        table = aliased(kind.entity.table)
        # Whatever refers to a target may still come and go; what the command only names must stay as it is.
        lock = {"key_share": True} if target else {"read": True}
        rows = select(table).where(table.c.id.in_(ids), self.within(kind.name, right, table.c)).order_by(table.c.id)
        return {row["id"]: row for row in await self.tx.rows(rows.with_for_update(of=table, **lock))}

    def kind(self, word: Named, id: object) -> Kind:
        """The kind of a row that may be of several, by its id; of what is no such id, the first."""
        kinds = [self.catalogue.kinds[entity] for entity in word.entities]
        return next((kind for kind in kinds[1:] if kind.entity.tag == tag_of(id)), kinds[0])

    def within(self, entity: str, right: Right, row: Row) -> ColumnElement[bool]:
        """Whether a row of an entity is one the caller may do this to, as a predicate over its columns."""
        call = Call(self.actor, VariableValues({}, {}), b"")
        binder = Binder(self.catalogue, call)
        terms = binder.scope(self.catalogue.kinds[entity], *right)
        rows = RowSource(lambda slot: literal(binder.slots[slot].read(call), binder.slots[slot].type))
        return rows.in_scope(terms or (), row)

    def reads(self, entity: str, row: Row) -> ColumnElement[bool]:
        """Whether it is one the caller may read, likewise."""
        return self.within(entity, (self.catalogue.kinds[entity].entity.policy, "read"), row)


async def warranted(
    whole: Authority, offer: Offer, given: Mapping[str, Any]
) -> tuple[Authority, Record, dict[str, Any]]:
    """By which of the caller's grants a command is done, its target and its arguments.

    Raises what refuses the one that comes furthest, where every one is refused.
    """
    refusals: list[Refusals | Rejected | Refused] = []
    for authority in whole.acting(offer.command):
        try:
            target, amiss = await authority.target(offer, given)
            tried = partial(_tried, authority, offer, given, target)
            made = await Arguments(authority, amiss).of(offer.input, given, tried)
            arguments = await _whole(authority, offer, given, target, made)
        except (Refusals, Refused, Rejected) as refused:
            refusals.append(refused)
        else:
            return authority, target, arguments
    raise max(refusals, key=partial(_progress, offer))


async def _whole(
    authority: Authority, offer: Offer, given: Mapping[str, Any], target: Record, made: Mapping[str, Any]
) -> dict[str, Any]:
    """All that a command is called with beside its target. Raises what `may` refuses."""
    arguments = {**made, **authority.table(offer, given)}
    if offer.command.may is not None:
        arguments |= await offer.command.may(authority, target, arguments)
    return arguments


async def _tried(
    authority: Authority, offer: Offer, given: Mapping[str, Any], target: Record, made: Mapping[str, Any]
) -> Sequence[Problem]:
    """What a command that is refused would itself have found amiss; whatever it does is undone.

    It knows nothing of rows that are not the caller's, and need not come far.
    """
    if not target:
        return ()
    savepoint = authority.tx.connection.transaction()
    await savepoint.start()
    try:
        arguments = await _whole(authority, offer, given, target, made)
        await offer.command.run(authority.tx, **{offer.target[1].python_name: target}, **arguments)
    except Rejected as refusal:
        return refusal.problems
    except Exception:  # noqa: BLE001 - over rows it does not know, or values it was not given
        return ()
    finally:
        await savepoint.rollback()
    return ()


def _progress(offer: Offer, refusal: Refusals | Refused | Rejected) -> tuple[bool, bool, bool]:
    """How far a command came: to its target, to seeing what it names, to being allowed it."""
    if isinstance(refusal, Refusals):
        return min(_progress(offer, each) for each in refusal.refused)
    if isinstance(refusal, Rejected):
        return True, True, True
    at_target = refusal.argument == ("input", offer.target[0])
    return not at_target, refusal.code is not Code.NOT_FOUND, refusal.code not in (Code.NOT_FOUND, Code.FORBIDDEN)


def _not_found(at: Path = ()) -> Refused:
    return Refused(
        Code.NOT_FOUND, "没有这个对象，或您不可见。", "There is no such object, or you may not see it.", argument=at
    )
