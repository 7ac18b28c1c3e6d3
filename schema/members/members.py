"""Members 党员: who they are, where they live and serve; how to reach them is a facet with a policy of its own."""

from datetime import date

from sqlalchemy import ColumnElement, and_, func

from policies.scope import Way
from schema.kit.commands import belongs_to, given, reference, rows, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import (
    Afterwards,
    Searchable,
    column,
    entity,
    facet,
    having,
    one,
)
from schema.kit.expressions import Row
from schema.kit.numbers import grouped, measure
from schema.kit.states import present
from schema.kit.texts import HOW_MANY, VERSION
from schema.kit.words import among, name_contains, over
from schema.organization.units import OrgUnit, PartyOrganization
from services.audit.contact_reads import noted
from services.members.tables import (
    Standing,
    masked_address,
    masked_phone,
    members,
    reached_at,
    unrestricted,
)
from services.organization.paths import place
from services.storage.transaction import Record


@entity(
    members,
    policy="member.contact",
    ways={Way.WITHIN: reached_at, Way.MEMBER: lambda member: member.id},
    sort=lambda member: (member.unit_path,),
)
class MemberContact:
    """联系方式 / How to reach a member."""

    phone: str | None = column("电话 / Phone number.")
    address: str | None = column("住址 / Address.")


# While what is held of a member may be used; after that, for whom the facet is there still: for themselves.

USABLE = Afterwards(unrestricted, ("contact",))


def at_hand(member: Row) -> ColumnElement[bool]:
    """Who has not left, and is not restricted: nothing new is recorded of others."""
    return and_(present(member), unrestricted(member))


class MemberFilter:
    """筛选党员，各项须同时满足 / Which members: every condition given must hold."""

    standing: list[Standing] = among(members.c.standing, "身份 / Of one of these standings.")
    name_contains: str = name_contains("姓名包含 / The name contains this text.")
    left: bool = over(
        "left_on",
        "是否已离开；默认仅列未离开者，null 为全部 / Whether they have left: by default they have not; null: all.",
    )
    has_party_organization: bool = having(
        "party_organization", "是否编入可见的党组织 / Whether they belong to an organization you may see."
    )


class MemberBy:
    """指定党员的方式 / How to name one member."""


class StandingCount:
    """一类身份的党员数 / The members of one standing."""

    standing: Standing = column("身份 / The standing.")
    count: int = measure(HOW_MANY)


class MemberTotals:
    """党员合计 / What members come to."""

    count: int = measure(HOW_MANY)
    by_standing: list[StandingCount] = grouped(StandingCount, "按身份 / By standing.")


@entity(
    members,
    policy="member",
    tag="mb",
    ways={
        Way.REGISTERED: lambda member: member.unit_path,
        Way.MEMBER: lambda member: member.id,
    },
    sort=lambda member: (member.unit_path,),
    ties=lambda member: (member.sorting, member.unit_path),
    filter=MemberFilter,
    orders={
        "PLACE": lambda member: (member.unit_path,),
        "NAME": lambda member: (member.sorting,),
        "STANDING": lambda member: (member.standing,),
    },
    search=Searchable(weight=lambda member: func.length(member.unit_path), told=USABLE),
    totals=MemberTotals,
)
class Member:
    """党员 / A member of the Party, or a resident who serves."""

    name: str = column("姓名 / The name.")
    standing: Standing = column("身份：在职、离退休、居民 / In service, retired, or a resident.")
    place: list[str] = column(
        "服务所在地，自县级起 / The names from the county down to where they serve.",
        lambda member: place(member.unit_path),
    )
    employer: str | None = column("工作单位 / Where they work.")
    masked_phone: str | None = column(
        "电话，仅示首三位与末四位 / The phone number, but for its first three digits and its last four.",
        lambda member: masked_phone(member.phone),
        told=USABLE,
    )
    masked_address: str | None = column(
        "住址，仅示前六字 / The address, of which no more than six characters are shown.",
        lambda member: masked_address(member.address),
        told=USABLE,
    )
    left_on: date | None = column("离开日期 / The last day, if they have left.")
    restricted_on: date | None = column(
        "限制处理之日：此后联系方式仅本人可见，资料不得修改或引用 / Since when the processing of their data is"
        " restricted: only they see how to reach them, and nothing of it is changed or referred to."
    )
    version: int = column(VERSION)
    contact: "MemberContact | None" = facet(
        "联系方式，无权则为空；他人查看均留记录 / How to reach them; null where that is not yours. Reads are recorded.",
        noted=lambda member, given: noted(given["entry"], given["account"], member.id),
    )
    unit: "OrgUnit | None" = one(
        lambda member, unit: unit.path == member.unit_path, "服务所在单元（报到网格） / Where they report to and serve."
    )
    home: "OrgUnit | None" = one(lambda member, unit: unit.path == member.home_path, "居住地单元 / Where they live.")
    party_organization: "PartyOrganization | None" = one(
        lambda member, organization: organization.id == member.organization_id,
        "组织关系所在党组织 / The party organization they belong to.",
    )


