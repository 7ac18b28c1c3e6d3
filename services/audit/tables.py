"""The audit trail: one entry a command or event, one change for every row a command changed, kept by triggers.

`begin` opens the entry of a transaction; from then on the database records what changes. Personal columns are named
without their values. Rows that follow a path by foreign key are not recorded: nobody changed them. When the transaction
commits the database seals the entry: it becomes the next link of its county's chain (migration 0015).

The service's role can add entries and read the trail, nothing else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    insert,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.access.tables import accounts
from services.audit.placing import lies_in
from services.errors import conflict
from services.members.tables import members
from services.storage.tables import BYTEWISE, METADATA, PRIVILEGES, identified
from services.storage.transaction import Outcome, Record, Transaction

entries = Table(
    "audit_entry",
    METADATA,
    identified(),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("account_id", ForeignKey(accounts.c.id)),
    Column("credential_id", BYTEWISE),
    Column("request_id", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("target_id", Uuid),
    Column("unit_id", Uuid),
    Column("operation", Text),
    Column("detail", JSONB(none_as_null=True)),
    Column("about_id", Uuid, Computed("(detail ->> 'about')::uuid", persisted=True)),
    Column("chain", Uuid, nullable=False),
    Index("audit_entry_target_idx", "target_id", "at"),
    Index("audit_entry_about_idx", "about_id", "at"),
    Index("audit_entry_unit_idx", "unit_id", "at"),
    Index("audit_entry_account_idx", "account_id", "at"),
    Index("audit_entry_at_idx", "at", "id"),
    info={PRIVILEGES: ("SELECT", "INSERT")},
)

# `unit_id` is where the row lay once it had changed, or before it was removed; null for what lies nowhere, and for what
# was recorded before that was kept. `left_unit_id` is where it lay before, if that was elsewhere.
changes = Table(
    "audit_change",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("entry_id", ForeignKey(entries.c.id), nullable=False),
    Column("table_name", BYTEWISE, nullable=False),
    Column("row_id", Uuid, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
    Column("unit_id", Uuid),
    Column("left_unit_id", Uuid),
    Index("audit_change_entry_idx", "entry_id", "id"),
    Index("audit_change_row_idx", "row_id"),
    Index("audit_change_unit_idx", "unit_id", "entry_id"),
    Index("audit_change_left_unit_idx", "left_unit_id", "entry_id", postgresql_where=text("left_unit_id IS NOT NULL")),
    info={PRIVILEGES: ("SELECT",)},
)

# A chain is a county's, by its unit's id, or the one of all that lies above or belongs to none. The hash of a link is
# SHA-256 over the one before, its own number, entry, moment and command, and the digest of the entry with its changes.
# Moment and command are the entry's: where it was dropped, the link tells still whether it might be.
links = Table(
    "audit_link",
    METADATA,
    Column("chain", Uuid, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("command", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    info={PRIVILEGES: ("SELECT",)},
)

# Whose contact data the operation of an entry showed to somebody else.
contact_reads = Table(
    "contact_read",
    METADATA,
    Column(
        "entry_id", ForeignKey(entries.c.id, deferrable=True, initially="DEFERRED"), primary_key=True, nullable=False
    ),
    Column("member_id", ForeignKey(members.c.id), primary_key=True),
    Index("contact_read_member_idx", "member_id"),
    info={PRIVILEGES: ("SELECT",)},
)

# A retried request finds what the first one came to: same key and same fingerprint, the row it resulted in. Of a key
# that was about somebody who was deleted there is the digest: clients put names into them.
idempotency_keys = Table(
    "idempotency_key",
    METADATA,
    Column("account_id", ForeignKey(accounts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("key", BYTEWISE, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("entry_id", ForeignKey(entries.c.id), nullable=False),
    Column("result_id", Uuid, nullable=False),
    Column("report", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks, in which request, through which operation."""

    account_id: UUID
    credential_id: str
    request_id: str
    operation: str | None = None


