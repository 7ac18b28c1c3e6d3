"""Results of matters, as 新增停车位 193 个: what came of what was carried out."""

from datetime import date
from typing import Any
from uuid import UUID

from services.deliberation.meeting_tables import results
from services.deliberation.way import Step
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage import correcting
from services.storage.closing import past, recent
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid

MEASURE = 10  # characters
ACTED_ON = (Step.ACTING, Step.ASSESSING, Step.SETTLED)
CORRECTION = "correctMatterResult"


async def record(
    tx: Transaction, *, matter: Record, what: str, quantity: int, counted_in: str, counted_on: date
) -> UUID:
    """Say what came of a matter that is being carried out, or was; the result's id."""
    if matter["step"] not in ACTED_ON:
        zh, en = "该议题尚未践议。", "Nobody has begun to carry the matter out."
        raise rejected(ProblemCode.INVALID, "matter", zh, en)
    amiss, made = Amiss(), dict[str, Any]()
    with amiss.within():
        made = _said(what, quantity, counted_in)
    with amiss.within():
        await recent(tx, "counted_on", await past(tx, "counted_on", counted_on), CORRECTION)
        _since(matter["proposed_on"], counted_on)
    amiss.check()
    of = {"matter_id": matter["id"], "unit_path": matter["unit_path"]}
    return await tx.insert(results, **of, **made, counted_on=counted_on)


async def correct(
    tx: Transaction, *, result: Record, what: str, quantity: int, counted_in: str, counted_on: date, reason: str
) -> UUID:
    """Put a result right, for a reason on record; its id."""
    amiss, made, said = Amiss(), dict[str, Any](), ""
    with amiss.within():
        made = _said(what, quantity, counted_in)
    with amiss.within():
        await past(tx, "counted_on", counted_on)
    with amiss.within():
        said = proper("reason", reason)
    amiss.check()
    await correcting.note(tx, result, said)
    return await tx.update(results, result["id"], **made, counted_on=counted_on)


def _said(what: str, quantity: int, counted_in: str) -> dict[str, Any]:
    amiss, made = Amiss(), dict[str, Any]()
    with amiss.within():
        made["what"] = proper("what", what)
    with amiss.within():
        made |= valid(results, {"quantity": quantity})
    with amiss.within():
        made["counted_in"] = proper("counted_in", counted_in, MEASURE)
    amiss.check()
    return made


def _since(proposed_on: date, day: date) -> None:
    if day < proposed_on:
        zh, en = f"不能早于提议之日（{proposed_on}）。", f"This cannot lie before it was proposed: {proposed_on}."
        raise rejected(ProblemCode.INVALID, "counted_on", zh, en)
