"""What is counted of a unit's matters, its grids' among them, when that is published: from then on it stays.

A number that is kept is told to whoever reads what it stands in. So it is counted by a command whose right only those
hold who read the matters themselves, and of nothing but the unit's own subtree.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, literal, select, union

from services.deliberation.tables import matters, moves
from services.organization.paths import at_or_beneath
from services.storage.tables import BYTEWISE
from services.storage.transaction import Transaction


async def proposed(tx: Transaction, path: str, first: date, last: date) -> int:
    """How many matters were proposed at a unit or below on these days."""
    number: int = await tx.value(select(_matters(matters.c.proposed_on, path, first, last)))
    return number


async def numbers(tx: Transaction, path: str, first: date, last: date) -> dict[str, int]:
    """That, how many were carried out then and are not to be once more, and how many were late on one of these days."""
    found = await tx.row(
        select(
            _matters(matters.c.proposed_on, path, first, last).label("proposed"),
            _matters(matters.c.carried_out_on, path, first, last).label("carried_out"),
            _late(path, first, last).label("late"),
        )
    )
    assert found is not None  # sums of nothing are rows, too
    return dict(found)


def _matters(day: ColumnElement[Any], path: str, first: date, last: date) -> ScalarSelect[Any]:
    found = select(func.count()).select_from(matters).where(_within(matters.c.unit_path, path))
    return found.where(day.between(first, last)).scalar_subquery()


def _late(path: str, first: date, last: date) -> ScalarSelect[Any]:
    """Those with a step that should have been over before one of the days and was not, whether they left it since."""
    left, still = moves.c, matters.c
    by_then = left.moved_on > left.due_on, left.moved_on >= first, left.due_on < last
    found = union(
        select(left.matter_id).where(_within(left.unit_path, path), *by_then),
        select(still.id).where(_within(still.unit_path, path), still.due_on < last),
    ).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _within(lies: ColumnElement[Any], path: str) -> ColumnElement[bool]:
    return at_or_beneath(lies, literal(path, BYTEWISE))
