"""Matters 议题, in which step they are, and the commands by which they come up."""

from datetime import date
from typing import Any

from sqlalchemy import Boolean, ColumnElement, or_

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.expressions import Row, RowFunction
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.scalars import SafeInt
from schema.kit.states import still_open
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.members.members import at_hand
from schema.organization.units import OrgUnit
from schema.properties.compounds import Compound
from services.calendar.tables import waits_for
from services.deliberation import matters as commands
from services.deliberation.gathered import was_decided
from services.deliberation.tables import Source, buildings_of, captains_in, days_late, is_late, matters, reached
from services.deliberation.way import DAYS, Step
from services.organization.paths import place
from services.properties.tables import managers
from services.storage.transaction import Record
from services.terms import today

NAMELESS = "不写个人姓名、电话 / names no person, no number"
TITLE = f"题目，最多一百个字符，{NAMELESS}; at most 100 characters."
DETAIL = f"说明，最多五百个字符，一行，{NAMELESS}; one line of at most 500 characters, null for none."
SOURCE = "来源 / Where it comes from."
STEP = "所在环节 / The step it is in."
PROPOSED = "提议日期，不晚于今天，最多可追溯 92 天 / The day it was proposed: not to come, and 92 days back at most."
COMPOUND = "所涉小区，须在该单元或其下级 / The compound it is about, of that unit or one below it; null for none."
LATE = "所在环节是否逾期，期限未知者不计 / Whether its step should have been over before today, as far as is known."
ASKED = "受访人数 / How many people were asked."
SATISFIED = "满意人数 / How many of them are satisfied."
MATTER = "议题 / The matter."


def in_step(*steps: Step) -> RowFunction:
    """What is in one of these steps."""
    return lambda row: or_(*(row.step == step for step in steps))


class MatterFilter:
    """筛选议题，各项须同时满足 / Which matters: every condition given must hold."""

    step: list[Step] = among(matters.c.step, "所在环节 / In one of these steps.")
    source: list[Source] = among(matters.c.source, "来源 / From one of these sources.")
    proposed_on: DateRange = days("proposed_on", "提议日期 / Proposed on one of these days.")
    due_on: DateRange = days("due_on", "期限 / Due on one of these days.")
    late: bool = where(lambda row, given: is_late(row) == given["late"], LATE, late=(Boolean(), bool))


class MatterStepCount:
    """一个环节的议题数 / The matters in one step."""

    step: Step = column(STEP)
    count: int = measure(HOW_MANY)
    late: int = measure("逾期 / How many are late.", where=is_late)


class MatterSourceCount:
    """一种来源的议题数 / The matters from one source."""

    source: Source = column(SOURCE)
    count: int = measure(HOW_MANY)
    settled: int = measure("已办结 / How many are settled.", where=in_step(Step.SETTLED))


class MatterTotals:
    """议题合计 / What matters come to."""

    count: int = measure(HOW_MANY)
    late: int = measure("逾期 / How many are late.", where=is_late)
    asked: SafeInt = measure(ASKED, total=lambda row: row.asked)
    satisfied: SafeInt = measure(SATISFIED, total=lambda row: row.satisfied)
    by_step: list[MatterStepCount] = grouped(MatterStepCount, "按环节 / By step.")
    by_source: list[MatterSourceCount] = grouped(MatterSourceCount, "按来源 / By source.")


