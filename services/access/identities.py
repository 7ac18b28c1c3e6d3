"""Who is who at an identity provider, and the grants that come of what it says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.access.seat_kinds import of_grant
from services.access.tables import accounts, finished_flows, grants, identities
from services.storage.tables import named
from services.storage.transaction import Record, Transaction

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
    known = select(identities.c.account_id).where(_is(issuer, subject))
    account = await tx.value(known)
    if account is None:
        account = uuid4()
        await tx.rows(insert(accounts).values(id=account, **named(accounts, name)))
        told = insert(identities).values(issuer=issuer, subject=subject, account_id=account).on_conflict_do_nothing()
        if await tx.row(told.returning(identities.c.account_id)) is None:  # someone was faster
            await tx.rows(delete(accounts).where(accounts.c.id == account))
            account = await tx.value(known)
    still_open = and_(accounts.c.id == account, accounts.c.closed_at.is_(None))
    found: UUID | None = await tx.value(select(accounts.c.id).where(still_open).with_for_update(key_share=True))
    return found


@dataclass(frozen=True, slots=True)
class Came:
    """What came of groups so far: grants in force, and those that somebody took away and nothing has given since."""

    held: Mapping[Key, UUID]
    taken: frozenset[Key]


async def came_of(tx: Transaction, account_id: UUID, mark: str) -> Came:
    """The grants that nobody gave and whose reason begins with `mark`, by what they come of."""
    grant = grants.c
    given = select(grants).where(
        grant.account_id == account_id,
        grant.granted_by.is_(None),
        func.starts_with(grant.reason, mark),
    )
    # Of each key the last: one in force, or else the one that ended last.
    last = {_key(row): row for row in await tx.rows(given.order_by(grant.revoked_at.nulls_last()))}
    held = {key: row["id"] for key, row in last.items() if row["revoked_at"] is None}
    return Came(held, frozenset(key for key, row in last.items() if row["revoked_by"] is not None))


def _key(row: Record) -> Key:
    kind, at = of_grant(row)
    return row["reason"], row["role"], kind.name, at


async def groups_of(tx: Transaction, issuer: str, subject: str) -> frozenset[str] | None:
    """The groups a subject was in when they last signed in; None where nobody knows."""
    found = await tx.value(select(identities.c.groups).where(_is(issuer, subject)))
    return None if found is None else frozenset(found)


async def remember(tx: Transaction, issuer: str, subject: str, groups: Iterable[str]) -> None:
    """Keep the groups a subject is in, for the next time."""
    await tx.rows(update(identities).where(_is(issuer, subject)).values(groups=sorted(groups)))


def _is(issuer: str, subject: str) -> ColumnElement[bool]:
    return and_(identities.c.issuer == issuer, identities.c.subject == subject)


async def lose(tx: Transaction, grant_id: UUID, why: str) -> None:
    """Revoke a grant."""
    await tx.update(grants, grant_id, revoked_at=func.now(), revoked_for=why)


async def settle(tx: Transaction, account_id: UUID, unit_path: str) -> None:
    """Give an account that has no home unit this one."""
    homeless = and_(accounts.c.id == account_id, accounts.c.unit_path.is_(None))
    await tx.rows(update(accounts).where(homeless).values(unit_path=unit_path))
