"""Pages after a cursor: what the row's values are now decides, and only for whoever may read the row now."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from services.names import search_keys
from services.storage.database import connected
from tests.conftest import Database
from tests.golden.world import id_of, path_of
from tests.writes.api import Api

COUNTY, COMMUNITY = ("county_admin", "350521"), ("community_admin", "350521100001")
PLAIN, MOVED = "无覆盖小区", "演示小区"
PAGE = "edges { cursor node { name } } pageInfo { hasNextPage hasPreviousPage endCursor }"
LIST = f"query($a: String, $n: Int) {{ compounds(first: $n, after: $a, orderBy: {{field: NAME}}) {{ {PAGE} }} }}"
FILTERED = """query($a: String) { compounds(after: $a, orderBy: {field: NAME}, filter: {nameContains: "小区"}) {
    edges { cursor node { name } } } }"""
COUNTED = "query($a: String) { compounds(after: $a, orderBy: {field: NAME}) { totalCount } }"
NESTED = """query($a: String) { orgUnits(filter: {level: [COMMUNITY]}) { nodes { code compounds(after: $a) {
    edges { cursor node { name } } } } } }"""
SEARCH = """query($a: String) { search(text: "小区", kinds: [COMPOUND], after: $a) {
    edges { cursor node { ... on Compound { name } } } } }"""
CHANGES = {
    "gone": f"DELETE FROM compound WHERE id = '{id_of(PLAIN)}'",
    "moved": f"UPDATE compound SET unit_path = '{path_of('350521100002')}' WHERE id = '{id_of(PLAIN)}'",
}


@pytest.fixture
async def api(furnished: Database) -> AsyncIterator[Api]:
    async with connected(furnished.url) as connection:
        made = Api(furnished.url, connection)
        yield made
        await made.close()


async def add(api: Api, name: str, unit: str) -> None:
    """One more compound."""
    columns = ("id", "unit_path", "name", "folded", "pinyin", "grams", "households")
    row = (id_of(name), path_of(unit), name, *search_keys(name), 1)
    await api.connection.copy_records_to_table("compound", records=[row], columns=list(columns))


def found(answer: Any) -> dict[str, str]:
    """Names with their cursors, of all pages in an answer."""
    if isinstance(answer, dict) and "edges" in answer:
        return {edge["node"]["name"]: edge["cursor"] for edge in answer["edges"]}
    below = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ()
    return {name: cursor for each in below for name, cursor in found(each).items()}


async def test_rows_that_come_in_between(api: Api) -> None:
    """One before the cursor's row does not shift the page, one after is met; each is met once."""
    first = await api.data(COUNTY, LIST, n=1)
    (begun,) = found(first)
    await add(api, "阿小区", "350521100001")
    await add(api, "左小区", "350521100002")
    rest = await api.data(COUNTY, LIST, a=first["compounds"]["pageInfo"]["endCursor"])
    assert list(found(rest)) == [*({PLAIN, MOVED} - {begun}), "左小区"]
    assert rest["compounds"]["pageInfo"]["hasPreviousPage"]


async def test_a_row_that_changed_is_where_it_is_now(api: Api) -> None:
    """Also one that no longer passes the filter: it is still the caller's, and so a place to go on from."""
    cursor = found(await api.data(COMMUNITY, FILTERED))[MOVED]
    name = "阿演示"
    sql = "UPDATE compound SET name = $2, folded = $3, pinyin = $4, grams = $5 WHERE id = $1"
    await api.connection.execute(sql, id_of(MOVED), name, *search_keys(name))
    assert list(found(await api.data(COMMUNITY, FILTERED, a=cursor))) == [PLAIN]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("query", "path"),
    [
        (LIST, ["compounds"]),
        (FILTERED, ["compounds"]),
        (NESTED, ["orgUnits", "nodes", "compounds"]),
        (SEARCH, ["search"]),
    ],
    ids=["list", "filter", "nested", "search"],
)
async def test_a_row_that_is_gone_and_one_that_is_not_yours(api: Api, query: str, path: list[str], change: str) -> None:
    """And one that never was, and an edited cursor: the same error, byte for byte, and never an empty page."""
    await add(api, "别处小区", "350521100002")
    mine, theirs = found(await api.data(COMMUNITY, query)), found(await api.data(COUNTY, query))
    hidden, cursor = theirs["别处小区"], mine[PLAIN]
    assert "data" in await api.ask(COMMUNITY, query, a=cursor)
    refused = [await api.ask(COMMUNITY, query, a=each) for each in (hidden, cursor[:-2], cursor.swapcase())]
    await api.connection.execute(CHANGES[change])
    refused.append(await api.ask(COMMUNITY, query, a=cursor))
    assert len({json.dumps(each, sort_keys=True) for each in refused}) == 1
    (error,) = refused[0]["errors"]
    assert error["path"] == path
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": "after"}
    assert error["message"].endswith("Begin anew.")
    # Whoever may still read it goes on from where it is.
    assert ("data" in await api.ask(COUNTY, query, a=cursor)) is (change == "moved")


