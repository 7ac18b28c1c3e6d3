"""Reports are published once their period is over, once each; put right by a further edition; and who may."""

import asyncio
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from tests.captains.town import COMMUNITY, GRID, Town
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, told
from tests.days import day, today
from tests.deliberation.asked import announced, moved, proposed, settled
from tests.writes.api import Api
from tests.writes.street import unit_id

SHOWN = """deliberationReport { id kind year number beginsOn endsOn publishedOn text grade edition current reason
    proposed carriedOut late unit { code } viewerCan }"""
ALL = """{ deliberationReports(filter: {current: true}) { nodes { text } } all: deliberationReports { totals {
    count current byKind { year kind grade count } } nodes { text edition current } } }"""
NUMBERS = """query($day: Date) { orgUnit(by: {code: "350521"}) { indicators(asOf: $day) { deliberationReports } } }"""
LAST = {"year": today().year - 1}
QUARTER = {"kind": "QUARTER", **LAST, "number": 1, "text": "本季提议十件"}
YEAR = {**LAST, "grade": "A", "text": "议事扎实"}


async def published(api: Api, **more: Any) -> dict[str, Any]:
    """A report of the community, of the first quarter of last year."""
    given = {"unitId": await unit_id(api, COMMUNITY), **QUARTER, **more}
    made: dict[str, Any] = (await api.do(ADMIN, "publishDeliberationReport", SHOWN, **given))["deliberationReport"]
    return made


async def assessed(api: Api) -> dict[str, Any]:
    """The town's assessment of last year."""
    given = {"unitId": await unit_id(api, COMMUNITY), **YEAR}
    made: dict[str, Any] = (await api.do(TOWN_ADMIN, "assessDeliberation", SHOWN, **given))["deliberationReport"]
    return made


async def test_a_period_that_is_over_is_reported_once(api: Api) -> None:
    made, year = await published(api), today().year - 1
    assert (made["kind"], made["year"], made["number"], made["edition"]) == ("QUARTER", year, 1, 1)
    assert (made["beginsOn"], made["endsOn"], made["publishedOn"]) == (f"{year}-01-01", f"{year}-03-31", day(0))
    assert (made["grade"], made["reason"], made["current"], made["unit"]["code"]) == (None, None, True, COMMUNITY)
    at = {"unitId": await unit_id(api, COMMUNITY)}
    assert await told(api, ADMIN, "publishDeliberationReport", **at, **QUARTER) == [("TAKEN", "year")]
    half = await published(api, kind="HALF_YEAR", number=2)
    assert (half["beginsOn"], half["endsOn"]) == (f"{year}-07-01", f"{year}-12-31")
    whole = await assessed(api)
    assert (whole["beginsOn"], whole["endsOn"], whole["grade"]) == (f"{year}-01-01", f"{year}-12-31", "A")
    assert await told(api, TOWN_ADMIN, "assessDeliberation", **at, **YEAR) == [("TAKEN", "year")]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"year": today().year, "number": 4}, "year"),
        ({"year": today().year + 1}, "year"),
        ({"year": 1999}, "year"),
        ({"number": 5}, "number"),
        ({"number": 0}, "number"),
        ({"kind": "HALF_YEAR", "number": 3}, "number"),
        ({"kind": "YEAR"}, "kind"),
        ({"text": " "}, "text"),
        ({"text": "长" * 501}, "text"),
    ],
)
async def test_what_cannot_be_reported_is_told_of_its_field(api: Api, wrong: dict[str, Any], field: str) -> None:
    at = {"unitId": await unit_id(api, COMMUNITY)}
    assert await told(api, ADMIN, "publishDeliberationReport", **at, **{**QUARTER, **wrong}) == [("INVALID", field)]


