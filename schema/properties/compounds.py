"""Compounds 小区 with their buildings 楼栋 and owners' committees 业委会; commands: `compound_commands`.

Long because a compound leads to nearly everything of the area.
"""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import and_, func

from policies.scope import Way
from schema.kit.entities import (
    Connection,
    Searchable,
    column,
    connection,
    entity,
    having,
    one,
)
from schema.kit.expressions import Pairs, one_of
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, IntRange, days, numbers
from schema.kit.scalars import SafeInt
from schema.kit.terms import TermFilter
from schema.kit.texts import CLOSED, FIRST, HOW_MANY, IS_CLOSED, LAST, NAME, NAME_CONTAINS, PLACE, UNIT, VERSION
from schema.kit.words import as_of, closed, ended, folded_contains, name_contains
from schema.organization.units import OrgUnit, PartyOrganization
from services.organization.paths import place
from services.properties.tables import (
    branches_of,
    buildings,
    compounds,
    managers,
    name_in,
    owners_committees,
    phases,
    shared,
)
from services.terms import holds_today

if TYPE_CHECKING:
    from schema.properties.branches import BranchCoverage
    from schema.properties.companies import ManagementContract, PropertyCompany
    from schema.properties.phases import CompoundPhase
    from schema.properties.sharings import CompoundSharing

DAY = as_of("哪一天，默认今天 / On this day; today by default.")
HOUSEHOLDS = "户数 / How many households."
RESIDENTS = "居民人数 / How many residents."
PARTY_MEMBERS = "党员人数 / How many members of the Party."
SURVEYED = "摸底日期 / When it was surveyed last."
STOREYS = "层数 / How many storeys."


class CompoundFilter:
    """筛选小区，各项须同时满足 / Which compounds: every condition given must hold."""

    name_contains: str = name_contains(NAME_CONTAINS)
    closed: bool = closed(IS_CLOSED)
    households: IntRange = numbers("households", HOUSEHOLDS)
    residents: IntRange = numbers("residents", RESIDENTS)
    surveyed_on: DateRange = days("surveyed_on", SURVEYED)
    has_coverage: bool = having("coverage", "今天是否有党组织覆盖 / Whether a party organization covers it today.")
    has_contract: bool = having("contract", "今天是否有物业企业 / Whether a company manages it today.")
    has_owners_committee: bool = having("owners_committee", "今天是否有业委会 / Whether it has a committee today.")


class CompoundTotals:
    """小区合计 / What compounds come to."""

    count: int = measure(HOW_MANY)
    households: SafeInt = measure(HOUSEHOLDS, total=lambda compound: compound.households)
    residents: SafeInt = measure(RESIDENTS, total=lambda compound: compound.residents)
    party_members: SafeInt = measure(PARTY_MEMBERS, total=lambda compound: compound.party_members, brings="Member")


