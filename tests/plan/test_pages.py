"""Orders of several fields and pages from the end: what clients rely on, and what is refused."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.names import search_keys
from services.storage.database import connected
from tests.conftest import Database
from tests.golden.world import id_of, path_of
from tests.writes.api import Api

COUNTY = ("county_admin", "350521")
# Two by two alike in households, and one whose households are those of two others by its name alone.
ADDED = {"丙小区": 30, "乙小区": 30, "甲小区": 10, "丁小区": 10}


@pytest.fixture
async def api(furnished: Database) -> AsyncIterator[Api]:
    async with connected(furnished.url) as connection:
        made = Api(furnished.url, connection)
        columns = ["id", "unit_path", "name", "folded", "pinyin", "grams", "households"]
        rows = [
            (id_of(name), path_of("350521100001"), name, *search_keys(name), households)
            for name, households in ADDED.items()
        ]
        await connection.copy_records_to_table("compound", records=rows, columns=columns)
        yield made
        await made.close()


def names(page: Any) -> list[str]:
    return [node["name"] for node in page["compounds"]["nodes"] if node["name"] in ADDED]


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        ("{field: HOUSEHOLDS}", "丁 甲 丙 乙"),  # ding, jia, bing, yi: ties by name
        ("{field: HOUSEHOLDS, direction: DESC}", "丙 乙 丁 甲"),  # and upwards, whatever goes downwards
        ("[{field: HOUSEHOLDS, direction: DESC}, {field: NAME, direction: DESC}]", "乙 丙 甲 丁"),
        ("[{field: NAME}, {field: HOUSEHOLDS}]", "丙 丁 甲 乙"),
        ("[]", "丙 丁 甲 乙"),  # one place, then by name
    ],
)
async def test_the_first_order_that_differs_decides(api: Api, orders: str, expected: str) -> None:
    page = await api.data(COUNTY, f"{{ compounds(orderBy: {orders}) {{ nodes {{ name }} }} }}")
    assert names(page) == [f"{name}小区" for name in expected.split()]


@pytest.mark.parametrize("orders", ["[]", "[{field: HOUSEHOLDS, direction: DESC}, {field: NAME, direction: DESC}]"])
@pytest.mark.parametrize("size", [1, 2, 3, 100])
async def test_backwards_is_forwards_from_the_other_end(api: Api, orders: str, size: int) -> None:
    """Also over rows without a value, which are last and so met first; each page is in the order of the whole."""
    await api.connection.execute("UPDATE compound SET surveyed_on = '2026-01-01' WHERE households = 10")
    orders = orders.replace("HOUSEHOLDS", "SURVEYED_ON")
    query = f"""query($last: Int, $before: String) {{ compounds(orderBy: {orders}, last: $last, before: $before) {{
        totalCount edges {{ cursor node {{ name }} }}
        pageInfo {{ hasPreviousPage hasNextPage startCursor endCursor }} }} }}"""
    whole = await api.data(COUNTY, f"{{ compounds(orderBy: {orders}, first: 100) {{ nodes {{ name }} }} }}")
    met: list[str] = []
    before = None
    while True:
        page = (await api.data(COUNTY, query, last=size, before=before))["compounds"]
        info, edges = page["pageInfo"], page["edges"]
        met = [edge["node"]["name"] for edge in edges] + met
        assert (info["startCursor"], info["endCursor"]) == (edges[0]["cursor"], edges[-1]["cursor"])
        assert info["hasNextPage"] is (before is not None)
        if not info["hasPreviousPage"]:
            break
        assert len(edges) == size
        before = info["startCursor"]
    assert met == [node["name"] for node in whole["compounds"]["nodes"]]
    assert page["totalCount"] == len(met)


async def test_a_cursor_serves_both_ways(api: Api) -> None:
    page = await api.data(COUNTY, "{ compounds { edges { cursor node { name } } } }")
    edges = page["compounds"]["edges"]
    here = edges[2]["cursor"]
    query = """query($c: String) {
        on: compounds(after: $c) { nodes { name } } back: compounds(before: $c) { nodes { name } } }"""
    found = await api.data(COUNTY, query, c=here)
    every = [edge["node"]["name"] for edge in edges]
    assert [[node["name"] for node in found[key]["nodes"]] for key in ("back", "on")] == [every[:2], every[3:]]


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ("first: 1, last: 1", "last"),
        ("first: 1, before: $c", "before"),
        ("after: $c, last: 1", "last"),
        ("after: $c, before: $c", "before"),
        ("last: 0", "last"),
        ("last: 101", "last"),
        ('before: "no cursor"', "before"),
        ("orderBy: [{field: NAME}, {field: HOUSEHOLDS}, {field: NAME, direction: DESC}]", "orderBy"),
    ],
)
async def test_what_is_refused(api: Api, arguments: str, argument: str) -> None:
    cursor = (await api.data(COUNTY, "{ compounds { pageInfo { startCursor } } }"))["compounds"]["pageInfo"][
        "startCursor"
    ]
    head = "query($c: String)" if "$c" in arguments else ""
    answer = await api.ask(
        COUNTY, f"{head} {{ compounds({arguments}) {{ totalCount }} }}", **({"c": cursor} if head else {})
    )
    (error,) = answer["errors"]
    assert error["path"] == ["compounds"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": argument}


async def test_null_is_not_asked(api: Api) -> None:
    """Relay's clients send all four, two of them null."""
    query = """query($f: Int, $a: String, $l: Int, $b: String) {
        compounds(first: $f, after: $a, last: $l, before: $b) { edges { cursor } } }"""
    all_four = {"f": 2, "a": None, "l": None, "b": None}
    page = await api.data(COUNTY, query, **all_four)
    assert len(page["compounds"]["edges"]) == 2
    page = await api.data(COUNTY, query, f=None, a=None, l=3, b=None)
    assert len(page["compounds"]["edges"]) == 3


