"""Needs surveys: answered once a code, by nobody; counted once, by what may be told; and answered by the catalog."""

import asyncio
from typing import Any

import pytest

from services.declared import METADATA
from services.storage.tables import VIEW
from tests.captains.town import COMMUNITY, COUNTY
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, PARTNER, TOWN_ADMIN, told
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

DESK = ("partner", COMMUNITY)  # the community's own program
OTHER = "350521100002"
CHOICES = [
    {"question": "最需要什么", "name": "助餐", "function": "FOOD"},
    {"question": "最需要什么", "name": "日间照料", "function": "ELDERLY_CARE"},
    {"question": "最需要什么", "name": "都不需要"},
    {"question": "何处办事", "name": "窗口", "function": "AFFAIRS"},
    {"question": "何处办事", "name": "网上", "function": "AFFAIRS"},
]
COUNTS = """{ needCounts(orderBy: [{field: PLACE}, {field: PEOPLE}]) {
    nodes { question name function part people level place survey { cell } choice { number } } } }"""
NEEDS = """query($code: String!) { orgUnit(by: {code: $code}) { needCounts { nodes { name people } }
    indicators { needsUnanswered needsByFunction { function needs people } } } }"""
NODE = "query($id: ID!) { node(id: $id) { __typename } }"


def asked() -> dict[str, Any]:
    """What is published: open from today for a week."""
    return {"name": "邻里需求", "opensOn": day(0), "closesOn": day(7), "choices": CHOICES}


async def survey(api: Api, who: tuple[str, str] = COUNTY_ADMIN, at: str = COUNTY, **more: Any) -> str:
    """The global id of a new survey."""
    given = {"unitId": await unit_id(api, at), **asked(), **more}
    made: str = (await api.do(who, "publishNeedSurvey", "needSurvey { id }", **given))["needSurvey"]["id"]
    return made


async def issued(api: Api, of: str, number: int, at: str = COMMUNITY) -> list[str]:
    """New codes of a community."""
    given = {"unitId": await unit_id(api, at), "surveyId": of, "number": number}
    made = await api.do(("community_admin", at), "issueSurveyCodes", "codes", **given)
    codes: list[str] = made["codes"].split("\n")
    return codes


async def answered(api: Api, of: str, code: str, *choices: int, at: str = COMMUNITY, **more: Any) -> Any:
    """What an answer is refused for, if it is."""
    given = {"unitId": await unit_id(api, at), "surveyId": of, "code": code, "choices": choices, **more}
    return await told(api, ("partner", at), "answerNeedSurvey", **given)


async def state(api: Api) -> dict[str, str]:
    """Everything there is, a digest for each table."""
    found = {}
    for table in METADATA.sorted_tables:
        if VIEW not in table.info and table.name != "credential":  # which knows the minute it was used last
            rows = f"SELECT md5(coalesce(string_agg(row::text, '|' ORDER BY row::text), '')) FROM {table.name} row"
            found[table.name] = await api.connection.fetchval(rows)
    return found


async def test_an_answer_is_a_code_less_and_counters_that_tell_nothing(api: Api) -> None:
    """Two tabs with one code make one answer. No table but these two knows of it; no row when it was written."""
    of = await survey(api)
    first, *codes = await issued(api, of, 12)
    stored = await api.connection.fetch("SELECT digest FROM survey_code ORDER BY ctid")
    assert [row["digest"] for row in stored] == sorted(row["digest"] for row in stored)
    await api.token(*DESK)
    before = await state(api)
    both = await asyncio.gather(
        *(answered(api, of, each, 1, 5) for each in (first, f" {first.lower().replace('-', '')} "))
    )
    assert sorted(both) == [[], [("INVALID", "code")]]
    after = await state(api)
    assert {table for table in before if before[table] != after[table]} == {"survey_code", "survey_counter"}
    assert await answered(api, of, codes[0], 2) == []
    written = await api.connection.fetchval("SELECT count(DISTINCT xmin::text) FROM survey_counter")
    assert written == 1
    people = await api.connection.fetch("SELECT people FROM survey_counter ORDER BY people")
    assert [row["people"] for row in people] == [0, 0, 1, 1, 1]
    assert await api.connection.fetchval("SELECT count(*) FROM survey_code") == 10
    assert (await api.data(ADMIN, COUNTS))["needCounts"]["nodes"] == []


