"""Budgets: what a program may cost a minute, over all workers together.

A worker leases from the database in blocks and spends them by itself: some twenty statements a minute, not one a
request. The row of a program and minute is the only account there is, and `lease` the only statement that adds to it,
never beyond the budget; so the sum of what all workers spend cannot exceed it. What a worker leased and did not spend
when the minute ends is lost to everybody: at most a block for each worker.
"""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy import Column, DateTime, Index, Integer, Table, Uuid

from services.errors import Code, Refused
from services.storage.database import Writer
from services.storage.tables import METADATA

BLOCKS = 20  # of a budget
KEPT = 10_000  # programs in memory

# What was spent of a budget in one minute, what is leased included; `leased` is how much the last lease was of.
budget_uses = Table(
    "budget_use",
    METADATA,
    Column("account_id", Uuid, primary_key=True),
    Column("minute", DateTime(timezone=True), primary_key=True),
    Column("spent", Integer, nullable=False),
    Column("leased", Integer, nullable=False),
    Index("budget_use_minute_idx", "minute"),
    prefixes=["UNLOGGED"],
)

# $1 account, $2 what is needed, $3 a block, $4 the budget. As much as a block where there is that much left, less where
# there is not, nothing where it is less than needed. In SET, names of columns are what the row held before. What is
# left is compared, not what would be spent: a budget may be the greatest integer there is.
LEASE = """
    WITH clock AS (
        SELECT date_trunc('minute', now()) AS minute,
               60 - extract(epoch FROM now() - date_trunc('minute', now()))::float8 AS remaining
    ), lease AS (
        INSERT INTO budget_use AS held (account_id, minute, spent, leased)
        SELECT $1::uuid, minute, least($3::int, $4::int), least($3::int, $4::int) FROM clock WHERE $2::int <= $4::int
        ON CONFLICT (account_id, minute) DO UPDATE
            SET spent = held.spent + least($3::int, $4::int - held.spent), leased = least($3::int, $4::int - held.spent)
            WHERE $2::int <= $4::int - held.spent
        RETURNING leased
    )
    SELECT clock.minute, clock.remaining, lease.leased FROM clock LEFT JOIN lease ON true
"""
CLEAN = "DELETE FROM budget_use WHERE minute < now() - interval '10 minutes'"


@dataclass(slots=True)
class _Purse:
    """What a worker holds of one program's budget, until the minute it was leased in ends."""

    minute: datetime | None = None
    left: int = 0
    until: float = -math.inf
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Budgets:
    """What one worker spends for programs."""

    def __init__(self, writer: Writer, clock: Callable[[], float] = time.monotonic) -> None:
        self._writer = writer
        self._clock = clock
        self._purses: LRUCache[UUID, _Purse] = LRUCache(KEPT)

    async def spend(self, account_id: UUID, cost: int, budget: int) -> None:
        """Take `cost` from this minute's budget.

        Refused RATE_LIMITED, with Retry-After, when too little of it is left; TOO_COSTLY when all of it would not do;
        UNAVAILABLE when the database is away.
        """
        if cost > budget:
            raise Refused(
                Code.TOO_COSTLY,
                f"此查询可达 {cost} 行，超过每分钟预算 {budget} 行；请减小 first 或减少嵌套。",
                f"The query may make {cost} rows, more than the {budget} a minute of its budget; lower `first`.",
            )
        purse = self._purse(account_id)
        async with purse.lock:  # who waits here may find enough in what the first one leases
            if purse.until <= self._clock():
                purse.left = 0
            while purse.left < cost:
                await self._lease(purse, account_id, cost - purse.left, budget)
            purse.left -= cost

    async def clean(self) -> None:
        """Forget minutes long over."""
        await self._writer.fetch(CLEAN)

    async def _lease(self, purse: _Purse, account_id: UUID, needed: int, budget: int) -> None:
        # Measured before the statement is sent: so the worker's minute ends no later than the database's.
        began = self._clock()
        block = max(needed, math.ceil(budget / BLOCKS))
        (row,) = await self._writer.fetch(LEASE, account_id, needed, block, budget)
        if row["leased"] is None:
            raise _exhausted(row["remaining"])
        if row["minute"] != purse.minute:  # what was left was another minute's
            purse.minute, purse.left = row["minute"], 0
        purse.left += row["leased"]
        purse.until = began + row["remaining"]

    def _purse(self, account_id: UUID) -> _Purse:
        purse = self._purses.get(account_id)
        if purse is None:
            purse = self._purses[account_id] = _Purse()
        return purse


def _exhausted(remaining: float) -> Refused:
    return Refused(
        Code.RATE_LIMITED,
        "本分钟的预算已用完，请稍后重试。",
        "The budget of this minute is used up; try again when it is over.",
        headers=(("Retry-After", str(max(1, math.ceil(remaining)))),),
    )
