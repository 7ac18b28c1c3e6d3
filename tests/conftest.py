"""What tests run against: throw-away PostgreSQL servers (the embedded 18 and, where installed, Debian's 15), databases
copied from a template (migrated, the golden world, the demo), and the service itself in a process of its own."""

import asyncio
import gc
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest
from sqlalchemy import make_url

import tests.driver
import tests.hashing  # noqa: F401
from policies.tokens import Seat, issue
from services.demo import filling
from services.roles import prepare
from services.storage.database import connected
from services.storage.embedded.cluster import SERVICE
from tests.again import pytest_sessionfinish as pytest_sessionfinish  # a hook
from tests.depth import TIMES
from tests.forked import Process, forked
from tests.golden.world import load, load_more
from tests.quick import pytest_ignore_collect as pytest_ignore_collect  # hooks
from tests.quick import pytest_report_header as pytest_report_header
from tests.servers import Server as Server
from tests.servers import Template as Template
from tests.servers import installed, memory_or_disk, server
from tests.servers import pytest_configure as pytest_configure
from tests.servers import pytest_unconfigure as pytest_unconfigure

PROJECT = Path(__file__).parent.parent
PATIENCE = 90  # seconds for a service to start: several processes on a busy machine take a while


def as_service(url: str) -> str:
    """The same database as the service's own role reaches it: what it may not do, no test of the service does."""
    return make_url(url).set(username=SERVICE, password="of the tests").render_as_string(hide_password=False)


async def migrated(url: str) -> None:
    """Migrate a database and admit the service's role."""
    await prepare(url, as_service(url))


@dataclass
class Database:
    """One database, gone after the test; `url` is its owner's."""

    url: str

    @property
    def service_url(self) -> str:
        """As the service's own role reaches it."""
        return as_service(self.url)


