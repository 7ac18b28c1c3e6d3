"""Activities are published, changed and cancelled; members sign up and move up from the waiting list.

Whatever changes who has a place holds the activity's row, taken before any sign-up, so that nothing is counted twice
and nobody waits for one another in a circle. What has begun stays as it was.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import func, literal, select, update

from services.activities.tables import (
    ActivityForm,
    ActivityKind,
    ActivityStatus,
    SignUpStatus,
    activities,
    sign_ups,
)
from services.calendar.working import home_day
from services.errors import ProblemCode, rejected
from services.members.tables import members
from services.names import proper
from services.organization.paths import at_or_beneath
from services.storage.closing import only_open
from services.storage.tables import BYTEWISE
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid
from services.terms import CHINA, reasonable

TITLE = 100  # characters
BEGINS, ENDS = time(9), time(11)  # of a home day nobody says another time of
MOMENTS = ("begins_at", "ends_at", "sign_up_closes_at")
DAY = timedelta(days=1)


class Said(TypedDict, total=False):
    """What is said of an activity."""

    title: str | None
    form: ActivityForm | None
    begins_at: datetime | None
    ends_at: datetime | None
    venue: str | None
    capacity: int | None
    sign_up_closes_at: datetime | None
    team: Record | None


async def moment(tx: Transaction) -> datetime:
    """The time it is, also where a transaction has waited."""
    found: datetime = await tx.value(select(func.clock_timestamp()))
    return found


# --- publishing -------------------------------------------------------------------------------------------------------


async def publish(tx: Transaction, *, unit: Record, kind: ActivityKind, **said: Unpack[Said]) -> UUID:
    """Publish an activity of a unit that is not over; its id. A home day is the next one, unless said otherwise."""
    now = await moment(tx)
    if kind is ActivityKind.HOME_DAY and not {"begins_at", "ends_at"} & {*said}:
        said["begins_at"], said["ends_at"] = next_home_day(now)
    made = _columns(said)
    for field in ("begins_at", "ends_at"):
        if field not in made:
            raise rejected(ProblemCode.INCOMPLETE, field, "请填写时间。", "Say when.")
    made = {"sign_up_closes_at": made["begins_at"]} | made
    _fits(made, now)
    return await tx.insert(activities, unit_path=unit["path"], kind=kind, **made)


async def change(tx: Transaction, *, activity: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given of an activity that has not begun; its id. New places go to whoever waits."""
    now = await moment(tx)
    _still_ahead(activity, now)
    made = _columns(changes)
    if "begins_at" in made and "sign_up_closes_at" not in made:  # whatever it was, it stays as long before
        made["sign_up_closes_at"] = made["begins_at"] - (activity["begins_at"] - activity["sign_up_closes_at"])
    _fits({**activity, **made}, now)
    await tx.update(activities, activity["id"], **made)
    await _move_up(tx, {**activity, **made})
    changed: UUID = activity["id"]
    return changed


async def cancel(tx: Transaction, *, activity: Record, reason: str) -> UUID:
    """Cancel an activity that is not over, for good; its id. Sign-ups stay as they were."""
    only_published(activity)
    if await moment(tx) >= activity["ends_at"]:
        raise rejected(ProblemCode.CLOSED, "activity", "活动已结束。", "The activity is over.")
    said = proper("reason", reason)
    return await tx.update(activities, activity["id"], status=ActivityStatus.CANCELLED, cancel_reason=said)


def next_home_day(now: datetime) -> tuple[datetime, datetime]:
    """When the first home day begins and ends that is not over."""
    today = now.astimezone(CHINA).date()
    this, then = home_day(today.year, today.month), today.replace(day=28) + 4 * DAY
    days = (this, home_day(then.year, then.month))
    times = [(datetime.combine(day, BEGINS, CHINA), datetime.combine(day, ENDS, CHINA)) for day in days]
    return next(each for each in times if each[1] > now)


