"""The ledger, centres, and who operates what there: recorded, refused, counted, and who sees them."""

from typing import Any

import pytest

from services.catalog.tables import service_items
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, PARTNER, TOWN_ADMIN, told
from tests.days import day, today
from tests.golden.world import path_of
from tests.writes.api import Api
from tests.writes.street import unit_id

CENTRE = """centre { id name kind address areaKm2 functions dispatches longitude latitude givenIn openedOn closedOn
    version place unit { code } }"""
HERE = {"longitude": 118.79, "latitude": 25.03}
NUMBERS = """query($day: Date) { orgUnit(by: {code: "350521"}) {
    indicators(asOf: $day) { facilities centres centresOpen } } }"""


async def centre(api: Api, **more: Any) -> str:
    """The global id of a new centre of the community."""
    given = {"unitId": await unit_id(api, COMMUNITY), "name": "北关邻里中心", "kind": "STAND_ALONE", **more}
    made: str = (await api.do(ADMIN, "createCentre", "centre { id }", **given))["centre"]["id"]
    return made


@pytest.fixture
async def item(town: Town) -> str:
    """A service the county publishes; its global id."""
    made = {"unit_path": path_of(COUNTY), "function": "FOOD", "name": "长者食堂"}
    return f"si_{(await town.add(service_items, **made))['id']}"


async def test_a_centre_is_recorded_changed_and_closed(api: Api) -> None:
    community = await unit_id(api, COMMUNITY)
    given: dict[str, Any] = {"unitId": community, "name": "北关邻里中心", "kind": "RADIATING"}
    full = {"areaKm2": 7.4, "functions": ["FOOD", "ELDERLY_CARE", "FOOD"], "dispatches": True, "address": "北关路1号"}
    made = (await api.do(ADMIN, "createCentre", CENTRE, **given, **full, **HERE, openedOn=day(-9)))["centre"]
    of = {"id": made.pop("id")}
    assert made == {
        **{key: value for key, value in given.items() if key != "unitId"},
        **full,
        **HERE,
        "functions": ["ELDERLY_CARE", "FOOD"],
        "givenIn": "WGS84",
        "openedOn": day(-9),
        "closedOn": None,
        "version": 1,
        "place": ["惠安县", "螺城镇", "北关社区居委会"],
        "unit": {"code": COMMUNITY},
    }
    assert await told(api, ADMIN, "createCentre", **given) == [("TAKEN", "name")]
    wrong = {"name": " ", "areaKm2": 0.001, "longitude": 25.03, "latitude": 118.79}
    refused = [("INVALID", field) for field in ("name", "areaKm2", "longitude", "latitude")]
    assert await told(api, ADMIN, "updateCentre", **of, **wrong) == refused
    assert await told(api, ADMIN, "updateCentre", **of, functions=None) == [("INVALID", "functions")]
    assert await told(api, NEIGHBOUR, "updateCentre", **of, name="甲") == "NOT_FOUND"
    assert await told(api, COMMITTEE, "updateCentre", **of, name="甲") == "FORBIDDEN"
    change: dict[str, Any] = {
        "areaKm2": None,
        "functions": [],
        "longitude": None,
        "latitude": None,
        "openedOn": day(-5),
    }
    changed = (await api.do(ADMIN, "updateCentre", CENTRE, **of, **change))["centre"]
    told_now = [changed[name] for name in ("areaKm2", "functions", "longitude", "givenIn", "openedOn", "version")]
    assert told_now == [None, [], None, None, day(-5), 2]
    for on in (day(1), day(-6)):
        assert await told(api, ADMIN, "closeCentre", **of, on=on) == [("INVALID", "on")]
    closed = (await api.do(TOWN_ADMIN, "closeCentre", CENTRE, **of, on=day(-1)))["centre"]
    assert closed["closedOn"] == day(-1)
    assert await told(api, ADMIN, "updateCentre", **of, name="甲") == [("CLOSED", "id")]
    await centre(api)  # the name is free again


