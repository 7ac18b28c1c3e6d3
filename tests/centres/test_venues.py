"""Venues lent out and booked: hours, what has passed, what is booked meanwhile, who sees it, what it comes to."""

from datetime import datetime
from typing import Any

import asyncpg
import pytest

from services.centres.bookings import _some_time
from services.errors import Rejected
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, PARTNER, TOWN_ADMIN, told
from tests.centres.lending import CHOIR, HALL, SOON, WEEK, at, booked, hall, held, weekday
from tests.centres.test_centres import centre
from tests.days import day
from tests.writes.api import Api

VENUE = "venue { id name capacity opensAt closesAt days withdrawnOn centreName place version centre { name } }"
BOOKING = """venueBooking { id borrower kind purpose beginsAt endsAt people came status cancelReason
    venueName centreName version venue { name } }"""
CHOSEN = ("borrower", "purpose", "people")
FREE = """query($from: DateTime!, $to: DateTime!) {
    venues(filter: {free: {from: $from, to: $to}}, orderBy: {field: CAPACITY}) { nodes { name } } }"""


def span(first: str, last: str, on: int = SOON) -> dict[str, str]:
    return dict(zip(("from", "to"), at(first, last, on).values(), strict=True))


async def free(api: Api, first: str, last: str, on: int = SOON, who: tuple[str, str] = ADMIN) -> list[str]:
    found = await api.data(who, FREE, **span(first, last, on))
    return [node["name"] for node in found["venues"]["nodes"]]


def test_what_has_begun_is_not_said_to_be_over() -> None:
    now = datetime.fromisoformat("2026-10-09T09:20:00+08:00")
    for begins, ends, word in (((8, 0), (9, 0), "over"), ((9, 0), (10, 0), "begun"), ((9, 0), (9, 15), "over")):
        asked = {name: now.replace(hour=at[0], minute=at[1]) for name, at in (("begins_at", begins), ("ends_at", ends))}
        with pytest.raises(Rejected) as refused:
            _some_time(asked, now)
        assert [each.field for each in refused.value.problems] == ["begins_at"]
        assert word in refused.value.problems[0].text.en, begins


async def test_a_venue_is_offered_changed_and_withdrawn(api: Api) -> None:
    of = await centre(api)
    given = {"centreId": of, **HALL, "days": ["SUNDAY", "MONDAY", "SUNDAY"]}
    made = (await api.do(ADMIN, "offerVenue", VENUE, **given))["venue"]
    it = {"id": made.pop("id")}
    assert made == {
        **HALL,
        "days": ["MONDAY", "SUNDAY"],
        "withdrawnOn": None,
        "centreName": "北关邻里中心",
        "place": ["惠安县", "螺城镇", "北关社区居委会"],
        "version": 1,
        "centre": {"name": "北关邻里中心"},
    }
    assert await told(api, ADMIN, "offerVenue", **given) == [("TAKEN", "name")]
    wrong = {"name": "", "capacity": 0, "opensAt": "8:00", "closesAt": "22:10", "days": []}
    refused = [("INVALID", field) for field in ("name", "capacity", "opensAt", "closesAt")]
    assert await told(api, ADMIN, "offerVenue", **{**given, **wrong}) == [*refused, ("INCOMPLETE", "days")]
    assert await told(api, ADMIN, "updateVenue", **it, opensAt="24:00") == [("INVALID", "opensAt")]
    assert await told(api, ADMIN, "updateVenue", **it, opensAt="22:00") == [("INVALID", "closesAt")]
    assert await told(api, ADMIN, "updateVenue", **it, closesAt="08:00") == [("INVALID", "closesAt")]
    changed = (await api.do(ADMIN, "updateVenue", VENUE, **it, opensAt="00:00", closesAt="24:00"))["venue"]
    assert (changed["opensAt"], changed["closesAt"], changed["version"]) == ("00:00", "24:00", 2)
    gone = (await api.do(ADMIN, "withdrawVenue", VENUE, **it))["venue"]
    assert gone["withdrawnOn"] == day(0)
    for command, more in (("updateVenue", {"capacity": 1}), ("withdrawVenue", {})):
        assert await told(api, ADMIN, command, **it, **more) == [("CLOSED", "id")]
    assert await told(api, ADMIN, "bookVenue", venueId=it["id"], **CHOIR, **at("09:00", "10:00")) == [
        ("CLOSED", "venueId")
    ]
    await api.do(ADMIN, "offerVenue", "", **given)  # the name is free again
    found = await api.data(ADMIN, "{ venues { totalCount } all: venues(filter: {withdrawn: null}) { totalCount } }")
    assert [page["totalCount"] for page in found.values()] == [1, 2]


