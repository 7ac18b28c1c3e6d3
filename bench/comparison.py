"""Service, floor and DataLoader twin side by side: the same answers first, then interleaved rounds of load."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from statistics import median

from bench.generator import CONNECTIONS, Taken, ask, load
from bench.workloads import PEERS, WORKLOADS, Workload

ROUNDS = 15
WARM_UP = 3  # rounds that are not counted: PostgreSQL settles on a plan, Python specializes its code


class DifferentAnswersError(Exception):
    """The servers do not answer alike, so their speed cannot be compared."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How many requests each peer got in a round, and its answers per second in each.

    `busy` is the largest share of a run that the generator was at work: near 1 it would limit what it measures.
    """

    workload: Workload
    length: int
    counts: Mapping[str, int]
    rates: Mapping[str, tuple[float, ...]]
    busy: float

    def ratio(self, other: str) -> float:
        """The service's throughput divided by the other's: the median over the rounds."""
        return median(a / b for a, b in zip(self.rates["service"], self.rates[other], strict=True))


def compare(ports: Mapping[str, int], token: str, *, quick: bool) -> Iterator[Measured]:
    """Measure every workload in turn; `quick` only shows that everything works."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as generator:
        for workload in WORKLOADS:
            yield _Contest(workload, ports, token, generator, quick=quick).run()


def same_answer(answers: Mapping[str, tuple[int, bytes]]) -> None:
    """Raises DifferentAnswersError unless all have status 200 and the same JSON, and that without errors."""
    parsed = {name: json.loads(body) for name, (status, body) in answers.items() if status == 200}
    first = next(iter(parsed.values()), None)
    if len(parsed) < len(answers) or first is None or "errors" in first or any(first != p for p in parsed.values()):
        shown = (f"{name}: {status} {body[:300]!r}" for name, (status, body) in answers.items())
        raise DifferentAnswersError("\n".join(("the servers differ", *shown)))


class _Contest:
    def __init__(
        self, workload: Workload, ports: Mapping[str, int], token: str, generator: Executor, *, quick: bool
    ) -> None:
        self._workload = workload
        self._ports = ports
        self._request = workload.request(token)
        self._generator = generator
        self._counts = dict.fromkeys(PEERS, CONNECTIONS) if quick else workload.requests
        self._rounds = (1, 2) if quick else (WARM_UP, ROUNDS)
        self._lengths: dict[str, int] = {}

    def run(self) -> Measured:
        answers = {name: ask(self._ports[name], self._request) for name in PEERS}
        same_answer(answers)
        self._lengths = {name: len(body) for name, (_, body) in answers.items()}
        warm_up, rounds = self._rounds
        for number in range(warm_up):
            self._round(number)
        taken = [self._round(number) for number in range(rounds)]
        rates = {name: tuple(self._counts[name] / each[name].seconds for each in taken) for name in PEERS}
        busy = max(each[name].busy for each in taken for name in PEERS)
        return Measured(self._workload, self._lengths["service"], self._counts, rates, busy)

    def _round(self, number: int) -> Mapping[str, Taken]:
        """One run of each, in turn forwards and backwards, so that a drift of the machine favours nobody."""
        return {name: self._one(name) for name in (PEERS if number % 2 else reversed(PEERS))}

    def _one(self, name: str) -> Taken:
        run = (self._ports[name], self._request, self._lengths[name], self._counts[name])
        return self._generator.submit(load, *run).result(timeout=120)
