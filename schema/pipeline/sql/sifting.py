"""Columns of a row as they are told to its reader, who is told of no rows they do not read."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, FromClause, Subquery, Text, Uuid, case, false, literal_column, or_, select

from schema.kit.expressions import Row
from schema.pipeline.plan.rows import ScopeTerm, Sifts
from services.storage.references import PATH
from services.storage.tables import aliased

UUID = "'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'"  # as PostgreSQL writes them
InScope = Callable[[tuple[ScopeTerm, ...] | None, Row], ColumnElement[bool]]


def told(sifts: Sifts, row: Row, in_scope: InScope) -> Mapping[str, ColumnElement[Any]]:
    """The columns that are told in part, by their names."""
    return sifts.of.of(row, _Reader(sifts, in_scope))


def told_rows(sifts: Sifts, table: FromClause, which: ColumnElement[bool], in_scope: InScope) -> Subquery:
    """Rows of a table as they are told: each once, for which OFFSET is there, and not for every value made of it."""
    made = told(sifts, cast(Row, table.c), in_scope)
    columns = [made.get(each.key, each).label(each.key) for each in table.c]
    return select(*columns).where(which).correlate_except(table).offset(literal_column("0")).subquery()


class _Reader:
    """What a caller reads, by the scopes their plan has of it."""

    def __init__(self, sifts: Sifts, in_scope: InScope) -> None:
        self._sifts = sifts
        self._in_scope = in_scope

    def all_of(self, row: Row) -> ColumnElement[bool]:
        return self._in_scope(self._sifts.whole, row)

    def reads(self, row: Row) -> ColumnElement[bool]:
        return self._in_scope(self._sifts.own, row)

    def stays(self, row: Row) -> ColumnElement[bool]:
        return self._in_scope(self._sifts.there, row)

    def leads(self, table: str, name: ColumnElement[str]) -> ColumnElement[bool]:
        named = self._sifts.leads.get(table)
        if named is None:
            return false()
        if table == PATH:  # of a unit there need be no more: what lies at a path lies in what is above it
            at = cast(Row, select(name.label("path")).selected_columns)
            return or_(*(self._in_scope(scope, at) for scope in named.scopes))
        of = aliased(named.kind.entity.table)
        may = or_(*(self._in_scope(scope, of.c) for scope in named.scopes))
        return select(literal_column("1")).where(of.c.id == _id(name), may).correlate_except(of).exists()


def _id(name: ColumnElement[str]) -> ColumnElement[Any]:
    """A name as an id; null for what is none. CASE alone keeps PostgreSQL from reading it as one all the same."""
    return case((name.op("~", is_comparison=True)(literal_column(UUID, Text())), name.cast(Uuid())))
