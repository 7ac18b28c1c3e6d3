"""GraphQL over WebSocket: the protocol graphql-transport-ws, and every way it is held wrongly."""

import json
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from services.errors import Code
from services.storage.database import connected
from tests.conftest import Database, Service
from tests.http.activity import units_locked
from tests.http.asking import INTERNAL, errors
from tests.http.conftest import Start
from tests.http.sockets import LEGACY, ask, closed, credential, opened, receive, send, signed_in

TOWN = {"data": {"orgUnit": {"name": "螺城镇"}}}


async def test_a_query(service: Service) -> None:
    async with signed_in(service) as socket:
        await ask(socket, "1")
        assert await receive(socket) == {"id": "1", "type": "next", "payload": TOWN}
        assert await receive(socket) == {"id": "1", "type": "complete"}


async def test_with_variables_and_a_name(service: Service) -> None:
    query = "query A($c: String!) { orgUnit(by: {code: $c}) { name } } query B { __typename }"
    async with signed_in(service) as socket:
        await ask(socket, "1", query, variables={"c": "350521100"}, operationName="A", extensions={})
        assert (await receive(socket))["payload"] == TOWN
        await receive(socket)
        await ask(socket, "2", query, variables=None, operationName="B")
        assert (await receive(socket))["payload"] == {"data": {"__typename": "Query"}}


async def test_several_at_once(service: Service) -> None:
    async with signed_in(service) as socket:
        for number in range(15):
            await ask(socket, str(number), f"{{ a{number}: __typename orgUnits {{ totalCount }} }}")
        messages = [await receive(socket) for _ in range(30)]
    for number in range(15):
        of = [message for message in messages if message["id"] == str(number)]
        assert [message["type"] for message in of] == ["next", "complete"]
        assert f"a{number}" in of[0]["payload"]["data"]


async def test_an_id_again(service: Service) -> None:
    async with signed_in(service) as socket:
        for _ in range(5):
            await ask(socket, "same")
            assert [(await receive(socket))["type"] for _ in range(2)] == ["next", "complete"]


async def test_ping_and_complete(service: Service) -> None:
    """An operation that is given up answers no more, or had answered before; its id is free either way."""
    async with signed_in(service) as socket:
        await send(socket, type="ping", payload={"a": 1})
        assert (await receive(socket))["type"] == "pong"
        await send(socket, type="pong")
        await send(socket, id="nothing", type="complete")
        await ask(socket, "1")
        await send(socket, id="1", type="complete")
        await ask(socket, "2")
        messages = [await receive(socket)]
        while messages[-1] != {"id": "2", "type": "complete"}:
            messages.append(await receive(socket))
        assert {message["id"] for message in messages} <= {"1", "2"}


REFUSED = {
    "{": Code.GRAPHQL_PARSE_FAILED,
    "": Code.BAD_REQUEST,
    "{ nothing }": Code.GRAPHQL_VALIDATION_FAILED,
    "{ orgUnits(first: 0) { totalCount } }": Code.BAD_USER_INPUT,
    "mutation { a }": Code.GRAPHQL_VALIDATION_FAILED,
    "subscription { a }": Code.GRAPHQL_VALIDATION_FAILED,
    "{" + "a{" * 1000: Code.GRAPHQL_PARSE_FAILED,
    "{ " + " ".join(f"a{i}: __typename" for i in range(10_000)) + " }": Code.TOO_COSTLY,
    "query A { __typename } query B { __typename }": Code.BAD_REQUEST,
}


async def test_what_cannot_be_answered(service: Service) -> None:
    """An error ends its operation and nothing else."""
    async with signed_in(service) as socket:
        for query, code in REFUSED.items():
            await ask(socket, "1", query)
            message = await receive(socket)
            assert (message["id"], message["type"]) == ("1", "error")
            errors(message["payload"], code)
            assert not INTERNAL.search(json.dumps(message))
        await ask(socket, "1")
        assert (await receive(socket))["payload"] == TOWN


async def test_an_empty_name_is_none(service: Service) -> None:
    """As over HTTP."""
    async with signed_in(service) as socket:
        await ask(socket, "1", operationName="")
        assert (await receive(socket))["payload"] == TOWN


