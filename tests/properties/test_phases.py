"""Phases of a great compound: recorded, changed and struck out, buildings in them, who may and who reads."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.captains.town import Town, entered
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY, COUNTY_ADMIN, NEIGHBOUR, day, made

PHASE = "compoundPhase { id name number households completedOn version compoundName place compound { name } }"
LISTED = """query($id: ID!) { compound(by: {id: $id}) { phases { totals { count compounds households }
    nodes { name number buildings { totals { count households } nodes { name phaseName phase { name } } } } } } }"""


@pytest.fixture
async def town(api: Api) -> AsyncIterator[Town]:
    """The town the API is over."""
    async with entered(api.url) as found:
        yield found


@pytest.fixture
async def great(town: Town) -> str:
    """和平小区, its global id."""
    return f"cp_{(await town.compound('和平小区'))['id']}"


async def told(api: Api, who: tuple[str, str], command: str, **given: Any) -> Any:
    """What is refused: the code of the error, or of each user error with its field."""
    found = await api.attempt(who, command, **given)
    return found if isinstance(found, str) else [(each["code"], *each["field"][1:]) for each in found["userErrors"]]


async def phase(api: Api, compound: str, name: str, **given: Any) -> str:
    return await made(api, ADMIN, "createPhase", "compoundPhase", compoundId=compound, name=name, **given)


async def building(api: Api, compound: str, name: str, **given: Any) -> str:
    return await made(api, ADMIN, "createBuilding", "building", compoundId=compound, name=name, **given)


async def test_a_phase_is_recorded_changed_and_struck_out(api: Api, great: str) -> None:
    given = {"compoundId": great, "name": " 一期 ", "number": 1, "households": 300, "completedOn": day(-900)}
    first = (await api.do(ADMIN, "createPhase", PHASE, **given))["compoundPhase"]
    shown = {"name": "一期", "number": 1, "households": 300, "completedOn": day(-900), "version": 1}
    around = {"compoundName": "和平小区", "compound": {"name": "和平小区"}}
    assert first == {**shown, **around, "id": first["id"], "place": first["place"]}
    assert first["place"][-1] == "北关社区居委会"
    change = {"id": first["id"], "version": 1, "number": None, "name": "商业街", "completedOn": None}
    changed = (await api.do(ADMIN, "updatePhase", PHASE, **change))["compoundPhase"]
    now = {"number": None, "name": "商业街", "completedOn": None, "version": 2}
    assert changed == first | now
    gone = {"id": first["id"], "version": 2, "reason": "记错"}
    payload = await api.do(ADMIN, "strikeOutPhase", "compound { phases { totalCount } }", **gone)
    assert payload["compound"]["phases"]["totalCount"] == 0


async def test_what_is_refused(api: Api, great: str) -> None:
    """Every problem at once; a name and a number are the compound's own, what has no number is not numbered twice."""
    of: dict[str, Any] = {"compoundId": great}
    wrong = {"name": "", "number": 100, "households": -1, "completedOn": "2100-01-01"}
    problems = [("INVALID", field) for field in wrong]
    assert await told(api, ADMIN, "createPhase", **of, **wrong) == problems
    assert await told(api, ADMIN, "createPhase", **of, name="零期", number=0) == [("INVALID", "number")]
    first, street = await phase(api, great, "一期", number=1), await phase(api, great, "商业街")
    await phase(api, great, "地下车库")
    assert await told(api, ADMIN, "createPhase", **of, name="１期", number=1) == [("TAKEN", "number")]
    assert await told(api, ADMIN, "createPhase", **of, name="一期", number=2) == [("TAKEN", "name")]
    change = {"id": street, "version": 1}
    assert await told(api, ADMIN, "updatePhase", **change, number=1) == [("TAKEN", "number")]
    assert await told(api, ADMIN, "updatePhase", **change, households=None) == [("INVALID", "households")]
    assert await told(api, ADMIN, "updatePhase", **change | {"version": 7}) == "CONFLICT"
    assert await told(api, ADMIN, "strikeOutPhase", **change, reason=" ") == [("INVALID", "reason")]
    await building(api, great, "1号楼", phaseId=first)
    gone = {"id": first, "version": 1, "reason": "记错"}
    assert await told(api, ADMIN, "strikeOutPhase", **gone) == [("CLOSED", "id")]
    await api.do(ADMIN, "closeCompound", "", id=great, version=1, on=day(0))
    assert await told(api, ADMIN, "createPhase", **of, name="二期") == [("CLOSED", "compoundId")]
    assert await told(api, ADMIN, "updatePhase", **change, households=1) == [("CLOSED", "id")]
    able = "query($id: ID!) { compound(by: {id: $id}) { phases { nodes { viewerCan } } } }"
    phases = (await api.data(ADMIN, able, id=great))["compound"]["phases"]["nodes"]
    assert phases
    assert not any("COMPOUND_PHASE_UPDATE" in each["viewerCan"] for each in phases)