@entity(
    compounds,
    policy="compound",
    tag="cp",
    ways={
        Way.WITHIN: lambda compound: compound.unit_path,
        Way.SECTOR: lambda compound: compound.unit_path,
        Way.COMPANY: lambda compound: managers(compound.id),
        Way.SHARED: Pairs(shared),
    },
    sort=lambda compound: (compound.unit_path,),
    ties=lambda compound: (compound.sorting, compound.unit_path),
    filter=CompoundFilter,
    orders={
        "PLACE": lambda compound: (compound.unit_path,),
        "NAME": lambda compound: (compound.sorting,),
        "HOUSEHOLDS": lambda compound: (compound.households,),
        "SURVEYED_ON": lambda compound: (compound.surveyed_on,),
    },
    search=Searchable(weight=lambda compound: func.length(compound.unit_path)),
    totals=CompoundTotals,
)
class Compound:
    """小区，有一个所在单元，也可由其他社区共享 / A residential compound: it lies in one unit; others can share it."""

    name: str = column(NAME)
    place: list[str] = column(PLACE, lambda compound: place(compound.unit_path))
    address: str | None = column("地址 / Its address.")
    households: int = column(HOUSEHOLDS)
    residents: int = column(RESIDENTS)
    party_members: int = column(PARTY_MEMBERS, brings="Member")
    surveyed_on: date | None = column(SURVEYED)
    closed_on: date | None = column(CLOSED)
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda compound, unit: unit.path == compound.unit_path, UNIT)
    coverage: "BranchCoverage | None" = one(
        lambda compound, coverage: coverage.compound_id == compound.id,
        "党组织覆盖 / How a party organization covers it.",
        as_of=DAY,
        alike=(Way.COMPANY, Way.SHARED),
    )
    coverages: "Connection[BranchCoverage]" = connection(
        lambda compound, coverage: coverage.compound_id == compound.id,
        "历次覆盖 / All coverage: past, present and to come.",
        alike=(Way.COMPANY, Way.SHARED),
    )
    party_organization: "PartyOrganization | None" = one(
        lambda compound, organization: one_of(organization.id, branches_of(compound.id)),
        "今天覆盖它的党组织 / The party organization that covers it today.",
        through="BranchCoverage",
    )
    contract: "ManagementContract | None" = one(
        lambda compound, contract: contract.compound_id == compound.id,
        "物业合同 / Its contract.",
        as_of=DAY,
        alike=(Way.SHARED,),
        of_today=(Way.COMPANY,),
    )
    contracts: "Connection[ManagementContract]" = connection(
        lambda compound, contract: contract.compound_id == compound.id,
        "历次物业合同 / All contracts: past, present and to come.",
        alike=(Way.SHARED,),
    )
    company: "PropertyCompany | None" = one(
        lambda compound, company: one_of(company.id, managers(compound.id)),
        "今天的物业企业 / The company that manages it today.",
        through="ManagementContract",
        alike=(Way.COMPANY,),
    )
    owners_committee: "OwnersCommittee | None" = one(
        lambda compound, committee: committee.compound_id == compound.id,
        "业委会 / Its committee.",
        as_of=DAY,
        alike=(Way.COMPANY, Way.SHARED),
    )
    owners_committees: "Connection[OwnersCommittee]" = connection(
        lambda compound, committee: committee.compound_id == compound.id,
        "历届业委会 / All committees: past, present and to come.",
        alike=(Way.COMPANY, Way.SHARED),
    )
    buildings: "Connection[Building]" = connection(
        lambda compound, building: building.compound_id == compound.id,
        "楼栋 / Its buildings.",
        alike=(Way.COMPANY, Way.SHARED),
    )
    shared_with: "Connection[CompoundSharing]" = connection(
        lambda compound, sharing: and_(sharing.compound_id == compound.id, holds_today(sharing)),
        "今天的共享；共享单元不可见的，由 sharerPlace 得知其所在地"
        " / The sharings of today: `sharerPlace` says whose, also to whom the unit itself is not theirs to see.",
        alike=(Way.COMPANY,),
    )
    sharings: "Connection[CompoundSharing]" = connection(
        lambda compound, sharing: sharing.compound_id == compound.id,
        "历次共享 / All sharings: past, present and to come.",
        alike=(Way.COMPANY,),
    )
    phases: "Connection[CompoundPhase]" = connection(
        lambda compound, phase: phase.compound_id == compound.id,
        "大小区的分期，编期的在前；合同、覆盖与业委会仍属整个小区"
        " / Its phases if it is a great compound, the numbered ones first. Contract, coverage and committee are of all"
        " of it.",
        alike=(Way.COMPANY, Way.SHARED),
    )


class BuildingFilter:
    """筛选楼栋，各项须同时满足 / Which buildings: every condition given must hold."""

    name_contains: str = folded_contains(NAME_CONTAINS)
    closed: bool = closed(IS_CLOSED)
    households: IntRange = numbers("households", HOUSEHOLDS)
    storeys: IntRange = numbers("storeys", STOREYS)


