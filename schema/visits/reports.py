"""Residents' reports 居民反映: what captains were told, what became of it, and the commands about them."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.states import in_state, still_open
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.units import OrgUnit
from schema.properties.compounds import Building
from services.captains.tables import building_name, captains_of, compound_name, managers_of
from services.organization.paths import place
from services.storage.tables import aliased
from services.storage.transaction import Record
from services.visits import reports as commands
from services.visits.tables import ReportKind, ReportStatus, reports

KIND = "类别 / What it is about."
STATUS = "办理状态 / What became of it."
REPORTED = "反映日期，不晚于今天 / When it was reported, not to come."
TEXT = (
    "反映内容，最多五百个字符，一行，不写居民个人信息 / What was reported, in one line; nothing personal of residents."
)
SPOT = "楼栋内的位置，如“二单元楼道”，不写房号 / Where in the building: a stairwell, say, and no number of a flat."
OUTCOME = "办理情况，最多五百个字符，一行 / What was done or came of it, in one line of at most 500 characters."
ON = "办理日期，不晚于今天 / On which day, not to come."


def unreported(building: Any) -> ColumnElement[bool]:
    """A building of which nothing was reported."""
    of = aliased(reports)
    return ~select(of.c.id).where(of.c.building_id == building.id).correlate_except(of).exists()


class ResidentReportFilter:
    """筛选居民反映，各项须同时满足 / Which reports: every condition given must hold."""

    status: list[ReportStatus] = among(reports.c.status, "办理状态 / Of one of these states.")
    kind: list[ReportKind] = among(reports.c.kind, "类别 / Of one of these kinds.")
    reported_on: DateRange = days("reported_on", "反映日期 / When it was reported.")
    answered_on: DateRange = days("answered_on", "最近办理日期 / When it was last answered.")


class ReportStatusCount:
    """一种状态的居民反映数 / The reports of one state."""

    status: ReportStatus = column(STATUS)
    count: int = measure(HOW_MANY)


class ReportKindCount:
    """一类居民反映数 / The reports of one kind."""

    kind: ReportKind = column(KIND)
    count: int = measure(HOW_MANY)
    buildings: int = measure("楼栋数 / In how many buildings.", distinct=lambda report: report.building_id)


class ReportTotals:
    """居民反映合计 / What reports come to."""

    count: int = measure(HOW_MANY)
    buildings: int = measure("楼栋数 / In how many buildings.", distinct=lambda report: report.building_id)
    by_status: list[ReportStatusCount] = grouped(ReportStatusCount, "按办理状态 / By what became of them.")
    by_kind: list[ReportKindCount] = grouped(ReportKindCount, "按类别 / By kind.")


@entity(
    reports,
    policy="resident_report",
    tag="rr",
    ways={
        Way.WITHIN: lambda report: report.unit_path,
        Way.COMPANY: lambda report: managers_of(report.building_id),
        Way.BUILDING: lambda report: report.building_id,
        Way.CAPTAIN: lambda report: captains_of(report.building_id),
    },
    sort=lambda report: (report.reported_on,),
    ties=lambda report: (report.reported_on, report.unit_path),
    filter=ResidentReportFilter,
    orders={
        "PLACE": lambda report: (report.unit_path,),
        "REPORTED_ON": lambda report: (report.reported_on,),
        "ANSWERED_ON": lambda report: (report.answered_on,),
        "STATUS": lambda report: (report.status,),
        "KIND": lambda report: (report.kind,),
    },
    totals=ReportTotals,
)
class ResidentReport:
    """居民反映：居民向楼长反映的问题及办理结果 / What a resident reported to the captain, and what became of it."""

    reported_on: date = column("反映日期 / When it was reported.")
    kind: ReportKind = column(KIND)
    text: str = column("反映内容 / What was reported.")
    spot: str | None = column("楼栋内的位置 / Where in the building.")
    status: ReportStatus = column(STATUS)
    outcome: str | None = column("办理情况，待办为空 / What was done about it; null while it is open.")
    answered_on: date | None = column("最近办理日期，待办为空 / When it was last answered; null while it is open.")
    building_name: str = column(
        "楼栋 / The building's name.", lambda report: building_name(report.building_id), brings="Building"
    )
    compound_name: str = column(
        "小区 / The compound's name.", lambda report: compound_name(report.building_id), brings="Compound"
    )
    place: list[str] = column(PLACE, lambda report: place(report.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda report, unit: unit.path == report.unit_path, UNIT)
    building: "Building | None" = one(
        lambda report, building: building.id == report.building_id, "楼栋 / The building."
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordReportInput:
    """登记居民反映：由楼长或社区登记 / Record what a resident reported: by the captain or the community."""

    building: Record = belongs_to("Building", "楼栋 / The building.")
    reported_on: date = given(REPORTED)
    kind: ReportKind = given(KIND)
    text: str = given(TEXT)
    spot: str | None = given(SPOT)


class UpdateReportInput:
    """修改居民反映的登记内容 / Change what is recorded of a report."""

    report: Record = target("ResidentReport", "居民反映 / The report.")
    version: int = version()
    reported_on: date | None = given(REPORTED)
    kind: ReportKind | None = given(KIND)
    text: str | None = given(TEXT)
    spot: str | None = given(SPOT)


class AnswerReportInput:
    """答复居民反映，转为办理中 / Answer a report: something is being done about it."""

    report: Record = target("ResidentReport", "居民反映 / The report.")
    version: int = version()
    outcome: str = given(OUTCOME)
    on: date = given(ON)


class ReferReportInput:
    """将居民反映上报社区 / Refer a report upwards, to the community."""

    report: Record = target("ResidentReport", "居民反映 / The report.")
    version: int = version()
    outcome: str = given("上报原因，最多五百个字符，一行 / Why, in one line of at most 500 characters.")
    on: date = given(ON)


class SettleReportInput:
    """办结居民反映；办结后不再变更状态 / Settle a report: what came of it in the end. Its state is then final."""

    report: Record = target("ResidentReport", "居民反映 / The report.")
    version: int = version()
    outcome: str = given(OUTCOME)
    on: date = given(ON)


class StrikeOutReportInput:
    """删除误记的居民反映 / Remove a report that should not be there."""

    report: Record = target("ResidentReport", "居民反映 / The report.")
    version: int = version()
    reason: str = given(REASON)


UNSETTLED = in_state(ReportStatus.OPEN, ReportStatus.IN_HAND, ReportStatus.REFERRED)

COMMANDS = {
    "record_report": command(
        commands.record, RecordReportInput, "resident_report:record", returns="ResidentReport", when=still_open
    ),
    "update_report": command(
        commands.update, UpdateReportInput, "resident_report:record", returns="ResidentReport", when=UNSETTLED
    ),
    "answer_report": command(
        commands.take_in_hand, AnswerReportInput, "resident_report:answer", returns="ResidentReport", when=UNSETTLED
    ),
    "refer_report": command(
        commands.refer, ReferReportInput, "resident_report:answer", returns="ResidentReport", when=UNSETTLED
    ),
    "settle_report": command(
        commands.settle, SettleReportInput, "resident_report:answer", returns="ResidentReport", when=UNSETTLED
    ),
    "strike_out_report": command(
        commands.strike_out, StrikeOutReportInput, "resident_report:strike_out", returns="Building"
    ),
}
