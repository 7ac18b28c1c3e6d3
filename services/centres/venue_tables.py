"""Venues 场地 that centres lend out 共建共享, and their bookings: never two of one venue at the same time.

Hours are clock times of the county's day, "08:00" to "24:00", by the quarter; so are the beginning and end of a
booking, which lies within one day. That a booking fits its venue holds whichever of them changes: commands hold the
venue's row, and the database looks once more (migration 0052).
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Computed,
    Date,
    DateTime,
    Enum,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    cast,
    extract,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.centres.tables import centres
from services.described import Described
from services.errors import ProblemCode, Rule
from services.storage.tables import BYTEWISE, METADATA, RANGE, VIEW, aliased, identified, numbered, part_of, versioned
from services.terms import on

MOST = 10_000  # people in a venue
LONG = "(extract(epoch FROM ends_at - begins_at) / 60)::integer"
CLOCK = "([01][0-9]|2[0-3]):(00|15|30|45)"


class Weekday(Described):
    """星期几 / Days of the week."""

    MONDAY = "MONDAY", "星期一 / Monday."
    TUESDAY = "TUESDAY", "星期二 / Tuesday."
    WEDNESDAY = "WEDNESDAY", "星期三 / Wednesday."
    THURSDAY = "THURSDAY", "星期四 / Thursday."
    FRIDAY = "FRIDAY", "星期五 / Friday."
    SATURDAY = "SATURDAY", "星期六 / Saturday."
    SUNDAY = "SUNDAY", "星期日 / Sunday."


class BorrowerKind(Described):
    """使用方类别 / Kinds of those who use a venue."""

    ENTERPRISE = "ENTERPRISE", "周边企业 / An enterprise nearby."
    SOCIAL_ORGANIZATION = "SOCIAL_ORGANIZATION", "社会组织 / A social organization."
    RESIDENTS_TEAM = "RESIDENTS_TEAM", "居民队伍 / A residents' team."
    PUBLIC_BODY = "PUBLIC_BODY", "机关、事业单位 / A public body or institution."
    OTHER = "OTHER", "其他 / Another one."


class BookingStatus(Described):
    """预订状态：已预订、已取消 / Booked, or cancelled for good."""

    BOOKED = "BOOKED", "已预订 / Booked."
    CANCELLED = "CANCELLED", "已取消，不可恢复 / Cancelled, which is final."


WEEKDAYS = ARRAY(Enum(Weekday, name="weekday"))

# `cut_by_closing`: it was withdrawn as its centre closed, and is lent out again where that was a mistake.
venues = Table(
    "venue",
    METADATA,
    identified(),
    *part_of(centres, "centre_id"),
    Column("name", Text, nullable=False),
    *numbered(),
    Column("capacity", Integer, nullable=False, info={RANGE: (1, MOST)}),
    Column("opens_at", BYTEWISE, nullable=False),
    Column("closes_at", BYTEWISE, nullable=False),
    Column("days", WEEKDAYS, nullable=False),
    Column("withdrawn_on", Date),
    Column("cut_by_closing", Boolean, nullable=False, server_default="false"),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint(f"capacity BETWEEN 1 AND {MOST}", name="capacity"),
    CheckConstraint(f"opens_at ~ '^{CLOCK}$'", name="opens_at"),
    CheckConstraint(f"closes_at ~ '^({CLOCK}|24:00)$'", name="closes_at"),
    CheckConstraint("cardinality(days) > 0", name="days"),
    CheckConstraint("opens_at < closes_at", name="hours"),
    UniqueConstraint("id", "unit_path"),
    Index(
        "venue_centre_id_folded_key",
        "centre_id",
        "folded",
        unique=True,
        postgresql_where=text("withdrawn_on IS NULL"),
    ),
    Index("venue_unit_idx", "unit_path", "id"),
)

# Excluded by constraint: two bookings of one venue at the same time. `came`: how many did, once somebody has said so.
bookings = Table(
    "venue_booking",
    METADATA,
    identified(),
    *part_of(venues, "venue_id"),
    Column("borrower", Text, nullable=False),
    Column("kind", Enum(BorrowerKind, name="borrower_kind"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("begins_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("minutes", Integer, Computed(LONG, persisted=True), nullable=False),
    Column("people", Integer, nullable=False, info={RANGE: (1, MOST)}),
    Column("status", Enum(BookingStatus, name="booking_status"), nullable=False, server_default="BOOKED"),
    Column("cancel_reason", Text),
    Column("came", Integer, info={RANGE: (0, MOST)}),
    versioned(),
    CheckConstraint("borrower <> ''", name="borrower"),
    CheckConstraint("purpose <> ''", name="purpose"),
    CheckConstraint(f"people BETWEEN 1 AND {MOST}", name="people"),
    CheckConstraint(f"came BETWEEN 0 AND {MOST}", name="came"),
    CheckConstraint(
        "extract(epoch FROM begins_at)::numeric % 900 = 0 AND extract(epoch FROM ends_at)::numeric % 900 = 0",
        name="quarters",
    ),
    CheckConstraint(
        "begins_at < ends_at AND ends_at AT TIME ZONE 'Asia/Shanghai'"
        " <= date_trunc('day', begins_at AT TIME ZONE 'Asia/Shanghai') + interval '1 day'",
        name="within_a_day",
    ),
    CheckConstraint(
        "(status = 'CANCELLED') = (cancel_reason IS NOT NULL) AND (came IS NULL OR status = 'BOOKED')",
        name="cancelled",
    ),
    Index("venue_booking_venue_idx", "venue_id", "begins_at"),
    Index("venue_booking_unit_idx", "unit_path", "begins_at"),
)

# When a venue is taken: of a booking that is not cancelled, neither whose it is nor what for.
taken_times = Table(
    "taken_time",
    METADATA,
    identified(),
    Column("venue_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("begins_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    info={VIEW: True},
)

_UNFIT = ("该场地届时不接受此预订，请重新查看。", "The venue does not take this by now; look again.")
RULES: Mapping[str, Rule] = {
    "venue_centre_id_folded_key": Rule(
        "name", "该中心已有同名场地。", "The centre has a venue of this name already.", ProblemCode.TAKEN
    ),
    "venue_hours_check": Rule(
        "closes_at", "须晚于开始时间。", "This must be later than it opens.", ProblemCode.INVALID
    ),
    "venue_booking_excl": Rule(
        "begins_at", "该场地这段时间已被预订。", "The venue is booked at that time already.", ProblemCode.TAKEN
    ),
    "venue_booking_final_check": Rule(
        "booking", "预订已取消，不可恢复。", "It is cancelled, which is final.", ProblemCode.CLOSED
    ),
    "venue_booking_fits_check": Rule("venue", *_UNFIT),
    "venue_booked_check": Rule(
        "venue", "已有预订与此不符，请先取消。", "Bookings do not go with this: cancel those first.", ProblemCode.TAKEN
    ),
}


def venue_name(venue: Any) -> ColumnElement[Any]:
    """A venue's name, by its id."""
    of = aliased(venues)
    return select(of.c.name).where(of.c.id == venue).correlate_except(of).scalar_subquery()


