"""Members in their grids 网格: who reported there 双报到 or was assigned 多网合一, and the commands that change it.

Long because a term is reported, assigned, imported, ended, corrected and counted, and all of it is said here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import strawberry
from sqlalchemy import select

from policies.scope import Way
from schema.kit.commands import Caller, belongs_to, command, given, last_day, reference, row_id, rows, target, version
from schema.kit.corrections import CHANGED, REASON, SINCE, UNTIL
from schema.kit.entities import Edge, column, connection, edge_to, entity, having, listing, one
from schema.kit.numbers import count, grouped, measure, ratio
from schema.kit.states import not_over
from schema.kit.terms import TermFilter
from schema.kit.texts import CHANGES, ENDING, FIRST, HOW_MANY, LAST, PLACE, UNIT
from schema.kit.words import among, as_of, ended
from schema.members.members import Member, at_hand
from schema.organization.under import under
from schema.organization.units import OrgUnit
from services.errors import forbidden
from services.members import grid_commands
from services.members.grid_tables import GridTermKind, ReportChannel, grid_terms, in_service, unit_code
from services.members.tables import Standing, name_of
from services.members.tables import members as table
from services.organization.codes import canonical
from services.organization.paths import at_or_beneath, place
from services.storage.tables import aliased
from services.storage.transaction import Record
from services.terms import holds_on, lasts

DAY = as_of("哪一天在网格，默认今天 / In the grid on this day; today by default.")
HISTORY = "历次所在网格 / All terms in a grid, past and present."
KIND = "方式：报到、划入 / Reported, or assigned."
CHANNEL = "报到渠道，划入的为空 / How they reported; null of who was assigned."


class GridTermFilter(TermFilter):
    """筛选在网格的任期，各项须同时满足 / Which terms: every condition given must hold."""

    ended: bool = ended("是否已离开该网格 / Whether it is over.")
    kind: list[GridTermKind] = among(grid_terms.c.kind, "方式 / Of one of these kinds.")
    channel: list[ReportChannel] = among(grid_terms.c.channel, "报到渠道 / Reported in one of these ways.")


class GridTermKindCount:
    """一种方式与渠道的任期数 / The terms of one kind and channel."""

    kind: GridTermKind = column(KIND)
    channel: ReportChannel | None = column(CHANNEL)
    count: int = measure(HOW_MANY)
    members: int = measure("人数 / Of how many members.", distinct=lambda term: term.member_id)


class GridTermUnitCount:
    """一个网格的任期数 / The terms in one grid."""

    unit_code: str = column("网格代码 / The grid's code.", lambda term: unit_code(term.unit_path))
    count: int = measure(HOW_MANY)
    members: int = measure("人数 / Of how many members.", distinct=lambda term: term.member_id)


class GridTermTotals:
    """在网格任期合计 / What terms come to."""

    count: int = measure(HOW_MANY)
    members: int = measure("人数 / Of how many members.", distinct=lambda term: term.member_id)
    by_kind: list[GridTermKindCount] = grouped(GridTermKindCount, "按方式与渠道 / By kind and channel.")
    by_unit: list[GridTermUnitCount] = grouped(GridTermUnitCount, "按网格 / By grid.")


@entity(
    grid_terms,
    policy="grid_term",
    tag="gt",
    ways={Way.WITHIN: lambda term: term.unit_path, Way.MEMBER: lambda term: term.member_id},
    sort=lambda term: (term.unit_path,),
    ties=lambda term: (term.unit_path, term.since),
    filter=GridTermFilter,
    orders={
        "PLACE": lambda term: (term.unit_path,),
        "SINCE": lambda term: (term.since,),
        "UNTIL": lambda term: (term.until,),
        "KIND": lambda term: (term.kind,),
    },
    totals=GridTermTotals,
)
class GridTerm:
    """党员在一个网格的任期：报到或划入，同一时间只在一个网格 / A member's term in one grid; never two at once."""

    member_name: str = column("党员姓名 / The member's name.", lambda term: name_of(term.member_id), brings="Member")
    kind: GridTermKind = column(KIND)
    channel: ReportChannel | None = column(CHANNEL)
    place: list[str] = column(PLACE, lambda term: place(term.unit_path))
    since: date = column(FIRST)
    until: date | None = column(LAST)
    end_reason: str | None = column("离开原因 / Why it was ended.")
    version: int = column(CHANGES)
    unit: "OrgUnit | None" = one(lambda term, unit: unit.path == term.unit_path, UNIT)
    member: "Member | None" = one(lambda term, member: member.id == term.member_id, "党员 / The member.")


