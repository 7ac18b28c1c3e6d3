"""Entries 积分记录, a ledger; what members' entries come to in a quarter; and the command that puts one right."""

from datetime import date
from typing import Any

from sqlalchemy import Boolean, ColumnElement, extract, select

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.expressions import Identity, Row
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, IntRange, days, numbers
from schema.kit.scalars import SafeInt
from schema.kit.texts import HOW_MANY, PLACE, UNIT
from schema.members.members import Member
from schema.organization.units import OrgUnit
from schema.points.claims import CLAIM, MEMBER, RULE, PointClaim, by
from schema.points.rules import PointRule
from services.members.tables import name_of
from services.organization.paths import place
from services.points import claiming
from services.points.pledge_tables import appraised
from services.points.tables import entries, fellows, quarters, rule_name, standings
from services.storage.tables import aliased
from services.storage.transaction import Record

POINTS = "分数，更正可为负 / The points; of a correction they may be negative."
SUM = "积分 / The points, all added up."
MEMBERS = "党员人数 / Of how many members."
WHOSE = "党员姓名 / The member's name."


class PointEntryFilter:
    """筛选积分记录，各项须同时满足 / Which entries: every condition given must hold."""

    earned_on: DateRange = days("earned_on", "完成日期，积分计入该日所在季度 / When they were earned.")
    recorded_on: DateRange = days("recorded_on", "记录日期 / When it was entered.")
    correction: bool = where(
        lambda entry, given: entry.corrects_id.is_not(None) == given["correction"],
        "是否为更正 / Whether it puts another one right.",
        correction=(Boolean(), bool),
    )


class PointRuleSum:
    """一项规则的积分 / What was earned by one rule."""

    rule: str = column("积分事项 / What earns them.", lambda entry: rule_name(entry.rule_id))
    points: SafeInt = measure(SUM, total=lambda entry: entry.points)
    members: int = measure(MEMBERS, distinct=lambda entry: entry.member_id)


class PointEntryTotals:
    """积分记录合计 / What entries come to."""

    count: int = measure(HOW_MANY)
    points: SafeInt = measure(SUM, total=lambda entry: entry.points)
    members: int = measure(MEMBERS, distinct=lambda entry: entry.member_id)
    by_rule: list[PointRuleSum] = grouped(PointRuleSum, "按积分事项 / By what earns them.")


WAYS = {Way.WITHIN: lambda row: row.unit_path, Way.MEMBER: fellows}


@entity(
    entries,
    policy="point_entry",
    tag="pe",
    ways=WAYS,
    sort=lambda entry: (entry.earned_on,),
    ties=lambda entry: (entry.earned_on, entry.unit_path),
    filter=PointEntryFilter,
    orders={
        "PLACE": lambda entry: (entry.unit_path,),
        "EARNED_ON": lambda entry: (entry.earned_on,),
        "POINTS": lambda entry: (entry.points,),
    },
    totals=PointEntryTotals,
)
class PointEntry:
    """积分记录：只增不改，同社区党员可见 / An entry of points: never changed, and read throughout its community."""

    points: int = column(POINTS)
    earned_on: date = column("完成日期，积分计入该日所在季度 / When they were earned; they count in its quarter.")
    recorded_on: date = column("记录日期 / When it was entered.")
    rule_name: str = column("积分事项 / What earned them.", lambda entry: rule_name(entry.rule_id), brings="PointRule")
    member_name: str = column(WHOSE, lambda entry: name_of(entry.member_id), brings="Member")
    place: list[str] = column(PLACE, lambda entry: place(entry.unit_path))
    unit: "OrgUnit | None" = one(lambda entry, unit: unit.path == entry.unit_path, UNIT)
    rule: "PointRule | None" = one(lambda entry, rule: rule.id == entry.rule_id, RULE)
    member: "Member | None" = one(lambda entry, member: member.id == entry.member_id, MEMBER)
    claim: "PointClaim | None" = one(lambda entry, claim: claim.id == entry.claim_id, CLAIM)
    corrects: "PointEntry | None" = one(
        lambda entry, first: first.id == entry.corrects_id,
        "所更正的记录 / The entry it puts right; null for none.",
        alike=(Way.MEMBER,),
    )


