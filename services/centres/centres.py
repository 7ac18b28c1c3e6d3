"""Neighbourhood centres are recorded, changed and closed; opened again, or struck out, where that was a mistake."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, Unpack
from uuid import UUID

import asyncpg
from sqlalchemy import Table, delete, select

from services.catalog.tables import ServiceFunction
from services.centres.positions import Where, placed
from services.centres.tables import CentreKind, centres, operation_terms
from services.centres.venues import lend_again, withdraw_all
from services.errors import ProblemCode, rejected
from services.names import proper
from services.organization.tables import units
from services.storage import correcting
from services.storage.closing import end_running, lately, only_closed, only_open
from services.storage.tables import METADATA
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid

CLOSED = "邻里中心停用"  # why a term ended, where closing its centre ended it
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
    term = operation_terms.c
    kept = {"cut_by_closing": True, "before_closing": term.until, "end_reason": CLOSED}
    await end_running(tx, operation_terms, on, term.centre_id == centre["id"], kept=kept)
    await withdraw_all(tx, centre["id"])
    return await tx.update(centres, centre["id"], closed_on=on)


async def reopen(tx: Transaction, *, centre: Record, reason: str) -> UUID:
    """Open one again that was closed by mistake; its id.

    What closing it ended lasts as it was to before, unless it was corrected since or cannot any longer; venues it
    withdrew are lent out.
    """
    only_closed(centre=centre)
    await correcting.note(tx, centre, proper("reason", reason))
    await tx.update(centres, centre["id"], closed_on=None)
    await lend_again(tx, centre["id"])
    of = operation_terms.c.centre_id == centre["id"], operation_terms.c.cut_by_closing
    for row in await tx.rows(select(operation_terms).where(*of).order_by(operation_terms.c.id).with_for_update()):
        await _resume(tx, row, centre["closed_on"])
    own: UUID = centre["id"]
    return own


async def strike_out(tx: Transaction, *, centre: Record, reason: str) -> UUID:
    """Remove one that never was; its unit's id. Rejected where anything hangs on it: that is struck out first."""
    said = proper("reason", reason)
    for table in _hanging():
        if await tx.value(select(table.c.centre_id).where(table.c.centre_id == centre["id"]).limit(1)) is not None:
            zh, en = (
                "该中心已有工期、运营、场地等记录，请先删除。",
                "Something hangs on the centre: strike that out first.",
            )
            raise rejected(ProblemCode.CLOSED, "centre", zh, en)
    await correcting.note(tx, centre, said)
    await tx.rows(delete(centres).where(centres.c.id == centre["id"]))
    unit: UUID = await tx.value(select(units.c.id).where(units.c.path == centre["unit_path"]))
    return unit


def _hanging() -> list[Table]:
    """The tables of what a centre has."""
    return [table for table in METADATA.sorted_tables if any(key.column.table is centres for key in table.foreign_keys)]


def there(centre: Record, field: str, day: date, today: date) -> None:
    """Rejected, for this field, for a day on which an open centre was not opened yet, or one that closed was closed.

    Of one that is being built anything may be said: it is looked at before it opens.
    """
    opened, closed = centre["opened_on"], centre["closed_on"]
    if opened is not None and day < opened <= today:
        raise rejected(ProblemCode.INVALID, field, "当日中心尚未启用。", "The centre was not open yet on that day.")
    if closed is not None and day > closed:
        raise rejected(ProblemCode.INVALID, field, "当日中心已停用。", "The centre was closed by that day.")


async def _resume(tx: Transaction, row: Record, closed_on: date) -> None:
    """Give a term the last day again that it had, unless it has another by now or cannot last so long."""
    own = {"cut_by_closing": False, "before_closing": None}
    if row["until"] == closed_on:
        with suppress(asyncpg.IntegrityConstraintViolationError):
            async with tx.connection.transaction():
                again = {**own, "until": row["before_closing"], "end_reason": None}
                return await correcting.prolong(tx, operation_terms, row, again)
    await tx.update(operation_terms, row["id"], **own)
    return None


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
