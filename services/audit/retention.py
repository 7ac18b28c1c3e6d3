"""What is kept only for a time, and dropped when it is over: `server.py retain`, run by the database's owner.

Events of the audit trail that are no change (sign-ins, reads of contact data) are dropped with whom they showed. Their
links stay, with number, moment, command, digest and hash, so the chains still verify; an entry on each chain says which
numbers went, and `services.audit.trail` believes it of what is of such a kind and old enough. Who changed what stays.
Texts that expire are in `services.audit.expiry`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, delete, func, literal, or_, select, update

from services.access.tables import credentials
from services.audit.events import SIGN_INS, Event
from services.audit.expiry import expire
from services.audit.tables import (
    contact_reads,
    entries,
    event,
    idempotency_keys,
    links,
)
from services.organization.tables import units
from services.programs.tables import tokens
from services.settings import Keep
from services.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Dropped:
    """How many of each went; of reports and visits the texts, of corrections the reasons."""

    events: int
    credentials: int
    idempotency_keys: int
    resident_reports: int = 0
    instructor_visits: int = 0
    correction_reasons: int = 0
    home_visits: int = 0

    def __str__(self) -> str:
        return (
            f"事件 {self.events}，凭证 {self.credentials}，幂等键 {self.idempotency_keys}，"
            f"居民反映内容 {self.resident_reports}，走访内容 {self.instructor_visits}，"
            f"入户走访内容 {self.home_visits}，更正原因 {self.correction_reasons} / "
            f"{self.events} events, {self.credentials} credentials, {self.idempotency_keys} idempotency keys, "
            f"the texts of {self.resident_reports} reports, {self.instructor_visits} visits and {self.home_visits} "
            f"home visits, {self.correction_reasons} reasons of corrections"
        )


async def retain(connection: asyncpg.Connection, keep: Keep) -> Dropped:
    """Let go of what was kept long enough, in one transaction of the tables' owner."""
    async with connection.transaction():
        tx = Transaction(connection)
        keys = idempotency_keys.c
        old = delete(idempotency_keys).where(_before(keys.created_at, keep.idempotency_keys)).returning(keys.key)
        dropped = len(await tx.rows(old))
        ended = await _credentials(tx, keep.credentials)
        return Dropped(await _events(tx, keep), ended, dropped, **await expire(tx, keep))


def _before(moment: ColumnElement[Any], days: int) -> ColumnElement[bool]:
    return moment < func.now() - timedelta(days=days)


async def _events(tx: Transaction, keep: Keep) -> int:
    entry, link = entries.c, links.c
    over = or_(
        and_(entry.command == Event.READ_CONTACT, _before(entry.at, keep.contact_reads)),
        and_(entry.command.in_(SIGN_INS), _before(entry.at, keep.sign_ins)),
    )
    # Only what is sealed; it is found by its link, whose chain and number are what is told.
    sealed = select(link.chain, link.number, entry.id).join(entries, entry.id == link.entry_id)
    found = await tx.rows(sealed.where(over).order_by(link.chain, link.number))
    await tx.rows(select(func.set_config("jinlin.retaining", "on", True)))
    gone = func.unnest(literal([row["id"] for row in found], ARRAY(Uuid())))
    await tx.rows(delete(contact_reads).where(contact_reads.c.entry_id.in_(select(gone))))
    await tx.rows(delete(entries).where(entry.id.in_(select(gone))))
    for chain, rows in groupby(found, key=lambda row: row["chain"]):
        await _tell(tx, chain, [row["number"] for row in rows])
    return len(found)


async def _tell(tx: Transaction, chain: UUID, numbers: Sequence[int]) -> None:
    """Say which links of a chain have lost their entries; on the chain itself while its county is there."""
    unit = await tx.value(select(units.c.id).where(units.c.id == chain))
    detail = {"chain": str(chain), "numbers": list(ranges(numbers))}
    await event(tx.connection, Event.RETAIN, unit_id=unit, detail=detail)


def ranges(numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Ascending numbers as the first and last of each unbroken run."""
    for _, run in groupby(enumerate(numbers), key=lambda found: found[1] - found[0]):
        met = [number for _, number in run]
        yield met[0], met[-1]


async def _credentials(tx: Transaction, days: int) -> int:
    """Those that ended so long ago, and what was issued with them; what replaced one of them stands for itself."""
    key, token = credentials.c, tokens.c
    over = _before(func.least(key.expires_at, func.coalesce(key.revoked_at, key.expires_at)), days)
    gone = select(token.id).where(token.credential_id.in_(select(key.id).where(over)))
    await tx.rows(update(tokens).where(token.replaces_id.in_(gone)).values(replaces_id=None))
    return len(await tx.rows(delete(credentials).where(over).returning(key.id)))
