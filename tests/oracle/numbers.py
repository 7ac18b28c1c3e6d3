"""Counts, ratios and breakdowns of the rows a caller sees, or may count.

Long because every number is told by the same few rules: what it is made of, of which day, and how little is too little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date

from policies import decide
from policies.scope import Inspects, Term, Way, Within
from schema.catalogue.kinds import Field, Group, Kind, camel
from schema.kit.entities import Bind, Condition, Value
from schema.kit.expressions import Row, RowFunction
from schema.kit.numbers import Breakdown, Grouped, Holding, Measure, Ratio, Tally
from services.terms import today
from tests.oracle.functions import plain
from tests.oracle.pages import Order
from tests.oracle.sight import Sight, Thing

PLACES = Decimal("0.0001")


LOOKING = (decide.READ, decide.COUNT)
SMALLEST = 3  # what is told of rows that may be counted and not read; a caller's own may be larger


class Made(NamedTuple):
    """A number, and of how many rows or values it is made; what is beyond it, which the caller may only count."""

    value: int
    cell: int
    beyond: int = 0
    added: bool = False
    left: int | None = None  # of what all of these are some of
    untold: bool = False  # also where there is none beyond


@dataclass(frozen=True, slots=True)
class Dated(Thing):
    """A row whose numbers are asked of a day."""

    day: date


def tally(sight: Sight, declared: Tally, above: Thing) -> int | None:
    """How many rows, or distinct values of what is not NULL, or their total; None for what is seen nowhere.

    None also for what is made of fewer than the caller may be shown, and not of none, and for what keeps no history of
    the day asked for.
    """
    made = _tallied(sight, declared, above)
    return None if made is None or forgotten(sight, declared, above) else told(sight, made)


def told(sight: Sight, made: Made) -> int | None:
    """A number as it is shown: exact, or with what is beyond it as the multiple of the smallest cell both reach."""
    if made.beyond <= 0:
        return None if made.untold or hidden(sight, made.cell) else made.value
    cell = _cell(sight)
    few = made.beyond < cell or (made.left is not None and made.left < cell)
    return None if few or made.added else (made.value + made.beyond) // cell * cell


def enough(sight: Sight, beyond: int) -> bool:
    """Whether so many rows that are only counted may be told."""
    return beyond <= 0 or beyond >= _cell(sight)


def _cell(sight: Sight) -> int:
    """The least that is told of what is only counted: the service's, or that doubled as often as a caller's asks."""
    cell = SMALLEST
    while cell < (sight.terms.smallest_cell or 0):
        cell *= 2
    return cell


def forgotten(sight: Sight, declared: Tally | Breakdown, above: Thing) -> bool:
    """Whether a number is not known of the day it is asked of."""
    return declared.holding is None and elsewhen(sight, above)


def elsewhen(sight: Sight, above: Thing) -> bool:
    """Whether numbers are asked of another day than today."""
    day = _day(above)
    return day is not None and day != sight.value(above, _today)


def _today(_: Row) -> ColumnElement[Any]:
    return today()


def dated(declared: object, kind: Kind) -> bool:
    """Whether a number keeps history."""
    if isinstance(declared, Ratio):
        return all(dated(kind.fields[camel(name)].declared, kind) for name in (declared.part, declared.whole))
    return isinstance(declared, Tally | Breakdown) and declared.holding is not None


def differences(sight: Sight, above: Thing, since: date) -> dict[str, Any]:
    """By how much each number that keeps history has changed, by GraphQL name, not yet made."""
    fields = above.kind.fields.items()
    kept = {name: field.declared for name, field in fields if dated(field.declared, above.kind)}
    then = Dated(above.kind, above.row, since)
    return {
        name: partial(_difference, sight, declared, above, then)
        for name, declared in kept.items()
        if isinstance(declared, Tally | Ratio)
    }


def _difference(sight: Sight, declared: Tally | Ratio, above: Thing, then: Thing) -> Any:
    made = [
        tally(sight, declared, each) if isinstance(declared, Tally) else ratio(sight, declared, each)
        for each in (above, then)
    ]
    now, before = made
    return None if now is None or before is None else round(now - before, 4)


def _day(above: Thing) -> date | None:
    return above.day if isinstance(above, Dated) else None


def _holding(sight: Sight, things: Sequence[Thing], declared: Tally | Breakdown, above: Thing) -> list[Thing]:
    """Of what is counted, what counts on the day it is asked of."""
    if declared.holding is None:
        return list(things)
    day = _day(above)
    condition = _CONDITIONS.setdefault((declared.holding, day is None), _condition(declared.holding, today=day is None))
    kept = (
        {id(row) for row in sight.passing(things[0].kind, [thing.row for thing in things], condition, day)}
        if things
        else ()
    )
    return [thing for thing in things if id(thing.row) in kept]


_CONDITIONS: dict[tuple[Holding, bool], Condition] = {}  # what is interpreted is kept by its function


def _condition(holding: Holding, *, today: bool) -> Condition:
    if today:
        return Condition("today", lambda row, _: holding(row, None))
    return Condition("on a day", lambda row, given: holding(row, given["day"]), {"day": Bind(Date(), lambda day: day)})


def comparable(sight: Sight, declared: object, kind: Kind) -> bool:
    """Whether a number is told of two days, one against the other: not what is only counted."""
    return countable(sight, declared, kind) and not counted(sight, declared, kind)


def countable(sight: Sight, declared: object, kind: Kind) -> bool:
    """Whether the caller may see, somewhere, what a number or a breakdown of this kind is made of."""
    kinds = sight.declared.catalogue.kinds
    match declared:
        case Tally(target=name, having=having):
            target, look = kinds[name], sight.counting if counted(sight, declared, kind) else sight
            leads = all(sight.leads_anywhere(sight.edge(target, each)) for each in having)
            return look.anywhere(target) and leads and _among_countable(sight, declared, kind)
        case Ratio(part=part, whole=whole):
            return all(countable(sight, kind.fields[camel(name)].declared, kind) for name in (part, whole))
        case Breakdown(target=name):
            return sight.anywhere(kinds[name]) or sight.counting.anywhere(kinds[name])
    raise NotImplementedError(type(declared).__name__)


def undatable(sight: Sight, coordinate: str) -> bool:
    """Whether a field is a number that keeps no history, or is told of no other day to who is not shown few."""
    kind, declared = _field(sight, coordinate)
    bounded = sight.terms.smallest_cell is not None or counted(sight, declared, kind)
    number = isinstance(declared, Tally | Ratio | Breakdown)
    return number and not (dated(declared, kind) and not (bounded and countable(sight, declared, kind)))


def lacking(sight: Sight, declared: object, above: Thing) -> bool:
    """Whether anything a number could count is neither the caller's to see nor to count."""
    match declared:
        case Ratio(part=part, whole=whole):
            made = (above.kind.fields[camel(name)].declared for name in (part, whole))
            return any(lacking(sight, each, above) for each in made)
        case Tally(target=name, on=on) | Breakdown(target=name, on=on):
            look = sight.counting if counted(sight, declared, above.kind) else sight
            return look.lacks(on, above, sight.declared.catalogue.kinds[name])
    return False


