"""Contracts, coverages and owners' committees that were entered wrongly, and contracts entered late."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table

from services.organization.tables import PartyTier
from services.properties import branches, companies, compounds, correcting
from services.properties.tables import companies as company_table
from services.properties.tables import contracts, coverages, owners_committees
from services.storage.transaction import Record
from tests.captains.town import FIRST, GRID, SECOND, THIRD, Town, days
from tests.properties.saying import done, told
from tests.properties.test_companies import history

WHY = "录入有误"


async def row(town: Town, table: Table, id: UUID) -> Record:
    """A term as commands get it."""
    return await town.row(table, id)


async def test_a_contract_entered_late(town: Town) -> None:
    """For a fixed term it fills a gap, lies before what there is, or cuts what runs; it never overlaps."""
    compound, one, two = await town.compound("和平小区"), await town.company("一"), await town.company("二", 1)
    change: Callable[..., Any] = partial(companies.change_company, town.tx, compound=compound)
    await done(town, change(company=one, since=THIRD))
    assert await told(town, change(company=two, since=FIRST)) == [("CONFLICT", "since")]
    assert await told(town, change(company=two, since=FIRST, until=THIRD)) == [("CONFLICT", "since")]
    assert await told(town, change(company=two, since=SECOND, until=FIRST)) == [("INVALID", "until")]
    await done(town, change(company=two, since=FIRST, until=FIRST + days(9)))
    await done(town, change(company=two, since=SECOND, until=THIRD - days(1)))
    await done(town, change(company=one, since=FIRST + days(10), until=SECOND - days(1)))
    assert await history(town, compound) == [
        ("二", FIRST, FIRST + days(9)),
        ("一", FIRST + days(10), SECOND - days(1)),
        ("二", SECOND, THIRD - days(1)),
        ("一", THIRD, None),
    ]


async def test_what_is_over_or_runs_is_not_cut_by_what_is_over(town: Town) -> None:
    """That is a correction: of who managed the compound then, or of who manages it today. What is cut is told."""
    compound, one, two = await town.compound("和平小区"), await town.company("一"), await town.company("二", 1)
    today = await town.today()
    change: Callable[..., Any] = partial(companies.change_company, town.tx, compound=compound)
    await done(town, change(company=one, since=today - days(90), until=today - days(30)))
    running = (await done(town, change(company=one, since=today - days(20)))).id
    short = change(company=two, since=today - days(60), until=today - days(40))
    assert await told(town, short) == [("CLOSED", "since")]
    assert await told(town, change(company=two, since=today - days(60))) == [("CONFLICT", "since")]
    over = change(company=two, since=today - days(9), until=today - days(1))
    assert await told(town, over) == [("INVALID", "until")]
    (cut,) = (await done(town, change(company=two, since=today - days(9), until=today))).report
    assert (cut["id"], cut["until_before"], cut["until"]) == (running, None, (today - days(10)).isoformat())


async def test_contracts(town: Town) -> None:
    """Company, days, boundaries; struck out or taken back, a change gives back what it cut."""
    compound, one, two = await town.compound("和平小区"), await town.company("一"), await town.company("二", 1)
    today = await town.today()
    change = companies.change_company(town.tx, compound=compound, company=one, since=FIRST, until=today + days(90))
    first = (await done(town, change)).id
    second = (await done(town, companies.change_company(town.tx, compound=compound, company=two, since=today))).id

    async def correct(id: UUID, **given: Any) -> list[tuple[str, str]]:
        of = await row(town, contracts, id)
        return await told(town, correcting.correct_contract(town.tx, contract=of, reason=WHY, **given))

    assert await correct(second, since=THIRD, until=today + days(900)) == []
    assert await history(town, compound) == [("一", FIRST, THIRD - days(1)), ("二", THIRD, today + days(900))]
    assert await correct(second, company=two) == [("INCOMPLETE", "contract")]
    assert await correct(second, company={**one, "closed_on": THIRD}) == [("CLOSED", "company")]
    three = await town.company("三", 2)
    assert await correct(second, company=three, until=None) == []
    assert await correct(first, company=two) == []
    assert await correct(second, company=one) == []
    assert await history(town, compound) == [("二", FIRST, THIRD - days(1)), ("一", THIRD, None)]
    given: dict[str, Any] = {"contract": await row(town, contracts, second), "reason": WHY}
    outcome = await done(town, correcting.strike_out_contract(town.tx, **given))
    assert (outcome.id, len(outcome.report)) == (compound["id"], 2)
    assert await history(town, compound) == [("二", FIRST, today + days(90))]
    change = companies.change_company(town.tx, compound=compound, company=one, since=today + days(9))
    planned = await row(town, contracts, (await done(town, change)).id)
    await done(town, companies.cancel_contract(town.tx, contract=planned))
    assert await history(town, compound) == [("二", FIRST, today + days(90))]


async def test_a_contract_does_not_outlast_its_company(town: Town) -> None:
    """Nor the neighbour that would be prolonged by a correction of the next: refused is the day that was sent."""
    compound, one, two = await town.compound("和平小区"), await town.company("一"), await town.company("二", 1)
    first = (await done(town, companies.change_company(town.tx, compound=compound, company=one, since=FIRST))).id
    second = (await done(town, companies.change_company(town.tx, compound=compound, company=two, since=SECOND))).id
    await town.tx.update(company_table, one["id"], closed_on=SECOND)
    wrong: list[tuple[UUID, dict[str, Any]]] = [(first, {"until": SECOND + days(1)}), (second, {"since": THIRD})]
    for term, given in wrong:
        of = await row(town, contracts, term)
        refused = await told(town, correcting.correct_contract(town.tx, contract=of, reason=WHY, **given))
        assert refused == [("CLOSED", *given)]
    of = await row(town, contracts, second)
    assert await told(town, correcting.correct_contract(town.tx, contract=of, reason=WHY, since=SECOND + days(1))) == []


async def test_coverages(town: Town) -> None:
    """Branch and days; a branch that is closed or does not reach the compound is none for it."""
    compound = await town.compound("和平小区")
    one, two = await town.organization("一支部"), await town.organization("二支部")
    low = await town.organization("网格支部", GRID, PartyTier.GRID)
    cover = branches.cover_compounds(town.tx, party_organization=one, compounds=[compound], since=SECOND)
    await done(town, cover)
    covers = await town.connection.fetchval("SELECT id FROM branch_coverage")

    async def correct(**given: Any) -> list[tuple[str, str]]:
        of = await row(town, coverages, covers)
        return await told(town, correcting.correct_coverage(town.tx, coverage=of, reason=WHY, **given))

    assert await correct(party_organization=low) == [("OUT_OF_REACH", "party_organization")]
    assert await correct(party_organization={**two, "closed_on": FIRST}) == [("CLOSED", "party_organization")]
    assert await correct(party_organization=one) == [("INCOMPLETE", "coverage")]
    assert await correct(party_organization=two, since=FIRST, until=THIRD) == []
    held = await row(town, coverages, covers)
    assert (held["organization_id"], held["since"], held["until"]) == (two["id"], FIRST, THIRD)
    outcome = await done(town, correcting.strike_out_coverage(town.tx, coverage=held, reason=WHY))
    assert outcome.id == compound["id"]
    assert await town.connection.fetchval("SELECT count(*) FROM branch_coverage") == 0


@pytest.mark.parametrize("until", [None, date(2031, 4, 30)])
async def test_committees(town: Town, until: date | None) -> None:
    """The boundary between two moves; a last day may lie years ahead, as where it is recorded."""
    compound = await town.compound("和平小区")
    first = await town.committee(compound, FIRST, SECOND)
    create = compounds.create_owners_committee(
        town.tx, compound=compound, name="二届", since=SECOND + days(1), until=THIRD
    )
    second = await done(town, create)

    async def correct(id: UUID, **given: Any) -> list[tuple[str, str]]:
        of = await row(town, owners_committees, id)
        return await told(town, correcting.correct_committee(town.tx, committee=of, reason=WHY, **given))

    assert await correct(second, since=SECOND - days(4), until=until) == []
    held = [await row(town, owners_committees, each) for each in (first["id"], second)]
    assert [(each["since"], each["until"]) for each in held] == [(FIRST, SECOND - days(5)), (SECOND - days(4), until)]
    assert await correct(first["id"], until=None) == [("INVALID", "until")]


async def test_a_contract_beside_ones_own_is_struck_out_and_not_corrected(town: Town) -> None:
    """Two contracts of one company that touch are one: whoever would make them so is told what is meant."""
    compound, one, two = await town.compound("和平小区"), await town.company("一"), await town.company("二", 1)
    first = (await done(town, companies.change_company(town.tx, compound=compound, company=one, since=FIRST))).id
    second = (await done(town, companies.change_company(town.tx, compound=compound, company=two, since=SECOND))).id
    for term, company in ((first, two), (second, one)):
        of = await row(town, contracts, term)
        given: dict[str, Any] = {"contract": of, "reason": WHY, "company": company}
        assert await told(town, correcting.correct_contract(town.tx, **given)) == [("INVALID", "company")]
    assert await history(town, compound) == [("一", FIRST, SECOND - days(1)), ("二", SECOND, None)]
