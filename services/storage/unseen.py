"""Terms whoever asks may not read, as in a town a member came from: no day that is tried tells when one began or ended.

What hangs on such a term is refused alike on every day of the gap it lies in between those they do read, wherever in it
that day lies; and what hangs on the last day of whose a term is, on every day alike.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Table, select

from services.storage.tables import METADATA
from services.storage.transaction import Record, Transaction


async def parted(tx: Transaction, table: Table, terms: Sequence[Record]) -> tuple[list[Record], list[Record]]:
    """Those of these terms that whoever asks reads, and those they do not."""
    unseen = set(await tx.unseen(table.name, [each["id"] for each in terms]))
    return [each for each in terms if each["id"] not in unseen], [each for each in terms if each["id"] in unseen]


def in_the_gap(seen: Sequence[Record], unseen: Sequence[Record], day: date) -> list[Record]:
    """The unseen terms between those two seen ones, one of which may not be, that a day lies between."""
    first = max((each["since"] for each in seen if each["since"] <= day), default=date.min)
    last = min((each["since"] for each in seen if each["since"] > day), default=date.max)
    return [each for each in unseen if first <= each["since"] < last]


async def left_unseen(tx: Transaction, holder: tuple[str, UUID] | None) -> bool:
    """Whether whose a term is, by table and id, has left or was closed, and is not to be read by whoever asks."""
    if holder is None or not await tx.unseen(holder[0], [holder[1]]):
        return False
    table = METADATA.tables[holder[0]]
    last = table.c["left_on" if "left_on" in table.c else "closed_on"]
    return await tx.value(select(last).where(table.c.id == holder[1])) is not None
