"""When what is followed is read: once for all who ask the same, after every change, and only when it can be sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import pytest

from policies.actor import Actor, Authenticator
from schema.pipeline.run.asked import Answer, Asked
from schema.pipeline.run.live import Live, Rest
from schema.pipeline.run.read import Reading
from schema.pipeline.run.registry import Guest, Registry
from services.access.standing import Poll
from services.errors import Code, Refused
from services.programs.budget import Spent
from services.settings import Limits
from services.storage.changes import Changes, Heard
from services.storage.database import Reader, connected
from tests.built import CATALOGUE, SCHEMA
from tests.conftest import Database
from tests.golden.world import load
from tests.live.following import NAME, PATIENCE, token

ASKED = Asked(NAME, None, {})
EVERYTHING = None


class Silent(Changes):
    """Hears nothing: the test says what changed."""

    def start(self) -> None:
        """Listen to nobody."""


class Counting(Reader):
    """A reader that counts statements and can hold them back once they have read."""

    statements = 0
    held: asyncio.Event | None = None

    async def fetchrow(self, sql: str, *values: object, anew: bool = False) -> asyncpg.Record | None:
        """Run one statement."""
        row = await super().fetchrow(sql, *values, anew=anew)
        if "org_unit" in sql:
            self.statements += 1
            if self.held is not None:
                await self.held.wait()
        return row


@dataclass
class Wire:
    """A line whose other end reads or does not."""

    reads: asyncio.Event = field(default_factory=asyncio.Event)
    lost: bool = False

    def __post_init__(self) -> None:
        self.reads.set()

    @property
    def free(self) -> bool:
        """Whether it reads."""
        return self.reads.is_set() and not self.lost

    async def until_free(self, seconds: float) -> None:
        """Wait until it does."""
        async with asyncio.timeout(seconds):
            await self.reads.wait()

    def cut(self) -> None:
        """The end."""
        self.lost = True
        self.reads.set()


@dataclass
class Stage:
    """One Live over a database, and guests of it."""

    url: str
    reader: Counting
    live: Live
    actor: Actor

    def guest(self, grant: UUID | None = None) -> tuple[Guest, Wire]:
        """A new socket."""
        wire = Wire()
        return Guest(self.actor, grant, wire), wire

    async def renamed(self, name: str) -> None:
        """Commit a name, and say so."""
        async with connected(self.url) as connection:
            await connection.execute("UPDATE org_unit SET name = $1 WHERE code = '350521100'", name)
        self.live.heard("org_unit")


@asynccontextmanager
async def staged(database: Database, **limits: int) -> AsyncIterator[Stage]:
    async with connected(database.url) as connection:
        await load(connection)
    bearer = await token(database.url, "town_admin", "350521100")
    given = Limits(**limits)
    reader = Counting(database.url, given)
    authenticator = Authenticator(reader)
    reading = Reading(CATALOGUE, SCHEMA, reader, authenticator, given)
    registry = Registry(Poll(database.url))

    def listen(heard: Heard) -> Changes:
        return Silent(database.url, heard)

    live = Live(reading, registry, listen, given)
    yield Stage(database.url, reader, live, await authenticator.actor(bearer))
    await live.close()
    await registry.close()
    await reader.close()


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[Stage]:
    """A small world, followed in this process."""
    async with staged(database) as made:
        yield made


def name(answer: Answer) -> str:
    return answer.body.decode().split('"name":')[1].split('"')[1]


async def settled(stage: Stage) -> None:
    """Wait until what was heard has been acted on, and nothing is being read."""
    quiet = 0
    async with asyncio.timeout(PATIENCE):
        while quiet < 10:
            await asyncio.sleep(0.001)
            quiet = 0 if stage.live._heard or stage.live._flights else quiet + 1


async def woken(stage: Stage) -> None:
    """Wait until what was heard has made due whom it concerns."""
    async with asyncio.timeout(PATIENCE):
        while stage.live._heard:  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def has_read(stage: Stage, statements: int) -> None:
    """Wait until so many statements have read."""
    async with asyncio.timeout(PATIENCE):
        while stage.reader.statements < statements:  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def test_who_asks_the_same_shares_a_statement(stage: Stage) -> None:
    followed = [stage.live.follow(ASKED, stage.guest()[0]) for _ in range(20)]
    await asyncio.gather(*(anext(each) for each in followed))
    before = stage.reader.statements
    await stage.renamed("甲镇")
    second = await asyncio.gather(*(anext(each) for each in followed))
    assert ({name(body) for body in second}, stage.reader.statements) == ({"甲镇"}, before + 1)


async def test_a_statement_that_began_before_a_change_does_not_serve_it(stage: Stage) -> None:
    """One has read and not yet answered when a change comes: whoever it concerns is read for again."""
    one, other = (stage.live.follow(ASKED, stage.guest()[0]) for _ in range(2))
    stage.reader.held = asyncio.Event()
    first = asyncio.ensure_future(anext(one))
    await has_read(stage, 1)
    await stage.renamed("甲镇")
    await woken(stage)
    late = asyncio.ensure_future(anext(other))
    await has_read(stage, 2)
    stage.reader.held.set()
    assert name(await late) == "甲镇"
    assert name(await first) != "甲镇"
    assert name(await anext(one)) == "甲镇"


async def test_only_what_reads_the_table_is_read_again(stage: Stage) -> None:
    followed = stage.live.follow(ASKED, stage.guest()[0])
    await anext(followed)
    waiting = asyncio.ensure_future(anext(followed))
    stage.live.heard("captain_term")
    await settled(stage)
    assert stage.reader.statements == 1
    stage.live.heard(EVERYTHING)
    await settled(stage)
    assert stage.reader.statements == 2
    assert not waiting.done()  # it was the same
    waiting.cancel()


async def test_a_slow_reader_gets_the_newest_and_nothing_between(stage: Stage) -> None:
    guest, wire = stage.guest()
    followed = stage.live.follow(ASKED, guest)
    await anext(followed)
    wire.reads.clear()
    waiting = asyncio.ensure_future(anext(followed))
    for number in range(3):
        await stage.renamed(f"镇{number}")
        await settled(stage)
    assert stage.reader.statements == 1
    wire.reads.set()
    assert name(await waiting) == "镇2"
    assert stage.reader.statements == 2


async def test_what_could_not_leave_at_once_is_read_again(stage: Stage) -> None:
    """The line was free when the statement began and is not when it ends: by the time it is, all may be different."""
    guest, wire = stage.guest()
    followed = stage.live.follow(ASKED, guest)
    stage.reader.held = asyncio.Event()
    waiting = asyncio.ensure_future(anext(followed))
    await has_read(stage, 1)
    wire.reads.clear()
    stage.reader.held.set()
    await settled(stage)
    assert not waiting.done()
    async with connected(stage.url) as connection:
        await connection.execute("UPDATE credential SET revoked_at = now()")
    wire.reads.set()
    with pytest.raises(StopAsyncIteration):
        await waiting
    assert guest.gone


async def test_who_never_reads_is_cut_off(database: Database) -> None:
    async with staged(database, slow_ms=50) as stage:
        guest, wire = stage.guest()
        followed = stage.live.follow(ASKED, guest)
        await anext(followed)
        wire.reads.clear()
        await stage.renamed("甲镇")
        with pytest.raises(StopAsyncIteration):
            await anext(followed)
        assert (guest.gone, wire.lost, stage.reader.statements) == (True, True, 1)


async def test_a_revision_that_changes_nothing_held_goes_on(stage: Stage) -> None:
    """And one that does ends it without another word."""
    guest, _ = stage.guest()
    followed = stage.live.follow(ASKED, guest)
    await anext(followed)
    async with connected(stage.url) as connection:
        await connection.execute("UPDATE account SET revision = revision + 1")
    await stage.renamed("甲镇")
    assert name(await anext(followed)) == "甲镇"
    async with connected(stage.url) as connection:
        await connection.execute("UPDATE role_grant SET role = 'auditor'")
    await stage.renamed("乙镇")
    with pytest.raises(StopAsyncIteration):
        await anext(followed)
    assert guest.gone


async def test_who_has_nothing_left_rests_and_goes_on_with_the_newest(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first answer on; each is charged once. What does not pass is the end."""
    used_up = Refused(Code.RATE_LIMITED, "", "", headers=(("Retry-After", "0"),))
    left, paid = [used_up, None, used_up, None, Refused(Code.TOO_COSTLY, "", "")], list[int]()
    rests = list[Rest]()

    async def pay(_: Actor, cost: int) -> Spent | None:
        if (refused := left.pop(0)) is not None:
            raise refused
        paid.append(cost)
        return None

    async def resting(rest: Rest) -> None:
        rests.append(rest)
        if paid:
            await stage.renamed("乙镇")

    monkeypatch.setattr(stage.live._reading, "pay", pay)
    followed = stage.live.follow(ASKED, stage.guest()[0], resting)
    await anext(followed)
    assert (len(rests), len(paid)) == (1, 1)
    await stage.renamed("甲镇")
    assert name(await anext(followed)) == "乙镇"
    assert (len(rests), len(paid)) == (2, 2)
    await stage.renamed("丙镇")
    with pytest.raises(Refused):
        await anext(followed)


async def test_a_new_day_is_a_change_of_everything(stage: Stage) -> None:
    followed = stage.live.follow(ASKED, stage.guest()[0])
    await anext(followed)
    stage.live.registry.on_new_day()
    waiting = asyncio.ensure_future(anext(followed))
    await settled(stage)
    assert stage.reader.statements == 2
    waiting.cancel()


async def test_only_what_is_sent_is_charged(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that makes no difference to whoever follows is nothing their budget would tell of."""
    paid, pay = list[int](), stage.live._reading.pay

    async def noted(actor: Actor, cost: int) -> Spent | None:
        paid.append(cost)
        return await pay(actor, cost)

    monkeypatch.setattr(stage.live._reading, "pay", noted)
    followed = stage.live.follow(ASKED, stage.guest()[0])
    await anext(followed)
    waiting = asyncio.ensure_future(anext(followed))
    stage.live.heard("org_unit")
    await settled(stage)
    assert (stage.reader.statements, len(paid)) == (2, 1)
    await stage.renamed("甲镇")
    assert name(await waiting) == "甲镇"
    assert len(paid) == 2
