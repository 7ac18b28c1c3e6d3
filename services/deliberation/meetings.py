"""Meetings of three parties are convened, held, recorded and closed, or called off; what they decided is kept.

Every command holds the row of the meeting, that of an item as well, so that nothing is decided beside its closing.

Long because each state a meeting comes to is a command, read beside what it checks.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, literal, select

from services.deliberation.gathered import denied, of_its_unit, unsettled
from services.deliberation.meeting_tables import (
    RULES,
    THREE,
    MeetingDecision,
    MeetingParty,
    MeetingState,
    attendances,
    items,
    meetings,
    minutes,
    places,
)
from services.deliberation.tables import matters
from services.deliberation.way import Step
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage import correcting
from services.storage.closing import past, recent
from services.storage.tables import BYTEWISE
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid
from services.terms import reasonable

DECIDED = 500  # characters
BEFORE = (Step.PROPOSED, Step.DROPPED)
STILL = (MeetingState.PLANNED, MeetingState.HELD)
RECORDED = (MeetingState.HELD, MeetingState.CLOSED)


# --- places -----------------------------------------------------------------------------------------------------------


async def open_place(tx: Transaction, *, unit: Record, name: str) -> UUID:
    """Name a place where meetings are held; its id."""
    return await tx.insert(places, unit_path=unit["path"], name=proper("name", name))


async def withdraw_place(tx: Transaction, *, place: Record) -> UUID:
    """Hold no more meetings there, from today on; its id."""
    if place["withdrawn_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "place", "该场所已停用。", "The place is withdrawn already.")
    return await tx.update(places, place["id"], withdrawn_on=await tx.today())


# --- a meeting from its planning to its end ---------------------------------------------------------------------------


async def convene(tx: Transaction, *, unit: Record, place: Record, title: str, planned_on: date) -> UUID:
    """Plan a meeting at one of the unit's own places; its id."""
    amiss, named = Amiss(), ""
    with amiss.within():
        _usable(unit, place)
    with amiss.within():
        named = proper("title", title)
    with amiss.within():
        await recent(tx, "planned_on", reasonable("planned_on", planned_on))
    amiss.check()
    return await tx.insert(meetings, unit_path=unit["path"], place_id=place["id"], title=named, planned_on=planned_on)


async def put_on(tx: Transaction, *, meeting: Record, matter: Record) -> UUID:
    """Put a matter of the unit or below, which is consulted on or further, on its agenda; the meeting's id."""
    _in(meeting, *STILL)
    if not matter["unit_path"].startswith(meeting["unit_path"]):
        zh, en = "该议题不在会议所在单元。", "The matter is not of the meeting's unit, nor of one below it."
        raise rejected(ProblemCode.OUT_OF_REACH, "matter", zh, en)
    if matter["step"] in BEFORE:
        zh, en = "该议题未进入商议。", "The matter is not being consulted on, and has not been."
        raise rejected(ProblemCode.INVALID, "matter", zh, en)
    of = {"meeting_id": meeting["id"], "unit_path": meeting["unit_path"], "matter_id": matter["id"]}
    await tx.insert(items, **of, matter_title=matter["title"])
    return await tx.update(meetings, meeting["id"])


async def hold(tx: Transaction, *, meeting: Record, on: date) -> UUID:
    """It was held on a day; its id. Rejected for one before a matter on its agenda was proposed."""
    _in(meeting, MeetingState.PLANNED)
    await recent(tx, "on", await past(tx, "on", on))
    proposed = select(func.max(matters.c.proposed_on)).join_from(items, matters, matters.c.id == items.c.matter_id)
    first = await tx.value(proposed.where(items.c.meeting_id == meeting["id"]))
    if first is not None and on < first:
        zh, en = f"不能早于议题提议之日（{first}）。", f"This cannot lie before a matter was proposed: {first}."
        raise rejected(ProblemCode.INVALID, "on", zh, en)
    return await tx.update(meetings, meeting["id"], state=MeetingState.HELD, held_on=on)


async def call_off(tx: Transaction, *, meeting: Record, reason: str) -> UUID:
    """It will not be held; its id."""
    _in(meeting, MeetingState.PLANNED)
    said = proper("reason", reason)
    return await tx.update(meetings, meeting["id"], state=MeetingState.CANCELLED, cancel_reason=said)


