"""The ledger of funds, what is proposed to be paid out of them, and the commands about both."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Boolean

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.scalars import SafeInt
from schema.kit.states import in_state, still_open
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.units import OrgUnit
from schema.projects.funds import FUND, WAYS, Fund, by
from services.organization.paths import place
from services.projects import fund_awards as commands
from services.projects.amounts import in_fen, larger_shares, share, shown
from services.projects.fund_reading import correctable, fund_name
from services.projects.fund_tables import FundAwardStatus, FundEntryKind, awards, entries
from services.storage.transaction import Record

KIND = "类别 / What it is for, or from whom."
AMOUNT = "金额，更正为负 / How much; of a correction it is negative."
FEN = "金额合计，以分计，含更正 / The sum in fen 分, corrections included."
SUM = "金额合计，以分计 / The sum in fen 分."
PERSONS = "受益人数，每人至少一分钱 / How many persons it is for; each gets 0.01 at least."
PURPOSE = "用途，最多二百个字符，不写个人姓名 / What for, in 200 characters at most; no names of persons."
NAMED = "基金名称 / The fund's name."
STATUS = "状态 / What became of it."


class FundEntryFilter:
    """筛选基金收支，各项须同时满足 / Which entries: every condition given must hold."""

    kind: list[FundEntryKind] = among(entries.c.kind, "类别 / Of one of these kinds.")
    booked_on: DateRange = days("booked_on", "入账日期 / Of one of these days.")
    correction: bool = where(
        lambda entry, given: entry.corrects_id.is_not(None) == given["correction"],
        "是否为更正 / Whether it takes another one back.",
        correction=(Boolean(), bool),
    )


class FundKindSum:
    """一类收支 / What one kind comes to."""

    kind: FundEntryKind = column(KIND)
    count: int = measure(HOW_MANY)
    fen: SafeInt = measure(FEN, total=lambda entry: in_fen(entry.amount))
    persons: SafeInt = measure("受益人次 / How many persons.", total=lambda entry: entry.persons)


class FundEntryTotals:
    """基金收支合计 / What entries come to."""

    count: int = measure(HOW_MANY)
    by_kind: list[FundKindSum] = grouped(FundKindSum, "按类别 / By kind.")


@entity(
    entries,
    policy="fund_entry",
    tag="fe",
    ways=WAYS,
    sort=lambda entry: (entry.booked_on,),
    ties=lambda entry: (entry.booked_on, entry.unit_path),
    filter=FundEntryFilter,
    orders={"BOOKED_ON": lambda entry: (entry.booked_on,), "PLACE": lambda entry: (entry.unit_path,)},
    totals=FundEntryTotals,
)
class FundEntry:
    """基金收支记录（公示）：只增不改，不列个人 / An entry of a fund: never changed, and it names no person."""

    kind: FundEntryKind = column(KIND)
    amount: Decimal = column(AMOUNT, lambda entry: shown(entry.amount))
    booked_on: date = column("入账日期，按中国时间 / The day it counts on, by China's clock.")
    persons: int | None = column("受益人数，更正为负，捐赠为空 / How many persons; null for what came in.")
    donor: str | None = column("捐赠单位，匿名为空 / The organization that gave it; null for anonymous.")
    purpose: str | None = column("用途 / What for; null for what came in.")
    fund_name: str = column(NAMED, lambda entry: fund_name(entry.fund_id), brings="Fund")
    place: list[str] = column(PLACE, lambda entry: place(entry.unit_path))
    unit: "OrgUnit | None" = one(lambda entry, unit: unit.path == entry.unit_path, UNIT)
    fund: "Fund | None" = one(lambda entry, fund: fund.id == entry.fund_id, FUND)
    award: "FundAward | None" = one(
        lambda entry, award: award.id == entry.award_id,
        "所支付的提议，限可见的 / What it was paid for, if you may see it.",
    )
    corrects: "FundEntry | None" = one(
        lambda entry, first: first.id == entry.corrects_id,
        "所更正的记录 / The entry it takes back; null for none.",
        alike=(Way.MEMBER, Way.CAPTAIN, Way.BUILDING),
    )
    corrected_by: "FundEntry | None" = one(
        lambda entry, second: second.corrects_id == entry.id,
        "更正 / What takes it back; null for nothing.",
        alike=(Way.MEMBER, Way.CAPTAIN, Way.BUILDING),
    )


class FundAwardFilter:
    """筛选支出提议，各项须同时满足 / Which awards: every condition given must hold."""

    kind: list[FundEntryKind] = among(awards.c.kind, "类别 / Of one of these kinds.")
    status: list[FundAwardStatus] = among(awards.c.status, "状态 / Of one of these states.")


class FundAwardStatusSum:
    """一种状态的支出提议 / The awards of one state."""

    status: FundAwardStatus = column(STATUS)
    count: int = measure(HOW_MANY)
    fen: SafeInt = measure(SUM, total=lambda award: in_fen(award.amount))


class FundAwardTotals:
    """支出提议合计 / What awards come to."""

    count: int = measure(HOW_MANY)
    by_status: list[FundAwardStatusSum] = grouped(FundAwardStatusSum, "按状态 / By what became of them.")


@entity(
    awards,
    policy="fund_award",
    tag="fa",
    ways={Way.WITHIN: lambda award: award.unit_path},
    sort=lambda award: (award.proposed_on,),
    ties=lambda award: (award.proposed_on, award.unit_path),
    filter=FundAwardFilter,
    orders={"STATUS": lambda award: (award.status,), "PLACE": lambda award: (award.unit_path,)},
    totals=FundAwardTotals,
)
class FundAward:
    """支出提议：提议即预留，他人审批后支付 / What is proposed to be paid: set aside, and approved by another."""

    kind: FundEntryKind = column(KIND)
    amount: Decimal = column("金额 / How much.", lambda award: shown(award.amount))
    persons: int = column("受益人数 / How many persons it is for.")
    share: Decimal = column(
        "每人金额，除不尽时部分人多一分 / What each gets, where it cannot be divided some get a fen more.",
        lambda award: shown(share(award.amount, award.persons)),
    )
    larger_shares: int = column(
        "多得一分的人数 / How many get a fen more.", lambda award: larger_shares(award.amount, award.persons)
    )
    purpose: str = column("用途 / What for.")
    status: FundAwardStatus = column(STATUS)
    proposed_on: date = column("提议日期 / When it was proposed.")
    reviewed_on: date | None = column("审批日期 / When it was approved or refused; null while it waits.")
    answer: str | None = column("未通过的理由 / Why it was refused; null where it was not.")
    fund_name: str = column(NAMED, lambda award: fund_name(award.fund_id), brings="Fund")
    place: list[str] = column(PLACE, lambda award: place(award.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda award, unit: unit.path == award.unit_path, UNIT)
    fund: "Fund | None" = one(lambda award, fund: fund.id == award.fund_id, FUND)
    entry: "FundEntry | None" = one(
        lambda award, entry: entry.award_id == award.id, "支付记录，未支付为空 / What was paid; null where nothing was."
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class ProposeAwardInput:
    """提议支出，即预留金额 / Propose to pay: the money is set aside at once."""

    fund: Record = belongs_to("Fund", FUND)
    kind: FundEntryKind = given("奖学或困难帮扶 / A scholarship, or aid.")
    amount: Decimal = given("总金额，不超过可用余额 / How much in all, and no more than there is to spend.")
    persons: int = given(PERSONS)
    purpose: str = given(PURPOSE)


class ApproveAwardInput:
    """审批并支付；提议人不得审批 / Approve and pay; never whoever proposed it."""

    award: Record = target("FundAward", "支出提议 / The award.")
    version: int = version()


class RefuseAwardInput:
    """不通过或撤回，释放预留 / Refuse it, or take it back: the money is free again."""

    award: Record = target("FundAward", "支出提议 / The award.")
    version: int = version()
    answer: str = given("理由，最多一百个字符 / Why; at most 100 characters.")


class CorrectFundEntryInput:
    """更正收支：另记一笔全额冲回，原记录不变 / Take an entry back by a further one; it stays as it is itself."""

    entry: Record = belongs_to("FundEntry", "被更正的记录 / The entry.")
    reason: str = given(REASON)


WAITS = in_state(FundAwardStatus.PROPOSED)
REVIEW = "fund_award:review"

COMMANDS = {
    "propose_award": command(
        commands.propose, ProposeAwardInput, "fund_award:propose", returns="FundAward", may=by, when=still_open
    ),
    "approve_award": command(commands.approve, ApproveAwardInput, REVIEW, returns="FundAward", may=by, when=WAITS),
    "refuse_award": command(commands.refuse, RefuseAwardInput, REVIEW, returns="FundAward", may=by, when=WAITS),
    "correct_fund_entry": command(
        commands.correct, CorrectFundEntryInput, "fund_entry:correct", returns="FundEntry", may=by, when=correctable
    ),
}
