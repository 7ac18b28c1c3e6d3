"""Scoring sheets 评分表 that units publish for themselves and all below, and the commands about them."""

from datetime import date

from sqlalchemy import Boolean

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.entities import column, entity, many, one, where
from schema.kit.numbers import measure
from schema.kit.states import not_withdrawn
from schema.kit.texts import HOW_MANY, NAME, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from services.centres import sheets as commands
from services.centres.look_tables import items, sheets, stands
from services.organization.paths import place
from services.storage.transaction import Record

ITEM = "评分项目，同一评分表不重名，如“阵地建设” / The item, as 阵地建设; once for each sheet."
MOST = "满分，1 至 100 / The most points it is given; 1 to 100."
WEIGHT = "权重，1 至 100 / How much it weighs in the whole; 1 to 100."
WEEKDAY = "固定走看日，1 为星期一、7 为星期日，不固定为空 / The day of the week for looks, 1 for Monday; null for any."
WAYS = {Way.WITHIN: lambda row: row.unit_path, Way.ABOVE: lambda row: row.unit_path}


@entity(items, policy="scoring_sheet", ways=WAYS, sort=lambda item: (item.number,))
class SheetItem:
    """评分表的一个项目 / An item of a scoring sheet."""

    name: str = column("评分项目 / The item.")
    most: int = column(MOST)
    weight: int = column(WEIGHT)


class ScoringSheetFilter:
    """筛选评分表，各项须同时满足 / Which sheets: every condition given must hold."""

    withdrawn: bool = where(
        lambda sheet, given: stands(sheet) != given["withdrawn"],
        "今天是否已撤回 / Whether it is withdrawn today.",
        withdrawn=(Boolean(), bool),
    )


class ScoringSheetTotals:
    """评分表合计 / What sheets come to."""

    count: int = measure(HOW_MANY)


@entity(
    sheets,
    policy="scoring_sheet",
    tag="ss",
    ways=WAYS,
    sort=lambda sheet: (sheet.unit_path,),
    ties=lambda sheet: (sheet.unit_path, sheet.name),
    filter=ScoringSheetFilter,
    orders={"PLACE": lambda sheet: (sheet.unit_path,)},
    totals=ScoringSheetTotals,
)
class ScoringSheet:
    """评分表：由单元发布，及于本单元及所有下级 / What centres are scored by; published for a unit and all below it."""

    name: str = column(NAME)
    weekday: int | None = column(WEEKDAY)
    withdrawn_on: date | None = column("自该日起不再适用 / The first day no look is by it any more.")
    place: list[str] = column(PLACE, lambda sheet: place(sheet.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda sheet, unit: unit.path == sheet.unit_path, UNIT)
    items: list[SheetItem] = many(
        lambda sheet, item: item.sheet_id == sheet.id,
        "评分项目 / Its items, in their order.",
        sort=lambda item: (item.number, item.id),
        rows=20,
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class SheetItemInput:
    """评分表的一个项目 / An item of a sheet."""

    name: str = given(ITEM)
    most: int = given(MOST)
    weight: int | None = given(
        "权重，1 至 100，默认等于满分 / How much it weighs; 1 to 100, as its most points by default."
    )


class PublishScoringSheetInput:
    """发布评分表；发布后只可撤回 / Publish a sheet; it is never changed, only withdrawn."""

    unit: Record = belongs_to("OrgUnit", "发布单元 / The unit.")
    name: str = given(NAME)
    weekday: int | None = given(WEEKDAY)
    items: list[SheetItemInput] = given("评分项目，最多二十项 / The items; at most 20.")


class WithdrawScoringSheetInput:
    """撤回评分表，已有评分不变 / Withdraw a sheet; what was scored by it stays."""

    sheet: Record = target("ScoringSheet", "评分表 / The sheet.")
    version: int = version()
    on: date = given(
        "自该日起不再适用，不晚于今天，最多可追溯 92 天"
        " / The first day no look is by it, not to come and 92 days back at most."
    )


COMMANDS = {
    "publish_scoring_sheet": command(
        commands.publish, PublishScoringSheetInput, "scoring_sheet:publish", returns="ScoringSheet"
    ),
    "withdraw_scoring_sheet": command(
        commands.withdraw,
        WithdrawScoringSheetInput,
        "scoring_sheet:withdraw",
        returns="ScoringSheet",
        when=not_withdrawn,
    ),
}
