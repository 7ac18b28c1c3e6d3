"""Surveys that are open or over, and whose communities became one."""

from typing import Any

import pytest

from tests.captains.town import COMMUNITY
from tests.centres.asked import ADMIN, COUNTY_ADMIN, TOWN_ADMIN
from tests.centres.test_surveys import OTHER, answered, issued, survey
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

MAY = "query($id: ID!) { node(id: $id) { ... on NeedSurvey { viewerCan } } }"
NUMBERS = """query($code: String!) { orgUnit(by: {code: $code}) { needCounts(orderBy: [{field: PEOPLE}]) {
    nodes { name people } } } }"""


async def counted(api: Api, code: str) -> list[tuple[str, int]]:
    """What a unit is told of itself."""
    nodes = (await api.data(COUNTY_ADMIN, NUMBERS, code=code))["orgUnit"]["needCounts"]["nodes"]
    return sorted((node["name"], node["people"]) for node in nodes)


@pytest.mark.parametrize(
    ("days", "may"),
    [
        ((0, 7), {"ISSUE", "ANSWER", "TALLY"}),
        ((1, 7), {"ISSUE", "TALLY"}),
        ((-7, -1), {"TALLY"}),
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
        return own & {"ISSUE", "ANSWER", "TALLY"}

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
