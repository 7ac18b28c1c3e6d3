"""Two who appoint or end at once: one success and one clear conflict, on two connections."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from services.appointments import commands as posts
from services.appointments.tables import RULES
from services.appointments.tables import posts as table
from services.errors import Refused
from services.organization.tables import PartyTier
from services.storage.transaction import Record
from tests.captains.town import COUNTY, FIRST, SECOND, THIRD, Town

MAY, JUNE, JULY = FIRST, SECOND, THIRD
Command = Callable[[Town], Awaitable[object]]


async def overtaken(town: Town, first: Command, second: Command, constraint: str) -> None:
    """Both have begun; the first to write commits while the second waits, and the second fails."""
    async with town.another() as rival:
        winning, losing = town.connection.transaction(), rival.connection.transaction()
        await losing.start()
        await winning.start()
        await first(town)
        late = asyncio.ensure_future(second(rival))
        await town.until_waiting(rival)
        await winning.commit()
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as violated:
            await late
        await losing.rollback()
    assert violated.value.constraint_name == constraint
    assert isinstance(RULES[constraint].refusal(), Refused)


async def companys(town: Town) -> tuple[Record, Record]:
    """A company and its branch."""
    branch = await town.organization("安居物业党支部", COUNTY, PartyTier.COMPANY)
    return await town.company("安居物业", branch=branch), branch


async def test_two_secretaries_by_two_ways(town: Town) -> None:
    """One appointed to the branch, the other to the company whose branch it is: still one post."""
    company, branch = await companys(town)
    one, two = await town.member("林一"), await town.member("陈二")
    await overtaken(
        town,
        lambda at: posts.appoint_secretary(at.tx, party_organization=branch, member=one, since=JUNE),
        lambda at: posts.appoint_company_secretary(at.tx, company=company, member=two, since=MAY),
        "post_single_excl",
    )
    assert await town.connection.fetchval("SELECT member_id FROM post") == one["id"]


async def test_two_chairs(town: Town) -> None:
    """Their months overlap."""
    village = await town.organization("北关社区党委")
    one, two = await town.member("林一"), await town.member("陈二")
    for member in (one, two):
        await town.part_time(village, member)
    await overtaken(
        town,
        lambda at: posts.appoint_rotating_chair(at.tx, party_organization=village, member=one, since=JUNE, months=1),
        lambda at: posts.appoint_rotating_chair(at.tx, party_organization=village, member=two, since=MAY, months=2),
        "post_single_excl",
    )


async def test_one_instructor_twice(town: Town) -> None:
    """A retried request without a key does not dispatch the member a second time."""
    company, member = await town.company("安居物业"), await town.member("林一")

    def dispatch(at: Town) -> Awaitable[object]:
        return posts.appoint_instructor(at.tx, company=company, member=member, since=MAY, until=JULY)

    await overtaken(town, dispatch, dispatch, "post_member_excl")
    assert await town.connection.fetchval("SELECT count(*) FROM post") == 1


async def test_ended_twice(town: Town) -> None:
    """What the first ended in June the second, who had not seen it, does not end in July."""
    village = await town.organization("北关社区党委")
    made = await posts.appoint_secretary(
        town.tx, party_organization=village, member=await town.member("林一"), since=MAY
    )
    seen = await town.row(table, made)
    await overtaken(
        town,
        lambda at: posts.end(at.tx, post=seen, on=JUNE, reason="调动"),
        lambda at: posts.end(at.tx, post=seen, on=JULY, reason="期满"),
        "post_prolonged_check",
    )
    assert (await town.row(table, made))["until"] == JUNE


async def test_one_of_many_at_once(town: Town) -> None:
    """Eight appoint a secretary at the same moment to a locked branch: one is done, seven conflict."""
    _, branch = await companys(town)
    members = [await town.member(f"候选{number}") for number in range(8)]
    barrier = asyncio.Barrier(8)

    async def take_part(member: Record) -> str:
        async with town.another() as rival:
            await barrier.wait()
            try:
                async with rival.connection.transaction():
                    await rival.connection.execute(
                        "SELECT FROM party_organization WHERE id = $1 FOR UPDATE", branch["id"]
                    )
                    await posts.appoint_secretary(rival.tx, party_organization=branch, member=member, since=MAY)
            except asyncpg.ExclusionViolationError:
                return "conflict"
        return "done"

    outcomes = await asyncio.gather(*map(take_part, members))
    assert sorted(outcomes) == ["conflict"] * 7 + ["done"]
    assert await town.connection.fetchval("SELECT count(*) FROM post") == 1
