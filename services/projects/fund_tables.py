"""Neighbour funds 近邻基金: what came in, what is proposed to go out, and what went out.

Entries are a ledger: none is changed or removed, and what was wrong is put right by one that takes all of it back. No
sum is stored. The database keeps (migration 0063) that a fund never comes to less than nothing, with what is proposed
set aside: whoever adds to it holds its row, so that of two at once the second counts the first; and that an award says
whether it was taken back (migration 0076).
"""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Column,
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
    text,
)

from services.access.tables import accounts
from services.described import Described
from services.errors import ProblemCode, Rule
from services.organization.tables import units
from services.projects.amounts import YUAN
from services.properties.tables import compounds
from services.storage.tables import (
    BYTEWISE,
    KEEPING,
    METADATA,
    PRIVILEGES,
    RANGE,
    VIEW,
    folded,
    identified,
    part_of,
    versioned,
)

CROWD = 10_000  # persons of one award

funds = Table(
    "fund",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("compound_id", Uuid),
    Column("name", Text, nullable=False),
    folded(),
    Column("begun_on", Date, nullable=False),
    Column("closed_year", Integer),
    Column("closed_on", Date),
    versioned(),
    ForeignKeyConstraint(["compound_id", "unit_path"], [compounds.c.id, compounds.c.unit_path], onupdate="CASCADE"),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("closed_on >= begun_on", name="closed"),
    UniqueConstraint("id", "unit_path"),
    Index("fund_compound_key", "compound_id", unique=True, postgresql_where=text("closed_on IS NULL")),
    Index("fund_unit_path_folded_key", "unit_path", "folded", unique=True, postgresql_where=text("closed_on IS NULL")),
    Index("fund_unit_idx", "unit_path", "id"),
    info={KEEPING: ("基金", "funds")},
)

MOST = Decimal("99999999.99")  # yuan of one entry


class FundEntryKind(Described):
    """基金收支类别：党员捐赠、居民捐赠、单位捐赠、奖学、困难帮扶 / What came in or went out, and from or for whom."""

    MEMBERS = "MEMBERS", "党员捐赠 / In: from members."
    RESIDENTS = "RESIDENTS", "居民捐赠 / In: from residents."
    UNITS = "UNITS", "单位捐赠 / In: from organizations."
    SCHOLARSHIP = "SCHOLARSHIP", "奖学 / Out: scholarships."
    AID = "AID", "困难帮扶 / Out: aid to families in hardship."


OUT = (FundEntryKind.SCHOLARSHIP, FundEntryKind.AID)
IN = tuple(kind for kind in FundEntryKind if kind not in OUT)
_OUT = "kind IN ('SCHOLARSHIP', 'AID')"
KIND = Enum(FundEntryKind, name="fund_entry_kind")


class FundAwardStatus(Described):
    """支出状态：待审批、已支付、已收回、未通过 / What became of an award: it waits, was paid, taken back or refused."""

    PROPOSED = "PROPOSED", "待审批，已预留 / It waits to be approved, and is set aside."
    PAID = "PAID", "已支付 / Approved and paid."
    TAKEN_BACK = "TAKEN_BACK", "已收回：支付后以更正冲回 / Paid, and taken back by a correction."
    REFUSED = "REFUSED", "未通过 / Refused, or withdrawn by whoever proposed it."


# `proposed_by` and `reviewed_by` are accounts; that these are two persons is for `fund_awards` to know.
awards = Table(
    "fund_award",
    METADATA,
    identified(),
    *part_of(funds, "fund_id"),
    Column("kind", KIND, nullable=False),
    Column("amount", YUAN, nullable=False),
    Column("persons", Integer, nullable=False, info={RANGE: (1, CROWD)}),
    Column("purpose", Text, nullable=False),
    Column("status", Enum(FundAwardStatus, name="fund_award_status"), nullable=False, server_default="PROPOSED"),
    Column("proposed_on", Date, nullable=False),
    Column("proposed_by", ForeignKey(accounts.c.id)),
    Column("reviewed_on", Date),
    Column("reviewed_by", ForeignKey(accounts.c.id)),
    Column("answer", Text),
    versioned(),
    CheckConstraint(_OUT, name="kind"),
    CheckConstraint("purpose <> ''", name="purpose"),
    CheckConstraint(f"amount > 0 AND amount <= {MOST} AND amount * 100 >= persons", name="amount"),
    CheckConstraint(f"persons BETWEEN 1 AND {CROWD}", name="persons"),
    CheckConstraint(
        "(reviewed_on IS NULL) = (status = 'PROPOSED') AND (answer IS NULL) = (status <> 'REFUSED')", name="reviewed"
    ),
    CheckConstraint("status NOT IN ('PAID', 'TAKEN_BACK') OR reviewed_by <> proposed_by", name="reviewer"),
    UniqueConstraint("id", "fund_id", "kind", "amount", "persons", name="fund_award_paid_key"),
    Index("fund_award_fund_idx", "fund_id", "status"),
    Index("fund_award_unit_idx", "unit_path", "id"),
)