async def test_a_phase_goes_though_its_buildings_were_closed(api: Api, great: str) -> None:
    """They are let go, in one entry with it, which the compound still finds; an open one holds it back."""
    first = await phase(api, great, "一期", number=1)
    closed, standing = [await building(api, great, name, phaseId=first) for name in ("1号楼", "2号楼")]
    await api.do(ADMIN, "closeBuilding", "", id=closed, version=1, on=day(0))
    gone = {"id": first, "version": 1, "reason": "记错"}
    assert await told(api, ADMIN, "strikeOutPhase", **gone) == [("CLOSED", "id")]
    await api.do(ADMIN, "updateBuilding", "", id=standing, version=1, phaseId=None)
    await api.do(ADMIN, "strikeOutPhase", "", **gone)
    history = "history { nodes { command changes { nodes { table } } } }"
    query = f"""query($id: ID!, $of: ID!) {{ building(by: {{id: $id}}) {{ phaseName version {history} }}
        compound(by: {{id: $of}}) {{ history {{ nodes {{ command }} }} }} }}"""
    found = await api.data(COUNTY_ADMIN, query, id=closed, of=great)
    assert (found["building"]["phaseName"], found["building"]["version"]) == (None, 3)
    last = found["building"]["history"]["nodes"][-1]
    assert (last["command"], *sorted(each["table"] for each in last["changes"]["nodes"])) == (
        "strikeOutPhase",
        "building",
        "compound_phase",
    )
    assert found["compound"]["history"]["nodes"][-1] == {"command": "strikeOutPhase"}


async def test_the_trail_is_found_by_phases(api: Api, great: str) -> None:
    """By the phase itself, and by a filter on what entries were about."""
    first = await phase(api, great, "一期", number=1)
    await api.do(ADMIN, "updatePhase", "", id=first, version=1, number=2)
    query = """query($id: ID!) {
        node(id: $id) { ... on CompoundPhase { history { nodes { command compound { name } } } } }
        auditEntries(filter: {targetCompoundPhase: {some: {number: {from: 2, to: 2}}}}) {
            nodes { command targetCompoundPhase { name } } } }"""
    found = await api.data(COUNTY_ADMIN, query, id=first)
    commands = [entry["command"] for entry in found["node"]["history"]["nodes"]]
    assert commands == ["createPhase", "updatePhase"]
    assert found["node"]["history"]["nodes"][-1]["compound"] == {"name": "和平小区"}
    told_of = [{"command": "updatePhase", "targetCompoundPhase": {"name": "一期"}}]
    assert found["auditEntries"]["nodes"] == told_of


async def test_buildings_stand_in_phases_of_their_compound(api: Api, town: Town, great: str) -> None:
    """Recorded, changed, surveyed; never in another compound's."""
    first, second = [await phase(api, great, f"{name}期", number=n) for n, name in ((1, "一"), (2, "二"))]
    other = f"cp_{(await town.compound('北关花园'))['id']}"
    strange = await phase(api, other, "一期", number=1)
    one = await building(api, great, "1号楼", phaseId=first, households=30)
    of = {"id": one, "version": 1}
    refused = [("OUT_OF_REACH", "phaseId")]
    assert await told(api, ADMIN, "createBuilding", compoundId=great, name="2号楼", phaseId=strange) == refused
    assert await told(api, ADMIN, "updateBuilding", **of, phaseId=strange) == refused
    survey = {"compoundId": great, "buildings": [{"phaseId": strange, "storeys": 0}, {**of, "phaseId": strange}]}
    rows = [(code, *at) for code, *at in await told(api, ADMIN, "recordBuildings", **survey)]
    assert sorted(rows) == [
        ("INVALID", "buildings", "0", "name"),
        ("INVALID", "buildings", "0", "storeys"),
        ("OUT_OF_REACH", "buildings", "0", "phaseId"),
        ("OUT_OF_REACH", "buildings", "1", "phaseId"),
    ]
    survey["buildings"] = [
        {**of, "storeys": 6},
        {"name": "2号楼", "phaseId": second, "households": 8},
        {"name": "3号楼", "phaseId": second, "households": 4},
        {"name": "4号楼", "households": 2},
    ]
    await api.do(ADMIN, "recordBuildings", "", **survey)
    assert await by_phase(api, great) == {"一期": (30, ["1号楼"]), "二期": (12, ["2号楼", "3号楼"])}
    await api.do(ADMIN, "updateBuilding", "", id=one, version=2, phaseId=second)
    assert await by_phase(api, great) == {"一期": (0, []), "二期": (42, ["1号楼", "2号楼", "3号楼"])}
    survey["buildings"] = [{"id": one, "version": 3, "phaseId": None}]
    await api.do(ADMIN, "recordBuildings", "", **survey)
    assert await by_phase(api, great) == {"一期": (0, []), "二期": (12, ["2号楼", "3号楼"])}
    two = await api.data(ADMIN, "{ buildings(filter: {households: {from: 8, to: 8}}) { nodes { id } } }")
    known = {"id": two["buildings"]["nodes"][0]["id"], "version": 1}
    survey["buildings"] = [{"id": one, "version": 4, "storeys": 7}, {**known, "phaseId": first}]
    await api.do(ADMIN, "recordBuildings", "", **survey)
    assert await by_phase(api, great) == {"一期": (8, ["2号楼"]), "二期": (4, ["3号楼"])}
    found = await api.data(ADMIN, "{ buildings(filter: {phase: {some: {number: {from: 2}}}}) { nodes { name } } }")
    assert [each["name"] for each in found["buildings"]["nodes"]] == ["3号楼"]


