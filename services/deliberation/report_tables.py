"""Reports 每季公示、半年问询、年终评议 on a unit's deliberation, each of a period that is over.

What is put right of a report is a further edition with its reason; the former stay, but for names erased from them,
which their version counts.
Its numbers are of the unit's matters and its grids', counted when it was first published, and stay as they were counted
through every edition. As with deliberation days, a report is of the unit it was made for (`of_id`), whatever that was
merged into since.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Enum,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    case,
    func,
    select,
)

from services.deliberation.day_tables import of_former
from services.described import Described
from services.errors import ProblemCode, Rule
from services.organization.tables import units
from services.properties.tables import Grade
from services.storage.references import NAMES
from services.storage.tables import BYTEWISE, METADATA, PRIVILEGES, RANGE, aliased, identified, versioned
from services.terms import on


class DeliberationReportKind(Described):
    """议事报告种类 / The reports on deliberation."""

    QUARTER = "QUARTER", "每季公示 / A quarter's publication."
    HALF_YEAR = "HALF_YEAR", "半年问询 / A half-year's query."
    YEAR = "YEAR", "年终评议 / A year's assessment, by the town."


MONTHS = {DeliberationReportKind.QUARTER: 3, DeliberationReportKind.HALF_YEAR: 6, DeliberationReportKind.YEAR: 12}
# The first day after the period.
AFTER = (
    "make_date(year, 1, 1) + make_interval(months => number"
    " * CASE kind WHEN 'QUARTER' THEN 3 WHEN 'HALF_YEAR' THEN 6 ELSE 12 END)"
)

reports = Table(
    "deliberation_report",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("of_id", Uuid, nullable=False, info={NAMES: ("org_unit",)}),
    Column("kind", Enum(DeliberationReportKind, name="deliberation_report_kind"), nullable=False),
    Column("year", Integer, nullable=False, info={RANGE: (2000, 2100)}),
    Column("number", Integer, nullable=False, info={RANGE: (1, 4)}),
    Column("edition", Integer, nullable=False, server_default="1"),
    Column("published_on", Date, nullable=False),
    Column("text", Text, nullable=False),
    Column("grade", Enum(Grade, name="assessment_grade")),
    Column("reason", Text),
    Column("proposed", Integer, nullable=False),
    Column("carried_out", Integer, nullable=False),
    Column("late", Integer, nullable=False),
    versioned(),
    CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
    CheckConstraint(
        "number BETWEEN 1 AND CASE kind WHEN 'QUARTER' THEN 4 WHEN 'HALF_YEAR' THEN 2 ELSE 1 END", name="number"
    ),
    CheckConstraint(f"published_on >= {AFTER}", name="over"),
    CheckConstraint("(grade IS NULL) = (kind <> 'YEAR')", name="grade"),
    CheckConstraint("least(proposed, carried_out, late) >= 0", name="counted"),
    CheckConstraint("edition >= 1 AND (reason IS NULL) = (edition = 1)", name="edition"),
    UniqueConstraint("of_id", "kind", "year", "number", "edition"),
    Index("deliberation_report_unit_idx", "unit_path", "published_on"),
    info={PRIVILEGES: ("SELECT", "INSERT", "UPDATE (unit_path, text, reason, version)")},
)

RULES: Mapping[str, Rule] = {
    "deliberation_report_of_id_kind_year_number_edition_key": Rule(
        "year", "该期已有报告，请更正。", "There is a report of that period already: correct it.", ProblemCode.TAKEN
    ),
    "deliberation_report_over_check": Rule("report", "该期尚未结束。", "The period is not over.", ProblemCode.INVALID),
}


def is_current(row: Any) -> ColumnElement[bool]:
    """Whether it is what its unit says of a period today: of two units that were merged, the one left."""
    return and_(is_latest(row), ~of_former(row))


def is_latest(row: Any, day: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Whether, by a day, no later edition of a report was published."""
    later = aliased(reports)
    same = (later.c[name] == getattr(row, name) for name in ("of_id", "kind", "year", "number"))
    after = (*same, later.c.edition > row.edition, later.c.published_on <= on(day))
    return and_(row.published_on <= on(day), ~select(later.c.id).where(*after).correlate_except(later).exists())


def begins_on(row: Any) -> ColumnElement[Any]:
    """The first day of a report's period."""
    return func.make_date(row.year, (row.number - 1) * _months(row) + 1, 1, type_=Date())


def ends_on(row: Any) -> ColumnElement[Any]:
    """Its last day."""
    month = row.number * _months(row)
    return func.make_date(row.year, month, case((month.in_((6, 9)), 30), else_=31), type_=Date())


def _months(row: Any) -> ColumnElement[Any]:
    return case(*((row.kind == kind, months) for kind, months in MONTHS.items()))
