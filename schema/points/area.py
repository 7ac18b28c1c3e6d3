"""What points add to units and members, and to the indicators."""

from datetime import date
from typing import Any

from sqlalchemy import Date, and_

from policies.scope import Way
from schema.kit.entities import Area, connection, edge_to, having, listing, one, where
from schema.kit.numbers import Holding, count
from schema.kit.words import known_day
from schema.members.members import Member
from schema.organization.under import under
from schema.points import claims, entries, pledges, rules
from schema.points.claims import PointClaim
from schema.points.entries import MemberQuarter, PointEntry, PointStanding
from schema.points.pledges import Appraisal, Pledge
from schema.points.rules import PointRule
from services.organization.paths import at_or_beneath
from services.points.pledge_tables import RULES as PLEDGE_RULES
from services.points.tables import (
    RULES,
    fulfilled,
    fulfils_its_quarter,
    in_its_year,
    of_its_quarter,
    of_its_year,
)
from services.terms import lasts

THEN = "哪一天所在的季度，截至该日；默认今天 / In the quarter of this day, until it; today's by default."


def _until(holding: Holding) -> Any:
    """An argument: what counts in the quarter of the day given, until it; today's where none is."""
    return where(
        lambda row, given: holding(row, given["day"]),
        THEN,
        annotation=date,
        absent=lambda row: holding(row, None),
        day=(Date(), known_day),
    )


