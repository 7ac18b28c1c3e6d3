"""The area of property companies, compounds and the branches over them, put together: what it adds to the spine."""

from typing import Any

from sqlalchemy import ColumnElement, and_, not_

from policies.scope import Way
from schema.kit.entities import (
    Area,
    connection,
    edge_to,
    listing,
    lookup,
    one,
)
from schema.kit.expressions import Pairs, Row, one_of
from schema.kit.numbers import count, ratio
from schema.organization.under import under
from schema.properties import (
    branches,
    companies,
    company_commands,
    compound_commands,
    correct_commands,
    phases,
    sharings,
)
from schema.properties.branches import BranchCoverage
from schema.properties.companies import CompanyAssessment, ManagementContract, PropertyCompany
from schema.properties.compounds import HOUSEHOLDS, RESIDENTS, Building, Compound, OwnersCommittee
from schema.properties.phases import CompoundPhase
from schema.properties.sharings import CompoundSharing
from services.organization.paths import at_or_beneath
from services.properties.branches import RULES as BRANCH_RULES
from services.properties.companies import RULES as COMPANY_RULES
from services.properties.compounds import RULES
from services.properties.phases import RULES as PHASE_RULES
from services.properties.sharings import RULES as SHARING_RULES
from services.properties.tables import branches as with_companies
from services.properties.tables import branches_serving, covered_by, covering, owners, shared_within
from services.terms import holds_on, lasts


class CompoundBy:
    """指定小区的方式 / How to name one compound."""


class BuildingBy:
    """指定楼栋的方式 / How to name one building."""


def lies_in(unit: Row, row: Row) -> ColumnElement[bool]:
    """Whether a row lies in a unit or below it."""
    return at_or_beneath(row.unit_path, unit.path)


