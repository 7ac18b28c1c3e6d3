"""What may be asked of the spine: territory units and the party organizations in them."""

from datetime import date
from typing import Any

from sqlalchemy import Text, case, func, select, union_all

from policies.scope import Way
from schema.kit.entities import (
    Connection,
    Searchable,
    column,
    connection,
    entity,
    facet,
    having,
    many,
    one,
    where,
)
from schema.kit.numbers import change, count, grouped, measure
from schema.kit.texts import HOW_MANY, NAME, NAME_CONTAINS, PLACE, VERSION
from schema.kit.words import among, closed, day, name_contains, starting
from services.organization.codes import canonical
from services.organization.paths import at_or_beneath, beneath, on_the_way, place
from services.organization.tables import (
    OrgLevel,
    PartyField,
    PartyKind,
    PartyTier,
    former_codes,
    in_line,
    party_organizations,
    units,
)
from services.terms import lasts


class OrgUnitFilter:
    """筛选单元，各项须同时满足 / Which units: every condition given must hold."""

    level: list[OrgLevel] = among(units.c.level, "层级 / Of one of these levels.")
    name_contains: str = name_contains(NAME_CONTAINS)
    code_prefix: str = starting("code", "代码开头 / The code begins with these digits.")
    has_children: bool = having("children", "是否有直接下级 / Whether any unit lies directly below.")


class OrgUnitBy:
    """指定单元的方式，任选其一 / How to name one unit: exactly one of these."""

    code: str = where(
        lambda unit, given: unit.id.in_(
            union_all(
                select(units.c.id).where(units.c.code == given["code"]),
                select(former_codes.c.unit_id).where(former_codes.c.code == given["code"]),
            )
        ),
        "现行或曾用代码，短码或十二位 / Its code, present or former, short or of twelve digits.",
        prefer=lambda unit, given: (unit.code != given["code"], unit.path),
        code=(Text(), canonical),
    )


WAYS = {
    Way.WITHIN: lambda unit: unit.path,
    Way.AT: lambda unit: unit.path,
    Way.SECTOR: lambda unit: unit.path,
}


AS_OF = (
    "哪一天，默认今天；不留历史者别日为空 / Of which day; today by default. What keeps no history is null of others."
)


@entity(units, policy="unit", ways=WAYS, unique=lambda unit: unit.path, sort=lambda unit: (unit.path,))
class Indicators:
    """指标：单元及所有下级，限可见者，见 extensions.partial；仅可统计者取整，操作结果中为空，见 extensions.counted
    / Of a unit and all below it, as far as its caller sees; what they only count in round numbers, null in payloads."""

    units: int = count("OrgUnit", lambda unit, other: beneath(other.path, unit.path), "所有下级单元 / Units below it.")
    party_organizations: int = count(
        "PartyOrganization",
        lambda unit, organization: at_or_beneath(organization.unit_path, unit.path),
        "党组织 / Party organizations.",
        holding=lambda organization, day: lasts(organization.closed_on, day),
    )
    change: Any = change(
        "自某日以来的变化，限有历史可查者；分组统计不含在内 / By how much what keeps history has changed since a day."
    )


class LevelCount:
    """一级单元的数量 / The units of one level."""

    level: OrgLevel = column("层级 / The level.")
    count: int = measure(HOW_MANY)


class UnitTotals:
    """单元合计 / What units come to."""

    count: int = measure(HOW_MANY)
    by_level: list[LevelCount] = grouped(LevelCount, "按层级 / By level.")


@entity(
    units,
    policy="unit",
    tag="ou",
    ways=WAYS,
    unique=lambda unit: unit.path,
    sort=lambda unit: (unit.path,),
    ties=lambda unit: (unit.sorting,),
    filter=OrgUnitFilter,
    orders={
        "CODE": lambda unit: (unit.code,),
        "NAME": lambda unit: (unit.sorting,),
        "LEVEL": lambda unit: (unit.level,),
    },
    search=Searchable(weight=lambda unit: func.length(unit.code)),
    totals=UnitTotals,
)
class OrgUnit:
    """辖区单元：省、市、县、乡镇街道、村社区、网格、网点 / A unit of the territory, from province to outlet."""

    code: str = column(
        "区划代码（短码），网格与网点续编 / The statistics bureau's code, short; longer below a community."
    )
    name: str = column(NAME)
    level: OrgLevel = column("层级 / Its level.")
    place: list[str] = column("所在地，自县级起 / The names from the county down to it.", lambda unit: place(unit.path))
    parent: "OrgUnit" = one(
        lambda unit, parent: parent.path == unit.parent_path,
        "上级单元，本人辖区顶端为空 / The unit above; null at the top of what you may see.",
        elsewhere=True,
    )
    ancestors: "list[OrgUnit]" = many(
        lambda unit, other: on_the_way(other.code, unit.parent_path),
        "各级上级，自本人辖区顶端起 / The units above, from your seat down.",
        sort=lambda unit: (unit.path,),
        rows=8,
    )
    children: "Connection[OrgUnit]" = connection(
        lambda unit, child: child.parent_path == unit.path, "直接下级 / The units directly below."
    )
    version: int = column(VERSION)
    indicators: "Indicators" = facet("指标 / Numbers of it and all below it.", required=True, as_of=day(AS_OF))
    descendants: "Connection[OrgUnit]" = connection(
        lambda unit, other: beneath(other.path, unit.path),
        "所有下级，可限层级 / All units below, of one level if given.",
        level=where(
            lambda unit, given: unit.level == given["level"],
            "层级 / Only this level.",
            annotation=OrgLevel,
            level=(units.c.level.type, lambda level: level.name),
        ),
    )


