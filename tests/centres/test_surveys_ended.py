"""Surveys that were a mistake, that are over, and whose communities became one."""

from typing import Any

import pytest

from tests.captains.town import COMMUNITY, COUNTY
from tests.centres.asked import ADMIN, AUDITOR, COUNTY_ADMIN, PARTNER, TOWN_ADMIN, told
from tests.centres.test_surveys import NODE, OTHER, answered, issued, many, survey
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

MAY = "query($id: ID!) { node(id: $id) { ... on NeedSurvey { viewerCan } } }"
NUMBERS = """query($code: String!) { orgUnit(by: {code: $code}) { needCounts(orderBy: [{field: PEOPLE}]) {
    nodes { name people } } } }"""
REPORT = "moved { kind name fate count fromPlace }"
NEEDED = """query($code: String!) { orgUnit(by: {code: $code}) {
    indicators { needsByFunction { function people } needsUnanswered } } }"""
TOWN, NEXT = "350521100", "350521190"
WRONG = "发错了"


async def counted(api: Api, code: str) -> list[tuple[str, int]]:
    """What a unit is told of itself."""
    nodes = (await api.data(COUNTY_ADMIN, NUMBERS, code=code))["orgUnit"]["needCounts"]["nodes"]
    return sorted((node["name"], node["people"]) for node in nodes)


async def test_one_that_nobody_can_have_answered_is_withdrawn(api: Api) -> None:
    """Before it opens whatever was handed out, afterwards while no code was; why is kept."""
    soon, now = await survey(api, opensOn=day(1)), await survey(api)
    await issued(api, soon, 2)
    for who in (ADMIN, AUDITOR, PARTNER):
        assert isinstance(await told(api, who, "withdrawNeedSurvey", id=soon, reason=WRONG), str), who
    for of in (soon, now):
        made = await api.do(COUNTY_ADMIN, "withdrawNeedSurvey", "orgUnit { code }", id=of, reason=WRONG)
        assert made["orgUnit"] == {"code": "350521"}
        assert (await api.data(COUNTY_ADMIN, NODE, id=of))["node"] is None
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert [node["reason"] for node in why["corrections"]["nodes"]] == [WRONG, WRONG]
    for table in ("survey_choice", "survey_box", "survey_code", "survey_counter"):
        assert await api.connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table


async def test_whether_anybody_answered_is_not_told_by_trying(api: Api) -> None:
    """One code handed out is as good as one used; what was counted stays."""
    of = await survey(api)
    (code,) = await issued(api, of, 1)
    refused = [("CLOSED", "id")]
    assert await told(api, COUNTY_ADMIN, "withdrawNeedSurvey", id=of, reason=WRONG) == refused
    assert await answered(api, of, code, 1) == []
    assert await told(api, COUNTY_ADMIN, "withdrawNeedSurvey", id=of, reason=WRONG) == refused
    await api.do(COUNTY_ADMIN, "tallyNeedSurvey", "", id=of)
    assert await told(api, COUNTY_ADMIN, "withdrawNeedSurvey", id=of, reason=WRONG) == refused


@pytest.mark.parametrize(
    ("days", "may"),
    [
        ((0, 7), {"ISSUE", "ANSWER", "TALLY", "WITHDRAW"}),
        ((1, 7), {"ISSUE", "TALLY", "WITHDRAW"}),
        ((-7, -1), {"TALLY", "WITHDRAW"}),
    ],
    ids=["open", "to come", "over"],
)
async def test_rights_that_a_survey_s_days_leave_no_use_of_are_not_named(
    api: Api, days: tuple[int, int], may: set[str]
) -> None:
    of = await survey(api, opensOn=day(days[0]), closesOn=day(days[1]))

    async def able() -> set[str]:
        named: list[Any] = (await api.data(COUNTY_ADMIN, MAY, id=of))["node"]["viewerCan"]
        own = {each.removeprefix("NEED_SURVEY_") for each in named}
        return own & {"ISSUE", "ANSWER", "TALLY", "WITHDRAW"}

    assert await able() == may
    await api.do(COUNTY_ADMIN, "tallyNeedSurvey", "", id=of)
    assert await able() == set()


