"""Members' terms in a grid 网格: reported there themselves 双报到, or assigned to it 多网合一; one at a time.

The database holds that (migration 0038), and that the member serves (`member.unit_path`) where the term of today is.
Terms that are over stay: whoever moves ends the former on the day before.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Enum,
    ForeignKey,
    Index,
    Table,
    Text,
    func,
    select,
)

from services.described import Described
from services.errors import ProblemCode, Rule
from services.members.tables import Standing, kept, members
from services.organization.tables import units
from services.storage.correcting import OUTLASTS, Succession
from services.storage.tables import BYTEWISE, KEEPS, METADATA, aliased, identified, versioned
from services.terms import cutting, in_order, term


class GridTermKind(Described):
    """进入网格的方式：报到、划入 / How a member came to a grid."""

    REPORTED = "REPORTED", "报到：在职党员双报到 / Reported there, as members in service do where they live."
    ASSIGNED = "ASSIGNED", "划入：多网合一时由社区编入 / Assigned to it by the community, as grids became one."


class ReportChannel(Described):
    """报到渠道：线上、现场 / How a member reported."""

    ONLINE = "ONLINE", "线上 / Online."
    ON_SITE = "ON_SITE", "现场 / On site."


IN_GRID = kept(
    "该党员此日之后仍在网格，请先办理离开网格。",
    "The member is in a grid after this day: end that first.",
)

# `came_from_id` is the unit the member served in before. Excluded by constraint: two grids of one member at once.
grid_terms = Table(
    "grid_term",
    METADATA,
    identified(),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("kind", Enum(GridTermKind, name="grid_term_kind"), nullable=False),
    Column("channel", Enum(ReportChannel, name="report_channel")),
    *term(),
    *cutting("grid_term"),
    Column("came_from_id", ForeignKey(units.c.id, ondelete="SET NULL")),
    Column("end_reason", Text),
    versioned(),
    CheckConstraint("(channel IS NULL) = (kind = 'ASSIGNED')", name="channel"),
    in_order(),
    Index("grid_term_member_idx", "member_id", "since"),
    Index("grid_term_unit_idx", "unit_path", "id"),
    Index("grid_term_cut_idx", "cut_id"),
    Index("grid_term_came_from_idx", "came_from_id"),
    info={KEEPS: IN_GRID},
)

TERMS = Succession(grid_terms, ("member_id",))

GRID_RULES: Mapping[str, Rule] = {
    "grid_term_member_check": OUTLASTS,
    "grid_term_excl": Rule(
        "since",
        "该党员在这段时间已有网格，或已定下后续网格。",
        "The member is in a grid at that time already, or in one to follow.",
    ),
    "grid_term_prolonged_check": Rule(
        "on",
        "该任期刚刚由他人结束，请重新查看后再操作。",
        "Someone has ended this term in the meantime; look again before you go on.",
    ),
    "grid_term_serving_check": Rule(
        "until",
        "党员今天须在其所在网格服务。",
        "A member serves in the grid they are in today.",
        ProblemCode.INVALID,
    ),
    "member_grid_term_check": IN_GRID,
}


# --- keys, and what a term is shown with ------------------------------------------------------------------------------


def in_service(member: Any) -> ColumnElement[bool]:
    """Whether a member is in service, by the member's id."""
    of = aliased(members)
    return (
        select(of.c.standing == Standing.IN_SERVICE.value)
        .where(of.c.id == member)
        .correlate_except(of)
        .scalar_subquery()
    )


def unit_code(path: ColumnElement[Any]) -> ColumnElement[Any]:
    """The code of the unit at a path, its last part."""
    return func.split_part(path, "/", -2)
