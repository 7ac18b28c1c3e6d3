"""Where faults are tried: copies of the tree, each beside a PostgreSQL server with databases made without any fault.

What a run of tests leaves on the server (databases, templates it played through the API, the fault among them) is gone
before the next. Compiled code is kept by what its source says, and not by when it was written.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from subprocess import PIPE, STDOUT

from services.storage.database import connected
from tests.conftest import DEMO, FURNISHED
from tests.depth import WHOLE
from tests.servers import SHARED, Server, memory_or_disk, started

PROJECT = Path(__file__).parent.parent.parent
VERSION = "18"
TEMPLATES = (FURNISHED, DEMO)  # and what they are copies of
LANES = os.cpu_count() or 1
PYTEST = (sys.executable, "-m", "pytest", "-q", "--assert=plain", "--tb=no")
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "var", "__pycache__", ".*cache", ".hypothesis", "bench"
)
LONGEST = 600.0  # seconds a run of tests may take before it counts as noticed: it hangs
FAILED = "v/cache/lastfailed"


class Outcome(StrEnum):
    """What became of a fault."""

    CAUGHT = "caught"
    SURVIVED = "SURVIVED"
    BROKEN = "BROKEN"  # no fault of conduct: the tests could not even be collected
    UNTRIED = "untried"  # the time was over


@dataclass(frozen=True)
class Fault:
    """A file as somebody could have written it, what would be wrong with it, and the tests to run, in this order."""

    why: str
    file: str
    text: str
    tests: Sequence[str]


@dataclass(frozen=True)
class Tried:
    """What became of a fault, in how many seconds, and which test noticed; none where it hung."""

    fault: Fault
    outcome: Outcome
    took: float
    by: str | None = None


@dataclass
class Lane:
    """A copy of the tree, and a server."""

    folder: Path
    server: Server
    kept: frozenset[Path] = frozenset()  # what notes which databases were made without any fault

    @property
    def tree(self) -> Path:
        """The copy."""
        return self.folder / "tree"

    def tries(self, fault: Fault, end: float) -> Tried:
        """Make the fault, run its tests until one fails, and take it back; nothing after `end` (monotonic clock)."""
        began, path = time.monotonic(), self.tree / fault.file
        before = path.read_text()
        path.write_text(fault.text)
        try:
            outcome, by = self._noticed(fault.tests, end)
        finally:
            path.write_text(before)
        return Tried(fault, outcome, time.monotonic() - began, by)

    def _noticed(self, tests: Sequence[str], end: float) -> tuple[Outcome, str | None]:
        if time.monotonic() > end:
            return Outcome.UNTRIED, None
        status = self._ran(tests, min(LONGEST, end - time.monotonic()))
        if status is None:
            return (Outcome.UNTRIED if time.monotonic() > end else Outcome.CAUGHT), None
        if status == 1:
            return Outcome.CAUGHT, next(iter(json.loads((self._cache / FAILED).read_text())))
        return (Outcome.BROKEN if status else Outcome.SURVIVED), None

    def _ran(self, tests: Sequence[str], longest: float) -> int | None:
        """How pytest ended, 0 to 2; None where it did not."""
        shutil.rmtree(self._cache, ignore_errors=True)
        command = [*PYTEST, "-x", "-n", "0", "-o", f"cache_dir={self._cache}", "--newest", *tests]
        process = _begun(command, self.tree, {SHARED: str(self.folder)})
        try:
            said, _ = process.communicate(timeout=longest)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(process)
            asyncio.run(self._cleared())
        if process.returncode not in (0, 1, 2, 5):
            raise SystemExit(f"{tests} ended with {process.returncode}:\n{said[-4000:]}")
        return process.returncode % 5

    def passes(self, tests: Sequence[str]) -> bool:
        """Whether these pass, as the tree is; what the first that do not say is printed."""
        if not tests:
            return True
        process = _begun([*PYTEST, "-n", str(LANES + 1), "--dist", "loadgroup", *tests], self.tree, {})
        said, _ = process.communicate()
        if process.returncode:
            print(said[-4000:])
        return process.returncode == 0

    @property
    def _cache(self) -> Path:
        return self.folder / "cache"

    async def fill(self) -> None:
        """Make what tests copy databases from, by the tree as it is."""
        for template in TEMPLATES:
            await self.server.copy(template)
        self.kept = frozenset(self.server.home.glob("*.made"))
        await self._cleared()

    async def _cleared(self) -> None:
        """Drop all databases but those."""
        for made in {*self.server.home.glob("*.made")} - self.kept:
            made.unlink()
        stay = ["postgres", "template0", "template1", *(made.stem for made in self.kept)]
        async with connected(self.server.at("postgres")) as connection:
            found = await connection.fetch("SELECT datname FROM pg_database WHERE datname <> ALL($1)", stay)
            for (name,) in found:
                await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _begun(command: Sequence[str], tree: Path, variables: dict[str, str]) -> subprocess.Popen[str]:
    environment = {**os.environ, "CI": "1", WHOLE: "yes", **variables}
    return subprocess.Popen(
        command, cwd=tree, env=environment, stdout=PIPE, stderr=STDOUT, text=True, start_new_session=True
    )


def _end(process: subprocess.Popen[str]) -> None:
    """It, and what it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def lanes() -> Iterator[list[Lane]]:
    """One for each processor."""
    with ExitStack() as stack, ThreadPoolExecutor(LANES) as pool:
        yield list(pool.map(lambda _: stack.enter_context(_lane()), range(LANES)))


@contextmanager
def _lane() -> Iterator[Lane]:
    with tempfile.TemporaryDirectory(prefix="jl-mutants-", dir=memory_or_disk()) as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(PROJECT, Path(folder) / "tree", ignore=LEFT_OUT, symlinks=True)
        compiled = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "."]
        subprocess.run(compiled, cwd=Path(folder) / "tree", check=True)
        with started(Path(folder) / VERSION, VERSION) as server:
            (server.home / "url").write_text(server.url)
            lane = Lane(Path(folder), server)
            asyncio.run(lane.fill())
            yield lane
