"""Does the proof have teeth? Faults are made in a copy of the tree, one at a time, and tests must notice.

    python -m tests.proof.mutants                  every defect of defects, then mutations for a while
    python -m tests.proof.mutants --minutes 60     as long as that
    python -m tests.proof.mutants --all            every mutation there is
    python -m tests.proof.mutants --only defects   or: mutations

Exits with 1 where a defect survives, or a mutation that `survivors.md` does not explain.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random

from tests.depth import WHOLE
from tests.proof.defects import DEFECTS, Defect
from tests.proof.mutator import MUTATED, Mutation, mutations

PROJECT = Path(__file__).parent.parent.parent
SURVIVORS = Path(__file__).parent / "survivors.md"
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "var", "__pycache__", ".*cache", ".hypothesis", "bench"
)
LONGEST = 900  # seconds a run of tests may take before it counts as noticed: it hangs

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
    with tempfile.TemporaryDirectory(prefix="jl-mutants-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(PROJECT, tree, ignore=LEFT_OUT, symlinks=True)
        survived = []
        if given.only != "mutations":
            survived += [
                defect.why for defect in DEFECTS if given.about in defect.why and not _noticed_defect(tree, defect)
            ]
        if given.only != "defects":
            survived += list(_mutated(tree, given))
    print(f"\n{len(survived)} survived", *survived, sep="\n  ")
    return 1 if survived else 0


@cache
def _sound(tree: Path, test: str) -> None:
    """What fails without any fault notices nothing."""
    if not _passes(tree, test):
        raise SystemExit(f"this fails without any fault: {test}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10, help="for mutations; defects are all made")
    parser.add_argument("--all", action="store_true", help="every mutation, however long it takes")
    parser.add_argument("--only", choices=("defects", "mutations"))
    parser.add_argument("--about", default="", help="of the defects, those that say this")
    parser.add_argument("--seed", type=int, default=0, help="which mutations are drawn")
    return parser.parse_args()


def _noticed_defect(tree: Path, defect: Defect) -> bool:
    text = (tree / defect.file).read_text()
    if text.count(defect.old) != 1:
        print(f"STALE     {defect.why}: {defect.file} has moved on", flush=True)
        return False
    return _noticed(tree, defect.file, text, text.replace(defect.old, defect.new), defect.why, defect.tests)


def _mutated(tree: Path, given: argparse.Namespace) -> Iterator[str]:
    """What survived of the mutations there is time for, but for those that are explained."""
    explained = SURVIVORS.read_text() if SURVIVORS.exists() else ""
    found = [(file, mutation) for file in MUTATED for mutation in mutations((tree / file).read_text())]
    chosen = found if given.all else Random(given.seed).sample(found, len(found))
    end = time.monotonic() + given.minutes * 60
    tried = 0
    for file, mutation in chosen:
        if not given.all and time.monotonic() > end:
            break
        tried += 1
        name = f"{file}: {mutation.was} -> {mutation.now}"
        if f"`{name}`" not in explained and not _noticed_mutation(tree, file, mutation, name):
            yield name
    print(f"{tried} of {len(found)} mutations tried")


def _noticed_mutation(tree: Path, file: str, mutation: Mutation, name: str) -> bool:
    text = (tree / file).read_text()
    selection = SELECTIONS[file.partition("/")[0]]
    return _noticed(tree, file, text, mutation.text, name, (*selection, *LAST))


def _noticed(tree: Path, file: str, before: str, after: str, why: str, tests: Sequence[str]) -> bool:
    """Whether any of the tests fails with the file so changed; it is put back afterwards."""
    began = time.monotonic()
    (tree / file).write_text(after)
    try:
        by = next((test for test in tests if not _passes(tree, test)), None)
    finally:
        (tree / file).write_text(before)
    if by is not None:
        _sound(tree, by)
    took = time.monotonic() - began
    print(f"{'caught' if by else 'SURVIVED':9} {took:5.0f} s  {why}{(by and f'  [{by}]') or ''}", flush=True)
    return by is not None


def _passes(tree: Path, test: str) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", "-k", "not 15-", test]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "CI": "1", WHOLE: "yes"}
    try:
        ran = subprocess.run(command, cwd=tree, env=environment, capture_output=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return False
    if ran.returncode not in (0, 1, 2, 5):
        raise SystemExit(f"{test} cannot be run:\n{ran.stdout.decode()[-2000:]}{ran.stderr.decode()[-2000:]}")
    return ran.returncode in (0, 5)


if __name__ == "__main__":
    sys.exit(main())
