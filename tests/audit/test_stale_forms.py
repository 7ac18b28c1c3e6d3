"""A form that was opened before a deletion brings nobody back: whatever it changed counts it in a version."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.audit import mentions as named
from services.members.tables import NOBODY
from tests.audit.people import NAME, Person, deleted, mentions
from tests.writes.api import Api
from tests.writes.street import ADMIN, TOWN, day, made

TOWN_ADMIN = ("town_admin", TOWN)
BLOCKED = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid)))"


async def test_a_form_opened_before_brings_nobody_back(api: Api, someone: Person) -> None:
    """Whatever changed counts it: others' texts, why the person's own terms ended, what they were granted."""
    given = {"unitId": someone.street.unit, "source": "VISIT", "proposedOn": day(-9)}
    other, theirs = [
        await made(api, ADMIN, "proposeMatter", "matter", title=title, **given) for title in ("增设路灯", f"{NAME}提议")
    ]
    term = await api.connection.fetchval("SELECT id FROM captain_term WHERE member_id = $1", someone.uuid)
    counting = [UUID(other[3:]), UUID(theirs[3:]), term]
    versions = """
        SELECT each.version FROM unnest($1::uuid[]) WITH ORDINALITY AS given (id, place) JOIN (
            SELECT id, version FROM captain_term UNION ALL SELECT id, version FROM matter
        ) AS each USING (id) ORDER BY place"""
    before = [row["version"] for row in await api.connection.fetch(versions, counting)]
    await deleted(api, someone)
    after = [row["version"] for row in await api.connection.fetch(versions, counting)]
    assert after == [before[0], before[1] + 1, before[2] + 1]
    stale: Any = {"id": theirs, "version": before[1], "title": f"{NAME}提议"}
    assert await api.attempt(ADMIN, "updateMatter", **stale) == "CONFLICT"
    assert await mentions(api.connection, NAME) == []


async def test_what_is_written_meanwhile_is_what_loses_the_name(api: Api, someone: Person) -> None:
    """The deletion waits for whoever changes a text, and does not put back what it had read."""
    given = {"unitId": someone.street.unit, "source": "VISIT", "proposedOn": day(-9)}
    matter = UUID((await made(api, ADMIN, "proposeMatter", "matter", title=f"{NAME}提议", **given))[3:])
    async with api.connection.transaction():
        await api.connection.execute("UPDATE matter SET title = $2 WHERE id = $1", matter, f"改由{NAME}办")
        deletion = asyncio.ensure_future(deleted(api, someone))
        while not await api.connection.fetchval(BLOCKED, api.connection.get_server_pid()):
            assert not deletion.done(), "nobody waited"
    await deletion
    assert await api.connection.fetchval("SELECT title FROM matter WHERE id = $1", matter) == f"改由{NOBODY}办"


async def test_more_texts_than_one_statement_writes_lose_it(
    api: Api, someone: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named, "AT_ONCE", 2)
    given = {"unitId": someone.street.unit, "source": "VISIT", "proposedOn": day(-9)}
    for number in range(5):
        await made(api, ADMIN, "proposeMatter", "matter", title=f"{NAME}提议{number}", **given)
    await deleted(api, someone)
    titles = [row["title"] for row in await api.connection.fetch("SELECT title FROM matter ORDER BY title")]
    assert titles == [f"{NOBODY}提议{number}" for number in range(5)]


async def test_minutes_that_lost_a_name_are_corrected_by_who_has_read_them_since(api: Api, someone: Person) -> None:
    """They have no version; that of their meeting counts it."""
    unit = someone.street.unit
    place = await made(api, ADMIN, "openMeetingPlace", "meetingPlace", unitId=unit, name="议事厅")
    called = {"unitId": unit, "placeId": place, "title": "三方会", "plannedOn": day(-3)}
    meeting = await made(api, ADMIN, "conveneMeeting", "meeting", **called)
    await api.do(ADMIN, "holdMeeting", "", id=meeting, on=day(-2))
    await api.do(ADMIN, "recordMeetingMinutes", "", id=meeting, text=f"{NAME}到会")
    stale: Any = {"id": meeting, "version": await api.version(meeting), "text": f"{NAME}到会。", "reason": "标点"}
    await deleted(api, someone)
    assert await api.attempt(ADMIN, "correctMeetingMinutes", **stale) == "CONFLICT"
    assert await mentions(api.connection, NAME) == []


@pytest.mark.parametrize("kind", ["Report", "Assessment"])
async def test_a_report_that_lost_a_name_is_put_right_by_who_has_read_it_since(
    api: Api, someone: Person, kind: str
) -> None:
    """Editions keep each other apart; a deletion changes one where it stands."""
    given: dict[str, Any] = {"unitId": someone.street.unit, "year": int(day(0)[:4]) - 1, "text": f"{NAME}提议十件"}
    correct, shown, graded = f"correctDeliberation{kind}", "deliberationReport { id version text }", {"grade": "A"}
    if kind == "Report":
        who, graded = ADMIN, {}
        made = await api.do(who, "publishDeliberationReport", shown, **given, kind="QUARTER", number=1)
    else:
        who = TOWN_ADMIN
        made = await api.do(who, "assessDeliberation", shown, **given, **graded)
    read = made["deliberationReport"]
    again: Any = {"id": read["id"], "text": f"{NAME}提议十一件", "reason": "漏计", **graded}
    await deleted(api, someone)
    assert await api.attempt(who, correct, version=read["version"], **again) == "CONFLICT"
    assert await mentions(api.connection, NAME) == []
    again["text"] = "提议十一件"
    await api.do(who, correct, shown, version=read["version"] + 1, **again)
    texts = await api.connection.fetch("SELECT text FROM deliberation_report ORDER BY edition")
    assert [row["text"] for row in texts] == [f"{NOBODY}提议十件", "提议十一件"]
