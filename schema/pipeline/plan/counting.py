"""Numbers as parts of a plan: what is counted is found by scope, join and conditions like any other rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from graphql import FieldNode

from policies.decide import COUNT, READ
from schema.catalogue.kinds import Catalogue, Field, Group, Kind, camel, dated
from schema.kit.entities import Edge, EdgeKind, Value
from schema.kit.expressions import RowFunction
from schema.kit.numbers import Breakdown, Grouped, Holding, Measure, Ratio, Tally
from schema.pipeline.plan.beyond import beyond
from schema.pipeline.plan.binding import AS_OF, Binder, Spot
from schema.pipeline.plan.numbers import (
    Counted,
    Difference,
    Fixed,
    GroupPart,
    Groups,
    Number,
    Quotient,
    Today,
    Totals,
    Unknown,
)
from schema.pipeline.plan.partly import made_of
from schema.pipeline.plan.rows import Leads, Rows, ScopeTerm, Test

Numeric = Number | Quotient
N = TypeVar("N", Numeric, Groups)
Within = Callable[[str, list[FieldNode]], "Selected"]  # what is selected of a type
Selected = Sequence[tuple[str, list[FieldNode]]]


def number(catalogue: Catalogue, binder: Binder, kind: Kind, key: str, declared: object) -> Numeric | Today | Unknown:
    """A tally of a type, or one of its ratios, of the binder's day."""
    made = _number(catalogue, binder, kind, key, declared)
    if is_counted(made) and not binder.counting:
        return Unknown(key, counted=True)
    if isinstance(made, Unknown) or (dated(kind, declared) and not _too_small(binder) and not is_counted(made)):
        return made
    return _only_today(binder, made)


def groups(
    catalogue: Catalogue, binder: Binder, declared: Breakdown, key: str, selected: Selected
) -> Groups | Today | Unknown:
    """A breakdown, of which these fields of its groups were selected."""
    target, group = catalogue.kinds[declared.target], catalogue.groups[declared.of.__name__]
    action = COUNT if binder.counts_beyond(target) else READ
    if not _anywhere(binder.scope(target, action=action)):
        return Unknown(key)
    if action == COUNT and not binder.counting:
        return Unknown(key, counted=True)
    tests = [*_over_row(declared.where), *_holding(binder, declared.holding)]
    rows = Rows(target, declared.on, binder.scope(target, action=action), tuple(tests))
    made = replace(_groups(binder, group, rows, key, selected), counted=_counted(binder, target))
    lasting = declared.holding is not None and not _too_small(binder) and not is_counted(made)
    return made if lasting else _only_today(binder, made)


def share(
    catalogue: Catalogue, binder: Binder, kind: Kind, coordinate: str, declared: object, *, of_day: bool = False
) -> None:
    """Note of what a number is made, so that each call finds whether its caller sees all of that."""
    if made := tuple(made_of(catalogue, kind, declared, of_day=of_day)):
        binder.share(coordinate, kind, made)


def share_row(catalogue: Catalogue, binder: Binder, kind: Kind, coordinate: str, edge: Edge, spot: Spot) -> None:
    """The same of an edge to one row, asked of today or of another day: null may be of one that is not the caller's."""
    if edge.kind is EdgeKind.ONE and not edge.required:
        share(catalogue, binder, kind, coordinate, edge, of_day=spot.given.get(camel(AS_OF)) is not None)


def difference(
    catalogue: Catalogue, binder: Binder, kind: Kind, key: str, name: str, since: int
) -> Difference | Unknown | Fixed:
    """By how much a number has changed from the day in the slot to the binder's.

    What is only counted is told of one day: two would tell of whom came between them.
    """
    if name not in kind.fields:
        return Fixed(key, f"{kind.name}Change")
    now = number(catalogue, binder, kind, key, kind.fields[name].declared)
    until, binder.day = binder.day, since
    then = number(catalogue, binder, kind, key, kind.fields[name].declared)
    binder.day = until
    if isinstance(now, Unknown) or isinstance(then, Unknown) or is_counted(now):
        return Unknown(key)
    return Difference(key, now, then)


