"""What tests ask of an embedded PostgreSQL from outside: answers, process ids, and other processes in its home."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from tests.conftest import PROJECT

# Enters, prints the address, and stays until its input ends; status 3 and the message when it may not.
SERVE = """
import sys
from pathlib import Path
from services.storage.embedded.server import EmbeddedError, EmbeddedPostgres
try:
    with EmbeddedPostgres(Path(sys.argv[1])) as server:
        print(server.url, flush=True)
        sys.stdin.read()
except EmbeddedError as error:
    print(error)
    sys.exit(3)
"""


def ask(url: str, *statements: str) -> object:
    """Run the statements on a connection of their own; the first value of the last."""

    async def run() -> object:
        connection = await asyncpg.connect(url, timeout=5)
        try:
            answers = [await connection.fetchval(statement) for statement in statements]
            return answers[-1]
        finally:
            await connection.close()

    return asyncio.run(run())


def eventually(condition: Callable[[], bool], within: float = 20, every: float = 0.02) -> float:
    """Wait until `condition` holds; the seconds it took. Fails when it never does."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > within:
            pytest.fail(f"not within {within} s")
        time.sleep(every)
    return time.monotonic() - began


def answers(url: str) -> bool:
    try:
        return ask(url, "SELECT 1") == 1
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False


def postmaster(home: Path) -> int:
    return int((home / "pg" / "postmaster.pid").read_text().split()[0])


def said(home: Path) -> str:
    return (home / "pg.log").read_text()


def serve(home: Path, *, env: dict[str, str] | None = None, user: int | None = None) -> subprocess.Popen[str]:
    """Another process that enters `home`."""
    return subprocess.Popen(
        [sys.executable, "-c", SERVE, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env=env,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )


@contextmanager
def serving(home: Path, *, env: dict[str, str] | None = None, user: int | None = None) -> Iterator[tuple[int, str]]:
    """Another process inside `home`, ready: its number and the address it printed. It leaves at the end."""
    process = serve(home, env=env, user=user)
    try:
        assert process.stdout is not None
        yield process.pid, process.stdout.readline().strip()
    finally:
        process.communicate()