# --- commands ---------------------------------------------------------------------------------------------------------

MEMBER = "党员 / The member."
GRID = "网格，或未设网格的村（社区） / The grid, or a community that has none."
BEGINS = "首日，不晚于今天；原在网格至前一日为止 / The first day, not to come; a former term ends the day before."


class ReportToGridInput:
    """在职党员到网格报到，本人或由社区代办 / A member in service reports to a grid, or the community does so."""

    member: Record = target("Member", MEMBER)
    version: int = version()
    grid_code: str = given(
        "网格代码，限本县；曾用代码亦可 / The grid's code, present or former, in the county where they serve.",
        canonical,
    )
    channel: ReportChannel = given("报到渠道 / How they report.")
    since: date = given(BEGINS)
    address: str | None = given("住址，记入联系方式 / Where they live; kept with their contact data.")


class AssignToGridInput:
    """多网合一：将党员划入网格 / Assign a member of the Party to a grid."""

    member: Record = target("Member", MEMBER)
    version: int = version()
    grid: Record = reference("OrgUnit", GRID, action="grid_term:assign")
    since: date = given(BEGINS)


class GridRow:
    """名单的一行 / A row of a list of members in their grids."""

    member: Record = reference("Member", MEMBER, action="grid_term:assign", changed=True)
    grid: Record = reference("OrgUnit", GRID, action="grid_term:assign")
    since: date = given(BEGINS)
    channel: ReportChannel | None = given(
        "现场或线上报到的注明渠道；不填为划入 / How they reported, if they did; left out for who is assigned."
    )


class AssignMembersToGridsInput:
    """按名单划入网格或补录报到，有一处不符则全不保存 / Take the members of a list into grids, all or none."""

    unit: Record = belongs_to("OrgUnit", "名单所属单元，各网格在其中 / The unit the list is of; the grids lie in it.")
    members: list[GridRow] = rows("党员，最多 500 行 / The members, at most 500 rows.")


class EndGridTermInput:
    """离开网格；只能提前，不能延后 / End a term in a grid; an end is brought forward, never put off."""

    grid_term: Record = target("GridTerm", "任期 / The term.")
    version: int = version()
    on: date = given(ENDING)
    reason: str = given("原因，最多一百个字符 / Why; at most 100 characters.")


class CorrectGridTermInput:
    """更正在网格的任期：日期、网格或报到渠道 / Set right what is wrong of a term: its days, grid or channel."""

    grid_term: Record = target("GridTerm", "任期 / The term.")
    version: int = version()
    grid: Record | None = reference("OrgUnit", GRID, action="grid_term:assign")
    channel: ReportChannel | None = given("正确的报到渠道，即改为报到 / How they did report, which makes it a report.")
    since: date | None = given(SINCE)
    until: date | None = last_day(UNTIL)
    reason: str = given(REASON)


class StrikeOutGridTermInput:
    """删除本不存在的任期，恢复其截短、终止的 / Remove a term that never was; what it cut, and ended, is given back."""

    grid_term: Record = target("GridTerm", "任期 / The term.")
    version: int = version()
    reason: str = given(REASON)


class GridListRow:
    """名单中的一行及其任期 / A row of a list, and the term the member is in by it."""

    row: int = given("名单中的序号，自 0 起 / Which row of the list, counted from 0.")
    kind: str = given("类型名 / The type, by its name.")
    id: strawberry.ID | None = row_id("该任期的全局标识 / The global id of the term.")
    known: bool = given("此前已登记，未作改动 / Whether it was on record already, and nothing was changed.")
    contacts_ended: int = given("随之终止的联系户数 / With how many households contact ended by it.")
    terms_ended: int = given("随之终止的上岗与帮困团任期数 / How many terms on duty and in help teams ended by it.")


