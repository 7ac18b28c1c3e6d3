"""Phases 期 of a great compound 大小区 are recorded, changed and struck out."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete, select

from services.errors import ProblemCode, Rule, rejected
from services.names import proper
from services.properties.tables import buildings, compounds, phases
from services.storage import correcting
from services.storage.closing import only_open
from services.storage.transaction import Record, Transaction
from services.storage.validation import valid


class Extent(TypedDict, total=False):
    """What is known of a phase beside its name."""

    number: int | None
    households: int | None
    completed_on: date | None


class PhaseChanges(Extent, total=False):
    """What an update may change of a phase."""

    name: str | None


async def create(tx: Transaction, *, compound: Record, name: str, **extent: Unpack[Extent]) -> UUID:
    """Record a phase of a compound; its id. Its name and its number, if it has one, are its own in the compound."""
    only_open(compound=compound)
    values = valid(phases, {"name": name, **extent})
    return await tx.insert(phases, compound_id=compound["id"], unit_path=compound["unit_path"], **values)


async def update(tx: Transaction, *, phase: Record, **changes: Unpack[PhaseChanges]) -> UUID:
    """Change what is given; its id. A number of null is none. Rejected where its compound is closed."""
    await only_in_open(tx, "phase", phase)
    return await tx.update(phases, phase["id"], **valid(phases, changes))


async def strike_out(tx: Transaction, *, phase: Record, reason: str) -> UUID:
    """Remove a phase that should not be there; the compound's id. Buildings that are closed are let go of it.

    The database refuses while another building is in it: that one can be put elsewhere, which a closed one cannot.
    """
    await correcting.note(tx, phase, proper("reason", reason))
    closed = select(buildings.c.id).where(buildings.c.phase_id == phase["id"], buildings.c.closed_on.is_not(None))
    let_go = await tx.rows(closed.order_by(buildings.c.id).with_for_update())
    await tx.update_all(buildings, [{**row, "phase_id": None} for row in let_go])
    await tx.rows(delete(phases).where(phases.c.id == phase["id"]))
    compound: UUID = phase["compound_id"]
    return compound


async def only_in_open(tx: Transaction, field: str, row: Record) -> None:
    """Rejected, for the field the row was named by, where the compound it belongs to is closed."""
    # Shared, so that nobody closes it meanwhile.
    around = select(compounds.c.closed_on).where(compounds.c.id == row["compound_id"]).with_for_update(read=True)
    if await tx.value(around) is not None:
        raise rejected(ProblemCode.CLOSED, field, "所在小区已停用。", "Its compound is closed.")


def placed(compound: UUID, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given of a building, its phase as a column. Rejected OUT_OF_REACH where it is another compound's."""
    made = dict(given)
    if "phase" in made:
        phase: Record | None = made.pop("phase")
        if phase and phase["compound_id"] != compound:
            zh, en = "该分期不属于此小区。", "The phase is one of another compound."
            raise rejected(ProblemCode.OUT_OF_REACH, "phase", zh, en)
        made["phase_id"] = phase and phase["id"]
    return made


# What a violated constraint means to a user.
RULES: Mapping[str, Rule] = {
    "compound_phase_compound_id_folded_key": Rule(
        "name", "该小区已有同名分期。", "The compound has a phase of this name.", ProblemCode.TAKEN
    ),
    "compound_phase_compound_id_number_key": Rule(
        "number", "该小区已有此期。", "The compound has a phase of this number.", ProblemCode.TAKEN
    ),
    "building_phase_id_compound_id_fkey": Rule(
        "phase",
        "该分期内仍有楼栋，请先将其移出。",
        "Buildings stand in the phase: put them into another one, or none, first.",
        ProblemCode.CLOSED,
    ),
}
