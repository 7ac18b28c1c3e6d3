"""A client of the protocol graphql-transport-ws that sends whatever a test wants sent."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.conftest import Service
from tests.http.asking import PLAIN

MODERN = Subprotocol("graphql-transport-ws")
LEGACY = Subprotocol("graphql-ws")


@asynccontextmanager
async def opened(service: Service, protocol: Subprotocol = MODERN, **given: Any) -> AsyncIterator[ClientConnection]:
    """A socket before its connection_init."""
    url = service.url.replace("http://", "ws://")
    async with connect(f"{url}/graphql", subprotocols=[protocol], proxy=None, open_timeout=20, **given) as socket:
        yield socket


@asynccontextmanager
async def signed_in(service: Service, **given: Any) -> AsyncIterator[ClientConnection]:
    """A socket after its connection_init."""
    async with opened(service, additional_headers={"Accept-Language": "en"}, **given) as socket:
        await send(socket, type="connection_init", payload=credential(service))
        assert await receive(socket) == {"type": "connection_ack"}
        yield socket


def credential(service: Service, code: str = "350521100") -> dict[str, str]:
    return {"Authorization": f"Bearer {service.token('town_admin', code)}"}


async def send(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def ask(socket: ClientConnection, id_: str, query: str = PLAIN, **payload: Any) -> None:
    await send(socket, id=id_, type="subscribe", payload={"query": query, **payload})


async def receive(socket: ClientConnection) -> Any:
    async with asyncio.timeout(20):
        return json.loads(await socket.recv())


async def closed(socket: ClientConnection) -> int:
    """The code a socket is closed with, whatever comes before."""
    async with asyncio.timeout(20):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as error:
            return error.rcvd.code if error.rcvd else 1006
