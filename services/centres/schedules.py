"""Centres are scheduled back from a deadline, milestone by milestone; the deadline moves, milestones are reached.

A day is counted by the calendar of the unit the centre lies in, and stays as it was counted until the deadline or the
milestone is changed. The first day a milestone was due is kept, and whoever moves one that is due says why.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID, uuid4

from sqlalchemy import delete, exists, select

from services.calendar.commands import calendar_at, not_announced
from services.calendar.working import Calendar, NotAnnouncedError
from services.centres.schedule_tables import milestones as table
from services.centres.tables import centres
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage import correcting
from services.storage.closing import only_open, past
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, names, twins, valid
from services.terms import reasonable

STEPS = "milestones"
Rows = Sequence[Mapping[str, Any]]


class Said(TypedDict, total=False):
    """What an update may change."""

    name: str | None
    working_days: int | None
    done_on: date | None
    reason: str | None


async def schedule(tx: Transaction, *, centre: Record, deadline: date, milestones: Rows) -> UUID:
    """Count back from a deadline for a centre that has no milestones yet; the centre's id.

    Rejected once it is scheduled or closed, for a name that comes twice, and for days of a year nobody announced.
    """
    only_open(centre=centre)
    reasonable("deadline", deadline)
    if await tx.value(select(exists().where(table.c.centre_id == centre["id"]))):
        zh, en = (
            "该中心已有倒排计划，请调整期限或增加节点。",
            "The centre is scheduled: move its deadline, or add to it.",
        )
        raise rejected(ProblemCode.TAKEN, "centre", zh, en)
    calendar = await calendar_at(tx, centre["unit_path"])
    if any(row["working_days"] > 0 for row in milestones):
        _due(calendar, deadline, 1, "deadline")  # no number of days is wrong where there is none to count
    made = _counted(calendar, deadline, milestones)
    await tx.insert_all(table, [{"id": uuid4(), **_of(centre), **row} for row in made])
    return await tx.update(centres, centre["id"], deadline=deadline)


async def reschedule(tx: Transaction, *, centre: Record, deadline: date, reason: str) -> UUID:
    """Move the deadline, and with it what is not reached; the centre's id. Rejected where there is none to move."""
    only_open(centre=centre)
    reasonable("deadline", deadline)
    _scheduled(centre["deadline"])
    await correcting.note(tx, centre, proper("reason", reason))
    calendar = await calendar_at(tx, centre["unit_path"])
    left = select(table).where(table.c.centre_id == centre["id"], table.c.done_on.is_(None)).order_by(table.c.id)
    due = [
        {"id": row["id"], "due_on": _due(calendar, deadline, row["working_days"], "deadline")}
        for row in await tx.rows(left.with_for_update())
    ]
    await tx.update_all(table, due)
    return await tx.update(centres, centre["id"], deadline=deadline)


async def add(tx: Transaction, *, centre: Record, name: str, working_days: int) -> UUID:
    """One milestone more; its id. Rejected where the centre has no deadline."""
    only_open(centre=centre)
    _scheduled(centre["deadline"])
    values = valid(table, {"name": name, "working_days": working_days})
    calendar = await calendar_at(tx, centre["unit_path"])
    due_on = _due(calendar, centre["deadline"], working_days, "working_days")
    return await tx.insert(table, **_of(centre), **values, due_on=due_on, first_due_on=due_on)


async def update(tx: Transaction, *, milestone: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given: when it was reached, why it is late, what it is; its id.

    INCOMPLETE without a reason where it is reached late, or where it was due and is to be due on another day.
    """
    values = valid(table, changes)
    if changes.get("done_on") is not None:
        await past(tx, "done_on", values["done_on"])
    if "working_days" in values:
        deadline = _scheduled(
            await tx.value(select(centres.c.deadline).where(centres.c.id == milestone["centre_id"])), "working_days"
        )
        calendar = await calendar_at(tx, milestone["unit_path"])
        values["due_on"] = _due(calendar, deadline, values["working_days"], "working_days")
    if _moves(milestone, values, await tx.today()):
        _explained(values.get("reason"))
        await correcting.note(tx, milestone, values["reason"])
    becomes = {**milestone, **values}
    if becomes["done_on"] is not None and becomes["done_on"] > becomes["due_on"]:
        _explained(becomes["reason"])
    return await tx.update(table, milestone["id"], **values)


async def strike_out(tx: Transaction, *, milestone: Record, reason: str) -> UUID:
    """Remove one that is not needed; the centre's id."""
    await correcting.note(tx, milestone, proper("reason", reason))
    await tx.rows(delete(table).where(table.c.id == milestone["id"]))
    centre: UUID = milestone["centre_id"]
    return centre


def _counted(calendar: Calendar, deadline: date, rows: Rows) -> list[dict[str, Any]]:
    """Each row with the day it is due; Rejected with all that is amiss."""
    amiss = Amiss()
    if not rows:
        amiss.tell(ProblemCode.INCOMPLETE, STEPS, "至少填写一行。", "Give one row at least.")
    made: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        with amiss.within(f"{STEPS}.{number}"):
            values = valid(table, {"name": row["name"], "working_days": row["working_days"]})
            due_on = _due(calendar, deadline, values["working_days"], "working_days")
            made.append({**values, "due_on": due_on, "first_due_on": due_on})
    amiss.add(twins(STEPS, names(rows)))
    amiss.check()
    return made


def _due(calendar: Calendar, deadline: date, working_days: int, field: str) -> date:
    """So many working days before the deadline, or the deadline itself; Rejected beyond what was announced."""
    try:
        return calendar.before(deadline, working_days) if working_days else deadline
    except NotAnnouncedError as error:
        raise not_announced(field, error) from None


def _moves(milestone: Record, values: Mapping[str, Any], today: date) -> bool:
    """Whether what was due by today, or is reached, becomes due or reached on another day than was told."""
    told = milestone["done_on"] is not None or milestone["due_on"] <= today
    due = values.get("due_on", milestone["due_on"]) != milestone["due_on"]
    done = milestone["done_on"] not in (None, values.get("done_on", milestone["done_on"]))
    return told and (due or done)


def _explained(reason: str | None) -> None:
    if reason is None:
        zh, en = "已到期或逾期完成的节点，须说明原因。", "Say why: it was due already, or is reached late."
        raise rejected(ProblemCode.INCOMPLETE, "reason", zh, en)


def _of(centre: Record) -> dict[str, Any]:
    return {"centre_id": centre["id"], "unit_path": centre["unit_path"]}


def _scheduled(deadline: date | None, field: str = "centre") -> date:
    if deadline is None:
        zh, en = "该中心尚无倒排计划。", "The centre is not scheduled."
        raise rejected(ProblemCode.INCOMPLETE, field, zh, en)
    return deadline
