"""Facilities are put on the ledger, changed and closed."""

from datetime import date
from typing import Unpack
from uuid import UUID

from services.centres.positions import Where, placed
from services.centres.tables import FacilityKind, facilities
from services.storage.closing import lately, only_open
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


def _valid(said: Said, known: Record | None = None) -> dict[str, object]:
    made: dict[str, object] = {}
    amiss = Amiss()
    with amiss.within():
        made |= valid(facilities, {name: value for name, value in said.items() if name not in Where.__annotations__})
    with amiss.within():
        made |= placed(said, known)
    amiss.check()
    return made
