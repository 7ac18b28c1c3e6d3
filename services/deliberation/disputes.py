"""Disputes are recorded, one by one or by a list, settled or passed on, corrected and struck out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from services.deliberation.dispute_tables import (
    BEFORE,
    SETTLED,
    DisputeKind,
    DisputeOutcome,
    DisputeSource,
    disputes,
)
from services.errors import ProblemCode, rejected
from services.names import proper
from services.organization.tables import units
from services.storage import correcting
from services.storage.closing import past
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import Amiss, valid

ROWS = "disputes"
DAYS = ("received_on", "ended_on")


class Said(TypedDict, total=False):
    """What is recorded of a dispute, and a correction may change."""

    received_on: date | None
    kind: DisputeKind | None
    source: DisputeSource | None
    outcome: DisputeOutcome | None
    ended_on: date | None


async def record(tx: Transaction, *, unit: Record, **said: Unpack[Said]) -> UUID:
    """Record a dispute of a unit, with what became of it where that is known; its id."""
    return await tx.insert(disputes, unit_path=unit["path"], **await _checked(tx, {}, said))


async def record_all(tx: Transaction, *, unit: Record, disputes: Sequence[Mapping[str, Any]]) -> Outcome:
    """Record the disputes of a unit that people bring as a list, all or none; which row became which.

    Rejected with every problem of every row.
    """
    amiss, made = Amiss(), list[Record]()
    if not disputes:
        amiss.tell(ProblemCode.INCOMPLETE, ROWS, "至少填写一行。", "Give one row at least.")
    for number, said in enumerate(disputes):
        with amiss.within(f"{ROWS}.{number}"):
            checked = await _checked(tx, {}, said)
            made.append({"id": uuid4(), "unit_path": unit["path"], "outcome": None, "ended_on": None, **checked})
    amiss.check()
    await tx.insert_all(_TABLE, made)
    return Outcome(unit["id"], [{"row": n, "kind": _TABLE.name, "id": row["id"]} for n, row in enumerate(made)])


async def settle(tx: Transaction, *, dispute: Record, outcome: DisputeOutcome, on: date) -> UUID:
    """Say that it was settled, or passed on and where to; its id. Rejected once it is settled.

    What was passed on may be settled after that, or passed on further, and not before that day.
    """
    if dispute["outcome"] in SETTLED:
        raise rejected(ProblemCode.CLOSED, "dispute", "该纠纷已化解。", "The dispute is settled already.")
    earliest = dispute["ended_on"] or dispute["received_on"]
    if await past(tx, "on", on) < earliest:
        zh, en = f"日期不能早于 {earliest}。", f"The day must not lie before {earliest}."
        raise rejected(ProblemCode.INVALID, "on", zh, en)
    return await tx.update(disputes, dispute["id"], outcome=outcome, ended_on=on)


async def correct(tx: Transaction, *, dispute: Record, reason: str, **changes: Unpack[Said]) -> UUID:
    """Put right what is given; its id. An outcome of null opens it again."""
    if "outcome" in changes and changes["outcome"] is None:
        changes.setdefault("ended_on", None)
    amiss, made = Amiss(), dict[str, Any]()
    with amiss.within():
        made = await _checked(tx, dispute, changes)
    with amiss.within():
        said = proper("reason", reason)
    amiss.check()
    if all(dispute[name] == value for name, value in made.items()):
        zh, en = "没有要更正的内容：所填与现状相同。", "Nothing is corrected: all of it is as it was."
        raise rejected(ProblemCode.INCOMPLETE, "dispute", zh, en)
    await correcting.note(tx, dispute, said)
    return await tx.update(disputes, dispute["id"], **made)


async def strike_out(tx: Transaction, *, dispute: Record, reason: str) -> UUID:
    """Remove a dispute that never was, or was recorded twice; its unit's id."""
    await correcting.note(tx, dispute, proper("reason", reason))
    await tx.rows(delete(disputes).where(disputes.c.id == dispute["id"]))
    unit: UUID = await tx.value(select(units.c.id).where(units.c.path == dispute["unit_path"]))
    return unit


# --- what is checked --------------------------------------------------------------------------------------------------

_TABLE = disputes  # what an argument of `record_all` is called as well


async def _checked(tx: Transaction, before: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said as columns; Rejected where that, over what was there before, cannot be."""
    amiss, made = Amiss(), dict[str, Any]()
    with amiss.within():
        made = valid(_TABLE, said)
    for name in DAYS:
        if made.get(name) is not None:
            with amiss.within():
                await past(tx, name, made[name])
    amiss.check()
    _in_order({"outcome": None, "ended_on": None, **before, **made})
    return made


def _in_order(dispute: Mapping[str, Any]) -> None:
    """Rejected for an outcome without its day, a day without its outcome, and one before the dispute came in."""
    outcome, ended_on = dispute["outcome"], dispute["ended_on"]
    if (outcome is None) is not (ended_on is None):
        zh, en = "结果与日期须一并填写。", "An outcome and its day are given together."
        raise rejected(ProblemCode.INCOMPLETE, "outcome" if outcome is None else "ended_on", zh, en)
    if ended_on is not None and ended_on < dispute["received_on"]:
        raise rejected(ProblemCode.INVALID, "ended_on", *BEFORE)
