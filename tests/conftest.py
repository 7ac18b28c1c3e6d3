"""What tests run against: throw-away PostgreSQL servers (the embedded 18 and, where installed, Debian's 15), databases
copied from a migrated or a demo template, and the service itself in a process of its own."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg
import httpx
import pytest
from sqlalchemy import make_url

from policies.tokens import Seat, issue
from services import demo
from services.database import connected, migrate
from services.embedded import EmbeddedPostgres
from tests.again import pytest_sessionfinish as pytest_sessionfinish  # a hook

PROJECT = Path(__file__).parent.parent
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
NUMBERS = count(1)


@dataclass
class Server:
    """A throw-away PostgreSQL server and the databases made on it."""

    url: str
    templates: set[str] = field(default_factory=set)

    def at(self, name: str) -> str:
        """The URL of one of its databases."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    async def copy(self, template: str, fill: Callable[[str], object]) -> str:
        """A fresh copy of a template, which is made by `fill` the first time; its name."""
        async with connected(self.at("postgres")) as connection:
            if template not in self.templates:
                await connection.execute(f'CREATE DATABASE "{template}"')
                made = fill(self.at(template))
                assert asyncio.iscoroutine(made)
                await made
                self.templates.add(template)
            name = f"test_{next(NUMBERS)}"
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name


@dataclass
class Database:
    """One database, gone after the test."""

    url: str


@pytest.fixture(scope="session", params=["18", "15"])
def postgres(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A PostgreSQL server of each version there is."""
    programs = DEBIAN_15 if request.param == "15" else None
    if programs and not (programs / "postgres").is_file():
        pytest.skip("Debian's PostgreSQL 15 is not installed")
    with tempfile.TemporaryDirectory(prefix="jl-", dir="/tmp") as home:
        Path(home).chmod(0o755)
        with EmbeddedPostgres(Path(home), durable=False, bin_dir=programs) as server:
            yield Server(server.url)


async def _demo(url: str) -> None:
    await migrate(url)
    async with connected(url) as connection:
        await demo.fill(connection)
        await connection.execute("ANALYZE")


async def _drop(server: Server, name: str) -> None:
    async with connected(server.at("postgres")) as connection:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
async def database(postgres: Server) -> AsyncIterator[Database]:
    """A migrated database without rows."""
    name = await postgres.copy("migrated", migrate)
    yield Database(postgres.at(name))
    await _drop(postgres, name)


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection to an empty database."""
    async with connected(database.url) as opened:
        yield opened


@pytest.fixture(scope="session")
def demo_url(postgres: Server) -> str:
    """The demo, shared by the tests of a session that only read it."""
    return postgres.at(asyncio.run(postgres.copy("demo", _demo)))


@pytest.fixture
async def own_demo(postgres: Server) -> AsyncIterator[Database]:
    """The demo for a test that changes it."""
    name = await postgres.copy("demo", _demo)
    yield Database(postgres.at(name))
    await _drop(postgres, name)


@dataclass
class Service:
    """The running service."""

    url: str
    database_url: str
    process: subprocess.Popen[bytes]
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    def token(self, role: str, code: str) -> str:
        """A bearer token for a role at the unit with this code."""

        async def make() -> str:
            async with connected(self.database_url) as connection:
                return await issue(connection, Seat(f"test {role} {code}", role, code), days=1)

        if (role, code) not in self.tokens:
            self.tokens[role, code] = run(make())
        return self.tokens[role, code]


def run(made: "asyncio._CoroutineLike[str]") -> str:
    """Run a coroutine also where a loop runs already: in a thread of its own."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, made).result()  # type: ignore[arg-type]


def start_service(database_url: str, **environment: str) -> Service:
    """Start the service on a free port and wait until it answers."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {**os.environ, "DATABASE_URL": database_url, "PORT": str(port), **environment}
    process = subprocess.Popen([sys.executable, "server.py", "serve"], cwd=PROJECT, env=given)
    service = Service(f"http://127.0.0.1:{port}", database_url, process)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(httpx.TransportError):
            httpx.get(f"{service.url}/health")
            return service
    raise AssertionError("the service did not start")


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


# What these ask of the API is the same over every PostgreSQL; commands, constraints and differential tests ask both.
OF_THE_API = frozenset({"test_api", "test_figures", "test_reading", "test_sight", "test_week", "test_writing"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a second PostgreSQL would only repeat."""

    def superfluous(item: pytest.Item) -> bool:
        parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        return item.path.stem in OF_THE_API and parameters.get("postgres") == "15"

    config.hook.pytest_deselected(items=[item for item in items if superfluous(item)])
    items[:] = [item for item in items if not superfluous(item)]
