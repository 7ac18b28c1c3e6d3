"""Grants, revocations, moves, expiry, restarts, lost connections and hang-ups in random order, on two processes.

After every step each process is asked as some caller, and the answer is the model's over the rows as they are then.
Nothing waits for a time to pass: what ends, ends by the database's clock, which is asked.
"""

import asyncio
import contextlib
import json
import socket
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.storage.database import connected
from tests.conftest import MIGRATED, Server
from tests.days import today
from tests.http.activity import becomes_idle
from tests.oracle import tables as rows_of
from tests.oracle.loading import load
from tests.oracle.tree import LEVELS
from tests.oracle.worlds import UNIT, World, made
from tests.proof import granting, knobs, model, ways
from tests.proof.asking import Question
from tests.proof.granting import READ, ROLES
from tests.proof.stage import Caller, Seats, joined
from tests.proof.wires import Process, by_post, running

pytestmark = pytest.mark.timeout(300)

RENAME = "mutation($id: ID!, $name: String!, $version: Int!, $dryRun: Boolean) { renameUnit(input: {id: $id, "
RENAME += "name: $name, version: $version, dryRun: $dryRun}) { orgUnit { name } userErrors { code } } }"


@dataclass
class Play:
    """Two processes, a connection beside them, some callers, and what they have done."""

    random: Random
    connection: asyncpg.Connection
    callers: list[Caller]
    processes: list[Process]
    start: Callable[[int], None]
    chief: Caller
    accepted: Counter[str] = field(default_factory=Counter)
    written: int = 0
    refused: list[str] = field(default_factory=list)

    # --- what administrators do: by the API where there is a command for it ---

    async def grant(self) -> None:
        """Somebody grants somebody a role."""
        await granting.grant(self)

    async def revoke(self) -> None:
        """A grant is revoked."""
        await granting.revoke(self)

    async def token(self) -> None:
        """A token is issued, used, and revoked."""
        await granting.issue_and_end(self)

    def done(self, command: str) -> None:
        """A command was accepted: there must be one entry of it."""
        self.accepted[command] += 1

    async def expire(self) -> None:
        """Let a grant end by itself: the account is told nothing, the clock passes its end."""
        grant = await self.grant_of_someone()
        if grant is not None:
            soon = "UPDATE role_grant SET until = clock_timestamp() + interval '50 ms' WHERE id = $1 RETURNING until"
            until = await self.connection.fetchval(soon, grant["id"])
            await self.read()
            while await self.connection.fetchval("SELECT clock_timestamp() <= $1", until):
                await asyncio.sleep(0.01)

    async def move(self) -> None:
        """Move a unit, and with it all below it and all seated there."""
        units = await self.connection.fetch("SELECT path, level FROM org_unit ORDER BY path")
        unit, to = self.random.choice(units), self.random.choice(units)
        if LEVELS.index(to["level"]) < LEVELS.index(unit["level"]):
            with contextlib.suppress(asyncpg.IntegrityConstraintViolationError):
                moved = "UPDATE org_unit SET parent_path = $1 WHERE path = $2"
                await self.connection.execute(moved, to["path"], unit["path"])

    async def close(self) -> None:
        """End a credential, and let it stand again: expiry, revocation, approval."""
        ends = ("expires_at = now()", "revoked_at = now()", "approved_at = NULL")
        caller = self.random.choice(self.callers)
        told = f"UPDATE credential SET {self.random.choice(ends)} WHERE id = $1"
        await self.connection.execute(told, caller.token.split("_")[1])
        for process in self.processes:
            assert (await self.ask_of(process, caller.token, READ)).startswith("401")
        again = "expires_at = now() + interval '1 day', revoked_at = NULL, approved_at = now()"
        await self.connection.execute(f"UPDATE credential SET {again} WHERE id = $1", caller.token.split("_")[1])

    # --- what callers do ---

    async def read(self) -> None:
        """Every process shows someone what the model shows them now: just before they asked, or just afterwards."""
        caller = self.random.choice(self.callers)
        await self.shows(caller.token, caller.caller)

    async def shows(self, token: str, who: UUID | Seats) -> None:
        """Whoever has a token is shown by every process what an account, or these seats, may see."""
        for process in self.processes:
            before = await self._shown(who)
            told = json.loads((await self.ask_of(process, token, READ)).partition("] ")[2])
            shown = {row["id"]: row["name"] for row in told["data"]["orgUnits"]["nodes"]}
            assert shown in (before, await self._shown(who))

    async def write(self, caller: Caller | None = None) -> None:
        """Someone renames a unit: done, and seen at once, where the model allows it, and not a trace otherwise."""
        caller = caller or self.random.choice((*self.callers, self.chief))
        rows = await self.rows()
        unit = self.random.choice(rows[UNIT])
        seats = model.held(rows, caller.caller, await self.now())
        may = model.may(seats, "rename", "unit", ways.keys_of(rows, UNIT, unit, today()))
        self.written += 1
        name, dry = f"第{self.written}次", self.random.random() < 0.2
        given = {"id": f"ou_{unit['id']}", "name": name, "version": unit["version"], "dryRun": dry}
        answer = await self.ask(caller, Question(RENAME, given))
        assert (f'"name":"{name}"' in answer) is may, answer
        self.accepted["renameUnit"] += may and not dry
        stands = await self.connection.fetchval("SELECT name FROM org_unit WHERE id = $1", unit["id"])
        assert (stands == name) is (may and not dry)

    # --- what goes wrong ---

    async def restart(self) -> None:
        """One of the processes ends and comes back."""
        self.start(self.random.randrange(len(self.processes)))

    async def drop(self) -> None:
        """The processes lose their connections; whoever asks next is told to come again, or is answered."""
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'jinlin'"
        await self.connection.fetch(ended + " AND datname = current_database()")

    async def hang_up(self) -> None:
        """Someone asks for a write and is gone: it is done whole, with its entry, or not at all."""
        caller, rows = self.random.choice((*self.callers, self.chief)), await self.rows()
        unit = self.random.choice(rows[UNIT])
        self.written += 1
        given = {"id": f"ou_{unit['id']}", "name": f"第{self.written}次", "version": unit["version"]}
        body = json.dumps({"query": RENAME, "variables": given}).encode()
        head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {caller.token}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        port = int(self.random.choice(self.processes).url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as sent:
            sent.sendall(head.encode() + body)
        await becomes_idle(self.connection)
        await self.read()  # answered after it, by the same process
        await becomes_idle(self.connection)
        name = await self.connection.fetchval("SELECT name FROM org_unit WHERE id = $1", unit["id"])
        self.accepted["renameUnit"] += name == given["name"]

    # --- what is always so ---

    async def judge(self) -> None:
        """One entry for each write that was accepted, by whom it was, and none for those that were not."""
        await becomes_idle(self.connection)
        entries = await self.connection.fetch("SELECT account_id, command FROM audit_entry")
        assert Counter(row["command"] for row in entries) == +self.accepted
        assert {row["account_id"] for row in entries} <= {caller.caller for caller in (*self.callers, self.chief)}
        renamed = "SELECT count(*) FROM audit_change JOIN audit_entry e ON e.id = entry_id WHERE command = 'renameUnit'"
        assert await self.connection.fetchval(renamed) == self.accepted["renameUnit"]

    async def ask_of(self, process: Process, token: str, question: Question) -> str:
        """Ask this process, again where it lost its connection."""
        for _ in range(20):
            said: str = await asyncio.to_thread(by_post, process, token, question)
            if not said.startswith("503"):
                assert "INTERNAL_SERVER_ERROR" not in said, process.written()[-3000:]
                # A mutation that lost its connection says so beside its data, and was not done.
                if '"UNAVAILABLE"' not in said:
                    return said
        raise AssertionError(said)

    async def _shown(self, who: UUID | Seats) -> dict[str, str]:
        """The units the model shows someone at this moment, and their names."""
        rows = await self.rows()
        seats = model.held(rows, who, await self.now()) if isinstance(who, UUID) else who
        return {f"ou_{row['id']}": row["name"] for row in model.visible(rows, UNIT, "unit", seats, today())}

    async def now(self) -> Any:
        """The moment it is for the database."""
        return await self.connection.fetchval("SELECT clock_timestamp()")

    async def ask(self, caller: Caller, question: Question) -> str:
        """Ask one of the processes."""
        return await self.ask_of(self.random.choice(self.processes), caller.token, question)

    async def rows(self) -> dict[str, list[dict[str, Any]]]:
        """All rows, as the model takes them."""
        found = await rows_of.read(self.connection)
        return {name: [dict(row) for row in rows] for name, rows in found.items()}

    async def grant_of_someone(self) -> Any:
        """One that was not revoked; of the chief none."""
        found = await self.connection.fetch("SELECT * FROM role_grant WHERE revoked_at IS NULL ORDER BY id")
        mine = {caller.caller for caller in self.callers}
        found = [row for row in found if row["account_id"] in mine]
        return self.random.choice(found) if found else None


@pytest.fixture
async def database_url(postgres: Server) -> str:
    return postgres.at(await postgres.copy(MIGRATED))


async def test_whatever_happens_in_whatever_order(database_url: str) -> None:
    random = Random(20)
    world = made(11, 10, 4, 0)
    for table in ("audit_link", "audit_change", "contact_read", "correction", "idempotency_key", "audit_entry"):
        world.rows.pop(table, None)  # the trail is what is done here
    callers = [joined(world, f"caller {number}") for number in range(3)]
    for caller, role in zip(callers, ROLES[1:], strict=False):
        caller.grant(role, "unit", random.choice(world.rows[UNIT])["path"])
    chief = joined(world, "chief")
    for top in (row for row in world.rows[UNIT] if row["parent_path"] is None):
        chief.grant("county_admin", "unit", top["path"])
    with ExitStack() as stack:
        async with connected(database_url) as connection:
            await load(connection, World(world.seed, world.rows))
            opened = [stack.enter_context(running(database_url)) for _ in range(2)]
            again: Callable[[int], None] = lambda number: _again(stack, opened, number, database_url)  # noqa: E731
            play = Play(random, connection, callers, opened, again, chief)
            for action in sequence(random):
                try:
                    await getattr(play, action)()
                    await play.read()
                except Exception as failure:
                    failure.add_note(f"{action} {world!r}")
                    raise
            await play.judge()
            assert {*+play.accepted} == {"renameUnit", "grantRole", "revokeGrant", "issueToken", "revokeToken"}
            assert play.written > play.accepted["renameUnit"] + 3


def _again(stack: ExitStack, opened: list[Process], number: int, url: str) -> None:
    opened[number].process.terminate()
    opened[number].process.wait(15)
    opened[number] = stack.enter_context(running(url))


def sequence(random: Random) -> list[str]:
    """What happens, in random order: every kind of it, restarts the least because they take the longest."""
    often = (
        "grant",
        "grant",
        "revoke",
        "token",
        "write",
        "write",
        "write",
        "move",
        "expire",
        "close",
        "read",
        "drop",
        "hang_up",
    )
    steps = [random.choice(often) for _ in range(knobs.STEPS)]
    for number in range(max(2, knobs.STEPS // 30)):
        steps.insert(random.randrange(len(steps)), "restart")
        steps[number:number] = ["grant", "token", "revoke", "revoke"]
    return steps
