"""Points 积分: rules that units publish, what members claim by them, and the entries that are granted.

Entries are a ledger: none is changed or removed, and what was wrong is put right by a further one. The database keeps
that (migration 0046), and the service's role may do no more than add; that it may update the path is what locks and
cascades need, and the foreign key holds that to the claim's. An entry counts on the day its claim is about.
"""

from collections.abc import Mapping
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
    Select,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    extract,
    func,
    or_,
    select,
    text,
)

from services.access.tables import accounts
from services.described import Described
from services.errors import ProblemCode, Rule
from services.members.serving import served_lately
from services.members.tables import members
from services.organization.paths import at_or_beneath
from services.organization.tables import OrgLevel, units
from services.storage.tables import BYTEWISE, METADATA, PRIVILEGES, RANGE, VIEW, aliased, identified, versioned
from services.terms import on, today

MOST = 100  # points by one rule, or put right at once
TIMES = 24  # how often at once: the hours of a day
OFTEN = 100  # how often one may be claimed by in a quarter, at most

rules = Table(
    "point_rule",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("points", Integer, nullable=False, info={RANGE: (1, MOST)}),
    Column("per", Text, nullable=False),
    Column("most_per_quarter", Integer, info={RANGE: (1, OFTEN)}),
    Column("withdrawn_on", Date),
    versioned(),
    CheckConstraint("name <> '' AND per <> ''", name="name"),
    CheckConstraint(f"points BETWEEN 1 AND {MOST}", name="points"),
    CheckConstraint(f"most_per_quarter BETWEEN 1 AND {OFTEN}", name="most"),
    Index("point_rule_unit_idx", "unit_path", "id"),
)


class ClaimStatus(Described):
    """申报状态：待审核、已通过、未通过 / What became of a claim: it waits, was granted or refused."""

    CLAIMED = "CLAIMED", "待审核 / It waits to be reviewed."
    GRANTED = "GRANTED", "已通过 / Granted."
    REFUSED = "REFUSED", "未通过 / Refused."


# `times` is how often it was done that day, by the rule's unit, as for how many hours. `claimed_by` and `reviewed_by`
# are accounts; that these are two persons is for `claiming` to know.
claims = Table(
    "point_claim",
    METADATA,
    identified(),
    Column("rule_id", ForeignKey(rules.c.id), nullable=False),
    Column("member_id", ForeignKey(members.c.id), nullable=False),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("done_on", Date, nullable=False),
    Column("times", Integer, nullable=False, server_default="1", info={RANGE: (1, TIMES)}),
    Column("text", Text, nullable=False),
    Column("status", Enum(ClaimStatus, name="point_claim_status"), nullable=False, server_default="CLAIMED"),
    Column("answer", Text),
    Column("claimed_on", Date, nullable=False),
    Column("claimed_by", ForeignKey(accounts.c.id)),
    Column("reviewed_on", Date),
    Column("reviewed_by", ForeignKey(accounts.c.id)),
    versioned(),
    CheckConstraint("text <> ''", name="text"),
    CheckConstraint(f"times BETWEEN 1 AND {TIMES}", name="times"),
    CheckConstraint(
        "(reviewed_on IS NULL) = (status = 'CLAIMED') AND (answer IS NULL) = (status <> 'REFUSED')", name="reviewed"
    ),
    CheckConstraint("reviewed_by <> claimed_by", name="reviewer"),
    UniqueConstraint("id", "member_id", "rule_id", "unit_path", name="point_claim_entry_key"),
    Index("point_claim_member_idx", "member_id", "rule_id", "done_on"),
    Index("point_claim_rule_idx", "rule_id"),
    Index("point_claim_unit_idx", "unit_path", "id"),
)

