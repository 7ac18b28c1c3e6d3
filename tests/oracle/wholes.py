"""What is told of less than there is, measured: by rows that belong to one its caller sees and are not theirs.

Of every list that pages, every edge to one row and every number a row has, the rows of a world are asked where it
leads, and which of that is not the caller's to see, or to count. Whether they are told so is asked of the product.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from graphql import VariableValues

from policies.actor import LEVELS, SEATS, Actor, Held
from policies.decide import Seat
from policies.scope import Oneself
from schema.catalogue.kinds import Catalogue, Kind, camel
from schema.kit.entities import Edge, EdgeKind
from schema.kit.expressions import Join
from schema.kit.numbers import Breakdown, Ratio, Tally
from schema.pipeline.plan import counting
from schema.pipeline.plan.binding import AS_OF, Binder
from schema.pipeline.plan.call import Call
from schema.pipeline.plan.partly import never_none, partly
from tests.oracle import numbers
from tests.oracle.dispatch import Record
from tests.oracle.rows import path_of
from tests.oracle.sight import Sight, Thing
from tests.oracle.worlds import UNIT, World, places, seated


class Told(NamedTuple):
    """A list or a number of a row, or one row it leads to: as it is today, or on any day it can be asked of."""

    kind: Kind
    name: str
    of_day: bool = False

    @property
    def coordinate(self) -> str:
        """Its field, as `extensions.partial` names it."""
        return f"{self.kind.name}.{self.name}"

    @property
    def asked(self) -> str:
        """Its field, and whether that is asked of a day."""
        return f"{self.coordinate}(asOf:)" if self.of_day else self.coordinate

    @property
    def declared(self) -> object:
        """What it is."""
        return self.kind.fields[self.name].declared


def told_of(catalogue: Catalogue) -> list[Told]:
    """Every list that pages, every edge to one row that there may not be and every number of a row."""
    every = [
        Told(kind, name, day) for kind in catalogue.kinds.values() for name in kind.fields for day in (False, True)
    ]
    told = (each for each in every if (_dated if each.of_day else _told)(each.declared))
    return [each for each in told if not (_single(each.declared) and _never_none(catalogue, each))]


def _told(declared: object) -> bool:
    if isinstance(declared, Edge):
        return declared.kind is EdgeKind.PAGE or _single(declared)
    return isinstance(declared, Tally | Ratio | Breakdown)


def _single(declared: object) -> bool:
    return isinstance(declared, Edge) and declared.kind is EdgeKind.ONE and not declared.required


def _dated(declared: object) -> bool:
    return isinstance(declared, Edge) and _single(declared) and AS_OF in declared.arguments


def _never_none(catalogue: Catalogue, told: Told) -> bool:
    """Whether whatever null there is says by itself that what there is is not the caller's."""
    return isinstance(told.declared, Edge) and never_none(catalogue, told.kind, told.declared)


def seats(world: World, most: int) -> Iterator[Seat]:
    """Every role at the first places of each kind where it can be held."""
    level = {path_of(row): row["level"].name for row in world.rows[UNIT]}
    for role, kinds in SEATS.items():
        for kind, term in kinds.items():
            every = (at for at in places(world.rows, kind) if kind != "unit" or _held_at(role, level[at]))
            yield from ((role, seated(term, at)) for _, at in zip(range(most), every, strict=False))


def _held_at(role: str, level: str) -> bool:
    return role not in LEVELS or level in LEVELS[role]


def named(catalogue: Catalogue, seat: Seat, account: UUID, told: Sequence[Told]) -> set[str]:
    """What whoever has this one seat is told of as less than there is."""
    role, term = seat
    asking = Actor("", account, 0, datetime.max.replace(tzinfo=UTC), (Held(account, role, term),))
    return {each.asked for each in told if _named(catalogue, asking, each)}


