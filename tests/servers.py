"""The throw-away PostgreSQL servers tests run against, and the databases that are copied from templates there.

Of each version one server is started, by the process that shares the tests out where several run them; a template
(migrated, the golden world, the demo) is filled by whoever wants it first, and kept for all.
"""

import fcntl
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import count
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from services.storage.database import connected
from services.storage.embedded.server import EmbeddedPostgres
from services.terms import CHINA
from tests.lending import Held, Lent

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
PROGRAMS = {"18": None, "15": DEBIAN_15}  # of none, those that are packaged
SHARED = "TESTS_SERVERS"  # the folder of the servers that all processes of a run share
ROOM = 4 * 2**30  # bytes; a run takes a small part of it
PATIENCE = 90  # seconds for a server to start
MOST = 4  # copies a process keeps while nobody has them
NUMBERS = count(1)
OURS = pytest.StashKey[ExitStack]()


@dataclass
class Server:
    """A throw-away PostgreSQL server and the databases made on it; in `home` lies what the templates gave back."""

    url: str
    home: Path
    templates: dict[str, Any] = field(default_factory=dict)  # what filling each gave back
    left: list[str] = field(default_factory=list)  # databases nobody needs any more, dropped before the next is made
    stock: list[Lent] = field(default_factory=list)  # the copies nobody has, the one that came back last at the end
    held: dict[str, Held] = field(default_factory=dict)  # by each template

    def at(self, name: str) -> str:
        """The URL of one of its databases."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    async def copy(self, template: "Template") -> str:
        """A fresh copy of a template, which is made the first time; its name."""
        name = f"test_{os.getpid()}_{next(NUMBERS)}"
        async with connected(self.at("postgres")) as connection:
            while self.left:
                await connection.execute(f'DROP DATABASE IF EXISTS "{self.left.pop()}" WITH (FORCE)')
            await self._made(connection, template)
            await _copied(connection, template.name, name)
        return name

    async def lend(self, template: "Template") -> Lent:
        """A copy of a template that is as good as fresh."""
        for lent in reversed(self.stock):
            if lent.template == template.name:
                self.stock.remove(lent)
                return lent
        lent = Lent(template.name, name := await self.copy(template), self.at(name))
        self.held[template.name] = await lent.open(self.held.get(template.name))
        return lent

    async def take_back(self, lent: Lent) -> None:
        """Lend it again, if it is as it was when it was lent; of copies nobody asks for the oldest goes."""
        if await lent.undone():
            self.stock.append(lent)
        else:
            await self._gone(lent)
        while len(self.stock) > MOST:
            await self._gone(self.stock.pop(0))

    async def _gone(self, lent: Lent) -> None:
        await lent.close()
        self.left.append(lent.name)

    async def _made(self, connection: asyncpg.Connection, template: "Template") -> None:
        if template.name in self.templates:
            return
        if template.of:
            await self._made(connection, template.of)
        kept = self.home / f"{template.name}.made"
        with _alone(kept.with_suffix(".lock")):
            if not kept.exists():
                await connection.execute(f'DROP DATABASE IF EXISTS "{template.name}"')  # which was not filled whole
                await _copied(connection, template.of.name if template.of else "template1", template.name)
                kept.write_bytes(pickle.dumps(await template.fill(self.at(template.name))))
        self.templates[template.name] = pickle.loads(kept.read_bytes())


@dataclass(frozen=True)
class Template:
    """What databases are copied from: a copy of another one, filled further. What that gives back can be pickled."""

    name: str
    fill: Callable[[str], Coroutine[Any, Any, object]]
    of: "Template | None" = None


async def _copied(connection: asyncpg.Connection, of: str, name: str) -> None:
    """File by file: thousands of small copies, of which nothing need survive a crash, are cheaper so."""
    await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{of}" STRATEGY file_copy')
    await connection.execute(f"ALTER DATABASE \"{name}\" SET timezone TO '{_another_day()}'")


def _another_day() -> str:
    """A time zone where it is not the day it is in China: a session that does not ask for China's is found out."""
    return "Pacific/Kiritimati" if datetime.now(CHINA).time() > time(18, 30) else "Pacific/Pago_Pago"


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def memory_or_disk() -> str:
    """Where thousands of databases are made and gone again: in memory, as far as there is room for them."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > ROOM else "/tmp"


@contextmanager
def server(version: str) -> Iterator[Server]:
    """The server of this version: the one that is shared, or one of our own."""
    if SHARED in os.environ:
        home = Path(os.environ[SHARED]) / version
        yield Server(_announced(home / "url"), home)
    else:
        with _folder() as folder, started(folder / version, version) as own:
            yield own


@contextmanager
def started(home: Path, version: str) -> Iterator[Server]:
    """A server with its folder, until the end of the block."""
    home.mkdir(mode=0o755)
    with EmbeddedPostgres(home, durable=False, bin_dir=PROGRAMS[version]) as embedded:
        yield Server(embedded.url, home)


def installed(version: str) -> bool:
    """Whether this machine has it."""
    programs = PROGRAMS[version]
    return programs is None or (programs / "postgres").is_file()


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="jl-", dir=memory_or_disk()) as home:
        Path(home).chmod(0o755)
        yield Path(home)


def _announced(url: Path) -> str:
    deadline = monotonic() + PATIENCE
    while not url.exists():
        assert monotonic() < deadline, "the shared server did not start"
        sleep(0.05)
    return url.read_text()


# --- sharing: the servers start beside the processes that will use them ---


def pytest_configure(config: pytest.Config) -> None:
    """Start a server of each version where several processes are about to run tests."""
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        ours = config.stash[OURS] = ExitStack()
        folder = ours.enter_context(_folder())
        os.environ[SHARED] = str(folder)
        for version in filter(installed, PROGRAMS):
            starting = Thread(target=_share, args=(ours, folder, version))
            starting.start()
            ours.callback(starting.join)


def _share(ours: ExitStack, folder: Path, version: str) -> None:
    url = ours.enter_context(started(folder / version, version)).url
    draft = folder / version / "url.draft"
    draft.write_text(url)
    draft.rename(folder / version / "url")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop them."""
    if (ours := config.stash.get(OURS, None)) is not None:
        ours.close()
        os.environ.pop(SHARED, None)
