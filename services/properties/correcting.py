"""Corrections of contracts, coverages and owners' committees: see `services.storage.correcting`.

A day, or whose a term is, is set right; what never was is struck out, and the compound is what is left. Compounds and
buildings that never were are struck out as well, where nothing hangs on them; what was closed, `reopening` opens again.
"""

from collections.abc import Iterator
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, delete, func, select

from services.errors import ProblemCode, rejected
from services.names import proper
from services.organization.tables import units
from services.properties.tables import (
    COMMITTEES,
    CONTRACTS,
    COVERAGES,
    buildings,
    compounds,
    contracts,
    coverages,
    owners_committees,
    phases,
    sharings,
)
from services.storage import correcting
from services.storage.closing import only_open
from services.storage.correcting import Days, Succession
from services.storage.tables import KEEPING, METADATA, aliased
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import Amiss


async def correct_contract(
    tx: Transaction, *, contract: Record, reason: str, company: Record | None = None, **days: Unpack[Days]
) -> Outcome:
    """Set right a contract's days or its company, which must not be closed; its id."""
    only_open(company=company)
    whose = {} if company is None else {"company_id": company["id"]}
    made = await _correct(tx, "contract", CONTRACTS, contract, reason, **whose, **days)
    if company is not None:
        await correcting.another_beside(tx, CONTRACTS, contract["id"], "company_id", "company")
    return made


async def correct_coverage(
    tx: Transaction, *, coverage: Record, reason: str, party_organization: Record | None = None, **days: Unpack[Days]
) -> Outcome:
    """Set right a coverage's days or its branch, which must be open and reach the compound; its id."""
    only_open(party_organization=party_organization)
    if party_organization is None:
        return await _correct(tx, "coverage", COVERAGES, coverage, reason, **days)
    if not coverage["unit_path"].startswith(party_organization["unit_path"]):
        zh, en = "小区不在该党组织所在单元内。", "The compound lies outside the unit the branch lies in."
        raise rejected(ProblemCode.OUT_OF_REACH, "party_organization", zh, en)
    whose = {"organization_id": party_organization["id"], "organization_path": party_organization["unit_path"]}
    return await _correct(tx, "coverage", COVERAGES, coverage, reason, **whose, **days)


async def correct_committee(tx: Transaction, *, committee: Record, reason: str, **days: Unpack[Days]) -> Outcome:
    """Set right an owners' committee's days; its id. The database keeps the posts in it within its term."""
    return await _correct(tx, "committee", COMMITTEES, committee, reason, **days)


async def strike_out_contract(tx: Transaction, *, contract: Record, reason: str) -> Outcome:
    """Remove a contract that never was, and give back what it cut; the compound's id."""
    return await _strike_out(tx, "contract", CONTRACTS, contract, reason)


async def strike_out_coverage(tx: Transaction, *, coverage: Record, reason: str) -> Outcome:
    """Remove a coverage that never was; the compound's id."""
    return await _strike_out(tx, "coverage", COVERAGES, coverage, reason)


async def strike_out_committee(tx: Transaction, *, committee: Record, reason: str) -> Outcome:
    """Remove an owners' committee that never was, in which nobody has held a post; the compound's id."""
    return await _strike_out(tx, "committee", COMMITTEES, committee, reason)


HANGING: tuple[tuple[Table, str, str], ...] = (
    (buildings, "楼栋", "buildings"),
    (phases, "分期", "phases"),
    (contracts, "物业合同", "contracts"),
    (coverages, "党组织覆盖", "coverages"),
    (owners_committees, "业委会", "owners' committees"),
    (sharings, "共享", "sharings"),
)


def bare(compound: Any) -> ColumnElement[bool]:
    """What nothing hangs on, be it over, of a compound, and nothing keeps on record."""
    return and_(*(~_hanging(aliased(table), compound) for table, _, _ in (*HANGING, *_keeping())))


def _keeping() -> Iterator[tuple[Table, str, str]]:
    """What areas above this one have, of which nothing is struck out."""
    for table in METADATA.sorted_tables:
        if KEEPING in table.info:
            yield table, *table.info[KEEPING]


def _hanging(of: Any, compound: Any) -> ColumnElement[bool]:
    return select(of.c.id).where(of.c.compound_id == compound.id).correlate_except(of).exists()


async def strike_out_compound(tx: Transaction, *, compound: Record, reason: str) -> UUID:
    """Remove a compound that never was, and where it was said to stand; the id of the unit it lay in.

    Rejected with what hangs on it, be it over, that is struck out first, and with what keeps it on record.
    """
    said = proper("reason", reason)
    await _refuse_hanging(tx, compound)
    await correcting.note(tx, compound, said)
    await tx.rows(delete(compounds).where(compounds.c.id == compound["id"]))
    unit: UUID = await tx.value(select(units.c.id).where(units.c.path == compound["unit_path"]))
    return unit


async def strike_out_building(tx: Transaction, *, building: Record, reason: str) -> UUID:
    """Remove a building that never was; the compound's id. What hangs on it is of areas above: the database refuses."""
    await correcting.note(tx, building, proper("reason", reason))
    await tx.rows(delete(buildings).where(buildings.c.id == building["id"]))
    compound: UUID = building["compound_id"]
    return compound


async def _refuse_hanging(tx: Transaction, compound: Record) -> None:
    amiss = Amiss()
    for tables, zh, en in (
        (HANGING, "该小区下仍有：{}。请先删除。", "On the compound hang: {}. Strike them out first."),
        (
            _keeping(),
            "该小区有{}，不能删除，可以停用。",
            "On record of it are {}: it can be closed, not struck out.",
        ),
    ):
        counts = [(await _count(tx, table, compound), *called) for table, *called in tables]
        if there := [each for each in counts if each[0]]:
            named_zh = "、".join(f"{called} {count}" for count, called, _ in there)
            named_en = ", ".join(f"{called} {count}" for count, _, called in there)
            amiss.tell(ProblemCode.CLOSED, "compound", zh.format(named_zh), en.format(named_en))
    amiss.check()


async def _count(tx: Transaction, table: Table, compound: Record) -> int:
    found: int = await tx.value(select(func.count()).where(table.c.compound_id == compound["id"]))
    return found


async def _correct(tx: Transaction, field: str, of: Succession, row: Record, reason: str, **changes: object) -> Outcome:
    return Outcome(row["id"], await correcting.correct(tx, field, of, row, reason, changes))


async def _strike_out(tx: Transaction, field: str, of: Succession, row: Record, reason: str) -> Outcome:
    return Outcome(row["compound_id"], await correcting.strike_out(tx, field, of, row, reason))
