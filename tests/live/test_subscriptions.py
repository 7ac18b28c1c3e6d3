"""Subscriptions: the answer at first, and again when what the caller sees of it has changed, not otherwise."""

import pytest

from services.errors import Code
from services.storage.database import connected
from tests.conftest import Database, Service
from tests.http.asking import errors
from tests.http.conftest import Start
from tests.http.sockets import ask, receive, send
from tests.live.following import change, follow, following, renamed, signed_in, silent, token, until

pytestmark = pytest.mark.xdist_group("lived in")
TOWN, SISTER, COMMUNITY = "350521100", "350521101", "350521100001"
CHILDREN = "subscription { orgUnits(filter: {level: [COMMUNITY]}) { totalCount nodes { code name } } }"


def named(name: str) -> object:
    return {"orgUnit": {"name": name}}


async def test_the_answer_and_again_when_it_has_changed(lived_in: Service) -> None:
    async with signed_in(lived_in, await token(lived_in.database_url, "town_admin", TOWN)) as socket:
        await renamed(lived_in.database_url, TOWN, "无镇")
        assert await follow(socket) == named("无镇")
        await renamed(lived_in.database_url, TOWN, "甲镇")
        assert await following(socket) == named("甲镇")
        await renamed(lived_in.database_url, TOWN, "甲镇")
        await renamed(lived_in.database_url, TOWN, "乙镇")
        assert await following(socket) == named("乙镇")  # what changed nothing was not sent
        await send(socket, id="1", type="complete")
        await renamed(lived_in.database_url, TOWN, "丙镇")
        await silent(socket)


async def test_a_change_outside_the_callers_scope_is_no_event(lived_in: Service) -> None:
    """Not even by an event that says the same again."""
    bearer, other = [await token(lived_in.database_url, "town_admin", code) for code in (TOWN, SISTER)]
    async with signed_in(lived_in, bearer) as socket, signed_in(lived_in, other) as elsewhere:
        before = await follow(socket, CHILDREN)
        await follow(elsewhere, CHILDREN)
        await renamed(lived_in.database_url, "350521101201", "别处的社区")
        assert "别处的社区" in str(await following(elsewhere))  # so it was announced, and read again
        await renamed(lived_in.database_url, COMMUNITY, "自己的社区")
        after = await following(socket)
        assert after != before
        assert "别处的社区" not in str(after)


async def test_what_comes_into_and_goes_out_of_sight(own_demo: Database, start: Start) -> None:
    service = start(own_demo.url)
    query = "subscription($c: String!) { orgUnit(by: {code: $c}) { name } }"
    async with signed_in(service, await token(own_demo.url, "town_admin", TOWN)) as socket:
        assert await follow(socket, query, variables={"c": "999"}) == {"orgUnit": None}
        await change(own_demo.url, "UPDATE org_unit SET code = '999' WHERE code = '350521101201'")
        await change(own_demo.url, "UPDATE org_unit SET code = '998' WHERE code = '999'")
        await change(own_demo.url, "UPDATE org_unit SET code = '999' WHERE code = $1", "350521100002")
        assert (await following(socket))["orgUnit"]["name"]


async def test_a_burst_is_one_change(lived_in: Service) -> None:
    """However many commits there were, the last state is sent, and far fewer than all."""
    async with signed_in(lived_in, await token(lived_in.database_url, "town_admin", TOWN)) as socket:
        await follow(socket)
        async with connected(lived_in.database_url) as connection:
            for number in range(300):
                await connection.execute("UPDATE org_unit SET name = $1 WHERE code = $2", f"镇{number}", TOWN)
        assert len(await until(socket, named("镇299"))) < 150


RENAME = """mutation($id: ID!, $version: Int!) { renameUnit(input: {id: $id, version: $version, name: "新镇"}) {
    orgUnit { name } userErrors { message }
} }"""


async def test_a_mutation_is_seen_by_who_follows(lived_in: Service) -> None:
    bearer = await token(lived_in.database_url, "town_admin", TOWN)
    async with connected(lived_in.database_url) as connection:
        version = await connection.fetchval("SELECT version FROM org_unit WHERE code = $1", TOWN)
    async with signed_in(lived_in, bearer) as socket, signed_in(lived_in, bearer) as other:
        found = await follow(other, f'subscription {{ orgUnit(by: {{code: "{TOWN}"}}) {{ id }} }}', "id")
        await follow(socket)
        await ask(other, "2", RENAME, variables={**found["orgUnit"], "version": version})
        message = await receive(other)
        assert message["payload"]["data"]["renameUnit"] == {"orgUnit": {"name": "新镇"}, "userErrors": []}
        assert await following(socket) == named("新镇")


ROOTS = {
    "viewer { name grants { role seatName } }": "viewer",
    'node(id: "ou_00000000-0000-0000-0000-000000000000") { id }': "node",
    'search(text: "社区", first: 2) { nodes { ... on OrgUnit { name } } }': "search",
    "compounds(first: 1) { totalCount pageInfo { endCursor } }": "compounds",
    "__typename": "__typename",
}


@pytest.mark.parametrize("root", ROOTS)
async def test_every_root_is_read_as_a_query_reads_it(lived_in: Service, root: str) -> None:
    async with signed_in(lived_in, await token(lived_in.database_url, "county_admin", "350521")) as socket:
        await ask(socket, "q", f"{{ {root} }}")
        asked = (await receive(socket))["payload"]["data"]
        await receive(socket)
        await ask(socket, "1", f"subscription {{ {root} }}")
        message = await receive(socket)
        if root == "__typename":  # the specification wants a field that can be followed
            errors(message["payload"], Code.GRAPHQL_VALIDATION_FAILED)
        else:
            assert message["payload"]["data"] == asked


REFUSED = {
    "subscription { nothing }": Code.GRAPHQL_VALIDATION_FAILED,
    "subscription { viewer { name } orgUnits { totalCount } }": Code.GRAPHQL_VALIDATION_FAILED,
    "subscription { __schema { queryType { name } } }": Code.GRAPHQL_VALIDATION_FAILED,
    "subscription { orgUnits(first: 0) { totalCount } }": Code.BAD_USER_INPUT,
    "subscription { orgUnits(first: 100) { nodes { children(first: 100) { nodes { children(first: 100)"
    " { nodes { id } } } } } } }": Code.TOO_COSTLY,
}


async def test_what_cannot_be_followed(lived_in: Service) -> None:
    """Refused as a query would be; the socket goes on."""
    async with signed_in(lived_in, await token(lived_in.database_url, "town_admin", TOWN)) as socket:
        for query, code in REFUSED.items():
            await ask(socket, "1", query)
            message = await receive(socket)
            assert message["type"] == "error", message
            errors(message["payload"], code)
        assert set(await follow(socket)) == {"orgUnit"}


async def test_as_many_as_a_socket_may_have(lived_in: Service, start: Start) -> None:
    service = start(lived_in.database_url, JINLIN_SOCKET_OPERATIONS="3")
    async with signed_in(service, await token(lived_in.database_url, "town_admin", TOWN)) as socket:
        for number in range(3):
            await follow(socket, id_=str(number))
        await ask(socket, "3", "{ __typename }")
        errors((await receive(socket))["payload"], Code.TOO_COSTLY)
        await send(socket, id="0", type="complete")
        await silent(socket)
        await renamed(lived_in.database_url, TOWN, "丁镇")
        assert {(await receive(socket))["id"] for _ in range(2)} == {"1", "2"}
