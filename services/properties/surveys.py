"""A survey: the buildings of a compound as somebody found them, recorded all at once or not at all."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.errors import ProblemCode
from services.names import fold
from services.properties.compounds import RULES
from services.properties.phases import placed
from services.properties.tables import buildings as table
from services.storage.closing import only_open
from services.storage.tables import BYTEWISE
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import UNKNOWN, Amiss, names, nth, twins, valid

NAMED = "building_name_excl"
KNOWN = ("name", "folded", "households", "storeys", "phase_id")  # of a building, what a survey may change
NEW: Mapping[str, Any] = {"households": 0, "storeys": None, "phase_id": None}
BUILDINGS = "buildings"
Rows = Sequence[Mapping[str, Any]]


async def record_buildings(tx: Transaction, *, compound: Record, buildings: Rows) -> Outcome:
    """Record the buildings that have no row yet, change those that have; which row became which building.

    Rejected with every problem of every row. A name is free that its building gives up in the same survey: two that
    stand in each other's place exchange theirs.
    """
    made = await _checked(tx, compound=compound, buildings=buildings)
    await _write(tx, compound, made, buildings)
    return Outcome(compound["id"], [{"row": n, "kind": table.name, "id": row["id"]} for n, row in made.items()])


async def _checked(tx: Transaction, *, compound: Record, buildings: Rows) -> Mapping[int, Record]:
    """What becomes of each row; Rejected with every problem of every row."""
    only_open(compound=compound)
    amiss = Amiss()
    if not buildings:
        amiss.tell(ProblemCode.INCOMPLETE, BUILDINGS, "至少填写一行。", "Give one row at least.")
    made: dict[int, Record] = {}
    _no_row_twice(amiss, buildings)
    for number, given in enumerate(buildings):
        with amiss.within(_row(number)):
            made[number] = _columns(compound, given)
    await _names_of_their_own(tx, amiss, compound, buildings)
    amiss.check()
    return made


def _row(number: int) -> str:
    return f"{BUILDINGS}.{number}"


def _no_row_twice(amiss: Amiss, buildings: Rows) -> None:
    seen: dict[UUID, int] = {}
    for number, given in enumerate(buildings):
        if building := given.get("building"):
            earlier = seen.setdefault(building["id"], number)
            if earlier != number:
                zh, en = nth(BUILDINGS, earlier)
                texts = f"{zh}已是此楼栋。", f"The building is that of {en} already."
                amiss.tell(ProblemCode.INVALID, f"{_row(number)}.building", *texts)


def _columns(compound: Record, given: Mapping[str, Any]) -> Record:
    """What becomes of a row: all of a new building, or the id and what may change of one that is there."""
    building = given.get("building")
    amiss = Amiss()
    said = _said(amiss, compound, given)
    if building is None:
        place = {"id": uuid4(), "compound_id": compound["id"], "unit_path": compound["unit_path"]}
        with amiss.within():
            said = valid(table, {"name": None, **said})
        amiss.check()
        return {**place, **NEW, **said}
    if building is not UNKNOWN and building["compound_id"] != compound["id"]:
        zh, en = "该楼栋不在此小区。", "The building is not in this compound."
        amiss.tell(ProblemCode.OUT_OF_REACH, "building", zh, en)
    values: Mapping[str, Any] = {}
    with amiss.within():
        only_open(building=building)
    with amiss.within():
        values = valid(table, said)
    amiss.check()
    known = {name: building.get(name) for name in ("id", *KNOWN)}
    return {**known, **values}


def _said(amiss: Amiss, compound: Record, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a row says of its building, as columns; without its phase where that is another compound's."""
    said = {name: value for name, value in given.items() if name not in ("building", "phase")}
    with amiss.within():
        said |= placed(compound["id"], {name: given[name] for name in given.keys() & {"phase"}})
    return said


async def _names_of_their_own(tx: Transaction, amiss: Amiss, compound: Record, buildings: Rows) -> None:
    """Tell of every name that another open building of the compound has, or an earlier row."""
    named = names(buildings)
    one_of = any_(literal([*named.values()], ARRAY(BYTEWISE)))
    of = table.c.compound_id == compound["id"], table.c.closed_on.is_(None)
    found = select(table.c.id, table.c.folded).where(*of, table.c.folded == one_of)
    becoming = _becoming(buildings)
    kept = (row for row in await tx.rows(found) if becoming.get(row["id"], row["folded"]) == row["folded"])
    holders: dict[str, UUID] = {row["folded"]: row["id"] for row in kept}
    for number, name in named.items():
        building = buildings[number].get("building")
        known = building is not UNKNOWN  # whose name it would be, otherwise, is not
        if known and name in holders and (building is None or building["id"] != holders[name]):
            amiss.tell(ProblemCode.TAKEN, f"{_row(number)}.name", RULES[NAMED].zh, RULES[NAMED].en)
    amiss.add(twins(BUILDINGS, {number: name for number, name in named.items() if name not in holders}))


def _becoming(buildings: Rows) -> Mapping[UUID, str]:
    """What the buildings that are renamed will be called, as names are compared, whatever else is amiss with them."""
    renamed = [given for given in buildings if given.get("building") and "name" in given]
    return {given["building"]["id"]: fold(given["name"] or "") for given in renamed}


async def _write(tx: Transaction, compound: Record, made: Mapping[int, Record], buildings: Rows) -> None:
    """Write it; where somebody has taken a name meanwhile, which row's it was is still told."""
    new = [row for row in made.values() if "compound_id" in row]
    try:
        async with tx.connection.transaction():
            await tx.update_all(table, [row for row in made.values() if "compound_id" not in row])
            await tx.insert_all(table, new)
            await tx.connection.execute(f"SET CONSTRAINTS {NAMED} IMMEDIATE")
    except asyncpg.ExclusionViolationError:
        amiss = Amiss()
        await _names_of_their_own(tx, amiss, compound, buildings)
        amiss.check()
        raise
