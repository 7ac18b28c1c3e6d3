"""Commands on catalogs: publish, change and withdraw an item; leave one out, note something of it, take one up."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal, select

from services.catalog.tables import AdjustmentKind, Operation, ServiceFunction, adjustments, service_items
from services.errors import ProblemCode, Rule, rejected
from services.organization.tables import units
from services.storage.closing import recent
from services.storage.tables import BYTEWISE
from services.storage.transaction import Record, Transaction
from services.storage.validation import valid
from services.terms import reasonable

RULES: Mapping[str, Rule] = {
    "service_item_unit_path_folded_key": Rule(
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


async def publish(
    tx: Transaction, *, unit: Record, function: ServiceFunction, name: str, **more: Unpack[Description]
) -> UUID:
    """Put an item into the catalogs of a unit and of all below it; its id."""
    said = {key: value for key, value in more.items() if value is not None}
    values = _valid({"function": function, "name": name, **said})
    return await tx.insert(service_items, unit_path=unit["path"], **values)


async def update(tx: Transaction, *, item: Record, **changes: Unpack[Changes]) -> UUID:
    """Change what is given of an item that is not withdrawn; its id."""
    await only_standing(tx, item)
    return await tx.update(service_items, item["id"], **_valid(changes))


async def withdraw(tx: Transaction, *, item: Record, on: date) -> UUID:
    """Take an item out of every catalog from this day on; its id. Until then the day may be changed."""
    await only_standing(tx, item)
    return await tx.update(service_items, item["id"], withdrawn_on=await recent(tx, "on", reasonable("on", on)))


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


# --- what they share -------------------------------------------------------------------------------------------------


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


async def only_standing(tx: Transaction, item: Record) -> None:
    """Rejected for an item that is in no catalog any more."""
    withdrawn = item["withdrawn_on"]
    if withdrawn is not None and withdrawn <= await tx.today():
        zh, en = f"该事项已于 {withdrawn} 撤回。", f"The service was withdrawn on {withdrawn}."
        raise rejected(ProblemCode.CLOSED, "item", zh, en)


async def _present(tx: Transaction, unit: Record, item: Record, kind: AdjustmentKind) -> UUID | None:
    """What the unit has said already; Rejected unless the item reaches the unit and stands."""
    if not unit["path"].startswith(item["unit_path"]):
        zh, en = "该事项不是本单元或上级发布的。", "The service is published neither by this unit nor above it."
        raise rejected(ProblemCode.OUT_OF_REACH, "item", zh, en)
    await only_standing(tx, item)
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
