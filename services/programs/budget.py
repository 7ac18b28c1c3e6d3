"""Budgets: what a program may cost a minute, over all workers together.

A worker leases from the database in blocks and spends them by itself: some twenty statements a minute, not one a
request. The row of a program and minute is the only account there is, and `lease` the only statement that adds to it,
never beyond the budget; so the sum of what all workers spend cannot exceed it. What a worker leased and did not spend
when the minute ends is lost to everybody: at most a block for each worker.

What is left is told to whoever spends: see `Spent`. A worker that has not heard of the row for a second asks for it,
in the same statement, leasing nothing: so it knows of the other workers' leases, too.
"""

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy import Column, DateTime, Index, Integer, Table, Uuid

from services.errors import Code, Refused
from services.storage.database import Writer
from services.storage.tables import METADATA
from services.terms import CHINA

BLOCKS = 20  # of a budget
KEPT = 10_000  # programs in memory
HEARD = 1.0  # seconds for which a worker goes by what it last heard of the other workers' leases
MINUTE = timedelta(minutes=1)

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
# there is not, nothing where it is less than needed; what is spent by then is returned in any case. In SET, names of
# columns are what the row held before. What is left is compared, not what would be spent: a budget may be the greatest
# integer there is. It was narrowed since where more is spent than it is.
LEASE = """
    WITH clock AS (
        SELECT date_trunc('minute', now()) AS minute,
               60 - extract(epoch FROM now() - date_trunc('minute', now()))::float8 AS remaining
    ), lease AS (
        INSERT INTO budget_use AS held (account_id, minute, spent, leased)
        SELECT $1::uuid, minute, least($3::int, $4::int), least($3::int, $4::int) FROM clock
        ON CONFLICT (account_id, minute) DO UPDATE SET (spent, leased) = (
            SELECT held.spent + given, given
            FROM (SELECT CASE WHEN $2::int <= $4::int - held.spent THEN least($3::int, $4::int - held.spent) ELSE 0 END)
                AS lease (given)
        )
        RETURNING leased, spent
    )
    SELECT minute, remaining, leased, spent FROM clock CROSS JOIN lease
"""
CLEAN = "DELETE FROM budget_use WHERE minute < now() - interval '10 minutes'"


@dataclass(frozen=True, slots=True)
class Spent:
    """What one operation was charged of a budget, in rows of cost, and what remains until the minute ends.

    `remaining` is what the worker could still give: what other workers leased and did not spend counts as spent, what
    they leased within the last second may not be known yet. `needed` is what a refused one would have been charged.
    """

    charged: int
    remaining: int
    limit: int
    reset_at: datetime
    needed: int | None = None

    @property
    def told(self) -> Mapping[str, object]:
        """The member `cost` of `extensions`."""
        moment = self.reset_at.astimezone(CHINA).isoformat()
        told = {"charged": self.charged, "remaining": self.remaining, "limit": self.limit, "resetAt": moment}
        return told if self.needed is None else {**told, "needed": self.needed}


@dataclass(slots=True)
class _Purse:
    """What a worker holds of one program's budget, until the minute it was leased in ends.

    `spent` is what all of them leased, as of `heard`.
    """

    minute: datetime | None = None
    left: int = 0
    spent: int = 0
    heard: float = -math.inf
    until: float = -math.inf
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Budgets:
    """What one worker spends for programs."""

    def __init__(self, writer: Writer, clock: Callable[[], float] = time.monotonic) -> None:
        self._writer = writer
        self._clock = clock
        self._purses: LRUCache[UUID, _Purse] = LRUCache(KEPT)

    async def spend(self, account_id: UUID, cost: int, budget: int) -> Spent:
        """Take `cost` from this minute's budget; what was taken, and what remains.

        Refused RATE_LIMITED, with Retry-After and what remains, when that is too little; TOO_COSTLY when all of it
        would not do; UNAVAILABLE when the database is away.
        """
        if cost > budget:
            raise Refused(
                Code.TOO_COSTLY,
                f"此查询可达 {cost} 行，超过每分钟预算 {budget} 行；请减小 first 或减少嵌套。",
                f"The query may make {cost} rows, more than the {budget} a minute of its budget; lower `first`.",
                extensions={"cost": {"charged": 0, "limit": budget, "needed": cost}},
            )
        purse = self._purse(account_id)
        async with purse.lock:  # who waits here may find enough in what the first one leases
            now = self._clock()
            if purse.until <= now:
                purse.left = 0
            elif purse.left >= cost and purse.heard + HEARD <= now:
                await self._ask(purse, account_id, 0, 0, budget)
            while purse.left < cost:
                await self._lease(purse, account_id, cost, budget)
            purse.left -= cost
            return _spent(purse, cost, budget)

    async def clean(self) -> None:
        """Forget minutes long over."""
        await self._writer.fetch(CLEAN)

    async def _lease(self, purse: _Purse, account_id: UUID, cost: int, budget: int) -> None:
        needed = cost - purse.left
        block = max(needed, math.ceil(budget / BLOCKS))
        if await self._ask(purse, account_id, needed, block, budget) < needed:
            raise _exhausted(replace(_spent(purse, 0, budget), needed=cost), purse.until - purse.heard)

    async def _ask(self, purse: _Purse, account_id: UUID, needed: int, block: int, budget: int) -> int:
        """How much was leased; the purse holds it, and what is spent by now."""
        # Measured before the statement is sent: so the worker's minute ends no later than the database's.
        began = self._clock()
        (row,) = await self._writer.fetch(LEASE, account_id, needed, block, budget)
        if row["minute"] != purse.minute:  # what was left was another minute's
            purse.minute, purse.left = row["minute"], 0
        leased: int = row["leased"]
        purse.left += leased
        purse.spent, purse.heard, purse.until = row["spent"], began, began + row["remaining"]
        return leased

    def _purse(self, account_id: UUID) -> _Purse:
        purse = self._purses.get(account_id)
        if purse is None:
            purse = self._purses[account_id] = _Purse()
        return purse


def _spent(purse: _Purse, charged: int, budget: int) -> Spent:
    assert purse.minute is not None, "nothing is spent before a lease"
    remaining = purse.left + max(0, budget - purse.spent)  # more was spent than a budget that was narrowed since
    return Spent(charged, min(remaining, budget), budget, purse.minute + MINUTE)


def _exhausted(spent: Spent, seconds: float) -> Refused:
    return Refused(
        Code.RATE_LIMITED,
        "本分钟的预算已用完，请稍后重试。",
        "The budget of this minute is used up; try again when it is over.",
        headers=(("Retry-After", str(max(1, math.ceil(seconds)))),),
        extensions={"cost": spent.told},
    )
