"""Numbers of rows: counted or added up, divided, in groups, and the totals of a connection.

Long because whatever is told of rows that are only counted is told by the same few rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Numeric,
    Select,
    and_,
    case,
    cast,
    func,
    literal_column,
    not_,
    or_,
    select,
    type_coerce,
)

from schema.kit.expressions import Row, RowFunction
from schema.pipeline.plan.numbers import (
    Beyond,
    Counted,
    Difference,
    Fixed,
    GroupPart,
    Groups,
    Number,
    Numbered,
    Quotient,
    Today,
    Totals,
)
from schema.pipeline.plan.plan import (
    Turn,
)
from schema.pipeline.sql.cursors import ordered
from schema.pipeline.sql.json import array_of, name, object_of
from schema.pipeline.sql.rows import UNREAD, RowSource
from services.storage.tables import BYTEWISE, SAFE_INT
from services.terms import today

NONE: ColumnElement[Any] = literal_column("0")
READ = "$r"  # of a row in groups: whether it may be read


class Numbers:
    """Assembles numbers; `row` is the one they are of, None at a root."""

    def __init__(self, rows: RowSource) -> None:
        self._rows = rows

    def made(self, output: Numbered, row: Row | None) -> ColumnElement[Any]:
        """The number, the groups, or the object of totals."""
        match output:
            case Number():
                return self._known(self._number(output, row), output.beyond, row)
            case Quotient():
                beyond = (*output.part.beyond, *output.whole.beyond)
                return self._known(self._quotient(output, row), beyond, row)
            case Groups():
                return self._groups(output, row)
            case Today():
                return case((self._rows.bound(output.day) == today(), self.made(output.number, row)))
            case Difference():
                # SQLAlchemy has no minus for a domain, which totals are of; PostgreSQL has.
                now, then = (type_coerce(self.made(of, row), Numeric()) for of in (output.now, output.then))
                return now - then
            case Totals():
                return self._totals(output, row)

    def _number(self, output: Number, row: Row | None) -> ColumnElement[Any]:
        counted, smallest = _Counted(output.distinct, output.total), self._smallest(output.smallest)
        if output.among is not None:
            among = _Counted(output.among.distinct, output.among.total)
            counted = replace(counted, whole=self._over(output.among, row, among.cell))
        return self._over(output, row, lambda of: counted.told(of, smallest, self._apart(output.counted, of, row)))

    def _apart(self, counted: Counted | None, row: Row, unit: Row | None = None) -> "_Apart | None":
        """How the rows that may be read are told from those that are only counted."""
        if counted is None:
            return None
        read, cell = self._rows.in_scope(counted.read, row), self._rows.bound(counted.cell)
        return _Apart(read, cell, None if counted.untold is None else self._lies(counted.untold, unit))

    def _known(self, made: ColumnElement[Any], beyond: Sequence[Beyond], unit: Row | None) -> ColumnElement[Any]:
        """A number of a unit where the relations it follows are read, null beyond."""
        return case((not_(or_(*(self._lies(each, unit) for each in beyond))), made)) if beyond else made

    def _lies(self, beyond: Beyond, unit: Row | None) -> ColumnElement[bool]:
        """Whether a unit lies where one right reaches and another does not."""
        assert unit is not None
        path, within = unit.path, func.starts_with
        reached = self._any(beyond.reached, lambda top: or_(within(path, top), within(top, path)))
        return and_(reached, not_(self._any(beyond.covered, lambda top: within(path, top))))

    def _any(self, slot: int, test: Callable[[ColumnElement[Any]], ColumnElement[bool]]) -> ColumnElement[bool]:
        """Whether any of the paths in a slot passes."""
        path = func.unnest(self._rows.bound(slot), type_=BYTEWISE).column_valued(self._rows.named("p"))
        return select(path).where(test(path)).correlate_except(path.scalar_alias).exists()

    def _quotient(self, output: Quotient, row: Row | None) -> ColumnElement[Any]:
        if output.part.counted or output.whole.counted:  # of round numbers there is none: each is rounded by itself
            exact = and_(*(self._exact(of, row) for of in (output.part, output.whole)))
            share = _divided(self._number(output.part, row), self._number(output.whole, row), output.unit)
            return case((exact, share))
        part, whole = (self._over(of, row, _Counted(of.distinct, of.total).value) for of in (output.part, output.whole))
        if output.smallest is None:
            return _divided(part, whole, output.unit)
        cells = (self._over(of, row, _Counted(of.distinct, of.total).cell) for of in (output.part, output.whole))
        named = (cell.label(f"$c{number}") for number, cell in enumerate(cells))
        made = select(part.label("$p"), whole.label("$w"), *named).subquery(self._rows.named("q"))
        few, many, smallest = made.c["$c0"], made.c["$c1"], self._rows.bound(output.smallest)
        large = (_large(cell, smallest) for cell in (few, many, many - few))
        found = select(case((and_(*large), _divided(made.c["$p"], made.c["$w"], output.unit)))).select_from(made)
        return found.correlate_except(made).scalar_subquery()

    def _exact(self, number: Number, row: Row | None) -> ColumnElement[Any]:
        """Whether all rows of a number are read, and none is only counted."""
        counted = _Counted(number.distinct, number.total)
        return self._over(number, row, lambda of: counted.beyond(of, self._apart(number.counted, of, row)) <= NONE)

    def _over(self, number: Number, row: Row | None, of: Callable[[Row], ColumnElement[Any]]) -> ColumnElement[Any]:
        """An aggregate over the rows of a number."""
        table = self._rows.table(number.rows)
        found = select(of(table.c)).select_from(table).where(*self._rows.where(number.rows, table, row))
        return found.correlate_except(table).scalar_subquery()

    def _smallest(self, slot: int | None) -> ColumnElement[Any] | None:
        return None if slot is None else self._rows.bound(slot)

    def _groups(self, output: Groups, row: Row | None) -> ColumnElement[Any]:
        # Keys are computed first, under names of their own: one that is a select could not be grouped by otherwise.
        table = self._rows.table(output.rows)
        keys = [by(table.c).label(f"$k{number}") for number, by in enumerate(output.by)]
        columns = (column for column in table.c if column.key not in UNREAD)
        apart = self._apart(output.counted, table.c)
        read = () if apart is None else (apart.read.label(READ),)
        inner = select(*columns, *keys, *read).where(*self._rows.where(output.rows, table, row)).correlate_except(table)
        rows = inner.subquery(self._rows.named("g"))
        by = [rows.c[key.name] for key in keys]
        smallest = self._smallest(output.smallest)
        apart = apart and _Apart(rows.c[READ], apart.cell)
        parts = [_group_part(part, by, rows.c, smallest, apart).label(part.key) for part in output.parts]
        found = select(*parts).select_from(rows)
        if apart is not None:
            found = found.having(apart.enough(func.count(), func.count().filter(apart.read)))
        if smallest is not None:
            return self._large_groups(found.correlate_except(rows), by, smallest)
        found = found.group_by(*by).order_by(*ordered(by, [Turn()] * len(by))).correlate_except(rows)
        return array_of(found, self._rows.named("r"))

    def _large_groups(
        self, parts: Select[Any], by: Sequence[ColumnElement[Any]], smallest: ColumnElement[Any]
    ) -> ColumnElement[Any]:
        """The groups of enough rows; without the least of them where those that are not make a number too small.

        Whoever knows the whole would otherwise have that by subtraction.
        """
        count = func.count()
        lesser = func.sum(count).over(order_by=[count, *ordered(by, [Turn()] * len(by))]) - count
        named = [key.label(f"$b{number}") for number, key in enumerate(by)]
        shown = list(parts.selected_columns.keys())
        cells = count.label("$n"), lesser.label("$l")
        made = parts.add_columns(*named, *cells).group_by(*by).subquery(self._rows.named("h"))
        found = select(*(made.c[key] for key in shown)).where(made.c["$n"] >= smallest, _large(made.c["$l"], smallest))
        keys = [made.c[key.name] for key in named]
        found = found.order_by(*ordered(keys, [Turn()] * len(keys))).correlate_except(made)
        return array_of(found, self._rows.named("r"))

    def _totals(self, output: Totals, row: Row | None) -> ColumnElement[Any]:
        # Each number has a column of its own, groups are looked for beside them.
        table, smallest = self._rows.table(output.rows), self._smallest(output.smallest)
        of = [part for part in output.parts if isinstance(part, GroupPart)]
        numbers = [_group_part(part, (), table.c, smallest).label(f"${number}") for number, part in enumerate(of)]
        found = select(*numbers).select_from(table).where(*self._rows.where(output.rows, table, row))
        made = found.correlate_except(table).subquery(self._rows.named("n"))
        named = {part.key: made.c[f"${number}"] for number, part in enumerate(of)}
        parts = (named[part.key] if part.key in named else self._beside(part, row) for part in output.parts)
        whole = select(*(each.label(part.key) for each, part in zip(parts, output.parts, strict=True)))
        return object_of(whole.select_from(made).correlate_except(made) if of else whole, self._rows.named("r"))

    def _beside(self, part: GroupPart | Fixed | Groups, row: Row | None) -> ColumnElement[Any]:
        if isinstance(part, Groups):
            return self._groups(part, row)
        assert isinstance(part, Fixed)
        return name(part.text)


def _group_part(
    part: GroupPart | Fixed,
    by: Sequence[ColumnElement[Any]],
    row: Row,
    smallest: ColumnElement[Any] | None,
    apart: "_Apart | None" = None,
) -> ColumnElement[Any]:
    if isinstance(part, Fixed):
        return name(part.text)
    if part.by is not None:
        return by[part.by]
    return _Counted(part.distinct, part.total, part.where).told(row, smallest, apart)


@dataclass(frozen=True, slots=True)
class _Apart:
    """Which of the rows of a number may be read; the others are only counted."""

    read: ColumnElement[bool]
    cell: ColumnElement[Any]
    untold: ColumnElement[bool] | None = None  # whether it is not told either that they are none

    def enough(self, every: ColumnElement[Any], read: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether those that are only counted are none, or as many as may be told."""
        return _large(every - read, self.cell)

    def rounded(self, every: ColumnElement[Any]) -> ColumnElement[Any]:
        """The multiple of the smallest number that is told which all reach: the same for whoever reads any of them."""
        return every // self.cell * self.cell


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many rows, how many distinct values of an expression, or their total, over the rows that pass `where`."""

    distinct: RowFunction | None
    total: RowFunction | None
    where: RowFunction | None = None
    among: ColumnElement[bool] | None = None
    whole: ColumnElement[Any] | None = None  # of which these are some, where that says whether they are told

    def told(self, row: Row, smallest: ColumnElement[Any] | None, apart: _Apart | None) -> ColumnElement[Any]:
        """What is shown of it: exactly where all rows may be read, as a round number where some are only counted."""
        if apart is None:
            return self.shown(row, smallest)
        read, beyond = replace(self, among=apart.read), self.beyond(row, apart)
        none = beyond <= NONE
        exact = (none if apart.untold is None else and_(none, not_(apart.untold)), read.shown(row, smallest))
        if self.total is not None:
            return case(exact)
        enough = beyond >= apart.cell
        if self.whole is not None:
            enough = and_(enough, self.whole - self.cell(row) >= apart.cell)
        return case(exact, (enough, cast(apart.rounded(self.cell(row)), Integer())))

    def beyond(self, row: Row, apart: _Apart | None) -> ColumnElement[Any]:
        """How many of what it is made of are only counted, beside what is read."""
        return NONE if apart is None else self.cell(row) - replace(self, among=apart.read).cell(row)

    def value(self, row: Row) -> ColumnElement[Any]:
        """The number."""
        if self.total is None:
            return self.cell(row)
        return func.coalesce(self._of(func.sum(self.total(row)), row), NONE)

    def cell(self, row: Row) -> ColumnElement[Any]:
        """How many rows, or values, it is made of."""
        counted = func.count() if self.distinct is None else func.count(self.distinct(row).distinct())
        return self._of(counted if self.total is None else func.count(self.total(row)), row)

    def shown(self, row: Row, smallest: ColumnElement[Any] | None) -> ColumnElement[Any]:
        """The number as what its GraphQL type holds, PostgreSQL refuses more; null where it is made of too few."""
        held = cast(self.value(row), Integer() if self.total is None else SAFE_INT)
        return held if smallest is None else case((_large(self.cell(row), smallest), held))

    def _of(self, aggregate: Any, row: Row) -> ColumnElement[Any]:
        asked = [] if self.where is None else [self.where(row)]
        asked += [] if self.among is None else [self.among]
        made: ColumnElement[Any] = aggregate.filter(*asked) if asked else aggregate
        return made


def _large(cell: ColumnElement[Any], smallest: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a cell may be shown: it is of none, or of enough."""
    return or_(cell <= NONE, cell >= smallest)


def _divided(part: ColumnElement[Any], whole: ColumnElement[Any], unit: int) -> ColumnElement[Any]:
    by: ColumnElement[Any] = func.nullif(whole, NONE)
    by = by if unit == 1 else by * literal_column(str(unit))
    return func.round(cast(part, Numeric()) / by, literal_column("4"))
