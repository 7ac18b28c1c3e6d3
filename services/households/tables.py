"""Households 住户, who keeps contact with them ("1+10": a member with ten at least), and the four visits 四必访.

A household lies in a grid, or a community, and is called by its door. A contact is a term of a member; a household may
have several. A visit stays where it took place: its path is the household's of that day, whatever becomes of either. Of
hardship and sickness each row is one person visited, so that rows count person-visits; a dispute's follow-ups name the
first visit of their case.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Interval,
    Select,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    case,
    extract,
    func,
    literal,
    or_,
    select,
)

from services.described import Described
from services.errors import ProblemCode, Rule
from services.members.tables import kept, members
from services.organization.paths import at_or_beneath
from services.organization.tables import units
from services.storage.correcting import DAY, OUTLASTS
from services.storage.tables import (
    BYTEWISE,
    KEEPS,
    METADATA,
    RANGE,
    SERVED,
    aliased,
    identified,
    numbered,
    part_of,
    versioned,
)
from services.terms import BACK, BACKWARDS, holds_on, holds_today, in_order, moving, on, term, today

households = Table(
    "household",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    *numbered(),
    Column("residents", Integer, nullable=False, server_default="0", info={RANGE: (0, 99)}),
    Column("closed_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("residents BETWEEN 0 AND 99", name="residents"),
    UniqueConstraint("id", "unit_path"),
    UniqueConstraint("unit_path", "folded"),
    Index("household_unit_idx", "unit_path", "id"),
)

IN_CONTACT = kept(
    "该党员此日之后仍联系住户，请先终止。",
    "The member keeps contact with households after this day: end that first.",
)

# Excluded by constraint: the same member twice at once for one household.
contacts = Table(
    "household_contact",
    METADATA,
    identified(),
    *part_of(households, "household_id"),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    *term(),
    *moving(),
    Column("end_reason", Text),
    versioned(),
    in_order(),
    Index("household_contact_household_idx", "household_id", "since"),
    Index("household_contact_member_idx", "member_id", "since"),
    Index("household_contact_unit_idx", "unit_path", "id"),
    Index("household_contact_move_idx", "moved_id"),
    info={SERVED: True, KEEPS: IN_CONTACT},
)


class VisitKind(Described):
    """四必访类别：困难、生病、家庭异常、邻里纠纷 / Which of the four visits: hardship, sickness, trouble, dispute."""

    HARDSHIP = "HARDSHIP", "困难必访，按人次计 / Hardship; counted by person-visits."
    SICK = "SICK", "生病必访，按人次计 / Sickness; counted by person-visits."
    UNUSUAL = "UNUSUAL", "家庭异常必访，按户计 / Something unusual in the family; counted by households."
    DISPUTE = "DISPUTE", "邻里纠纷必访，按起计 / A dispute between neighbours; counted by cases."


# `case_id` is the first visit of a dispute's case; a first one has none.
visits = Table(
    "home_visit",
    METADATA,
    identified(),
    Column("household_id", ForeignKey(households.c.id), nullable=False),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    Column("kind", Enum(VisitKind, name="home_visit_kind"), nullable=False),
    Column("visited_on", Date, nullable=False),
    Column("case_id", Uuid),
    Column("outcome", Text, nullable=False),
    Column("next_step", Text),
    Column("next_on", Date),
    Column("recorded_on", Date, nullable=False),
    versioned(),
    CheckConstraint("outcome <> ''", name="outcome"),
    CheckConstraint("next_on IS NULL OR next_step IS NOT NULL", name="next_step"),
    CheckConstraint("case_id IS NULL OR kind = 'DISPUTE' AND case_id <> id", name="case"),
    UniqueConstraint("id", "household_id"),
    ForeignKeyConstraint(["case_id", "household_id"], ["home_visit.id", "home_visit.household_id"]),
    Index("home_visit_household_idx", "household_id", "visited_on"),
    Index("home_visit_member_idx", "member_id", "visited_on"),
    Index("home_visit_unit_idx", "unit_path", "id"),
    Index("home_visit_case_idx", "case_id"),
)

RULES: Mapping[str, Rule] = {
    "household_unit_path_folded_key": Rule(
        "name", "该单元已有同名住户。", "The unit has a household of this name already.", ProblemCode.TAKEN
    ),
    "household_household_contact_check": Rule(
        "on",
        "该住户此日之后仍有联系党员，请先终止。",
        "A member keeps contact with the household after this day: end that first.",
        ProblemCode.CLOSED,
    ),
    "household_contact_excl": Rule(
        "member",
        "该党员在这段时间已联系该户。",
        "The member keeps contact with the household at that time already.",
    ),
    "household_contact_prolonged_check": Rule(
        "contact",
        "该联系刚刚由他人终止，请重新查看后再操作。",
        "Someone has ended this in the meantime; look again before you go on.",
    ),
    "household_contact_household_check": OUTLASTS,
    "household_contact_member_check": OUTLASTS,
    "household_contact_term_check": replace(BACKWARDS, field="on"),
    "member_household_contact_check": IN_CONTACT,
    "home_visit_case_id_household_id_fkey": Rule(
        "visit",
        "该起纠纷还有后续走访，请先删除。",
        "There are follow-ups of this case: strike them out first.",
        ProblemCode.CLOSED,
    ),
}


# --- who answers for a household, and how visits are counted ----------------------------------------------------------


def contacts_of(household: Any) -> Select[Any]:
    """The members who keep contact with a household today and serve where it lies: by its id.

    Who has gone to serve elsewhere sees it no more, whether or not somebody has ended the contact by then.
    """
    held, who = aliased(contacts), aliased(members)
    found = select(held.c.member_id).join_from(held, who, who.c.id == held.c.member_id)
    near = or_(at_or_beneath(held.c.unit_path, who.c.unit_path), at_or_beneath(who.c.unit_path, held.c.unit_path))
    return found.where(held.c.household_id == household, holds_today(held.c), near).correlate_except(held, who)


def door_of(contact: Any) -> ColumnElement[Any]:
    """The door of a contact's household while a visit may still be recorded by it; then no more."""
    of = aliased(households)
    door = select(of.c.name).where(of.c.id == contact.household_id).correlate_except(of).scalar_subquery()
    lately = or_(contact.until.is_(None), contact.until >= today() - literal(BACK + DAY, Interval()))
    return case((lately, door), else_=None)


def with_ten(member: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a member keeps contact with ten households on a day, by the member's id."""
    held = aliased(contacts)
    many = select(func.count()).select_from(held).where(held.c.member_id == member, holds_on(held.c, day))
    return many.correlate_except(held).scalar_subquery() >= TEN


TEN = 10


def in_its_year(visit: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a visit was made in the year of a day, until then."""
    return and_(visit.visited_on <= on(day), extract("year", visit.visited_on) == extract("year", on(day)))


def case_of(visit: Any) -> ColumnElement[Any]:
    """What tells a dispute's case from others: its first visit."""
    return func.coalesce(visit.case_id, visit.id)
