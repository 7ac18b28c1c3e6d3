"""Command lines by the dozen: each runs in a process of its own, and what they import is loaded once for all."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import PROJECT

DRIVER = """
import gc, json, os, sys, traceback
import server, schema.pipeline.http.serving, services.storage.migrating
gc.freeze()
for number, (words, given, typed) in enumerate(json.load(sys.stdin)):
    child = os.fork()
    if child == 0:
        for stream, mode in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{sys.argv[1]}/{number}.{mode}", os.O_WRONLY | os.O_CREAT), stream)
        reading, writing = os.pipe()
        os.write(writing, typed.encode())
        os.close(writing)
        os.dup2(reading, 0)
        os.environ.update(given)
        sys.argv = ["server.py", *words]
        code = 0
        try:
            server.main()
        except SystemExit as end:  # as the interpreter ends, without taking apart what was imported
            code = end.code if isinstance(end.code, int) else 1
            if isinstance(end.code, str):
                print(end.code, file=sys.stderr)
        except BaseException:
            traceback.print_exc()
            code = 3
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    with open(f"{sys.argv[1]}/{number}.code", "w") as out:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=out)
"""


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


def run_all(lines: Sequence[Line], folder: Path, environment: Mapping[str, str]) -> list[Done]:
    """Run them one after the other."""
    given = json.dumps([(line.words, dict(line.given), line.typed) for line in lines])
    env = {"PATH": "/usr/bin:/bin", "JINLIN_HOME": str(folder / "home"), **environment}
    driver = [sys.executable, "-c", DRIVER, str(folder)]
    subprocess.run(driver, cwd=PROJECT, env=env, input=given, text=True, timeout=115, check=True)

    def done(number: int) -> Done:
        code, out, err = ((folder / f"{number}.{kind}").read_text() for kind in ("code", "out", "err"))
        return Done(int(code), out, err)

    return [done(number) for number in range(len(lines))]
