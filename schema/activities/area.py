"""What activities, sign-ups, check-ins and teams add to units and members, and to the indicators."""

from policies.scope import Way
from schema.activities import activities, attending, teams
from schema.activities.activities import Activity
from schema.activities.attending import ActivityAttendance, ActivitySignUp
from schema.activities.teams import ResidentsTeam
from schema.kit.entities import Area, connection, edge_to, listing
from schema.kit.numbers import count
from schema.organization.under import under
from services.activities.tables import RULES, ActivityStatus, held, in_its_year
from services.organization.paths import at_or_beneath

AREA = Area(
    entities=(ResidentsTeam, Activity, ActivitySignUp, ActivityAttendance),
    edges={
        "OrgUnit": {
            "activities": edge_to(
                Activity,
                connection(
                    lambda unit, activity: at_or_beneath(activity.unit_path, unit.path),
                    "本单元及所有下级的活动 / The activities of this unit and all below it.",
                ),
            ),
            "residents_teams": edge_to(
                ResidentsTeam,
                connection(
                    lambda unit, team: at_or_beneath(team.unit_path, unit.path),
                    "本单元及所有下级的居民队伍 / The residents' teams of this unit and all below it.",
                ),
            ),
        },
        "ResidentsTeam": {
            "activities": edge_to(
                Activity,
                connection(
                    lambda team, activity: activity.team_id == team.id,
                    "所组织的活动 / What it organizes.",
                    elsewhere=True,
                ),
            )
        },
        "Activity": {
            "sign_ups": edge_to(
                ActivitySignUp,
                connection(lambda activity, signed: signed.activity_id == activity.id, "报名 / Who signed up."),
            ),
            "attendances": edge_to(
                ActivityAttendance,
                connection(lambda activity, came: came.activity_id == activity.id, "签到 / Who came."),
            ),
        },
        "Member": {
            "sign_ups": edge_to(
                ActivitySignUp,
                connection(
                    lambda member, signed: signed.member_id == member.id,
                    "活动报名 / What they signed up for.",
                    alike=(Way.MEMBER,),
                ),
            ),
            "attendances": edge_to(
                ActivityAttendance,
                connection(
                    lambda member, came: came.member_id == member.id,
                    "活动签到 / What they came to.",
                    alike=(Way.MEMBER,),
                ),
            ),
        },
        "Indicators": {
            "activities_held": count(
                Activity,
                lambda unit, activity: at_or_beneath(activity.unit_path, unit.path),
                "当年举办的活动，不含已取消的 / Activities of the year until the day, without those cancelled.",
                where=lambda activity: activity.status == ActivityStatus.PUBLISHED,
                holding=lambda activity, day: in_its_year(activity.ends_at, day),
            ),
            "check_ins": count(
                ActivityAttendance,
                lambda unit, came: at_or_beneath(came.unit_path, unit.path),
                "当年活动签到人次，不含已取消的活动"
                " / Check-ins to activities in the year until the day, without those that were cancelled.",
                where=held,
                holding=lambda came, day: in_its_year(came.at, day),
            ),
        },
    },
    roots={
        "activities": listing(Activity, "可见的全部活动 / Every activity you may see.", under=under()),
        "activity_sign_ups": listing(ActivitySignUp, "可见的全部报名 / Every sign-up you may see.", under=under()),
        "activity_attendances": listing(
            ActivityAttendance, "可见的全部签到 / Every attendance you may see.", under=under()
        ),
        "residents_teams": listing(ResidentsTeam, "可见的全部居民队伍 / Every team you may see.", under=under()),
    },
    commands={**teams.COMMANDS, **activities.COMMANDS, **attending.COMMANDS},
    rules=RULES,
)
