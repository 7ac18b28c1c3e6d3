"""Duties 服务岗位 a unit lists for itself and all below, needs 岗位需求 of them, and the commands about both."""

from datetime import date

from sqlalchemy import Boolean, Text, or_

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, last_day, reference, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.expressions import Pairs
from schema.kit.numbers import grouped, measure
from schema.kit.scalars import SafeInt
from schema.kit.states import standing
from schema.kit.terms import TermFilter
from schema.kit.texts import FIRST, HOW_MANY, LAST, NAME, NAME_CONTAINS, PLACE, UNIT, VERSION
from schema.kit.words import folded_contains, plain
from schema.organization.units import OrgUnit
from services.duties import items as commands
from services.duties.tables import items, needs, of_item, reaching
from services.organization.paths import place
from services.storage.transaction import Record
from services.terms import today

CATEGORY = "岗位类别 / Its category."
OCCUPATIONS = "适合的从业行业 / The occupations it suits."
SKILLS = "适合的技能 / The skills it suits."
ITEM = "服务岗位 / The duty."
NEED = "岗位需求 / The need."
NEEDED = "需要的人数，1 至 200 / How many are needed, 1 to 200."


class DutyItemFilter:
    """筛选服务岗位，各项须同时满足 / Which duties: every condition given must hold."""

    category: str = where(
        lambda item, given: item.category == given["category"],
        CATEGORY,
        category=(Text(), lambda text: plain(text).strip()),
    )
    name_contains: str = folded_contains(NAME_CONTAINS)
    withdrawn: bool = where(
        lambda item, given: or_(item.withdrawn_on.is_(None), item.withdrawn_on > today()) != given["withdrawn"],
        "今天是否已撤销 / Whether it is withdrawn today.",
        withdrawn=(Boolean(), bool),
    )


class DutyCategoryCount:
    """一类服务岗位数 / The duties of one category."""

    category: str = column(CATEGORY)
    count: int = measure(HOW_MANY)


class DutyItemTotals:
    """服务岗位合计 / What duties come to."""

    count: int = measure(HOW_MANY)
    by_category: list[DutyCategoryCount] = grouped(DutyCategoryCount, "按类别 / By category.")


@entity(
    items,
    policy="duty_item",
    tag="di",
    ways={
        Way.WITHIN: lambda item: item.unit_path,
        Way.ABOVE: lambda item: item.unit_path,
        Way.MEMBER: Pairs(reaching, lambda item: item.unit_path),
    },
    sort=lambda item: (item.category,),
    ties=lambda item: (item.folded, item.unit_path),
    filter=DutyItemFilter,
    orders={
        "PLACE": lambda item: (item.unit_path,),
        "CATEGORY": lambda item: (item.category,),
    },
    totals=DutyItemTotals,
)
class DutyItem:
    """服务岗位：由某一单元列出，本单元及下级可设需求 / A duty one unit lists for itself and all below."""

    name: str = column(NAME)
    category: str = column(CATEGORY)
    occupations: list[str] = column(OCCUPATIONS)
    skills: list[str] = column(SKILLS)
    withdrawn_on: date | None = column("撤销日期，自该日起不再设需求 / The first day no need of it is opened.")
    place: list[str] = column(
        "所列单元，自县级起 / The names from the county down to the unit that lists it.",
        lambda item: place(item.unit_path),
    )
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(
        lambda item, unit: unit.path == item.unit_path,
        "所列单元，本人辖区之外为空 / The unit that lists it; null where it is not yours to see.",
    )


class DutyNeedFilter(TermFilter):
    """筛选岗位需求，各项须同时满足 / Which needs: every condition given must hold."""


class DutyNeedTotals:
    """岗位需求合计 / What needs come to."""

    count: int = measure(HOW_MANY)
    needed: SafeInt = measure("需要的人数 / How many are needed.", total=lambda need: need.needed)
    items: int = measure("岗位数 / Of how many duties.", distinct=lambda need: need.item_id)


