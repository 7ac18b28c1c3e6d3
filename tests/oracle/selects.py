"""SQLAlchemy's selects over Python rows: joins, conditions, orders, limits and aggregates of the whole."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from sqlalchemy import Alias, ColumnElement, FromClause, Join, Table
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql import elements, operators, selectable, visitors
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from tests.oracle.dispatch import Evaluate, Frame, Rows, compiled, constant, relation
from tests.oracle.expressions import ranked
from tests.oracle.functions import AGGREGATES, first_known


def keys(node: Any) -> Callable[[Frame], list[Any]]:
    """The keys of a way: a column's value, or all a select gives; those that are NULL left out."""
    if isinstance(node, selectable.SelectBase):
        rows = relation(node)
        return lambda frame: [key for (key,) in rows(frame) if key is not None]
    value = compiled(node)

    def of_column(frame: Frame) -> list[Any]:
        key = value(frame)
        return [] if key is None else [key]

    return of_column


# --- selects as values ------------------------------------------------------------------------------------------------


@compiled.register
def _scalar(node: selectable.ScalarSelect) -> Evaluate:  # type: ignore[type-arg]
    rows = relation(node.element)

    def evaluate(frame: Frame) -> Any:
        found = rows(frame)
        if len(found) > 1:
            raise ValueError("a scalar subquery gave several rows")
        return found[0][0] if found else None

    return evaluate


@compiled.register
def _exists(node: selectable.Exists) -> Evaluate:
    inner = node.element
    rows = relation(inner.element if isinstance(inner, selectable.ScalarSelect) else inner)
    return lambda frame: bool(rows(frame))


# --- selects as rows --------------------------------------------------------------------------------------------------


@relation.register(selectable.ScalarSelect)
@relation.register(selectable.SelectStatementGrouping)
@relation.register(elements.Grouping)
def _grouped(node: Any) -> Rows:
    return relation(node.element)


@relation.register
def _compound(node: selectable.CompoundSelect) -> Rows:  # type: ignore[type-arg]
    if node.keyword.value not in ("UNION ALL", "UNION"):
        raise NotImplementedError(node.keyword.value)
    if node._order_by_clauses or node._has_row_limiting_clause:
        raise NotImplementedError("ORDER BY and LIMIT of a union")
    parts = [relation(part) for part in node.selects]
    if node.keyword.value == "UNION":
        return lambda frame: list(dict.fromkeys(row for part in parts for row in part(frame)))
    return lambda frame: [row for part in parts for row in part(frame)]


@relation.register
def _select(node: selectable.Select) -> Rows:  # type: ignore[type-arg]
    if node._group_by_clauses or node._having_criteria or node._distinct_on or node._offset_clause is not None:
        raise NotImplementedError("GROUP BY, HAVING, DISTINCT ON and OFFSET of a select")
    frames = _frames(node)
    columns = list(node.selected_columns)
    aggregates = [_aggregate(column) for column in columns]
    if any(aggregates):
        if not all(aggregates) or node._has_row_limiting_clause:
            raise NotImplementedError("a select of aggregates and of something else")
        return lambda frame: [_aggregated(frame, list(frames(frame)), aggregates)]
    values, order, limit = [compiled(column) for column in columns], ordering(node._order_by_clauses), _limit(node)

    def rows(frame: Frame) -> list[tuple[Any, ...]]:
        found = order(list(frames(frame)))
        made = [tuple(value(one) for value in values) for one in found]
        return (list(dict.fromkeys(made)) if node._distinct else made)[: limit(frame)]

    return rows


def _limit(node: selectable.Select[Any]) -> Evaluate:
    return constant(None) if node._limit_clause is None else compiled(node._limit_clause)


# --- the frames of a select: one for each combination of rows that passes ---------------------------------------------


@dataclass(frozen=True, slots=True)
class _Source:
    """A table of a select, and what can be decided once it and those before it have a row; `outer` as in LEFT JOIN."""

    table: FromClause
    name: str
    conditions: tuple[Evaluate, ...]
    outer: tuple[Evaluate, ...] | None = None


def _frames(node: selectable.Select[Any]) -> Callable[[Frame], Iterator[Frame]]:
    tables: list[tuple[FromClause, ColumnElement[bool] | None]] = []
    conditions = [] if node.whereclause is None else _parts(node.whereclause)
    for source in node.get_final_froms():
        conditions += _flattened(source, tables)
    sources, beforehand = _placed(tables, conditions)

    def frames(frame: Frame) -> Iterator[Frame]:
        if all(condition(frame) is True for condition in beforehand):
            yield from _combined(frame, sources)

    return frames


def _flattened(
    source: FromClause, into: list[tuple[FromClause, ColumnElement[bool] | None]]
) -> list[ColumnElement[Any]]:
    """The tables of a FROM, in order, each with its condition where it is outer; the conditions of inner joins."""
    if not isinstance(source, Join):
        into.append((source, None))
        return []
    if source.full or not isinstance(source.right, Alias | Table):
        raise NotImplementedError("FULL JOIN, or a join of a join on the right")
    conditions = _flattened(source.left, into)
    into.append((source.right, source.onclause if source.isouter else None))
    assert source.onclause is not None
    return conditions if source.isouter else [*conditions, *_parts(source.onclause)]


