"""Deliberation days 议事日, and the commands about them."""

from datetime import date

from sqlalchemy import Boolean, ColumnElement, and_

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.expressions import Row
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, IntRange, days, numbers
from schema.kit.scalars import SafeInt
from schema.kit.states import without
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from services.deliberation import days as commands
from services.deliberation.day_tables import analyses, of_former
from services.deliberation.day_tables import days as table
from services.deliberation.tables import reached
from services.organization.paths import place
from services.storage.transaction import Record
from services.terms import today

YEAR = "年度 / The year."
CAME = "到场人数 / How many people came."
WHY = (
    "改期原因，最多一百个字符，不写个人姓名、电话 / Why it is on another day, in at most 100 characters that name no"
    " person and no number."
)
OF_FORMER = (
    "是否属于并入本单元的原单元 / Whether it is of a unit that was merged into its unit since, and stays as what was of"
    " that one."
)
DAY = "议事日 / The deliberation day."


class DeliberationDayFilter:
    """筛选议事日，各项须同时满足 / Which deliberation days: every condition given must hold."""

    year: IntRange = numbers("year", "年度 / Of these years.")
    held_on: DateRange = days("held_on", "举行日期 / Held on one of these days.")
    recorded: bool = where(
        lambda row, given: row.came.is_not(None) == given["value"],
        "是否已登记到场人数 / Whether it is on record how many came.",
        value=(Boolean(), bool),
    )
    of_former_unit: bool = where(
        lambda row, given: of_former(row) == given["value"], OF_FORMER, value=(Boolean(), bool)
    )


class DeliberationDayTotals:
    """议事日合计 / What deliberation days come to."""

    count: int = measure(HOW_MANY)
    recorded: int = measure("已登记的 / Of how many it is on record.", where=lambda row: row.came.is_not(None))
    came: SafeInt = measure("到场人次 / How many people came, together.", total=lambda row: row.came)


@entity(
    table,
    policy="deliberation_day",
    tag="dy",
    ways={Way.WITHIN: lambda row: row.unit_path, Way.ABOVE: lambda row: row.unit_path, Way.MEMBER: reached},
    sort=lambda row: (row.held_on,),
    ties=lambda row: (row.held_on, row.unit_path),
    filter=DeliberationDayFilter,
    orders={"PLACE": lambda row: (row.unit_path,), "HELD_ON": lambda row: (row.held_on,)},
    totals=DeliberationDayTotals,
)
class DeliberationDay:
    """议事日：每月第一个工作日 / The day of a month on which a neighbourhood deliberates: its first working day."""

    year: int = column(YEAR)
    month: int = column("月份 / The month, 1 to 12.")
    first_working_day: date = column(
        "当月第一个工作日，排定时按所在单元的日历计算，此后不变 / The first working day of the month by the calendar of"
        " its unit, as it was counted when the year was scheduled."
    )
    held_on: date = column("举行日期，未改期即为上述之日 / The day it is held: that one, unless it was moved.")
    reason: str | None = column("改期原因，未改期为空 / Why it was moved; null where it was not.")
    came: int | None = column("到场人数，未登记为空 / How many people came; null while that is not on record.")
    proposed: int | None = column(
        "当月在本单元及所有下级提议的议题，登记人数时计数，此后不变 / How many matters were proposed in its month, in"
        " its unit and all below it, by what there was when it was recorded how many came; null until then."
    )
    of_former_unit: bool = column(OF_FORMER, of_former)
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)


# --- commands ---------------------------------------------------------------------------------------------------------


class ScheduleDeliberationDaysInput:
    """排定一个单元全年的议事日，已有的不变 / Schedule a unit's days of a year; those there are stay as they are."""

    unit: Record = belongs_to("OrgUnit", "所在单元 / The unit.")
    year: int = given(
        "年度，2000 至 2100；工作日安排须已公布 / The year, 2000 to 2100, whose working days are announced."
    )


class RescheduleDeliberationDayInput:
    """改期，在同一个月内 / Hold it on another day of the same month."""

    day: Record = target("DeliberationDay", DAY)
    version: int = version()
    held_on: date = given("改为何日 / On which day instead.")
    reason: str = given(WHY)


class RecordDeliberationDayInput:
    """登记到场人数 / Say how many came."""

    day: Record = target("DeliberationDay", DAY)
    version: int = version()
    came: int = given(CAME)


class CorrectDeliberationDayInput:
    """更正到场人数 / Put right how many came."""

    day: Record = target("DeliberationDay", DAY)
    version: int = version()
    came: int = given(CAME)
    reason: str = given(REASON)


class StrikeOutDeliberationDayInput:
    """删除不再举行的议事日 / Remove a day that is not to be."""

    day: Record = target("DeliberationDay", DAY)
    version: int = version()
    reason: str = given(REASON)


def recorded(row: Row) -> ColumnElement[bool]:
    """That of which it is on record how many came."""
    found: ColumnElement[bool] = row.came.is_not(None)
    return found


def not_recorded(row: Row) -> ColumnElement[bool]:
    """That of which it is not."""
    found: ColumnElement[bool] = row.came.is_(None)
    return found


def has_come(row: Row) -> ColumnElement[bool]:
    """That on which or after which we are."""
    found: ColumnElement[bool] = row.held_on <= today()
    return found


def to_strike_out(row: Row) -> ColumnElement[bool]:
    """That of which nothing is on record, and no analysis meeting."""
    return and_(not_recorded(row), without(analyses, "day_id")(row))


def come(row: Row) -> ColumnElement[bool]:
    """What has come, and is not on record."""
    return and_(not_recorded(row), has_come(row))


COMMANDS = {
    "schedule_deliberation_days": command(
        commands.schedule, ScheduleDeliberationDaysInput, "deliberation_day:schedule", returns="OrgUnit"
    ),
    "reschedule_deliberation_day": command(
        commands.reschedule,
        RescheduleDeliberationDayInput,
        "deliberation_day:reschedule",
        returns="DeliberationDay",
        when=not_recorded,
    ),
    "record_deliberation_day": command(
        commands.record, RecordDeliberationDayInput, "deliberation_day:record", returns="DeliberationDay", when=come
    ),
    "correct_deliberation_day": command(
        commands.correct,
        CorrectDeliberationDayInput,
        "deliberation_day:correct",
        returns="DeliberationDay",
        when=recorded,
    ),
    "strike_out_deliberation_day": command(
        commands.strike_out,
        StrikeOutDeliberationDayInput,
        "deliberation_day:strike_out",
        returns="OrgUnit",
        when=to_strike_out,
    ),
}
