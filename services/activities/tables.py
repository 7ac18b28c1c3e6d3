"""Activities 活动 and home days 回家日, who signed up and who came, and the residents' teams that organize some.

An activity is for the members of its unit and all below. Sign-ups never exceed its capacity: every command that changes
them holds the activity's row, and the database counts them once more (migration 0042). Who came is recorded once.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    and_,
    cast,
    extract,
    func,
    select,
    text,
)

from services.described import Described
from services.errors import ProblemCode, Rule
from services.members.tables import members
from services.organization.tables import units
from services.storage.tables import BYTEWISE, METADATA, RANGE, aliased, identified, numbered, part_of, versioned
from services.terms import on

MOST = 100_000  # places of an activity, people in a team


class ActivityKind(Described):
    """活动类别：回家日、其他 / A home day, or another activity."""

    HOME_DAY = (
        "HOME_DAY",
        "回家日：每月最后一个星期日，或另定的一日 / Home day: the last Sunday of a month, or another day that is set.",
    )
    OTHER = "OTHER", "其他邻里活动 / Another activity of neighbours."


class ActivityForm(Described):
    """活动形式：线下、线上、两者兼有 / On site, streamed, or both."""

    ON_SITE = "ON_SITE", "线下 / On site."
    STREAMED = "STREAMED", "线上直播 / Streamed."
    BOTH = "BOTH", "线下并直播 / On site and streamed."


class ActivityStatus(Described):
    """活动状态：已发布、已取消 / Published, or cancelled for good."""

    PUBLISHED = "PUBLISHED", "已发布 / Published."
    CANCELLED = "CANCELLED", "已取消，不可恢复 / Cancelled, which is final."


class SignUpStatus(Described):
    """报名状态：已报名、候补、已取消 / Signed up, waiting for a place, or cancelled."""

    SIGNED_UP = "SIGNED_UP", "已报名 / Signed up."
    WAITING = "WAITING", "候补，有名额时按先后递补 / Waiting; moves up in turn when a place is free."
    CANCELLED = "CANCELLED", "已取消 / Cancelled."


class CheckIn(Described):
    """签到方式：扫码、由组织者登记 / By the code shown there, or by the organizer."""

    CODE = "CODE", "凭现场签到码 / By the code shown on the spot."
    ORGANIZER = "ORGANIZER", "由组织者登记 / By the organizer, as for someone without a telephone."


# Residents are no members: of a team there is a head count, and the member to ask.
teams = Table(
    "residents_team",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    *numbered(),
    Column("kind", Text, nullable=False),
    Column("head_count", Integer, nullable=False, server_default="0", info={RANGE: (0, MOST)}),
    Column("member_id", ForeignKey(members.c.id)),
    Column("closed_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("kind <> ''", name="kind"),
    CheckConstraint(f"head_count BETWEEN 0 AND {MOST}", name="head_count"),
    Index(
        "residents_team_unit_path_folded_key",
        "unit_path",
        "folded",
        unique=True,
        postgresql_where=text("closed_on IS NULL"),
    ),
    Index("residents_team_unit_idx", "unit_path", "id"),
    Index("residents_team_member_idx", "member_id"),
)

activities = Table(
    "activity",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Enum(ActivityKind, name="activity_kind"), nullable=False),
    Column("form", Enum(ActivityForm, name="activity_form"), nullable=False),
    Column("begins_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("venue", Text),
    Column("capacity", Integer, info={RANGE: (1, MOST)}),
    Column("sign_up_closes_at", DateTime(timezone=True), nullable=False),
    Column("status", Enum(ActivityStatus, name="activity_status"), nullable=False, server_default="PUBLISHED"),
    Column("cancel_reason", Text),
    Column("team_id", ForeignKey(teams.c.id)),
    versioned(),
    CheckConstraint("title <> ''", name="title"),
    CheckConstraint("ends_at > begins_at", name="ends_at"),
    CheckConstraint("sign_up_closes_at <= begins_at", name="sign_up_closes_at"),
    CheckConstraint("venue IS NOT NULL OR form = 'STREAMED'", name="venue"),
    CheckConstraint(f"capacity BETWEEN 1 AND {MOST}", name="capacity"),
    CheckConstraint("(status = 'CANCELLED') = (cancel_reason IS NOT NULL)", name="cancel_reason"),
    UniqueConstraint("id", "unit_path"),
    Index("activity_unit_idx", "unit_path", "begins_at"),
    Index("activity_team_idx", "team_id"),
)

# `at` is when they came to their place in the line: who cancels and comes again stands at its end.
sign_ups = Table(
    "activity_sign_up",
    METADATA,
    identified(),
    *part_of(activities, "activity_id"),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    Column("status", Enum(SignUpStatus, name="sign_up_status"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    versioned(),
    UniqueConstraint("activity_id", "member_id"),
    Index("activity_sign_up_line_idx", "activity_id", "status", "at"),
    Index("activity_sign_up_member_idx", "member_id", "at"),
    Index("activity_sign_up_unit_idx", "unit_path", "id"),
)

attendances = Table(
    "activity_attendance",
    METADATA,
    identified(),
    *part_of(activities, "activity_id"),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    Column("by", Enum(CheckIn, name="activity_check_in"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    versioned(),
    UniqueConstraint("activity_id", "member_id"),
    Index("activity_attendance_member_idx", "member_id", "at"),
    Index("activity_attendance_unit_idx", "unit_path", "id"),
)

FULL = "activity_taken_check"
RULES: Mapping[str, Rule] = {
    "residents_team_unit_path_folded_key": Rule(
        "name", "该单元已有同名队伍。", "The unit has a team of this name already.", ProblemCode.TAKEN
    ),
    FULL: Rule(
        "capacity", "名额不能少于已报名人数。", "There are more sign-ups than places.", ProblemCode.OUT_OF_REACH
    ),
    "activity_final_check": Rule(
        "activity", "活动已取消，不可恢复。", "It is cancelled, which is final.", ProblemCode.CLOSED
    ),
    "activity_sign_up_activity_id_member_id_key": Rule(
        "activity", "已经报名。", "They signed up already.", ProblemCode.TAKEN
    ),
    "activity_attendance_activity_id_member_id_key": Rule(
        "activity", "已经签到。", "They are checked in already.", ProblemCode.TAKEN
    ),
}


# --- whom an activity is for, and what is counted ---------------------------------------------------------------------


def invited(path: Any) -> Select[Any]:
    """The members an activity is for, by its unit's path: those who serve there or below."""
    member = aliased(members)
    return select(member.c.id).where(func.starts_with(member.c.unit_path, path)).correlate_except(member)


def team_name(team: Any) -> ColumnElement[Any]:
    """A team's name, by its id."""
    of = aliased(teams)
    return select(of.c.name).where(of.c.id == team).correlate_except(of).scalar_subquery()


def held(attendance: Any) -> ColumnElement[bool]:
    """Whether an activity somebody came to was not cancelled by its end: to another nobody counts as having come."""
    of = aliased(activities)
    found = select(of.c.status == ActivityStatus.PUBLISHED).where(of.c.id == attendance.activity_id)
    return found.correlate_except(of).scalar_subquery()


def day_of(moment: Any) -> ColumnElement[Any]:
    """The day of a moment, where the sessions are."""
    return cast(moment, Date)


def in_its_year(moment: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a moment lies in the year of a day, at its end at latest."""
    return and_(day_of(moment) <= on(day), extract("year", day_of(moment)) == extract("year", on(day)))
