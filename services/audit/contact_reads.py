"""Reads of contact data, recorded: who read whose, when, through which operation.

The statement that shows a member's contact data notes the member itself (`noted`), so that exactly those are recorded
whose data is in the answer. `record` then makes the entry, in the same transaction and before the answer leaves; what
cannot be recorded is not answered. Nobody's reading of their own is recorded.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Boolean, ColumnElement, Select, func, select

from services.audit.tables import Who, contact_reads
from services.members.tables import members
from services.storage.tables import aliased

RECORD = "SELECT record_contact_reads($1, $2, $3, $4, $5)"
AGAIN = "SELECT count(note_contact($1, $2, id)) FROM member WHERE id = ANY($3::uuid[])"


def noted(entry: ColumnElement[Any], reader: ColumnElement[Any], member: ColumnElement[Any]) -> ColumnElement[bool]:
    """True, and from now on the entry says that the account `reader` was shown this member's contact data."""
    return func.note_contact(entry, reader, member, type_=Boolean())


def shown() -> Select[Any]:
    """Each member whose contact data someone was shown, with the path of where they are registered."""
    read, member = aliased(contact_reads), aliased(members)
    return select(read.c.member_id, member.c.unit_path).join_from(read, member, member.c.id == read.c.member_id)


async def record(connection: asyncpg.Connection, entry: UUID, who: Who) -> list[UUID]:
    """Make the entry of what this transaction has noted under it, if anything; the members shown."""
    shown: list[UUID] = await connection.fetchval(
        RECORD, entry, who.account_id, who.credential_id, who.request_id, who.operation
    )
    return shown


async def record_anew(connection: asyncpg.Connection, entry: UUID, who: Who, shown: Sequence[UUID]) -> None:
    """Record once more, in a transaction of its own, what one showed that is undone: that of a dry run.

    Of a member whom the dry run itself registered there is nothing to record: nobody was shown but what they brought.
    """
    await connection.fetchval(AGAIN, entry, who.account_id, shown)
    await record(connection, entry, who)
