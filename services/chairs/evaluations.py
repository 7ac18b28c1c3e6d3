"""Evaluations 年度评议 are recorded by town and by community, each its own, corrected and struck out."""

from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete

from services.chairs.tables import EvaluationSide, evaluations
from services.errors import ProblemCode, rejected
from services.names import proper
from services.properties.tables import Grade
from services.storage import correcting
from services.storage.closing import only_open
from services.storage.transaction import Record, Transaction
from services.storage.validation import valid

LONGEST = 500  # characters of a remark


class Said(TypedDict, total=False):
    """What an update may change."""

    grade: Grade | None
    remark: str | None


async def record_of_town(
    tx: Transaction, *, party_organization: Record, year: int, grade: Grade, remark: str | None = None
) -> UUID:
    """Record the town's; the evaluation's id. Rejected as `record_of_community` is."""
    return await _record(tx, EvaluationSide.TOWN, party_organization, year, grade=grade, remark=remark)


async def record_of_community(
    tx: Transaction, *, party_organization: Record, year: int, grade: Grade, remark: str | None = None
) -> UUID:
    """Record the community's; the evaluation's id.

    Once a year; rejected before the year has come, and for a year after that in which the organization was closed.
    """
    return await _record(tx, EvaluationSide.COMMUNITY, party_organization, year, grade=grade, remark=remark)


async def update_of_town(tx: Transaction, *, evaluation: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given of the town's; its id. Rejected where it is the community's."""
    return await _update(tx, EvaluationSide.TOWN, evaluation, **changes)


async def update_of_community(tx: Transaction, *, evaluation: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given of the community's; its id. Rejected where it is the town's."""
    return await _update(tx, EvaluationSide.COMMUNITY, evaluation, **changes)


async def strike_out(tx: Transaction, *, evaluation: Record, reason: str) -> UUID:
    """Remove one that should not be there, whoever's it is; the organization's id."""
    await correcting.note(tx, evaluation, proper("reason", reason))
    await tx.rows(delete(evaluations).where(evaluations.c.id == evaluation["id"]))
    organization: UUID = evaluation["organization_id"]
    return organization


async def _record(tx: Transaction, side: EvaluationSide, of: Record, year: int, **said: Unpack[Said]) -> UUID:
    closed = of["closed_on"]
    if closed is not None and year > closed.year:
        only_open(party_organization=of)
    if year > (await tx.today()).year:
        raise rejected(ProblemCode.INVALID, "year", "年度不能晚于今年。", "The year must not lie ahead.")
    values = {**valid(evaluations, {"year": year}), **_valid(said), "side": side}
    return await tx.insert(evaluations, organization_id=of["id"], unit_path=of["unit_path"], **values)


async def _update(tx: Transaction, side: EvaluationSide, evaluation: Record, **changes: Unpack[Said]) -> UUID:
    if evaluation["side"] != side:
        zh, en = "这不是本方的评议。", "This is the other side's evaluation."
        raise rejected(ProblemCode.INVALID, "evaluation", zh, en)
    return await tx.update(evaluations, evaluation["id"], **_valid(changes))


def _valid(said: Said) -> dict[str, Any]:
    made: dict[str, Any] = dict(said)
    if made.get("remark") is not None:
        made["remark"] = proper("remark", made["remark"], LONGEST)
    if "grade" in made:
        made |= valid(evaluations, {"grade": made["grade"]})
    return made
