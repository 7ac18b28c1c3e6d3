"""What centres, facilities, operations, looks and surveys add to units and services, and to the indicators.

Long because each edge and indicator of the area is declared here, whatever module its entity is of.
"""

from policies.scope import Way
from schema.centres import (
    centres,
    facilities,
    looks,
    needs,
    offers,
    operations,
    schedules,
    scores,
    sharing,
    sheets,
    walks,
)
from schema.centres.centres import Centre
from schema.centres.facilities import Facility
from schema.centres.looks import CentreLook
from schema.centres.offers import DepartmentOffer
from schema.centres.operations import OperationTerm
from schema.centres.schedules import Milestone
from schema.centres.scores import LookScore
from schema.centres.sheets import ScoringSheet, SheetItem
from schema.centres.walks import HOW, SIFTED, CompoundPosition, Walk
from schema.kit.entities import Area, connection, edge_to, having, listing, one
from schema.kit.numbers import count, ratio
from schema.organization.under import under
from services.centres.look_tables import RULES as LOOK_RULES
from services.centres.look_tables import hundredths, is_held, is_latest
from services.centres.offer_tables import RULES as OFFER_RULES
from services.centres.offer_tables import projects_matched, resources_delivered
from services.centres.schedule_tables import RULES as SCHEDULE_RULES
from services.centres.schedule_tables import is_late
from services.centres.tables import RULES, is_open
from services.organization.paths import at_or_beneath
from services.terms import lasts

