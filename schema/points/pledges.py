"""Pledges 承诺践诺评诺 and yearly appraisals 民主评议 of members, and the commands about them."""

from datetime import date

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import IntRange, numbers
from schema.kit.states import in_state
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.members.members import Member, at_hand
from schema.organization.units import OrgUnit
from schema.points.claims import by
from services.members.tables import name_of
from services.organization.paths import place
from services.points import pledging
from services.points.pledge_tables import AppraisalGrade, PledgeStatus, appraisals, pledges
from services.storage.transaction import Record

YEAR = "年度，不晚于今年 / The year, not to come."
STATUS = "承诺状态 / What became of it."
TEXT = "承诺内容，最多三百个字符，一行 / What is pledged, in one line of at most 300 characters."
DONE = "践诺情况，最多三百个字符，一行 / What was done about it, in one line of at most 300 characters."
GRADE = "评议等次 / The grade."
MEMBER = "党员 / The member."
WHOSE = "党员姓名 / The member's name."
PLEDGE, APPRAISAL = "承诺 / The pledge.", "民主评议 / The appraisal."


class PledgeFilter:
    """筛选承诺，各项须同时满足 / Which pledges: every condition given must hold."""

    year: IntRange = numbers("year", "年度 / Of these years.")
    status: list[PledgeStatus] = among(pledges.c.status, "承诺状态 / Of one of these states.")


class PledgeStatusCount:
    """一种状态的承诺数 / The pledges of one state."""

    status: PledgeStatus = column(STATUS)
    count: int = measure(HOW_MANY)


class PledgeTotals:
    """承诺合计 / What pledges come to."""

    count: int = measure(HOW_MANY)
    by_status: list[PledgeStatusCount] = grouped(PledgeStatusCount, "按状态 / By what became of them.")


@entity(
    pledges,
    policy="pledge",
    tag="pl",
    ways={Way.WITHIN: lambda pledge: pledge.unit_path, Way.MEMBER: lambda pledge: pledge.member_id},
    sort=lambda pledge: (pledge.year,),
    ties=lambda pledge: (pledge.year, pledge.unit_path),
    filter=PledgeFilter,
    orders={"PLACE": lambda pledge: (pledge.unit_path,), "YEAR": lambda pledge: (pledge.year,)},
    totals=PledgeTotals,
)
class Pledge:
    """承诺：党员承诺、践诺，由他人评诺 / What a member pledges and does, and whether another found it kept."""

    year: int = column("年度 / The year.")
    text: str = column("承诺内容 / What is pledged.")
    done: str | None = column("践诺情况 / What was done about it; null while nothing is said.")
    status: PledgeStatus = column(STATUS)
    assessed_on: date | None = column("评诺日期 / When it was assessed; null while it was not.")
    member_name: str = column(WHOSE, lambda pledge: name_of(pledge.member_id), brings="Member")
    place: list[str] = column(PLACE, lambda pledge: place(pledge.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda pledge, unit: unit.path == pledge.unit_path, UNIT)
    member: "Member | None" = one(lambda pledge, member: member.id == pledge.member_id, MEMBER)


class AppraisalFilter:
    """筛选民主评议，各项须同时满足 / Which appraisals: every condition given must hold."""

    year: IntRange = numbers("year", "年度 / Of these years.")
    grade: list[AppraisalGrade] = among(appraisals.c.grade, "评议等次 / Of one of these grades.")


class AppraisalGradeCount:
    """一个等次的评议数 / The appraisals of one grade."""

    grade: AppraisalGrade = column(GRADE)
    count: int = measure(HOW_MANY)


class AppraisalTotals:
    """民主评议合计 / What appraisals come to."""

    count: int = measure(HOW_MANY)
    by_grade: list[AppraisalGradeCount] = grouped(AppraisalGradeCount, "按等次 / By grade.")


@entity(
    appraisals,
    policy="appraisal",
    tag="ap",
    ways={Way.WITHIN: lambda appraisal: appraisal.unit_path, Way.MEMBER: lambda appraisal: appraisal.member_id},
    sort=lambda appraisal: (appraisal.year,),
    ties=lambda appraisal: (appraisal.year, appraisal.unit_path),
    filter=AppraisalFilter,
    orders={
        "PLACE": lambda appraisal: (appraisal.unit_path,),
        "YEAR": lambda appraisal: (appraisal.year,),
        "GRADE": lambda appraisal: (appraisal.grade,),
    },
    totals=AppraisalTotals,
)
class Appraisal:
    """民主评议：党员一年的评议等次 / A member's appraisal of one year."""

    year: int = column("年度 / The year.")
    grade: AppraisalGrade = column(GRADE)
    member_name: str = column(WHOSE, lambda appraisal: name_of(appraisal.member_id), brings="Member")
    place: list[str] = column(PLACE, lambda appraisal: place(appraisal.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda appraisal, unit: unit.path == appraisal.unit_path, UNIT)
    member: "Member | None" = one(lambda appraisal, member: member.id == appraisal.member_id, MEMBER)


# --- commands ---------------------------------------------------------------------------------------------------------


class MakePledgeInput:
    """作出承诺：由党员本人，或由社区代为登记 / Make a pledge: by the member, or by the community for them."""

    member: Record = belongs_to("Member", MEMBER)
    year: int = given(YEAR)
    text: str = given(TEXT)


class KeepPledgeInput:
    """登记践诺情况 / Say what was done about a pledge."""

    pledge: Record = target("Pledge", PLEDGE)
    version: int = version()
    done: str = given(DONE)


class AssessPledgeInput:
    """评诺，评定后不再更改；不得评定本人的承诺 / Say whether a pledge was kept, once and for all; never one's own."""

    pledge: Record = target("Pledge", PLEDGE)
    version: int = version()
    kept: bool = given("是否践诺 / Whether it was kept.")


class AppraiseMemberInput:
    """登记民主评议，每年一次；不得登记本人的 / Record a member's appraisal, once a year; never one's own."""

    member: Record = belongs_to("Member", MEMBER)
    year: int = given(YEAR)
    grade: AppraisalGrade = given(GRADE)


class CorrectAppraisalInput:
    """更正民主评议 / Put an appraisal right."""

    appraisal: Record = target("Appraisal", APPRAISAL)
    version: int = version()
    grade: AppraisalGrade = given(GRADE)
    reason: str = given(REASON)


MADE = in_state(PledgeStatus.MADE)

COMMANDS = {
    "make_pledge": command(pledging.make, MakePledgeInput, "pledge:make", returns="Pledge", when=at_hand),
    "keep_pledge": command(pledging.keep, KeepPledgeInput, "pledge:make", returns="Pledge", when=MADE),
    "assess_pledge": command(pledging.assess, AssessPledgeInput, "pledge:assess", returns="Pledge", may=by, when=MADE),
    "appraise_member": command(pledging.appraise, AppraiseMemberInput, "appraisal:record", returns="Appraisal", may=by),
    "correct_appraisal": command(
        pledging.correct, CorrectAppraisalInput, "appraisal:record", returns="Appraisal", may=by
    ),
}