# What comes in has a positive amount, as has what goes out: its kind says which it is. An entry that puts another right
# (`corrects_id`) is of the same kind, and takes back that one's amount and persons. What goes out is for an award.
# Nothing of one is rewritten; but a name that must not be kept is taken out of its texts (services.audit.mentions).
entries = Table(
    "fund_entry",
    METADATA,
    identified(),
    *part_of(funds, "fund_id"),
    Column("kind", KIND, nullable=False),
    Column("amount", YUAN, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("persons", Integer),
    Column("donor", Text),
    Column("purpose", Text),
    Column("award_id", Uuid, unique=True),
    Column("corrects_id", Uuid, unique=True),
    Column("entered_by", ForeignKey(accounts.c.id)),
    Column("approved_by", ForeignKey(accounts.c.id)),
    ForeignKeyConstraint(
        ["award_id", "fund_id", "kind", "amount", "persons"],
        [awards.c.id, awards.c.fund_id, awards.c.kind, awards.c.amount, awards.c.persons],
        name="fund_entry_award_fkey",
    ),
    ForeignKeyConstraint(
        ["corrects_id", "fund_id", "kind"],
        ["fund_entry.id", "fund_entry.fund_id", "fund_entry.kind"],
        name="fund_entry_corrects_fkey",
    ),
    CheckConstraint(f"amount <> 0 AND abs(amount) <= {MOST} AND (amount > 0) = (corrects_id IS NULL)", name="amount"),
    CheckConstraint(
        f"({_OUT}) = (persons IS NOT NULL) AND (persons IS NULL OR sign(persons) = sign(amount))", name="persons"
    ),
    CheckConstraint(f"({_OUT} AND corrects_id IS NULL) = (award_id IS NOT NULL)", name="award"),
    CheckConstraint("donor IS NULL OR donor <> '' AND kind = 'UNITS'", name="donor"),
    UniqueConstraint("id", "fund_id", "kind"),
    Index("fund_entry_fund_idx", "fund_id", "booked_on"),
    Index("fund_entry_unit_idx", "unit_path", "booked_on"),
    info={PRIVILEGES: ("SELECT", "INSERT", "UPDATE (unit_path, donor, purpose)")},
)

# What a fund's entries come to in a year, and at its end; `id` is one of these.
years = Table(
    "fund_year",
    METADATA,
    identified(),
    Column("fund_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("year", Integer, nullable=False),
    *(Column(name, YUAN, nullable=False) for name in ("members", "residents", "units", "scholarship", "aid")),
    Column("persons", Integer, nullable=False),
    Column("balance", YUAN, nullable=False),
    info={VIEW: True},
)

_SHORT = ("余额不足。", "There is not so much in the fund.")
_OVER = ("该基金已关闭。", "The fund is closed.")
RULES: Mapping[str, Rule] = {
    "fund_compound_key": Rule("compound", "该小区已有基金。", "The compound has a fund already.", ProblemCode.TAKEN),
    "fund_unit_path_folded_key": Rule(
        "name", "该单元已有同名基金。", "There is a fund of this name in the unit already.", ProblemCode.TAKEN
    ),
    "fund_closed_check": Rule("on", "不能早于设立日期。", "It cannot be closed before it began.", ProblemCode.INVALID),
    "fund_covered_check": Rule("fund", *_SHORT, ProblemCode.OUT_OF_REACH),
    "fund_open_check": Rule("fund", *_OVER, ProblemCode.CLOSED),
    "fund_empty_check": Rule(
        "fund", "余额须为零，且无待审批支出。", "Its balance must be zero, and nothing proposed.", ProblemCode.CLOSED
    ),
    "fund_year_open_check": Rule("fund", "该年度已结账。", "The year is closed.", ProblemCode.CLOSED),
    "fund_entry_corrects_id_key": Rule("entry", "该笔已更正。", "The entry was put right already.", ProblemCode.CLOSED),
    "fund_entry_award_id_key": Rule("award", "已支付。", "It was paid already.", ProblemCode.CLOSED),
    "fund_compound_id_unit_path_fkey": Rule(
        "compound", "该小区有基金，不能删除。", "The compound has a fund on record.", ProblemCode.CLOSED
    ),
}
