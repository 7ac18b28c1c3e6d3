"""Captains' terms in the database: what the commands do, what they refuse, and what the tables refuse by themselves."""

from datetime import date

import asyncpg
import pytest

from services.captains import commands as captains
from services.captains.tables import RULES, captain_terms
from services.errors import Code, ProblemCode, Refused, Rejected
from services.members.tables import Standing, members
from services.properties.tables import buildings
from services.storage.transaction import Record
from services.terms import BACK
from tests.captains.town import FIRST, SECOND, THIRD, Town, days

ANOTHER = """
    INSERT INTO captain_term (id, building_id, unit_path, member_id, since)
    SELECT gen_random_uuid(), building_id, unit_path, member_id, since + 400 FROM captain_term
"""


async def building(town: Town) -> Record:
    """A building to be captain of."""
    return await town.building(await town.compound("和平小区"), "1号楼")


async def terms(town: Town, of: Record) -> list[tuple[str, date, date | None]]:
    """A building's captains by name, with their terms, oldest first."""
    found = await town.connection.fetch(
        "SELECT m.name, t.since, t.until FROM captain_term t JOIN member m ON m.id = t.member_id"
        " WHERE t.building_id = $1 ORDER BY t.since",
        of["id"],
    )
    return [tuple(row) for row in found]


def problem(error: Rejected) -> tuple[ProblemCode, str]:
    """The one thing a command said."""
    (only,) = error.problems
    assert only.text.zh
    assert only.text.en
    return only.code, only.field


async def test_assign_hand_over_end(town: Town) -> None:
    """The history of a building: every day has one captain or none, and versions count."""
    home = await building(town)
    one, two = await town.member("林一"), await town.member("陈二", standing=Standing.RETIRED)
    first = await captains.assign(town.tx, building=home, member=one, since=FIRST)
    second = await town.hand_over(home, two, SECOND)
    assert await terms(town, home) == [("林一", FIRST, SECOND - days(1)), ("陈二", SECOND, None)]
    held = await town.row(captain_terms, second)
    assert await captains.end(town.tx, assignment=held, on=THIRD, reason=" 搬走 ") == second
    ended = await town.row(captain_terms, second)
    assert (ended["until"], ended["end_reason"], ended["version"]) == (THIRD, "搬走", 2)
    assert (await town.row(captain_terms, first))["unit_path"] == home["unit_path"]
    with pytest.raises(Rejected) as refused:
        await town.hand_over(home, one, THIRD + days(1))
    assert problem(refused.value) == (ProblemCode.INVALID, "on")
    await captains.assign(town.tx, building=home, member=one, since=THIRD + days(1))
    assert [name for name, _, _ in await terms(town, home)] == ["林一", "陈二", "林一"]


async def test_one_captain_at_a_time(town: Town) -> None:
    """A second captain, then or on the last day, is a conflict; another building is not; nor is the day after."""
    home = await building(town)
    one, two = await town.member("林一"), await town.member("陈二")
    held = await captains.assign(town.tx, building=home, member=one, since=SECOND)
    for since in (FIRST, SECOND, THIRD):
        with pytest.raises(asyncpg.ExclusionViolationError) as violated:
            await captains.assign(town.tx, building=home, member=two, since=since)
    assert violated.value.constraint_name == "captain_term_excl"
    refusal = RULES["captain_term_excl"].refusal()
    assert isinstance(refusal, Refused)
    assert (refusal.code, refusal.argument) == (Code.CONFLICT, ("input", "building"))
    await captains.end(town.tx, assignment=await town.row(captain_terms, held), on=THIRD, reason="期满")
    with pytest.raises(asyncpg.ExclusionViolationError):
        await captains.assign(town.tx, building=home, member=two, since=THIRD)
    await captains.assign(town.tx, building=home, member=two, since=THIRD + days(1))
    neighbour = await town.building(await town.compound("幸福小区"), "1号楼")
    await captains.assign(town.tx, building=neighbour, member=one, since=SECOND)