async def test_the_town_assesses_its_communities_once_the_year_is_over(api: Api) -> None:
    at = {"unitId": await unit_id(api, COMMUNITY)}
    early = {**YEAR, "year": today().year}
    assert await told(api, TOWN_ADMIN, "assessDeliberation", **at, **early) == [("INVALID", "year")]
    itself = {"unitId": await unit_id(api, TOWN_ADMIN[1])}
    assert await told(api, TOWN_ADMIN, "assessDeliberation", **itself, **YEAR) == [("INVALID", "unitId")]
    assert await told(api, ADMIN, "assessDeliberation", **at, **YEAR) == "FORBIDDEN"


async def test_what_is_put_right_is_a_further_edition(api: Api) -> None:
    """And the former stays, with its words."""
    mine = await published(api)
    right = {"text": "本季提议十一件", "reason": "漏计"}
    again = await api.do(ADMIN, "correctDeliberationReport", SHOWN, id=mine["id"], **right)
    made = again["deliberationReport"]
    assert (made["edition"], made["reason"], made["text"], made["current"]) == (2, "漏计", "本季提议十一件", True)
    assert "DELIBERATION_REPORT_CORRECT" in made["viewerCan"]
    assert await told(api, ADMIN, "correctDeliberationReport", id=mine["id"], **right) == [("CLOSED", "id")]
    for wrong, field in (({"text": ""}, "text"), ({"reason": ""}, "reason")):
        given = {**right, **wrong, "id": made["id"]}
        assert await told(api, ADMIN, "correctDeliberationReport", **given) == [("INVALID", field)]
    year = await assessed(api)
    given = {"id": year["id"], **right}
    assert await told(api, ADMIN, "correctDeliberationReport", **given) == [("INVALID", "id")]
    assert await told(api, ADMIN, "correctDeliberationAssessment", **given, grade="B") == "FORBIDDEN"
    other = {**given, "id": made["id"], "grade": "B"}
    assert await told(api, TOWN_ADMIN, "correctDeliberationAssessment", **other) == [("INVALID", "id")]
    graded = await api.do(TOWN_ADMIN, "correctDeliberationAssessment", SHOWN, **given, grade="B")
    assert (graded["deliberationReport"]["grade"], graded["deliberationReport"]["edition"]) == ("B", 2)
    found = await api.data(ADMIN, ALL)
    assert sorted((each["text"], each["edition"], each["current"]) for each in found["all"]["nodes"]) == [
        ("本季提议十一件", 2, True),
        ("本季提议十一件", 2, True),
        ("本季提议十件", 1, False),
        ("议事扎实", 1, False),
    ]
    assert len(found["deliberationReports"]["nodes"]) == found["all"]["totals"]["current"] == 2
    assert found["all"]["totals"]["count"] == 4
    for on, number in ((0, 2), (-1, 0)):
        counted = await api.data(COUNTY_ADMIN, NUMBERS, day=day(on))
        assert counted["orgUnit"]["indicators"]["deliberationReports"] == number


async def test_of_two_who_correct_it_at_once_one_is_told(api: Api) -> None:
    mine, right = await published(api), {"text": "本季提议十一件", "reason": "漏计"}
    await api.data(TOWN_ADMIN, "{ viewer { name } }")  # tokens come of one connection
    both = await asyncio.gather(
        *(told(api, who, "correctDeliberationReport", id=mine["id"], **right) for who in (ADMIN, TOWN_ADMIN))
    )
    assert sorted(both) == [[], [("CLOSED", "id")]]


async def shifted(api: Api, last: date) -> None:
    """What was carried out 36 days ago was on this day, and all else as long before or after."""
    columns = {"matter": "proposed_on stepped_on due_on carried_out_on", "matter_move": "moved_on due_on"}
    async with api.connection.transaction():
        for table, names in columns.items():
            moved = ", ".join(f"{name} = {name} + ($1::date - $2::date)" for name in names.split())
            await api.connection.execute(f"UPDATE {table} SET {moved}", last, date.fromisoformat(day(-36)))


async def numbers(api: Api, report: str, who: tuple[str, str] = ADMIN) -> list[int]:
    """What a report counts."""
    shown = "query($id: ID!) { node(id: $id) { ... on DeliberationReport { proposed carriedOut late } } }"
    return [*(await api.data(who, shown, id=report))["node"].values()]


