"""People of the demo, one for each role, as the page's tests play them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpx
import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, sync_playwright

from policies import demo_tokens
from policies.demo_chain import settle
from policies.people import register
from policies.tokens import Seat, grant, located
from services.storage.database import connected
from tests.conftest import DEMO, PATIENCE, Server, Service, run, start_service, stop_service
from tests.http.asking import NO_TLS
from tests.page.browser import CHROMIUM, FLAGS, Browser, Person, Start

Seats: TypeAlias = Mapping[str, str]


@pytest.fixture(scope="session")
def seats(demo_url: str) -> Seats:
    """Where the demo's person of each role is seated: a code, or a global id."""

    async def found() -> Seats:
        async with connected(demo_url) as connection:
            return {seat.role: seat.at for seat in [*demo_tokens.CODES, *await demo_tokens.members(connection)]}

    return run(found())


@dataclass(frozen=True)
class Asking:
    """Someone who asks the service over HTTP, without a browser."""

    url: str
    token: str

    def __call__(self, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer of one operation."""
        body = {"query": query, "variables": variables}
        headers = {"Authorization": f"Bearer {self.token}"}
        answer: Mapping[str, Any] = httpx.post(
            f"{self.url}/graphql", json=body, headers=headers, timeout=PATIENCE, verify=NO_TLS
        ).json()
        return answer


async def at_home(url: str, names: list[str]) -> None:
    """Have these accounts looked after where they are seated, with logins, as the demo's are."""
    logins = (
        "UPDATE account SET login = 'test-' || substr(md5(name), 1, 8)"
        " WHERE name = ANY($1) AND login IS NULL AND kind = 'PERSON'"
    )
    async with connected(url) as connection:
        await settle(connection, names)
        await connection.execute(logins, names)


@pytest.fixture
def person(service: Service, seats: Seats) -> Callable[[str], Asking]:
    """The demo's person of a role; all of them are there, whichever is asked for: they see one another's grants."""
    tokens = {role: service.token(role, at) for role, at in seats.items()}
    run(at_home(service.database_url, [f"test {role} {at}" for role, at in seats.items()]))
    return lambda role: Asking(service.url, tokens[role])


@pytest.fixture(scope="session")
def service(postgres: Server) -> Iterator[Service]:
    """The service over a demo of the page's own, because people are added to it."""
    started = start_service(postgres.at(run(postgres.copy(DEMO))))
    yield started
    stop_service(started)


@pytest.fixture(scope="session")
def people(service: Service, seats: Seats) -> Callable[..., Person]:
    """The person who signs in with these roles, each at the demo's seat of it."""
    known: dict[tuple[str, ...], Person] = {}

    async def made(roles: tuple[str, ...]) -> Person:
        first, *others = roles
        password = f"{len(known)} correct horses"
        async with connected(service.database_url) as connection:
            named = Seat(f"演示 {'-'.join(roles)}", first, seats[first])
            person = Person(await register(connection, named, "-".join(roles), password), password)
            await settle(connection, [named.name])
            account = await connection.fetchval("SELECT id FROM account WHERE login = $1", person.login)
            for role in others:
                kind, at = await located(connection, Seat(named.name, role, seats[role]))
                await grant(connection, account, role, kind, at)
        return person

    def who(*roles: str) -> Person:
        if roles not in known:
            known[roles] = run(made(roles))
        return known[roles]

    return who


async def revoke(url: str, login: str) -> None:
    """End the sessions of an account, as an administrator does."""
    async with connected(url) as connection:
        await connection.execute(
            "UPDATE credential SET revoked_at = now() FROM account WHERE account.id = account_id AND login = $1", login
        )


@pytest.fixture(scope="package")
def chromium() -> Iterator[Chromium]:
    """One process of Chromium for the tests of this folder: starting one costs more than most of them."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


Profiles: TypeAlias = dict[tuple[str, int, int], list[BrowserContext]]


@pytest.fixture(scope="package")
def profiles(chromium: Chromium) -> Profiles:
    """Profiles that hold nothing but the page's own files, by locale and size: nobody fetches these again."""
    return defaultdict(list)


@pytest.fixture
def start(service: Service, chromium: Chromium, profiles: Profiles) -> Iterator[Start]:
    """Start browsers, each with an empty profile, in the locale asked for; all are emptied after the test."""
    started: list[tuple[list[BrowserContext], Browser]] = []

    def launch(locale: str = "zh-CN", *, url: str = service.url, width: int = 1280, height: int = 1800) -> Browser:
        # Editors draw only the lines in view: tall enough for a whole answer's beginning.
        free = profiles[locale, width, height]
        context = (
            free.pop() if free else chromium.new_context(locale=locale, viewport={"width": width, "height": height})
        )
        browser = Browser(context, url)
        context.on("request", browser.note)
        started.append((free, browser))
        return browser

    yield launch
    for free, browser in started:
        browser.emptied()
        free.append(browser.context)