async def _may_report(caller: Caller, member: Record, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """FORBIDDEN, for the address, to whoever may not change the member's contact data: it is the same right."""
    of = aliased(table)
    reached = caller.within("MemberContact", ("member.contact", "update"), of.c)
    if "address" in arguments and await caller.tx.row(select(of.c.id).where(of.c.id == member["id"], reached)) is None:
        raise forbidden(("input", "address"))
    return {}


async def _may_correct(caller: Caller, term: Record, _: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether the caller might as well assign the member to a grid: a correction may move them."""
    of = aliased(table)
    reached = caller.within("Member", ("grid_term", "assign"), of.c)
    found = await caller.tx.row(select(of.c.id).where(of.c.id == term["member_id"], reached))
    return {"at_hand": found is not None}


COMMANDS = {
    "report_to_grid": command(
        grid_commands.report,
        ReportToGridInput,
        "grid_term:report",
        returns="GridTerm",
        report=CHANGED,
        may=_may_report,
        when=at_hand,
    ),
    "assign_to_grid": command(
        grid_commands.assign, AssignToGridInput, "grid_term:assign", returns="GridTerm", report=CHANGED, when=at_hand
    ),
    "assign_members_to_grids": command(
        grid_commands.assign_all,
        AssignMembersToGridsInput,
        "grid_term:assign",
        returns="OrgUnit",
        report=("recorded", GridListRow),
    ),
    "end_grid_term": command(grid_commands.end, EndGridTermInput, "grid_term:end", returns="GridTerm", when=not_over),
    "correct_grid_term": command(
        grid_commands.correct,
        CorrectGridTermInput,
        "grid_term:correct",
        returns="GridTerm",
        report=CHANGED,
        may=_may_correct,
    ),
    "strike_out_grid_term": command(
        grid_commands.strike_out, StrikeOutGridTermInput, "grid_term:correct", returns="Member", report=CHANGED
    ),
}


# --- what they add ----------------------------------------------------------------------------------------------------

OF_UNIT: Edge = edge_to(
    GridTerm,
    connection(
        lambda unit, term: at_or_beneath(term.unit_path, unit.path),
        "本单元及所有下级的在网格任期，含历次 / The terms in the grids of this unit and below, past ones too.",
    ),
)
OF_MEMBER = {
    "grid": edge_to(
        GridTerm,
        one(
            lambda member, term: term.member_id == member.id,
            "所在网格 / The grid they are in.",
            as_of=DAY,
            alike=(Way.MEMBER,),
        ),
    ),
    "grid_terms": edge_to(
        GridTerm, connection(lambda member, term: term.member_id == member.id, HISTORY, alike=(Way.MEMBER,))
    ),
}
OF_MEMBERS = {"in_grid": having("grid", "今天是否在网格 / Whether they are in a grid today.")}
INDICATORS = {
    "members_in_service": count(
        Member,
        lambda unit, member: at_or_beneath(member.unit_path, unit.path),
        "应报到的在职党员 / Members in service, who are to report.",
        where=lambda member: member.standing == Standing.IN_SERVICE.value,
        holding=lambda member, day: lasts(member.left_on, day),
    ),
    "members_reported": count(
        GridTerm,
        lambda unit, term: at_or_beneath(term.unit_path, unit.path),
        "已报到的在职党员 / Members in service who have reported to a grid.",
        where=lambda term: (term.kind == GridTermKind.REPORTED.value) & in_service(term.member_id),
        distinct=lambda term: term.member_id,
        holding=holds_on,
    ),
    "members_assigned": count(
        GridTerm,
        lambda unit, term: at_or_beneath(term.unit_path, unit.path),
        "划入网格的党员 / Members who are assigned to a grid.",
        where=lambda term: term.kind == GridTermKind.ASSIGNED.value,
        distinct=lambda term: term.member_id,
        holding=holds_on,
    ),
    "reporting_rate": ratio(
        "members_reported", "members_in_service", "报到率 / The part of members in service that has reported."
    ),
}
ROOTS = {
    "grid_terms": listing(GridTerm, "可见的全部在网格任期，含历次 / Every term in a grid you may see.", under=under())
}
