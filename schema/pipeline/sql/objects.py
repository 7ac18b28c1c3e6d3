"""Outputs as columns, each under its response key."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Label, bindparam, null, select
from sqlalchemy.dialects.postgresql import JSON

from schema.pipeline.kit import Row
from schema.pipeline.plan import Fixed, Injected, Many, One, Output, Page, Plan, Scalar
from schema.pipeline.sql.json import array_of, name, object_of
from schema.pipeline.sql.pages import Pages
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
            case Scalar():
                assert row is not None
                return output.value(row)
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
