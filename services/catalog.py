"""Service catalogs, inherited down the tree: a unit publishes, units below adjust, what remains is their catalog.

A *service item* belongs to the unit that published it. An *adjustment* is what one unit below (or the publisher)
says of it for itself and all below: it is left out there (EXCLUDE), a note replaces another (NOTE), or an item that
waits to be asked for is taken up (OPT_IN). `catalog_entries` is the view of what comes of it at each unit.

An adjustment counts where its item reaches. When a unit moves away from under the publisher, what it said stays on
record and counts again if the unit comes back.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypedDict, Unpack
from uuid import UUID

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
    delete,
    func,
    literal,
    or_,
    select,
    text,
)

from services.errors import ProblemCode, Rule, rejected
from services.members import members
from services.organization import units
from services.tables import BYTEWISE, INHERITED, METADATA, VIEW, identified, search_keys, versioned
from services.terms import reasonable, today
from services.transaction import Record, Transaction
from services.validation import valid


class ServiceFunction(StrEnum):
    """“1+6+X”：党建引领；老有所养、幼有所育、病有所医、食有所安、居有所乐、事有所办；居民所需 / The functions."""

    PARTY_LEADERSHIP = "PARTY_LEADERSHIP"
    ELDERLY_CARE = "ELDERLY_CARE"
    CHILD_CARE = "CHILD_CARE"
    MEDICAL = "MEDICAL"
    FOOD = "FOOD"
    LIVING = "LIVING"
    AFFAIRS = "AFFAIRS"
    OTHER = "OTHER"


class Operation(StrEnum):
    """运营方式：公建民营、购买服务、委托管理 / Publicly built and privately run, purchased, or entrusted."""

    PRIVATELY_RUN = "PRIVATELY_RUN"
    PURCHASED = "PURCHASED"
    ENTRUSTED = "ENTRUSTED"


class AdjustmentKind(StrEnum):
    """调整：不提供、说明、开通 / Left out, with a note of its own, or taken up."""

    EXCLUDE = "EXCLUDE"
    NOTE = "NOTE"
    OPT_IN = "OPT_IN"


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
        "service_item_unit_path_name_key",
        "unit_path",
        "name",
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
    info={VIEW: True},
)

RULES: Mapping[str, Rule] = {
    "service_item_unit_path_name_key": Rule(
        "name", "该单元已有同名服务事项。", "The unit has a service of this name already.", ProblemCode.TAKEN
    ),
    "service_item_operator_check": Rule(
        "operator",
        "填写运营单位须同时选择运营方式。",
        "Say how the service is operated as well.",
        ProblemCode.INVALID,
    ),
    "service_adjustment_item_id_unit_path_kind_key": Rule(
        "item",
        "他人刚刚在该单元做了同样的调整。",
        "Someone else has just said the same of this service for this unit.",
    ),
}

PROSE = 2000  # characters of a description or a note


class Description(TypedDict, total=False):
    """What may be said of an item beside its function and name; what an update may change."""

    category: str | None
    description: str | None
    at_window: bool | None
    online: bool | None
    opt_in: bool | None
    operation: Operation | None
    operator: str | None
    beneficiaries: int | None


class Changes(Description, total=False):
    """What an update may change."""

    function: ServiceFunction | None
    name: str | None


# --- commands ---------------------------------------------------------------------------------------------------------


async def publish(
    tx: Transaction, *, unit: Record, function: ServiceFunction, name: str, **more: Unpack[Description]
) -> UUID:
    """Put an item into the catalogs of a unit and of all below it; its id."""
    said = {key: value for key, value in more.items() if value is not None}
    values = _valid({"function": function, "name": name, **said})
    return await tx.insert(service_items, unit_path=unit["path"], **values)


async def update(tx: Transaction, *, item: Record, **changes: Unpack[Changes]) -> UUID:
    """Change what is given of an item that is not withdrawn; its id."""
    await _standing(tx, item)
    return await tx.update(service_items, item["id"], **_valid(changes))


async def withdraw(tx: Transaction, *, item: Record, on: date) -> UUID:
    """Take an item out of every catalog from this day on; its id. Until then the day may be changed."""
    await _standing(tx, item)
    return await tx.update(service_items, item["id"], withdrawn_on=reasonable("on", on))


async def override(tx: Transaction, *, unit: Record, item: Record, note: str) -> UUID:
    """Say something of an item for a unit and all below, instead of what was said before; the adjustment's id."""
    said = prose("note", note)
    present = await _present(tx, unit, item, AdjustmentKind.NOTE)
    if present is not None:
        return await tx.update(adjustments, present, note=said)
    return await _adjust(tx, unit, item, AdjustmentKind.NOTE, said)


