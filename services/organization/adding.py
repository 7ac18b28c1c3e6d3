"""Numbers that units are told of themselves, where units become one.

A table says of itself that its rows are such (`services.storage.tables.SUMMED`). What both were told of adds up; what
one of them was not, because it is few, is told no more: a number of the one would be read as that of both. What one of
them was not asked stays as it is: it adds nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Table, any_, delete, func, literal, select, update

from services.organization.territory import Fate, Journey, Line, called
from services.storage.tables import METADATA, SUMMED, Summed
from services.storage.transaction import Record, Transaction


async def add_up(tx: Transaction, keep: str, drop: str, journey: Journey) -> list[Line]:
    """Give the unit at `keep` the numbers of both of whatever asked both; lines for those that are told no more."""
    report: list[Line] = []
    for table, summed in _tables():
        path = table.c[summed.path]
        by = [table.c[name] for name in summed.by]
        asked = summed.asked(table.c, keep), summed.asked(table.c, drop)
        rows = await tx.rows(select(table).where(path.in_((keep, drop)), *asked).order_by(*by, path != keep))
        alone: list[Any] = []
        for _, same in groupby(rows, itemgetter(*summed.by)):
            kept, *others = same
            if others:
                await _made_one(tx, table, summed, kept, others)
            else:
                alone.append(kept["id"])
        report += await _lost(tx, path, alone, {drop: journey, keep: Journey(journey.after, journey.after)})
    return report


async def _made_one(tx: Transaction, table: Table, summed: Summed, kept: Record, others: Sequence[Record]) -> None:
    """Add others to a number; what was part of them is part of it."""
    together = {summed.number: sum(row[summed.number] for row in (kept, *others))}
    await tx.rows(update(table).where(table.c.id == kept["id"]).values(together))
    for gone in others:
        if summed.within is not None:
            held = table.c[summed.within]
            known = {held.key: func.array_replace(held, gone["id"], kept["id"], type_=held.type)}
            alike = (table.c[name].is_not_distinct_from(kept[name]) for name in summed.by)
            await tx.rows(update(table).where(*alike, literal(gone["id"], table.c.id.type) == any_(held)).values(known))
        await tx.rows(delete(table).where(table.c.id == gone["id"]))


async def _lost(tx: Transaction, path: Column[Any], ids: Sequence[Any], journeys: Mapping[str, Journey]) -> list[Line]:
    """Tell of these numbers no more; lines for them, called by what they were of."""
    table = path.table
    assert isinstance(table, Table)
    rows = await tx.rows(called(path).add_columns(path).where(table.c.id.in_(ids)))
    await tx.rows(delete(table).where(table.c.id.in_(ids)))
    report: list[Line] = []
    for at, journey in journeys.items():
        report += journey.rows(table.name, [row for row in rows if row[path.key] == at], Fate.LOST)
    return report


def _tables() -> Iterator[tuple[Table, Summed]]:
    for table in METADATA.sorted_tables:
        if SUMMED in table.info:
            yield table, table.info[SUMMED]
