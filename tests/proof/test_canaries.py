"""Nothing of a row that is not the caller's to see comes back or is written down: not in bodies, headers, errors,
cursors or frames, not in the service's log; whatever is asked, by whomever, with whatever of the world in it.

Everything the schema has is asked, and where it was answered and where it was denied is written down: see `reached`.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice
from random import Random
from typing import Any

import pytest

from schema.kit.entities import Edge, EdgeKind
from tests.conftest import Server
from tests.depth import TIMES, deep, in_turn
from tests.oracle.execution import Oracle
from tests.oracle.rows import is_view
from tests.oracle.sweeps import sweeps
from tests.oracle.values import Values
from tests.proof import knobs
from tests.proof.asking import Question, Reply, inside
from tests.proof.canaries import Marks, marked, marks_of, met, sent, shown
from tests.proof.questions import Asking, Attempt, about, pages, roots, values_of, wild
from tests.proof.reached import Reached, catalogue, listed
from tests.proof.stage import CALLERS, Caller, Stage, may_do, peopled, seats_of, seen
from tests.proof.ways import Tables
from tests.proof.wires import WIRES, Process, by_subscriptions, running

pytestmark = pytest.mark.timeout(300)

WIRED = 3  # questions of each caller's, one for each wire
OTHERS = deep(1) - 1  # beside those who are shown the most, that ask the same
FIRST = min(2, deep(1))  # rows of those most others lead to, for each question
TRIES = deep(1)  # of those who may do it, so many try a command until it is accepted
STEPS, LAST = deep(3, 8), deep(5, 8)  # so often each; so often whoever sees everything, where nobody else was accepted


@pytest.fixture(scope="module")
def process(stage: Stage, postgres: Server) -> Iterator[Process]:
    with running(stage.url, JINLIN_COST="1000000000") as made:
        yield made


def test_marks_are_found_where_they_are() -> None:
    assert met('{"a": "牌qz000012", "b": 5000013, "c": "13970000140000"}') == {
        *("qz000012", "5000013", "13970000140000", "7000014")
    }


def test_no_mark_of_a_hidden_row_comes_back(stage: Stage, process: Process) -> None:
    reached = Reached(stage.schema, {kind.name for kind in stage.scoped()})
    for seed in islice(filter(partial(full, stage), count(60)), knobs.CANARIES):
        callers, everything = peopled(seed)
        marked(callers[CALLERS[0]].rows)
        oracle, random = stage.load(callers[CALLERS[0]]), Random(seed)
        rows = stage.rows()
        marks = marks_of(rows)
        led = led_to(rows)
        *watched, whole = (
            Watched(stage, caller, rows, marks, reached, stage.met(caller, oracle), led)
            for caller in (*callers.values(), everything)
        )
        values = values_of(oracle, random)
        for sweep in in_turn(sweeps(stage.schema)):
            for each in askers(watched, sweep.about, random):
                each.asked += about(sweep, values, each.some(sweep.about, random))
        for each in watched:
            each.asked += wild(stage, oracle, random, knobs.WILD)
            for question in each.asked:
                each.ask(question)
            over_wires(process, each, random.choices(each.asked, k=WIRED))
        page_by_page(watched, values, random)
        subscribed(process, watched, values, random)
        tried([*watched, whole], values, random)
    judged(reached)


def judged(reached: Reached) -> None:
    """Enough of the schema was reached; by proof, which asks all of it, something of every type.

    What was not is listed with `-s`, or on failure.
    """
    every = len(catalogue(reached.schema))
    not_allowed, not_denied = reached.missing()
    print(f"never allowed, {len(not_allowed)} of {every}:", listed(not_allowed), sep="\n")
    print(f"never denied, {len(not_denied)} of {every}:", listed(not_denied), sep="\n")
    assert TIMES <= 1 or reached.types() == set()
    assert 1 - len(not_allowed) / every > knobs.ALLOWED
    assert 1 - len(not_denied) / every > knobs.DENIED


@dataclass
class Watched:
    """Someone who asks, and what may not come back to them."""

    stage: Stage
    caller: Caller
    rows: Tables
    marks: Marks
    reached: Reached
    oracle: Oracle
    led: Counter[str]
    asked: list[Question] = field(default_factory=list)
    follows: list[tuple[Asking, bool]] = field(default_factory=list)  # and whether with every argument

    def __post_init__(self) -> None:
        self.seats = seats = seats_of(self.rows, self.caller)
        self.hidden = self.marks.keys() - shown(self.stage, self.rows, seats)
        self.ids: dict[str, tuple[list[str], list[str]]] = {}  # of each type: those shown, those hidden
        self.kinds = set()
        for kind in self.stage.scoped():
            may = {id(row) for row in seen(self.rows, kind, seats)}
            both: tuple[list[str], list[str]] = ([], [])
            for row in self.rows[kind.entity.table.name]:
                both[id(row) not in may].append(f"{kind.entity.tag}_{row.get('id')}")
            for ids in both:  # those most others lead to come first
                ids.sort(key=lambda id_: -self.led[id_.partition("_")[2]])
            self.ids[kind.name] = both
            if both[1]:
                self.kinds.add(kind.name)

    def some(self, kind: str | None, random: Random) -> list[str]:
        """The ids of a few rows of a type that are shown and of one that is not."""
        may, hidden = self.ids[kind] if kind else ([""], [])
        chosen = [*random.sample(may[FIRST:], min(1, len(may[FIRST:]))), *random.sample(hidden, min(1, len(hidden)))]
        return [*may[:FIRST], *chosen]

    def known(self, kind: str | None, random: Random) -> dict[str, Any]:
        """Values of arguments that lead to a row of a type this one is shown."""
        units = self.ids["OrgUnit"][0] or self.ids["OrgUnit"][1]
        id_ = ((self.ids[kind][0] if kind else []) or units)[0]
        named = [row["name"] for row in self.rows["org_unit"] if f"ou_{row['id']}" in units]
        me = f"ac_{self.caller.caller}"
        return {"id": id_, "by": {"id": id_}, "node": id_, "account": me, "text": random.choice(named)}

    def ask(self, question: Question) -> Reply:
        """Ask, see that no mark comes back, and write down what was reached."""
        reply = inside(self.stage, self.caller, question)
        self.looked_through(question, reply.text)
        self.reached.note(question.text, question.variables, reply.data, reply.refused, self.kinds)
        return reply

    def looked_through(self, question: Question | None, text: str) -> None:
        """No mark of a hidden row is in a text, but for those the question brought."""
        told = met(text) - (sent(question.variables) if question else set())
        told -= self._lifted(question) | self._serving(question) if question else set()
        amiss = {mark: (self.marks[mark], _around(text, mark)) for mark in told & self.hidden}
        assert not amiss, (self.caller, question)

    def _serving(self, question: Question) -> set[str]:
        """Whom a coverage or a contract is with, where a correction lets it run today: they serve there then."""
        if "correctCoverage(" not in question.text and "correctContract(" not in question.text:
            return set()
        terms = [*self.rows.get("branch_coverage", ()), *self.rows.get("management_contract", ())]
        named = [row for row in terms if str(row["id"]) in str(question.variables)]
        whose = {row.get("organization_id", row.get("company_id")) for row in named}
        return {mark for mark, (_, id_, _) in self.marks.items() if id_ in whose}

    def _lifted(self, question: Question) -> set[str]:
        """What a member's restriction hid, where the question lifts that: its answer is of afterwards."""
        if "liftRestriction(" not in question.text:
            return set()
        named = {row["id"] for row in self.rows["member"] if f"mb_{row['id']}" in str(question.variables)}
        own = {*named, *(row["id"] for row in self.rows.get("member_profile", ()) if row["member_id"] in named)}
        return {
            mark
            for mark, (table, id_, column) in self.marks.items()
            if id_ in own and (table == "member_profile" or column in ("phone", "address"))
        }


