"""Members check in by a code that is shown on the spot, or are checked in by the organizer; once each."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete

from services.activities.checking import meant_for, moment, only_published
from services.activities.codes import LASTS, Code, key_of, opened, sealed
from services.activities.signing import only_with_room
from services.activities.tables import CheckIn, attendances
from services.errors import ProblemCode, rejected
from services.storage.transaction import Outcome, Record, Transaction

EARLY = timedelta(hours=1)  # before it begins


async def issue_code(tx: Transaction, *, activity: Record) -> Outcome:
    """A code for checking in, good for some minutes and to the activity's end at longest; kept nowhere."""
    now = await moment(tx)
    _while_open(activity, now)
    until = min(now + LASTS, activity["ends_at"])
    return Outcome(activity["id"], secret=sealed(await key_of(tx), Code(activity["id"], until)))


async def check_in(tx: Transaction, *, member: Record, activity: Record, code: str) -> UUID:
    """Check a member in by a code; the attendance's id. What is amiss with the code is told before all else.

    Rejected for who waits for a place while there is none.
    """
    now = await moment(tx)
    _stands(opened(await key_of(tx), code), activity, now)
    await only_with_room(tx, activity, member)
    return await _come(tx, activity, member, CheckIn.CODE, now)


async def check_in_member(tx: Transaction, *, activity: Record, member: Record) -> UUID:
    """Check in someone who is there, as the organizer; the attendance's id."""
    return await _come(tx, activity, member, CheckIn.ORGANIZER, await moment(tx))


async def strike_out(tx: Transaction, *, attendance: Record) -> UUID:
    """Remove one that was recorded wrongly; the activity's id. No reason is kept, which would tell whom it was of."""
    await tx.rows(delete(attendances).where(attendances.c.id == attendance["id"]))
    activity: UUID = attendance["activity_id"]
    return activity


async def _come(tx: Transaction, activity: Record, member: Record, by: CheckIn, now: datetime) -> UUID:
    """The constraint `activity_attendance_activity_id_member_id_key` says who is there already."""
    _while_open(activity, now)
    meant_for(activity, member)
    place = {"activity_id": activity["id"], "unit_path": activity["unit_path"], "member_id": member["id"]}
    return await tx.insert(attendances, **place, by=by, at=now)


def _while_open(activity: Record, now: datetime) -> None:
    only_published(activity)
    if now < activity["begins_at"] - EARLY:
        zh, en = "签到在活动开始前一小时开放。", "Checking in opens an hour before it begins."
        raise rejected(ProblemCode.INVALID, "activity", zh, en)
    if now >= activity["ends_at"]:
        raise rejected(ProblemCode.CLOSED, "activity", "活动已结束。", "The activity is over.")


def _stands(said: Code | None, activity: Record, now: datetime) -> None:
    if said is None:
        raise rejected(ProblemCode.INVALID, "code", "这不是签到码。", "This is no check-in code.")
    if said.activity != activity["id"]:
        zh, en = "这是另一项活动的签到码。", "This is the code of another activity."
        raise rejected(ProblemCode.OUT_OF_REACH, "code", zh, en)
    if now >= said.until:
        zh, en = "签到码已过期，请扫新的。", "The code has expired; take the one that is shown now."
        raise rejected(ProblemCode.CLOSED, "code", zh, en)
