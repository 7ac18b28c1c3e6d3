"""Venues 场地 that centres lend out 共建共享, when they are taken, and the commands about them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import strawberry
from sqlalchemy import DateTime, and_

from policies.scope import Way
from schema.centres.centres import CENTRE, Centre
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.entities import column, entity, one, where
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, IntRange, days_of, numbers
from schema.kit.scalars import SafeInt
from schema.kit.states import not_withdrawn, still_open
from schema.kit.texts import HOW_MANY, NAME, NAME_CONTAINS, PLACE, UNIT, VERSION
from schema.kit.words import folded_contains, known_day, over
from schema.organization.units import OrgUnit
from services.catalog.tables import reached
from services.centres import venues as commands
from services.centres.bookings import clock, there
from services.centres.tables import centre_name
from services.centres.venue_tables import WEEKDAYS, Weekday, day_of, taken, taken_times, venue_name, venues
from services.errors import bad_input
from services.organization.paths import place
from services.storage.tables import BYTEWISE
from services.storage.transaction import Record

VENUE = "场地 / The venue."
VENUE_NAME = "场地名称，同一中心不重名 / The venue's name; once for each centre."
CAPACITY = "可容纳人数，1 至 10000 / How many people it holds; 1 to 10,000."
OPENS = "每日开放起始，整刻钟，如 08:00 / From when it is lent out, by the quarter, as 08:00."
CLOSES = "每日开放截止，整刻钟，最晚 24:00 / Until when, by the quarter; 24:00 at latest."
DAYS = "每周开放的日子 / On which days of the week."
GIVEN_DAYS = "每周开放的日子，默认每天 / On which days of the week; every day by default."
WITHDRAWN = "撤回日期，自该日起不再借用 / The day from which it is lent out no more."
BEGINS = "开始时间 / When it begins."
ENDS = "结束时间 / When it ends."


@strawberry.input(description="一段时间，须在同一日内 / A time: from one moment to another of the same day.")
class TimeSpan:
    """A time of a day."""

    from_: datetime = strawberry.field(name="from", description="自何时 / From when.")
    to: datetime = strawberry.field(description="至何时 / Until when.")


def _span(given: Mapping[str, datetime]) -> tuple[datetime, datetime]:
    for moment in (given["from"], given["to"]):
        known_day(moment.date())
    return there(given["from"]), there(given["to"])


def _clock(given: Mapping[str, datetime]) -> tuple[Weekday, str, str]:
    found = clock(*_span(given))
    if found is None:
        zh, en = "须在开始之后、当日之内结束。", "It must end after it begins, and on the same day."
        raise bad_input(zh, en)
    return found


def free(description: str) -> Any:
    """It is lent out at a time and nobody has booked it."""
    return where(
        lambda row, given: and_(
            row.withdrawn_on.is_(None),
            row.days.overlap(given["days"]),
            row.opens_at <= given["opens"],
            row.closes_at >= given["closes"],
            ~taken(row.id, given["begins"], given["ends"]),
        ),
        description,
        begins=(DateTime(timezone=True), lambda span: _span(span)[0]),
        ends=(DateTime(timezone=True), lambda span: _span(span)[1]),
        days=(WEEKDAYS, lambda span: [_clock(span)[0].name]),
        opens=(BYTEWISE, lambda span: _clock(span)[1]),
        closes=(BYTEWISE, lambda span: _clock(span)[2]),
    )


class VenueFilter:
    """筛选场地，各项须同时满足 / Which venues: every condition given must hold."""

    name_contains: str = folded_contains(NAME_CONTAINS)
    capacity: IntRange = numbers("capacity", "可容纳人数 / It holds so many people.")
    free: TimeSpan = free("这段时间开放且无人预订 / It is lent out at this time, and nobody has booked it.")
    withdrawn: bool = over(
        "withdrawn_on",
        "是否已撤回；默认仅列未撤回者，null 为全部 / Whether it is withdrawn: not by default; null: all.",
    )


class VenueTotals:
    """场地合计 / What venues come to."""

    count: int = measure(HOW_MANY)
    centres: int = measure("邻里中心数 / Of how many centres.", distinct=lambda venue: venue.centre_id)
    capacity: SafeInt = measure("可容纳人数 / How many people they hold.", total=lambda venue: venue.capacity)


@entity(
    venues,
    policy="venue",
    tag="vn",
    ways={
        Way.WITHIN: lambda venue: venue.unit_path,
        Way.ABOVE: lambda venue: venue.unit_path,
        Way.MEMBER: reached,
    },
    sort=lambda venue: (venue.unit_path,),
    ties=lambda venue: (venue.sorting, venue.unit_path),
    filter=VenueFilter,
    orders={
        "PLACE": lambda venue: (venue.unit_path,),
        "NAME": lambda venue: (venue.sorting,),
        "CAPACITY": lambda venue: (venue.capacity,),
    },
    totals=VenueTotals,
)
class Venue:
    """场地：邻里中心向周边单位、社会组织和居民队伍开放 / A venue a centre lends to whoever is near."""

    name: str = column(NAME)
    capacity: int = column("可容纳人数 / How many people it holds.")
    opens_at: str = column("每日开放起始，如 08:00 / From when it is lent out, as 08:00.")
    closes_at: str = column("每日开放截止，如 22:00 / Until when it is lent out, as 22:00.")
    days: list[Weekday] = column(DAYS)
    withdrawn_on: date | None = column(WITHDRAWN)
    centre_name: str = column(
        "邻里中心名称 / The centre's name.", lambda venue: centre_name(venue.centre_id), brings="Centre"
    )
    place: list[str] = column(PLACE, lambda venue: place(venue.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda venue, unit: unit.path == venue.unit_path, UNIT)
    centre: "Centre | None" = one(lambda venue, centre: centre.id == venue.centre_id, CENTRE)


class TakenTimeFilter:
    """筛选已占用的时段，各项须同时满足 / Which times: every condition given must hold."""

    day: DateRange = days_of(lambda time: day_of(time.begins_at), "日期 / On one of these days.")


@entity(
    taken_times,
    policy="taken_time",
    ways={
        Way.WITHIN: lambda time: time.unit_path,
        Way.ABOVE: lambda time: time.unit_path,
        Way.MEMBER: reached,
    },
    sort=lambda time: (time.begins_at,),
    ties=lambda time: (time.begins_at, time.unit_path),
    filter=TakenTimeFilter,
    orders={"BEGINS_AT": lambda time: (time.begins_at,), "PLACE": lambda time: (time.unit_path,)},
)
class TakenTime:
    """已占用的时段，不含由谁、为何 / A time at which a venue is taken: neither by whom nor what for."""

    begins_at: datetime = column(BEGINS)
    ends_at: datetime = column(ENDS)
    venue_name: str = column("场地名称 / The venue's name.", lambda time: venue_name(time.venue_id), brings="Venue")
    venue: "Venue | None" = one(lambda time, venue: venue.id == time.venue_id, VENUE)


# --- commands ---------------------------------------------------------------------------------------------------------


class OfferVenueInput:
    """邻里中心开放一处场地 / Lend out a venue of a centre."""

    centre: Record = belongs_to("Centre", CENTRE)
    name: str = given(VENUE_NAME)
    capacity: int = given(CAPACITY)
    opens_at: str = given(OPENS)
    closes_at: str = given(CLOSES)
    days: list[Weekday] | None = given(GIVEN_DAYS)


class UpdateVenueInput:
    """修改场地；已有的预订须仍然相符 / Change a venue; what is booked must go with it."""

    venue: Record = target("Venue", VENUE)
    version: int = version()
    name: str | None = given(VENUE_NAME)
    capacity: int | None = given(CAPACITY)
    opens_at: str | None = given(OPENS)
    closes_at: str | None = given(CLOSES)
    days: list[Weekday] | None = given(DAYS)


class WithdrawVenueInput:
    """撤回场地，今起不再借用；须先取消尚未结束的预订 / Lend a venue out no more; what is booked is cancelled first."""

    venue: Record = target("Venue", VENUE)
    version: int = version()


COMMANDS = {
    "offer_venue": command(commands.offer, OfferVenueInput, "venue:offer", returns="Venue", when=still_open),
    "update_venue": command(commands.update, UpdateVenueInput, "venue:update", returns="Venue", when=not_withdrawn),
    "withdraw_venue": command(
        commands.withdraw, WithdrawVenueInput, "venue:withdraw", returns="Venue", when=not_withdrawn
    ),
}