def is_open(row: Row, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a row is not closed on a day. When it came to be is not kept: it counts on every day before."""
    return lasts(row.closed_on, day)


AREA = Area(
    entities=(
        PropertyCompany,
        Compound,
        CompoundPhase,
        CompoundSharing,
        Building,
        ManagementContract,
        OwnersCommittee,
        BranchCoverage,
        CompanyAssessment,
    ),
    edges={
        "OrgUnit": {
            "property_companies": edge_to(
                PropertyCompany,
                connection(lies_in, "登记在本单元及所有下级的物业企业 / The companies registered in it and below it."),
            ),
            "compounds": edge_to(
                Compound, connection(lies_in, "本单元及所有下级的小区 / The compounds in it and below it.")
            ),
            "contracts": edge_to(
                ManagementContract,
                connection(
                    lies_in, "本单元及所有下级小区的历次物业合同 / All contracts for the compounds in it and below it."
                ),
            ),
            "shared_compounds": edge_to(
                Compound,
                connection(
                    lambda unit, compound: and_(
                        one_of(compound.id, shared_within(unit.path)), not_(lies_in(unit, compound))
                    ),
                    "今天与其他单元共享、不属本单元的小区；各项指标只在其所在单元统计"
                    " / Compounds of other units that it, or one below it, shares today. Numbers count a compound once,"
                    " in the unit it lies in.",
                    through="CompoundSharing",
                ),
            ),
            "buildings": edge_to(
                Building, connection(lies_in, "本单元及所有下级的楼栋 / The buildings in it and below it.")
            ),
        },
        "PartyOrganization": {
            "compounds": edge_to(
                Compound,
                connection(
                    lambda organization, compound: one_of(compound.id, covered_by(organization.id)),
                    "今天覆盖的小区 / The compounds it covers today.",
                    through="BranchCoverage",
                ),
            ),
            "coverages": edge_to(
                BranchCoverage,
                connection(
                    lambda organization, coverage: coverage.organization_id == organization.id,
                    "历次覆盖 / All its coverage: past, present and to come.",
                ),
            ),
            "company": edge_to(
                PropertyCompany,
                one(
                    lambda organization, company: company.organization_id == organization.id,
                    "所属物业企业 / The company whose branch it is.",
                ),
            ),
        },
        "Indicators": {
            "compounds": count(Compound, lies_in, "小区 / Compounds.", holding=is_open),
            "covered_compounds": count(
                Compound,
                lies_in,
                "党组织覆盖的小区 / Compounds a party organization covers.",
                having={"coverage": True},
                holding=is_open,
            ),
            "coverage_rate": ratio(
                "covered_compounds", "compounds", "覆盖率 / Covered compounds among all; null where there are none."
            ),
            "managed_compounds": count(
                Compound,
                lies_in,
                "有物业企业的小区 / Compounds a company manages.",
                having={"contract": True},
                holding=is_open,
            ),
            "compounds_with_committee": count(
                Compound,
                lies_in,
                "有业委会的小区 / Compounds that have an owners' committee.",
                having={"owners_committee": True},
                holding=is_open,
            ),
            "managing_companies": count(
                ManagementContract,
                lies_in,
                "在此管理小区的物业企业 / Companies that manage compounds there.",
                holding=holds_on,
                distinct=lambda contract: contract.company_id,
            ),
            "buildings": count(Building, lies_in, "楼栋 / Buildings.", holding=is_open),
            "companies": count(
                PropertyCompany, lies_in, "登记的物业企业 / Property companies registered there.", holding=is_open
            ),
            "households": count(
                Compound,
                lies_in,
                HOUSEHOLDS,
                total=lambda compound: compound.households,
                where=lambda compound: compound.closed_on.is_(None),
            ),
            "residents": count(
                Compound,
                lies_in,
                RESIDENTS,
                total=lambda compound: compound.residents,
                where=lambda compound: compound.closed_on.is_(None),
            ),
            # Over what covers rather than over all organizations, of which few cover anything.
            "branches": count(
                BranchCoverage,
                lambda unit, coverage: at_or_beneath(coverage.organization_path, unit.path),
                "覆盖小区的党组织 / Party organizations that cover compounds.",
                holding=holds_on,
                distinct=lambda coverage: coverage.organization_id,
            ),
        },
    },
    ways={
        "PartyOrganization": {
            Way.COMPANY: lambda organization: owners(organization.id),
            Way.SERVES: (Pairs(branches_serving), Pairs(covering)),
        },
        "Member": {Way.COMPANY: Pairs(with_companies, lambda member: member.organization_id)},
    },
    roots={
        "property_company": lookup(
            PropertyCompany,
            companies.PropertyCompanyBy,
            "一家物业企业 / One company; null if there is none or it is not yours to see.",
        ),
        "property_companies": listing(
            PropertyCompany, "可见的全部物业企业 / Every company you may see.", under=under()
        ),
        "compound": lookup(
            Compound, CompoundBy, "一个小区 / One compound; null if there is none or it is not yours to see."
        ),
        "compounds": listing(Compound, "可见的全部小区 / Every compound you may see.", under=under()),
        "compound_phases": listing(
            CompoundPhase, "可见的全部分期 / Every phase of a compound you may see.", under=under()
        ),
        "compound_sharings": listing(
            CompoundSharing,
            "可见的全部小区共享，按小区所在单元 / Every sharing of a compound you may see, by where the compound lies.",
            under=under(),
        ),
        "contracts": listing(ManagementContract, "可见的全部物业合同 / Every contract you may see.", under=under()),
        "coverages": listing(BranchCoverage, "可见的全部覆盖关系 / Every coverage you may see.", under=under()),
        "owners_committees": listing(
            OwnersCommittee, "可见的全部业委会 / Every owners' committee you may see.", under=under()
        ),
        "assessments": listing(CompanyAssessment, "可见的全部年度考评 / Every assessment you may see.", under=under()),
        "building": lookup(
            Building, BuildingBy, "一栋楼 / One building; null if there is none or it is not yours to see."
        ),
        "buildings": listing(Building, "可见的全部楼栋 / Every building you may see.", under=under()),
    },
    commands={
        **compound_commands.COMMANDS,
        **company_commands.COMMANDS,
        **branches.COMMANDS,
        **correct_commands.COMMANDS,
        **phases.COMMANDS,
        **sharings.COMMANDS,
    },
    rules={**RULES, **COMPANY_RULES, **BRANCH_RULES, **PHASE_RULES, **SHARING_RULES},
)
