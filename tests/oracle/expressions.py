"""SQLAlchemy expressions as Python functions of rows.

`compiled(expression)` is a function of a `Frame`: the rows the expression's tables stand for, and its parameters.
A node it does not know raises NotImplementedError with the node's name, when it is compiled.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import singledispatch
from itertools import product
from typing import Any

from sqlalchemy import Alias, Enum, FromClause, Table, Text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql import elements, operators, selectable
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from tests.oracle.functions import FUNCTIONS, OPERATORS, among, both, either, text_of

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """What an expression is evaluated in: a row for each of its tables, its parameters, and the whole database."""

    rows: Mapping[FromClause, Record]
    given: Mapping[str, Any]
    tables: Mapping[str, Sequence[Record]]
    now: datetime


Evaluate = Callable[[Frame], Any]


@singledispatch
def compiled(node: object) -> Evaluate:
    """The expression as a function of a frame."""
    raise NotImplementedError(f"{type(node).__name__} ({getattr(node, '__visit_name__', '?')})")


# --- leaves -----------------------------------------------------------------------------------------------------------


@compiled.register
def _column(node: elements.ColumnClause) -> Evaluate:  # type: ignore[type-arg]
    if node.is_literal:
        return _constant(_literal(node.name))
    table, key = node.table, node.key
    return lambda frame: frame.rows[table][key]  # type: ignore[index]


def _literal(text: str) -> Any:
    if text.lstrip("-").isdigit():
        return int(text)
    if text[:1] == text[-1:] == "'" or text.isidentifier():  # a keyword, as the NFKC of normalize()
        return text.strip("'")
    raise NotImplementedError(f"literal {text}")


@compiled.register
def _parameter(node: elements.BindParameter) -> Evaluate:  # type: ignore[type-arg]
    key, value = node.key, node.value
    return lambda frame: frame.given.get(key, value)


@compiled.register
def _null(node: elements.Null) -> Evaluate:
    return _constant(None)


@compiled.register
def _true(node: elements.True_) -> Evaluate:
    return _constant(True)


@compiled.register
def _false(node: elements.False_) -> Evaluate:
    return _constant(False)


def _constant(value: Any) -> Evaluate:
    return lambda frame: value


# --- operators --------------------------------------------------------------------------------------------------------


@compiled.register
def _binary(node: elements.BinaryExpression) -> Evaluate:  # type: ignore[type-arg]
    if isinstance(node.right, elements.CollectionAggregate):
        return _any(node)
    if node.operator in (operators.in_op, operators.not_in_op):
        return _in(node)
    operator = node.operator.opstring if isinstance(node.operator, operators.custom_op) else node.operator
    if operator not in OPERATORS:
        raise NotImplementedError(f"operator {getattr(operator, '__name__', operator)}")
    function, left, right = OPERATORS[operator], compiled(node.left), compiled(node.right)
    if operator in (operators.lt, operators.le, operators.gt, operators.ge):
        rank = ranked(node.left.type)
        return lambda frame: function(rank(left(frame)), rank(right(frame)))
    return lambda frame: function(left(frame), right(frame))


def ranked(type_: TypeEngine[Any]) -> Callable[[Any], Any]:
    """What values of a type are compared by: enums by their order, everything else by itself, NULL by NULL."""
    if not isinstance(type_, Enum):
        return lambda value: value
    places: dict[Any, int] = {name: place for place, name in enumerate(type_.enums)}
    return places.get


def _any(node: elements.BinaryExpression[Any]) -> Evaluate:
    right = node.right
    assert isinstance(right, elements.CollectionAggregate)
    if node.operator is not operators.eq or right.operator is not operators.any_op:
        raise NotImplementedError(f"{node.operator.__name__} {getattr(right.operator, '__name__', '')}")
    value, values = compiled(node.left), compiled(right.element)

    def evaluate(frame: Frame) -> bool | None:
        found = values(frame)
        return None if found is None else among(value(frame), found)

    return evaluate


def _in(node: elements.BinaryExpression[Any]) -> Evaluate:
    value, values = compiled(node.left), relation(node.right)
    negated = node.operator is operators.not_in_op

    def evaluate(frame: Frame) -> bool | None:
        found = among(value(frame), [row[0] for row in values(frame)])
        return found if found is None else found is not negated

    return evaluate


@compiled.register
def _boolean(node: elements.BooleanClauseList) -> Evaluate:
    parts = [compiled(part) for part in node.clauses]
    joined = both if node.operator is operators.and_ else either
    return lambda frame: joined([part(frame) for part in parts])


@compiled.register
def _unary(node: elements.UnaryExpression) -> Evaluate:  # type: ignore[type-arg]
    if node.operator is not operators.inv:
        raise NotImplementedError(f"unary {getattr(node.operator or node.modifier, '__name__', '?')}")
    element = compiled(node.element)

    def evaluate(frame: Frame) -> bool | None:
        value = element(frame)
        return None if value is None else not value

    return evaluate


@compiled.register(elements.Grouping)
@compiled.register(elements.Label)
def _wrapped(node: Any) -> Evaluate:
    return compiled(node.element)


@compiled.register
def _cast(node: elements.Cast) -> Evaluate:  # type: ignore[type-arg]
    if not isinstance(node.type, Text):
        raise NotImplementedError(f"cast to {node.type}")
    inner = compiled(node.clause)
    return lambda frame: text_of(inner(frame))


@compiled.register
def _case(node: elements.Case) -> Evaluate:  # type: ignore[type-arg]
    if node.value is not None:
        raise NotImplementedError("CASE of a value")
    branches = [(compiled(when), compiled(then)) for when, then in node.whens]
    otherwise = _constant(None) if node.else_ is None else compiled(node.else_)
    return lambda frame: next((then for when, then in branches if when(frame)), otherwise)(frame)


@compiled.register
def _function(node: FunctionElement) -> Evaluate:  # type: ignore[type-arg]
    if node.name == "now":
        return lambda frame: frame.now
    if node.name not in FUNCTIONS:
        raise NotImplementedError(f"function {node.name}")
    function, arguments = FUNCTIONS[node.name], [compiled(part) for part in node.clauses]
    return lambda frame: function(*(argument(frame) for argument in arguments))


# --- selects ----------------------------------------------------------------------------------------------------------


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


@singledispatch
def relation(node: object) -> Callable[[Frame], list[tuple[Any, ...]]]:
    """A select as a function of the frame it stands in; the rows it gives."""
    raise NotImplementedError(f"{type(node).__name__} as rows")


@relation.register(selectable.ScalarSelect)
@relation.register(selectable.SelectStatementGrouping)
def _grouped(node: Any) -> Callable[[Frame], list[tuple[Any, ...]]]:
    return relation(node.element)


@relation.register
def _compound(node: selectable.CompoundSelect) -> Callable[[Frame], list[tuple[Any, ...]]]:  # type: ignore[type-arg]
    if node.keyword.value != "UNION ALL":
        raise NotImplementedError(node.keyword.value)
    parts = [relation(part) for part in node.selects]
    return lambda frame: [row for part in parts for row in part(frame)]


@relation.register
def _select(node: selectable.Select) -> Callable[[Frame], list[tuple[Any, ...]]]:  # type: ignore[type-arg]
    if node._group_by_clauses or node._having_criteria or node._distinct or node._order_by_clauses:
        raise NotImplementedError("GROUP BY, HAVING, DISTINCT and ORDER BY of a select")
    if node._has_row_limiting_clause:
        raise NotImplementedError("LIMIT and OFFSET")
    froms = [_table(table) for table in node.get_final_froms()]
    wanted = _constant(True) if node.whereclause is None else compiled(node.whereclause)
    columns = list(node.selected_columns)
    aggregates = [_aggregate(column) for column in columns]

    def frames(frame: Frame) -> Iterator[Frame]:
        own = [(table, name) for table, name in froms if table not in frame.rows]
        for rows in product(*(frame.tables[name] for _, name in own)):
            found = replace(
                frame, rows={**frame.rows, **{table: row for (table, _), row in zip(own, rows, strict=True)}}
            )
            if wanted(found) is True:
                yield found

    if all(aggregates):
        return lambda frame: _aggregated(list(frames(frame)), aggregates)
    values = [compiled(column) for column in columns]
    return lambda frame: [tuple(value(found) for value in values) for found in frames(frame)]


def _table(table: FromClause) -> tuple[FromClause, str]:
    named = table.element if isinstance(table, Alias) else table
    if not isinstance(named, Table):
        raise NotImplementedError(f"FROM {type(named).__name__}")
    return table, named.name


Aggregate = Callable[[list[Frame]], Any]


def _aggregated(frames: list[Frame], aggregates: Sequence[Aggregate | None]) -> list[tuple[Any, ...]]:
    return [tuple(aggregate(frames) for aggregate in aggregates if aggregate)]


def _aggregate(node: object) -> Aggregate | None:
    if not isinstance(node, FunctionElement) or node.name != "array_agg":
        return None
    (of,) = node.clauses
    value, keys = (of.target, [of.order_by]) if isinstance(of, aggregate_order_by) else (of, [])
    made, sorts = compiled(value), [compiled(key) for key in keys]

    def gather(frames: list[Frame]) -> list[Any] | None:
        in_order = sorted(frames, key=lambda frame: [sort(frame) for sort in sorts])
        return [made(frame) for frame in in_order] or None

    return gather
