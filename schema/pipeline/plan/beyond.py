"""Where one right of a caller reaches and another does not: by the terms of both, the values among them.

That is decided for each call and not with the plan, which is of everyone with scopes alike.
"""

from collections.abc import Iterator

from sqlalchemy import ARRAY

from policies.decide import COUNT, READ
from policies.scope import AnyOf, At, Scope, Sector, Term, Within, answering
from schema.catalogue.kinds import Kind
from schema.pipeline.plan.binding import Binder
from schema.pipeline.plan.numbers import Beyond
from services.storage.tables import BYTEWISE

Place = Within | Sector | At
EVERYWHERE = ""  # the path that every other one begins with


def beyond(binder: Binder, kind: Kind, action: str, read: Kind) -> Beyond | None:
    """Where rows of a kind are reached by an action, and of another not all are read; None for nowhere."""
    wide, narrow = (kind.entity.policy, action), (read.entity.policy, READ)
    if binder.held(wide) == binder.held(narrow):
        return None
    return Beyond(
        binder.slot(ARRAY(BYTEWISE), lambda call: _reached(call.actor.scope(*wide), call.actor.scope(*narrow), read)),
        binder.slot(ARRAY(BYTEWISE), lambda call: _covered(call.actor.scope(*narrow), read)),
    )


def _reached(wide: Scope, read: Scope, kind: Kind) -> list[str]:
    """The paths of the places of one scope where another, by which a kind is read, does not cover it."""
    whole = [*_whole(read, kind)]
    left = (term for term in _terms(wide) if not any(_covers(other, term) for other in whole))
    return [term.path if isinstance(term, Place) else EVERYWHERE for term in left]


def _covered(read: Scope, kind: Kind) -> list[str]:
    """The paths of the places of which a scope reads all rows of a kind."""
    return [term.path for term in _whole(read, kind) if isinstance(term, Within)]


def _whole(read: Scope, kind: Kind) -> Iterator[Term]:
    """The terms by which rows of a kind are read wherever they are counted."""
    for term in _terms(read):
        counted, seen = (set(answering(type(term), action)) & kind.entity.ways.keys() for action in (COUNT, READ))
        if counted == seen:
            yield term


def _covers(wide: Term, narrow: Term) -> bool:
    inside = isinstance(wide, Within) and isinstance(narrow, Place) and narrow.path.startswith(wide.path)
    return wide == narrow or inside


def _terms(scope: Scope) -> tuple[Term, ...]:
    return scope.terms if isinstance(scope, AnyOf) else ()