def _parts(condition: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    inner = condition.element if isinstance(condition, elements.Grouping) else condition
    if isinstance(inner, elements.BooleanClauseList) and inner.operator is operators.and_:
        return [part for clause in inner.clauses for part in _parts(clause)]
    return [condition]


def _placed(
    tables: Sequence[tuple[FromClause, ColumnElement[bool] | None]], conditions: Sequence[ColumnElement[Any]]
) -> tuple[list[_Source], list[Evaluate]]:
    """Each condition with the last of the tables it speaks of; those that speak of none apart."""
    order = [table for table, _ in tables]
    at: dict[int, list[Evaluate]] = {}
    for condition in conditions:
        spoken = [order.index(table) for table in _spoken_of(condition) if table in order]
        at.setdefault(max(spoken, default=-1), []).append(compiled(condition))
    sources = [
        _Source(table, _name(table), tuple(at.get(place, ())), None if on is None else (compiled(on),))
        for place, (table, on) in enumerate(tables)
    ]
    return sources, at.get(-1, [])


def _spoken_of(condition: ColumnElement[Any]) -> set[FromClause]:
    return {
        part.table
        for part in visitors.iterate(condition)
        if isinstance(part, elements.ColumnClause) and part.table is not None
    }


def _combined(frame: Frame, sources: Sequence[_Source]) -> Iterator[Frame]:
    if not sources:
        yield frame
        return
    source, *others = sources
    for found in _extended(frame, source):
        if all(condition(found) is True for condition in source.conditions):
            yield from _combined(found, others)


def _extended(frame: Frame, source: _Source) -> Iterator[Frame]:
    if source.table in frame.rows:  # one of an enclosing select
        yield frame
        return
    met = False
    for row in frame.tables[source.name]:
        found = frame.beside(source.table, row)
        if source.outer is None or all(condition(found) is True for condition in source.outer):
            met = True
            yield found
    if source.outer is not None and not met:
        yield frame.beside(source.table, None)


def _name(table: FromClause) -> str:
    named = table.element if isinstance(table, Alias) else table
    if not isinstance(named, Table):
        raise NotImplementedError(f"FROM {type(named).__name__}")
    return named.name


# --- orders and aggregates --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _By:
    value: Evaluate
    type: TypeEngine[Any]
    descending: bool
    nulls_first: bool

    def compare(self, left: Frame, right: Frame) -> int:
        one, other = self.value(left), self.value(right)
        if one == other:
            return 0
        if one is None or other is None:
            return -1 if (one is None) is self.nulls_first else 1
        rank = ranked(self.type)
        return 1 if (rank(one) > rank(other)) is not self.descending else -1


def ordering(clauses: Sequence[Any]) -> Callable[[list[Frame]], list[Frame]]:
    """ORDER BY; rows without a value last, unless the order is descending or says otherwise, as PostgreSQL has it."""
    keys = [_by(clause) for clause in clauses]
    compare = lambda left, right: next((found for key in keys if (found := key.compare(left, right))), 0)  # noqa: E731
    return lambda frames: sorted(frames, key=cmp_to_key(compare))


def _by(clause: Any) -> _By:
    said: list[Any] = []
    while isinstance(clause, elements.UnaryExpression) and clause.modifier is not None:
        said.append(clause.modifier)
        clause = clause.element
    descending = operators.desc_op in said
    first = operators.nulls_first_op in said or (descending and operators.nulls_last_op not in said)
    return _By(compiled(clause), clause.type, descending, first)


Aggregate = Callable[[Frame, list[Frame]], Any]  # of the frame the select stands in, and of all its rows


def _aggregated(frame: Frame, frames: list[Frame], aggregates: Sequence[Aggregate | None]) -> tuple[Any, ...]:
    return tuple(aggregate(frame, frames) for aggregate in aggregates if aggregate)


def _aggregate(node: Any) -> Aggregate | None:
    if isinstance(node, elements.Label | elements.Grouping):
        return _aggregate(node.element)
    if isinstance(node, elements.FunctionFilter):
        inner, wanted = _aggregate(node.func), compiled(node.criterion)
        return inner and (lambda frame, frames: inner(frame, [one for one in frames if wanted(one) is True]))
    if not isinstance(node, FunctionElement):
        return None
    if node.name == "coalesce":
        return _coalesced(node)
    return _gathered(node) if node.name in (*AGGREGATES, "array_agg") else None


def _coalesced(node: Any) -> Aggregate | None:
    of, *others = node.clauses
    inner, defaults = _aggregate(of), [compiled(other) for other in others]
    return inner and (lambda frame, frames: first_known(inner(frame, frames), *(other(frame) for other in defaults)))


def _gathered(node: Any) -> Aggregate:
    clauses = list(node.clauses)
    if not clauses:
        return lambda _, frames: len(frames)  # count(*)
    of: Any = clauses[0]
    of, order = (of.target, ordering([of.order_by])) if isinstance(of, aggregate_order_by) else (of, list)
    distinct = isinstance(of, elements.UnaryExpression) and of.operator is operators.distinct_op
    value = compiled(of.element if distinct else of)

    def gather(_: Frame, frames: list[Frame]) -> Any:
        found = [value(frame) for frame in order(frames)]
        found = list(dict.fromkeys(found)) if distinct else found
        if node.name == "array_agg":
            return found or None
        return AGGREGATES[node.name]([one for one in found if one is not None])

    return gather
