"""Deliberation days 议事日 and the analysis meetings 分析研判会 about what was proposed on them.

A day belongs to the unit it was counted for, `of_id`, whatever that was merged into since: where two units become one,
both keep the days they had. The database fills it in (migration 0066). An analysis meeting carries its day's date along
so that it never comes before it, also where the day is moved.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    extract,
    select,
)

from services.errors import ProblemCode, Rule
from services.organization.tables import units
from services.storage.references import NAMES
from services.storage.tables import BYTEWISE, METADATA, RANGE, aliased, identified, versioned
from services.terms import on

MOST_CAME, MOST_MATTERS = 100_000, 10_000

# `first_working_day` is as it was counted once; `held_on` is another day of that month where there is a reason.
# `proposed` is how many matters the month had in the unit and its grids when it was recorded how many came.
days = Table(
    "deliberation_day",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("of_id", Uuid, nullable=False, info={NAMES: ("org_unit",)}),
    Column("year", Integer, nullable=False, info={RANGE: (2000, 2100)}),
    Column("month", Integer, nullable=False, info={RANGE: (1, 12)}),
    Column("first_working_day", Date, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("reason", Text),
    Column("came", Integer, info={RANGE: (0, MOST_CAME)}),
    Column("proposed", Integer),
    versioned(),
    CheckConstraint("year BETWEEN 2000 AND 2100 AND month BETWEEN 1 AND 12", name="year"),
    CheckConstraint(
        "extract(year FROM first_working_day) = year AND extract(month FROM first_working_day) = month"
        " AND extract(year FROM held_on) = year AND extract(month FROM held_on) = month",
        name="in_month",
    ),
    CheckConstraint("held_on = first_working_day OR reason IS NOT NULL", name="said"),
    CheckConstraint(f"came BETWEEN 0 AND {MOST_CAME}", name="came"),
    CheckConstraint("(came IS NULL) = (proposed IS NULL) AND proposed >= 0", name="counted"),
    UniqueConstraint("of_id", "year", "month"),
    UniqueConstraint("id", "unit_path", "held_on"),
    Index("deliberation_day_unit_idx", "unit_path", "held_on"),
)

analyses = Table(
    "analysis_meeting",
    METADATA,
    identified(),
    Column("day_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("day_on", Date, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("looked_at", Integer, nullable=False, info={RANGE: (1, MOST_MATTERS)}),
    Column("taken_up", Integer, nullable=False, info={RANGE: (0, MOST_MATTERS)}),
    Column("dropped", Integer, nullable=False, info={RANGE: (0, MOST_MATTERS)}),
    versioned(),
    ForeignKeyConstraint(
        ["day_id", "unit_path", "day_on"], [days.c.id, days.c.unit_path, days.c.held_on], onupdate="CASCADE"
    ),
    CheckConstraint("held_on >= day_on", name="order"),
    CheckConstraint(
        f"looked_at BETWEEN 1 AND {MOST_MATTERS} AND taken_up >= 0 AND dropped >= 0"
        " AND taken_up + dropped <= looked_at",
        name="matters",
    ),
    UniqueConstraint("day_id", "held_on"),
    Index("analysis_meeting_unit_idx", "unit_path", "held_on"),
)

RULES: Mapping[str, Rule] = {
    "deliberation_day_of_id_year_month_key": Rule(
        "year",
        "该年议事日刚刚由他人排定，请重新查看。",
        "Someone has scheduled that year in the meantime; look again.",
        ProblemCode.TAKEN,
    ),
    "analysis_meeting_day_id_unit_path_day_on_fkey": Rule(
        "day",
        "该议事日有分析研判会，请先删除。",
        "There are analysis meetings of this day: strike them out first.",
        ProblemCode.CLOSED,
    ),
    "analysis_meeting_day_id_held_on_key": Rule(
        "held_on",
        "该议事日当天已有分析研判会记录。",
        "There is an analysis meeting on that day already.",
        ProblemCode.TAKEN,
    ),
    "analysis_meeting_order_check": Rule(
        "held_on",
        "分析研判会不能早于议事日。",
        "No analysis meeting comes before its deliberation day.",
        ProblemCode.INVALID,
    ),
    "analysis_meeting_matters_check": Rule(
        "taken_up",
        "采纳与不采纳之和不能多于研判的件数。",
        "No more can be taken up and dropped than were looked at.",
        ProblemCode.INVALID,
    ),
}


def of_former(row: Any) -> ColumnElement[bool]:
    """Whether a day, or a report, is of a unit that was merged into the one it is found at now."""
    of = aliased(units)
    its_own = select(of.c.id).where(of.c.path == row.unit_path, of.c.id == row.of_id)
    return ~its_own.correlate_except(of).exists()


def was_held(row: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a deliberation day was held by a day, by what is on record."""
    return and_(row.came.is_not(None), row.held_on <= on(day))


def met(row: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether an analysis meeting was held by a day."""
    held: ColumnElement[bool] = row.held_on <= on(day)
    return held


def in_its_month(day: Any, proposed_on: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a day lies in the month of a deliberation day."""
    return and_(extract("year", proposed_on) == day.year, extract("month", proposed_on) == day.month)