@pytest.fixture(scope="session", params=["18", "15"])
def postgres(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A PostgreSQL server of each version there is."""
    if not installed(request.param):
        pytest.skip("Debian's PostgreSQL 15 is not installed")
    with server(request.param) as found:
        yield found


os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory_or_disk())  # what pytest takes for its `tmp_path`


async def _golden(url: str) -> None:
    async with connected(url) as connection:
        await load(connection)


async def _furnished(url: str) -> None:
    async with connected(url) as connection:
        await load_more(connection)


async def _filled(url: str) -> None:
    async with connected(url) as connection:
        await filling.fill(connection)
        await connection.execute("ANALYZE")


MIGRATED = Template("migrated", migrated)
GOLDEN = Template("golden", _golden, MIGRATED)
FURNISHED = Template("furnished", _furnished, GOLDEN)  # with what stands in the golden world's units and moves there
DEMO = Template("demo", _filled, MIGRATED)


@asynccontextmanager
async def own(server: Server, template: Template) -> AsyncIterator[Database]:
    """A copy of a template, for one test after the other."""
    lent = await server.lend(template)
    yield Database(lent.url)
    await _ended()
    await server.take_back(lent)


async def _ended() -> None:
    """What a test left under way ends with it, although the loop goes on."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


@pytest.fixture
async def database(postgres: Server) -> AsyncIterator[Database]:
    """A migrated database without rows."""
    async with own(postgres, MIGRATED) as made:
        yield made


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection to an empty database."""
    async with connected(database.url) as opened:
        yield opened


@pytest.fixture
async def golden(postgres: Server) -> AsyncIterator[Database]:
    """The golden world, for a test that changes it as it likes."""
    async with own(postgres, GOLDEN) as made:
        yield made


@pytest.fixture
async def world(golden: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the golden world."""
    async with connected(golden.url) as opened:
        yield opened


@pytest.fixture
async def furnished(postgres: Server) -> AsyncIterator[Database]:
    """The golden world with what stands in its units and moves in them."""
    async with own(postgres, FURNISHED) as made:
        yield made


@pytest.fixture(scope="session")
def demo_url(postgres: Server) -> str:
    """The demo, shared by the tests of a session that only read it."""
    return postgres.at(asyncio.run(postgres.copy(DEMO)))


@pytest.fixture
async def own_demo(postgres: Server) -> AsyncIterator[Database]:
    """The demo for a test that changes it: of as many rows as this the files are quicker copied than changes undone."""
    name = await postgres.copy(DEMO)
    yield Database(postgres.at(name))
    postgres.left.append(name)


@dataclass
class Service:
    """The running service."""

    url: str
    database_url: str
    process: Process
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    def token(self, role: str, code: str) -> str:
        """A bearer token for a role at the unit with this code."""

        async def make() -> str:
            async with connected(self.database_url) as connection:
                return await issue(connection, Seat(f"test {role} {code}", role, code), days=1)

        if (role, code) not in self.tokens:
            self.tokens[role, code] = run(make())
        return self.tokens[role, code]


T = TypeVar("T")


def run(made: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine also where a loop runs already: in a thread of its own."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, made).result()


Begin = Callable[[Sequence[str], Mapping[str, str]], Process]


def start_service(database_url: str, *words: str, **environment: str) -> Service:
    """Start the service on a free port, over an owner's database as its own role, and wait until it answers."""
    return begun(forked, database_url, words, environment)


def begun(begin: Begin, database_url: str, words: Sequence[str], environment: Mapping[str, str]) -> Service:
    """The same, forked or afresh."""
    port = free_port()
    given = {**os.environ, "DATABASE_URL": as_service(database_url), "PORT": str(port), **environment}
    process = begin(["serve", *words], given)
    service = Service(f"http://127.0.0.1:{port}", database_url, process)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if answers(port):
            return service
    process.kill()
    raise AssertionError("the service did not start")


def free_port() -> int:
    """A port of this machine nobody listens at."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether the service answers. It listens at once, so that whoever connects waits for it without asking again."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with suppress(OSError, HTTPException), closing(connection):
        connection.request("GET", "/health")
        connection.getresponse().read()
        return True
    time.sleep(0.01)
    return False


def afresh(words: Sequence[str], environment: Mapping[str, str]) -> Process:
    """`server.py` with these words in a new interpreter, for those who test how it starts processes itself."""
    return subprocess.Popen([sys.executable, "server.py", *words], cwd=PROJECT, env=environment)


def stop_service(service: Service) -> None:
    """Stop it and wait for it."""
    service.process.terminate()
    service.process.wait(timeout=15)


@pytest.fixture(scope="session")
def service(demo_url: str) -> Iterator[Service]:
    """The service over the demo, for tests that only read."""
    started = start_service(demo_url)
    yield started
    stop_service(started)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--golden` writes the golden files anew instead of comparing with them."""
    parser.addoption("--golden", action="store_true", help="write the golden statements and answers anew")
    parser.addoption("--quick", action="store_true", help="only what a change most likely breaks, see tests/quick.py")
    parser.addoption("--newest", action="store_true", help="over the newest PostgreSQL alone")


# The oldest server there is runs what depends on the server: every statement of the goldens, the plans of random
# operations, scopes, constraints, the embedded server itself; in make proof what carries the tree and the chain, too.
# The rest asks one.
ON_BOTH = frozenset(
    {
        *("test_access", "test_cursors", "test_database", "test_differential", "test_embedded", "test_golden"),
        *("test_rules", "test_scope", "test_statements"),
        *(("test_chain", "test_loading", "test_merging", "test_moving") if TIMES > 1 else ()),
        *(("test_sealing", "test_splitting") if TIMES > 1 else ()),
    }
)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Modules and schema stay until the end: looking through them for garbage took a seventh of the time."""
    if session.config.option.__dict__.get("loadgroup"):
        apart = [
            item.nodeid for item in session.items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid
        ]
        assert not apart, "what belongs together would be tested apart"
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


# What shares something that takes seconds to start stays together, in one of the processes tests run in.
TOGETHER = frozenset({"page", "http", "signin"})


@pytest.hookimpl(tryfirst=True)  # before xdist looks at what stays together
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a second PostgreSQL would only repeat; what stays together and what takes longest begins first."""

    def oldest(item: pytest.Item) -> bool:
        parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        return parameters.get("postgres") == "15"

    def together(item: pytest.Item) -> bool:
        return item.path.parent.name in TOGETHER

    quick = config.getoption("quick")
    newest = quick or config.getoption("newest")
    left_out = {item for item in items if oldest(item) and (newest or item.path.stem not in ON_BOTH)}
    if quick:
        left_out |= {item for item in items if item.get_closest_marker("drawn")}
    config.hook.pytest_deselected(items=[*left_out])
    items[:] = [item for item in items if item not in left_out]
    for item in items:
        if oldest(item) or together(item):
            item.add_marker(pytest.mark.xdist_group("oldest" if oldest(item) else item.path.parent.name))
    if config.getoption("numprocesses", None) or hasattr(config, "workerinput"):  # one alone tries them as it was told
        items.sort(key=lambda item: (not together(item), not oldest(item), item.get_closest_marker("timeout") is None))
