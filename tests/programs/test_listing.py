"""Who sees which programs and tokens, and how the ones to look after are found."""

from typing import Any

import pytest

from tests.programs.office import ADMIN, AUDITOR, COMMUNITY, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, Office
from tests.writes.street import day

TOKENS = "query($filter: AccessTokenFilter) { accessTokens(filter: $filter) { totalCount nodes { id } } }"


async def found(office: Office, who: tuple[str, str], **filter: Any) -> set[str]:
    """The ids of the tokens someone sees."""
    nodes = (await office.data(who, TOKENS, filter=filter))["accessTokens"]["nodes"]
    return {node["id"] for node in nodes}


async def test_tokens_are_seen_from_the_unit_they_are_issued_at_and_above(office: Office) -> None:
    town, community = await office.issue(), await office.issue(at=COMMUNITY)
    for who in (COUNTY_ADMIN, TOWN_ADMIN, AUDITOR):
        assert await found(office, who) == {town.id, community.id}
    assert await found(office, ADMIN) == {community.id}
    assert await found(office, NEIGHBOUR) == set()
    assert (await office.data(NEIGHBOUR, "query($id: ID!) { node(id: $id) { id } }", id=town.id)) == {"node": None}


async def test_a_program_sees_itself_and_no_other(office: Office) -> None:
    one, _ = await office.issue(), await office.issue()
    query = "{ programs { nodes { agency tokens { nodes { id state } } } } accessTokens { totalCount } }"
    assert await office.by(one.text, query) == {
        "programs": {"nodes": [{"agency": "演示公司", "tokens": {"nodes": [{"id": one.id, "state": "ACTIVE"}]}}]},
        "accessTokens": {"totalCount": 1},
    }


async def test_tokens_by_state_use_and_end(office: Office) -> None:
    waiting, short, used = await office.issue(TOWN_ADMIN), await office.issue(days=3), await office.issue()
    await office.connection.execute("UPDATE role_grant SET since = since - interval '1 year'")
    await office.connection.execute("UPDATE credential SET created_at = created_at - interval '40 days'")
    await office.connection.execute("UPDATE credential SET last_used_at = now() WHERE id = $1", used.credential)
    assert await found(office, COUNTY_ADMIN, state=["PENDING"]) == {waiting.id}
    assert await found(office, COUNTY_ADMIN, state=["PENDING", "ACTIVE"]) == {waiting.id, short.id, used.id}
    assert await found(office, COUNTY_ADMIN, state=[]) == set()
    assert await found(office, COUNTY_ADMIN, unusedSince=day(-30)) == {waiting.id, short.id}
    assert await found(office, COUNTY_ADMIN, expiresBy=day(3)) == {short.id}
    assert await found(office, COUNTY_ADMIN, expiresBy=day(2)) == set()


@pytest.mark.parametrize("order", ["{field: EXPIRES_AT, direction: DESC}", "{field: PLACE}"])
async def test_tokens_page_in_every_order(office: Office, order: str) -> None:
    issued = {
        (await office.issue(days=days, at=at)).id for days, at in ((3, COMMUNITY), (9, COMMUNITY), (5, "350521100"))
    }
    seen, after = [], None
    query = f"query($after: String) {{ accessTokens(first: 1, after: $after, orderBy: {order}) {{ nodes {{ id }}"
    query += " pageInfo { hasNextPage endCursor } } }"
    while True:
        page = (await office.data(COUNTY_ADMIN, query, after=after))["accessTokens"]
        seen += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert len(seen) == 3
    assert set(seen) == issued


async def test_programs_by_a_part_of_the_name(office: Office) -> None:
    """However it is written; nothing in it is a pattern."""
    for name in ("演示 DashBoard", "演示报表"):
        await office.issue(name=name)
    query = "query($part: String) { programs(filter: {nameContains: $part}) { totalCount nodes { name } } }"
    for part, names in (("ＤＡＳＨ", ["演示 DashBoard"]), ("报表", ["演示报表"]), ("演示%", []), ("演", None)):
        programs = (await office.data(COUNTY_ADMIN, query, part=part))["programs"]
        assert [each["name"] for each in programs["nodes"]] == names or (names, programs["totalCount"]) == (None, 2)
    assert (await office.data(NEIGHBOUR, query, part="演"))["programs"]["nodes"] == []
