"""Every command, with inputs drawn by its declaration: what it answers, what it leaves behind, whom it refuses.

Nothing here knows a command by name. A payload must be what the reference execution reads afterwards; a refusal changes
nothing and says nothing of rows that are not the caller's to see.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest

from schema.catalogue.offers import Offer
from schema.kit.ids import local_id
from services.audit.events import Event
from services.errors import Code
from tests.conftest import Server
from tests.depth import deep, in_turn
from tests.oracle.arena import Arena, Done, arena_on, difference, in_order
from tests.oracle.attempts import Clerk, Input, Mention, fullest
from tests.oracle.decisions import enforced
from tests.oracle.execution import Oracle
from tests.oracle.openings import under_way
from tests.oracle.pools import pool
from tests.oracle.sweeps import Payload, payload
from tests.oracle.tables import ZONE
from tests.oracle.test_differential import version
from tests.oracle.values import Thrown, Values
from tests.oracle.worlds import NOT_INHERITED, UNIT, World, made

WORLDS, MOST, ATTEMPTS, STEPS = deep(1), 40, 6, 16
SHARE = 8  # the oldest server is asked a part of it
ENTRIES, READS = "audit_entry", "contact_read"

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def arena(postgres: Server) -> Iterator[Arena]:
    yield from arena_on(postgres)


def test_commands_answer_what_is_read_afterwards_and_refusals_change_nothing(
    arena: Arena, request: pytest.FixtureRequest
) -> None:
    offers = arena.declared.catalogue.offers
    # Of what leaves nothing on record nothing is accepted here, where nobody knows a code.
    asked = [name for name in in_turn(offers) if not offers[name].command.anonymous]
    accepted: Counter[str] = Counter()
    whole = fullest(offers)

    def played(seed: int, names: Sequence[str], attempts: int) -> None:
        stage = Stage(arena, inhabited(seed))
        for name in names:
            play = Play(stage, offers[name], Random(f"{seed} {name} {attempts}"), whole=name in whole)
            tried = (play.attempt() for _ in range(attempts))
            accepted[name] += any(tried)

    if version(request) == "15":
        for seed in range(2):
            played(seed, sorted(offers)[seed * SHARE :: 2 * SHARE], 1 + seed)
    else:
        for seed, beside in product(range(WORLDS), range(2)):
            played(seed + beside, asked[beside::2], 2)  # every other by one who only reads what lies beside
        for seed in range(MOST):  # what takes some luck to be accepted
            if lacking := [name for name in asked if not accepted[name]]:
                played(seed, lacking, ATTEMPTS)
        assert [name for name in asked if not accepted[name]] == []


@cache
def inhabited(seed: int) -> World:
    """A crowded world whose caller sits near the top of it, and every other time only reads what lies beside.

    Then they are also one of those for whom something is under way, if anything is, and work for a department that
    has yet to report, and for one that has yet to solve something.
    """
    world = made(seed, 14, 20, 0)
    if seed % 2:
        world.see_below(world.rows[UNIT][:1], "auditor")
        for _, member in under_way(world.rows["activity"], world.rows["member"], datetime.now(ZONE))[:1]:
            world.grant("member", "member", member["id"])
        at_work(world)
    for role in ("county_admin", NOT_INHERITED[0]):
        world.see_below(world.rows[UNIT][seed % 3 : seed % 3 + 1], role)
    return world


def at_work(world: World) -> None:
    """Let the caller work for a department that has yet to report, and for one that has yet to solve something.

    That somebody else whistled for: nobody answers what they whistled themselves.
    """
    whistles = [row for row in world.rows.get("whistle", ()) if row["status"] in ("BLOWN", "ANSWERED")]
    chosen = {row["status"]: row for row in whistles}.values()
    for department in dict.fromkeys(row["department_id"] for row in chosen):
        world.grant("department_officer", "department", department)
    others = [row["id"] for row in world.rows["account"] if row["id"] != world.caller]
    for step in world.rows.get("whistle_step", ()):
        if step["account_id"] == world.caller and step["whistle_id"] in [row["id"] for row in chosen]:
            step["account_id"] = others[0]


class Stage:
    """A world as the plays before left it: what was refused changed nothing, and what was done may stay done.

    It begins anew where its caller came to hold other seats.
    """

    def __init__(self, arena: Arena, world: World) -> None:
        self.arena, self.world = arena, world
        self._begin(arena.load(world), arena.digest())
        self.pool = pool(self.oracle, world.seed)  # of the world as it began: what is gone since may be named as well

    def _begin(self, oracle: Oracle, digest: str) -> None:
        self.oracle, self.digest = oracle, digest

    def changed(self, oracle: Oracle, digest: str) -> None:
        """Go on from here."""
        anew = oracle.sight.seats != self.oracle.sight.seats
        self._begin(*((self.arena.load(self.world), self.arena.digest()) if anew else (oracle, digest)))


@dataclass(frozen=True, slots=True)
class Text:
    """A payload's documents with the values of its arguments: the same for every attempt, so that one statement answers
    all."""

    asked: Payload
    wanted: Input


class Play:
    """Attempts at one command, one after the other.

    Where its payload is asked for `whole`, that is done of inputs that were accepted as trials: to tell who gains and
    who loses is much work, also for a command that is then refused.
    """

    def __init__(self, stage: Stage, offer: Offer, random: Random, *, whole: bool) -> None:
        self._stage, self._arena, self._world = stage, stage.arena, stage.world
        self._offer, self._random = offer, random
        self._begin()
        self._brief = self._text(whole=False)
        self._whole = self._text(whole=True) if whole else None

    def _begin(self) -> None:
        self._oracle = self._stage.oracle
        self._values = Values(Thrown(self._random), self._stage.pool)
        self._clerk = Clerk(self._oracle, self._arena.schema, self._values, self._offer)

    def _text(self, *, whole: bool) -> Text:
        asked = payload(self._arena.schema, self._offer.name, whole=whole)
        wanted = {name: self._values.present(of, argument) for name, (of, argument) in asked.wanted.items()}
        return Text(asked, wanted)

    def attempt(self) -> bool:
        """One input, amended where it is refused for its values; whether it was accepted and kept in the end."""
        given, before = self._drawn(), list[Sequence[str]]()
        for _ in range(STEPS):
            done = self._checked(given, self._brief)
            amiss = _amiss(done)
            if not amiss:
                return not done.errors and self._kept(given)
            anew = self._values.chance.in_(10)
            given = self._drawn() if anew else self._clerk.amended(given, amiss, stuck=amiss == before)
            before = amiss
        return False

    def _drawn(self) -> Input:
        tried = self._whole and self._offer.command.tried and not self._offer.command.anonymous
        return {**self._clerk.drawn(), **({"dryRun": True} if tried else {})}

    def _kept(self, given: Input) -> bool:
        """Whether what was accepted is kept, if only when it is no trial any more."""
        if self._whole and given.get("dryRun"):
            done = self._checked({**given, "dryRun": False}, self._whole)
            return not done.errors and not _amiss(done)
        return not given.get("dryRun")

    def _checked(self, given: Input, text: Text) -> Done:
        try:
            done = self._do(given, text)
            self._check(given, text, done)
        except Exception as failure:
            failure.add_note(f"{self._world!r}\n{self._offer.name} {given}\n{text.wanted}")
            raise
        return done

    def _do(self, given: Input, text: Text) -> Done:
        return self._arena.done(self._world, text.asked.mutation, {"input": given, **text.wanted})

    def _check(self, given: Input, text: Text, done: Done) -> None:
        self._authorized(given, done)
        if not (done.errors or _amiss(done)):
            assert self._clerk.in_state(given)
        if done.errors or _amiss(done) or given.get("dryRun"):
            assert self._arena.digest() == self._stage.digest
            self._silent(given, text, done)
        else:
            self._accepted(given, text, done)

    def _authorized(self, given: Input, done: Done) -> None:
        """What was done, or refused for its values, was the caller's to do; what is not, is refused by name."""
        codes = [error["extensions"]["code"] for error in done.errors]
        mentions = self._clerk.mentions(given)
        (target,) = (mention for mention in mentions if mention.is_target)
        assert Code.INTERNAL_SERVER_ERROR.name not in codes
        if not done.errors:
            assert self._clerk.acts(given)
        if not self._clerk.permits(target) and codes != [Code.BAD_USER_INPUT.name]:  # which tells of the input alone
            # Of the target first; then of whatever else it names that is not theirs, or that is and has changed since.
            assert codes[:1] == [(Code.FORBIDDEN if self._clerk.shows(target) else Code.NOT_FOUND).name]
            assert {*codes[1:]} <= {Code.FORBIDDEN.name, Code.NOT_FOUND.name, Code.CONFLICT.name}
            assert ["input", "version"] not in _conflicts(done)

    def _silent(self, given: Input, text: Text, done: Done) -> None:
        """A row that is not the caller's to read is refused like one that never was."""
        unknown = self._clerk.unknown(given)
        if unknown is not None:
            assert done.errors
            assert self._do(unknown, text) == done

    def _accepted(self, given: Input, text: Text, done: Done) -> None:
        assert self._clerk.unknown(given) is None
        (target,) = (mention for mention in self._clerk.mentions(given) if mention.is_target)
        entries = {row["id"] for row in self._oracle.sight.tables[ENTRIES]}
        oracle = self._arena.oracle(self._world)
        made = [row for row in oracle.sight.tables[ENTRIES] if row["id"] not in entries]
        self._recorded(target, [row for row in made if row["command"] != Event.READ_CONTACT])
        # That the payload showed contact data is recorded after it was read; what a trial showed, before.
        (now,) = {row["at"] for row in made if row["command"] != Event.READ_CONTACT}
        later = {row["id"] for row in made if row["command"] == Event.READ_CONTACT and row["at"] == now}
        oracle.sight.tables[ENTRIES] = [row for row in oracle.sight.tables[ENTRIES] if row["id"] not in later]
        reads = oracle.sight.tables[READS]
        oracle.sight.tables[READS] = [row for row in reads if row["entry_id"] not in later]
        self._agrees(oracle, text, done)
        result = done.data["done"]["result"]["id"]
        self._within(oracle, result)
        digest = self._arena.digest()
        if "idempotencyKey" in given:
            assert self._do(given, text).data["done"]["result"]["id"] == result
            assert self._arena.digest() == digest
        self._stage.changed(oracle, digest)
        self._begin()

    def _recorded(self, target: Mention, entries: list[Any]) -> None:
        (entry,) = entries
        told = (entry["command"], entry["account_id"], entry["target_id"])
        assert told == (self._offer.name, self._world.caller, local_id(target.id, target.kind.entity.tag or ""))

    def _agrees(self, oracle: Oracle, text: Text, done: Done) -> None:
        """The payload is what the reference execution reads by now, but for numbers of what may not all be read."""
        row = _part(in_order(done.body), "done", "result")
        read = replace(oracle, sight=replace(oracle.sight, payload=True)).answer(
            text.asked.reading, {"id": _part(row, "id"), **text.wanted}
        )
        assert difference(row, _part(in_order(read), "node")) is None

    def _within(self, oracle: Oracle, id_: str) -> None:
        """The resulting row is one the caller may do this to."""
        command = self._offer.command
        kind = oracle.sight.declared.catalogue.kinds[command.returns]
        (row,) = (row for row in oracle.sight.every(kind) if row["id"] == local_id(id_, kind.entity.tag or ""))
        address = oracle.sight.address(kind, row)
        assert enforced(oracle.sight.seats, command.policy, command.action, address)


def _amiss(done: Done) -> list[Sequence[str]]:
    """The fields of the input that were refused for their values, each as the path from the input."""
    result = done.data["done"] or {"userErrors": []}
    paths = [*(error["field"] for error in result["userErrors"]), *_conflicts(done)]
    return [path[1:] for path in paths]


def _conflicts(done: Done) -> list[Sequence[str]]:
    """Of which fields something else is true by now, each as the path to it."""
    told = [error["extensions"] for error in done.errors if error["extensions"]["code"] == Code.CONFLICT.name]
    return [extensions["argument"].split(".") for extensions in told if "argument" in extensions]


def _part(of: Any, *names: str) -> Any:
    """A part of JSON whose objects are tuples of pairs."""
    for name in names:
        of = dict(of[1:])[name]
    return of
