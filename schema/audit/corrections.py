"""Why something was corrected or struck out, for those who may do so there: the audit trail is not theirs to read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from policies.scope import Way
from schema.appointments.posts import Post
from schema.audit.entries import of_entry
from schema.captains.assignments import CaptainAssignment
from schema.centres.operations import OperationTerm
from schema.kit.entities import Edge, column, connection, edge_to, entity, one
from schema.kit.texts import PLACE, UNIT
from schema.members.grids import GridTerm
from schema.members.members import Member
from schema.organization.units import OrgUnit
from schema.properties.branches import BranchCoverage
from schema.properties.companies import ManagementContract
from schema.properties.compounds import Building, Compound, OwnersCommittee
from schema.properties.phases import CompoundPhase
from schema.properties.sharings import CompoundSharing
from services.organization.paths import at_or_beneath, place
from services.storage.correcting import corrections


@entity(
    corrections,
    policy="correction",
    tag="cn",
    ways={Way.WITHIN: lambda correction: correction.unit_path},
    sort=lambda correction: (of_entry(correction.entry_id, "at"),),
)
class Correction:
    """更正：为何更正或删除一条记录 / Why something was corrected or struck out, which may be gone."""

    at: datetime | None = column("时间 / When.", lambda correction: of_entry(correction.entry_id, "at"))
    command: str | None = column(
        "操作，如 correctPost、strikeOutReport / The command, such as correctPost or strikeOutReport.",
        lambda correction: of_entry(correction.entry_id, "command"),
    )
    reason: str = column("原因 / Why.")
    place: list[str] = column(PLACE, lambda correction: place(correction.unit_path))
    unit: "OrgUnit | None" = one(lambda correction, unit: unit.path == correction.unit_path, UNIT)
    building: "Building | None" = one(
        lambda correction, building: building.id == of_entry(correction.entry_id, "about_id"),
        "所涉任职、反映所在楼栋 / The building of the term or the report it was about.",
    )
    compound: "Compound | None" = one(
        lambda correction, compound: compound.id == of_entry(correction.entry_id, "about_id"),
        "所涉合同、覆盖、业委会、分期、共享所在小区 / The compound what it was about is in.",
    )


def _of(row: Any, correction: Any) -> Any:
    return correction.row_id == row.id


CORRECTED: tuple[type, ...] = (
    *(CaptainAssignment, Post, ManagementContract, BranchCoverage, OwnersCommittee),
    *(Compound, Building, CompoundPhase, CompoundSharing, Member, GridTerm, OperationTerm),
)
CORRECTIONS: Mapping[str, Edge] = {
    of.__name__: edge_to(Correction, connection(_of, "历次更正的原因 / Why it was corrected, each time."))
    for of in CORRECTED
} | {
    "OrgUnit": edge_to(
        Correction,
        connection(
            lambda unit, correction: at_or_beneath(correction.unit_path, unit.path),
            "本单元及所有下级的更正 / What was corrected and struck out in this unit and all below it.",
        ),
    )
}
"""`corrections` of what can be corrected, and of units."""
