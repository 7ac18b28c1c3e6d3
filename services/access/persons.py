"""Whether two accounts are one person's: for what nobody does to what they brought up themselves."""

from uuid import UUID

from sqlalchemy import select, union

from services.access.tables import accounts, grants
from services.storage.transaction import Transaction


async def persons(tx: Transaction, account: UUID) -> set[UUID]:
    """The members an account is, or ever was, of."""
    said = select(accounts.c.member_id).where(accounts.c.id == account, accounts.c.member_id.is_not(None))
    seated = select(grants.c.member_id).where(grants.c.account_id == account, grants.c.member_id.is_not(None))
    return {row["member_id"] for row in await tx.rows(union(said, seated))}


async def same(tx: Transaction, one: UUID, other: UUID) -> bool:
    """Whether they are the same account, or two of one member."""
    return one == other or not (await persons(tx, one)).isdisjoint(await persons(tx, other))
