"""Members' profiles 服务意向 and terms on duty 上岗, who would suit which need, and the commands about them."""

from datetime import date

from sqlalchemy import Text

from policies.scope import Way
from schema.duties.items import ITEM, NEED, DutyItem, DutyNeed
from schema.kit.commands import belongs_to, command, given, last_day, reference, target, version
from schema.kit.corrections import CHANGED, REASON, SINCE, UNTIL
from schema.kit.entities import column, entity, one, where
from schema.kit.expressions import Identity
from schema.kit.numbers import measure
from schema.kit.states import not_over
from schema.kit.terms import LEFT, TermFilter
from schema.kit.texts import CHANGES, ENDING, FIRST, HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import ended, plain
from schema.members.members import Member, at_hand
from schema.organization.units import OrgUnit
from services.duties import serving as commands
from services.duties.tables import duty_terms, known_at, of_item, profiles, suggestions
from services.members.tables import name_of
from services.organization.paths import place
from services.storage.transaction import Record

MEMBER = "党员 / The member."
TERM = "上岗任期 / The term."
PROFILE = "服务意向 / The profile."
OCCUPATION = "从业行业，最多二十个字符 / What they work at, at most 20 characters."
OWN_SKILLS = "技能，最多十个 / Their skills, at most ten."
WISHES = "愿意承担的岗位或类别，最多十个 / The duties or categories they wish for, at most ten."
LAST_OF_TERM = "任期末日（含当日），不填为需求的末日 / The last day, included; that of the need where none is given."


class DutyTermFilter(TermFilter):
    """筛选上岗任期，各项须同时满足 / Which terms: every condition given must hold."""

    ended: bool = ended(LEFT)


class DutyTermTotals:
    """上岗任期合计 / What terms come to."""

    count: int = measure(HOW_MANY)
    members: int = measure("人数 / Of how many members.", distinct=lambda term: term.member_id)
    items: int = measure("岗位数 / In how many duties.", distinct=lambda term: term.item_id)


@entity(
    duty_terms,
    policy="duty_term",
    tag="dt",
    ways={Way.WITHIN: lambda term: term.unit_path, Way.MEMBER: lambda term: term.member_id},
    sort=lambda term: (term.unit_path,),
    ties=lambda term: (term.unit_path, term.since),
    filter=DutyTermFilter,
    orders={
        "PLACE": lambda term: (term.unit_path,),
        "SINCE": lambda term: (term.since,),
        "UNTIL": lambda term: (term.until,),
    },
    totals=DutyTermTotals,
)
class DutyTerm:
    """上岗任期：党员在一段时间内承担一个服务岗位 / A member's term in a duty."""

    member_name: str = column("党员姓名 / The member's name.", lambda term: name_of(term.member_id), brings="Member")
    item_name: str = column(
        "岗位名称 / The duty's name.", lambda term: of_item(term.item_id, "name"), brings="DutyItem"
    )
    place: list[str] = column(PLACE, lambda term: place(term.unit_path))
    since: date = column("任期首日 / The first day.")
    until: date | None = column("任期末日（含当日），未定为空 / The last day, included; null as long as none is set.")
    end_reason: str | None = column("离岗原因 / Why it was ended.")
    version: int = column(CHANGES)
    unit: "OrgUnit | None" = one(lambda term, unit: unit.path == term.unit_path, UNIT)
    need: "DutyNeed | None" = one(lambda term, need: need.id == term.need_id, NEED)
    item: "DutyItem | None" = one(lambda term, item: item.id == term.item_id, ITEM)
    member: "Member | None" = one(lambda term, member: member.id == term.member_id, MEMBER)


@entity(
    profiles,
    policy="member_profile",
    tag="mp",
    ways={Way.WITHIN: known_at, Way.MEMBER: lambda profile: profile.member_id},
    sort=lambda profile: (profile.unit_path,),
)
class MemberProfile:
    """服务意向：党员的行业、技能与意愿；限制处理期间仅本人可见 / What a member works at, can and wishes to do."""

    occupation: str | None = column("从业行业 / What they work at.")
    skills: list[str] = column("技能 / Their skills.")
    wishes: list[str] = column("愿意承担的岗位或类别 / The duties or categories they wish for.")
    version: int = column(VERSION)
    member: "Member | None" = one(lambda profile, member: member.id == profile.member_id, MEMBER)


class DutySuggestionFilter:
    """筛选推荐，各项须同时满足 / Which suggestions: every condition given must hold."""

    category: str = where(
        lambda found, given: of_item(found.item_id, "category") == given["category"],
        "岗位类别 / Of duties of this category.",
        category=(Text(), lambda text: plain(text).strip()),
    )


