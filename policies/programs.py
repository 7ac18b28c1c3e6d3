"""What people may give to programs: no more than they hold there themselves, and for no longer."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from sqlalchemy import select

from policies.actor import LEVELS, Actor, make_token
from policies.decide import COUNT, READ, permissions
from policies.scope import Within, covers
from services.access.tables import grants
from services.errors import ProblemCode, rejected
from services.programs.issuing import ROLE, Minted, Warrant
from services.storage.transaction import Record, Transaction

# Of what it may read, what is only reached through other rows: nothing in the schema begins with it.
INSIDE = frozenset({"compound_position", "walk", "taken_time"})
BLIND = (
    "只能统计或附属于其他对象，请一并给予如 unit。",
    "This is only counted, or part of others: give `unit` or the like beside it.",
)
Holders = frozenset[UUID]  # grants that hold a right
ENDLESS = datetime.max.replace(tzinfo=UTC)


@cache
def askable() -> Mapping[str, str]:
    """What a program may read or, of what it may not, count."""
    counted = {entity: COUNT for entity, action in permissions(ROLE) if action == COUNT}
    return counted | {entity: READ for entity, action in permissions(ROLE) if action == READ}


async def warrant(
    actor: Actor, tx: Transaction, path: str, action: str, entities: Collection[str] | None, field: str = "entities"
) -> Warrant:
    """What `actor` may give a program at the unit at `path`, who may do `action` to programs there.

    Rejected, for `field`, for entities that are not for programs, or that the actor may not read all over that unit.
    """
    wanted = frozenset(askable() if entities is None else entities)
    unknown = wanted - askable().keys()
    if unknown:
        known = ", ".join(sorted(askable()))
        zh, en = f"可选：{known}。", f"These can be given: {known}."
        raise rejected(ProblemCode.INVALID, field, zh, en)
    rights = [("program", action), *((entity, askable()[entity]) for entity in sorted(wanted))]
    holders = [_holders(actor, right, path) for right in rights]
    if not all(holders):
        zh, en = "只能授予您自己在此持有的权限。", "You can only give what you hold here yourself."
        raise rejected(ProblemCode.OUT_OF_REACH, field, zh, en)
    ends = await _ends(tx, frozenset().union(*holders))
    latest = min((max(ends[grant] for grant in each) for each in holders), default=ENDLESS)
    whole = frozenset.intersection(*holders) or holders[0]
    under = max(sorted(whole), key=lambda grant: ends[grant])
    approves = bool(_holders(actor, ("program", "approve"), path))
    return Warrant(actor.account_id, under, None if latest == ENDLESS else latest, approves)


def reads(entities: Collection[str]) -> bool:
    """Whether a program that is bound to these could ask for anything: what it may only count is counted of units."""
    return any(askable()[entity] == READ and entity not in INSIDE for entity in entities)


def check_reads(entities: Collection[str]) -> None:
    """Rejected for entities by which a program could ask for nothing; that there must be some is said elsewhere."""
    if entities and not reads(entities):
        raise rejected(ProblemCode.INCOMPLETE, "entities", *BLIND)


def check_seat(unit: Record) -> None:
    """Rejected unless a program may be seated at the unit."""
    if unit["level"] not in LEVELS[ROLE]:
        zh, en = "不能在此层级签发令牌。", "No program can be seated at a unit of this level."
        raise rejected(ProblemCode.INVALID, "unit", zh, en)


def mint() -> Minted:
    """A new token, of nobody yet."""
    id_, text, digest = make_token()
    return Minted(id_, digest, text)


def _holders(actor: Actor, right: tuple[str, str], path: str) -> Holders:
    """The grants by which the actor holds a right in all of the unit at `path`."""
    place = Within(path)
    return frozenset(held.grant for held in actor.held if right in permissions(held.role) and covers(held.term, place))


async def _ends(tx: Transaction, held: Holders) -> dict[UUID, datetime]:
    rows = await tx.rows(select(grants.c.id, grants.c.until).where(grants.c.id.in_(sorted(held))))
    return {row["id"]: row["until"] or ENDLESS for row in rows}
