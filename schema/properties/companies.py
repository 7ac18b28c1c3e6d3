"""Property companies 物业企业, their contracts and yearly assessments; commands: `company_commands`.

Long because each of the three has its filter, its orders and its totals beside it.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ARRAY, Integer, Text, any_, func

from policies.scope import Way
from schema.kit.entities import (
    Connection,
    Searchable,
    column,
    connection,
    entity,
    having,
    one,
    present_name,
    where,
)
from schema.kit.expressions import Pairs, one_of
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import IntRange, numbers
from schema.kit.scalars import SafeInt
from schema.kit.terms import TermFilter
from schema.kit.texts import CLOSED, FIRST, HOW_MANY, IS_CLOSED, LAST, NAME, NAME_CONTAINS, PLACE, UNIT, VERSION
from schema.kit.words import (
    among,
    closed,
    name_contains,
    plain,
)
from schema.organization.units import OrgUnit, PartyOrganization
from services.errors import bad_input
from services.organization.paths import place
from services.properties.tables import (
    Grade,
    Supervision,
    assessments,
    companies,
    compounds,
    contracts,
    latest_year,
    managed_by,
    name_in,
    serving,
    shared,
)
from services.storage.tables import BYTEWISE

if TYPE_CHECKING:
    from schema.properties.compounds import Compound

CREDIT_CODE = "统一社会信用代码 / Its unified social credit code."
QUOTA = "单列发展党员指标 / Recruitment quota listed for its staff."


MOST_CODES = 100


def code(text: str) -> str:
    """A credit code as it is kept, however it is typed."""
    return plain(text).strip().upper()


def codes(texts: Sequence[str]) -> list[str]:
    """Several of them; BAD_USER_INPUT for too many."""
    if len(texts) > MOST_CODES:
        raise bad_input(f"最多 {MOST_CODES} 个代码。", f"At most {MOST_CODES} codes.")
    return [code(text) for text in texts]


class PropertyCompanyFilter:
    """筛选物业企业，各项须同时满足 / Which companies: every condition given must hold."""

    name_contains: str = name_contains(NAME_CONTAINS)
    credit_code: list[str] = where(
        lambda company, given: company.credit_code == any_(given["codes"]),
        f"这些统一社会信用代码之一，最多 {MOST_CODES} 个 / It has one of these credit codes, at most {MOST_CODES}.",
        codes=(ARRAY(BYTEWISE), codes),
    )
    closed: bool = closed(IS_CLOSED)
    has_party_organization: bool = having(
        "party_organization", "是否有可见的党组织 / Whether it has a branch you may see."
    )
    has_compounds: bool = having("compounds", "今天是否管理小区 / Whether it manages compounds today.")


class PropertyCompanyBy:
    """指定物业企业的方式，任选其一 / How to name one company: exactly one of these."""

    credit_code: str = where(
        lambda company, given: company.credit_code == given["code"],
        CREDIT_CODE,
        prefer=lambda company, given: (company.unit_path,),
        code=(Text(), code),
    )


class PropertyCompanyTotals:
    """物业企业合计 / What companies come to."""

    count: int = measure(HOW_MANY)
    party_in_articles: int = measure(
        "党建入章程的 / Of them, those whose articles provide for party building.",
        where=lambda company: company.party_in_articles,
    )
    in_association: int = measure(
        "加入物业管理协会的 / Of them, members of the property association.",
        where=lambda company: company.in_association,
    )
    recruitment_quota: SafeInt = measure(QUOTA, total=lambda company: company.recruitment_quota)


@entity(
    companies,
    policy="property_company",
    tag="co",
    ways={
        Way.WITHIN: lambda company: company.unit_path,
        Way.PRESENT: Pairs(serving),
        Way.SECTOR: lambda company: company.unit_path,
        Way.COMPANY: lambda company: company.id,
    },
    sort=lambda company: (company.unit_path,),
    ties=lambda company: (company.sorting, company.unit_path),
    filter=PropertyCompanyFilter,
    orders={
        "PLACE": lambda company: (company.unit_path,),
        "NAME": lambda company: (company.sorting,),
        "CREDIT_CODE": lambda company: (company.credit_code,),
    },
    search=Searchable(weight=lambda company: func.length(company.unit_path)),
    totals=PropertyCompanyTotals,
)
class PropertyCompany:
    """物业企业 / A property company, in the register of its county."""

    name: str = column(NAME)
    credit_code: str = column(CREDIT_CODE)
    place: list[str] = column(PLACE, lambda company: place(company.unit_path))
    party_in_articles: bool = column("党建是否入章程 / Whether its articles provide for party building.")
    covenant_on: date | None = column("签订十条公约日期 / When it adopted the ten-article covenant.")
    in_association: bool = column("是否加入物业管理协会 / Whether it belongs to the property association.")
    recruitment_quota: int = column(QUOTA)
    closed_on: date | None = column(CLOSED)
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(
        lambda company, unit: unit.path == company.unit_path,
        "登记的县；乡镇、社区看不到上级单元，故为空，县名见 place"
        " / The county it is registered in; null for towns and communities, which see no unit above: `place` names it.",
    )
    party_organization: "PartyOrganization | None" = one(
        lambda company, organization: organization.id == company.organization_id,
        "企业党组织 / Its own branch.",
    )
    compounds: "Connection[Compound]" = connection(
        lambda company, compound: one_of(compound.id, managed_by(company.id)),
        "今天管理的小区 / The compounds it manages today.",
        through="ManagementContract",
        alike=(Way.COMPANY,),
    )
    contracts: "Connection[ManagementContract]" = connection(
        lambda company, contract: contract.company_id == company.id,
        "历次合同 / All its contracts: past, present and to come.",
        alike=(Way.COMPANY,),
    )
    assessment: "CompanyAssessment | None" = one(
        lambda company, assessment: assessment.company_id == company.id,
        "年度考评，默认最近一次 / Its assessment of a year; the latest by default.",
        year=where(
            lambda assessment, given: assessment.year == given["year"],
            "年度 / The year.",
            annotation=int,
            absent=lambda assessment: assessment.year == latest_year(assessment.company_id),
            year=(Integer(), lambda year: year),
        ),
        alike=(Way.COMPANY, Way.INSTRUCTOR, Way.PRESENT),
    )
    assessments: "Connection[CompanyAssessment]" = connection(
        lambda company, assessment: assessment.company_id == company.id,
        "历年考评 / All its assessments.",
        alike=(Way.COMPANY, Way.INSTRUCTOR),
    )


class ManagementContractFilter(TermFilter):
    """筛选物业合同，各项须同时满足 / Which contracts: every condition given must hold."""


class ContractTotals:
    """物业合同合计 / What contracts come to."""

    count: int = measure(HOW_MANY)
    compounds: int = measure("小区数 / For how many compounds.", distinct=lambda contract: contract.compound_id)
    companies: int = measure("企业数 / Of how many companies.", distinct=lambda contract: contract.company_id)


@entity(
    contracts,
    policy="contract",
    tag="mc",
    ways={
        Way.WITHIN: lambda contract: contract.unit_path,
        Way.SECTOR: lambda contract: contract.unit_path,
        # A company's own for ever. What it manages answers by the contract of today: that is no longer its to see.
        Way.COMPANY: lambda contract: contract.company_id,
        Way.SHARED: Pairs(shared, lambda contract: contract.compound_id),
    },
    sort=lambda contract: (contract.unit_path,),
    ties=lambda contract: (contract.unit_path, contract.since),
    filter=ManagementContractFilter,
    orders={
        "PLACE": lambda contract: (contract.unit_path,),
        "SINCE": lambda contract: (contract.since,),
        "UNTIL": lambda contract: (contract.until,),
    },
    totals=ContractTotals,
)
class ManagementContract:
    """物业合同：企业在一段时间内管理小区 / A company manages a compound for a time."""

    compound_name: str | None = present_name(
        "小区名称；合同结束后，看不到该小区的为空"
        " / The compound's name; null once the contract is over where the compound is not yours to see.",
        lambda contract: name_in(compounds, contract.compound_id),
        "compound",
        brings="Compound",
    )
    company_name: str = column(
        "企业名称 / The company's name.",
        lambda contract: name_in(companies, contract.company_id),
        brings="PropertyCompany",
    )
    place: list[str] = column(PLACE, lambda contract: place(contract.unit_path))
    since: date = column(FIRST)
    until: date | None = column(LAST)
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda contract, unit: unit.path == contract.unit_path, UNIT)
    compound: "Compound | None" = one(
        lambda contract, compound: compound.id == contract.compound_id, "小区 / The compound."
    )
    company: "PropertyCompany | None" = one(
        lambda contract, company: company.id == contract.company_id, "物业企业 / The company.", elsewhere=True
    )


class CompanyAssessmentFilter:
    """筛选年度考评，各项须同时满足 / Which assessments: every condition given must hold."""

    year: int = where(
        lambda assessment, given: assessment.year == given["year"],
        "年度 / Of this year.",
        year=(Integer(), lambda year: year),
    )
    credit: IntRange = numbers("credit", "信用分 / Its credit.")
    grade: list[Grade] = among(assessments.c.grade, "等级 / Of one of these grades.")
    supervision: list[Supervision] = among(assessments.c.supervision, "监管类别 / Of one of these classes.")


class GradeCount:
    """一年一等级的考评数 / The assessments of one year and grade."""

    year: int = column("年度 / The year.")
    grade: Grade = column("等级 / The grade.")
    count: int = measure(HOW_MANY)


class AssessmentTotals:
    """考评合计 / What assessments come to."""

    count: int = measure(HOW_MANY)
    companies: int = measure("企业数 / Of how many companies.", distinct=lambda assessment: assessment.company_id)
    by_grade: list[GradeCount] = grouped(GradeCount, "按年度与等级 / By year and grade.")


@entity(
    assessments,
    policy="assessment",
    tag="as",
    ways={
        Way.WITHIN: lambda assessment: assessment.unit_path,
        Way.SERVES: Pairs(serving, lambda assessment: assessment.company_id),
        Way.SECTOR: lambda assessment: assessment.unit_path,
        Way.COMPANY: lambda assessment: assessment.company_id,
    },
    sort=lambda assessment: (assessment.year,),
    ties=lambda assessment: (assessment.year,),
    filter=CompanyAssessmentFilter,
    orders={
        "YEAR": lambda assessment: (assessment.year,),
        "GRADE": lambda assessment: (assessment.grade,),
        "CREDIT": lambda assessment: (assessment.credit,),
    },
    totals=AssessmentTotals,
)
class CompanyAssessment:
    """年度考评：等级与信用决定差别化管理 / A company's grade and credit of one year, which decide the supervision."""

    year: int = column("年度 / The year.")
    grade: Grade = column("等级 / The grade.")
    credit: int = column("信用分 / Credit, 0 to 100.")
    supervision: Supervision = column("监管类别 / The supervision they come to.")
    place: list[str] = column(PLACE, lambda assessment: place(assessment.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda assessment, unit: unit.path == assessment.unit_path, UNIT)
    company: "PropertyCompany | None" = one(
        lambda assessment, company: company.id == assessment.company_id, "物业企业 / The company."
    )
