"""Credentials as they stand: what one is worth, whether it still is in a statement's snapshot, and held for a command.

`still_stands` is the guard of every reading statement, `hold` that of every command. What makes a credential stand is
said once, in `standing`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Interval,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlalchemy.sql.compiler import SQLCompiler

from services.access.seat_kinds import KINDS
from services.access.tables import (
    AccountKind,
    accounts,
    credentials,
    grants,
    in_force,
    lasts,
    programs,
)
from services.access.vouching import NEVER, vouched
from services.errors import unavailable
from services.storage.database import Reader
from services.storage.tables import aliased
from services.storage.transaction import DIALECT, Transaction


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant in force: a role at a kind of seat, which is a unit's path or the id of what is no unit."""

    id: UUID
    role: str
    kind: str
    at: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a program may ask beside its grant; None is no bound. See `services.access.tables.programs`."""

    entities: frozenset[str] | None = None
    documents: frozenset[str] | None = None
    budget: int | None = None
    smallest_cell: int | None = None


NO_TERMS = Terms()
UNUSED: ColumnElement[Any] = literal_column("interval '90 days'", Interval())  # then a credential stands no longer


@dataclass(frozen=True, slots=True)
class Credential:
    """What the database holds of a credential that stands now: whose it is, its digest, and what is granted today.

    `until` is the first moment at which any of this changes by itself: the credential or a grant ends, or one begins.
    """

    id: str
    kind: str
    secret_sha256: bytes
    account_id: UUID
    revision: int
    until: datetime
    grants: tuple[Granted, ...]
    terms: Terms
    account_kind: str = AccountKind.PERSON


def standing(held: Any = credentials.c, owner: Any = accounts.c) -> ColumnElement[bool]:
    """Whether a credential, joined with its account, stands now.

    What nobody has used for 90 days does not, nor what nobody vouches for any more, nor what a program has that could
    ask for nothing.
    """
    return and_(
        held.revoked_at.is_(None),
        held.approved_at.is_not(None),
        held.expires_at > func.now(),
        func.coalesce(held.last_used_at, held.approved_at) > func.now() - UNUSED,
        owner.closed_at.is_(None),
        or_(owner.kind != literal_column("'PROGRAM'"), granted(owner.id)),
        vouched(held),
    )


def granted(account: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an account holds a grant, or will: one that is taken or over never comes back."""
    return _holds(account, lasts)


