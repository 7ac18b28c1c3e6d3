"""Corrections of contracts, coverages and owners' committees, each with its input.

Of compounds and buildings, what was closed by mistake is opened again, and what never was is struck out.
"""

from datetime import date

import strawberry

from schema.kit.commands import command, given, last_day, reference, row_id, target, version
from schema.kit.corrections import CHANGED, REASON, SINCE, UNTIL
from schema.kit.states import closed, still_open
from schema.properties.compound_commands import BUILDING, COMMITTEE, COMPOUND
from services.properties import correcting, reopening
from services.storage.transaction import Record

CONTRACT = "物业合同 / The contract."
COVERAGE = "覆盖 / The coverage."


class CorrectContractInput:
    """更正物业合同：日期或企业有误 / Set right a contract that was entered wrongly: its days, or whose it is."""

    contract: Record = target("ManagementContract", CONTRACT)
    version: int = version()
    company: Record | None = reference("PropertyCompany", "正确的物业企业 / The company it is with.", when=still_open)
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


class ReopenCompoundInput:
    """恢复误停用的小区及因停用而终止的各项，不含楼长和任职 / Open a compound again, with all that closing it ended."""

    compound: Record = target("Compound", COMPOUND)
    version: int = version()
    reason: str = given(REASON)


class EndedByClosing:
    """停用之日终止的一项，及其是否恢复 / What ended on the day of the closing, and whether it runs again."""

    kind: str = given("类型名 / Its type's name.")
    id: strawberry.ID | None = row_id("全局标识 / Its global id.")
    restored: bool = given(
        "是否恢复；当日另行终止的、现已不能延续的不恢复，须另行更正"
        " / Whether it runs again. What was ended that day by itself does not, nor what cannot last any longer, as its"
        " company or branch was closed since: that is corrected by itself."
    )
    until: date | None = given("现在的末日或停用日期，无则为空 / Its last day from now on; null for none.")


class StrikeOutCompoundInput:
    """删除误登记且其下没有任何记录的小区 / Remove a compound that never was, and on which nothing hangs."""

    compound: Record = target("Compound", COMPOUND)
    version: int = version()
    reason: str = given(REASON)


class ReopenBuildingInput:
    """恢复误停用的楼栋；名称须未被占用 / Open a building again that was closed by mistake; its name must be free."""

    building: Record = target("Building", BUILDING)
    version: int = version()
    reason: str = given(REASON)


class StrikeOutBuildingInput:
    """删除误登记且没有任何记录的楼栋 / Remove a building that never was, and on which nothing hangs."""

    building: Record = target("Building", BUILDING)
    version: int = version()
    reason: str = given(REASON)


COMMANDS = {
    "reopen_compound": command(
        reopening.reopen_compound,
        ReopenCompoundInput,
        "compound:correct",
        returns="Compound",
        report=("ended", EndedByClosing),
        when=closed,
    ),
    "strike_out_compound": command(
        correcting.strike_out_compound,
        StrikeOutCompoundInput,
        "compound:correct",
        returns="OrgUnit",
        when=correcting.bare,
    ),
    "reopen_building": command(
        reopening.reopen_building, ReopenBuildingInput, "building:correct", returns="Building", when=closed
    ),
    "strike_out_building": command(
        correcting.strike_out_building, StrikeOutBuildingInput, "building:correct", returns="Compound"
    ),
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
