"""Restricting what is done with a member's data, as PIPL 44 and 47 have it: kept, and not used.

While it lasts only the member is shown how to reach them and finds them by search; nobody else changes what is held of
them, and the database refuses to put them into a new office, grant or account (migration 0035). What they hold stays.
Why it was restricted, and why that was lifted, is kept with the corrections, for whoever must answer for it there.
"""

from uuid import UUID

from services.errors import ProblemCode, rejected
from services.members.tables import RESTRICTED
from services.members.tables import members as table
from services.names import proper
from services.storage.correcting import note
from services.storage.transaction import Record, Transaction


async def restrict(tx: Transaction, *, member: Record, reason: str) -> UUID:
    """Restrict it from today on; the member's id. Rejected where it is already, or nothing is left to restrict."""
    refuse_restricted(member)
    if member["erased_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "此人的个人数据已删除。", "This person's data was deleted.")
    await note(tx, member, proper("reason", reason))
    return await tx.update(table, member["id"], restricted_on=await tx.today())


async def lift(tx: Transaction, *, member: Record, reason: str) -> UUID:
    """Let it be used again; the member's id. Rejected where it is not restricted."""
    if member["restricted_on"] is None:
        zh, en = "此人的个人数据未限制处理。", "The processing of this person's data is not restricted."
        raise rejected(ProblemCode.CLOSED, "member", zh, en)
    await note(tx, member, proper("reason", reason))
    return await tx.update(table, member["id"], restricted_on=None)


def refuse_restricted(member: Record) -> None:
    """Rejected where the processing of a member's data, locked, is restricted."""
    if member["restricted_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", *RESTRICTED)
