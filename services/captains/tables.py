"""Building captains 党员楼长: members' terms, one captain a building at a time.

The database holds that (migration 0006), and that a term with an end is never prolonged. Commands get their rows
locked; what they say about a day is about the day given, not about today.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Select,
    Table,
    Text,
    Uuid,
    literal,
    select,
)

from services.errors import Problem, ProblemCode, Rejected, Rule, conflict, rejected
from services.errors import Text as Message
from services.members.tables import Standing, members
from services.names import proper
from services.properties.tables import buildings, compounds, managers
from services.storage.closing import cancel
from services.storage.tables import BYTEWISE, METADATA, identified, versioned
from services.storage.transaction import Record, Transaction
from services.terms import ending, holds, holds_today, in_order, reasonable, term

# Excluded by constraint: two captains of one building at once.
captain_terms = Table(
    "captain_term",
    METADATA,
    identified(),
    Column("building_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    *term(),
    Column("end_reason", Text),
    versioned(),
    ForeignKeyConstraint(["building_id", "unit_path"], [buildings.c.id, buildings.c.unit_path], onupdate="CASCADE"),
    in_order(),
    Index("captain_term_building_idx", "building_id", "since"),
    Index("captain_term_member_idx", "member_id", "since"),
    Index("captain_term_unit_idx", "unit_path", "id"),
)

RULES: Mapping[str, Rule] = {
    "member_standing_check": Rule(
        "standing",
        "该党员正任楼长，须为在职或离退休。",
        "The member is captain of a building: in service or retired.",
        ProblemCode.INVALID,
    ),
    "captain_term_excl": Rule(
        "building",
        "该楼栋在这段时间已有楼长，或已定下后续楼长。",
        "The building has a captain at that time already, or one to follow.",
    ),
    "captain_term_prolonged_check": Rule(
        "building",
        "该楼长任期刚刚由他人结束，请重新查看后再操作。",
        "Someone has ended this term in the meantime; look again before you go on.",
    ),
    "captain_term_term_check": Rule(
        "on", "任期不能在开始之前结束。", "A term cannot end before it begins.", ProblemCode.INVALID
    ),
}


# --- keys of the line, and what a term is shown with ------------------------------------------------------------------


def captains_of(building: Any) -> Select[Any]:
    """The member who is captain of a building today, by the building's id."""
    held = captain_terms.alias()
    return select(held.c.member_id).where(held.c.building_id == building, holds_today(held.c)).correlate_except(held)


def managers_of(building: Any) -> Select[Any]:
    """The company that manages a building's compound today, by the building's id."""
    of = buildings.alias()
    compound = select(of.c.compound_id).where(of.c.id == building).correlate_except(of)
    return managers(compound.scalar_subquery())


def building_name(building: Any) -> ColumnElement[Any]:
    """A building's name, by its id."""
    of = buildings.alias()
    return select(of.c.name).where(of.c.id == building).correlate_except(of).scalar_subquery()


def compound_name(building: Any) -> ColumnElement[Any]:
    """The name of the compound a building stands in, by the building's id."""
    of, around = buildings.alias(), compounds.alias()
    found = select(around.c.name).where(of.c.id == building, around.c.id == of.c.compound_id)
    return found.correlate_except(of, around).scalar_subquery()


# --- commands ---------------------------------------------------------------------------------------------------------


async def assign(tx: Transaction, *, building: Record, member: Record, since: date) -> UUID:
    """Begin a term without an end; the new term's id.

    Rejected where the building is closed, the member may not be captain or the day is mistyped; the constraint
    `captain_term_excl` where the building has a captain then or later.
    """
    reasonable("since", since)
    _check(building, member)
    return await _begin(tx, building, member, since)


async def hand_over(tx: Transaction, *, building: Record, member: Record, on: date) -> UUID:
    """End the term that holds on `on` the day before and begin the next; the new term's id.

    Rejected as `assign` is, and where nobody is captain that day or the member is it already; CONFLICT where a term
    begins on that very day, which is what the second of two who hand over at once meets.
    """
    reasonable("on", on)
    _check(building, member)
    held = captain_terms.c
    day = literal(on, held.since.type)
    present = await tx.row(select(captain_terms).where(held.building_id == building["id"], holds(held, day)))
    if present is None:
        zh, en = f"该楼栋在 {on} 没有楼长，请改用指派。", f"The building has no captain on {on}: assign one."
        raise rejected(ProblemCode.INVALID, "on", zh, en)
    if present["since"] == on:
        raise conflict(f"已有楼长任期从 {on} 开始。", f"A captain's term begins on {on} already.", "on")
    if present["member_id"] == member["id"]:
        raise rejected(ProblemCode.INVALID, "member", "该党员已是楼长。", "The member is the captain already.")
    await tx.update(captain_terms, present["id"], until=on - timedelta(days=1))
    return await _begin(tx, building, member, on)


async def cancel_term(tx: Transaction, *, assignment: Record) -> UUID:
    """Take back a term that begins today or later; the building's id."""
    await cancel(tx, "assignment", captain_terms, assignment)
    building: UUID = assignment["building_id"]
    return building


async def end(tx: Transaction, *, assignment: Record, on: date, reason: str) -> UUID:
    """Make `on` the last day of a term; its id. An end may be brought forward, never put off."""
    ending("on", assignment["since"], assignment["until"], on)
    said = proper("reason", reason)
    return await tx.update(captain_terms, assignment["id"], until=on, end_reason=said)


async def _begin(tx: Transaction, building: Record, member: Record, since: date) -> UUID:
    place = {"building_id": building["id"], "unit_path": building["unit_path"]}
    return await tx.insert(captain_terms, **place, member_id=member["id"], since=since)


def _check(building: Record, member: Record) -> None:
    problems = []
    if building["closed_on"] is not None:
        text = Message("该楼栋已停用。", "The building is closed.")
        problems.append(Problem(ProblemCode.CLOSED, "building", text))
    if member["left_on"] is not None:
        text = Message("该党员已离开。", "The member has left.")
        problems.append(Problem(ProblemCode.CLOSED, "member", text))
    elif member["standing"] not in (Standing.IN_SERVICE, Standing.RETIRED):
        text = Message("楼长须为在职或离退休党员。", "A captain is a member in service or retired.")
        problems.append(Problem(ProblemCode.INVALID, "member", text))
    if problems:
        raise Rejected(problems)