def taken(account: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether all that an account was granted was taken, and none of it ended by its day."""
    return not_(_holds(account, lambda grant: grant.revoked_at.is_(None)))


def last_ended(account: ColumnElement[Any]) -> ColumnElement[Any]:
    """When the last of what an account was granted was taken or over, or will be; null without an end."""
    grant = aliased(grants, "last_grant")
    ends = func.coalesce(func.least(grant.c.until, grant.c.revoked_at), NEVER)
    last = func.max(ends)
    found = select(case((last < NEVER, last))).where(grant.c.account_id == account)
    return found.correlate_except(grant).scalar_subquery()


def _holds(account: ColumnElement[Any], such: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    grant = aliased(grants, "its_grant")
    mine = grant.c.account_id == account
    return exists(select(literal_column("1")).where(mine, such(grant.c)).correlate_except(grant))


@cache
def _stands() -> ColumnElement[bool]:
    """The same of the tables themselves, made once: every statement has it."""
    return standing()


@cache
def _credential() -> str:
    grant, now = grants.c, func.now()
    names: list[Any] = [(grant[kind.column].is_not(None), literal_column(f"'{kind.name}'")) for kind in KINDS]
    kind: ColumnElement[Any] = case(*names[:-1], else_=names[-1][1])
    at = (grant[kind.column] if kind.is_unit else cast(grant[kind.column], Text) for kind in KINDS)
    # The longest-lasting first, those without an end before all: in this order a command tries them.
    granted = array([cast(grant.id, Text), grant.role, kind, func.coalesce(*at)])
    held, stays = in_force(grant), grant.revoked_at.is_(None)
    found = (
        select(
            *(credentials.c.id, credentials.c.kind, credentials.c.secret_sha256),
            *(accounts.c.id.label("account_id"), accounts.c.revision, accounts.c.kind.label("account_kind")),
            *(programs.c.entities, programs.c.documents, programs.c.budget, programs.c.smallest_cell),
            func.least(
                credentials.c.expires_at,
                func.min(grant.until).filter(held),
                func.min(grant.since).filter(and_(stays, grant.since > now)),
            ).label("until"),
            func.array_agg(aggregate_order_by(granted, grant.until.desc(), grant.id)).filter(held).label("grants"),
        )
        .select_from(
            credentials.join(accounts, accounts.c.id == credentials.c.account_id)
            .outerjoin(programs, programs.c.account_id == accounts.c.id)
            .outerjoin(grants, grant.account_id == accounts.c.id)
        )
        .where(credentials.c.id == bindparam("id", type_=Text()), standing())
        .group_by(credentials.c.id, accounts.c.id, programs.c.id)
    )
    return str(found.compile(dialect=DIALECT))


class Fetching(Protocol):
    """What runs one statement and gives its only row: the reading pool, or a transaction's connection."""

    async def fetchrow(self, sql: str, *values: object) -> asyncpg.Record | None:
        """Run it."""


async def credential(reader: Fetching, id: str) -> Credential | None:
    """The credential of this id in one statement; None when there is none, or it does not stand."""
    row = await reader.fetchrow(_credential(), id)
    if row is None:
        return None
    granted = (Granted(UUID(grant), role, kind, at) for grant, role, kind, at in row["grants"] or ())
    of = (row["id"], row["kind"], row["secret_sha256"], row["account_id"], row["revision"], row["until"])
    return Credential(*of, tuple(granted), _terms(row), row["account_kind"])


def _terms(row: asyncpg.Record) -> Terms:
    entities, documents = (None if row[of] is None else frozenset(row[of]) for of in ("entities", "documents"))
    return Terms(entities, documents, row["budget"], row["smallest_cell"])


def still_stands(id: ColumnElement[str], revision: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the credential a reader was planned for still holds, in the snapshot of the statement that asks."""
    return exists(
        select(literal_column("1"))
        .select_from(credentials.join(accounts, accounts.c.id == credentials.c.account_id))
        .where(credentials.c.id == id, _stands(), accounts.c.revision == revision)
    )


@cache
def _hold() -> tuple[str, tuple[str, ...]]:
    """The statement of `hold` and the order of its parameters, made once: it is half of what a command builds."""
    held = (
        select(accounts.c.id)
        .join_from(credentials, accounts, accounts.c.id == credentials.c.account_id)
        .where(
            credentials.c.id == bindparam("id", type_=Text()),
            _stands(),
            accounts.c.id == bindparam("account_id", type_=accounts.c.id.type),
            accounts.c.revision == bindparam("revision", type_=accounts.c.revision.type),
            func.now() < bindparam("until", type_=DateTime(timezone=True)),
        )
        .with_for_update(read=True)
    )
    made = held.compile(dialect=DIALECT)
    assert isinstance(made, SQLCompiler)
    return made.string, tuple(made.positiontup or ())


async def hold(tx: Transaction, id: str, account_id: UUID, revision: int, until: datetime) -> bool:
    """Whether the credential a command was authorized by still holds; if so, it does until the transaction ends.

    Grants and credentials cannot change before that: a change waits for the lock taken here, and a command that comes
    after the change sees it.
    """
    sql, names = _hold()
    values = {"id": id, "account_id": account_id, "revision": revision, "until": until}
    return await tx.connection.fetchrow(sql, *(values[name] for name in names)) is not None


async def cursor_secret(reader: Reader) -> bytes:
    """The installation's key for cursors, made by the migrations."""
    row = await reader.fetchrow("SELECT value FROM service_secret WHERE name = 'cursor'")
    if row is None:
        raise unavailable()
    secret: bytes = row["value"]
    return secret
