"""Bookings 预订 of venues, and the commands about them."""

from datetime import datetime

from sqlalchemy import Boolean, ColumnElement, and_, func

from policies.scope import Way
from schema.centres.venues import BEGINS, ENDS, VENUE, Venue
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.expressions import Row
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days_of
from schema.kit.scalars import SafeInt
from schema.kit.states import not_withdrawn
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.units import OrgUnit
from services.centres import bookings as commands
from services.centres.venue_tables import (
    BookingStatus,
    BorrowerKind,
    bookings,
    centre_of,
    counts,
    day_of,
    venue_name,
)
from services.organization.paths import place
from services.storage.transaction import Record

BORROWER = "使用方名称，单位、组织或居民队伍，不填个人 / Who uses it: a unit, an organization or a team, no person."
KIND = "使用方类别 / Its kind."
PURPOSE = "用途 / What for."
PEOPLE = "预计人数，不超过场地容量 / How many people are expected; no more than the venue holds."
CAME = "实到人数，未登记为空 / How many came; null where nobody has said."
GIVEN_BEGINS = "开始时间，整刻钟，最多提前 90 天 / When it begins, by the quarter of an hour; at most 90 days ahead."
GIVEN_ENDS = "结束时间，整刻钟，与开始同日 / When it ends, by the quarter, on the same day."
MINUTES = "使用分钟数，不含已取消的 / For how many minutes, without those cancelled."
EXPECTED = "预计人次，不含已取消的 / How many people were expected, without those cancelled."
VISITS = "实到人次 / How many people came."
BOOKING = "预订 / The booking."


class VenueBookingFilter:
    """筛选预订，各项须同时满足 / Which bookings: every condition given must hold."""

    day: DateRange = days_of(lambda booking: day_of(booking.begins_at), "日期 / On one of these days.")
    kind: list[BorrowerKind] = among(bookings.c.kind, "使用方类别 / By one of these kinds.")
    status: list[BookingStatus] = among(bookings.c.status, "状态 / Of one of these statuses.")
    recorded: bool = where(
        lambda booking, given: booking.came.is_not(None) == given["value"],
        "是否已登记实到人数 / Whether it is recorded how many came.",
        value=(Boolean(), bool),
    )


class BorrowerKindCount:
    """一类使用方的预订 / The bookings by one kind."""

    kind: BorrowerKind = column(KIND)
    count: int = measure(HOW_MANY)
    minutes: SafeInt = measure(MINUTES, where=counts, total=lambda booking: booking.minutes)
    came: SafeInt = measure(VISITS, total=lambda booking: booking.came)


class VenueBookingTotals:
    """预订合计 / What bookings come to."""

    count: int = measure(HOW_MANY)
    booked: int = measure("未取消的 / How many are not cancelled.", where=counts)
    minutes: SafeInt = measure(MINUTES, where=counts, total=lambda booking: booking.minutes)
    people: SafeInt = measure(EXPECTED, where=counts, total=lambda booking: booking.people)
    came: SafeInt = measure(VISITS, total=lambda booking: booking.came)
    by_kind: list[BorrowerKindCount] = grouped(BorrowerKindCount, "按使用方类别 / By the kind of who uses it.")


@entity(
    bookings,
    policy="venue_booking",
    tag="vb",
    ways={Way.WITHIN: lambda booking: booking.unit_path},
    sort=lambda booking: (booking.begins_at,),
    ties=lambda booking: (booking.begins_at, booking.unit_path),
    filter=VenueBookingFilter,
    orders={
        "BEGINS_AT": lambda booking: (booking.begins_at,),
        "PLACE": lambda booking: (booking.unit_path,),
        "STATUS": lambda booking: (booking.status,),
    },
    totals=VenueBookingTotals,
)
class VenueBooking:
    """场地预订：同一场地同一时间只有一个 / A booking of a venue; never two of one venue at the same time."""

    borrower: str = column("使用方名称 / Who uses it.")
    kind: BorrowerKind = column(KIND)
    purpose: str = column(PURPOSE)
    begins_at: datetime = column(BEGINS)
    ends_at: datetime = column(ENDS)
    minutes: int = column("分钟数 / For how many minutes.")
    people: int = column("预计人数 / How many people are expected.")
    came: int | None = column(CAME)
    status: BookingStatus = column("状态 / Booked, or cancelled.")
    cancel_reason: str | None = column("取消原因 / Why it was cancelled.")
    venue_name: str = column(
        "场地名称 / The venue's name.", lambda booking: venue_name(booking.venue_id), brings="Venue"
    )
    centre_name: str = column(
        "邻里中心名称 / The centre's name.", lambda booking: centre_of(booking.venue_id), brings="Centre"
    )
    place: list[str] = column(PLACE, lambda booking: place(booking.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda booking, unit: unit.path == booking.unit_path, UNIT)
    venue: "Venue | None" = one(lambda booking, venue: venue.id == booking.venue_id, VENUE)


# --- commands ---------------------------------------------------------------------------------------------------------


class BookVenueInput:
    """预订场地，限其开放时间之内 / Book a venue, while it is lent out."""

    venue: Record = belongs_to("Venue", VENUE)
    borrower: str = given(BORROWER)
    kind: BorrowerKind = given(KIND)
    purpose: str = given(PURPOSE)
    begins_at: datetime = given(GIVEN_BEGINS)
    ends_at: datetime = given(GIVEN_ENDS)
    people: int = given(PEOPLE)


class CancelBookingInput:
    """取消尚未开始的预订，不可恢复 / Cancel a booking before it begins, for good."""

    booking: Record = target("VenueBooking", BOOKING)
    version: int = version()
    reason: str = given("原因，最多一百个字符 / Why; at most 100 characters.")


class FinishBookingInput:
    """登记实到人数，自结束之时起；可重新登记 / Record how many came, once it is over; it can be recorded anew."""

    booking: Record = target("VenueBooking", BOOKING)
    version: int = version()
    came: int = given(
        "实到人次，0 至 10000，可多于场地容纳人数 / How many came; 0 to 10,000, also more than the venue holds at once."
    )


class StrikeOutBookingInput:
    """删除已开始而本不存在的预订 / Remove a booking that has begun and never was."""

    booking: Record = target("VenueBooking", BOOKING)
    version: int = version()
    reason: str = given(REASON)


def to_begin(booking: Row) -> ColumnElement[bool]:
    """What has yet to begin, and is not cancelled."""
    return and_(booking.status == BookingStatus.BOOKED, booking.begins_at > func.now())


def over(booking: Row) -> ColumnElement[bool]:
    """What is over, and was not cancelled."""
    return and_(booking.status == BookingStatus.BOOKED, booking.ends_at <= func.now())


def past(booking: Row) -> ColumnElement[bool]:
    """What has begun, cancelled or not."""
    begins: ColumnElement[bool] = booking.begins_at <= func.now()
    return begins


COMMANDS = {
    "book_venue": command(
        commands.book, BookVenueInput, "venue_booking:book", returns="VenueBooking", when=not_withdrawn
    ),
    "cancel_booking": command(
        commands.cancel, CancelBookingInput, "venue_booking:cancel", returns="VenueBooking", when=to_begin
    ),
    "finish_booking": command(
        commands.finish, FinishBookingInput, "venue_booking:finish", returns="VenueBooking", when=over
    ),
    "strike_out_booking": command(
        commands.strike_out, StrikeOutBookingInput, "venue_booking:strike_out", returns="Venue", when=past
    ),
}
