"""Meetings of three parties 三方协商会议 and their places, and the commands from planning one to its end."""

from datetime import date

from sqlalchemy import or_

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.entities import column, entity, one
from schema.kit.expressions import RowFunction
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.states import not_withdrawn
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.units import OrgUnit
from services.deliberation import meetings as commands
from services.deliberation.gathered import (
    buildings_in,
    came,
    captains_around,
    captains_concerned,
    concerned,
    houses_concerned,
    is_whole,
    managing_in,
)
from services.deliberation.meeting_tables import THREE, MeetingState, meetings, places
from services.deliberation.tables import reached
from services.organization.paths import place
from services.storage.transaction import Record

NAMELESS = "不写个人姓名、电话 / names no person, no number"
TITLE = f"会议名称，最多一百个字符，{NAMELESS}; at most 100 characters."
STATE = "会议状态 / How far it is."
WHY = "原因，最多一百个字符，不写个人姓名、电话 / Why, in at most 100 characters that name no person and no number."
MEETING = "会议 / The meeting."
WHERE = "会议场所，须在该单元 / Where it is held: a place of that unit."
PLANNED = "计划日期，最多可追溯 92 天 / The day it is planned for: 92 days back at most."
HELD = "召开日期，不晚于今天，最多可追溯 92 天 / The day it was held: not to come, and 92 days back at most."


@entity(
    places,
    policy="meeting",
    tag="ml",
    ways={
        Way.WITHIN: lambda row: row.unit_path,
        Way.ABOVE: lambda row: row.unit_path,
        Way.SECTOR: lambda row: row.unit_path,
        Way.COMPANY: lambda row: managing_in(row.unit_path),
        Way.BUILDING: lambda row: buildings_in(row.unit_path),
        Way.CAPTAIN: lambda row: captains_around(row.unit_path),
        Way.MEMBER: reached,
    },
    sort=lambda row: (row.unit_path, row.name),
    ties=lambda row: (row.unit_path, row.name),
)
class MeetingPlace:
    """会议场所，如 730议事厅、民情茶室、和邻话室 / Where meetings are held, as a hall or a tea room for that."""

    name: str = column("名称 / What it is called.")
    withdrawn_on: date | None = column("停用日期 / Since when no meetings are held there; null while they are.")
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)


class MeetingFilter:
    """筛选会议，各项须同时满足 / Which meetings: every condition given must hold."""

    state: list[MeetingState] = among(meetings.c.state, "会议状态 / In one of these states.")
    planned_on: DateRange = days("planned_on", "计划日期 / Planned for one of these days.")
    held_on: DateRange = days("held_on", "召开日期 / Held on one of these days.")


class MeetingStateCount:
    """一种状态的会议数 / The meetings in one state."""

    state: MeetingState = column(STATE)
    count: int = measure(HOW_MANY)


class MeetingTotals:
    """会议合计 / What meetings come to."""

    count: int = measure(HOW_MANY)
    by_state: list[MeetingStateCount] = grouped(MeetingStateCount, "按状态 / By state.")


@entity(
    meetings,
    policy="meeting",
    tag="mg",
    ways={
        Way.WITHIN: lambda row: row.unit_path,
        Way.ABOVE: lambda row: row.unit_path,
        Way.SECTOR: lambda row: row.unit_path,
        Way.COMPANY: lambda row: concerned(row.id),
        Way.BUILDING: lambda row: houses_concerned(row.id),
        Way.CAPTAIN: lambda row: captains_concerned(row.id),
        Way.MEMBER: reached,
    },
    sort=lambda row: (row.planned_on,),
    ties=lambda row: (row.planned_on, row.title, row.unit_path),
    filter=MeetingFilter,
    orders={
        "PLACE": lambda row: (row.unit_path,),
        "PLANNED_ON": lambda row: (row.planned_on,),
        "STATE": lambda row: (row.state,),
    },
    totals=MeetingTotals,
)
class Meeting:
    """三方协商会议：物业、业委会、社区，居民代表参加 / A meeting of company, owners and community."""

    title: str = column("会议名称 / What it is called.")
    planned_on: date = column("计划日期 / The day it was planned for.")
    held_on: date | None = column("召开日期 / The day it was held; null while it was not.")
    state: MeetingState = column(STATE)
    cancel_reason: str | None = column("取消原因 / Why it was called off; null where it was not.")
    missing_reason: str | None = column(
        "缺一方而结束的原因 / Why it was closed without one of the three parties; null where all came."
    )
    all_three: bool = column(
        "物业、业委会、社区是否均有人参会 / Whether all three parties took part.",
        lambda row: came(row.id) == len(THREE),
    )
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    held_at: "MeetingPlace | None" = one(lambda row, where: where.id == row.place_id, "会议场所 / Where it is held.")