async def test_its_numbers_are_of_the_unit_and_its_grids_and_stay_as_they_were_counted(api: Api) -> None:
    """Through further editions, too."""
    await announced(api)
    await settled(api, (await proposed(api))["id"])  # its first step late, carried out 24 days later
    grid, year = await unit_id(api, GRID), today().year - 1
    await settled(api, (await proposed(api, unitId=grid))["id"])
    await proposed(api, unitId=grid)  # which nobody ever moves on
    await shifted(api, date(year, 3, 31))
    mine = await published(api)
    assert await numbers(api, mine["id"]) == [3, 2, 3]
    second = await published(api, number=2)
    assert await numbers(api, second["id"]) == [0, 0, 1]
    await api.connection.execute(
        "UPDATE matter SET unit_path = (SELECT path FROM org_unit WHERE code = '350521100002')"
    )
    assert await numbers(api, mine["id"]) == [3, 2, 3]
    right = {"id": mine["id"], "text": "本季提议十一件", "reason": "错字"}
    again = (await api.do(ADMIN, "correctDeliberationReport", SHOWN, **right))["deliberationReport"]
    assert [again[name] for name in ("proposed", "carriedOut", "late")] == [3, 2, 3]


async def test_a_day_later_is_another_period(api: Api) -> None:
    await announced(api)
    await settled(api, (await proposed(api))["id"])
    await shifted(api, date(today().year - 1, 4, 1))
    assert await numbers(api, (await published(api))["id"]) == [1, 0, 1]
    assert await numbers(api, (await published(api, number=2))["id"]) == [0, 1, 0]


async def late_in(api: Api, due: date, left: date | None) -> None:
    """A matter whose first step was to be over on a day, and that left it on another, or never."""
    mine, since = (await proposed(api))["id"], due - timedelta(days=7)
    if left is not None:
        await moved(api, mine, "consultMatter", -50)
    async with api.connection.transaction():
        if left is None:
            stands = "proposed_on = $1, stepped_on = $1, due_on = $2"
            await api.connection.execute(f"UPDATE matter SET {stands}", since, due)
        else:
            stands = "proposed_on = $1, stepped_on = $2, due_on = '2199-01-01'"
            await api.connection.execute(f"UPDATE matter SET {stands}", since, left)
            await api.connection.execute("UPDATE matter_move SET due_on = $1, moved_on = $2", due, left)


@pytest.mark.parametrize(
    ("due", "left", "late"),
    [
        ("03-30", None, [1, 1, 1, 1]),
        ("03-31", None, [0, 1, 1, 1]),  # late from the next day on
        ("03-30", "04-01", [1, 1, 0, 0]),
        ("03-30", "07-02", [1, 1, 1, 0]),
        ("03-30", "03-31", [1, 0, 0, 0]),
        ("03-31", "03-31", [0, 0, 0, 0]),
    ],
)
async def test_what_nobody_moved_on_is_late_in_each_period_it_waits(
    api: Api, due: str, left: str | None, late: list[int]
) -> None:
    await announced(api)
    year = today().year - 1
    on = date.fromisoformat(f"{year}-{left}") if left else None
    await late_in(api, date.fromisoformat(f"{year}-{due}"), on)
    assert [(await published(api, number=number))["late"] for number in (1, 2, 3, 4)] == late