async def exclude(tx: Transaction, *, unit: Record, item: Record) -> UUID:
    """Leave an item out for a unit and all below; the adjustment's id. A second time changes nothing."""
    present = await _present(tx, unit, item, AdjustmentKind.EXCLUDE)
    return present or await _adjust(tx, unit, item, AdjustmentKind.EXCLUDE)


async def take_up(tx: Transaction, *, unit: Record, item: Record) -> UUID:
    """Offer an item that waits to be taken up, in a unit and all below; the adjustment's id. Twice is as good as once.

    Rejected for an item that is offered everywhere, or left out at the unit or above it.
    """
    present = await _present(tx, unit, item, AdjustmentKind.OPT_IN)
    if not item["opt_in"]:
        zh, en = "该事项无需开通。", "This service is offered everywhere without being taken up."
        raise rejected(ProblemCode.INVALID, "item", zh, en)
    if await tx.value(select(_left_out(unit["path"], item["id"]))):
        zh, en = "本单元或上级已定不提供该事项。", "The unit, or one above it, leaves this service out."
        raise rejected(ProblemCode.INVALID, "item", zh, en)
    return present or await _adjust(tx, unit, item, AdjustmentKind.OPT_IN)


async def end_adjustment(tx: Transaction, *, adjustment: Record) -> UUID:
    """Take back what a unit said of an item; the unit's id."""
    await tx.rows(delete(adjustments).where(adjustments.c.id == adjustment["id"]))
    unit: UUID = await tx.value(select(units.c.id).where(units.c.path == adjustment["unit_path"]))
    return unit


# --- what an adjustment counts for ------------------------------------------------------------------------------------


def in_force(adjustment: Any) -> ColumnElement[bool]:
    """Whether an adjustment counts today: its item reaches its unit and is not withdrawn."""
    item = service_items.alias()
    reaches = func.starts_with(adjustment.unit_path, item.c.unit_path)
    found = select(item.c.id).where(item.c.id == adjustment.item_id, reaches, stands(item.c))
    return found.correlate_except(item).exists()


def reached(item: Any) -> Select[Any]:
    """The members an item reaches: those who serve in the unit that publishes it or below."""
    member = members.alias()
    found = select(member.c.id).where(func.starts_with(member.c.unit_path, item.unit_path))
    return found.correlate_except(member)


def stands(item: Any) -> ColumnElement[bool]:
    """Whether an item is in catalogs today."""
    return or_(item.withdrawn_on.is_(None), item.withdrawn_on > today())


def prose(field: str, written: str) -> str:
    """A text of one or more lines, stripped; Rejected, for this field, where it is empty, too long or unprintable."""
    stripped = written.strip()
    if not 1 <= len(stripped) <= PROSE:
        zh, en = f"须为 1 至 {PROSE} 个字符。", f"1 to {PROSE} characters."
        raise rejected(ProblemCode.INVALID, field, zh, en)
    if any(unicodedata.category(each) in ("Cc", "Cf", "Cs") for each in stripped if each not in "\n\t"):
        zh, en = "不能含有不可见字符。", "It must not have characters that cannot be seen."
        raise rejected(ProblemCode.INVALID, field, zh, en)
    return stripped


def _valid(values: Mapping[str, Any]) -> dict[str, Any]:
    said = dict(values)
    description = said.pop("description", None)
    made = valid(service_items, said)
    if "description" in values:
        made["description"] = description and prose("description", description)
    return made


async def _standing(tx: Transaction, item: Record) -> None:
    withdrawn = item["withdrawn_on"]
    if withdrawn is not None and withdrawn <= await tx.today():
        zh, en = f"该事项已于 {withdrawn} 撤回。", f"The service was withdrawn on {withdrawn}."
        raise rejected(ProblemCode.CLOSED, "item", zh, en)


async def _present(tx: Transaction, unit: Record, item: Record, kind: AdjustmentKind) -> UUID | None:
    """What the unit has said already; Rejected unless the item reaches the unit and stands."""
    if not unit["path"].startswith(item["unit_path"]):
        zh, en = "该事项不是本单元或上级发布的。", "The service is published neither by this unit nor above it."
        raise rejected(ProblemCode.OUT_OF_REACH, "item", zh, en)
    await _standing(tx, item)
    said = adjustments.c
    found = select(said.id).where(said.item_id == item["id"], said.unit_path == unit["path"], said.kind == kind)
    present: UUID | None = await tx.value(found)
    return present


async def _adjust(tx: Transaction, unit: Record, item: Record, kind: AdjustmentKind, note: str | None = None) -> UUID:
    return await tx.insert(adjustments, item_id=item["id"], unit_path=unit["path"], kind=kind, note=note)


def _left_out(path: str, item: UUID) -> ColumnElement[bool]:
    said = adjustments.c
    above = func.starts_with(literal(path, BYTEWISE), said.unit_path)
    return select(said.id).where(said.item_id == item, said.kind == AdjustmentKind.EXCLUDE, above).exists()