async def test_an_answer_is_neither_tried_nor_kept_under_a_key(api: Api) -> None:
    """A trial would tell whether a code was used; a key would keep when, and a digest of what was chosen."""
    of = await survey(api)
    (code,) = await issued(api, of, 1)
    for more in ({"dryRun": True}, {"idempotencyKey": "k"}):
        assert await answered(api, of, code, 1, **more) == "BAD_USER_INPUT"
    text = "mutation($input: AnswerNeedSurveyInput!) { answerNeedSurvey(input: $input) { userErrors { code } } }"
    given = {"unitId": await unit_id(api, COMMUNITY), "surveyId": of, "code": code, "choices": [1]}
    before = await state(api)
    for used in (False, True):
        done = await api.data(DESK, text, input=given, idempotency_key="request")
        assert done["answerNeedSurvey"]["userErrors"] == [{"code": "INVALID"}] * used
    assert (await state(api))["idempotency_key"] == before["idempotency_key"]


async def test_nothing_tells_whether_a_code_was_used_or_what_is_counted_before_it_is_told(api: Api) -> None:
    """What is amiss otherwise is told first; nothing is done together with it; no count is tried."""
    of = await survey(api)
    unused, used = await issued(api, of, 2)
    assert await answered(api, of, used, 1) == []
    at = {"unitId": await unit_id(api, COMMUNITY), "surveyId": of}
    text = """mutation($input: AnswerNeedSurveyInput!, $tally: TallyNeedSurveyInput!) @atomic {
        answerNeedSurvey(input: $input) { userErrors { code } }
        tallyNeedSurvey(input: $tally) { userErrors { code } } }"""
    before, seen = await state(api), []
    for code in (unused, used):
        given = {"input": {**at, "code": code, "choices": [1]}, "tally": {"id": of, "version": 1}}
        seen.append([await answered(api, of, code), await api.ask(ADMIN, text, **given)])
    assert seen[0] == seen[1]
    assert seen[0][0] == [("INVALID", "choices")]
    assert seen[0][1]["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert await told(api, COUNTY_ADMIN, "tallyNeedSurvey", id=of, dryRun=True) == [("INVALID", "dryRun")]
    assert await state(api) == before


async def test_what_is_no_answer_uses_no_code_up(api: Api) -> None:
    of = await survey(api, crossing=["60岁以上", "其他"])
    (code,) = await issued(api, of, 1)
    later = await issued(api, await survey(api, opensOn=day(1)), 1)
    for wrong in ((), (1, 2), (1, 1), (9,)):
        assert await answered(api, of, code, *wrong, group="其他") == [("INVALID", "choices")], wrong
    assert await answered(api, of, code, 1) == [("INVALID", "group")]
    assert await answered(api, of, code, 1, group="无") == [("INVALID", "group")]
    assert await answered(api, of, "2222-2222-2222-2222", 1, group="其他") == [("INVALID", "code")]
    assert await answered(api, of, code, 1, at=OTHER, group="其他") == [("INVALID", "code")]
    assert await answered(api, of, later[0], 1, group="其他") == [("INVALID", "code")]
    assert await answered(api, of, code, 1, 4, group="其他") == []


async def many(api: Api, of: str, at: str, *given: tuple[int, int]) -> None:
    """So many people of a community choose this."""
    codes = iter(await issued(api, of, sum(number for _, number in given), at))
    for choice, number in given:
        for _ in range(number):
            assert await answered(api, of, next(codes), choice, at=at) == []


async def test_what_is_counted_is_told_once_and_nothing_else_is_left(api: Api) -> None:
    """Of 12 in a community the 2 and the 10 are left out; the town has what both communities give together."""
    of = await survey(api)
    await many(api, of, COMMUNITY, (1, 10), (2, 2))
    await many(api, of, OTHER, (1, 11), (2, 10), (3, 21))
    given = {"id": of, "version": 1}
    done = await api.do(COUNTY_ADMIN, "tallyNeedSurvey", "needSurvey { countedOn cell version }", **given)
    assert done["needSurvey"] == {"countedOn": day(0), "cell": 10, "version": 2}
    rows = (await api.data(COUNTY_ADMIN, COUNTS))["needCounts"]["nodes"]
    rows.sort(key=lambda row: (["COUNTY", "TOWN", "COMMUNITY"].index(row["level"]), row["people"], row["name"]))
    assert [(row["level"], row["name"], row["people"]) for row in rows] == [
        *(("COUNTY", name, people) for name, people in (("日间照料", 10), ("助餐", 20), ("都不需要", 20))),
        *(("TOWN", name, people) for name, people in (("日间照料", 10), ("助餐", 20), ("都不需要", 20))),
        ("COMMUNITY", "都不需要", 20),  # which nobody chose in the other
    ]
    assert rows[0]["choice"] == {"number": 2}
    assert rows[0]["survey"] == {"cell": 10}
    assert [row["function"] for row in rows[:3]] == ["ELDERLY_CARE", "FOOD", None]
    for table in ("survey_code", "survey_counter"):
        assert await api.connection.fetchval(f"SELECT count(*) FROM {table}") == 0
    assert await told(api, COUNTY_ADMIN, "tallyNeedSurvey", id=of) == [("CLOSED", "id")]
    closed = {"unitId": await unit_id(api, COMMUNITY), "surveyId": of, "number": 1}
    assert await told(api, ADMIN, "issueSurveyCodes", **closed) == [("CLOSED", "surveyId")]
    assert (await api.data(ADMIN, COUNTS))["needCounts"]["nodes"] == []  # the town's are the town's
    own = (await api.data(COUNTY_ADMIN, NEEDS, code=COUNTY))["orgUnit"]
    assert own["indicators"] == {
        "needsUnanswered": 2,
        "needsByFunction": [
            {"function": "ELDERLY_CARE", "needs": 1, "people": 10},
            {"function": "FOOD", "needs": 1, "people": 20},
        ],
    }


async def test_counting_and_answering_at_once(api: Api) -> None:
    """Whoever comes first: each answer is counted or refused, and nobody waits for ever."""
    of = await survey(api, ADMIN, COMMUNITY)
    codes = await issued(api, of, 24)
    for code in codes[:22]:
        await answered(api, of, code, 1 if code in codes[:11] else 2)
    counting = told(api, ADMIN, "tallyNeedSurvey", id=of)
    done = await asyncio.gather(*(answered(api, of, code, 1) for code in codes[22:]), counting)
    assert done[-1] == []
    assert all(each in ([], [("INVALID", "code")], [("CLOSED", "surveyId")]) for each in done)
    assert len((await api.data(ADMIN, COUNTS))["needCounts"]["nodes"]) == 2


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"closesOn": -1}, [("INVALID", "closesOn")]),
        ({"choices": CHOICES[:1]}, [("INCOMPLETE", "choices")]),
        ({"choices": []}, [("INCOMPLETE", "choices")]),
        ({"choices": [*CHOICES, {"question": " 何处办事 ", "name": "网上"}], "crossing": ["一"]},
         [("INVALID", "crossing"), ("TAKEN", "choices", "5", "name")]),
        ({"crossing": ["一", "二", " 一"]}, [("TAKEN", "crossing")]),
    ],
)  # fmt: skip
async def test_what_is_no_survey(api: Api, given: dict[str, Any], refused: Any) -> None:
    given = {name: day(value) if isinstance(value, int) else value for name, value in given.items()}
    whole = {"unitId": await unit_id(api, COUNTY), **asked(), **given}
    assert await told(api, COUNTY_ADMIN, "publishNeedSurvey", **whole) == refused