async def test_a_venue_is_booked_cancelled_and_free(api: Api) -> None:
    room = await hall(api)
    given = {"venueId": room, **CHOIR, **at("19:00", "20:30")}
    made = (await api.do(ADMIN, "bookVenue", BOOKING, **given))["venueBooking"]
    it = {"id": made.pop("id")}
    assert made == {
        **CHOIR,
        **at("19:00", "20:30"),
        "came": None,
        "status": "BOOKED",
        "cancelReason": None,
        "venueName": "多功能厅",
        "centreName": "北关邻里中心",
        "version": 1,
        "venue": {"name": "多功能厅"},
    }
    for first, last in (("19:00", "20:30"), ("18:00", "19:15"), ("19:15", "19:30"), ("20:15", "22:00")):
        assert await told(api, ADMIN, "bookVenue", **given | at(first, last)) == [("TAKEN", "beginsAt")], first
        assert await free(api, first, last) == []
    for first, last in (("18:00", "19:00"), ("20:30", "22:00")):
        assert await free(api, first, last) == ["多功能厅"]
        await booked(api, room, first, last)
    query = """query($id: ID!, $day: DateRange) { node(id: $id) { ... on Venue {
        bookings(filter: {day: $day}) { nodes { beginsAt endsAt } }
        takenTimes(filter: {day: $day}) { totalCount } } } }"""
    found = (await api.data(ADMIN, query, id=room, day={"from": day(SOON), "to": day(SOON)}))["node"]
    times = [at("18:00", "19:00"), at("19:00", "20:30"), at("20:30", "22:00")]
    assert found == {"bookings": {"nodes": times}, "takenTimes": {"totalCount": 3}}
    done = (await api.do(ADMIN, "cancelBooking", BOOKING, **it, reason="改期"))["venueBooking"]
    assert (done["status"], done["cancelReason"]) == ("CANCELLED", "改期")
    for command, more in (("cancelBooking", {"reason": "又"}), ("finishBooking", {"came": 1})):
        assert await told(api, ADMIN, command, **it, **more) == [("CLOSED", "id")]
    assert await free(api, "19:00", "20:30") == ["多功能厅"]
    assert await told(api, ADMIN, "bookVenue", **given) == []  # and the time is another's
    found = (await api.data(ADMIN, query, id=room, day={"from": day(SOON)}))["node"]
    assert [len(found["bookings"]["nodes"]), found["takenTimes"]["totalCount"]] == [4, 3]
    other = (await api.data(ADMIN, query, id=room, day={"to": day(SOON - 1)}))["node"]
    assert other == {"bookings": {"nodes": []}, "takenTimes": {"totalCount": 0}}