@entity(
    needs,
    policy="duty_need",
    tag="dn",
    ways={
        Way.WITHIN: lambda need: need.unit_path,
        Way.ABOVE: lambda need: need.unit_path,
        Way.MEMBER: Pairs(reaching, lambda need: need.unit_path),
    },
    sort=lambda need: (need.unit_path,),
    ties=lambda need: (need.unit_path, need.since),
    filter=DutyNeedFilter,
    orders={
        "PLACE": lambda need: (need.unit_path,),
        "SINCE": lambda need: (need.since,),
        "UNTIL": lambda need: (need.until,),
    },
    totals=DutyNeedTotals,
)
class DutyNeed:
    """岗位需求：某一单元一段时间内需要若干人上岗 / So many members a unit wants for a duty, for a time."""

    item_name: str = column(
        "岗位名称 / The duty's name.", lambda need: of_item(need.item_id, "name"), brings="DutyItem"
    )
    category: str = column(
        "岗位类别 / The duty's category.", lambda need: of_item(need.item_id, "category"), brings="DutyItem"
    )
    needed: int = column("需要的人数 / How many are needed.")
    since: date = column(FIRST)
    until: date | None = column(LAST)
    place: list[str] = column(PLACE, lambda need: place(need.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda need, unit: unit.path == need.unit_path, UNIT)
    item: "DutyItem | None" = one(lambda need, item: item.id == need.item_id, ITEM)


# --- commands ---------------------------------------------------------------------------------------------------------


class PublishDutyInput:
    """列出服务岗位，及于所有下级 / List a duty for a unit and all below it."""

    unit: Record = belongs_to("OrgUnit", "所列单元 / The unit.")
    category: str = given("岗位类别，最多二十个字符 / Its category, at most 20 characters.")
    name: str = given(NAME)
    occupations: list[str] | None = given(OCCUPATIONS)
    skills: list[str] | None = given(SKILLS)


class UpdateDutyInput:
    """修改服务岗位 / Change a duty."""

    item: Record = target("DutyItem", ITEM)
    version: int = version()
    category: str | None = given(CATEGORY)
    name: str | None = given(NAME)
    occupations: list[str] | None = given(OCCUPATIONS)
    skills: list[str] | None = given(SKILLS)


class WithdrawDutyInput:
    """撤销服务岗位；已有的需求与任期不变 / Withdraw a duty; needs of it, and terms in them, go on."""

    item: Record = target("DutyItem", ITEM)
    version: int = version()
    on: date = given(
        "自该日起不再设需求，最多可追溯 92 天 / The first day no need of it is opened, 92 days back at most."
    )


class OpenDutyNeedInput:
    """设立岗位需求 / Want members for a duty."""

    unit: Record = belongs_to("OrgUnit", "需要人员的单元，须为所列单元或其下级 / The unit: the lister or one below.")
    item: Record = reference("DutyItem", ITEM)
    needed: int = given(NEEDED)
    since: date = given(FIRST)
    until: date | None = last_day(LAST)


class UpdateDutyNeedInput:
    """修改岗位需求；结束时填写末日 / Change a need; its last day ends it."""

    need: Record = target("DutyNeed", NEED)
    version: int = version()
    needed: int | None = given(NEEDED)
    since: date | None = given(FIRST)
    until: date | None = last_day(LAST)


class StrikeOutDutyNeedInput:
    """删除误设且无人上岗的岗位需求 / Remove a need that should not be there and nobody took."""

    need: Record = target("DutyNeed", NEED)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "publish_duty": command(commands.publish, PublishDutyInput, "duty_item:publish", returns="DutyItem"),
    "update_duty": command(commands.update, UpdateDutyInput, "duty_item:update", returns="DutyItem", when=standing),
    "withdraw_duty": command(
        commands.withdraw, WithdrawDutyInput, "duty_item:update", returns="DutyItem", when=standing
    ),
    "open_duty_need": command(commands.open_need, OpenDutyNeedInput, "duty_need:record", returns="DutyNeed"),
    "update_duty_need": command(commands.update_need, UpdateDutyNeedInput, "duty_need:record", returns="DutyNeed"),
    "strike_out_duty_need": command(
        commands.strike_out_need, StrikeOutDutyNeedInput, "duty_need:strike_out", returns="DutyItem"
    ),
}
