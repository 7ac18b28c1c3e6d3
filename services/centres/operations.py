"""Who operates a service of the catalog at a centre: recorded for a term, ended, corrected and struck out."""

from datetime import date
from typing import Any, Unpack
from uuid import UUID

from services.catalog.tables import Operation
from services.centres.tables import TERMS, operation_terms
from services.errors import ProblemCode, rejected
from services.storage import closing, correcting
from services.storage.closing import only_open
from services.storage.correcting import Days
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import valid
from services.terms import forwards


async def record(
    tx: Transaction,
    *,
    centre: Record,
    item: Record,
    operator: str,
    mode: Operation,
    since: date,
    until: date | None = None,
) -> UUID:
    """Let somebody operate a service at a centre for a term; the term's id.

    Rejected where the centre is closed, or the service is not in the catalog there: published elsewhere, or withdrawn;
    and where it is of a function the centre does not offer, if it says which ones it does.
    """
    only_open(centre=centre)
    _offered(centre, item, since)
    values = valid(operation_terms, {"operator": operator, "mode": mode, "since": since, "until": until})
    forwards(since, until)
    place = {"centre_id": centre["id"], "unit_path": centre["unit_path"]}
    return await tx.insert(operation_terms, **place, item_id=item["id"], **values)


async def end(tx: Transaction, *, operation: Record, on: date, reason: str) -> UUID:
    """Make `on` the last day; the term's id. An end may be brought forward, never put off."""
    return await closing.end(tx, operation_terms, operation, on, reason, correction="correctOperation")


async def correct(
    tx: Transaction,
    *,
    operation: Record,
    reason: str,
    operator: str | None = None,
    mode: Operation | None = None,
    **days: Unpack[Days],
) -> Outcome:
    """Set right a term's days, who operates or how; its id. Rejected as any correction."""
    said = {name: value for name, value in (("operator", operator), ("mode", mode)) if value is not None}
    changes: dict[str, Any] = {**valid(operation_terms, said), **days}
    changed = await correcting.correct(tx, "operation", TERMS, operation, reason, changes)
    return Outcome(operation["id"], changed)


async def strike_out(tx: Transaction, *, operation: Record, reason: str) -> Outcome:
    """Remove a term that never was; the centre's id."""
    return Outcome(operation["centre_id"], await correcting.strike_out(tx, "operation", TERMS, operation, reason))


def _offered(centre: Record, item: Record, since: date) -> None:
    if not centre["unit_path"].startswith(item["unit_path"]):
        zh, en = "该服务不及于此中心所在单元。", "The service does not reach the unit the centre lies in."
        raise rejected(ProblemCode.OUT_OF_REACH, "item", zh, en)
    if centre["functions"] and item["function"] not in centre["functions"]:
        zh, en = "该中心不提供此服务所属的功能。", "The centre does not offer the function of this service."
        raise rejected(ProblemCode.OUT_OF_REACH, "item", zh, en)
    if item["withdrawn_on"] is not None and item["withdrawn_on"] <= since:
        zh, en = "该服务届时已撤回。", "The service is withdrawn by then."
        raise rejected(ProblemCode.CLOSED, "item", zh, en)
