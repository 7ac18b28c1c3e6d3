"""Accounts, their tokens, and what was granted to them: a role at a seat, from one moment until another.

`account.revision` counts every change of the account's grants, whoever makes it (a trigger keeps it, also when a
seat's path changes because a unit moved): the reading statement compares it in its own snapshot, so no worker can
answer from grants that are gone.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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
    select,
)

from services.database import Reader
from services.errors import unavailable
from services.organization import units
from services.tables import BYTEWISE, METADATA

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
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("until", DateTime(timezone=True)),
    Column("granted_by", ForeignKey(accounts.c.id)),
    Column("reason", Text),
    CheckConstraint("until > since", name="term"),
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
    grants: tuple[tuple[str, str], ...]  # (role, path of the seat's unit)


CREDENTIAL = """
    SELECT t.secret_sha256, a.id AS account_id, a.revision,
           least(t.expires_at, min(g.until) FILTER (WHERE g.since <= now() AND g.until > now()),
                 min(g.since) FILTER (WHERE g.since > now())) AS until,
           array_agg(g.role ORDER BY g.id) FILTER (WHERE g.since <= now() AND coalesce(g.until > now(), true)) AS roles,
           array_agg(g.unit_path ORDER BY g.id)
               FILTER (WHERE g.since <= now() AND coalesce(g.until > now(), true)) AS paths
    FROM access_token t JOIN account a ON a.id = t.account_id LEFT JOIN role_grant g ON g.account_id = a.id
    WHERE t.id = $1 AND t.revoked_at IS NULL AND t.expires_at > now()
    GROUP BY t.id, a.id
"""


async def credential(reader: Reader, token_id: str) -> Credential | None:
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
        tuple(zip(row["roles"] or (), row["paths"] or (), strict=True)),
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
