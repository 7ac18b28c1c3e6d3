"""Numbers that may be less than there is: their caller sees the row they are of and not all rows that make them.

A committee of the industry's line sees a county's units whole and of its members those with an office in the line. That
is told by what its grants are for and not by what there is, as `unreachable` is: the terms of two rights are compared,
the values among them, so it is decided for each call and not with the plan, which is of everyone with scopes alike.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from policies.actor import Actor
from policies.decide import READ
from policies.scope import AnyOf, At, Everything, Nothing, Sector, Term, Way, Within, answering
from schema.catalogue.kinds import Catalogue, Kind, camel
from schema.kit.entities import Edge
from schema.kit.numbers import Breakdown, Ratio, Tally
from schema.pipeline.plan.alike import PLACED, Alike, alike

Place = Within | Sector | At
PLACES = (Way.WITHIN, Way.REGISTERED, Way.SECTOR, Way.AT)  # by which a row answers with the whole of its place


@dataclass(frozen=True, slots=True)
class Made:
    """What a number counts, or follows, and by which action; whether the line sees all of it that lies in a place.

    `alike` are the ways by which it answers whenever the row does that the number is told of.
    """

    kind: Kind
    action: str
    of_line: bool
    alike: Alike


@dataclass(frozen=True, slots=True)
class Share:
    """A number at a coordinate: of which rows it is told, and what it is made of."""

    coordinate: str
    of: Kind
    made: tuple[Made, ...]


Part = tuple[Kind, bool, Alike]  # a kind; whether it is what is counted, or where that leads; `Made.alike`


def made_of(catalogue: Catalogue, kind: Kind, declared: object) -> Iterator[Part]:
    """What a number is made of."""
    match declared:
        case Ratio(part=part, whole=whole):
            for name in (part, whole):
                yield from made_of(catalogue, kind, kind.fields[camel(name)].declared)
        case Tally(target=name, on=on, having=having):
            target = catalogue.kinds[name]
            ways = alike(kind, target, on) | {PLACED}
            yield target, True, ways
            for edge in (target.fields[camel(each)].declared for each in having):
                if isinstance(edge, Edge):
                    further = catalogue.kinds[edge.target or ""]
                    yield further, False, _chained(ways, along(target, further, edge)) | {PLACED}
        case Edge(target=str(name)):
            yield catalogue.kinds[name], False, along(kind, catalogue.kinds[name], declared)
        case Breakdown(target=name, on=on):
            yield catalogue.kinds[name], True, alike(kind, catalogue.kinds[name], on) | {PLACED}


def _chained(first: Alike, second: Alike) -> Alike:
    """What answers alike over two joins, one after the other."""
    return frozenset((way, last) for way, between in first for one, last in second if one is between)


def along(of: Kind, target: Kind, edge: Edge) -> Alike:
    """The ways by which all that an edge leads to answers whenever the row it starts from does."""
    said = frozenset((way, way) for way in edge.alike)
    return said if edge.on is None else said | alike(of, target, edge.on)


def partly(shares: Iterable[Share], actor: Actor) -> tuple[str, ...]:
    """The coordinates of those of which a caller may see less than there is."""
    less = {each.coordinate for each in shares if not all(_whole(actor, each.of, made) for made in each.made)}
    return tuple(sorted(less))


def _whole(actor: Actor, of: Kind, made: Made) -> bool:
    """Whether of each row of one kind that the caller sees they reach all of another that belongs to it."""
    seen, reached = actor.scope(of.entity.policy, READ), actor.scope(made.kind.entity.policy, made.action)
    if isinstance(reached, Everything) or isinstance(seen, Nothing):
        return True
    if not (isinstance(seen, AnyOf) and isinstance(reached, AnyOf)):
        return False
    return all(_along(term, of, made, reached) for term in seen.terms)


def _along(term: Term, of: Kind, made: Made, reached: AnyOf) -> bool:
    """Whether whatever one term shows of a kind is shown with all that belongs to it, by whichever way it answers."""
    ways = [way for way in answering(type(term), READ) if way in of.entity.ways]
    return bool(ways) and all(
        _in_place(term, of, made, reached) if way in PLACES else _alike(term, way, made, reached) for way in ways
    )


def _in_place(term: Term, of: Kind, made: Made, reached: AnyOf) -> bool:
    """Whether what belongs to a row lies where that does, and whoever sees the row sees all that lies there."""
    if PLACED not in made.alike and not isinstance(term, At):
        return False
    held = (other for other in reached.terms if _whole_place(other, of, made))
    return isinstance(term, Place) and any(isinstance(other, Place) and _within(term, other) for other in held)


def _within(term: Place, other: Place) -> bool:
    return term == other if isinstance(other, At) else term.path.startswith(other.path)


def _whole_place(term: Term, of: Kind, made: Made) -> bool:
    """Whether a term reaches every row of a kind in its place, and not just those that fulfil something."""
    ways = made.kind.entity.ways
    match term:
        case Within():
            return any(way in ways for way in (Way.WITHIN, Way.REGISTERED) if way in answering(type(term), made.action))
        case Sector():
            return made.of_line
        case At():  # what is about a unit is all about it, and the units below it are not
            return Way.AT in ways and made.kind.entity.table is not of.entity.table
    return False


def of_line(kind: Kind) -> bool:
    """Whether rows of a kind answer to the line's seat exactly if they do to the place's own: by the very column."""
    first, second = (_keys(kind, way) for way in (Way.SECTOR, Way.WITHIN))
    return any(key.compare(same) for key in first for same in second)


def _keys(kind: Kind, way: Way) -> list[ColumnElement[Any]]:
    declared = kind.entity.ways.get(way, ())
    made = (keys(kind.entity.table.c) for keys in (declared if isinstance(declared, tuple) else (declared,)))
    return [each for each in made if isinstance(each, ColumnElement)]


def _alike(term: Term, way: Way, made: Made, reached: AnyOf) -> bool:
    """Whether what belongs to a row answers as that row does, by the same keys and not just by the same way."""
    ways = answering(type(term), made.action)
    return term in reached.terms and any(one is way and other in ways for one, other in made.alike)
