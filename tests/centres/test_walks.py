"""The 15-minute circle: who lies in it by distances computed otherwise, through an index, and who sees it."""

from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.centres.tables import centres
from services.centres.walks import DETOUR, REACH, compound_positions
from tests.captains.town import COMMUNITY, COUNTY, Town
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, PARTNER, TOWN_ADMIN, told
from tests.centres.test_positions import metres
from tests.days import day, today
from tests.golden.world import path_of
from tests.writes.api import Api

NEXT = "350521100002"
X, Y = 118.79, 25.03
STEP = 0.001  # degrees of latitude: 111 metres, 145 on foot
NUMBERS = """query($code: String!) { orgUnit(by: {code: $code}) { indicators {
    householdsPositioned householdsInCircle compoundsOutOfReach } } }"""


async def located(api: Api, town: Town, name: str, at: str, north: float, households: int) -> str:
    """The global id of a compound so many steps north of the centre."""
    made = await town.compound(name, at)
    await town.connection.execute("UPDATE compound SET households = $2 WHERE id = $1", made["id"], households)
    where = {"longitude": X, "latitude": Y + north * STEP}
    await api.do(COUNTY_ADMIN, "locateCompound", "", id=f"cp_{made['id']}", version=made["version"], **where)
    return f"cp_{made['id']}"


@pytest.fixture
async def street(api: Api, town: Town) -> dict[str, str]:
    """A centre, and compounds north of it: near, at the edge, beyond; one of the next community; one nowhere."""
    given = {"unit_path": path_of(COMMUNITY), "kind": "STAND_ALONE", "functions": ["FOOD"], "datum": "WGS84"}
    made = await town.add(centres, **given, name="中心", longitude=X, latitude=Y, opened_on=today())
    ids = {"centre": f"nc_{made['id']}"}
    for name, at, north, households in (
        ("近", COMMUNITY, 1, 100),
        ("边", COMMUNITY, 6.91, 20),
        ("外", COMMUNITY, 6.93, 3),
        ("邻", NEXT, -2, 4_000),
    ):
        ids[name] = await located(api, town, name, at, north, households)
    await town.compound("未定位")
    return ids


async def numbers(api: Api, who: tuple[str, str], code: str = COUNTY) -> list[Any]:
    """Households positioned, in the circle; compounds in the gaps."""
    return list((await api.data(who, NUMBERS, code=code))["orgUnit"]["indicators"].values())


async def test_the_circle_of_a_centre_a_compound_and_a_unit(api: Api, street: dict[str, str]) -> None:
    query = """query($id: ID!, $filter: WalkFilter) { node(id: $id) { ... on Centre { withinWalk(filter: $filter) {
        nodes { compoundName metres place centrePlace functions compound { name } centre { name } }
        totals { compounds households } } } } }"""
    found = (await api.data(COUNTY_ADMIN, query, id=street["centre"]))["node"]["withinWalk"]
    assert [(node["compoundName"], node["metres"]) for node in found["nodes"]] == [
        ("近", 145),
        ("邻", 290),
        ("边", 999),
    ]
    assert found["totals"] == {"compounds": 3, "households": 4_120}
    near = {"metres": {"to": 200}, "offers": ["FOOD", "MEDICAL"]}
    (only,) = (await api.data(COUNTY_ADMIN, query, id=street["centre"], filter=near))["node"]["withinWalk"]["nodes"]
    place = ["惠安县", "螺城镇", "北关社区居委会"]
    assert only == {
        "compoundName": "近",
        "metres": 145,
        "functions": ["FOOD"],
        "place": place,
        "centrePlace": place,
        "compound": {"name": "近"},
        "centre": {"name": "中心"},
    }
    none = (await api.data(COUNTY_ADMIN, query, id=street["centre"], filter={"offers": ["MEDICAL"]}))["node"]
    assert none["withinWalk"] == {"nodes": [], "totals": {"compounds": 0, "households": 0}}
    assert await numbers(api, COUNTY_ADMIN) == [4_123, 4_120, 1]
    assert await numbers(api, COUNTY_ADMIN, COMMUNITY) == [123, 120, 1]
    gaps = """{ compounds(filter: {hasPosition: true, centresWithinWalk: {none: {offers: [FOOD]}}}) { nodes { name } }
        unknown: compounds(filter: {hasPosition: false}) { nodes { name } } }"""
    found = await api.data(COUNTY_ADMIN, gaps)
    assert [page["nodes"] for page in found.values()] == [[{"name": "外"}], [{"name": "未定位"}]]


