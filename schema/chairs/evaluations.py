"""Evaluations 年度评议 of an organization's rotating chairs, by town and by community, and the commands about them."""

from sqlalchemy import ColumnElement

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one
from schema.kit.expressions import Row
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import IntRange, numbers
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.units import OrgUnit, PartyOrganization
from services.chairs import evaluations as commands
from services.chairs.tables import EvaluationSide, evaluations
from services.organization.paths import place
from services.organization.tables import party_organizations
from services.properties.tables import Grade, name_in
from services.storage.transaction import Record

YEAR = "年度 / The year."
BY = "评议方 / By whom."
GRADE = "等级 / The grade."
REMARK = "评语，最多五百个字符，一行 / A remark, in one line of at most 500 characters; null for none."
ORGANIZATION = "党组织 / The party organization."
EVALUATION = "年度评议 / The evaluation."


class ChairEvaluationFilter:
    """筛选年度评议，各项须同时满足 / Which evaluations: every condition given must hold."""

    year: IntRange = numbers("year", "年度 / Of these years.")
    by: list[EvaluationSide] = among(evaluations.c.side, "评议方 / By one of these.")
    grade: list[Grade] = among(evaluations.c.grade, "等级 / Of one of these grades.")


class ChairGradeCount:
    """一年、一方、一等级的评议数 / The evaluations of one year, side and grade."""

    year: int = column(YEAR)
    by: EvaluationSide = column(BY, lambda evaluation: evaluation.side)
    grade: Grade = column(GRADE)
    count: int = measure(HOW_MANY)


class ChairEvaluationTotals:
    """年度评议合计 / What evaluations come to."""

    count: int = measure(HOW_MANY)
    party_organizations: int = measure(
        "党组织数 / Of how many organizations.", distinct=lambda evaluation: evaluation.organization_id
    )
    by_grade: list[ChairGradeCount] = grouped(ChairGradeCount, "按年度、评议方与等级 / By year, side and grade.")


@entity(
    evaluations,
    policy="chair_evaluation",
    tag="ce",
    ways={Way.WITHIN: lambda evaluation: evaluation.unit_path},
    sort=lambda evaluation: (evaluation.year,),
    ties=lambda evaluation: (evaluation.year, evaluation.unit_path),
    filter=ChairEvaluationFilter,
    orders={
        "PLACE": lambda evaluation: (evaluation.unit_path,),
        "YEAR": lambda evaluation: (evaluation.year,),
        "GRADE": lambda evaluation: (evaluation.grade,),
    },
    totals=ChairEvaluationTotals,
)
class ChairEvaluation:
    """年度评议：乡镇与社区对党组织轮值家长的评议 / A year's evaluation of an organization's rotating chairs."""

    year: int = column(YEAR)
    by: EvaluationSide = column(BY, lambda evaluation: evaluation.side)
    grade: Grade = column(GRADE)
    remark: str | None = column("评语 / A remark; null for none.")
    party_organization_name: str = column(
        "党组织名称 / The organization's name.",
        lambda evaluation: name_in(party_organizations, evaluation.organization_id),
        brings="PartyOrganization",
    )
    place: list[str] = column(PLACE, lambda evaluation: place(evaluation.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda evaluation, unit: unit.path == evaluation.unit_path, UNIT)
    party_organization: "PartyOrganization | None" = one(
        lambda evaluation, organization: organization.id == evaluation.organization_id, ORGANIZATION
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class RecordTownEvaluationInput:
    """登记乡镇街道的年度评议，每年一次 / Record the town's evaluation, once a year."""

    party_organization: Record = belongs_to("PartyOrganization", ORGANIZATION)
    year: int = given(YEAR)
    grade: Grade = given(GRADE)
    remark: str | None = given(REMARK)


class RecordCommunityEvaluationInput:
    """登记村社区的年度评议，每年一次 / Record the community's evaluation, once a year."""

    party_organization: Record = belongs_to("PartyOrganization", ORGANIZATION)
    year: int = given(YEAR)
    grade: Grade = given(GRADE)
    remark: str | None = given(REMARK)


class UpdateTownEvaluationInput:
    """更正乡镇街道的年度评议 / Correct the town's evaluation."""

    evaluation: Record = target("ChairEvaluation", EVALUATION)
    version: int = version()
    grade: Grade | None = given(GRADE)
    remark: str | None = given(REMARK)


class UpdateCommunityEvaluationInput:
    """更正村社区的年度评议 / Correct the community's evaluation."""

    evaluation: Record = target("ChairEvaluation", EVALUATION)
    version: int = version()
    grade: Grade | None = given(GRADE)
    remark: str | None = given(REMARK)


class StrikeOutEvaluationInput:
    """删除误记的年度评议 / Remove an evaluation that should not be there."""

    evaluation: Record = target("ChairEvaluation", EVALUATION)
    version: int = version()
    reason: str = given(REASON)


OWN, TOWNS = "chair_evaluation:record", "chair_evaluation:record_of_town"


def of_town(evaluation: Row) -> ColumnElement[bool]:
    """The town's own."""
    own: ColumnElement[bool] = evaluation.side == EvaluationSide.TOWN
    return own


def of_community(evaluation: Row) -> ColumnElement[bool]:
    """The community's own."""
    own: ColumnElement[bool] = evaluation.side == EvaluationSide.COMMUNITY
    return own


COMMANDS = {
    "record_town_evaluation": command(
        commands.record_of_town, RecordTownEvaluationInput, TOWNS, returns="ChairEvaluation"
    ),
    "record_community_evaluation": command(
        commands.record_of_community, RecordCommunityEvaluationInput, OWN, returns="ChairEvaluation"
    ),
    "update_town_evaluation": command(
        commands.update_of_town, UpdateTownEvaluationInput, TOWNS, returns="ChairEvaluation", when=of_town
    ),
    "update_community_evaluation": command(
        commands.update_of_community, UpdateCommunityEvaluationInput, OWN, returns="ChairEvaluation", when=of_community
    ),
    "strike_out_evaluation": command(
        commands.strike_out, StrikeOutEvaluationInput, "chair_evaluation:strike_out", returns="PartyOrganization"
    ),
}
