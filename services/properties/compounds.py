"""Commands about compounds 小区, their buildings 楼栋 and owners' committees 业委会.

The rows a command is given are locked. What it refuses for a value's sake it refuses itself; what two at once could
break is the database's to refuse (`RULES`).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from services.errors import ProblemCode, Rule, rejected
from services.organization import between
from services.organization.tables import OrgLevel
from services.properties.closing import end_within
from services.properties.doubles import alike
from services.properties.phases import placed
from services.properties.sharings import refuse_sharer
from services.properties.tables import (
    COMMITTEES,
    buildings,
    compounds,
    owners_committees,
)
from services.storage.closing import cancel, end, lately, only_open, past, recent
from services.storage.correcting import OUTLASTS
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import Amiss, valid
from services.terms import BACKWARDS, only_running

LEVELS = (OrgLevel.COMMUNITY, OrgLevel.GRID)  # of the units a compound lies in


CORRECTION = "correctOwnersCommittee"


class Survey(TypedDict, total=False):
    """What is known of a compound beside its name."""

    address: str | None
    households: int | None
    residents: int | None
    party_members: int | None
    surveyed_on: date | None


class CompoundChanges(Survey, total=False):
    """What an update may change of a compound; `unit` moves it, with all that belongs to it."""

    name: str | None
    unit: Record | None


class Size(TypedDict, total=False):
    """What is known of a building beside its name."""

    households: int | None
    storeys: int | None
    phase: Record | None


class BuildingChanges(Size, total=False):
    """What an update may change of a building."""

    name: str | None


class CommitteeChanges(TypedDict, total=False):
    """What an update may change of an owners' committee."""

    name: str | None
    until: date | None


async def create_compound(tx: Transaction, *, unit: Record, name: str, **survey: Unpack[Survey]) -> Outcome:
    """Record a compound in a community or a grid; its id, and which may be the same one, recorded before."""
    values = await _compound(tx, {"unit": unit, "name": name, **survey})
    similar = await alike(tx, unit, values)
    return Outcome(await tx.insert(compounds, **values), similar)


async def update_compound(tx: Transaction, *, compound: Record, **changes: Unpack[CompoundChanges]) -> UUID:
    """Change what is given; its id. OUT_OF_REACH where a move would leave its branch behind."""
    only_open(compound=compound)
    values = await _compound(tx, changes, compound)
    changed = await tx.update(compounds, compound["id"], **values)
    if "unit_path" in values:
        await between.arrive(tx, values["unit_path"])
    return changed


async def close_compound(tx: Transaction, *, compound: Record, on: date) -> UUID:
    """Close it and its buildings, and end its contract, coverage, committee and sharings on that day; its id.

    Rejected with all that begins after the day, and where captains or committee posts run on: these belong to areas
    above this one, so each is ended by someone who gives a reason, and is told.
    """
    only_open(compound=compound)
    await lately(tx, "on", on)
    await end_within(tx, compound, on)
    return await tx.update(compounds, compound["id"], closed_on=on)


async def create_building(tx: Transaction, *, compound: Record, name: str, **size: Unpack[Size]) -> UUID:
    """Record a building; its id. Its name is its own among the compound's open ones, its phase one of the compound."""
    only_open(compound=compound)
    values = _building(compound["id"], {"name": name, **size})
    return await tx.insert(buildings, compound_id=compound["id"], unit_path=compound["unit_path"], **values)


async def update_building(tx: Transaction, *, building: Record, **changes: Unpack[BuildingChanges]) -> UUID:
    """Change what is given; its id. A phase of null is none."""
    only_open(building=building)
    values = _building(building["compound_id"], changes)
    return await tx.update(buildings, building["id"], **values)


async def close_building(tx: Transaction, *, building: Record, on: date) -> UUID:
    """Close it; its id. The database refuses while a captain is in office."""
    only_open(building=building)
    return await tx.update(buildings, building["id"], closed_on=await lately(tx, "on", on))


