"""Neighbourhood centres are recorded, changed and closed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Unpack
from uuid import UUID

from services.catalog.tables import ServiceFunction
from services.centres.positions import Where, placed
from services.centres.tables import CentreKind, centres, operation_terms
from services.centres.venues import withdraw_all
from services.errors import ProblemCode
from services.storage.closing import end_running, lately, only_open
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid

LARGEST = 10_000  # km²: more than any county here


class Said(Where, total=False):
    """What is known of a centre."""

    kind: CentreKind | None
    name: str | None
    address: str | None
    area_km2: float | None
    functions: Sequence[ServiceFunction] | None
    dispatches: bool | None
    opened_on: date | None


async def create(tx: Transaction, *, unit: Record, **said: Unpack[Said]) -> UUID:
    """Record a centre, open or planned; its id."""
    return await tx.insert(centres, unit_path=unit["path"], **_valid(said))


async def update(tx: Transaction, *, centre: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given; its id. Rejected once it was closed."""
    only_open(centre=centre)
    return await tx.update(centres, centre["id"], **_valid(changes, centre))


async def close(tx: Transaction, *, centre: Record, on: date) -> UUID:
    """Close it, end what is operated there on that day, and withdraw its venues; its id.

    The constraint `venue_booked_check` where a booking of one is to come: whoever booked is told by a person.
    """
    only_open(centre=centre)
    await lately(tx, "on", on)
    await end_running(tx, operation_terms, on, operation_terms.c.centre_id == centre["id"])
    await withdraw_all(tx, centre["id"])
    return await tx.update(centres, centre["id"], closed_on=on)


def _valid(said: Said, known: Record | None = None) -> dict[str, Any]:
    """The values as columns; Rejected with all that is amiss."""
    made: dict[str, Any] = {name: value for name, value in said.items() if name not in Where.__annotations__}
    amiss = Amiss()
    with amiss.within():
        made = valid(centres, made)
    area = made.get("area_km2")
    if area is not None:
        made["area_km2"] = Decimal(f"{area:.2f}")
        if not 0 < made["area_km2"] < LARGEST:
            zh, en = f"须大于 0 且小于 {LARGEST} 平方公里。", f"This is more than 0 and less than {LARGEST} km²."
            amiss.tell(ProblemCode.INVALID, "area_km2", zh, en)
    if made.get("functions") is not None:  # each once, as they are listed
        made["functions"] = [each for each in ServiceFunction if each in made["functions"]]
    with amiss.within():
        made |= placed(said, known)
    amiss.check()
    return made
