"""Captains' terms that were entered wrongly: put right with the terms beside them, struck out, taken back."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.captains import commands as captains
from services.captains.tables import captain_terms
from services.errors import Code, ProblemCode, Refused, Rejected
from services.members.tables import Standing, members
from services.properties.tables import buildings
from services.storage.transaction import Record
from tests.captains.test_terms import building, problem, terms
from tests.captains.town import FIRST, SECOND, THIRD, Town, days

WHY = "录入有误"


@pytest.fixture
async def home(town: Town) -> Record:
    """A building."""
    return await building(town)


@pytest.fixture
async def people(town: Town) -> dict[str, Record]:
    """Three who may be captain."""
    return {name: await town.member(name) for name in ("甲", "乙", "丙")}


async def correct(town: Town, term: UUID, **given: Any) -> list[Any]:
    """Correct a term as it is now; which terms changed."""
    async with town.connection.transaction():
        held = await town.row(captain_terms, term)
        return list((await captains.correct(town.tx, assignment=held, reason=WHY, **given)).report)


async def strike_out(town: Town, term: UUID) -> list[Any]:
    """Strike a term out as it is now; which terms changed."""
    async with town.connection.transaction():
        held = await town.row(captain_terms, term)
        return list((await captains.strike_out(town.tx, assignment=held, reason=WHY)).report)


async def refused(town: Town, term: UUID, **given: Any) -> tuple[ProblemCode, str]:
    """What a correction is refused for."""
    with pytest.raises(Rejected) as error:
        await correct(town, term, **given)
    return problem(error.value)


async def in_a_row(town: Town, home: Record, people: dict[str, Record]) -> list[UUID]:
    """甲 from May, 乙 from June, 丙 from July on, each handed over to the next."""
    first = await captains.assign(town.tx, building=home, member=people["甲"], since=FIRST)
    second = await town.hand_over(home, people["乙"], SECOND)
    return [first, second, await town.hand_over(home, people["丙"], THIRD)]


async def test_the_wrong_member(town: Town, home: Record, people: dict[str, Record]) -> None:
    """The term is whose it always was, with its days; who may not be captain is refused as in an assignment."""
    term = await captains.assign(town.tx, building=home, member=people["甲"], since=FIRST)
    await correct(town, term, member=people["乙"])
    assert await terms(town, home) == [("乙", FIRST, None)]
    resident = await town.member("郑居", standing=Standing.RESIDENT)
    assert await refused(town, term, member=resident) == (ProblemCode.INVALID, "member")
    await town.tx.update(members, people["丙"]["id"], left_on=SECOND)
    gone = await town.row(members, people["丙"]["id"])
    assert await refused(town, term, member=gone) == (ProblemCode.CLOSED, "member")
    assert (await town.row(captain_terms, term))["version"] == 2
    noted = await town.connection.fetch("SELECT row_id, reason, unit_path FROM correction")
    assert [tuple(row) for row in noted] == [(term, WHY, home["unit_path"])]


async def test_boundaries_move_with_the_term(town: Town, home: Record, people: dict[str, Record]) -> None:
    """Either way and on either side, both at once; every term that changed is told, and counted in its version."""
    first, second, third = await in_a_row(town, home, people)
    told = await correct(town, second, since=SECOND + days(9), until=THIRD + days(4))
    expected = [
        ("甲", FIRST, SECOND + days(8)),
        ("乙", SECOND + days(9), THIRD + days(4)),
        ("丙", THIRD + days(5), None),
    ]
    assert await terms(town, home) == expected
    assert [each["id"] for each in told] == [second, first, third]
    assert told[1] == {
        "kind": "captain_term",
        "id": first,
        "struck_out": False,
        "since_before": str(FIRST),
        "until_before": str(SECOND - days(1)),
        "since": str(FIRST),
        "until": str(SECOND + days(8)),
        "holder_before": ("member", people["甲"]["id"]),
        "holder": ("member", people["甲"]["id"]),
    }
    assert [(await town.row(captain_terms, each))["version"] for each in (first, second, third)] == [3, 3, 2]
    await correct(town, second, since=SECOND - days(9), until=THIRD - days(10))
    expected = [
        ("甲", FIRST, SECOND - days(10)),
        ("乙", SECOND - days(9), THIRD - days(10)),
        ("丙", THIRD - days(9), None),
    ]
    assert await terms(town, home) == expected


async def test_a_gap_stays_a_gap(town: Town, home: Record, people: dict[str, Record]) -> None:
    """Only what followed without one moves along; what would overlap is refused, for the day that was sent."""
    first = await captains.assign(town.tx, building=home, member=people["甲"], since=FIRST)
    await town.connection.execute(f"UPDATE captain_term SET until = '{FIRST + days(19)}'")
    second = await captains.assign(town.tx, building=home, member=people["乙"], since=SECOND)
    assert len(await correct(town, second, since=SECOND - days(2))) == 1
    assert await terms(town, home) == [("甲", FIRST, FIRST + days(19)), ("乙", SECOND - days(2), None)]
    for term, given in ((second, {"since": FIRST + days(19)}), (first, {"until": None}), (first, {"until": SECOND})):
        with pytest.raises(Refused) as overlapping:
            await correct(town, term, **given)
        (sent,) = given
        assert (overlapping.value.code, overlapping.value.argument) == (Code.CONFLICT, ("input", sent))
        days_of = (FIRST, FIRST + days(19)) if term == second else (SECOND - days(2), "…")
        assert "{} to {}".format(*days_of) in overlapping.value.text.en


async def test_whose_the_term_beside_is_already(town: Town, home: Record, people: dict[str, Record]) -> None:
    """Of two terms of one captain that touch one never was, as whoever would hand over to them is told."""
    first, second, third = await in_a_row(town, home, people)
    for term, whose in ((first, "乙"), (second, "甲"), (second, "丙"), (third, "乙")):
        assert await refused(town, term, member=people[whose]) == (ProblemCode.INVALID, "member")
    await correct(town, first, member=people["丙"])
    assert [name for name, *_ in await terms(town, home)] == ["丙", "乙", "丙"]


async def test_what_is_wrong_of_a_correction(town: Town, home: Record, people: dict[str, Record]) -> None:
    """Nothing that changes, a day that cannot be, a neighbour of whom nothing would be left, no reason."""
    first, second, third = await in_a_row(town, home, people)
    assert await refused(town, second) == (ProblemCode.INCOMPLETE, "assignment")
    assert await refused(town, second, since=SECOND, member=people["乙"]) == (ProblemCode.INCOMPLETE, "assignment")
    assert await refused(town, second, since=None) == (ProblemCode.INVALID, "since")
    assert await refused(town, second, since=THIRD) == (ProblemCode.INVALID, "since")
    assert await refused(town, second, until=FIRST) == (ProblemCode.INVALID, "until")
    assert await refused(town, second, since=FIRST) == (ProblemCode.INVALID, "since")
    assert await refused(town, second, until=None) == (ProblemCode.INVALID, "until")
    assert await refused(town, first, since=date(1949, 9, 30)) == (ProblemCode.INVALID, "since")
    with pytest.raises(Rejected) as silent:
        await captains.correct(town.tx, assignment=await town.row(captain_terms, third), reason=" ", since=SECOND)
    assert problem(silent.value) == (ProblemCode.INVALID, "reason")
    await correct(town, third, until=THIRD + days(9))
    assert await refused(town, second, until=THIRD + days(9)) == (ProblemCode.INVALID, "until")
    assert await town.connection.fetchval("SELECT count(*) FROM correction") == 1


async def test_an_end_on_the_wrong_day(town: Town, home: Record, people: dict[str, Record]) -> None:
    """It is put off, brought forward though it is over, or none at all, and then there is no reason for it either."""
    term = await captains.assign(town.tx, building=home, member=people["甲"], since=FIRST)
    await captains.end(town.tx, assignment=await town.row(captain_terms, term), on=SECOND, reason="搬走")
    for until in (THIRD, FIRST, None):
        await correct(town, term, until=until)
        assert await terms(town, home) == [("甲", FIRST, until)]
    assert (await town.row(captain_terms, term))["end_reason"] is None


async def test_nothing_else_prolongs_afterwards(town: Town, home: Record, people: dict[str, Record]) -> None:
    """What a correction may do, the rest of its transaction may not, and it may do it to its own rows only."""
    first, second, third = await in_a_row(town, home, people)
    await strike_out(town, third)
    transaction = town.connection.transaction()
    await transaction.start()
    await correct(town, second, until=SECOND + days(2))
    with pytest.raises(asyncpg.CheckViolationError) as violated:
        await town.tx.update(captain_terms, second, until=SECOND + days(3))
    assert violated.value.constraint_name == "captain_term_prolonged_check"
    await transaction.rollback()
    await town.connection.execute("SELECT set_config('jinlin.correcting', $1, false)", str(second))
    with pytest.raises(asyncpg.CheckViolationError):
        await town.tx.update(captain_terms, first, until=SECOND)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        (f"UPDATE member SET left_on = '{SECOND + days(14)}'", "captain_term_member_check"),
        (f"UPDATE building SET closed_on = '{SECOND + days(14)}'", "captain_term_building_check"),
        ("UPDATE member SET standing = 'RESIDENT'", "member_standing_check"),
    ],
)
async def test_no_term_outlasts_what_it_is_in(
    town: Town, home: Record, people: dict[str, Record], change: str, constraint: str
) -> None:
    """A member who left, a building that was closed, a captain of today who may be none any more."""
    term = await captains.assign(town.tx, building=home, member=people["甲"], since=FIRST)
    await captains.end(town.tx, assignment=await town.row(captain_terms, term), on=SECOND, reason="搬走")
    await town.connection.execute(change)
    await correct(town, term, until=SECOND + days(14))
    with pytest.raises(asyncpg.CheckViolationError) as violated:
        await correct(town, term, until=None)
    assert violated.value.constraint_name == constraint


async def test_struck_out(town: Town, home: Record, people: dict[str, Record]) -> None:
    """As if it had never been: who was cut goes on until the next begins, or as long as they had; why is kept."""
    first, second, third = await in_a_row(town, home, people)
    told = await strike_out(town, second)
    assert await terms(town, home) == [("甲", FIRST, THIRD - days(1)), ("丙", THIRD, None)]
    assert [(each["id"], each["struck_out"], each["until"]) for each in told] == [
        (second, True, None),
        (first, False, str(THIRD - days(1))),
    ]
    await strike_out(town, third)
    assert await terms(town, home) == [("甲", FIRST, None)]
    await strike_out(town, first)
    assert await terms(town, home) == []
    assert await town.connection.fetchval("SELECT count(*) FROM correction") == 3


@pytest.mark.parametrize("planned", [None, 90])
async def test_a_cancelled_hand_over_gives_back_what_it_cut(
    town: Town, home: Record, people: dict[str, Record], planned: int | None
) -> None:
    """Exactly the end there was: none, or a day; not where the former's term was ended for itself meanwhile."""
    today = await town.today()
    first = await captains.assign(town.tx, building=home, member=people["甲"], since=FIRST)
    until = planned and today + days(planned)
    if until:
        await town.tx.update(captain_terms, first, until=until)
    for _ in range(2):
        second = await town.hand_over(home, people["乙"], today)
        assert len(await terms(town, home)) == 2
        outcome = await captains.cancel_term(town.tx, assignment=await town.row(captain_terms, second))
        assert outcome.id == home["id"]
        assert [each["id"] for each in outcome.report] == [second, first]
        assert await terms(town, home) == [("甲", FIRST, until)]
    second = await town.hand_over(home, people["乙"], today + days(9))
    await captains.end(town.tx, assignment=await town.row(captain_terms, first), on=today, reason="搬走")
    await captains.cancel_term(town.tx, assignment=await town.row(captain_terms, second))
    assert await terms(town, home) == [("甲", FIRST, today)]


