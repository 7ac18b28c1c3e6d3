"""Matters 议题 and their moves: what is proposed in a unit, and each step it was taken through.

A matter holds the step it is in; its moves are the history, which is only added to. That each of them leads on from the
one before, along the way, and that the matter is where the last one led, the database looks at once more when a command
is over (migration 0061).
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    and_,
    cast,
    func,
    select,
)

from services.access.tables import accounts
from services.calendar.tables import DUE, WAITS, deadline
from services.captains.tables import captain_terms
from services.deliberation.way import Step
from services.described import Described
from services.errors import ProblemCode, Rule
from services.members.tables import members
from services.organization.tables import units
from services.properties.tables import buildings, companies, compounds
from services.storage.tables import (
    BYTEWISE,
    KEEPING,
    METADATA,
    PRIVILEGES,
    RANGE,
    aliased,
    identified,
    part_of,
    versioned,
)
from services.terms import holds_today, on, today

MOST = 1_000_000  # people asked what they think of it
STEP = Enum(Step, name="matter_step")
_DUE = (
    "num_nonnulls(due_on, due_after) = CASE WHEN {} IN ('SETTLED', 'DROPPED') THEN 0 ELSE 1 END"
    " AND num_nonnulls(due_after, due_left) <> 1 AND due_left > 0"
)


class Source(Described):
    """议题来源 / Where a matter comes from."""

    SUGGESTION = "SUGGESTION", "建议 / A suggestion."
    SURVEY = "SURVEY", "问卷 / A survey."
    WHISTLE = "WHISTLE", "吹哨 / A community's whistle."
    VISIT = "VISIT", "走访 / A visit."
    WINDOW = "WINDOW", "窗口 / The service window."


# `working_days`: in how many the step it leads to is to be over. `action`: the right to it, of `matter`.
ways = Table(
    "matter_way",
    METADATA,
    identified(),
    Column("from_step", STEP, nullable=False),
    Column("to_step", STEP, nullable=False),
    Column("action", BYTEWISE, nullable=False),
    Column("reason_owed", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    Column("working_days", Integer),
    UniqueConstraint("from_step", "to_step"),
    info={PRIVILEGES: ("SELECT",)},
)

# `stepped_on` is when the present step began, `due_on` when it is to be over, as it was counted then, or once a year is
# loaded. `carried_out_on` is when the assessment began of what is not to be done once more. The compound lies in the
# unit or below; where it leaves, it takes the matter along (migration 0071).
matters = Table(
    "matter",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("compound_id", ForeignKey(compounds.c.id)),
    Column("title", Text, nullable=False),
    Column("detail", Text),
    Column("source", Enum(Source, name="matter_source"), nullable=False),
    Column("proposed_on", Date, nullable=False),
    Column("step", STEP, nullable=False, server_default="PROPOSED"),
    Column("stepped_on", Date, nullable=False),
    *deadline(),
    Column("carried_out_on", Date),
    Column("asked", Integer, info={RANGE: (1, MOST)}),
    Column("satisfied", Integer, info={RANGE: (0, MOST)}),
    versioned(),
    CheckConstraint("title <> ''", name="title"),
    CheckConstraint("stepped_on >= proposed_on AND carried_out_on BETWEEN proposed_on AND stepped_on", name="days"),
    CheckConstraint(_DUE.format("step"), name="due"),
    CheckConstraint("(carried_out_on IS NULL) = (step NOT IN ('ASSESSING', 'SETTLED'))", name="carried_out"),
    CheckConstraint("num_nonnulls(asked, satisfied) = CASE step WHEN 'SETTLED' THEN 2 ELSE 0 END", name="assessed"),
    CheckConstraint(f"asked BETWEEN 1 AND {MOST} AND satisfied BETWEEN 0 AND asked", name="outcome"),
    UniqueConstraint("id", "unit_path"),
    Index("matter_unit_idx", "unit_path", "proposed_on"),
    Index("matter_compound_idx", "compound_id"),
    info={WAITS: DUE, KEEPING: ("议题", "matters")},
)

# From the first, numbered 1. `due_on` is when the step it left was to be over, and may wait for a year as well.
# `account_id` is who recorded it, and `recorded_at` when; `moved_on` is the day it was of.
moves = Table(
    "matter_move",
    METADATA,
    identified(),
    *part_of(matters, "matter_id"),
    Column("number", Integer, nullable=False),
    Column("from_step", STEP, nullable=False),
    Column("to_step", STEP, nullable=False),
    Column("moved_on", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("account_id", ForeignKey(accounts.c.id), nullable=False),
    Column("reason", Text),
    *deadline(),
    Column("asked", Integer, info={RANGE: (1, MOST)}),
    Column("satisfied", Integer, info={RANGE: (0, MOST)}),
    ForeignKeyConstraint(["from_step", "to_step"], [ways.c.from_step, ways.c.to_step]),
    CheckConstraint(_DUE.format("from_step"), name="due"),
    CheckConstraint("num_nonnulls(asked, satisfied) = CASE to_step WHEN 'SETTLED' THEN 2 ELSE 0 END", name="assessed"),
    CheckConstraint(f"asked BETWEEN 1 AND {MOST} AND satisfied BETWEEN 0 AND asked", name="outcome"),
    UniqueConstraint("matter_id", "number"),
    Index("matter_move_account_idx", "account_id"),
    Index("matter_move_unit_idx", "unit_path", "moved_on"),
    info={
        PRIVILEGES: ("SELECT", "INSERT", "UPDATE (unit_path, moved_on, reason, due_on, due_after, due_left)"),
        WAITS: DUE,
    },
)

_PASSED = ("该议题刚刚由他人处理，请重新查看。", "Someone has moved the matter on in the meantime; look again.")
RULES: Mapping[str, Rule] = {
    "matter_move_from_step_to_step_fkey": Rule(
        "matter", "不能越过环节。", "No step can be skipped.", ProblemCode.INVALID
    ),
    "matter_move_matter_id_number_key": Rule("matter", *_PASSED),
    "matter_way_check": Rule("matter", *_PASSED),
    "matter_compound_check": Rule(
        "compound", "该小区不在此单元。", "The compound does not lie in this unit.", ProblemCode.OUT_OF_REACH
    ),
    # Nobody strikes out what was taken up.
    "matter_compound_id_fkey": Rule(
        "compound",
        "该小区有议题，不能删除，可以停用。",
        "Matters are about the compound: it can be closed, and not struck out.",
        ProblemCode.CLOSED,
    ),
}


# --- who sees them ----------------------------------------------------------------------------------------------------


def reached(matter: Any) -> Select[Any]:
    """The members a matter concerns: those who serve in its unit or below."""
    member = aliased(members)
    found = select(member.c.id).where(func.starts_with(member.c.unit_path, matter.unit_path))
    return found.correlate_except(member)


def buildings_of(compound: Any) -> Select[Any]:
    """The buildings of a compound, by its id."""
    building = aliased(buildings)
    return select(building.c.id).where(building.c.compound_id == compound).correlate_except(building)


def captains_in(compound: Any) -> Select[Any]:
    """The members who are captains in a compound today."""
    building, term = aliased(buildings), aliased(captain_terms)
    here = select(term.c.member_id).join_from(term, building, building.c.id == term.c.building_id)
    found = here.where(building.c.compound_id == compound, holds_today(term.c))
    return found.correlate_except(building, term)


def compound_of(move: Any) -> ColumnElement[Any]:
    """The compound that the matter of a move is about."""
    of = aliased(matters)
    return select(of.c.compound_id).where(of.c.id == move.matter_id).correlate_except(of).scalar_subquery()


def has_moved(matter: Any) -> ColumnElement[bool]:
    """Whether a matter, by its id, was moved at all."""
    of = aliased(moves)
    return select(of.c.id).where(of.c.matter_id == matter).correlate_except(of).exists()


def everywhere(column: Any) -> Select[Any]:
    """Every key of a kind of seat: the way is nobody's, and whoever reads matters reads it."""
    of = aliased(column.table)
    return select(of.c[column.key]).correlate_except(of)


SEATS = {"unit": units.c.path, "company": companies.c.id, "building": buildings.c.id, "member": members.c.id}


# --- when they count --------------------------------------------------------------------------------------------------


def is_late(matter: Any) -> ColumnElement[bool]:
    """Whether the present step should have been over before today; not what has none to be over by."""
    return func.coalesce(matter.due_on < today(), False)


def days_late(due_on: Any, until: Any) -> ColumnElement[Any]:
    """By how many days, weekends included, a day lies after the one something was due; 0 for none."""
    return cast(func.greatest(func.coalesce(until - due_on, 0), 0, type_=Integer()), Integer)


def proposed(matter: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a matter was proposed by a day."""
    was: ColumnElement[bool] = matter.proposed_on <= on(day)
    return was


def suggested(matter: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether it was, by a suggestion."""
    return and_(matter.source == Source.SUGGESTION, proposed(matter, day))


def carried_out(matter: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a matter was carried out by a day, and is not to be once more."""
    was: ColumnElement[bool] = matter.carried_out_on <= on(day)
    return was


def settled(matter: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a matter was settled by a day, and was not reopened since."""
    return and_(matter.step == Step.SETTLED, matter.stepped_on <= on(day))
