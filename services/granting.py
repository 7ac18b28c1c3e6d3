"""Granting and revoking: roles at seats, for a time, each resting on the grant of whoever granted it.

Who may is not decided here: a command is told on which `Footing` it stands (see policies/delegation.py).

A revocation waits for every command its holder has at work: those hold the holder's account (`credentials.hold`), and
the trigger that counts its revision writes to it. What rests on a revoked grant is looked for after that, so nothing
that was granted meanwhile is missed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, update

from services.access import SEAT_COLUMNS, AccountKind, accounts, grants, in_force, seat_name
from services.errors import ProblemCode, rejected
from services.names import proper
from services.properties import name_in
from services.terms import CHINA, reasonable
from services.transaction import Outcome, Record, Transaction
from services.validation import LINE

LISTED = 500  # dependents told one by one
Reach = Callable[[Any], ColumnElement[bool]]
"""Which grants, by their columns, whoever revokes may revoke."""


@dataclass(frozen=True, slots=True)
class Footing:
    """A grant in force that others may rest on, and when it ends, if it does."""

    id: UUID
    until: datetime | None

    def lasts(self, until: datetime | None) -> bool:
        """Whether it ends no earlier."""
        return self.until is None or (until is not None and until <= self.until)


@dataclass(frozen=True, slots=True)
class Ending:
    """By whom a grant ends, and which of those that rest on it they may revoke.

    Those that stay rest on `footing` from then on if it lasts as long, else on what the ended one rested on.
    `never_vacant`: not without another who holds the same there or above.
    """

    by: UUID
    reach: Reach
    footing: Footing | None
    never_vacant: bool = False


# --- granting ---------------------------------------------------------------------------------------------------------


async def footings(tx: Transaction, account: UUID) -> dict[UUID, Footing]:
    """The grants in force of a person's account; none of a program's, which passes nothing on."""
    held, who = grants.c, accounts.c
    found = select(held.id, held.until).join(accounts, who.id == held.account_id)
    rows = await tx.rows(found.where(who.id == account, who.kind == AccountKind.PERSON, in_force(held)))
    return {row["id"]: Footing(row["id"], row["until"]) for row in rows}


async def grant(
    tx: Transaction,
    *,
    seat: Record,
    seat_table: str,
    account: Record,
    role: str,
    reason: str,
    granted_by: UUID,
    under: UUID,
    since: date | None = None,
    until: date | None = None,
) -> UUID:
    """Give an account a role at a seat, from a day on (at once, where none is given) until a last day; its id.

    Rejected for oneself, a program's or a closed account, days in the wrong order or past, and TAKEN where the account
    holds the role there at that time already.
    """
    _check_grantee(account, granted_by)
    begins, ends = await _term(tx, since, until)
    column, key = SEAT_COLUMNS[seat_table]
    row = {"account_id": account["id"], "role": str(role), column: seat[key]}
    await _check_single(tx, row, begins, ends)
    more = {"since": begins} if begins is not None else {}
    return await tx.insert(
        grants, **row, **more, until=ends, reason=_said(reason), granted_by=granted_by, under_id=under
    )


def _check_grantee(account: Record, granted_by: UUID) -> None:
    if account["id"] == granted_by:
        raise rejected(ProblemCode.INVALID, "account", "不能给自己授权。", "Nobody grants to themselves.")
    if account["kind"] != AccountKind.PERSON:
        zh, en = "程序账号凭令牌授权，不在此授予。", "A program's account is granted its role with its token, not here."
        raise rejected(ProblemCode.INVALID, "account", zh, en)
    if account["closed_at"] is not None:
        raise rejected(ProblemCode.CLOSED, "account", "账号已停用。", "The account is closed.")


async def _term(tx: Transaction, since: date | None, until: date | None) -> tuple[datetime | None, datetime | None]:
    today = await tx.today()
    if since is not None and reasonable("since", since) < today:
        raise rejected(ProblemCode.INVALID, "since", "不能早于今天。", "It must not begin before today.")
    if until is not None and until < (since or today):
        raise rejected(ProblemCode.INVALID, "until", "不能早于生效之日。", "It must not end before it begins.")
    return None if since in (None, today) else _midnight(since), last_moment(until)


def last_moment(until: date | None) -> datetime | None:
    """When a grant ends that holds until a last day, that day included; days are those of Asia/Shanghai."""
    return None if until is None else _midnight(until + timedelta(days=1))


def _midnight(day: date | None) -> datetime:
    assert day is not None
    return datetime.combine(day, time(), CHINA)


async def _check_single(
    tx: Transaction, row: Mapping[str, Any], begins: datetime | None, ends: datetime | None
) -> None:
    """The account is locked by whoever grants, so nobody adds the same beside."""
    held, begun = grants.c, func.now() if begins is None else literal(begins, grants.c.since.type)
    same = (held[name] == value for name, value in row.items())
    meets = and_(or_(held.until.is_(None), held.until > begun), literal(True) if ends is None else held.since < ends)
    if await tx.value(select(held.id).where(*same, held.revoked_at.is_(None), meets).limit(1)):
        zh, en = "该账号在此席位已有此角色。", "The account holds this role at this seat already."
        raise rejected(ProblemCode.TAKEN, "role", zh, en)


def _said(reason: str) -> str:
    return proper("reason", reason, LINE)


# --- revoking ---------------------------------------------------------------------------------------------------------


async def revoke(tx: Transaction, *, grant: Record, reason: str, ending: Ending, cascade: bool = False) -> Outcome:
    """End a grant now; reports what rests on it, at any depth, each revoked as well where `cascade` says so.

    Rejected CLOSED where it is over already, and where it is the last of what must never be vacant.
    """
    said = _said(reason)
    if grant["revoked_at"] is not None or await tx.value(
        select(grants.c.until <= func.now()).where(grants.c.id == grant["id"])
    ):
        raise rejected(ProblemCode.CLOSED, "grant", "该授权已经失效。", "The grant is over already.")
    if ending.never_vacant:
        await _check_not_last(tx, grant)
    return Outcome(grant["id"], await end(tx, grant, ending, said, cascade=cascade))


async def end(tx: Transaction, grant: Record, ending: Ending, reason: str, *, cascade: bool) -> list[Record]:
    """Revoke one grant; what rested on it, nearest first, at most `LISTED`."""
    await _mark(tx, [grant["id"]], ending.by, reason)
    told: list[Record] = []
    above, met = [grant["id"]], {grant["id"]}
    while above:
        # Each is met once: two who revoke at the same moment could let grants rest on one another in a circle.
        found = [row for row in await tx.rows(_resting(above, ending.reach)) if row["id"] not in met]
        ids = [row["id"] for row in found]
        met.update(ids)
        if ids and cascade:
            await _mark(tx, ids, ending.by, reason)
        elif ids and above == [grant["id"]]:
            await _rest(tx, ids, grant, ending.footing)
        told += [_told(row, revoked=cascade) for row in found]
        above = ids
    return told[:LISTED]


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
    below = grants.alias()
    told = (below.c.id, below.c.role, below.c.until, seat_name(below.c).label("seat_name"))
    who = name_in(accounts, below.c.account_id).label("account_name")
    found = select(*told, who).where(below.c.under_id.in_(above), below.c.revoked_at.is_(None), reach(below.c))
    return found.where(or_(below.c.until.is_(None), below.c.until > func.now())).order_by(below.c.since, below.c.id)


def _told(row: Record, *, revoked: bool) -> Record:
    """A line of the report, as it can be kept for a request that is sent again."""
    until = row["until"] and row["until"].isoformat()
    return {**row, "kind": grants.name, "until": until, "revoked": revoked}


async def _mark(tx: Transaction, ids: Sequence[UUID], by: UUID, reason: str) -> None:
    held = grants.c
    marked = update(grants).where(held.id.in_(ids), held.revoked_at.is_(None))
    values = {"revoked_at": func.now(), "revoked_by": by, "revoked_for": reason}
    await tx.rows(marked.values(**values, version=held.version + 1))


async def _rest(tx: Transaction, ids: Sequence[UUID], ended: Record, footing: Footing | None) -> None:
    held = grants.c
    under: Any = literal(ended["under_id"], held.id.type)
    if footing is not None:
        lasts = literal(True) if footing.until is None else held.until <= footing.until
        under = case((lasts, literal(footing.id, held.id.type)), else_=under)
    await tx.rows(update(grants).where(held.id.in_(ids)).values(under_id=under, version=held.version + 1))
