"""Commands about compounds 小区, buildings 楼栋 and owners' committees 业委会, each with its input."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from schema.kit.commands import (
    Caller,
    RecordedRow,
    belongs_to,
    command,
    given,
    last_day,
    part,
    reference,
    rows,
    target,
    version,
)
from schema.kit.states import at_level, not_over, still_open, to_come
from schema.kit.texts import CLOSING, ENDING, FIRST, LAST, NAME
from schema.properties.compounds import HOUSEHOLDS
from schema.properties.doubles import SimilarCompound
from schema.properties.states import to_close
from services.errors import forbidden
from services.properties import compounds, surveys
from services.properties.tables import compounds as table
from services.storage.tables import aliased
from services.storage.transaction import Record

COMPOUND = "小区 / The compound."
BUILDING = "楼栋 / The building."
COMMITTEE = "业委会 / The committee."
LIES_IN = "所在村（社区）或网格 / The community or grid it lies in."
ADDRESS = "地址 / Its address."
RESIDENTS = "居民人数 / How many residents."
PARTY_MEMBERS = "党员人数 / How many members of the Party."
SURVEYED_ON = "摸底日期，不晚于今天 / When it was surveyed; today at the latest."
STOREYS = "层数，1 至 200 / How many storeys, 1 to 200."
PHASE = "该小区的一期；null 为不属任何分期 / A phase of the compound; null for none."


class CreateCompoundInput:
    """登记小区 / Record a compound."""

    unit: Record = belongs_to("OrgUnit", LIES_IN)
    name: str = given(NAME)
    address: str | None = given(ADDRESS)
    households: int | None = given(HOUSEHOLDS)
    residents: int | None = given(RESIDENTS)
    party_members: int | None = given(PARTY_MEMBERS)
    surveyed_on: date | None = given(SURVEYED_ON)


class UpdateCompoundInput:
    """修改小区信息，或将其划入另一单元 / Change what is known of a compound, or the unit it lies in."""

    compound: Record = target("Compound", COMPOUND)
    version: int = version()
    unit: Record | None = reference("OrgUnit", LIES_IN, action="compound:create", when=at_level(*compounds.LEVELS))
    name: str | None = given(NAME)
    address: str | None = given(ADDRESS)
    households: int | None = given(HOUSEHOLDS)
    residents: int | None = given(RESIDENTS)
    party_members: int | None = given(PARTY_MEMBERS)
    surveyed_on: date | None = given(SURVEYED_ON)


class CloseCompoundInput:
    """停用小区：合同、覆盖、业委会、共享当日终止，楼栋一并停用 / Close a compound: what runs in it ends that day."""

    compound: Record = target("Compound", COMPOUND)
    version: int = version()
    on: date = given(CLOSING)


class CreateBuildingInput:
    """登记楼栋 / Record a building."""

    compound: Record = belongs_to("Compound", COMPOUND)
    name: str = given("名称，在小区未停用的楼栋中不重复 / Its name, its own among the compound's open buildings.")
    households: int | None = given(HOUSEHOLDS)
    storeys: int | None = given(STOREYS)
    phase: Record | None = reference("CompoundPhase", PHASE, action="update")


class UpdateBuildingInput:
    """修改楼栋信息 / Change what is known of a building."""

    building: Record = target("Building", BUILDING)
    version: int = version()
    name: str | None = given(
        "名称，在小区未停用的楼栋中不重复 / Its name, its own among the compound's open buildings."
    )
    households: int | None = given(HOUSEHOLDS)
    storeys: int | None = given(STOREYS)
    phase: Record | None = reference("CompoundPhase", PHASE, action="update")


class BuildingRow:
    """摸底的一栋楼 / A building as the survey found it."""

    building: Record | None = part(
        "Building",
        "已登记的楼栋；为空则新登记 / The building, if it has been recorded; a new one without.",
        action="update",
    )
    version: int | None = version()
    name: str | None = given(
        "名称，在小区未停用的楼栋中不重复，新楼栋必填 / Its own among the compound's open ones; a new one needs one."
    )
    households: int | None = given(HOUSEHOLDS)
    storeys: int | None = given(STOREYS)
    phase: Record | None = reference("CompoundPhase", PHASE, action="update")


class RecordBuildingsInput:
    """摸底楼栋：多栋一并登记或修改，有一处不符则全不保存 / Record the buildings of a compound, all or none."""

    compound: Record = belongs_to("Compound", COMPOUND)
    buildings: list[BuildingRow] = rows("各楼栋，最多 500 行 / The buildings, at most 500 rows.")


class CloseBuildingInput:
    """停用楼栋，须先办理楼长卸任 / Close a building that has no captain any more."""

    building: Record = target("Building", BUILDING)
    version: int = version()
    on: date = given(CLOSING)


class CreateOwnersCommitteeInput:
    """登记业委会 / Record the owners' committee elected for a term."""

    compound: Record = belongs_to("Compound", COMPOUND)
    name: str = given(NAME)
    since: date = given(FIRST)
    until: date | None = last_day(LAST)


