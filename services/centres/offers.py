"""What departments bring is matched with a centre, delivered there or dropped, and struck out where it never was."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from services.centres.offer_tables import OfferKind, OfferStatus, offers
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage import correcting
from services.storage.closing import only_open, past
from services.storage.doubles import is_there
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid


async def match(
    tx: Transaction,
    *,
    centre: Record,
    department: str,
    kind: OfferKind,
    name: str,
    matched_on: date,
    delivered_on: date | None = None,
) -> UUID:
    """Match what a department brings with a centre, and say at once that it was delivered, if it was; its id."""
    only_open(centre=centre)
    amiss, made = Amiss(), dict[str, Any]()
    with amiss.within():
        made |= valid(offers, {"department": department, "kind": kind, "name": name})
    with amiss.within():
        made["matched_on"] = await past(tx, "matched_on", matched_on)
    with amiss.within():
        if delivered_on is not None:
            made |= await _delivered(tx, matched_on, "delivered_on", delivered_on)
    amiss.check()
    here = offers.c.centre_id == centre["id"], offers.c.status != OfferStatus.DROPPED
    if await is_there(tx, offers, made, ("department", "kind", "name", "matched_on"), *here):
        zh, en = "该部门当日的同一事项已对接。", "The department's offer of this name was matched on that day already."
        raise rejected(ProblemCode.TAKEN, "name", zh, en)
    return await tx.insert(offers, centre_id=centre["id"], unit_path=centre["unit_path"], **made)


async def deliver(tx: Transaction, *, offer: Record, on: date) -> UUID:
    """Say when it was delivered; its id. Rejected once it was delivered or dropped."""
    _open(offer)
    return await tx.update(offers, offer["id"], **await _delivered(tx, offer["matched_on"], "on", on))


async def drop(tx: Transaction, *, offer: Record, reason: str) -> UUID:
    """Say that it will not be, and why; its id. As `deliver`."""
    _open(offer)
    return await tx.update(offers, offer["id"], status=OfferStatus.DROPPED, drop_reason=proper("reason", reason))


async def strike_out(tx: Transaction, *, offer: Record, reason: str) -> UUID:
    """Remove one that never was; the centre's id."""
    await correcting.note(tx, offer, proper("reason", reason))
    await tx.rows(delete(offers).where(offers.c.id == offer["id"]))
    centre: UUID = offer["centre_id"]
    return centre


async def _delivered(tx: Transaction, matched_on: date, field: str, day: date) -> dict[str, Any]:
    if await past(tx, field, day) < matched_on:
        zh, en = "不能在对接之前落实。", "It cannot be delivered before it is matched."
        raise rejected(ProblemCode.INVALID, field, zh, en)
    return {"status": OfferStatus.DELIVERED, "delivered_on": day}


def _open(offer: Record) -> None:
    if offer["status"] != OfferStatus.MATCHED:
        zh, en = "该对接事项已落实或已取消。", "It was delivered or dropped already."
        raise rejected(ProblemCode.CLOSED, "offer", zh, en)
