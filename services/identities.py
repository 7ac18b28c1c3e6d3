"""Who is who at an identity provider, and the grants that come of what it says."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import and_, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.access import accounts, finished_flows, grants, identities
from services.transaction import Transaction

Key = tuple[str, str, str, object]
"""A grant by what it comes of: its reason, its role, the kind of its seat, and the seat."""


async def finish(tx: Transaction, state_sha256: bytes, seconds: int) -> bool:
    """Whether a sign-in ends here for the first time. Kept as long as what the browser keeps of it is good for."""
    flows = finished_flows
    await tx.rows(delete(flows).where(flows.c.at < func.now() - 2 * timedelta(seconds=seconds)))
    made = insert(flows).values(state_sha256=state_sha256).on_conflict_do_nothing().returning(flows.c.at)
    return await tx.row(made) is not None


async def account_of(tx: Transaction, issuer: str, subject: str, name: str) -> UUID | None:
    """The account of a subject, made where there is none yet; None where it is closed. It is locked."""
    mine = and_(identities.c.issuer == issuer, identities.c.subject == subject)
    known = select(identities.c.account_id).where(mine)
    account = await tx.value(known)
    if account is None:
        account = uuid4()
        await tx.rows(insert(accounts).values(id=account, name=name))
        told = insert(identities).values(issuer=issuer, subject=subject, account_id=account).on_conflict_do_nothing()
        if await tx.row(told.returning(identities.c.account_id)) is None:  # someone was faster
            await tx.rows(delete(accounts).where(accounts.c.id == account))
            account = await tx.value(known)
    still_open = and_(accounts.c.id == account, accounts.c.closed_at.is_(None))
    found: UUID | None = await tx.value(select(accounts.c.id).where(still_open).with_for_update(key_share=True))
    return found


async def grants_of(tx: Transaction, account_id: UUID, mark: str) -> dict[Key, UUID]:
    """The grants in force that nobody gave and whose reason begins with `mark`, by what they come of."""
    grant = grants.c
    kind: Any = case(
        (grant.unit_path.is_not(None), "unit"),
        (grant.company_id.is_not(None), "company"),
        (grant.building_id.is_not(None), "building"),
        else_="member",
    )
    held = select(grants, kind.label("kind")).where(
        grant.account_id == account_id,
        grant.granted_by.is_(None),
        grant.revoked_at.is_(None),
        func.starts_with(grant.reason, mark),
    )
    return {
        (
            row["reason"],
            row["role"],
            row["kind"],
            row["unit_path" if row["kind"] == "unit" else f"{row['kind']}_id"],
        ): row["id"]
        for row in await tx.rows(held)
    }


async def lose(tx: Transaction, grant_id: UUID, why: str) -> None:
    """Revoke a grant."""
    await tx.update(grants, grant_id, revoked_at=func.now(), revoked_for=why)


async def settle(tx: Transaction, account_id: UUID, unit_path: str) -> None:
    """Give an account that has no home unit this one."""
    homeless = and_(accounts.c.id == account_id, accounts.c.unit_path.is_(None))
    await tx.rows(update(accounts).where(homeless).values(unit_path=unit_path))
