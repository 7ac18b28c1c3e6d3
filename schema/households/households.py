"""Households 住户 of grids and communities, and the commands that record them one by one or by a list."""

from datetime import date

from policies.scope import Way
from schema.kit.commands import RecordedRow, belongs_to, command, given, rows, target, version
from schema.kit.entities import column, entity, having, one
from schema.kit.numbers import measure
from schema.kit.scalars import SafeInt
from schema.kit.states import still_open
from schema.kit.texts import CLOSED, CLOSING, HOW_MANY, IS_CLOSED, PLACE, UNIT, VERSION
from schema.kit.words import closed, folded_contains
from schema.organization.units import OrgUnit
from services.households import households as commands
from services.households.tables import contacts_of, households
from services.organization.paths import place
from services.storage.transaction import Record

NAME = "户名，如“3号楼502”，在所属单元内不重复 / Its door, as 3号楼502; its own within the unit."
RESIDENTS = "人口，最多 99 / How many live there, 99 at most."
OF = "所属网格或村、社区 / The grid or community it lies in."
HOUSEHOLD = "住户 / The household."


class HouseholdFilter:
    """筛选住户，各项须同时满足 / Which households: every condition given must hold."""

    name_contains: str = folded_contains("户名包含 / The name contains this text.")
    closed: bool = closed(IS_CLOSED)
    has_contact: bool = having("contact", "今天是否有联系党员 / Whether a member keeps contact with it today.")


class HouseholdTotals:
    """住户合计 / What households come to."""

    count: int = measure(HOW_MANY)
    residents: SafeInt = measure("人口 / How many live there.", total=lambda household: household.residents)


@entity(
    households,
    policy="household",
    tag="hh",
    ways={
        Way.WITHIN: lambda household: household.unit_path,
        Way.MEMBER: lambda household: contacts_of(household.id),
    },
    sort=lambda household: (household.unit_path, household.sorting),
    ties=lambda household: (household.unit_path, household.sorting),
    filter=HouseholdFilter,
    orders={
        "PLACE": lambda household: (household.unit_path,),
        "NAME": lambda household: (household.sorting,),
    },
    totals=HouseholdTotals,
)
class Household:
    """住户 / A household."""

    name: str = column("户名 / Its door.")
    residents: int = column("人口 / How many live there.")
    closed_on: date | None = column(CLOSED)
    place: list[str] = column(PLACE, lambda household: place(household.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda household, unit: unit.path == household.unit_path, UNIT)


# --- commands ---------------------------------------------------------------------------------------------------------


class CreateHouseholdInput:
    """登记住户 / Record a household."""

    unit: Record = belongs_to("OrgUnit", OF)
    name: str = given(NAME)
    residents: int | None = given(RESIDENTS)


class HouseholdRow:
    """名册的一户 / A row of a list of households."""

    name: str = given(NAME)
    residents: int | None = given(RESIDENTS)


class RecordHouseholdsInput:
    """按名册登记住户，有一处不符则全不保存 / Record the households of a list, all or none."""

    unit: Record = belongs_to("OrgUnit", OF)
    households: list[HouseholdRow] = rows("各户，最多 500 行 / The households, at most 500 rows.")


class UpdateHouseholdInput:
    """修改住户 / Change a household."""

    household: Record = target("Household", HOUSEHOLD)
    version: int = version()
    name: str | None = given(NAME)
    residents: int | None = given(RESIDENTS)


class CloseHouseholdInput:
    """停用住户，其联系随之终止 / Close a household; contact with it ends on that day."""

    household: Record = target("Household", HOUSEHOLD)
    version: int = version()
    on: date = given(CLOSING)


COMMANDS = {
    "create_household": command(commands.create, CreateHouseholdInput, "household:create", returns="Household"),
    "record_households": command(
        commands.record_all,
        RecordHouseholdsInput,
        "household:create",
        returns="OrgUnit",
        report=("recorded", RecordedRow),
    ),
    "update_household": command(
        commands.update, UpdateHouseholdInput, "household:update", returns="Household", when=still_open
    ),
    "close_household": command(
        commands.close, CloseHouseholdInput, "household:close", returns="Household", when=still_open
    ),
}
