"""The command line with the embedded database, as `make run` uses it: started, used beside, killed, started again."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conftest import PATIENCE, PROJECT, answers
from tests.forked import Process, forked
from tests.http.asking import NO_TLS
from tests.live.processes import command_of, descendants, runs
from tests.terminal.command_lines import ran

pytestmark = pytest.mark.xdist_group("first start")  # which all but a few begin with a copy of
SERVER = (sys.executable, "server.py")
NAME = {"query": '{ orgUnit(by: {code: "350521"}) { name children(first: 1) { nodes { name } } } }'}


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder every user of the machine can enter."""
    with tempfile.TemporaryDirectory(prefix="jl-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Only what a command needs."""
    return {"PATH": os.environ["PATH"], "JINLIN_HOME": str(home), **more}


def command(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return ran(words, environment(home, **more))


def eventually(found: Callable[[], object]) -> None:
    """Wait, within bounds, until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < deadline


class Running:
    """`server.py serve` with its output in a file, forked or in a new interpreter."""

    def __init__(self, home: Path, *words: str, afresh: bool = False) -> None:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.output = home / "output.txt"
        self.url = f"http://127.0.0.1:{self.port}"
        with self.output.open("w") as out:
            given = ["serve", *words]
            env = environment(home, PORT=str(self.port))
            self.process: Process = (
                subprocess.Popen([*SERVER, *given], cwd=PROJECT, env=env, stdout=out, stderr=subprocess.STDOUT)
                if afresh
                else forked(given, env, (0, out.fileno(), out.fileno()))
            )
        eventually(self.serves)

    def serves(self) -> bool:
        """Whether it answers."""
        assert self.process.poll() is None, self.output.read_text()
        return answers(self.port)

    def tokens(self) -> list[str]:
        """The tokens it printed."""
        return re.findall(r"^ +(jl_\S+)$", self.output.read_text(), re.MULTILINE)

    def ask(self, token: str) -> httpx.Response:
        """One query."""
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.post(f"{self.url}/graphql", json=NAME, headers=headers, timeout=20, verify=NO_TLS)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and wait."""
        self.process.send_signal(how)
        self.process.wait(timeout=30)


@dataclass(frozen=True)
class First:
    """What a first start came to: the tokens it printed, MiB it took, and its home as it was left in order."""

    home: Path
    tokens: list[str]
    resident: float

    def copy_to(self, home: Path) -> None:
        """Another home like it, with the users its files belong to."""
        subprocess.run(["cp", "-a", f"{self.home}/.", home], check=True)


@pytest.fixture(scope="module")
def first() -> Iterator[First]:
    """A first start that loaded the demo, was asked, and was ended by SIGTERM."""
    with tempfile.TemporaryDirectory(prefix="jl-", dir="/tmp") as folder:
        home = Path(folder)
        home.chmod(0o755)
        running = Running(home, afresh=True)
        tokens = running.tokens()
        answered, resident = running.ask(tokens[0]), resident_of(running.process.pid)
        running.stop()
        assert answered.json()["data"]["orgUnit"]["name"] == "惠安县"
        assert running.process.returncode == 0
        yield First(home, tokens, resident)


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Running]]:
    """Starts services that are stopped at the end."""
    started: list[Running] = []

    def begin(*words: str, **given: bool) -> Running:
        started.append(Running(home, *words, **given))
        return started[-1]

    yield begin
    for each in started:
        if each.process.poll() is None:
            each.stop()


def resident_of(pid: int) -> float:
    """MiB of memory a process has."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def postmaster(home: Path) -> int:
    """The process id of the embedded PostgreSQL."""
    return int((home / "pg" / "postmaster.pid").read_text().split()[0])


@pytest.mark.timeout(300)  # the first start, which loads the demo, is waited for here
def test_a_first_start_and_what_follows(home: Path, first: First, start: Callable[[], Running]) -> None:
    """Demo, tokens, a second start, a token made beside it, kill -9 of its database, of the service, a third start."""
    first.copy_to(home)
    second = start()
    county, town, community, *rest = first.tokens
    assert len(rest) == 9
    assert second.tokens() == first.tokens
    assert second.ask(county).json()["data"]["orgUnit"]["name"] == "惠安县"
    assert second.ask(town).json() == second.ask(community).json() == {"data": {"orgUnit": None}}
    assert (home / "demo-tokens.json").stat().st_mode & 0o077 == 0

    made = command(home, "token", "--name", "测试", "--role", "county_admin", "--at", "350521000000")
    assert re.fullmatch(r"jl_\w+\n", made.stdout), made.stderr
    assert made.stderr == ""
    assert second.ask(made.stdout.strip()).status_code == 200

    os.kill(postmaster(home), signal.SIGKILL)
    eventually(lambda: second.ask(county).status_code == 200)

    second.stop(signal.SIGKILL)
    third = start()
    assert third.tokens() == first.tokens
    assert third.ask(made.stdout.strip()).json()["data"]["orgUnit"]["name"] == "惠安县"


def test_migrating_and_loading_the_demo_leave_nothing_in_memory(first: First) -> None:
    """They take 15 and 45 MiB, in processes of their own; 115 are left."""
    assert first.resident < 122


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_several_processes_over_one_database_leave_nothing_behind(
    home: Path, first: First, start: Callable[..., Running], how: signal.Signals
) -> None:
    """However the first of them ends; by SIGTERM, for which new interpreters are started, with status 0."""
    first.copy_to(home)
    running = start("--workers", "2", afresh=how is signal.SIGTERM)
    assert running.ask(running.tokens()[0]).status_code == 200
    started = descendants(running.process.pid)
    assert postmaster(home) in started
    # One, but what that forks is called like it for a moment.
    eventually(lambda: sum(b"/postgres\0-D\0" in command_of(pid) for pid in started) == 1)
    running.stop(how)
    assert running.process.returncode == (0 if how is signal.SIGTERM else -signal.SIGKILL)
    eventually(lambda: not any(map(runs, started)))
    assert not (home / "pg" / "postmaster.pid").exists()


@pytest.mark.parametrize("given", [{"PORT": "eighty"}, {"JINLIN_DEPTH": "0"}, {"JINLIN_COST": "-1"}])
def test_a_setting_that_cannot_be(home: Path, given: dict[str, str]) -> None:
    """The message names the variable."""
    done = command(home, "serve", **given)
    assert done.returncode == 1
    assert next(iter(given)) in done.stderr
    assert "Traceback" not in done.stderr


def test_the_sdl_is_the_committed_one(home: Path) -> None:
    """`schema --check` passes, and says so when it would not."""
    assert command(home, "schema", "--check").returncode == 0
    real = subprocess.run([*SERVER, "schema"], cwd=PROJECT, env=environment(home), capture_output=True, timeout=90)
    assert real.stdout == (PROJECT / "schema.graphql").read_bytes()
