"""Who signed up for an activity and who came: read by its organizers and by the member, and counted by others."""

from datetime import datetime

from policies.scope import Way
from schema.activities.activities import ACTIVITY, Activity, not_past
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.entities import column, entity, one
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days_of
from schema.kit.texts import HOW_MANY, PLACE, VERSION
from schema.kit.words import among
from schema.members.members import Member, at_hand
from services.activities import attending, signing
from services.activities.tables import CheckIn, SignUpStatus, attendances, day_of, held, sign_ups
from services.members.tables import name_of
from services.organization.paths import place
from services.storage.transaction import Record

STATUS = "状态 / Signed up, waiting, or cancelled."
MEMBER = "党员 / The member."
MEMBER_NAME = "党员姓名 / The member's name."
CAME = "签到数 / How many, but for activities that were cancelled."
HELD_IN = "举办地，自县级起 / The names from the county down to the unit it is held for."


class ActivitySignUpFilter:
    """筛选报名，各项须同时满足 / Which sign-ups: every condition given must hold."""

    status: list[SignUpStatus] = among(sign_ups.c.status, "状态 / Of one of these statuses.")


class SignUpStatusCount:
    """一种状态的报名 / The sign-ups of one status."""

    status: SignUpStatus = column(STATUS)
    count: int = measure(HOW_MANY)


class ActivitySignUpTotals:
    """报名合计 / What sign-ups come to."""

    count: int = measure(HOW_MANY)
    by_status: list[SignUpStatusCount] = grouped(SignUpStatusCount, "按状态 / By status.")


@entity(
    sign_ups,
    policy="activity_sign_up",
    tag="au",
    ways={Way.WITHIN: lambda signed: signed.unit_path, Way.MEMBER: lambda signed: signed.member_id},
    sort=lambda signed: (signed.at,),
    ties=lambda signed: (signed.at, signed.unit_path),
    filter=ActivitySignUpFilter,
    orders={"AT": lambda signed: (signed.at,), "STATUS": lambda signed: (signed.status,)},
    totals=ActivitySignUpTotals,
)
class ActivitySignUp:
    """活动报名 / A member's sign-up for an activity."""

    status: SignUpStatus = column(STATUS)
    at: datetime = column("报名时间，候补以此为序 / When they signed up; whoever waits moves up in this order.")
    member_name: str = column(MEMBER_NAME, lambda signed: name_of(signed.member_id), brings="Member")
    place: list[str] = column(HELD_IN, lambda signed: place(signed.unit_path))
    version: int = column(VERSION)
    activity: "Activity | None" = one(lambda signed, activity: activity.id == signed.activity_id, ACTIVITY)
    member: "Member | None" = one(lambda signed, member: member.id == signed.member_id, MEMBER)


class ActivityAttendanceFilter:
    """筛选签到，各项须同时满足 / Which attendances: every condition given must hold."""

    by: list[CheckIn] = among(attendances.c.by, "方式 / Checked in by one of these.")
    day: DateRange = days_of(lambda came: day_of(came.at), "签到之日 / The day.")


class CheckInCount:
    """一种方式的签到 / Who was checked in one way."""

    by: CheckIn = column("方式 / By the code, or by the organizer.")
    count: int = measure(CAME, where=held)


class ActivityAttendanceTotals:
    """签到合计，不含已取消的活动 / What attendances come to, without activities that were cancelled."""

    count: int = measure(CAME, where=held)
    members: int = measure("党员人数 / Of how many members.", where=held, distinct=lambda came: came.member_id)
    by: list[CheckInCount] = grouped(CheckInCount, "按方式 / By how they were checked in.")


@entity(
    attendances,
    policy="activity_attendance",
    tag="at",
    ways={Way.WITHIN: lambda came: came.unit_path, Way.MEMBER: lambda came: came.member_id},
    sort=lambda came: (came.at,),
    ties=lambda came: (came.at, came.unit_path),
    filter=ActivityAttendanceFilter,
    orders={"AT": lambda came: (came.at,), "PLACE": lambda came: (came.unit_path,)},
    totals=ActivityAttendanceTotals,
)
class ActivityAttendance:
    """活动签到：每人每项活动一次 / That a member came to an activity; once for each."""

    by: CheckIn = column("方式 / By the code, or by the organizer.")
    at: datetime = column("签到时间 / When.")
    member_name: str = column(MEMBER_NAME, lambda came: name_of(came.member_id), brings="Member")
    place: list[str] = column(PLACE, lambda came: place(came.unit_path))
    version: int = column(VERSION)
    activity: "Activity | None" = one(lambda came, activity: activity.id == came.activity_id, ACTIVITY)
    member: "Member | None" = one(lambda came, member: member.id == came.member_id, MEMBER)


# --- commands ---------------------------------------------------------------------------------------------------------


class SignUpForActivityInput:
    """报名；名额已满则候补 / Sign a member up, or let them wait where every place is taken."""

    member: Record = belongs_to("Member", MEMBER)
    activity: Record = reference("Activity", ACTIVITY, changed=True)


class CancelSignUpInput:
    """取消报名，限开始之前；候补者递补 / Cancel a sign-up before it begins; who has waited longest moves up."""

    member: Record = belongs_to("Member", MEMBER)
    activity: Record = reference("Activity", ACTIVITY, changed=True)


class CheckInInput:
    """凭签到码签到，开始前一小时至结束 / Check in by a code, from an hour before the activity until its end."""

    member: Record = belongs_to("Member", "签到的党员本人 / The member, who is there.")
    activity: Record = reference("Activity", ACTIVITY)
    code: str = given("现场出示的签到码 / The code that is shown there.")


class CheckInMemberInput:
    """由组织者登记签到，如无手机者 / Check in someone who is there, as whoever has no telephone."""

    activity: Record = belongs_to("Activity", ACTIVITY)
    member: Record = reference("Member", MEMBER)


class StrikeOutAttendanceInput:
    """删除误记的签到；不留原因 / Remove an attendance that was recorded wrongly; no reason is kept."""

    attendance: Record = target("ActivityAttendance", "签到 / The attendance.")
    version: int = version()


SIGN_UP = "activity_sign_up:sign_up"
COMMANDS = {
    "sign_up_for_activity": command(signing.sign_up, SignUpForActivityInput, SIGN_UP, returns="ActivitySignUp"),
    "cancel_sign_up": command(signing.give_up, CancelSignUpInput, SIGN_UP, returns="ActivitySignUp"),
    "check_in": command(
        attending.check_in, CheckInInput, "activity_attendance:check_in", returns="ActivityAttendance", when=at_hand
    ),
    "check_in_member": command(
        attending.check_in_member,
        CheckInMemberInput,
        "activity_attendance:record",
        returns="ActivityAttendance",
        when=not_past,
    ),
    "strike_out_attendance": command(
        attending.strike_out, StrikeOutAttendanceInput, "activity_attendance:strike_out", returns="Activity"
    ),
}
