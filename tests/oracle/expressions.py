"""SQLAlchemy's value expressions as Python functions of rows."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, DateTime, Enum, Integer, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.sql import elements, operators
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from tests.oracle.dispatch import Evaluate, Frame, compiled, constant, relation
from tests.oracle.functions import FUNCTIONS, OPERATORS, among, extracted, text_of

ORDERED = (operators.lt, operators.le, operators.gt, operators.ge)

# --- leaves -----------------------------------------------------------------------------------------------------------


@compiled.register
def _column(node: elements.ColumnClause) -> Evaluate:  # type: ignore[type-arg]
    if node.is_literal:
        return constant(_literal(node.name))
    table, key = node.table, node.key

    def evaluate(frame: Frame) -> Any:
        row = frame.rows[table]  # type: ignore[index]
        return None if row is None else row[key]  # None: the side of an outer join that met nothing

    return evaluate


def _literal(text: str) -> Any:
    if text == "*":  # what EXISTS selects
        return True
    if text.lstrip("-").isdigit():
        return int(text)
    if days := re.fullmatch(r"interval '(\d+) days'", text):
        return timedelta(days=int(days[1]))
    if text == "'infinity'":
        return datetime(9000, 1, 1, tzinfo=UTC)
    if text == "'{}'":  # the one array that is said in so many words
        return []
    if text[:1] == text[-1:] == "'" or text.isidentifier():  # a keyword, as the NFKC of normalize()
        return text.strip("'")
    raise NotImplementedError(f"literal {text}")


@compiled.register
def _parameter(node: elements.BindParameter) -> Evaluate:  # type: ignore[type-arg]
    key, value = node.key, node.value
    return lambda frame: frame.given.get(key, value)


@compiled.register
def _null(_: elements.Null) -> Evaluate:
    return constant(None)


@compiled.register
def _true(_: elements.True_) -> Evaluate:
    return constant(True)


@compiled.register
def _false(_: elements.False_) -> Evaluate:
    return constant(False)


# --- operators --------------------------------------------------------------------------------------------------------


@compiled.register
def _binary(node: elements.BinaryExpression) -> Evaluate:  # type: ignore[type-arg]
    if isinstance(node.right, elements.CollectionAggregate):
        return _any(node)
    if node.operator in (operators.in_op, operators.not_in_op):
        return _in(node)
    if node.operator in (operators.between_op, operators.not_between_op):
        return _between(node)
    function, left, right = _operator(node.operator), compiled(node.left), compiled(node.right)
    if node.operator in ORDERED:
        rank = ranked(node.left.type)
        return lambda frame: function(rank(left(frame)), rank(right(frame)))
    return lambda frame: function(left(frame), right(frame))


def _operator(operator: Any) -> Callable[..., Any]:
    key = operator.opstring if isinstance(operator, operators.custom_op) else operator
    if key not in OPERATORS:
        raise NotImplementedError(f"operator {getattr(key, '__name__', key)}")
    return OPERATORS[key]


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
    value, values = compiled(node.left), _members(node.right)
    negated = node.operator is operators.not_in_op

    def evaluate(frame: Frame) -> bool | None:
        found = among(value(frame), values(frame))
        return found if found is None else found is not negated

    return evaluate


def _members(node: Any) -> Evaluate:
    if isinstance(node, elements.BindParameter):
        return compiled(node)
    if isinstance(node, elements.Grouping):
        return _members(node.element)
    if isinstance(node, elements.ClauseList):
        parts = [compiled(part) for part in node.get_children()]
        return lambda frame: [part(frame) for part in parts]
    rows = relation(node)
    return lambda frame: [row[0] for row in rows(frame)]


def _between(node: elements.BinaryExpression[Any]) -> Evaluate:
    low, high = (compiled(part) for part in node.right.get_children())
    value, rank = compiled(node.left), ranked(node.left.type)
    at_least, at_most = OPERATORS[operators.ge], OPERATORS[operators.le]
    negated = node.operator is operators.not_between_op

    def evaluate(frame: Frame) -> bool | None:
        it = rank(value(frame))
        found = conjunction(iter((at_least(it, rank(low(frame))), at_most(it, rank(high(frame))))))
        return found if found is None else found is not negated

    return evaluate


def conjunction(values: Iterator[bool | None]) -> bool | None:
    """AND in three values; what follows a False is not looked at."""
    whole: bool | None = True
    for value in values:
        if value is False:
            return False
        whole = whole if value else None
    return whole


def disjunction(values: Iterator[bool | None]) -> bool | None:
    """OR in three values; what follows a True is not looked at."""
    whole: bool | None = False
    for value in values:
        if value is True:
            return True
        whole = None if value is None else whole
    return whole


@compiled.register
def _boolean(node: elements.BooleanClauseList) -> Evaluate:
    parts = [compiled(part) for part in node.clauses]
    joined = conjunction if node.operator is operators.and_ else disjunction
    return lambda frame: joined(part(frame) for part in parts)


@compiled.register
def _concatenated(node: elements.ExpressionClauseList) -> Evaluate:  # type: ignore[type-arg]
    function = _operator(node.operator)
    first, *others = [compiled(part) for part in node.clauses]

    def evaluate(frame: Frame) -> Any:
        value = first(frame)
        for other in others:
            value = function(value, other(frame))
        return value

    return evaluate


@compiled.register
def _unary(node: elements.UnaryExpression) -> Evaluate:  # type: ignore[type-arg]
    if node.operator is None:
        raise NotImplementedError(f"unary {getattr(node.modifier, '__name__', '?')}")
    function, element = _operator(node.operator), compiled(node.element)
    return lambda frame: function(element(frame))


@compiled.register(elements.Grouping)
@compiled.register(elements.Label)
@compiled.register(elements.TypeCoerce)
@compiled.register(elements.CollationClause)
def _wrapped(node: Any) -> Evaluate:
    return compiled(node.clause if isinstance(node, elements.TypeCoerce) else node.element)


@compiled.register
def _cast(node: elements.Cast) -> Evaluate:  # type: ignore[type-arg]
    inner = compiled(node.clause)
    if isinstance(node.type, Enum):
        return inner
    if isinstance(node.type, JSONB) and isinstance(node.clause.type, Text):  # JSON is its text here
        return inner
    if isinstance(node.type, Text):
        return lambda frame: text_of(inner(frame))
    whole = isinstance(node.type, Integer) and isinstance(node.clause.type, Integer)  # however great
    if whole or (isinstance(node.type, Date) and type(node.type) is type(node.clause.type)):
        return inner
    if isinstance(node.type, Integer) and isinstance(node.clause.type, Numeric):  # of whole numbers alone
        return lambda frame: None if (number := inner(frame)) is None else int(number)
    if isinstance(node.type, Numeric):
        places = node.type.scale
        return lambda frame: _numeric(inner(frame), places)
    if isinstance(node.type, Date) and isinstance(node.clause.type, DateTime):
        return lambda frame: None if (moment := inner(frame)) is None else moment.date()
    raise NotImplementedError(f"cast of {node.clause.type} to {node.type}")


def _numeric(number: Any, places: int | None) -> Decimal | None:
    """A number of so many decimals, of as many as it has where that is not said."""
    if number is None or places is None:
        return None if number is None else Decimal(number)
    return Decimal(number).quantize(Decimal(1).scaleb(-places))


@compiled.register
def _case(node: elements.Case) -> Evaluate:  # type: ignore[type-arg]
    otherwise = constant(None) if node.else_ is None else compiled(node.else_)
    branches = [(compiled(when), compiled(then)) for when, then in node.whens]
    if node.value is None:
        return lambda frame: next((then for when, then in branches if when(frame)), otherwise)(frame)
    value, equal = compiled(node.value), OPERATORS[operators.eq]

    def evaluate(frame: Frame) -> Any:
        it = value(frame)
        return next((then for when, then in branches if equal(it, when(frame))), otherwise)(frame)

    return evaluate


@compiled.register
def _extract(node: elements.Extract) -> Evaluate:
    field, inner = node.field, compiled(node.expr)

    def evaluate(frame: Frame) -> int | None:
        moment = inner(frame)
        return None if moment is None else extracted(field, moment)

    return evaluate


@compiled.register
def _array(node: array) -> Evaluate:  # type: ignore[type-arg]
    parts = [compiled(part) for part in node.clauses]
    return lambda frame: [part(frame) for part in parts]


@compiled.register
def _function(node: FunctionElement) -> Evaluate:  # type: ignore[type-arg]
    if node.name == "now":
        return lambda frame: frame.now
    if node.name == "current_date":
        return lambda frame: frame.now.date()
    if node.name == "array":
        (select,) = node.clauses
        rows = relation(select)
        return lambda frame: [row[0] for row in rows(frame)]
    if node.name not in FUNCTIONS:
        raise NotImplementedError(f"function {node.name}")
    function, arguments = FUNCTIONS[node.name], [compiled(part) for part in node.clauses]
    return lambda frame: function(*(argument(frame) for argument in arguments))