def _around(text: str, mark: str) -> str:
    """Where a mark stands; inside a cursor it is not found as it is."""
    at = text.find(mark)
    return text[max(0, at - 150) : at + 50] if at >= 0 else "in a cursor"


def led_to(rows: Tables) -> Counter[str]:
    """How many rows name each id, or lie in the unit that has it."""
    units = {row["path"]: str(row["id"]) for row in rows["org_unit"]}
    met: Counter[str] = Counter()
    for row in (row for of in rows.values() for row in of):
        met.update(str(value) for name, value in row.items() if name.endswith("_id") and value is not None)
        met.update(
            id_ for path, id_ in units.items() if (row.get("unit_path") or row.get("path") or "").startswith(path)
        )
    return met


def askers(watched: list[Watched], kind: str | None, random: Random) -> list[Watched]:
    """Whoever is shown the most rows of a type, though not all; who is shown some without a facet; somebody else."""

    def shown_of(each: Watched) -> int:
        if kind is None:
            return sum(bool(shown) for shown, _ in each.ids.values())
        return len(each.ids[kind][0]) * bool(each.ids[kind][1])

    chosen = [max(watched, key=shown_of)]
    for facet in facets(watched[0].stage, kind):
        shown = [each for each in watched if shown_of(each)]
        chosen.append(min(shown, key=lambda each: len(each.ids[facet][0]) / shown_of(each)))
    return [*chosen, *random.sample([each for each in watched if each not in chosen], OTHERS)]


