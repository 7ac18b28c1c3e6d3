"""Property companies in the database: register, branch, contracts, assessments."""

from datetime import date
from typing import Any

import asyncpg
import pytest
from stdnum.cn import uscc

from services.appointments.tables import PostKind, posts
from services.organization.tables import PartyKind, PartyTier, party_organizations, units
from services.properties import companies
from services.properties.correcting import correct_contract
from services.properties.tables import Grade, compounds, contracts
from services.properties.tables import companies as company_table
from services.storage.transaction import Record
from services.terms import BACK
from tests.captains.town import COMMUNITY, COUNTY, FIRST, SECOND, THIRD, Town, days
from tests.golden.world import id_of, path_of
from tests.properties.saying import done, told

BODY = "91350521MA0000001"
CODE = BODY + uscc.calc_check_digit(BODY)


async def county(town: Town) -> Record:
    """The county."""
    return await town.row(units, id_of(COUNTY))


async def history(town: Town, compound: Record) -> list[tuple[str, date, date | None]]:
    """Who managed a compound, and when."""
    found = await town.connection.fetch(
        "SELECT m.name, c.since, c.until FROM management_contract c JOIN property_company m ON m.id = c.company_id"
        " WHERE c.compound_id = $1 ORDER BY c.since",
        compound["id"],
    )
    return [tuple(row) for row in found]


async def test_registered(town: Town) -> None:
    """In a county, under a credit code kept without spaces; once in the county, and again in another."""
    spaced = f" {CODE[:8]} {CODE[8:].lower()}"
    given: dict[str, Any] = {"unit": await county(town), "name": "和平物业"}
    made = await done(town, companies.create_company(town.tx, **given, credit_code=spaced, recruitment_quota=2))
    company = await town.row(company_table, made)
    assert (company["credit_code"], company["recruitment_quota"], company["unit_path"]) == (CODE, 2, path_of(COUNTY))
    assert await told(town, companies.create_company(town.tx, **given, credit_code=CODE)) == [("TAKEN", "credit_code")]
    elsewhere = await town.row(units, id_of("350524"))
    again = companies.create_company(town.tx, unit=elsewhere, name="和平物业", credit_code=CODE)
    assert await told(town, again) == []
    community = await town.row(units, id_of(COMMUNITY))
    low = companies.create_company(town.tx, unit=community, name="和平物业", credit_code=CODE)
    assert await told(town, low) == [("INVALID", "unit")]


@pytest.mark.parametrize(
    "code", ["", "91350521MA0000001X", "9135052", "91350521MA000000I9", "统一社会信用代码统一社会信用代码统一"]
)
async def test_what_is_no_credit_code(town: Town, code: str) -> None:
    """Told before the database is asked, at registration and at an update; a code left out stays."""
    given: dict[str, Any] = {"unit": await county(town), "name": "和平物业", "credit_code": code}
    assert await told(town, companies.create_company(town.tx, **given)) == [("INVALID", "credit_code")]
    company = await town.company("和平物业")
    update = companies.update_company(town.tx, company=company, credit_code=code)
    assert await told(town, update) == [("INVALID", "credit_code")]
    assert await told(town, companies.update_company(town.tx, company=company, name="新名")) == []
    assert (await town.row(company_table, company["id"]))["credit_code"] == company["credit_code"]


async def test_the_two_checks_of_a_code_agree(connection: asyncpg.Connection) -> None:
    """python-stdnum's and the database's, over hundreds of codes with every last character there is."""
    bodies = [f"91350521MA{number:07}" for number in range(0, 9999999, 99991)]
    codes = [body + last for body in bodies for last in "0123456789ABCDEFGHJKLMNPQRTUWXY"]
    stored = await connection.fetch("SELECT code FROM unnest($1::text[]) AS code WHERE is_credit_code(code)", codes)
    assert [row["code"] for row in stored] == [code for code in codes if uscc.is_valid(code)]
    assert len(stored) == len(bodies)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": None, "credit_code": None, "recruitment_quota": -1}, ["name", "credit_code", "recruitment_quota"]),
        ({"covenant_on": date(1900, 1, 1)}, ["covenant_on"]),
        ({"covenant_on": FIRST, "party_in_articles": True, "in_association": True}, []),
    ],
)
async def test_what_an_update_refuses(town: Town, changes: Any, fields: list[str]) -> None:
    """Every problem at once."""
    update = companies.update_company(town.tx, company=await town.company("和平物业"), **changes)
    assert await told(town, update) == [("INVALID", field) for field in fields]