async def close(tx: Transaction, *, meeting: Record, reason: str | None = None) -> UUID:
    """Nothing more is recorded of it; its id. Rejected, for each thing that is missing, all of it at once."""
    _in(meeting, MeetingState.HELD)
    amiss = Amiss()
    await _tell_undecided(tx, meeting, amiss)
    absent = await _absent(tx, meeting)
    with amiss.within():
        said = proper("reason", reason) if reason is not None else None
    if absent and reason is None:
        zh = f"{'、'.join(_zh(each) for each in absent)}未参会，须说明原因。"
        en = f"These did not take part, which wants a reason: {', '.join(absent)}."
        amiss.tell(ProblemCode.INCOMPLETE, "reason", zh, en)
    if await tx.value(select(minutes.c.id).where(minutes.c.meeting_id == meeting["id"]).limit(1)) is None:
        amiss.tell(ProblemCode.INCOMPLETE, "meeting", "尚无会议纪要。", "There are no minutes yet.")
    amiss.check()
    return await tx.update(meetings, meeting["id"], state=MeetingState.CLOSED, missing_reason=said if absent else None)


async def reopen(tx: Transaction, *, meeting: Record, reason: str) -> UUID:
    """Go on recording a closed one, for a reason on record; its id. All that was recorded stays as it is."""
    _in(meeting, MeetingState.CLOSED)
    await correcting.note(tx, meeting, proper("reason", reason))
    return await tx.update(meetings, meeting["id"], state=MeetingState.HELD)


async def _tell_undecided(tx: Transaction, meeting: Record, amiss: Amiss) -> None:
    """A problem for each item nothing was decided on, and one where there is no item at all."""
    titled = select(items.c.decision, items.c.matter_title).where(items.c.meeting_id == meeting["id"])
    found = await tx.rows(titled.order_by(items.c.matter_title, items.c.id))
    for row in found:
        if row["decision"] is None:
            zh, en = f"尚未议定：{row['matter_title']}。", f"Nothing is decided on: {row['matter_title']}."
            amiss.tell(ProblemCode.INCOMPLETE, "meeting", zh, en)
    if not found:
        amiss.tell(ProblemCode.INCOMPLETE, "meeting", "会议没有议题。", "There is nothing on its agenda.")


async def _absent(tx: Transaction, meeting: Record) -> list[MeetingParty]:
    """Those of the three parties of whom nobody came."""
    came = select(attendances.c.party).where(attendances.c.meeting_id == meeting["id"], attendances.c.people > 0)
    found = {row["party"] for row in await tx.rows(came)}
    return [party for party in THREE if party not in found]


# --- what is recorded of it -------------------------------------------------------------------------------------------


async def attended(tx: Transaction, *, meeting: Record, parties: Sequence[Mapping[str, Any]]) -> UUID:
    """How many of each party came, in place of what was recorded before; the meeting's id."""
    _in(meeting, MeetingState.HELD)
    amiss, named = Amiss(), [row["party"] for row in parties]
    for number, row in enumerate(parties):
        with amiss.within(f"parties.{number}"):
            valid(attendances, {"people": row["people"]})
        if row["party"] in named[:number]:
            amiss.tell(ProblemCode.INVALID, f"parties.{number}.party", "参会方重复。", "This party is named twice.")
    amiss.check()
    of = {"meeting_id": meeting["id"], "unit_path": meeting["unit_path"]}
    await tx.rows(delete(attendances).where(attendances.c.meeting_id == meeting["id"]))
    await tx.insert_all(attendances, [{"id": uuid4(), **of, **row} for row in parties])
    return await tx.update(meetings, meeting["id"])


async def decide(
    tx: Transaction, *, item: Record, decision: MeetingDecision, decided: str, **votes: int | None
) -> UUID:
    """What became of an item; its id. What was decided already is for a correction to say otherwise."""
    await _meeting_of(tx, item, MeetingState.HELD)
    if item["decision"] is not None:
        raise rejected(
            ProblemCode.CLOSED, "item", "该项已议定，可更正。", "It is decided already; it can be corrected."
        )
    return await tx.update(items, item["id"], decision=decision, **_said(decision, decided, votes))


