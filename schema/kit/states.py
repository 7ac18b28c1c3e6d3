"""States of a row outside of which a command is refused, whoever asks: `command(…, when=still_open)`.

What they say of a row its command says as well, with its reason; here it is for `viewerCan`, which names no right that
only such commands need.
"""

from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Table, or_, select

from schema.kit.expressions import RowFunction
from services.storage.tables import aliased
from services.terms import not_over, today

__all__ = [
    "at_level",
    "closed",
    "in_state",
    "not_over",
    "not_withdrawn",
    "of_kind",
    "present",
    "standing",
    "still_open",
    "to_come",
    "without",
]


def still_open(row: Any) -> ColumnElement[bool]:
    """What is not closed."""
    closed: ColumnElement[Any] = row.closed_on
    return closed.is_(None)


def closed(row: Any) -> ColumnElement[bool]:
    """What is closed, and may be opened again."""
    since: ColumnElement[Any] = row.closed_on
    return since.is_not(None)


def not_withdrawn(row: Any) -> ColumnElement[bool]:
    """What is not withdrawn, from whatever day on."""
    withdrawn: ColumnElement[Any] = row.withdrawn_on
    return withdrawn.is_(None)


def standing(row: Any) -> ColumnElement[bool]:
    """What is not withdrawn by today."""
    return or_(row.withdrawn_on.is_(None), row.withdrawn_on > today())


def to_come(row: Any) -> ColumnElement[bool]:
    """A term that has not run for a day, and may be taken back."""
    begins: ColumnElement[bool] = row.since >= today()
    return begins


def present(row: Any) -> ColumnElement[bool]:
    """Who has not left."""
    left: ColumnElement[Any] = row.left_on
    return left.is_(None)


def without(table: Table, column: str) -> RowFunction:
    """What no row of a table names in this column, be it over."""

    def unnamed(row: Any) -> ColumnElement[bool]:
        of = aliased(table)
        return ~select(of.c[column]).where(of.c[column] == row.id).correlate_except(of).exists()

    return unnamed


def of_kind(*kinds: Enum) -> RowFunction:
    """What is of one of these in its column `kind`."""
    return lambda row: or_(*(row.kind == kind for kind in kinds))


def at_level(*levels: Enum) -> RowFunction:
    """A unit of one of these levels."""
    return lambda unit: or_(*(unit.level == level for level in levels))


def in_state(*states: Enum) -> RowFunction:
    """What has one of these in its column `status`."""
    return lambda row: or_(*(row.status == state for state in states))
