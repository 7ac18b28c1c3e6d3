"""Which rows: scope, joins and conditions as WHERE clauses."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, any_, false, or_, select
from sqlalchemy.sql.selectable import NamedFromClause

from schema.pipeline.expressions import Given, Row
from schema.pipeline.plan import Leads, Meets, Rows, ScopeTerm, Test

Bound = Callable[[int], ColumnElement[Any]]


class RowSource:
    """Makes numbered aliases and the clauses over them; `bound` gives the parameter of a slot."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self._count = 0

    def named(self, prefix: str) -> str:
        """A short name nothing else has, not even a response key: GraphQL names have no dollar sign."""
        self._count += 1
        return f"{prefix}${self._count}"

    def table(self, rows: Rows) -> NamedFromClause[Row]:
        """The table of the rows under a name of its own."""
        return rows.kind.entity.table.alias(self.named("t"))

    def where(self, rows: Rows, table: NamedFromClause[Row], above: Row | None) -> list[ColumnElement[bool]]:
        """Everything a row of `table` must fulfil, the scope first; `above` is the row the edge starts from."""
        clauses = [] if rows.scope is None else [self.in_scope(rows.scope, table.c)]
        if rows.on is not None:
            assert above is not None
            clauses.append(rows.on(above, table.c))
        return clauses + [self._passes(test, table.c) for test in rows.tests]

    def in_scope(self, scope: tuple[ScopeTerm, ...], row: Row) -> ColumnElement[bool]:
        """Whether the row answers to any of the terms; no term, no row."""
        return or_(*(self._term(term, row) for term in scope)) if scope else false()

    def _term(self, term: ScopeTerm, row: Row) -> ColumnElement[bool]:
        values = [self.bound(slot) for slot in term.slots]
        keys = term.keys(row)
        if not isinstance(keys, Select):
            return _meets(term.meets, keys, values)
        # A semi-join: whether any of the keys the row has meets the term.
        (key,) = keys.selected_columns
        return keys.where(_meets(term.meets, key, values)).exists()

    def given(self, slots: Mapping[str, int]) -> Given:
        """Parameters by the names a predicate knows them by."""
        return {name: self.bound(slot) for name, slot in slots.items()}

    def _passes(self, test: Test | Leads, row: Row) -> ColumnElement[bool]:
        if isinstance(test, Test):
            return test.predicate(row, self.given(test.slots))
        table = self.table(test.rows)
        found = select(1).select_from(table).where(*self.where(test.rows, table, row)).correlate_except(table).exists()
        return found if test.any else ~found


def _meets(meets: Meets, key: ColumnElement[Any], values: list[ColumnElement[Any]]) -> ColumnElement[bool]:
    match meets:
        case Meets.RANGE:
            return and_(key >= values[0], key < values[1])
        case Meets.EQUAL:
            return key == values[0]
        case Meets.AMONG:
            return key == any_(values[0])
