"""Accounts, their tokens, and what was granted to them: a role at a seat, from one moment until another.

A seat is one of a unit, a property company, a building or a member.

`account.revision` counts every change of the account's grants, whoever makes it (a trigger keeps it, also when a
seat's path changes because a unit moved): the reading statement compares it in its own snapshot, so no worker can
answer from grants that are gone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import asyncpg
from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    and_,
    exists,
    func,
    literal,
    select,
)

from services.database import Reader
from services.errors import unavailable
from services.members import members
from services.organization import units
from services.properties import buildings, companies
from services.tables import BYTEWISE, METADATA
from services.transaction import Transaction

accounts = Table(
    "account",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# The secret itself is never stored; SHA-256 suffices because it is 256 random bits, not a password.
tokens = Table(
    "access_token",
    METADATA,
    Column("id", BYTEWISE, primary_key=True),
    Column("account_id", ForeignKey(accounts.c.id, ondelete="CASCADE"), nullable=False),
    Column("secret_sha256", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Index("access_token_account_idx", "account_id"),
)

grants = Table(
    "role_grant",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("account_id", ForeignKey(accounts.c.id, ondelete="CASCADE"), nullable=False),
    Column("role", Text, nullable=False),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE")),
    Column("company_id", ForeignKey(companies.c.id)),
    Column("building_id", ForeignKey(buildings.c.id)),
    Column("member_id", ForeignKey(members.c.id)),
    Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("until", DateTime(timezone=True)),
    Column("granted_by", ForeignKey(accounts.c.id)),
    Column("reason", Text),
    CheckConstraint("until > since", name="term"),
    CheckConstraint("num_nonnulls(unit_path, company_id, building_id, member_id) = 1", name="seat"),
    Index("role_grant_account_idx", "account_id"),
    Index("role_grant_unit_idx", "unit_path"),
)

# One random key per installation, so that cursors mean the same on every worker and nothing in another installation.
secrets = Table(
    "service_secret",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)


def seat_name(grant: Any) -> ColumnElement[Any]:
    """What the seat of a grant is called, whoever may see it: it is the caller's own."""
    held = ((units, "path", grant.unit_path), *((table, "id", getattr(grant, column)) for table, column in SEATED))
    return func.coalesce(*(_name_of(table, key, value) for table, key, value in held))


SEATED = ((companies, "company_id"), (buildings, "building_id"), (members, "member_id"))


def _name_of(table: Table, key: str, value: Any) -> ColumnElement[Any]:
    of = table.alias()
    return select(of.c.name).where(of.c[key] == value).correlate_except(of).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Credential:
    """What the database holds of a token that stands now: whose it is, its digest, and what is granted today.

    `until` is the first moment at which any of this changes by itself: the token or a grant ends, or one begins.
    """

    token_id: str
    secret_sha256: bytes
    account_id: UUID
    revision: int
    until: datetime
    grants: tuple[tuple[str, str, str], ...]  # (role, kind of seat, the unit's path or the id of what is no unit)


CREDENTIAL = """
    SELECT t.secret_sha256, a.id AS account_id, a.revision,
           least(t.expires_at, min(g.until) FILTER (WHERE g.since <= now() AND g.until > now()),
                 min(g.since) FILTER (WHERE g.since > now())) AS until,
           array_agg(ARRAY[g.role,
                           CASE WHEN g.unit_path IS NOT NULL THEN 'unit' WHEN g.company_id IS NOT NULL THEN 'company'
                                WHEN g.building_id IS NOT NULL THEN 'building' ELSE 'member' END,
                           coalesce(g.unit_path, g.company_id::text, g.building_id::text, g.member_id::text)]
                     ORDER BY g.id)
               FILTER (WHERE g.since <= now() AND coalesce(g.until > now(), true)) AS grants
    FROM access_token t JOIN account a ON a.id = t.account_id LEFT JOIN role_grant g ON g.account_id = a.id
    WHERE t.id = $1 AND t.revoked_at IS NULL AND t.expires_at > now()
    GROUP BY t.id, a.id
"""


class Fetching(Protocol):
    """What runs one statement and gives its only row: the reading pool, or a transaction's connection."""

    async def fetchrow(self, sql: str, *values: object) -> asyncpg.Record | None:
        """Run it."""


async def credential(reader: Fetching, token_id: str) -> Credential | None:
    """The token's credential in one statement; None when there is none, or it was revoked or has expired."""
    row = await reader.fetchrow(CREDENTIAL, token_id)
    if row is None:
        return None
    return Credential(
        token_id,
        row["secret_sha256"],
        row["account_id"],
        row["revision"],
        row["until"],
        tuple((role, kind, seat) for role, kind, seat in row["grants"] or ()),
    )


def still_stands(token_id: ColumnElement[str], revision: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the credential a reader was planned for still holds, in the snapshot of the statement that asks."""
    return exists(
        select(1)
        .select_from(tokens.join(accounts, accounts.c.id == tokens.c.account_id))
        .where(
            and_(
                tokens.c.id == token_id,
                tokens.c.revoked_at.is_(None),
                tokens.c.expires_at > func.now(),
                accounts.c.revision == revision,
            )
        )
    )


async def cursor_secret(reader: Reader) -> bytes:
    """The installation's key for cursors, made by the migrations."""
    row = await reader.fetchrow("SELECT value FROM service_secret WHERE name = 'cursor'")
    if row is None:
        raise unavailable()
    secret: bytes = row["value"]
    return secret


async def hold(tx: Transaction, token_id: str, account_id: UUID, revision: int, until: datetime) -> bool:
    """Whether the credential a command was authorized by still holds; if so, it does until the transaction ends.

    Grants and tokens cannot change before that: a change waits for the lock taken here, and a command that comes after
    the change sees it.
    """
    standing = (
        select(accounts.c.id)
        .join_from(tokens, accounts, accounts.c.id == tokens.c.account_id)
        .where(
            tokens.c.id == token_id,
            tokens.c.revoked_at.is_(None),
            tokens.c.expires_at > func.now(),
            accounts.c.id == account_id,
            accounts.c.revision == revision,
            func.now() < literal(until, DateTime(timezone=True)),
        )
        .with_for_update(read=True)
    )
    return await tx.row(standing) is not None
