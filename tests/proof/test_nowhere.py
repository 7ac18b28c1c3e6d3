"""A row that is hidden and one that never was answer alike, after the same statements: on every route, every command.

Every field of every command's input that names a row is given a hidden row's id, and then an id no row has, the other
fields being what the caller may use. And what must be unique tells nobody that a hidden row has it already.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from random import Random
from typing import Any

import pytest

from schema.catalogue.kinds import Kind
from schema.catalogue.offers import InputShape
from schema.kit.commands import Named
from tests.depth import in_turn
from tests.oracle.attempts import Clerk, Input, trial
from tests.oracle.columns import credit_code
from tests.oracle.pools import NEVER, pool
from tests.oracle.values import Thrown, Values
from tests.proof import knobs
from tests.proof.asking import Question, inside, mutation
from tests.proof.stage import CALLERS, Seats, Stage, may_do, peopled, seats_of, seen
from tests.proof.ways import Row, Tables

pytestmark = pytest.mark.timeout(300)

WORLDS = 24  # at most; nearly all is tried in the first, few have a theme of a chair out of sight
RARE = 2  # fields of which no world may have both a row that may be changed and one out of sight
Place = tuple[str, ...]  # where in an input a row is named
ASKED = "query($id: ID!) { node(id: $id) { __typename id } again: node(id: $id) { id } }"


@pytest.mark.parametrize("seed", range(knobs.NOWHERE))
def test_hidden_rows_are_as_if_they_never_were_on_every_query(stage: Stage, seed: int) -> None:
    callers, _ = peopled(40 + seed)
    loaded = stage.load(callers[CALLERS[0]])
    for caller in callers.values():
        stage.met(caller, loaded)
    rows = stage.rows()
    lookups = [name for name, field in stage.declared.catalogue.roots.items() if getattr(field.declared, "by", None)]
    for who, caller in callers.items():
        for kind, row in hidden(stage, rows, seats_of(rows, caller), Random(f"{seed} {who}")):
            never = f"{kind.entity.tag}_{NEVER}"
            text = ASKED[:-1] + " ".join(
                f"{name}(by: {{id: $id}}) {{ id }}"
                for name in lookups
                if getattr(stage.declared.catalogue.roots[name].declared, "target", None) == kind.name
            )
            told = [inside(stage, caller, Question(text + "}", {"id": id_})) for id_ in (id_of(kind, row), never)]
            assert told[0] == told[1], (who, kind.name, row)


@pytest.mark.parametrize("seed", range(knobs.NOWHERE))
def test_commands_tell_nothing_of_hidden_rows_they_are_given(stage: Stage, seed: int) -> None:
    offers = stage.declared.catalogue.offers
    left = {*in_turn(((name, place) for name, offer in offers.items() for place, _ in named(offer.input)), 4)}
    for world in range(40 + seed * WORLDS, 40 + (seed + 1) * WORLDS):
        left -= set(tried(stage, world, left)) if left else set()
    assert len(left) <= RARE, sorted(left)


def tried(stage: Stage, seed: int, left: set[tuple[str, Place]]) -> Iterator[tuple[str, Place]]:
    """Of the commands and their fields that are left, those somebody could try in the world of a seed."""
    callers, _ = peopled(seed)
    loaded = stage.load(callers[CALLERS[0]])
    oracle = cache(lambda who: stage.met(callers[who], loaded))
    texts = cache(lambda who: pool(oracle(who), seed))
    rows = stage.rows()
    for name, offer in stage.declared.catalogue.offers.items():
        text = mutation(stage.schema, name)
        for place, word in named(offer.input):
            if (name, place) not in left:
                continue
            for who in Random(f"{seed} {name} {place}").sample(CALLERS, len(CALLERS)):
                caller, random = callers[who], Random(f"{seed} {name} {who}")
                kind = stage.by_name(word.entity)
                unseen = [row for of, row in hidden(stage, rows, seats_of(rows, caller), random, [kind])]
                if not unseen or not may_do(stage, rows, seats_of(rows, caller), offer):
                    continue
                values = Values(Thrown(random), texts(who))
                given = trial(offer, Clerk(oracle(who), stage.schema, values, offer).drawn())
                if str(unseen[0]["id"]) in str(given) or str(NEVER) in str(given):  # named twice, it is looked for once
                    continue
                told = [
                    inside(stage, caller, Question(text, {"input": put(given, place, id_)}))
                    for id_ in (id_of(kind, unseen[0]), f"{kind.entity.tag}_{NEVER}")
                ]
                assert told[0] == told[1], (who, name, place, given, unseen[0])
                at = ".".join(("input", *place)).removesuffix(".0")
                assert f'"code": "FORBIDDEN", "argument": "{at}"' not in told[0].text, (who, name, place)
                yield name, place
                break


def named(shape: InputShape, at: Place = ()) -> Iterator[tuple[Place, Named]]:
    """Every field of an input that names a row."""
    for name, field in shape.fields.items():
        if isinstance(field.word, Named):
            yield (*at, name, *(("0",) if field.many else ())), field.word
        if field.shape is not None:
            yield from named(field.shape, (*at, name, *(("0",) if field.many else ())))


def put(given: Any, place: Place, id_: str) -> Any:
    """An input with another id somewhere in it."""
    if not place:
        return id_
    head, *rest = place
    if head == "0":
        return [put((given or [{}])[0], tuple(rest), id_), *(given or [])[1:]]
    made: Input = dict(given or {})
    made[head] = put(made.get(head), tuple(rest), id_)
    return made


def hidden(
    stage: Stage, rows: Tables, seats: Seats, random: Random, kinds: list[Kind] | None = None
) -> Iterator[tuple[Kind, Row]]:
    """A row of each kind that the model does not show someone, where there is any."""
    for kind in kinds or stage.nodes():
        shown = {id(row) for row in seen(rows, kind, seats)}
        unseen = [row for row in rows[kind.entity.table.name] if id(row) not in shown]
        if unseen:
            yield kind, random.choice(unseen)


def id_of(kind: Kind, row: Mapping[str, Any]) -> str:
    return f"{kind.entity.tag}_{row['id']}"


# --- what must be unique ----------------------------------------------------------------------------------------------


def test_what_must_be_unique_tells_nothing_of_hidden_rows(stage: Stage) -> None:
    """Of every unique constraint: a value that a hidden row has is taken as one that no row has, without effect."""
    callers, _ = peopled(40)
    oracle = stage.load(callers[CALLERS[0]])
    rows, texts = stage.rows(), pool(oracle, 1)
    asked = 0
    for who in (("county_admin", "unit"), ("town_admin", "unit"), ("community_admin", "unit")):
        caller = callers[who]
        stage.met(caller, oracle)
        seats = seats_of(rows, caller)
        for name, offer in stage.declared.catalogue.offers.items():
            for word, values in UNIQUE.items():
                if not offer.input.has(word):
                    continue
                taken = taken_by_hidden(stage, rows, seats, offer, word)
                values_of = Values(Thrown(Random(name)), texts)
                given = trial(offer, Clerk(oracle, stage.schema, values_of, offer).drawn())
                for value in taken[:2]:
                    both = [{"input": {**given, values: of}} for of in (value, FREE[word])]
                    told = [inside(stage, caller, Question(mutation(stage.schema, name), each)) for each in both]
                    assert told[0] == told[1], (who, name, given, value)
                    asked += 1
    assert asked > 10


UNIQUE = {"credit_code": "creditCode", "name": "name"}
FREE = {"credit_code": credit_code(Random(1)), "name": "没有人叫这个名字"}


def taken_by_hidden(stage: Stage, rows: Tables, seats: Seats, offer: Any, word: str) -> list[str]:
    """Values of hidden rows of the kind a command makes."""
    kind: Kind = stage.by_name(offer.command.returns)
    shown = [row.get(word) for row in seen(rows, kind, seats)]
    return [row[word] for row in rows[kind.entity.table.name] if word in row and row[word] not in shown]
