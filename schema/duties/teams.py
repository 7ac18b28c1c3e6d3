"""Help teams 近邻帮困团, who is in them, and the commands about both."""

from datetime import date

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, last_day, reference, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one
from schema.kit.expressions import Pairs
from schema.kit.numbers import grouped, measure
from schema.kit.states import not_over, still_open
from schema.kit.terms import LEFT, TermFilter
from schema.kit.texts import (
    CLOSED,
    CLOSING,
    ENDING,
    FIRST,
    HOW_MANY,
    IS_CLOSED,
    LAST,
    NAME,
    NAME_CONTAINS,
    PLACE,
    UNIT,
    VERSION,
)
from schema.kit.words import among, closed, ended, folded_contains
from schema.members.members import Member
from schema.organization.units import OrgUnit
from services.duties import teams as commands
from services.duties.helping import HelpKind, team_name, team_terms, teams
from services.duties.tables import reaching
from services.members.tables import name_of
from services.organization.paths import place
from services.storage.transaction import Record

KIND = "帮困类别 / In which way it helps."
TEAM = "帮困团 / The team."
MEMBER = "党员 / The member."
TERM = "在团任期 / The member's term in the team."


class HelpTeamFilter:
    """筛选帮困团，各项须同时满足 / Which teams: every condition given must hold."""

    kind: list[HelpKind] = among(teams.c.kind, "帮困类别 / Helping in one of these ways.")
    name_contains: str = folded_contains(NAME_CONTAINS)
    closed: bool = closed(IS_CLOSED)


class HelpTeamKindCount:
    """一类帮困团数 / The teams of one kind."""

    kind: HelpKind = column(KIND)
    count: int = measure(HOW_MANY)


class HelpTeamTotals:
    """帮困团合计 / What teams come to."""

    count: int = measure(HOW_MANY)
    by_kind: list[HelpTeamKindCount] = grouped(HelpTeamKindCount, "按类别 / By kind.")


@entity(
    teams,
    policy="help_team",
    tag="ht",
    ways={
        Way.WITHIN: lambda team: team.unit_path,
        Way.ABOVE: lambda team: team.unit_path,
        Way.MEMBER: Pairs(reaching, lambda team: team.unit_path),
    },
    sort=lambda team: (team.unit_path,),
    ties=lambda team: (team.folded, team.unit_path),
    filter=HelpTeamFilter,
    orders={"PLACE": lambda team: (team.unit_path,), "KIND": lambda team: (team.kind,)},
    totals=HelpTeamTotals,
)
class HelpTeam:
    """近邻帮困团：某一单元的志愿队伍 / A team of members of a unit who help neighbours."""

    name: str = column(NAME)
    kind: HelpKind = column(KIND)
    place: list[str] = column(PLACE, lambda team: place(team.unit_path))
    closed_on: date | None = column(CLOSED)
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda team, unit: unit.path == team.unit_path, UNIT)


class HelpTeamMemberFilter(TermFilter):
    """筛选在团任期，各项须同时满足 / Which terms: every condition given must hold."""

    ended: bool = ended(LEFT)


class HelpTeamMemberTotals:
    """在团任期合计 / What terms come to."""

    count: int = measure(HOW_MANY)
    members: int = measure("人数 / Of how many members.", distinct=lambda term: term.member_id)


@entity(
    team_terms,
    policy="help_team_member",
    tag="hm",
    ways={Way.WITHIN: lambda term: term.unit_path, Way.MEMBER: lambda term: term.member_id},
    sort=lambda term: (term.unit_path,),
    ties=lambda term: (term.unit_path, term.since),
    filter=HelpTeamMemberFilter,
    orders={
        "PLACE": lambda term: (term.unit_path,),
        "SINCE": lambda term: (term.since,),
        "UNTIL": lambda term: (term.until,),
    },
    totals=HelpTeamMemberTotals,
)
class HelpTeamMember:
    """在团任期：党员在帮困团的一段时间 / A member's term in a help team."""

    member_name: str = column("党员姓名 / The member's name.", lambda term: name_of(term.member_id), brings="Member")
    team_name: str = column("帮困团名称 / The team's name.", lambda term: team_name(term.team_id), brings="HelpTeam")
    place: list[str] = column(PLACE, lambda term: place(term.unit_path))
    since: date = column(FIRST)
    until: date | None = column(LAST)
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda term, unit: unit.path == term.unit_path, UNIT)
    team: "HelpTeam | None" = one(lambda term, team: team.id == term.team_id, TEAM)
    member: "Member | None" = one(lambda term, member: member.id == term.member_id, MEMBER)


# --- commands ---------------------------------------------------------------------------------------------------------


class CreateHelpTeamInput:
    """建立帮困团 / Make a help team."""

    unit: Record = belongs_to("OrgUnit", "所在单元 / The unit.")
    kind: HelpKind = given(KIND)
    name: str = given(NAME)


class UpdateHelpTeamInput:
    """修改帮困团 / Change a help team."""

    team: Record = target("HelpTeam", TEAM)
    version: int = version()
    kind: HelpKind | None = given(KIND)
    name: str | None = given(NAME)


class CloseHelpTeamInput:
    """停用帮困团，其成员于当日退出 / Close a help team; whoever is in it leaves that day."""

    team: Record = target("HelpTeam", TEAM)
    version: int = version()
    on: date = given(CLOSING)


class JoinHelpTeamInput:
    """加入帮困团 / Put a member into a help team."""

    team: Record = belongs_to("HelpTeam", TEAM)
    member: Record = reference("Member", "在本单元服务的党员 / A member who serves in the unit.", action="serve")
    since: date = given(FIRST)
    until: date | None = last_day(LAST)


class LeaveHelpTeamInput:
    """退出帮困团；只能提前，不能延后 / Leave a help team; an end is brought forward, never put off."""

    term: Record = target("HelpTeamMember", TERM)
    version: int = version()
    on: date = given(ENDING)


class StrikeOutHelpTeamMemberInput:
    """删除本不存在的在团任期 / Remove a term in a team that never was."""

    term: Record = target("HelpTeamMember", TERM)
    version: int = version()
    reason: str = given(REASON)


MAINTAIN = "help_team:maintain"
COMMANDS = {
    "create_help_team": command(commands.create, CreateHelpTeamInput, MAINTAIN, returns="HelpTeam"),
    "update_help_team": command(commands.update, UpdateHelpTeamInput, MAINTAIN, returns="HelpTeam", when=still_open),
    "close_help_team": command(commands.close, CloseHelpTeamInput, MAINTAIN, returns="HelpTeam", when=still_open),
    "join_help_team": command(
        commands.join, JoinHelpTeamInput, "help_team_member:join", returns="HelpTeamMember", when=still_open
    ),
    "leave_help_team": command(
        commands.leave, LeaveHelpTeamInput, "help_team_member:end", returns="HelpTeamMember", when=not_over
    ),
    "strike_out_help_team_member": command(
        commands.strike_out, StrikeOutHelpTeamMemberInput, "help_team_member:strike_out", returns="HelpTeam"
    ),
}
