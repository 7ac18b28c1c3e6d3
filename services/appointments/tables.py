"""Posts: members' terms in a party organization, a property company or an owners' committee.

The commands that fill and end them are in `services.appointments.commands`.

Long because what a table refuses, and what that means to a user, is read beside it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Computed,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Select,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    case,
    func,
    or_,
    select,
)

from services.described import Described
from services.errors import ProblemCode, Rule
from services.members.tables import kept, members
from services.organization.tables import PartyTier, party_organizations
from services.properties import tables as properties
from services.properties.tables import companies, owners, owners_committees
from services.storage.correcting import OUTLASTS, Succession
from services.storage.references import NAMES
from services.storage.tables import BYTEWISE, KEEPS, METADATA, aliased, identified, versioned
from services.storage.transaction import Record
from services.terms import BACKWARDS, holds_today, in_order, term


class PostKind(Described):
    """职务：书记、党建指导员、兼职委员、交叉任职、轮值家长、企业负责人 / What a member is appointed to."""

    SECRETARY = "SECRETARY", "书记 / Secretary."
    INSTRUCTOR = "INSTRUCTOR", "党建指导员 / Instructor, dispatched to a company."
    PART_TIME_MEMBER = "PART_TIME_MEMBER", "兼职委员 / Part-time member."
    CROSS_APPOINTMENT = "CROSS_APPOINTMENT", "交叉任职 / Cross-appointment."
    ROTATING_CHAIR = "ROTATING_CHAIR", "轮值家长 / Rotating chair."
    COMPANY_LEADER = "COMPANY_LEADER", "企业负责人 / Owner or manager of a company."


# One of three bodies: which one decides where the post lies. Excluded by constraint: two secretaries or two rotating
# chairs of one organization at once, one member twice in the same post at once. A rotating chair serves one to three
# months, less only where ended for a reason. Instructors and company leaders belong to companies; secretaries,
# part-time members and chairs to organizations; a cross-appointment may be to any of the three.
IN_OFFICE = kept(
    "该党员此日之后仍担任职务，请先办理卸任。",
    "The member holds a post after this day: end it first.",
)

posts = Table(
    "post",
    METADATA,
    identified(),
    Column("kind", Enum(PostKind, name="post_kind"), nullable=False),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    Column("organization_id", Uuid),
    Column("company_id", Uuid),
    Column("committee_id", Uuid),
    Column(
        "body_id",
        Uuid,
        Computed("coalesce(organization_id, company_id, committee_id)", persisted=True),
        info={NAMES: ("party_organization", "property_company", "owners_committee")},
    ),
    Column("unit_path", BYTEWISE, nullable=False),
    *term(),
    Column("end_reason", Text),
    versioned(),
    ForeignKeyConstraint(
        ["organization_id", "unit_path"],
        [party_organizations.c.id, party_organizations.c.unit_path],
        onupdate="CASCADE",
    ),
    ForeignKeyConstraint(["company_id", "unit_path"], [companies.c.id, companies.c.unit_path], onupdate="CASCADE"),
    ForeignKeyConstraint(
        ["committee_id", "unit_path"], [owners_committees.c.id, owners_committees.c.unit_path], onupdate="CASCADE"
    ),
    CheckConstraint("num_nonnulls(organization_id, company_id, committee_id) = 1", name="body"),
    CheckConstraint(
        "CASE WHEN kind IN ('INSTRUCTOR', 'COMPANY_LEADER') THEN company_id IS NOT NULL"
        " WHEN kind = 'CROSS_APPOINTMENT' THEN true ELSE organization_id IS NOT NULL END",
        name="place",
    ),
    CheckConstraint(
        "kind <> 'ROTATING_CHAIR' OR (until IS NOT NULL AND until + 1 <= (since + interval '3 months')::date"
        " AND (end_reason IS NOT NULL OR until + 1 >= (since + interval '1 month')::date))",
        name="rotation",
    ),
    in_order(),
    # What refers to a post in a company, or in an organization, carries these along.
    UniqueConstraint("id", "company_id", "unit_path"),
    UniqueConstraint("id", "organization_id", "unit_path"),
    Index("post_body_idx", "body_id", "kind", "since"),
    Index("post_member_idx", "member_id", "since"),
    Index("post_unit_idx", "unit_path", "id"),
    info={KEEPS: IN_OFFICE},
)

EXCLUSIVE = (PostKind.SECRETARY, PostKind.ROTATING_CHAIR)


def succession(post: Record) -> Succession:
    """Which posts follow one another: those of one kind in one body, where only one holds it at a time."""
    return Succession(posts, ("body_id", "kind") if post["kind"] in EXCLUSIVE else ())


RULES: Mapping[str, Rule] = {
    "member_post_check": IN_OFFICE,
    "owners_committee_since_check": Rule(
        "since",
        "业委会中有人在此日之前已任职，请先更正。",
        "A post in the owners' committee begins before this day: correct that first.",
        ProblemCode.CLOSED,
    ),
    "post_committee_id_unit_path_fkey": Rule(
        "committee",
        "业委会中有任职记录，请先撤销或删除。",
        "There are posts in the owners' committee: take them back or strike them out first.",
        ProblemCode.CLOSED,
    ),
    "post_member_check": OUTLASTS,
    "post_party_organization_check": OUTLASTS,
    "post_property_company_check": OUTLASTS,
    "post_owners_committee_check": OUTLASTS,
    "post_single_excl": Rule(
        "since", "该组织在这段时间已有人担任此职。", "Someone holds this post in the organization at that time already."
    ),
    "post_member_excl": Rule(
        "member", "该党员在这段时间已任此职。", "The member holds this very post at that time already."
    ),
    "post_prolonged_check": Rule(
        "post",
        "该任职刚刚由他人结束，请重新查看后再操作。",
        "Someone has ended this post in the meantime; look again before you go on.",
    ),
    "post_rotation_check": Rule(
        "months", "轮值家长任期为一至三个月。", "A rotating chair serves one to three months.", ProblemCode.INVALID
    ),
    "post_term_check": BACKWARDS,
}


Pairing = Callable[[], Select[Any]]  # of two columns: what a row has, and a key

# --- keys of the line -------------------------------------------------------------------------------------------------


def instructors_of(company: Any) -> Select[Any]:
    """The members who are instructors of a company today, by the company's id."""
    post = aliased(posts)
    found = select(post.c.member_id).where(
        post.c.company_id == company, post.c.kind == PostKind.INSTRUCTOR, holds_today(post.c)
    )
    return found.correlate_except(post)


