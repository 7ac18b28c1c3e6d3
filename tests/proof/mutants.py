"""Does the proof have teeth? Faults are made in copies of the tree, one at a time, and tests must notice.

    python -m tests.proof.mutants                  every defect of defects, then mutations: 20 minutes in all
    python -m tests.proof.mutants --minutes 60     mutations for as long as that
    python -m tests.proof.mutants --all            every mutation there is
    python -m tests.proof.mutants --only defects   or: mutations

What noticed is run once more at the end, without any fault: what fails then has noticed nothing. Exits with 1 where
that is so, where a defect survives or cannot be tried, and where a mutation survives without `survivors.md` saying why.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from math import inf
from pathlib import Path
from queue import SimpleQueue
from random import Random

from tests.proof.defects import DEFECTS
from tests.proof.lanes import PROJECT, Fault, Lane, Outcome, Tried, lanes
from tests.proof.mutator import MUTATED, mutations

SURVIVORS = Path(__file__).parent / "survivors.md"

# What is run for a mutation, the fastest first.
SELECTIONS = {
    "policies": (
        "tests/proof/test_rules.py",
        "tests/proof/test_model.py",
        "tests/policies/test_access.py",
        "tests/policies/test_scope.py",
    ),
    "services": ("tests/proof/test_credentials.py", "tests/policies/test_access.py"),
    "schema": ("tests/golden", "tests/proof/test_routes.py", "tests/proof/test_nowhere.py", "tests/writes"),
}
LAST = ("tests/plan/test_cursors.py", "tests/proof/test_twins.py", "tests/oracle/test_differential.py")


def main() -> int:
    """Run what the command line asks for; what survives is printed, and is the exit status."""
    given = _arguments()
    end = inf if given.all else time.monotonic() + given.minutes * 60
    faults = [] if given.only == "mutations" else [*_defects(given.about)]
    drawn = [] if given.only == "defects" else _mutations(given.seed)
    with lanes() as there:
        made, mutated = [*_tried(there, faults, inf)], [*_tried(there, drawn, end)]
        sound = there[0].passes(sorted({one.by for one in (*made, *mutated) if one.by}))
    for of, tried in (("defects", made), ("mutations", mutated)):
        print(f"{of}:", *(f"{n} {outcome}" for outcome, n in Counter(one.outcome for one in tried).items()))
    left = [one for one in made if one.outcome is not Outcome.CAUGHT]
    left += [one for one in mutated if one.outcome is Outcome.SURVIVED]
    print(f"{len(left)} left", *(one.fault.why for one in left), sep="\n  ")
    return 1 if left or not sound else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--minutes", type=float, default=18, help="after which no mutation goes on; defects are all made"
    )
    parser.add_argument("--all", action="store_true", help="every mutation, however long it takes")
    parser.add_argument("--only", choices=("defects", "mutations"))
    parser.add_argument("--about", default="", help="of the defects, those that say this")
    parser.add_argument("--seed", type=int, default=0, help="which mutations are drawn")
    return parser.parse_args()


def _defects(about: str) -> Iterator[Fault]:
    """As `test_defects` holds, each is still there to be made."""
    for defect in DEFECTS:
        if about in defect.why:
            text = (PROJECT / defect.file).read_text()
            yield Fault(defect.why, defect.file, text.replace(defect.old, defect.new), defect.tests)


def _mutations(seed: int) -> list[Fault]:
    """All that are not explained, in an order of chance."""
    explained = SURVIVORS.read_text()
    found = [
        Fault(name, file, mutation.text, (*SELECTIONS[file.partition("/")[0]], *LAST))
        for file in MUTATED
        for mutation in mutations((PROJECT / file).read_text())
        if f"`{(name := f'{file}: {mutation.was} -> {mutation.now}')}`" not in explained
    ]
    return Random(seed).sample(found, len(found))


def _tried(there: list[Lane], faults: Iterable[Fault], end: float) -> Iterator[Tried]:
    """Each in a lane that is free."""
    free: SimpleQueue[Lane] = SimpleQueue()
    for lane in there:
        free.put(lane)

    def one(fault: Fault) -> Tried:
        lane = free.get()
        try:
            tried = lane.tries(fault, end)
        finally:
            free.put(lane)
        if tried.outcome is not Outcome.UNTRIED:
            by = f"  [{tried.by}]" if tried.by else ""
            print(f"{tried.outcome:9} {tried.took:4.0f} s  {fault.why}{by}", flush=True)
        return tried

    with ThreadPoolExecutor(len(there)) as pool:
        yield from pool.map(one, faults)


if __name__ == "__main__":
    sys.exit(main())
