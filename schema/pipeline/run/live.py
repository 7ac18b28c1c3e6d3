"""Subscriptions: the answer, and again whenever what the caller sees of it has changed.

Something changed (`services.storage.changes`) -> who reads that table -> the statement of any read, once for all who
ask the very same -> sent where its bytes are others than those sent last. So a caller hears of nothing they could not
have read, not even that something happened. What is true only until midnight is asked again then.

A statement runs when its answer can leave at once: a reader who is slow is given the newest state and nothing in
between, and one who is revoked while they do not read is sent nothing that was read before.

Whose budget is used up, or who has too much at work at once, is told so and rests: it goes on with the newest state
when there is something to spend again.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

from policies.actor import Actor
from schema.pipeline.run.asked import Answer, Asked, Question, Told
from schema.pipeline.run.programs import charged
from schema.pipeline.run.read import Reading, digest
from schema.pipeline.run.registry import SLOW, Guest, Registry
from services.audit.tables import contact_reads, entries
from services.errors import Code, Refused, unavailable
from services.programs.budget import Spent
from services.settings import Limits
from services.storage.changes import Changes, Heard
from services.storage.database import LOST

TOGETHER = 0.05  # seconds in which changes are gathered
RECORD = frozenset({entries.name, contact_reads.name})


@dataclass(frozen=True, slots=True)
class Rest:
    """Why a subscription has to wait, and for how many seconds."""

    refused: Refused
    seconds: int


Resting = Callable[[Rest], Awaitable[None]]


async def untold(_: Rest) -> None:
    """Nobody is told of a rest."""


@dataclass(eq=False)
class Watch:
    """One subscription: when it is due, since which turn, what it asks as whom, what the last reading cost.

    `paid` is whether an answer was charged that has not been sent yet.
    """

    due: asyncio.Event = field(default_factory=asyncio.Event)
    turn: int = 0
    actor: Actor | None = None
    question: Question | None = None
    spent: Spent | None = None
    paid: bool = False

    def reads(self, changed: set[str | None]) -> bool:
        """Whether any of these changes can have changed the answer.

        What leaves a record each time it is sent is not sent because of a record: that would have no end.
        """
        if self.question is None or None in changed:
            return True
        stated = self.question.stated
        return not stated.statement.tables.isdisjoint(changed - RECORD if stated.records else changed)


@dataclass(eq=False)
class Flight:
    """A statement under way for all who ask the same. `began` is the turn in which it did; None before."""

    task: "asyncio.Task[Told | None]"
    began: int | None = None

    def serves(self, turn: int) -> bool:
        """Whether what became due in this turn is in the statement's snapshot."""
        return not self.task.done() and (self.began is None or self.began >= turn)


class Live:
    """The subscriptions of one process."""

    def __init__(
        self, reading: Reading, registry: Registry, listen: Callable[[Heard], Changes], limits: Limits
    ) -> None:
        self._reading = reading
        self.registry = registry
        self._changes = listen(self.heard)
        self._slow = limits.slow_ms / 1000
        self._at_once = asyncio.Semaphore(max(1, limits.connections // 2))  # the rest is left to requests
        self._watches: set[Watch] = set()
        self._flights: dict[object, Flight] = {}
        self._heard: set[str | None] = set()
        self._turn = 0
        registry.on_new_day = lambda: self.heard(None)

    def heard(self, table: str | None) -> None:
        """A table has changed; None for any."""
        if not self._heard:
            asyncio.get_running_loop().call_later(TOGETHER, self._wake)
        self._heard.add(table)

    async def close(self) -> None:
        """Listen no longer."""
        await self._changes.close()

    async def follow(self, asked: Asked, guest: Guest, resting: Resting = untold) -> AsyncGenerator[Answer]:
        """The answers, each to be sent before anything else is waited for, until the guest goes.

        Refused or Refusals where there is none; where there is none for a while, `resting` is told.
        """
        watch, sent = Watch(turn=self._turn), b""
        watch.due.set()
        self._watches.add(watch)
        self._changes.start()
        try:
            while await self._due(watch, guest):
                try:
                    answer = await self._answer(asked, guest, watch, sent)
                except Refused as refused:
                    await self._rest(watch, refused, resting)
                    continue
                if answer is not None:
                    sent = digest(answer.body)
                    watch.paid = False
                    yield answer
        finally:
            self._watches.discard(watch)

    async def _answer(self, asked: Asked, guest: Guest, watch: Watch, sent: bytes) -> Answer | None:
        """What is to be sent now; None where that is nothing."""
        told = await self._read(asked, guest, watch, sent)
        if told is None:
            await self._look(guest)
        if told is None or not guest.line.free:
            watch.due.set()  # what was read may be out of date by the time it could be sent
            return None
        if guest.gone or digest(told.body) == sent:
            return None
        await self._pay(watch, guest)
        return Answer(told.body, notes=told.notes, spent=watch.spent)

    async def _rest(self, watch: Watch, refused: Refused, resting: Resting) -> None:
        """Wait until what is used up is there again, and be due then; raises what does not pass."""
        after = dict(refused.headers).get("Retry-After")
        if refused.code is not Code.RATE_LIMITED or after is None:
            raise refused
        rest = Rest(refused, int(after))
        await resting(rest)
        await asyncio.sleep(rest.seconds)
        watch.due.set()

    async def _due(self, watch: Watch, guest: Guest) -> bool:
        """Wait until there is something to read, and someone who takes it; False when there is nobody any more."""
        await watch.due.wait()
        try:
            await guest.line.until_free(self._slow)
        except TimeoutError:
            self.registry.expel(guest, *SLOW)
        watch.due.clear()
        return not (guest.gone or guest.line.lost)

    async def _pay(self, watch: Watch, guest: Guest) -> None:
        """Charge an answer, once. A reading that finds what was sent already is free: a budget would tell of what is
        done beyond its sight."""
        assert watch.question is not None
        if not watch.paid:
            watch.spent = await self._reading.pay(guest.actor, watch.question.cost)
            watch.paid = True

    async def _look(self, guest: Guest) -> None:
        try:
            await self.registry.look(guest)
        except LOST as error:
            raise unavailable() from error

    async def _read(self, asked: Asked, guest: Guest, watch: Watch, sent: bytes) -> Told | None:
        # What is put on record is a question of its own each time, which nobody else shares.
        if watch.question is None or watch.question.stated.records or watch.actor is not guest.actor:
            watch.actor = guest.actor
            watch.question = await self._reading.question(asked, await self._reading.prepare(asked, guest.actor))
        if not sent:
            await self._pay(watch, guest)
        key = (watch.question.stated.statement.sql, repr(watch.question.stated.parameters))
        flight = self._flights.get(key)
        if flight is None or not flight.serves(watch.turn):
            flight = self._take_off(key, watch.question, guest.actor, sent)
        with charged(watch.spent):
            return await asyncio.shield(flight.task)

    def _take_off(self, key: object, question: Question, actor: Actor, sent: bytes) -> Flight:
        async def fly() -> Told | None:
            try:
                async with self._at_once, self._reading.shares.of(actor.credential_id):
                    flight.began = self._turn
                    return await self._reading.run(question, actor, sent)
            finally:
                if self._flights.get(key) is flight:
                    del self._flights[key]

        flight = self._flights[key] = Flight(asyncio.create_task(fly()))
        flight.task.add_done_callback(lambda task: task.cancelled() or task.exception())  # nobody may be left to hear
        return flight

    def _wake(self) -> None:
        changed, self._heard = self._heard, set()
        self._turn += 1
        for watch in self._watches:
            if watch.reads(changed):
                watch.turn = self._turn
                watch.due.set()
