"""SQLAlchemy's selects over Python rows: joins, conditions, limits."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Alias, ColumnElement, FromClause, Join, TableClause
from sqlalchemy.sql import elements, operators, selectable, visitors

from schema.catalogue.kinds import camel
from tests.oracle.aggregates import aggregate, aggregated, ordering
from tests.oracle.dispatch import Evaluate, Frame, Record, Rows, compiled, constant, relation
from tests.oracle.sources import Made, named


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


def joined(table: FromClause, condition: ColumnElement[bool]) -> Callable[[Frame], Iterator[Record]]:
    """The rows of a table that fulfil a condition over it and over the tables of a frame."""
    ((source,), beforehand) = _placed([(table, None)], _parts(condition))

    def rows(frame: Frame) -> Iterator[Record]:
        if all(passes(frame) is True for passes in beforehand):
            for found in _combined(frame, [source]):
                row = found.rows[table]
                assert row is not None
                yield row

    return rows


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


@compiled.register
def _listed(node: selectable.Select) -> Evaluate:  # type: ignore[type-arg]
    """A list of what a row is made of: every row of the select, by the names fields have."""
    rows, names = relation(node), [camel(str(column.key)) for column in node.selected_columns]
    return lambda frame: [dict(zip(names, row, strict=True)) for row in rows(frame)]


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
    aggregates = [aggregate(column) for column in columns]
    if any(aggregates):
        if not all(aggregates) or node._has_row_limiting_clause:
            raise NotImplementedError("a select of aggregates and of something else")
        return lambda frame: [aggregated(frame, list(frames(frame)), aggregates)]
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
    """A table of a select, and what can be decided once it and those before it have a row; `outer` as in LEFT JOIN.

    `keyed` are columns of which a condition says what they equal, so that not every row must be looked at; the rows of
    what is no table of the database are `made`.
    """

    table: FromClause
    name: str
    made: Made | None
    conditions: tuple[Evaluate, ...]
    keyed: tuple["_Keyed", ...]
    outer: tuple[Evaluate, ...] | None = None


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A column that equals a value made of other tables' rows."""

    column: str
    value: Evaluate
    others: frozenset[FromClause]


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
    if source.full or not isinstance(source.right, Alias | TableClause):
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
        _Source(
            table,
            *named(table),
            tuple(at.get(place, ())),
            tuple(found for condition in conditions for found in _keyed(condition, table)) if on is None else (),
            None if on is None else (compiled(on),),
        )
        for place, (table, on) in enumerate(tables)
    ]
    return sources, at.get(-1, [])


def _keyed(condition: ColumnElement[Any], table: FromClause) -> Iterator[_Keyed]:
    if not isinstance(condition, elements.BinaryExpression) or condition.operator is not operators.eq:
        return
    for one, other in ((condition.left, condition.right), (condition.right, condition.left)):
        others = frozenset(_spoken_of(other))
        own = isinstance(one, elements.ColumnClause) and one.table is table and table not in others
        if own and not isinstance(other, elements.CollectionAggregate):
            yield _Keyed(str(one.key), compiled(other), others)


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
    for row in _candidates(frame, source):
        found = frame.beside(source.table, row)
        if source.outer is None or all(condition(found) is True for condition in source.outer):
            met = True
            yield found
    if source.outer is not None and not met:
        yield frame.beside(source.table, None)


def _candidates(frame: Frame, source: _Source) -> Sequence[Record]:
    if source.made is not None:
        return source.made(frame)
    for key in source.keyed:
        if key.others <= frame.rows.keys():
            return frame.tables.having(source.name, key.column, key.value(frame))
    return frame.tables[source.name]
