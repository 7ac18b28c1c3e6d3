"""Corrections of contracts, coverages and owners' committees, each with its input."""

from datetime import date

from schema.kit.commands import command, given, last_day, reference, target, version
from schema.kit.corrections import CHANGED, REASON, SINCE, UNTIL
from schema.properties.compound_commands import COMMITTEE
from services.properties import correcting
from services.storage.transaction import Record

CONTRACT = "物业合同 / The contract."
COVERAGE = "覆盖 / The coverage."


class CorrectContractInput:
    """更正物业合同：日期或企业有误 / Set right a contract that was entered wrongly: its days, or whose it is."""

    contract: Record = target("ManagementContract", CONTRACT)
    version: int = version()
    company: Record | None = reference("PropertyCompany", "正确的物业企业 / The company it is with.")
    since: date | None = given(SINCE)
    until: date | None = last_day(UNTIL)
    reason: str = given(REASON)


class StrikeOutContractInput:
    """删除本不存在的物业合同，恢复其截短的前一合同 / Remove a contract that never was; what it cut is given back."""

    contract: Record = target("ManagementContract", CONTRACT)
    version: int = version()
    reason: str = given(REASON)


class CorrectCoverageInput:
    """更正党组织覆盖：日期或党组织有误 / Set right a coverage that was entered wrongly: its days, or whose it is."""

    coverage: Record = target("BranchCoverage", COVERAGE)
    version: int = version()
    party_organization: Record | None = reference("PartyOrganization", "正确的党组织 / The organization that covers.")
    since: date | None = given(SINCE)
    until: date | None = last_day(UNTIL)
    reason: str = given(REASON)


class StrikeOutCoverageInput:
    """删除本不存在的覆盖 / Remove a coverage that never was."""

    coverage: Record = target("BranchCoverage", COVERAGE)
    version: int = version()
    reason: str = given(REASON)


class CorrectOwnersCommitteeInput:
    """更正业委会任期 / Set right the term of an owners' committee that was entered wrongly."""

    committee: Record = target("OwnersCommittee", COMMITTEE)
    version: int = version()
    since: date | None = given(SINCE)
    until: date | None = last_day(UNTIL)
    reason: str = given(REASON)


class StrikeOutOwnersCommitteeInput:
    """删除本不存在且无人任职的业委会 / Remove an owners' committee that never was, and in which nobody held a post."""

    committee: Record = target("OwnersCommittee", COMMITTEE)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "correct_contract": command(
        correcting.correct_contract,
        CorrectContractInput,
        "contract:correct",
        returns="ManagementContract",
        report=CHANGED,
    ),
    "strike_out_contract": command(
        correcting.strike_out_contract, StrikeOutContractInput, "contract:correct", returns="Compound", report=CHANGED
    ),
    "correct_coverage": command(
        correcting.correct_coverage, CorrectCoverageInput, "coverage:correct", returns="BranchCoverage", report=CHANGED
    ),
    "strike_out_coverage": command(
        correcting.strike_out_coverage, StrikeOutCoverageInput, "coverage:correct", returns="Compound", report=CHANGED
    ),
    "correct_owners_committee": command(
        correcting.correct_committee,
        CorrectOwnersCommitteeInput,
        "owners_committee:correct",
        returns="OwnersCommittee",
        report=CHANGED,
    ),
    "strike_out_owners_committee": command(
        correcting.strike_out_committee,
        StrikeOutOwnersCommitteeInput,
        "owners_committee:correct",
        returns="Compound",
        report=CHANGED,
    ),
}
