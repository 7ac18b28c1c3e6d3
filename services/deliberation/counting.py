"""What is counted of a unit's matters, its grids' among them, when that is published: from then on it stays.

A number that is kept is told to whoever reads what it stands in. So it is counted by a command whose right only those
hold who read the matters themselves, and of nothing but the unit's own subtree.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, distinct, func, literal, select

from services.deliberation.tables import matters, moves
from services.organization.paths import at_or_beneath
from services.storage.tables import BYTEWISE
from services.storage.transaction import Transaction


async def proposed(tx: Transaction, path: str, first: date, last: date) -> int:
    """How many matters were proposed at a unit or below on these days."""
    number: int = await tx.value(select(_matters(matters.c.proposed_on, path, first, last)))
    return number


async def numbers(tx: Transaction, path: str, first: date, last: date) -> dict[str, int]:
    """That, how many were carried out then and are not to be once more, and how many left a step late."""
    late = func.count(distinct(moves.c.matter_id)).filter(moves.c.moved_on > moves.c.due_on)
    left = select(late).where(_within(moves.c.unit_path, path), moves.c.moved_on.between(first, last))
    found = await tx.row(
        select(
            _matters(matters.c.proposed_on, path, first, last).label("proposed"),
            _matters(matters.c.carried_out_on, path, first, last).label("carried_out"),
            left.scalar_subquery().label("late"),
        )
    )
    assert found is not None  # sums of nothing are rows, too
    return dict(found)


def _matters(day: ColumnElement[Any], path: str, first: date, last: date) -> ScalarSelect[Any]:
    found = select(func.count()).select_from(matters).where(_within(matters.c.unit_path, path))
    return found.where(day.between(first, last)).scalar_subquery()


def _within(lies: ColumnElement[Any], path: str) -> ColumnElement[bool]:
    return at_or_beneath(lies, literal(path, BYTEWISE))