def counts_beyond(sight: Sight, coordinate: str) -> bool:
    """Whether a field is a number of what the caller may count and not all read."""
    kind, declared = _field(sight, coordinate)
    return counted(sight, declared, kind)


def _field(sight: Sight, coordinate: str) -> tuple[Kind, object]:
    of, _, name = coordinate.partition(".")
    kind = sight.declared.catalogue.kinds[of.removesuffix("Change")]
    return kind, kind.fields[name].declared


def counted(sight: Sight, declared: object, kind: Kind) -> bool:
    """Whether a number is, or could be, of rows the caller may count and not read."""
    match declared:
        case Tally() | Breakdown():
            target = sight.declared.catalogue.kinds[declared.target]
            return sight.counts_beyond(target)
        case Ratio(part=part, whole=whole):
            return any(counted(sight, kind.fields[camel(name)].declared, kind) for name in (part, whole))
    return False


def hidden(sight: Sight, cell: int) -> bool:
    """Whether a number made of so many is too small to be shown to the caller."""
    return sight.terms.smallest_cell is not None and 0 < cell < sight.terms.smallest_cell


def shown(sight: Sight, declared: object, above: Thing) -> bool:
    """Whether the caller may be told a number: of another day none that small ones could be found by."""
    if sight.payload and counted(sight, declared, above.kind):
        return False
    bounded = sight.terms.smallest_cell is not None or counted(sight, declared, above.kind)
    return countable(sight, declared, above.kind) and not (bounded and elsewhen(sight, above))


