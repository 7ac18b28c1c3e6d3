"""Terms between two units, as a community's sharing of a compound that lies in another, where units become one.

A table says of itself that its rows are such (`services.storage.tables.BETWEEN`). Where the two units of a term become
one, or one comes to lie in the other, the term has lost its meaning: it ends the day before, or never was where it had
not begun. Where two units that have terms of one thing become one, terms that meet or overlap become one term.
What has gone astray (`services.storage.tables.ASTRAY`) is taken away and told; what follows (`ARRIVED`) is done.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, case, delete, func, literal, select

from services.organization.territory import Fate, Journey, Line
from services.storage.correcting import DAY, prolong
from services.storage.tables import ARRIVED, ASTRAY, BETWEEN, BYTEWISE, METADATA
from services.storage.transaction import Record, Transaction
from services.terms import not_over, today


async def join(tx: Transaction, keep: str, drop: str, journey: Journey) -> list[Line]:
    """Before the unit at `drop` becomes the one at `keep`: make one of their terms that meet; lines for these."""
    report: list[Line] = []
    for table, thing, other in _tables():
        rows = await tx.rows(_named(table, thing).where(table.c[other].in_([keep, drop])).with_for_update(of=table))
        ordered = sorted(rows, key=lambda row: (row[thing], row["since"]))
        for _, alike in groupby(ordered, key=lambda row: row[thing]):
            for met in _meeting(list(alike)):
                if len({row[other] for row in met}) > 1:
                    report += await _made_one(tx, table, sorted(met, key=lambda row: row[other] != keep), journey)
    return report


async def part(tx: Transaction, path: str, journey: Journey) -> list[Line]:
    """Once units have become one, or moved: end the terms of what lies at or below a path with a unit it lies in."""
    report: list[Line] = []
    for table, thing, other in _tables():
        lies: ColumnElement[str] = table.c.unit_path
        within = func.starts_with(lies, table.c[other]), func.starts_with(lies, literal(path, BYTEWISE))
        rows = await tx.rows(_named(table, thing).where(*within, not_over(table.c)).with_for_update(of=table))
        begun = [row for row in rows if row["since"] < row["today"]]
        for row in begun:
            await tx.update(table, row["id"], until=row["today"] - DAY)
        lost = [row for row in rows if row not in begun]
        await _removed(tx, table, lost)
        report += [*journey.rows(table.name, begun, Fate.ENDED), *journey.rows(table.name, lost, Fate.LOST)]
    return [*report, *await astray(tx, path, journey)]


async def astray(tx: Transaction, path: str, journey: Journey) -> list[Line]:
    """Once what lies at a path came from elsewhere: let it have arrived there; lines for what is taken away."""
    return [line for table, lost in await arrive(tx, path) for line in journey.rows(table.name, lost, Fate.LOST)]


async def arrive(tx: Transaction, path: str) -> list[tuple[Table, list[Record]]]:
    """Do what follows for what came to lie at a path, and take away what names it where it is no more; these rows.

    What these were part of has changed by that, as by a command: its version says so to whoever read it before.
    """
    found: list[tuple[Table, list[Record]]] = []
    for table in METADATA.sorted_tables:
        if ASTRAY in table.info:
            gone, whole = table.info[ASTRAY]
            found.append((table, lost := await tx.rows(gone(path))))
            await _removed(tx, table, lost)
            (of,) = {key.column.table for key in table.c[whole].foreign_keys}
            for changed in dict.fromkeys(row[whole] for row in lost):
                await tx.update(of, changed)
        if ARRIVED in table.info:
            await table.info[ARRIVED](tx, path)
    return found


def _tables() -> Iterator[tuple[Table, str, str]]:
    """Each table of such terms, its column of what they are about, and that of the unit the thing does not lie in."""
    for table in METADATA.sorted_tables:
        if BETWEEN in table.info:
            thing, other = table.info[BETWEEN]
            yield table, thing, other


def _named(table: Table, thing: str) -> Select[Any]:
    """The rows, in order, with the day it is, and called by what they are about while that may be known."""
    (of,) = {key.column.table for key in table.c[thing].foreign_keys}
    name = select(of.c.name).where(of.c.id == table.c[thing]).scalar_subquery()
    found = select(*table.c, today().label("today"), case((not_over(table.c), name)).label("name"))
    return found.order_by(table.c.since, table.c.id)


def _meeting(rows: Sequence[Record]) -> Iterator[list[Record]]:
    """Terms in their order, together those that overlap or follow one another without a gap."""
    met: list[Record] = []
    for row in rows:
        last = _last(met)
        if met and last is not None and row["since"] > last + DAY:
            yield met
            met = []
        met.append(row)
    if met:
        yield met


def _last(rows: Sequence[Record]) -> date | None:
    """The last day of terms; None where one of them, or none, has no end."""
    ends = [row["until"] for row in rows]
    return None if None in ends else max(ends, default=None)


async def _made_one(tx: Transaction, table: Table, rows: Sequence[Record], journey: Journey) -> list[Line]:
    """Let the first of some terms last from the first day of all to the last, and the others not be."""
    first, others = rows[0], rows[1:]
    await _removed(tx, table, others)
    await prolong(tx, table, first, {"since": min(row["since"] for row in rows), "until": _last(rows)})
    return [*journey.rows(table.name, [first], Fate.JOINED), *journey.rows(table.name, others, Fate.LOST)]


async def _removed(tx: Transaction, table: Table, rows: Sequence[Record]) -> None:
    await tx.rows(delete(table).where(table.c.id.in_([row["id"] for row in rows])))
