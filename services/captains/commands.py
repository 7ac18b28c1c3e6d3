"""Captains' terms begin, pass on, end, are taken back and corrected."""

from datetime import date
from typing import Any, Unpack
from uuid import UUID

from services.captains.tables import TERMS, captain_terms
from services.errors import Problem, ProblemCode, Rejected, rejected
from services.errors import Text as Message
from services.members.tables import Standing
from services.storage import closing, correcting
from services.storage.closing import cancel, cut
from services.storage.correcting import DAY, Days
from services.storage.transaction import Outcome, Record, Transaction
from services.terms import ending, reasonable

CORRECTION = "correctCaptainTerm"


async def assign(tx: Transaction, *, building: Record, member: Record, since: date) -> UUID:
    """Begin a term without an end; the new term's id.

    Rejected where the building is closed, the member may not be captain or the day is mistyped; the constraint
    `captain_term_excl` where the building has a captain then or later.
    """
    reasonable("since", since)
    _check(building, member)
    place = {"building_id": building["id"], "unit_path": building["unit_path"]}
    return await _begin(tx, place, member, since)


async def hand_over(tx: Transaction, *, assignment: Record, member: Record, on: date) -> Outcome:
    """End a term the day before `on` and begin the next; the new term's id, and what was cut.

    Rejected as `assign` is, and where the term does not run on that day and the one before, is the member's already, or
    is over, and where the day lies too far back. The second of two who hand over at once meets a term that has another
    version.
    """
    reasonable("on", on)
    _refuse(_unfit(member))
    since, until = assignment["since"], assignment["until"]
    if on <= since:
        zh, en = f"任期自 {since} 开始，须在此之后交接。", f"The term begins on {since}: hand over on a later day."
        raise rejected(ProblemCode.INVALID, "on", zh, en)
    if until is not None and on > until:
        zh, en = f"任期于 {until} 结束，请改用指派。", f"The term ends on {until}: assign a captain."
        raise rejected(ProblemCode.INVALID, "on", zh, en)
    if assignment["member_id"] == member["id"]:
        raise rejected(ProblemCode.INVALID, "member", "该党员已是楼长。", "The member is the captain already.")
    before = await cut(tx, captain_terms, assignment, on, field="on", correction=CORRECTION)
    place = {"building_id": assignment["building_id"], "unit_path": assignment["unit_path"]}
    begun = await _begin(tx, place, member, on, **before.kept)
    ending("on", since, until, on - DAY)
    return Outcome(begun, before.told)


async def cancel_term(tx: Transaction, *, assignment: Record) -> Outcome:
    """Take back a term that begins today or later, and the hand-over it came of; the building's id."""
    return Outcome(assignment["building_id"], await cancel(tx, "assignment", TERMS, assignment))


async def end(tx: Transaction, *, assignment: Record, on: date, reason: str) -> UUID:
    """Make `on` the last day of a term; its id. An end may be brought forward, never put off."""
    return await closing.end(tx, captain_terms, assignment, on, reason, correction=CORRECTION)


async def correct(
    tx: Transaction, *, assignment: Record, reason: str, member: Record | None = None, **days: Unpack[Days]
) -> Outcome:
    """Set right a term's days or its captain; its id. Rejected as any correction, and for who may not be captain."""
    if member is not None:
        _refuse(_unfit(member))
    holder = {"member_id": member["id"]} if member is not None else {}
    changes = {**holder, **days}
    told = await correcting.correct(tx, "assignment", TERMS, assignment, reason, changes)
    if member is not None:
        await correcting.another_beside(tx, TERMS, assignment["id"], "member_id", "member")
    return Outcome(assignment["id"], told)


async def strike_out(tx: Transaction, *, assignment: Record, reason: str) -> Outcome:
    """Remove a term that never was; the building's id."""
    return Outcome(assignment["building_id"], await correcting.strike_out(tx, "assignment", TERMS, assignment, reason))


async def _begin(tx: Transaction, place: Record, member: Record, since: date, **kept: Any) -> UUID:
    return await tx.insert(captain_terms, **place, member_id=member["id"], since=since, **kept)


def _check(building: Record, member: Record) -> None:
    problems = []
    if building["closed_on"] is not None:
        text = Message("该楼栋已停用。", "The building is closed.")
        problems.append(Problem(ProblemCode.CLOSED, "building", text))
    _refuse([*problems, *_unfit(member)])


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Rejected(problems)


def _unfit(member: Record) -> list[Problem]:
    """Why a member cannot become captain."""
    if member["left_on"] is not None:
        return [Problem(ProblemCode.CLOSED, "member", Message("该党员已离开。", "The member has left."))]
    if member["standing"] not in (Standing.IN_SERVICE, Standing.RETIRED):
        text = Message("楼长须为在职或离退休党员。", "A captain is a member in service or retired.")
        return [Problem(ProblemCode.INVALID, "member", text)]
    return []