def _columns(said: Said) -> dict[str, Any]:
    """What is said as columns; Rejected with all that is amiss."""
    amiss, made, given = Amiss(), dict[str, Any](), dict[str, Any](said)
    team = given.pop("team", None)
    moments = {field: given.pop(field) for field in MOMENTS if field in given}
    with amiss.within():
        made |= valid(activities, given)
    with amiss.within():
        if "title" in given:
            made["title"] = proper("title", given["title"], TITLE)
    for field, value in moments.items():
        with amiss.within():
            made[field] = _moment(field, value)
    with amiss.within():
        only_open(team=team)
    amiss.check()
    return made | ({"team_id": team and team["id"]} if "team" in said else {})


def _moment(field: str, value: datetime | None) -> datetime:
    if value is None:
        raise rejected(ProblemCode.INVALID, field, "不能为空。", "This must not be empty.")
    there = value.replace(tzinfo=CHINA) if value.tzinfo is None else value
    reasonable(field, there.date())
    return there


def _fits(made: Mapping[str, Any], now: datetime) -> None:
    """Rejected, with all of it, where its times or its venue cannot be."""
    amiss = Amiss()
    if made["ends_at"] <= made["begins_at"]:
        amiss.tell(ProblemCode.INVALID, "ends_at", "须在开始之后结束。", "It must end after it begins.")
    elif made["ends_at"] <= now:
        amiss.tell(ProblemCode.INVALID, "ends_at", "活动时间已过。", "This is over already.")
    if made["sign_up_closes_at"] > made["begins_at"]:
        zh, en = "报名须在开始之前截止。", "Signing up must close before it begins."
        amiss.tell(ProblemCode.INVALID, "sign_up_closes_at", zh, en)
    if made.get("venue") is None and made["form"] != ActivityForm.STREAMED:
        amiss.tell(ProblemCode.INCOMPLETE, "venue", "线下活动须填写地点。", "Say where it is.")
    amiss.check()


def only_published(activity: Record) -> None:
    """Rejected, for the field `activity`, where it is cancelled."""
    if activity["status"] == ActivityStatus.CANCELLED:
        raise rejected(ProblemCode.CLOSED, "activity", "活动已取消。", "The activity is cancelled.")


def _still_ahead(activity: Record, now: datetime) -> None:
    only_published(activity)
    if now >= activity["begins_at"]:
        raise rejected(ProblemCode.CLOSED, "activity", "活动已开始。", "The activity has begun.")


# --- signing up -------------------------------------------------------------------------------------------------------


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
    """Cancel a member's sign-up before the activity begins, for the next who waits; the sign-up's id."""
    _still_ahead(activity, await moment(tx))
    found = await _of(tx, activity, member)
    if found is None or found["status"] == SignUpStatus.CANCELLED:
        raise rejected(ProblemCode.CLOSED, "activity", "没有有效的报名。", "There is no sign-up to cancel.")
    await tx.update(sign_ups, found["id"], status=SignUpStatus.CANCELLED)
    await _move_up(tx, activity)
    given_up: UUID = found["id"]
    return given_up


def meant_for(activity: Record, member: Record) -> None:
    """Rejected, for the field `member`, for whoever has left or serves neither in its unit nor below."""
    if member["left_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "该党员已离开。", "The member has left.")
    if not member["unit_path"].startswith(activity["unit_path"]):
        zh, en = "该党员不在举办单元服务。", "The member does not serve in the unit it is held for."
        raise rejected(ProblemCode.OUT_OF_REACH, "member", zh, en)


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


async def _move_up(tx: Transaction, activity: Record) -> None:
    """The free places go to those who have waited longest, have not left, and still serve where it is for."""
    waiting = (sign_ups.c.activity_id == activity["id"], sign_ups.c.status == SignUpStatus.WAITING)
    line = select(sign_ups.c.id).join(members, members.c.id == sign_ups.c.member_id)
    meant = (members.c.left_on.is_(None), at_or_beneath(members.c.unit_path, literal(activity["unit_path"], BYTEWISE)))
    next_ones = line.where(*waiting, *meant).order_by(sign_ups.c.at, sign_ups.c.id)
    found = await tx.rows(next_ones.limit(await _room(tx, activity)))
    moved = update(sign_ups).where(sign_ups.c.id.in_([row["id"] for row in found]))
    if found:
        await tx.rows(moved.values(status=SignUpStatus.SIGNED_UP, version=sign_ups.c.version + 1))
