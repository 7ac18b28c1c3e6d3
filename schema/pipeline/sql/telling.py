"""What rows tell of rows of other tables, as a predicate: of nothing the caller may not read where they are."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, false, or_

from schema.kit.expressions import Row
from schema.pipeline.plan.rows import Followed, Readable, ScopeTerm, Told

InScope = Callable[[tuple[ScopeTerm, ...] | None, Row], ColumnElement[bool]]
Answers = Callable[[Row], ColumnElement[bool]]


def tells(told: Told, row: Row, in_scope: InScope) -> ColumnElement[bool]:
    """Whether a row is told by what may be read of the table it is about."""
    table = told.of(row)
    every = sorted({name for each in told.read for name in each.names})
    return or_(table.not_in(every), _read(told.read, table, row, in_scope))


def follows(followed: Followed, row: Row, answers: Answers, in_scope: InScope) -> ColumnElement[bool]:
    """Whether a row is about a change that is followed: it answers where what changed lay, and that is read there."""
    found = followed.of(row)
    change = cast(Row, found.selected_columns)
    tables = _read(followed.tables, change.table_name, change, in_scope)
    if followed.commands is None:
        return found.where(answers(change), tables).exists()
    commands = _read(followed.commands, change.command, change, in_scope)
    return found.where(answers(change), tables, commands).exists()


def _read(read: Iterable[Readable], name: ColumnElement[Any], row: Row, in_scope: InScope) -> ColumnElement[bool]:
    return or_(false(), *(and_(name.in_(each.names), in_scope(each.scope, row)) for each in read))