class PartyOrganizationBy:
    """指定党组织的方式 / How to name one party organization."""


class PartyOrganizationFilter:
    """筛选党组织，各项须同时满足 / Which party organizations: every condition given must hold."""

    tier: list[PartyTier] = among(party_organizations.c.tier, "层级 / Of one of these tiers.")
    kind: list[PartyKind] = among(party_organizations.c.kind, "类型 / Of one of these kinds.")
    field: list[PartyField] = among(party_organizations.c.field, "领域 / Of one of these fields.")
    name_contains: str = name_contains(NAME_CONTAINS)
    closed: bool = closed(
        "是否已撤销；默认仅列未撤销者，null 为全部 / Whether it has been closed: by default it is not; null: all."
    )
    has_subordinates: bool = having("subordinates", "是否有下级党组织 / Whether any organization lies below.")


class PartyCount:
    """一类党组织的数量 / The organizations of one kind and tier."""

    kind: PartyKind = column("类别 / The kind.")
    tier: PartyTier = column("层级 / The tier.")
    count: int = measure(HOW_MANY)


class PartyFieldCount:
    """一个领域的党组织数量 / The organizations of one field."""

    field: PartyField | None = column("领域，未登记为空 / The field; null where it is not recorded.")
    count: int = measure(HOW_MANY)


class PartyOrganizationTotals:
    """党组织合计 / What organizations come to."""

    count: int = measure(HOW_MANY)
    by_kind: list[PartyCount] = grouped(PartyCount, "按类别与层级 / By kind and tier.")
    by_field: list[PartyFieldCount] = grouped(PartyFieldCount, "按领域 / By field.")


@entity(
    party_organizations,
    policy="party_organization",
    tag="po",
    ways={
        Way.WITHIN: lambda organization: organization.unit_path,
        Way.SECTOR: lambda organization: case((in_line(organization.tier), organization.unit_path)),
    },
    sort=lambda organization: (organization.unit_path,),
    ties=lambda organization: (organization.sorting, organization.unit_path),
    filter=PartyOrganizationFilter,
    orders={
        "PLACE": lambda organization: (organization.unit_path,),
        "NAME": lambda organization: (organization.sorting,),
        "TIER": lambda organization: (organization.tier,),
    },
    search=Searchable(weight=lambda organization: func.length(organization.unit_path)),
    totals=PartyOrganizationTotals,
)
class PartyOrganization:
    """党组织：县乡党委、村级党组织、网格党支部（党小组）、党员中心户等 / A party organization of any tier."""

    name: str = column(NAME)
    tier: PartyTier = column("层级 / Its tier.")
    kind: PartyKind = column("类型：党委、党总支、党支部、党小组、党员中心户 / Its kind.")
    field: PartyField | None = column("领域，未登记为空 / The field it works in; null where it is not recorded.")
    place: list[str] = column(
        PLACE,
        lambda organization: place(organization.unit_path),
    )
    closed_on: date | None = column("撤销日期 / When it was closed.")
    version: int = column(VERSION)
    unit: "OrgUnit" = one(
        lambda organization, unit: unit.path == organization.unit_path, "所在单元 / The unit it belongs to."
    )
    parent: "PartyOrganization" = one(
        lambda organization, parent: parent.id == organization.parent_id,
        "上级党组织，本人辖区之外为空 / The organization above; null where it is not yours to see.",
    )
    subordinates: "Connection[PartyOrganization]" = connection(
        lambda organization, other: other.parent_id == organization.id, "下级党组织 / The organizations directly below."
    )
