"""Instructors' visits 指导员走访: what a 党建指导员 did at the company it is dispatched to, day by day; and residents'
reports 居民反映: what was told the captain of a building, and what became of it.

A visit belongs to the post by which the instructor came; the foreign key carries the post's company and path along.
The database keeps posts from being ended, moved or struck out over visits in them (migration 0027). A report names no
resident: it has a text and, if need be, a spot in the building.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Enum,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    Uuid,
    and_,
)

from services.appointments.tables import posts
from services.described import Described
from services.errors import ProblemCode, Rule
from services.properties.tables import buildings
from services.storage.tables import BYTEWISE, METADATA, identified, part_of, versioned

visits = Table(
    "instructor_visit",
    METADATA,
    identified(),
    Column("post_id", Uuid, nullable=False),
    Column("company_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("visited_on", Date, nullable=False),
    Column("done", Text, nullable=False),
    Column("next_step", Text),
    Column("recorded_on", Date, nullable=False),
    versioned(),
    ForeignKeyConstraint(
        ["post_id", "company_id", "unit_path"],
        [posts.c.id, posts.c.company_id, posts.c.unit_path],
        onupdate="CASCADE",
    ),
    CheckConstraint("done <> ''", name="done"),
    Index("instructor_visit_post_idx", "post_id", "visited_on"),
    Index("instructor_visit_company_idx", "company_id", "visited_on"),
    Index("instructor_visit_unit_idx", "unit_path", "id"),
)


class ReportKind(Described):
    """居民反映类别：维修、环境卫生、邻里关系、安全、其他 / What a report is about."""

    REPAIR = "REPAIR", "维修 / Repairs."
    SANITATION = "SANITATION", "环境卫生 / Sanitation."
    NEIGHBOURS = "NEIGHBOURS", "邻里关系 / Neighbours."
    SAFETY = "SAFETY", "安全 / Safety."
    OTHER = "OTHER", "其他 / Something else."


class ReportStatus(Described):
    """办理状态：待办、办理中、已上报社区、已办结 / What became of a report: open, in hand, referred upwards, done."""

    OPEN = "OPEN", "待办 / Open."
    IN_HAND = "IN_HAND", "办理中 / In hand."
    REFERRED = "REFERRED", "已上报社区 / Referred to the community."
    DONE = "DONE", "已办结 / Done."


# Whatever is not open has an answer and its day.
reports = Table(
    "resident_report",
    METADATA,
    identified(),
    *part_of(buildings, "building_id"),
    Column("reported_on", Date, nullable=False),
    Column("kind", Enum(ReportKind, name="report_kind"), nullable=False),
    Column("text", Text, nullable=False),
    Column("spot", Text),
    Column("status", Enum(ReportStatus, name="report_status"), nullable=False, server_default="OPEN"),
    Column("outcome", Text),
    Column("answered_on", Date),
    versioned(),
    CheckConstraint("text <> ''", name="text"),
    CheckConstraint("num_nonnulls(outcome, answered_on) = CASE status WHEN 'OPEN' THEN 0 ELSE 2 END", name="answer"),
    Index("resident_report_building_idx", "building_id", "reported_on"),
    Index("resident_report_unit_idx", "unit_path", "id"),
)


def settled(report: Any, day: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a report was settled by a day: what was said of it last, which then is final, was said by then."""
    return and_(report.status == ReportStatus.DONE, report.answered_on <= day)


RULES: Mapping[str, Rule] = {
    # Nobody strikes out what residents said.
    "resident_report_building_id_unit_path_fkey": Rule(
        "building",
        "该楼栋有居民反映记录，不能删除，可以停用。",
        "Residents' reports are on record for the building: it can be closed, and not struck out.",
        ProblemCode.CLOSED,
    ),
    "post_instructor_visit_check": Rule(
        "post",
        "任期之外将有已登记的走访，请先更正或删除。",
        "A visit on record would lie outside the term: correct that first, or strike it out.",
        ProblemCode.CLOSED,
    ),
    "instructor_visit_post_id_company_id_unit_path_fkey": Rule(
        "post",
        "该任职期内有走访记录，请先删除。",
        "There are visits on record in this post: strike them out first.",
        ProblemCode.CLOSED,
    ),
}
