"""Catalogs through the API: a county publishes, a town narrows, a community takes up; nobody touches others' own."""

from typing import Any

from tests.writes.api import Api
from tests.writes.conftest import api, template

__all__ = ["api", "template"]

COUNTY, TOWN, COMMUNITY = (
    ("county_admin", "350521"),
    ("town_admin", "350521100"),
    ("community_admin", "350521100001"),
)
NEIGHBOUR = ("community_admin", "350521100002")
CATALOG = """
    query ($code: String!) { orgUnit(by: {code: $code}) {
      serviceCatalog(orderBy: {field: NAME, direction: ASC}) { totalCount nodes {
        name offered note sourcePlace notePlace source { name } noteSource { name } item { id name } } }
      indicators { catalogEntries { function entries offered online atWindow categories } }
      serviceAdjustments { nodes { kind inForce item { name } unit { name } } }
    } }
"""
ITEM = "serviceItem { id version name unit { name } place }"
ADJUSTMENT = "serviceAdjustment { id kind note unit { code } item { name } }"


async def unit(api: Api, code: str) -> str:
    """The global id of a unit."""
    found = await api.data(COUNTY, "query ($code: String!) { orgUnit(by: {code: $code}) { id } }", code=code)
    return str(found["orgUnit"]["id"])


async def published(api: Api, who: tuple[str, str], name: str, **more: Any) -> str:
    """The global id of a service this administrator publishes for their own unit."""
    given = {"unitId": await unit(api, who[1]), "function": "FOOD", "name": name, **more}
    made = await api.do(who, "publishService", ITEM, **given)
    return str(made["serviceItem"]["id"])


async def test_from_the_county_to_a_resident(api: Api) -> None:
    """Published, narrowed, noted, taken up; each entry says where it comes from, units above a seat by name only."""
    meals = await published(api, COUNTY, "助餐点", online=True, atWindow=True, category="民政")
    clinic = await published(api, COUNTY, "夜间门诊", optIn=True)
    reading = await published(api, TOWN, "阅览室")
    left_out = await api.do(TOWN, "excludeService", ADJUSTMENT, unitId=await unit(api, TOWN[1]), itemId=reading)
    assert left_out["serviceAdjustment"]["unit"] == {"code": "350521100"}
    here = await unit(api, COMMUNITY[1])
    await api.do(COMMUNITY, "optInService", ADJUSTMENT, unitId=here, itemId=clinic)
    await api.do(TOWN, "overrideService", ADJUSTMENT, unitId=await unit(api, TOWN[1]), itemId=meals, note="周一")
    found = (await api.data(COMMUNITY, CATALOG, code=COMMUNITY[1]))["orgUnit"]
    assert found["serviceCatalog"]["totalCount"] == 2
    assert found["serviceCatalog"]["nodes"] == [
        {
            "name": "夜间门诊",
            "offered": True,
            "note": None,
            "sourcePlace": ["惠安县"],
            "notePlace": None,
            "source": None,
            "noteSource": None,
            "item": {"id": clinic, "name": "夜间门诊"},
        },
        {
            "name": "助餐点",
            "offered": True,
            "note": "周一",
            "sourcePlace": ["惠安县"],
            "notePlace": ["惠安县", "螺城镇"],
            "source": None,
            "noteSource": None,
            "item": {"id": meals, "name": "助餐点"},
        },
    ]
    assert found["indicators"]["catalogEntries"] == [
        {"function": "FOOD", "entries": 2, "offered": 2, "online": 1, "atWindow": 1, "categories": 1}
    ]
    assert found["serviceAdjustments"]["nodes"] == [
        {"kind": "OPT_IN", "inForce": True, "item": {"name": "夜间门诊"}, "unit": {"name": "北关社区居委会"}}
    ]
    of_county = (await api.data(COUNTY, CATALOG, code=COMMUNITY[1]))["orgUnit"]["serviceCatalog"]["nodes"][1]
    assert (of_county["source"], of_county["noteSource"]) == ({"name": "惠安县"}, {"name": "螺城镇"})
    ended = await api.do(TOWN, "endAdjustment", "orgUnit { code }", id=left_out["serviceAdjustment"]["id"])
    assert ended["orgUnit"] == {"code": "350521100"}
    assert (await api.data(COMMUNITY, CATALOG, code=COMMUNITY[1]))["orgUnit"]["serviceCatalog"]["totalCount"] == 3


