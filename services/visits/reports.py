"""Residents' reports are recorded, answered, referred upwards, settled, corrected and struck out."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete

from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage import correcting
from services.storage.closing import only_open, past
from services.storage.transaction import Record, Transaction
from services.visits.tables import ReportKind, ReportStatus, reports

LONGEST = 500  # characters of what was reported, and of what became of it
SPOT = 50


class Reported(TypedDict, total=False):
    """What an update may change."""

    reported_on: date | None
    kind: ReportKind | None
    text: str | None
    spot: str | None


async def record(tx: Transaction, *, building: Record, **said: Unpack[Reported]) -> UUID:
    """Record what a resident reported; the report's id.

    Rejected where the building is closed, for a day to come, and for texts that cannot be shown.
    """
    only_open(building=building)
    place = {"building_id": building["id"], "unit_path": building["unit_path"]}
    return await tx.insert(reports, **place, **await _valid(tx, said))


async def update(tx: Transaction, *, report: Record, **changes: Unpack[Reported]) -> UUID:
    """Change what is recorded of a report that is not settled; its id.

    Rejected as `record` is, for a day after the answer's, and where it is settled.
    """
    _unsettled(report)
    valid = await _valid(tx, changes)
    answered, reported = report["answered_on"], valid.get("reported_on", report["reported_on"])
    if answered is not None and reported > answered:
        zh, en = f"已于 {answered} 答复，反映不能更晚。", f"It was answered on {answered}, and not reported later."
        raise rejected(ProblemCode.INVALID, "reported_on", zh, en)
    return await tx.update(reports, report["id"], **valid)


async def take_in_hand(tx: Transaction, *, report: Record, outcome: str, on: date) -> UUID:
    """Say that something is being done about it; its id."""
    return await _answer(tx, report, ReportStatus.IN_HAND, outcome, on)


async def refer(tx: Transaction, *, report: Record, outcome: str, on: date) -> UUID:
    """Refer it upwards, to the community; its id."""
    return await _answer(tx, report, ReportStatus.REFERRED, outcome, on)


async def settle(tx: Transaction, *, report: Record, outcome: str, on: date) -> UUID:
    """Say what became of it in the end; its id."""
    return await _answer(tx, report, ReportStatus.DONE, outcome, on)


async def strike_out(tx: Transaction, *, report: Record, reason: str) -> UUID:
    """Remove a report that should not be there; the building's id."""
    await correcting.note(tx, report, proper("reason", reason))
    await tx.rows(delete(reports).where(reports.c.id == report["id"]))
    building: UUID = report["building_id"]
    return building


async def _answer(tx: Transaction, report: Record, status: ReportStatus, outcome: str, on: date) -> UUID:
    """Rejected where it is settled already, and for a day to come, before it was reported or before the last answer."""
    _unsettled(report)
    earliest = report["answered_on"] or report["reported_on"]
    if await past(tx, "on", on) < earliest:
        zh, en = f"日期不能早于 {earliest}。", f"The day must not lie before {earliest}."
        raise rejected(ProblemCode.INVALID, "on", zh, en)
    said = proper("outcome", outcome, LONGEST)
    return await tx.update(reports, report["id"], status=status, outcome=said, answered_on=on)


def _unsettled(report: Record) -> None:
    if report["status"] == ReportStatus.DONE:
        raise rejected(ProblemCode.CLOSED, "report", "该反映已办结。", "The report is settled already.")


async def _valid(tx: Transaction, given: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(given)
    for name in ("reported_on", "kind"):
        if name in made and made[name] is None:
            raise rejected(ProblemCode.INVALID, name, "不能为空。", "This must not be empty.")
    if "reported_on" in made:
        await past(tx, "reported_on", made["reported_on"])
    if "text" in made:
        made["text"] = proper("text", made["text"], LONGEST)
    if made.get("spot") is not None:
        made["spot"] = proper("spot", made["spot"], SPOT)
    return made
