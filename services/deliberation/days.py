"""Deliberation days are scheduled a year at a time, moved, recorded and put right.

Each is counted by the calendar of its unit when it is scheduled and stays as it was counted: a year that is loaded or
changed later moves no day that was told.
"""

from calendar import monthrange
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from services.calendar.commands import calendar_at, not_announced
from services.calendar.working import NotAnnouncedError
from services.deliberation.counting import proposed
from services.deliberation.day_tables import days
from services.errors import ProblemCode, rejected
from services.names import proper
from services.organization.tables import units
from services.storage import correcting
from services.storage.transaction import Record, Transaction
from services.storage.validation import valid


async def schedule(tx: Transaction, *, unit: Record, year: int) -> UUID:
    """Count the days of a year that are not there yet, the first working day of each month; the unit's id.

    Rejected, all of them, for a year nobody announced.
    """
    valid(days, {"year": year})
    calendar = await calendar_at(tx, unit["path"])
    known = select(days.c.month).where(days.c.of_id == unit["id"], days.c.year == year)
    there = {row["month"] for row in await tx.rows(known)}
    try:
        counted = {month: calendar.first_of(year, month) for month in range(1, 13) if month not in there}
    except NotAnnouncedError as error:
        raise not_announced("year", error) from None
    of = {"unit_path": unit["path"], "year": year}
    made = [
        {"id": uuid4(), **of, "month": month, "first_working_day": day, "held_on": day}
        for month, day in counted.items()
    ]
    await tx.insert_all(days, made)
    unit_id: UUID = unit["id"]
    return unit_id


async def reschedule(tx: Transaction, *, day: Record, held_on: date, reason: str) -> UUID:
    """Hold it on another day of its month, for a reason; its id.

    Rejected once it was held, and where an analysis meeting of it would come before it.
    """
    if day["came"] is not None:
        raise rejected(ProblemCode.CLOSED, "day", "该议事日已经举行。", "The day was held already.")
    said = proper("reason", reason)
    if (held_on.year, held_on.month) != (day["year"], day["month"]):
        zh, en = "须在同一个月内。", "This must be a day of the same month."
        raise rejected(ProblemCode.INVALID, "held_on", zh, en)
    if held_on == day["held_on"]:
        raise rejected(ProblemCode.INVALID, "held_on", "本来就是这一天。", "It is on this day already.")
    return await tx.update(days, day["id"], held_on=held_on, reason=said)


async def record(tx: Transaction, *, day: Record, came: int) -> UUID:
    """Say how many came, and count what its month proposed; its id.

    Rejected before it was held, and once that is said.
    """
    values = valid(days, {"came": came})
    if day["came"] is not None:
        raise rejected(ProblemCode.TAKEN, "day", "已登记人数，请更正。", "This is on record already: correct it.")
    if day["held_on"] > await tx.today():
        raise rejected(ProblemCode.INVALID, "day", "尚未到议事日。", "The day has not come yet.")
    last = date(day["year"], day["month"], monthrange(day["year"], day["month"])[1])
    counted = await proposed(tx, day["unit_path"], last.replace(day=1), last)
    return await tx.update(days, day["id"], **values, proposed=counted)


async def correct(tx: Transaction, *, day: Record, came: int, reason: str) -> UUID:
    """Put right how many came; its id. Rejected where nothing is on record, or nothing changes."""
    values = valid(days, {"came": came})
    if day["came"] is None:
        raise rejected(ProblemCode.INCOMPLETE, "day", "尚未登记人数。", "Nothing is on record yet.")
    only_change(day, values)
    await correcting.note(tx, day, proper("reason", reason))
    return await tx.update(days, day["id"], **values)


async def strike_out(tx: Transaction, *, day: Record, reason: str) -> UUID:
    """Remove a day that is not to be; its unit's id. Rejected where it was held, or has analysis meetings."""
    if day["came"] is not None:
        raise rejected(ProblemCode.CLOSED, "day", "该议事日已召开，请更正。", "The day was held: correct it instead.")
    await correcting.note(tx, day, proper("reason", reason))
    await tx.rows(delete(days).where(days.c.id == day["id"]))
    unit: UUID = await tx.value(select(units.c.id).where(units.c.path == day["unit_path"]))
    return unit


def only_change(row: Record, values: dict[str, Any]) -> None:
    """Rejected where a correction says what is on record already."""
    if all(row[name] == value for name, value in values.items()):
        zh, en = "没有要更正的内容：所填与现状相同。", "Nothing is corrected: all of it is as it was."
        raise rejected(ProblemCode.INCOMPLETE, next(iter(values), "reason"), zh, en)
