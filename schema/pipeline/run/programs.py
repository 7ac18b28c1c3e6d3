"""What programs are held to beside their grants: the documents they may run, and their budget."""

from cachetools import LRUCache

from policies.actor import Actor
from services.errors import Code, Refused, unavailable
from services.programs.budget import Budgets
from services.programs.operations import digest, stored
from services.storage.database import Reader

KEPT = 1_000_000  # characters of the stored documents in memory; a text never changes, its digest would


def permit(text: str, actor: Actor) -> None:
    """FORBIDDEN unless the actor may run this document; whoever is not bound to some may run any."""
    allowed = actor.terms.documents
    if allowed is not None and digest(text) not in allowed:
        raise _forbidden()


class Programs:
    """One worker's part in it. Without budgets nobody who has one is answered: nothing fails open."""

    def __init__(self, reader: Reader, budgets: Budgets | None = None) -> None:
        self._reader = reader
        self._budgets = budgets
        self._texts: LRUCache[str, str] = LRUCache(KEPT, len)

    async def document(self, text: str, sha: str | None, actor: Actor) -> str | None:
        """The text to run: the one given, or the stored one of this digest; None where the actor no longer stands.

        FORBIDDEN for a stored document there is not, in the same words as for one that is not the actor's to run.
        """
        if sha is None:
            permit(text, actor)
            return text
        allowed = actor.terms.documents
        if allowed is not None and sha not in allowed:
            raise _forbidden()
        return self._texts.get(sha) or await self._load(sha, actor)

    async def pay(self, actor: Actor, cost: int) -> None:
        """Take the cost of an operation from the actor's budget; whoever has none pays nothing."""
        budget = actor.terms.budget
        if budget is None:
            return
        if self._budgets is None:
            raise unavailable()
        await self._budgets.spend(actor.account_id, cost, budget)

    async def _load(self, sha: str, actor: Actor) -> str | None:
        fresh, text = await stored(self._reader, sha, actor.credential_id, actor.revision)
        if not fresh:
            return None
        if text is None:
            raise _forbidden()
        if len(text) <= KEPT:
            self._texts[sha] = text
        return text


def _forbidden() -> Refused:
    return Refused(
        Code.FORBIDDEN,
        "没有这个存储的查询，或您不可执行。",
        "There is no such stored document, or it is not one you may run.",
    )