async def test_hand_over_needs_a_running_term(town: Town) -> None:
    """Not on its first day, nor before it or after its last; what is planned to follow is not overrun."""
    home = await building(town)
    one, two, three = [await town.member(name) for name in ("林一", "陈二", "王三")]
    await captains.assign(town.tx, building=home, member=one, since=FIRST)
    for on in (FIRST, FIRST - days(1)):
        with pytest.raises(Rejected) as early:
            await town.hand_over(home, two, on)
        assert problem(early.value) == (ProblemCode.INVALID, "on")
    with pytest.raises(Rejected) as same:
        await town.hand_over(home, one, SECOND)
    assert problem(same.value) == (ProblemCode.INVALID, "member")
    await town.hand_over(home, two, THIRD)
    with pytest.raises(asyncpg.ExclusionViolationError):
        async with town.connection.transaction():
            await town.hand_over(home, three, SECOND)
    assert await terms(town, home) == [("林一", FIRST, THIRD - days(1)), ("陈二", THIRD, None)]


async def test_a_hand_over_lies_a_quarter_back_at_most(town: Town) -> None:
    """What lies further back is a correction, which takes another right and a reason: the refusal says which."""
    home, one, two = await building(town), await town.member("林一"), await town.member("陈二")
    today = await town.today()
    await captains.assign(town.tx, building=home, member=one, since=today - days(800))
    with pytest.raises(Rejected) as far:
        await town.hand_over(home, two, today - BACK - days(1))
    assert problem(far.value) == (ProblemCode.INVALID, "on")
    assert "correctCaptainTerm" in far.value.problems[0].text.en
    assert await terms(town, home) == [("林一", today - days(800), None)]
    second = await town.hand_over(home, two, today - BACK)
    of = await town.row(captain_terms, second)
    await captains.correct(town.tx, assignment=of, reason="当时未登记", since=today - days(400))
    expected = [("林一", today - days(800), today - days(401)), ("陈二", today - days(400), None)]
    assert await terms(town, home) == expected


async def test_what_is_over_is_not_handed_over(town: Town) -> None:
    """Who was captain then is not replaced by who may not correct; of a term that runs, what is cut is told."""
    home, one, two = await building(town), await town.member("林一"), await town.member("陈二")
    today = await town.today()
    term = await captains.assign(town.tx, building=home, member=one, since=today - days(30))
    await captains.end(town.tx, assignment=await town.row(captain_terms, term), on=today - days(1), reason="调动")
    with pytest.raises(Rejected) as over:
        async with town.connection.transaction():
            await town.hand_over(home, two, today - days(20))
    assert problem(over.value) == (ProblemCode.CLOSED, "on")
    assert await terms(town, home) == [("林一", today - days(30), today - days(1))]
    again = await captains.assign(town.tx, building=home, member=one, since=today)
    held = await town.row(captain_terms, again)
    outcome = await captains.hand_over(town.tx, assignment=held, member=two, on=today + days(1))
    (cut,) = outcome.report
    assert (cut["id"], cut["until_before"], cut["until"]) == (again, None, today.isoformat())


async def test_an_end_is_brought_forward_only(town: Town) -> None:
    """Not before the beginning, not later than it is, with a reason; the same and the first day are allowed.

    What is over stays as it was.
    """
    home, one = await building(town), await town.member("林一")
    today = await town.today()
    began = today - days(30)
    term = await captains.assign(town.tx, building=home, member=one, since=began)

    async def end(on: date, reason: str = "调动") -> date:
        held = await town.row(captain_terms, term)
        await captains.end(town.tx, assignment=held, on=on, reason=reason)
        return on

    with pytest.raises(Rejected) as early:
        await end(began - days(1))
    assert problem(early.value) == (ProblemCode.INVALID, "on")
    with pytest.raises(Rejected) as silent:
        await end(today, " ")
    assert problem(silent.value) == (ProblemCode.INVALID, "reason")
    for on in (today + days(20), today + days(20), today + days(9)):
        await end(on)
    with pytest.raises(Rejected) as longer:
        await end(today + days(10))
    assert problem(longer.value) == (ProblemCode.INVALID, "on")
    await end(began)
    with pytest.raises(Rejected) as over:
        await end(began)
    assert problem(over.value) == (ProblemCode.CLOSED, "on")
    assert await terms(town, home) == [("林一", began, began)]


