"""Worlds that differ only in what the caller may not see answer byte for byte alike, by the same statements."""

from itertools import count
from random import Random

import pytest

from tests.depth import TIMES, deep, in_turn
from tests.oracle import worlds
from tests.oracle.execution import Oracle
from tests.oracle.sweeps import Sweep, sweeps
from tests.proof import knobs
from tests.proof.asking import Question, inside, mutation
from tests.proof.questions import Attempt, about, values_of
from tests.proof.stage import CALLERS, Caller, Stage, peopled, seats_of
from tests.proof.twins import same_sight, sighted, twin

pytestmark = pytest.mark.timeout(300)

SHARE = max(1, round(12 / TIMES))  # each caller asks a part of all there is
RELATED = max(1, round(9 / TIMES**2))  # and of what is asked by more of them
BY_RELATION = ": true}"  # filters that ask whether a row leads to any other
COMMANDS = deep(3)  # for each caller and pair of worlds, each without effect


@pytest.mark.parametrize("seed", range(knobs.TWINS))
def test_what_is_hidden_makes_no_difference(stage: Stage, seed: int) -> None:
    callers, _ = peopled(20 + seed)
    whole, *others = sweeps(stage.schema)
    asked = [whole, *in_turn(others)]
    related = [sweep for sweep in asked if BY_RELATION in sweep.text]
    differing, led = 0, count()
    loaded = stage.load(callers[CALLERS[0]])
    one = stage.rows()
    for number, who in enumerate(CALLERS):
        caller, random = callers[who], Random(f"{seed} {who}")
        oracle = stage.load(caller, loaded)
        mine = [*asked[:1][number % RELATED :], *asked[1 + (number + seed) % SHARE :: SHARE]]
        if not sighted(stage, one, seats_of(one, caller)).grants:  # relations lead them to what is hidden the most
            mine += [sweep for sweep in related[next(led) % RELATED :: RELATED] if sweep not in mine]
        other = Caller(worlds.World(seed, twin(stage, caller, dict(one), random)), caller.caller, caller.token)
        questions = [*drawn(stage, oracle, mine, random), *commands(stage, oracle, random)]
        before = [inside(stage, caller, question) for question in questions]
        stage.load(other, loaded)  # its rows are read below
        two = stage.rows()
        assert same_sight(stage, caller, one, two), who
        differing += one != two
        after = [inside(stage, caller, question) for question in questions]
        for question, first, second in zip(questions, before, after, strict=True):
            assert first == second, (who, question)
    assert differing == len(CALLERS)


def drawn(stage: Stage, oracle: Oracle, asked: list[Sweep], random: Random) -> list[Question]:
    """Every field, filter and order of some types, about rows that are seen and rows that are not."""
    values = values_of(oracle, random)
    return [question for sweep in asked for question in about(sweep, values, both(stage, oracle, sweep.about, random))]


def both(stage: Stage, oracle: Oracle, about_: str | None, random: Random) -> list[str]:
    """The id of a row that is seen and of any row; of roots none is needed."""
    if about_ is None:
        return [""]
    kind = stage.by_name(about_)
    rows = [list(oracle.sight.seen(kind)), list(oracle.sight.every(kind))]
    return [f"{kind.entity.tag}_{random.choice(of)['id']}" for of in rows if of]


def commands(stage: Stage, oracle: Oracle, random: Random) -> list[Question]:
    """Some commands, tried without effect, on rows they may and may not change, with values others have."""
    values = values_of(oracle, random)
    names = random.sample(sorted(stage.declared.catalogue.offers), COMMANDS)
    tried = {name: Attempt(stage, oracle, values, name).first().variables["input"] for name in names}
    for given in tried.values():  # the payload would show the trial's own entry, whose id is another each time
        given.pop("idempotencyKey", None)
    return [Question(mutation(stage.schema, name), {"input": given}) for name, given in tried.items()]
