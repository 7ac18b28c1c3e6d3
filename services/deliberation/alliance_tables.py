"""Alliances 党建联盟: which units are in them and lead them, their joint meetings, and what these agreed.

Excluded by constraint: two leads of one alliance at once, and the same organization in it twice at once. A unit that is
no organization of the service is known by its name alone, and is the same where its folded name is.
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
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    cast,
    func,
)

from services.described import Described
from services.errors import ProblemCode, Rule
from services.organization.tables import party_organizations, units
from services.storage.tables import BYTEWISE, METADATA, RANGE, identified, part_of, versioned
from services.terms import BACKWARDS, in_order, on, term, today

UNITS = 1_000  # that come to one meeting


class AllianceRole(Described):
    """在联盟中的角色 / What a unit is in an alliance."""

    LEAD = "LEAD", "牵头单位 / It leads."
    MEMBER = "MEMBER", "成员单位 / It is a member."


alliances = Table(
    "alliance",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("begun_on", Date, nullable=False),
    Column("ended_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("ended_on >= begun_on", name="ended"),
    UniqueConstraint("id", "unit_path"),
    Index("alliance_unit_idx", "unit_path", "begun_on"),
)


alliance_terms = Table(
    "alliance_term",
    METADATA,
    identified(),
    *part_of(alliances, "alliance_id"),
    Column("organization_id", ForeignKey(party_organizations.c.id)),
    Column("name", Text),
    Column("folded", BYTEWISE),
    Column("role", Enum(AllianceRole, name="alliance_role"), nullable=False),
    *term(),
    versioned(),
    CheckConstraint("num_nonnulls(organization_id, name) = 1", name="whose"),
    CheckConstraint("(name IS NULL) = (folded IS NULL) AND name <> ''", name="name"),
    in_order(),
    Index("alliance_term_alliance_idx", "alliance_id", "since"),
    Index("alliance_term_organization_idx", "organization_id"),
    Index("alliance_term_unit_idx", "unit_path", "since"),
)

joint_meetings = Table(
    "alliance_meeting",
    METADATA,
    identified(),
    *part_of(alliances, "alliance_id"),
    Column("held_on", Date, nullable=False),
    Column("units_came", Integer, nullable=False, info={RANGE: (1, UNITS)}),
    Column("about", Text, nullable=False),
    versioned(),
    CheckConstraint(f"units_came BETWEEN 1 AND {UNITS}", name="units_came"),
    CheckConstraint("about <> ''", name="about"),
    UniqueConstraint("id", "unit_path", "held_on"),
    Index("alliance_meeting_alliance_idx", "alliance_id", "held_on"),
    Index("alliance_meeting_unit_idx", "unit_path", "held_on"),
)

# `agreed_on` is the day of the meeting and follows it, so that nothing is due, done or dropped before it was agreed.
agreements = Table(
    "alliance_agreement",
    METADATA,
    identified(),
    Column("meeting_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("agreed_on", Date, nullable=False),
    Column("agreed", Text, nullable=False),
    Column("done_by", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("done_on", Date),
    Column("dropped_on", Date),
    Column("drop_reason", Text),
    versioned(),
    ForeignKeyConstraint(
        ["meeting_id", "unit_path", "agreed_on"],
        [joint_meetings.c.id, joint_meetings.c.unit_path, joint_meetings.c.held_on],
        onupdate="CASCADE",
    ),
    CheckConstraint("agreed <> '' AND done_by <> ''", name="agreed"),
    CheckConstraint("due_on >= agreed_on AND done_on >= agreed_on AND dropped_on >= agreed_on", name="days"),
    CheckConstraint("(dropped_on IS NULL) = (drop_reason IS NULL)", name="dropped"),
    CheckConstraint("num_nonnulls(done_on, dropped_on) <= 1", name="over"),
    Index("alliance_agreement_meeting_idx", "meeting_id"),
    Index("alliance_agreement_unit_idx", "unit_path", "due_on"),
)

_TWICE = ("该单位在这段时间已在联盟中。", "It is in the alliance at that time already.")
RULES: Mapping[str, Rule] = {
    "alliance_term_lead_excl": Rule(
        "role", "联盟在这段时间已有牵头单位。", "The alliance is led by another at that time.", ProblemCode.TAKEN
    ),
    "alliance_term_organization_excl": Rule("organization", *_TWICE, ProblemCode.TAKEN),
    "alliance_term_name_excl": Rule("name", *_TWICE, ProblemCode.TAKEN),
    "alliance_term_term_check": replace(BACKWARDS, field="on"),
    "alliance_agreement_days_check": Rule(
        "held_on",
        "不能晚于所议事项的期限、办结或取消之日。",
        "Something that was agreed there is due, done or dropped before that day.",
        ProblemCode.INVALID,
    ),
}


# --- what follows of them ---------------------------------------------------------------------------------------------


def holder(row: Any) -> ColumnElement[Any]:
    """Whose a term is: the organization, or the name of what is none of the service's."""
    return func.coalesce(cast(row.organization_id, BYTEWISE), row.folded)


def begun(alliance: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether there was an alliance on a day: on its last one as well."""
    return and_(alliance.begun_on <= on(day), func.coalesce(alliance.ended_on >= on(day), True))


def met(meeting: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a meeting was held by a day."""
    was: ColumnElement[bool] = meeting.held_on <= on(day)
    return was


def kept(agreement: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether what was agreed was done by a day."""
    was: ColumnElement[bool] = agreement.done_on <= on(day)
    return was


def still_open(agreement: Any) -> ColumnElement[bool]:
    """Whether nobody has said yet what became of it."""
    return and_(agreement.done_on.is_(None), agreement.dropped_on.is_(None))


def is_late(agreement: Any) -> ColumnElement[bool]:
    """Whether its day has passed, and nobody has said what became of it."""
    return and_(still_open(agreement), agreement.due_on < today())