async def test_the_handshakes_credential(service: Service) -> None:
    async with opened(service, additional_headers=credential(service)) as socket:
        await send(socket, type="connection_init")
        assert await receive(socket) == {"type": "connection_ack"}
        await ask(socket, "1", "{")
        assert "查询语法错误" in (await receive(socket))["payload"][0]["message"]


async def test_the_legacy_protocol(service: Service) -> None:
    try:
        async with opened(service, LEGACY) as socket:
            assert socket.subprotocol is None
            assert await closed(socket) == 4406
    except InvalidHandshake:
        pass


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1:1", "nonsense"])
async def test_a_page_of_another_origin(service: Service, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with opened(service, origin=origin):
            pass
    assert refused.value.response.status_code == 403


async def test_a_page_of_this_origin(service: Service) -> None:
    async with signed_in(service, origin=service.url) as socket:
        await send(socket, type="ping")
        assert (await receive(socket))["type"] == "pong"


async def test_no_init(tight: Service) -> None:
    async with opened(tight) as socket:
        await send(socket, type="ping")
        assert await closed(socket) == 4408


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"Authorization": ""},
        {"Authorization": None},
        {"Authorization": 1},
        {"Authorization": ["Bearer x"]},
        {"Authorization": "Bearer jl_a_b_c"},
        {"Authorization": "Basic x"},
        {"Authorization": "Bearer \ud800"},
        {"authorisation": "Bearer x"},
    ],
)
async def test_init_without_a_standing_token(service: Service, payload: dict[str, Any]) -> None:
    async with opened(service) as socket:
        await send(socket, type="connection_init", payload=payload)
        assert await closed(socket) in ({4400} if "\ud800" in str(payload.get("Authorization")) else {4403})


async def test_two_credentials(service: Service) -> None:
    async with opened(service, additional_headers=credential(service)) as socket:
        await send(socket, type="connection_init", payload=credential(service))
        assert await closed(socket) == 4403


async def test_no_ack_no_operation(service: Service) -> None:
    async with opened(service) as socket:
        await ask(socket, "1")
        assert await closed(socket) == 4401


async def test_init_twice(service: Service) -> None:
    async with signed_in(service) as socket:
        await send(socket, type="connection_init", payload=credential(service))
        assert await closed(socket) == 4429


async def test_an_id_that_is_taken(lockable: Service) -> None:
    async with signed_in(lockable) as socket, units_locked(lockable.database_url):
        await ask(socket, "1")
        await ask(socket, "1")
        assert await closed(socket) == 4409


async def test_an_id_that_a_subscription_has(service: Service) -> None:
    """Also one whose first state has come, and by whatever operation; once it is completed its id is free."""
    query = 'subscription { orgUnit(by: {code: "350521100"}) { name } }'
    async with signed_in(service) as socket:
        for _ in range(2):
            await ask(socket, "1", query)
            assert (await receive(socket))["type"] == "next"
            await send(socket, id="1", type="complete")
        await ask(socket, "1", query)
        await ask(socket, "1")
        assert await closed(socket) == 4409


async def test_too_many_at_once(lockable: Service) -> None:
    """One more than may be is refused by itself; those before it are answered."""
    async with signed_in(lockable) as socket:
        async with units_locked(lockable.database_url):
            for number in range(4):
                await ask(socket, str(number))
            refused = await receive(socket)
            assert (refused["id"], refused["type"]) == ("3", "error")
            errors(refused["payload"], Code.TOO_COSTLY)
        answered = [await receive(socket) for _ in range(6)]
        assert {message["id"] for message in answered if message.get("payload") == TOWN} == {"0", "1", "2"}


async def test_a_token_revoked_meanwhile(own_demo: Database, start: Start) -> None:
    service = start(own_demo.url)
    async with signed_in(service) as socket, connected(own_demo.url) as connection:
        await ask(socket, "1")
        assert [(await receive(socket))["type"] for _ in range(2)] == ["next", "complete"]
        await connection.execute("UPDATE credential SET revoked_at = now()")
        with suppress(ConnectionClosed):  # the registry may have been first
            await ask(socket, "2")
            refused = await receive(socket)
            assert (refused["id"], refused["type"]) == ("2", "error")
            errors(refused["payload"], Code.UNAUTHENTICATED)
        assert await closed(socket) == 4403
