"""Themes 轮值主题 of rotating chairs: what is planned in a term and what was done, and the commands about them."""

from datetime import date

from policies.scope import Way
from schema.appointments.posts import Post
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, present_name
from schema.kit.expressions import Pairs
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.states import in_state, of_kind
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.units import OrgUnit, PartyOrganization
from services.appointments.holders import holder_name, holders, in_office
from services.appointments.tables import PostKind
from services.chairs import themes as commands
from services.chairs.tables import ThemeStatus, themes
from services.organization.paths import place
from services.organization.tables import party_organizations
from services.properties.tables import name_in
from services.storage.transaction import Record

TITLE = "主题，最多一百个字符 / The theme, at most 100 characters."
PLANNED = "计划日期，在任期之内 / The day it is planned for, within the term."
STATUS = "状态 / What became of it."
THEME = "轮值主题 / The theme."


class ChairThemeFilter:
    """筛选轮值主题，各项须同时满足 / Which themes: every condition given must hold."""

    status: list[ThemeStatus] = among(themes.c.status, "状态 / Of one of these states.")
    planned_on: DateRange = days("planned_on", "计划日期 / The day it is planned for.")
    held_on: DateRange = days("held_on", "开展日期 / The day it was held.")


class ThemeStatusCount:
    """一种状态的轮值主题数 / The themes of one state."""

    status: ThemeStatus = column(STATUS)
    count: int = measure(HOW_MANY)


class ChairThemeTotals:
    """轮值主题合计 / What themes come to."""

    count: int = measure(HOW_MANY)
    party_organizations: int = measure(
        "党组织数 / Of how many organizations.", distinct=lambda theme: theme.organization_id
    )
    by_status: list[ThemeStatusCount] = grouped(ThemeStatusCount, "按状态 / By state.")


@entity(
    themes,
    policy="chair_theme",
    tag="ct",
    ways={
        Way.WITHIN: lambda theme: theme.unit_path,
        Way.MEMBER: Pairs(holders, lambda theme: theme.post_id),
    },
    sort=lambda theme: (theme.planned_on,),
    ties=lambda theme: (theme.planned_on, theme.unit_path),
    filter=ChairThemeFilter,
    orders={
        "PLACE": lambda theme: (theme.unit_path,),
        "PLANNED_ON": lambda theme: (theme.planned_on,),
        "HELD_ON": lambda theme: (theme.held_on,),
        "STATUS": lambda theme: (theme.status,),
    },
    totals=ChairThemeTotals,
)
class ChairTheme:
    """轮值主题：轮值家长任期内策划的主题活动 / What a rotating chair plans for the term, and what was done."""

    title: str = column("主题 / The theme.")
    planned_on: date = column("计划日期 / The day it is planned for.")
    status: ThemeStatus = column(STATUS)
    outcome: str | None = column("开展情况，取消者为原因 / What was done, or why it was dropped; null while planned.")
    held_on: date | None = column("开展日期 / The day it was held; null where it was not.")
    chair_name: str = column(
        "轮值家长姓名 / The chair's name.", lambda theme: holder_name(theme.post_id), brings="Member"
    )
    party_organization_name: str | None = present_name(
        "党组织名称；轮值任期结束后，看不到该组织的为空"
        " / The organization's name; null once the term in the chair is over where it is not yours to see.",
        lambda theme: name_in(party_organizations, theme.organization_id),
        "party_organization",
        lasts=lambda theme: in_office(theme.post_id),
        brings="PartyOrganization",
    )
    place: list[str] = column(PLACE, lambda theme: place(theme.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda theme, unit: unit.path == theme.unit_path, UNIT)
    post: "Post | None" = one(lambda theme, post: post.id == theme.post_id, "轮值家长任职 / The term in the chair.")
    party_organization: "PartyOrganization | None" = one(
        lambda theme, organization: organization.id == theme.organization_id, "党组织 / The party organization."
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class PlanThemeInput:
    """策划轮值主题：由轮值家长本人或社区登记 / Plan a theme: by the chair or the community."""

    post: Record = belongs_to("Post", "轮值家长任职 / The term in the chair.")
    title: str = given(TITLE)
    planned_on: date = given(PLANNED)


class UpdateThemeInput:
    """修改尚未开展的轮值主题 / Change a theme that is planned."""

    theme: Record = target("ChairTheme", THEME)
    version: int = version()
    title: str | None = given(TITLE)
    planned_on: date | None = given(PLANNED)


class HoldThemeInput:
    """登记轮值主题已开展 / Record that a theme was held."""

    theme: Record = target("ChairTheme", THEME)
    version: int = version()
    outcome: str = given("开展情况，最多五百个字符，一行 / What was done, in one line of at most 500 characters.")
    on: date = given("开展日期，在任期之内，不晚于今天 / On which day, within the term and not to come.")


class DropThemeInput:
    """取消轮值主题 / Drop a theme."""

    theme: Record = target("ChairTheme", THEME)
    version: int = version()
    outcome: str = given("取消原因，最多五百个字符，一行 / Why, in one line of at most 500 characters.")


class StrikeOutThemeInput:
    """删除误记的轮值主题 / Remove a theme that should not be there."""

    theme: Record = target("ChairTheme", THEME)
    version: int = version()
    reason: str = given(REASON)


UNDECIDED = in_state(ThemeStatus.PLANNED)

COMMANDS = {
    "plan_theme": command(
        commands.plan,
        PlanThemeInput,
        "chair_theme:record",
        returns="ChairTheme",
        when=of_kind(PostKind.ROTATING_CHAIR),
    ),
    "update_theme": command(
        commands.update, UpdateThemeInput, "chair_theme:record", returns="ChairTheme", when=UNDECIDED
    ),
    "hold_theme": command(commands.hold, HoldThemeInput, "chair_theme:record", returns="ChairTheme", when=UNDECIDED),
    "drop_theme": command(commands.drop, DropThemeInput, "chair_theme:record", returns="ChairTheme", when=UNDECIDED),
    "strike_out_theme": command(commands.strike_out, StrikeOutThemeInput, "chair_theme:strike_out", returns="Post"),
}
