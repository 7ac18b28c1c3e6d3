"""Joint meetings 联席会议 of alliances, recorded together with what they agreed."""

from datetime import date

from schema.deliberation.alliances import ALLIANCE, WAYS, WHY, Alliance
from schema.kit.commands import belongs_to, command, given, rows, target, version
from schema.kit.entities import column, entity, one
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, days
from schema.kit.scalars import SafeInt
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from services.deliberation import agreements as commands
from services.deliberation.alliance_tables import UNITS, joint_meetings
from services.organization.paths import place
from services.storage.transaction import Record

MEETING = "联席会议 / The joint meeting."
HELD = (
    "召开日期，不晚于今天，不早于联盟成立，最多可追溯 92 天"
    " / The day it was held: not to come, not before the alliance began, and 92 days back at most."
)
RIGHT_DAY = "正确的召开日期，议定事项随之 / The right day, which is also that of what was agreed there."
UNITS_CAME = f"到会单位数，1 – {UNITS} / How many units came."
AGREED = (
    "议定事项，最多二百个字符，不写个人姓名、电话 / What was agreed, in at most 200 characters that name no person."
)
DONE_BY = "责任单位，不写个人姓名、电话 / Which unit does it; names no person and no number."
DUE = "完成期限，不早于会议之日 / By when; not before the meeting."
ABOUT = "议题，最多二百个字符，不写个人姓名、电话 / What it was about, in at most 200 characters that name no person."


class AllianceMeetingFilter:
    """筛选联席会议，各项须同时满足 / Which meetings: every condition given must hold."""

    held_on: DateRange = days("held_on", "召开日期 / Held on one of these days.")


class AllianceMeetingTotals:
    """联席会议合计 / What joint meetings come to."""

    count: int = measure(HOW_MANY)
    alliances: int = measure("联盟数 / Of how many alliances.", distinct=lambda row: row.alliance_id)
    units_came: SafeInt = measure("到会单位次 / How many units came in all.", total=lambda row: row.units_came)


@entity(
    joint_meetings,
    policy="alliance",
    tag="jm",
    ways=WAYS,
    sort=lambda row: (row.held_on,),
    ties=lambda row: (row.held_on, row.alliance_id, row.about),
    filter=AllianceMeetingFilter,
    orders={"PLACE": lambda row: (row.unit_path,), "HELD_ON": lambda row: (row.held_on,)},
    totals=AllianceMeetingTotals,
)
class AllianceMeeting:
    """联席会议：一个党建联盟的各单位开会 / A joint meeting of the units of an alliance."""

    held_on: date = column("召开日期 / The day it was held.")
    units_came: int = column("到会单位数 / How many units came.")
    about: str = column("议题 / What it was about.")
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    alliance: "Alliance | None" = one(lambda row, alliance: alliance.id == row.alliance_id, ALLIANCE)


# --- commands ---------------------------------------------------------------------------------------------------------


class AgreementRow:
    """一项议定事项 / One thing that was agreed."""

    agreed: str = given(AGREED)
    done_by: str = given(DONE_BY)
    due_on: date = given(DUE)


class RecordAllianceMeetingInput:
    """记录联席会议及其议定事项 / Record a joint meeting, with all it agreed."""

    alliance: Record = belongs_to("Alliance", ALLIANCE)
    held_on: date = given(HELD)
    units_came: int = given(UNITS_CAME)
    about: str = given(ABOUT)
    agreements: list[AgreementRow] = rows("议定事项，可以没有 / What was agreed, if anything.")


class CorrectAllianceMeetingInput:
    """更正联席会议 / Put a joint meeting right."""

    meeting: Record = target("AllianceMeeting", MEETING)
    version: int = version()
    held_on: date = given(RIGHT_DAY)
    units_came: int = given(UNITS_CAME)
    about: str = given(ABOUT)
    reason: str = given(WHY)


COMMANDS = {
    "record_alliance_meeting": command(
        commands.record, RecordAllianceMeetingInput, "alliance:record", returns="AllianceMeeting"
    ),
    "correct_alliance_meeting": command(
        commands.correct_meeting, CorrectAllianceMeetingInput, "alliance:correct", returns="AllianceMeeting"
    ),
}
