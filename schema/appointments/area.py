"""What posts add to units, organizations, companies, owners' committees and members, and to the indicators."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from policies.scope import Way
from schema.appointments.commands import COMMANDS
from schema.appointments.posts import (
    DAY,
    HISTORY,
    IN_OFFICE,
    SECRETARY,
    Post,
    PostCount,
)
from schema.kit.entities import (
    Area,
    connection,
    edge_to,
    listing,
    one,
)
from schema.kit.expressions import Pairs, Row
from schema.kit.numbers import breakdown, count
from schema.organization.under import under
from services.appointments.holders import HOLDER_RULES
from services.appointments.tables import (
    RULES,
    PostKind,
    held,
    in_sector,
    instructors_of,
    instructors_of_branch,
    of_companies,
    of_dispatched,
    posts,
    serving,
    tier,
)
from services.organization.paths import at_or_beneath
from services.organization.tables import PartyTier
from services.properties.tables import owners_committees
from services.storage.tables import aliased
from services.terms import holds_on, today


def of_body(post: Row, column: ColumnElement[Any], body: ColumnElement[Any]) -> ColumnElement[bool]:
    """That a post is one of a body of this kind; the index is over bodies of all kinds."""
    return and_(post.body_id == body, column == body)


def unappointed(compound: Any) -> ColumnElement[bool]:
    """A compound in whose owners' committees no post runs on: with one it cannot be closed."""
    post, of = aliased(posts), aliased(owners_committees)
    held = select(post.c.id).join_from(post, of, of.c.id == post.c.committee_id)
    lasting = or_(post.c.until.is_(None), post.c.until > today())
    return ~held.where(of.c.compound_id == compound.id, lasting).correlate_except(post, of).exists()


AREA = Area(
    entities=(Post,),
    edges={
        "OrgUnit": {
            "posts": edge_to(
                Post,
                connection(
                    lambda unit, post: at_or_beneath(post.unit_path, unit.path),
                    "本单元及所有下级的任职，含历任 / The posts of this unit and all below it, past ones too.",
                ),
            ),
        },
        "PartyOrganization": {
            "posts": edge_to(
                Post,
                connection(
                    lambda body, post: of_body(post, post.organization_id, body.id), IN_OFFICE, alike=(Way.COMPANY,)
                ),
            ),
            "secretary": edge_to(
                Post,
                one(
                    lambda body, post: and_(
                        of_body(post, post.organization_id, body.id), post.kind == PostKind.SECRETARY
                    ),
                    SECRETARY,
                    as_of=DAY,
                    alike=(Way.COMPANY,),
                    of_today=(Way.SERVES, Way.INSTRUCTOR),
                ),
            ),
        },
        "PropertyCompany": {
            "posts": edge_to(
                Post,
                connection(
                    lambda company, post: of_body(post, post.company_id, company.id), IN_OFFICE, alike=(Way.COMPANY,)
                ),
            ),
            "secretary": edge_to(
                Post,
                one(
                    lambda company, post: and_(
                        of_body(post, post.organization_id, company.organization_id), post.kind == PostKind.SECRETARY
                    ),
                    "企业党支部书记 / The secretary of its own branch.",
                    as_of=DAY,
                    alike=(Way.COMPANY,),
                    of_today=(Way.INSTRUCTOR,),
                ),
            ),
            "instructors": edge_to(
                Post,
                connection(
                    lambda company, post: and_(
                        of_body(post, post.company_id, company.id), post.kind == PostKind.INSTRUCTOR
                    ),
                    "党建指导员 / The instructors dispatched to it.",
                    as_of=DAY,
                    alike=(Way.COMPANY,),
                ),
            ),
            "leaders": edge_to(
                Post,
                connection(
                    lambda company, post: and_(
                        of_body(post, post.company_id, company.id), post.kind == PostKind.COMPANY_LEADER
                    ),
                    "企业负责人 / Its owners and managers.",
                    as_of=DAY,
                    alike=(Way.COMPANY,),
                ),
            ),
        },
        "OwnersCommittee": {
            "posts": edge_to(Post, connection(lambda body, post: of_body(post, post.committee_id, body.id), IN_OFFICE)),
        },
        "Member": {
            "posts": edge_to(
                Post,
                connection(
                    lambda member, post: post.member_id == member.id,
                    HISTORY,
                    alike=(Way.MEMBER,),
                    elsewhere=True,
                ),
            )
        },
        "Indicators": {
            "posts": breakdown(
                PostCount,
                Post,
                lambda unit, post: at_or_beneath(post.unit_path, unit.path),
                "任职，按职务与层级 / The posts held, by kind and tier.",
                holding=holds_on,
            ),
            "instructors": count(
                Post,
                lambda unit, post: at_or_beneath(post.unit_path, unit.path),
                "在任的党建指导员人数 / Members who are instructors.",
                where=lambda post: post.kind == PostKind.INSTRUCTOR,
                holding=holds_on,
                distinct=lambda post: post.member_id,
            ),
            "leaders_as_secretaries": count(
                Post,
                lambda unit, post: at_or_beneath(post.unit_path, unit.path),
                "兼任小区党组织书记的物业企业负责人 / Leaders of companies who are compound secretaries.",
                having={"company_leadership": True},
                where=lambda post: and_(post.kind == PostKind.SECRETARY, tier(post) == PartyTier.COMPOUND),
                holding=holds_on,
                distinct=lambda post: post.member_id,
            ),
        },
    },
    ways={
        "Member": {
            Way.SERVES: tuple(map(Pairs, serving("member_id"))),
            Way.SECTOR: Pairs(in_sector),
            Way.COMPANY: tuple(map(Pairs, of_companies("member_id"))),
            Way.INSTRUCTOR: tuple(map(Pairs, of_dispatched("member_id"))),
            Way.NAMED: Pairs(held),
        },
        "PartyOrganization": {Way.INSTRUCTOR: lambda organization: instructors_of_branch(organization.id)},
        "PropertyCompany": {Way.INSTRUCTOR: lambda company: instructors_of(company.id)},
        "CompanyAssessment": {Way.INSTRUCTOR: lambda assessment: instructors_of(assessment.company_id)},
    },
    roots={
        "posts": listing(
            Post, "可见的全部任职，含历任与已定的 / Every post you may see, past and to come too.", under=under()
        )
    },
    commands=COMMANDS,
    states={"close_compound": unappointed},
    rules={**RULES, **HOLDER_RULES},
)
