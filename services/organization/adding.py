"""Numbers that units are told of themselves, where units become one.

A table says of itself that its rows are such (`services.storage.tables.SUMMED`). What both were told of adds up; what
one of them was not, because it is few, is told no more: a number of the one would be read as that of both.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Table, delete, select, update

from services.storage.tables import METADATA, SUMMED, Summed
from services.storage.transaction import Record, Transaction


async def add_up(tx: Transaction, keep: str, drop: str) -> None:
    """Give the unit at `keep` the numbers of both, and the one at `drop` none, of whatever asked both."""
    for table, summed in _tables():
        at = table.c[summed.path].in_((keep, drop))
        by = [table.c[name] for name in summed.by]
        found = select(table).where(at, summed.asked(table.c, keep), summed.asked(table.c, drop))
        rows = await tx.rows(found.order_by(*by, table.c[summed.path] != keep))
        for _, same in groupby(rows, itemgetter(*summed.by)):
            await _made_one(tx, table, summed.number, [*same])


async def _made_one(tx: Transaction, table: Table, number: str, same: list[Record]) -> None:
    kept, *others = same
    if others:
        together = {number: sum(row[number] for row in same)}
        await tx.rows(update(table).where(table.c.id == kept["id"]).values(together))
    gone = others or [kept]
    await tx.rows(delete(table).where(table.c.id.in_([row["id"] for row in gone])))


def _tables() -> Iterator[tuple[Table, Summed]]:
    for table in METADATA.sorted_tables:
        if SUMMED in table.info:
            yield table, table.info[SUMMED]
