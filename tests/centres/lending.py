"""A venue of the community's centre, and bookings of it, for tests."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from services.centres.venue_tables import bookings, venues
from services.storage.transaction import Record
from tests.captains.town import Town
from tests.centres.asked import ADMIN
from tests.centres.test_centres import centre
from tests.days import day, today
from tests.writes.api import Api

HALL = {"name": "多功能厅", "capacity": 60, "opensAt": "08:00", "closesAt": "22:00"}
WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
CHOIR = {"borrower": "夕阳红合唱队", "kind": "RESIDENTS_TEAM", "purpose": "排练", "people": 24}
SOON = 3  # days from now


async def hall(api: Api, **more: Any) -> str:
    """The global id of a venue of a new centre of the community."""
    here = await centre(api)
    made: str = (await api.do(ADMIN, "offerVenue", "venue { id }", centreId=here, **{**HALL, **more}))["venue"]["id"]
    return made


def at(first: str, last: str, on: int = SOON) -> dict[str, str]:
    """Times of one day."""
    return {"beginsAt": f"{day(on)}T{first}:00+08:00", "endsAt": f"{day(on)}T{last}:00+08:00"}


def weekday(on: int = SOON) -> str:
    """The day of the week so many days from now."""
    return WEEK[(today() + timedelta(days=on)).weekday()]


async def booked(api: Api, venue: str, first: str, last: str, on: int = SOON, **more: Any) -> str:
    """The global id of a new booking."""
    given = {"venueId": venue, **CHOIR, **at(first, last, on), **more}
    made: str = (await api.do(ADMIN, "bookVenue", "venueBooking { id }", **given))["venueBooking"]["id"]
    return made


async def held(town: Town, venue: str, back: int, **more: Any) -> Record:
    """A booking so many days ago, from nine to half past ten."""
    times = "SELECT ($1::date + $2::time) AT TIME ZONE 'Asia/Shanghai'"
    begins, ends = [
        await town.connection.fetchval(times.replace("$2", f"'{clock}'"), today() - timedelta(days=back))
        for clock in ("09:00", "10:30")
    ]
    row = await town.row(venues, UUID(venue[3:]))
    place = {"venue_id": row["id"], "unit_path": row["unit_path"], "begins_at": begins, "ends_at": ends}
    return await town.add(bookings, **place, **{**CHOIR, **more})
