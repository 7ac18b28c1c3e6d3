"""Alliances 党建联盟 and the terms of units in them, with the commands from founding one to its end."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, last_day, reference, target, version
from schema.kit.entities import column, entity, one
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, days
from schema.kit.states import not_over
from schema.kit.terms import TermFilter
from schema.kit.texts import FIRST, HOW_MANY, LAST, PLACE, UNIT, VERSION
from schema.kit.words import among, ended
from schema.organization.units import OrgUnit, PartyOrganization
from services.deliberation import alliances as commands
from services.deliberation.alliance_tables import AllianceRole, alliance_terms, alliances, holder
from services.deliberation.gathered import buildings_in, captains_around
from services.deliberation.tables import reached
from services.organization.paths import place
from services.storage.transaction import Record

ALLIANCE = "党建联盟 / The alliance."
TERM = "成员任期 / The term in it."
NAMED = "联盟名称，最多一百个字符，不写个人姓名、电话 / What it is called, in at most 100 characters; no person's name."
UNIT_NAME = "单位名称，与 organizationId 二者择一 / The unit's name; this or `organizationId`."
ROLE = "角色：牵头或成员 / Whether it leads, or is a member."
BEGUN = "成立日期，不晚于今天 / The day it began, not to come."
CAME = "加入之日，不晚于今天，不早于联盟成立 / The first day, not to come and not before the alliance began."
ON = "日期，不晚于今天，最多可追溯 92 天 / The day: not to come, and 92 days back at most."
LEFT = f"末日（含当日）；{ON}"
WHY = "更正原因，最多一百个字符，不写个人姓名、电话 / Why, in at most 100 characters that name no person and no number."
# Kept by those who administer where it is; members and captains there read it.
WAYS = {
    Way.WITHIN: lambda row: row.unit_path,
    Way.BUILDING: lambda row: buildings_in(row.unit_path),
    Way.CAPTAIN: lambda row: captains_around(row.unit_path),
    Way.MEMBER: reached,
}


class AllianceFilter:
    """筛选党建联盟，各项须同时满足 / Which alliances: every condition given must hold."""

    begun_on: DateRange = days("begun_on", "成立日期 / Begun on one of these days.")
    ended_on: DateRange = days("ended_on", "结束日期 / Ended on one of these days.")


class AllianceTotals:
    """党建联盟合计 / What alliances come to."""

    count: int = measure(HOW_MANY)


@entity(
    alliances,
    policy="alliance",
    tag="al",
    ways=WAYS,
    sort=lambda row: (row.begun_on,),
    ties=lambda row: (row.begun_on, row.name, row.unit_path),
    filter=AllianceFilter,
    orders={"PLACE": lambda row: (row.unit_path,), "BEGUN_ON": lambda row: (row.begun_on,)},
    totals=AllianceTotals,
)
class Alliance:
    """党建联盟：成员单位、联席会议及所议事项 / An alliance of units, which meet and agree on what they do together."""

    name: str = column("联盟名称 / What it is called.")
    begun_on: date = column("成立日期 / The day it began.")
    ended_on: date | None = column("结束日期 / Its last day; null while it goes on.")
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)


class AllianceTermFilter(TermFilter):
    """筛选成员任期，各项须同时满足 / Which terms: every condition given must hold."""

    ended: bool = ended("是否已退出 / Whether it is in the alliance no more.")
    role: list[AllianceRole] = among(alliance_terms.c.role, "角色 / In one of these roles.")


class AllianceTermTotals:
    """成员任期合计 / What terms come to."""

    count: int = measure(HOW_MANY)
    alliances: int = measure("联盟数 / In how many alliances.", distinct=lambda row: row.alliance_id)
    units: int = measure("单位数 / Of how many units.", distinct=holder)


@entity(
    alliance_terms,
    policy="alliance",
    tag="aj",
    ways=WAYS,
    sort=lambda row: (row.since,),
    ties=lambda row: (row.since, row.alliance_id, row.role),
    filter=AllianceTermFilter,
    orders={"PLACE": lambda row: (row.unit_path,), "SINCE": lambda row: (row.since,)},
    totals=AllianceTermTotals,
)
class AllianceTerm:
    """成员单位：一个单位在联盟中的一段时间 / How long a unit is in an alliance, and as what."""

    name: str | None = column("单位名称，本系统的党组织为空 / The unit's name; null where it is an `organization`.")
    role: AllianceRole = column(ROLE)
    since: date = column(FIRST)
    until: date | None = column(LAST)
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    alliance: "Alliance | None" = one(lambda row, alliance: alliance.id == row.alliance_id, ALLIANCE)
    organization: "PartyOrganization | None" = one(
        lambda row, organization: organization.id == row.organization_id,
        "党组织 / The party organization it is.",
        elsewhere=True,
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class FoundAllianceInput:
    """建立党建联盟 / Found an alliance."""

    unit: Record = belongs_to("OrgUnit", "所在单元：社区（村）及以上 / The unit: a community, or above.")
    name: str = given(NAMED)
    begun_on: date = given(BEGUN)


class EndAllianceInput:
    """结束党建联盟，成员任期随之终止 / End an alliance, and all terms in it."""

    alliance: Record = target("Alliance", ALLIANCE)
    version: int = version()
    on: date = given(LEFT)


class CorrectAllianceInput:
    """更正党建联盟：名称或日期有误 / Put an alliance right: its name or its days."""

    alliance: Record = target("Alliance", ALLIANCE)
    version: int = version()
    name: str = given(NAMED)
    begun_on: date = given(BEGUN)
    ended_on: date | None = last_day("结束日期，未结束为空 / Its last day; null where it goes on.")
    reason: str = given(WHY)


class JoinAllianceInput:
    """成员单位加入 / Let a unit be in an alliance."""

    alliance: Record = belongs_to("Alliance", ALLIANCE)
    role: AllianceRole = given(ROLE)
    since: date = given(CAME)
    name: str | None = given(UNIT_NAME)
    organization: Record | None = reference("PartyOrganization", "党组织 / A party organization.")


class LeaveAllianceInput:
    """成员单位退出；牵头单位须先移交 / Let a member leave; whoever leads passes that on before."""

    term: Record = target("AllianceTerm", TERM)
    version: int = version()
    on: date = given(LEFT)


class PassAllianceLeadInput:
    """移交牵头：原牵头单位转为成员 / Let a member lead from a day on; who led before is a member then."""

    alliance: Record = target("Alliance", ALLIANCE)
    version: int = version()
    term: Record = reference("AllianceTerm", "接任的成员 / The term of the member that is to lead.", changed=True)
    on: date = given(f"移交之日；{ON}")


class CorrectAllianceTermInput:
    """更正成员任期的日期 / Put the days of a term right."""

    term: Record = target("AllianceTerm", TERM)
    version: int = version()
    since: date = given(CAME)
    until: date | None = last_day("末日，不晚于今天，未退出为空 / The last day, not to come; null where it stays.")
    reason: str = given(WHY)


def may_found(row: Any) -> ColumnElement[bool]:
    """A unit that may have alliances: no grid, and nothing below one."""
    return and_(*(row.level != level for level in commands.BELOW))


def going_on(row: Any) -> ColumnElement[bool]:
    """An alliance that has not ended."""
    ended_on: ColumnElement[Any] = row.ended_on
    return ended_on.is_(None)


def may_leave(row: Any) -> ColumnElement[bool]:
    """A member that is still in the alliance."""
    return and_(row.role == AllianceRole.MEMBER, not_over(row))


COMMANDS = {
    "found_alliance": command(commands.found, FoundAllianceInput, "alliance:found", returns="Alliance", when=may_found),
    "end_alliance": command(commands.end, EndAllianceInput, "alliance:update", returns="Alliance", when=going_on),
    "correct_alliance": command(commands.correct, CorrectAllianceInput, "alliance:correct", returns="Alliance"),
    "join_alliance": command(
        commands.join, JoinAllianceInput, "alliance:update", returns="AllianceTerm", when=going_on
    ),
    "leave_alliance": command(
        commands.leave, LeaveAllianceInput, "alliance:update", returns="AllianceTerm", when=may_leave
    ),
    "pass_alliance_lead": command(
        commands.pass_on, PassAllianceLeadInput, "alliance:update", returns="Alliance", when=going_on
    ),
    "correct_alliance_term": command(
        commands.correct_term, CorrectAllianceTermInput, "alliance:correct", returns="AllianceTerm"
    ),
}