async def test_communities_that_became_one_have_one_number_of_each_thing(api: Api) -> None:
    """Added up where both were told of it, and left out where either was not; what asked only one stays as it is."""
    of = await survey(api)
    for at, foods in ((COMMUNITY, 30), (OTHER, 20)):
        codes = await issued(api, of, foods + 20, at)
        for number, code in enumerate(codes):
            choice = 1 if number < foods else 2 if at == COMMUNITY else 3
            assert await answered(api, of, code, choice, at=at) == []
    alone = await survey(api, ADMIN, COMMUNITY)
    for number, code in enumerate(await issued(api, alone, 40)):
        assert await answered(api, alone, code, 4 + number % 2) == []
    await api.do(COUNTY_ADMIN, "tallyNeedSurvey", "", id=of)
    await api.do(ADMIN, "tallyNeedSurvey", "", id=alone)
    assert await counted(api, OTHER) == [("助餐", 20), ("都不需要", 20)]
    above = await counted(api, TOWN_ADMIN[1])
    merged = {"id": await unit_id(api, COMMUNITY), "others": [{"id": await unit_id(api, OTHER), "version": 1}]}
    await api.do(COUNTY_ADMIN, "mergeUnits", "", **merged)
    assert await counted(api, COMMUNITY) == [("助餐", 50), ("窗口", 20), ("网上", 20)]
    assert await counted(api, TOWN_ADMIN[1]) == above


async def next_town(api: Api) -> None:
    """Another town of the county, with a community."""
    for above, level, code in ((COUNTY, "TOWN", NEXT), (NEXT, "COMMUNITY", f"{NEXT}001")):
        given = {"parentId": await unit_id(api, above), "name": f"新{code[-3:]}", "code": code, "level": level}
        await api.do(COUNTY_ADMIN, "createUnit", "", **given)


async def test_units_that_were_asked_nothing_add_nothing(api: Api) -> None:
    """Towns, and communities: the numbers stay, whichever of the two goes on."""
    await next_town(api)
    of = await survey(api)
    await many(api, of, COMMUNITY, (1, 20), (2, 20))
    await api.do(COUNTY_ADMIN, "tallyNeedSurvey", "", id=of)
    found = [("助餐", 20), ("日间照料", 20)]
    for keep, drop in ((OTHER, COMMUNITY), (NEXT, TOWN)):
        given = {"id": await unit_id(api, keep), "others": [{"id": await unit_id(api, drop), "version": 1}]}
        made = await api.do(COUNTY_ADMIN, "mergeUnits", REPORT, **given)
        assert not [line for line in made["moved"] if (line["kind"], line["fate"]) == ("NeedCount", "LOST")]
        assert await counted(api, keep) == found


async def test_what_is_told_no_more_is_reported(api: Api) -> None:
    """Of the one that goes and of the one that stays, each by what it was of."""
    of = await survey(api)
    await many(api, of, COMMUNITY, (1, 20), (2, 20))
    await many(api, of, OTHER, (1, 20), (3, 20))
    await api.do(COUNTY_ADMIN, "tallyNeedSurvey", "", id=of)
    given = {"id": await unit_id(api, COMMUNITY), "others": [{"id": await unit_id(api, OTHER), "version": 1}]}
    made = await api.do(COUNTY_ADMIN, "mergeUnits", REPORT, **given)
    lost = [line for line in made["moved"] if (line["kind"], line["fate"]) == ("NeedCount", "LOST")]
    assert [(line["name"], line["count"]) for line in lost if line["name"]] == [
        ("邻里需求 都不需要", 1),
        ("邻里需求 日间照料", 1),
    ]
    assert await counted(api, COMMUNITY) == [("助餐", 40)]


async def needed(api: Api, code: str) -> dict[str, int]:
    """How many need what in a unit and below it."""
    found = (await api.data(COUNTY_ADMIN, NEEDED, code=code))["orgUnit"]["indicators"]["needsByFunction"]
    return {each["function"]: each["people"] for each in found}


async def test_a_community_that_moves_brings_its_needs_along(api: Api) -> None:
    """Its town as it is now has them, beside its own; where it was, what was found stays; above, each counts once."""
    await next_town(api)
    of = await survey(api)
    await many(api, of, COMMUNITY, (1, 20), (2, 20))
    await many(api, of, OTHER, (1, 30), (2, 30))
    await many(api, of, f"{NEXT}001", (1, 50), (2, 10))
    await api.do(COUNTY_ADMIN, "tallyNeedSurvey", "", id=of)
    county = {"FOOD": 100, "ELDERLY_CARE": 60}
    assert [await needed(api, code) for code in (COUNTY, TOWN, NEXT)] == [
        county,
        {"FOOD": 50, "ELDERLY_CARE": 50},
        {"FOOD": 50, "ELDERLY_CARE": 10},
    ]
    moved = {"id": await unit_id(api, COMMUNITY), "parentId": await unit_id(api, NEXT)}
    await api.do(COUNTY_ADMIN, "moveUnit", "", **moved)
    now = [county, {"FOOD": 50, "ELDERLY_CARE": 50}, {"FOOD": 70, "ELDERLY_CARE": 30}]
    assert [await needed(api, code) for code in (COUNTY, TOWN, NEXT)] == now
    merged = {"id": await unit_id(api, NEXT), "others": [{"id": await unit_id(api, TOWN), "version": 1}]}
    await api.do(COUNTY_ADMIN, "mergeUnits", "", **merged)
    assert [await needed(api, code) for code in (COUNTY, NEXT)] == [county, county]
