"""Milestones 倒排工期、挂图作战 of centres that are being built, and the commands about them."""

from datetime import date

from sqlalchemy import Boolean

from policies.scope import Way
from schema.centres.centres import CENTRE, Centre
from schema.kit.commands import belongs_to, command, given, rows, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, days
from schema.kit.states import still_open
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from services.centres import schedules as commands
from services.centres.schedule_tables import days_late, is_late, milestones
from services.centres.tables import centre_name
from services.organization.paths import place
from services.storage.transaction import Record

NAME = "节点，同一中心不重名，如“主体完工” / The milestone, as 主体完工; once for each centre."
WORKING_DAYS = "距期限的工作日数，期限当日为 0，最多 500 / How many working days before the deadline; 0 to 500."
DEADLINE = "完成期限 / The deadline."
DONE = "完成日期，不晚于今天，未完成为空 / The day it was reached, not to come; null while it is not."
WHY = (
    "滞后原因，最多二百个字符；逾期完成、或改动已到期节点的日期时必填，后者记入审计"
    " / Why it is late; at most 200 characters. Needed where it is reached late, or where one that was due is"
    " moved, which is kept with the audit trail."
)
LATE = "是否逾期未完成，中心已停用的不计 / Whether it was due before today and is not reached; of an open centre."
MILESTONE = "节点 / The milestone."
FLAG = (Boolean(), bool)


class MilestoneFilter:
    """筛选节点，各项须同时满足 / Which milestones: every condition given must hold."""

    due_on: DateRange = days("due_on", "应完成日期 / Due on one of these days.")
    done: bool = where(
        lambda row, given: row.done_on.is_not(None) == given["value"], "是否完成 / Whether it is reached.", value=FLAG
    )
    late: bool = where(lambda row, given: is_late(row) == given["value"], LATE, value=FLAG)


class MilestoneTotals:
    """节点合计 / What milestones come to."""

    count: int = measure(HOW_MANY)
    centres: int = measure("邻里中心数 / Of how many centres.", distinct=lambda row: row.centre_id)
    done: int = measure("已完成 / How many are reached.", where=lambda row: row.done_on.is_not(None))
    late: int = measure("逾期未完成 / How many are late.", where=is_late)


@entity(
    milestones,
    policy="milestone",
    tag="ms",
    ways={Way.WITHIN: lambda row: row.unit_path, Way.ABOVE: lambda row: row.unit_path},
    sort=lambda row: (row.due_on, row.name),
    ties=lambda row: (row.due_on, row.name, row.unit_path),
    filter=MilestoneFilter,
    orders={"DUE_ON": lambda row: (row.due_on,), "PLACE": lambda row: (row.unit_path,)},
    totals=MilestoneTotals,
)
class Milestone:
    """节点：由期限按工作日倒排 / A milestone, so many working days before the deadline of its centre."""

    name: str = column("节点 / What it is.")
    working_days: int = column(WORKING_DAYS)
    due_on: date = column("应完成日期 / The day it is due.")
    first_due_on: date = column(
        "最初的应完成日期，不随改期变动 / The day it was due at first, however often that was moved."
    )
    done_on: date | None = column(DONE)
    days_late: int = column(
        "滞后天数，含周末，未滞后为 0；中心停用的，计至停用之日"
        " / By how many days it is or was late, weekends included, until its centre closed; 0 for none.",
        days_late,
    )
    reason: str | None = column("滞后原因 / Why it is late.")
    centre_name: str = column(
        "邻里中心名称 / The centre's name.", lambda row: centre_name(row.centre_id), brings="Centre"
    )
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    centre: "Centre | None" = one(lambda row, centre: centre.id == row.centre_id, CENTRE)


# --- commands ---------------------------------------------------------------------------------------------------------


class MilestoneRow:
    """倒排计划的一个节点 / A milestone of a schedule."""

    name: str = given(NAME)
    working_days: int = given(WORKING_DAYS)


class ScheduleCentreInput:
    """由期限倒排一个中心的工期 / Schedule a centre back from a deadline."""

    centre: Record = target("Centre", CENTRE)
    version: int = version()
    deadline: date = given(DEADLINE)
    milestones: list[MilestoneRow] = rows("各节点 / The milestones.")


class RescheduleCentreInput:
    """调整期限，未完成的节点随之重排 / Move a deadline, and with it what is not reached."""

    centre: Record = target("Centre", CENTRE)
    version: int = version()
    deadline: date = given(DEADLINE)
    reason: str = given(REASON)


class AddMilestoneInput:
    """为已有倒排计划的中心增加节点 / Add a milestone to a centre's schedule."""

    centre: Record = belongs_to("Centre", CENTRE)
    name: str = given(NAME)
    working_days: int = given(WORKING_DAYS)


class UpdateMilestoneInput:
    """登记完成日期、滞后原因，或修改节点 / Say when a milestone was reached, why it is late, or what it is."""

    milestone: Record = target("Milestone", MILESTONE)
    version: int = version()
    name: str | None = given(NAME)
    working_days: int | None = given(WORKING_DAYS)
    done_on: date | None = given(DONE)
    reason: str | None = given(WHY)


class StrikeOutMilestoneInput:
    """删除不需要的节点 / Remove a milestone that is not needed."""

    milestone: Record = target("Milestone", MILESTONE)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "schedule_centre": command(
        commands.schedule, ScheduleCentreInput, "centre:schedule", returns="Centre", when=still_open
    ),
    "reschedule_centre": command(
        commands.reschedule, RescheduleCentreInput, "centre:schedule", returns="Centre", when=still_open
    ),
    "add_milestone": command(commands.add, AddMilestoneInput, "milestone:add", returns="Milestone", when=still_open),
    "update_milestone": command(commands.update, UpdateMilestoneInput, "milestone:update", returns="Milestone"),
    "strike_out_milestone": command(
        commands.strike_out, StrikeOutMilestoneInput, "milestone:strike_out", returns="Centre"
    ),
}