# `corrects_id` is the entry a further one puts right; what was granted has none, and there is one of it for a claim.
entries = Table(
    "point_entry",
    METADATA,
    identified(),
    Column("claim_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("rule_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("points", Integer, nullable=False, info={RANGE: (-MOST, MOST)}),
    Column("earned_on", Date, nullable=False),
    Column("recorded_on", Date, nullable=False),
    Column("corrects_id", Uuid),
    ForeignKeyConstraint(
        ["claim_id", "member_id", "rule_id", "unit_path"],
        [claims.c.id, claims.c.member_id, claims.c.rule_id, claims.c.unit_path],
        name="point_entry_claim_fkey",
        onupdate="CASCADE",
    ),
    ForeignKeyConstraint(
        ["corrects_id", "claim_id"], ["point_entry.id", "point_entry.claim_id"], name="point_entry_corrects_fkey"
    ),
    CheckConstraint(
        f"points <> 0 AND abs(points) <= {MOST} AND (points > 0 OR corrects_id IS NOT NULL)", name="points"
    ),
    UniqueConstraint("id", "claim_id"),
    Index("point_entry_granted_key", "claim_id", unique=True, postgresql_where=text("corrects_id IS NULL")),
    Index("point_entry_corrects_idx", "corrects_id"),
    Index("point_entry_member_idx", "member_id", "earned_on"),
    Index("point_entry_unit_idx", "unit_path", "earned_on"),
    info={PRIVILEGES: ("SELECT", "INSERT", "UPDATE (unit_path)")},
)

# What a member's entries in one unit come to in a quarter; `id` is one of these.
standings = Table(
    "point_standing",
    METADATA,
    identified(),
    Column("member_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("year", Integer, nullable=False),
    Column("quarter", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    info={VIEW: True},
)

# What a member's entries come to in a quarter, in whichever units: it lies where the member serves now. It is fulfilled
# on the first day of points that were not corrected to nothing since. `id` is one of the entries.
quarters = Table(
    "member_quarter",
    METADATA,
    identified(),
    Column("member_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("year", Integer, nullable=False),
    Column("quarter", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("fulfilled_on", Date),
    info={VIEW: True},
)

RULES: Mapping[str, Rule] = {
    "point_entry_granted_key": Rule("claim", "该申报已审核。", "The claim was reviewed already."),
    "point_entry_points_check": Rule(
        "points",
        f"一次至多 {MOST} 分，且不为零。",
        f"At most {MOST} points at once, and not none.",
        ProblemCode.INVALID,
    ),
}


# --- who sees them, and when they count -------------------------------------------------------------------------------


def reached(rule: Any) -> Select[Any]:
    """The members a rule reaches: those who serve in the unit that publishes it or below, or did until lately.

    What they did there can still be claimed then.
    """
    member = aliased(members)
    serves = func.starts_with(member.c.unit_path, rule.unit_path)
    found = select(member.c.id).where(or_(serves, served_lately(member.c.id, rule.unit_path)))
    return found.correlate_except(member)


def fellows(row: Any) -> Select[Any]:
    """The members who read a row of the bulletin: those who serve in its community, and whose points these are."""
    member, community = aliased(members), aliased(units)
    shared = (
        select(1)
        .select_from(community)
        .where(
            community.c.level == OrgLevel.COMMUNITY,
            at_or_beneath(row.unit_path, community.c.path),
            at_or_beneath(member.c.unit_path, community.c.path),
        )
    )
    near = or_(member.c.id == row.member_id, shared.correlate_except(community).exists())
    return select(member.c.id).where(near).correlate_except(member)


def in_its_year(entry: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether an entry counts in the year of a day, until then."""
    return and_(entry.earned_on <= on(day), extract("year", entry.earned_on) == extract("year", on(day)))


def in_its_quarter(entry: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether an entry counts in the quarter of a day, until then."""
    same = extract("quarter", entry.earned_on) == extract("quarter", on(day))
    return and_(in_its_year(entry, day), same)


def fulfils_its_quarter(entry: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether points were granted in the quarter of a day, until then, and not corrected to nothing since."""
    other = aliased(entries)
    taken = select(func.coalesce(func.sum(other.c.points), 0)).where(other.c.corrects_id == entry.id)
    left: ColumnElement[bool] = taken.correlate_except(other).scalar_subquery() > -entry.points
    return and_(in_its_quarter(entry, day), entry.corrects_id.is_(None), left)


def of_its_year(row: Any) -> ColumnElement[bool]:
    """Whether what was earned in a quarter was in the year of today."""
    found: ColumnElement[bool] = row.year == extract("year", today())
    return found


def of_its_quarter(row: Any, day: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Whether what was earned in a quarter was in that of a day."""
    return and_(row.year == extract("year", on(day)), row.quarter == extract("quarter", on(day)))


def fulfilled(row: Any, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether it was in the quarter of a day, and enough for that by then."""
    return and_(of_its_quarter(row, day), row.fulfilled_on <= on(day))


def stands(rule: Any) -> ColumnElement[bool]:
    """Whether something done today can be claimed by a rule."""
    return or_(rule.withdrawn_on.is_(None), rule.withdrawn_on > today())


def rule_name(rule: Any) -> ColumnElement[Any]:
    """A rule's name, by the rule's id."""
    of = aliased(rules)
    return select(of.c.name).where(of.c.id == rule).correlate_except(of).scalar_subquery()