async def test_what_has_not_begun_is_taken_back(town: Town) -> None:
    """A term that begins today or later is gone as if it had never been; one that has run for a day is not."""
    home, one, two = await building(town), await town.member("林一"), await town.member("陈二")
    today = await town.today()
    began = await captains.assign(town.tx, building=home, member=one, since=today - days(1))
    coming = await town.hand_over(home, two, today + days(30))
    with pytest.raises(Rejected) as running:
        await captains.cancel_term(town.tx, assignment=await town.row(captain_terms, began))
    assert problem(running.value) == (ProblemCode.CLOSED, "assignment")
    (only,) = running.value.problems
    assert "strikeOut" in only.text.zh
    assert "strike it out" in only.text.en
    outcome = await captains.cancel_term(town.tx, assignment=await town.row(captain_terms, coming))
    assert outcome.id == home["id"]
    assert await terms(town, home) == [("林一", today - days(1), None)]


@pytest.mark.parametrize("since", [date(1949, 9, 30), date(2062, 1, 1)])
async def test_a_mistyped_day(town: Town, since: date) -> None:
    """Neither before the republic nor years ahead, whichever command it is given to."""
    home, one, two = await building(town), await town.member("林一"), await town.member("陈二")
    term = await captains.assign(town.tx, building=home, member=one, since=date(1949, 10, 1))
    held = await town.row(captain_terms, term)
    for field, command in (
        ("since", captains.assign(town.tx, building=home, member=two, since=since)),
        ("on", town.hand_over(home, two, since)),
        ("on", captains.end(town.tx, assignment=held, on=since, reason="调动")),
    ):
        with pytest.raises(Rejected) as refused:
            await command
        assert problem(refused.value) == (ProblemCode.INVALID, field)


async def test_who_may_be_captain_of_what(town: Town) -> None:
    """In service or retired, still there; the building open. Everything wrong is said at once."""
    home = await building(town)
    resident = await town.member("郑居", standing=Standing.RESIDENT)
    with pytest.raises(Rejected) as refused:
        await captains.assign(town.tx, building=home, member=resident, since=FIRST)
    assert problem(refused.value) == (ProblemCode.INVALID, "member")
    gone = await town.member("郑离")
    await town.tx.update(members, gone["id"], left_on=FIRST)
    await town.tx.update(buildings, home["id"], closed_on=FIRST)
    gone, home = await town.row(members, gone["id"]), await town.row(buildings, home["id"])
    with pytest.raises(Rejected) as refused:
        await captains.assign(town.tx, building=home, member=gone, since=SECOND)
    said = [(each.code, each.field) for each in refused.value.problems]
    assert said == [(ProblemCode.CLOSED, "building"), (ProblemCode.CLOSED, "member")]
    assert await terms(town, home) == []


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("UPDATE captain_term SET until = since - 1", "captain_term_term_check"),
        (ANOTHER, "captain_term_excl"),
        ("UPDATE captain_term SET unit_path = '35/'", "captain_term_building_id_unit_path_fkey"),
    ],
)
async def test_the_table_refuses(town: Town, change: str, constraint: str) -> None:
    """Whoever writes, with or without the commands."""
    await captains.assign(town.tx, building=await building(town), member=await town.member("林一"), since=FIRST)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as violated:
        await town.connection.execute(change)
    assert violated.value.constraint_name == constraint


@pytest.mark.parametrize("until", [f"'{THIRD + days(1)}'", "NULL"])
async def test_the_table_prolongs_nothing(town: Town, until: str) -> None:
    """What has an end can neither be put off nor opened again; everything else of it may change."""
    await captains.assign(town.tx, building=await building(town), member=await town.member("林一"), since=FIRST)
    await town.connection.execute(f"UPDATE captain_term SET until = '{THIRD}'")
    with pytest.raises(asyncpg.CheckViolationError) as violated:
        await town.connection.execute(f"UPDATE captain_term SET until = {until}")
    assert violated.value.constraint_name == "captain_term_prolonged_check"
    assert violated.value.constraint_name in RULES
    await town.connection.execute(f"UPDATE captain_term SET until = '{THIRD - days(1)}', end_reason = '调动'")


async def test_terms_follow_their_building(town: Town) -> None:
    """A unit that moves takes the terms of its buildings along."""
    await captains.assign(town.tx, building=await building(town), member=await town.member("林一"), since=FIRST)
    await town.connection.execute("UPDATE org_unit SET parent_path = '35/3505/350524/' WHERE code = '350521100'")
    path = await town.connection.fetchval("SELECT unit_path FROM captain_term")
    assert path.startswith("35/3505/350524/350521100/")
