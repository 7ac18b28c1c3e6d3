"""Joint meetings 联席会议 of an alliance are recorded with what they agreed, and then what became of that."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from services.deliberation.alliance_tables import agreements as table
from services.deliberation.alliance_tables import alliances, joint_meetings
from services.deliberation.alliances import within
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage import correcting
from services.storage.closing import past, recent
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid
from services.terms import reasonable

CORRECTION, CORRECTS = "correctAllianceMeeting", "correctAllianceAgreement"
Rows = Sequence[Mapping[str, Any]]


async def record(
    tx: Transaction, *, alliance: Record, held_on: date, units_came: int, about: str, agreements: Rows
) -> UUID:
    """Record a joint meeting with all it agreed; its id. Rejected with all that is amiss, each row's by the row."""
    amiss, made, listed = Amiss(), dict[str, Any](), list[dict[str, Any]]()
    with amiss.within():
        made = valid(joint_meetings, {"units_came": units_came, "about": about})
    with amiss.within():
        within(alliance, "held_on", await recent(tx, "held_on", await past(tx, "held_on", held_on), CORRECTION))
    for number, row in enumerate(agreements):
        with amiss.within(f"agreements.{number}"):
            listed.append(_agreed(held_on, **row))
    amiss.check()
    of = {"unit_path": alliance["unit_path"]}
    meeting = await tx.insert(joint_meetings, **of, alliance_id=alliance["id"], **made, held_on=held_on)
    of |= {"meeting_id": meeting, "agreed_on": held_on}
    await tx.insert_all(table, [{"id": uuid4(), **of, **row} for row in listed])
    return meeting


async def correct_meeting(
    tx: Transaction, *, meeting: Record, held_on: date, units_came: int, about: str, reason: str
) -> UUID:
    """Put a joint meeting right, for a reason on record; its id. What it agreed is of its day then."""
    held = select(alliances).where(alliances.c.id == meeting["alliance_id"]).with_for_update(key_share=True)
    alliance, amiss, made, why = await tx.row(held), Amiss(), dict[str, Any](), ""
    assert alliance is not None  # a meeting's foreign key
    with amiss.within():
        made = valid(joint_meetings, {"units_came": units_came, "about": about})
    with amiss.within():
        within(alliance, "held_on", await past(tx, "held_on", held_on))
    with amiss.within():
        why = proper("reason", reason)
    amiss.check()
    await correcting.note(tx, meeting, why)
    return await tx.update(joint_meetings, meeting["id"], **made, held_on=held_on)


async def keep(tx: Transaction, *, agreement: Record, on: date) -> UUID:
    """What was agreed was done on a day; the agreement's id."""
    _open(agreement)
    _since(agreement["agreed_on"], "on", await recent(tx, "on", await past(tx, "on", on), CORRECTS))
    return await tx.update(table, agreement["id"], done_on=on)


async def drop(tx: Transaction, *, agreement: Record, reason: str) -> UUID:
    """It will not be done, for a reason; the agreement's id."""
    _open(agreement)
    said = proper("reason", reason)
    return await tx.update(table, agreement["id"], dropped_on=await tx.today(), drop_reason=said)


async def correct(
    tx: Transaction,
    *,
    agreement: Record,
    agreed: str,
    done_by: str,
    due_on: date,
    done_on: date | None = None,
    reason: str,
) -> UUID:
    """Put an agreement right, for a reason on record; its id. One that was dropped is so no more."""
    amiss, made, why = Amiss(), dict[str, Any](), ""
    with amiss.within():
        made = _agreed(agreement["agreed_on"], agreed, done_by, due_on)
    with amiss.within():
        if done_on is not None:
            _since(agreement["agreed_on"], "done_on", await past(tx, "done_on", done_on))
    with amiss.within():
        why = proper("reason", reason)
    amiss.check()
    await correcting.note(tx, agreement, why)
    return await tx.update(table, agreement["id"], **made, done_on=done_on, dropped_on=None, drop_reason=None)


def _agreed(agreed_on: date, agreed: str, done_by: str, due_on: date) -> dict[str, Any]:
    amiss, made = Amiss(), dict[str, Any]()
    with amiss.within():
        made = valid(table, {"agreed": agreed, "done_by": done_by})
    with amiss.within():
        made["due_on"] = _since(agreed_on, "due_on", reasonable("due_on", due_on))
    amiss.check()
    return made


def _since(agreed_on: date, field: str, day: date) -> date:
    if day < agreed_on:
        zh, en = f"不能早于商定之日（{agreed_on}）。", f"This cannot lie before it was agreed: {agreed_on}."
        raise rejected(ProblemCode.INVALID, field, zh, en)
    return day


def _open(agreement: Record) -> None:
    if agreement["done_on"] is not None or agreement["dropped_on"] is not None:
        zh, en = "该事项已办结或取消，可更正。", "It is done or dropped already; it can be corrected."
        raise rejected(ProblemCode.CLOSED, "agreement", zh, en)