async def test_facilities_and_the_numbers(api: Api) -> None:
    grid, community = await unit_id(api, GRID), await unit_id(api, COMMUNITY)
    select = "facility { id kind givenIn longitude }"
    given = {"unitId": grid, "name": "卫生站", "kind": "CLINIC", "datum": "GCJ02", **HERE}
    made = (await api.do(ADMIN, "recordFacility", select, **given))["facility"]
    assert made["givenIn"] == "GCJ02"
    assert 0.003 < 118.79 - made["longitude"] < 0.006
    assert await told(api, ADMIN, "recordFacility", **given) == [("TAKEN", "name")]
    await api.do(COUNTY_ADMIN, "recordFacility", "", unitId=community, name="托育园", kind="NURSERY")
    changed = (await api.do(ADMIN, "updateFacility", select, id=made["id"], kind="CARE_HOME"))["facility"]
    assert (changed["kind"], changed["longitude"]) == ("CARE_HOME", made["longitude"])
    await api.do(ADMIN, "closeFacility", "", id=made["id"], on=day(-1))
    await centre(api, openedOn=day(-3))
    await centre(api, name="规划中", openedOn=day(30), functions=["FOOD"])
    for on, numbers in ((None, [1, 2, 1]), (day(-2), [2, 2, 1]), (day(-4), [2, 2, 0]), (day(31), [1, 2, 2])):
        found = (await api.data(COUNTY_ADMIN, NUMBERS, day=on))["orgUnit"]["indicators"]
        assert list(found.values()) == numbers, on
    query = """query($under: [String!], $offers: [ServiceFunction!]) {
        facilities(under: $under, filter: {closed: null}) { totals { count byKind { kind count } } }
        centres(under: $under, filter: {offers: $offers}, orderBy: {field: OPENED_ON}) {
            nodes { name } totals { byKind { kind count } } } }"""
    found = await api.data(COUNTY_ADMIN, query, under=[COMMUNITY])
    kinds = [{"kind": kind, "count": 1} for kind in ("NURSERY", "CARE_HOME")]
    assert found["facilities"]["totals"] == {"count": 2, "byKind": kinds}
    assert [node["name"] for node in found["centres"]["nodes"]] == ["北关邻里中心", "规划中"]
    assert found["centres"]["totals"] == {"byKind": [{"kind": "STAND_ALONE", "count": 2}]}
    found = await api.data(COUNTY_ADMIN, query, under=[COMMUNITY], offers=["FOOD", "MEDICAL"])
    assert found["centres"]["nodes"] == [{"name": "规划中"}]
    found = await api.data(COUNTY_ADMIN, query, under=["350521101"])
    assert found["centres"]["nodes"] == []


