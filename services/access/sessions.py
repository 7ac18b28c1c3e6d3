"""Sessions in the database: opened, ended, and kept alive while they are used.

A session is a credential like a token, under the same guard. `expires_at` is the earlier of its two ends: of its whole
life, and of the time it may lie idle; each use that is noted moves it. So every worker sees the same end, and no
statement has to know what idle means.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, case, cast, func, insert, select, true, update

from services.access.credentials import standing
from services.access.tables import CredentialKind, accounts, credentials
from services.errors import unavailable
from services.site import Site
from services.storage.database import Reader
from services.storage.transaction import Record, Transaction, compiled
from services.terms import today

RecordEvent = Callable[[Transaction, str, UUID | None, Mapping[str, Any]], Awaitable[None]]
"""Puts what is no command into the audit trail, in the transaction given: its kind, whose account, and details."""


async def record_nothing(_tx: Transaction, _kind: str, _account_id: UUID | None, _detail: Mapping[str, Any]) -> None:
    """The audit trail of an installation that keeps none."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A session's id and the digest of its secret, as they are stored."""

    id: str
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Known:
    """Whose login it is, and the hash of their password; None for who signs in elsewhere."""

    account_id: UUID
    login: str | None
    password: str | None


async def account_of(tx: Transaction, login: str) -> Known | None:
    """Whose login this is; None where nobody may sign in by it."""
    mine = and_(accounts.c.login == login, accounts.c.closed_at.is_(None))
    return _known(await tx.row(select(accounts).where(mine)))


async def owner_of(tx: Transaction, session: Secret, *, hold: bool = False) -> Known | None:
    """Whose session this is, if it stands; with `hold`, both stay as they are until the transaction ends."""
    owned = accounts.join(credentials, credentials.c.account_id == accounts.c.id)
    found = select(accounts).select_from(owned).where(_is(session), standing())
    return _known(await tx.row(found.with_for_update(key_share=True) if hold else found))


def _known(account: Record | None) -> Known | None:
    return None if account is None else Known(account["id"], account["login"], account["password"])


async def must_change_password(reader: Reader, credential: str) -> bool:
    """Whether the password of whose session this is was made up by somebody else; not of one that stands no more."""
    owned = accounts.join(credentials, credentials.c.account_id == accounts.c.id)
    mine = select(accounts.c.password_temporary).select_from(owned)
    sql, values = compiled(mine.where(credentials.c.id == credential, standing()))
    row = await reader.fetchrow(sql, *values)
    return row is not None and bool(row["password_temporary"])


async def still(tx: Transaction, known: Known) -> bool:
    """Whether an account is open and its password the one that was compared; so it stays until the transaction ends."""
    return await tx.row(select(accounts.c.id).where(_as(known)).with_for_update(key_share=True)) is not None


async def begin(tx: Transaction, session: Secret, account_id: UUID, site: Site) -> None:
    """Open a session of an account."""
    first = min(site.lasting, site.idle)
    made = insert(credentials).values(
        id=session.id,
        kind=CredentialKind.SESSION.value,
        account_id=account_id,
        secret_sha256=session.sha256,
        expires_at=func.now() + first,
        last_used_at=func.now(),
    )
    await tx.rows(made)


async def end(tx: Transaction, session: Secret) -> UUID | None:
    """Revoke a session; whose it was, None where there is none that stands."""
    ended = (
        update(credentials)
        .where(_is(session), *_stands())
        .values(revoked_at=func.now())
        .returning(credentials.c.account_id)
    )
    found: UUID | None = await tx.value(ended)
    return found


async def end_all(tx: Transaction, account_id: UUID, keep: str | None = None) -> int:
    """Revoke every session of an account but the one to keep; how many there were.

    Whoever holds the account's row keeps out what would be opened meanwhile.
    """
    others = and_(
        credentials.c.account_id == account_id,
        credentials.c.kind == CredentialKind.SESSION.value,
        credentials.c.id != keep if keep is not None else true(),
        *_stands(),
    )
    ended = update(credentials).where(others).values(revoked_at=func.now()).returning(credentials.c.id)
    return len(await tx.rows(ended))


async def change_password(
    tx: Transaction,
    account_id: UUID,
    password: str,
    keep: str | None = None,
    *,
    temporary: bool = False,
    reset_for: str | None = None,
) -> None:
    """Give an account another password, hashed, and end its sessions but the one to keep.

    One that somebody else made up is `temporary`, until its owner changes it. Who signs in with the old one at the same
    time waits for this, and is refused.
    """
    given = {"password": password, "password_temporary": temporary, "password_reset_for": reset_for}
    await tx.update(accounts, account_id, **given)
    await end_all(tx, account_id, keep)


async def rehash(tx: Transaction, known: Known, new: str) -> None:
    """Store the same password under today's parameters, unless it was changed meanwhile."""
    await tx.rows(update(accounts).where(_as(known)).values(password=new))


def _is(session: Secret) -> ColumnElement[bool]:
    """That a credential is this session."""
    same = and_(credentials.c.id == session.id, credentials.c.secret_sha256 == session.sha256)
    return and_(same, credentials.c.kind == CredentialKind.SESSION.value)


def _as(known: Known) -> ColumnElement[bool]:
    """That an account is as it was when it was read."""
    same = and_(accounts.c.id == known.account_id, accounts.c.password == known.password)
    return and_(same, accounts.c.closed_at.is_(None))


async def used(tx: Transaction, ids: Sequence[str], site: Site) -> set[str]:
    """Note that credentials were used, and keep sessions alive; those it was noted of, tokens today already among them.

    One that stands no more does not come back to life. One that is busy is left for the next time.
    """
    # A session ends by when it was last used; of a token the first use of a day will do, by the minute, and its row is
    # left alone for the rest of it.
    session = credentials.c.kind == CredentialKind.SESSION.value
    seen = and_(~session, func.coalesce(cast(credentials.c.last_used_at, Date()) >= today(), False))
    known = await tx.rows(select(credentials.c.id).where(credentials.c.id.in_(ids), seen))
    mine = select(credentials.c.id).where(credentials.c.id.in_(ids), ~seen, *_stands())
    alive = func.least(credentials.c.created_at + site.lasting, func.now() + site.idle)
    noted = (
        update(credentials)
        .where(credentials.c.id.in_(mine.with_for_update(key_share=True, skip_locked=True)))
        .values(
            last_used_at=case((session, func.now()), else_=func.date_trunc("minute", func.now())),
            expires_at=case((session, alive), else_=credentials.c.expires_at),
        )
        .returning(credentials.c.id)
    )
    return {row["id"] for row in (*known, *await tx.rows(noted))}


def _stands() -> tuple[Any, ...]:
    return credentials.c.revoked_at.is_(None), credentials.c.expires_at > func.now()


async def session_secret(reader: Reader) -> bytes:
    """The installation's key for what browsers keep, made by the migrations."""
    row = await reader.fetchrow("SELECT value FROM service_secret WHERE name = 'session'")
    if row is None:
        raise unavailable()
    secret: bytes = row["value"]
    return secret


SHORTEST = timedelta(seconds=60)


def noticed(site: Site) -> float:
    """How many seconds after a use the next one is noted: a minute, less where sessions idle for minutes only."""
    return min(SHORTEST, site.idle / 4).total_seconds()