async def test_a_merger_changes_no_number_that_was_published(api: Api) -> None:
    """And what is published after it counts both."""
    await announced(api)
    other, ours = await unit_id(api, NEIGHBOUR[1]), await unit_id(api, COMMUNITY)
    for unit, matters in ((ours, 1), (other, 2)):
        for _ in range(matters):
            await proposed(api, COUNTY_ADMIN, unitId=unit)
    await shifted(api, date(today().year - 1, 2, 28))
    mine = await published(api)
    given = {"unitId": other, **QUARTER}
    theirs = (await api.do(NEIGHBOUR, "publishDeliberationReport", SHOWN, **given))["deliberationReport"]
    merged = {"id": ours, "others": [{"id": other, "version": await api.version(other)}]}
    await api.do(COUNTY_ADMIN, "mergeUnits", "", **merged)
    asked = "{ deliberationReports(filter: {current: %s}) { totals { current } nodes { id ofFormerUnit } } }"
    for current, report in ((True, mine), (False, theirs)):
        found = (await api.data(ADMIN, asked % str(current).lower()))["deliberationReports"]
        assert found["nodes"] == [{"id": report["id"], "ofFormerUnit": not current}]
        assert found["totals"]["current"] == current
    counted = await api.data(COUNTY_ADMIN, NUMBERS, day=day(0))
    assert counted["orgUnit"]["indicators"]["deliberationReports"] == 2  # as many as were published
    assert [(await numbers(api, each["id"]))[0] for each in (mine, theirs)] == [1, 2]
    right = {"text": "本季提议一件", "reason": "错字"}
    for former, number in ((mine, 1), (theirs, 2)):
        again = await api.do(ADMIN, "correctDeliberationReport", SHOWN, id=former["id"], **right)
        assert again["deliberationReport"]["proposed"] == number
    assert (await published(api, kind="HALF_YEAR", number=1))["proposed"] == 3


async def test_its_numbers_are_told_to_whoever_reads_it(api: Api, town: Town) -> None:
    """A member who serves in the community reads no matter of its grids, and its report with the numbers."""
    await announced(api)
    await proposed(api, unitId=await unit_id(api, GRID))
    await shifted(api, date(today().year - 1, 2, 28))
    mine = await published(api)
    seat = ("member", f"mb_{(await town.member('演示党员', COMMUNITY))['id']}")
    assert (await api.data(seat, "{ matters { totalCount } }"))["matters"]["totalCount"] == 0
    assert (await numbers(api, mine["id"], seat))[0] == 1


async def test_who_may(api: Api, town: Town) -> None:
    mine = await published(api)
    seat = ("member", f"mb_{(await town.member('演示党员', GRID))['id']}")
    right = {"id": mine["id"], "text": "改", "reason": "漏计"}
    hidden = ((COMMITTEE, "NOT_FOUND"), (AUDITOR, "NOT_FOUND"), (NEIGHBOUR, "NOT_FOUND"))
    for who, answer in ((seat, "FORBIDDEN"), *hidden):
        assert await told(api, who, "correctDeliberationReport", **right) == answer, who
    found = await api.data(seat, "{ deliberationReports { nodes { text } } }")
    assert found["deliberationReports"]["nodes"] == [{"text": "本季提议十件"}]
    counted = (await api.data(AUDITOR, NUMBERS))["orgUnit"]["indicators"]
    assert counted["deliberationReports"] is None  # one is too few for who only counts to be told of


@pytest.mark.parametrize(
    "values",
    [
        "'QUARTER', {year}, 5, NULL, 1, NULL, '2199-01-01'",
        "'QUARTER', {year}, 1, NULL, 1, NULL, '{year}-03-31'",  # the period's last day
        "'QUARTER', {year}, 1, 'A', 1, NULL, '2199-01-01'",
        "'YEAR', {year}, 1, NULL, 1, NULL, '2199-01-01'",
        "'QUARTER', {year}, 1, NULL, 2, NULL, '2199-01-01'",
        "'QUARTER', {year}, 1, NULL, 1, '误', '2199-01-01'",
    ],
)
async def test_the_database_itself_refuses_what_is_no_report(api: Api, values: str) -> None:
    into = """INSERT INTO deliberation_report
        (id, unit_path, kind, year, number, grade, edition, reason, published_on, text, proposed, carried_out, late)
        SELECT gen_random_uuid(), path, {}, '文', 0, 0, 0 FROM org_unit WHERE code = '350521100001'"""
    with pytest.raises(asyncpg.CheckViolationError):
        await api.connection.execute(into.format(values.format(year=today().year - 1)))
    good = "'QUARTER', {year}, 1, NULL, 1, NULL, '{year}-04-01'"
    await api.connection.execute(into.format(good.format(year=today().year - 1)))