def centre_of(venue: Any) -> ColumnElement[Any]:
    """The name of the centre a venue is of, by the venue's id."""
    of, centre = aliased(venues), aliased(centres)
    found = select(centre.c.name).join(of, of.c.centre_id == centre.c.id).where(of.c.id == venue)
    return found.correlate_except(of, centre).scalar_subquery()


def taken(venue: Any, begins_at: Any, ends_at: Any) -> ColumnElement[bool]:
    """Whether a venue is booked at some time between, by the index of what is excluded."""
    held = aliased(bookings)
    during = func.tstzrange(held.c.begins_at, held.c.ends_at).op("&&", is_comparison=True)
    at = (held.c.venue_id == venue, held.c.status == BookingStatus.BOOKED)
    return select(held.c.id).where(*at, during(func.tstzrange(begins_at, ends_at))).correlate_except(held).exists()


def counts(booking: Any) -> ColumnElement[bool]:
    """Whether a booking stands."""
    booked: ColumnElement[bool] = booking.status == BookingStatus.BOOKED
    return booked


def day_of(moment: Any) -> ColumnElement[Any]:
    """The day of a moment, where the sessions are."""
    return cast(moment, Date)


def in_its_year(moment: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a moment lies in the year of a day, at its end at latest."""
    return and_(day_of(moment) <= on(day), extract("year", day_of(moment)) == extract("year", on(day)))
