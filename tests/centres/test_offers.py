"""What departments bring to centres: matched, delivered or dropped, counted by department, and who sees it."""

import asyncio
from typing import Any

import pytest

from tests.captains.town import COMMUNITY
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, PARTNER, TOWN_ADMIN, told
from tests.centres.test_centres import centre
from tests.days import day
from tests.writes.api import Api

SHOWN = "departmentOffer { id status matchedOn deliveredOn dropReason version centreName }"
NUMBERS = """query($under: [String!], $day: Date) {
    departmentOffers(under: $under) { totals { count centres
        byDepartment { department count matched delivered } byStatus { kind status count } } }
    orgUnit(by: {code: "350521"}) { indicators(asOf: $day) { projectsMatched resourcesDelivered } } }"""
BUREAU = "文旅局"


async def offer(api: Api, of: str, **more: Any) -> dict[str, Any]:
    """Something a department brings to a centre."""
    given = {
        "centreId": of,
        "department": "民政局",
        "kind": "PROJECT",
        "name": "加装扶手",
        "matchedOn": day(-9),
        **more,
    }
    made: dict[str, Any] = (await api.do(TOWN_ADMIN, "matchOffer", SHOWN, **given))["departmentOffer"]
    return made


async def test_what_is_matched_is_delivered_or_dropped(api: Api) -> None:
    of = await centre(api)
    one, other = await offer(api, of), await offer(api, of, name="义诊")
    assert (one["status"], one["deliveredOn"], one["dropReason"], one["version"]) == ("MATCHED", None, None, 1)
    assert await told(api, TOWN_ADMIN, "deliverOffer", id=one["id"], on=day(-10)) == [("INVALID", "on")]
    assert await told(api, TOWN_ADMIN, "deliverOffer", id=one["id"], on=day(1)) == [("INVALID", "on")]
    done = (await api.do(TOWN_ADMIN, "deliverOffer", SHOWN, id=one["id"], on=day(-9)))["departmentOffer"]
    assert (done["status"], done["deliveredOn"], done["version"]) == ("DELIVERED", day(-9), 2)
    gone = (await api.do(TOWN_ADMIN, "dropOffer", SHOWN, id=other["id"], reason="无场地"))["departmentOffer"]
    assert (gone["status"], gone["deliveredOn"], gone["dropReason"]) == ("DROPPED", None, "无场地")
    for each in (one, other):
        assert await told(api, TOWN_ADMIN, "dropOffer", id=each["id"], reason="晚") == [("CLOSED", "id")]
        assert await told(api, TOWN_ADMIN, "deliverOffer", id=each["id"], on=day(0)) == [("CLOSED", "id")]
    left = "centre { offers { nodes { id } } }"
    struck = await api.do(TOWN_ADMIN, "strikeOutOffer", left, id=other["id"], reason="误记")
    assert struck["centre"]["offers"]["nodes"] == [{"id": one["id"]}]
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert why["corrections"]["nodes"] == [{"reason": "误记"}]


async def test_of_two_at_once_one_is_told(api: Api) -> None:
    """Delivered and dropped on the same version: whoever comes second hears of the first."""
    mine = (await offer(api, await centre(api)))["id"]
    both = await asyncio.gather(
        told(api, TOWN_ADMIN, "deliverOffer", id=mine, on=day(0), version=1),
        told(api, COUNTY_ADMIN, "dropOffer", id=mine, reason="不办", version=1),
    )
    assert sorted(map(str, both)) == ["CONFLICT", "[]"]


async def test_it_is_counted_by_department_and_state(api: Api) -> None:
    """What a department brings on visits of its own is apart, and what was dropped is no match."""
    one, other = await centre(api), await centre(api, name="另一处")
    await offer(api, one)
    await offer(api, other, kind="RESOURCE", name="图书", deliveredOn=day(-4))
    await offer(api, one, kind="OWN_VISIT", name="球赛", department=BUREAU, deliveredOn=day(-9))
    gone = await offer(api, one, name="讲座")
    await api.do(TOWN_ADMIN, "dropOffer", "", id=gone["id"], reason="无场地")
    found = await api.data(COUNTY_ADMIN, NUMBERS, under=[COMMUNITY])
    totals = found["departmentOffers"]["totals"]
    assert (totals["count"], totals["centres"]) == (4, 2)
    assert {each.pop("department"): each for each in totals["byDepartment"]} == {
        "民政局": {"count": 3, "matched": 1, "delivered": 1},
        BUREAU: {"count": 1, "matched": 0, "delivered": 1},
    }
    assert [tuple(each.values()) for each in totals["byStatus"]] == [
        *(("PROJECT", "MATCHED", 1), ("PROJECT", "DROPPED", 1)),
        *(("RESOURCE", "DELIVERED", 1), ("OWN_VISIT", "DELIVERED", 1)),
    ]
    assert found["orgUnit"]["indicators"] == {"projectsMatched": 1, "resourcesDelivered": 1}
    for on, numbers in ((-5, (1, 0)), (-10, (0, 0))):
        then = (await api.data(COUNTY_ADMIN, NUMBERS, day=day(on)))["orgUnit"]["indicators"]
        assert then == dict(zip(("projectsMatched", "resourcesDelivered"), numbers, strict=True)), on
    own = "query($by: String!) { departmentOffers(filter: {department: $by, status: [DELIVERED]}) { totalCount } }"
    assert (await api.data(PARTNER, own, by=f" {BUREAU}"))["departmentOffers"]["totalCount"] == 1


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"department": " ", "name": ""}, [("INVALID", "department"), ("INVALID", "name")]),
        ({"matchedOn": 1}, [("INVALID", "matchedOn")]),
        ({"deliveredOn": -10}, [("INVALID", "deliveredOn")]),
        ({"deliveredOn": 1}, [("INVALID", "deliveredOn")]),
    ],
)
async def test_what_cannot_be_matched(api: Api, given: dict[str, Any], refused: Any) -> None:
    given = {name: day(value) if isinstance(value, int) else value for name, value in given.items()}
    whole = {"department": "民政局", "kind": "PROJECT", "name": "加装扶手", "matchedOn": day(-9), **given}
    assert await told(api, TOWN_ADMIN, "matchOffer", centreId=await centre(api), **whole) == refused


async def test_who_may(api: Api) -> None:
    of = await centre(api)
    mine = {"id": (await offer(api, of))["id"]}
    query = "query($id: ID!) { node(id: $id) { ... on DepartmentOffer { name } } }"
    refused = {ADMIN: "FORBIDDEN", AUDITOR: "FORBIDDEN", PARTNER: "GRAPHQL_VALIDATION_FAILED"}
    for who, answer in refused.items():
        assert (await api.data(who, query, **mine))["node"] == {"name": "加装扶手"}, who
        assert await told(api, who, "deliverOffer", **mine, on=day(0)) == answer, who
    for who in (NEIGHBOUR, COMMITTEE):
        assert (await api.data(who, query, **mine))["node"] is None, who
        assert await told(api, who, "dropOffer", **mine, reason="不办") == "NOT_FOUND", who
    await api.do(ADMIN, "closeCentre", "", id=of, on=day(0))
    late = {"centreId": of, "department": "民政局", "kind": "PROJECT", "name": "晚", "matchedOn": day(0)}
    assert await told(api, TOWN_ADMIN, "matchOffer", **late) == [("CLOSED", "centreId")]
    assert await told(api, TOWN_ADMIN, "deliverOffer", **mine, on=day(0)) == []
