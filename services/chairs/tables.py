"""What rotating chairs 轮值家长 plan, and how they are evaluated: themes 轮值主题, evaluations 年度评议.

A theme belongs to a term in the chair, which it is planned and held in; the foreign key carries the post's organization
and path along. The database keeps posts from leaving what was planned and not dropped (migration 0028). Town and
community each evaluate an organization's chairs once a year.
"""

from collections.abc import Mapping

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Enum,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.appointments.tables import posts
from services.described import Described
from services.errors import ProblemCode, Rule
from services.organization.tables import party_organizations
from services.properties.tables import Grade
from services.storage.tables import BYTEWISE, METADATA, RANGE, identified, versioned


class ThemeStatus(Described):
    """主题状态：已计划、已开展、已取消 / What became of a theme: planned, held, dropped."""

    PLANNED = "PLANNED", "已计划 / Planned."
    HELD = "HELD", "已开展 / Held."
    DROPPED = "DROPPED", "已取消 / Dropped."


class EvaluationSide(Described):
    """评议方：乡镇街道、村社区 / By whom chairs are evaluated."""

    TOWN = "TOWN", "乡镇、街道 / By the town."
    COMMUNITY = "COMMUNITY", "村、社区 / By the community."


# What was held has a day and a word on what was done, what was dropped only the reason.
themes = Table(
    "chair_theme",
    METADATA,
    identified(),
    Column("post_id", Uuid, nullable=False),
    Column("organization_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("title", Text, nullable=False),
    Column("planned_on", Date, nullable=False),
    Column("status", Enum(ThemeStatus, name="chair_theme_status"), nullable=False, server_default="PLANNED"),
    Column("outcome", Text),
    Column("held_on", Date),
    versioned(),
    ForeignKeyConstraint(
        ["post_id", "organization_id", "unit_path"],
        [posts.c.id, posts.c.organization_id, posts.c.unit_path],
        onupdate="CASCADE",
    ),
    CheckConstraint("title <> ''", name="title"),
    CheckConstraint("(outcome IS NULL) = (status = 'PLANNED') AND (held_on IS NULL) = (status <> 'HELD')", name="said"),
    Index("chair_theme_post_idx", "post_id", "planned_on"),
    Index("chair_theme_organization_idx", "organization_id", "planned_on"),
    Index("chair_theme_unit_idx", "unit_path", "id"),
)

evaluations = Table(
    "chair_evaluation",
    METADATA,
    identified(),
    Column("organization_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("year", Integer, nullable=False, info={RANGE: (2000, 2100)}),
    Column("side", Enum(EvaluationSide, name="chair_evaluation_side"), nullable=False),
    Column("grade", Enum(Grade, name="assessment_grade"), nullable=False),
    Column("remark", Text),
    versioned(),
    ForeignKeyConstraint(
        ["organization_id", "unit_path"],
        [party_organizations.c.id, party_organizations.c.unit_path],
        onupdate="CASCADE",
    ),
    CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
    UniqueConstraint("organization_id", "year", "side"),
    Index("chair_evaluation_unit_idx", "unit_path", "id"),
)

RULES: Mapping[str, Rule] = {
    "chair_evaluation_organization_id_year_side_key": Rule(
        "year", "该年度已有本方评议。", "There is an evaluation of that year by this side already."
    ),
    "chair_theme_post_id_organization_id_unit_path_fkey": Rule(
        "post",
        "该任职期内有轮值主题，请先删除。",
        "There are themes in this post: strike them out first.",
        ProblemCode.CLOSED,
    ),
    "post_chair_theme_check": Rule(
        "post",
        "任期之外将有已计划或已开展的轮值主题，请先更正或取消。",
        "A theme would lie outside the term: correct it or drop it first.",
        ProblemCode.CLOSED,
    ),
}
