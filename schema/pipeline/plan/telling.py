"""What rows tell of that are about rows of other tables, as those of the trail: no more than may be read of these."""

from collections.abc import Callable

from policies.decide import READ
from policies.scope import Scope
from schema.catalogue.kinds import Catalogue, Kind
from schema.kit.actions import Right
from schema.pipeline.plan.rows import ScopeTerm, Told


def told_of(
    kind: Kind,
    catalogue: Catalogue,
    held: Callable[[Right], Scope],
    terms: Callable[[Right], tuple[ScopeTerm, ...] | None],
) -> tuple[Told, ...]:
    """Where rows of each table are read, if a kind tells of them: the tables of one scope together.

    Which tables these are may differ between callers; whose scopes are alike is part of what makes them share a plan.
    """
    tells_of = kind.entity.tells_of
    if tells_of is None:
        return ()
    alike: dict[Scope, tuple[Right, set[str]]] = {}
    for other in catalogue.kinds.values():
        right = (other.entity.policy, READ)
        alike.setdefault(held(right), (right, set()))[1].add(other.entity.table.name)
    return tuple(Told(tells_of, tuple(sorted(tables)), terms(right)) for right, tables in alike.values())
