"""Residents' teams 居民队伍, as choirs and volunteers, and the commands about them."""

from datetime import date

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.entities import column, entity, one
from schema.kit.numbers import measure
from schema.kit.scalars import SafeInt
from schema.kit.states import still_open
from schema.kit.texts import CLOSED, CLOSING, HOW_MANY, IS_CLOSED, NAME, NAME_CONTAINS, PLACE, UNIT, VERSION
from schema.kit.words import closed, folded_contains
from schema.members.members import Member
from schema.organization.units import OrgUnit
from services.activities import teams as commands
from services.activities.tables import teams
from services.members.tables import name_of
from services.organization.paths import place
from services.storage.transaction import Record

TEAM = "居民队伍 / The team."
NAMED = "名称，在所属单元内不重复 / Its name, its own within the unit."
KIND = "类别，如合唱、志愿服务 / What it does, as a choir or volunteering."
HEADS = "人数，最多 100000 / How many people, 100,000 at most."
CONTACT = "联系党员 / The member to ask."


class ResidentsTeamFilter:
    """筛选居民队伍，各项须同时满足 / Which teams: every condition given must hold."""

    name_contains: str = folded_contains(NAME_CONTAINS)
    closed: bool = closed(IS_CLOSED)


class ResidentsTeamTotals:
    """居民队伍合计 / What teams come to."""

    count: int = measure(HOW_MANY)
    people: SafeInt = measure("人数 / How many people.", total=lambda team: team.head_count)


@entity(
    teams,
    policy="residents_team",
    tag="rt",
    ways={Way.WITHIN: lambda team: team.unit_path},
    sort=lambda team: (team.unit_path, team.sorting),
    ties=lambda team: (team.unit_path, team.sorting),
    filter=ResidentsTeamFilter,
    orders={"PLACE": lambda team: (team.unit_path,), "NAME": lambda team: (team.sorting,)},
    totals=ResidentsTeamTotals,
)
class ResidentsTeam:
    """居民队伍，如合唱队、志愿队 / A team of residents, as a choir or volunteers."""

    name: str = column(NAME)
    kind: str = column("类别 / What it does.")
    head_count: int = column("人数 / How many people.")
    contact_name: str | None = column(
        "联系党员姓名 / The contact's name.", lambda team: name_of(team.member_id), brings="Member"
    )
    closed_on: date | None = column(CLOSED)
    place: list[str] = column(PLACE, lambda team: place(team.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda team, unit: unit.path == team.unit_path, UNIT)
    contact: "Member | None" = one(lambda team, member: member.id == team.member_id, CONTACT, elsewhere=True)


# --- commands ---------------------------------------------------------------------------------------------------------


class CreateResidentsTeamInput:
    """登记居民队伍 / Record a team of residents."""

    unit: Record = belongs_to("OrgUnit", "所属单元 / The unit it belongs to.")
    name: str = given(NAMED)
    kind: str = given(KIND)
    head_count: int = given(HEADS)
    member: Record | None = reference("Member", CONTACT)


class UpdateResidentsTeamInput:
    """修改居民队伍 / Change a team."""

    team: Record = target("ResidentsTeam", TEAM)
    version: int = version()
    name: str | None = given(NAMED)
    kind: str | None = given(KIND)
    head_count: int | None = given(HEADS)
    member: Record | None = reference("Member", CONTACT)


class CloseResidentsTeamInput:
    """停用居民队伍 / Close a team."""

    team: Record = target("ResidentsTeam", TEAM)
    version: int = version()
    on: date = given(CLOSING)


COMMANDS = {
    "create_residents_team": command(
        commands.create, CreateResidentsTeamInput, "residents_team:create", returns="ResidentsTeam"
    ),
    "update_residents_team": command(
        commands.update, UpdateResidentsTeamInput, "residents_team:update", returns="ResidentsTeam", when=still_open
    ),
    "close_residents_team": command(
        commands.close, CloseResidentsTeamInput, "residents_team:close", returns="ResidentsTeam", when=still_open
    ),
}
