"""Compounds and buildings that were closed by mistake are opened again, with what closing them ended.

Closing keeps the end that each contract, coverage, committee, sharing and building had before, see
`services.terms.closing`. It ends neither captains' terms nor posts: who ended those gave a reason, and corrects them.
"""

from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Table, select, update

from services.names import proper
from services.properties.phases import only_in_open
from services.properties.tables import buildings, compounds, contracts, coverages, owners_committees, sharings
from services.storage import correcting
from services.storage.closing import only_closed
from services.storage.transaction import Outcome, Record, Transaction

# What closing a compound ends, and the column that says its last day.
ENDED = (
    (buildings, "closed_on"),
    *((table, "until") for table in (contracts, coverages, owners_committees, sharings)),
)
OPEN = {"cut_by_closing": False, "before_closing": None}
DEFERRED = "branch_coverage_reach, building_name_excl"


async def reopen_compound(tx: Transaction, *, compound: Record, reason: str) -> Outcome:
    """Open a compound again, and give what closing ended the last day it had; its id.

    All that ended that day is told. What had been ended by itself stays over, and so does what cannot last any longer:
    its company or branch was closed since, the branch does not reach it by now, the unit that shared it has it.
    """
    only_closed(compound=compound)
    await correcting.note(tx, compound, proper("reason", reason))
    await tx.update(compounds, compound["id"], closed_on=None)
    ended = [line for table, last in ENDED for line in await _resume(tx, table, last, compound)]
    return Outcome(compound["id"], ended)


async def reopen_building(tx: Transaction, *, building: Record, reason: str) -> UUID:
    """Open a building again; its id. Rejected while its compound is closed, TAKEN where another has its name by now."""
    only_closed(building=building)
    await only_in_open(tx, "building", building)
    await correcting.note(tx, building, proper("reason", reason))
    return await tx.update(buildings, building["id"], closed_on=None, **OPEN)


async def _resume(tx: Transaction, table: Table, last: str, compound: Record) -> correcting.Report:
    """A line for each row that ended on the compound's last day; none is marked as cut by its closing any longer."""
    of = table.c.compound_id == compound["id"]
    found = select(table).where(of, table.c[last] == compound["closed_on"]).order_by(table.c.id)
    lines = []
    for row in await tx.rows(found.with_for_update(key_share=True)):
        restored = await _restored(tx, table, last, row)
        until = row["before_closing"] if restored else row[last]
        lines.append(_line(table, row, restored=restored, until=until))
    await tx.rows(update(table).where(of, table.c.cut_by_closing).values(OPEN))
    return lines


async def _restored(tx: Transaction, table: Table, last: str, row: Record) -> bool:
    """Whether a row has the last day again that it had: where closing ended it, and nothing keeps it from lasting."""
    if not row["cut_by_closing"] or (table is sharings and row["unit_path"].startswith(row["sharer_path"])):
        return False
    with suppress(asyncpg.IntegrityConstraintViolationError):
        async with tx.connection.transaction():
            await correcting.prolong(tx, table, row, {last: row["before_closing"]})
            # Asked now what else is asked at the end, where it would undo everything; later commands are as before.
            await tx.connection.execute(f"SET CONSTRAINTS {DEFERRED} IMMEDIATE")
            await tx.connection.execute(f"SET CONSTRAINTS {DEFERRED} DEFERRED")
        return True
    return False


def _line(table: Table, row: Record, **told: Any) -> dict[str, Any]:
    until = told["until"]
    return {"kind": table.name, "id": row["id"], **told, "until": until and until.isoformat()}