async def test_who_may(api: Api) -> None:
    """Communities read what is asked above them and hand out their own codes; programs answer, and read no number."""
    of = await survey(api)
    own = await survey(api, ADMIN, COMMUNITY)
    for who, sees in ((ADMIN, 2), (AUDITOR, 2), (DESK, 2), (NEIGHBOUR, 1), (COMMITTEE, 0)):
        shown = [(await api.data(who, NODE, id=each))["node"] for each in (of, own)]
        assert shown == [{"__typename": "NeedSurvey"}] * sees + [None] * (2 - sees), who
    there = {"unitId": await unit_id(api, COMMUNITY), "surveyId": of, "number": 1}
    assert await told(api, NEIGHBOUR, "issueSurveyCodes", **there) == "NOT_FOUND"
    assert await told(api, AUDITOR, "issueSurveyCodes", **there) == "FORBIDDEN"
    assert await told(api, ADMIN, "tallyNeedSurvey", id=of, version=1) == "FORBIDDEN"
    elsewhere = {**there, "unitId": await unit_id(api, OTHER), "surveyId": own}
    assert await told(api, TOWN_ADMIN, "issueSurveyCodes", **elsewhere) == [("OUT_OF_REACH", "unitId")]
    town = {**there, "unitId": await unit_id(api, "350521100")}
    assert await told(api, TOWN_ADMIN, "issueSurveyCodes", **town) == [("OUT_OF_REACH", "unitId")]
    assert await told(api, TOWN_ADMIN, "issueSurveyCodes", **{**there, "number": 501}) == [("INVALID", "number")]
    assert await told(api, DESK, "issueSurveyCodes", **there) == "GRAPHQL_VALIDATION_FAILED"
    answer = {"unitId": there["unitId"], "surveyId": of, "code": "22", "choices": [1]}
    assert await told(api, ("partner", OTHER), "answerNeedSurvey", **answer) == "NOT_FOUND"
    assert await told(api, AUDITOR, "answerNeedSurvey", **answer) == "FORBIDDEN"
    assert await told(api, ADMIN, "answerNeedSurvey", **answer) == [("INVALID", "code")]
    unread = await api.ask(PARTNER, COUNTS)
    assert unread["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_a_need_is_answered_by_the_catalog(api: Api) -> None:
    of = await survey(api)
    asked = "query($id: ID!) { node(id: $id) { ... on NeedSurvey { choices { id name } } } }"
    choices = {each["name"]: each["id"] for each in (await api.data(ADMIN, asked, id=of))["node"]["choices"]}
    county, unit = await unit_id(api, COUNTY), await unit_id(api, COMMUNITY)
    food = {"unitId": unit, "choiceId": choices["助餐"], "name": "长者食堂"}
    assert await told(api, ADMIN, "publishForNeed", **food) == [("INVALID", "choiceId")]
    await many(api, of, COMMUNITY, (1, 11), (2, 10))
    await many(api, of, OTHER, (1, 11), (2, 10))
    await api.do(COUNTY_ADMIN, "tallyNeedSurvey", "", id=of)
    nothing = {**food, "choiceId": choices["都不需要"]}
    assert await told(api, ADMIN, "publishForNeed", **nothing) == [("INVALID", "choiceId")]
    select = "serviceItem { id function responses { nodes { id name choice { survey { name } } } } }"
    item = (await api.do(ADMIN, "publishForNeed", select, **food))["serviceItem"]
    assert item["function"] == "FOOD"
    (response,) = item["responses"]["nodes"]
    assert (response["name"], response["choice"]["survey"]["name"]) == ("助餐", "邻里需求")
    found = {who: (await api.data(who, NEEDS, code=who[1]))["orgUnit"] for who in (ADMIN, NEIGHBOUR, COUNTY_ADMIN)}
    assert [each["indicators"]["needsUnanswered"] for each in found.values()] == [1, 2, 2]  # for itself alone
    assert [row["people"] for row in found[COUNTY_ADMIN]["needCounts"]["nodes"]] == [20, 20]
    given = {"unitId": county, "choiceId": choices["日间照料"], "itemId": item["id"]}
    assert await told(api, COUNTY_ADMIN, "respondToNeed", **given) == [("OUT_OF_REACH", "itemId")]
    assert await told(api, ADMIN, "respondToNeed", **{**given, "unitId": unit}) == [("INVALID", "itemId")]
    again = {**given, "unitId": unit, "choiceId": choices["助餐"]}
    assert await told(api, ADMIN, "respondToNeed", **again) == [("TAKEN", "itemId")]
    care = {"unitId": county, "function": "ELDERLY_CARE", "name": "照料中心"}
    above = (await api.do(COUNTY_ADMIN, "publishService", "serviceItem { id }", **care))["serviceItem"]["id"]
    await api.do(COUNTY_ADMIN, "respondToNeed", "", **{**given, "itemId": above})
    left = "query($any: Boolean) { needCounts(filter: {isAnswered: $any, level: [COMMUNITY]}) { nodes { name } } }"
    for who, names in ((ADMIN, []), (NEIGHBOUR, ["助餐"])):
        shown = (await api.data(who, left, any=False))["needCounts"]["nodes"]
        assert [row["name"] for row in shown] == names, who
    await api.do(ADMIN, "takeBackResponse", "orgUnit { id }", id=response["id"])
    assert [row["name"] for row in (await api.data(ADMIN, left, any=False))["needCounts"]["nodes"]] == ["助餐"]
