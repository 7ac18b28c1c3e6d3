"""Claims 积分申报 of members, and the commands by which they are made and reviewed by somebody else."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from policies.scope import Way
from schema.kit.commands import Caller, belongs_to, command, given, reference, target, version
from schema.kit.entities import column, entity, one
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.states import in_state
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.members.members import Member, at_hand
from schema.organization.units import OrgUnit
from schema.points.rules import PointRule
from services.members.tables import name_of
from services.organization.paths import place
from services.points import claiming
from services.points.tables import ClaimStatus, claims, rule_name
from services.storage.transaction import Record

STATUS = "申报状态 / What became of it."
DONE = (
    "完成日期，不晚于今天，最多可追溯九十二天；积分归当日服务的单元"
    " / When it was done: not to come, and 92 days ago at most. Points are of where the member served then."
)
TEXT = "说明，最多二百个字符，一行 / What was done, in one line of at most 200 characters."
TIMES = (
    "次数或小时数，以规则的计分单位计，1 至 24，默认 1；按此计分，并计入每季度次数"
    " / How often, by the rule's unit, as for how many hours; 1 to 24, once by default. Points are given for each, and"
    " each counts as once in the quarter."
)
ANSWER = "未通过的理由，最多二百个字符，一行 / Why it was refused, in one line of at most 200 characters."
RULE = "积分规则 / The rule."
MEMBER = "申报积分的党员 / Whose points these are."
CLAIM = "积分申报 / The claim."


class PointClaimFilter:
    """筛选积分申报，各项须同时满足 / Which claims: every condition given must hold."""

    status: list[ClaimStatus] = among(claims.c.status, "申报状态 / Of one of these states.")
    done_on: DateRange = days("done_on", "完成日期 / When it was done.")


class ClaimStatusCount:
    """一种状态的申报数 / The claims of one state."""

    status: ClaimStatus = column(STATUS)
    count: int = measure(HOW_MANY)
    members: int = measure("党员人数 / Of how many members.", distinct=lambda claim: claim.member_id)


class PointClaimTotals:
    """积分申报合计 / What claims come to."""

    count: int = measure(HOW_MANY)
    by_status: list[ClaimStatusCount] = grouped(ClaimStatusCount, "按状态 / By what became of them.")


@entity(
    claims,
    policy="point_claim",
    tag="pc",
    ways={Way.WITHIN: lambda claim: claim.unit_path, Way.MEMBER: lambda claim: claim.member_id},
    sort=lambda claim: (claim.done_on,),
    ties=lambda claim: (claim.done_on, claim.unit_path),
    filter=PointClaimFilter,
    orders={
        "PLACE": lambda claim: (claim.unit_path,),
        "DONE_ON": lambda claim: (claim.done_on,),
        "STATUS": lambda claim: (claim.status,),
    },
    totals=PointClaimTotals,
)
class PointClaim:
    """积分申报：党员本人或社区代为申报，由他人审核 / A claim for points, reviewed by another person than claimed."""

    done_on: date = column("完成日期 / When it was done.")
    times: int = column("次数或小时数，以规则的计分单位计 / How often, by the rule's unit, as for how many hours.")
    text: str = column("说明 / What was done.")
    status: ClaimStatus = column(STATUS)
    answer: str | None = column("未通过的理由 / Why it was refused; null where it was not.")
    claimed_on: date = column("申报日期 / When it was claimed.")
    reviewed_on: date | None = column("审核日期 / When it was reviewed; null while it waits.")
    rule_name: str = column(
        "积分事项 / What it is claimed for.", lambda claim: rule_name(claim.rule_id), brings="PointRule"
    )
    member_name: str = column("党员姓名 / The member's name.", lambda claim: name_of(claim.member_id), brings="Member")
    place: list[str] = column(PLACE, lambda claim: place(claim.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda claim, unit: unit.path == claim.unit_path, UNIT)
    rule: "PointRule | None" = one(lambda claim, rule: rule.id == claim.rule_id, RULE)
    member: "Member | None" = one(lambda claim, member: member.id == claim.member_id, MEMBER)


# --- commands ---------------------------------------------------------------------------------------------------------


class ClaimPointsInput:
    """申报积分：由党员本人，或由社区代为申报 / Claim points: by the member, or by the community for them.

    They are of where the member served on the day, and reviewed there: for a day before a move they are claimed by the
    member, or by who administers both places.
    """

    member: Record = belongs_to("Member", MEMBER)
    rule: Record = reference("PointRule", RULE)
    on: date = given(DONE)
    times: int | None = given(TIMES)
    text: str = given(TEXT)


class GrantPointsInput:
    """通过申报并计分；不得审核本人的或本人提交的申报 / Grant a claim and enter its points; never one's own."""

    claim: Record = target("PointClaim", CLAIM)
    version: int = version()


class RefusePointsInput:
    """不通过申报；不得审核本人的或本人提交的申报 / Refuse a claim; never one's own."""

    claim: Record = target("PointClaim", CLAIM)
    version: int = version()
    answer: str = given(ANSWER)


async def by(caller: Caller, _: Record, __: Mapping[str, Any]) -> Mapping[str, Any]:
    """By whom a claim is made or reviewed, which the command tells apart."""
    return {"by": caller.actor.account_id}


REVIEW = "point_claim:review"
UNREVIEWED = in_state(ClaimStatus.CLAIMED)

COMMANDS = {
    "claim_points": command(
        claiming.claim, ClaimPointsInput, "point_claim:claim", returns="PointClaim", may=by, when=at_hand
    ),
    "grant_points": command(claiming.grant, GrantPointsInput, REVIEW, returns="PointClaim", may=by, when=UNREVIEWED),
    "refuse_points": command(claiming.refuse, RefusePointsInput, REVIEW, returns="PointClaim", may=by, when=UNREVIEWED),
}
