"""Service catalogs, inherited down the tree: a unit publishes, units below adjust, what remains is their catalog.

A *service item* belongs to the unit that published it. An *adjustment* is what one unit below (or the publisher)
says of it for itself and all below: it is left out there (EXCLUDE), a note replaces another (NOTE), or an item that
waits to be asked for is taken up (OPT_IN). `catalog_entries` is the view of what comes of it at each unit.

An adjustment counts where its item reaches. When a unit moves away from under the publisher, what it said stays on
record and counts again if the unit comes back.
"""

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
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    or_,
    select,
    text,
)

from services.described import Described
from services.members.tables import members
from services.organization.tables import units
from services.storage.tables import (
    BYTEWISE,
    INHERITED,
    METADATA,
    VIEW,
    aliased,
    identified,
    search_keys,
    versioned,
)
from services.terms import today


class ServiceFunction(Described):
    """“1+6+X”：党建引领；老有所养、幼有所育、病有所医、食有所安、居有所乐、事有所办；居民所需 / The functions."""

    PARTY_LEADERSHIP = "PARTY_LEADERSHIP", "党建引领 / Leadership of the Party."
    ELDERLY_CARE = "ELDERLY_CARE", "老有所养 / Care for the aged."
    CHILD_CARE = "CHILD_CARE", "幼有所育 / Care for children."
    MEDICAL = "MEDICAL", "病有所医 / Medical care."
    FOOD = "FOOD", "食有所安 / Food."
    LIVING = "LIVING", "居有所乐 / Living and leisure."
    AFFAIRS = "AFFAIRS", "事有所办 / Government affairs."
    OTHER = "OTHER", "居民所需 / Whatever else residents need."


class Operation(Described):
    """运营方式：公建民营、购买服务、委托管理 / Publicly built and privately run, purchased, or entrusted."""

    PRIVATELY_RUN = "PRIVATELY_RUN", "公建民营 / Publicly built and privately run."
    PURCHASED = "PURCHASED", "购买服务 / Purchased."
    ENTRUSTED = "ENTRUSTED", "委托管理 / Entrusted."


class AdjustmentKind(Described):
    """调整：不提供、说明、开通 / Left out, with a note of its own, or taken up."""

    EXCLUDE = "EXCLUDE", "不提供 / Left out."
    NOTE = "NOTE", "附说明 / With a note of its own."
    OPT_IN = "OPT_IN", "开通 / Taken up."


# `opt_in` items are offered only where a unit took them up. `category` is the category of government matters.
# `withdrawn_on` is the first day an item is in no catalog; a successor may then have its name.
service_items = Table(
    "service_item",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("function", Enum(ServiceFunction, name="service_function"), nullable=False),
    Column("name", Text, nullable=False),
    *search_keys(),
    Column("category", Text),
    Column("description", Text),
    Column("at_window", Boolean, nullable=False, server_default="false"),
    Column("online", Boolean, nullable=False, server_default="false"),
    Column("opt_in", Boolean, nullable=False, server_default="false"),
    Column("operation", Enum(Operation, name="service_operation")),
    Column("operator", Text),
    Column("beneficiaries", Integer),
    Column("withdrawn_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("beneficiaries >= 0", name="beneficiaries"),
    CheckConstraint("operator IS NULL OR operation IS NOT NULL", name="operator"),
    Index(
        "service_item_unit_path_folded_key",
        "unit_path",
        "folded",
        unique=True,
        postgresql_where=text("withdrawn_on IS NULL"),
    ),
    Index("service_item_function_idx", "unit_path", "function", "id"),
    Index("service_item_pinyin_idx", "pinyin", postgresql_using="gin", postgresql_ops={"pinyin": "gin_trgm_ops"}),
    Index("service_item_grams_idx", "grams", postgresql_using="gin"),
)

adjustments = Table(
    "service_adjustment",
    METADATA,
    identified(),
    Column("item_id", ForeignKey(service_items.c.id, ondelete="CASCADE"), nullable=False),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("kind", Enum(AdjustmentKind, name="service_adjustment_kind"), nullable=False),
    Column("note", Text),
    versioned(),
    CheckConstraint("(kind = 'NOTE') = (note IS NOT NULL)", name="note"),
    UniqueConstraint("item_id", "unit_path", "kind"),
    Index("service_adjustment_unit_idx", "unit_path", "id"),
    info={INHERITED: True},
)

# What the catalog holds at a unit: every item published at it or above, unless withdrawn or left out on the way.
# `offered` is false for what waits to be taken up; `note` and `note_path` come from the nearest unit that wrote one.
catalog_entries = Table(
    "catalog_entry",
    METADATA,
    Column("unit_path", BYTEWISE, nullable=False),
    Column("item_id", Uuid, nullable=False),
    Column("source_path", BYTEWISE, nullable=False),
    Column("function", Enum(ServiceFunction, name="service_function"), nullable=False),
    Column("name", Text, nullable=False),
    Column("pinyin", BYTEWISE, nullable=False),
    Column("grams", service_items.c.grams.type, nullable=False),
    Column("category", Text),
    Column("at_window", Boolean, nullable=False),
    Column("online", Boolean, nullable=False),
    Column("offered", Boolean, nullable=False),
    Column("note", Text),
    Column("note_path", BYTEWISE),
    Column("folded", BYTEWISE, nullable=False),
    Column("sorting", BYTEWISE, nullable=False),
    info={VIEW: True},
)


# --- what an adjustment counts for ------------------------------------------------------------------------------------


def in_force(adjustment: Any) -> ColumnElement[bool]:
    """Whether an adjustment counts today: its item reaches its unit and is not withdrawn."""
    item = aliased(service_items)
    reaches = func.starts_with(adjustment.unit_path, item.c.unit_path)
    found = select(item.c.id).where(item.c.id == adjustment.item_id, reaches, stands(item.c))
    return found.correlate_except(item).exists()


def reached(item: Any) -> Select[Any]:
    """The members an item reaches: those who serve in the unit that publishes it or below."""
    member = aliased(members)
    found = select(member.c.id).where(func.starts_with(member.c.unit_path, item.unit_path))
    return found.correlate_except(member)


def stands(item: Any) -> ColumnElement[bool]:
    """Whether an item is in catalogs today."""
    return or_(item.withdrawn_on.is_(None), item.withdrawn_on > today())