def facets(stage: Stage, kind: str | None) -> list[str]:
    """The types that are facets of a type, with a right of their own."""
    fields = [field.declared for field in stage.by_name(kind).fields.values()] if kind else []
    return [of.target or "" for of in fields if isinstance(of, Edge) and of.kind is EdgeKind.FACET and not of.required]


def page_by_page(watched: list[Watched], values: Values, random: Random) -> None:
    """Every root and every page there is, with every argument, and the pages after them."""
    stage = watched[0].stage
    for asking in in_turn((*roots(stage, "query"), *pages(stage))):
        kind = asking.about or target(stage, asking)
        most, *others = askers(watched, kind, random)
        for each in (most, *others):
            question = asking.plain(values, each.known(kind, random))
            told = each.ask(question).data
            for more in asking.more(question, values, told) if each is most else ():
                each.ask(more)


def target(stage: Stage, asking: Asking) -> str | None:
    """The type a root field leads to; the one on its pages."""
    declared = stage.declared.catalogue.roots.get(asking.fields[0])
    kind = getattr(getattr(declared, "declared", None), "target", None)
    return kind if kind in {each.name for each in stage.scoped()} else None


def over_wires(process: Process, each: Watched, questions: list[Question]) -> None:
    """Some of them through a real process, by every wire; and nothing of what was asked stays in its log."""
    for wire, question in zip(WIRES.values(), questions, strict=True):
        each.looked_through(question, wire(process, each.caller.token, question))
    each.looked_through(None, process.written())


def subscribed(process: Process, watched: list[Watched], values: Values, random: Random) -> None:
    """Everything one may follow, with every argument, by somebody who sees something and by somebody else."""
    stage = watched[0].stage
    for asking in roots(stage, "subscription"):
        most, *others = askers(watched, target(stage, asking), random)
        most.follows.append((asking, True))
        for each in others:
            each.follows.append((asking, False))
    for each in watched:
        asked = [(of, of.plain(values, each.known(target(stage, of), random))) for of, _ in each.follows]
        told = follow(process, each, [question for _, question in asked])
        more = [
            question
            for (_, whole), (of, plain), data in zip(each.follows, asked, told, strict=True)
            for question in (of.more(plain, values, data) if whole else ())
        ]
        follow(process, each, more)


def follow(process: Process, each: Watched, questions: list[Question]) -> list[Any]:
    """The first data of each."""
    made = []
    for question, frame in zip(questions, by_subscriptions(process, each.caller.token, questions), strict=True):
        each.looked_through(question, frame)
        payload = json.loads(frame.partition("\n")[0])["payload"]
        made.append(payload.get("data") if isinstance(payload, dict) else None)
        each.reached.note(question.text, question.variables, made[-1], (), each.kinds)
    return made


def full(stage: Stage, seed: int) -> bool:
    """Whether there is a row of every kind in the world of a seed; in other words, one each command can be done to."""
    rows = peopled(seed)[1].rows
    return all(rows.get(kind.entity.table.name) for kind in stage.kinds() if not is_view(kind.entity.table))


def tried(watched: list[Watched], values: Values, random: Random) -> None:
    """Each command without effect: by some of those who may do it until it is accepted, and by somebody else."""
    stage = watched[0].stage
    for name, offer in in_turn(stage.declared.catalogue.offers.items(), 4):
        may = [each for each in watched if may_do(stage, each.rows, each.seats, offer)]
        others = [each for each in watched if each not in may]
        for each in random.sample(others, min(1, len(others))):
            attempt = Attempt(stage, may[-1].oracle, values, name)
            each.ask(attempt.whole(attempt.first()))
        chosen = [*random.sample(may[:-1], min(TRIES, len(may) - 1)), may[-1]]  # who sees everything is the last
        any(
            accepted(each, Attempt(stage, each.oracle, values, name), LAST if each is may[-1] else STEPS)
            for each in chosen
        )


def accepted(each: Watched, attempt: Attempt, steps: int) -> bool:
    """Whether some input was."""
    question = attempt.first()
    for _ in range(steps):
        reply = each.ask(question)
        if (reply.data or {}).get("done") and not reply.data["done"]["userErrors"]:
            if attempt.fuller:
                each.ask(attempt.whole(question))
            return True
        question = attempt.next(question, reply)
    return False