async def test_filters(api: Api) -> None:
    """Function, category, offered, online, window, name."""
    await published(api, COUNTY, "助餐点", online=True, category="民政")
    await published(api, COUNTY, "夜间门诊", optIn=True, atWindow=True, function="MEDICAL")
    catalog = "serviceCatalog(filter: $f) { nodes { name } }"
    query = f'query ($f: CatalogEntryFilter) {{ orgUnit(by: {{code: "350521"}}) {{ {catalog} }} }}'
    for chosen, names in (
        ({"function": ["MEDICAL"]}, ["夜间门诊"]),
        ({"category": "民政"}, ["助餐点"]),
        ({"offered": False}, ["夜间门诊"]),
        ({"offered": True}, ["助餐点"]),
        ({"online": True}, ["助餐点"]),
        ({"atWindow": True}, ["夜间门诊"]),
        ({"nameContains": "餐"}, ["助餐点"]),
        ({"nameContains": "门诊", "online": True}, []),
    ):
        nodes = (await api.data(COUNTY, query, f=chosen))["orgUnit"]["serviceCatalog"]["nodes"]
        assert [node["name"] for node in nodes] == names, chosen


async def test_what_is_not_theirs(api: Api) -> None:
    """Items published above are read, not changed; units beside, and what they publish, are not there at all."""
    item = await published(api, COUNTY, "助餐点")
    for who in (TOWN, COMMUNITY):
        assert await api.attempt(who, "updateService", id=item, version=1, name="改名") == "FORBIDDEN"
        assert await api.attempt(who, "withdrawService", id=item, on="2026-11-01") == "FORBIDDEN"
    beside = await unit(api, COMMUNITY[1])
    for command, more in (("excludeService", {}), ("optInService", {}), ("overrideService", {"note": "说明"})):
        assert await api.attempt(NEIGHBOUR, command, unitId=beside, itemId=item, **more) == "NOT_FOUND"
    own = await published(api, COMMUNITY, "社区食堂")
    assert await api.attempt(NEIGHBOUR, "updateService", id=own, version=1, name="改名") == "NOT_FOUND"
    there = await unit(api, NEIGHBOUR[1])
    assert await api.attempt(NEIGHBOUR, "excludeService", unitId=there, itemId=own) == "NOT_FOUND"
    said = await api.do(TOWN, "excludeService", ADJUSTMENT, unitId=await unit(api, TOWN[1]), itemId=item)
    adjustment = said["serviceAdjustment"]["id"]
    assert await api.attempt(COMMUNITY, "endAdjustment", id=adjustment) == "NOT_FOUND"
    auditor = ("auditor", "350521")
    assert await api.attempt(auditor, "updateService", id=item, version=1, name="改名") == "FORBIDDEN"


async def test_what_the_user_can_correct(api: Api) -> None:
    """With the field of the input, or as a conflict of versions."""
    item = await published(api, COUNTY, "助餐点")
    again = {"unitId": await unit(api, "350521"), "function": "FOOD", "name": "助餐点"}
    refused = (await api.attempt(COUNTY, "publishService", **again))["userErrors"]
    assert [(error["code"], error["field"]) for error in refused] == [("TAKEN", ["input", "name"])]
    refused = (await api.attempt(COUNTY, "updateService", id=item, version=1, name=None))["userErrors"]
    assert [(error["code"], error["field"]) for error in refused] == [("INVALID", ["input", "name"])]
    assert await api.attempt(COUNTY, "updateService", id=item, version=7, name="长者食堂") == "CONFLICT"
    done = await api.do(COUNTY, "updateService", ITEM, id=item, version=1, name="长者食堂")
    assert (done["serviceItem"]["name"], done["serviceItem"]["version"]) == ("长者食堂", 2)


async def test_a_resident_member_sees_the_catalog_of_the_grid(api: Api) -> None:
    """Read only, and of no other unit."""
    await published(api, COUNTY, "助餐点")
    grid = await unit(api, "350521100001001")
    who = {"unitId": grid, "name": "林一", "standing": "IN_SERVICE"}
    member = (await api.do(COMMUNITY, "registerMember", "member { id }", **who))["member"]["id"]
    seat = ("member", member)
    query = "{ orgUnits { nodes { name serviceCatalog { nodes { name item { name } } } } } }"
    nodes = (await api.data(seat, query))["orgUnits"]["nodes"]
    listed = [{"name": "助餐点", "item": {"name": "助餐点"}}]
    assert nodes == [{"name": "第一网格", "serviceCatalog": {"nodes": listed}}]
    assert await api.attempt(seat, "publishService", unitId=grid, function="FOOD", name="私厨") == "FORBIDDEN"