async def test_a_row_before_which_is_gone(api: Api) -> None:
    """The error names the argument that held the cursor."""
    page = await api.data(COUNTY, "{ compounds { edges { cursor node { name } } } }")
    cursor = {edge["node"]["name"]: edge["cursor"] for edge in page["compounds"]["edges"]}["甲小区"]
    await api.connection.execute("DELETE FROM compound WHERE id = $1", id_of("甲小区"))
    answer = await api.ask(COUNTY, "query($c: String) { compounds(before: $c) { totalCount } }", c=cursor)
    (error,) = answer["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": "before"}
    assert json.dumps(error).count("甲") == 0


SEVERAL = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"


async def test_objects_by_their_ids(api: Api) -> None:
    """In the order asked for, one twice if asked for twice; what is not there and what is not yours are null alike."""
    mine, beside = (f"ou_{id_of(code)}" for code in ("350521100001", "350521100002"))
    compound, nowhere = f"cp_{id_of('甲小区')}", f"ou_{id_of('nowhere')}"
    found = await api.data(
        ("community_admin", "350521100001"),
        SEVERAL,
        ids=[compound, beside, mine, nowhere, compound, "x", compound.upper()],
    )
    assert [each and each["id"] for each in found["nodes"]] == [compound, None, mine, None, compound, None, None]
    assert (await api.data(COUNTY, SEVERAL, ids=[beside])) == {"nodes": [{"id": beside}]}
    assert (await api.data(COUNTY, SEVERAL, ids=mine)) == {"nodes": [{"id": mine}]}  # one stands for the list of it


async def test_more_ids_than_a_page_has_rows(api: Api) -> None:
    assert len((await api.data(COUNTY, SEVERAL, ids=["x"] * 100))["nodes"]) == 100
    (error,) = (await api.ask(COUNTY, SEVERAL, ids=["x"] * 101))["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": "ids"}


@pytest.mark.parametrize("ids", ["literal", "variable"])
async def test_objects_are_charged_as_many_as_are_asked_for(api: Api, ids: str) -> None:
    """Whichever way their ids are given; a page of all there may be below each of them is too much."""
    below = "{ ... on OrgUnit { descendants(first: 100) { nodes { compounds(first: 100) { nodes { id } } } } } }"
    told = json.dumps(["x"] * 30)
    query = (
        f"{{ nodes(ids: {told}) {below} }}"
        if ids == "literal"
        else f"query($ids: [ID!]!) {{ nodes(ids: $ids) {below} }}"
    )
    answer = await api.ask(COUNTY, query, **({} if ids == "literal" else {"ids": ["x"] * 30}))
    assert answer["errors"][0]["extensions"]["code"] == "TOO_COSTLY"
    assert "data" in await api.ask(COUNTY, SEVERAL.replace("{ id }", below), ids=["x"])


async def test_totals_are_of_all_pages_and_of_what_is_seen(api: Api) -> None:
    """Whatever page is asked for, of the rows that pass the filter and that the caller may see; in groups as well."""
    query = """query($f: CompoundFilter) {
        compounds(first: 1, filter: $f) { nodes { id } totals { count households } }
        partyOrganizations(first: 1) { totals { count byKind { tier count } } } }"""
    everything = await api.data(COUNTY, query)
    alike = await api.data(COUNTY, query, f={"households": {"from": 30, "to": 30}})
    assert alike["compounds"]["totals"] == {"count": 2, "households": 60}
    here = await api.data(("community_admin", "350521100001"), query)
    beside = await api.data(("community_admin", "350521100002"), query)
    assert beside["compounds"] == {"nodes": [], "totals": {"count": 0, "households": 0}}
    for found in (everything, here, beside):
        totals = found["partyOrganizations"]["totals"]
        assert sum(group["count"] for group in totals["byKind"]) == totals["count"]
    counts = [found["partyOrganizations"]["totals"]["count"] for found in (everything, here, beside)]
    assert counts[1] > 0
    assert counts[0] > counts[2]
