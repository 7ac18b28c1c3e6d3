"""The audit trail of writes: one entry a command, one change for every row it changed, kept by triggers.

`begin` opens the entry of a transaction; from then on the database records what changes (migration 0003). Personal
columns are named without their values. Rows that follow a path by foreign key are not recorded: nobody changed them.
"""

import json
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Column,
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
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.access import accounts
from services.errors import conflict
from services.organization import units
from services.tables import BYTEWISE, METADATA, identified
from services.transaction import Outcome, Record, Transaction

entries = Table(
    "audit_entry",
    METADATA,
    identified(),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("account_id", ForeignKey(accounts.c.id), nullable=False),
    Column("credential_id", BYTEWISE, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("target_id", Uuid, nullable=False),
    Column("unit_id", Uuid),
    Index("audit_entry_target_idx", "target_id", "at"),
    Index("audit_entry_unit_idx", "unit_id", "at"),
)

changes = Table(
    "audit_change",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("entry_id", ForeignKey(entries.c.id), nullable=False),
    Column("table_name", BYTEWISE, nullable=False),
    Column("row_id", Uuid, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
    Index("audit_change_entry_idx", "entry_id", "id"),
    Index("audit_change_row_idx", "row_id"),
)

# A retried request finds what the first one came to: same key and same fingerprint, the row it resulted in.
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
    """Who asks for a command, and in which request."""

    account_id: UUID
    credential_id: str
    request_id: str


async def begin(tx: Transaction, who: Who, command: str, target: Record) -> UUID:
    """Open the entry of this transaction; the database records every row that changes from here on. Its id."""
    entry = uuid4()
    path = target.get("unit_path") or target.get("path")
    unit = select(units.c.id).where(units.c.path == path).scalar_subquery()
    made = insert(entries).values(
        id=entry,
        account_id=who.account_id,
        credential_id=who.credential_id,
        request_id=who.request_id,
        command=command,
        target_id=target["id"],
        unit_id=unit,
    )
    await tx.rows(made)
    await tx.rows(select(func.set_config("jinlin.audit_entry", str(entry), True)))
    return entry


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
        found = await tx.row(select(idempotency_keys).where(keys.account_id == self.account_id, keys.key == self.key))
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
                key=self.key,
                fingerprint=self.fingerprint,
                entry_id=entry,
                result_id=outcome.id,
                report=list(outcome.report),
            )
        )
