"""Corrections of posts; how terms are corrected, `services.storage.correcting` says."""

from datetime import date
from typing import Unpack
from uuid import UUID

from sqlalchemy import select

from services.appointments.tables import PostKind, succession
from services.errors import ProblemCode, rejected
from services.organization.tables import units
from services.properties.tables import owners_committees
from services.storage import correcting
from services.storage.correcting import Days
from services.storage.transaction import Outcome, Record, Transaction


async def correct(
    tx: Transaction, *, post: Record, reason: str, member: Record | None = None, **days: Unpack[Days]
) -> Outcome:
    """Set right a post's days or who holds it, who must not have left; its id.

    Rejected as any correction, where an instructor's term would have no end, and where a post in an owners' committee
    would begin before that; the database keeps its end within.
    """
    if member is not None and member["left_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "该党员已离开。", "The member has left.")
    if post["kind"] == PostKind.INSTRUCTOR and days.get("until", post["until"]) is None:
        zh, en = "党建指导员须有任期末日。", "An instructor is dispatched until a day."
        raise rejected(ProblemCode.INVALID, "until", zh, en)
    await _within_committee(tx, post, days.get("since"))
    whose = {} if member is None else {"member_id": member["id"]}
    changed = await correcting.correct(tx, "post", succession(post), post, reason, {**whose, **days})
    return Outcome(post["id"], changed)


async def strike_out(tx: Transaction, *, post: Record, reason: str) -> Outcome:
    """Remove a post that never was; the id of the unit it lay in."""
    unit: UUID = await tx.value(select(units.c.id).where(units.c.path == post["unit_path"]))
    return Outcome(unit, await correcting.strike_out(tx, "post", succession(post), post, reason))


async def _within_committee(tx: Transaction, post: Record, since: date | None) -> None:
    if post["committee_id"] is None or since is None:
        return
    # Shared, so that its term stays as it is meanwhile.
    first = select(owners_committees.c.since).where(owners_committees.c.id == post["committee_id"])
    begins: date = await tx.value(first.with_for_update(read=True))
    if since < begins:
        zh, en = f"该业委会任期自 {begins} 开始。", f"The committee's term begins on {begins}."
        raise rejected(ProblemCode.INVALID, "since", zh, en)