async def test_what_is_not_open_has_no_circle(api: Api, town: Town, street: dict[str, str]) -> None:
    for opened in (None, day(1)):
        await api.do(ADMIN, "updateCentre", "", id=street["centre"], openedOn=opened)
        assert await numbers(api, COUNTY_ADMIN) == [4_123, 0, 4]
    await api.do(ADMIN, "updateCentre", "", id=street["centre"], openedOn=day(-3))
    await api.do(ADMIN, "closeCompound", "", id=street["近"], on=day(0))
    assert await numbers(api, COUNTY_ADMIN) == [4_023, 4_020, 1]
    moved: dict[str, Any] = {"id": street["外"], "version": 2, "longitude": X, "latitude": Y}
    select = "compound { position { longitude latitude givenIn version } centresWithinWalk { nodes { metres } } }"
    done = (await api.do(ADMIN, "locateCompound", select, **moved))["compound"]
    assert done["position"] == {"longitude": X, "latitude": Y, "givenIn": "WGS84", "version": 2}
    assert done["centresWithinWalk"] == {"nodes": [{"metres": 0}]}
    recorded = "SELECT after FROM audit_change WHERE table_name = 'compound_position' ORDER BY id DESC LIMIT 1"
    assert "spot" not in await town.connection.fetchval(recorded)  # what is worked out is nothing anybody said
    swapped = {**moved, "version": 3, "longitude": Y, "latitude": X}
    assert await told(api, ADMIN, "locateCompound", **moved) == "CONFLICT"
    assert await told(api, ADMIN, "locateCompound", **swapped) == [("INVALID", "longitude"), ("INVALID", "latitude")]
    assert await told(api, ADMIN, "locateCompound", **moved | {"id": street["近"], "version": 3}) == [("CLOSED", "id")]
    await api.do(ADMIN, "closeCentre", "", id=street["centre"], on=day(0))
    assert await numbers(api, COUNTY_ADMIN) == [4_023, 0, 3]


async def test_who_sees_a_walk(api: Api, town: Town, street: dict[str, str]) -> None:
    """It lies where the compound does: whoever reads that is told of the centre next door, and by name alone."""
    query = """{ compounds { nodes { name position { longitude }
        centresWithinWalk { nodes { centreName centre { name } } } } } }"""
    whole = {"近", "边", "邻"}
    for who, seen, led in (
        *((who, whole, True) for who in (COUNTY_ADMIN, TOWN_ADMIN, AUDITOR, PARTNER, COMMITTEE)),
        (ADMIN, {"近", "边"}, True),
        (NEIGHBOUR, {"邻"}, False),
    ):
        nodes = (await api.data(who, query))["compounds"]["nodes"]
        walks = {node["name"]: node["centresWithinWalk"]["nodes"] for node in nodes}
        there = [{"centreName": "中心", "centre": {"name": "中心"} if led else None}]
        assert {name: found for name, found in walks.items() if found} == dict.fromkeys(seen, there), who
        assert {node["name"] for node in nodes if node["position"]} >= seen
    for who in (NEIGHBOUR, COMMITTEE, AUDITOR):
        moved = {"id": street["近"], "version": 2, "longitude": X, "latitude": Y}
        assert await told(api, who, "locateCompound", **moved) in ("NOT_FOUND", "FORBIDDEN"), who


CROWD = """
    INSERT INTO compound (id, unit_path, name, folded, pinyin, grams)
    SELECT gen_random_uuid(), $1, 'c' || n, 'c' || n, 'c', '{}' FROM generate_series(1, 3000) AS n
"""


