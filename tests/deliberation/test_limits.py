"""Limits of whistles that reach into a year nobody announced: nothing is late by them until somebody loads it."""

from datetime import date
from typing import Any

import asyncpg
import pytest

from services.calendar.working import DAY, Calendar, Waiting, Year
from services.deliberation.limits import counted, counted_on
from tests.centres.asked import ADMIN, COUNTY_ADMIN
from tests.days import today
from tests.deliberation.asked import announced, loaded
from tests.deliberation.whistled import (
    LATE_NOW,
    NUMBERS,
    REASON,
    blown,
    department,
    done,
    escalation,
    now,
    officer,
    pass_days,
)
from tests.writes.api import Api

BLOWN = date(2003, 2, 3)  # a Monday, of a year before there were announcements
WAIT = """UPDATE whistle SET answer_due_on = NULL, answer_town_on = NULL, answer_county_on = NULL,
    answer_after = blown_on, answer_left = answer_days, solve_due_on = NULL, solve_town_on = NULL,
    solve_county_on = NULL, solve_after = blown_on, solve_left = solve_days"""
COUNTYS = """UPDATE whistle SET answer_due_on = '2003-02-06', answer_town_on = '2003-02-07', answer_county_on = NULL,
    answer_after = '2003-02-06', answer_left = 3"""


@pytest.fixture(autouse=True)
async def _years(api: Api) -> None:
    await announced(api)


async def waiting(api: Api, at: str, since: date = BLOWN) -> str:
    """A whistle of long ago, whose limits wait for their year; its id."""
    mine: str = (await blown(api, at))["id"]
    await pass_days(api, (today() - since).days)
    await api.connection.execute(WAIT)
    return mine


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_what_is_due_on_no_day_comes_last_on_every_page(api: Api, direction: str) -> None:
    at = await department(api)
    never, *_ = [await waiting(api, at), *[(await blown(api, at, title=f"积水{number}"))["id"] for number in range(2)]]
    asked = "query($after: String) { whistles(first: 1, after: $after, orderBy: {field: DUE_ON, direction: %s}) "
    asked = f"{asked % direction} {{ nodes {{ id dueOn }} pageInfo {{ hasNextPage endCursor }} }} }}"
    pages: list[Any] = []
    after = None
    while not pages or pages[-1]["pageInfo"]["hasNextPage"]:
        pages.append((await api.data(ADMIN, asked, after=after))["whistles"])
        after = pages[-1]["pageInfo"]["endCursor"]
    assert [each["nodes"][0]["dueOn"] is None for each in pages] == [False, False, True]
    assert pages[-1]["nodes"][0]["id"] == never


def limit(whistle: dict[str, Any], name: str = "answer") -> tuple[Any, Any]:
    """By when it is to be answered or solved, and the year that waits for."""
    return whistle[f"{name}DueOn"], whistle[f"{name}DueUnannounced"]


def test_a_limit_is_counted_as_far_as_years_are_announced() -> None:
    """And counted on from there: all of it, or the day alone on which it comes to the county."""
    day, year = date(2099, 12, 24), Year(frozenset(), frozenset())
    until, known = Calendar({2099: year}), Calendar({2099: year, 2100: year})
    for days, due in ((3, date(2099, 12, 29)), (7, date(2100, 1, 4))):
        found, whole = counted(until, "answer", day, days), counted(known, "answer", day, days)
        assert (found["answer_due_on"], found["answer_county_on"]) == (due if due.year == 2099 else None, None)
        assert (found["answer_after"], found["answer_left"]) == (date(2099, 12, 31), 1 if due.year == 2099 else 2)
        assert (whole["answer_due_on"], whole["answer_town_on"], whole["answer_after"]) == (due, due + DAY, None)
        assert whole["answer_county_on"] == known.after(due, 3)
        assert counted_on(known, {**found, **dict.fromkeys(("solve_after", "solve_left", "solve_due_on"))}) == whole


async def test_a_whistle_is_blown_whatever_is_announced(api: Api) -> None:
    years = await api.data(COUNTY_ADMIN, "{ calendarYears { nodes { id } } }")
    for each in years["calendarYears"]["nodes"]:
        await api.do(COUNTY_ADMIN, "strikeOutYear", "", id=each["id"], reason="试")
    made = await blown(api, await department(api), solveDays=60)
    due = Calendar().due(today(), 60)
    if isinstance(due, Waiting):  # the nation's next year is not announced yet
        assert limit(made, "solve") == (None, (due.after + DAY).year)
        await announced(api)
        worked = {year: Year(frozenset(), frozenset()) for year in (today().year, today().year + 1)}
        due = Calendar(worked).after(due.after, due.left)
    assert limit(await now(api, made["id"]), "solve") == (due.isoformat(), None)