# --- commands ---------------------------------------------------------------------------------------------------------


class OpenMeetingPlaceInput:
    """登记会议场所 / Name a place where meetings are held."""

    unit: Record = belongs_to("OrgUnit", "所在单元 / The unit.")
    name: str = given("名称，最多一百个字符 / What it is called, in at most 100 characters.")


class WithdrawMeetingPlaceInput:
    """自今天起停用会议场所 / Hold no more meetings there, from today on."""

    place: Record = target("MeetingPlace", "会议场所 / The place.")
    version: int = version()


class ConveneMeetingInput:
    """计划一次会议 / Plan a meeting."""

    unit: Record = belongs_to("OrgUnit", "召集的单元 / The unit that convenes it.")
    place: Record = reference("MeetingPlace", WHERE)
    title: str = given(TITLE)
    planned_on: date = given(PLANNED)


class HoldMeetingInput:
    """会议已召开，开始记录 / A meeting was held, and is recorded from now on."""

    meeting: Record = target("Meeting", MEETING)
    version: int = version()
    on: date = given(HELD)


class CancelMeetingInput:
    """取消未召开的会议 / Call off a meeting that was not held."""

    meeting: Record = target("Meeting", MEETING)
    version: int = version()
    reason: str = given(WHY)


class CloseMeetingInput:
    """结束会议：各项均已议定、三方到齐、已有纪要 / Close it: each item decided, with all three and minutes."""

    meeting: Record = target("Meeting", MEETING)
    version: int = version()
    reason: str | None = given(
        "三方未到齐的原因，最多一百个字符，不写个人姓名、电话；到齐时不保存"
        " / Why one of the three parties did not come, in at most 100 characters that name no person; not kept where"
        " all did."
    )


class ReopenMeetingInput:
    """重开已结束的会议，继续记录；已记录的不变 / Go on recording a closed one; what was recorded stays as it is."""

    meeting: Record = target("Meeting", MEETING)
    version: int = version()
    reason: str = given(WHY)


def in_states(*states: MeetingState) -> RowFunction:
    """What is in one of these states."""
    return lambda row: or_(*(row.state == state for state in states))


COMMANDS = {
    "open_meeting_place": command(
        commands.open_place, OpenMeetingPlaceInput, "meeting:convene", returns="MeetingPlace"
    ),
    "withdraw_meeting_place": command(
        commands.withdraw_place,
        WithdrawMeetingPlaceInput,
        "meeting:convene",
        returns="MeetingPlace",
        when=not_withdrawn,
    ),
    "convene_meeting": command(commands.convene, ConveneMeetingInput, "meeting:convene", returns="Meeting"),
    "hold_meeting": command(
        commands.hold, HoldMeetingInput, "meeting:hold", returns="Meeting", when=in_states(MeetingState.PLANNED)
    ),
    "cancel_meeting": command(
        commands.call_off, CancelMeetingInput, "meeting:cancel", returns="Meeting", when=in_states(MeetingState.PLANNED)
    ),
    "close_meeting": command(
        commands.close, CloseMeetingInput, "meeting:close", returns="Meeting", when=in_states(MeetingState.HELD)
    ).only(is_whole),
    "reopen_meeting": command(
        commands.reopen, ReopenMeetingInput, "meeting:reopen", returns="Meeting", when=in_states(MeetingState.CLOSED)
    ),
}
