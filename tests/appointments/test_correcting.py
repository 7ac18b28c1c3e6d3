"""Posts that were entered wrongly, put right or struck out."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.appointments import commands as posts
from services.appointments import correcting
from services.appointments.tables import RULES
from services.appointments.tables import posts as table
from services.errors import ProblemCode, Rejected
from services.organization.tables import units
from services.properties import correcting as properties
from services.properties.tables import owners_committees
from tests.appointments.test_posts import problem
from tests.captains.town import Town, days
from tests.golden.world import path_of

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
WHY = "录入有误"


async def correct(town: Town, post: UUID, **given: Any) -> list[UUID]:
    """Correct a post as it is now; which posts changed."""
    async with town.connection.transaction():
        outcome = await correcting.correct(town.tx, post=await town.row(table, post), reason=WHY, **given)
        return [each["id"] for each in outcome.report]


async def refused(town: Town, post: UUID, **given: Any) -> tuple[ProblemCode, str]:
    """What a correction is refused for."""
    with pytest.raises(Rejected) as error:
        await correct(town, post, **given)
    return problem(error.value)


async def violated(town: Town, post: UUID, **given: Any) -> str | None:
    """The constraint a correction violates, which is one that is explained."""
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as error:
        await correct(town, post, **given)
    assert error.value.constraint_name in RULES
    return error.value.constraint_name


async def held(town: Town, *ids: UUID) -> list[tuple[date, date | None]]:
    """The days of posts."""
    rows = [await town.row(table, each) for each in ids]
    return [(row["since"], row["until"]) for row in rows]


async def test_secretaries_follow_one_another(town: Town) -> None:
    """The boundary between two moves; others of the organization stay, and so does who holds another post."""
    village, one, two = await town.organization("党委"), await town.member("甲"), await town.member("乙")
    of: dict[str, Any] = {"party_organization": village}
    first = await posts.appoint_secretary(town.tx, **of, member=one, since=MAY)
    await town.tx.update(table, first, until=JUNE - days(1))
    beside = await posts.appoint_part_time_member(town.tx, **of, member=two, since=MAY, until=JUNE - days(1))
    second = await posts.appoint_secretary(town.tx, **of, member=two, since=JUNE)
    assert await correct(town, second, since=JUNE + days(9)) == [second, first]
    assert await held(town, first, second, beside) == [
        (MAY, JUNE + days(8)),
        (JUNE + days(9), None),
        (MAY, JUNE - days(1)),
    ]
    assert await refused(town, first, until=None) == (ProblemCode.INVALID, "until")
    assert await correct(town, beside, until=None) == [beside]
    assert await correct(town, second, member=one) == [second]
    gone = {**two, "left_on": JULY}
    assert await refused(town, second, member=gone) == (ProblemCode.CLOSED, "member")
    assert await refused(town, second, until=None) == (ProblemCode.INCOMPLETE, "post")


async def test_what_a_kind_demands(town: Town) -> None:
    """A chair serves one to three months, less where ended for a reason; an instructor until a day."""
    company, village, one = await town.company("安居物业"), await town.organization("党委"), await town.member("甲")
    await posts.appoint_part_time_member(town.tx, party_organization=village, member=one, since=MAY)
    chair = await posts.appoint_rotating_chair(town.tx, party_organization=village, member=one, since=MAY, months=2)
    assert await violated(town, chair, until=JULY + days(90)) == "post_rotation_check"
    assert await violated(town, chair, until=MAY + days(3)) == "post_rotation_check"
    assert await violated(town, chair, until=None) == "post_rotation_check"
    await town.tx.update(table, chair, until=MAY + days(9), end_reason="调离")
    await correct(town, chair, until=MAY + days(12))
    assert (await town.row(table, chair))["end_reason"] == "调离"
    dispatched = await posts.appoint_instructor(town.tx, company=company, member=one, since=MAY, until=JULY)
    assert await refused(town, dispatched, until=None) == (ProblemCode.INVALID, "until")
    await correct(town, dispatched, until=JUNE)


async def test_within_the_committee(town: Town) -> None:
    """A post in an owners' committee stays within its term, whichever of the two is corrected."""
    committee = await town.committee(await town.compound("和平小区"), MAY, JULY)
    post = await posts.cross_appoint_to_committee(
        town.tx, committee=committee, member=await town.member("甲"), since=JUNE
    )
    assert await refused(town, post, since=MAY - days(1)) == (ProblemCode.INVALID, "since")
    for until in (JULY + days(1), None):
        assert await violated(town, post, until=until) == "post_owners_committee_check"
    await correct(town, post, since=MAY + days(9))
    with pytest.raises(asyncpg.CheckViolationError) as late:
        await properties.correct_committee(town.tx, committee=committee, reason=WHY, since=MAY + days(10))
    assert late.value.constraint_name == "owners_committee_since_check"
    with pytest.raises(asyncpg.CheckViolationError) as early:
        await properties.correct_committee(town.tx, committee=committee, reason=WHY, until=JUNE)
    assert early.value.constraint_name == "owners_committee_post_check"
    with pytest.raises(asyncpg.ForeignKeyViolationError) as gone:
        await properties.strike_out_committee(town.tx, committee=committee, reason=WHY)
    assert gone.value.constraint_name in RULES
    outcome = await correcting.strike_out(town.tx, post=await town.row(table, post), reason=WHY)
    unit = await town.row(units, outcome.id)
    assert unit["path"] == path_of("350521100001")
    await properties.strike_out_committee(
        town.tx, committee=await town.row(owners_committees, committee["id"]), reason=WHY
    )
    assert await town.connection.fetchval("SELECT count(*) FROM owners_committee") == 0
