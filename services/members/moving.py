"""What a member did where they served ends as they go to serve elsewhere, as contact with households of there; what is
theirs goes along, as what they pledged.

Tables of such terms say so themselves (`SERVED`, `FOLLOWS`), whichever area's they are. Units that move, merge or are
split take their members along with all that: nobody goes elsewhere by it.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import Table, any_, delete, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE

from services.storage.correcting import Report, prolong, told
from services.storage.tables import FOLLOWS, METADATA, SERVED
from services.storage.transaction import Record, Transaction

WHY = "党员已到别处服务"  # beside what the community says itself, in its own words


class Move(NamedTuple):
    """The path of where a member goes to serve, their last day where they served, and the term in a grid that began."""

    path: str
    last: date
    term: UUID | None = None


Leaving = Callable[[Transaction, Mapping[UUID, Move]], Awaitable[None]]
LEAVING: list[Leaving] = []  # what areas do besides, of what is no term


def leaving(act: Leaving) -> Leaving:
    """Do this, too, as members go to serve elsewhere."""
    LEAVING.append(act)
    return act


Ended = Sequence[tuple[Table, Record]]
UNMOVED = {"moved_id": None, "before_move": None}


async def go(tx: Transaction, moves: Mapping[UUID, Move]) -> Report:
    """Let members go to serve elsewhere, with what is theirs; a line for each term that ended by it."""
    if not moves:
        return []
    await _bring_along(tx, moves)
    ended = await _end_elsewhere(tx, moves)
    for act in LEAVING:
        await act(tx, moves)
    return ended


async def _bring_along(tx: Transaction, moves: Mapping[UUID, Move]) -> None:
    for table in (table for table in METADATA.sorted_tables if FOLLOWS in table.info):
        whose = table.c.member_id == any_(literal(list(moves), ARRAY(UUID_TYPE())))
        theirs = select(table).where(whose, table.info[FOLLOWS](table.c)).order_by(table.c.id).with_for_update()
        found = await tx.rows(theirs)
        going = [(row, moves[row["member_id"]].path) for row in found]
        await tx.update_all(table, [{"id": row["id"], "unit_path": to} for row, to in going if row["unit_path"] != to])


async def _end_elsewhere(tx: Transaction, moves: Mapping[UUID, Move]) -> Report:
    """End what these members do elsewhere than where they go, on their last day there; a line for each that ended.

    What began since then lasts for its first day, and what was to begin is gone; what is over stays as it was. So does
    what is not the caller's to change, as what they do for another town: that is that town's to end.
    """
    report: Report = []
    today = await tx.today()
    for table in (table for table in METADATA.sorted_tables if SERVED in table.info):
        term: Any = table.c
        whose = term.member_id == any_(literal(list(moves), ARRAY(UUID_TYPE())))
        running = select(table).where(whose, or_(term.until.is_(None), term.until >= today))
        found = await tx.rows(running.order_by(term.id).with_for_update())
        left = [row for row in found if _left(row, moves[row["member_id"]])]
        not_theirs = set(await tx.beyond(table.name, [row["id"] for row in left]))
        ending = [_ended(row, moves[row["member_id"]], today) for row in left if row["id"] not in not_theirs]
        gone = [row["id"] for row, until in ending if until is None]
        if gone:
            await tx.rows(delete(table).where(term.id == any_(literal(gone, ARRAY(UUID_TYPE())))))
        lasting = [_values(table, row, moves, until) for row, until in ending if until is not None]
        await tx.update_all(table, lasting)
        report += [told(table, row, None if until is None else {**row, "until": until}) for row, until in ending]
    return report


def _left(row: Record, move: Move) -> bool:
    """Whether a term is of a unit that is neither where its member goes, nor above or below it; and would last on."""
    here, there = row["unit_path"], move.path
    return not here.startswith(there) and not there.startswith(here) and (row["until"] or date.max) > move.last


def _values(table: Table, row: Record, moves: Mapping[UUID, Move], until: date) -> dict[str, Any]:
    """What a term is changed to that ends: what is given back of it later is kept with it."""
    kept = {"moved_id": moves[row["member_id"]].term, "before_move": row["until"]}
    why = {"end_reason": WHY} if "end_reason" in table.c else {}
    return {"id": row["id"], "until": until, **kept, **why}


def _ended(row: Record, move: Move, today: date) -> tuple[Record, date | None]:
    """A term, with the last day it has now; None for one that was to begin."""
    return row, None if row["since"] > today else max(row["since"], move.last)


# --- a move that never was, or was another one ------------------------------------------------------------------------


async def ended_by(tx: Transaction, term: UUID) -> Ended:
    """The terms that ended as a member came to a grid, by the term there; locked."""
    tables = [table for table in METADATA.sorted_tables if SERVED in table.info]
    found = {table: select(table).where(table.c.moved_id == term).order_by(table.c.id) for table in tables}
    return [(table, row) for table in tables for row in await tx.rows(found[table].with_for_update())]


async def beyond(tx: Transaction, ended: Ended) -> Collection[UUID]:
    """Of these terms those that are not the caller's to change, as in the town their member came from."""
    found: set[UUID] = set()
    for table in {table for table, _ in ended}:
        found.update(await tx.beyond(table.name, [row["id"] for of, row in ended if of is table]))
    return found


async def give_back(tx: Transaction, ended: Ended, moves: Sequence[Move]) -> Report:
    """Give what a move ended the last day it had, or has by the `moves` there were instead; a line for each other day.

    What is elsewhere than where the member went lasts until they did, by the first move that takes them away from it.
    What is not the caller's to change stays as it is.
    What cannot last any longer stays over: its household or team was closed since, its place is taken, the member keeps
    contact again.
    """
    report: Report = []
    not_theirs = await beyond(tx, ended)
    for table, row in ended:
        if row["id"] in not_theirs:
            continue
        given = _given_back(table, row, moves)
        if all(row[name] == value for name, value in given.items()):
            continue
        with suppress(asyncpg.IntegrityConstraintViolationError):
            async with tx.connection.transaction():
                await prolong(tx, table, row, given)
            if given["until"] != row["until"]:
                report.append(told(table, row, {**row, **given}))
    return report


def _given_back(table: Table, row: Record, moves: Sequence[Move]) -> dict[str, Any]:
    whole = {**row, "until": row["before_move"]}
    for move in moves:
        if _left(whole, move):
            return _values(table, whole, {row["member_id"]: move}, max(row["since"], move.last))
    return {"until": row["before_move"], **UNMOVED, **({"end_reason": None} if "end_reason" in table.c else {})}