AREA = Area(
    entities=(
        *(Facility, Centre, OperationTerm, Milestone, CompoundPosition, Walk),
        *(ScoringSheet, SheetItem, CentreLook, LookScore, DepartmentOffer),
        *sharing.ENTITIES,
        *needs.ENTITIES,
    ),
    edges={
        "OrgUnit": {
            "facilities": edge_to(
                Facility,
                connection(
                    lambda unit, facility: at_or_beneath(facility.unit_path, unit.path),
                    "本单元及所有下级的设施 / The facilities of this unit and all below it.",
                ),
            ),
            "centres": edge_to(
                Centre,
                connection(
                    lambda unit, centre: at_or_beneath(centre.unit_path, unit.path),
                    "本单元及所有下级的邻里中心 / The centres of this unit and all below it.",
                ),
            ),
            **sharing.OF_UNITS,
            **needs.OF_UNITS,
        },
        "Centre": {
            "operations": edge_to(
                OperationTerm,
                connection(
                    lambda centre, term: term.centre_id == centre.id,
                    "由谁运营哪些服务，含已终止的 / Who operates which service there; past ones too.",
                    alike=(Way.ABOVE,),
                ),
            ),
            "milestones": edge_to(
                Milestone,
                connection(
                    lambda centre, milestone: milestone.centre_id == centre.id,
                    "倒排工期的节点 / The milestones of its schedule, by the day they are due.",
                    alike=(Way.ABOVE,),
                ),
            ),
            "looks": edge_to(
                CentreLook,
                connection(
                    lambda centre, look: look.centre_id == centre.id,
                    "每周一看的记录，限可见的：上级单元的中心，走看由上级掌握 / The looks at it, by their days,"
                    " of those you may see: none at a centre of a unit above yours.",
                ),
            ),
            "offers": edge_to(
                DepartmentOffer,
                connection(
                    lambda centre, offer: offer.centre_id == centre.id,
                    "部门对接的项目与资源 / What departments bring to it.",
                    alike=(Way.ABOVE,),
                ),
            ),
            "within_walk": edge_to(
                Walk,
                connection(
                    lambda centre, walk: walk.centre_id == centre.id,
                    f"15 分钟内可步行到达此中心的小区，限可见的；尚未启用的中心没有；{HOW};"
                    " a centre that is not open has none.",
                    sifts=SIFTED,
                    elsewhere=True,
                ),
            ),
            **sharing.OF_CENTRES,
        },
        "CentreLook": {
            "scores": edge_to(
                LookScore,
                connection(lambda look, score: score.look_id == look.id, "各人的评分 / What each person gave."),
            ),
        },
        **sharing.OWN,
        "NeedSurvey": needs.OWN["NeedSurvey"],
        "NeedCount": needs.OWN["NeedCount"],
        "Compound": {
            "position": edge_to(
                CompoundPosition,
                one(
                    lambda compound, place: place.compound_id == compound.id,
                    "位置，未登记为空 / Where it stands, if that is known.",
                    alike=(Way.SHARED,),
                ),
            ),
            "centres_within_walk": edge_to(
                Walk,
                connection(
                    lambda compound, walk: walk.compound_id == compound.id,
                    f"15 分钟内可步行到达的已启用的邻里中心，最近的在前；{HOW};"
                    " no centre that is not open is among them.",
                    sifts=SIFTED,
                ),
            ),
        },
        "ServiceItem": {
            "operations": edge_to(
                OperationTerm,
                connection(
                    lambda item, term: term.item_id == item.id,
                    "在各邻里中心由谁运营，限可见的 / Who operates it at which centre, of those you may see.",
                ),
            ),
            **needs.OWN["ServiceItem"],
        },
        "Indicators": {
            "facilities": count(
                Facility,
                lambda unit, facility: at_or_beneath(facility.unit_path, unit.path),
                "设施 / Facilities on the ledger.",
                holding=lambda facility, day: lasts(facility.closed_on, day),
            ),
            "centres": count(
                Centre,
                lambda unit, centre: at_or_beneath(centre.unit_path, unit.path),
                "邻里中心，含尚未启用的 / Neighbourhood centres, those not open yet included.",
                holding=lambda centre, day: lasts(centre.closed_on, day),
            ),
            "centres_open": count(
                Centre,
                lambda unit, centre: at_or_beneath(centre.unit_path, unit.path),
                "已启用的邻里中心 / Neighbourhood centres that are open.",
                holding=is_open,
            ),
            "milestones_late": count(
                Milestone,
                lambda unit, milestone: at_or_beneath(milestone.unit_path, unit.path),
                "逾期未完成的节点 / Milestones of centres that are late.",
                where=is_late,
            ),
            "centres_looked_at": count(
                CentreLook,
                lambda unit, look: at_or_beneath(look.unit_path, unit.path),
                "走看过的邻里中心 / Centres that were looked at.",
                distinct=lambda look: look.centre_id,
                holding=is_held,
            ),
            "centres_scored": count(
                CentreLook,
                lambda unit, look: at_or_beneath(look.unit_path, unit.path),
                "走看中有评分的邻里中心 / Centres that were scored.",
                holding=is_latest,
            ),
            "score_hundredths": count(
                CentreLook,
                lambda unit, look: at_or_beneath(look.unit_path, unit.path),
                "各中心最近得分之和，以百分之一分计 / Their latest scores together, in hundredths.",
                holding=is_latest,
                total=hundredths,
            ),
            "mean_score": ratio(
                "score_hundredths",
                "centres_scored",
                "各中心最近得分的平均，百分制 / The mean of the latest scores of centres, of a hundred.",
                unit=100,
            ),
            "projects_matched": count(
                DepartmentOffer,
                lambda unit, offer: at_or_beneath(offer.unit_path, unit.path),
                "部门对接的为民办实事项目，不含已取消的 / Projects of departments that were matched, and not dropped.",
                holding=projects_matched,
            ),
            "resources_delivered": count(
                DepartmentOffer,
                lambda unit, offer: at_or_beneath(offer.unit_path, unit.path),
                "已落实的部门下沉资源 / Resources of departments that were delivered.",
                holding=resources_delivered,
            ),
            "households_positioned": count(
                "Compound",
                lambda unit, compound: at_or_beneath(compound.unit_path, unit.path),
                "已定位小区的户数 / Households of compounds whose position is known.",
                where=lambda compound: compound.closed_on.is_(None),
                having={"position": True},
                total=lambda compound: compound.households,
            ),
            "households_in_circle": count(
                "Compound",
                lambda unit, compound: at_or_beneath(compound.unit_path, unit.path),
                f"15 分钟便民服务圈内的户数，不论已启用的中心在哪个单元；{HOW}.",
                where=lambda compound: compound.closed_on.is_(None),
                having={"centres_within_walk": True},
                total=lambda compound: compound.households,
            ),
            "compounds_out_of_reach": count(
                "Compound",
                lambda unit, compound: at_or_beneath(compound.unit_path, unit.path),
                "已定位而 15 分钟内步行不到任何已启用中心的小区，筹建的不计 / Compounds of known position"
                " within a walk of no centre that is open; those planned do not count.",
                where=lambda compound: compound.closed_on.is_(None),
                having={"position": True, "centres_within_walk": False},
            ),
            **sharing.INDICATORS,
            **needs.INDICATORS,
        },
    },
    filters={"Compound": {"has_position": having("position", "位置是否已登记 / Whether it is known where it stands.")}},
    roots={
        "facilities": listing(Facility, "可见的全部设施 / Every facility you may see.", under=under()),
        "centres": listing(Centre, "可见的全部邻里中心 / Every centre you may see.", under=under()),
        "milestones": listing(Milestone, "可见的全部节点 / Every milestone of a centre you may see.", under=under()),
        "scoring_sheets": listing(ScoringSheet, "可见的全部评分表 / Every scoring sheet you may see.", under=under()),
        "centre_looks": listing(CentreLook, "可见的全部走看 / Every look at a centre you may see.", under=under()),
        "look_scores": listing(LookScore, "可见的全部评分 / Every score of a look you may see.", under=under()),
        "department_offers": listing(
            DepartmentOffer, "可见的全部部门对接 / Everything departments bring that you may see.", under=under()
        ),
        "operation_terms": listing(
            OperationTerm, "可见的全部服务运营 / Every operation of a service you may see.", under=under()
        ),
        **sharing.ROOTS,
        **needs.ROOTS,
    },
    commands={
        **facilities.COMMANDS,
        **centres.COMMANDS,
        **operations.COMMANDS,
        **schedules.COMMANDS,
        **walks.COMMANDS,
        **sheets.COMMANDS,
        **looks.COMMANDS,
        **scores.COMMANDS,
        **offers.COMMANDS,
        **sharing.COMMANDS,
        **needs.COMMANDS,
    },
    rules={**RULES, **SCHEDULE_RULES, **LOOK_RULES, **OFFER_RULES, **sharing.RULES, **needs.RULES},
)
