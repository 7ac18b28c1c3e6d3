"""Activities are published, changed and cancelled. What has begun stays as it was.

Whatever changes who has a place holds the activity's row, see `signing`.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import select

from services.activities.checking import moment, only_published, still_ahead
from services.activities.signing import move_up
from services.activities.tables import (
    ActivityForm,
    ActivityKind,
    ActivityStatus,
    activities,
    day_of,
)
from services.calendar.working import home_day
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage.closing import only_open
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


# --- publishing -------------------------------------------------------------------------------------------------------


async def publish(tx: Transaction, *, unit: Record, kind: ActivityKind, **said: Unpack[Said]) -> UUID:
    """Publish an activity of a unit that is not over; its id. A home day is the next one, unless said otherwise.

    Rejected for a home day that was published for that day already.
    """
    now = await moment(tx)
    if kind is ActivityKind.HOME_DAY and not {"begins_at", "ends_at"} & {*said}:
        said["begins_at"], said["ends_at"] = next_home_day(now)
    made = _columns(said)
    for field in ("begins_at", "ends_at"):
        if field not in made:
            raise rejected(ProblemCode.INCOMPLETE, field, "请填写时间。", "Say when.")
    made = {"sign_up_closes_at": made["begins_at"]} | made
    _fits(made, now)
    if kind is ActivityKind.HOME_DAY:
        await _not_twice(tx, unit, made)
    return await tx.insert(activities, unit_path=unit["path"], kind=kind, **made)


async def _not_twice(tx: Transaction, unit: Record, made: Mapping[str, Any]) -> None:
    """Rejected where the unit, locked, has a home day of this title on the day already, which is not cancelled."""
    it = activities.c
    named = (it.unit_path == unit["path"], it.kind == ActivityKind.HOME_DAY, it.title == made["title"])
    same = (it.status == ActivityStatus.PUBLISHED, day_of(it.begins_at) == made["begins_at"].astimezone(CHINA).date())
    if await tx.row(select(it.id).where(*named, *same).limit(1)) is not None:
        zh, en = "当日的同名回家日已发布。", "A home day of this title was published for that day already."
        raise rejected(ProblemCode.TAKEN, "title", zh, en)


async def change(tx: Transaction, *, activity: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given of an activity that has not begun, and will not have; its id. New places go to who waits."""
    now = await moment(tx)
    still_ahead(activity, now)
    made = _columns(changes)
    if "begins_at" in made and "sign_up_closes_at" not in made:  # whatever it was, it stays as long before
        made["sign_up_closes_at"] = made["begins_at"] - (activity["begins_at"] - activity["sign_up_closes_at"])
    if {**activity, **made}["begins_at"] <= now:
        zh, en = "开始时间已过。", "It would have begun already."
        raise rejected(ProblemCode.INVALID, "begins_at", zh, en)
    _fits({**activity, **made}, now)
    await tx.update(activities, activity["id"], **made)
    await move_up(tx, {**activity, **made})
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
