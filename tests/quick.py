"""What `make quick` runs: the rooms that any change can break, and those of what was changed.

Changed is what is not committed; where all is, the last commit; with `SINCE=main make quick` all since main. What
starts processes or browsers, asks an older PostgreSQL, or draws the most (marked `drawn`) is left to `make test`.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

PROJECT = Path(__file__).parent.parent

# Statement and answer of the goldens, the words, plans, the rules, and the reference execution: what all stands on.
ALWAYS = frozenset({"golden", "kit", "plan", "policies", "oracle", "run", "storage"})

# Where a room has tests under other names than its own, or beside them.
ALSO = {
    "schema/catalogue": {"visible", "writes"},
    "schema/kit": {"explain", "writes"},
    "schema/pipeline/document": {"visible"},
    "schema/pipeline/run": {"writes"},
    "schema/access": {"explain", "visible"},
    "policies": {"access", "explain", "visible"},
    "services/storage": {"writes"},
    "services/properties": {"writes"},
}

PROCESSES = frozenset({"page", "http", "live", "signin", "proof", "terminal", "demo", "operations", "test_bench.py"})
LEFT_OUT = PROCESSES | {
    *("test_again.py", "test_quick.py", "test_embedded.py", "test_command_line.py", "test_http.py", "test_folding.py"),
    *("test_speed.py", "test_mutations_differential.py", "test_reach.py", "test_property.py", "test_changes.py"),
    *("test_life.py", "test_mentions.py"),
}


def rooms(changed: Iterable[str]) -> frozenset[str]:
    """The folders of `tests/` that a change of these files is tried in."""
    return ALWAYS | {room for path in changed for room in _rooms(PurePosixPath(path))}


def _rooms(path: PurePosixPath) -> Iterator[str]:
    if path.suffix not in {".py", ".csv"} or len(path.parts) < 2:
        return
    if path.parts[0] in {"schema", "services", "tests"}:
        yield path.parts[1]  # an area's room has its name on every floor
    for place, also in ALSO.items():
        if path.is_relative_to(place):
            yield from also


@cache
def chosen() -> frozenset[str]:
    """Of the files that are changed here; every room where git knows nothing of this folder."""
    try:
        since = os.environ.get("SINCE") or ("HEAD" if _git("status", "--porcelain") else "HEAD~1")
        changed = _git("diff", "--name-only", since, "--") + _git("ls-files", "--others", "--exclude-standard")
    except (OSError, subprocess.CalledProcessError):
        return frozenset(path.name for path in Path(__file__).parent.iterdir())
    return rooms(changed)


def _git(*words: str) -> list[str]:
    run = subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `--quick` these are not even imported."""
    if not config.getoption("quick"):
        return None
    room = collection_path.name if collection_path.is_dir() else ""
    apart = room and collection_path.parent.name == "tests" and room not in chosen()
    return True if apart or collection_path.name in LEFT_OUT else None


def pytest_report_header(config: pytest.Config) -> str | None:
    """Which rooms those are."""
    if not config.getoption("quick"):
        return None
    return f"quick: {', '.join(sorted(chosen() - LEFT_OUT))}"