async def test_a_count_alone_needs_the_row_too(api: Api) -> None:
    cursor = found(await api.data(COMMUNITY, LIST))[PLAIN]
    assert await api.data(COMMUNITY, COUNTED, a=cursor) == {"compounds": {"totalCount": 2}}
    await api.connection.execute(CHANGES["moved"])
    assert (await api.ask(COMMUNITY, COUNTED, a=cursor))["errors"][0]["path"] == ["compounds"]


async def test_of_several_the_first_that_is_lost_is_named(api: Api) -> None:
    names = found(await api.data(COMMUNITY, LIST))
    query = (
        "query($a: String, $b: String) { "
        + " ".join(f"{key}: compounds(after: ${key}, orderBy: {{field: NAME}}) {{ totalCount }}" for key in "ab")
        + " }"
    )
    await api.connection.execute(CHANGES["gone"])
    for key, given in {"a": (PLAIN, MOVED), "b": (MOVED, PLAIN)}.items():
        (error,) = (await api.ask(COMMUNITY, query, a=names[given[0]], b=names[given[1]]))["errors"]
        assert error["path"] == [key]


async def test_an_access_that_was_revoked(api: Api) -> None:
    """Who can see a row is seen by whoever may ask, as long as it is so."""
    query = (
        "query($n: ID!, $a: String) { whoCanSee(node: $n, after: $a) { edges { cursor node { name: accountName } } } }"
    )
    unit = f"ou_{id_of('350521100001')}"
    cursor = found(await api.data(COUNTY, query, n=unit))["测试账号"]
    assert found(await api.data(COUNTY, query, n=unit, a=cursor)) == {}
    await api.connection.execute("UPDATE role_grant SET revoked_at = now() WHERE id = $1", id_of("grant"))
    (error,) = (await api.ask(COUNTY, query, n=unit, a=cursor))["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "argument": "after"}


async def test_a_captain_s_cursors_tell_nothing(api: Api) -> None:
    """Buildings are ordered by their compound, in a grid or community the captain is not shown."""
    await api.connection.execute("UPDATE account SET member_id = $1 WHERE name = '测试账号'", id_of("演示党员"))
    who = ("captain", f"mb_{id_of('演示党员')}")
    page = await api.data(who, "{ buildings { edges { cursor node { id name } } pageInfo { startCursor endCursor } } }")
    (edge,) = page["buildings"]["edges"]
    info = page["buildings"]["pageInfo"]
    assert edge["cursor"] == info["startCursor"] == info["endCursor"]
    raw = base64.urlsafe_b64decode(edge["cursor"] + "==")
    for row in (id_of("演示小区"), id_of("1号楼"), UUID(edge["node"]["id"].partition("_")[2])):
        assert row.bytes not in raw
    assert b"350521" not in raw


async def test_a_captain_whose_term_ended(api: Api) -> None:
    who = ("captain", f"mb_{id_of('演示党员')}")
    await api.connection.execute(
        "INSERT INTO captain_term (id, unit_path, building_id, member_id, since) VALUES ($1, $2, $3, $4, '2025-06-01')",
        *(id_of("又一任"), path_of("350521100001"), id_of("2号楼"), id_of("演示党员")),
    )
    query = "query($a: String) { buildings(first: 1, after: $a) { edges { cursor node { name } } } }"
    ((name, cursor),) = found(await api.data(who, query)).items()
    assert len(found(await api.data(who, query, a=cursor))) == 1
    await api.connection.execute(
        "UPDATE captain_term SET until = current_date - 1 WHERE building_id = $1 AND until IS NULL",
        id_of(name),
    )
    assert (await api.ask(who, query, a=cursor))["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
