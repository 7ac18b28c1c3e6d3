"""What rows tell of rows of other tables, as a predicate: of nothing the caller may not read where they are."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

from schema.kit.expressions import Row
from schema.pipeline.plan.rows import Followed, Readable, ScopeTerm, Told

InScope = Callable[[tuple[ScopeTerm, ...] | None, Row], ColumnElement[bool]]


def tells(told: Told | Followed, row: Row, in_scope: InScope) -> ColumnElement[bool]:
    """Whether a row is told, or followed, by what may be read of the tables it is about."""

    def read(table: ColumnElement[Any]) -> ColumnElement[bool]:
        return _read(told.read, table, lambda scope: in_scope(scope, row))

    if isinstance(told, Told):
        table = told.of(row)
        return or_(table.not_in(_every(told.read)), read(table))
    found = told.of(row)
    (table,) = found.selected_columns
    unread = found.where(read(table).is_not(true()))  # nor is what nothing is known of
    return and_(found.exists(), ~unread.exists())


def _read(
    read: Iterable[Readable],
    table: ColumnElement[Any],
    there: Callable[[tuple[ScopeTerm, ...] | None], ColumnElement[bool]],
) -> ColumnElement[bool]:
    return or_(false(), *(and_(table.in_(each.tables), there(each.scope)) for each in read))


def _every(read: Iterable[Readable]) -> list[str]:
    return sorted({table for each in read for table in each.tables})
