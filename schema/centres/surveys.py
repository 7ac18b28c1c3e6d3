"""Needs surveys 需求问卷 a unit publishes for itself and all below, the codes to answer them, and the commands."""

from datetime import date

from sqlalchemy import Boolean

from policies.scope import Way
from schema.kit.commands import Caller, belongs_to, command, given, reference, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, many, one, where
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, days
from schema.kit.texts import HOW_MANY, NAME, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from services.catalog.tables import ServiceFunction
from services.centres import survey_figures as figures
from services.centres import surveys as commands
from services.centres.survey_tables import choices, is_answered, is_running, not_counted, surveys
from services.organization.paths import place
from services.storage.transaction import Record

SURVEY = "问卷 / The survey."
OPENS = "开始作答之日 / The first day it is answered."
CLOSES = "截止作答之日（含当日） / The last day it is answered."
CROSSING = "另行分组统计的组，如“60岁以上” / The groups it is counted by beside the whole, as 60岁以上."
QUESTION = "问题，同一问题的选项文字相同 / The question; the same words with each of its choices."
CHOICE = "选项 / What it can be answered with."
FUNCTION = "所属功能，不是需求的为空 / The function it is a need of; null for what is no need."
WAYS = {Way.WITHIN: lambda row: row.unit_path, Way.ABOVE: lambda row: row.unit_path}


@entity(choices, policy="need_survey", tag="sc", ways=WAYS, sort=lambda choice: (choice.survey_id, choice.number))
class SurveyChoice:
    """问卷选项；有功能的是一项需求 / What a question can be answered with; with a function it is a need."""

    number: int = column("编号，作答时填写 / Its number, by which it is chosen.")
    question: str = column("问题 / The question.")
    name: str = column(CHOICE)
    function: ServiceFunction | None = column(FUNCTION)
    survey: "NeedSurvey | None" = one(lambda choice, survey: survey.id == choice.survey_id, SURVEY)


class NeedSurveyFilter:
    """筛选问卷，各项须同时满足 / Which surveys: every condition given must hold."""

    closes_on: DateRange = days("closes_on", "截止之日 / The last day it is answered is one of these.")
    counted: bool = where(
        lambda survey, given: survey.counted_on.is_not(None) == given["counted"],
        "是否已统计 / Whether it was counted.",
        counted=(Boolean(), bool),
    )


class NeedSurveyTotals:
    """问卷合计 / What surveys come to."""

    count: int = measure(HOW_MANY)


@entity(
    surveys,
    policy="need_survey",
    tag="ns",
    ways=WAYS,
    sort=lambda survey: (survey.closes_on,),
    ties=lambda survey: (survey.closes_on, survey.unit_path),
    filter=NeedSurveyFilter,
    orders={
        "PLACE": lambda survey: (survey.unit_path,),
        "CLOSES_ON": lambda survey: (survey.closes_on,),
    },
    totals=NeedSurveyTotals,
)
class NeedSurvey:
    """需求问卷：凭码匿名作答，统计前不显示任何数 / Answered by codes, of nobody; it tells nothing until counted."""

    name: str = column(NAME)
    opens_on: date = column(OPENS)
    closes_on: date = column(CLOSES)
    crossing: list[str] = column(CROSSING)
    counted_on: date | None = column("统计之日，未统计为空 / The day it was counted; null until then.")
    cell: int | None = column("最小单元格：人数为其整数倍 / The smallest cell: numbers are multiples of it.")
    place: list[str] = column(PLACE, lambda survey: place(survey.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda survey, unit: unit.path == survey.unit_path, UNIT)
    choices: list[SurveyChoice] = many(
        lambda survey, choice: choice.survey_id == survey.id,
        "问题的选项 / What its questions can be answered with, in their order.",
        sort=lambda choice: (choice.number, choice.id),
        rows=20,
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class SurveyChoiceInput:
    """问卷选项 / What a question can be answered with."""

    question: str = given(QUESTION)
    name: str = given("选项，同一问题内不重复 / What it can be answered with; once for each question.")
    function: ServiceFunction | None = given(FUNCTION)


class PublishNeedSurveyInput:
    """发布需求问卷；发布后不能修改，只能统计 / Publish a survey; it is never changed, only counted."""

    unit: Record = belongs_to("OrgUnit", "发布单元，及于所有下级 / The unit; for all below it, too.")
    name: str = given(NAME)
    opens_on: date = given(OPENS)
    closes_on: date = given(CLOSES)
    crossing: list[str] | None = given(f"{CROSSING[:-1]}; 2 to 8, or none.")
    choices: list[SurveyChoiceInput] = given(
        "各问题的选项，最多二十个 / What its questions are answered with; at most 20."
    )


class IssueSurveyCodesInput:
    """为社区居民生成答题码，只显示这一次，每码作答一次 / Make codes for a community's residents; each answers once."""

    unit: Record = belongs_to("OrgUnit", "社区 / The community.")
    survey: Record = reference("NeedSurvey", SURVEY)
    number: int = given("个数，1 至 500 / How many; 1 to 500.")


class AnswerNeedSurveyInput:
    """代居民凭码作答：只加计数，不留何时、何码、何人；不能试运行或重试 / Hand in an answer; only counters keep it."""

    unit: Record = belongs_to("OrgUnit", "发放答题码的社区 / The community the code is of.")
    survey: Record = reference("NeedSurvey", SURVEY, action="need_survey:read")
    code: str = given("答题码 / The code.")
    choices: list[int] = given(
        "所选选项的编号，每个问题至多一项 / The numbers of what is chosen; one of each question."
    )
    group: str | None = given("所属分组，问卷有分组时必填 / The group, wherever the survey is counted by any.")


class TallyNeedSurveyInput:
    """结束并统计问卷，不能试运行：只留可公布之数 / End a survey and count it: only what may be told is kept."""

    survey: Record = target("NeedSurvey", SURVEY)
    version: int = version()


class WithdrawNeedSurveyInput:
    """撤回误发的问卷，限尚未开始或未发答题码的 / Withdraw one that is not open yet, or of which nobody got a code."""

    survey: Record = target("NeedSurvey", SURVEY)
    version: int = version()
    reason: str = given(REASON)


async def _cell(caller: Caller, survey: Record, given: object) -> dict[str, int]:
    return {"cell": caller.smallest_cell}


COMMANDS = {
    "publish_need_survey": command(
        commands.publish, PublishNeedSurveyInput, "need_survey:publish", returns="NeedSurvey"
    ),
    "issue_survey_codes": command(
        commands.issue_codes,
        IssueSurveyCodesInput,
        "need_survey:issue",
        returns="OrgUnit",
        shown_once="codes",
        named={"survey": is_running},
    ),
    "answer_need_survey": command(
        commands.answer,
        AnswerNeedSurveyInput,
        "need_survey:answer",
        returns="OrgUnit",
        anonymous=True,
        named={"survey": is_answered},
    ),
    "tally_need_survey": command(
        figures.tally,
        TallyNeedSurveyInput,
        "need_survey:tally",
        returns="NeedSurvey",
        may=_cell,
        tried=False,
        when=not_counted,
    ),
    "withdraw_need_survey": command(
        commands.withdraw, WithdrawNeedSurveyInput, "need_survey:withdraw", returns="OrgUnit", when=not_counted
    ),
}