class BuildingTotals:
    """楼栋合计 / What buildings come to."""

    count: int = measure(HOW_MANY)
    households: SafeInt = measure(HOUSEHOLDS, total=lambda building: building.households)


@entity(
    buildings,
    policy="building",
    tag="bd",
    ways={
        Way.WITHIN: lambda building: building.unit_path,
        Way.SECTOR: lambda building: building.unit_path,
        Way.COMPANY: lambda building: managers(building.compound_id),
        Way.SHARED: Pairs(shared, lambda building: building.compound_id),
        Way.BUILDING: lambda building: building.id,
    },
    sort=lambda building: (building.unit_path, building.compound_id),
    ties=lambda building: (building.sorting, building.unit_path),
    filter=BuildingFilter,
    orders={
        "PLACE": lambda building: (building.unit_path, building.compound_id),
        "NAME": lambda building: (building.sorting,),
        "HOUSEHOLDS": lambda building: (building.households,),
    },
    totals=BuildingTotals,
)
class Building:
    """楼栋 / A building of a compound."""

    name: str = column(NAME)
    compound_name: str = column(
        "小区名称 / The name of its compound.",
        lambda building: name_in(compounds, building.compound_id),
        brings="Compound",
    )
    phase_name: str | None = column(
        "所在分期的名称 / The name of its phase; null where it is in none.",
        lambda building: name_in(phases, building.phase_id),
        brings="CompoundPhase",
    )
    place: list[str] = column(PLACE, lambda building: place(building.unit_path))
    households: int = column(HOUSEHOLDS)
    storeys: int | None = column(STOREYS)
    closed_on: date | None = column(CLOSED)
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda building, unit: unit.path == building.unit_path, UNIT)
    compound: "Compound | None" = one(
        lambda building, compound: compound.id == building.compound_id, "所在小区 / Its compound."
    )
    phase: "CompoundPhase | None" = one(
        lambda building, phase: phase.id == building.phase_id,
        "所在分期 / Its phase; null where it is in none.",
        alike=(Way.COMPANY, Way.SHARED),
    )


class OwnersCommitteeFilter(TermFilter):
    """筛选业委会，各项须同时满足 / Which committees: every condition given must hold."""

    name_contains: str = folded_contains(NAME_CONTAINS)
    ended: bool = ended("任期是否已满 / Whether its term is over.")


class OwnersCommitteeTotals:
    """业委会合计 / What committees come to."""

    count: int = measure(HOW_MANY)
    compounds: int = measure("小区数 / Of how many compounds.", distinct=lambda committee: committee.compound_id)


@entity(
    owners_committees,
    policy="owners_committee",
    tag="oc",
    ways={
        Way.WITHIN: lambda committee: committee.unit_path,
        Way.SECTOR: lambda committee: committee.unit_path,
        Way.COMPANY: lambda committee: managers(committee.compound_id),
        Way.SHARED: Pairs(shared, lambda committee: committee.compound_id),
    },
    sort=lambda committee: (committee.unit_path,),
    ties=lambda committee: (committee.unit_path, committee.since),
    filter=OwnersCommitteeFilter,
    orders={
        "PLACE": lambda committee: (committee.unit_path,),
        "SINCE": lambda committee: (committee.since,),
        "UNTIL": lambda committee: (committee.until,),
    },
    totals=OwnersCommitteeTotals,
)
class OwnersCommittee:
    """业主委员会 / A compound's owners' committee, for a term."""

    name: str = column(NAME)
    place: list[str] = column(PLACE, lambda committee: place(committee.unit_path))
    since: date = column(FIRST)
    until: date | None = column(LAST)
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda committee, unit: unit.path == committee.unit_path, UNIT)
    compound: "Compound | None" = one(
        lambda committee, compound: compound.id == committee.compound_id, "所在小区 / Its compound."
    )