def _number(catalogue: Catalogue, binder: Binder, kind: Kind, key: str, declared: object) -> Numeric | Unknown:
    if isinstance(declared, Ratio):
        part, whole = (
            _number(catalogue, binder, kind, key, kind.fields[camel(name)].declared)
            for name in (declared.part, declared.whole)
        )
        if not isinstance(part, Number) or not isinstance(whole, Number):
            return Unknown(key)
        return Quotient(key, part, whole, binder.smallest(), declared.unit)
    assert isinstance(declared, Tally)
    target = catalogue.kinds[declared.target]
    action = COUNT if binder.counts_beyond(target) else READ
    # Relations are followed to what may be read alone: of rows that are read exactly, those that lead to something and
    # those that do not would tell of each other.
    leads = [binder.leads(target, name, wanted=wanted) for name, wanted in declared.having.items()]
    apart = (beyond(binder, target, action, each.rows.kind) for each in leads)
    scopes = (binder.scope(target, action=action), *(each.rows.scope for each in leads))
    if not all(map(_anywhere, scopes)):
        return Unknown(key)
    binder.counted()
    tests: list[Test | Leads] = [*leads, *_over_row(declared.where), *_holding(binder, declared.holding)]
    rows = Rows(target, declared.on, binder.scope(target, action=action), tuple(tests))
    counted = _counted(binder, target, first_untold=declared.first_untold)
    made = Number(
        key, rows, declared.distinct, declared.total, binder.smallest(), counted, None, (*filter(None, apart),)
    )
    if not declared.among or made.counted is None:
        return made
    among = _number(catalogue, binder, kind, key, kind.fields[camel(declared.among)].declared)
    return replace(made, among=among) if isinstance(among, Number) else Unknown(key)


def is_counted(made: object) -> bool:
    """Whether a number, or a part of it, is of rows the caller may not all read."""
    match made:
        case Number() | Groups():
            return made.counted is not None
        case Quotient():
            return is_counted(made.part) or is_counted(made.whole)
        case Today():
            return is_counted(made.number)
        case Unknown():
            return made.counted
    return False


def _counted(binder: Binder, target: Kind, *, first_untold: bool = False) -> Counted | None:
    """By what rows that are only counted are told apart."""
    if not binder.counts_beyond(target):
        return None
    untold = beyond(binder, target, COUNT, target) if first_untold else None
    return Counted(binder.scope(target) or (), binder.cell(), untold)


def _too_small(binder: Binder) -> bool:
    """Whether a number of another day could tell of too few: by what it differs from today's."""
    return binder.day is not None and binder.smallest() is not None


def _only_today(binder: Binder, made: N) -> N | Today:
    return made if binder.day is None else Today(made.key, made, binder.day)


def _holding(binder: Binder, holding: Holding | None) -> list[Test]:
    return [] if holding is None else [binder.on_day(holding)]


def totals(
    catalogue: Catalogue, binder: Binder, rows: Rows, key: str, nodes: list[FieldNode], within: Within
) -> Totals:
    """What the rows of a connection come to."""
    assert rows.kind.entity.totals is not None
    group = catalogue.groups[rows.kind.entity.totals.__name__]

    def part(at: str, nodes: list[FieldNode]) -> GroupPart | Fixed | Groups:
        field = group.fields.get(nodes[0].name.value)
        if field is None or not isinstance(field.declared, Grouped):
            return _part(group, [], at, nodes[0].name.value)
        of = catalogue.groups[field.declared.of.__name__]
        return _groups(binder, of, rows, at, within(of.name, nodes))

    binder.counted()
    parts = tuple(part(at, found) for at, found in within(group.name, nodes))
    return Totals(key, rows, parts, binder.smallest())


def _groups(binder: Binder, group: Group, rows: Rows, key: str, selected: Selected) -> Groups:
    binder.counted()
    by = {name: of for name, field in group.fields.items() if (of := _key(field)) is not None}
    parts = (_part(group, [*by], part, nodes[0].name.value) for part, nodes in selected)
    return Groups(key, rows, tuple(by.values()), tuple(parts), binder.smallest())


def _anywhere(scope: tuple[ScopeTerm, ...] | None) -> bool:
    """Whether there is any row a scope could admit."""
    return scope is None or len(scope) > 0


def _over_row(predicate: RowFunction | None) -> list[Test]:
    return [] if predicate is None else [Test(lambda row, _: predicate(row), {})]


def _key(field: Field) -> RowFunction | None:
    if not isinstance(field.declared, Value):
        return None
    return field.declared.of or (lambda row: row[field.python_name])


def _part(group: Group, by: Sequence[str], key: str, name: str) -> GroupPart | Fixed:
    if name == "__typename":
        return Fixed(key, group.name)
    declared = group.fields[name].declared
    if isinstance(declared, Measure):
        return GroupPart(key, None, declared.where, declared.distinct, declared.total)
    return GroupPart(key, by.index(name))
