"""Members are linked to households ("1+10"), and the contact ends or is struck out.

One that was entered wrongly is struck out and linked anew: no contact follows another, so no boundary is to be moved.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import delete

from services.errors import ProblemCode, rejected
from services.households.tables import contacts
from services.members.moving import WHY
from services.members.serving import served_on
from services.names import proper
from services.storage import correcting
from services.storage.closing import only_open, recent
from services.storage.correcting import DAY
from services.storage.transaction import Record, Transaction
from services.terms import ending, reasonable


async def link(tx: Transaction, *, household: Record, member: Record, since: date) -> UUID:
    """Let a member keep contact with a household from a day on; the contact's id.

    Rejected where it is closed, where the member has left or serves elsewhere, and for a day before they came there;
    the constraint `household_contact_excl` where they do already.
    """
    only_open(household=household)
    reasonable("since", since)
    present(member)
    if not near(member["unit_path"], household["unit_path"]):
        zh, en = "该党员不在此户所在网格服务。", "The member does not serve in the grid the household lies in."
        raise rejected(ProblemCode.OUT_OF_REACH, "member", zh, en)
    if not near(await served_on(tx, member, since), household["unit_path"]):
        zh, en = "该党员当日尚不在此网格服务。", "The member did not serve in that grid yet on that day."
        raise rejected(ProblemCode.OUT_OF_REACH, "since", zh, en)
    place = {"household_id": household["id"], "unit_path": household["unit_path"]}
    return await tx.insert(contacts, **place, member_id=member["id"], since=since)


async def end(tx: Transaction, *, contact: Record, on: date, reason: str) -> UUID:
    """Make `on` the last day; the contact's id. An end may be brought forward, never put off."""
    ending("on", contact["since"], contact["until"], on)
    await recent(tx, "on", on)
    why = {"end_reason": proper("reason", reason), "moved_id": None, "before_move": None}
    return await tx.update(contacts, contact["id"], until=on, **why)


async def strike_out(tx: Transaction, *, contact: Record, reason: str) -> UUID:
    """Remove one that never was; the household's id."""
    await correcting.note(tx, contact, proper("reason", reason))
    await tx.rows(delete(contacts).where(contacts.c.id == contact["id"]))
    household: UUID = contact["household_id"]
    return household


def kept(contact: Record, day: date) -> bool:
    """Whether somebody came to a household on a day as who kept contact with it; who moved that day may have."""
    last = contact["until"]
    moved = contact["moved_id"] is not None or contact["end_reason"] == WHY
    return contact["since"] <= day and (last is None or day <= last or (moved and day == last + DAY))


def present(member: Record) -> None:
    """Rejected, for the field `member`, where they have left."""
    if member["left_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "该党员已离开。", "The member has left.")


def near(one: str, other: str) -> bool:
    """Whether one of two units lies in the other, or is it."""
    return one.startswith(other) or other.startswith(one)