async def by_phase(api: Api, compound: str) -> dict[str, tuple[int, list[str]]]:
    """The households and buildings of each phase."""
    found = {}
    for each in (await api.data(ADMIN, LISTED, id=compound))["compound"]["phases"]["nodes"]:
        inside = each["buildings"]
        assert all(one["phaseName"] == one["phase"]["name"] == each["name"] for one in inside["nodes"])
        found[each["name"]] = (inside["totals"]["households"], [one["name"] for one in inside["nodes"]])
    return found


async def test_phases_come_by_their_numbers(api: Api, town: Town, great: str) -> None:
    """What has none last; filters, totals, and the list of all of them."""
    for n, name in ((10, "十期"), (None, "商业街"), (2, "二期"), (1, "一期")):
        await phase(api, great, name, number=n, households=10, completedOn=day(-(n or 0)))
    found = (await api.data(ADMIN, LISTED, id=great))["compound"]["phases"]
    assert [each["name"] for each in found["nodes"]] == ["一期", "二期", "十期", "商业街"]
    assert found["totals"] == {"count": 4, "compounds": 1, "households": 40}
    query = """query($filter: CompoundPhaseFilter, $under: [String!]) {
        compoundPhases(filter: $filter, under: $under) { nodes { name } }
        compounds(filter: {phases: {some: {number: {from: 10}}}}) { nodes { name } } }"""
    for conditions, names in (
        ({"number": {"from": 2}}, ["二期", "十期"]),
        ({"households": {"to": 9}}, []),
        ({"completedOn": {"from": day(-1)}}, ["一期", "商业街"]),
    ):
        asked = await api.data(COUNTY_ADMIN, query, filter=conditions, under=[COUNTY])
        assert [each["name"] for each in asked["compoundPhases"]["nodes"]] == names
        assert asked["compounds"]["nodes"] == [{"name": "和平小区"}]
    assert (await api.data(COUNTY_ADMIN, query, under=["350521101"]))["compoundPhases"]["nodes"] == []


async def test_who_may_and_who_reads(api: Api, town: Town, great: str) -> None:
    """Whoever administers the compound's buildings; a company changes what it manages and records nothing."""
    first = await phase(api, great, "一期", number=1)
    one = await building(api, great, "1号楼", phaseId=first)
    manager, other = await town.company("安居物业", 1), await town.company("和平物业", 2)
    compound = await town.connection.fetchrow("SELECT * FROM compound WHERE name = '和平小区'")
    assert compound is not None
    await town.contract(dict(compound), manager, (await town.today()))
    secretary, stranger = [("company_secretary", f"co_{firm['id']}") for firm in (manager, other)]
    line, auditor = ("property_committee", COUNTY), ("auditor", COUNTY)
    change = {"id": first, "version": 1, "households": 9}
    for who in (secretary, line, auditor, ("partner", COUNTY), COUNTY_ADMIN):
        assert (await api.data(who, "{ compoundPhases { totalCount } }"))["compoundPhases"] == {"totalCount": 1}, who
    for who in (stranger, NEIGHBOUR):
        assert (await api.data(who, "{ compoundPhases { totalCount } }"))["compoundPhases"] == {"totalCount": 0}, who
    for who, code in ((stranger, "NOT_FOUND"), (NEIGHBOUR, "NOT_FOUND"), (line, "FORBIDDEN"), (auditor, "FORBIDDEN")):
        assert await told(api, who, "updatePhase", **change) == code, who
    assert await told(api, secretary, "createPhase", compoundId=great, name="二期") == "FORBIDDEN"
    gone = {"id": first, "version": 1, "reason": "记错"}
    assert await told(api, secretary, "strikeOutPhase", **gone) == "FORBIDDEN"
    await api.do(secretary, "updatePhase", "", **change)
    await api.do(secretary, "updateBuilding", "", id=one, version=1, phaseId=None)
    await api.do(secretary, "updateBuilding", "", id=one, version=2, phaseId=first)
    captain = await api.data(("captain", one), "{ buildings { nodes { phaseName phase { name } } } }")
    assert captain["buildings"]["nodes"] == [{"phaseName": "一期", "phase": None}]


async def test_phases_come_along_where_their_compound_goes(api: Api, town: Town, great: str) -> None:
    await building(api, great, "1号楼", phaseId=await phase(api, great, "一期", number=1))
    unit = await api.data(COUNTY_ADMIN, '{ orgUnit(by: {code: "350521100002"}) { id } }')
    await api.do(COUNTY_ADMIN, "updateCompound", "", id=great, version=1, unitId=unit["orgUnit"]["id"])
    found = (await api.data(NEIGHBOUR, LISTED, id=great))["compound"]["phases"]["nodes"]
    assert [(each["name"], each["buildings"]["totals"]["count"]) for each in found] == [("一期", 1)]
