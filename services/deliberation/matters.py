"""Matters are proposed, changed, and moved on along the way; what was moved stays on record.

A step is due by the calendar of the unit, counted when it begins, and stays so; what reaches into a year that nobody
announced is counted on once it is loaded. Every command about a matter holds its row, so that of two who move it on at
once the second is told.

Long because each step of the way is a command, read beside what it checks.
"""

from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import literal, select, update

from services.calendar.commands import due_at
from services.deliberation.gathered import of_its_unit, was_decided
from services.deliberation.meeting_tables import items
from services.deliberation.meetings import after_meeting, free_to_act
from services.deliberation.tables import RULES, Source, matters, moves
from services.deliberation.way import DAYS, Pace, Step, leaving
from services.errors import ProblemCode, rejected
from services.members.restricting import refuse_restricted
from services.names import proper
from services.organization.paths import at_or_above
from services.organization.tables import OrgLevel, units
from services.storage import correcting
from services.storage.closing import only_open, past, recent
from services.storage.doubles import is_there
from services.storage.tables import BYTEWISE
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid

LONGEST = {"title": 100, "detail": 500}  # characters
CORRECTION = "correctMatterMove"
NOT_DUE = dict.fromkeys(("due_on", "due_after", "due_left"))


class Said(TypedDict, total=False):
    """What an update may change."""

    title: str | None
    detail: str | None


class Changed(Said, total=False):
    """And the compound it is about."""

    compound: Record | None


class Moved(TypedDict):
    """When a matter moved on, and whose account says so."""

    on: date
    by: UUID


# --- proposing --------------------------------------------------------------------------------------------------------


async def propose(
    tx: Transaction,
    *,
    unit: Record,
    source: Source,
    proposed_on: date,
    compound: Record | None = None,
    **said: Unpack[Said],
) -> UUID:
    """Propose a matter in a unit, about a compound there or below where one is named; its id.

    Rejected for a compound of elsewhere, for a day to come or too long ago, and for what is there already.
    """
    made = await _made(tx, unit, source, proposed_on, compound, said)
    await _not_twice(tx, made)
    return await tx.insert(matters, **made)


