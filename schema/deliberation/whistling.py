"""Steps of whistles, which are only added to, and the commands of the department they are for."""

from datetime import date, datetime

from policies.scope import Way
from schema.access.accounts import Account
from schema.deliberation.whistles import NOTE, UNANNOUNCED, WHISTLE, WHY, Whistle, stepping
from schema.kit.commands import given, target, version
from schema.kit.entities import column, entity, one
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.texts import HOW_MANY, PLACE, UNIT
from schema.kit.words import among
from schema.organization.units import OrgUnit
from services.calendar.tables import waits_for
from services.deliberation import whistles as commands
from services.deliberation.lateness import escalated_of_the_steps
from services.deliberation.tables import days_late
from services.deliberation.whistle_tables import WhistleAction, department_name, department_of, steps
from services.organization.paths import place
from services.storage.transaction import Record


class WhistleStepFilter:
    """筛选吹哨记录，各项须同时满足 / Which steps: every condition given must hold."""

    action: list[WhistleAction] = among(steps.c.action, "做了什么 / One of these.")
    taken_on: DateRange = days("taken_on", "日期 / Taken on one of these days.")


class WhistleStepDepartmentCount:
    """一个部门办过的哨数，含已转派他处的 / The whistles that were one department's, those taken from it too."""

    department: str = column("部门名称 / The department's name.", department_name)
    whistles: int = measure("哨数 / How many whistles.", distinct=lambda row: row.whistle_id)
    escalated: int = measure(
        "在该部门曾逾期上报的哨数，此后转派他处的仍算 / How many whistles were escalated while they were its, those too"
        " that went to another since.",
        where=escalated_of_the_steps,
        distinct=lambda row: row.whistle_id,
    )


class WhistleStepTotals:
    """吹哨记录合计 / What steps come to."""

    count: int = measure(HOW_MANY)
    whistles: int = measure("哨数 / Of how many whistles.", distinct=lambda row: row.whistle_id)
    by_department: list[WhistleStepDepartmentCount] = grouped(
        WhistleStepDepartmentCount, "按办理部门，含转派前的 / By whose the whistle was from the step on."
    )


@entity(
    steps,
    policy="whistle",
    tag="ws",
    ways={Way.WITHIN: lambda row: row.unit_path, Way.DEPARTMENT: department_of},
    sort=lambda row: (row.whistle_id, row.number),
    ties=lambda row: (row.whistle_id, row.number),
    filter=WhistleStepFilter,
    orders={"PLACE": lambda row: (row.unit_path,), "TAKEN_ON": lambda row: (row.taken_on,)},
    totals=WhistleStepTotals,
)
class WhistleStep:
    """吹哨记录：一步，只增不改；转派后原部门不再可见 / What was done about a whistle; it stays on record."""

    number: int = column("第几步，自 1 起 / Which of the whistle's steps it is, counted from 1.")
    action: WhistleAction = column("做了什么 / What was done.")
    taken_on: date = column("日期 / The day of it.")
    recorded_at: datetime = column("登记时间 / When it was recorded.")
    text: str | None = column("说明或原因 / What was said, or why; null for nothing.")
    due_on: date | None = column(
        "所办的期限；转派者为原部门的期限，已退回的为空 / The limit it was to keep; of a transfer the one the"
        " department had that it was taken away from, unless that had returned it. Null where it ended none, and while"
        " unknown."
    )
    due_unannounced: int | None = column(UNANNOUNCED, waits_for)
    days_late: int = column(
        "逾期天数，含周末，未逾期为 0；转派者为原部门的 / How many days after that it was, weekends included, 0 for"
        " none; of a transfer by how many the former department was late.",
        lambda row: days_late(row.due_on, row.taken_on),
    )
    former_town_on: date | None = column(
        "转派者：按原部门的期限，自哪一日起已上报乡镇、街道；未上报或非转派为空 / Of a transfer: since when it had been"
        " the town's by the limits of the department it was taken from; null where it had not, and of other steps."
    )
    department_name: str = column(
        "自此由哪个部门办理，为其现用名称 / Whose it was from then on, by the name it has now.",
        department_name,
        brings="Department",
    )
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    whistle: "Whistle | None" = one(lambda row, whistle: whistle.id == row.whistle_id, WHISTLE)
    account: "Account | None" = one(
        lambda row, account: account.id == row.account_id,
        "登记的账号，不归您管理的为空 / Whose account recorded it; null where that is not yours to see.",
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class AnswerWhistleInput:
    """报到：部门已到场办理 / Report: the department deals with a whistle."""

    whistle: Record = target("Whistle", WHISTLE)
    version: int = version()
    text: str | None = given(NOTE)


class SolveWhistleInput:
    """解决，待社区确认；须先报到 / Say that a whistle is solved, once the department has reported."""

    whistle: Record = target("Whistle", WHISTLE)
    version: int = version()
    text: str = given(f"如何解决的。{NOTE}")


class ReturnWhistleInput:
    """退回：不归本部门管 / Return a whistle that is not the department's to deal with."""

    whistle: Record = target("Whistle", WHISTLE)
    version: int = version()
    reason: str = given(WHY)


COMMANDS = {
    "answer_whistle": stepping(commands.answer, AnswerWhistleInput, WhistleAction.ANSWERED, "answer"),
    "solve_whistle": stepping(commands.solve, SolveWhistleInput, WhistleAction.SOLVED, "solve"),
    "return_whistle": stepping(commands.send_back, ReturnWhistleInput, WhistleAction.RETURNED, "return"),
}
