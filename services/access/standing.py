"""Whether what let someone in still holds, asked for many at once over a connection that is kept for it.

Apart from the pool, so that a crowd of slow statements delays no revocation.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import asyncpg
from sqlalchemy import ARRAY, DateTime, Integer, Text, and_, bindparam, func, select

from services.access.credentials import standing
from services.access.tables import accounts, credentials
from services.storage.database import connect
from services.storage.transaction import DIALECT
from services.terms import today


@dataclass(frozen=True, slots=True)
class Admitted:
    """A credential as it was when it was last looked at: see `services.access.credentials.Credential`."""

    id: str
    revision: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What holds in one snapshot: which day it is, which credentials stand, and which of these are as they were."""

    today: date
    standing: frozenset[Admitted]
    unchanged: frozenset[Admitted]


@cache
def _asking() -> str:
    ids = bindparam("ids", type_=ARRAY(Text()))
    revisions = bindparam("revisions", type_=ARRAY(Integer()))
    untils = bindparam("untils", type_=ARRAY(DateTime(timezone=True)))
    asked = func.unnest(ids, revisions, untils).table_valued("id", "revision", "until").render_derived(name="asked")
    unchanged = and_(accounts.c.revision == asked.c.revision, func.now() < asked.c.until)
    found = (
        select(*asked.c, today().label("today"), standing().label("standing"), unchanged.label("unchanged"))
        .outerjoin_from(asked, credentials, credentials.c.id == asked.c.id)
        .outerjoin(accounts, accounts.c.id == credentials.c.account_id)
    )
    return str(found.compile(dialect=DIALECT))


class Poll:
    """One connection, opened when it is needed and again after it was lost. It answers one question at a time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection | None = None
        self._one = asyncio.Lock()

    async def ask(self, admitted: Collection[Admitted]) -> Found:
        """What holds now of at least one; raises what a lost connection raises, see `database.LOST`."""
        asked = list(admitted)
        columns = [each.id for each in asked], [each.revision for each in asked], [each.until for each in asked]
        async with self._one:
            rows = await (await self._connected()).fetch(_asking(), *columns)
        found = [(Admitted(row["id"], row["revision"], row["until"]), row) for row in rows]
        stands = frozenset(each for each, row in found if row["standing"])
        return Found(rows[0]["today"], stands, frozenset(each for each, row in found if row["unchanged"]) & stands)

    async def fetchrow(self, sql: str, *values: object) -> asyncpg.Record | None:
        """Run one statement over the same connection; its only row."""
        async with self._one:
            return await (await self._connected()).fetchrow(sql, *values)

    def drop(self) -> None:
        """Let go of the connection, at once: it keeps silent, or is needed no more."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.terminate()

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(self._url, application_name="jinlin watching")
        return self._connection
