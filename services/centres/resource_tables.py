"""What partner units 驻区单位 share with centres: on offer for a term, and withdrawn; and when a centre used it.

A place is used from one quarter of an hour to another of a day, and never twice at the same time (migration 0077); uses
of one that were recorded before that was asked have no times. Anything else is used on a day.
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
    Table,
    Text,
    and_,
    extract,
    select,
)

from services.centres.tables import centres
from services.described import Described
from services.errors import ProblemCode, Rule
from services.organization.tables import units
from services.storage.tables import BYTEWISE, METADATA, RANGE, aliased, identified, numbered, part_of, versioned
from services.terms import BACKWARDS, holds_on, in_order, lasts, on, term

MOST = 100_000  # people a use serves


class ResourceKind(Described):
    """共享资源类别 / Kinds of what partner units share."""

    VENUE = "VENUE", "场地、停车位 / A place: rooms, a car park."
    EQUIPMENT = "EQUIPMENT", "设备、物资 / Equipment or goods."
    EXPERTISE = "EXPERTISE", "人员、专业服务 / People and what they know."
    FUNDS = "FUNDS", "资金 / Money."
    INFORMATION = "INFORMATION", "信息 / Information."
    OTHER = "OTHER", "其他 / Anything else."


resources = Table(
    "shared_resource",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("provider", Text, nullable=False),
    Column("kind", Enum(ResourceKind, name="resource_kind"), nullable=False),
    Column("name", Text, nullable=False),
    *numbered(),
    *term(),
    Column("withdrawn_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("provider <> ''", name="provider"),
    in_order(),
    Index("shared_resource_unit_idx", "unit_path", "id"),
)

# Excluded by constraint: two uses of one resource at the same time.
uses = Table(
    "resource_use",
    METADATA,
    identified(),
    Column("resource_id", ForeignKey(resources.c.id), nullable=False),
    *part_of(centres, "centre_id"),
    Column("used_on", Date, nullable=False),
    Column("begins_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Column("people", Integer, nullable=False, info={RANGE: (0, MOST)}),
    versioned(),
    CheckConstraint(f"people BETWEEN 0 AND {MOST}", name="people"),
    CheckConstraint("(begins_at IS NULL) = (ends_at IS NULL)", name="times"),
    CheckConstraint(
        "extract(epoch FROM begins_at)::numeric % 900 = 0 AND extract(epoch FROM ends_at)::numeric % 900 = 0",
        name="quarters",
    ),
    CheckConstraint(
        "begins_at < ends_at AND begins_at AT TIME ZONE 'Asia/Shanghai' >= used_on"
        " AND ends_at AT TIME ZONE 'Asia/Shanghai' <= used_on + interval '1 day'",
        name="on_its_day",
    ),
    Index("resource_use_resource_idx", "resource_id", "used_on"),
    Index("resource_use_centre_idx", "centre_id", "used_on"),
    Index("resource_use_unit_idx", "unit_path", "id"),
)

RULES: Mapping[str, Rule] = {
    "shared_resource_term_check": BACKWARDS,
    "resource_use_excl": Rule(
        "begins_at", "该场地这段时间已登记使用。", "The place was used at that time already.", ProblemCode.TAKEN
    ),
}


def on_offer(resource: Any, day: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Whether a resource is shared on a day, today where none is given."""
    return and_(holds_on(resource, day), lasts(resource.withdrawn_on, day))


def resource_name(resource: Any) -> ColumnElement[Any]:
    """What is shared, by its id."""
    of = aliased(resources)
    return select(of.c.name).where(of.c.id == resource).correlate_except(of).scalar_subquery()


def provider_of(resource: Any) -> ColumnElement[Any]:
    """Who shares it, by its id."""
    of = aliased(resources)
    return select(of.c.provider).where(of.c.id == resource).correlate_except(of).scalar_subquery()


def used_in_its_year(use: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a use lies in the year of a day, at its end at latest."""
    return and_(use.used_on <= on(day), extract("year", use.used_on) == extract("year", on(day)))
