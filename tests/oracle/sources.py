"""What selects take their rows from: tables, common expressions, and the elements of JSON."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Alias, FromClause, TableClause
from sqlalchemy.sql import selectable

from tests.oracle.dispatch import Frame, Record, compiled, relation
from tests.oracle.functions import items

Made = Callable[[Frame], Sequence[Record]]


def named(table: FromClause) -> tuple[str, Made | None]:
    """The name of a table of the database, or of another what makes its rows."""
    if isinstance(table, selectable.CTE):
        return "", _common(table)
    if isinstance(table, selectable.TableValuedAlias):
        return "", _elements(table)
    of = table.element if isinstance(table, Alias) else table
    if not isinstance(of, TableClause):
        raise NotImplementedError(f"FROM {type(of).__name__}")
    return of.name, None


def _common(table: selectable.CTE) -> Made:
    rows, names = relation(table.element), [str(column.key) for column in table.c]
    return lambda frame: [dict(zip(names, row, strict=True)) for row in rows(frame)]


def _elements(table: selectable.TableValuedAlias) -> Made:
    """The elements of a JSON array with their places, from 1 on; none of NULL."""
    function: Any = table.element
    names = [str(column.key) for column in table.c]
    if function.name != "jsonb_array_elements" or len(names) != 2:
        raise NotImplementedError(f"FROM {function.name}")
    of = compiled(next(iter(function.clauses)))
    return lambda frame: [dict(zip(names, each, strict=True)) for each in items(of(frame))]
