"""Readers over HTTP and WebSocket that ask over and over, on every worker, and note when and of whom."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed

from tests.conftest import Service
from tests.http.asking import NO_TLS
from tests.http.sockets import ask, opened, send
from tests.live.processes import worker_at, workers

QUERY = "query($code: String!) { orgUnit(by: {code: $code}) { name children(first: 5) { nodes { name } } } }"
COMMAND = """mutation($id: ID!, $version: Int!) {
    renameUnit(input: {id: $id, version: $version, name: "改名", dryRun: true}) {
    orgUnit { parent { name } code } userErrors { message } } }"""
SOCKET = "socket"
ATTEMPTS = 2000


@dataclass(frozen=True)
class Answer:
    """What came, of which worker, and when it was asked for and had come."""

    worker: int | None
    began: float
    ended: float
    text: str


@dataclass
class Load:
    """Clients with one credential that ask for one unit, each in its way, until told to stop."""

    service: Service
    headers: dict[str, str]
    variables: dict[str, Any]
    ways: tuple[str, ...] = ("POST", "GET", "mutation")
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    over: bool = False
    _workers: dict[int, int | None] = field(default_factory=dict)

    async def ask(self, way: str, send: Callable[[], Awaitable[tuple[int | None, str]]]) -> None:
        """Ask until it is over; a connection that is lost is another answer."""
        while not self.over:
            began = time.monotonic()
            try:
                worker, text = await send()
            except (ConnectionClosed, httpx.TransportError) as error:
                worker, text = None, type(error).__name__
                await asyncio.sleep(0.01)
            self.answers.setdefault(way, []).append(Answer(worker, began, time.monotonic(), text))

    async def over_http(self, client: httpx.AsyncClient, way: str) -> None:
        """By GET, POST, or a command whose payload shows the data."""
        url, query = f"{self.service.url}/graphql", COMMAND if way == "mutation" else QUERY
        asked = {"query": query, "variables": self._json}

        async def send() -> tuple[int | None, str]:
            made = client.get(url, params=asked) if way == "GET" else client.post(url, json=self._body(query))
            response = await made
            return self.worker_of(response), response.text

        await self.ask(way, send)

    async def over_socket(self) -> None:
        """One query on each of ever new sockets."""

        async def exchange() -> tuple[int | None, str]:
            async with opened(self.service, additional_headers=self.headers) as socket:
                worker = worker_at(self.service, socket.local_address[1])
                await send(socket, type="connection_init")
                await socket.recv()
                await ask(socket, "1", QUERY, variables={"code": self.variables["code"]})
                return worker, str(await socket.recv())

        await self.ask(SOCKET, exchange)

    def worker_of(self, response: httpx.Response) -> int | None:
        """The process that answered, by the port this end of its connection has."""
        port = port_of(response)
        if port not in self._workers:
            self._workers[port] = worker_at(self.service, port)
        return self._workers[port]

    @property
    def _json(self) -> str:
        return json.dumps({"code": self.variables["code"]})

    def _body(self, query: str) -> dict[str, object]:
        names = ("id", "version") if query is COMMAND else ("code",)
        return {"query": query, "variables": {name: self.variables[name] for name in names}}

    def count(self) -> Counter[tuple[str, int | None]]:
        """How many answers each worker gave in each way."""
        return Counter((way, each.worker) for way, answers in self.answers.items() for each in answers)

    async def more(self, number: int) -> None:
        """Wait until every worker has given so many more answers in each way, sockets any of them."""
        before, everyone = self.count(), workers(self.service)
        wanted = [(way, worker) for way in self.ways for worker in everyone]
        async with asyncio.timeout(240):
            while True:
                now = self.count() - before
                sockets = sum(count for (way, _), count in now.items() if way == SOCKET)
                if sockets >= number and all(now[each] >= number for each in wanted):
                    return
                await asyncio.sleep(0.02)


@asynccontextmanager
async def loaded(load: Load) -> AsyncIterator[Load]:
    """Under the load of one client a way on every worker, and of three that open sockets."""
    async with (
        on_every_worker(load.service, len(load.ways), headers=load.headers) as clients,
        asyncio.TaskGroup() as group,
    ):
        for on_one in clients.values():
            for way, client in zip(load.ways, on_one, strict=True):
                group.create_task(load.over_http(client, way))
        for _ in range(3):
            group.create_task(load.over_socket())
        yield load
        load.over = True


@asynccontextmanager
async def on_every_worker(
    service: Service, each: int, *, address: str | None = None, **given: Any
) -> AsyncIterator[dict[int, list[httpx.AsyncClient]]]:
    """So many clients for each worker, each with one connection, which is to that worker."""
    found: dict[int, list[httpx.AsyncClient]] = {worker: [] for worker in workers(service)}
    async with AsyncExitStack() as closing:
        for _ in range(ATTEMPTS):
            transport = httpx.AsyncHTTPTransport(local_address=address, verify=NO_TLS)
            client = httpx.AsyncClient(trust_env=False, transport=transport, timeout=60, **given)
            worker = worker_at(service, port_of(await client.get(f"{service.url}/health")))
            if worker is None or len(found[worker]) == each:
                await client.aclose()
                continue
            found[worker].append(client)
            closing.push_async_callback(client.aclose)
            if all(len(clients) == each for clients in found.values()):
                break
        assert [len(clients) for clients in found.values()] == [each] * len(found)
        yield found


def port_of(response: httpx.Response) -> int:
    """This end of the connection an answer came over."""
    port: int = response.extensions["network_stream"].get_extra_info("client_addr")[1]
    return port
