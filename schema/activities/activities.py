"""Activities 活动 and home days 回家日, and the commands by which their organizers publish, change and cancel them."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func

from policies.scope import Way
from schema.activities.teams import ResidentsTeam
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.entities import column, entity, one
from schema.kit.expressions import Row
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days_of
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.units import OrgUnit
from services.activities import attending, commands
from services.activities.tables import (
    ActivityForm,
    ActivityKind,
    ActivityStatus,
    activities,
    day_of,
    invited,
    team_name,
)
from services.organization.paths import place
from services.storage.transaction import Record

ACTIVITY = "活动 / The activity."
TITLE = "名称，最多一百个字符 / What it is called, in 100 characters at most."
FORM = "形式 / On site, streamed, or both."
BEGINS = (
    "开始时间；回家日为每月最后的星期日，可改在另一日，默认为下一个的九时"
    " / When it begins. A home day is a month's last Sunday, or another day that is said; by default the next at nine."
)
ENDS = "结束时间；回家日默认为十一时 / When it ends; a home day by default at eleven."
VENUE = "地点，仅线上的可不填 / Where it is; only what is streamed may have none."
CAPACITY = "名额，最多 100000，空为不限 / How many places, 100,000 at most; null: no bound."
CLOSES = "报名截止，默认为开始时间 / When signing up closes; by default when it begins."
TEAM = "组织的居民队伍 / The residents' team that organizes it."


class ActivityFilter:
    """筛选活动，各项须同时满足 / Which activities: every condition given must hold."""

    kind: list[ActivityKind] = among(activities.c.kind, "类别 / Of one of these kinds.")
    form: list[ActivityForm] = among(activities.c.form, "形式 / In one of these forms.")
    status: list[ActivityStatus] = among(activities.c.status, "状态 / Of one of these statuses.")
    day: DateRange = days_of(lambda activity: day_of(activity.begins_at), "开始之日 / The day it begins.")


class ActivityKindCount:
    """一类活动 / The activities of one kind."""

    kind: ActivityKind = column("类别 / The kind.")
    count: int = measure(HOW_MANY)


class ActivityFormCount:
    """一种形式的活动 / The activities of one form."""

    form: ActivityForm = column("形式 / The form.")
    count: int = measure(HOW_MANY)


class ActivityTotals:
    """活动合计 / What activities come to."""

    count: int = measure(HOW_MANY)
    by_kind: list[ActivityKindCount] = grouped(ActivityKindCount, "按类别 / By kind.")
    by_form: list[ActivityFormCount] = grouped(ActivityFormCount, "按形式 / By form.")


@entity(
    activities,
    policy="activity",
    tag="av",
    ways={
        Way.WITHIN: lambda activity: activity.unit_path,
        Way.ABOVE: lambda activity: activity.unit_path,
        Way.MEMBER: lambda activity: invited(activity.unit_path),
    },
    sort=lambda activity: (activity.begins_at,),
    ties=lambda activity: (activity.begins_at, activity.unit_path),
    filter=ActivityFilter,
    orders={
        "PLACE": lambda activity: (activity.unit_path,),
        "BEGINS_AT": lambda activity: (activity.begins_at,),
        "KIND": lambda activity: (activity.kind,),
        "STATUS": lambda activity: (activity.status,),
    },
    totals=ActivityTotals,
)
class Activity:
    """活动：面向本单元及所有下级的党员 / An activity, for the members of its unit and all below it."""

    title: str = column("名称 / What it is called.")
    kind: ActivityKind = column("类别 / A home day, or another activity.")
    form: ActivityForm = column(FORM)
    begins_at: datetime = column("开始时间 / When it begins.")
    ends_at: datetime = column("结束时间 / When it ends.")
    venue: str | None = column("地点 / Where it is.")
    capacity: int | None = column("名额，空为不限 / How many places; null: no bound.")
    sign_up_closes_at: datetime = column("报名截止 / When signing up closes.")
    status: ActivityStatus = column("状态 / Published, or cancelled.")
    cancel_reason: str | None = column("取消原因 / Why it was cancelled.")
    team_name: str | None = column(
        "组织的居民队伍名称 / The name of the team that organizes it.",
        lambda activity: team_name(activity.team_id),
        brings="ResidentsTeam",
    )
    place: list[str] = column(PLACE, lambda activity: place(activity.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda activity, unit: unit.path == activity.unit_path, UNIT)
    team: "ResidentsTeam | None" = one(lambda activity, team: team.id == activity.team_id, TEAM)


# --- commands ---------------------------------------------------------------------------------------------------------


class PublishActivityInput:
    """发布活动 / Publish an activity."""

    unit: Record = belongs_to("OrgUnit", "举办单元 / The unit it is held for.")
    kind: ActivityKind = given("类别 / A home day, or another activity.")
    title: str = given(TITLE)
    form: ActivityForm = given(FORM)
    begins_at: datetime | None = given(BEGINS)
    ends_at: datetime | None = given(ENDS)
    venue: str | None = given(VENUE)
    capacity: int | None = given(CAPACITY)
    sign_up_closes_at: datetime | None = given(CLOSES)
    team: Record | None = reference("ResidentsTeam", TEAM)


class UpdateActivityInput:
    """修改尚未开始的活动；新增名额由候补者递补 / Change an activity to come; new places go to whoever waits."""

    activity: Record = target("Activity", ACTIVITY)
    version: int = version()
    title: str | None = given(TITLE)
    form: ActivityForm | None = given(FORM)
    begins_at: datetime | None = given("开始时间 / When it begins.")
    ends_at: datetime | None = given("结束时间 / When it ends.")
    venue: str | None = given(VENUE)
    capacity: int | None = given(CAPACITY)
    sign_up_closes_at: datetime | None = given(
        "报名截止，默认随开始时间移动 / When signing up closes; by default it moves along with the beginning."
    )
    team: Record | None = reference("ResidentsTeam", TEAM)


class CancelActivityInput:
    """取消活动，不可恢复 / Cancel an activity, for good."""

    activity: Record = target("Activity", ACTIVITY)
    version: int = version()
    reason: str = given("原因，最多一百个字符 / Why; at most 100 characters.")


class IssueCheckInCodeInput:
    """出示签到码：十分钟内有效，只给出这一次 / Show a check-in code: good for ten minutes, and given this once."""

    activity: Record = target("Activity", ACTIVITY)


def ahead(activity: Row) -> ColumnElement[bool]:
    """What has yet to begin, and is not cancelled."""
    return and_(activity.status == ActivityStatus.PUBLISHED, activity.begins_at > func.now())


def not_past(activity: Row) -> ColumnElement[bool]:
    """What has yet to end, and is not cancelled."""
    return and_(activity.status == ActivityStatus.PUBLISHED, activity.ends_at > func.now())


COMMANDS = {
    "publish_activity": command(commands.publish, PublishActivityInput, "activity:publish", returns="Activity"),
    "update_activity": command(commands.change, UpdateActivityInput, "activity:update", returns="Activity", when=ahead),
    "cancel_activity": command(
        commands.cancel, CancelActivityInput, "activity:cancel", returns="Activity", when=not_past
    ),
    "issue_check_in_code": command(
        attending.issue_code,
        IssueCheckInCodeInput,
        "activity:check_in",
        returns="Activity",
        shown_once="code",
        when=not_past,
    ),
}
