"""Orders and aggregates over the rows of a select."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cmp_to_key
from typing import Any

from sqlalchemy import Enum, bindparam
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql import elements, operators, selectable, visitors
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from tests.oracle.dispatch import Evaluate, Frame, compiled
from tests.oracle.expressions import ranked
from tests.oracle.functions import AGGREGATES, first_known


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


def aggregated(frame: Frame, frames: list[Frame], aggregates: Sequence[Aggregate | None]) -> tuple[Any, ...]:
    """The one row of a select of aggregates."""
    return tuple(each(frame, frames) for each in aggregates if each)


def aggregate(node: Any) -> Aggregate | None:
    """An aggregate, or COALESCE or CASE of some; None for anything else."""
    if isinstance(node, elements.Case):
        return _chosen(node)
    if isinstance(node, elements.Label | elements.Grouping):
        return aggregate(node.element)
    if isinstance(node, elements.FunctionFilter):
        inner, wanted = aggregate(node.func), compiled(node.criterion)
        return inner and (lambda frame, frames: inner(frame, [one for one in frames if wanted(one) is True]))
    if not isinstance(node, FunctionElement):
        return None
    if node.name == "coalesce":
        return _coalesced(node)
    return _gathered(node) if node.name in (*AGGREGATES, "array_agg") else None


def _coalesced(node: Any) -> Aggregate | None:
    of, *others = node.clauses
    inner, defaults = aggregate(of), [compiled(other) for other in others]
    return inner and (lambda frame, frames: first_known(inner(frame, frames), *(other(frame) for other in defaults)))


def _chosen(node: Any) -> Aggregate | None:
    """A CASE with parameters where it has aggregates, of the values these have."""
    found: dict[str, Aggregate] = {}

    def told(element: Any, **_: Any) -> Any:
        if isinstance(element, selectable.SelectBase | selectable.ScalarSelect):
            return element  # whose aggregates are its own
        if not isinstance(element, FunctionElement | elements.FunctionFilter) or (inner := aggregate(element)) is None:
            return None
        parameter = bindparam(f"aggregate {len(found)}", type_=element.type)
        found[parameter.key] = inner
        return parameter

    of_values = visitors.replacement_traverse(node, {}, told)
    if not found:
        return None
    chosen = compiled(of_values)

    def choose(frame: Frame, frames: list[Frame]) -> Any:
        values = {key: each(frame, frames) for key, each in found.items()}
        return chosen(replace(frame, given={**frame.given, **values}))

    return choose


def _gathered(node: Any) -> Aggregate:
    clauses = list(node.clauses)
    if not clauses:
        return lambda _, frames: len(frames)  # count(*)
    of: Any = clauses[0]
    of, order = (of.target, ordering([of.order_by])) if isinstance(of, aggregate_order_by) else (of, list)
    if isinstance(of.type, Enum) and node.name in ("max", "min"):
        raise NotImplementedError(f"{node.name} of an enum")
    distinct = isinstance(of, elements.UnaryExpression) and of.operator is operators.distinct_op
    value = compiled(of.element if distinct else of)

    def gather(_: Frame, frames: list[Frame]) -> Any:
        found = [value(frame) for frame in order(frames)]
        found = list(dict.fromkeys(found)) if distinct else found
        if node.name == "array_agg":
            return found or None
        return AGGREGATES[node.name]([one for one in found if one is not None])

    return gather
