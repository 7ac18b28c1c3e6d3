"""What an activity must be for something to be done about it, and whom it is for."""

from datetime import datetime

from sqlalchemy import func, select

from services.activities.tables import ActivityStatus
from services.errors import ProblemCode, rejected
from services.storage.transaction import Record, Transaction


async def moment(tx: Transaction) -> datetime:
    """The time it is, also where a transaction has waited."""
    found: datetime = await tx.value(select(func.clock_timestamp()))
    return found


def only_published(activity: Record) -> None:
    """Rejected, for the field `activity`, where it is cancelled."""
    if activity["status"] == ActivityStatus.CANCELLED:
        raise rejected(ProblemCode.CLOSED, "activity", "活动已取消。", "The activity is cancelled.")


def still_ahead(activity: Record, now: datetime) -> None:
    """Rejected, for the field `activity`, where it is cancelled or has begun."""
    only_published(activity)
    if now >= activity["begins_at"]:
        raise rejected(ProblemCode.CLOSED, "activity", "活动已开始。", "The activity has begun.")


def meant_for(activity: Record, member: Record) -> None:
    """Rejected, for the field `member`, for whoever has left or serves neither in its unit nor below."""
    if member["left_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "该党员已离开。", "The member has left.")
    if not member["unit_path"].startswith(activity["unit_path"]):
        zh, en = "该党员不在举办单元服务。", "The member does not serve in the unit it is held for."
        raise rejected(ProblemCode.OUT_OF_REACH, "member", zh, en)
