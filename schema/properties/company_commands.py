"""Commands about property companies 物业企业, their contracts and assessments, each with its input."""

from datetime import date

from schema.kit.commands import belongs_to, command, given, last_day, reference, target, version
from schema.kit.corrections import CHANGED
from schema.kit.states import not_over, still_open, to_come
from schema.kit.texts import CLOSING, ENDING, NAME
from schema.properties.companies import CREDIT_CODE
from schema.properties.compound_commands import COMPOUND
from schema.properties.states import managing_nothing
from services.organization.tables import PartyKind
from services.properties import companies
from services.properties.tables import Grade
from services.storage.transaction import Record

COMPANY = "物业企业 / The company."
ARTICLES = "党建是否入章程 / Whether its articles provide for party building."
COVENANT = "签订十条公约日期 / When it adopted the ten-article covenant."
ASSOCIATION = "是否加入物业管理协会 / Whether it belongs to the property association."
QUOTA = "单列发展党员指标 / Recruitment quota listed for its staff."


class CreateCompanyInput:
    """登记物业企业 / Enter a company in the register of a county."""

    unit: Record = belongs_to("OrgUnit", "县级单元 / The county.")
    name: str = given(NAME)
    credit_code: str = given(CREDIT_CODE)
    party_in_articles: bool | None = given(ARTICLES)
    covenant_on: date | None = given(COVENANT)
    in_association: bool | None = given(ASSOCIATION)
    recruitment_quota: int | None = given(QUOTA)


class UpdateCompanyInput:
    """修改物业企业信息 / Change what is known of a company."""

    company: Record = target("PropertyCompany", COMPANY)
    version: int = version()
    name: str | None = given(NAME)
    credit_code: str | None = given(CREDIT_CODE)
    party_in_articles: bool | None = given(ARTICLES)
    covenant_on: date | None = given(COVENANT)
    in_association: bool | None = given(ASSOCIATION)
    recruitment_quota: int | None = given(QUOTA)


class MaintainCompanyInput:
    """企业自行更新党建情况 / A company keeps what it reports of its party building up to date."""

    company: Record = target("PropertyCompany", COMPANY)
    version: int = version()
    party_in_articles: bool | None = given(ARTICLES)
    covenant_on: date | None = given(COVENANT)
    in_association: bool | None = given(ASSOCIATION)


class CloseCompanyInput:
    """注销物业企业，须已不再管理小区 / Close a company that manages no compound any more."""

    company: Record = target("PropertyCompany", COMPANY)
    version: int = version()
    on: date = given(CLOSING)


class SetCompanyBranchInput:
    """关联或解除企业党组织 / Say which party organization is the company's own branch."""

    company: Record = target("PropertyCompany", COMPANY)
    version: int = version()
    party_organization: Record | None = reference(
        "PartyOrganization", "企业党组织，空为解除 / Its branch; null for none."
    )


class CreateCompanyBranchInput:
    """设立企业党组织 / Set up a company's own branch."""

    company: Record = belongs_to("PropertyCompany", COMPANY)
    name: str = given(NAME)
    kind: PartyKind = given("类型 / Its kind.")
    parent: Record | None = reference("PartyOrganization", "上级党组织，如物业行业党委 / The organization above.")


class ChangeCompanyInput:
    """更换小区的物业企业：原合同至前一日为止 / Let a company manage a compound: who did so stops the day before."""

    compound: Record = belongs_to("Compound", COMPOUND)
    company: Record = reference("PropertyCompany", "接管的企业 / The company that takes over.", when=still_open)
    since: date = given(
        "首日；更换时最多可追溯 92 天 / The first day of the contract; 92 days back at most where one ends for it."
    )
    until: date | None = last_day("末日（含当日），可不定 / The last day, included; none if left out.")


class EndContractInput:
    """终止物业合同；只能提前，不能延后 / End a contract; an end is brought forward, never put off."""

    contract: Record = target("ManagementContract", "物业合同 / The contract.")
    version: int = version()
    on: date = given(ENDING)


class CancelContractInput:
    """撤销尚未开始或今日开始的物业合同 / Take back a contract that begins today or later."""

    contract: Record = target("ManagementContract", "物业合同 / The contract.")
    version: int = version()


class RecordAssessmentInput:
    """登记年度考评，每年一次 / Record a company's assessment, once a year."""

    company: Record = belongs_to("PropertyCompany", COMPANY)
    year: int = given("年度 / The year.")
    grade: Grade = given("等级 / The grade.")
    credit: int = given("信用分，0 至 100 / Credit, 0 to 100.")


class UpdateAssessmentInput:
    """更正年度考评 / Correct an assessment."""

    assessment: Record = target("CompanyAssessment", "年度考评 / The assessment.")
    version: int = version()
    grade: Grade | None = given("等级 / The grade.")
    credit: int | None = given("信用分，0 至 100 / Credit, 0 to 100.")


COMMANDS = {
    "create_company": command(
        companies.create_company, CreateCompanyInput, "property_company:create", returns="PropertyCompany"
    ),
    "update_company": command(
        companies.update_company,
        UpdateCompanyInput,
        "property_company:update",
        returns="PropertyCompany",
        when=still_open,
    ),
    "maintain_company": command(
        companies.update_company,
        MaintainCompanyInput,
        "property_company:maintain",
        returns="PropertyCompany",
        when=still_open,
    ),
    "close_company": command(
        companies.close_company,
        CloseCompanyInput,
        "property_company:close",
        returns="PropertyCompany",
        when=managing_nothing,
    ),
    "set_company_branch": command(
        companies.set_branch,
        SetCompanyBranchInput,
        "property_company:set_branch",
        returns="PropertyCompany",
        when=still_open,
    ),
    "create_company_branch": command(
        companies.create_company_branch,
        CreateCompanyBranchInput,
        "property_company:set_branch",
        returns="PartyOrganization",
        when=still_open,
    ),
    "change_company": command(
        companies.change_company,
        ChangeCompanyInput,
        "contract:change",
        returns="ManagementContract",
        report=CHANGED,
        when=still_open,
    ),
    "end_contract": command(
        companies.end_contract, EndContractInput, "contract:change", returns="ManagementContract", when=not_over
    ),
    "cancel_contract": command(
        companies.cancel_contract,
        CancelContractInput,
        "contract:change",
        returns="Compound",
        report=CHANGED,
        when=to_come,
    ),
    "update_assessment": command(
        companies.update_assessment, UpdateAssessmentInput, "assessment:record", returns="CompanyAssessment"
    ),
    "record_assessment": command(
        companies.record_assessment, RecordAssessmentInput, "assessment:record", returns="CompanyAssessment"
    ),
}
