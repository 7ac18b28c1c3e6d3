"""What residents need, as surveys found it, by function and unit; which services answer it, and the commands."""

from sqlalchemy import Boolean

from policies.scope import Way
from schema.catalog.commands import DESCRIPTION, ITEM, OPT_IN
from schema.catalog.items import ServiceItem
from schema.centres.surveys import COMMANDS as SURVEY_COMMANDS
from schema.centres.surveys import FUNCTION, SURVEY, WAYS, NeedSurvey, SurveyChoice
from schema.kit.commands import belongs_to, command, given, reference, target, version
from schema.kit.entities import column, connection, edge_to, entity, having, listing, one, where
from schema.kit.numbers import breakdown, count, grouped, measure
from schema.kit.scalars import SafeInt
from schema.kit.texts import HOW_MANY, NAME, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.under import under
from schema.organization.units import OrgUnit
from services.catalog.tables import ServiceFunction
from services.centres import responses as commands
from services.centres.survey_tables import RULES as RULES
from services.centres.survey_tables import counts, is_need, of_choice, responses, told_at
from services.organization.paths import at_or_beneath, place
from services.organization.tables import OrgLevel
from services.storage.transaction import Record

CHOICE = "选项，即需求 / The choice: the need."
PEOPLE = "至少这么多人，为最小单元格的整数倍 / So many people at least: a multiple of the smallest cell."
PART = "分组，全部为空 / The group; null for all of them."
LEVEL = "单元层级 / The unit's level."


class NeedFunctionCount:
    """一类功能的需求 / Needs of one function."""

    function: ServiceFunction | None = column(FUNCTION)
    needs: int = measure("需求数 / How many needs.", distinct=lambda count: count.choice_id)
    people: SafeInt = measure(PEOPLE, total=lambda count: count.people)


class NeedCountFilter:
    """筛选需求统计，各项须同时满足 / Which numbers: every condition given must hold."""

    function: list[ServiceFunction] = among(counts.c.function, "功能 / Of one of these functions.")
    level: list[OrgLevel] = among(counts.c.level, LEVEL)
    is_need: bool = where(
        lambda count, given: is_need(count) == given["value"],
        "是全部作答者的需求，不分组 / Of all who need something, and not of a group of them.",
        value=(Boolean(), bool),
    )
    is_answered: bool = having("responses", "目录中是否已有服务回应 / Whether a service of its catalog answers it.")


class NeedCountTotals:
    """需求统计合计；不同层级相互包含，按层级筛选后相加 / What they come to; units hold those below: filter by level."""

    count: int = measure(HOW_MANY)
    people: SafeInt = measure(PEOPLE, total=lambda count: count.people)
    by_function: list[NeedFunctionCount] = grouped(NeedFunctionCount, "按功能 / By function.")


@entity(
    counts,
    policy="need_count",
    tag="nd",
    ways={Way.WITHIN: lambda row: row.unit_path},
    sort=lambda count: (count.unit_path, count.choice_id),
    ties=lambda count: (count.unit_path, count.choice_id, count.part),
    filter=NeedCountFilter,
    orders={
        "PLACE": lambda count: (count.unit_path,),
        "FUNCTION": lambda count: (count.function,),
        "PEOPLE": lambda count: (count.people,),
    },
    totals=NeedCountTotals,
)
class NeedCount:
    """需求统计：某单元选某一项的人数；不足最小单元格的没有此行 / How many of a unit chose it; few have no such row."""

    question: str = column("问题 / The question.", lambda count: of_choice(count.choice_id, "question"))
    name: str = column(CHOICE, lambda count: of_choice(count.choice_id, "name"))
    function: ServiceFunction | None = column(FUNCTION)
    part: str | None = column(PART)
    people: int = column(PEOPLE)
    level: OrgLevel = column(LEVEL)
    place: list[str] = column(PLACE, lambda count: place(count.unit_path))
    unit: "OrgUnit | None" = one(lambda count, unit: unit.path == count.unit_path, UNIT)
    survey: "NeedSurvey | None" = one(lambda count, survey: survey.id == count.survey_id, SURVEY)
    choice: "SurveyChoice | None" = one(lambda count, choice: choice.id == count.choice_id, CHOICE)


class NeedResponseTotals:
    """需求回应合计 / What responses come to."""

    count: int = measure(HOW_MANY)
    needs: int = measure("需求数 / To how many needs.", distinct=lambda response: response.choice_id)


