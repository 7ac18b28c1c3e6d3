"""Service posts 选岗定岗: duties a unit lists for itself and all below, needs of them, and members' terms in one.

A *need* says how many a unit wants of a duty, and from when to when; a *term* fills a place of a need and lies within
it. That no more hold one at once than are needed, and nobody the same duty twice, the database keeps (migration 0040).
A *profile* is what a member says of themselves for it: personal, but no contact data. `suggestions` is the view of who
suits which need that has a place left, and by what: a wish goes before a skill, that before an occupation.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    select,
    text,
)

from services.errors import ProblemCode, Rule
from services.members.tables import kept, members, unrestricted
from services.organization.paths import at_or_beneath, on_the_way
from services.organization.tables import units
from services.storage.correcting import OUTLASTS, Succession
from services.storage.tables import (
    BYTEWISE,
    KEEPS,
    METADATA,
    RANGE,
    SERVED,
    VIEW,
    aliased,
    folded,
    identified,
    part_of,
    versioned,
)
from services.terms import in_order, moving, term

MOST = 200  # members one need can want

TAGS = ARRAY(Text())

# `withdrawn_on` is the first day no new need is opened for it; a successor may then have its name.
items = Table(
    "duty_item",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("category", Text, nullable=False),
    Column("name", Text, nullable=False),
    folded(),
    Column("occupations", TAGS, nullable=False),
    Column("skills", TAGS, nullable=False),
    Column("withdrawn_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    Index(
        "duty_item_unit_path_folded_key",
        "unit_path",
        "folded",
        unique=True,
        postgresql_where=text("withdrawn_on IS NULL"),
    ),
    Index("duty_item_unit_idx", "unit_path", "id"),
)

needs = Table(
    "duty_need",
    METADATA,
    identified(),
    Column("item_id", ForeignKey(items.c.id), nullable=False),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("needed", Integer, nullable=False, info={RANGE: (1, MOST)}),
    *term(),
    versioned(),
    in_order(),
    CheckConstraint(f"needed BETWEEN 1 AND {MOST}", name="needed"),
    UniqueConstraint("id", "item_id", "unit_path"),
    Index("duty_need_item_idx", "item_id"),
    Index("duty_need_unit_idx", "unit_path", "id"),
)

ON_DUTY = kept(
    "该党员此日之后仍在岗，请先离岗。",
    "The member is on duty after this day: end that first.",
)

# Excluded by constraint: one member in the same duty twice at once, wherever.
duty_terms = Table(
    "duty_term",
    METADATA,
    identified(),
    Column("need_id", Uuid, nullable=False),
    Column("item_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    *term(),
    *moving(),
    Column("end_reason", Text),
    versioned(),
    ForeignKeyConstraint(
        ["need_id", "item_id", "unit_path"], [needs.c.id, needs.c.item_id, needs.c.unit_path], onupdate="CASCADE"
    ),
    in_order(),
    Index("duty_term_need_idx", "need_id", "since"),
    Index("duty_term_member_idx", "member_id", "since"),
    Index("duty_term_unit_idx", "unit_path", "id"),
    Index("duty_term_move_idx", "moved_id"),
    info={SERVED: True, KEEPS: ON_DUTY},
)

TERMS = Succession(duty_terms, (), apart=("member_id", "item_id"))

profiles = Table(
    "member_profile",
    METADATA,
    identified(),
    *part_of(members, "member_id"),
    Column("occupation", Text),
    Column("skills", TAGS, nullable=False),
    Column("wishes", TAGS, nullable=False),
    versioned(),
    UniqueConstraint("member_id"),
    Index("member_profile_unit_idx", "unit_path", "id"),
)

# Of needs that are not over and have a place left, and members who serve in their unit or below, have not left, are not
# restricted and not in the same duty. `rank` is the less the better.
suggestions = Table(
    "duty_suggestion",
    METADATA,
    Column("need_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("item_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("wishes", TAGS, nullable=False),
    Column("skills", TAGS, nullable=False),
    Column("occupations", TAGS, nullable=False),
    Column("rank", Integer, nullable=False),
    info={VIEW: True},
)

TAKEN = "该岗位在这段时间已无空额。", "No place of the duty is left at that time."

RULES: Mapping[str, Rule] = {
    "duty_item_unit_path_folded_key": Rule(
        "name", "该单元已有同名岗位。", "The unit has a duty of this name already.", ProblemCode.TAKEN
    ),
    "duty_need_duty_term_check": Rule(
        "need",
        "任期须在岗位需求的起止日期之内。",
        "A term lies within the days of the need it fills.",
        ProblemCode.CLOSED,
    ),
    "duty_term_places_check": Rule("need", *TAKEN),
    "duty_need_places_check": Rule(
        "needed", "已上岗的人数多于此数。", "More members than that are on duty.", ProblemCode.INVALID
    ),
    "duty_term_excl": Rule(
        "member", "该党员在这段时间已在此岗位。", "The member is in this duty at that time already."
    ),
    "duty_term_need_id_item_id_unit_path_fkey": Rule(
        "need",
        "该需求已有人上岗，请先删除其任期。",
        "Members took it: strike out their terms first.",
        ProblemCode.CLOSED,
    ),
    "duty_term_prolonged_check": Rule(
        "on", "该任期刚刚由他人结束，请重新查看后再操作。", "Someone has ended this term in the meantime; look again."
    ),
    "duty_term_member_check": OUTLASTS,
    "member_duty_term_check": ON_DUTY,
    "member_profile_member_id_key": Rule(
        "member", "该党员已有服务意向，请修改。", "The member has a profile already: update it.", ProblemCode.TAKEN
    ),
}


# --- keys, and what rows are shown with -------------------------------------------------------------------------------


def reaching() -> Select[Any]:
    """Each unit that members serve in, or below, by its path, with those members."""
    member, line = aliased(members), aliased(units)
    on = and_(on_the_way(line.c.code, member.c.unit_path), at_or_beneath(member.c.unit_path, line.c.path))
    return select(line.c.path, member.c.id).join_from(member, line, on)


def served_by() -> Select[Any]:
    """Each member who was, is or will be on duty, with the path of where."""
    each = aliased(duty_terms)
    return select(each.c.member_id, each.c.unit_path)


def known_at(profile: Any) -> Select[Any]:
    """The path of where others may know a profile: its member's unit; none while their data are restricted."""
    of = aliased(members)
    return select(of.c.unit_path).where(of.c.id == profile.member_id, unrestricted(of.c)).correlate_except(of)


def of_item(item: Any, name: str) -> ColumnElement[Any]:
    """What an item has in a column, by its id."""
    of = aliased(items)
    return select(of.c[name]).where(of.c.id == item).correlate_except(of).scalar_subquery()


def of_need(need: Any, name: str) -> ColumnElement[Any]:
    """What a need has in a column, by its id."""
    of = aliased(needs)
    return select(of.c[name]).where(of.c.id == need).correlate_except(of).scalar_subquery()