async def test_closing(town: Town) -> None:
    """Not while it manages compounds after the day, nor over a post; then it takes no contract."""
    company, compound = await town.company("和平物业"), await town.compound("和平小区")
    contract = await town.contract(compound, company, FIRST)
    closing: dict[str, Any] = {"company": company, "on": SECOND}
    assert await told(town, companies.close_company(town.tx, **closing)) == [("CLOSED", "on")]
    await done(town, companies.end_contract(town.tx, contract=contract, on=SECOND))
    post = await town.add(
        posts,
        kind=PostKind.COMPANY_LEADER,
        company_id=company["id"],
        unit_path=company["unit_path"],
        member_id=(await town.member("林一"))["id"],
        since=FIRST,
    )
    assert await told(town, companies.close_company(town.tx, **closing)) == [("CLOSED", "on")]
    await town.tx.update(posts, post["id"], until=SECOND)
    assert await told(town, companies.close_company(town.tx, **closing)) == []
    closed = await town.row(company_table, company["id"])
    back = companies.change_company(town.tx, compound=compound, company=closed, since=THIRD)
    assert await told(town, back) == [("CLOSED", "company")]
    assert await told(town, companies.set_branch(town.tx, company=closed)) == [("CLOSED", "company")]
    assert await told(
        town, companies.create_company_branch(town.tx, company=closed, name="党支部", kind=PartyKind.BRANCH)
    ) == [("CLOSED", "company")]


async def test_a_compound_changes_company_a_quarter_back_at_most(town: Town) -> None:
    """Where a company is replaced; the first contract that is recorded may be as old as it is."""
    compound, one, two = await town.compound("和平小区"), await town.company("一", 1), await town.company("二", 2)
    today = await town.today()

    async def change(company: Record, since: date) -> object:
        return await told(town, companies.change_company(town.tx, compound=compound, company=company, since=since))

    assert await change(one, today - days(800)) == []
    assert await change(two, today - BACK - days(1)) == [("INVALID", "since")]
    assert await change(two, today - BACK) == []
    of = await town.connection.fetchrow("SELECT * FROM management_contract ORDER BY since DESC LIMIT 1")
    assert of is not None
    correction = correct_contract(town.tx, contract=dict(of), reason="当时未登记", since=today - days(400))
    assert await told(town, correction) == []
    held = await town.connection.fetch("SELECT since, until FROM management_contract ORDER BY since")
    expected = [(today - days(800), today - days(401)), (today - days(400), None)]
    assert [tuple(row) for row in held] == expected


async def test_a_compound_changes_company(town: Town) -> None:
    """The first contract, the next from a day on, and an end."""
    one, two, compound = (
        await town.company("甲物业", 1),
        await town.company("乙物业", 2),
        await town.compound("和平小区"),
    )
    await done(town, companies.change_company(town.tx, compound=compound, company=one, since=FIRST))
    second = (await done(town, companies.change_company(town.tx, compound=compound, company=two, since=SECOND))).id
    assert await history(town, compound) == [("甲物业", FIRST, SECOND - days(1)), ("乙物业", SECOND, None)]
    running = await town.row(contracts, second)
    assert running["unit_path"] == compound["unit_path"]
    await done(town, companies.end_contract(town.tx, contract=running, on=THIRD))
    assert (await history(town, compound))[1] == ("乙物业", SECOND, THIRD)
    late = await town.row(contracts, second)
    longer = companies.end_contract(town.tx, contract=late, on=THIRD + days(1))
    assert await told(town, longer) == [("CLOSED", "on")]
    after_a_gap = companies.change_company(town.tx, compound=compound, company=two, since=THIRD + days(9))
    assert await told(town, after_a_gap) == []


