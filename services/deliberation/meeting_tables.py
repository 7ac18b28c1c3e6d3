"""Meetings of three parties 三方协商会议: their places, what is on their agenda, who came, their minutes.

A decision belongs to an item, which is about one matter; several meetings may be about the same. That a closed meeting
left nothing undecided, that all three parties came or why one did not, and that there are minutes, numbered without
gaps, the database looks at once more when a command is over (migration 0065).
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    literal,
    or_,
    select,
)

from services.access.tables import accounts
from services.deliberation.tables import matters
from services.described import Described
from services.errors import ProblemCode, Rule
from services.members.tables import said_in_full
from services.organization.paths import at_or_beneath
from services.organization.tables import units
from services.storage.tables import (
    ASTRAY,
    BYTEWISE,
    METADATA,
    PRIVILEGES,
    RANGE,
    identified,
    part_of,
    versioned,
)

PEOPLE = 10_000  # of one party at one meeting, or votes of one kind
QUANTITY = 1_000_000_000


class MeetingState(Described):
    """会议状态 / How far a meeting is."""

    PLANNED = "PLANNED", "待召开 / It is planned."
    HELD = "HELD", "已召开，记录中 / It was held, and is being recorded."
    CLOSED = "CLOSED", "已结束 / It is closed."
    CANCELLED = "CANCELLED", "已取消 / It was called off."


class MeetingDecision(Described):
    """议定结果 / What became of an item."""

    AGREED = "AGREED", "同意 / Agreed."
    DEFERRED = "DEFERRED", "缓议 / Put off to another meeting."
    REFUSED = "REFUSED", "不同意 / Refused."


class MeetingParty(Described):
    """参会方 / Who takes part."""

    PROPERTY = "PROPERTY", "物业企业 / The property company."
    OWNERS = "OWNERS", "业委会 / The owners' committee."
    COMMUNITY = "COMMUNITY", "社区 / The community."
    RESIDENTS = "RESIDENTS", "居民代表 / Residents' representatives."
    OTHER = "OTHER", "其他 / Others."


THREE = (MeetingParty.PROPERTY, MeetingParty.OWNERS, MeetingParty.COMMUNITY)

places = Table(
    "meeting_place",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("withdrawn_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    UniqueConstraint("id", "unit_path"),
    Index("meeting_place_unit_idx", "unit_path"),
)

# `missing_reason` is why it was closed without one of the three parties.
meetings = Table(
    "meeting",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("place_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("planned_on", Date, nullable=False),
    Column("held_on", Date),
    Column("state", Enum(MeetingState, name="meeting_state"), nullable=False, server_default="PLANNED"),
    Column("cancel_reason", Text),
    Column("missing_reason", Text),
    versioned(),
    # Deferred: where a unit's path changes, the place's follows on its own.
    ForeignKeyConstraint(
        ["place_id", "unit_path"],
        [places.c.id, places.c.unit_path],
        onupdate="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    ),
    CheckConstraint("title <> ''", name="title"),
    CheckConstraint("(held_on IS NULL) = (state IN ('PLANNED', 'CANCELLED'))", name="held"),
    CheckConstraint("(cancel_reason IS NULL) = (state <> 'CANCELLED')", name="cancelled"),
    CheckConstraint("missing_reason IS NULL OR state IN ('HELD', 'CLOSED')", name="missing"),
    UniqueConstraint("id", "unit_path"),
    Index("meeting_unit_idx", "unit_path", "held_on"),
    Index("meeting_place_idx", "place_id"),
)


def _gone(path: str) -> Select[Any]:
    """What is on the agenda of meetings to come and of another unit now that something came to lie at a path.

    What was held stays: it was talked about there. A matter that followed a compound may lie above what moved.
    """
    lies, top = matters.c.unit_path, literal(path, BYTEWISE)
    found = (
        select(items.c.id, items.c.meeting_id, matters.c.title.label("name")).join_from(items, matters).join(meetings)
    )
    to_come = meetings.c.state == MeetingState.PLANNED, ~func.starts_with(lies, items.c.unit_path)
    there = found.where(*to_come, or_(at_or_beneath(lies, top), func.starts_with(top, lies)))
    return there.order_by(matters.c.title, items.c.id).with_for_update(of=(meetings, items))


# `matter_title` is what the matter is called, for as long as it lies in the meeting's unit or below, and then what it
# was called when it left. Votes are all told, or none where none were cast.
items = Table(
    "meeting_item",
    METADATA,
    identified(),
    *part_of(meetings, "meeting_id"),
    Column("matter_id", ForeignKey(matters.c.id), nullable=False),
    Column("matter_title", Text, nullable=False),
    Column("decision", Enum(MeetingDecision, name="meeting_decision")),
    Column("decided", Text),
    Column("votes_for", Integer, info={RANGE: (0, PEOPLE)}),
    Column("votes_against", Integer, info={RANGE: (0, PEOPLE)}),
    Column("abstained", Integer, info={RANGE: (0, PEOPLE)}),
    versioned(),
    CheckConstraint("matter_title <> ''", name="matter_title"),
    CheckConstraint("(decision IS NULL) = (decided IS NULL) AND decided <> ''", name="decided"),
    CheckConstraint(
        f"num_nonnulls(votes_for, votes_against, abstained) = ANY (CASE WHEN decision IS NULL THEN ARRAY[0]"
        f" ELSE ARRAY[0, 3] END) AND greatest(votes_for, votes_against, abstained) <= {PEOPLE}"
        f" AND least(votes_for, votes_against, abstained) >= 0",
        name="votes",
    ),
    UniqueConstraint("meeting_id", "matter_id"),
    Index("meeting_item_matter_idx", "matter_id"),
    Index("meeting_item_unit_idx", "unit_path"),
    info={ASTRAY: (_gone, "meeting_id")},
)

attendances = Table(
    "meeting_attendance",
    METADATA,
    identified(),
    *part_of(meetings, "meeting_id"),
    Column("party", Enum(MeetingParty, name="meeting_party"), nullable=False),
    Column("people", Integer, nullable=False, info={RANGE: (0, PEOPLE)}),
    CheckConstraint(f"people BETWEEN 0 AND {PEOPLE}", name="people"),
    UniqueConstraint("meeting_id", "party"),
    Index("meeting_attendance_unit_idx", "unit_path"),
)

# Numbered from 1; from the second on with the reason why the one before was not right. They only grow in number.
minutes = Table(
    "meeting_minutes",
    METADATA,
    identified(),
    *part_of(meetings, "meeting_id"),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("account_id", ForeignKey(accounts.c.id), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("reason", Text),
    CheckConstraint("text <> '' AND (reason IS NULL) = (number = 1)", name="text"),
    UniqueConstraint("meeting_id", "number"),
    Index("meeting_minutes_account_idx", "account_id"),
    Index("meeting_minutes_unit_idx", "unit_path"),
    # A name that must not be kept any longer is taken out of them (services.audit.mentions).
    info={PRIVILEGES: ("SELECT", "INSERT", "UPDATE (text, reason)")},
)

# What came of a matter, as 新增停车位 193 个: `counted_in` is what it is counted in. Two that named persons whose data
# were deleted may say the same now.
results = Table(
    "matter_result",
    METADATA,
    identified(),
    *part_of(matters, "matter_id"),
    Column("what", Text, nullable=False),
    Column("quantity", Integer, nullable=False, info={RANGE: (1, QUANTITY)}),
    Column("counted_in", Text, nullable=False),
    Column("counted_on", Date, nullable=False),
    versioned(),
    CheckConstraint("what <> '' AND counted_in <> ''", name="what"),
    CheckConstraint(f"quantity BETWEEN 1 AND {QUANTITY}", name="quantity"),
    Index("matter_result_matter_id_what_key", "matter_id", "what", unique=True, postgresql_where=said_in_full("what")),
    Index("matter_result_unit_idx", "unit_path", "counted_on"),
)

_PASSED = ("该会议刚刚由他人处理，请重新查看。", "Someone has changed the meeting in the meantime; look again.")
RULES: Mapping[str, Rule] = {
    "meeting_item_meeting_id_matter_id_key": Rule(
        "matter", "该议题已列入本次会议。", "The matter is on this meeting's agenda already.", ProblemCode.TAKEN
    ),
    "matter_result_matter_id_what_key": Rule(
        "what", "该成效已登记，可更正。", "This result is recorded already, and can be corrected.", ProblemCode.TAKEN
    ),
    "meeting_item_carried_check": Rule(
        "decision",
        "反对票多于同意票，不能记为同意。",
        "More voted against it than for it: it was not agreed.",
        ProblemCode.INVALID,
    ),
    "meeting_minutes_meeting_id_number_key": Rule("meeting", *_PASSED),
    "meeting_attendance_meeting_id_party_key": Rule("meeting", *_PASSED),
    "meeting_closed_check": Rule("meeting", *_PASSED, ProblemCode.INCOMPLETE),
    "meeting_recorded_check": Rule("meeting", *_PASSED, ProblemCode.CLOSED),
    "meeting_minutes_numbers_check": Rule("meeting", *_PASSED),
}
