"""Rules 积分规则 that units publish for themselves and all below, and the commands about them."""

from datetime import date

from sqlalchemy import Boolean

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.entities import column, entity, one, where
from schema.kit.numbers import measure
from schema.kit.states import not_withdrawn
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from services.organization.paths import place
from services.points import publishing
from services.points.tables import reached, rules, stands
from services.storage.transaction import Record

NAME = "事项，如“参加回家日活动” / What earns points, as 参加回家日活动."
POINTS = "分值，1 至 100 / How many points; 1 to 100."
PER = "计分单位，如“每次”“每小时” / Per what, as 每次 or 每小时."
MOST = "每季度最多申报次数，1 至 100，不限为空 / How often in a quarter at most, 1 to 100; null for any number."


class PointRuleFilter:
    """筛选积分规则，各项须同时满足 / Which rules: every condition given must hold."""

    withdrawn: bool = where(
        lambda rule, given: stands(rule) != given["withdrawn"],
        "今天是否已撤回 / Whether it is withdrawn today.",
        withdrawn=(Boolean(), bool),
    )


class PointRuleTotals:
    """积分规则合计 / What rules come to."""

    count: int = measure(HOW_MANY)


@entity(
    rules,
    policy="point_rule",
    tag="pr",
    ways={
        Way.WITHIN: lambda rule: rule.unit_path,
        Way.ABOVE: lambda rule: rule.unit_path,
        Way.MEMBER: reached,
    },
    sort=lambda rule: (rule.unit_path,),
    ties=lambda rule: (rule.unit_path, rule.name),
    filter=PointRuleFilter,
    orders={"PLACE": lambda rule: (rule.unit_path,), "POINTS": lambda rule: (rule.points,)},
    totals=PointRuleTotals,
)
class PointRule:
    """积分规则：由单元发布，及于本单元及所有下级 / What earns points; published for a unit and all below it."""

    name: str = column(NAME)
    points: int = column(POINTS)
    per: str = column(PER)
    most_per_quarter: int | None = column(MOST)
    withdrawn_on: date | None = column("自该日起不再适用 / The first day nothing done is claimed by it any more.")
    place: list[str] = column(PLACE, lambda rule: place(rule.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda rule, unit: unit.path == rule.unit_path, UNIT)


# --- commands ---------------------------------------------------------------------------------------------------------


class PublishPointRuleInput:
    """发布积分规则；发布后只可撤回 / Publish a rule; it is never changed, only withdrawn."""

    unit: Record = belongs_to("OrgUnit", "发布单元 / The unit.")
    name: str = given(NAME)
    points: int = given(POINTS)
    per: str = given(PER)
    most_per_quarter: int | None = given(MOST)


class WithdrawPointRuleInput:
    """撤回积分规则，已有积分不变 / Withdraw a rule; what was earned by it stays."""

    rule: Record = target("PointRule", "积分规则 / The rule.")
    version: int = version()
    on: date = given(
        "自该日起不再适用，不晚于今天，最多可追溯 92 天"
        " / The first day nothing is claimed by it, not to come and 92 days back at most."
    )


COMMANDS = {
    "publish_point_rule": command(publishing.publish, PublishPointRuleInput, "point_rule:publish", returns="PointRule"),
    "withdraw_point_rule": command(
        publishing.withdraw, WithdrawPointRuleInput, "point_rule:withdraw", returns="PointRule", when=not_withdrawn
    ),
}