async def create_owners_committee(
    tx: Transaction, *, compound: Record, name: str, since: date, until: date | None = None
) -> UUID:
    """Record the committee elected for a term; its id."""
    only_open(compound=compound)
    values = valid(owners_committees, {"name": name, "since": since, "until": until})
    return await tx.insert(owners_committees, compound_id=compound["id"], unit_path=compound["unit_path"], **values)


async def update_owners_committee(tx: Transaction, *, committee: Record, **changes: Unpack[CommitteeChanges]) -> UUID:
    """Change its name or its last day; its id. Rejected as `end_owners_committee` is where that lies too far back, and
    where it is over: then its days are for a correction.
    """
    if "until" in changes and (until := changes["until"]) != committee["until"]:
        only_running("until", committee["until"])
        if until is not None:
            await recent(tx, "until", until, CORRECTION)
    return await tx.update(owners_committees, committee["id"], **valid(owners_committees, changes))


async def end_owners_committee(tx: Transaction, *, committee: Record, on: date) -> UUID:
    """Make `on` its last day; its id. The database refuses while a post in it would run on."""
    return await end(tx, owners_committees, committee, on, correction=CORRECTION)


async def cancel_owners_committee(tx: Transaction, *, committee: Record) -> UUID:
    """Take back one that begins today or later; the compound's id."""
    await cancel(tx, "committee", COMMITTEES, committee)
    compound: UUID = committee["compound_id"]
    return compound


async def _compound(tx: Transaction, given: Mapping[str, Any], moved: Record | None = None) -> dict[str, Any]:
    """What is given of a compound, as columns; Rejected for all that is amiss. `moved` is one that is there."""
    amiss = Amiss()
    values: dict[str, Any] = {}
    if "unit" in given:
        with amiss.within():
            values["unit_path"] = _place(given["unit"])
            if moved is not None:
                await refuse_sharer(tx, moved, values["unit_path"])
    if surveyed_on := given.get("surveyed_on"):
        with amiss.within():
            values["surveyed_on"] = await past(tx, "surveyed_on", surveyed_on)
    elsewhere = ("unit", "surveyed_on") if surveyed_on else ("unit",)
    with amiss.within():
        values |= valid(compounds, {name: value for name, value in given.items() if name not in elsewhere})
    amiss.check()
    return values


def _building(compound: UUID, given: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a building of a compound."""
    amiss = Amiss()
    values: dict[str, Any] = {}
    with amiss.within():
        values |= placed(compound, {name: given[name] for name in given.keys() & {"phase"}})
    with amiss.within():
        values |= valid(buildings, {name: value for name, value in given.items() if name != "phase"})
    amiss.check()
    return values


def _place(unit: Record | None) -> Any:
    if unit is None or unit["level"] not in LEVELS:
        zh, en = "小区须属于村（社区）或网格。", "A compound lies in a community or a grid."
        raise rejected(ProblemCode.INVALID, "unit", zh, en)
    return unit["path"]


# What a violated constraint means to a user; the last two close while terms of areas above run on in it.
RULES: Mapping[str, Rule] = {
    "owners_committee_compound_check": OUTLASTS,
    "building_name_excl": Rule(
        "name", "该小区已有同名楼栋。", "The compound has a building of this name.", ProblemCode.TAKEN
    ),
    "owners_committee_excl": Rule(
        "since", "该小区在这段时间已有业委会。", "The compound has an owners' committee at that time already."
    ),
    "owners_committee_term_check": BACKWARDS,
    "building_captain_term_check": Rule(
        "on",
        "仍有楼栋的楼长在任，请先办理卸任。",
        "A building has a captain in office after this day: end the term first.",
        ProblemCode.CLOSED,
    ),
    "owners_committee_post_check": Rule(
        "on",
        "业委会中仍有人在此日之后任职，请先办理卸任。",
        "A post in the owners' committee runs on after this day: end it first.",
        ProblemCode.CLOSED,
        also=("until",),
    ),
}
