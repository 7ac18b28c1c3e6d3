"""A revocation that is committed while two workers read: nothing whose statement began afterwards is answered.

Two proofs that depend on nobody's speed. A request that was sent after the commit had returned is refused. And the data
are changed after it: whoever shows the new ones, whenever they asked, ran a statement that began too late.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from policies.people import register
from policies.tokens import Seat
from services.storage.database import connected
from tests.conftest import Service
from tests.http.asking import Asking
from tests.live.following import change, follow, renamed, rest, signed_in, token
from tests.live.load import ATTEMPTS, SOCKET, Load, loaded
from tests.live.processes import worker_at, workers
from tests.signin.browser import PASSWORD, Browser

pytestmark = [pytest.mark.xdist_group("under load"), pytest.mark.timeout(600)]
COUNTY, TOWN, COMMUNITY, ELSEWHERE = "350521", "350521100", "350521100001", "350521101"
UNIT = "SELECT 'ou_' || id FROM org_unit WHERE code = $1"
SECRET = "撤销之后才有的名称"
OURS = "account_id = (SELECT account_id FROM credential WHERE id = $1)"


async def value(service: Service, sql: str, *values: object) -> Any:
    """One value of the database."""
    async with connected(service.database_url) as connection:
        return await connection.fetchval(sql, *values)


class Reader:
    """Someone at a unit, with whatever it takes to read there and to be revoked."""

    def __init__(self, service: Service, code: str) -> None:
        self.service = service
        self.code = code
        self.headers: dict[str, str] = {}
        self.browser: Browser | None = None
        self.credential = ""

    async def comes(self, *, program: bool) -> None:
        """A partner's program, or a person who has signed in."""
        if program:
            bearer = await token(self.service.database_url, "partner", self.code)
            self.credential = bearer.split("_")[1]
            self.headers = {"Authorization": f"Bearer {bearer}"}
            return
        login = f"{COUNTY}-reader-{time.monotonic_ns()}"
        async with connected(self.service.database_url) as connection:
            await register(connection, Seat(login, "town_admin", self.code), login, PASSWORD)
        self.browser = Browser(self.service)
        answer = await asyncio.to_thread(self.browser.sign_in, login)
        assert answer.status_code == 204, answer.text
        cookie = self.browser.cookies["jinlin"]
        self.credential = cookie.split("_")[1]
        self.headers = {"Cookie": f"jinlin={cookie}", "Origin": self.service.url}

    async def administered(self, command: str, input_: str, sql: str | None = None, **more: object) -> None:
        """A command of the county's administrator about what `sql` finds by this credential."""
        variables = dict(more)
        if sql is not None:
            variables["id"] = await value(self.service, sql, self.credential)
        given = ", ".join(f"${name}: ID!" for name in variables)
        document = f"mutation({given}) {{ {command}(input: {{{input_}}}) {{ userErrors {{ message }} }} }}"
        county = Asking(self.service.url, self.service.token("county_admin", COUNTY))
        answer = await asyncio.to_thread(county.post, document, variables)
        while any(code in answer.text for code in ('"CONFLICT"', '"TIMEOUT"')):  # dry runs were in the way
            answer = await asyncio.to_thread(county.post, document, variables)
        assert answer.json() == {"data": {command: {"userErrors": []}}}


async def grant_revoked(reader: Reader) -> None:
    """By an administrator above."""
    sql = f"SELECT 'gr_' || id FROM role_grant WHERE {OURS}"
    await reader.administered("revokeGrant", 'id: $id, version: 1, reason: "离任"', sql)


async def grant_ended(reader: Reader) -> None:
    """By its own term."""
    sql = f"UPDATE role_grant SET since = now() - interval '2 h', until = now() WHERE {OURS}"
    await change(reader.service.database_url, sql, reader.credential)


async def account_closed(reader: Reader) -> None:
    """By an administrator above."""
    sql = "SELECT 'ac_' || account_id FROM credential WHERE id = $1"
    await reader.administered("closeAccount", 'id: $id, version: 1, reason: "离任", cascade: true', sql)


