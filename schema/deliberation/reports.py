"""Reports 每季公示、半年问询、年终评议 on deliberation, and the commands about them."""

from datetime import date

from sqlalchemy import Boolean, ColumnElement, and_

from policies.scope import Way
from schema.deliberation.days import OF_FORMER
from schema.deliberation.matters import NAMELESS
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.entities import column, entity, one, where
from schema.kit.expressions import Row
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, IntRange, days, numbers
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.units import OrgUnit
from services.deliberation import reports as commands
from services.deliberation.day_tables import of_former
from services.deliberation.report_tables import (
    DeliberationReportKind,
    begins_on,
    ends_on,
    is_current,
    is_latest,
    reports,
)
from services.deliberation.tables import reached
from services.organization.paths import place
from services.properties.tables import Grade
from services.storage.transaction import Record

KIND = "种类 / Which report it is."
YEAR = "年度 / The year."
NUMBER = (
    "当年第几期：每季公示 1 至 4，半年问询 1 至 2，年终评议 1 / Which one of the year: 1 to 4 of quarters, 1 to 2 of"
    " half-years, 1 of years."
)
TEXT = f"正文，最多五百个字符，一行，{NAMELESS}; one line of at most 500 characters."
GRADE = "等级 / The grade."
WHY = f"更正原因，最多一百个字符，{NAMELESS}; why it is put right, in at most 100 characters."
REPORT = "报告，须为最新版 / The report: its latest edition."
CURRENT = (
    "是否现行：最新版，且为本单元自己的；并入单元的均非现行 / Whether it is what its unit says of the period: the"
    " latest edition, and the unit's own, not of one that was merged into it."
)


class DeliberationReportFilter:
    """筛选议事报告，各项须同时满足 / Which reports: every condition given must hold."""

    kind: list[DeliberationReportKind] = among(reports.c.kind, "种类 / Of one of these kinds.")
    year: IntRange = numbers("year", "年度 / Of these years.")
    grade: list[Grade] = among(reports.c.grade, "等级 / Of one of these grades.")
    published_on: DateRange = days("published_on", "发布日期 / Published on one of these days.")
    current: bool = where(lambda row, given: is_current(row) == given["value"], CURRENT, value=(Boolean(), bool))


class DeliberationReportCount:
    """一年、一种、一等级的报告数 / The latest editions of one year, kind and grade."""

    year: int = column(YEAR)
    kind: DeliberationReportKind = column(KIND)
    grade: Grade | None = column("等级，年终评议以外为空 / The grade; null of what is no year's assessment.")
    count: int = measure(HOW_MANY, where=is_latest)


class DeliberationReportTotals:
    """议事报告合计 / What reports come to."""

    count: int = measure("个数，含已更正的版本 / How many, former editions included.")
    current: int = measure(
        "现行个数 / How many are current: not of units that were merged into others.", where=is_current
    )
    by_kind: list[DeliberationReportCount] = grouped(
        DeliberationReportCount, "按年度、种类与等级 / By year, kind and grade."
    )


@entity(
    reports,
    policy="deliberation_report",
    tag="dr",
    ways={Way.WITHIN: lambda row: row.unit_path, Way.ABOVE: lambda row: row.unit_path, Way.MEMBER: reached},
    sort=lambda row: (row.year, row.kind, row.number, row.edition),
    ties=lambda row: (row.year, row.kind, row.number, row.unit_path, row.edition),
    filter=DeliberationReportFilter,
    orders={"PLACE": lambda row: (row.unit_path,), "YEAR": lambda row: (row.year,)},
    totals=DeliberationReportTotals,
)
class DeliberationReport:
    """议事报告：每季公示、半年问询、年终评议 / What a unit publishes of its deliberation once a period is over."""

    kind: DeliberationReportKind = column(KIND)
    year: int = column(YEAR)
    number: int = column(NUMBER)
    begins_on: date = column("该期首日 / The first day of its period.", begins_on)
    ends_on: date = column("该期末日 / The last day of it.", ends_on)
    published_on: date = column("发布日期 / The day it was published.")
    text: str = column("正文 / What it says.")
    grade: Grade | None = column("等级，年终评议以外为空 / The grade; null of what is no year's assessment.")
    edition: int = column("版次，自 1 起 / Which edition, counted from 1.")
    current: bool = column(CURRENT, is_current)
    of_former_unit: bool = column(OF_FORMER, of_former)
    reason: str | None = column("更正原因，第一版为空 / Why there is a further edition; null of the first.")
    proposed: int = column(
        "该期在本单元及所有下级提议的议题，首次发布时计数，此后不变 / How many matters were proposed in its unit and"
        " all below it in the period, as counted when it was first published."
    )
    carried_out: int = column(
        "该期践议完成的议题，同上 / How many were carried out in it and were not to be once more; counted likewise."
    )
    late: int = column(
        "该期内任一天有环节逾期的议题，含至今未流转的，同上 / How many were late on a day of it, by a step due before"
        " that day and not over, moved on since or not; counted likewise."
    )
    version: int = column(VERSION)
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)


# --- commands ---------------------------------------------------------------------------------------------------------


class PublishDeliberationReportInput:
    """发布每季公示或半年问询，每期一次 / Publish a quarter's or a half-year's report, once each."""

    unit: Record = belongs_to("OrgUnit", "所在单元 / The unit.")
    kind: DeliberationReportKind = given("种类，年终评议除外 / Which report; not a year's.")
    year: int = given(YEAR)
    number: int = given(NUMBER)
    text: str = given(TEXT)


class AssessDeliberationInput:
    """乡镇、街道年终评议村社区的议事，每年一次 / The town's assessment of a community's year, once a year."""

    unit: Record = belongs_to("OrgUnit", "村、社区 / The community.")
    year: int = given(YEAR)
    grade: Grade = given(GRADE)
    text: str = given(TEXT)


class CorrectDeliberationReportInput:
    """更正每季公示或半年问询：另出一版，原版保留 / Put a report right by a further edition; the former stays."""

    report: Record = target("DeliberationReport", REPORT)
    version: int = version()
    text: str = given(TEXT)
    reason: str = given(WHY)


class CorrectDeliberationAssessmentInput:
    """更正年终评议：另出一版，原版保留 / Put an assessment right by a further edition; the former stays."""

    report: Record = target("DeliberationReport", REPORT)
    version: int = version()
    grade: Grade = given(GRADE)
    text: str = given(TEXT)
    reason: str = given(WHY)


def own_latest(row: Row) -> ColumnElement[bool]:
    """The latest edition of what a unit itself published."""
    return and_(row.kind != DeliberationReportKind.YEAR, is_latest(row))


def assessed_latest(row: Row) -> ColumnElement[bool]:
    """The latest edition of an assessment."""
    return and_(row.kind == DeliberationReportKind.YEAR, is_latest(row))


RETURNED = "DeliberationReport"
COMMANDS = {
    "publish_deliberation_report": command(
        commands.publish, PublishDeliberationReportInput, "deliberation_report:publish", returns=RETURNED
    ),
    "assess_deliberation": command(
        commands.assess, AssessDeliberationInput, "deliberation_report:assess", returns=RETURNED
    ),
    "correct_deliberation_report": command(
        commands.correct,
        CorrectDeliberationReportInput,
        "deliberation_report:correct",
        returns=RETURNED,
        when=own_latest,
    ),
    "correct_deliberation_assessment": command(
        commands.assess_again,
        CorrectDeliberationAssessmentInput,
        "deliberation_report:reassess",
        returns=RETURNED,
        when=assessed_latest,
    ),
}
