"""How often one may fail to sign in, counted in the database so that it holds across workers and restarts.

Three meters run at once: of a login from one place, of an address whatever the login, of a login from anywhere. Beyond
its allowance each asks for a pause that doubles with every failure, up to its longest; whoever tries within a pause is
refused unheard, and makes it no longer. A browser that signed in to a login before counts as a place of its own and is
not held up by what others do to that login, nor by its neighbours. See docs/decisions/0010-signing-in.md.

An attempt is counted before it is judged, so that a thousand at once are no more than a thousand in a row, and taken
back when it succeeds.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Integer, Interval, case, cast, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from services.access.tables import failures
from services.errors import Code, Refused
from services.storage.transaction import Transaction

# Not the transaction's: who waited for another's attempt to be counted comes after it.
NOW = func.clock_timestamp(type_=DateTime(timezone=True))
FORGOTTEN = timedelta(hours=1)  # after the last failure
SWEPT = 100  # rows that are forgotten at each attempt, at most: more than one attempt adds


@dataclass(frozen=True, slots=True)
class Meter:
    """So many failures are free; the pauses after them grow from a second to `longest` seconds."""

    name: str
    free: int
    longest: int


PLACE = Meter("place", 5, 900)
ADDRESS = Meter("address", 60, 300)
LOGIN = Meter("login", 20, 60)


@dataclass(frozen=True, slots=True, order=True)
class Counted:
    """One meter of one login, place or address. Ordered, because rows are locked in the order of their keys."""

    key: bytes
    free: int
    longest: int
    cleared: bool  # by a success: what was counted of a place is forgotten, elsewhere only this attempt is


def counted(secret: bytes, login: str, address: str, device: str | None) -> tuple[Counted, ...]:
    """What an attempt counts on: that of a known device on itself alone."""
    if device is not None:
        return (_counted(secret, PLACE, (login, device), cleared=True),)
    made = (
        _counted(secret, PLACE, (login, address), cleared=True),
        _counted(secret, ADDRESS, (address,), cleared=False),
        _counted(secret, LOGIN, (login,), cleared=False),
    )
    return tuple(sorted(made))


def _counted(secret: bytes, meter: Meter, of: Sequence[str], *, cleared: bool) -> Counted:
    said = "\0".join((meter.name, *of)).encode("utf-8", "surrogatepass")
    return Counted(hmac.digest(secret, said, "sha256"), meter.free, meter.longest, cleared)


async def begin(tx: Transaction, attempt: Sequence[Counted]) -> None:
    """Count an attempt as a failure until it is not; RATE_LIMITED, which undoes the counting, within a pause."""
    old = select(failures.c.key).where(failures.c.last_at < NOW - FORGOTTEN).limit(SWEPT)
    await tx.rows(delete(failures).where(failures.c.key.in_(old.with_for_update(skip_locked=True))))
    for each in attempt:
        if await tx.row(_one_more(each)) is None:
            raise await _limited(tx, attempt)


async def succeed(tx: Transaction, attempt: Sequence[Counted]) -> None:
    """Take the attempt back, and the pause it may have begun."""
    for each in attempt:
        mine = failures.c.key == each.key
        less = update(failures).where(mine).values(count=func.greatest(failures.c.count - 1, 0), blocked_until=NOW)
        await tx.rows(delete(failures).where(mine) if each.cleared else less)


def _one_more(each: Counted) -> Any:
    was = failures.c
    count = case((was.last_at < NOW - FORGOTTEN, 1), else_=was.count + 1)
    row = insert(failures).values(key=each.key, count=1, last_at=NOW, blocked_until=NOW)
    return row.on_conflict_do_update(
        index_elements=[was.key],
        set_={"count": count, "last_at": NOW, "blocked_until": NOW + _pause(count, each)},
        where=was.blocked_until <= NOW,
    ).returning(was.count)


def _pause(count: ColumnElement[int], each: Counted) -> ColumnElement[timedelta]:
    beyond = func.least(count - each.free, 20)  # 2 to the power of it stays a number
    seconds = func.least(func.power(2, beyond), each.longest)
    return case((count >= each.free, _interval(seconds)), else_=_interval(literal(0.0)))


def _interval(seconds: ColumnElement[float]) -> ColumnElement[timedelta]:
    return func.make_interval(0, 0, 0, 0, 0, 0, seconds, type_=Interval())


async def _limited(tx: Transaction, attempt: Sequence[Counted]) -> Refused:
    left = func.extract("epoch", func.max(failures.c.blocked_until) - NOW)
    seconds = await tx.value(
        select(cast(func.ceil(left), Integer)).where(failures.c.key.in_([each.key for each in attempt]))
    )
    wait = max(ceil(seconds or 1), 1)
    return Refused(
        Code.RATE_LIMITED,
        f"登录失败次数过多，请在 {wait} 秒后重试。",
        f"Too many failures to sign in; try again in {wait} seconds.",
        headers=(("Retry-After", str(wait)),),
    )
