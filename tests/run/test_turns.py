"""Whoever sends ever-new documents has one at a time prepared; others have theirs in between."""

import asyncio
import threading
from functools import partial

import asyncpg
import pytest

from policies.actor import Authenticator
from policies.tokens import Seat, issue
from schema.pipeline.run.asked import FEW, Asked, few
from schema.pipeline.run.read import Reading
from schema.pipeline.run.turns import AT_ONCE, LARGE, Turns
from services.settings import Limits
from services.storage.database import Reader
from tests.built import CATALOGUE, SCHEMA
from tests.conftest import Database
from tests.golden.world import load

PATIENCE = 20  # seconds: a bound, not a measure


class Work:
    """Pieces of work that end when they are let."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.began = threading.Semaphore(0)
        self.end = threading.Event()

    def do(self, name: str) -> str:
        self.begun.append(name)
        self.began.release()
        assert self.end.wait(PATIENCE)
        return name


async def begun(work: Work, count: int) -> None:
    for _ in range(count):
        assert await asyncio.to_thread(work.began.acquire, timeout=PATIENCE)


async def test_one_piece_of_each_caller_at_a_time() -> None:
    turns, work = Turns(), Work()
    greedy = [asyncio.create_task(turns.run("greedy", partial(work.do, f"g{number}"))) for number in range(5)]
    await begun(work, 1)
    assert await asyncio.wait_for(turns.run("other", lambda: "done"), PATIENCE) == "done"
    assert work.begun == ["g0"]
    work.end.set()
    assert await asyncio.gather(*greedy) == work.begun == [f"g{number}" for number in range(5)]


async def test_callers_take_turns() -> None:
    """With all places taken, who came first comes next, and not the one who asked for most."""
    turns, work = Turns(), Work()
    holders = [asyncio.create_task(turns.run(f"h{number}", partial(work.do, "h"))) for number in range(AT_ONCE)]
    await begun(work, AT_ONCE)
    order: list[str] = []
    asked = ["greedy", "greedy", "greedy", "other", "third"]
    waiting = [asyncio.create_task(turns.run(caller, partial(order.append, caller))) for caller in asked]
    await asyncio.sleep(0)
    work.end.set()
    await asyncio.gather(*holders, *waiting)
    assert order.index("other") < 3
    assert order.index("third") < 4
    assert order[-1] == "greedy"


async def test_of_large_pieces_one_at_a_time() -> None:
    """And small ones do not wait for those that wait."""
    turns, work = Turns(), Work()
    large = [asyncio.create_task(turns.run(f"l{number}", partial(work.do, "l"), LARGE + 1)) for number in range(4)]
    await begun(work, 1)
    assert await asyncio.wait_for(turns.run("other", lambda: "done", LARGE), PATIENCE) == "done"
    assert work.begun == ["l"]
    work.end.set()
    await asyncio.gather(*large)
    assert work.begun == ["l"] * 4


async def test_who_waits_no_longer_still_has_the_turn() -> None:
    """A thread cannot be stopped: to ask and to hang up, again and again, begins nothing more."""
    turns, work = Turns(), Work()
    first = asyncio.create_task(turns.run("greedy", partial(work.do, "first")))
    await begun(work, 1)
    first.cancel()
    second = asyncio.create_task(turns.run("greedy", partial(work.do, "second")))
    assert await asyncio.wait_for(turns.run("other", lambda: "done"), PATIENCE) == "done"
    assert work.begun == ["first"]
    work.end.set()
    assert await second == "second"
    with pytest.raises(asyncio.CancelledError):
        await first


@pytest.mark.parametrize("postgres", ["18"], indirect=True)
async def test_new_documents_wait_for_their_caller_s_turn(database: Database, connection: asyncpg.Connection) -> None:
    """While a caller's turn lasts, what is new of theirs waits; what is remembered does not, nor does anyone else."""
    await load(connection)
    limits = Limits()
    reader = Reader(database.service_url, limits)
    authenticator = Authenticator(reader)
    reading = Reading(CATALOGUE, SCHEMA, reader, authenticator, limits)
    greedy, other = [await issue(connection, Seat("test", "county_admin", "350521"), 1) for _ in range(2)]
    known = Asked("{ __typename }", None, {})
    await reading.answer(known, greedy)
    credential_id = (await authenticator.actor(greedy)).credential_id
    work = Work()
    turn = asyncio.create_task(reading._turns.run(credential_id, partial(work.do, "turn")))
    await begun(work, 1)

    new = [
        asyncio.create_task(reading.answer(Asked(text, None, {}), greedy)) for text in ("{ a: __typename }", "{ b }")
    ]
    many = Asked(known.query, None, {"unknown": [0] * FEW})
    new.append(asyncio.create_task(reading.answer(many, greedy)))
    assert (await reading.answer(known, greedy)).body == b'{"__typename":"Query"}'
    assert (await reading.answer(Asked("{ c: __typename }", None, {}), other)).body == b'{"c":"Query"}'
    assert not any(task.done() for task in new)
    work.end.set()
    answered = await asyncio.gather(turn, *new, return_exceptions=True)
    assert [type(each).__name__ for each in answered] == ["str", "Answer", "Refusals", "Answer"]
    await reader.close()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, True),
        ({"a": "text", "b": [1, None, {"c": True}]}, True),
        ({"a": list(range(FEW))}, False),
        ({"a": [[[1] * 20] * 20] * 20}, False),
    ],
)
def test_few(values: object, said: bool) -> None:
    assert few(values) is said
