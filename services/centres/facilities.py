"""Facilities are put on the ledger, changed and closed; opened again, or struck out, where that was a mistake."""

from datetime import date
from typing import Unpack
from uuid import UUID

from sqlalchemy import delete, select

from services.centres.positions import Where, placed
from services.centres.tables import FacilityKind, facilities
from services.names import proper
from services.organization.tables import units
from services.storage import correcting
from services.storage.closing import lately, only_closed, only_open
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid


class Said(Where, total=False):
    """What is known of a facility."""

    kind: FacilityKind | None
    name: str | None
    address: str | None


async def record(tx: Transaction, *, unit: Record, **said: Unpack[Said]) -> UUID:
    """Put a facility on the ledger; its id."""
    return await tx.insert(facilities, unit_path=unit["path"], **_valid(said))


async def update(tx: Transaction, *, facility: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given; its id. Rejected once it was closed."""
    only_open(facility=facility)
    return await tx.update(facilities, facility["id"], **_valid(changes, facility))


async def close(tx: Transaction, *, facility: Record, on: date) -> UUID:
    """Record that it is there no more; its id."""
    only_open(facility=facility)
    return await tx.update(facilities, facility["id"], closed_on=await lately(tx, "on", on))


async def reopen(tx: Transaction, *, facility: Record, reason: str) -> UUID:
    """Open one again that was closed by mistake; its id."""
    only_closed(facility=facility)
    await correcting.note(tx, facility, proper("reason", reason))
    return await tx.update(facilities, facility["id"], closed_on=None)


async def strike_out(tx: Transaction, *, facility: Record, reason: str) -> UUID:
    """Remove one that never was; its unit's id."""
    await correcting.note(tx, facility, proper("reason", reason))
    await tx.rows(delete(facilities).where(facilities.c.id == facility["id"]))
    unit: UUID = await tx.value(select(units.c.id).where(units.c.path == facility["unit_path"]))
    return unit


def _valid(said: Said, known: Record | None = None) -> dict[str, object]:
    made: dict[str, object] = {}
    amiss = Amiss()
    with amiss.within():
        made |= valid(facilities, {name: value for name, value in said.items() if name not in Where.__annotations__})
    with amiss.within():
        made |= placed(said, known)
    amiss.check()
    return made