async def test_what_a_venue_does_not_take(api: Api) -> None:
    """Its hours and days, the quarter of an hour, one day, what has passed or lies far ahead, and how many it holds."""
    open_on = [each for each in WEEK if each != weekday(SOON + 1)]
    room = await hall(api, days=open_on)
    given = {"venueId": room, **CHOIR, **at("09:00", "10:00")}
    midnight = {"beginsAt": f"{day(SOON)}T21:00:00+08:00", "endsAt": f"{day(SOON + 1)}T00:00:00+08:00"}
    over = {"beginsAt": f"{day(SOON)}T21:00:00+08:00", "endsAt": f"{day(SOON + 1)}T09:00:00+08:00"}
    for wrong, refused in (
        (at("07:45", "09:00"), [("OUT_OF_REACH", "beginsAt")]),
        (at("21:00", "22:15"), [("OUT_OF_REACH", "endsAt")]),
        (at("07:00", "23:00"), [("OUT_OF_REACH", "beginsAt"), ("OUT_OF_REACH", "endsAt")]),
        (midnight, [("OUT_OF_REACH", "endsAt")]),
        (over, [("INVALID", "endsAt")]),
        (at("09:00", "10:00", SOON + 1), [("OUT_OF_REACH", "beginsAt")]),
        (at("09:10", "10:00"), [("INVALID", "beginsAt")]),
        (at("09:00", "09:00"), [("INVALID", "endsAt")]),
        (at("10:00", "09:00"), [("INVALID", "endsAt")]),
        (at("09:00", "10:00", -7), [("INVALID", "beginsAt")]),
        (at("09:00", "10:00", 91 if weekday(91) in open_on else 92), [("INVALID", "beginsAt")]),
        ({"beginsAt": "0001-01-01T00:00:00+14:00"}, [("INVALID", "beginsAt")]),
        ({"endsAt": "9999-12-31T23:45:00-12:00"}, [("INVALID", "endsAt")]),
        ({"people": 61}, [("OUT_OF_REACH", "people")]),
        ({"people": 0, "borrower": " ", "purpose": "甲\n乙"}, [("INVALID", each) for each in CHOSEN]),
    ):  # fmt: skip
        assert await told(api, ADMIN, "bookVenue", **{**given, **wrong}) == refused, wrong
    utc = {"beginsAt": f"{day(SOON)}T00:00:00Z", "endsAt": f"{day(SOON)}T00:15:00Z"}
    made = (await api.do(ADMIN, "bookVenue", BOOKING, **given | utc))["venueBooking"]
    assert {field: made[field] for field in utc} == at("08:00", "08:15")
    last = 90 if weekday(90) in open_on else 89
    for on, first, until in ((last, "09:00", "10:00"), (SOON, "21:00", "22:00")):
        assert await told(api, ADMIN, "bookVenue", **given | at(first, until, on)) == []
    assert await told(api, ADMIN, "updateVenue", id=room, opensAt="00:00", closesAt="24:00") == []
    last_hours = {"beginsAt": at("22:00", "22:00")["beginsAt"], "endsAt": midnight["endsAt"]}
    assert await told(api, ADMIN, "bookVenue", **given | last_hours) == []


async def test_free_at_a_time(api: Api) -> None:
    """By hours, days and bookings; whatever was withdrawn is not."""
    room = await hall(api, days=[weekday()])
    of = (await api.data(ADMIN, "{ centres { nodes { id } } }"))["centres"]["nodes"][0]["id"]
    small = {**HALL, "name": "阅览室", "capacity": 8, "closesAt": "24:00"}
    other = (await api.do(ADMIN, "offerVenue", "venue { id }", centreId=of, **small))["venue"]["id"]
    assert await free(api, "08:00", "22:00") == ["阅览室", "多功能厅"]
    assert await free(api, "07:45", "09:00") == []
    assert await free(api, "21:45", "22:15") == ["阅览室"]
    late = {"from": f"{day(SOON)}T23:00:00+08:00", "to": f"{day(SOON + 1)}T00:00:00+08:00"}
    assert (await api.data(ADMIN, FREE, **late))["venues"]["nodes"] == [{"name": "阅览室"}]
    assert await free(api, "08:00", "09:00", SOON + 1) == ["阅览室"]
    await booked(api, other, "09:00", "10:00", people=8)
    assert await free(api, "09:45", "11:00") == ["多功能厅"]
    await api.do(ADMIN, "withdrawVenue", "", id=room)
    assert await free(api, "09:45", "11:00") == []
    assert await free(api, "10:00", "11:00", who=PARTNER) == ["阅览室"]
    whatever = FREE.replace("filter: {", "filter: {withdrawn: null, ")
    found = await api.data(ADMIN, whatever, **span("10:00", "11:00"))
    assert found["venues"]["nodes"] == [{"name": "阅览室"}]
    for wrong in (
        span("10:00", "09:00"),
        {"from": f"{day(1)}T09:00:00+08:00", "to": f"{day(2)}T09:00:00+08:00"},
        {"from": "0001-01-01T00:00:00+14:00", "to": "0001-01-01T00:00:00+14:00"},
        {"from": "9999-12-31T23:00:00-12:00", "to": "9999-12-31T23:15:00-12:00"},
    ):
        answer = await api.ask(ADMIN, FREE, **wrong)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT", wrong


