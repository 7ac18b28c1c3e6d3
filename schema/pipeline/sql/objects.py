"""Outputs as columns, each under its response key."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Label,
    Numeric,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import JSON

from schema.pipeline.expressions import Row, RowFunction
from schema.pipeline.plan import (
    Facet,
    Fixed,
    GroupPart,
    Groups,
    Injected,
    Many,
    Number,
    One,
    Output,
    Page,
    Plan,
    Quotient,
    Scalar,
    Unknown,
)
from schema.pipeline.sql.cursors import ordered
from schema.pipeline.sql.json import array_of, name, object_of
from schema.pipeline.sql.pages import UNREAD, Pages
from schema.pipeline.sql.rows import RowSource


class Objects:
    """Assembles the objects of one plan. Every select names what is its own and correlates the rest explicitly."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rows = RowSource(self._bound)
        self._pages = Pages(self._rows, self._columns)

    def document(self) -> ColumnElement[Any]:
        """The whole response as JSON."""
        return object_of(select(*self._columns(self._plan.outputs, None)), self._rows.named("r"))

    def _bound(self, slot: int) -> ColumnElement[Any]:
        return bindparam(f"s{slot}", None, type_=self._plan.slots[slot].type)

    def _columns(self, outputs: Sequence[Output], row: Row | None) -> list[Label[Any]]:
        return [self._column(output, row).label(output.key) for output in outputs]

    def _column(self, output: Output, row: Row | None) -> ColumnElement[Any]:
        match output:
            case Fixed():
                return name(output.text)
            case Injected():
                return self._bound(output.slot).cast(JSON())
            case One():
                return self._one(output, row)
            case Many():
                return self._many(output, row)
            case Page():
                return self._pages.page(output, row)
            case Unknown():
                return null()
            case _:
                assert row is not None
                return self._of_row(output, row)

    def _of_row(self, output: Scalar | Facet | Number | Quotient | Groups, row: Row) -> ColumnElement[Any]:
        match output:
            case Scalar():
                return output.value(row)
            case Facet():
                return self._facet(output, row)
            case Number():
                return self._number(output, row)
            case Quotient():
                return self._quotient(output, row)
            case Groups():
                return self._groups(output, row)

    def _one(self, output: One, row: Row | None) -> ColumnElement[Any]:
        if output.rows is None:
            return null()
        table = self._rows.table(output.rows)
        found = select(*self._columns(output.fields, table.c)).select_from(table)
        found = found.where(*self._rows.where(output.rows, table, row)).correlate_except(table)
        if output.prefer is not None:
            found = found.order_by(*output.prefer(table.c, self._rows.given(output.slots))).limit(1)
        return object_of(found, self._rows.named("r"))

    def _many(self, output: Many, row: Row | None) -> ColumnElement[Any]:
        table = self._rows.table(output.rows)
        found = select(*self._columns(output.fields, table.c)).select_from(table)
        found = found.where(*self._rows.where(output.rows, table, row)).order_by(*output.sort(table.c))
        return array_of(found.correlate_except(table), self._rows.named("r"))

    # --- the same row, and numbers ---

    def _facet(self, output: Facet, row: Row) -> ColumnElement[Any]:
        # Every column of a row knows the table the row stands in.
        table: FromClause = next(iter(row)).table
        made = object_of(select(*self._columns(output.fields, row)).correlate(table), self._rows.named("r"))
        if output.scope is None:
            return made
        return case((self._rows.in_scope(output.scope, row), made))

    def _number(self, output: Number, row: Row) -> ColumnElement[Any]:
        table = self._rows.table(output.rows)
        counted = _counted(output.distinct, output.total, None, table.c)
        found = select(counted).select_from(table).where(*self._rows.where(output.rows, table, row))
        return found.correlate_except(table).scalar_subquery()

    def _quotient(self, output: Quotient, row: Row) -> ColumnElement[Any]:
        part, whole = self._number(output.part, row), self._number(output.whole, row)
        divided = cast(part, Numeric()) / func.nullif(whole, literal_column("0"))
        return func.round(divided, literal_column("4"))

    def _groups(self, output: Groups, row: Row) -> ColumnElement[Any]:
        # Keys are computed first, under names of their own: one that is a select could not be grouped by otherwise.
        table = self._rows.table(output.rows)
        keys = [by(table.c).label(f"$k{number}") for number, by in enumerate(output.by)]
        columns = (column for column in table.c if column.key not in UNREAD)
        inner = select(*columns, *keys).where(*self._rows.where(output.rows, table, row)).correlate_except(table)
        rows = inner.subquery(self._rows.named("g"))
        by = [rows.c[key.name] for key in keys]
        found = select(*(_group_part(part, by, rows.c).label(part.key) for part in output.parts)).select_from(rows)
        found = found.group_by(*by).order_by(*ordered(by, descending=False)).correlate_except(rows)
        return array_of(found, self._rows.named("r"))


def _group_part(part: GroupPart | Fixed, by: Sequence[ColumnElement[Any]], row: Row) -> ColumnElement[Any]:
    if isinstance(part, Fixed):
        return name(part.text)
    if part.by is not None:
        return by[part.by]
    return _counted(part.distinct, part.total, part.where, row)


def _counted(
    distinct: RowFunction | None, total: RowFunction | None, where: RowFunction | None, row: Row
) -> ColumnElement[Any]:
    counted: Any = func.count() if distinct is None else func.count(distinct(row).distinct())
    if total is not None:
        counted = func.sum(total(row))
    if where is not None:
        counted = counted.filter(where(row))
    made: ColumnElement[Any] = counted if total is None else func.coalesce(counted, literal_column("0"))
    return made
