"""A member leaves: their grid ends with that day, and whatever else of theirs would last longer keeps them.

Tables of such terms say so themselves (`KEEPS`), whichever area's they are. The database refuses it as well, each at a
time and after all else; asked here, all that is in the way is told at once.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, literal, or_, select

from services.members import grid_commands as grids
from services.storage.tables import KEEPS, METADATA
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss


async def leave(tx: Transaction, member: Record, last: date, field: str) -> None:
    """End what ends as a member, locked, leaves; Rejected, for a field, with everything that would outlast it."""
    await grids.leave(tx, member["id"], last)
    keeping = [table for table in METADATA.sorted_tables if KEEPS in table.info]
    found = await tx.row(select(*(_outlasts(table, member["id"], last) for table in keeping)))
    assert found is not None
    amiss = Amiss()
    for table in keeping:
        if found[table.name]:
            with amiss.within():
                raise table.info[KEEPS].refusal(field)
    amiss.check()


def _outlasts(table: Table, member: UUID, last: date) -> Any:
    term = table.c
    lasting = or_(term.until.is_(None), term.until > literal(last))
    return select(term.id).where(term.member_id == member, lasting).exists().label(table.name)