async def correct(
    tx: Transaction, *, item: Record, decision: MeetingDecision, decided: str, reason: str, **votes: int | None
) -> UUID:
    """Put a decision right, with its votes, for a reason on record; the item's id."""
    await _meeting_of(tx, item, *RECORDED)
    if item["decision"] is None:
        raise rejected(ProblemCode.INCOMPLETE, "item", "该项尚未议定。", "Nothing is decided on it yet.")
    amiss, said, why = Amiss(), dict[str, Any](), ""
    with amiss.within():
        said = _said(decision, decided, votes)
    with amiss.within():
        why = proper("reason", reason)
    amiss.check()
    await correcting.note(tx, item, why)
    return await tx.update(items, item["id"], decision=decision, **said)


async def _meeting_of(tx: Transaction, item: Record, *states: MeetingState) -> None:
    """Hold the meeting of an item; Rejected where it is in none of these states."""
    meeting = await tx.row(select(meetings).where(meetings.c.id == item["meeting_id"]).with_for_update(key_share=True))
    assert meeting is not None  # an item's foreign key
    _in(meeting, *states, field="item")


def _said(decision: MeetingDecision, decided: str, votes: Mapping[str, int | None]) -> dict[str, Any]:
    """What was decided and by which votes: all three kinds are told, or none. Nothing is agreed against its votes."""
    kinds = ("votes_for", "votes_against", "abstained")
    told = {name: votes.get(name) for name in kinds}
    amiss = Amiss()
    with amiss.within():
        told |= valid(items, told)
    with amiss.within():
        told["decided"] = proper("decided", decided, DECIDED)  # type: ignore[assignment]
    missing = [name for name in kinds if told[name] is None]
    for name in missing if len(missing) < len(kinds) else ():
        amiss.tell(ProblemCode.INCOMPLETE, name, "票数须一并填写。", "Votes are told of all three kinds, or of none.")
    amiss.check()
    against, cast_for = told["votes_against"] or 0, told["votes_for"] or 0
    if decision is MeetingDecision.AGREED and against > cast_for:
        raise RULES["meeting_item_carried_check"].refusal()
    return dict(told)


# --- what is checked --------------------------------------------------------------------------------------------------


async def free_to_act(tx: Transaction, matter: Record, on: date, amiss: Amiss) -> None:
    """Tells each that is so: a meeting about a matter is open, the last did not agree, the day lies before that one."""
    found = await tx.row(
        select(unsettled(matters.c).label("still"), denied(matters.c).label("denied")).where(
            matters.c.id == matter["id"]
        )
    )
    if found and found["still"]:
        zh, en = "有关该议题的会议尚未结束。", "A meeting about the matter is not closed yet."
        amiss.tell(ProblemCode.INCOMPLETE, "matter", zh, en)
    if found and found["denied"]:
        zh, en = "最近一次会议未同意该议题。", "The last meeting about the matter did not agree."
        amiss.tell(ProblemCode.INCOMPLETE, "matter", zh, en)
    with amiss.within():
        await after_meeting(tx, matter, on, await tx.today())


async def after_meeting(tx: Transaction, matter: Record, on: date, until: date) -> None:
    """Rejected for a day before the last meeting of its unit, or of one above, about a matter held until a day."""
    met = select(func.max(meetings.c.held_on)).join_from(items, meetings, meetings.c.id == items.c.meeting_id)
    about = items.c.matter_id == matter["id"], of_its_unit(items.c, literal(matter["unit_path"], BYTEWISE))
    last = await tx.value(met.where(*about, meetings.c.state == MeetingState.CLOSED, meetings.c.held_on <= until))
    if last is not None and on < last:
        zh, en = f"不能早于最近一次会议（{last}）。", f"This cannot lie before the last meeting about it: {last}."
        raise rejected(ProblemCode.INVALID, "on", zh, en)


def _usable(unit: Record, place: Record) -> None:
    if place["unit_path"] != unit["path"]:
        raise rejected(ProblemCode.OUT_OF_REACH, "place", "该场所不在此单元。", "The place is not of this unit.")
    if place["withdrawn_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "place", "该场所已停用。", "The place is withdrawn.")


def _in(meeting: Record, *states: MeetingState, field: str = "meeting") -> None:
    if meeting["state"] not in states:
        zh = f"会议状态为“{_zh(MeetingState(meeting['state']))}”，不能办理。"
        en = f"The meeting is {meeting['state']}: this can be done of one that is {' or '.join(states)}."
        raise rejected(ProblemCode.CLOSED, field, zh, en)


def _zh(word: MeetingState | MeetingParty) -> str:
    return word.text.split(" / ")[0]
