"""Disputes 矛盾纠纷 of units, how many there are for each year, and the commands that keep them."""

from datetime import date

from sqlalchemy import Boolean, literal

from policies.scope import Way
from schema.kit.commands import RecordedRow, belongs_to, command, given, rows, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import Edge, column, connection, edge_to, entity, listing, one, where
from schema.kit.expressions import RowFunction
from schema.kit.numbers import Holding, Tally, count, grouped, measure, ratio
from schema.kit.ranges import DateRange, days
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.under import under
from schema.organization.units import OrgUnit
from services.deliberation import disputes as commands
from services.deliberation.dispute_tables import (
    DisputeKind,
    DisputeOutcome,
    DisputeSource,
    disputes,
    is_open,
    is_settled,
    received,
    received_before,
    settled,
    unsettled,
)
from services.organization.paths import at_or_beneath, place
from services.storage.transaction import Record

RECEIVED = "受理日期，不晚于今天 / The day it came in, not to come."
KIND = "类别 / What it is about."
SOURCE = "来源 / How it came to be known."
OUTCOME = "结果：化解或转往何处，未了为空 / Settled, or where it was passed on to; null while it is neither."
ENDED = "化解或转出的日期，与结果一并填写 / The day of that; given together with it."
DISPUTE = "矛盾纠纷 / The dispute."
IS_SETTLED = "已化解的 / How many are settled."
TEN_THOUSAND = 10_000


class DisputeFilter:
    """筛选矛盾纠纷，各项须同时满足 / Which disputes: every condition given must hold."""

    kind: list[DisputeKind] = among(disputes.c.kind, "类别 / Of one of these kinds.")
    source: list[DisputeSource] = among(disputes.c.source, "来源 / From one of these sources.")
    outcome: list[DisputeOutcome] = among(disputes.c.outcome, "结果 / Of which one of these became.")
    received_on: DateRange = days("received_on", "受理日期 / Came in on one of these days.")
    ended_on: DateRange = days("ended_on", "化解或转出日期 / Settled or passed on, on one of these days.")
    open: bool = where(
        lambda dispute, given: is_open(dispute) == given["open"],
        "是否未了：未化解也未转出 / Whether it is neither settled nor passed on.",
        open=(Boolean(), bool),
    )


class DisputeKindCount:
    """一类矛盾纠纷 / The disputes of one kind."""

    kind: DisputeKind = column(KIND)
    count: int = measure(HOW_MANY)
    settled: int = measure(IS_SETTLED, where=is_settled)


class DisputeSourceCount:
    """一种来源的矛盾纠纷 / The disputes from one source."""

    source: DisputeSource = column(SOURCE)
    count: int = measure(HOW_MANY)
    settled: int = measure(IS_SETTLED, where=is_settled)


class DisputeTotals:
    """矛盾纠纷合计 / What disputes come to."""

    count: int = measure(HOW_MANY)
    settled: int = measure(IS_SETTLED, where=is_settled)
    open: int = measure("未了的 / How many are neither settled nor passed on.", where=is_open)
    by_kind: list[DisputeKindCount] = grouped(DisputeKindCount, "按类别 / By kind.")
    by_source: list[DisputeSourceCount] = grouped(DisputeSourceCount, "按来源 / By source.")


