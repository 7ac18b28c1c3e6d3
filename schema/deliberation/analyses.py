"""Analysis meetings 分析研判会 of deliberation days, and the commands about them."""

from datetime import date

from policies.scope import Way
from schema.deliberation.days import DAY, DeliberationDay, has_come
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, days
from schema.kit.scalars import SafeInt
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from services.deliberation import analyses as commands
from services.deliberation.day_tables import analyses
from services.deliberation.tables import reached
from services.organization.paths import place
from services.storage.transaction import Record

HELD = "开会日期，不早于议事日，不晚于今天 / The day it met: not before the deliberation day, and not to come."
LOOKED_AT = "研判件数 / How many matters were looked at."
TAKEN_UP = "其中采纳 / Of them, taken up."
DROPPED = "其中不采纳 / Of them, dropped."
ANALYSIS = "分析研判会 / The analysis meeting."


class AnalysisMeetingFilter:
    """筛选分析研判会，各项须同时满足 / Which analysis meetings: every condition given must hold."""

    held_on: DateRange = days("held_on", "开会日期 / Held on one of these days.")


class AnalysisMeetingTotals:
    """分析研判会合计 / What analysis meetings come to."""

    count: int = measure(HOW_MANY)
    looked_at: SafeInt = measure(LOOKED_AT, total=lambda row: row.looked_at)
    taken_up: SafeInt = measure(TAKEN_UP, total=lambda row: row.taken_up)
    dropped: SafeInt = measure(DROPPED, total=lambda row: row.dropped)


@entity(
    analyses,
    policy="analysis_meeting",
    tag="am",
    ways={Way.WITHIN: lambda row: row.unit_path, Way.ABOVE: lambda row: row.unit_path, Way.MEMBER: reached},
    sort=lambda row: (row.held_on,),
    ties=lambda row: (row.held_on, row.unit_path),
    filter=AnalysisMeetingFilter,
    orders={"PLACE": lambda row: (row.unit_path,), "HELD_ON": lambda row: (row.held_on,)},
    totals=AnalysisMeetingTotals,
)
class AnalysisMeeting:
    """分析研判会：对议事日所提逐件研判 / A meeting that looks at what was proposed on a deliberation day."""

    held_on: date = column("开会日期 / The day it met.")
    looked_at: int = column(LOOKED_AT)
    taken_up: int = column(TAKEN_UP)
    dropped: int = column(f"{DROPPED[:-1]}; the rest was left for later.")
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    day: "DeliberationDay | None" = one(lambda row, day: day.id == row.day_id, DAY)


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordAnalysisMeetingInput:
    """登记议事日的分析研判会 / Record an analysis meeting of a deliberation day."""

    day: Record = belongs_to("DeliberationDay", DAY)
    held_on: date = given(HELD)
    looked_at: int = given(LOOKED_AT)
    taken_up: int = given(TAKEN_UP)
    dropped: int = given(DROPPED)


class CorrectAnalysisMeetingInput:
    """更正分析研判会 / Put an analysis meeting right."""

    analysis: Record = target("AnalysisMeeting", ANALYSIS)
    version: int = version()
    held_on: date | None = given(HELD)
    looked_at: int | None = given(LOOKED_AT)
    taken_up: int | None = given(TAKEN_UP)
    dropped: int | None = given(DROPPED)
    reason: str = given(REASON)


class StrikeOutAnalysisMeetingInput:
    """删除本不存在的分析研判会 / Remove an analysis meeting that never was."""

    analysis: Record = target("AnalysisMeeting", ANALYSIS)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "record_analysis_meeting": command(
        commands.record, RecordAnalysisMeetingInput, "analysis_meeting:record", returns="AnalysisMeeting", when=has_come
    ),
    "correct_analysis_meeting": command(
        commands.correct, CorrectAnalysisMeetingInput, "analysis_meeting:correct", returns="AnalysisMeeting"
    ),
    "strike_out_analysis_meeting": command(
        commands.strike_out, StrikeOutAnalysisMeetingInput, "analysis_meeting:strike_out", returns="DeliberationDay"
    ),
}
