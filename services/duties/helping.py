"""Help teams 近邻帮困团: members who help neighbours in one of four ways, and what is asked of them.

A *request* says what is asked and for whom, in words, and names no row of a person; it is taken by a team, of which a
member does it. The texts are personal: masked in the trail, unsaid with whoever is deleted.
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
    Select,
    Table,
    Text,
    UniqueConstraint,
    and_,
    select,
    text,
)

from services.described import Described
from services.errors import ProblemCode, Rule
from services.members.tables import kept, members
from services.organization.tables import units
from services.storage.correcting import OUTLASTS
from services.storage.tables import (
    BYTEWISE,
    KEEPS,
    METADATA,
    RANGE,
    SERVED,
    aliased,
    folded,
    identified,
    part_of,
    versioned,
)
from services.terms import in_order, moving, on, term

OF_A_DAY = 24 * 60  # minutes
DAYS = 100 * OF_A_DAY  # minutes one request can take at most


class HelpKind(Described):
    """帮困类别：爱心、健康、助学、便民 / In which way neighbours are helped."""

    CARE = "CARE", "爱心 / Care."
    HEALTH = "HEALTH", "健康 / Health."
    TUTORING = "TUTORING", "助学（近邻学堂） / Tutoring."
    CONVENIENCE = "CONVENIENCE", "便民 / Repairs, haircuts and the like."


class HelpStatus(Described):
    """求助状态：待接、已接、已办结、已撤销 / What became of a request: open, taken, done, dropped."""

    OPEN = "OPEN", "待接 / Open."
    TAKEN = "TAKEN", "已接 / Taken by a team."
    DONE = "DONE", "已办结 / Done."
    DROPPED = "DROPPED", "已撤销 / Dropped."


teams = Table(
    "help_team",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("kind", Enum(HelpKind, name="help_kind"), nullable=False),
    Column("name", Text, nullable=False),
    folded(),
    Column("closed_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    UniqueConstraint("id", "unit_path"),
    Index(
        "help_team_unit_path_folded_key", "unit_path", "folded", unique=True, postgresql_where=text("closed_on IS NULL")
    ),
    Index("help_team_unit_idx", "unit_path", "id"),
)

IN_TEAM = kept(
    "该党员此日之后仍在帮困团，请先退出。",
    "The member is in a help team after this day: end that first.",
)

# Excluded by constraint: one member in a team twice at once.
team_terms = Table(
    "help_team_member",
    METADATA,
    identified(),
    *part_of(teams, "team_id"),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    *term(),
    *moving(),
    versioned(),
    in_order(),
    Index("help_team_member_team_idx", "team_id", "since"),
    Index("help_team_member_member_idx", "member_id", "since"),
    Index("help_team_member_unit_idx", "unit_path", "id"),
    Index("help_team_member_move_idx", "moved_id"),
    info={SERVED: True, KEEPS: IN_TEAM},
)

# Whoever takes it is of the request's unit, by the foreign key. What is done or dropped has an outcome and its day.
requests = Table(
    "help_request",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("kind", Enum(HelpKind, name="help_kind"), nullable=False),
    Column("text", Text, nullable=False),
    Column("beneficiary", Text, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("status", Enum(HelpStatus, name="help_status"), nullable=False, server_default="OPEN"),
    Column("team_id", ForeignKey(teams.c.id)),
    Column("member_id", ForeignKey(members.c.id)),
    Column("closed_on", Date),
    Column("minutes", Integer, info={RANGE: (1, DAYS)}),
    Column("outcome", Text),
    versioned(),
    CheckConstraint("text <> ''", name="text"),
    CheckConstraint(f"minutes BETWEEN 1 AND {DAYS}", name="minutes"),
    CheckConstraint(
        "num_nonnulls(team_id, member_id) IN (0, 2) AND (team_id IS NULL OR status <> 'OPEN')"
        " AND (team_id IS NOT NULL OR status IN ('OPEN', 'DROPPED'))",
        name="taken",
    ),
    CheckConstraint(
        "num_nonnulls(closed_on, outcome) = CASE WHEN status IN ('DONE', 'DROPPED') THEN 2 ELSE 0 END"
        " AND (minutes IS NULL) = (status <> 'DONE') AND closed_on >= asked_on",
        name="closed",
    ),
    Index("help_request_unit_idx", "unit_path", "id"),
    Index("help_request_team_idx", "team_id", "asked_on"),
    Index("help_request_member_idx", "member_id", "asked_on"),
)

RULES: Mapping[str, Rule] = {
    "help_team_unit_path_folded_key": Rule(
        "name", "该单元已有同名帮困团。", "The unit has a team of this name already.", ProblemCode.TAKEN
    ),
    "help_team_member_excl": Rule(
        "member", "该党员在这段时间已在此帮困团。", "The member is in this team at that time already."
    ),
    "help_team_member_prolonged_check": Rule(
        "on", "该任期刚刚由他人结束，请重新查看后再操作。", "Someone has ended this term in the meantime; look again."
    ),
    "help_team_member_member_check": OUTLASTS,
    "help_team_member_help_team_check": OUTLASTS,
    "member_help_team_member_check": IN_TEAM,
}


def done(request: Any, day: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Whether a request was done by a day, today where none is given."""
    return and_(request.status == HelpStatus.DONE, request.closed_on <= on(day))


def team_name(team: Any) -> ColumnElement[Any]:
    """A team's name, by its id."""
    of = aliased(teams)
    return select(of.c.name).where(of.c.id == team).correlate_except(of).scalar_subquery()


def helping() -> Select[Any]:
    """Each member who was, is or will be in a team, with the path of where."""
    each = aliased(team_terms)
    return select(each.c.member_id, each.c.unit_path)
