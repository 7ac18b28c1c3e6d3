"""Building captains 党员楼长: who is, was and will be captain of a building, and the commands that change it."""

from datetime import date

from policies.scope import Way
from schema.kit.commands import belongs_to, given, last_day, reference, target, version
from schema.kit.corrections import REASON, SINCE, UNTIL
from schema.kit.entities import (
    column,
    entity,
    one,
    present_name,
)
from schema.kit.expressions import Pairs
from schema.kit.numbers import measure
from schema.kit.terms import LEFT, TermFilter
from schema.kit.texts import CHANGES, ENDING, HOW_MANY, PLACE, UNIT
from schema.kit.words import as_of, ended
from schema.members.members import Member
from schema.organization.units import OrgUnit
from schema.properties.compounds import Building
from services.captains.tables import building_name, captain_terms, captains_of, compound_name, managers_of
from services.members.tables import name_of
from services.organization.paths import place
from services.properties.tables import shared_buildings
from services.storage.transaction import Record

DAY = as_of("哪一天在任，默认今天 / In office on this day; today by default.")


class CaptainAssignmentFilter(TermFilter):
    """筛选楼长任职，各项须同时满足 / Which terms: every condition given must hold."""

    ended: bool = ended(LEFT)


class CaptainTotals:
    """楼长任职合计 / What terms come to."""

    count: int = measure(HOW_MANY)
    members: int = measure("人数 / Of how many members.", distinct=lambda term: term.member_id)
    buildings: int = measure("楼栋数 / Of how many buildings.", distinct=lambda term: term.building_id)


@entity(
    captain_terms,
    policy="captain",
    tag="ca",
    ways={
        Way.WITHIN: lambda term: term.unit_path,
        Way.COMPANY: lambda term: managers_of(term.building_id),
        Way.SHARED: Pairs(shared_buildings, lambda term: term.building_id),
        Way.BUILDING: lambda term: term.building_id,
        Way.CAPTAIN: lambda term: captains_of(term.building_id),
        Way.MEMBER: lambda term: term.member_id,
    },
    sort=lambda term: (term.unit_path,),
    ties=lambda term: (term.unit_path, term.since),
    filter=CaptainAssignmentFilter,
    orders={
        "PLACE": lambda term: (term.unit_path,),
        "SINCE": lambda term: (term.since,),
        "UNTIL": lambda term: (term.until,),
    },
    totals=CaptainTotals,
)
class CaptainAssignment:
    """党员楼长任职 / A member's term as captain of one building."""

    member_name: str = column("楼长姓名 / The captain's name.", lambda term: name_of(term.member_id), brings="Member")
    building_name: str | None = present_name(
        "楼栋；卸任后，看不到该楼栋的为空"
        " / The building's name; null once the term is over where the building is not yours to see.",
        lambda term: building_name(term.building_id),
        "building",
        brings="Building",
    )
    compound_name: str | None = present_name(
        "小区；卸任后，看不到该楼栋的为空"
        " / The compound's name; null once the term is over where the building is not yours to see.",
        lambda term: compound_name(term.building_id),
        "building",
        brings="Compound",
    )
    place: list[str] = column(PLACE, lambda term: place(term.unit_path))
    since: date = column("任期首日 / The first day.")
    until: date | None = column("任期末日（含当日），未定为空 / The last day, included; null as long as none is set.")
    end_reason: str | None = column("卸任原因 / Why it was ended.")
    version: int = column(CHANGES)
    unit: "OrgUnit | None" = one(lambda term, unit: unit.path == term.unit_path, UNIT)
    building: "Building | None" = one(lambda term, building: building.id == term.building_id, "楼栋 / The building.")
    member: "Member | None" = one(lambda term, member: member.id == term.member_id, "楼长 / The captain.")


# --- commands ---------------------------------------------------------------------------------------------------------


class AssignCaptainInput:
    """指派楼长；已有楼长的，请用交接 / Assign a captain to a building that has none; hand over where it has one."""

    building: Record = belongs_to("Building", "楼栋 / The building.")
    member: Record = reference("Member", "在职或离退休党员 / A member in service or retired.")
    since: date = given("任期首日 / The first day of the term.")


class HandOverCaptainInput:
    """交接楼长：现任期至前一日为止 / Hand a building over: the present term ends the day before."""

    assignment: Record = target("CaptainAssignment", "交接之日的任期 / The term that runs on the day.")
    version: int = version()
    member: Record = reference("Member", "接任者，在职或离退休党员 / Who takes over: in service or retired.")
    on: date = given(
        "交接之日，即接任者任期首日，最多可追溯 92 天 / The first day of the new term, 92 days back at most."
    )


class EndCaptainTermInput:
    """楼长卸任；只能提前，不能延后 / End a captain's term; an end is brought forward, never put off."""

    assignment: Record = target("CaptainAssignment", "任职 / The term.")
    version: int = version()
    on: date = given(ENDING)
    reason: str = given("原因，最多一百个字符 / Why; at most 100 characters.")


class CancelCaptainTermInput:
    """撤销尚未开始或今日开始的任期，恢复其截短的前任 / Take back a captain's term that begins today or later."""

    assignment: Record = target("CaptainAssignment", "任职 / The term.")
    version: int = version()


class CorrectCaptainTermInput:
    """更正楼长任期：日期或人选有误 / Set right a captain's term that was entered wrongly: its days, or whose it is."""

    assignment: Record = target("CaptainAssignment", "任职 / The term.")
    version: int = version()
    member: Record | None = reference("Member", "正确的楼长，在职或离退休党员 / Who it is: in service or retired.")
    since: date | None = given(SINCE)
    until: date | None = last_day(UNTIL)
    reason: str = given(REASON)


class StrikeOutCaptainTermInput:
    """删除本不存在的楼长任期，恢复其截短的前任 / Remove a term that never was; what it cut is given back."""

    assignment: Record = target("CaptainAssignment", "任职 / The term.")
    version: int = version()
    reason: str = given(REASON)


# --- what the area adds -----------------------------------------------------------------------------------------------

HISTORY = "历任、现任及已定的后任 / All terms: past, present and to come."
WITH_CAPTAIN = "有楼长的楼栋 / Buildings that have a captain."
WITHOUT_CAPTAIN = "没有楼长的楼栋 / Buildings that have none."
