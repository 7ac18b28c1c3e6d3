"""Years of working days as a county loads them, and the commands about them."""

from datetime import date

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import Area, column, connection, edge_to, entity, listing, one
from schema.kit.numbers import measure
from schema.kit.ranges import IntRange, numbers
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.under import under
from schema.organization.units import OrgUnit
from services.calendar import commands
from services.calendar.tables import RULES, calendar_years
from services.organization.paths import place
from services.storage.transaction import Record

YEAR = "年度 / The year."
OFF = "周末以外的休息日；所列周末仍为休息 / The days that are off beside weekends; weekend days may be among them."
WORKED = "调休上班的周末 / The weekend days that are worked in their place."
ROW = "年历 / The year of working days."


class CalendarYearFilter:
    """筛选年历，各项须同时满足 / Which years: every condition given must hold."""

    year: IntRange = numbers("year", "年度 / Of these years.")


class CalendarYearTotals:
    """年历合计 / What years come to."""

    count: int = measure(HOW_MANY)


@entity(
    calendar_years,
    policy="calendar_year",
    tag="cy",
    ways={Way.WITHIN: lambda year: year.unit_path, Way.ABOVE: lambda year: year.unit_path},
    sort=lambda year: (year.year,),
    ties=lambda year: (year.year, year.unit_path),
    filter=CalendarYearFilter,
    orders={"PLACE": lambda year: (year.unit_path,), "YEAR": lambda year: (year.year,)},
    totals=CalendarYearTotals,
)
class CalendarYear:
    """年历：县级登记的一年工作日安排，优先于全国安排 / A county's own year, before what is announced for all."""

    year: int = column(YEAR)
    days_off: list[date] = column(OFF)
    days_worked: list[date] = column(WORKED)
    place: list[str] = column(PLACE, lambda year: place(year.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda year, unit: unit.path == year.unit_path, UNIT)


# --- commands ---------------------------------------------------------------------------------------------------------


class AnnounceYearInput:
    """登记一年的工作日安排：全国尚未公布，或本县另有规定；等待该年的期限随即算出
    / Load a year not announced yet, or different here; deadlines that waited for it are counted.
    """

    unit: Record = belongs_to("OrgUnit", "登记的单元 / The unit that loads it.")
    year: int = given(YEAR)
    days_off: list[date] = given(OFF)
    days_worked: list[date] = given(WORKED)


class UpdateYearInput:
    """修改一年的工作日安排；已定的期限不变 / Change a year; what was due stays due."""

    calendar_year: Record = target("CalendarYear", ROW)
    version: int = version()
    days_off: list[date] | None = given(OFF)
    days_worked: list[date] | None = given(WORKED)


class StrikeOutYearInput:
    """删除一年的安排，改用全国安排 / Remove a year: what is announced for all counts again."""

    calendar_year: Record = target("CalendarYear", ROW)
    version: int = version()
    reason: str = given(REASON)


ANNOUNCE = "calendar_year:announce"
AREA = Area(
    entities=(CalendarYear,),
    edges={
        "OrgUnit": {
            "calendar_years": edge_to(
                CalendarYear,
                connection(
                    lambda unit, year: year.unit_path == unit.path,
                    "本单元自行登记的年历 / The years this very unit loaded.",
                ),
            )
        }
    },
    roots={
        "calendar_years": listing(
            CalendarYear, "可见的全部年历 / Every county's own year of working days you may see.", under=under()
        )
    },
    commands={
        "announce_year": command(commands.announce, AnnounceYearInput, ANNOUNCE, returns="CalendarYear"),
        "update_year": command(commands.update, UpdateYearInput, ANNOUNCE, returns="CalendarYear"),
        "strike_out_year": command(
            commands.withdraw, StrikeOutYearInput, "calendar_year:strike_out", returns="OrgUnit"
        ),
    },
    rules=RULES,
)
