"""Commands that reorganize the territory; `schema.organization.units` offers them.

A merger, a move and a split report what goes where, a new code which codes follow; as a dry run that is all they do.
"""

from collections.abc import Mapping
from typing import Any

import strawberry
from sqlalchemy import literal, select, true

from schema.kit.commands import Caller, belongs_to, command, given, part, reference, row_id, rows, target, version
from schema.kit.texts import NAME
from services.errors import forbidden
from services.organization import commands as reorganization
from services.organization import merging, splitting
from services.organization.commands import RULES
from services.organization.paths import beneath
from services.organization.tables import OrgLevel, units
from services.organization.territory import LISTED, Fate
from services.storage.tables import BYTEWISE, aliased
from services.storage.transaction import Record

__all__ = ["COMMANDS", "RULES"]

CODE = "区划代码：短码或十二位，网格与网点续编 / Its code: short or of twelve digits, longer below a community."
UNIT = "单元 / The unit."


class Moved:
    """调整明细：一行，或某类的总数 / What goes where: a single row, or how many of a kind."""

    kind: str = given("类型名 / The type, by its name.")
    fate: Fate = given("去向，失去者列在最前 / What becomes of it; what is lost is listed first.")
    id: strawberry.ID | None = row_id("该行的全局标识，总数为空 / The row's global id; null for a total.")
    name: str | None = given(
        f"该行的名称；逐行最多列 {LISTED} 行 / Its name; at most {LISTED} rows are listed one by one."
    )
    from_place: list[str] = given("原所在地，自县级起 / From where, the names from the county down.")
    to_place: list[str] = given("新所在地，自县级起；不变则相同 / To where; the same for what stays.")
    count: int = given("数量；总数含所有下级 / How many; a total counts everything below as well.")


class CreateUnitInput:
    """新设单元 / Make a unit."""

    parent: Record = belongs_to("OrgUnit", "上级单元 / The unit above.")
    name: str = given(NAME)
    code: str = given(CODE)
    level: OrgLevel = given("层级，须低于上级单元 / Its level, lower than that of the unit above.")


class RenameUnitInput:
    """单元更名 / Give a unit another name."""

    unit: Record = target("OrgUnit", UNIT)
    version: int = version()
    name: str = given(NAME)


class RecodeUnitInput:
    """变更区划代码，连同下级：旧代码仍可查到 / Change a unit's code and those below it; old ones keep leading there."""

    unit: Record = target("OrgUnit", UNIT)
    version: int = version()
    code: str = given(CODE)
    below: bool | None = given(
        "下级代码随之变更；false 时仅变更本单元 / Codes below that begin with the old one follow; false: only this one."
    )


class Recoded:
    """代码变更明细：本单元及每个下级 / What becomes of the codes: a line for the unit and each one below it."""

    kind: str = given("类型名 / The type, by its name.")
    id: strawberry.ID | None = row_id("该单元的全局标识 / The unit's global id.")
    name: str = given("名称 / Its name.")
    old_code: str = given("原代码 / Its code before.")
    new_code: str = given(
        "新代码；不以原代码开头的下级不变 / From now on; the same where it does not begin with the old."
    )


class MoveUnitInput:
    """调整隶属：连同其中一切 / Put a unit, with everything in it, below another."""

    unit: Record = target("OrgUnit", UNIT)
    version: int = version()
    parent: Record = reference("OrgUnit", "新的上级单元 / The unit above from now on.", action="create")


class MergedUnit:
    """并入的单元 / A unit that merges into another."""

    unit: Record = part("OrgUnit", "同级单元 / A unit of the same level.", action="merge")
    version: int = version()


class MergeUnitsInput:
    """合并单元：其中一切、席位与代码并入留存者 / Merge units into one, with all that is in them, seats and codes."""

    unit: Record = target("OrgUnit", "留存的单元 / The unit that stays.")
    version: int = version()
    others: list[MergedUnit] = rows("并入的同级单元 / The units of its level to merge into it.")


class SplitPart:
    """分出的单元及其所得 / A new unit, and what goes to it: all that lies directly at the unit may be named."""

    name: str = given(NAME)
    code: str = given(CODE)
    units: list[Record] | None = reference("OrgUnit", "直接下级 / Units directly below.", action="split")
    party_organizations: list[Record] | None = reference(
        "PartyOrganization", "党组织 / Party organizations.", action="update"
    )
    members: list[Record] | None = reference("Member", "党员 / Members.", action="update")
    compounds: list[Record] | None = reference(
        "Compound", "小区，连同楼栋 / Compounds, with their buildings.", action="update"
    )
    companies: list[Record] | None = reference("PropertyCompany", "物业企业 / Companies.", action="update")
    items: list[Record] | None = reference("ServiceItem", "服务事项 / Services it publishes.", action="update")
    centres: list[Record] | None = reference(
        "Centre", "邻里中心，连同其工期、运营、走看、场地 / Centres, with all that belongs to them.", action="update"
    )
    facilities: list[Record] | None = reference("Facility", "设施 / Facilities.", action="update")
    shared_resources: list[Record] | None = reference(
        "SharedResource", "驻区单位共享的资源 / What partner units share with it.", action="update"
    )


class SplitUnitInput:
    """拆分单元：未列出的留在原单元 / Split a unit: what is not named stays with it."""

    unit: Record = target("OrgUnit", UNIT)
    version: int = version()
    into: list[SplitPart] = given("分出的单元 / The new units, of its level, beside it.")
    dissolved: bool | None = given(
        "撤销原单元：须全部列出，代码与席位归首个新单元 / Dissolve it; all must be named: codes go to the first."
    )


async def _may_recode(caller: Caller, unit: Record, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """FORBIDDEN unless the same right reaches everything below."""
    if arguments.get("below") is not False:
        own = aliased(units)
        lies = beneath(own.c.path, literal(unit["path"], BYTEWISE))
        reached = caller.within("OrgUnit", ("unit", "recode"), own.c)
        if await caller.tx.row(select(own.c.id).where(lies, reached.is_not(true())).limit(1)):
            raise forbidden()
    return {}


REPORT = ("moved", Moved)

COMMANDS = {
    "create_unit": command(reorganization.create, CreateUnitInput, "unit:create", returns="OrgUnit"),
    "rename_unit": command(reorganization.rename, RenameUnitInput, "unit:rename", returns="OrgUnit"),
    "recode_unit": command(
        reorganization.recode,
        RecodeUnitInput,
        "unit:recode",
        returns="OrgUnit",
        report=("recoded", Recoded),
        may=_may_recode,
    ),
    "move_unit": command(
        reorganization.move, MoveUnitInput, "unit:move", returns="OrgUnit", report=REPORT, access_changes=True
    ),
    "merge_units": command(
        merging.merge, MergeUnitsInput, "unit:merge", returns="OrgUnit", report=REPORT, access_changes=True
    ),
    "split_unit": command(
        splitting.split, SplitUnitInput, "unit:split", returns="OrgUnit", report=REPORT, access_changes=True
    ),
}
