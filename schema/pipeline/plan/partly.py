"""Numbers, and rows led to, that may be less than there is: their caller sees the row they are of and not all of these.

A committee of the industry's line sees a county's units whole and of its members those with an office in the line. That
is told by what its grants are for and not by what there is, as `unreachable` is: the terms of two rights are compared,
the values among them, so it is decided for each call and not with the plan, which is of everyone with scopes alike.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import eq
from typing import Any, NamedTuple

from sqlalchemy import BinaryExpression, Column, ColumnElement

from policies.actor import Actor
from policies.decide import READ
from policies.scope import AnyOf, At, Everything, Nothing, Sector, Term, Way, Within, answering
from schema.catalogue.kinds import Catalogue, Kind, camel
from schema.kit.entities import Edge, EdgeKind
from schema.kit.numbers import Breakdown, Ratio, Tally

Place = Within | Sector | At
PLACES = (Way.WITHIN, Way.REGISTERED, Way.SECTOR, Way.AT)  # by which a row answers with the whole of its place


class Part(NamedTuple):
    """A kind a number is made of; whether it is what that counts, or where this must lead; the others as of `Edge`."""

    kind: Kind
    counted: bool
    alike: frozenset[Way] = frozenset()
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """What a number counts, or follows, and by which action; whether the line sees all of it that lies in a place."""

    part: Part
    action: str
    of_line: bool

    @property
    def kind(self) -> Kind:
        """Of which kind that is."""
        return self.part.kind


@dataclass(frozen=True, slots=True)
class Share:
    """A number at a coordinate: of which rows it is told, and what it is made of."""

    coordinate: str
    of: Kind
    made: tuple[Made, ...]


def made_of(catalogue: Catalogue, kind: Kind, declared: object, *, of_day: bool = False) -> Iterator[Part]:
    """What a number, a list, or an edge to one row, is made of; `of_day` where it is asked of another than today."""
    match declared:
        case Ratio(part=part, whole=whole):
            for name in (part, whole):
                yield from made_of(catalogue, kind, kind.fields[camel(name)].declared)
        case Tally(target=name, having=having, alike=alike):
            target = catalogue.kinds[name]
            yield Part(target, True, alike)
            edges = (target.fields[camel(each)].declared for each in having)
            yield from (_along(catalogue, edge, alike) for edge in edges if isinstance(edge, Edge))
        case Breakdown(target=name):
            yield Part(catalogue.kinds[name], True)
        case Edge(kind=EdgeKind.ONE) if never_none(catalogue, kind, declared) and not declared.elsewhere:
            return
        case Edge():
            yield _along(catalogue, declared, declared.alike if not of_day else declared.alike - declared.of_today)


def never_none(catalogue: Catalogue, kind: Kind, edge: Edge) -> bool:
    """Whether an edge leads somewhere from every row, by a value each has: null says itself that it is not theirs."""
    there = catalogue.kinds[edge.target or ""].entity.table.alias()
    on = edge.on(kind.entity.table.c, there.c) if edge.on is not None else None
    if not isinstance(on, BinaryExpression) or on.operator is not eq:
        return False
    own = kind.entity.table
    named = (each for each in (on.left, on.right) if isinstance(each, Column) and each.table is own)
    return any(not each.nullable and each.name != "id" for each in named)


def _along(catalogue: Catalogue, edge: Edge, alike: frozenset[Way]) -> Part:
    return Part(catalogue.kinds[edge.target or ""], False, alike & edge.alike, edge.elsewhere)


def partly(shares: Iterable[Share], actor: Actor) -> tuple[str, ...]:
    """The coordinates of those of which a caller may see less than there is."""
    less = {each.coordinate for each in shares if not all(_whole(actor, each.of, made) for made in each.made)}
    return tuple(sorted(less))


def _whole(actor: Actor, of: Kind, made: Made) -> bool:
    """Whether of each row of one kind that the caller sees they reach all of another that belongs to it."""
    seen, reached = actor.scope(of.entity.policy, READ), actor.scope(made.kind.entity.policy, made.action)
    if isinstance(reached, Everything):
        return True
    if isinstance(seen, Nothing):  # nothing of it is read, or it is followed, and led from to wherever it was done
        return of.entity.follows is None or not made.part.elsewhere
    if made.kind.entity.tells_of is not None:  # of what nobody reads all of
        return False
    if not (isinstance(seen, AnyOf) and isinstance(reached, AnyOf)):
        return False
    return all(_shown(term, of, made, reached) for term in seen.terms)


def _shown(term: Term, of: Kind, made: Made, reached: AnyOf) -> bool:
    """Whether whatever one term shows of a kind is shown with all that belongs to it, by whichever way it answers."""
    ways = [way for way in answering(type(term), READ) if way in of.entity.ways]
    return bool(ways) and all(
        _in_place(term, of, made, reached) if way in PLACES else _alike(term, way, made, reached) for way in ways
    )


def _in_place(term: Term, of: Kind, made: Made, reached: AnyOf) -> bool:
    """Whether what belongs to a row lies where that does, or below, and the caller sees all that lies there."""
    if made.part.elsewhere:
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
    """Whether what belongs to a row is said to answer whenever the row does by this way, and the caller reaches it so.

    That both answer by it is not enough: a company sees a committee because it manages the compound, and of the posts
    in that none, for those answer to the company they are in.
    """
    return way in made.part.alike and way in answering(type(term), made.action) and term in reached.terms
