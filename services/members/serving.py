"""Where a member served on a day that is over, by their terms in grids.

What is done on a day is of where they served then, wherever that is by now. Who comes to a grid is of both places on
that day: they may have been where they left in the morning.

It is said by the terms whoever asks may read, and by nothing else: days that are refused for another would tell when it
began or was over. So a town records what is done there by whoever serves there now and never was in a grid of theirs on
any day alike; the member and the county, who read all terms, are told the place of each.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Interval, and_, literal, or_, select

from services.members.grid_tables import grid_terms
from services.organization.paths import at_or_beneath
from services.organization.tables import units
from services.storage.correcting import DAY
from services.storage.tables import aliased
from services.storage.transaction import Record, Transaction
from services.storage.unseen import parted
from services.terms import BACK, today


async def served_on(tx: Transaction, member: Record, day: date) -> str:
    """The path of where a member served on a day, as far as whoever asks may tell.

    In no grid that day they served where they came from to the next one; of who went to none since nothing else is
    known than where they serve now.
    """
    came, term = aliased(units), grid_terms.c
    terms = select(term.id, term.unit_path, term.since, term.until, came.c.path.label("came_from")).join_from(
        grid_terms, came, came.c.id == term.came_from_id, isouter=True
    )
    found = await tx.rows(terms.where(term.member_id == member["id"]).order_by(term.since))
    seen, _ = await parted(tx, grid_terms, found)
    return _held(seen, day) or _before_next(seen, day) or member["unit_path"]


async def served_about(tx: Transaction, member: Record, day: date) -> Sequence[str]:
    """The paths of where a member served on a day, and on the day before: who moves that day is of both."""
    return [await served_on(tx, member, each) for each in (day, day - DAY)]


def _held(terms: Sequence[Record], day: date) -> str | None:
    held = (each["unit_path"] for each in terms if each["since"] <= day <= (each["until"] or day))
    return next(held, None)


def _before_next(terms: Sequence[Record], day: date) -> str | None:
    return next((each["came_from"] for each in terms if each["since"] > day), None)


def served_lately(member: Any, path: Any) -> ColumnElement[bool]:
    """Whether a member served in the unit at a path, or below, on a day that may still be recorded of."""
    term, came = aliased(grid_terms), aliased(units)
    earliest = today() - literal(BACK, Interval())
    there = and_(at_or_beneath(term.c.unit_path, path), or_(term.c.until.is_(None), term.c.until >= earliest))
    came_from = select(1).where(came.c.id == term.c.came_from_id, at_or_beneath(came.c.path, path))
    before = and_(term.c.since > earliest, came_from.correlate_except(came).exists())
    found = select(1).where(term.c.member_id == member, or_(there, before))
    return found.correlate_except(term).exists()
