"""Posts: secretaries, instructors, part-time members, cross-appointments, rotating chairs, company leaders.

What may be asked about them; the commands that fill and end them are offered in `schema.appointments.commands`.
"""

from datetime import date

from sqlalchemy import and_

from policies.scope import Way
from schema.kit.entities import (
    column,
    entity,
    one,
    present_name,
)
from schema.kit.expressions import Pairs
from schema.kit.numbers import grouped, measure
from schema.kit.terms import LEFT, TermFilter
from schema.kit.texts import CHANGES, HOW_MANY, PLACE, UNIT
from schema.kit.words import among, as_of, ended
from schema.members.members import Member
from schema.organization.units import OrgUnit, PartyOrganization
from schema.properties.companies import PropertyCompany
from schema.properties.compounds import OwnersCommittee
from services.appointments.tables import (
    PostKind,
    body_name,
    instructor,
    of_dispatched,
    posts,
    sector_path,
    serving,
    tier,
)
from services.members.tables import name_of
from services.organization.paths import place
from services.organization.tables import PartyTier
from services.properties.tables import owners

DAY = as_of("哪一天在任，默认今天 / In office on this day; today by default.")


class PostFilter(TermFilter):
    """筛选任职，各项须同时满足 / Which posts: every condition given must hold."""

    kind: list[PostKind] = among(posts.c.kind, "职务 / Of one of these kinds.")
    ended: bool = ended(LEFT)


class PostCount:
    """任职统计：按职务与党组织层级 / Posts of one kind, in organizations of one tier."""

    kind: PostKind = column("职务 / The kind.")
    tier: PartyTier | None = column("党组织层级，企业与业委会为空 / The tier; null in companies and committees.", tier)
    posts: int = measure("任职数 / How many posts.")
    members: int = measure("人数 / How many members hold one.", distinct=lambda post: post.member_id)
    bodies: int = measure("单位数 / In how many organizations.", distinct=lambda post: post.body_id)


class PostTotals:
    """任职合计 / What posts come to."""

    count: int = measure(HOW_MANY)
    members: int = measure("人数 / How many members hold one.", distinct=lambda post: post.member_id)
    by_kind: list[PostCount] = grouped(PostCount, "按职务与层级 / By kind and tier.")


@entity(
    posts,
    policy="post",
    tag="pt",
    ways={
        Way.WITHIN: lambda post: post.unit_path,
        Way.SECTOR: sector_path,
        Way.COMPANY: (lambda post: post.company_id, lambda post: owners(post.organization_id)),
        Way.SERVES: tuple(map(Pairs, serving("id"))),
        # One's own, and who else holds office there: a log of visits is kept by whoever came, and by no colleague.
        Way.INSTRUCTOR: instructor,
        Way.DISPATCHED: tuple(map(Pairs, of_dispatched("id"))),
        Way.MEMBER: lambda post: post.member_id,
    },
    sort=lambda post: (post.unit_path,),
    ties=lambda post: (post.unit_path, post.since),
    filter=PostFilter,
    orders={
        "PLACE": lambda post: (post.unit_path,),
        "KIND": lambda post: (post.kind,),
        "SINCE": lambda post: (post.since,),
        "UNTIL": lambda post: (post.until,),
    },
    totals=PostTotals,
)
class Post:
    """任职：党员在党组织、物业企业或业委会的职务 / A member's term in a party organization, company or committee."""

    kind: PostKind = column("职务 / What the member is there.")
    member_name: str = column("任职者姓名 / The member's name.", lambda post: name_of(post.member_id), brings="Member")
    body_name: str | None = present_name(
        "任职单位；卸任后，看不到该单位的为空"
        " / The name of the organization, company or committee; null once the term is over where that is not yours to"
        " see.",
        body_name,
        "party_organization",
        "company",
        "owners_committee",
        brings=("PartyOrganization", "PropertyCompany", "OwnersCommittee"),
    )
    place: list[str] = column(PLACE, lambda post: place(post.unit_path))
    since: date = column("任期首日 / The first day.")
    until: date | None = column("任期末日（含当日），未定为空 / The last day, included; null as long as none is set.")
    end_reason: str | None = column("卸任原因 / Why it was ended.")
    version: int = column(CHANGES)
    unit: "OrgUnit | None" = one(lambda post, unit: unit.path == post.unit_path, UNIT)
    member: "Member | None" = one(lambda post, member: member.id == post.member_id, "任职者 / Who holds it.")
    party_organization: "PartyOrganization | None" = one(
        lambda post, organization: organization.id == post.organization_id,
        "所任职的党组织 / The party organization it is in.",
        alike=(Way.COMPANY, Way.SERVES, Way.DISPATCHED),
    )
    company: "PropertyCompany | None" = one(
        lambda post, company: company.id == post.company_id,
        "所任职的物业企业 / The property company it is in.",
        alike=(Way.COMPANY, Way.SERVES, Way.DISPATCHED),
    )
    owners_committee: "OwnersCommittee | None" = one(
        lambda post, committee: committee.id == post.committee_id,
        "所任职的业委会 / The owners' committee it is in.",
        alike=(Way.COMPANY, Way.SERVES, Way.DISPATCHED, Way.INSTRUCTOR),
    )
    company_leadership: "Post | None" = one(
        lambda post, other: and_(other.member_id == post.member_id, other.kind == PostKind.COMPANY_LEADER),
        "任职者的企业负责人职务 / The post as leader of a company that its member holds.",
        sort=lambda post: (post.since, post.id),
        as_of=DAY,
    )


# --- what the area adds -----------------------------------------------------------------------------------------------

SECRETARY = "书记 / Its secretary."
HISTORY = "历任、现任及已定的职务 / All posts: past, present and to come."
IN_OFFICE = "任职者，含历任与已定的 / The posts in it, past and to come too."
