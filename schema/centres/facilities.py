"""Facilities 设施 on the ledger 台账, and the commands about them."""

from datetime import date

from policies.scope import Way
from schema.centres.positions import DATUM, GIVEN_DATUM, GIVEN_LATITUDE, GIVEN_LONGITUDE, LATITUDE, LONGITUDE
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one
from schema.kit.numbers import grouped, measure
from schema.kit.states import closed as closed_one
from schema.kit.states import still_open
from schema.kit.texts import CLOSED, CLOSING, HOW_MANY, IS_CLOSED, NAME, NAME_CONTAINS, PLACE, UNIT, VERSION
from schema.kit.words import among, closed, folded_contains
from schema.organization.units import OrgUnit
from services.centres import facilities as commands
from services.centres.positions import Datum
from services.centres.tables import FacilityKind, facilities
from services.organization.paths import place
from services.storage.transaction import Record

KIND = "类别 / Its kind."
ADDRESS = "地址 / Its address."
FACILITY = "设施 / The facility."


class FacilityFilter:
    """筛选设施，各项须同时满足 / Which facilities: every condition given must hold."""

    name_contains: str = folded_contains(NAME_CONTAINS)
    kind: list[FacilityKind] = among(facilities.c.kind, "类别 / Of one of these kinds.")
    closed: bool = closed(IS_CLOSED)


class FacilityKindCount:
    """一类设施数 / The facilities of one kind."""

    kind: FacilityKind = column(KIND)
    count: int = measure(HOW_MANY)


class FacilityTotals:
    """设施合计 / What facilities come to."""

    count: int = measure(HOW_MANY)
    by_kind: list[FacilityKindCount] = grouped(FacilityKindCount, "按类别 / By kind.")


@entity(
    facilities,
    policy="facility",
    tag="fc",
    ways={Way.WITHIN: lambda facility: facility.unit_path, Way.ABOVE: lambda facility: facility.unit_path},
    sort=lambda facility: (facility.unit_path,),
    ties=lambda facility: (facility.kind, facility.sorting),
    filter=FacilityFilter,
    orders={
        "PLACE": lambda facility: (facility.unit_path,),
        "KIND": lambda facility: (facility.kind,),
        "NAME": lambda facility: (facility.sorting,),
    },
    totals=FacilityTotals,
)
class Facility:
    """设施：卫生站、托育、养老机构、场所等 / A facility on the ledger: a clinic, a nursery, a care home, a venue."""

    name: str = column(NAME)
    kind: FacilityKind = column(KIND)
    address: str | None = column(ADDRESS)
    longitude: float | None = column(LONGITUDE)
    latitude: float | None = column(LATITUDE)
    given_in: Datum | None = column(DATUM, lambda row: row.datum)
    closed_on: date | None = column(CLOSED)
    place: list[str] = column(PLACE, lambda facility: place(facility.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda facility, unit: unit.path == facility.unit_path, UNIT)


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordFacilityInput:
    """登记设施 / Put a facility on the ledger."""

    unit: Record = belongs_to("OrgUnit", UNIT)
    kind: FacilityKind = given(KIND)
    name: str = given(NAME)
    address: str | None = given(ADDRESS)
    longitude: float | None = given(GIVEN_LONGITUDE)
    latitude: float | None = given(GIVEN_LATITUDE)
    datum: Datum | None = given(GIVEN_DATUM)


class UpdateFacilityInput:
    """修改设施 / Change a facility."""

    facility: Record = target("Facility", FACILITY)
    version: int = version()
    kind: FacilityKind | None = given(KIND)
    name: str | None = given(NAME)
    address: str | None = given(ADDRESS)
    longitude: float | None = given(GIVEN_LONGITUDE)
    latitude: float | None = given(GIVEN_LATITUDE)
    datum: Datum | None = given(GIVEN_DATUM)


class CloseFacilityInput:
    """停用设施 / Record that a facility is there no more."""

    facility: Record = target("Facility", FACILITY)
    version: int = version()
    on: date = given(CLOSING)


class ReopenFacilityInput:
    """恢复误停用的设施 / Open a facility again that was closed by mistake."""

    facility: Record = target("Facility", FACILITY)
    version: int = version()
    reason: str = given(REASON)


class StrikeOutFacilityInput:
    """删除误登记的设施 / Remove a facility that never was."""

    facility: Record = target("Facility", FACILITY)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "record_facility": command(commands.record, RecordFacilityInput, "facility:record", returns="Facility"),
    "update_facility": command(
        commands.update, UpdateFacilityInput, "facility:update", returns="Facility", when=still_open
    ),
    "close_facility": command(
        commands.close, CloseFacilityInput, "facility:close", returns="Facility", when=still_open
    ),
    "reopen_facility": command(
        commands.reopen, ReopenFacilityInput, "facility:correct", returns="Facility", when=closed_one
    ),
    "strike_out_facility": command(commands.strike_out, StrikeOutFacilityInput, "facility:correct", returns="OrgUnit"),
}
