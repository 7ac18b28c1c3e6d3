"""Pledges 承诺 of members, kept 践诺 and assessed 评诺; and the yearly appraisal 民主评议党员 beside them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Enum,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    extract,
    or_,
    select,
)

from services.described import Described
from services.errors import Rule
from services.members.tables import members
from services.organization.tables import units
from services.storage.tables import BYTEWISE, FOLLOWS, METADATA, RANGE, aliased, identified, versioned
from services.terms import today


class PledgeStatus(Described):
    """承诺状态：已承诺、已践诺、未践诺 / What became of a pledge: made, kept, not kept."""

    MADE = "MADE", "已承诺 / Made; not assessed yet."
    KEPT = "KEPT", "已践诺 / Kept."
    NOT_KEPT = "NOT_KEPT", "未践诺 / Not kept."


class AppraisalGrade(Described):
    """民主评议等次：优秀、合格、基本合格、不合格 / The grade of a yearly appraisal."""

    EXCELLENT = "EXCELLENT", "优秀 / Excellent."
    GOOD = "GOOD", "合格 / Good."
    FAIR = "FAIR", "基本合格 / Fair."
    POOR = "POOR", "不合格 / Poor."


# What is not assessed yet, or of the year that is to be appraised, is for where the member serves by then to look at.
# `done` is what the member says was done about it; once assessed all of it is final.
pledges = Table(
    "pledge",
    METADATA,
    identified(),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("year", Integer, nullable=False, info={RANGE: (2000, 2100)}),
    Column("text", Text, nullable=False),
    Column("done", Text),
    Column("status", Enum(PledgeStatus, name="pledge_status"), nullable=False, server_default="MADE"),
    Column("assessed_on", Date),
    versioned(),
    CheckConstraint("text <> ''", name="text"),
    CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
    CheckConstraint("(assessed_on IS NULL) = (status = 'MADE')", name="assessed"),
    Index("pledge_member_idx", "member_id", "year"),
    Index("pledge_unit_idx", "unit_path", "id"),
    info={FOLLOWS: lambda of: or_(of.status == PledgeStatus.MADE, of.year == extract("year", today()))},
)

appraisals = Table(
    "appraisal",
    METADATA,
    identified(),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("year", Integer, nullable=False, info={RANGE: (2000, 2100)}),
    Column("grade", Enum(AppraisalGrade, name="appraisal_grade"), nullable=False),
    versioned(),
    CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
    UniqueConstraint("member_id", "year"),
    Index("appraisal_unit_idx", "unit_path", "id"),
)

RULES: Mapping[str, Rule] = {
    "appraisal_member_id_year_key": Rule("year", "该年度已有评议，请更正。", "That year is appraised: correct that."),
}


def appraised(row: Any) -> Select[Any]:
    """The path of where the member of a row was appraised of its year: that takes into account what they earned."""
    of = aliased(appraisals)
    return select(of.c.unit_path).where(of.c.member_id == row.member_id, of.c.year == row.year).correlate_except(of)
