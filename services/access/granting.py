"""Granting: roles at seats, for a time, each resting on the grant of whoever granted it; `revoking` ends them.

Who may is not decided here: a command is told on which `Footing` it stands (see policies/delegation.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, select

from services.access.seat_kinds import BY_TABLE
from services.access.tables import AccountKind, accounts, grants, in_force
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage.transaction import Record, Transaction
from services.storage.validation import LINE
from services.terms import CHINA, reasonable


@dataclass(frozen=True, slots=True)
class Footing:
    """A grant in force that others may rest on, and when it ends, if it does."""

    id: UUID
    until: datetime | None

    def lasts(self, until: datetime | None) -> bool:
        """Whether it ends no earlier."""
        return self.until is None or (until is not None and until <= self.until)


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

    Rejected for oneself, a program's or a closed account, one whose password somebody else knows, days in the wrong
    order or past, and TAKEN where the account holds the role there at that time already.
    """
    _check_grantee(account, granted_by)
    begins, ends = await _term(tx, since, until)
    kind = BY_TABLE[seat_table]
    row = {"account_id": account["id"], "role": str(role), kind.column: seat[kind.key]}
    await _check_single(tx, row, begins, ends)
    more = {"since": begins} if begins is not None else {}
    return await tx.insert(
        grants, **row, **more, until=ends, reason=proper("reason", reason, LINE), granted_by=granted_by, under_id=under
    )


def _check_grantee(account: Record, granted_by: UUID) -> None:
    if account["id"] == granted_by:
        raise rejected(ProblemCode.INVALID, "account", "不能给自己授权。", "Nobody grants to themselves.")
    if account["kind"] != AccountKind.PERSON:
        zh, en = "程序账号凭令牌授权，不在此授予。", "A program's account is granted its role with its token, not here."
        raise rejected(ProblemCode.INVALID, "account", zh, en)
    if account["closed_at"] is not None:
        raise rejected(ProblemCode.CLOSED, "account", "账号已停用。", "The account is closed.")
    if account["password_temporary"]:  # somebody else knows it, and would hold what is granted
        zh = "该账号仍使用他人设定的临时密码：请本人先修改密码，或先授权、后重置密码。"
        en = "Somebody else made up its password: its owner must change it first, or reset it once this is granted."
        raise rejected(ProblemCode.INVALID, "account", zh, en)


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
