"""What rows tell of that are about rows of other tables, as those of the trail: no more than may be read of these."""

from collections.abc import Callable
from dataclasses import dataclass

from policies.decide import FOLLOW, READ
from policies.scope import Scope
from schema.catalogue.kinds import Catalogue, Kind
from schema.kit.actions import Right
from schema.pipeline.plan.rows import Followed, Readable, ScopeTerm, Told

Terms = tuple[ScopeTerm, ...] | None


@dataclass(frozen=True, slots=True)
class Telling:
    """Where a caller has a right on rows of a kind, held to what they may read of what these tell of.

    `held` gives the scope of a right, `terms` the terms of it that the kind answers to, each held to what it is given.
    """

    kind: Kind
    catalogue: Catalogue
    held: Callable[[Right], Scope]
    terms: Callable[[Right, Told | Followed | None], Terms]

    def scope(self, right: Right) -> Terms:
        """The terms of a right; None for a public kind."""
        of = self.kind.entity.tells_of
        return self.terms(right, None if of is None else Told(of, self._readable()))

    def seen(self) -> Terms:
        """What the caller reads, and follows besides."""
        policy, of = self.kind.entity.policy, self.kind.entity.follows
        read = self.scope((policy, READ))
        # Who follows just where they read all follows nothing more: callers of whom that holds share a plan.
        if of is None or read is None or self.held((policy, FOLLOW)) == self.held((policy, READ)):
            return read
        return read + (self.terms((policy, FOLLOW), Followed(of, self._readable())) or ())

    def _readable(self) -> tuple[Readable, ...]:
        """Where rows of each table are read: the tables of one scope together.

        Which tables these are may differ between callers; whose scopes are alike is part of what makes them share a
        plan.
        """
        alike: dict[Scope, tuple[Right, set[str]]] = {}
        for other in self.catalogue.kinds.values():
            right = (other.entity.policy, READ)
            alike.setdefault(self.held(right), (right, set()))[1].add(other.entity.table.name)
        return tuple(Readable(tuple(sorted(tables)), self.terms(right, None)) for right, tables in alike.values())
