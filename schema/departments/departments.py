"""Departments 部门, and the commands about them."""

from datetime import date

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.entities import column, entity, one
from schema.kit.numbers import measure
from schema.kit.states import still_open
from schema.kit.texts import CLOSED, CLOSING, HOW_MANY, IS_CLOSED, NAME, NAME_CONTAINS, PLACE, UNIT, VERSION
from schema.kit.words import closed, folded_contains
from schema.organization.units import OrgUnit
from services.departments import commands
from services.departments.tables import departments
from services.organization.paths import place
from services.storage.transaction import Record

DEPARTMENT = "部门 / The department."


class DepartmentFilter:
    """筛选部门，各项须同时满足 / Which departments: every condition given must hold."""

    name_contains: str = folded_contains(NAME_CONTAINS)
    closed: bool = closed(IS_CLOSED)


class DepartmentTotals:
    """部门合计 / What departments come to."""

    count: int = measure(HOW_MANY)


@entity(
    departments,
    policy="department",
    tag="dp",
    ways={
        Way.WITHIN: lambda department: department.unit_path,
        Way.ABOVE: lambda department: department.unit_path,
        Way.DEPARTMENT: lambda department: department.id,
    },
    sort=lambda department: (department.unit_path,),
    ties=lambda department: (department.sorting,),
    filter=DepartmentFilter,
    orders={"PLACE": lambda department: (department.unit_path,), "NAME": lambda department: (department.sorting,)},
    totals=DepartmentTotals,
)
class Department:
    """部门：县直部门，如住建局；其经办人以此为席位 / A department of a county, where its officers are seated."""

    name: str = column(NAME)
    closed_on: date | None = column(CLOSED)
    place: list[str] = column(PLACE, lambda department: place(department.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda department, unit: unit.path == department.unit_path, UNIT)


# --- commands ---------------------------------------------------------------------------------------------------------


class CreateDepartmentInput:
    """登记部门 / Enter a department in the register of a county."""

    unit: Record = belongs_to("OrgUnit", "县级单元 / The county.")
    name: str = given(NAME)


class RenameDepartmentInput:
    """部门更名 / Give a department another name."""

    department: Record = target("Department", DEPARTMENT)
    version: int = version()
    name: str = given(NAME)


class CloseDepartmentInput:
    """撤销部门 / Record that a department is there no more."""

    department: Record = target("Department", DEPARTMENT)
    version: int = version()
    on: date = given(CLOSING)


COMMANDS = {
    "create_department": command(commands.create, CreateDepartmentInput, "department:create", returns="Department"),
    "rename_department": command(
        commands.rename, RenameDepartmentInput, "department:rename", returns="Department", when=still_open
    ),
    "close_department": command(
        commands.close, CloseDepartmentInput, "department:close", returns="Department", when=still_open
    ),
}
