"""A client that follows subscriptions, and what it is sent."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from policies.tokens import Seat, issue
from services.storage.database import connected
from tests.conftest import Service
from tests.http.sockets import ask, opened, receive, send

PATIENCE = 20  # seconds
NAME = 'subscription { orgUnit(by: {code: "350521100"}) { name } }'


async def token(url: str, role: str, at: str, name: str = "test") -> str:
    """A new account's token."""
    async with connected(url) as connection:
        return await issue(connection, Seat(name, role, at), days=1)


@asynccontextmanager
async def signed_in(service: Service, bearer: str, **given: Any) -> AsyncIterator[ClientConnection]:
    """A socket after its connection_init."""
    async with opened(service, **given) as socket:
        await send(socket, type="connection_init", payload={"Authorization": f"Bearer {bearer}"})
        assert await receive(socket) == {"type": "connection_ack"}
        yield socket


async def follow(socket: ClientConnection, query: str = NAME, id_: str = "1", **payload: Any) -> Any:
    """Begin a subscription; the data it begins with."""
    await ask(socket, id_, query, **payload)
    return await following(socket, id_)


async def following(socket: ClientConnection, id_: str = "1") -> Any:
    """The data that comes next."""
    message = await receive(socket)
    assert (message["id"], message["type"]) == (id_, "next"), message
    return message["payload"]["data"]


async def until(socket: ClientConnection, wanted: object) -> list[Any]:
    """What is sent until this is."""
    found = [await following(socket)]
    while found[-1] != wanted:
        found.append(await following(socket))
    return found


async def silent(socket: ClientConnection) -> None:
    """Nothing was sent before the answer to what is asked now: the socket keeps the order."""
    await ask(socket, "probe", "{ __typename }")
    assert await receive(socket) == {"id": "probe", "type": "next", "payload": {"data": {"__typename": "Query"}}}
    assert await receive(socket) == {"id": "probe", "type": "complete"}


async def change(url: str, sql: str, *values: object) -> None:
    """Commit a change."""
    async with connected(url) as connection:
        await connection.execute(sql, *values)


async def renamed(url: str, code: str, name: str) -> None:
    """Rename a unit."""
    await change(url, "UPDATE org_unit SET name = $2 WHERE code = $1", code, name)


async def frames(socket: ClientConnection) -> list[str]:
    """Everything a socket still sends until it is closed."""
    async with asyncio.timeout(PATIENCE):
        return [str(frame) async for frame in socket]


async def rest(socket: ClientConnection) -> tuple[list[str], int]:
    """What a socket still sends, and the code it is closed with."""
    sent: list[str] = []
    async with asyncio.timeout(PATIENCE):
        try:
            while True:
                sent.append(str(await socket.recv()))
        except ConnectionClosed as error:
            return sent, error.rcvd.code if error.rcvd else 1006


def data_of(frame: str) -> Any:
    """The data of a `next` message."""
    return json.loads(frame)["payload"]["data"]
