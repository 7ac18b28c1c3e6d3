"""Looks 每周一看 at centres, and the commands about them."""

from datetime import date

from sqlalchemy import Boolean

from policies.scope import Way
from schema.centres.centres import CENTRE, Centre
from schema.centres.sheets import ScoringSheet
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, days
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from services.centres import looks as commands
from services.centres.look_tables import change, looks, on_its_weekday, sheet_name
from services.centres.tables import centre_name
from services.organization.paths import place
from services.storage.transaction import Record

HELD = "走看日期，不晚于今天 / The day of the look, not to come."
REMARK = "点评，最多五百个字符，一行 / Remarks, in one line of at most 500 characters; null for none."
SHEET = "评分表 / The sheet."
LOOK = "走看记录 / The look."
CENTRES = "邻里中心数 / At how many centres."


class CentreLookFilter:
    """筛选走看记录，各项须同时满足 / Which looks: every condition given must hold."""

    held_on: DateRange = days("held_on", "走看日期 / Held on one of these days.")
    scored: bool = where(
        lambda look, given: look.score.is_not(None) == given["scored"],
        "是否已有评分 / Whether anybody scored it.",
        scored=(Boolean(), bool),
    )


class CentreLookTotals:
    """走看合计 / What looks come to."""

    count: int = measure(HOW_MANY)
    centres: int = measure(CENTRES, distinct=lambda look: look.centre_id)
    scored: int = measure("已有评分 / How many were scored.", where=lambda look: look.score.is_not(None))


@entity(
    looks,
    policy="look",
    tag="lk",
    ways={Way.WITHIN: lambda look: look.unit_path},
    sort=lambda look: (look.held_on,),
    ties=lambda look: (look.held_on, look.unit_path),
    filter=CentreLookFilter,
    orders={
        "PLACE": lambda look: (look.unit_path,),
        "HELD_ON": lambda look: (look.held_on,),
        "SCORE": lambda look: (look.score,),
    },
    totals=CentreLookTotals,
)
class CentreLook:
    """每周一看：某日走看一个邻里中心，由数人按评分表打分 / A look at a centre on a day, scored by several people."""

    held_on: date = column("走看日期 / The day of the look.")
    on_its_weekday: bool | None = column(
        "是否在固定走看日；评分表未固定为空 / Whether it was on its sheet's day of the week; null for none.",
        on_its_weekday,
    )
    score: float | None = column(
        "得分，百分制，各人评分的平均，保留两位小数，无人评分为空 / The mean of what people gave, of a hundred, to two"
        " digits; null while nobody did.",
    )
    change: float | None = column(
        "较上次走看此中心的得分变化，上次无评分则再往前 / By how much that is more than at the last look at the centre"
        " that was scored; null where there is none.",
        change,
    )
    remark: str | None = column("点评 / Remarks.")
    centre_name: str = column(
        "邻里中心名称 / The centre's name.", lambda look: centre_name(look.centre_id), brings="Centre"
    )
    sheet_name: str = column(
        "评分表名称 / The sheet's name.", lambda look: sheet_name(look.sheet_id), brings="ScoringSheet"
    )
    place: list[str] = column(PLACE, lambda look: place(look.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda look, unit: unit.path == look.unit_path, UNIT)
    centre: "Centre | None" = one(lambda look, centre: centre.id == look.centre_id, CENTRE)
    sheet: "ScoringSheet | None" = one(lambda look, sheet: sheet.id == look.sheet_id, SHEET)


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordLookInput:
    """登记走看；不在固定走看日的，也可登记 / Record a look at a centre; another day of the week is not refused."""

    centre: Record = belongs_to("Centre", CENTRE)
    sheet: Record = reference("ScoringSheet", "评分表，须及于该中心 / The sheet: one that reaches the centre.")
    held_on: date = given(HELD)
    remark: str | None = given(REMARK)


class UpdateLookInput:
    """修改走看的日期或点评 / Change the day of a look, or its remarks."""

    look: Record = target("CentreLook", LOOK)
    version: int = version()
    held_on: date | None = given(HELD)
    remark: str | None = given(REMARK)


class StrikeOutLookInput:
    """删除本不存在的走看及其评分 / Remove a look that never was, and what was given at it."""

    look: Record = target("CentreLook", LOOK)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "record_look": command(commands.record, RecordLookInput, "look:record", returns="CentreLook"),
    "update_look": command(commands.update, UpdateLookInput, "look:update", returns="CentreLook"),
    "strike_out_look": command(commands.strike_out, StrikeOutLookInput, "look:strike_out", returns="Centre"),
}