def _tallied(sight: Sight, declared: Tally, above: Thing) -> Made | None:
    if not shown(sight, declared, above):
        return None
    look = sight.counting if counted(sight, declared, above.kind) else sight
    target = sight.declared.catalogue.kinds[declared.target]
    if any(_beyond(sight, above, target, look.action, sight.target(target, name)) for name in declared.having):
        return None
    things = [Thing(target, row) for row in look.led_to(declared.on, above, target)]
    things = _holding(sight, things, declared, above)
    for name, wanted in declared.having.items():
        things = [thing for thing in things if sight.leads(name, thing, _day(above)) is wanted]
    made = _counted(sight, things, declared, read=_seen(sight, things))
    if declared.first_untold and counted(sight, declared, above.kind):
        made = made._replace(untold=_beyond(sight, above, target, decide.COUNT, target))
    whole = _tally_of(sight, declared.among, above) if declared.among else None
    return made if whole is None else made._replace(left=whole.cell + whole.beyond - made.cell - made.beyond)


def _beyond(sight: Sight, unit: Thing, kind: Kind, action: str, read: Kind) -> bool:
    """Whether a unit is one of which a seat may look at rows of a kind where none reads all of another."""
    path, policies = unit.row["path"], (kind.entity.policy, read.entity.policy)
    reaching, reading = (
        {term for role, term in sight.seats_for(policy) if (policy, asked) in decide.permissions(role)}
        for policy, asked in zip(policies, (action, decide.READ), strict=True)
    )
    people = Way.REGISTERED in read.entity.ways  # of whom an inspection reads some and counts all
    whole = {term for term in reading if not (people and isinstance(term, Inspects))}
    places = [term.path for term in whole if isinstance(term, Within)]
    left = {term for term in reaching - whole if not any(_at(term).startswith(place) for place in places)}
    lies = any(_at(term).startswith(path) or path.startswith(_at(term)) for term in left)
    return lies and not any(path.startswith(place) for place in places)


def _at(term: Term) -> str:
    """The path of a seat that is a unit; of another the one that every unit's begins with."""
    return getattr(term, "path", "")


def _among_countable(sight: Sight, declared: Tally, kind: Kind) -> bool:
    """Whether what the rows of a number are some of can be counted, where that says whether they are told."""
    if not declared.among or not counted(sight, declared, kind):
        return True
    return countable(sight, kind.fields[camel(declared.among)].declared, kind)


def ratio(sight: Sight, declared: Ratio, above: Thing) -> float | None:
    """One tally divided by another, to four decimals, halves up; None where it would tell of too small a number."""
    if not dated(declared, above.kind) and elsewhen(sight, above):
        return None  # one of the two keeps no history
    part, whole = (_tally_of(sight, name, above) for name in (declared.part, declared.whole))
    if counted(sight, declared, above.kind):
        if part is None or whole is None or max(part.beyond, whole.beyond) > 0:
            return None  # of round numbers there is no share
        few, many = told(sight, part), told(sight, whole)
        return None if few is None or not many else _divided(few, many * declared.unit)
    if part is None or whole is None or not whole.value:
        return None
    if any(hidden(sight, cell) for cell in (part.cell, whole.cell, whole.cell - part.cell)):
        return None
    return _divided(part.value, whole.value * declared.unit)


def _divided(part: int, whole: int) -> float:
    return float((Decimal(part) / whole).quantize(PLACES, ROUND_HALF_UP))


def _tally_of(sight: Sight, name: str, above: Thing) -> Made | None:
    declared = above.kind.fields[camel(name)].declared
    assert isinstance(declared, Tally)
    return _tallied(sight, declared, above)


