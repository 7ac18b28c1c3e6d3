"""What rows tell of that are about rows of other tables, as those of the trail: no more than may be read of these."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from policies.decide import FOLLOW, READ
from policies.scope import Scope, Way
from schema.catalogue.kinds import Catalogue, Kind
from schema.kit.actions import Right
from schema.kit.expressions import Selects, Ways
from schema.pipeline.plan.rows import Followed, Readable, ScopeTerm, Told

Terms = tuple[ScopeTerm, ...] | None
LIE = (Way.WITHIN, Way.REGISTERED)  # by which a row answers with the place the trail keeps of it


@dataclass(frozen=True, slots=True)
class Telling:
    """Where a caller has a right on rows of a kind, held to what they may read of what these tell of.

    `held` gives the scope of a right, `terms` the terms of it by these ways, each held to what it is given.
    """

    kind: Kind
    catalogue: Catalogue
    held: Callable[[Right], Scope]
    terms: Callable[[Right, Ways, Told | Followed | None], Terms]

    def scope(self, right: Right) -> Terms:
        """The terms of a right; None for a public kind."""
        of, ways = self.kind.entity.tells_of, self.kind.entity.ways
        return self.terms(right, ways, None if of is None else Told(of, self._readable(ways)))

    def seen(self) -> Terms:
        """What the caller reads, by what it is made of too, and follows besides."""
        read = self.scope((self.kind.entity.policy, READ))
        return None if read is None else read + self._consisting() + self._followed()

    def _consisting(self) -> tuple[ScopeTerm, ...]:
        """By rows that changed where the caller reads the trail, of which they read what is there, by any command."""
        right, there, entity = (self.kind.entity.policy, READ), _there(Way.WITHIN), self.kind.entity
        made_of = (Followed(of, self._readable(there), None) for of in (*entity.consists_of, *_given(entity.left)))
        return tuple(term for each in made_of for term in self.terms(right, there, each) or ())

    def _followed(self) -> tuple[ScopeTerm, ...]:
        """By rows that changed where the caller follows the trail."""
        entity = self.kind.entity
        if entity.follows is None:
            return ()
        kinds = sorted(self.catalogue.kinds.values(), key=lambda kind: kind.entity.tag is None)
        tables = {each.entity.table.name: each for each in reversed(kinds)}
        policies = {each.entity.policy: each for each in reversed(kinds)}
        offers = {name: each.command for name, each in self.catalogue.offers.items() if each.command.followed}
        commands = {name: policies[command.policy] for name, command in offers.items()}
        read = self._lying(tables.items()), self._lying(commands.items())
        followed = (Followed(of, *read) for of in (entity.follows, *_given(entity.left)))
        right, there = (entity.policy, FOLLOW), _there(Way.WITHIN)
        return tuple(term for each in followed for term in self.terms(right, there, each) or ())

    def _readable(self, ways: Ways) -> tuple[Readable, ...]:
        """Where rows of each table are read, by these ways: the tables of one scope together.

        Which tables these are may differ between callers; whose scopes are alike is part of what makes them share a
        plan.
        """
        alike: dict[Scope, tuple[Right, set[str]]] = {}
        for other in self.catalogue.kinds.values():
            right = (other.entity.policy, READ)
            alike.setdefault(self.held(right), (right, set()))[1].add(other.entity.table.name)
        return tuple(Readable(tuple(sorted(names)), self.terms(right, ways, None)) for right, names in alike.values())

    def _lying(self, named: Iterable[tuple[str, Kind]]) -> tuple[Readable, ...]:
        """Where rows of the kind each name is of are read, by nothing but where they lie; names of nowhere left out."""
        alike: dict[tuple[Scope, tuple[Way, ...]], tuple[Right, set[str]]] = {}
        for name, kind in named:
            right, ways = (kind.entity.policy, READ), tuple(way for way in LIE if way in kind.entity.ways)
            if ways:
                alike.setdefault((self.held(right), ways), (right, set()))[1].add(name)
        found = ((names, self.terms(right, _there(*ways), None)) for (_, ways), (right, names) in alike.items())
        return tuple(Readable(tuple(sorted(names)), terms) for names, terms in found if terms != ())


def _given(of: Selects | None) -> tuple[Selects, ...]:
    return () if of is None else (of,)


def _there(*ways: Way) -> Ways:
    """The ways of what is followed: by the place of a row that changed."""
    return {way: lambda change: change.path for way in ways}