@entity(
    responses,
    policy="need_response",
    tag="nr",
    ways=WAYS,
    sort=lambda response: (response.unit_path,),
    ties=lambda response: (response.unit_path, response.choice_id),
    orders={"PLACE": lambda response: (response.unit_path,)},
    totals=NeedResponseTotals,
)
class NeedResponse:
    """需求回应：目录中哪项服务回应某一需求 / Which service of a unit's catalog answers a need, there and below."""

    name: str = column(CHOICE, lambda response: of_choice(response.choice_id, "name"))
    place: list[str] = column(PLACE, lambda response: place(response.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda response, unit: unit.path == response.unit_path, UNIT)
    choice: "SurveyChoice | None" = one(lambda response, choice: choice.id == response.choice_id, CHOICE)
    item: "ServiceItem | None" = one(lambda response, item: item.id == response.item_id, ITEM)


# --- commands ---------------------------------------------------------------------------------------------------------


class RespondToNeedInput:
    """以目录中已有的服务回应需求，功能须相同 / Answer a need by a service of the catalog, of the same function."""

    unit: Record = belongs_to("OrgUnit", "回应单元，及于所有下级 / The unit that answers, for all below it, too.")
    choice: Record = reference("SurveyChoice", CHOICE)
    item: Record = reference("ServiceItem", ITEM)


class PublishForNeedInput:
    """为需求发布服务，功能同需求 / Publish a service that answers a need, of the same function."""

    unit: Record = belongs_to("OrgUnit", "发布单元 / The unit.")
    choice: Record = reference("SurveyChoice", CHOICE)
    name: str = given(NAME)
    description: str | None = given(DESCRIPTION)
    opt_in: bool | None = given(OPT_IN)


class TakeBackResponseInput:
    """撤销需求回应，服务不变 / Take back that a service answers a need; the service stays."""

    response: Record = target("NeedResponse", "回应 / The response.")
    version: int = version()


COMMANDS = {
    **SURVEY_COMMANDS,
    "respond_to_need": command(commands.respond, RespondToNeedInput, "need_response:record", returns="NeedResponse"),
    "publish_for_need": command(commands.publish, PublishForNeedInput, "service_item:publish", returns="ServiceItem"),
    "take_back_response": command(
        commands.take_back, TakeBackResponseInput, "need_response:take_back", returns="OrgUnit"
    ),
}

# --- what it adds to others, see `area` -------------------------------------------------------------------------------

ENTITIES = (NeedSurvey, SurveyChoice, NeedCount, NeedResponse)
OF_UNITS = {
    "need_surveys": edge_to(
        NeedSurvey,
        connection(
            lambda unit, survey: at_or_beneath(survey.unit_path, unit.path),
            "本单元及所有下级发布的需求问卷 / The surveys this unit and all below it published.",
        ),
    ),
    "need_counts": edge_to(
        NeedCount,
        connection(
            lambda unit, count: count.unit_path == unit.path,
            "本单元的需求统计 / What is needed in this unit as a whole.",
        ),
    ),
}
OWN = {
    "NeedSurvey": {
        "counts": edge_to(
            NeedCount,
            connection(lambda survey, count: count.survey_id == survey.id, "统计所得 / What was counted."),
        ),
    },
    "NeedCount": {
        "responses": edge_to(
            NeedResponse,
            connection(
                lambda count, response: (
                    (response.choice_id == count.choice_id) & at_or_beneath(count.unit_path, response.unit_path)
                ),
                "本单元或上级以哪些服务回应 / By which services this unit, or one above it, answers it.",
            ),
        ),
    },
    "ServiceItem": {
        "responses": edge_to(
            NeedResponse,
            connection(lambda item, response: response.item_id == item.id, "所回应的需求 / The needs it answers."),
        ),
    },
}
INDICATORS = {
    "needs_by_function": breakdown(
        NeedFunctionCount,
        NeedCount,
        lambda unit, count: at_or_beneath(count.unit_path, unit.path) & told_at(count, unit),
        "问卷所得需求，按功能 / What surveys found to be needed, by function.",
        where=is_need,
    ),
    "needs_unanswered": count(
        NeedCount,
        lambda unit, count: at_or_beneath(count.unit_path, unit.path) & told_at(count, unit),
        "目录中尚无服务回应的需求 / Needs that no service of the catalog answers.",
        where=is_need,
        having={"responses": False},
        distinct=lambda count: count.choice_id,
    ),
}
ROOTS = {
    "need_surveys": listing(
        NeedSurvey, "可见的全部需求问卷，含上级发布的 / Every survey you may see, those from above too.", under=under()
    ),
    "need_counts": listing(NeedCount, "可见的全部需求统计 / Every number of needs you may see.", under=under()),
    "need_responses": listing(NeedResponse, "可见的全部需求回应 / Every answer to a need you may see.", under=under()),
}
