"""Property companies, the compounds they manage with phases and buildings, owners' committees, and what covers them.

Every table carries the path of the unit it lies in and follows it by foreign key: what belongs to a compound follows
the compound's, what belongs to a company the company's. A company stands in the register of its county.

Long because it is a list of tables, which refer to one another.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Computed,
    Date,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    ScalarSelect,
    Select,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from services.described import Described
from services.organization.paths import at_or_beneath
from services.organization.tables import party_organizations, units
from services.storage.correcting import Succession
from services.storage.references import NAMES, PATH
from services.storage.tables import (
    BETWEEN,
    BYTEWISE,
    METADATA,
    RANGE,
    aliased,
    folded,
    identified,
    numbered,
    part_of,
    search_keys,
    versioned,
)
from services.terms import closing, cutting, holds_today, in_order, term


class Grade(Described):
    """年度等级：优秀、良好、合格、不合格 / The year's grade, best first."""

    A = "A", "优秀 / Excellent."
    B = "B", "良好 / Good."
    C = "C", "合格 / Passed."
    D = "D", "不合格 / Failed."


class Supervision(Described):
    """差别化管理：激励、常规、重点 / The supervision a company's grade and credit come to: light, regular, close."""

    LIGHT = "LIGHT", "激励 / Light: encouraged."
    REGULAR = "REGULAR", "常规 / Regular."
    CLOSE = "CLOSE", "重点 / Close."