async def test_nothing_is_late_by_a_limit_nobody_can_count(api: Api) -> None:
    """Loaded, it is, and escalated since the days it would have been."""
    mine = await waiting(api, await department(api))
    found = await now(api, mine)
    assert (limit(found), limit(found, "solve"), found["dueOn"]) == ((None, 2003), (None, 2003), None)
    assert (found["late"], found["daysLate"], escalation(found)) == (False, 0, [None] * 4 + [0])
    listed = "{ whistles(filter: {late: false, escalated: false}) { totalCount } }"
    assert await api.data(ADMIN, listed) == {"whistles": {"totalCount": 1}}
    assert (await api.data(COUNTY_ADMIN, LATE_NOW))["orgUnit"]["indicators"] == {"whistlesLate": 0}
    await loaded(api, 2003, "350521100002")
    assert await now(api, mine) == found  # the neighbours' year is theirs
    await loaded(api, 2003)
    late = await now(api, mine)
    assert (limit(late), limit(late, "solve")) == (("2003-02-06", None), ("2003-02-24", None))
    assert (late["late"], late["version"]) == (True, found["version"] + 1)
    assert escalation(late) == ["COUNTY", "2003-02-11", "2003-02-07", "2003-02-11", 2]


async def test_the_countys_day_alone_waits(api: Api) -> None:
    mine = await waiting(api, await department(api))
    await api.connection.execute(COUNTYS)
    found = await now(api, mine)
    assert (limit(found), found["late"]) == (("2003-02-06", None), True)
    assert escalation(found) == ["TOWN", "2003-02-07", "2003-02-07", None, 1]
    await loaded(api, 2003)
    assert escalation(await now(api, mine)) == ["COUNTY", "2003-02-11", "2003-02-07", "2003-02-11", 2]


async def test_how_late_a_step_was_is_told_later(api: Api) -> None:
    """Of an answer, and of what was taken away."""
    at, other = await department(api), await department(api, "城管局")
    mine = await waiting(api, at)
    (_, answered) = (await done(api, officer(at), "answerWhistle", mine))["steps"]["nodes"]
    assert (answered["dueOn"], answered["dueUnannounced"], answered["daysLate"]) == (None, 2003, 0)
    assert (await api.data(COUNTY_ADMIN, NUMBERS))["orgUnit"]["indicators"]["whistlesAnsweredInTime"] == 0
    moved = await done(api, ADMIN, "transferWhistle", mine, departmentId=other, **REASON)
    assert (moved["steps"]["nodes"][2]["dueUnannounced"], limit(moved)[1]) == (2003, None)
    await loaded(api, 2003)
    (_, answered, taken) = (await now(api, mine))["steps"]["nodes"]
    assert (answered["dueOn"], answered["dueUnannounced"]) == ("2003-02-06", None)
    assert (taken["dueOn"], taken["dueUnannounced"]) == ("2003-02-24", None)
    assert min(answered["daysLate"], taken["daysLate"]) > 7000


async def test_a_step_counts_by_what_was_announced_for_all_meanwhile(api: Api) -> None:
    at = await department(api)
    mine = await waiting(api, at, date(2004, 2, 2))
    found = await done(api, officer(at), "answerWhistle", mine)
    assert (limit(found), limit(found, "solve")) == (("2004-02-05", None), ("2004-02-23", None))
    assert found["steps"]["nodes"][1]["dueOn"] == "2004-02-05"
    assert escalation(found)[0] == "COUNTY"


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE whistle SET answer_due_on = NULL",
        "UPDATE whistle SET answer_county_on = NULL",
        "UPDATE whistle SET answer_after = blown_on, answer_left = 1",
        "UPDATE whistle SET solve_county_on = NULL, solve_after = blown_on",
        "UPDATE whistle SET solve_county_on = NULL, solve_after = blown_on, solve_left = 0",
        "UPDATE whistle SET solve_due_on = NULL, solve_town_on = NULL",
        "UPDATE whistle_step SET due_on = taken_on, due_after = taken_on, due_left = 1",
        "UPDATE whistle_step SET due_after = taken_on",
    ],
)
async def test_a_limit_is_known_or_waits(api: Api, wrong: str) -> None:
    await blown(api, await department(api))
    with pytest.raises(asyncpg.CheckViolationError, match=r"waits_check|due_check"):
        await api.connection.execute(wrong)
