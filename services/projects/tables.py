"""Projects: those for the public 为民办实事, of units and departments, and neighbour projects 近邻项目, of posts.

A project is planned in phases whose weights come to 100 once it has started; how far it is follows from these. What is
paid is a ledger: no row of it changes or goes, and what was wrong is put right by a further one. The database adds it
up in `spent`, which never exceeds the budget, and keeps all of this by itself (migrations 0062, 0075).

Long because what a table refuses, and what that means to a user, is read beside it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    cast,
    func,
    or_,
    select,
)

from services.appointments.tables import posts
from services.chairs.tables import themes
from services.deliberation.tables import matters
from services.described import Described
from services.errors import ProblemCode, Rule
from services.members.tables import members
from services.organization.tables import units
from services.projects.amounts import YUAN
from services.properties.tables import compounds
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
from services.terms import on

WHOLE = 100  # what the weights of a project's phases come to


class ProjectKind(Described):
    """项目类别：为民办实事、近邻项目 / Kinds of projects."""

    PUBLIC = "PUBLIC", "为民办实事，由单元或部门提出 / For the public, proposed by a unit or a department."
    NEIGHBOUR = "NEIGHBOUR", "近邻项目，由兼职委员或轮值家长提出 / Proposed by a part-time member or a rotating chair."


class ProjectStatus(Described):
    """项目状态：已提出、实施中、已完成、已取消 / What became of a project."""

    PLANNED = "PLANNED", "已提出，未开工 / Proposed, and not started."
    UNDERWAY = "UNDERWAY", "实施中 / Underway."
    DONE = "DONE", "已完成 / Done."
    DROPPED = "DROPPED", "已取消 / Dropped."


class ContributionKind(Described):
    """支持方式：资金、实物或人力 / How a department contributes."""

    MONEY = "MONEY", "资金 / Money."
    IN_KIND = "IN_KIND", "实物或人力 / Goods or work."


# `proposed_by` is a unit or a department, `post_id` the post of whoever proposed a neighbour project, `matter_id` the
# matter that led to it, `theme_id` the theme of a rotating chair it is part of. A project stays with its unit, wherever
# the compound it is for goes.
projects = Table(
    "project",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("compound_id", ForeignKey(compounds.c.id)),
    Column("kind", Enum(ProjectKind, name="project_kind"), nullable=False),
    Column("name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("proposed_by", Text),
    Column("post_id", ForeignKey(posts.c.id)),
    Column("matter_id", ForeignKey(matters.c.id)),
    Column("theme_id", ForeignKey(themes.c.id)),
    Column("proposed_on", Date, nullable=False),
    Column("planned_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("started_on", Date),
    Column("done_on", Date),
    Column("dropped_on", Date),
    Column("drop_reason", Text),
    Column("status", Enum(ProjectStatus, name="project_status"), nullable=False, server_default="PLANNED"),
    Column("budget", YUAN, nullable=False),
    Column("spent", YUAN, nullable=False, server_default="0"),
    versioned(),
    CheckConstraint("name <> '' AND purpose <> '' AND proposed_by <> ''", name="name"),
    CheckConstraint(
        "(kind = 'PUBLIC') = (post_id IS NULL) AND (kind = 'PUBLIC') = (proposed_by IS NOT NULL)", name="by"
    ),
    CheckConstraint("due_on >= planned_on", name="due"),
    CheckConstraint("done_on >= started_on", name="done"),
    CheckConstraint(
        "(done_on IS NOT NULL) = (status = 'DONE') AND num_nulls(dropped_on, drop_reason) <> 1"
        " AND (dropped_on IS NOT NULL) = (status = 'DROPPED')"
        " AND (status = 'DROPPED' OR (started_on IS NULL) = (status = 'PLANNED'))",
        name="status",
    ),
    CheckConstraint("budget > 0", name="budget"),
    CheckConstraint("spent BETWEEN 0 AND budget", name="spent"),
    UniqueConstraint("id", "unit_path"),
    Index("project_unit_idx", "unit_path", "id"),
    Index("project_matter_idx", "matter_id"),
    Index("project_theme_idx", "theme_id"),
    Index("project_compound_idx", "compound_id"),
    Index("project_post_idx", "post_id"),
    info={KEEPING: ("项目", "projects")},
)


phases = Table(
    "project_phase",
    METADATA,
    identified(),
    *part_of(projects, "project_id"),
    Column("name", Text, nullable=False),
    Column("weight", Integer, nullable=False, info={RANGE: (1, WHOLE)}),
    Column("due_on", Date, nullable=False),
    Column("done_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint(f"weight BETWEEN 1 AND {WHOLE}", name="weight"),
    UniqueConstraint("project_id", "name"),
    Index("project_phase_unit_idx", "unit_path", "id"),
)

# `corrects_id` is the payment a further one puts right. A name that should not be there is taken out of `purpose`.
payments = Table(
    "project_payment",
    METADATA,
    identified(),
    *part_of(projects, "project_id"),
    Column("amount", YUAN, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("recorded_on", Date, nullable=False),
    Column("corrects_id", Uuid),
    ForeignKeyConstraint(
        ["corrects_id", "project_id"],
        ["project_payment.id", "project_payment.project_id"],
        name="project_payment_corrects_fkey",
    ),
    CheckConstraint("amount > 0 OR (amount < 0 AND corrects_id IS NOT NULL)", name="amount"),
    CheckConstraint("purpose <> ''", name="purpose"),
    UniqueConstraint("id", "project_id"),
    Index("project_payment_project_idx", "project_id", "paid_on"),
    Index("project_payment_corrects_idx", "corrects_id"),
    Index("project_payment_unit_idx", "unit_path", "paid_on"),
    info={PRIVILEGES: ("SELECT", "INSERT", "UPDATE (unit_path, purpose)")},
)

contributions = Table(
    "project_contribution",
    METADATA,
    identified(),
    *part_of(projects, "project_id"),
    Column("department", Text, nullable=False),
    Column("kind", Enum(ContributionKind, name="contribution_kind"), nullable=False),
    Column("text", Text, nullable=False),
    Column("amount", YUAN),
    Column("promised_on", Date, nullable=False),
    Column("delivered_on", Date),
    versioned(),
    CheckConstraint("department <> '' AND text <> ''", name="text"),
    CheckConstraint("(kind = 'MONEY') = (amount IS NOT NULL) AND amount > 0", name="amount"),
    CheckConstraint("delivered_on >= promised_on", name="delivered"),
    Index("project_contribution_project_idx", "project_id", "promised_on"),
    Index("project_contribution_unit_idx", "unit_path", "id"),
)

_SPENT = (
    "支出合计不能超过预算，更正后也不能小于零。",
    "What is paid never exceeds the budget, nor is less than nothing.",
)
RULES: Mapping[str, Rule] = {
    "project_post_id_fkey": Rule(
        "post", "该任职期内提出过近邻项目。", "A neighbour project was proposed in this post.", ProblemCode.CLOSED
    ),
    "project_theme_id_fkey": Rule(
        "theme",
        "该主题下有项目，请先更正项目。",
        "Projects are part of the theme: correct them first.",
        ProblemCode.CLOSED,
    ),
    "project_due_check": Rule(
        "due_on", "期限不能早于计划开工。", "It cannot be due before it is to start.", ProblemCode.INVALID
    ),
    "project_done_check": Rule(
        "on", "不能在开工之前完成。", "It cannot be done before it starts.", ProblemCode.INVALID
    ),
    "project_spent_check": Rule("amount", *_SPENT, ProblemCode.INVALID),
    "project_phase_project_id_name_key": Rule("name", "该项目已有同名阶段。", "The project has a phase of this name."),
    "project_phase_weights_check": Rule(
        "phases", "各阶段权重之和须为 100。", "The weights of the phases come to 100.", ProblemCode.INVALID
    ),
    "project_phase_due_check": Rule(
        "due_on", "各阶段须在项目工期之内。", "The phases lie within the project's time.", ProblemCode.INVALID
    ),
    "project_payment_run_check": Rule(
        "project",
        "项目当日不在实施中。",
        "The project was not underway on that day.",
        ProblemCode.CLOSED,
    ),
    "project_contribution_delivered_check": Rule(
        "on", "不能在承诺之前落实。", "It cannot be delivered before it is promised.", ProblemCode.INVALID
    ),
}


# --- how far a project is ---------------------------------------------------------------------------------------------

Day = ColumnElement[Any] | None


def _weights(project: Any, which: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[int]:
    phase = aliased(phases)
    found = select(func.coalesce(func.sum(phase.c.weight), 0)).where(phase.c.project_id == project.id, which(phase.c))
    return cast(found.correlate_except(phase).scalar_subquery(), Integer)


def progress(project: Any, day: Day = None) -> ColumnElement[int]:
    """The weights of the phases that were reached by a day, in per cent."""
    return _weights(project, lambda phase: phase.done_on <= on(day))


def all_reached(project: Any) -> ColumnElement[bool]:
    """Whether no phase of it is still to be reached: it can be finished."""
    phase = aliased(phases)
    left = select(phase.c.id).where(phase.c.project_id == project.id, phase.c.done_on.is_(None))
    return ~left.correlate_except(phase).exists()


def planned_progress(project: Any, day: Day = None) -> ColumnElement[int]:
    """The weights of those that were due by a day."""
    return _weights(project, lambda phase: phase.due_on <= on(day))


def is_ahead(project: Any, day: Day = None) -> ColumnElement[bool]:
    """超时序: whether it is further on a day than was planned by then; of what was done before, on the day it was."""
    then = func.least(on(day), project.done_on)  # which leaves out what is null
    runs = and_(project.started_on.is_not(None), project.started_on <= on(day), stands(project, day))
    return and_(runs, progress(project, then) > planned_progress(project, then))


def stands(project: Any, day: Day = None) -> ColumnElement[bool]:
    """Whether it was proposed by a day, and not dropped by then."""
    return and_(project.proposed_on <= on(day), or_(project.dropped_on.is_(None), project.dropped_on > on(day)))


def is_done(project: Any, day: Day = None) -> ColumnElement[bool]:
    """Whether it was done by a day."""
    return and_(project.done_on.is_not(None), project.done_on <= on(day))


# --- who sees it, and what its rows are told with ---------------------------------------------------------------------


def reached(row: Any) -> Select[Any]:
    """The members who serve where it is, or below."""
    member = aliased(members)
    return select(member.c.id).where(func.starts_with(member.c.unit_path, row.unit_path)).correlate_except(member)


def project_name(project: Any) -> ColumnElement[Any]:
    """A project's name, by its id."""
    of = aliased(projects)
    return select(of.c.name).where(of.c.id == project).correlate_except(of).scalar_subquery()


def has_status(project: Any, *states: ProjectStatus) -> ColumnElement[bool]:
    """Whether a project, by its id, is in one of these states."""
    of = aliased(projects)
    held = or_(*(of.c.status == state for state in states))
    return select(of.c.id).where(of.c.id == project, held).correlate_except(of).exists()
