"""Two administrators at once: one success and one clear conflict, whether or not a lock makes them queue."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from services.properties import branches, companies, surveys
from services.properties import compounds as compounds_of
from services.properties.tables import compounds
from services.storage.transaction import Record
from tests.captains.town import FIRST, SECOND, Town
from tests.properties.saying import done, told

Command = Callable[[Town, Record], Coroutine[Any, Any, Any]]


async def contested(town: Town, compound: Record, first: Command, second: Command) -> list[tuple[str, str]]:
    """The first writes and commits while the second, which has begun already, waits; what the second is told."""
    async with town.another() as rival:
        winning = town.connection.transaction()
        await winning.start()
        await first(town, compound)
        late = asyncio.ensure_future(told(rival, second(rival, compound)))
        await town.until_waiting(rival)
        await winning.commit()
        return await late


@pytest.mark.parametrize("managed", [False, True], ids=["first contract", "next contract"])
@pytest.mark.parametrize(("winner", "loser"), [(FIRST, FIRST), (FIRST, SECOND), (SECOND, FIRST)])
async def test_two_companies_for_one_compound(town: Town, managed: bool, winner: date, loser: date) -> None:
    """Whatever the days are; and never two contracts at once."""
    before, one, two = [await town.company(f"物业{number}", number) for number in range(3)]
    compound = await town.compound("和平小区")
    if managed:
        await town.contract(compound, before, date(2026, 1, 1))

    def changing(company: Record, since: date) -> Command:
        return lambda at, of: companies.change_company(at.tx, compound=of, company=company, since=since)

    outcome = await contested(town, compound, changing(one, winner), changing(two, loser))
    assert outcome == [("CONFLICT", "since")]
    latest = await town.connection.fetchrow("SELECT company_id FROM management_contract ORDER BY since DESC LIMIT 1")
    assert latest is not None
    assert latest["company_id"] == one["id"]


async def test_two_branches_over_one_compound(town: Town) -> None:
    """The second covers neither the contested compound nor any other it named."""
    compound, other = await town.compound("和平小区"), await town.compound("北关花园")
    one, two = await town.organization("甲支部"), await town.organization("乙支部")

    def covering(branch: Record, *more: Record) -> Command:
        return lambda at, of: branches.cover_compounds(
            at.tx, party_organization=branch, compounds=[*more, of], since=FIRST
        )

    assert await contested(town, compound, covering(one), covering(two, other)) == [("CONFLICT", "compounds")]
    assert await town.connection.fetchval("SELECT count(*) FROM branch_coverage") == 1


async def test_one_of_many_at_once(town: Town) -> None:
    """Eight companies at the same moment, each locking the compound first as the write path does: one gets it."""
    compound = await town.compound("和平小区")
    await town.contract(compound, await town.company("原物业"), FIRST)
    contenders = [await town.company(f"物业{number}", number) for number in range(1, 9)]
    barrier = asyncio.Barrier(8)

    async def locked(rival: Town, company: Record) -> None:
        found = await rival.tx.row(select(compounds).where(compounds.c.id == compound["id"]).with_for_update())
        assert found is not None
        await companies.change_company(rival.tx, compound=found, company=company, since=SECOND)

    async def take_part(company: Record) -> list[tuple[str, str]]:
        async with town.another() as rival:
            await barrier.wait()
            return await told(rival, locked(rival, company))

    outcomes = await asyncio.gather(*map(take_part, contenders))
    assert sorted(outcomes) == [[], *[[("CONFLICT", "since")]] * 7]


async def test_done_again_by_the_same(town: Town) -> None:
    """A retry without a key meets its own contract and is told so; nothing changes."""
    compound, company = await town.compound("和平小区"), await town.company("物业")
    given: dict[str, Any] = {"compound": compound, "company": company, "since": FIRST}
    await done(town, companies.change_company(town.tx, **given))
    assert await told(town, companies.change_company(town.tx, **given)) == [("CONFLICT", "since")]
    assert await town.connection.fetchval("SELECT count(*) FROM management_contract") == 1


async def test_a_name_taken_while_a_survey_is_written(town: Town) -> None:
    """Nobody had it when the survey looked: the row that wanted it is told all the same."""
    compound = await town.compound("和平小区")

    async def one(at: Town, of: Record) -> None:
        await compounds_of.create_building(at.tx, compound=of, name="2号楼")

    def survey(at: Town, of: Record) -> Coroutine[Any, Any, Any]:
        return surveys.record_buildings(at.tx, compound=of, buildings=[{"name": "1号楼"}, {"name": "2号楼"}])

    assert await contested(town, compound, one, survey) == [("TAKEN", "buildings.1.name")]
    assert await town.connection.fetchval("SELECT count(*) FROM building") == 1
