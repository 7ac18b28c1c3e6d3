"""Surveys whose communities became one."""

from tests.captains.town import COMMUNITY
from tests.centres.asked import ADMIN, COUNTY_ADMIN, TOWN_ADMIN
from tests.centres.test_surveys import OTHER, answered, issued, survey
from tests.writes.api import Api
from tests.writes.street import unit_id

NUMBERS = """query($code: String!) { orgUnit(by: {code: $code}) { needCounts(orderBy: [{field: PEOPLE}]) {
    nodes { name people } } } }"""


async def counted(api: Api, code: str) -> list[tuple[str, int]]:
    """What a unit is told of itself."""
    nodes = (await api.data(COUNTY_ADMIN, NUMBERS, code=code))["orgUnit"]["needCounts"]["nodes"]
    return sorted((node["name"], node["people"]) for node in nodes)


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