AREA = Area(
    entities=(PointRule, PointClaim, PointEntry, PointStanding, MemberQuarter, Pledge, Appraisal),
    edges={
        "OrgUnit": {
            "point_rules": edge_to(
                PointRule,
                connection(
                    lambda unit, rule: at_or_beneath(rule.unit_path, unit.path),
                    "本单元及所有下级发布的积分规则 / What this unit and all below it publish.",
                ),
            ),
            "point_claims": edge_to(
                PointClaim,
                connection(
                    lambda unit, claim: at_or_beneath(claim.unit_path, unit.path),
                    "本单元及所有下级的积分申报 / The claims made in this unit and all below it.",
                ),
            ),
            "point_entries": edge_to(
                PointEntry,
                connection(
                    lambda unit, entry: at_or_beneath(entry.unit_path, unit.path),
                    "本单元及所有下级的积分记录（通报） / The points earned in this unit and all below: the bulletin.",
                ),
            ),
        },
        "Member": {
            "point_claims": edge_to(
                PointClaim,
                connection(
                    lambda member, claim: claim.member_id == member.id,
                    "积分申报 / What they claimed.",
                    alike=(Way.MEMBER,),
                ),
            ),
            "point_entries": edge_to(
                PointEntry,
                connection(
                    lambda member, entry: entry.member_id == member.id,
                    "积分记录 / What they earned.",
                    alike=(Way.MEMBER,),
                ),
            ),
            "point_standings": edge_to(
                PointStanding,
                connection(
                    lambda member, row: row.member_id == member.id,
                    "各季度积分 / What they earned, by quarter.",
                    alike=(Way.MEMBER,),
                ),
            ),
            "pledges": edge_to(
                Pledge,
                connection(
                    lambda member, pledge: pledge.member_id == member.id,
                    "承诺 / What they pledged.",
                    alike=(Way.MEMBER,),
                ),
            ),
            "appraisals": edge_to(
                Appraisal,
                connection(
                    lambda member, row: row.member_id == member.id,
                    "历年民主评议 / Their yearly appraisals.",
                    alike=(Way.MEMBER,),
                ),
            ),
            "quarter_entry": edge_to(
                PointEntry,
                one(
                    lambda member, entry: entry.member_id == member.id,
                    "当季首笔积分，限您可见者，全部更正者不计；是否完成每季一报见 quarter"
                    " / Their first points of a quarter you may see, unless they were corrected to nothing; whether"
                    " they are behind is for `quarter` to say.",
                    sort=lambda entry: (entry.earned_on, entry.id),
                    as_of=_until(fulfils_its_quarter),
                    alike=(Way.MEMBER,),
                ),
            ),
            "quarter": edge_to(
                MemberQuarter,
                one(
                    lambda member, row: row.member_id == member.id,
                    "当季积分合计，不论在何处取得；空为未完成每季一报"
                    " / What they earned in a quarter, wherever; null: they are behind.",
                    as_of=_until(fulfilled),
                    alike=(Way.MEMBER,),
                ),
            ),
            "points_of_quarter": count(
                MemberQuarter,
                lambda member, row: row.member_id == member.id,
                "本季度积分，不论在何处取得 / The points of this quarter, wherever they were earned.",
                total=lambda row: row.points,
                where=of_its_quarter,
                alike=(Way.MEMBER,),
            ),
            "points_of_year": count(
                MemberQuarter,
                lambda member, row: row.member_id == member.id,
                "本年度积分，不论在何处取得 / The points of this year, wherever they were earned.",
                total=lambda row: row.points,
                where=of_its_year,
                alike=(Way.MEMBER,),
            ),
        },
        "Appraisal": {
            "points": count(
                MemberQuarter,
                lambda appraisal, row: and_(row.member_id == appraisal.member_id, row.year == appraisal.year),
                "该年度积分，含更正，不论在何处取得"
                " / The points of its year, corrections included, wherever they were earned.",
                total=lambda row: row.points,
                alike=(Way.MEMBER,),
            ),
            "pledges": edge_to(
                Pledge,
                connection(
                    lambda appraisal, pledge: and_(
                        pledge.member_id == appraisal.member_id, pledge.year == appraisal.year
                    ),
                    "该年度的承诺 / What the member pledged for its year.",
                    alike=(Way.MEMBER,),
                    elsewhere=True,
                ),
            ),
        },
        "PointClaim": {
            "entries": edge_to(
                PointEntry,
                connection(
                    lambda claim, entry: entry.claim_id == claim.id,
                    "据以记入的积分，含更正 / The points entered for it, corrections included.",
                    alike=(Way.MEMBER,),
                ),
            )
        },
        "PointEntry": {
            "corrections": edge_to(
                PointEntry,
                connection(
                    lambda entry, other: other.corrects_id == entry.id,
                    "更正 / What puts it right.",
                    alike=(Way.MEMBER,),
                ),
            )
        },
        "Indicators": {
            "points_earned": count(
                PointEntry,
                lambda unit, entry: at_or_beneath(entry.unit_path, unit.path),
                "当年积分 / The points of the year, until the day.",
                total=lambda entry: entry.points,
                holding=in_its_year,
            ),
            "members_with_points": count(
                PointEntry,
                lambda unit, entry: at_or_beneath(entry.unit_path, unit.path),
                "当季有积分的党员 / Members who earned points in the quarter of the day.",
                distinct=lambda entry: entry.member_id,
                holding=fulfils_its_quarter,
            ),
            "members_behind": count(
                Member,
                lambda unit, member: at_or_beneath(member.unit_path, unit.path),
                "当季尚无积分的党员（每季至少一报），不论在何处取得"
                " / Members who earned none in the quarter of the day, until it, wherever.",
                having={"quarter": False},
                holding=lambda member, day: lasts(member.left_on, day),
            ),
        },
    },
    filters={
        "Member": {
            "earned_this_quarter": having(
                "quarter",
                "本季度是否已有积分，他季用 pointEntries / Whether they earned points this quarter.",
            )
        }
    },
    roots={
        "point_rules": listing(
            PointRule,
            "可见的全部积分规则，含上级发布 / Every rule you may see, those from above included.",
            under=under(),
        ),
        "point_claims": listing(PointClaim, "可见的全部积分申报 / Every claim you may see.", under=under()),
        "point_entries": listing(PointEntry, "可见的全部积分记录 / Every entry you may see.", under=under()),
        "pledges": listing(Pledge, "可见的全部承诺 / Every pledge you may see.", under=under()),
        "appraisals": listing(Appraisal, "可见的全部民主评议 / Every appraisal you may see.", under=under()),
        "point_standings": listing(
            PointStanding,
            "可见的季度积分，按 POINTS 倒序即排名 / Quarters' points you may see; by POINTS they are a ranking.",
            under=under(),
        ),
    },
    commands={**pledges.COMMANDS, **rules.COMMANDS, **claims.COMMANDS, **entries.COMMANDS},
    rules={**RULES, **PLEDGE_RULES},
)