@entity(
    matters,
    policy="matter",
    tag="mt",
    ways={
        Way.WITHIN: lambda row: row.unit_path,
        Way.ABOVE: lambda row: row.unit_path,
        Way.SECTOR: lambda row: row.unit_path,
        Way.COMPANY: lambda row: managers(row.compound_id),
        Way.BUILDING: lambda row: buildings_of(row.compound_id),
        Way.CAPTAIN: lambda row: captains_in(row.compound_id),
        Way.MEMBER: reached,
    },
    sort=lambda row: (row.proposed_on,),
    ties=lambda row: (row.proposed_on, row.title, row.unit_path),
    filter=MatterFilter,
    orders={
        "PLACE": lambda row: (row.unit_path,),
        "PROPOSED_ON": lambda row: (row.proposed_on,),
        "DUE_ON": lambda row: (row.due_on,),
        "STEP": lambda row: (row.step,),
    },
    totals=MatterTotals,
)
class Matter:
    """议题：提议、商议、践议、议评 / Something a neighbourhood takes up, step by step until it is settled."""

    title: str = column("题目 / What it is about, in a few words.")
    detail: str | None = column("说明 / What is said of it.")
    source: Source = column(SOURCE)
    proposed_on: date = column("提议日期 / The day it was proposed.")
    step: Step = column(STEP)
    stepped_on: date = column("进入所在环节的日期 / The day its step began.")
    due_on: date | None = column(
        "所在环节的期限，进入时按工作日计算，此后不变；终了或尚无法计算的为空 / By when its step is to be over, as"
        " counted when it began; null for an end, and while unknown."
    )
    due_unannounced: int | None = column(
        "期限落在工作日安排尚未公布的年度时为该年度，登记后补算期限；其他为空 / The year nobody announced the working"
        " days of yet that its deadline lies in, which is counted once that is loaded; null for none.",
        waits_for,
    )
    late: bool = column(LATE, is_late)
    days_late: int = column(
        "逾期天数，含周末，未逾期为 0 / By how many days it is late, weekends included; 0 for none.",
        lambda row: days_late(row.due_on, today()),
    )
    carried_out_on: date | None = column(
        "践议完成日期，退回或重开后为空 / The day it was carried out; null while it is not, and once it is to be again."
    )
    asked: int | None = column("议评受访人数，未办结为空 / How many were asked; null where it is not settled.")
    satisfied: int | None = column("其中满意人数 / How many of them are satisfied; null likewise.")
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    compound: "Compound | None" = one(
        lambda row, compound: compound.id == row.compound_id, "所涉小区 / The compound it is about."
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class ProposeMatterInput:
    """提议一个议题 / Propose a matter in a unit."""

    unit: Record = belongs_to("OrgUnit", "所在单元 / The unit.")
    compound: Record | None = reference("Compound", COMPOUND, when=still_open)
    title: str = given(TITLE)
    detail: str | None = given(DETAIL)
    source: Source = given(SOURCE)
    proposed_on: date = given(PROPOSED)


class SuggestMatterInput:
    """党员向所在社区提建议，今天提出 / Suggest a matter, today, to the community a member serves in."""

    member: Record = belongs_to("Member", "建议人，不随议题公布 / Who suggests it, which is not told of the matter.")
    title: str = given(TITLE)
    detail: str | None = given(DETAIL)


class UpdateMatterInput:
    """修改未了结的议题；会议议定后题目须更正 / Change an open matter; its title only until a meeting decided on it."""

    matter: Record = target("Matter", MATTER)
    version: int = version()
    title: str | None = given(TITLE)
    detail: str | None = given(DETAIL)
    compound: Record | None = reference("Compound", COMPOUND, when=still_open)


class CorrectMatterTitleInput:
    """更正题目：已有会议就此议定的议题 / Put a title right that a meeting decided on."""

    matter: Record = target("Matter", MATTER)
    version: int = version()
    title: str = given(TITLE)
    reason: str = given(REASON)


def under_way(row: Row) -> ColumnElement[bool]:
    """What is neither settled nor dropped."""
    found: ColumnElement[Any] = in_step(*DAYS)(row)
    return found


COMMANDS = {
    "propose_matter": command(commands.propose, ProposeMatterInput, "matter:propose", returns="Matter"),
    "suggest_matter": command(
        commands.suggest,
        SuggestMatterInput,
        "matter:suggest",
        returns="Matter",
        when=at_hand,
        followed=False,
    ),
    "update_matter": command(commands.change, UpdateMatterInput, "matter:update", returns="Matter", when=under_way),
    "correct_matter_title": command(
        commands.retitle,
        CorrectMatterTitleInput,
        "matter:retitle",
        returns="Matter",
        when=was_decided,
    ),
}
