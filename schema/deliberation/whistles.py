"""Whistles 哨 of communities for departments, and the commands of those who blow them."""

from datetime import date
from typing import Any

from sqlalchemy import Boolean

from policies.scope import Way
from schema.deliberation.matters import NAMELESS, Matter
from schema.deliberation.moves import by
from schema.departments.departments import DEPARTMENT, Department
from schema.kit.commands import Command, belongs_to, command, given, reference, target, version
from schema.kit.entities import column, entity, one, where
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.states import in_state, still_open
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.units import OrgUnit
from services.deliberation import whistles as commands
from services.deliberation.lateness import (
    answered_in_time,
    awaited,
    county_on,
    due_on,
    escalated,
    escalated_of_its_department,
    escalated_on,
    escalated_to,
    is_late,
    level,
    solved,
    town_on,
)
from services.deliberation.tables import days_late
from services.deliberation.whistle_tables import (
    FROM,
    Escalation,
    WhistleAction,
    WhistleStatus,
    department_name,
    of_one_that_is_there,
    whistles,
)
from services.organization.paths import place
from services.storage.transaction import Record
from services.terms import today

WHISTLE = "哨 / The whistle."
STATUS = "状态 / Where it stands."
TITLE = f"事由，最多一百个字符，{NAMELESS}; at most 100 characters."
DETAIL = f"说明，最多五百个字符，一行，{NAMELESS}; one line of at most 500 characters, null for none."
WHY = f"原因，最多一百个字符，{NAMELESS}; at most 100 characters."
NOTE = f"说明，最多二百个字符，一行，{NAMELESS}; one line of at most 200 characters."
LATE = (
    "是否逾期：今天之前应报到或应解决而未办，期限未知者不计 / Whether a limit passed before today, as far as is known."
)
UNANNOUNCED = (
    "期限落在工作日安排尚未公布的年度时为该年度，登记后补算期限；其他为空 / The year nobody announced the working days"
    " of yet that this limit lies in, which is counted once that is loaded; null for none."
)
ESCALATED = "是否曾逾期上报，事后办理的仍算 / Whether it was ever escalated, also where it was dealt with since."
MATTER = (
    "所涉议题，须属该单元或其下级，处于商议或践议 / The matter it is about, of the unit or one below it, consulted on"
    " or carried out; null for none."
)
ANSWER_DAYS = (
    "报到期限，工作日数，1 至 30，默认 3，自次日起算 / In how many working days the department is to report, from"
    " tomorrow on: 1 to 30, 3 by default."
)
SOLVE_DAYS = (
    "解决期限，工作日数，1 至 90，默认 15，不短于报到期限 / Likewise in how many it is to be solved: 1 to 90, 15 by"
    " default, no less than to report."
)


class WhistleFilter:
    """筛选吹哨，各项须同时满足 / Which whistles: every condition given must hold."""

    status: list[WhistleStatus] = among(whistles.c.status, "状态 / Standing at one of these.")
    blown_on: DateRange = days("blown_on", "吹哨日期 / Blown on one of these days.")
    answer_due_on: DateRange = days("answer_due_on", "报到期限 / To be reported on by one of these days.")
    solve_due_on: DateRange = days("solve_due_on", "解决期限 / To be solved by one of these days.")
    late: bool = where(lambda row, given: is_late(row) == given["late"], LATE, late=(Boolean(), bool))
    escalated: bool = where(
        lambda row, given: escalated(row, None) == given["escalated"], ESCALATED, escalated=(Boolean(), bool)
    )


class WhistleStatusCount:
    """一种状态的吹哨数 / The whistles that stand at one place."""

    status: WhistleStatus = column(STATUS)
    count: int = measure(HOW_MANY)
    late: int = measure("逾期 / How many are late.", where=is_late)


class WhistleDepartmentCount:
    """一个部门的吹哨数 / The whistles for one department."""

    department: str = column("部门名称 / The department's name.", department_name)
    count: int = measure(HOW_MANY)
    answered_in_time: int = measure(
        "按时报到 / How many were reported on in time.", where=lambda row: answered_in_time(row, None)
    )
    solved: int = measure("已解决 / How many are solved.", where=lambda row: solved(row, None))
    late: int = measure("逾期 / How many are late.", where=is_late)
    escalated: int = measure(
        "归该部门期间曾逾期上报的，含转走后又转回的；已转走的见 whistleSteps 的 totals.byDepartment / How many of these"
        " were escalated while they were this department's, also before they went to another and came back; what was"
        " taken from it since, totals of `whistleSteps` tell.",
        where=escalated_of_its_department,
    )


class WhistleTotals:
    """吹哨合计 / What whistles come to."""

    count: int = measure(HOW_MANY)
    late: int = measure("逾期 / How many are late.", where=is_late)
    escalated: int = measure("曾逾期上报 / How many were escalated.", where=lambda row: escalated(row, None))
    by_status: list[WhistleStatusCount] = grouped(WhistleStatusCount, "按状态 / By where they stand.")
    by_department: list[WhistleDepartmentCount] = grouped(WhistleDepartmentCount, "按部门 / By department.")


