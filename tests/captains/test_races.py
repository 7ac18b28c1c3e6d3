"""Two administrators at once: one success and one clear conflict, on two connections."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

import asyncpg
import pytest
from sqlalchemy import select

from services.captains import commands as captains
from services.captains.tables import RULES, captain_terms
from services.errors import Refused
from services.properties.tables import buildings
from services.storage.transaction import Record
from tests.captains.town import FIRST, SECOND, THIRD, Town, days

Command = Callable[[Town, Record, Record], Awaitable[object]]


def assigning(since: date) -> Command:
    """Assigns a member to a building."""
    return lambda town, building, member: captains.assign(town.tx, building=building, member=member, since=since)


def handing_over(on: date) -> Command:
    """Hands a building over to a member."""
    return lambda town, building, member: town.hand_over(building, member, on)


async def vacant(town: Town) -> Record:
    """A building without a captain."""
    return await town.building(await town.compound("和平小区"), "1号楼")


async def captain_of_one(town: Town) -> Record:
    """A building whose captain began on the first day."""
    building = await vacant(town)
    await captains.assign(town.tx, building=building, member=await town.member("林一"), since=FIRST)
    return building


async def names(town: Town) -> list[str]:
    """The captains there are or have been, by name, oldest first."""
    found = await town.connection.fetch(
        "SELECT name FROM member m JOIN captain_term t ON t.member_id = m.id ORDER BY t.since"
    )
    return [row["name"] for row in found]


async def test_assigned_twice_at_once(town: Town) -> None:
    """The second waits for the first to commit and is then refused by the constraint."""
    building = await vacant(town)
    await overtaken(town, building, assigning(FIRST), assigning(SECOND), "captain_term_excl")
    assert await names(town) == ["甲"]


@pytest.mark.parametrize(
    ("first", "second", "constraint"),
    [
        (SECOND, SECOND, "captain_term_excl"),
        (THIRD, SECOND, "captain_term_excl"),
        # The second would give back to the former captain days that are gone.
        (SECOND, THIRD, "captain_term_prolonged_check"),
    ],
)
async def test_handed_over_twice_at_once(town: Town, first: date, second: date, constraint: str) -> None:
    """Whatever the days are, the later commit finds out, and nothing of it stays."""
    building = await captain_of_one(town)
    await overtaken(town, building, handing_over(first), handing_over(second), constraint)
    assert await names(town) == ["林一", "甲"]
    assert await town.connection.fetchval("SELECT min(until) FROM captain_term") == first - days(1)


async def overtaken(town: Town, building: Record, first: Command, second: Command, constraint: str) -> None:
    """Both read before either wrote; the first to write commits while the second waits, and the second fails."""
    one, two = await town.member("甲"), await town.member("乙")
    async with town.another() as rival:
        winning, losing = town.connection.transaction(), rival.connection.transaction()
        await losing.start()
        await winning.start()
        await first(town, building, one)
        late = asyncio.ensure_future(second(rival, building, two))
        await town.until_waiting(rival)
        await winning.commit()
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as violated:
            await late
        await losing.rollback()
    assert violated.value.constraint_name == constraint
    assert isinstance(RULES[constraint].refusal(), Refused)


@pytest.mark.parametrize("held", [False, True], ids=["assign", "hand over"])
async def test_one_of_many_at_once(town: Town, held: bool) -> None:
    """Eight at the same moment, each locking what it read first as the write path does: one is done, seven conflict."""
    await (captain_of_one(town) if held else vacant(town))
    seen = await town.tx.row(select(captain_terms) if held else select(buildings))
    assert seen is not None
    table = captain_terms if held else buildings
    read = select(table).where(table.c.id == seen["id"], table.c.version == seen["version"])
    before = len(await names(town))
    members = [await town.member(f"候选{number}") for number in range(8)]
    barrier = asyncio.Barrier(8)

    async def take_part(member: Record) -> str:
        async with town.another() as rival:
            await barrier.wait()
            try:
                async with rival.connection.transaction():
                    found = await rival.tx.row(read.with_for_update())
                    if found is None:
                        return "conflict"
                    if held:
                        await captains.hand_over(rival.tx, assignment=found, member=member, on=SECOND)
                    else:
                        await captains.assign(rival.tx, building=found, member=member, since=SECOND)
            except asyncpg.ExclusionViolationError:
                return "conflict"
        return "done"

    outcomes = await asyncio.gather(*map(take_part, members))
    assert sorted(outcomes) == ["conflict"] * 7 + ["done"]
    assert len(await names(town)) == before + 1
