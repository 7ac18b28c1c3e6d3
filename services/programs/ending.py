"""What nobody vouched for within its days is ended for good.

That a token stands no longer is computed; that it never stands again is kept. Where a unit was before it last moved is
known, and not where it was before that: without this, a token would come back with its unit.
"""

from functools import cache

from sqlalchemy import func, literal, not_, select, update

from services.access.credentials import granted
from services.access.tables import credentials, programs
from services.access.vouching import vouched
from services.programs.tables import UNVOUCHED, tokens
from services.storage.database import Writer
from services.storage.tables import aliased
from services.storage.transaction import DIALECT


class Ending:
    """Ends them, now and then."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def end(self) -> None:
        """End those that stand no longer for want of somebody who vouches for them."""
        await self._writer.fetch(_ending())


@cache
def _ending() -> str:
    held, program = aliased(credentials), aliased(programs)
    over = (held.c.revoked_at.is_(None), held.c.expires_at > func.now(), not_(vouched(held.c)))
    joined = select(held.c.id).join_from(held, program, program.c.account_id == held.c.account_id)
    found = joined.where(*over, granted(held.c.account_id))
    still = (credentials.c.id.in_(found), credentials.c.revoked_at.is_(None))
    ended = update(credentials).where(*still).values(revoked_at=func.now()).returning(credentials.c.id).cte("ended")
    why = update(tokens).where(tokens.c.credential_id.in_(select(ended.c.id)))
    made = why.values(revoked_for=literal(UNVOUCHED), version=tokens.c.version + 1).add_cte(ended)
    return str(made.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))