def instructors_of_branch(organization: Any) -> Select[Any]:
    """The members who are instructors today of the company whose branch an organization is, by the latter's id."""
    return instructors_of(owners(organization).scalar_subquery())


def serving(column: str) -> tuple[Pairing, ...]:
    """Of the posts of today in what serves a unit from elsewhere: what they have in a column, with the unit's path.

    That is a company that manages a compound there, its branch, and the organization that covers one.
    """
    return (
        _today(column, "company_id", properties.serving),
        _today(column, "organization_id", properties.branches_serving),
        _today(column, "organization_id", properties.covering),
    )


def of_companies(column: str) -> tuple[Pairing, ...]:
    """The same of the posts of today in a company and in its branch, with the company."""
    return _today(column, "company_id", _companies), _today(column, "organization_id", properties.branches)


def of_dispatched(column: str) -> tuple[Pairing, ...]:
    """The same, with each member who is the company's instructor today."""
    return _today(column, "company_id", _dispatched), _today(column, "organization_id", _dispatched_to_branches)


def _today(column: str, body: str, keyed: Pairing) -> Pairing:
    def pairs() -> Select[Any]:
        post, found = aliased(posts), keyed()
        of, key = found.selected_columns
        of_body = and_(of == post.c.body_id, of == post.c[body])  # the index is over bodies of all kinds
        return found.with_only_columns(post.c[column], key).where(of_body, holds_today(post.c))

    return pairs


def _companies() -> Select[Any]:
    company = aliased(companies)
    return select(company.c.id, company.c.id.label("company_id"))


def _dispatched() -> Select[Any]:
    post = aliased(posts)
    found = select(post.c.company_id, post.c.member_id)
    return found.where(post.c.kind == PostKind.INSTRUCTOR, holds_today(post.c))


def _dispatched_to_branches() -> Select[Any]:
    post, company = aliased(posts), aliased(companies)
    found = select(company.c.organization_id, post.c.member_id).join_from(
        post, company, company.c.id == post.c.company_id
    )
    return found.where(post.c.kind == PostKind.INSTRUCTOR, holds_today(post.c))


def in_sector() -> Select[Any]:
    """Each member who holds a post in the property industry's line today, with its path."""
    post = aliased(posts)
    return select(post.c.member_id, post.c.unit_path).where(_in_sector(post.c), holds_today(post.c))


def held() -> Select[Any]:
    """Each member who holds, held or will hold a post, with its path."""
    post = aliased(posts)
    return select(post.c.member_id, post.c.unit_path)


def sector_path(post: Any) -> ColumnElement[Any]:
    """The path of a post in the property industry's line; NULL for other posts."""
    return case((_in_sector(post), post.unit_path), else_=None)


def _in_sector(post: Any) -> ColumnElement[bool]:
    organization = aliased(party_organizations)
    in_line = select(organization.c.id).where(
        organization.c.id == post.organization_id, organization.c.tier >= PartyTier.COMPOUND
    )
    return or_(post.company_id.is_not(None), in_line.correlate_except(organization).exists())


def instructor(post: Any) -> ColumnElement[Any]:
    """The member of an instructor's post; NULL for other posts."""
    return case((post.kind == PostKind.INSTRUCTOR, post.member_id), else_=None)


# --- what a post is shown with ----------------------------------------------------------------------------------------


def tier(post: Any) -> ColumnElement[Any]:
    """The tier of the organization the post is in; NULL where its body is none."""
    # Named, so that it reads the same in GROUP BY as in what is selected.
    organization = aliased(party_organizations, "body")
    found = select(organization.c.tier).where(organization.c.id == post.organization_id)
    return found.correlate_except(organization).scalar_subquery()


def body_name(post: Any) -> ColumnElement[Any]:
    """The name of the post's organization, company or committee."""
    keys = {"organization_id": party_organizations, "company_id": companies, "committee_id": owners_committees}
    names = []
    for key, table in keys.items():
        body = aliased(table)
        found = select(body.c.name).where(body.c.id == post[key])
        names.append(found.correlate_except(body).scalar_subquery())
    return func.coalesce(*names)
