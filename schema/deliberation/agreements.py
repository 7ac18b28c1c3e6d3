"""What joint meetings of an alliance agreed, who does it by when, and what became of it."""

from datetime import date

from sqlalchemy import Boolean

from schema.deliberation.alliances import ON, WAYS, WHY
from schema.deliberation.joint import AGREED, DONE_BY, DUE, MEETING, AllianceMeeting
from schema.kit.commands import command, given, last_day, target, version
from schema.kit.entities import column, entity, one, where
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, days
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from services.deliberation import agreements as commands
from services.deliberation.alliance_tables import agreements, is_late, still_open
from services.organization.paths import place
from services.storage.transaction import Record

AGREEMENT = "议定事项 / The agreement."
DROPPED = "取消原因，最多一百个字符，不写个人姓名、电话 / Why not, in at most 100 characters that name no person."


class AllianceAgreementFilter:
    """筛选议定事项，各项须同时满足 / Which agreements: every condition given must hold."""

    late: bool = where(
        lambda row, given: is_late(row) == given["late"], "是否逾期 / Whether it is late.", late=(Boolean(), bool)
    )
    open: bool = where(
        lambda row, given: still_open(row) == given["open"],
        "是否待办 / Whether it has yet to be done.",
        open=(Boolean(), bool),
    )
    due_on: DateRange = days("due_on", "期限 / Due on one of these days.")


class AllianceAgreementTotals:
    """议定事项合计 / What agreements come to."""

    count: int = measure(HOW_MANY)
    kept: int = measure("已办结 / Those that are done.", where=lambda row: row.done_on.is_not(None))
    dropped: int = measure("已取消 / Those that were dropped.", where=lambda row: row.dropped_on.is_not(None))
    late: int = measure("逾期 / Those that are late.", where=is_late)


@entity(
    agreements,
    policy="alliance",
    tag="aa",
    ways=WAYS,
    sort=lambda row: (row.due_on,),
    ties=lambda row: (row.due_on, row.agreed, row.meeting_id),
    filter=AllianceAgreementFilter,
    orders={"PLACE": lambda row: (row.unit_path,), "DUE_ON": lambda row: (row.due_on,)},
    totals=AllianceAgreementTotals,
)
class AllianceAgreement:
    """议定事项：联席会议商定由谁办什么 / What a joint meeting agreed that somebody is to do."""

    agreed: str = column("议定事项 / What was agreed.")
    agreed_on: date = column("商定日期，即会议之日 / When: the day of the meeting.")
    done_by: str = column("责任单位 / Which unit does it.")
    due_on: date = column("完成期限 / By when.")
    done_on: date | None = column("办结日期 / When it was done; null where it was not.")
    dropped_on: date | None = column("取消日期 / When it was dropped; null where it was not.")
    drop_reason: str | None = column("取消原因 / Why it was dropped.")
    late: bool = column("是否逾期：期限已过而未办结、未取消 / Whether its day passed without its being done.", is_late)
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    meeting: "AllianceMeeting | None" = one(lambda row, meeting: meeting.id == row.meeting_id, MEETING)


# --- commands ---------------------------------------------------------------------------------------------------------


class KeepAllianceAgreementInput:
    """议定事项已办结 / What was agreed is done."""

    agreement: Record = target("AllianceAgreement", AGREEMENT)
    version: int = version()
    on: date = given(f"办结日期；{ON}")


class DropAllianceAgreementInput:
    """取消议定事项 / What was agreed will not be done."""

    agreement: Record = target("AllianceAgreement", AGREEMENT)
    version: int = version()
    reason: str = given(DROPPED)


class CorrectAllianceAgreementInput:
    """更正议定事项；已取消的恢复待办 / Put an agreement right; one that was dropped is so no more."""

    agreement: Record = target("AllianceAgreement", AGREEMENT)
    version: int = version()
    agreed: str = given(AGREED)
    done_by: str = given(DONE_BY)
    due_on: date = given(DUE)
    done_on: date | None = last_day("办结日期，未办结为空 / When it was done; null where it was not.")
    reason: str = given(WHY)


COMMANDS = {
    "keep_alliance_agreement": command(
        commands.keep, KeepAllianceAgreementInput, "alliance:record", returns="AllianceAgreement", when=still_open
    ),
    "drop_alliance_agreement": command(
        commands.drop, DropAllianceAgreementInput, "alliance:record", returns="AllianceAgreement", when=still_open
    ),
    "correct_alliance_agreement": command(
        commands.correct, CorrectAllianceAgreementInput, "alliance:correct", returns="AllianceAgreement"
    ),
}
