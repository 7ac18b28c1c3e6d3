"""Neighbourhood centres 邻里中心, facilities 设施 on the ledger, and who operates which service at which centre.

A centre lies in a unit, offers functions of the "1+6+X" and serves an area. A service of the catalog is operated at a
centre by somebody for a term, one at a time; `service_item.operation` is how the service is operated in general.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Enum,
    ForeignKey,
    Index,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    and_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.catalog.tables import Operation, ServiceFunction, service_items
from services.centres.positions import in_china, position, spot
from services.described import Described
from services.errors import ProblemCode, Rule
from services.organization.tables import units
from services.storage.correcting import OUTLASTS, Succession
from services.storage.tables import BYTEWISE, METADATA, aliased, identified, numbered, part_of, versioned
from services.terms import BACKWARDS, closing, in_order, lasts, on, term


class FacilityKind(Described):
    """设施类别 / Kinds of facilities."""

    CLINIC = "CLINIC", "卫生站、诊所 / A clinic."
    NURSERY = "NURSERY", "托育机构 / A nursery."
    CARE_HOME = "CARE_HOME", "养老机构 / A care home."
    CANTEEN = "CANTEEN", "食堂、助餐点 / A canteen."
    VENUE = "VENUE", "活动场所 / A venue."
    OTHER = "OTHER", "其他 / Another one."


class CentreKind(Described):
    """邻里中心类型 / Kinds of neighbourhood centres."""

    STAND_ALONE = "STAND_ALONE", "单体集约：一处建筑，集中各项功能 / Stand-alone: all of it in one building."
    MULTI_POINT = "MULTI_POINT", "多点串联：几处场所相互补充 / Several places that complement one another."
    RADIATING = "RADIATING", "中心辐射：一个中心带动周边站点 / One centre with outposts around it."
    CITY_COMPLEX = "CITY_COMPLEX", "城市综合体 / A city complex."
    TOWN_LEVEL = "TOWN_LEVEL", "镇级中心 / A town's own centre."
    BANK_OUTLET = "BANK_OUTLET", "邻里服务站，设于银行网点 / A service station in a bank's outlet."


def _own_name(table: str) -> Index:
    """What is open has a name of its own within the unit."""
    open_ = text("closed_on IS NULL")
    return Index(f"{table}_unit_path_folded_key", "unit_path", "folded", unique=True, postgresql_where=open_)


FUNCTIONS = ARRAY(Enum(ServiceFunction, name="service_function"))

facilities = Table(
    "facility",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("kind", Enum(FacilityKind, name="facility_kind"), nullable=False),
    Column("name", Text, nullable=False),
    *numbered(),
    Column("address", Text),
    *position(),
    Column("closed_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    *in_china(),
    _own_name("facility"),
    Index("facility_unit_idx", "unit_path", "id"),
)

# `opened_on` is none while a centre is planned without a day; by the `deadline` it is to be done (`schedule_tables`).
# `dispatches`: it is the dispatch centre of its grids.
centres = Table(
    "centre",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("kind", Enum(CentreKind, name="centre_kind"), nullable=False),
    Column("name", Text, nullable=False),
    *numbered(),
    Column("address", Text),
    Column("area_km2", Numeric(7, 2)),
    Column("functions", FUNCTIONS, nullable=False, server_default="{}"),
    Column("dispatches", Boolean, nullable=False, server_default="false"),
    *position(),
    spot(),
    Column("opened_on", Date),
    Column("deadline", Date),
    Column("closed_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("area_km2 > 0", name="area"),
    CheckConstraint("closed_on >= opened_on", name="closed"),
    *in_china(),
    UniqueConstraint("id", "unit_path"),
    _own_name("centre"),
    Index("centre_unit_idx", "unit_path", "id"),
)

# Excluded by constraint: two operators of one service at one centre at once.
operation_terms = Table(
    "operation_term",
    METADATA,
    identified(),
    *part_of(centres, "centre_id"),
    Column("item_id", ForeignKey(service_items.c.id), nullable=False),
    Column("operator", Text, nullable=False),
    Column("mode", Enum(Operation, name="service_operation"), nullable=False),
    *term(),
    *closing(),
    Column("end_reason", Text),
    versioned(),
    CheckConstraint("operator <> ''", name="operator"),
    in_order(),
    Index("operation_term_centre_idx", "centre_id", "since"),
    Index("operation_term_item_idx", "item_id", "since"),
    Index("operation_term_unit_idx", "unit_path", "id"),
)

TERMS = Succession(operation_terms, ("centre_id", "item_id"))

_TAKEN = ("该单元已有同名的。", "The unit has one of this name already.")
RULES: Mapping[str, Rule] = {
    "facility_unit_path_folded_key": Rule("name", *_TAKEN, ProblemCode.TAKEN),
    "centre_unit_path_folded_key": Rule("name", *_TAKEN, ProblemCode.TAKEN),
    "compound_position_compound_id_key": Rule(
        "compound",
        "位置刚刚由他人登记，请重新查看。",
        "Someone has said in the meantime where it stands; look again.",
    ),
    "centre_closed_check": Rule("on", "不能在启用之前停用。", "It cannot close before it opens.", ProblemCode.INVALID),
    "operation_term_excl": Rule(
        "item",
        "该服务在这段时间已有运营单位，或已定下后续的。",
        "The service is operated there at that time already, or will be.",
    ),
    "operation_term_prolonged_check": Rule(
        "operation",
        "该运营刚刚由他人终止，请重新查看后再操作。",
        "Someone has ended this in the meantime; look again before you go on.",
    ),
    "operation_term_term_check": replace(BACKWARDS, field="on"),
    "operation_term_centre_check": OUTLASTS,
    "centre_operation_term_check": Rule(
        "on",
        "此日之后还有服务在此运营，请先终止。",
        "Services are operated there after this day: end that first.",
        ProblemCode.CLOSED,
    ),
}


def is_open(centre: Any, day: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Whether a centre is open on a day, today where none is given."""
    return and_(centre.opened_on <= on(day), lasts(centre.closed_on, day))


def centre_name(centre: Any) -> ColumnElement[Any]:
    """A centre's name, by its id."""
    of = aliased(centres)
    return select(of.c.name).where(of.c.id == centre).correlate_except(of).scalar_subquery()


def item_name(item: Any) -> ColumnElement[Any]:
    """A service's name, by its id."""
    of = aliased(service_items)
    return select(of.c.name).where(of.c.id == item).correlate_except(of).scalar_subquery()