async def suggest(tx: Transaction, *, member: Record, title: str, detail: str | None = None) -> UUID:
    """Suggest a matter to the community a member serves in, or the unit itself above communities, today; its id.

    Rejected for who has left or is restricted. What others suggested that day as well counts once more: nothing but the
    trail keeps whose a suggestion was.
    """
    refuse_restricted(member)
    if member["left_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "该党员已离开。", "The member has left.")
    path = units.c.path
    around = select(units).where(
        at_or_above(path, literal(member["unit_path"], BYTEWISE)), units.c.level <= OrgLevel.COMMUNITY
    )
    unit = await tx.row(around.order_by(path.desc()).limit(1))
    assert unit is not None  # the unit a member serves in lies in a county at least
    said: Said = {"title": title, "detail": detail}
    return await tx.insert(matters, **await _made(tx, unit, Source.SUGGESTION, await tx.today(), None, said))


async def _made(
    tx: Transaction, unit: Record, source: Source, proposed_on: date, compound: Record | None, said: Said
) -> dict[str, Any]:
    """A matter as it is proposed; Rejected, with all that is amiss."""
    amiss, made = Amiss(), dict[str, Any]()
    with amiss.within():
        made["compound_id"] = _within(unit["path"], compound)
    with amiss.within():
        made |= _texts(said)
    with amiss.within():
        await recent(tx, "proposed_on", await past(tx, "proposed_on", proposed_on))
        made |= await _due(tx, unit["path"], Step.PROPOSED, proposed_on)
    amiss.check()
    return {**made, "unit_path": unit["path"], "source": source, "proposed_on": proposed_on, "stepped_on": proposed_on}


async def _not_twice(tx: Transaction, made: Record) -> None:
    """Rejected where a matter like this is there already, as it would be proposed or changed to."""
    if await _is_there(tx, made):
        zh = "当日已有同一来源、同一题目的议题；确为另一件的，请在题目中说明区别。"
        en = "A matter of this title came from there on that day already; if this is another, let its title say so."
        raise rejected(ProblemCode.TAKEN, "title", zh, en)


async def _is_there(tx: Transaction, made: Record) -> bool:
    """Whether this was proposed in the unit on that day, of the same compound or none, and was not dropped."""
    alike = ("unit_path", "compound_id", "title", "source", "proposed_on")
    return await is_there(tx, matters, made, alike, matters.c.step != Step.DROPPED)


async def change(tx: Transaction, *, matter: Record, **changes: Unpack[Changed]) -> UUID:
    """Change its title, what is said of it or which compound it is about; its id.

    Rejected once it is settled or dropped, for a compound of elsewhere, and for another title once a meeting of its
    unit, or of one above, decided on the one it has; and where that makes it one that is there already.
    """
    if matter["step"] not in DAYS:
        raise rejected(ProblemCode.CLOSED, "matter", "该议题已办结或不予办理。", "The matter is settled or dropped.")
    amiss, made = Amiss(), dict[str, Any]()
    with amiss.within():
        if "compound" in changes:
            made["compound_id"] = _within(matter["unit_path"], changes.pop("compound"))
    with amiss.within():
        made |= _texts(changes)
    if made.get("title", matter["title"]) != matter["title"] and await _decided(tx, matter):
        zh, en = (
            "已有会议就此题目议定，只能更正。",
            "A meeting decided on this title: it can be corrected, with a reason.",
        )
        amiss.tell(ProblemCode.CLOSED, "title", zh, en)
    amiss.check()
    return await _changed(tx, matter, made)


async def retitle(tx: Transaction, *, matter: Record, title: str, reason: str) -> UUID:
    """Put the title right that a meeting decided on, for a reason on record; the matter's id.

    So it is where that meeting tells it, and none of where the matter was before, or of when it had another title.
    """
    if not await _decided(tx, matter):
        zh, en = "尚无会议就此议定，可直接修改。", "No meeting decided on it: its title can be changed."
        raise rejected(ProblemCode.INCOMPLETE, "matter", zh, en)
    amiss, made, said = Amiss(), dict[str, Any](), ""
    with amiss.within():
        made = _texts({"title": title})
    with amiss.within():
        said = proper("reason", reason)
    amiss.check()
    await correcting.note(tx, matter, said)
    return await _changed(tx, matter, made)


async def _changed(tx: Transaction, matter: Record, made: dict[str, Any]) -> UUID:
    """Change a matter, and what it is called on the agendas of where it lies; its id.

    Rejected where one like that is there already. Suggestions of one title, though, may be about one compound.
    """
    now = {**matter, **made}
    retitled, elsewhere = (now[name] != matter[name] for name in ("title", "compound_id"))
    anew = retitled or (elsewhere and matter["source"] != Source.SUGGESTION)
    if anew and matter["step"] != Step.DROPPED:
        await _not_twice(tx, now)
    if retitled:
        here = items.c.matter_id == matter["id"], of_its_unit(items.c, literal(matter["unit_path"], BYTEWISE))
        as_it_was = items.c.matter_title == matter["title"]  # and not as it was called before it left and came back
        titled = {"matter_title": made["title"], "version": items.c.version + 1}
        await tx.rows(update(items).where(*here, as_it_was).values(**titled))
    return await tx.update(matters, matter["id"], **made)


async def _decided(tx: Transaction, matter: Record) -> bool:
    decided: bool = await tx.value(select(was_decided(matters.c)).where(matters.c.id == matter["id"]))
    return decided


# --- moving -----------------------------------------------------------------------------------------------------------


async def consult(tx: Transaction, *, matter: Record, **moved: Unpack[Moved]) -> UUID:
    """Take it to consultation; its id. Rejected where that is not the next step, as all that move it on are."""
    return await _move(tx, matter, "consult", moved)


async def act(tx: Transaction, *, matter: Record, **moved: Unpack[Moved]) -> UUID:
    """Begin to carry it out; its id. Rejected too while a meeting about it is open, or where the last did not agree."""
    _pace(matter, "act")  # of what is not consulted on there is no more to say
    amiss = Amiss()
    await free_to_act(tx, matter, moved["on"], amiss)
    return await _move(tx, matter, "act", moved, amiss=amiss)


async def assess(tx: Transaction, *, matter: Record, **moved: Unpack[Moved]) -> UUID:
    """Begin the assessment of what was carried out; its id."""
    return await _move(tx, matter, "assess", moved, carried_out_on=moved["on"])


async def settle(tx: Transaction, *, matter: Record, asked: int, satisfied: int, **moved: Unpack[Moved]) -> UUID:
    """Settle it with what the assessment came to; its id. Rejected where more are satisfied than were asked."""
    numbers = valid(matters, {"asked": asked, "satisfied": satisfied})
    if satisfied > asked:
        zh, en = "不能多于受访人数。", "No more can be satisfied than were asked."
        raise rejected(ProblemCode.INVALID, "satisfied", zh, en)
    kept = {"carried_out_on": matter["carried_out_on"], **numbers}
    return await _move(tx, matter, "settle", moved, **kept)


async def send_back(tx: Transaction, *, matter: Record, reason: str, **moved: Unpack[Moved]) -> UUID:
    """Take it back a step, for a reason; its id."""
    return await _move(tx, matter, "return", moved, reason)


async def drop(tx: Transaction, *, matter: Record, reason: str, **moved: Unpack[Moved]) -> UUID:
    """Do not take it up, for a reason; its id."""
    return await _move(tx, matter, "drop", moved, reason)


async def reopen(tx: Transaction, *, matter: Record, reason: str, **moved: Unpack[Moved]) -> UUID:
    """Take up again what was settled or dropped, for a reason; its id. Rejected where it was proposed anew since."""
    amiss = Amiss()
    if matter["step"] == Step.DROPPED and await _is_there(tx, matter):
        zh = "同日、同一来源、同一题目的议题已另行登记，不能重新提议。"
        en = "It was proposed anew, of this title, day and source: there is no second one."
        amiss.tell(ProblemCode.TAKEN, "matter", zh, en)
    return await _move(tx, matter, "reopen", moved, reason, amiss=amiss)


async def correct(tx: Transaction, *, matter: Record, on: date, reason: str) -> UUID:
    """Put the day of its last move right, and with it when the present step is due; the matter's id."""
    last, before = await _last(tx, matter)
    if last is None:
        raise rejected(ProblemCode.INCOMPLETE, "matter", "该议题尚未流转。", "The matter has not moved yet.")
    said = proper("reason", reason)
    _after(before, await past(tx, "on", on))
    if matter["step"] == Step.ACTING and last["from_step"] == Step.CONSULTING:
        await after_meeting(tx, matter, on, last["moved_on"])
    due = await _due(tx, matter["unit_path"], matter["step"], on)
    await correcting.note(tx, matter, said)
    await tx.rows(update(moves).where(moves.c.id == last["id"]).values(moved_on=on))
    carried = {"carried_out_on": on} if matter["step"] == Step.ASSESSING else {}
    return await tx.update(matters, matter["id"], stepped_on=on, **due, **carried)


async def _move(
    tx: Transaction,
    matter: Record,
    action: str,
    moved: Moved,
    reason: str | None = None,
    *,
    amiss: Amiss | None = None,
    **kept: Any,
) -> UUID:
    """Take a matter, locked, a step further; what is `kept` is true of the new step alone.

    Rejected for what is `amiss` already as well.
    """
    pace = _pace(matter, action)
    amiss, on = amiss or Amiss(), moved["on"]
    said: str | None = None
    with amiss.within():
        said = proper("reason", reason) if pace.reason_owed else None
    with amiss.within():
        _after(matter["stepped_on"], await recent(tx, "on", await past(tx, "on", on), CORRECTION))
    amiss.check()
    due = await _due(tx, matter["unit_path"], pace.to_step, on)
    await _record(tx, matter, pace, moved, said, kept)
    stands = {**dict.fromkeys(("carried_out_on", "asked", "satisfied")), **kept}
    return await tx.update(matters, matter["id"], step=pace.to_step, stepped_on=on, **due, **stands)


async def _record(
    tx: Transaction, matter: Record, pace: Pace, moved: Moved, reason: str | None, kept: dict[str, Any]
) -> None:
    last, _ = await _last(tx, matter)
    told = {name: kept[name] for name in ("asked", "satisfied") if name in kept}
    due = {name: matter[name] for name in NOT_DUE}
    if matter["due_after"]:  # the year may be announced by now
        due = await due_at(tx, matter["unit_path"], matter["due_after"], matter["due_left"])
    await tx.insert(
        moves,
        matter_id=matter["id"],
        unit_path=matter["unit_path"],
        number=last["number"] + 1 if last else 1,
        from_step=pace.from_step,
        to_step=pace.to_step,
        moved_on=moved["on"],
        account_id=moved["by"],
        reason=reason,
        **due,
        **told,
    )


async def _last(tx: Transaction, matter: Record) -> tuple[Record | None, date]:
    """The last move of a matter, and the day of what came before it: another one, or its being proposed."""
    of = select(moves).where(moves.c.matter_id == matter["id"]).order_by(moves.c.number.desc()).limit(2)
    found = await tx.rows(of)
    return found[0] if found else None, found[1]["moved_on"] if found[1:] else matter["proposed_on"]


def _pace(matter: Record, action: str) -> Pace:
    """The pace an action takes from the step a matter is in; Rejected where it takes none."""
    paces = leaving(action)
    step = Step(matter["step"])
    if step not in paces:
        wanted = "、".join(each.text.split(" / ")[0] for each in paces)
        zh = f"该议题现处“{step.text.split(' / ')[0]}”，仅限：{wanted}。"
        en = f"The matter is {step}: this can be done of what is {', '.join(paces)}."
        raise rejected(ProblemCode.CLOSED if step not in DAYS else ProblemCode.INVALID, "matter", zh, en)
    return paces[step]


async def _due(tx: Transaction, path: str, step: str, day: date) -> dict[str, Any]:
    """By when a step is to be over that begins on a day, as the columns of it."""
    days = DAYS.get(Step(step))
    return NOT_DUE if days is None else await due_at(tx, path, day, days)


def _after(earlier: date, day: date) -> date:
    if day < earlier:
        zh, en = f"不能早于上一环节之日（{earlier}）。", f"This cannot lie before the step before began: {earlier}."
        raise rejected(ProblemCode.INVALID, "on", zh, en)
    return day


# --- what is checked --------------------------------------------------------------------------------------------------


def _within(path: str, compound: Record | None) -> UUID | None:
    """The id of the compound a matter of a unit is about, where it is about one; Rejected for one of elsewhere."""
    only_open(compound=compound)
    if not compound:  # none, or one that is not the caller's
        return None
    if not compound["unit_path"].startswith(path):
        raise RULES["matter_compound_check"].refusal()
    found: UUID = compound["id"]
    return found


def _texts(said: Said) -> dict[str, Any]:
    amiss, made = Amiss(), dict[str, Any]()
    for name, value in said.items():
        with amiss.within():
            empty = value is None and name == "detail"
            made[name] = None if empty else proper(name, value, LONGEST[name])  # type: ignore[arg-type]
    amiss.check()
    return made
