"""Clients that hang up: afterwards every connection to the database is idle, and nobody got another's answer."""

import asyncio
import json
from dataclasses import dataclass
from random import Random
from typing import Any

import asyncpg
import httpx
import pytest

from services.settings import Limits
from services.storage.database import Reader, connected
from tests.conftest import Database, Service
from tests.http.activity import become_waiting, becomes_idle, busy, units_locked
from tests.http.sockets import ask, opened, receive, send

TOWNS = ("350521100", "350521101")
REQUESTS = 300
AT_ONCE = 40
CONNECTIONS = Limits().connections


@dataclass(frozen=True)
class Caller:
    """A town's administrator, who may see nothing of the other town."""

    url: str
    code: str
    token: str

    def operation(self, number: int) -> str:
        """Asks for what lies in the town, under a key of this request's own."""
        return f"{{ a{number}: orgUnits(first: 30) {{ nodes {{ code children(first: 20) {{ nodes {{ code }} }} }} }} }}"

    def request(self, number: int) -> bytes:
        """The bytes of a whole request."""
        body = json.dumps({"query": self.operation(number)}).encode()
        head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {self.token}\r\n"
        return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

    def owns(self, data: Any, number: int) -> bool:
        """Whether an answer is the one to this request: its key, and only codes of the town."""
        if list(data) != [f"a{number}"]:
            return False
        nodes = data[f"a{number}"]["nodes"]
        return len(nodes) == 30 and all(node["code"].startswith(self.code) for node in nodes)


def callers(service: Service) -> list[Caller]:
    return [Caller(service.url, code, service.token("town_admin", code)) for code in TOWNS]


async def hang_up(caller: Caller, number: int, chance: Random) -> bool | None:
    """Send some of a request, read some of its answer, go; whether a whole answer was the right one, if there is."""
    whole = caller.request(number)
    sent, read = chance.choice([(0.5, 0), (0.9, 0), (1, 0), (1, 1), (1, 200), (1, 10**9)])
    reader, writer = await asyncio.open_connection(*caller.url.removeprefix("http://").split(":"))
    try:
        writer.write(whole[: int(len(whole) * sent)])
        await writer.drain()
        if read == 0:
            await asyncio.wait((asyncio.ensure_future(reader.read(1)),), timeout=chance.random() / 100)
            return None
        answer = b""
        async with asyncio.timeout(30):
            while len(answer) < read and (more := await reader.read(65536)):
                answer += more
        if read < 10**9:
            return None
        return caller.owns(json.loads(answer.partition(b"\r\n\r\n")[2])["data"], number)
    finally:
        writer.transport.abort()


async def test_hang_ups_at_random_points(lockable: Service) -> None:
    chance, gate = Random(1), asyncio.Semaphore(AT_ONCE)
    both = callers(lockable)

    async def one(number: int) -> bool | None:
        async with gate:
            return await hang_up(both[number % 2], number, chance)

    answered = [owned for owned in await asyncio.gather(*map(one, range(REQUESTS))) if owned is not None]
    assert len(answered) > REQUESTS / 20
    assert all(answered)
    await serves_whole(lockable.database_url, both)


async def test_sockets_that_vanish_in_the_middle_of_statements(lockable: Service) -> None:
    """Their operations are cancelled while PostgreSQL works on them."""
    both = callers(lockable)
    async with units_locked(lockable.database_url) as observer:
        for number in range(CONNECTIONS):
            async with opened(lockable) as socket:
                token = both[number % 2].token
                await send(socket, type="connection_init", payload={"Authorization": f"Bearer {token}"})
                await receive(socket)
                for each in range(3):
                    await ask(socket, str(each), both[number % 2].operation(each))
                await become_waiting(observer, 1)
                socket.transport.abort()
    await serves_whole(lockable.database_url, both)


async def test_a_read_that_ends_between_its_two_steps(own_demo: Database) -> None:
    """Preparing and executing are one transaction: given up in between, it is not left open."""
    reader = Reader(own_demo.url, Limits(connections=1))
    async with connected(own_demo.url) as connection:
        with pytest.raises(asyncpg.DataError):
            await reader.fetchrow("SELECT $1::int", "not a number")
        assert not await busy(connection)
        for number in range(60):
            reading = asyncio.create_task(reader.fetchrow(f"SELECT count(*), {number} FROM org_unit"))
            for _ in range(number // 4):
                await asyncio.sleep(0)
            reading.cancel()
            await asyncio.wait([reading])
            await becomes_idle(connection)
    await reader.close()


async def serves_whole(url: str, both: list[Caller]) -> None:
    """All connections of the pool are idle, all can be at work at once, and each caller gets their own."""
    async with connected(url) as connection:
        await becomes_idle(connection)
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:

        async def one(number: int) -> bool:
            caller = both[number % 2]
            headers = {"Authorization": f"Bearer {caller.token}"}
            answer = await client.post(
                f"{caller.url}/graphql", json={"query": caller.operation(number)}, headers=headers
            )
            return caller.owns(answer.json()["data"], number)

        async with units_locked(url) as observer:
            asked = [asyncio.create_task(one(number)) for number in range(3 * CONNECTIONS)]
            await become_waiting(observer, CONNECTIONS)
        assert all(await asyncio.gather(*asked))
    async with connected(url) as connection:
        await becomes_idle(connection)
