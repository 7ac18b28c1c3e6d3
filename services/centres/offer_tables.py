"""What departments bring 部门对接 to centres: projects 为民办实事, resources 资源下沉, things on visits of their own.

An offer is matched with a centre on a day, and delivered there on a day or dropped, with the reason.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Enum,
    Index,
    Table,
    Text,
    and_,
)

from services.centres.tables import centres
from services.described import Described
from services.errors import ProblemCode, Rule
from services.storage.tables import METADATA, identified, part_of, versioned
from services.terms import on


class OfferKind(Described):
    """对接类别：为民办实事项目、下沉资源、部门自行走访所带 / Kinds of what departments bring."""

    PROJECT = "PROJECT", "为民办实事项目 / A project for the public."
    RESOURCE = "RESOURCE", "下沉资源 / A resource."
    OWN_VISIT = (
        "OWN_VISIT",
        "部门自行走访所带，如文体活动、图书 / Brought on a visit of the department's own, as books.",
    )


class OfferStatus(Described):
    """对接状态：已对接、已落实、已取消 / What became of it: matched, delivered, dropped."""

    MATCHED = "MATCHED", "已对接 / Matched; not delivered yet."
    DELIVERED = "DELIVERED", "已落实 / Delivered."
    DROPPED = "DROPPED", "已取消 / Dropped."


offers = Table(
    "department_offer",
    METADATA,
    identified(),
    *part_of(centres, "centre_id"),
    Column("department", Text, nullable=False),
    Column("kind", Enum(OfferKind, name="department_offer_kind"), nullable=False),
    Column("name", Text, nullable=False),
    Column("status", Enum(OfferStatus, name="department_offer_status"), nullable=False, server_default="MATCHED"),
    Column("matched_on", Date, nullable=False),
    Column("delivered_on", Date),
    Column("drop_reason", Text),
    versioned(),
    CheckConstraint("department <> '' AND name <> ''", name="name"),
    CheckConstraint("delivered_on >= matched_on", name="delivered"),
    CheckConstraint(
        "(delivered_on IS NULL) = (status <> 'DELIVERED') AND (drop_reason IS NULL) = (status <> 'DROPPED')",
        name="status",
    ),
    Index("department_offer_centre_idx", "centre_id", "matched_on"),
    Index("department_offer_unit_idx", "unit_path", "id"),
)

RULES: Mapping[str, Rule] = {
    "department_offer_delivered_check": Rule(
        "on", "不能在对接之前落实。", "It cannot be delivered before it is matched.", ProblemCode.INVALID
    ),
}


def projects_matched(offer: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether it is a project that was matched by a day, and not dropped since."""
    return and_(offer.kind == OfferKind.PROJECT, offer.status != OfferStatus.DROPPED, offer.matched_on <= on(day))


def resources_delivered(offer: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether it is a resource that was delivered by a day."""
    return and_(offer.kind == OfferKind.RESOURCE, offer.delivered_on <= on(day))
