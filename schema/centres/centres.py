"""Neighbourhood centres 邻里中心, and the commands about them."""

from datetime import date
from typing import Any

from sqlalchemy import Boolean

from policies.scope import Way
from schema.centres.positions import DATUM, GIVEN_DATUM, GIVEN_LATITUDE, GIVEN_LONGITUDE, LATITUDE, LONGITUDE
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.states import closed as closed_one
from schema.kit.states import still_open
from schema.kit.texts import CLOSED, CLOSING, HOW_MANY, IS_CLOSED, NAME, NAME_CONTAINS, PLACE, UNIT, VERSION
from schema.kit.words import among, closed, folded_contains
from schema.organization.units import OrgUnit
from services.catalog.tables import ServiceFunction, reached
from services.centres import centres as commands
from services.centres.positions import Datum
from services.centres.tables import FUNCTIONS as OFFERED
from services.centres.tables import CentreKind, centres
from services.organization.paths import place
from services.storage.transaction import Record

KIND = "类型 / Its kind."
ADDRESS = "地址 / Its address."
AREA_SERVED = "服务面积，平方公里 / The area it serves, in km²."
FUNCTIONS = "提供的功能（“1+6+X”） / The functions of the “1+6+X” it offers."
DISPATCHES = "是否为所在网格的调度中心 / Whether it is the dispatch centre of its grids."
OPENED = "启用日期，未定为空，可在将来 / The day it opens or opened; null as long as none is set."
CENTRE = "邻里中心 / The centre."


def offering(description: str) -> Any:
    """One of the functions given is among the row's."""
    return where(
        lambda row, given: row.functions.overlap(given["functions"]),
        description,
        functions=(OFFERED, lambda values: [value.name for value in values]),
    )


class CentreFilter:
    """筛选邻里中心，各项须同时满足 / Which centres: every condition given must hold."""

    name_contains: str = folded_contains(NAME_CONTAINS)
    kind: list[CentreKind] = among(centres.c.kind, "类型 / Of one of these kinds.")
    offers: list[ServiceFunction] = offering("提供其中任一功能 / It offers one of these functions.")
    dispatches: bool = where(
        lambda centre, given: centre.dispatches == given["value"], DISPATCHES, value=(Boolean(), bool)
    )
    opened_on: DateRange = days("opened_on", "启用日期 / The day it opens or opened.")
    deadline: DateRange = days("deadline", "完成期限 / To be done by one of these days.")
    closed: bool = closed(IS_CLOSED)


class CentreKindCount:
    """一类邻里中心数 / The centres of one kind."""

    kind: CentreKind = column(KIND)
    count: int = measure(HOW_MANY)


class CentreTotals:
    """邻里中心合计 / What centres come to."""

    count: int = measure(HOW_MANY)
    by_kind: list[CentreKindCount] = grouped(CentreKindCount, "按类型 / By kind.")


@entity(
    centres,
    policy="centre",
    tag="nc",
    ways={
        Way.WITHIN: lambda centre: centre.unit_path,
        Way.ABOVE: lambda centre: centre.unit_path,
        Way.SECTOR: lambda centre: centre.unit_path,
        Way.MEMBER: reached,
    },
    sort=lambda centre: (centre.unit_path,),
    ties=lambda centre: (centre.kind, centre.sorting, centre.unit_path),
    filter=CentreFilter,
    orders={
        "PLACE": lambda centre: (centre.unit_path,),
        "KIND": lambda centre: (centre.kind,),
        "NAME": lambda centre: (centre.sorting,),
        "OPENED_ON": lambda centre: (centre.opened_on,),
        "DEADLINE": lambda centre: (centre.deadline,),
    },
    totals=CentreTotals,
)
class Centre:
    """邻里中心（党建+邻里中心） / A neighbourhood centre."""

    name: str = column(NAME)
    kind: CentreKind = column(KIND)
    address: str | None = column(ADDRESS)
    area_km2: float | None = column(AREA_SERVED)
    functions: list[ServiceFunction] = column(FUNCTIONS)
    dispatches: bool = column(DISPATCHES)
    longitude: float | None = column(LONGITUDE)
    latitude: float | None = column(LATITUDE)
    given_in: Datum | None = column(DATUM, lambda row: row.datum)
    opened_on: date | None = column(OPENED)
    deadline: date | None = column("完成期限，未倒排为空 / By when it is to be done; null where it is not scheduled.")
    closed_on: date | None = column(CLOSED)
    place: list[str] = column(PLACE, lambda centre: place(centre.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda centre, unit: unit.path == centre.unit_path, UNIT)


# --- commands ---------------------------------------------------------------------------------------------------------


class CreateCentreInput:
    """登记邻里中心，可先登记未启用的 / Record a centre, open or planned."""

    unit: Record = belongs_to("OrgUnit", UNIT)
    kind: CentreKind = given(KIND)
    name: str = given(NAME)
    address: str | None = given(ADDRESS)
    area_km2: float | None = given(AREA_SERVED)
    functions: list[ServiceFunction] | None = given(FUNCTIONS)
    dispatches: bool | None = given(DISPATCHES)
    longitude: float | None = given(GIVEN_LONGITUDE)
    latitude: float | None = given(GIVEN_LATITUDE)
    datum: Datum | None = given(GIVEN_DATUM)
    opened_on: date | None = given(OPENED)


class UpdateCentreInput:
    """修改邻里中心 / Change a centre."""

    centre: Record = target("Centre", CENTRE)
    version: int = version()
    kind: CentreKind | None = given(KIND)
    name: str | None = given(NAME)
    address: str | None = given(ADDRESS)
    area_km2: float | None = given(AREA_SERVED)
    functions: list[ServiceFunction] | None = given(FUNCTIONS)
    dispatches: bool | None = given(DISPATCHES)
    longitude: float | None = given(GIVEN_LONGITUDE)
    latitude: float | None = given(GIVEN_LATITUDE)
    datum: Datum | None = given(GIVEN_DATUM)
    opened_on: date | None = given(OPENED)


class CloseCentreInput:
    """停用邻里中心，其中的运营随之终止 / Close a centre; what is operated there ends on that day."""

    centre: Record = target("Centre", CENTRE)
    version: int = version()
    on: date = given(CLOSING)


class ReopenCentreInput:
    """恢复误停用的邻里中心，随之终止的运营与撤回的场地一并恢复 / Open a centre again, with what closing it ended."""

    centre: Record = target("Centre", CENTRE)
    version: int = version()
    reason: str = given(REASON)


class StrikeOutCentreInput:
    """删除误登记且没有任何记录的邻里中心 / Remove a centre that never was, and on which nothing hangs."""

    centre: Record = target("Centre", CENTRE)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "create_centre": command(commands.create, CreateCentreInput, "centre:create", returns="Centre"),
    "update_centre": command(commands.update, UpdateCentreInput, "centre:update", returns="Centre", when=still_open),
    "close_centre": command(commands.close, CloseCentreInput, "centre:close", returns="Centre", when=still_open),
    "reopen_centre": command(commands.reopen, ReopenCentreInput, "centre:correct", returns="Centre", when=closed_one),
    "strike_out_centre": command(commands.strike_out, StrikeOutCentreInput, "centre:correct", returns="OrgUnit"),
}