@entity(
    disputes,
    policy="dispute",
    tag="ds",
    ways={Way.WITHIN: lambda dispute: dispute.unit_path},
    sort=lambda dispute: (dispute.received_on,),
    ties=lambda dispute: (dispute.received_on, dispute.kind, dispute.unit_path),
    filter=DisputeFilter,
    orders={
        "PLACE": lambda dispute: (dispute.unit_path,),
        "RECEIVED_ON": lambda dispute: (dispute.received_on,),
        "ENDED_ON": lambda dispute: (dispute.ended_on,),
        "KIND": lambda dispute: (dispute.kind,),
    },
    totals=DisputeTotals,
)
class Dispute:
    """矛盾纠纷：不记当事人，也没有可写姓名的文字 / A dispute: whose it is is told nowhere, and there is no text."""

    received_on: date = column("受理日期 / The day it came in.")
    kind: DisputeKind = column(KIND)
    source: DisputeSource = column(SOURCE)
    outcome: DisputeOutcome | None = column(OUTCOME)
    ended_on: date | None = column("化解或转出的日期，未了为空 / The day of that; null likewise.")
    place: list[str] = column(PLACE, lambda dispute: place(dispute.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda dispute, unit: unit.path == dispute.unit_path, UNIT)


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordDisputeInput:
    """登记矛盾纠纷 / Record a dispute."""

    unit: Record = belongs_to("OrgUnit", UNIT)
    received_on: date = given(RECEIVED)
    kind: DisputeKind = given(KIND)
    source: DisputeSource = given(SOURCE)
    outcome: DisputeOutcome | None = given(OUTCOME)
    ended_on: date | None = given(ENDED)


class DisputeRow:
    """台账的一行 / A row of a list of disputes."""

    received_on: date = given(RECEIVED)
    kind: DisputeKind = given(KIND)
    source: DisputeSource = given(SOURCE)
    outcome: DisputeOutcome | None = given(OUTCOME)
    ended_on: date | None = given(ENDED)


class RecordDisputesInput:
    """按台账登记矛盾纠纷，有一处不符则全不保存 / Record the disputes of a list, all or none."""

    unit: Record = belongs_to("OrgUnit", UNIT)
    disputes: list[DisputeRow] = rows("各件纠纷，最多 500 行 / The disputes, at most 500 rows.")


class SettleDisputeInput:
    """登记化解或转出；转出后仍可登记化解 / Say that it was settled, or passed on: that may be settled later."""

    dispute: Record = target("Dispute", DISPUTE)
    version: int = version()
    outcome: DisputeOutcome = given("结果 / What became of it.")
    on: date = given("日期，不早于受理或转出，不晚于今天 / The day: not before it came in, nor to come.")


class CorrectDisputeInput:
    """更正矛盾纠纷，任何状态均可 / Correct a dispute in any state."""

    dispute: Record = target("Dispute", DISPUTE)
    version: int = version()
    received_on: date | None = given(RECEIVED)
    kind: DisputeKind | None = given(KIND)
    source: DisputeSource | None = given(SOURCE)
    outcome: DisputeOutcome | None = given("结果，null 为改回未了 / What became of it; null for nothing yet.")
    ended_on: date | None = given(ENDED)
    reason: str = given(REASON)


class StrikeOutDisputeInput:
    """删除误记或重复登记的矛盾纠纷 / Remove a dispute that never was, or was recorded twice."""

    dispute: Record = target("Dispute", DISPUTE)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "record_dispute": command(commands.record, RecordDisputeInput, "dispute:record", returns="Dispute"),
    "record_disputes": command(
        commands.record_all,
        RecordDisputesInput,
        "dispute:record",
        returns="OrgUnit",
        report=("recorded", RecordedRow),
    ),
    "settle_dispute": command(commands.settle, SettleDisputeInput, "dispute:settle", returns="Dispute", when=unsettled),
    "correct_dispute": command(commands.correct, CorrectDisputeInput, "dispute:correct", returns="Dispute"),
    "strike_out_dispute": command(commands.strike_out, StrikeOutDisputeInput, "dispute:strike_out", returns="OrgUnit"),
}


# --- what they add ----------------------------------------------------------------------------------------------------


def _counted(description: str, holding: Holding, total: RowFunction | None = None) -> Tally:
    """A number of the disputes of a unit and all below it."""
    made: Tally = count(
        Dispute,
        lambda unit, dispute: at_or_beneath(dispute.unit_path, unit.path),
        description,
        holding=holding,
        total=total,
    )
    return made


OF_UNIT: Edge = edge_to(
    Dispute,
    connection(
        lambda unit, dispute: at_or_beneath(dispute.unit_path, unit.path),
        "本单元及所有下级的矛盾纠纷 / The disputes of this unit and all below it.",
    ),
)
# Compared are the numbers of two years: how many residents there were a year ago nobody keeps, so that the rate is of
# today alone.
INDICATORS = {
    "disputes": _counted("本年至当日受理的矛盾纠纷 / Disputes that came in this year, up to the day.", received),
    "disputes_settled": _counted("其中至当日已化解的 / Of them, those settled by the day.", settled),
    "dispute_settlement_rate": ratio(
        "disputes_settled", "disputes", "化解率 / Which part of this year's disputes is settled."
    ),
    "disputes_last_year": _counted(
        "上年同期受理的矛盾纠纷 / Disputes that came in the year before, up to the same day.", received_before
    ),
    "disputes_against_last_year": ratio(
        "disputes",
        "disputes_last_year",
        "与上年同期之比，0.687 即同比下降 31.3% / This year's to those of the year before: 0.687 is 31.3 % less.",
    ),
    "dispute_ten_thousandths": _counted(
        "本年至当日受理的矛盾纠纷，以万分之一件计 / This year's disputes, in ten-thousandths of one.",
        received,
        total=lambda _: literal(TEN_THOUSAND),
    ),
    "dispute_rate": ratio(
        "dispute_ten_thousandths",
        "residents",
        "矛盾纠纷发生率：小区居民每万人件数，居民人数只有今天的 / Disputes for each 10,000 residents of compounds, of"
        " whom only today's number is known.",
    ),
}
ROOTS = {"disputes": listing(Dispute, "可见的全部矛盾纠纷 / Every dispute you may see.", under=under())}
