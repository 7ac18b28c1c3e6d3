"""Command lines by the dozen: each runs in a process of its own, and what they import is loaded once for all."""

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.forked import forked

PATIENCE = 115  # seconds


@dataclass(frozen=True, slots=True)
class Done:
    """What a command line came to."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Line:
    """A command line: its words, what is in its environment beside what all have, and what is typed into it."""

    words: tuple[str, ...]
    told: str
    given: tuple[tuple[str, str], ...] = ()
    typed: str = ""

    def __str__(self) -> str:
        return " ".join((*(f"{name}={value}" for name, value in self.given), *self.words)) or "nothing"


def ran(words: Sequence[str], environment: Mapping[str, str], typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run `server.py` with these words and nothing else in its environment, to its end."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(typed.encode())
        given.seek(0)
        running = forked(words, environment, (given.fileno(), out.fileno(), err.fileno()))
        try:
            code = running.wait(PATIENCE)
        finally:
            running.kill()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess([*words], code, out.read().decode(), err.read().decode())


def run_all(lines: Sequence[Line], folder: Path, environment: Mapping[str, str]) -> list[Done]:
    """Run them one after the other."""
    env = {"PATH": "/usr/bin:/bin", "JINLIN_HOME": str(folder / "home"), **environment}
    done = [ran(line.words, {**env, **dict(line.given)}, line.typed) for line in lines]
    return [Done(each.returncode, each.stdout, each.stderr) for each in done]
