"""Gains and losses, as a command tells them, are the difference of what everyone sees before and after it.

By inputs drawn at random over worlds with many accounts; what each account sees is asked of Casbin's matcher, row by
row, and a dry run must say what the command then does.
"""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from schema.catalogue.kinds import Kind
from services.audit.tables import entries
from tests.conftest import Server
from tests.depth import deep, only_much
from tests.explain.people import peopled, seats_for
from tests.oracle.accesses import rights
from tests.oracle.arena import Arena, Done, arena_on
from tests.oracle.attempts import Clerk, Input
from tests.oracle.decisions import enforced
from tests.oracle.execution import Oracle
from tests.oracle.pools import pool
from tests.oracle.sight import Sight
from tests.oracle.values import Thrown, Values
from tests.oracle.worlds import ACCOUNT, World

COMMANDS = ("moveUnit", "mergeUnits", "splitUnit")
WORLDS, MOST = deep(1), 12
STEPS, TRIES = 40, 6
DOCUMENT = """mutation($input: {of}!) {{ done: {name}(input: $input) {{
    {select} userErrors {{ field }} }} }}"""
CHANGES = "access { accountName roles seatNames kind gained lost } accessOmitted"

Seen = dict[tuple[str, str], set[Any]]

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def arena(postgres: Server) -> Iterator[Arena]:
    yield from arena_on(postgres)


@only_much
def test_gains_and_losses_are_the_difference_of_what_everyone_sees(arena: Arena) -> None:
    done: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for name in COMMANDS:
        for seed in range(MOST):
            if done[name] < WORLDS:
                lines = played(arena, peopled(seed, units=16, others=12), name, Random(f"{seed} {name}"))
                done[name] += lines is not None
                told.update(key for line in lines or () for key in ("gained", "lost") if line[key])
    assert all(done[name] for name in COMMANDS), done
    assert told["gained"]
    assert told["lost"]


def played(arena: Arena, world: World, name: str, random: Random) -> list[Any] | None:
    """One accepted command, tried dry first; its lines, checked. None where none was accepted."""
    oracle = arena.load(world)
    offer = arena.declared.catalogue.offers[name]
    values = Values(Thrown(random), pool(oracle, random.getrandbits(32)))
    clerk = Clerk(oracle, arena.schema, values, offer)
    document = DOCUMENT.format(of=offer.input.name, name=name, select=CHANGES)
    plain = DOCUMENT.format(of=offer.input.name, name=name, select="")
    before = sights(oracle)
    for _ in range(TRIES):
        given = accepted(arena, world, clerk, plain, random)
        if given is not None:
            dry = arena.done(world, document, {"input": {**given, "dryRun": True}}).data["done"]
            wet = arena.done(world, document, {"input": {**given, "dryRun": False}}).data["done"]
            assert dry == wet
            check(oracle, before, sights(arena.oracle(world)), wet)
            lines: list[Any] = wet["access"]
            return lines
    return None


def accepted(arena: Arena, world: World, clerk: Clerk, document: str, random: Random) -> Input | None:
    """An input the command would accept, found by amending what is refused."""
    given = clerk.drawn()
    for _ in range(STEPS):
        given.pop("idempotencyKey", None)
        done = arena.done(world, document, {"input": {**given, "dryRun": True}})
        amiss = _amiss(done)
        if not done.errors and not amiss:
            return given
        given = clerk.amended(given, amiss) if amiss and random.random() < 0.8 else clerk.drawn()
    return None


def _amiss(done: Done) -> list[list[str]]:
    fields = [] if done.errors else [error["field"] for error in done.data["done"]["userErrors"]]
    return [field[1:] for field in fields]


def check(oracle: Oracle, before: Seen, after: Seen, told: Any) -> None:
    """Every line is a difference, every difference a line, and they are in order.

    Whoever sees the trail also sees from then on that it was done; that is told of no command.
    """
    there = {row["id"] for row in oracle.sight.tables[entries.name]}
    after = {key: seen & there if key[1] == "AuditEntry" else seen for key, seen in after.items()}
    expected = {
        key: (len(after.get(key, set()) - before.get(key, set())), len(before.get(key, set()) - after.get(key, set())))
        for key in {*before, *after}
    }
    lines = {(line["accountName"], line["kind"]): (line["gained"], line["lost"]) for line in told["access"]}
    assert lines == {key: counts for key, counts in expected.items() if any(counts)}
    assert told["accessOmitted"] == 0
    keys = [(line["accountName"], line["kind"]) for line in told["access"]]
    assert keys == sorted(keys)
    assert all(len(line["roles"]) == len(line["seatNames"]) for line in told["access"])


def sights(oracle: Oracle) -> Seen:
    """By account and kind, the rows they see."""
    seen: Seen = {}
    for kind, entity in counted(oracle.sight):
        for row in oracle.sight.every(kind):
            address = oracle.sight.address(kind, row)
            for account in oracle.sight.tables[ACCOUNT]:
                if enforced(seats_for(oracle.sight, account, entity, "read"), entity, "read", address):
                    seen.setdefault((account["name"], kind.name), set()).add(row["id"])
    return seen


def counted(sight: Sight) -> Iterator[tuple[Kind, str]]:
    """Nodes, and facets of nodes that have a policy of their own."""
    catalogue = sight.declared.catalogue
    for kind in catalogue.kinds.values():
        if kind.entity.tag is not None:
            yield kind, kind.entity.policy
            others = {(of.name, right[0]): of for right, of in rights(catalogue, kind).items() if of is not kind}
            yield from ((of, entity) for (_, entity), of in others.items())
