"""The statements that were made, kept for everyone of whom the same would be made."""

from contextlib import suppress

from cachetools import LRUCache

from policies.actor import Actor
from schema.kit.actions import Right
from schema.pipeline.plan.plan import Plan
from schema.pipeline.sql.statement import Statement

CHARACTERS = 1_000_000  # of the statements in memory; with its plan each takes some ten bytes there
RIGHTS = 20_000  # by which they were planned, together

Planned = tuple[Plan, Statement]
Rights = tuple[Right, ...]


class Kept:
    """Statements by what was asked, and by what the caller may of the rights at which planning looked.

    At what it looks next depends on nothing but what it found before: whoever has the same scopes of all rights by
    which a plan was made, as to their shapes, would be given that plan, whatever else they may do.
    """

    def __init__(self, characters: int = CHARACTERS, rights: int = RIGHTS) -> None:
        self._planned: LRUCache[object, Planned] = LRUCache(characters, lambda planned: len(planned[1].sql))
        self._rights: LRUCache[object, tuple[Rights, ...]] = LRUCache(rights, lambda known: sum(map(len, known)) + 1)

    def find(self, question: object, actor: Actor) -> Planned | None:
        """What was made of this question for an actor like this one; None if nothing was, or it is gone."""
        known = (self._planned.get(_key(question, rights, actor)) for rights in self._rights.get(question, ()))
        return next((planned for planned in known if planned is not None), None)

    def keep(self, question: object, actor: Actor, made: Planned) -> None:
        """Remember what was made, unless it is larger than all there is room for."""
        rights = made[0].rights
        others = (each for each in self._rights.get(question, ()) if each != rights)
        with suppress(ValueError):  # it is
            self._planned[_key(question, rights, actor)] = made
            self._rights[question] = (*others, rights)


def _key(question: object, rights: Rights, actor: Actor) -> object:
    return question, rights, actor.shape(rights)