class DutySuggestionTotals:
    """推荐合计 / What suggestions come to."""

    count: int = measure(HOW_MANY)


@entity(
    suggestions,
    policy="duty_suggestion",
    ways={Way.WITHIN: lambda found: found.unit_path, Way.MEMBER: lambda found: found.member_id},
    sort=lambda found: (found.rank,),
    ties=lambda found: (found.need_id,),
    unique=lambda found: found.member_id,
    identity=Identity(lambda found: (found.need_id, found.member_id)),
    filter=DutySuggestionFilter,
    orders={"RANK": lambda found: (found.rank,), "PLACE": lambda found: (found.unit_path,)},
    totals=DutySuggestionTotals,
)
class DutySuggestion:
    """推荐：党员与有空额的岗位需求相合及其理由 / A member who suits a need with a place left, and what for."""

    wishes: list[str] = column("理由：与其意愿相合 / Why: wishes of theirs it meets.")
    skills: list[str] = column("理由：与其技能相合 / Why: skills of theirs it suits.")
    occupations: list[str] = column("理由：与其行业相合 / Why: the occupation it suits.")
    member_name: str = column("党员姓名 / The member's name.", lambda found: name_of(found.member_id), brings="Member")
    item_name: str = column(
        "岗位名称 / The duty's name.", lambda found: of_item(found.item_id, "name"), brings="DutyItem"
    )
    place: list[str] = column(PLACE, lambda found: place(found.unit_path))
    need: "DutyNeed | None" = one(lambda found, need: need.id == found.need_id, NEED)
    member: "Member | None" = one(lambda found, member: member.id == found.member_id, MEMBER)


# --- commands ---------------------------------------------------------------------------------------------------------


class TakeDutyInput:
    """上岗：由党员本人选岗，或由社区定岗 / Take a duty: by the member, or for them by the community."""

    need: Record = belongs_to("DutyNeed", NEED)
    member: Record = reference("Member", "在本单元服务的党员 / A member who serves in the unit.", action="serve")
    since: date = given(FIRST)
    until: date | None = last_day(LAST_OF_TERM)


class EndDutyTermInput:
    """离岗；只能提前，不能延后 / End a term; an end is brought forward, never put off."""

    term: Record = target("DutyTerm", TERM)
    version: int = version()
    on: date = given(ENDING)
    reason: str = given("原因，最多一百个字符 / Why; at most 100 characters.")


class CorrectDutyTermInput:
    """更正上岗任期的日期 / Set right the days of a term that were entered wrongly."""

    term: Record = target("DutyTerm", TERM)
    version: int = version()
    since: date | None = given(SINCE)
    until: date | None = last_day(UNTIL)
    reason: str = given(REASON)


class StrikeOutDutyTermInput:
    """删除本不存在的上岗任期 / Remove a term that never was."""

    term: Record = target("DutyTerm", TERM)
    version: int = version()
    reason: str = given(REASON)


class RecordProfileInput:
    """登记服务意向：由党员本人或社区登记 / Record a member's profile: by the member or the community."""

    member: Record = belongs_to("Member", MEMBER)
    occupation: str | None = given(OCCUPATION)
    skills: list[str] | None = given(OWN_SKILLS)
    wishes: list[str] | None = given(WISHES)


class UpdateProfileInput:
    """修改服务意向 / Change a member's profile."""

    profile: Record = target("MemberProfile", PROFILE)
    version: int = version()
    occupation: str | None = given(OCCUPATION)
    skills: list[str] | None = given(OWN_SKILLS)
    wishes: list[str] | None = given(WISHES)


class RemoveProfileInput:
    """删除服务意向 / Keep a member's profile no longer."""

    profile: Record = target("MemberProfile", PROFILE)
    version: int = version()


COMMANDS = {
    "take_duty": command(commands.take, TakeDutyInput, "duty_term:take", returns="DutyTerm"),
    "end_duty_term": command(commands.end, EndDutyTermInput, "duty_term:end", returns="DutyTerm", when=not_over),
    "correct_duty_term": command(
        commands.correct, CorrectDutyTermInput, "duty_term:correct", returns="DutyTerm", report=CHANGED
    ),
    "strike_out_duty_term": command(
        commands.strike_out, StrikeOutDutyTermInput, "duty_term:correct", returns="DutyNeed"
    ),
    "record_profile": command(
        commands.record_profile, RecordProfileInput, "member_profile:record", returns="MemberProfile", when=at_hand
    ),
    "update_profile": command(
        commands.update_profile, UpdateProfileInput, "member_profile:record", returns="MemberProfile"
    ),
    "remove_profile": command(commands.remove_profile, RemoveProfileInput, "member_profile:record", returns="Member"),
}
