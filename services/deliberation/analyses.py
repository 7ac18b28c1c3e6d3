"""Analysis meetings of a deliberation day are recorded, put right, struck out."""

from datetime import date
from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete

from services.deliberation.day_tables import analyses
from services.deliberation.days import only_change
from services.names import proper
from services.storage import correcting
from services.storage.closing import past
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid


class Came(TypedDict, total=False):
    """What an analysis meeting came to."""

    held_on: date | None
    looked_at: int | None
    taken_up: int | None
    dropped: int | None


async def record(tx: Transaction, *, day: Record, **came: Unpack[Came]) -> UUID:
    """An analysis meeting of a day; its id.

    Rejected before that day, on a day to come, and for more taken up and dropped than were looked at.
    """
    values = await _checked(tx, came)
    of = {"day_id": day["id"], "unit_path": day["unit_path"], "day_on": day["held_on"]}
    return await tx.insert(analyses, **of, **values)


async def correct(tx: Transaction, *, analysis: Record, reason: str, **changes: Unpack[Came]) -> UUID:
    """Put right what is given; its id. Rejected as `record` is, and where nothing changes."""
    values = await _checked(tx, changes)
    only_change(analysis, values)
    await correcting.note(tx, analysis, proper("reason", reason))
    return await tx.update(analyses, analysis["id"], **values)


async def strike_out(tx: Transaction, *, analysis: Record, reason: str) -> UUID:
    """Remove one that never was; the id of its deliberation day."""
    await correcting.note(tx, analysis, proper("reason", reason))
    await tx.rows(delete(analyses).where(analyses.c.id == analysis["id"]))
    day: UUID = analysis["day_id"]
    return day


async def _checked(tx: Transaction, came: Came) -> dict[str, object]:
    amiss = Amiss()
    values: dict[str, object] = {}
    with amiss.within():
        values = valid(analyses, came)
    with amiss.within():
        if (held_on := came.get("held_on")) is not None:
            await past(tx, "held_on", held_on)
    amiss.check()
    return values
