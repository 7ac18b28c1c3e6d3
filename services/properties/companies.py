"""Commands about property companies 物业企业: their branch, the compounds they manage, their yearly assessment."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import literal, or_, select
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from services.errors import ProblemCode, Rule, conflict, rejected
from services.organization.tables import OrgLevel, PartyKind, PartyTier
from services.properties.branches import add_organization, check_parent
from services.properties.tables import CONTRACTS, Grade, assessments, companies, contracts
from services.storage.closing import Cut, cancel, cut, end, lately, only_open
from services.storage.correcting import DAY, OUTLASTS
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import valid
from services.terms import ending, forwards, holds, reasonable

CORRECTION = "correctContract"


class Details(TypedDict, total=False):
    """What is known of a company beside its name and credit code."""

    party_in_articles: bool | None
    covenant_on: date | None
    in_association: bool | None
    recruitment_quota: int | None


class Marks(TypedDict, total=False):
    """What an assessment says."""

    grade: Grade | None
    credit: int | None


class CompanyChanges(Details, total=False):
    """What an update may change of a company."""

    name: str | None
    credit_code: str | None


async def create_company(
    tx: Transaction, *, unit: Record, name: str, credit_code: str, **details: Unpack[Details]
) -> UUID:
    """Enter a company in the register of a county; its id."""
    if unit["level"] != OrgLevel.COUNTY:
        zh, en = "物业企业须登记在县级单元。", "A company is entered in the register of a county."
        raise rejected(ProblemCode.INVALID, "unit", zh, en)
    return await tx.insert(companies, unit_path=unit["path"], **_valid(name=name, credit_code=credit_code, **details))


async def update_company(tx: Transaction, *, company: Record, **changes: Unpack[CompanyChanges]) -> UUID:
    """Change what is given; its id."""
    only_open(company=company)
    return await tx.update(companies, company["id"], **_valid(**changes))


async def close_company(tx: Transaction, *, company: Record, on: date) -> UUID:
    """Close it; its id. Rejected while a contract runs longer: its compounds need another company first."""
    only_open(company=company)
    await lately(tx, "on", on)
    lasting = or_(contracts.c.until.is_(None), contracts.c.until > on)
    if await tx.row(select(contracts.c.id).where(contracts.c.company_id == company["id"], lasting).limit(1)):
        zh = "该企业此日之后仍有小区物业合同，请先更换物业企业或终止合同。"
        en = "The company has contracts for compounds after this day: change the company there or end them first."
        raise rejected(ProblemCode.CLOSED, "on", zh, en)
    return await tx.update(companies, company["id"], closed_on=on)


async def set_branch(tx: Transaction, *, company: Record, party_organization: Record | None = None) -> UUID:
    """Say which party organization is the company's own branch, none where null; the company's id."""
    only_open(company=company, party_organization=party_organization)
    if party_organization is None:
        return await tx.update(companies, company["id"], organization_id=None)
    if party_organization["tier"] != PartyTier.COMPANY:
        zh, en = "须为物业企业党组织。", "It must be an organization of the tier COMPANY."
        raise rejected(ProblemCode.INVALID, "party_organization", zh, en)
    if not party_organization["unit_path"].startswith(company["unit_path"]):
        zh, en = "该党组织不在企业登记的县内。", "The organization lies outside the company's county."
        raise rejected(ProblemCode.OUT_OF_REACH, "party_organization", zh, en)
    return await tx.update(companies, company["id"], organization_id=party_organization["id"])


async def create_company_branch(
    tx: Transaction, *, company: Record, name: str, kind: PartyKind, parent: Record | None = None
) -> UUID:
    """Set up the company's own branch where the company is registered; the party organization's id."""
    only_open(company=company)
    if company["organization_id"] is not None:
        zh, en = "该企业已有党组织。", "The company has a branch already."
        raise rejected(ProblemCode.TAKEN, "company", zh, en)
    check_parent(company["unit_path"], parent)
    made = await add_organization(tx, company["unit_path"], PartyTier.COMPANY, kind, name, parent)
    await tx.update(companies, company["id"], organization_id=made)
    return made


async def change_company(
    tx: Transaction, *, compound: Record, company: Record, since: date, until: date | None = None
) -> Outcome:
    """Let a company manage a compound from a day on; the new contract's id, and the contract it ends, if one ran then.

    With a last day it may fill a gap, or lie before contracts there are. Rejected where that company manages it
    already, where a contract that is over would be cut, one that runs for one that is over, and one too long ago;
    CONFLICT where a contract begins on that very day or within its term, which is what the second of two who do this at
    once meets.
    """
    reasonable("since", since)
    forwards(since, until)
    only_open(compound=compound, company=company)
    on_the_day = holds(contracts.c, literal(since, contracts.c.since.type))
    running = await tx.row(
        select(contracts).where(contracts.c.compound_id == compound["id"], on_the_day).with_for_update()
    )
    if running and running["since"] == since:
        raise conflict(f"该小区已有合同从 {since} 开始。", f"A contract of it begins on {since} already.", "since")
    if running and running["company_id"] == company["id"]:
        zh, en = "该企业已在管理此小区。", "This company manages the compound already."
        raise rejected(ProblemCode.INVALID, "company", zh, en)
    before = Cut({}, [])
    if running:
        before = await cut(tx, contracts, running, since, field="since", correction=CORRECTION)
    made = await tx.insert(
        contracts,
        compound_id=compound["id"],
        unit_path=compound["unit_path"],
        company_id=company["id"],
        since=since,
        until=until,
        **before.kept,
    )
    if running:
        ending("since", running["since"], running["until"], since - DAY)
        if until is not None and until < await tx.today():
            zh, en = "须至少持续至今日，否则现合同将被一并终止。", "It would end what runs today, and be over itself."
            raise rejected(ProblemCode.INVALID, "until", zh, en)
    return Outcome(made, before.told)


async def end_contract(tx: Transaction, *, contract: Record, on: date) -> UUID:
    """Make `on` a contract's last day; its id."""
    return await end(tx, contracts, contract, on, correction=CORRECTION)


