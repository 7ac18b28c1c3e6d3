"""What partner units share with centres, and when a centre used it: recorded, refused, counted, and who sees it."""

from typing import Any

from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, PARTNER, TOWN_ADMIN, told
from tests.centres.test_centres import centre
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

RESOURCE = "sharedResource { id name kind provider since until withdrawnOn onOffer place version unit { code } }"
USE = """resourceUse { id usedOn people resourceName provider centreName version
    resource { name uses { totalCount } } centre { resourceUses { totalCount } } }"""
SCREEN = {"provider": "演示银行支行", "kind": "EQUIPMENT", "name": "投影设备"}
NUMBERS = """query($code: String!, $day: Date) { orgUnit(by: {code: $code}) {
    indicators(asOf: $day) { sharedResources resourceUses } } }"""


async def offered(api: Api, at: str = COMMUNITY, who: tuple[str, str] = COUNTY_ADMIN, **more: Any) -> str:
    """The global id of what is shared in a unit, these forty days and for forty more."""
    given = {"unitId": await unit_id(api, at), **SCREEN, "since": day(-40), "until": day(40), **more}
    made: str = (await api.do(who, "offerResource", "sharedResource { id }", **given))["sharedResource"]["id"]
    return made


async def test_what_is_shared_is_changed_and_withdrawn(api: Api) -> None:
    given = {"unitId": await unit_id(api, COMMUNITY), **SCREEN, "since": day(-3), "until": None}
    made = (await api.do(ADMIN, "offerResource", RESOURCE, **given))["sharedResource"]
    it = {"id": made.pop("id")}
    assert made == {
        **SCREEN,
        "since": day(-3),
        "until": None,
        "withdrawnOn": None,
        "onOffer": True,
        "place": ["惠安县", "螺城镇", "北关社区居委会"],
        "version": 1,
        "unit": {"code": COMMUNITY},
    }
    wrong = {"provider": " ", "name": ""}
    refused = [("INVALID", field) for field in ("provider", "name")]
    assert await told(api, ADMIN, "offerResource", **{**given, **wrong}) == refused
    assert await told(api, ADMIN, "offerResource", **{**given, "since": "1066-10-14"}) == [("INVALID", "since")]
    assert await told(api, ADMIN, "offerResource", **{**given, "until": day(-4)}) == [("INVALID", "until")]
    changed = (await api.do(ADMIN, "updateResource", RESOURCE, **it, name="投影设备两套"))["sharedResource"]
    assert (changed["name"], changed["provider"], changed["version"]) == ("投影设备两套", "演示银行支行", 2)
    gone = (await api.do(ADMIN, "withdrawResource", RESOURCE, **it))["sharedResource"]
    assert (gone["withdrawnOn"], gone["onOffer"]) == (day(0), False)
    for command, more in (("updateResource", {"name": "甲"}), ("withdrawResource", {})):
        assert await told(api, ADMIN, command, **it, **more) == [("CLOSED", "id")]
    await offered(api, kind="INFORMATION", name="招聘信息")
    await offered(api, name="到期的", until=day(-1))
    await offered(api, name="将来的", since=day(1))
    query = """query($on: Boolean) { sharedResources(filter: {onOffer: $on}, orderBy: {field: UNTIL}) { nodes { name }
        totals { count providers byKind { kind count } } } }"""
    found = (await api.data(ADMIN, query, on=True))["sharedResources"]
    kinds = [{"kind": "INFORMATION", "count": 1}]
    assert found == {"nodes": [{"name": "招聘信息"}], "totals": {"count": 1, "providers": 1, "byKind": kinds}}
    found = (await api.data(ADMIN, query, on=False))["sharedResources"]["nodes"]
    assert [node["name"] for node in found] == ["到期的", "将来的", "投影设备两套"]