async def test_an_end_of_its_own_stays(town: Town, home: Record, people: dict[str, Record]) -> None:
    """Made on the very day of a hand-over, and put off by a correction beyond what a hand-over cut."""
    today = await town.today()
    first = await captains.assign(town.tx, building=home, member=people["甲"], since=FIRST)
    second = await town.hand_over(home, people["乙"], today + days(9))
    await captains.end(town.tx, assignment=await town.row(captain_terms, first), on=today + days(8), reason="搬走")
    assert len(await correct(town, second, since=today + days(12))) == 1
    assert (await terms(town, home))[0] == ("甲", FIRST, today + days(8))
    assert [each["id"] for each in await correct(town, second, since=today + days(9))] == [second]
    assert [each["id"] for each in await strike_out(town, second)] == [second]
    second = await town.hand_over(home, people["乙"], today + days(3))
    assert len(await correct(town, first, until=today + days(20))) == 2
    await strike_out(town, second)
    assert await terms(town, home) == [("甲", FIRST, today + days(20))]


async def test_what_cannot_last_is_not_given_back(town: Town, home: Record, people: dict[str, Record]) -> None:
    """The former captain has left since: the hand-over is cancelled all the same."""
    today = await town.today()
    await captains.assign(town.tx, building=home, member=people["甲"], since=FIRST)
    second = await town.hand_over(home, people["乙"], today)
    await town.tx.update(members, people["甲"]["id"], left_on=today - days(1))
    outcome = await captains.cancel_term(town.tx, assignment=await town.row(captain_terms, second))
    assert [each["id"] for each in outcome.report] == [second]
    assert await terms(town, home) == [("甲", FIRST, today - days(1))]
    await town.tx.update(buildings, home["id"], closed_on=today)