async def test_changes_of_company_that_are_refused(town: Town) -> None:
    """The same company, a day on which a contract begins, a day before one, a mistyped day, a closed compound."""
    one, two, compound = (
        await town.company("甲物业", 1),
        await town.company("乙物业", 2),
        await town.compound("和平小区"),
    )
    await town.contract(compound, one, SECOND)

    async def change(company: Record, since: date) -> list[tuple[str, str]]:
        return await told(town, companies.change_company(town.tx, compound=compound, company=company, since=since))

    assert await change(one, THIRD) == [("INVALID", "company")]
    assert await change(two, SECOND) == [("CONFLICT", "since")]
    assert await change(two, FIRST) == [("CONFLICT", "since")]
    assert await change(two, date(1949, 9, 30)) == [("INVALID", "since")]
    assert await history(town, compound) == [("甲物业", SECOND, None)]
    await town.tx.update(compounds, compound["id"], closed_on=THIRD)
    compound = await town.row(compounds, compound["id"])
    assert await change(two, THIRD) == [("CLOSED", "compound")]


async def test_a_companys_branch(town: Town) -> None:
    """Set up in its county below the committee, taken away, linked again; nobody else's, nor from elsewhere."""
    one, two = await town.company("甲物业", 1), await town.company("乙物业", 2)
    above = await town.organization("物业行业党委", COUNTY, PartyTier.SECTOR, PartyKind.COMMITTEE)
    given: dict[str, Any] = {"name": "甲物业党支部", "kind": PartyKind.BRANCH, "parent": above}
    made = await done(town, companies.create_company_branch(town.tx, company=one, **given))
    branch, one = await town.row(party_organizations, made), await town.row(company_table, one["id"])
    assert (branch["tier"], branch["parent_id"], branch["unit_path"]) == ("COMPANY", above["id"], path_of(COUNTY))
    assert one["organization_id"] == made
    another = companies.create_company_branch(town.tx, company=one, **given)
    assert await told(town, another) == [("TAKEN", "company")]

    async def set_to(company: Record, organization: Record | None) -> list[tuple[str, str]]:
        return await told(town, companies.set_branch(town.tx, company=company, party_organization=organization))

    assert await set_to(two, branch) == [("TAKEN", "party_organization")]
    assert await set_to(two, above) == [("INVALID", "party_organization")]
    away = await town.organization("安溪物业党支部", "350524", PartyTier.COMPANY)
    assert await set_to(two, away) == [("OUT_OF_REACH", "party_organization")]
    assert await set_to(one, None) == []
    assert await set_to(two, branch) == []


async def test_assessed_once_a_year(town: Town) -> None:
    """Grade and credit decide the supervision; a second time, a year ahead and credit beyond 100 are refused."""
    company, year = await town.company("和平物业"), (await town.today()).year

    async def assess(of: int, grade: Grade, credit: int) -> list[tuple[str, str]]:
        record = companies.record_assessment(town.tx, company=company, year=of, grade=grade, credit=credit)
        return await told(town, record)

    assert await assess(year, Grade.A, 95) == []
    assert await assess(year, Grade.B, 80) == [("TAKEN", "year")]
    assert await assess(year + 1, Grade.A, 95) == [("INVALID", "year")]
    assert await assess(1999, Grade.A, 95) == [("INVALID", "year")]
    assert await assess(year - 1, Grade.B, 101) == [("INVALID", "credit")]
    assert await assess(year - 1, Grade.B, -1) == [("INVALID", "credit")]
    assert await assess(year - 1, Grade.B, 79) == []
    found = await town.connection.fetch("SELECT supervision FROM company_assessment ORDER BY year DESC")
    assert [row["supervision"] for row in found] == ["LIGHT", "REGULAR"]
    await town.tx.update(company_table, company["id"], closed_on=date(year - 3, 6, 30))
    company = await town.row(company_table, company["id"])
    assert await assess(year - 2, Grade.D, 50) == [("CLOSED", "company")]
    assert await assess(year - 3, Grade.D, 50) == []
