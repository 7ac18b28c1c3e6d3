"""The demo's property companies: their branches, the compounds they manage, what they were assessed at."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from stdnum.cn.uscc import calc_check_digit

from services.demo.compounds import Compound
from services.demo.days import DAY, Days
from services.demo.rows import Rows
from services.demo.territory import Grid
from services.organization.tables import PartyField, PartyKind, PartyTier, party_organizations
from services.properties.tables import Grade, assessments, companies, contracts

YEARS = (-3, -2, -1)  # assessed: the last three that are over


@dataclass(frozen=True, slots=True)
class Company:
    """A property company: its id, its county's path, its own branch, and the grid in which its people live."""

    id: UUID
    path: str
    name: str
    branch: UUID | None
    grid: Grid


@dataclass(frozen=True, slots=True)
class Register:
    """Adds the property companies of a county, numbered from 1.

    county: the path of the county; code: its code; committee: the party organization above the companies' branches.
    """

    rows: Rows
    days: Days
    county: str
    code: str
    committee: UUID | None = None

    def company(self, number: int, grid: Grid, *, branch: bool = True) -> Company:
        """A new company with three years' assessments and, if asked for, a branch of its own."""
        name = company_name(number)
        owned = self._branch(name) if branch else None
        identity = self.rows.add(
            companies,
            unit_path=self.county,
            name=name,
            credit_code=credit_code(self.code, number),
            organization_id=owned,
            party_in_articles=branch,
            covenant_on=self.days.year(-2, 7 * number) if branch else None,
            in_association=number % 4 != 0,
            recruitment_quota=number % 3,
            closed_on=None,
        )
        for year in YEARS:
            self._assess(identity, number, year)
        return Company(identity, self.county, name, owned, grid)

    def closed(self, number: int) -> UUID:
        """A company that gave up last year; its id."""
        return self.rows.add(
            companies,
            unit_path=self.county,
            name=company_name(number),
            credit_code=credit_code(self.code, number),
            closed_on=self.days.year(-1, 180),
        )

    def manages(self, company: Company, compound: Compound, since: int = 0) -> None:
        """A contract until further notice; of ten, one ends within 95 days, and one began less than a year ago."""
        began = self.days.ago(60 + since) if since % 10 == 7 else self.days.year(-3, since)
        until = self.days.ago(-10 - since) if since % 10 == 4 else None
        self._contract(company.id, compound, since=began, until=until)

    def took_over(self, company: Company, before: UUID, compound: Compound) -> None:
        """A contract that followed another company's on 1 July of last year."""
        on = self.days.july()
        self._contract(before, compound, since=self.days.year(-4), until=on - DAY)
        self._contract(company.id, compound, since=on)

    def _branch(self, name: str) -> UUID:
        return self.rows.add(
            party_organizations,
            unit_path=self.county,
            parent_id=self.committee,
            tier=PartyTier.COMPANY,
            kind=PartyKind.BRANCH,
            field=PartyField.ENTERPRISE,
            name=f"{name}党支部",
        )

    def _contract(self, company: UUID, compound: Compound, **term: object) -> None:
        place = {"compound_id": compound.id, "unit_path": compound.path}
        self.rows.add(contracts, company_id=company, **place, **term)

    def _assess(self, company: UUID, number: int, year: int) -> None:
        credit = 55 + crc32(f"{self.code}{number:02}{year}".encode()) % 45
        grade = Grade.A if credit >= 90 else Grade.B if credit >= 75 else Grade.C if credit >= 60 else Grade.D
        place = {"company_id": company, "unit_path": self.county}
        self.rows.add(assessments, year=self.days.today.year + year, grade=grade, credit=credit, **place)


def round_robin(found: Sequence[Company], number: int) -> Company:
    """Whose turn it is."""
    return found[number % len(found)]


def company_name(number: int) -> str:
    """演示物业01公司."""
    return f"演示物业{number:02}公司"


def credit_code(county: str, number: int) -> str:
    """A unified social credit code that passes the check: an enterprise registered in the county."""
    text = f"91{county}MA00{number:05}"
    return text + calc_check_digit(text)