# --- what they come to ------------------------------------------------------------------------------------------------


class PointStandingFilter:
    """筛选季度积分，各项须同时满足 / Which quarters' points: every condition given must hold."""

    year: IntRange = numbers("year", "年度 / Of these years.")
    quarter: IntRange = numbers("quarter", "季度，1 至 4 / Of these quarters, 1 to 4.")
    points: IntRange = numbers("points", "积分 / The points.")


class PointStandingTotals:
    """季度积分合计 / What quarters' points come to."""

    count: int = measure(HOW_MANY)
    points: SafeInt = measure(SUM, total=lambda standing: standing.points)
    members: int = measure(MEMBERS, distinct=lambda standing: standing.member_id)


def _of_entry(row: Row, entry: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an entry, by its id, is among those a standing is made of."""
    of = aliased(entries)
    same = (row.member_id == of.c.member_id, row.unit_path == of.c.unit_path)
    when = (row.year == extract("year", of.c.earned_on), row.quarter == extract("quarter", of.c.earned_on))
    return select(1).select_from(of).where(of.c.id == entry, *same, *when).correlate_except(of).exists()


@entity(
    standings,
    policy="point_entry",
    ways=WAYS,
    sort=lambda standing: (standing.points,),
    ties=lambda standing: (standing.unit_path, standing.year, standing.quarter),
    identity=Identity(lambda standing: (standing.id,), lambda standing, values: _of_entry(standing, values[0])),
    filter=PointStandingFilter,
    orders={
        "POINTS": lambda standing: (standing.points,),
        "YEAR": lambda standing: (standing.year,),
        "PLACE": lambda standing: (standing.unit_path,),
    },
    totals=PointStandingTotals,
)
class PointStanding:
    """季度积分：一名党员一个季度在一个单元的积分 / What a member earned in one unit in a quarter."""

    year: int = column("年度 / The year.")
    quarter: int = column("季度，1 至 4 / The quarter, 1 to 4.")
    points: int = column("积分，含更正 / The points, corrections included.")
    member_name: str = column(WHOSE, lambda standing: name_of(standing.member_id), brings="Member")
    place: list[str] = column(PLACE, lambda standing: place(standing.unit_path))
    unit: "OrgUnit | None" = one(lambda standing, unit: unit.path == standing.unit_path, UNIT)
    member: "Member | None" = one(lambda standing, member: member.id == standing.member_id, MEMBER)


@entity(
    quarters,
    policy="point_entry",
    ways={
        Way.WITHIN: (lambda row: row.unit_path, appraised),
        Way.MEMBER: lambda row: row.member_id,
    },
    sort=lambda row: (row.year, row.quarter),
    ties=lambda row: (row.year, row.quarter),
    identity=Identity(lambda row: (row.member_id, row.year, row.quarter)),
)
class MemberQuarter:
    """党员季度积分合计，不论在何处取得，不列事项 / What a member earned in a quarter, wherever: only the sum."""

    year: int = column("年度 / The year.")
    quarter: int = column("季度，1 至 4 / The quarter, 1 to 4.")
    points: int = column("积分，含更正 / The points, corrections included.")


# --- commands ---------------------------------------------------------------------------------------------------------


class CorrectPointsInput:
    """更正积分：另记一笔，原记录不变 / Put an entry right by a further one; it stays as it is itself."""

    entry: Record = belongs_to("PointEntry", "被更正的积分记录 / The entry.")
    points: int = given("增减的分数，-100 至 100 / How many points more, or fewer where negative; -100 to 100.")
    reason: str = given(REASON)


def original(entry: Row) -> ColumnElement[bool]:
    """An entry that is no correction itself."""
    corrected: ColumnElement[Any] = entry.corrects_id
    return corrected.is_(None)


COMMANDS = {
    "correct_points": command(
        claiming.correct, CorrectPointsInput, "point_entry:correct", returns="PointEntry", may=by, when=original
    ),
}
