"""Revoking: grants end, and what was granted in turn is revoked too or taken over by name, never in silence.

Who may is not decided here: a command is told how its grants end (see schema/access/delegating.py).

A revocation waits for every command its holder has at work: those hold the holder's account (`credentials.hold`), and
the trigger that counts its revision writes to it. What rests on a revoked grant is looked for after that, so nothing
that was granted meanwhile is missed, or passed over in silence.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal, or_, select, update

from services.access.granting import Footing
from services.access.tables import AccountKind, accounts, grants, in_force, seat_name
from services.errors import Problem, ProblemCode, Rejected, Text, rejected
from services.names import proper
from services.properties.tables import name_in
from services.storage.tables import aliased
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import LINE
from services.terms import moment

LISTED = 500  # dependents told one by one
NAMED = 3  # of those that are to be decided, in the words that ask for it
Reach = Callable[[Any], ColumnElement[bool]]
"""Which grants, by their columns, whoever revokes may revoke."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Which grants end and by whom, and which of those that rest on them they may revoke.

    `footings` has for each grant that ends what those taken over rest on from then on if it lasts as long; else, or
    where it is None, they rest on what the ended one rested on. `never_vacant`: not without another who holds the same
    there or above.
    """

    by: UUID
    reach: Reach
    footings: Mapping[UUID, Footing | None]
    never_vacant: bool = False


async def revoke(
    tx: Transaction,
    *,
    grant: Record,
    reason: str,
    ending: Ending,
    keep: Sequence[Record] | None = None,
    cascade: bool | None = None,
) -> Outcome:
    """End a grant now; see `end` for what rests on it.

    Rejected CLOSED where it is over already, and where it is the last of what must never be vacant.
    """
    said = proper("reason", reason, LINE)
    if grant["revoked_at"] is not None or await tx.value(
        select(grants.c.until <= func.now()).where(grants.c.id == grant["id"])
    ):
        raise rejected(ProblemCode.CLOSED, "grant", "该授权已经失效。", "The grant is over already.")
    if ending.never_vacant:
        await _check_not_last(tx, grant)
    return Outcome(grant["id"], await end(tx, ending, said, keep, cascade))


async def end(
    tx: Transaction, ending: Ending, reason: str, keep: Sequence[Record] | None, cascade: bool | None
) -> list[Record]:
    """Revoke grants; what rests on them, at any depth and nearest first, at most `LISTED`, each told with its fate.

    `keep`, of those that rest on them directly, is taken over with all that rests on it; with `cascade` the others are
    revoked. Rejected, with the same list, INCOMPLETE where one that rests on them directly would be neither, and
    INVALID where `keep` names another.
    """
    kept = {row["id"] for row in keep or ()}
    await _mark(tx, list(ending.footings), ending.by, reason)
    told: list[Record] = []
    above, met, spared = list(ending.footings), set(ending.footings), set(kept)
    while above:
        # Each is met once: two who revoke at the same moment could let grants rest on one another in a circle.
        found = [row for row in await tx.rows(_resting(above, ending.reach)) if row["id"] not in met]
        above = [row["id"] for row in found]
        met.update(above)
        spared.update(row["id"] for row in found if row["under_id"] in spared)
        gone = [row for row in above if cascade and row not in spared]
        await _mark(tx, gone, ending.by, reason)
        told += [_told(row, direct=row["under_id"] in ending.footings, revoked=row["id"] in gone) for row in found]
    direct = [row for row in told if row["direct"]]
    _check_decided(direct, kept, told[:LISTED])
    for grant, footing in ending.footings.items():
        await _take_over(tx, kept, grant, footing, met)
    return told[:LISTED]


def _check_decided(direct: Iterable[Record], kept: AbstractSet[UUID], told: Sequence[Record]) -> None:
    left = {row["id"]: row for row in direct if not row["revoked"]}
    if not kept <= left.keys():
        zh = "所列授权中有的并不直接依赖于所撤销的授权。"
        en = "Not all of these rest directly on what is revoked."
        raise Rejected([Problem(ProblemCode.INVALID, "keep", Text(zh, en))], told)
    undecided = [row for row in left.values() if row["id"] not in kept]
    if undecided:
        raise Rejected([Problem(ProblemCode.INCOMPLETE, "keep", _undecided(undecided))], told)


def _undecided(rows: Sequence[Record]) -> Text:
    named = [(row["account_name"], row["role"], row["seat_name"]) for row in rows[:NAMED]]
    zh = "、".join(f"{account}（{role}，{seat}）" for account, role, seat in named)
    en = ", ".join(f"{account} ({role}, {seat})" for account, role, seat in named)
    more = len(rows) > len(named)
    return Text(
        f"有 {len(rows)} 项授权直接依赖于此，请以 keepIds 逐一接管，或以 cascade 一并撤销：{zh}{' 等' * more}。",
        f"Resting directly on this: {len(rows)}. Take each over by keepIds, or revoke them with cascade: "
        f"{en}{', ...' * more}.",
    )


async def _check_not_last(tx: Transaction, grant: Record) -> None:
    """Rejected CLOSED unless somebody else holds the role there or above, now and for as long.

    Those who do are locked: of two who leave at once, the second finds nobody.
    """
    held, who = grants.c, accounts.c
    lasting = (
        held.until.is_(None) if grant["until"] is None else or_(held.until.is_(None), held.until >= grant["until"])
    )
    others = (
        select(held.id)
        .join(accounts, who.id == held.account_id)
        .where(
            held.role == grant["role"],
            func.starts_with(literal(grant["unit_path"], held.unit_path.type), held.unit_path),
        )
        .where(in_force(held), lasting, who.closed_at.is_(None), who.kind == AccountKind.PERSON)
        .order_by(held.id)
        .with_for_update(of=grants)
    )
    if all(row["id"] == grant["id"] for row in await tx.rows(others)):
        zh, en = (
            "这是此处最后一位管理员，请先授权接任者。",
            "This is the last administrator here: grant a successor first.",
        )
        raise rejected(ProblemCode.CLOSED, "grant", zh, en)


async def lineage(tx: Transaction, grant: UUID) -> set[UUID]:
    """A grant, and all it rests on, directly or not."""
    found = select(grants.c.id, grants.c.under_id).where(grants.c.id == grant).cte("lineage", recursive=True)
    above = select(grants.c.id, grants.c.under_id).join(found, grants.c.id == found.c.under_id)
    return {row["id"] for row in await tx.rows(select(found.union(above).c.id))}


def _resting(above: Sequence[UUID], reach: Reach) -> Any:
    below = aliased(grants)
    told = (below.c.id, below.c.under_id, below.c.role, below.c.until, seat_name(below.c).label("seat_name"))
    who = name_in(accounts, below.c.account_id).label("account_name")
    found = select(*told, who).where(below.c.under_id.in_(above), below.c.revoked_at.is_(None), reach(below.c))
    return found.where(or_(below.c.until.is_(None), below.c.until > func.now())).order_by(below.c.since, below.c.id)


def _told(row: Record, *, direct: bool, revoked: bool) -> Record:
    """A line of the report, as it can be kept for a request that is sent again."""
    line = {name: value for name, value in row.items() if name != "under_id"}
    until = row["until"] and moment(row["until"])
    return {**line, "kind": grants.name, "until": until, "direct": direct, "revoked": revoked}


async def _mark(tx: Transaction, ids: Sequence[UUID], by: UUID, reason: str) -> None:
    if not ids:
        return
    held = grants.c
    marked = update(grants).where(held.id.in_(ids), held.revoked_at.is_(None))
    values = {"revoked_at": func.now(), "revoked_by": by, "revoked_for": reason}
    await tx.rows(marked.values(**values, version=held.version + 1))


async def _take_over(
    tx: Transaction, kept: AbstractSet[UUID], ended: UUID, footing: Footing | None, below: AbstractSet[UUID]
) -> None:
    """Let those kept that rested on an ended grant rest on the footing, or on what stands above it."""
    if not kept:
        return
    held = grants.c
    under: Any = literal(await _standing_above(tx, ended, below), held.id.type)
    if footing is not None:
        lasts = literal(True) if footing.until is None else held.until <= footing.until
        under = case((lasts, literal(footing.id, held.id.type)), else_=under)
    theirs = update(grants).where(held.id.in_(kept), held.under_id == ended)
    await tx.rows(theirs.values(under_id=under, version=held.version + 1))


async def _standing_above(tx: Transaction, grant: UUID, below: AbstractSet[UUID]) -> UUID | None:
    """The nearest of what a grant rests on, directly or not, that is not over nor rests on it in turn, if any."""
    met: set[UUID] = set()
    under: UUID | None = await tx.value(select(grants.c.under_id).where(grants.c.id == grant))
    while under is not None and under not in met:
        met.add(under)
        above = await tx.row(select(grants.c.under_id, in_force(grants.c).label("stands")).where(grants.c.id == under))
        assert above is not None
        if above["stands"] and under not in below:
            return under
        under = above["under_id"]
    return None
