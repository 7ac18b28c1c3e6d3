"""Requests for help 求助 in a unit, what became of them, and the commands about them."""

from datetime import date

from policies.scope import Way
from schema.duties.teams import TEAM, HelpTeam
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.scalars import SafeInt
from schema.kit.states import in_state
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.members.members import Member
from schema.organization.units import OrgUnit
from services.duties import requests as commands
from services.duties.helping import HelpKind, HelpStatus, requests
from services.organization.paths import place
from services.storage.transaction import Record

KIND = "帮困类别 / What kind of help."
STATUS = "状态 / What became of it."
TEXT = "求助内容，最多二百个字符，一行 / What is asked for, in one line of at most 200 characters."
BENEFICIARY = "求助对象，最多五十个字符 / For whom, at most 50 characters."
ASKED = "求助日期，不晚于今天 / When it was asked, not to come."
OUTCOME = "办理情况或撤销原因，最多五百个字符，一行 / What came of it, in one line of at most 500 characters."
ON = "办理日期，不晚于今天 / On which day, not to come."
MINUTES = "服务分钟数 / How many minutes it took."
REQUEST = "求助 / The request."


class HelpRequestFilter:
    """筛选求助，各项须同时满足 / Which requests: every condition given must hold."""

    kind: list[HelpKind] = among(requests.c.kind, "帮困类别 / For one of these kinds of help.")
    status: list[HelpStatus] = among(requests.c.status, "状态 / Of one of these states.")
    asked_on: DateRange = days("asked_on", "求助日期 / When it was asked.")
    closed_on: DateRange = days("closed_on", "办结或撤销日期 / When it was done or dropped.")


class HelpKindCount:
    """一类求助数 / The requests for one kind of help."""

    kind: HelpKind = column(KIND)
    count: int = measure(HOW_MANY)
    done: int = measure("已办结 / Of them, done.", where=lambda request: request.status == HelpStatus.DONE)
    minutes: SafeInt = measure("服务分钟数 / Minutes that were given.", total=lambda request: request.minutes)


class HelpRequestTotals:
    """求助合计 / What requests come to."""

    count: int = measure(HOW_MANY)
    minutes: SafeInt = measure("服务分钟数 / Minutes that were given.", total=lambda request: request.minutes)
    by_kind: list[HelpKindCount] = grouped(HelpKindCount, "按类别 / By kind.")


@entity(
    requests,
    policy="help_request",
    tag="hr",
    ways={Way.WITHIN: lambda request: request.unit_path, Way.MEMBER: lambda request: request.member_id},
    sort=lambda request: (request.asked_on,),
    ties=lambda request: (request.asked_on, request.unit_path),
    filter=HelpRequestFilter,
    orders={
        "PLACE": lambda request: (request.unit_path,),
        "ASKED_ON": lambda request: (request.asked_on,),
        "STATUS": lambda request: (request.status,),
        "KIND": lambda request: (request.kind,),
    },
    totals=HelpRequestTotals,
)
class HelpRequest:
    """求助：居民请帮困团帮助的事 / Something a neighbour asks help for, and what became of it."""

    kind: HelpKind = column(KIND)
    text: str = column("求助内容 / What is asked for.")
    beneficiary: str = column("求助对象 / For whom.")
    asked_on: date = column("求助日期 / When it was asked.")
    status: HelpStatus = column(STATUS)
    outcome: str | None = column("办理情况，撤销者为原因 / What came of it, or why it was dropped.")
    closed_on: date | None = column("办结或撤销日期 / When it was done or dropped.")
    minutes: int | None = column("服务分钟数，未办结为空 / How many minutes it took; null where it is not done.")
    place: list[str] = column(PLACE, lambda request: place(request.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda request, unit: unit.path == request.unit_path, UNIT)
    team: "HelpTeam | None" = one(
        lambda request, team: team.id == request.team_id, "所接帮困团 / The team that took it.", elsewhere=True
    )
    member: "Member | None" = one(
        lambda request, member: member.id == request.member_id, "承办党员 / The member who does it.", elsewhere=True
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordHelpRequestInput:
    """登记求助 / Record a request for help."""

    unit: Record = belongs_to("OrgUnit", "所在单元 / The unit.")
    kind: HelpKind = given(KIND)
    text: str = given(TEXT)
    beneficiary: str = given(BENEFICIARY)
    asked_on: date = given(ASKED)


class UpdateHelpRequestInput:
    """修改未办结的求助 / Change a request that is neither done nor dropped."""

    request: Record = target("HelpRequest", REQUEST)
    version: int = version()
    kind: HelpKind | None = given(KIND)
    text: str | None = given(TEXT)
    beneficiary: str | None = given(BENEFICIARY)
    asked_on: date | None = given(ASKED)


class TakeHelpRequestInput:
    """交由帮困团的一名成员办理 / Let a member of a team do what is asked."""

    request: Record = target("HelpRequest", REQUEST)
    version: int = version()
    team: Record = reference("HelpTeam", TEAM)
    member: Record = reference("Member", "今天在该团的党员 / A member who is in the team today.", action="serve")


class FinishHelpRequestInput:
    """办结求助 / Record that what was asked is done."""

    request: Record = target("HelpRequest", REQUEST)
    version: int = version()
    outcome: str = given(OUTCOME)
    minutes: int = given(MINUTES)
    on: date = given(ON)


class DropHelpRequestInput:
    """撤销求助 / Record that nothing comes of a request."""

    request: Record = target("HelpRequest", REQUEST)
    version: int = version()
    outcome: str = given(OUTCOME)
    on: date = given(ON)


class StrikeOutHelpRequestInput:
    """删除误记的求助 / Remove a request that should not be there."""

    request: Record = target("HelpRequest", REQUEST)
    version: int = version()
    reason: str = given(REASON)


RECORD, ANSWER = "help_request:record", "help_request:answer"
UNTAKEN, TAKEN = in_state(HelpStatus.OPEN), in_state(HelpStatus.TAKEN)
IN_HAND = in_state(HelpStatus.OPEN, HelpStatus.TAKEN)

COMMANDS = {
    "record_help_request": command(commands.record, RecordHelpRequestInput, RECORD, returns="HelpRequest"),
    "update_help_request": command(
        commands.update, UpdateHelpRequestInput, RECORD, returns="HelpRequest", when=IN_HAND
    ),
    "take_help_request": command(commands.take, TakeHelpRequestInput, RECORD, returns="HelpRequest", when=UNTAKEN),
    "finish_help_request": command(commands.finish, FinishHelpRequestInput, ANSWER, returns="HelpRequest", when=TAKEN),
    "drop_help_request": command(commands.drop, DropHelpRequestInput, ANSWER, returns="HelpRequest", when=IN_HAND),
    "strike_out_help_request": command(
        commands.strike_out, StrikeOutHelpRequestInput, "help_request:strike_out", returns="OrgUnit"
    ),
}
