"""Every command, with inputs drawn by its declaration: what it answers, what it leaves behind, whom it refuses.

Nothing here knows a command by name. A payload must be what the reference execution reads afterwards; a refusal changes
nothing and says nothing of rows that are not the caller's to see.
"""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from schema.pipeline.ids import split_id
from services.errors import Code
from tests.conftest import Server
from tests.oracle.arena import Arena, Done, arena_on, difference, in_order
from tests.oracle.attempts import Attempt, Clerk
from tests.oracle.decisions import enforced
from tests.oracle.execution import Oracle
from tests.oracle.pools import pool
from tests.oracle.sweeps import Payload, payload
from tests.oracle.values import Thrown, Values
from tests.oracle.worlds import UNIT, World, made
from tests.test_differential import version

WORLDS, ATTEMPTS = {"18": 4, "15": 1}, 8
ENTRIES = "audit_entry"

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def arena(postgres: Server) -> Iterator[Arena]:
    yield from arena_on(postgres)


def test_commands_answer_what_is_read_afterwards_and_refusals_change_nothing(
    arena: Arena, request: pytest.FixtureRequest
) -> None:
    offers = arena.declared.catalogue.offers
    accepted: Counter[str] = Counter()
    for seed in range(WORLDS[version(request)]):
        world = inhabited(seed)
        for name, offer in offers.items():
            play = Play(arena, world, Random(f"{seed} {name}"), payload(arena.schema, name))
            for _ in range(ATTEMPTS):
                accepted[name] += play.attempt(offer)
    if version(request) == "18":
        assert [name for name in offers if not accepted[name]] == []


def inhabited(seed: int) -> World:
    """A crowded world whose caller sits at the top of it or a little below, or somewhere else besides."""
    world = made(seed, 14, 20, seed % 2)
    world.see_below(world.rows[UNIT][seed % 3 : seed % 3 + 1])
    return world


class Play:
    """Attempts at one command, one after the other, in a world that begins anew."""

    def __init__(self, arena: Arena, world: World, random: Random, asked: Payload) -> None:
        self._arena, self._world, self._random, self._asked = arena, world, random, asked
        self._begin(arena.load(world))

    def _begin(self, oracle: Oracle) -> None:
        self._oracle = oracle
        self._values = Values(Thrown(self._random), pool(oracle, self._random.getrandbits(32)))
        self._clerk = Clerk(oracle, self._arena.schema, self._values)
        self._digest = self._arena.digest()

    def attempt(self, offer: Any) -> bool:
        """One attempt; whether it was accepted and kept."""
        attempt = self._clerk.attempt(offer)
        wanted = {name: self._values.present(of, argument) for name, (of, argument) in self._asked.wanted.items()}
        try:
            return self._made(attempt, wanted)
        except Exception as failure:
            failure.add_note(f"{self._world!r}\n{offer.name} {attempt.given}\n{wanted}")
            raise

    def _made(self, attempt: Attempt, wanted: dict[str, Any]) -> bool:
        done = self._do(attempt.given, wanted)
        result = done.data["done"]
        kept = result is not None and not result["userErrors"] and not attempt.given.get("dryRun")
        if not kept:
            assert self._arena.digest() == self._digest
        self._authorized(attempt, done)
        self._silent(attempt, wanted, done)
        if kept:
            self._accepted(attempt, wanted, done)
        return kept

    def _do(self, given: Any, wanted: dict[str, Any]) -> Done:
        return self._arena.done(self._world, self._asked.mutation, {"input": given, **wanted})

    def _authorized(self, attempt: Attempt, done: Done) -> None:
        """What was done, or refused for its values, was the caller's to do; what is not, is refused by name."""
        codes = [error["extensions"]["code"] for error in done.errors]
        assert Code.INTERNAL_SERVER_ERROR.name not in codes
        if done.data["done"] is not None:
            assert all(self._clerk.permits(mention) for mention in attempt.mentions)
        if not self._clerk.shows(attempt.target) and not self._clerk.permits(attempt.target):
            assert codes == [Code.NOT_FOUND.name]
        elif not self._clerk.permits(attempt.target):
            assert codes == [Code.FORBIDDEN.name]

    def _silent(self, attempt: Attempt, wanted: dict[str, Any], done: Done) -> None:
        """A row that is not the caller's to read is refused like one that never was."""
        unknown = self._clerk.unknown(attempt)
        if unknown is not None:
            assert done.errors
            assert self._do(unknown, wanted) == done

    def _accepted(self, attempt: Attempt, wanted: dict[str, Any], done: Done) -> None:
        entries = {row["id"] for row in self._oracle.sight.tables[ENTRIES]}
        result = done.data["done"]["result"]
        oracle = self._arena.oracle(self._world)
        self._recorded(attempt, [row for row in oracle.sight.tables[ENTRIES] if row["id"] not in entries])
        self._agrees(oracle, wanted, done)
        self._within(oracle, attempt, result["id"])
        self._begin(oracle)
        if "idempotencyKey" in attempt.given:
            assert self._do(attempt.given, wanted).data["done"]["result"]["id"] == result["id"]
            assert self._arena.digest() == self._digest

    def _recorded(self, attempt: Attempt, entries: list[Any]) -> None:
        (entry,) = entries
        target = split_id(attempt.target.id)
        assert target is not None
        told = (entry["command"], entry["account_id"], entry["target_id"])
        assert told == (attempt.offer.name, self._world.caller, target[1])

    def _agrees(self, oracle: Oracle, wanted: dict[str, Any], done: Done) -> None:
        """The payload is what the reference execution reads by now."""
        body: Any = in_order(done.body)
        row = dict(dict(body[1:])["done"][1:])["result"]
        read = oracle.answer(self._asked.reading, {"id": dict(row[1:])["id"], **wanted})
        found = dict(in_order(read)[1:])["node"]  # type: ignore[index]
        assert difference(row, found) is None

    def _within(self, oracle: Oracle, attempt: Attempt, id_: str) -> None:
        """The resulting row is one the caller may do this to."""
        command = attempt.offer.command
        kind = oracle.sight.declared.catalogue.kinds[command.returns]
        found = split_id(id_)
        assert found is not None
        (row,) = (row for row in oracle.sight.every(kind) if row["id"] == found[1])
        address = oracle.sight.address(kind, row)
        assert enforced(oracle.sight.seats, command.policy, command.action, address)
