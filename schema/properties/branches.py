"""Branches over compounds: coverage, and the commands that set up, place, close and link party organizations."""

from datetime import date

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.entities import column, entity, one
from schema.kit.expressions import Pairs
from schema.kit.numbers import measure
from schema.kit.states import not_over, still_open, to_come
from schema.kit.terms import TermFilter
from schema.kit.texts import CLOSING, ENDING, FIRST, HOW_MANY, LAST, NAME, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit, PartyOrganization
from schema.properties.compounds import Compound
from services.organization.paths import place
from services.organization.tables import PartyField, PartyKind, PartyTier, party_organizations
from services.properties import branches as commands
from services.properties.tables import compounds, coverages, managers, name_in, shared
from services.storage.transaction import Record

ORGANIZATION = "党组织 / The party organization."


class BranchCoverageFilter(TermFilter):
    """筛选覆盖，各项须同时满足 / Which coverage: every condition given must hold."""


class CoverageTotals:
    """覆盖关系合计 / What coverages come to."""

    count: int = measure(HOW_MANY)
    compounds: int = measure("小区数 / Of how many compounds.", distinct=lambda coverage: coverage.compound_id)
    organizations: int = measure(
        "党组织数 / By how many organizations.", distinct=lambda coverage: coverage.organization_id
    )


@entity(
    coverages,
    policy="coverage",
    tag="cv",
    ways={
        Way.WITHIN: lambda coverage: coverage.unit_path,
        Way.SECTOR: lambda coverage: coverage.unit_path,
        Way.COMPANY: lambda coverage: managers(coverage.compound_id),
        Way.SHARED: Pairs(shared, lambda coverage: coverage.compound_id),
    },
    sort=lambda coverage: (coverage.unit_path,),
    ties=lambda coverage: (coverage.unit_path, coverage.since),
    filter=BranchCoverageFilter,
    orders={
        "PLACE": lambda coverage: (coverage.unit_path,),
        "SINCE": lambda coverage: (coverage.since,),
        "UNTIL": lambda coverage: (coverage.until,),
    },
    totals=CoverageTotals,
)
class BranchCoverage:
    """党组织覆盖小区 / A party organization covers a compound for a time."""

    compound_name: str = column(
        "小区名称 / The compound's name.", lambda coverage: name_in(compounds, coverage.compound_id), brings="Compound"
    )
    party_organization_name: str = column(
        "党组织名称 / The organization's name.",
        lambda coverage: name_in(party_organizations, coverage.organization_id),
        brings="PartyOrganization",
    )
    place: list[str] = column(PLACE, lambda coverage: place(coverage.unit_path))
    since: date = column(FIRST)
    until: date | None = column(LAST)
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda coverage, unit: unit.path == coverage.unit_path, UNIT)
    compound: "Compound | None" = one(
        lambda coverage, compound: compound.id == coverage.compound_id, "小区 / The compound."
    )
    party_organization: "PartyOrganization | None" = one(
        lambda coverage, organization: organization.id == coverage.organization_id, ORGANIZATION
    )


# --- commands ---------------------------------------------------------------------------------------------------------

KIND = "类型 / Its kind."
TIER = (
    "层级；下列情形可不填：乡镇党委、村（社区）党委或党总支、网格党小组、网点中心户为各自层级，"
    "联合、兼合式及同时覆盖小区的党支部为小区；其余须填"
    " / Its tier. Not needed for a town's committee, a village's committee or general branch, a grid's group, an"
    " outlet's household centre, which are of their units' own tiers; nor for joint and concurrent branches, and others"
    " set up over compounds, which are COMPOUND. Required otherwise."
)
FIELD = "领域，未登记可不填 / The field it works in; null where it is not recorded."
PARENT = "上级党组织，须在同一单元或其上级 / The organization above, in the same unit or one above it."
COMPOUNDS = "小区，一次可多个 / The compounds, any number at once."


class CreateBranchInput:
    """设立党组织，可同时覆盖多个小区 / Set up a party organization, over any number of compounds at once."""

    unit: Record = belongs_to("OrgUnit", UNIT)
    name: str = given(NAME)
    kind: PartyKind = given(KIND)
    tier: PartyTier | None = given(TIER)
    field: PartyField | None = given(FIELD)
    parent: Record | None = reference("PartyOrganization", PARENT)
    compounds: list[Record] | None = reference("Compound", COMPOUNDS, when=still_open)
    since: date | None = given("覆盖首日，默认今天 / The first day of the coverage; today by default.")


class UpdateBranchInput:
    """修改党组织的名称、类型、领域或上级 / Change a party organization's name, kind, field or place below another."""

    party_organization: Record = target("PartyOrganization", ORGANIZATION)
    version: int = version()
    name: str | None = given(NAME)
    kind: PartyKind | None = given(KIND)
    field: PartyField | None = given(FIELD)
    parent: Record | None = reference("PartyOrganization", PARENT)


class CloseBranchInput:
    """撤销党组织：覆盖当日终止 / Close a party organization: its coverage ends that day."""

    party_organization: Record = target("PartyOrganization", ORGANIZATION)
    version: int = version()
    on: date = given(CLOSING)


class CoverCompoundsInput:
    """让党组织覆盖小区 / Let a party organization cover compounds."""

    party_organization: Record = belongs_to("PartyOrganization", ORGANIZATION)
    compounds: list[Record] = reference("Compound", COMPOUNDS, when=still_open)
    since: date = given(FIRST)


class EndCoverageInput:
    """终止覆盖；只能提前，不能延后 / End a coverage; an end is brought forward, never put off."""

    coverage: Record = target("BranchCoverage", "覆盖 / The coverage.")
    version: int = version()
    on: date = given(ENDING)


class CancelCoverageInput:
    """撤销尚未开始或今日开始的覆盖 / Take back a coverage that begins today or later."""

    coverage: Record = target("BranchCoverage", "覆盖 / The coverage.")
    version: int = version()


COMMANDS = {
    "create_branch": command(
        commands.create_branch, CreateBranchInput, "party_organization:create", returns="PartyOrganization"
    ),
    "update_branch": command(
        commands.update_branch,
        UpdateBranchInput,
        "party_organization:update",
        returns="PartyOrganization",
        when=still_open,
    ),
    "close_branch": command(
        commands.close_branch,
        CloseBranchInput,
        "party_organization:update",
        returns="PartyOrganization",
        when=still_open,
    ),
    "cover_compounds": command(
        commands.cover_compounds, CoverCompoundsInput, "coverage:create", returns="PartyOrganization", when=still_open
    ),
    "end_coverage": command(
        commands.end_coverage, EndCoverageInput, "coverage:end", returns="BranchCoverage", when=not_over
    ),
    "cancel_coverage": command(
        commands.cancel_coverage, CancelCoverageInput, "coverage:end", returns="Compound", when=to_come
    ),
}