def breakdown(sight: Sight, declared: Breakdown, group: Group, above: Thing) -> list[dict[str, Any]] | None:
    """The groups in the order of their keys, each with its numbers, by GraphQL name."""
    if not shown(sight, declared, above) or forgotten(sight, declared, above):
        return None
    target = sight.declared.catalogue.kinds[declared.target]
    look = sight.counting if sight.counts_beyond(target) else sight
    things = [Thing(target, row) for row in look.led_to(declared.on, above, target)]
    things = _holding(sight, things, declared, above)
    if declared.where is not None:
        things = [thing for thing in things if sight.value(thing, declared.where) is True]
    return _in_groups(sight, target, group, things)


def totals(sight: Sight, groups: Mapping[str, Group], kind: Kind, things: Sequence[Thing]) -> dict[str, Any]:
    """What rows come to, by GraphQL name, and in groups."""
    assert kind.entity.totals is not None
    of = groups[kind.entity.totals.__name__]
    within = {name: field.declared.of for name, field in of.fields.items() if isinstance(field.declared, Grouped)}
    return _measured(sight, of, things) | {
        name: _in_groups(sight, kind, groups[each.__name__], things) for name, each in within.items()
    }


def _in_groups(sight: Sight, target: Kind, group: Group, things: Sequence[Thing]) -> list[dict[str, Any]]:
    keys = {name: _of(field) for name, field in group.fields.items() if isinstance(field.declared, Value)}
    groups: dict[tuple[Any, ...], list[Thing]] = {}
    for thing in things:
        values = (sight.value(thing, of) for of in keys.values())
        groups.setdefault(tuple(tuple(each) if isinstance(each, list) else each for each in values), []).append(thing)
    groups = {key: of for key, of in groups.items() if enough(sight, len(of) - len(_seen(sight, of)))}
    row = sight.declared.here(target).c
    order = Order([of(row).type for of in keys.values()])
    return [
        {name: plain(key) for name, key in zip(keys, values, strict=True)} | _measured(sight, group, groups[values])
        for values in order.arranged(_told(sight, order, groups))
    ]


def _told(sight: Sight, order: Order, groups: Mapping[Any, Sequence[Thing]]) -> list[Any]:
    """The keys of those that are large enough, unless all that are smaller make a number that is not."""
    told, lesser = [], 0
    for key in sorted(order.arranged(groups), key=lambda key: len(groups[key])):
        if not hidden(sight, len(groups[key])) and not hidden(sight, lesser):
            told.append(key)
        lesser += len(groups[key])
    return told


def _of(field: Field) -> RowFunction:
    declared, name = field.declared, field.python_name
    assert isinstance(declared, Value)
    return declared.of or _COLUMNS.setdefault(name, lambda row: row[name])


_COLUMNS: dict[str, RowFunction] = {}  # one function for each name: what is interpreted is kept by its function


def _measured(sight: Sight, group: Group, things: Sequence[Thing]) -> dict[str, Any]:
    measures = {name: field.declared for name, field in group.fields.items() if isinstance(field.declared, Measure)}
    read = _seen(sight, things)
    return {name: told(sight, _counted(sight, things, each, read=read)) for name, each in measures.items()}


def _seen(sight: Sight, things: Sequence[Thing]) -> list[Thing]:
    return [thing for thing in things if sight.sees(thing.kind, thing.row)]


def _counted(sight: Sight, things: Sequence[Thing], declared: Tally | Measure, *, read: Sequence[Thing]) -> Made:
    """What may be read of it, and how much more there is."""
    made, every = _made(sight, read, declared), _made(sight, things, declared)
    return Made(made.value, made.cell, every.cell - made.cell, declared.total is not None)


def _made(sight: Sight, things: Sequence[Thing], declared: Tally | Measure) -> Made:
    passed = [thing for thing in things if declared.where is None or sight.value(thing, declared.where) is True]
    if declared.total is not None:
        added = [value for thing in passed if (value := sight.value(thing, declared.total)) is not None]
        return Made(int(sum(added)), len(added))  # of fen, whole numbers as they are
    if declared.distinct is None:
        return Made(len(passed), len(passed))
    values = {value for thing in passed if (value := sight.value(thing, declared.distinct)) is not None}
    return Made(len(values), len(values))