async def test_a_use_is_recorded_and_struck_out(api: Api) -> None:
    """By a centre there, on a day on which it is shared there and that has come."""
    here, shared, of_town = await centre(api), await offered(api), await offered(api, "350521100")
    given = {"centreId": here, "resourceId": shared, "usedOn": day(-2), "people": 30}
    made = (await api.do(ADMIN, "recordResourceUse", USE, **given))["resourceUse"]
    it = {"id": made.pop("id")}
    assert made == {
        "usedOn": day(-2),
        "people": 30,
        "resourceName": "投影设备",
        "provider": "演示银行支行",
        "centreName": "北关邻里中心",
        "version": 1,
        "resource": {"name": "投影设备", "uses": {"totalCount": 1}},
        "centre": {"resourceUses": {"totalCount": 1}},
    }
    assert await told(api, ADMIN, "recordResourceUse", **given | {"resourceId": of_town}) == []
    away = await offered(api, "350521101")
    for wrong, refused in (
        ({"usedOn": day(1)}, ("INVALID", "usedOn")),
        ({"usedOn": day(-41)}, ("OUT_OF_REACH", "usedOn")),
        ({"people": -1}, ("INVALID", "people")),
        ({"resourceId": away}, ("OUT_OF_REACH", "resourceId")),
        ({"resourceId": await offered(api, until=day(-3))}, ("OUT_OF_REACH", "usedOn")),
    ):
        assert await told(api, COUNTY_ADMIN, "recordResourceUse", **given | wrong) == [refused], wrong
    assert await told(api, ADMIN, "recordResourceUse", **given | {"resourceId": away}) == "NOT_FOUND"
    await api.do(ADMIN, "withdrawResource", "", id=shared)
    today = given | {"usedOn": day(0)}  # the day it is withdrawn
    assert await told(api, ADMIN, "recordResourceUse", **today) == [("OUT_OF_REACH", "usedOn")]
    left = await api.do(ADMIN, "strikeOutResourceUse", "centre { resourceUses { totalCount } }", **it, reason="误记")
    assert left["centre"] == {"resourceUses": {"totalCount": 1}}
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert why["corrections"]["nodes"] == [{"reason": "误记"}]
    await api.do(ADMIN, "closeCentre", "", id=here, on=day(0))
    assert await told(api, ADMIN, "recordResourceUse", **given) == [("CLOSED", "centreId")]


async def test_nothing_was_used_after_it_was_withdrawn(api: Api, town: Town) -> None:
    here, shared = await centre(api), await offered(api)
    await api.do(ADMIN, "withdrawResource", "", id=shared)
    await town.connection.execute("UPDATE shared_resource SET withdrawn_on = withdrawn_on - 1")
    given = {"centreId": here, "resourceId": shared, "usedOn": day(0), "people": 1}
    assert await told(api, ADMIN, "recordResourceUse", **given) == [("OUT_OF_REACH", "usedOn")]


async def test_who_sees_it_and_what_it_comes_to(api: Api, town: Town) -> None:
    """Whoever administers there; below, what a town's partners share, and none of its uses elsewhere."""
    here, shared = await centre(api), await offered(api)
    await offered(api, "350521100", kind="FUNDS", name="助学金")
    given = {"centreId": here, "resourceId": shared, "usedOn": day(-1), "people": 30}
    for on in (day(-1), day(-39)):
        use = (await api.do(ADMIN, "recordResourceUse", USE, **given | {"usedOn": on}))["resourceUse"]["id"]
    member = await town.member("林一", GRID)
    query = "{ sharedResources { totalCount } resourceUses { totalCount } }"
    for who, seen in (
        *((who, [2, 2]) for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN, AUDITOR, PARTNER)),
        (NEIGHBOUR, [1, 0]),
        *((who, [0, 0]) for who in (COMMITTEE, ("member", f"mb_{member['id']}"))),
    ):
        found = await api.data(who, query)
        assert [page["totalCount"] if page else 0 for page in found.values()] == seen, who
    assert await told(api, PARTNER, "withdrawResource", id=shared) == "GRAPHQL_VALIDATION_FAILED"
    for who, refused in ((NEIGHBOUR, "NOT_FOUND"), (AUDITOR, "FORBIDDEN")):
        assert await told(api, who, "withdrawResource", id=shared) == refused
        assert await told(api, who, "strikeOutResourceUse", id=use, reason="无") == refused
        assert await told(api, who, "recordResourceUse", **given) == refused
    of_town = (await api.data(NEIGHBOUR, "{ sharedResources { nodes { id } } }"))["sharedResources"]["nodes"][0]
    assert await told(api, NEIGHBOUR, "withdrawResource", **of_town) == "FORBIDDEN"
    totals = """query($day: DateRange) { resourceUses(filter: {usedOn: $day}) {
        totals { count resources centres people } } }"""
    found = await api.data(AUDITOR, totals, day=None)
    assert found["resourceUses"]["totals"] == {"count": 2, "resources": 1, "centres": 1, "people": 60}
    found = await api.data(AUDITOR, totals, day={"from": day(-1)})
    assert found["resourceUses"]["totals"]["people"] == 30

    async def numbers(on: str | None, code: str = COUNTY) -> list[Any]:
        found = await api.data(COUNTY_ADMIN, NUMBERS, code=code, day=on)
        return list(found["orgUnit"]["indicators"].values())

    this_year = sum(day(back)[:4] == day(0)[:4] for back in (-1, -39))
    assert (await numbers(None), await numbers(None, COMMUNITY)) == ([2, this_year], [1, this_year])
    assert await numbers(day(-39)) == [2, 1]
    assert [(await numbers(day(away)))[0] for away in (-41, 41)] == [0, 0]
    await api.do(ADMIN, "withdrawResource", "", id=shared)
    assert [(await numbers(day(back)))[0] for back in (0, -1)] == [1, 2]
