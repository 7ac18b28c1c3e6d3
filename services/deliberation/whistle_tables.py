"""Whistles 哨 of communities for departments 部门, and their steps: what was blown, answered, solved, returned.

A whistle holds where it stands; its steps are the history, which is only added to and which the database compares with
it once more when a command is over (migration 0067). Nothing happens at midnight: the days on which a late whistle is
the town's and the county's concern are counted when a limit begins, or once a year is loaded. Whether it is follows
from them, from what was done by then, and from today.
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
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    func,
    select,
)

from services.access.tables import accounts
from services.calendar.tables import DUE, WAITS, Waits, deadline
from services.deliberation.limits import AFTER, LIMITS, counted_on
from services.deliberation.tables import matters
from services.departments.tables import departments
from services.described import Described
from services.errors import ProblemCode, Rule
from services.organization.tables import units
from services.storage.tables import BYTEWISE, METADATA, PRIVILEGES, RANGE, aliased, identified, part_of, versioned

MOST_ANSWER, MOST_SOLVE = 30, 90  # working days


class WhistleStatus(Described):
    """吹哨状态 / Where a whistle stands."""

    BLOWN = "BLOWN", "待报到 / The department has yet to report."
    ANSWERED = "ANSWERED", "已报到 / The department has reported, and deals with it."
    SOLVED = "SOLVED", "已解决，待社区确认 / Solved, by what the department says."
    RETURNED = "RETURNED", "已退回：部门认为不归其管 / Returned: it is not theirs, the department says."
    CONFIRMED = "CONFIRMED", "社区已确认，了结 / Confirmed by who blew it: it is over."
    REOPENED = "REOPENED", "已重开，待再次报到 / Reopened: the department has to report anew."


class WhistleAction(Described):
    """吹哨的一步 / What was done about a whistle."""

    BLOWN = "BLOWN", "吹哨 / It was blown."
    ANSWERED = "ANSWERED", "报到 / The department reported."
    SOLVED = "SOLVED", "解决 / The department said that it is solved."
    RETURNED = "RETURNED", "退回 / The department returned it."
    TRANSFERRED = "TRANSFERRED", "转派另一部门 / It went to another department."
    CONFIRMED = "CONFIRMED", "确认 / Who blew it confirmed that it is over."
    REOPENED = "REOPENED", "重开 / It was reopened."


class Escalation(Described):
    """逾期上报至 / To whom a late whistle was escalated."""

    TOWN = "TOWN", "乡镇、街道 / The town."
    COUNTY = "COUNTY", "县 / The county."


AWAITED = (WhistleStatus.BLOWN, WhistleStatus.REOPENED)  # the department has yet to report
RUNNING = (*AWAITED, WhistleStatus.ANSWERED, WhistleStatus.RETURNED)  # the second limit runs
OVER = WhistleStatus.CONFIRMED
# From where each step leads on; the function of migration 0067 says the same of what came before it.
FROM: Mapping[WhistleAction, tuple[WhistleStatus, ...]] = {
    WhistleAction.ANSWERED: AWAITED,
    WhistleAction.SOLVED: (WhistleStatus.ANSWERED,),
    WhistleAction.RETURNED: (*AWAITED, WhistleStatus.ANSWERED),
    WhistleAction.TRANSFERRED: RUNNING,
    WhistleAction.CONFIRMED: (WhistleStatus.SOLVED, WhistleStatus.RETURNED),
    WhistleAction.REOPENED: (WhistleStatus.SOLVED, WhistleStatus.CONFIRMED),
}

_WAITS = (
    "num_nonnulls({0}_county_on, {0}_after) = 1 AND num_nonnulls({0}_after, {0}_left) <> 1 AND {0}_left > 0"
    " AND ({0}_due_on IS NULL) = ({0}_town_on IS NULL) AND ({0}_due_on IS NOT NULL OR {0}_county_on IS NULL)"
)


def _limit(name: str) -> tuple[Column[Any], ...]:
    days = (Column(f"{name}_{each}", Date) for each in ("due_on", "town_on", "county_on", "after"))
    return *days, Column(f"{name}_left", Integer)


# `answer_…` is of the limit to report, `solve_…` of the one to solve: in how many working days, by when, and from which
# day on it is the town's and the county's concern unless done by then. What waits for a year is null, the last of these
# days or all: it is `…_left` working days after `…_after`. `was_…_on`: since when it was by limits that have begun anew
# since; `of_former`: that all of this was before it was the present department's. `answered_on`, `solved_on` and
# `confirmed_on` are of the present run.
whistles = Table(
    "whistle",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("matter_id", ForeignKey(matters.c.id)),
    Column("department_id", ForeignKey(departments.c.id), nullable=False),
    Column("title", Text, nullable=False),
    Column("detail", Text),
    Column("blown_on", Date, nullable=False),
    Column("status", Enum(WhistleStatus, name="whistle_status"), nullable=False, server_default="BLOWN"),
    Column("answer_days", Integer, nullable=False, info={RANGE: (1, MOST_ANSWER)}),
    *_limit("answer"),
    Column("solve_days", Integer, nullable=False, info={RANGE: (1, MOST_SOLVE)}),
    *_limit("solve"),
    Column("was_town_on", Date),
    Column("was_county_on", Date),
    Column("of_former", Boolean, nullable=False, server_default=false()),
    Column("answered_on", Date),
    Column("solved_on", Date),
    Column("confirmed_on", Date),
    versioned(),
    CheckConstraint("title <> ''", name="title"),
    CheckConstraint(
        f"answer_days BETWEEN 1 AND {MOST_ANSWER} AND solve_days BETWEEN answer_days AND {MOST_SOLVE}", name="limits"
    ),
    CheckConstraint(
        "answer_due_on > blown_on AND answer_town_on > answer_due_on AND answer_county_on >= answer_town_on"
        " AND solve_due_on > blown_on AND solve_town_on > solve_due_on AND solve_county_on >= solve_town_on"
        " AND was_county_on >= was_town_on",
        name="days",
    ),
    *(CheckConstraint(_WAITS.format(name), name=f"{name}_waits") for name in LIMITS),
    CheckConstraint("was_county_on IS NULL OR was_town_on IS NOT NULL", name="was"),
    CheckConstraint("(answered_on IS NULL) = (status IN ('BLOWN', 'REOPENED'))", name="answered"),
    CheckConstraint(
        "CASE status WHEN 'SOLVED' THEN solved_on IS NOT NULL WHEN 'CONFIRMED' THEN true ELSE solved_on IS NULL END",
        name="solved",
    ),
    CheckConstraint("(confirmed_on IS NULL) = (status <> 'CONFIRMED')", name="confirmed"),
    UniqueConstraint("id", "unit_path"),
    Index("whistle_unit_idx", "unit_path", "blown_on"),
    Index("whistle_department_idx", "department_id", "solve_due_on"),
    Index("whistle_matter_idx", "matter_id"),
    info={WAITS: Waits(AFTER, counted_on)},
)

# From the first, numbered 1, which blew it. `department_id` is whose it was from this step on; `due_on` the limit that
# the step was to keep, where it ended one, and may wait for a year as well. `former_town_on`: of a transfer, since when
# it had been the town's concern by the limits of the department it is taken from.
steps = Table(
    "whistle_step",
    METADATA,
    identified(),
    *part_of(whistles, "whistle_id"),
    Column("number", Integer, nullable=False),
    Column("action", Enum(WhistleAction, name="whistle_action"), nullable=False),
    Column("department_id", ForeignKey(departments.c.id), nullable=False),
    Column("taken_on", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("account_id", ForeignKey(accounts.c.id), nullable=False),
    Column("text", Text),
    *deadline(),
    Column("former_town_on", Date),
    CheckConstraint(
        "num_nonnulls(due_on, due_after) < 2 AND num_nonnulls(due_after, due_left) <> 1 AND due_left > 0", name="due"
    ),
    CheckConstraint("former_town_on IS NULL OR action = 'TRANSFERRED' AND former_town_on <= taken_on", name="former"),
    CheckConstraint("text IS NOT NULL OR action NOT IN ('RETURNED', 'TRANSFERRED', 'REOPENED')", name="reason"),
    UniqueConstraint("whistle_id", "number"),
    Index("whistle_step_account_idx", "account_id"),
    Index("whistle_step_department_idx", "department_id"),
    Index("whistle_step_unit_idx", "unit_path", "taken_on"),
    info={PRIVILEGES: ("SELECT", "INSERT", "UPDATE (unit_path, text, due_on, due_after, due_left)"), WAITS: DUE},
)

_PASSED = ("此哨刚刚由他人处理，请重新查看。", "Someone has dealt with the whistle in the meantime; look again.")
RULES: Mapping[str, Rule] = {
    "whistle_steps_check": Rule("whistle", *_PASSED),
    "whistle_step_whistle_id_number_key": Rule("whistle", *_PASSED),
    "whistle_department_check": Rule(
        "department", "该部门已撤销。", "The department is there no more.", ProblemCode.CLOSED
    ),
    "department_whistle_check": Rule(
        "department",
        "该部门还有未了结的哨：请先由社区确认或转派。",
        "Whistles for the department are not over: have them confirmed or transferred first.",
        ProblemCode.CLOSED,
    ),
    "department_whistle_day_check": Rule(
        "on",
        "不能早于该部门最后一次办理吹哨之日。",
        "This cannot lie before the last step of a whistle that was the department's.",
        ProblemCode.INVALID,
    ),
}


# --- who sees them ----------------------------------------------------------------------------------------------------


def department_of(step: Any) -> ColumnElement[Any]:
    """Whose the whistle of a step is today: who it was taken away from sees neither, their own steps included."""
    of = aliased(whistles)
    return select(of.c.department_id).where(of.c.id == step.whistle_id).correlate_except(of).scalar_subquery()


def department_name(whistle: Any) -> ColumnElement[Any]:
    """The name of the department a whistle is for."""
    of = aliased(departments)
    return select(of.c.name).where(of.c.id == whistle.department_id).correlate_except(of).scalar_subquery()


def of_one_that_is_there(whistle: Any) -> ColumnElement[bool]:
    """A whistle of a department that is not closed."""
    of = aliased(departments)
    there = select(of.c.id).where(of.c.id == whistle.department_id, of.c.closed_on.is_(None))
    return there.correlate_except(of).exists()


def without_whistles(department: Any) -> ColumnElement[bool]:
    """A department no whistle is running for: it can be closed."""
    of = aliased(whistles)
    running = select(of.c.id).where(of.c.department_id == department.id, of.c.status != OVER)
    return ~running.correlate_except(of).exists()
