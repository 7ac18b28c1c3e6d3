"""Fifty at once for one venue, over the real service in two processes; and what is free is found by an index."""

import asyncio
import json
from collections import Counter
from typing import Any

import httpx
from sqlalchemy import select

from services.centres.venue_tables import taken, venues
from services.storage.transaction import compiled
from tests.captains.town import COMMUNITY, Town
from tests.centres.lending import CHOIR, at, hall
from tests.conftest import start_service, stop_service
from tests.days import today
from tests.golden.world import path_of
from tests.http.asking import NO_TLS
from tests.live.processes import becomes, workers
from tests.writes.api import Api, mutation

MANY, WORKERS = 50, 2
# Each comes over a connection of its own, by either process; half of them want a time that overlaps the others'.
TIMES = (("19:00", "21:00"), ("20:00", "22:00"))


async def one(client: httpx.AsyncClient, url: str, venue: str, number: int) -> Any:
    said = {**CHOIR, "borrower": f"第{number}家", "idempotencyKey": f"{number}"}
    given = {"venueId": venue, **said, **at(*TIMES[number % 2])}
    query = mutation("bookVenue", "venueBooking { borrower }")
    answer = await client.post(f"{url}/graphql", json={"query": query, "variables": {"input": given}})
    return json.loads(answer.text)["data"]["bookVenue"]


async def test_one_of_fifty_gets_the_room(api: Api, town: Town) -> None:
    """The others are told that it is taken, of the field, and nothing else is: every answer comes, one row is there."""
    venue = await hall(api)
    service = await asyncio.to_thread(start_service, town.url, "--workers", f"{WORKERS}")
    try:
        await asyncio.to_thread(becomes, lambda: len(workers(service)) == WORKERS)
        headers = {"Authorization": f"Bearer {service.token('community_admin', COMMUNITY)}"}
        alone = httpx.Limits(max_keepalive_connections=0)
        async with httpx.AsyncClient(trust_env=False, verify=NO_TLS, headers=headers, timeout=60, limits=alone) as of:
            answers = await asyncio.gather(*(one(of, service.url, venue, number) for number in range(MANY)))
    finally:
        await asyncio.to_thread(stop_service, service)
    told = Counter(str([(each["code"], each["field"]) for each in answer["userErrors"]]) for answer in answers)
    assert told == {"[]": 1, "[('TAKEN', ['input', 'beginsAt'])]": MANY - 1}
    (won,) = [answer["venueBooking"]["borrower"] for answer in answers if answer["venueBooking"]]
    assert [row["borrower"] for row in await town.connection.fetch("SELECT borrower FROM venue_booking")] == [won]
    kept = "SELECT count(*) FROM audit_entry WHERE command = 'bookVenue'"
    assert await town.connection.fetchval(kept) == 1


CROWD = """
    WITH room AS (
        INSERT INTO venue (id, centre_id, unit_path, name, folded, capacity, opens_at, closes_at, days)
        SELECT gen_random_uuid(), $1, $2, 'v' || n, 'v' || n, 10, '00:00', '24:00', enum_range(NULL::weekday)
        FROM generate_series(1, 300) AS n RETURNING id, unit_path
    ), held AS (SELECT room.*, $3::date + n AS day FROM room, generate_series(0, 60) AS n)
    SELECT id, unit_path, (day + time '09:00') AT TIME ZONE 'Asia/Shanghai' AS begins_at,
           (day + time '10:00') AT TIME ZONE 'Asia/Shanghai' AS ends_at FROM held
"""
BOOKED = """
    INSERT INTO venue_booking (id, venue_id, unit_path, borrower, kind, purpose, begins_at, ends_at, people)
    SELECT gen_random_uuid(), $1, $2, 'x', 'OTHER', 'y', $3, $4, 1
"""


async def test_what_is_free_is_found_by_an_index(api: Api, town: Town) -> None:
    venue = await hall(api)
    centre = await town.connection.fetchval("SELECT centre_id FROM venue WHERE id = $1", venue[3:])
    rows = await town.connection.fetch(CROWD, centre, path_of(COMMUNITY), today())
    await town.connection.executemany(BOOKED, [tuple(row) for row in rows])
    await town.connection.execute("ANALYZE venue, venue_booking")
    first = rows[0]
    statement = select(venues.c.id).where(~taken(venues.c.id, first["begins_at"], first["ends_at"]))
    sql, values = compiled(statement)
    free = await town.connection.fetch(sql, *values)
    assert [row["id"] for row in free] == [await town.connection.fetchval("SELECT id FROM venue WHERE capacity = 60")]
    plan = "\n".join(row[0] for row in await town.connection.fetch(f"EXPLAIN {sql}", *values))
    assert "venue_booking_excl" in plan, plan
