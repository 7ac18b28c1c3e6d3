"""What programs are held to beside their grants, the documents they may run; and what everyone is, a budget."""

from collections.abc import Iterator
from contextlib import contextmanager

from cachetools import LRUCache

from policies.actor import Actor
from policies.scope import Within, line
from schema.kit.faults import Refusals, reasons
from services.errors import Code, Refused, unavailable
from services.programs.budget import Budgets, Spent
from services.programs.operations import Places, digest, stored
from services.storage.database import Reader

# What urql looks for in a message, in whatever language; Apollo goes by the code.
NOT_FOUND, NOT_SUPPORTED = "PersistedQueryNotFound", "PersistedQueryNotSupported"
KEPT = 1_000_000  # characters of the stored documents in memory; a text never changes, its digest would


def permit(text: str, actor: Actor) -> None:
    """FORBIDDEN unless the actor may run this document; whoever is not bound to some may run any."""
    allowed = actor.terms.documents
    if allowed is not None and digest(text) not in allowed:
        raise _forbidden()


@contextmanager
def charged(spent: Spent | None) -> Iterator[None]:
    """Whatever is refused within was paid for, and says so."""
    try:
        yield
    except (Refused, Refusals) as error:
        if spent is not None:
            for refused in reasons(error):
                refused.extensions = {**refused.extensions, "cost": spent.told}
        raise


class Programs:
    """One worker's part in it. Without budgets nobody who has one is answered: nothing fails open.

    `naming` is whether documents may be named in the place of their text, `usual` the budget of who has no other.
    """

    def __init__(
        self, reader: Reader, budgets: Budgets | None = None, *, naming: bool = True, usual: int | None = None
    ) -> None:
        self._reader = reader
        self._budgets = budgets
        self._naming = naming
        self._usual = usual
        self._texts: LRUCache[tuple[str, Places], str] = LRUCache(KEPT, len)

    async def document(self, text: str, sha: str | None, actor: Actor) -> str | None:
        """The text to run: the one given, or the stored one of this digest; None where the actor no longer stands.

        FORBIDDEN for a text the actor is not bound to. PERSISTED_QUERY_NOT_FOUND for a stored document there is not, as
        for one that is not the actor's to run: not on its list or, where it has none, not stored for programs where it
        is seated. PERSISTED_QUERY_NOT_SUPPORTED for any where none may be named.
        """
        if sha is None:
            permit(text, actor)
            return text
        if not self._naming:
            raise Refused(Code.PERSISTED_QUERY_NOT_SUPPORTED, NOT_SUPPORTED, NOT_SUPPORTED)
        allowed = actor.terms.documents
        if allowed is not None and sha not in allowed:
            raise _not_found()
        places = _places(actor) if actor.program and allowed is None else None
        return self._texts.get((sha, places)) or await self._load(sha, places, actor)

    def budget(self, actor: Actor) -> int | None:
        """The rows of cost an actor may spend a minute; None where that is without a bound."""
        return self._usual if actor.terms.budget is None else actor.terms.budget

    async def pay(self, actor: Actor, cost: int) -> Spent | None:
        """Take the cost of an operation from the actor's budget; None where they have none, and pay nothing."""
        budget = self.budget(actor)
        if budget is None:
            return None
        if self._budgets is None:
            raise unavailable()
        return await self._budgets.spend(actor.account_id, cost, budget)

    async def _load(self, sha: str, places: Places, actor: Actor) -> str | None:
        fresh, text = await stored(self._reader, sha, places, actor.credential_id, actor.revision)
        if not fresh:
            return None
        if text is None:
            raise _not_found()
        if len(text) <= KEPT:
            self._texts[sha, places] = text
        return text


def _places(actor: Actor) -> Places:
    """The units whose stored documents a program may name: those at which it is seated, and above."""
    seated = (held.term.path for held in actor.held if isinstance(held.term, Within))
    return tuple(sorted({above for path in seated for above in line(path)}))


def _forbidden() -> Refused:
    return Refused(Code.FORBIDDEN, "此令牌不可执行这个查询。", "This document is not one the token may run.")


def _not_found() -> Refused:
    return Refused(Code.PERSISTED_QUERY_NOT_FOUND, NOT_FOUND, NOT_FOUND)
