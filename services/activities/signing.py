"""Members sign up, give their place up, and move up from the waiting list.

Whatever changes who has a place holds the activity's row, taken before any sign-up, so that nothing is counted twice
and nobody waits for one another in a circle. Whoever goes to serve elsewhere leaves their place to the next.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, any_, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE

from services.activities.checking import meant_for, moment, only_published, still_ahead
from services.activities.tables import ActivityStatus, SignUpStatus, activities, attendances, sign_ups
from services.errors import ProblemCode, rejected
from services.members.moving import Move, leaving
from services.members.tables import members
from services.organization.paths import at_or_beneath
from services.storage.tables import BYTEWISE
from services.storage.transaction import Record, Transaction


async def sign_up(tx: Transaction, *, member: Record, activity: Record) -> UUID:
    """Sign a member up, or let them wait where every place is taken; the sign-up's id.

    Rejected once it is closed or cancelled, and for whom it is not meant for.
    """
    now = await moment(tx)
    only_published(activity)
    if now >= activity["sign_up_closes_at"]:
        raise rejected(ProblemCode.CLOSED, "activity", "报名已截止。", "Signing up is closed.")
    meant_for(activity, member)
    earlier = await _of(tx, activity, member)
    if earlier is not None and earlier["status"] != SignUpStatus.CANCELLED:
        raise rejected(ProblemCode.TAKEN, "activity", "已经报名。", "They signed up already.")
    status = SignUpStatus.WAITING if await _room(tx, activity) == 0 else SignUpStatus.SIGNED_UP
    if earlier is not None:
        return await tx.update(sign_ups, earlier["id"], status=status, at=now)
    place = {"activity_id": activity["id"], "unit_path": activity["unit_path"], "member_id": member["id"]}
    return await tx.insert(sign_ups, **place, status=status, at=now)


async def give_up(tx: Transaction, *, member: Record, activity: Record) -> UUID:
    """Cancel a member's sign-up before the activity begins, for the next who waits; the sign-up's id.

    Rejected for who is there by then.
    """
    still_ahead(activity, await moment(tx))
    found = await _of(tx, activity, member)
    if found is None or found["status"] == SignUpStatus.CANCELLED:
        raise rejected(ProblemCode.CLOSED, "activity", "没有有效的报名。", "There is no sign-up to cancel.")
    there = (attendances.c.activity_id == activity["id"], attendances.c.member_id == member["id"])
    if await tx.row(select(attendances.c.id).where(*there)) is not None:
        raise rejected(ProblemCode.CLOSED, "activity", "已签到，不能取消报名。", "They have checked in already.")
    await tx.update(sign_ups, found["id"], status=SignUpStatus.CANCELLED)
    await move_up(tx, activity)
    given_up: UUID = found["id"]
    return given_up


async def only_with_room(tx: Transaction, activity: Record, member: Record) -> None:
    """Rejected for who waits for a place while every one is taken."""
    found = await _of(tx, activity, member)
    if found is not None and found["status"] == SignUpStatus.WAITING and await _room(tx, activity) == 0:
        zh, en = (
            "仍在候补，名额已满，请由组织者登记签到。",
            "They wait, and every place is taken: the organizer may check them in.",
        )
        raise rejected(ProblemCode.CLOSED, "activity", zh, en)


@leaving
async def give_up_elsewhere(tx: Transaction, moves: Mapping[UUID, Move]) -> None:
    """Cancel the sign-ups of members for what is to come and no longer meant for them, for the next who wait."""
    held = sign_ups.c.status != SignUpStatus.CANCELLED
    ahead = (activities.c.status == ActivityStatus.PUBLISHED, activities.c.begins_at > await moment(tx))
    named = select(sign_ups.c.activity_id).where(_one_of(moves), held)
    to_come = select(activities).where(activities.c.id.in_(named), *ahead).order_by(activities.c.id)
    for activity in await tx.rows(to_come.with_for_update()):
        gone = [member for member, move in moves.items() if not move.path.startswith(activity["unit_path"])]
        theirs = update(sign_ups).where(sign_ups.c.activity_id == activity["id"], _one_of(gone), held)
        await tx.rows(theirs.values(status=SignUpStatus.CANCELLED, version=sign_ups.c.version + 1))
        await move_up(tx, activity)


def _one_of(ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Whether a sign-up is one of these members'."""
    return sign_ups.c.member_id == any_(literal(list(ids), ARRAY(UUID_TYPE())))


async def _of(tx: Transaction, activity: Record, member: Record) -> Record | None:
    mine = (sign_ups.c.activity_id == activity["id"], sign_ups.c.member_id == member["id"])
    return await tx.row(select(sign_ups).where(*mine))


async def _room(tx: Transaction, activity: Record) -> int | None:
    """How many places are free; None where there is no bound."""
    if activity["capacity"] is None:
        return None
    signed = (sign_ups.c.activity_id == activity["id"], sign_ups.c.status == SignUpStatus.SIGNED_UP)
    taken: int = await tx.value(select(func.count()).select_from(sign_ups).where(*signed))
    places: int = activity["capacity"]
    return max(places - taken, 0)


async def move_up(tx: Transaction, activity: Record) -> None:
    """The free places go to those who have waited longest, have not left, and still serve where it is for."""
    waiting = (sign_ups.c.activity_id == activity["id"], sign_ups.c.status == SignUpStatus.WAITING)
    line = select(sign_ups.c.id).join(members, members.c.id == sign_ups.c.member_id)
    meant = (members.c.left_on.is_(None), at_or_beneath(members.c.unit_path, literal(activity["unit_path"], BYTEWISE)))
    next_ones = line.where(*waiting, *meant).order_by(sign_ups.c.at, sign_ups.c.id)
    found = await tx.rows(next_ones.limit(await _room(tx, activity)))
    moved = update(sign_ups).where(sign_ups.c.id.in_([row["id"] for row in found]))
    if found:
        await tx.rows(moved.values(status=SignUpStatus.SIGNED_UP, version=sign_ups.c.version + 1))