# --- commands ---------------------------------------------------------------------------------------------------------

NAME = "姓名 / The name."
STANDING = "身份 / In service, retired, or a resident."
EMPLOYER = "工作单位 / Where they work."
HOME = "居住地单元 / The unit they live in."
ORGANIZATION = "组织关系所在党组织 / The party organization they belong to."
PHONE = "电话 / Phone number."
ADDRESS = "住址 / Address."


class RegisterMemberInput:
    """登记党员 / Register a member."""

    unit: Record = belongs_to("OrgUnit", "服务所在单元 / The unit they report to.")
    name: str = given(NAME)
    standing: Standing = given(STANDING)
    employer: str | None = given(EMPLOYER)
    home: Record | None = reference("OrgUnit", HOME)
    party_organization: Record | None = reference("PartyOrganization", ORGANIZATION)
    phone: str | None = given(PHONE)
    address: str | None = given(ADDRESS)


class MemberRow:
    """名册的一行 / A row of a list of members."""

    name: str = given(NAME)
    standing: Standing = given(STANDING)
    employer: str | None = given(EMPLOYER)
    home: Record | None = reference("OrgUnit", HOME)
    party_organization: Record | None = reference("PartyOrganization", ORGANIZATION)
    phone: str | None = given(PHONE)
    address: str | None = given(ADDRESS)


class RegisterMembersInput:
    """按名册登记党员，有一处不符则全不保存 / Register the members of a list, all or none."""

    unit: Record = belongs_to("OrgUnit", "服务所在单元 / The unit they report to.")
    members: list[MemberRow] = rows("党员，最多 500 行 / The members, at most 500 rows.")


class UpdateMemberInput:
    """修改党员信息，联系方式除外 / Change what is known of a member, contact data aside."""

    member: Record = target("Member", "党员 / The member.")
    version: int = version()
    unit: Record | None = reference(
        "OrgUnit", "新的服务所在单元 / The unit they report to from now on.", action="member:create"
    )
    name: str | None = given(NAME)
    standing: Standing | None = given(STANDING)
    employer: str | None = given(EMPLOYER)
    home: Record | None = reference("OrgUnit", HOME)
    party_organization: Record | None = reference("PartyOrganization", ORGANIZATION)
    left_on: date | None = given("离开日期，须先卸任 / The last day; they must hold no office after it.")


class RestrictMemberInput:
    """限制处理一人的个人数据：予以保存，但不使用 / Restrict the processing of a person's data: kept, and not used."""

    member: Record = target("Member", "党员 / The member.")
    version: int = version()
    reason: str = given(REASON)


class LiftRestrictionInput:
    """解除限制处理 / Lift the restriction of a person's data."""

    member: Record = target("Member", "已限制处理的党员 / The member whose data are restricted.")
    version: int = version()
    reason: str = given(REASON)


class UpdateContactInput:
    """修改联系方式 / Change how to reach a member."""

    member: Record = target("Member", "党员 / The member.")
    version: int = version()
    phone: str | None = given(PHONE)
    address: str | None = given(ADDRESS)


# --- what the area adds -----------------------------------------------------------------------------------------------
