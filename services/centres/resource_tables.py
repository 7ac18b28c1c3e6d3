"""What partner units 驻区单位 share with centres: on offer for a term, and withdrawn; and when a centre used it."""

from collections.abc import Mapping
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
    Table,
    Text,
    Uuid,
    and_,
    extract,
    select,
)

from services.centres.tables import centres
from services.described import Described
from services.errors import Rule
from services.organization.tables import units
from services.storage.tables import BYTEWISE, METADATA, RANGE, aliased, identified, numbered, versioned
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

uses = Table(
    "resource_use",
    METADATA,
    identified(),
    Column("resource_id", ForeignKey(resources.c.id), nullable=False),
    Column("centre_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("used_on", Date, nullable=False),
    Column("people", Integer, nullable=False, info={RANGE: (0, MOST)}),
    versioned(),
    ForeignKeyConstraint(["centre_id", "unit_path"], [centres.c.id, centres.c.unit_path], onupdate="CASCADE"),
    CheckConstraint(f"people BETWEEN 0 AND {MOST}", name="people"),
    Index("resource_use_resource_idx", "resource_id", "used_on"),
    Index("resource_use_centre_idx", "centre_id", "used_on"),
    Index("resource_use_unit_idx", "unit_path", "id"),
)

RULES: Mapping[str, Rule] = {
    "shared_resource_term_check": BACKWARDS,
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
