"""The commands that fill and end posts, each with its input."""

from datetime import date

from schema.kit.commands import belongs_to, command, given, last_day, reference, target, version
from schema.kit.corrections import CHANGED, REASON, SINCE, UNTIL
from schema.kit.states import not_over, still_open, to_come
from schema.kit.texts import ENDING
from services.appointments import commands as posts
from services.appointments import correcting
from services.storage.transaction import Record

MEMBER = "党员 / The member."
ORGANIZATION = "党组织 / The party organization."
COMPANY = "物业企业 / The property company."
FIRST = "任期首日 / The first day of the term."
LAST = "任期末日（含当日） / The last day, included."
LAST_IF_SET = "任期末日（含当日），可不定 / The last day, included; none if left out."


class AppointSecretaryInput:
    """任命党组织书记 / Appoint the secretary of a party organization."""

    party_organization: Record = belongs_to("PartyOrganization", ORGANIZATION)
    member: Record = reference("Member", MEMBER)
    since: date = given(FIRST)


class AppointCompanySecretaryInput:
    """任命物业企业党支部书记 / Appoint the secretary of a property company's own branch."""

    company: Record = belongs_to("PropertyCompany", COMPANY)
    member: Record = reference("Member", MEMBER)
    since: date = given(FIRST)


class AppointInstructorInput:
    """选派党建指导员 / Dispatch an instructor to a property company, for a term."""

    company: Record = belongs_to("PropertyCompany", COMPANY)
    member: Record = reference("Member", "党员，在职或离退休 / The member, in service or retired.")
    since: date = given(FIRST)
    until: date = given(LAST)


class AppointCompanyLeaderInput:
    """登记企业负责人（业主或经理） / Record an owner or manager of a property company."""

    company: Record = belongs_to("PropertyCompany", COMPANY)
    member: Record = reference("Member", MEMBER)
    since: date = given(FIRST)


class AppointPartTimeMemberInput:
    """聘任兼职委员 / Appoint a part-time member of a party organization's committee."""

    party_organization: Record = belongs_to("PartyOrganization", ORGANIZATION)
    member: Record = reference("Member", "党员，须为在职 / The member, who is in service.")
    since: date = given(FIRST)
    until: date | None = last_day(LAST_IF_SET)


class AppointRotatingChairInput:
    """安排轮值家长，一至三个月 / Appoint a rotating chair, for one to three months."""

    party_organization: Record = belongs_to("PartyOrganization", ORGANIZATION)
    member: Record = reference(
        "Member", "该党组织的兼职委员，整个任期内须在任 / A part-time member of it, for the whole term."
    )
    since: date = given(FIRST)
    months: int = given("月数，1 至 3 / For how many months, 1 to 3.")


class CrossAppointToOrganizationInput:
    """交叉任职：到党组织 / Cross-appoint a member to a party organization."""

    party_organization: Record = belongs_to("PartyOrganization", ORGANIZATION)
    member: Record = reference("Member", MEMBER)
    since: date = given(FIRST)
    until: date | None = last_day(LAST_IF_SET)


class CrossAppointToCompanyInput:
    """交叉任职：到物业企业 / Cross-appoint a member to a property company."""

    company: Record = belongs_to("PropertyCompany", COMPANY)
    member: Record = reference("Member", MEMBER)
    since: date = given(FIRST)
    until: date | None = last_day(LAST_IF_SET)


class CrossAppointToCommitteeInput:
    """交叉任职：到业委会，不超过其任期 / Cross-appoint a member to an owners' committee, within its term."""

    committee: Record = belongs_to("OwnersCommittee", "业委会 / The owners' committee.")
    member: Record = reference("Member", MEMBER)
    since: date = given(FIRST)
    until: date | None = last_day(
        "任期末日（含当日），默认与业委会同 / The last day, included; the committee's if left out."
    )


class EndPostInput:
    """卸任；只能提前，不能延后 / End a post, a rotating chair before the part-time post; an end is never put off."""

    post: Record = target("Post", "任职 / The post.")
    version: int = version()
    on: date = given(ENDING)
    reason: str = given("原因，最多一百个字符 / Why; at most 100 characters.")


class CancelPostInput:
    """撤销尚未开始或今日开始的任职 / Take back a post that begins today or later."""

    post: Record = target("Post", "任职 / The post.")
    version: int = version()


class CorrectPostInput:
    """更正任职：日期或人选有误 / Set right a post that was entered wrongly: its days, or who holds it."""

    post: Record = target("Post", "任职 / The post.")
    version: int = version()
    member: Record | None = reference("Member", "正确的任职者 / Who holds it.")
    since: date | None = given(SINCE)
    until: date | None = last_day(UNTIL)
    reason: str = given(REASON)


class StrikeOutPostInput:
    """删除本不存在的任职 / Remove a post that never was."""

    post: Record = target("Post", "任职 / The post.")
    version: int = version()
    reason: str = given(REASON)


# Companies are the line's: their posts take a right of their own.
APPOINT, APPOINT_LINE = "post:appoint", "post:appoint_line"

COMMANDS = {
    "appoint_secretary": command(
        posts.appoint_secretary, AppointSecretaryInput, APPOINT, returns="Post", when=still_open
    ),
    "appoint_company_secretary": command(
        posts.appoint_company_secretary, AppointCompanySecretaryInput, APPOINT_LINE, returns="Post", when=still_open
    ),
    "appoint_instructor": command(
        posts.appoint_instructor, AppointInstructorInput, APPOINT_LINE, returns="Post", when=still_open
    ),
    "appoint_company_leader": command(
        posts.appoint_company_leader, AppointCompanyLeaderInput, APPOINT_LINE, returns="Post", when=still_open
    ),
    "appoint_part_time_member": command(
        posts.appoint_part_time_member, AppointPartTimeMemberInput, APPOINT, returns="Post", when=still_open
    ),
    "appoint_rotating_chair": command(
        posts.appoint_rotating_chair, AppointRotatingChairInput, APPOINT, returns="Post", when=still_open
    ),
    "cross_appoint_to_organization": command(
        posts.cross_appoint_to_organization, CrossAppointToOrganizationInput, APPOINT, returns="Post", when=still_open
    ),
    "cross_appoint_to_company": command(
        posts.cross_appoint_to_company, CrossAppointToCompanyInput, APPOINT_LINE, returns="Post", when=still_open
    ),
    "cross_appoint_to_committee": command(
        posts.cross_appoint_to_committee, CrossAppointToCommitteeInput, APPOINT, returns="Post"
    ),
    "cancel_post": command(posts.cancel_post, CancelPostInput, "post:end", returns="OrgUnit", when=to_come),
    "end_post": command(posts.end, EndPostInput, "post:end", returns="Post", when=not_over),
    "correct_post": command(correcting.correct, CorrectPostInput, "post:correct", returns="Post", report=CHANGED),
    "strike_out_post": command(
        correcting.strike_out, StrikeOutPostInput, "post:correct", returns="OrgUnit", report=CHANGED
    ),
}
