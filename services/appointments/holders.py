"""Who holds a post, and who may: what the database refuses (migration 0025), as users are told.

Part-time members 兼职委员 are in service, instructors 党建指导员 in service or retired; a rotating chair 轮值家长 is a
part-time member of the organization on each day of the term, so that a part-time post ends no earlier than its holder's
last turn in the chair.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from services.appointments.tables import posts
from services.errors import ProblemCode, Rule
from services.members.tables import name_of
from services.storage.tables import aliased
from services.terms import not_over

HOLDER_RULES: Mapping[str, Rule] = {
    "post_standing_check": Rule(
        "member",
        "兼职委员须为在职党员，党建指导员须为在职或离退休党员。",
        "A part-time member is in service, an instructor in service or retired.",
        ProblemCode.INVALID,
    ),
    "member_post_standing_check": Rule(
        "standing",
        "该党员担任（或将任）的兼职委员须为在职、党建指导员须为在职或离退休，请先办理卸任。",
        "The member is, or will be, a part-time member (in service) or an instructor (in service or retired):"
        " end that post first.",
        ProblemCode.INVALID,
    ),
    "post_chair_check": Rule(
        "member",
        "轮值家长由该党组织的兼职委员轮流担任，整个任期内须一直是其兼职委员。",
        "Part-time members take the chair in turn: the member must be one of this organization for the whole term.",
        ProblemCode.INVALID,
    ),
    "post_turns_check": Rule(
        "on",
        "该兼职委员在此日之后仍任（或将任）轮值家长，请先办理轮值家长的卸任或撤销。",
        "The part-time member is, or will be, rotating chair after this day: end or cancel that first.",
        ProblemCode.CLOSED,
    ),
}


def holders() -> Select[Any]:
    """Each post with the member who holds it."""
    post = aliased(posts)
    return select(post.c.id, post.c.member_id)


def holder_of(post: Any) -> ColumnElement[Any]:
    """The member who holds a post, by its id."""
    of = aliased(posts)
    return select(of.c.member_id).where(of.c.id == post).correlate_except(of).scalar_subquery()


def in_office(post: Any) -> ColumnElement[bool]:
    """Whether a post is not over, by its id."""
    of = aliased(posts)
    return select(of.c.id).where(of.c.id == post, not_over(of.c)).correlate_except(of).exists()


def holder_name(post: Any) -> ColumnElement[Any]:
    """The name of the member who holds a post, by its id."""
    return name_of(holder_of(post))