async def test_what_is_booked_stays_so(api: Api, town: Town) -> None:
    """A venue does not become what a booking to come would not fit, nor goes, nor its centre; of those past it may."""
    room = await hall(api)
    await held(town, room, 2, people=60)
    it = await booked(api, room, "09:00", "21:00", people=50)
    of = (await api.data(ADMIN, "{ centres { nodes { id } } }"))["centres"]["nodes"][0]["id"]
    without = [each for each in WEEK if each != weekday()]
    for change in ({"capacity": 49}, {"opensAt": "09:15"}, {"closesAt": "20:45"}, {"days": without}):
        assert await told(api, ADMIN, "updateVenue", id=room, **change) == [("TAKEN", "id")], change
    assert await told(api, ADMIN, "withdrawVenue", id=room) == [("TAKEN", "id")]
    assert await told(api, ADMIN, "closeCentre", id=of, on=day(0)) == [("TAKEN", "id")]
    fits = {"capacity": 50, "opensAt": "09:00", "closesAt": "21:00", "days": [weekday()]}
    assert await told(api, ADMIN, "updateVenue", id=room, **fits) == []
    await api.do(ADMIN, "cancelBooking", "", id=it, reason="改期")
    shown = "centre { venues(filter: {withdrawn: true}) { nodes { withdrawnOn } } }"
    closed = await api.do(ADMIN, "closeCentre", shown, id=of, on=day(-1))
    assert closed["centre"] == {"venues": {"nodes": [{"withdrawnOn": day(0)}]}}
    assert await told(api, ADMIN, "offerVenue", centreId=of, **HALL) == [("CLOSED", "centreId")]


async def test_what_has_passed(api: Api, town: Town) -> None:
    """How many came is recorded once it is over, and anew; what is to come has nobody, what was is not cancelled."""
    room = await hall(api)
    past = {"id": f"vb_{(await held(town, room, 1))['id']}"}
    ahead = {"id": await booked(api, room, "09:00", "10:00")}
    assert await told(api, ADMIN, "cancelBooking", **past, reason="晚") == [("CLOSED", "id")]
    assert await told(api, ADMIN, "finishBooking", **ahead, came=3) == [("INVALID", "id")]
    for came in (80, 78):
        done = (await api.do(ADMIN, "finishBooking", BOOKING, **past, came=came))["venueBooking"]
        assert (done["came"], done["status"]) == (came, "BOOKED")


async def test_the_database_holds_what_a_command_forgets(api: Api, town: Town) -> None:
    room = await hall(api)
    it = await booked(api, room, "09:00", "10:00", people=60)
    moved = (
        "UPDATE venue_booking SET begins_at = begins_at + $2::interval, ends_at = ends_at + $3::interval WHERE id = $1"
    )
    for first, last, word in (
        ("-2 hours", "0", "does not take it"),
        ("0", "12 hours 15 minutes", "does not take it"),
        ("1 minute", "0", "quarters"),
        ("0", "15 hours", "within_a_day"),
        ("1 hour", "0", "within_a_day"),
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match=word):
            await town.connection.execute(moved.replace("$2", f"'{first}'").replace("$3", f"'{last}'"), it[3:])
    await api.do(ADMIN, "cancelBooking", "", id=it, reason="改期")
    with pytest.raises(asyncpg.CheckViolationError, match="cancelled"):
        await town.connection.execute("UPDATE venue_booking SET status = 'BOOKED', cancel_reason = NULL")
    await api.do(ADMIN, "withdrawVenue", "", id=room)
    with pytest.raises(asyncpg.CheckViolationError, match="does not take it"):
        await town.connection.execute(
            "INSERT INTO venue_booking (id, venue_id, unit_path, borrower, kind, purpose, begins_at, ends_at, people)"
            " SELECT gen_random_uuid(), venue_id, unit_path, borrower, kind, purpose, begins_at, ends_at, people"
            " FROM venue_booking"
        )