companies = Table(
    "property_company",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    *search_keys(),
    Column("credit_code", BYTEWISE, nullable=False),
    Column("organization_id", ForeignKey(party_organizations.c.id), unique=True),
    Column("party_in_articles", Boolean, nullable=False, server_default="false"),
    Column("covenant_on", Date),
    Column("in_association", Boolean, nullable=False, server_default="false"),
    Column("recruitment_quota", Integer, nullable=False, server_default="0"),
    Column("closed_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("is_credit_code(credit_code)", name="credit_code"),
    CheckConstraint("recruitment_quota >= 0", name="recruitment_quota"),
    # Unique in its county only: across counties it would tell what another one has.
    UniqueConstraint("unit_path", "credit_code"),
    UniqueConstraint("id", "unit_path"),
    Index("property_company_pinyin_idx", "pinyin", postgresql_using="gin", postgresql_ops={"pinyin": "gin_trgm_ops"}),
    Index("property_company_grams_idx", "grams", postgresql_using="gin"),
)

compounds = Table(
    "compound",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    *search_keys(),
    Column("address", Text),
    Column("households", Integer, nullable=False, server_default="0"),
    Column("residents", Integer, nullable=False, server_default="0"),
    Column("party_members", Integer, nullable=False, server_default="0"),
    Column("surveyed_on", Date),
    Column("closed_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("least(households, residents, party_members) >= 0", name="numbers"),
    UniqueConstraint("id", "unit_path"),
    Index("compound_unit_idx", "unit_path", "id"),
    Index("compound_pinyin_idx", "pinyin", postgresql_using="gin", postgresql_ops={"pinyin": "gin_trgm_ops"}),
    Index("compound_grams_idx", "grams", postgresql_using="gin"),
)


# A community shares a compound whose home is another one. Excluded by constraint: twice at once. `over_path` is where
# the lowest unit lies that holds both, whose matter it is.
sharings = Table(
    "compound_sharing",
    METADATA,
    identified(),
    *part_of(compounds, "compound_id"),
    Column("sharer_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column(
        "over_path",
        BYTEWISE,
        Computed("common_path(unit_path, sharer_path)", persisted=True),
        nullable=False,
        info={NAMES: (PATH,)},
    ),
    *term(),
    *closing(),
    versioned(),
    in_order(),
    Index("compound_sharing_sharer_idx", "sharer_path", "compound_id"),
    Index("compound_sharing_unit_idx", "unit_path", "id"),
    Index("compound_sharing_over_idx", "over_path", "id"),
    info={BETWEEN: ("compound_id", "sharer_path")},
)

# A great compound is built in phases: numbered ones, and what has no number, as its shopping street.
phases = Table(
    "compound_phase",
    METADATA,
    identified(),
    *part_of(compounds, "compound_id"),
    Column("name", Text, nullable=False),
    *numbered(),
    Column("number", Integer, info={RANGE: (1, 99)}),
    Column("households", Integer, nullable=False, server_default="0"),
    Column("completed_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("households >= 0 AND coalesce(number, 1) BETWEEN 1 AND 99", name="numbers"),
    UniqueConstraint("compound_id", "folded"),
    UniqueConstraint("compound_id", "number"),
    UniqueConstraint("id", "compound_id"),
    Index("compound_phase_unit_idx", "unit_path", "id"),
)

# A closed one leaves its name to a new one. Names are compared when a command is over: two may exchange theirs in it.
buildings = Table(
    "building",
    METADATA,
    identified(),
    *part_of(compounds, "compound_id"),
    Column("phase_id", Uuid),
    Column("name", Text, nullable=False),
    *numbered(),
    Column("households", Integer, nullable=False, server_default="0"),
    Column("storeys", Integer, info={RANGE: (1, 200)}),
    Column("closed_on", Date),
    *closing(),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    ForeignKeyConstraint(["phase_id", "compound_id"], [phases.c.id, phases.c.compound_id]),
    CheckConstraint("households >= 0 AND coalesce(storeys, 1) BETWEEN 1 AND 200", name="numbers"),
    ExcludeConstraint(
        ("compound_id", "="),
        ("folded", "="),
        name="building_name_excl",
        using="btree",
        where=text("closed_on IS NULL"),
        deferrable=True,
        initially="DEFERRED",
    ),
    UniqueConstraint("id", "unit_path"),
    Index("building_compound_idx", "compound_id", "folded"),
    Index("building_unit_idx", "unit_path", "id"),
    Index("building_phase_idx", "phase_id"),
)

# A company's contract for a compound. Excluded by constraint: two for one compound at once.
contracts = Table(
    "management_contract",
    METADATA,
    identified(),
    *part_of(compounds, "compound_id"),
    Column("company_id", ForeignKey(companies.c.id), nullable=False),
    *term(),
    *cutting("management_contract"),
    *closing(),
    versioned(),
    in_order(),
    Index("management_contract_compound_idx", "compound_id", "since"),
    Index("management_contract_company_idx", "company_id", "since"),
    Index("management_contract_unit_idx", "unit_path", "id"),
    Index("management_contract_cut_idx", "cut_id"),
)

# Excluded by constraint: two committees of one compound at once.
owners_committees = Table(
    "owners_committee",
    METADATA,
    identified(),
    *part_of(compounds, "compound_id"),
    Column("name", Text, nullable=False),
    folded(),
    *term(),
    *closing(),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    in_order(),
    UniqueConstraint("id", "unit_path"),
    Index("owners_committee_compound_idx", "compound_id", "since"),
    Index("owners_committee_unit_idx", "unit_path", "id"),
)

# A branch covers a compound. Excluded by constraint: two branches over one compound at once. A deferred trigger keeps
# the compound at or below the branch's own unit, its reach.
coverages = Table(
    "branch_coverage",
    METADATA,
    identified(),
    *part_of(compounds, "compound_id"),
    Column("organization_id", Uuid, nullable=False),
    Column("organization_path", BYTEWISE, nullable=False),
    *term(),
    *closing(),
    versioned(),
    ForeignKeyConstraint(
        ["organization_id", "organization_path"],
        [party_organizations.c.id, party_organizations.c.unit_path],
        onupdate="CASCADE",
    ),
    in_order(),
    Index("branch_coverage_compound_idx", "compound_id", "since"),
    Index("branch_coverage_organization_idx", "organization_id", "since"),
    Index("branch_coverage_unit_idx", "unit_path", "id"),
    Index("branch_coverage_reach_idx", "organization_path", "organization_id"),
)

# Grade and credit of a year decide the supervision: A or B with 80 or more is light, D or below 60 is close.
assessments = Table(
    "company_assessment",
    METADATA,
    identified(),
    *part_of(companies, "company_id"),
    Column("year", Integer, nullable=False, info={RANGE: (2000, 2100)}),
    Column("grade", Enum(Grade, name="assessment_grade"), nullable=False),
    Column("credit", Integer, nullable=False, info={RANGE: (0, 100)}),
    Column(
        "supervision",
        Enum(Supervision, name="assessment_supervision"),
        Computed(
            "CASE WHEN grade = 'D' OR credit < 60 THEN 'CLOSE'::assessment_supervision"
            " WHEN grade <= 'B' AND credit >= 80 THEN 'LIGHT'::assessment_supervision"
            " ELSE 'REGULAR'::assessment_supervision END",
            persisted=True,
        ),
        nullable=False,
    ),
    versioned(),
    CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
    CheckConstraint("credit BETWEEN 0 AND 100", name="credit"),
    UniqueConstraint("company_id", "year"),
    Index("company_assessment_unit_idx", "unit_path", "id"),
)


# --- which terms follow one another -----------------------------------------------------------------------------------

CONTRACTS, COVERAGES, COMMITTEES = (
    Succession(table, ("compound_id",)) for table in (contracts, coverages, owners_committees)
)
SHARINGS = Succession(sharings, ("compound_id", "sharer_path"))

# --- what belongs to what today, and the keys of the line 条 ----------------------------------------------------------


def managers(compound: Any) -> Select[Any]:
    """The company that manages a compound today, by the compound's id."""
    contract = aliased(contracts)
    found = select(contract.c.company_id).where(contract.c.compound_id == compound, holds_today(contract.c))
    return found.correlate_except(contract)


def latest_year(company: Any) -> ScalarSelect[Any]:
    """The year of a company's latest assessment, by the company's id."""
    assessment = aliased(assessments)
    found = select(func.max(assessment.c.year)).where(assessment.c.company_id == company)
    return found.correlate_except(assessment).scalar_subquery()


def serving() -> Select[Any]:
    """Each company with the path of a unit in which it manages a compound today."""
    contract = aliased(contracts)
    return select(contract.c.company_id, contract.c.unit_path).where(holds_today(contract.c))


def serving_within(path: Any) -> Select[Any]:
    """The companies that manage a compound of a unit, or of one below it, today, by the unit's path."""
    contract = aliased(contracts)
    found = select(contract.c.company_id).where(at_or_beneath(contract.c.unit_path, path), holds_today(contract.c))
    return found.correlate_except(contract)


def branches_serving() -> Select[Any]:
    """Each company's branch with the path of a unit in which the company manages a compound today."""
    contract, company = aliased(contracts), aliased(companies)
    found = select(company.c.organization_id, contract.c.unit_path).join_from(
        contract, company, company.c.id == contract.c.company_id
    )
    return found.where(holds_today(contract.c))


def covering() -> Select[Any]:
    """Each party organization with the path of a unit in which it covers a compound today."""
    coverage = aliased(coverages)
    return select(coverage.c.organization_id, coverage.c.unit_path).where(holds_today(coverage.c))


def shared() -> Select[Any]:
    """Each compound with the path of a unit that shares it today."""
    sharing = aliased(sharings)
    return select(sharing.c.compound_id, sharing.c.sharer_path).where(holds_today(sharing.c))


def shared_buildings() -> Select[Any]:
    """Each building with the path of a unit that shares its compound today."""
    sharing, building = aliased(sharings), aliased(buildings)
    found = select(building.c.id, sharing.c.sharer_path).join_from(
        sharing, building, building.c.compound_id == sharing.c.compound_id
    )
    return found.where(holds_today(sharing.c))


def shared_within(path: Any) -> Select[Any]:
    """The compounds that a unit, or one below it, shares today, by the unit's path."""
    sharing = aliased(sharings)
    found = select(sharing.c.compound_id).where(at_or_beneath(sharing.c.sharer_path, path), holds_today(sharing.c))
    return found.correlate_except(sharing)


def managed_by(company: Any) -> Select[Any]:
    """The compounds a company manages today, by the company's id."""
    contract = aliased(contracts)
    found = select(contract.c.compound_id).where(contract.c.company_id == company, holds_today(contract.c))
    return found.correlate_except(contract)


def branches_of(compound: Any) -> Select[Any]:
    """The party organization that covers a compound today, by the compound's id."""
    coverage = aliased(coverages)
    found = select(coverage.c.organization_id).where(coverage.c.compound_id == compound, holds_today(coverage.c))
    return found.correlate_except(coverage)


def covered_by(organization: Any) -> Select[Any]:
    """The compounds a party organization covers today, by the organization's id."""
    coverage = aliased(coverages)
    found = select(coverage.c.compound_id).where(coverage.c.organization_id == organization, holds_today(coverage.c))
    return found.correlate_except(coverage)


def name_in(table: Table, id: Any) -> ColumnElement[Any]:
    """The name a row of `table` has, by its id: for those who see what mentions the row, but not the row itself."""
    named = aliased(table)
    return select(named.c.name).where(named.c.id == id).correlate_except(named).scalar_subquery()


def branches() -> Select[Any]:
    """Each company's branch with the company."""
    company = aliased(companies)
    return select(company.c.organization_id, company.c.id)


def owners(organization: Any) -> Select[Any]:
    """The company whose branch a party organization is, by the organization's id."""
    company = aliased(companies)
    return select(company.c.id).where(company.c.organization_id == organization).correlate_except(company)
