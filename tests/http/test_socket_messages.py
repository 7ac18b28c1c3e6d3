"""Messages that are none of the protocol: the socket is closed with 4400, or with what WebSocket itself has for it."""

import json
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.conftest import Service
from tests.http.asking import PLAIN
from tests.http.sockets import ask, closed, opened, send, signed_in

SUBSCRIBE = {"id": "1", "type": "subscribe", "payload": {"query": PLAIN}}
MALFORMED: dict[str, str | bytes] = {
    "an array": "[]",
    "an array of messages": json.dumps([SUBSCRIBE]),
    "a string": '"ping"',
    "null": "null",
    "a number": "1",
    "nothing": "",
    "not JSON": "{",
    "NaN": '{"type": "ping", "payload": NaN}',
    "a lone surrogate": '{"type": "\\ud800"}',
    "no type": "{}",
    "an unknown type": '{"type": "start"}',
    "a type that is a number": '{"type": 1}',
    "a type that is an array": '{"type": ["ping"]}',
    "an id that is a number": json.dumps({**SUBSCRIBE, "id": 1}),
    "an id that is an array": json.dumps({**SUBSCRIBE, "id": []}),
    "an id that is null": json.dumps({**SUBSCRIBE, "id": None}),
    "an id that is empty": json.dumps({**SUBSCRIBE, "id": ""}),
    "to complete nothing": '{"type": "complete", "id": ""}',
    "an id of 65 characters": json.dumps({**SUBSCRIBE, "id": "x" * 65}),
    "an id that is no ASCII": json.dumps({**SUBSCRIBE, "id": "一"}),
    "no id": json.dumps({"type": "subscribe", "payload": {"query": PLAIN}}),
    "to complete an array": '{"type": "complete", "id": [1]}',
    "no payload": json.dumps({"id": "1", "type": "subscribe"}),
    "a payload that is an array": json.dumps({**SUBSCRIBE, "payload": []}),
    "no query": json.dumps({**SUBSCRIBE, "payload": {}}),
    "a query that is a number": json.dumps({**SUBSCRIBE, "payload": {"query": 1}}),
    "a query that is null": json.dumps({**SUBSCRIBE, "payload": {"query": None}}),
    "two documents": json.dumps({**SUBSCRIBE, "payload": {"query": PLAIN, "documentId": "sha256:0"}}),
    "variables that are a list": json.dumps({**SUBSCRIBE, "payload": {"query": PLAIN, "variables": []}}),
    "variables that are a text": json.dumps({**SUBSCRIBE, "payload": {"query": PLAIN, "variables": "{}"}}),
    "a name that is a number": json.dumps({**SUBSCRIBE, "payload": {"query": PLAIN, "operationName": 1}}),
    "extensions that are a list": json.dumps({**SUBSCRIBE, "payload": {"query": PLAIN, "extensions": []}}),
    "a ping with a list": '{"type": "ping", "payload": []}',
    "a pong with a text": '{"type": "pong", "payload": "x"}',
    "binary": json.dumps(SUBSCRIBE).encode(),
    "binary, not text": b"\xff\xfe",
    "100,000 deep": "[" * 100_000 + "]" * 100_000,
    "objects 10,000 deep": '{"a":' * 10_000 + "1" + "}" * 10_000,
    "5,000 digits": '{"type": "ping", "payload": ' + "9" * 5000 + "}",
}


@pytest.mark.parametrize("early", [True, False], ids=["before init", "after"])
@pytest.mark.parametrize("frame", MALFORMED.values(), ids=MALFORMED)
async def test_a_malformed_message(service: Service, frame: str | bytes, early: bool) -> None:
    async with opened(service) if early else signed_in(service) as socket:
        await socket.send(frame)
        assert await closed(socket) == 4400


@pytest.mark.parametrize("payload", [None, [], "x", 1])
async def test_a_malformed_init(service: Service, payload: object) -> None:
    async with opened(service) as socket:
        await send(socket, type="connection_init", payload=payload)
        assert await closed(socket) == 4400


async def test_text_that_is_not_utf8(service: Service) -> None:
    async with signed_in(service) as socket:
        await socket.send(b"\xff\xfe", text=True)
        assert await closed(socket) == 1007


async def test_a_message_too_long(service: Service) -> None:
    async with signed_in(service) as socket:
        await ask(socket, "1", PLAIN + " " * (256 * 1024))
        assert await closed(socket) == 1009


async def test_a_message_that_would_unfold(service: Service) -> None:
    """Compression, which nobody is given, would not carry more than the limit either."""
    async with opened(service, compression="deflate") as socket:
        with suppress(ConnectionClosed):  # it need not be sent to its end
            await socket.send(" " * 50 * 1024 * 1024)
        assert await closed(socket) == 1009
