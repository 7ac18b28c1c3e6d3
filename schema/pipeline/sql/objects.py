"""Outputs as columns, each under its response key.

Long because every kind of output is one method, and they call one another.
"""

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    FromClause,
    Label,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by, array

from schema.kit.expressions import Row
from schema.kit.glossary import Told, as_they_are
from schema.pipeline.plan.numbers import (
    Changed,
    Difference,
    Fixed,
    Groups,
    Number,
    Quotient,
    Today,
    Totals,
    Unknown,
)
from schema.pipeline.plan.plan import (
    Abilities,
    Each,
    Facet,
    First,
    Holds,
    Injected,
    Items,
    Lacks,
    Led,
    Many,
    Mark,
    Matched,
    OfRow,
    One,
    Output,
    Page,
    Plan,
    Scalar,
    Scope,
    States,
)
from schema.pipeline.plan.rows import Sifts
from schema.pipeline.sql.json import array_of, listed, name, object_of
from schema.pipeline.sql.missing import distance, missing
from schema.pipeline.sql.numbers import Numbers
from schema.pipeline.sql.pages import Pages
from schema.pipeline.sql.rows import RowSource
from schema.pipeline.sql.sifting import told_rows
from services.storage.tables import BYTEWISE


class Objects:
    """Assembles the objects of one plan. Every select names what is its own and correlates the rest explicitly."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rows = RowSource(self._bound)
        self._pages = Pages(self._rows, self._columns)
        self._numbers = Numbers(self._rows)

    def document(self) -> ColumnElement[Any]:
        """The whole response as JSON."""
        return object_of(select(*self._columns(self._plan.outputs, None)), self._rows.named("r"))

    @property
    def marks(self) -> Sequence[tuple[CTE, Mark]]:
        """The rows that pages go on from, and whose; known once the document is made."""
        return self._pages.marks

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
            case One() | First() | Each() | Many() | Page():
                return self._led(output, row)
            case Number() | Quotient() | Groups() | Today() | Difference() | Totals():
                return self._numbers.made(output, row)
            case Unknown():
                return null()
            case Holds():
                return self._holds(output)
            case _:
                assert row is not None
                return self._of_row(output, row)

    def _led(self, output: Led, row: Row | None) -> ColumnElement[Any]:
        match output:
            case One():
                return self._one(output, row)
            case First():
                return func.coalesce(*(self._one(each, row) for each in output.of))
            case Each():
                return self._each(output)
            case Many():
                return self._many(output, row)
            case Page():
                return self._pages.page(output, row)

    def _of_row(self, output: OfRow, row: Row) -> ColumnElement[Any]:
        match output:
            case Scalar():
                return self._scalar(output, row)
            case Items():
                return self._items(output, row)
            case Facet():
                return self._facet(output, row)
            case Changed():
                made = select(*self._columns(output.parts, row)).correlate(_table(row))
                return object_of(made, self._rows.named("r"))
            case Abilities():
                return self._abilities(output, row)
            case Matched():
                return self._rows.ways(output.reached, row)
            case Lacks():
                return missing(self._rows, output.missed, row)

    def _scalar(self, output: Scalar, row: Row) -> ColumnElement[Any]:
        value = output.value(row)
        return value if output.told is None else case((self._rows.any_of(output.told, row), value))

    def _items(self, output: Items, row: Row) -> ColumnElement[Any]:
        found = output.rows(row, as_they_are if output.sifts is None else self._sifted(output.sifts))
        of = found.selected_columns
        made = [name(p.text).label(p.key) if isinstance(p, Fixed) else of[p[1]].label(p[0]) for p in output.parts]
        return array_of(found.with_only_columns(*made), self._rows.named("r"))

    def _sifted(self, sifts: Sifts) -> Told:
        return lambda table, which: (told_rows(sifts, table, which, self._rows.in_scope), true())

    def _one(self, output: One, row: Row | None) -> ColumnElement[Any]:
        if output.rows is None:
            return null()
        table = self._rows.table(output.rows)
        found = select(*self._columns(output.fields, table.c)).select_from(table)
        found = found.where(*self._rows.where(output.rows, table, row)).correlate_except(table)
        if output.prefer is not None:
            found = found.order_by(*output.prefer(table.c, self._rows.given(output.slots))).limit(1)
        return object_of(found, self._rows.named("r"))

    def _each(self, output: Each) -> ColumnElement[Any]:
        named = func.unnest(self._bound(output.tags), self._bound(output.ids))
        columns = (column("tag", Text()), column("id", Uuid()))
        each = named.table_valued(*columns, with_ordinality="place").render_derived(name=self._rows.named("n"))
        made = [(each.c.tag == name(tag), self._one(arm, each.c)) for tag, arm in output.arms.items()]
        one = case(*made) if made else cast(null(), JSON())
        found = select(listed(aggregate_order_by(one, each.c.place))).select_from(each)
        return found.correlate_except(each).scalar_subquery()

    def _many(self, output: Many, row: Row | None) -> ColumnElement[Any]:
        table = self._rows.table(output.rows)
        found = select(*self._columns(output.fields, table.c)).select_from(table)
        found = found.where(*self._rows.where(output.rows, table, row))
        if output.nearest is not None:
            missed, most = output.nearest
            found = found.order_by(distance(self._rows, missed, table.c)).limit(most)
        found = found.order_by(*output.sort(table.c))
        return array_of(found.correlate_except(table), self._rows.named("r"))

    def _holds(self, output: Holds) -> ColumnElement[Any]:
        if output.rows is None:
            return false()
        table = self._rows.table(output.rows)
        found: Select[Any] = select(literal_column("1")).select_from(table)
        found = found.where(*self._rows.where(output.rows, table, None))
        return found.correlate_except(table).exists()

    # --- the same row, and numbers ---

    def _able(self, scope: Scope, when: States, own: Scope, row: Row) -> Iterator[ColumnElement[bool]]:
        yield self._rows.in_scope(scope, row)
        if when:
            yield or_(*(each(row) for each in when))
        if own is not None:
            yield self._rows.in_scope(own, row)

    def _abilities(self, output: Abilities, row: Row) -> ColumnElement[Any]:
        # One predicate for each scope and state; what it allows is put in order where there are several.
        allowed = [_if(and_(*self._able(scope, when, own, row)), names) for scope, when, own, names in output.groups]
        if len(allowed) < 2:
            return allowed[0] if allowed else _names(())
        each = func.unnest(reduce(lambda some, more: some.concat(more), allowed), type_=BYTEWISE)
        named = select(each.column_valued(self._rows.named("a")))
        return func.array(named.order_by(named.selected_columns[0]).scalar_subquery())

    def _facet(self, output: Facet, row: Row) -> ColumnElement[Any]:
        made = object_of(select(*self._columns(output.fields, row)).correlate(_table(row)), self._rows.named("r"))
        if output.noted is not None:
            # CASE alone says in which order things are evaluated: whom the scope keeps out was shown nobody.
            made = case((output.noted(row, self._rows.given(output.slots)), made))
        if output.scope is None:
            return made
        return case((self._rows.in_scope(output.scope, row), made))


def _table(row: Row) -> FromClause:
    """The table a row stands in, which every column of it knows."""
    found: FromClause = next(iter(row)).table
    return found


def _if(holds: ColumnElement[bool], names: Sequence[str]) -> ColumnElement[Any]:
    return case((holds, _names(names)), else_=_names(()))


def _names(names: Sequence[str]) -> ColumnElement[Any]:
    return cast(array([name(each) for each in names]), ARRAY(BYTEWISE))