def _named(catalogue: Catalogue, asking: Actor, each: Told) -> bool:
    binder = Binder(catalogue, Call(asking, VariableValues({}, {}), b""))
    counting.share(catalogue, binder, each.kind, each.coordinate, each.declared, of_day=each.of_day)
    return bool(partly(binder.shared(), asking))


@dataclass(frozen=True)
class Whole:
    """The rows of one world, and where each leads, whoever asks."""

    sight: Sight
    _led: dict[tuple[Join, str, str, int], Sequence[Record]] = field(default_factory=dict)

    def seen_by(self, seat: Seat, account: UUID) -> Sight:
        """The rows as somebody with this one seat sees them."""
        return self.sight.of((("everyone", Oneself(account)), seat), self.sight.terms)

    def lacks(self, look: Sight, told: Told) -> bool:
        """Whether of some row the caller sees there is more than they are told."""
        rows = (Thing(told.kind, row) for row in look.seen(told.kind))
        if isinstance(told.declared, Edge) and _single(told.declared) and not told.of_day:
            return any(self._lacks_one(look, told.declared, row) for row in rows)
        return any(self._lacks(look, told.declared, row) for row in rows)

    def _lacks_one(self, look: Sight, edge: Edge, above: Thing) -> bool:
        """Whether one row there is today is none to the caller."""
        target = look.declared.catalogue.kinds[edge.target or ""]
        return self._hidden(look, self._today(edge, above, target), target)

    def _lacks(self, look: Sight, declared: object, above: Thing) -> bool:
        kinds = look.declared.catalogue.kinds
        match declared:
            case Ratio(part=part, whole=whole):
                made = (above.kind.fields[camel(name)].declared for name in (part, whole))
                return any(self._lacks(look, each, above) for each in made)
            case Tally(target=name, on=on) | Breakdown(target=name, on=on):
                counted = look.counting if numbers.counted(look, declared, above.kind) else look
                hidden = self._hidden(counted, self._to(on, above, kinds[name]), kinds[name])
                return hidden or (isinstance(declared, Tally) and self._leads_out(look, declared, above))
            case Edge(target=str(name), on=on) if on is not None:
                return self._hidden(look, self._to(on, above, kinds[name]), kinds[name])
        return False

    def _leads_out(self, look: Sight, declared: Tally, above: Thing) -> bool:
        """Whether what a number counts leads today, where it must lead somewhere, to what its caller does not see."""
        target = look.declared.catalogue.kinds[declared.target]
        rows = self._to(declared.on, above, target) if declared.having else ()
        named = [(look.edge(target, name), look.target(target, name)) for name in declared.having]
        return any(
            self._hidden(look, self._today(edge, Thing(target, row), to), to) for edge, to in named for row in rows
        )

    def _today(self, edge: Edge, above: Thing, target: Kind) -> list[Record]:
        """Where an edge leads, its arguments and its filter left out."""
        assert edge.on is not None
        left_out = [*edge.arguments.values(), *(target.filter.values() if edge.kind is EdgeKind.PAGE else ())]
        tests = [each.absent for each in left_out if each.absent is not None]
        rows = self._to(edge.on, above, target)
        return [row for row in rows if all(self.sight.value(Thing(target, row), test) is True for test in tests)]

    def _hidden(self, look: Sight, rows: Sequence[Record], target: Kind) -> bool:
        return any(not look.sees(target, row) for row in rows)

    def _to(self, on: Join, above: Thing, target: Kind) -> Sequence[Record]:
        key = (on, above.kind.name, target.name, id(above.row))
        if key not in self._led:
            self._led[key] = self.sight.joined(on, above, target)
        return self._led[key]


def reaches(look: Sight, told: Told) -> bool:
    """Whether anything of it may be the caller's to see at all; of what is not, that is said instead."""
    if isinstance(told.declared, Edge):
        return look.leads_anywhere(told.declared)
    return numbers.countable(look, told.declared, told.kind)
