"""Results 成效 of matters, as 新增停车位 193 个, and the commands that record them."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from policies.scope import Way
from schema.deliberation.matters import MATTER, Matter, in_step
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one
from schema.kit.expressions import Row
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.scalars import SafeInt
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from services.deliberation import results as commands
from services.deliberation.meeting_tables import QUANTITY, results
from services.deliberation.tables import buildings_of, captains_in, compound_of, reached
from services.organization.paths import place
from services.properties.tables import managers
from services.storage.transaction import Record
from services.terms import on

WHAT = (
    "成效，如“新增停车位”，同一议题内不重复，最多一百个字符，不写个人姓名、电话"
    " / What it is, as new parking spaces; once for each matter, in at most 100 characters that name no person."
)
QUANTITIES = f"数量，1 – {QUANTITY} / How many, or how much."
MEASURE = "单位，如“个”，最多十个字符 / What it is counted in, in at most 10 characters."
COUNTED = (
    "统计日期，自提议之日起，不晚于今天，最多可追溯 92 天"
    " / The day it was counted: since the matter was proposed, not to come, and 92 days back at most."
)


def counted(row: Row, day: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Whether a result was counted by a day."""
    was: ColumnElement[bool] = row.counted_on <= on(day)
    return was


class MatterResultFilter:
    """筛选成效，各项须同时满足 / Which results: every condition given must hold."""

    counted_on: DateRange = days("counted_on", "统计日期 / Counted on one of these days.")


class MatterResultSum:
    """一种成效的合计 / What one kind of result comes to."""

    what: str = column("成效 / What it is.")
    counted_in: str = column("单位 / What it is counted in.")
    count: int = measure(HOW_MANY)
    quantity: SafeInt = measure("数量 / How many, or how much.", total=lambda row: row.quantity)


class MatterResultTotals:
    """成效合计 / What results come to."""

    count: int = measure(HOW_MANY)
    matters: int = measure("议题数 / Of how many matters.", distinct=lambda row: row.matter_id)
    by_what: list[MatterResultSum] = grouped(MatterResultSum, "按成效 / By what it is.")


@entity(
    results,
    policy="matter",
    tag="mr",
    ways={
        Way.WITHIN: lambda row: row.unit_path,
        Way.ABOVE: lambda row: row.unit_path,
        Way.SECTOR: lambda row: row.unit_path,
        Way.COMPANY: lambda row: managers(compound_of(row)),
        Way.BUILDING: lambda row: buildings_of(compound_of(row)),
        Way.CAPTAIN: lambda row: captains_in(compound_of(row)),
        Way.MEMBER: reached,
    },
    sort=lambda row: (row.matter_id, row.what),
    ties=lambda row: (row.matter_id, row.what),
    filter=MatterResultFilter,
    orders={"PLACE": lambda row: (row.unit_path,)},
    totals=MatterResultTotals,
)
class MatterResult:
    """成效：议题办成了什么，如新增停车位 193 个 / What came of a matter, as 193 new parking spaces."""

    what: str = column("成效 / What it is.")
    quantity: int = column("数量 / How many, or how much.")
    counted_in: str = column("单位 / What it is counted in.")
    counted_on: date = column("统计日期 / The day it was counted.")
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    matter: "Matter | None" = one(lambda row, matter: matter.id == row.matter_id, MATTER)


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordMatterResultInput:
    """登记成效，自践议起 / Say what came of a matter, from when it began to be carried out."""

    matter: Record = belongs_to("Matter", MATTER)
    what: str = given(WHAT)
    quantity: int = given(QUANTITIES)
    counted_in: str = given(MEASURE)
    counted_on: date = given(COUNTED)


class CorrectMatterResultInput:
    """更正成效 / Put a result right."""

    result: Record = target("MatterResult", "成效 / The result.")
    version: int = version()
    what: str = given(WHAT)
    quantity: int = given(QUANTITIES)
    counted_in: str = given(MEASURE)
    counted_on: date = given("正确的统计日期，不晚于今天 / The right day it was counted: not to come.")
    reason: str = given(REASON)


COMMANDS = {
    "record_matter_result": command(
        commands.record,
        RecordMatterResultInput,
        "matter:record",
        returns="MatterResult",
        when=in_step(*commands.ACTED_ON),
    ),
    "correct_matter_result": command(
        commands.correct, CorrectMatterResultInput, "matter:correct", returns="MatterResult"
    ),
}