@entity(
    whistles,
    policy="whistle",
    tag="wh",
    ways={Way.WITHIN: lambda row: row.unit_path, Way.DEPARTMENT: lambda row: row.department_id},
    sort=lambda row: (row.blown_on,),
    ties=lambda row: (row.blown_on, row.title, row.unit_path),
    filter=WhistleFilter,
    orders={
        "PLACE": lambda row: (row.unit_path,),
        "BLOWN_ON": lambda row: (row.blown_on,),
        "DUE_ON": lambda row: (due_on(row),),
        "STATUS": lambda row: (row.status,),
    },
    totals=WhistleTotals,
)
class Whistle:
    """哨：社区吹哨，部门报到 / What a community calls a department of the county for, by two limits."""

    title: str = column("事由 / What it is about, in a few words.")
    detail: str | None = column("说明 / What is said of it.")
    status: WhistleStatus = column(STATUS)
    blown_on: date = column("吹哨日期 / The day it was blown.")
    answer_due_on: date | None = column(
        "报到期限，吹哨、转派或重开时按工作日计算，此后不变；尚无法计算的为空 / By when the department is to report: by"
        " working days as they were counted when it was blown, transferred or reopened; null while unknown."
    )
    answer_due_unannounced: int | None = column(UNANNOUNCED, lambda row: awaited(row.answer_due_on, row.answer_after))
    solve_due_on: date | None = column("解决期限，同上 / By when it is to be solved: likewise.")
    solve_due_unannounced: int | None = column(UNANNOUNCED, lambda row: awaited(row.solve_due_on, row.solve_after))
    due_on: date | None = column(
        "下一期限：应报到者为报到期限，应解决者为解决期限，部门已办结或尚无法计算的为空"
        " / Which of the two runs next; null where the department has done its part, and while unknown.",
        due_on,
    )
    answered_on: date | None = column("报到日期，须再报到者为空 / When the department reported; null while it has to.")
    solved_on: date | None = column("解决日期，未解决或重开者为空 / When it was solved; null while it is not.")
    confirmed_on: date | None = column("社区确认日期 / When who blew it confirmed that it is over; null until then.")
    late: bool = column(LATE, is_late)
    days_late: int = column(
        "下一期限逾期天数，含周末，未逾期为 0 / By how many days it is late, weekends included; 0 for none.",
        lambda row: days_late(due_on(row), today()),
    )
    escalated_to: Escalation | None = column(
        "逾期上报至：期限次日为乡镇、街道，期限后第三个工作日为县；此后办理的仍保留"
        " / To whom it was escalated, the highest: the town the day after a limit, the county three working days after"
        " it. It stays where the whistle is dealt with later; null where it never was.",
        escalated_to,
    )
    escalated_on: date | None = column("自哪一日起 / Since which day; null likewise.", escalated_on)
    escalated_to_town_on: date | None = column("上报乡镇、街道之日 / When to the town; null where not.", town_on)
    escalated_to_county_on: date | None = column(
        "上报县之日，尚无法计算的为空 / When to the county; null where not, and while that day is unknown.", county_on
    )
    escalation_level: int = column(
        "上报层级：0 未上报，1 乡镇、街道，2 县 / How far: 0 not at all, 1 to the town, 2 to the county.", level
    )
    department_name: str = column(
        "部门现用名称 / The department's name as it is now.", department_name, brings="Department"
    )
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    department: "Department | None" = one(lambda row, department: department.id == row.department_id, DEPARTMENT)
    matter: "Matter | None" = one(
        lambda row, matter: matter.id == row.matter_id, "所涉议题，非议题为空 / The matter it is about; null for none."
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class BlowWhistleInput:
    """吹哨：社区（村）或乡镇、街道，今天 / Whistle for a department: a community or a town, today."""

    unit: Record = belongs_to("OrgUnit", "吹哨的社区（村）或乡镇、街道 / The community or town that whistles.")
    department: Record = reference("Department", "本县的部门 / A department of its county.", when=still_open)
    matter: Record | None = reference("Matter", MATTER)
    title: str = given(TITLE)
    detail: str | None = given(DETAIL)
    answer_days: int | None = given(ANSWER_DAYS)
    solve_days: int | None = given(SOLVE_DAYS)


class TransferWhistleInput:
    """转派另一部门：两个期限自转派重新计算 / Whistle for another department instead, by limits that begin anew."""

    whistle: Record = target("Whistle", WHISTLE)
    version: int = version()
    department: Record = reference("Department", "改由哪个部门办理 / Which department.", when=still_open)
    reason: str = given(WHY)


class ConfirmWhistleInput:
    """社区确认：已解决，或同意退回不再办理 / Confirm that a whistle is over: solved, or returned for good."""

    whistle: Record = target("Whistle", WHISTLE)
    version: int = version()
    text: str | None = given(NOTE)


class ReopenWhistleInput:
    """重开：未真正解决的重新吹哨，两个期限重新计算 / Whistle once more for what is not solved: by new limits."""

    whistle: Record = target("Whistle", WHISTLE)
    version: int = version()
    reason: str = given(WHY)


def stepping(run: Any, input: type, action: WhistleAction, right: str) -> Command:
    """A command that takes a whistle a step further, from where this step leads on."""
    return command(run, input, f"whistle:{right}", returns="Whistle", may=by, when=in_state(*FROM[action]))


COMMANDS = {
    "blow_whistle": command(commands.blow, BlowWhistleInput, "whistle:blow", returns="Whistle", may=by),
    "transfer_whistle": stepping(commands.transfer, TransferWhistleInput, WhistleAction.TRANSFERRED, "transfer"),
    "confirm_whistle": stepping(commands.confirm, ConfirmWhistleInput, WhistleAction.CONFIRMED, "confirm"),
    "reopen_whistle": stepping(commands.reopen, ReopenWhistleInput, WhistleAction.REOPENED, "reopen").only(
        of_one_that_is_there
    ),
}