WHOLES = ("building_id", "compound_id")  # what a row is part of: where its entries are looked for once it is gone


async def begin(tx: Transaction, who: Who, command: str, target: Record) -> UUID:
    """Open the entry of this transaction; the database records every row that changes from here on. Its id."""
    entry = uuid4()
    unit = lies_in(command, target.get("unit_path") or target.get("path"))
    whole = next((target[name] for name in WHOLES if target.get(name)), None)
    made = insert(entries).values(
        id=entry,
        account_id=who.account_id,
        credential_id=who.credential_id,
        request_id=who.request_id,
        operation=who.operation,
        command=command,
        target_id=target["id"],
        unit_id=unit.scalar_subquery(),
        detail={"about": str(whole)} if whole else None,
    )
    await tx.rows(made)
    await tx.rows(select(func.set_config("jinlin.audit_entry", str(entry), True)))
    return entry


EVENT = """
    INSERT INTO audit_entry (id, account_id, credential_id, request_id, command, target_id, unit_id, detail)
    SELECT $1, $2, $3, $4, $5, $6,
           coalesce($7, (SELECT unit.id FROM account JOIN org_unit unit ON unit.path = account.unit_path
                         WHERE account.id = $2)),
           $8::jsonb
"""


async def event(
    connection: asyncpg.Connection,
    kind: str,
    account_id: UUID | None = None,
    credential_id: str | None = None,
    unit_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
    *,
    target_id: UUID | None = None,
    request_id: str = "",
) -> UUID:
    """Record what is no command, as part of the connection's transaction; the entry's id.

    It lies in the given unit, or else in the account's own. `detail` is kept for ever or as long as the event: put no
    personal value there, and nothing of a secret. A sign-in that failed names the account there is, never what was
    typed.
    """
    entry = uuid4()
    told = None if detail is None else json.dumps(dict(detail), ensure_ascii=False, default=str)
    await connection.execute(
        EVENT, entry, account_id, credential_id, request_id, str(kind), target_id or account_id, unit_id, told
    )
    return entry


async def record_event(tx: Transaction, kind: str, account_id: UUID | None, detail: Mapping[str, Any]) -> None:
    """Record what is no command, in the transaction of whoever did it; see `event`."""
    await event(tx.connection, kind, account_id, detail=detail)


def unread(key: ColumnElement[str]) -> ColumnElement[str]:
    """What is left of a key that may have told of somebody: enough to know it by when it comes again."""
    return func.encode(func.sha256(func.convert_to(key, "UTF8")), "hex")


@dataclass(frozen=True, slots=True)
class Once:
    """A key under which an account's command applies once, and what tells the command from another of the same key."""

    account_id: UUID
    key: str
    fingerprint: bytes

    async def earlier(self, tx: Transaction) -> Outcome | None:
        """What the command came to when it was asked for before; CONFLICT when the key was used for another.

        Whoever asks with the same key at the same time waits here for the first to end.
        """
        await tx.rows(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{self.account_id} {self.key}", 0))))
        keys = idempotency_keys.c
        this = or_(keys.key == self.key, keys.key == unread(literal(self.key)))
        found = await tx.row(select(idempotency_keys).where(keys.account_id == self.account_id, this))
        if found is None:
            return None
        if found["fingerprint"] != self.fingerprint:
            raise conflict(
                "幂等键已用于另一项操作。", "The idempotency key was used for another command.", "idempotencyKey"
            )
        return Outcome(found["result_id"], json.loads(found["report"]))

    async def remember(self, tx: Transaction, entry: UUID, outcome: Outcome) -> None:
        """Keep what the command came to."""
        await tx.rows(
            insert(idempotency_keys).values(
                account_id=self.account_id,
                key=unread(literal(self.key)) if outcome.unsaid else self.key,
                fingerprint=self.fingerprint,
                entry_id=entry,
                result_id=outcome.id,
                report=list(outcome.report),
            )
        )