async def test_who_reads_what(api: Api, town: Town) -> None:
    """Members the venues of the units above them and when they are taken; neither who booked nor why."""
    room = await hall(api)
    it = await booked(api, room, "09:00", "10:00")
    one, other = await town.member("林一", GRID), await town.member("林一", "350521101")
    own, away = (("member", f"mb_{member['id']}") for member in (one, other))
    query = """query($id: ID!) { venues { totalCount nodes { bookings { totalCount } takenTimes { totalCount } } }
        venueBookings { totalCount } node(id: $id) { id } }"""
    for who, seen in (
        *((who, [1, 1, 1, 1, True]) for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN)),
        (AUDITOR, [1, 1, 0, 1, True]),
        (own, [1, 0, 1, 0, False]),
        *((who, [0, 0, 0, 0, False]) for who in (NEIGHBOUR, away, COMMITTEE)),
    ):
        found = await api.data(who, query, id=it)
        (venue,) = found["venues"]["nodes"] or [{}]
        pages = [found["venues"], venue.get("bookings"), venue.get("takenTimes"), found["venueBookings"]]
        assert [*(page["totalCount"] if page else 0 for page in pages), found["node"] is not None] == seen, who
    assert (await api.data(PARTNER, "{ venues { nodes { name } } }"))["venues"]["nodes"] == [{"name": "多功能厅"}]
    times = "{ venues { nodes { takenTimes { nodes { beginsAt endsAt venueName venue { name } } } } } }"
    (shown,) = (await api.data(own, times))["venues"]["nodes"][0]["takenTimes"]["nodes"]
    assert shown == {**at("09:00", "10:00"), "venueName": "多功能厅", "venue": {"name": "多功能厅"}}
    given = {"venueId": room, **CHOIR, **at("11:00", "12:00")}
    for who, refused in (
        *((who, "FORBIDDEN") for who in (own, AUDITOR)),
        *((who, "NOT_FOUND") for who in (NEIGHBOUR, COMMITTEE)),
    ):
        assert await told(api, who, "bookVenue", **given) == refused, who
        assert await told(api, who, "withdrawVenue", id=room) == refused, who
        assert await told(api, who, "cancelBooking", id=it, reason="无") == (
            "FORBIDDEN" if who == AUDITOR else "NOT_FOUND"
        )


async def test_what_it_comes_to(api: Api, town: Town) -> None:
    """Minutes and people of what was not cancelled; by kind, by year and by day."""
    room = await hall(api)
    recent = await held(town, room, 1, came=20)
    year = recent["begins_at"].year
    await held(town, room, 400, came=7)
    await held(town, room, 800, status="CANCELLED", cancel_reason="雨")
    await booked(api, room, "09:00", "10:00", people=10, kind="ENTERPRISE")
    query = """query($day: DateRange) { venueBookings(filter: {day: $day}) {
        totals { count booked minutes people came byKind { kind count minutes came } } } }"""
    found = (await api.data(AUDITOR, query, day=None))["venueBookings"]["totals"]
    team = {"kind": "RESIDENTS_TEAM", "count": 3, "minutes": 180, "came": 27}
    assert found == {
        "count": 4,
        "booked": 3,
        "minutes": 240,
        "people": 58,
        "came": 27,
        "byKind": [{"kind": "ENTERPRISE", "count": 1, "minutes": 60, "came": 0}, team],
    }
    assert (await api.data(AUDITOR, query, day={"from": day(1)}))["venueBookings"]["totals"]["minutes"] == 60
    numbers = """query($code: String!, $day: Date) { orgUnit(by: {code: $code}) {
        indicators(asOf: $day) { venues venueMinutes venueVisits } } }"""

    async def shown(on: str, code: str = COUNTY) -> list[Any]:
        found = await api.data(COUNTY_ADMIN, numbers, code=code, day=on)
        return list(found["orgUnit"]["indicators"].values())

    assert await shown(day(-1)) == await shown(day(-1), COMMUNITY) == [1, 90, 20]
    assert await shown(day(-400)) == [1, 90, 7]
    assert await shown(f"{year}-12-31") == ([1, 150, 20] if day(SOON)[:4] == str(year) else [1, 90, 20])
    assert await shown(day(-1), "350521101") == [0, 0, 0]
    await api.do(ADMIN, "cancelBooking", "", id=(await latest(api)), reason="改期")
    await api.do(ADMIN, "withdrawVenue", "", id=room)
    assert ((await shown(day(0)))[0], await shown(day(-1))) == (0, [1, 90, 20])


async def latest(api: Api) -> str:
    """The last booking there is."""
    query = "{ venueBookings(last: 1) { nodes { id } } }"
    found: str = (await api.data(ADMIN, query))["venueBookings"]["nodes"][0]["id"]
    return found