async def test_one_operator_at_a_time(api: Api, town: Town, item: str) -> None:
    here = await centre(api)
    select = "operationTerm { id operator mode itemName centreName since until version centre { name } item { name } }"
    given = {"centreId": here, "itemId": item, "operator": "演示运营机构", "mode": "PURCHASED", "since": day(-40)}
    made = (await api.do(ADMIN, "recordOperation", select, **given))["operationTerm"]
    of = {"id": made.pop("id")}
    assert made == {
        "operator": "演示运营机构",
        "mode": "PURCHASED",
        "since": day(-40),
        "until": None,
        "version": 1,
        "itemName": "长者食堂",
        "centreName": "北关邻里中心",
        "centre": {"name": "北关邻里中心"},
        "item": {"name": "长者食堂"},
    }
    assert await told(api, ADMIN, "recordOperation", **given | {"since": day(0)}) == "CONFLICT"
    backwards = given | {"since": day(400), "until": day(399)}
    assert await told(api, ADMIN, "recordOperation", **backwards) == [("INVALID", "until")]
    other = await town.add(service_items, unit_path=path_of("350521101"), function="FOOD", name="别处")
    away = given | {"itemId": f"si_{other['id']}"}
    assert await told(api, COUNTY_ADMIN, "recordOperation", **away) == [("OUT_OF_REACH", "itemId")]
    assert await told(api, ADMIN, "recordOperation", **away) == "NOT_FOUND"
    for last in (day(-41), day(700)):
        codes = [] if last == day(700) else [("INVALID", "on")]
        assert await told(api, ADMIN, "endOperation", **of, on=last, reason="到期", dryRun=True) == codes
    await api.do(ADMIN, "endOperation", "", **of, on=day(-20), reason="到期")
    following = await api.do(ADMIN, "recordOperation", select, **given | {"since": day(-19), "mode": "ENTRUSTED"})
    correcting = {"reason": "记错", "until": day(-25)}
    assert await told(api, ADMIN, "correctOperation", **of, **correcting) == "FORBIDDEN"
    report = "changed { kind since until struckOut } operationTerm { corrections { nodes { reason } } }"
    done = await api.do(TOWN_ADMIN, "correctOperation", report, **of, **correcting)
    assert [(line["kind"], line["since"], line["until"]) for line in done["changed"]] == [
        ("OperationTerm", day(-40), day(-25)),
        ("OperationTerm", day(-24), None),
    ]
    assert done["operationTerm"]["corrections"]["nodes"] == [{"reason": "记错"}]
    total = "{ operationTerms(filter: {ended: false}) { totals { count centres byMode { mode count centres } } } }"
    found = (await api.data(AUDITOR, total))["operationTerms"]["totals"]
    assert found == {"count": 1, "centres": 1, "byMode": [{"mode": "ENTRUSTED", "count": 1, "centres": 1}]}
    running = "centre { closedOn operations { nodes { until } } }"
    closed = (await api.do(ADMIN, "closeCentre", running, id=here, on=day(-2)))["centre"]
    assert closed == {"closedOn": day(-2), "operations": {"nodes": [{"until": day(-25)}, {"until": day(-2)}]}}
    late = {"id": following["operationTerm"]["id"], "until": day(-1), "reason": "记错"}
    assert await told(api, TOWN_ADMIN, "correctOperation", **late) == [("CLOSED", "until")]
    assert await told(api, ADMIN, "recordOperation", **given | {"since": day(-1)}) == [("CLOSED", "centreId")]
    left = "centre { operations { totalCount } }"
    gone = await api.do(TOWN_ADMIN, "strikeOutOperation", left, id=late["id"], reason="误记")
    assert gone["centre"] == {"operations": {"totalCount": 1}}


async def test_who_reads_what(api: Api, town: Town, item: str) -> None:
    """Members the centres of the units above them; the line centres alone; no neighbour anything."""
    here = await centre(api)
    await api.do(ADMIN, "recordFacility", "", unitId=await unit_id(api, COMMUNITY), name="诊所", kind="CLINIC")
    said = {"itemId": item, "operator": "甲", "mode": "PURCHASED", "since": f"{today()}"}
    await api.do(ADMIN, "recordOperation", "", centreId=here, **said)
    one, other = await town.member("林一", GRID), await town.member("林一", "350521101")
    own, away = (("member", f"mb_{member['id']}") for member in (one, other))
    query = "{ centres { totalCount } facilities { totalCount } operationTerms { totalCount } }"
    everything, nothing = [1, 1, 1], [0, 0, 0]
    for who, seen in (
        *((who, everything) for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN, AUDITOR, PARTNER)),
        *((who, [1, 0, 0]) for who in (COMMITTEE, own)),
        *((who, nothing) for who in (NEIGHBOUR, away, ("county_admin", "350524"), ("captain", own[1]))),
    ):
        found = await api.data(who, query)
        assert [page["totalCount"] if page else 0 for page in found.values()] == seen, who


async def test_a_position_that_is_sent_back_as_it_was_read_stays(api: Api) -> None:
    """Degrees are read in WGS-84: to convert them again would move it by hundreds of metres."""
    unit = {"unitId": await unit_id(api, COMMUNITY), "name": "卫生站", "datum": "GCJ02", **HERE}
    for kind, record, update, more in (
        ("facility", "recordFacility", "updateFacility", {"kind": "CLINIC"}),
        ("centre", "createCentre", "updateCentre", {"kind": "STAND_ALONE"}),
    ):
        select = f"{kind} {{ id longitude latitude givenIn }}"
        read = (await api.do(ADMIN, record, select, **unit, **more))[kind]
        assert read["longitude"] != HERE["longitude"]
        back = {"id": read["id"], "longitude": read["longitude"], "latitude": read["latitude"]}
        for datum in ({}, {"datum": read["givenIn"]}):
            assert (await api.do(ADMIN, update, select, **back, **datum))[kind] == read
        said = (await api.do(ADMIN, update, select, **back, datum="WGS84"))[kind]
        assert said == {**read, "givenIn": "WGS84"}