async def crowd(town: Town) -> tuple[dict[UUID, tuple[float, float]], dict[UUID, tuple[float, float]]]:
    """Thousands of compounds and centres about a county, and where each stands."""
    await town.connection.execute(CROWD, path_of(COMMUNITY))
    random, found = Random(15), await town.connection.fetch("SELECT id FROM compound ORDER BY name")

    def somewhere() -> tuple[float, float]:
        return round(random.uniform(118.6, 118.9), 6), round(random.uniform(24.8, 25.1), 6)

    def new() -> UUID:
        return UUID(int=random.getrandbits(128))

    homes = {row["id"]: somewhere() for row in found}
    stands = [(new(), home, path_of(COMMUNITY), *at, "WGS84") for home, at in homes.items()]
    columns = ["id", "compound_id", "unit_path", "longitude", "latitude", "datum"]
    await town.connection.copy_records_to_table(compound_positions.name, records=stands, columns=columns)
    hubs = {new(): somewhere() for _ in range(2000)}
    kept = (path_of(COMMUNITY), "TOWN_LEVEL", "WGS84", today())
    rows = [(hub, *kept, f"h{number}", f"h{number}", *at) for number, (hub, at) in enumerate(hubs.items())]
    columns = ["id", "unit_path", "kind", "datum", "opened_on", "name", "folded", "longitude", "latitude"]
    await town.connection.copy_records_to_table(centres.name, records=rows, columns=columns)
    await town.connection.execute("ANALYZE compound_position, centre, compound")
    return homes, hubs


async def test_distances_and_indexes(town: Town) -> None:
    """By haversines over every pair; from either side through the index of the other."""
    homes, hubs = await crowd(town)
    seen = await town.connection.fetch("SELECT centre_id, compound_id, metres FROM walk")
    told_of = {(row["centre_id"], row["compound_id"]): row["metres"] for row in seen}
    box = 0.01  # degrees: more than a walk, whichever way
    pairs = {
        (hub, home): DETOUR * metres(at, where)
        for hub, at in hubs.items()
        for home, where in homes.items()
        if abs(at[0] - where[0]) < box and abs(at[1] - where[1]) < box
    }
    assert len(told_of) > 5_000
    for pair, length in pairs.items():
        if length <= REACH - 0.01:
            assert abs(told_of.pop(pair) - length) < 1.01
        elif length > REACH + 0.01:
            assert pair not in told_of
    assert all(abs(pairs[pair] - REACH) <= 0.01 for pair in told_of)
    for known, index in (("centre_id", "compound_position_place_idx"), ("compound_id", "centre_place_idx")):
        lines = await _explained(town.connection, known)
        assert any(index in line for line in lines), "\n".join(lines)
        assert not any("Seq Scan" in line for line in lines), "\n".join(lines)


NESTED = """query($some: CompoundFilter, $none: CompoundFilter) {
    some: compounds(filter: $some) { totalCount } none: compounds(filter: $none) { totalCount } }"""
CHARGED = "query($f: CompoundFilter) { %s }"


async def test_filters_by_walks_of_walks(api: Api, town: Town) -> None:
    """Of thousands, answered; charged for what they go through, and beyond the limit refused before they run."""
    homes, _ = await crowd(town)
    close: dict[UUID, set[UUID]] = {}
    for row in await town.connection.fetch("SELECT centre_id, compound_id FROM walk WHERE metres <= 500"):
        close.setdefault(row["centre_id"], set()).add(row["compound_id"])
    pairs = await town.connection.fetch("SELECT centre_id, compound_id FROM walk")
    lively = {row["compound_id"] for row in pairs if row["centre_id"] in close}
    asked = {"centre": {"some": {"withinWalk": {"some": {"metres": {"to": 500}}}}}}
    nested = {how: {"centresWithinWalk": {how: asked}} for how in ("some", "none")}
    told_of = await api.data(COUNTY_ADMIN, NESTED, **nested)
    assert [told_of[how]["totalCount"] for how in nested] == [len(lively), len(homes) - len(lively)]
    many = CHARGED % " ".join(f"a{number}: compounds(filter: $f) {{ totalCount }}" for number in range(20))
    assert "errors" not in await api.ask(COUNTY_ADMIN, many, f={"centresWithinWalk": {"none": {}}})
    refused = await api.ask(COUNTY_ADMIN, many, f=nested["some"])
    assert refused["errors"][0]["extensions"]["code"] == "TOO_COSTLY"


async def _explained(connection: asyncpg.Connection, known: str) -> list[str]:
    some = await connection.fetchval(f"SELECT {known} FROM walk LIMIT 1")
    query = f"EXPLAIN SELECT metres FROM walk WHERE {known} = $1 ORDER BY metres LIMIT 20"
    return [line[0] for line in await connection.fetch(query, some)]
