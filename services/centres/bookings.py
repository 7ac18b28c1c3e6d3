"""Venues are booked for organizations and teams: within their hours, never twice for the same time.

Whoever books holds the venue's row; that a time is taken is the database's to say, by `venue_booking_excl`.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from services.centres.venue_tables import BookingStatus, BorrowerKind, Weekday, bookings
from services.centres.venues import MIDNIGHT, only_offered
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage import correcting
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid
from services.terms import CHINA, reasonable

AHEAD = timedelta(days=90)
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
UNDER_WAY = "This has begun already: book from the quarter of an hour under way, or later."


async def book(
    tx: Transaction,
    *,
    venue: Record,
    borrower: str,
    kind: BorrowerKind,
    purpose: str,
    begins_at: datetime,
    ends_at: datetime,
    people: int,
) -> UUID:
    """Book a venue; the booking's id. Rejected, with all of it, for what the venue does not take."""
    only_offered(venue)
    now, amiss, made = await moment(tx), Amiss(), dict[str, Any]()
    with amiss.within():
        made = valid(bookings, {"borrower": borrower, "kind": kind, "purpose": purpose, "people": people})
        if people > venue["capacity"]:
            zh, en = f"该场地最多容纳 {venue['capacity']} 人。", f"The venue holds {venue['capacity']} at most."
            amiss.tell(ProblemCode.OUT_OF_REACH, "people", zh, en)
    times = dict[str, datetime]()
    with amiss.within():
        times |= _some_time({"begins_at": begins_at, "ends_at": ends_at}, now)
        _open_then(venue, times)
    amiss.check()
    place = {"venue_id": venue["id"], "unit_path": venue["unit_path"]}
    return await tx.insert(bookings, **place, **made, **times)


async def cancel(tx: Transaction, *, booking: Record, reason: str) -> UUID:
    """Cancel a booking before it begins, for good; its id."""
    _booked(booking)
    if await moment(tx) >= booking["begins_at"]:
        raise rejected(ProblemCode.CLOSED, "booking", "已经开始。", "It has begun.")
    said = proper("reason", reason)
    return await tx.update(bookings, booking["id"], status=BookingStatus.CANCELLED, cancel_reason=said)


async def finish(tx: Transaction, *, booking: Record, came: int) -> UUID:
    """Record how many came to what is over; the booking's id. What was recorded wrongly is recorded anew.

    They may be more than the venue holds at once: people come and go.
    """
    _booked(booking)
    if await moment(tx) < booking["ends_at"]:
        raise rejected(ProblemCode.INVALID, "booking", "尚未结束。", "It is not over.")
    return await tx.update(bookings, booking["id"], **valid(bookings, {"came": came}))


async def strike_out(tx: Transaction, *, booking: Record, reason: str) -> UUID:
    """Remove one that has begun and never was; the venue's id. One that has not begun is cancelled."""
    said = proper("reason", reason)
    if await moment(tx) < booking["begins_at"]:
        raise rejected(ProblemCode.INVALID, "booking", "尚未开始，请取消。", "It has not begun: cancel it.")
    await correcting.note(tx, booking, said)
    await tx.rows(delete(bookings).where(bookings.c.id == booking["id"]))
    venue: UUID = booking["venue_id"]
    return venue


async def moment(tx: Transaction) -> datetime:
    """The time it is, also where a transaction has waited."""
    found: datetime = await tx.value(select(func.clock_timestamp()))
    return found


def clock(begins_at: datetime, ends_at: datetime) -> tuple[Weekday, str, str] | None:
    """The day of the week, when it begins and when it ends by the clock; None unless that is within one day."""
    first, last = there(begins_at), there(ends_at)
    midnight = datetime.combine(first, time(), CHINA)
    if not first < last <= midnight + DAY:
        return None
    return [*Weekday][first.weekday()], f"{first:%H:%M}", MIDNIGHT if last == midnight + DAY else f"{last:%H:%M}"


def _booked(booking: Record) -> None:
    if booking["status"] == BookingStatus.CANCELLED:
        raise rejected(ProblemCode.CLOSED, "booking", "预订已取消。", "The booking is cancelled.")


def there(moment: datetime) -> datetime:
    """A moment of a reasonable day by the county's clock, which what names no other is of."""
    return moment.replace(tzinfo=CHINA) if moment.tzinfo is None else moment.astimezone(CHINA)


def of_one_day(amiss: Amiss, given: Mapping[str, datetime]) -> dict[str, datetime]:
    """When it begins and ends, by the county's clock; told of unless quarters of an hour, of one day.

    Rejected for a day that is none to reckon with.
    """
    for field, value in given.items():
        with amiss.within():
            reasonable(field, value.date())
    amiss.check()
    times = {field: there(value) for field, value in given.items()}
    for field, value in times.items():
        if value.minute % 15 or value.second or value.microsecond:
            zh, en = "须为整刻钟。", "This must be a whole quarter of an hour."
            amiss.tell(ProblemCode.INVALID, field, zh, en)
    if clock(*times.values()) is None:
        zh, en = "须在开始之后、当日之内结束。", "It must end after it begins, and on the same day."
        amiss.tell(ProblemCode.INVALID, "ends_at", zh, en)
    return times


def _some_time(given: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    """By the county's clock; Rejected unless quarters of an hour, of one day, not past, and not too far ahead."""
    amiss = Amiss()
    times = of_one_day(amiss, given)
    begins, ends = times.values()
    if begins <= now - QUARTER:  # the quarter under way can be booked still
        over, under_way = ("时间已过。", "This is over already."), ("已经开始，最早自本刻钟起预订。", UNDER_WAY)
        amiss.tell(ProblemCode.INVALID, "begins_at", *(over if ends <= now else under_way))
    elif begins.date() > now.astimezone(CHINA).date() + AHEAD:
        zh, en = f"最多提前 {AHEAD.days} 天预订。", f"This can lie {AHEAD.days} days ahead at most."
        amiss.tell(ProblemCode.INVALID, "begins_at", zh, en)
    amiss.check()
    return times


def _open_then(venue: Record, times: Mapping[str, datetime]) -> None:
    """Rejected where the venue is not lent out at that time."""
    amiss, found = Amiss(), clock(*times.values())
    assert found is not None  # see `_some_time`
    weekday, first, last = found
    hours = f"{venue['opens_at']}–{venue['closes_at']}"
    if weekday not in venue["days"]:
        zh, en = "该场地这一天不开放。", "The venue is not lent out on this day of the week."
        amiss.tell(ProblemCode.OUT_OF_REACH, "begins_at", zh, en)
    for field, outside in (("begins_at", first < venue["opens_at"]), ("ends_at", last > venue["closes_at"])):
        if outside:
            zh, en = f"该场地开放时间为 {hours}。", f"The venue is lent out {hours}."
            amiss.tell(ProblemCode.OUT_OF_REACH, field, zh, en)
    amiss.check()