class UpdateOwnersCommitteeInput:
    """修改业委会名称或任期末日 / Change a committee's name or last day."""

    committee: Record = target("OwnersCommittee", COMMITTEE)
    version: int = version()
    name: str | None = given(NAME)
    until: date | None = last_day(LAST)


class EndOwnersCommitteeInput:
    """终止业委会；只能提前，不能延后 / End a committee; an end is brought forward, never put off."""

    committee: Record = target("OwnersCommittee", COMMITTEE)
    version: int = version()
    on: date = given(ENDING)


class CancelOwnersCommitteeInput:
    """撤销尚未开始或今日开始的业委会 / Take back a committee whose term begins today or later."""

    committee: Record = target("OwnersCommittee", "业委会 / The committee.")
    version: int = version()


CREATE = "building", "create"


async def _may_record(caller: Caller, compound: Record, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """FORBIDDEN, for the first row of a new building, to whoever may only change those that are there."""
    new = next((n for n, row in enumerate(arguments["buildings"]) if row.get("building") is None), None)
    of = aliased(table)
    creating = select(of.c.id).where(of.c.id == compound["id"], caller.within("Compound", CREATE, of.c))
    if new is not None and await caller.tx.row(creating) is None:
        raise forbidden(("input", "buildings", str(new)))
    return {}


COMMANDS = {
    "create_compound": command(
        compounds.create_compound,
        CreateCompoundInput,
        "compound:create",
        returns="Compound",
        report=("similar", SimilarCompound),
        when=at_level(*compounds.LEVELS),
    ),
    "update_compound": command(
        compounds.update_compound, UpdateCompoundInput, "compound:update", returns="Compound", when=still_open
    ),
    "close_compound": command(
        compounds.close_compound, CloseCompoundInput, "compound:close", returns="Compound", when=to_close
    ),
    "create_building": command(
        compounds.create_building, CreateBuildingInput, "building:create", returns="Building", when=still_open
    ),
    "update_building": command(
        compounds.update_building, UpdateBuildingInput, "building:update", returns="Building", when=still_open
    ),
    "record_buildings": command(
        surveys.record_buildings,
        RecordBuildingsInput,
        "building:update",
        returns="Compound",
        may=_may_record,
        report=("recorded", RecordedRow),
        when=still_open,
    ),
    "close_building": command(
        compounds.close_building, CloseBuildingInput, "building:close", returns="Building", when=still_open
    ),
    "create_owners_committee": command(
        compounds.create_owners_committee,
        CreateOwnersCommitteeInput,
        "owners_committee:create",
        returns="OwnersCommittee",
        when=still_open,
    ),
    "update_owners_committee": command(
        compounds.update_owners_committee,
        UpdateOwnersCommitteeInput,
        "owners_committee:update",
        returns="OwnersCommittee",
    ),
    "end_owners_committee": command(
        compounds.end_owners_committee,
        EndOwnersCommitteeInput,
        "owners_committee:update",
        returns="OwnersCommittee",
        when=not_over,
    ),
    "cancel_owners_committee": command(
        compounds.cancel_owners_committee,
        CancelOwnersCommitteeInput,
        "owners_committee:update",
        returns="Compound",
        when=to_come,
    ),
}
