"""From a need to the catalog: which service answers it, whether it was there already or is published for it."""

from typing import Unpack
from uuid import UUID

from sqlalchemy import delete, select

from services.catalog.commands import Description, only_standing
from services.catalog.commands import publish as publish_item
from services.centres.survey_tables import responses, surveys
from services.errors import ProblemCode, rejected
from services.organization.tables import units
from services.storage.transaction import Record, Transaction


async def respond(tx: Transaction, *, unit: Record, choice: Record, item: Record) -> UUID:
    """Say that a service of a unit's catalog answers a need there and below; the response's id."""
    await _asked_here(tx, unit, choice)
    await only_standing(tx, item)
    if not unit["path"].startswith(item["unit_path"]):
        zh, en = "该事项不是本单元或上级发布的。", "The service is published neither by this unit nor above it."
        raise rejected(ProblemCode.OUT_OF_REACH, "item", zh, en)
    if item["function"] != choice["function"]:
        zh, en = "服务与需求的功能不同。", "The service has another function than the need."
        raise rejected(ProblemCode.INVALID, "item", zh, en)
    return await _add(tx, unit, choice, item["id"])


async def publish(tx: Transaction, *, unit: Record, choice: Record, name: str, **more: Unpack[Description]) -> UUID:
    """Publish a service that answers a need, with its function, for a unit and all below; the item's id."""
    await _asked_here(tx, unit, choice)
    item = await publish_item(tx, unit=unit, function=choice["function"], name=name, **more)
    await _add(tx, unit, choice, item)
    return item


async def take_back(tx: Transaction, *, response: Record) -> UUID:
    """Take back that a service answers a need; the unit's id."""
    await tx.rows(delete(responses).where(responses.c.id == response["id"]))
    unit: UUID = await tx.value(select(units.c.id).where(units.c.path == response["unit_path"]))
    return unit


async def _add(tx: Transaction, unit: Record, choice: Record, item: UUID) -> UUID:
    return await tx.insert(responses, choice_id=choice["id"], item_id=item, unit_path=unit["path"])


async def _asked_here(tx: Transaction, unit: Record, choice: Record) -> None:
    """Rejected for what is no need, was not counted yet, or was asked neither of this unit nor above or below it."""
    if choice["function"] is None:
        raise rejected(ProblemCode.INVALID, "choice", "该选项不是需求。", "This choice is no need.")
    if await tx.value(select(surveys.c.counted_on).where(surveys.c.id == choice["survey_id"])) is None:
        raise rejected(ProblemCode.INVALID, "choice", "问卷尚未统计。", "The survey was not counted yet.")
    here, there = unit["path"], choice["unit_path"]
    if not (here.startswith(there) or there.startswith(here)):
        zh, en = "该需求不在本单元问卷之内。", "The need is of no survey of this unit."
        raise rejected(ProblemCode.OUT_OF_REACH, "choice", zh, en)