async def cancel_contract(tx: Transaction, *, contract: Record) -> Outcome:
    """Take back one that begins today or later, and the change it came of; the compound's id."""
    return Outcome(contract["compound_id"], await cancel(tx, "contract", CONTRACTS, contract))


async def record_assessment(tx: Transaction, *, company: Record, year: int, grade: Grade, credit: int) -> UUID:
    """Record a year's grade and credit; the assessment's id. Once a year, and not before the year has come."""
    today = await tx.today()
    closed = company["closed_on"]
    if closed is not None and year > closed.year:
        only_open(company=company)
    if year > today.year:
        zh, en = "年度不能晚于今年。", "The year must not lie ahead."
        raise rejected(ProblemCode.INVALID, "year", zh, en)
    values = valid(assessments, {"year": year, "grade": grade, "credit": credit})
    return await tx.insert(assessments, company_id=company["id"], unit_path=company["unit_path"], **values)


async def update_assessment(tx: Transaction, *, assessment: Record, **changes: Unpack[Marks]) -> UUID:
    """Change what is given of a year's marks; its id."""
    return await tx.update(assessments, assessment["id"], **valid(assessments, changes))


def _valid(**given: Any) -> dict[str, Any]:
    if given.get("credit_code") is not None:
        given["credit_code"] = _credit_code(given["credit_code"])
    return valid(companies, given)


def _credit_code(text: str) -> str:
    """The code as it is kept, GB 32100-2015: 18 characters, the last of which checks the others."""
    try:
        return str(uscc.validate(text))
    except ValidationError:
        zh = "统一社会信用代码有误：应为 18 位，请核对校验位。"
        en = "This is no unified social credit code: 18 characters, the last of which checks the others."
        raise rejected(ProblemCode.INVALID, "credit_code", zh, en) from None


# What a violated constraint means to a user.
RULES: Mapping[str, Rule] = {
    "management_contract_compound_check": OUTLASTS,
    "management_contract_property_company_check": OUTLASTS,
    "property_company_unit_path_credit_code_key": Rule(
        "credit_code",
        "本县已登记此统一社会信用代码。",
        "The county's register has a company with this credit code.",
        ProblemCode.TAKEN,
    ),
    "property_company_credit_code_check": Rule(
        "credit_code", "统一社会信用代码有误。", "This is no unified social credit code.", ProblemCode.INVALID
    ),
    "property_company_organization_id_key": Rule(
        "party_organization", "该党组织已属于另一企业。", "It is another company's branch.", ProblemCode.TAKEN
    ),
    "management_contract_excl": Rule(
        "since",
        "该小区在这段时间已有物业合同，或已定下后续合同。",
        "The compound has a contract at that time already, or one to follow.",
    ),
    "company_assessment_company_id_year_key": Rule(
        "year", "该年度已有考评。", "The year has been assessed already.", ProblemCode.TAKEN
    ),
    "property_company_post_check": Rule(
        "on",
        "该企业仍有指导员、负责人或交叉任职人员在此日之后任职，请先办理卸任。",
        "A post in the company runs on after this day: end it first.",
        ProblemCode.CLOSED,
    ),
}