async def signed_out(reader: Reader) -> None:
    """By themselves."""
    assert reader.browser is not None
    assert (await asyncio.to_thread(reader.browser.send, "DELETE", "/session")).status_code == 204


async def token_revoked(reader: Reader) -> None:
    """As the command does it; this token was made at the command line, by nobody who could be asked."""
    sql = "UPDATE credential SET revoked_at = now() WHERE id = $1"
    await change(reader.service.database_url, sql, reader.credential)


async def moved_away(reader: Reader) -> None:
    """The unit they read is another town's from now on; they are still let in."""
    unit, above = [await value(reader.service, UNIT, code) for code in (COMMUNITY, ELSEWHERE)]
    await reader.administered("moveUnit", "id: $unit, version: 1, parentId: $above", unit=unit, above=above)


REVOKED: dict[str, tuple[Callable[[Reader], Awaitable[None]], bool]] = {
    "a grant revoked": (grant_revoked, False),
    "a grant ended": (grant_ended, False),
    "an account closed": (account_closed, False),
    "a session signed out": (signed_out, False),
    "a token revoked": (token_revoked, True),
    "a unit moved away": (moved_away, False),
}


@pytest.mark.parametrize("what", REVOKED)
async def test_nothing_that_began_afterwards_is_answered(two: Service, what: str) -> None:
    """By POST, by a command's payload, by GET with a token, on every worker, and over sockets."""
    revoke, program = REVOKED[what]
    reader = Reader(two, TOWN)
    await reader.comes(program=program)
    code = COMMUNITY if revoke is moved_away else TOWN
    name = await value(two, "SELECT name FROM org_unit WHERE code = $1", code)
    secret = f"{SECRET}{list(REVOKED).index(what)}"
    version = await value(two, "SELECT version FROM org_unit WHERE code = $1", code)
    variables = {"code": code, "id": await value(two, UNIT, code), "version": version}
    load = Load(two, reader.headers, variables, ("POST", "GET") if program else ("POST", "mutation"))
    async with loaded(load):
        await load.more(10)
        committing = time.monotonic()
        await revoke(reader)
        revoked = time.monotonic()
        await renamed(two.database_url, code, secret)
        await load.more(10)
    for way in (*load.ways, SOCKET):
        answers = load.answers[way]
        before = [each for each in answers if each.ended < committing]
        after = [each for each in answers if each.began > revoked]
        assert {each.worker for each in before} >= (workers(two) if way != SOCKET else set()), way
        assert after, way
        # A socket may have been put off, where the machine is too busy for anybody to be asked in time.
        other = [each.text for each in before if name not in each.text and code not in each.text]
        assert set(other) <= ({"ConnectionClosedError"} if way == SOCKET else set()), way
        assert len(other) < len(before), way
        assert [each.text for each in after if name in each.text or code in each.text] == [], way
        assert [each.text for each in answers if secret in each.text] == [], way


@pytest.mark.parametrize("follows", [True, False], ids=["following", "idle"])
async def test_sockets_are_closed_on_every_worker(two: Service, follows: bool) -> None:
    """Also those that were let in and never asked for anything; what is committed afterwards comes over none."""
    bearer = await token(two.database_url, "town_admin", TOWN)
    missing = workers(two)
    async with AsyncExitStack() as stack:
        sockets = []
        for _ in range(ATTEMPTS):
            async with AsyncExitStack() as one:
                socket = await one.enter_async_context(signed_in(two, bearer))
                worker = worker_at(two, socket.local_address[1])
                if worker in missing:
                    missing.remove(worker)
                    sockets.append(socket)
                    stack.push_async_exit(one.pop_all())
            if not missing:
                break
        assert not missing
        for socket in sockets if follows else ():
            await follow(socket)
        await change(two.database_url, f"UPDATE role_grant SET revoked_at = now() WHERE {OURS}", bearer.split("_")[1])
        await renamed(two.database_url, TOWN, f"{SECRET}{follows}")
        assert await asyncio.gather(*map(rest, sockets)) == [([], 4403)] * len(sockets)
