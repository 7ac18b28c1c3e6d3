"""Corrections of contracts, coverages and owners' committees: see `services.storage.correcting`.

A day, or whose a term is, is set right; what never was is struck out, and the compound is what is left.
"""

from typing import Unpack

from services.errors import ProblemCode, rejected
from services.properties.tables import COMMITTEES, CONTRACTS, COVERAGES
from services.storage import correcting
from services.storage.closing import only_open
from services.storage.correcting import Days, Succession
from services.storage.transaction import Outcome, Record, Transaction


async def correct_contract(
    tx: Transaction, *, contract: Record, reason: str, company: Record | None = None, **days: Unpack[Days]
) -> Outcome:
    """Set right a contract's days or its company, which must not be closed; its id."""
    only_open(company=company)
    whose = {} if company is None else {"company_id": company["id"]}
    return await _correct(tx, "contract", CONTRACTS, contract, reason, **whose, **days)


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
    return await _strike_out(tx, CONTRACTS, contract, reason)


async def strike_out_coverage(tx: Transaction, *, coverage: Record, reason: str) -> Outcome:
    """Remove a coverage that never was; the compound's id."""
    return await _strike_out(tx, COVERAGES, coverage, reason)


async def strike_out_committee(tx: Transaction, *, committee: Record, reason: str) -> Outcome:
    """Remove an owners' committee that never was, in which nobody has held a post; the compound's id."""
    return await _strike_out(tx, COMMITTEES, committee, reason)


async def _correct(tx: Transaction, field: str, of: Succession, row: Record, reason: str, **changes: object) -> Outcome:
    return Outcome(row["id"], await correcting.correct(tx, field, of, row, reason, changes))


async def _strike_out(tx: Transaction, of: Succession, row: Record, reason: str) -> Outcome:
    return Outcome(row["compound_id"], await correcting.strike_out(tx, of, row, reason))
