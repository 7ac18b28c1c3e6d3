"""The service in a process of its own, asked over every wire; all that comes back, and what it writes beside.

Who adds a wire (a subscription, an export) adds a function here and its name to `WIRES`.
"""

import asyncio
import json
import os
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError
from websockets.frames import CloseCode
from websockets.typing import Subprotocol

from tests.conftest import Service as Started
from tests.conftest import as_service, stop_service
from tests.forked import Forked, forked
from tests.http.asking import NO_TLS
from tests.proof.asking import Question

PATIENCE = 30


@dataclass
class Process:
    """One running service and what it wrote to its streams."""

    url: str
    process: Forked
    out: IO[bytes]

    def written(self) -> str:
        """Everything so far."""
        return Path(self.out.name).read_text(errors="replace")


@contextmanager
def running(database_url: str, **environment: str) -> Iterator[Process]:
    """A service over a database, its output kept."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.NamedTemporaryFile() as out:
        given = {**os.environ, "DATABASE_URL": as_service(database_url), "PORT": str(port), **environment}
        process = forked(["serve"], given, (0, out.fileno(), out.fileno()))
        made = Process(f"http://127.0.0.1:{port}", process, out)
        try:
            _answering(made)
            yield made
        finally:
            if process.poll() is None:
                stop_service(Started(made.url, database_url, process))


def _answering(process: Process) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.process.poll() is None:
        with suppress(httpx.TransportError):
            httpx.get(f"{process.url}/health", trust_env=False)
            return
        time.sleep(0.05)
    raise AssertionError(process.written())


def client() -> httpx.Client:
    """A client of its own."""
    return httpx.Client(trust_env=False, verify=NO_TLS, timeout=PATIENCE)


def by_post(process: Process, token: str, question: Question, **headers: str) -> str:
    """The whole response: status, headers, body."""
    body = {"query": question.text, "variables": dict(question.variables)}
    with client() as made:
        response = made.post(f"{process.url}/graphql", json=body, headers=_headers(token, headers))
    return _whole(response)


def by_get(process: Process, token: str, question: Question, **headers: str) -> str:
    """The same by GET."""
    given = {"query": question.text, "variables": json.dumps(dict(question.variables))}
    with client() as made:
        response = made.get(f"{process.url}/graphql", params=given, headers=_headers(token, headers))
    return _whole(response)


def by_socket(process: Process, token: str, question: Question, **_: str) -> str:
    """Every frame of one operation over WebSocket, and how the socket was closed."""
    return asyncio.run(_frames(process, token, question))


async def _frames(process: Process, token: str, question: Question) -> str:
    frames: list[str] = []
    async with _opened(process, token) as opened:
        await opened.send(_subscribe("1", question))
        async with asyncio.timeout(PATIENCE):
            while not frames or json.loads(frames[-1])["type"] not in ("complete", "error"):
                frames.append(str(await opened.recv()))
    return "\n".join(frames)


def by_subscriptions(process: Process, token: str, questions: Sequence[Question]) -> list[str]:
    """The first answer to each of some subscriptions, all on one socket; what else comes is with the last."""
    return asyncio.run(_asked_again(process, token, questions)) if questions else []


async def _asked_again(process: Process, token: str, questions: Sequence[Question]) -> list[str]:
    """Sockets that a busy service closes are opened again, as it tells clients to."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await _first(process, token, questions)
            except ConnectionClosedError as error:
                if error.rcvd is None or error.rcvd.code != CloseCode.TRY_AGAIN_LATER:
                    raise
                await asyncio.sleep(0.1)


async def _first(process: Process, token: str, questions: Sequence[Question]) -> list[str]:
    first: dict[str, str] = {}
    others: list[str] = []
    async with _opened(process, token) as opened:
        for number, question in enumerate(questions):
            await opened.send(_subscribe(str(number), question))
        async with asyncio.timeout(PATIENCE):
            while len(first) < len(questions):
                frame = str(await opened.recv())
                of = json.loads(frame).get("id")
                if of is None or of in first:
                    others.append(frame)
                else:
                    first[of] = frame
    told = [first[str(number)] for number in range(len(questions))]
    return [*told[:-1], "\n".join([*told[-1:], *others])]


@asynccontextmanager
async def _opened(process: Process, token: str) -> AsyncIterator[ClientConnection]:
    url = process.url.replace("http://", "ws://") + "/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as opened:
        start = {"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}}
        await opened.send(json.dumps(start))
        yield opened


def _subscribe(id_: str, question: Question) -> str:
    payload = {"query": question.text, "variables": dict(question.variables)}
    return json.dumps({"id": id_, "type": "subscribe", "payload": payload})


def _headers(token: str, more: Mapping[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept-Language": "en", **more}


def _whole(response: httpx.Response) -> str:
    return f"{response.status_code} {sorted(response.headers.items())} {response.text}"


Wire = Callable[..., Any]
WIRES: Mapping[str, Wire] = {"POST": by_post, "GET": by_get, "WebSocket": by_socket}
