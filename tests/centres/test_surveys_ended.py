"""Surveys that were a mistake, that are over, and whose communities became one."""

from typing import Any

import pytest

from tests.captains.town import COMMUNITY
from tests.centres.asked import ADMIN, AUDITOR, COUNTY_ADMIN, PARTNER, TOWN_ADMIN, told
from tests.centres.test_surveys import NODE, OTHER, answered, issued, survey
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

MAY = "query($id: ID!) { node(id: $id) { ... on NeedSurvey { viewerCan } } }"
NUMBERS = """query($code: String!) { orgUnit(by: {code: $code}) { needCounts(orderBy: [{field: PEOPLE}]) {
    nodes { name people } } } }"""
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
