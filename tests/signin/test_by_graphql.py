"""Signing in by the one mutation strangers may ask for: as by POST /session, once a request, and nothing else."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Message

from policies.people import register
from policies.tokens import Seat
from schema.pipeline.http.application import application
from schema.pipeline.http.strangers import attempt_of
from services.errors import Code
from services.settings import Settings
from services.storage.database import connected
from tests.audit.people import mentions
from tests.conftest import Service, as_service, stop_service
from tests.http.asking import refusal
from tests.http.test_credentials import WORDS
from tests.signin.browser import PASSWORD, Browser, person, value
from tests.signin.conftest import Start
from tests.signin.test_lockout import limited
from tests.signin.test_sessions import NAME, WRONG

DOCUMENT = (
    "mutation In($login: String!, $password: String!) { signIn(input: {login: $login, password: $password}) { %s } }"
)
FIELDS = "mustChangePassword"


def sign_in(
    browser: Browser, login: str, password: str = PASSWORD, fields: str = FIELDS, **parts: Any
) -> httpx.Response:
    """The mutation, with variables."""
    body = {"query": DOCUMENT % fields, "variables": {"login": login, "password": password}, **parts}
    return browser.send("POST", "/graphql", json=body)


def kept(answer: httpx.Response) -> list[tuple[str, list[str]]]:
    """The cookies of an answer, without their values."""
    lines = (line.split("; ") for line in answer.headers.get_list("set-cookie"))
    return sorted(
        (name.partition("=")[0], sorted(each for each in rest if "expires" not in each)) for name, *rest in lines
    )


async def test_as_by_session(town: Service) -> None:
    """The same cookies, and a session like any other."""
    login = await person(town, "by-graphql")
    one, other = Browser(town), Browser(town)
    answer = sign_in(one, login, operationName="In")
    assert (answer.status_code, answer.json()) == (200, {"data": {"signIn": {"mustChangePassword": False}}})
    assert answer.headers["cache-control"] == "no-store"
    assert kept(answer) == kept(other.sign_in(login))
    assert {name for name, _ in kept(answer)} == {"jinlin", "jinlin-device"}
    assert one.ask().json() == NAME
    await value(town, "UPDATE account SET password_temporary = true WHERE login = $1", login)
    answer = sign_in(Browser(town), login, fields="a: __typename b: mustChangePassword")
    assert answer.json()["data"] == {"signIn": {"a": "SignInPayload", "b": True}}


async def test_written_in(town: Service) -> None:
    login = await person(town, "written-in")
    query = f'mutation {{ me: signIn(input: {{login: "{login}", password: "{PASSWORD}"}}) {{ __typename }} }}'
    browser = Browser(town)
    answer = browser.send("POST", "/graphql", json={"query": query})
    assert answer.json() == {"data": {"me": {"__typename": "SignInPayload"}}}
    assert browser.ask().json() == NAME


async def test_wrong_as_by_session(town: Service) -> None:
    """The same words, byte for byte, and the same meters."""
    login = await person(town, "wrong-by-graphql")
    by_session = Browser(town).sign_in(login, "not the password")
    by_graphql = sign_in(Browser(town), login, "not the password")
    assert refusal(by_graphql, Code.UNAUTHENTICATED) == WRONG
    assert by_graphql.content == by_session.content
    assert "set-cookie" not in by_graphql.headers
    browser = Browser(town)
    tries = [browser.sign_in(login, "wrong") if each % 2 else sign_in(browser, login, "wrong") for each in range(5)]
    assert [each.status_code for each in tries] == [401] * 5
    limited(sign_in(browser, login))
    limited(browser.sign_in(login))


IN = 'signIn(input: {login: "a", password: "b"})'
ONE = f"{IN} {{ mustChangePassword }}"
NO_ATTEMPT: dict[str, Any] = {
    "twice": f"mutation {{ {ONE} {ONE} }}",
    "twice by an alias": f"mutation {{ {ONE} again: {ONE} }}",
    "twice by aliases": f"mutation {{ a: {ONE} b: {ONE} }}",
    "twice by operations": f"mutation A {{ {ONE} }} mutation B {{ {ONE} }}",
    "by a fragment": f"mutation {{ ...F }} fragment F on Mutation {{ {ONE} }}",
    "by an inline fragment": f"mutation {{ ... {{ {ONE} }} }}",
    "with an inline fragment": f"mutation {{ {ONE} ... on Mutation {{ b: {ONE} }} }}",
    "with a fragment below": f"mutation {{ {IN} {{ ...F }} }} fragment F on SignInPayload {{ mustChangePassword }}",
    "with an unused fragment": f"mutation {{ {ONE} }} fragment F on SignInPayload {{ mustChangePassword }}",
    "skipped": f"mutation {{ {IN} @skip(if: true) {{ mustChangePassword }} }}",
    "included": f"mutation {{ {IN} {{ mustChangePassword @include(if: true) }} }}",
    "with a type name beside": f"mutation {{ __typename {ONE} }}",
    "with the schema beside": f"mutation {{ {ONE} __schema {{ types {{ name }} }} }}",
    "by query": f"query {{ {ONE} }}",
    "by subscription": f"subscription {{ {ONE} }}",
    "another command": "mutation { signIn: signOut }",
    "another field": f"mutation {{ {IN} {{ name }} }}",
    "no fields": f"mutation {{ {IN} }}",
    "no password": 'mutation { signIn(input: {login: "a"}) { mustChangePassword } }',
    "a number": 'mutation { signIn(input: {login: "a", password: 1}) { mustChangePassword } }',
    "null": 'mutation { signIn(input: {login: "a", password: null}) { mustChangePassword } }',
    "more": 'mutation { signIn(input: {login: "a", password: "b", role: "c"}) { mustChangePassword } }',
    "many tokens": f"mutation {{ {IN} {{ {'mustChangePassword ' * 100} }} }}",
    "deep": "mutation { signIn(input: " + "[" * 1000,
    "no GraphQL": "signIn",
    "a schema": "type Mutation { signIn: Int }",
    "the schema": "{ __schema { mutationType { fields(includeDeprecated: true) { name } } } } # signIn",
    "data": '{ orgUnit(by: {code: "350521100"}) { name } } # signIn',
    "nothing": "",
    "no text": 7,
    "no query": None,
}  # fmt: skip


@pytest.fixture
async def counted(town: Service) -> AsyncIterator[None]:
    """That nothing a test does is an attempt to sign in."""
    before = await value(town, "SELECT sum(count) FROM sign_in_failure")
    yield
    assert await value(town, "SELECT sum(count) FROM sign_in_failure") == before


@pytest.mark.usefixtures("counted")
def test_what_is_no_attempt(town: Service) -> None:
    """Nothing of it is looked into: the answer is that of whoever brings no credential."""
    for name, query in NO_ATTEMPT.items():
        assert attempt_of({"query": query}) is None, name
        assert refusal(Browser(town).send("POST", "/graphql", json={"query": query}), Code.UNAUTHENTICATED) == WORDS
    one = DOCUMENT % FIELDS
    given = {"login": "a", "password": "b"}
    for parts in (
        {"query": one}, {"query": one, "variables": []}, {"query": one, "variables": {"login": "a", "password": 1}},
        {"query": one, "variables": {"login": "a", "password": ["b"]}}, {"query": one, "variables": {"login": "a"}},
        {"query": one, "variables": given, "operationName": "Other"},
        {"query": one, "variables": given, "operationName": 1},
        {"documentId": f"sha256:{'0' * 64}"}, {},
    ):  # fmt: skip
        assert refusal(Browser(town).send("POST", "/graphql", json=parts), Code.UNAUTHENTICATED) == WORDS
    many = [{"query": one, "variables": given}] * 2
    assert refusal(Browser(town).send("POST", "/graphql", json=many), Code.UNAUTHENTICATED) == WORDS
    assert attempt_of({"query": one, "variables": given}) is not None


@pytest.mark.usefixtures("counted")
def test_what_is_not_read(town: Service) -> None:
    """By GET, in a form, as no JSON: refused without a look at it. Too much: without the rest of it."""
    body = {"query": DOCUMENT % FIELDS, "variables": {"login": "a", "password": "b"}}
    text = json.dumps(body).encode()
    parameters = {"query": body["query"], "variables": json.dumps(body["variables"])}
    as_json = {"Content-Type": "application/json"}
    for method, given in (
        ("GET", {"params": parameters}),
        ("POST", {"params": parameters}),
        ("PUT", {"json": body}),
        ("POST", {"data": parameters}),
        ("POST", {"files": {"operations": (None, text)}}),
        ("POST", {"content": text}),
        ("POST", {"content": text, "headers": {"Content-Type": "text/plain"}}),
        ("POST", {"content": b"{", "headers": as_json}),
    ):
        assert refusal(Browser(town).send(method, "/graphql", **given), Code.UNAUTHENTICATED) == WORDS

    def in_parts() -> Iterator[bytes]:
        yield text
        yield b" " * 4096

    for path in ("/graphql", "/session"):
        for content in (text.ljust(4097), in_parts(), b"x" * 4097):
            answer = Browser(town).send("POST", path, content=content, headers=as_json)
            assert "4096" in refusal(answer, Code.BAD_REQUEST, 413)
    bearer = {**as_json, "Authorization": f"Bearer {town.token('town_admin', '350521100')}"}
    asked = json.dumps({"query": "{ __typename }"}).encode().ljust(10_000)
    assert Browser(town).send("POST", "/graphql", content=asked, headers=bearer).status_code == 200


async def test_of_this_site_alone(town: Service) -> None:
    """Nobody is signed in as someone else by another's page; a program without an origin signs in."""
    login = await person(town, "of-this-site")
    for said in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        body = {"query": DOCUMENT % FIELDS, "variables": {"login": login, "password": PASSWORD}}
        refusal(Browser(town, origin=None).send("POST", "/graphql", json=body, headers=said), Code.FORBIDDEN)
    assert sign_in(Browser(town, origin=None), login).status_code == 200


async def test_not_for_those_who_are_in(town: Service) -> None:
    """Nor for whoever brings what does not stand: that is taken away first (DELETE /session)."""
    login = await person(town, "already-in")
    browser = Browser(town)
    sign_in(browser, login)
    modern = {"Accept": "application/graphql-response+json"}
    bearer = {**modern, "Authorization": f"Bearer {town.token('town_admin', '350521100')}"}
    body = {"query": DOCUMENT % FIELDS, "variables": {"login": login, "password": PASSWORD}}
    refusal(browser.send("POST", "/graphql", json=body, headers=modern), Code.GRAPHQL_VALIDATION_FAILED)
    refusal(Browser(town).send("POST", "/graphql", json=body, headers=bearer), Code.GRAPHQL_VALIDATION_FAILED)
    bearer["Authorization"] = "Bearer x"
    refusal(Browser(town).send("POST", "/graphql", json=body, headers=bearer), Code.UNAUTHENTICATED)
    refusal(Browser(town, cookies={"jinlin": "x"}).send("POST", "/graphql", json=body), Code.UNAUTHENTICATED)
    both = '{ __type(name: "Mutation") { fields { name } } a: __type(name: "SignInInput") { name } }'
    told = browser.ask(both).json()["data"]
    assert told["a"] is None
    assert "signIn" not in json.dumps(told)


# --- where passwords are not ------------------------------------------------------------------------------------------

MADE = "made for nobody else"  # written backwards here, so that nothing but what is typed holds it forwards


def typed() -> str:
    return MADE[::-1]


def ways(login: str) -> list[tuple[str, dict[str, Any]]]:
    """Requests that bring a password: right, wrong, in no attempt at all."""
    written = f'signIn(input: {{login: "{login}", password: "{typed()}"}}) {{ __typename }}'
    given = {"login": login, "password": typed()}
    one = DOCUMENT % FIELDS
    return [
        ("/session", given),
        ("/graphql", {"query": one, "variables": given}),
        ("/graphql", {"query": f"mutation {{ {written} }}"}),
        ("/session", {"login": typed(), "password": typed()}),
        ("/graphql", {"query": one, "variables": {**given, "login": "nobody"}}),
        ("/graphql", {"query": f"mutation {{ a: {written} b: {written} }}"}),
        ("/graphql", {"query": f"mutation {{ {written.replace('__typename', 'nothing')} }}"}),
        ("/graphql", {"query": one, "variables": {"login": login, "password": [typed()]}}),
        ("/graphql", {"query": one, "variables": given, "operationName": typed()}),
    ]


STATUS = [204, 200, 200, 401, 401, 401, 401, 401, 401]


async def test_in_no_table_and_no_log(start: Start, capfd: pytest.CaptureFixture[str]) -> None:
    service = start()
    login = await person(service, "leaves-nothing", typed())
    answers = [Browser(service).send("POST", path, json=body) for path, body in ways(login)]
    assert [answer.status_code for answer in answers] == STATUS
    assert all(typed() not in answer.text for answer in answers)
    stop_service(service)
    assert typed() not in "".join(capfd.readouterr())
    async with connected(service.database_url) as connection:
        assert await mentions(connection, typed()) == []


def holders() -> list[object]:
    """Whatever holds a text with what was typed, as key, value, item or attribute."""
    gc.collect()
    return [type(each) for each in gc.get_objects() if any(map(is_in, gc.get_referents(each)))]


def is_in(held: object) -> bool:
    if isinstance(held, tuple | dict) and not gc.is_tracked(held):  # of nothing but texts: listed nowhere else
        return any(map(is_in, gc.get_referents(held)))
    return (isinstance(held, str) and typed() in held) or (isinstance(held, bytes) and typed().encode() in held)


@asynccontextmanager
async def alive(app: ASGIApp) -> AsyncIterator[httpx.ASGITransport]:
    """An application in this process, from its start to its end."""
    told: asyncio.Queue[Message] = asyncio.Queue()
    answered: asyncio.Queue[Message] = asyncio.Queue()
    living = asyncio.ensure_future(app({"type": "lifespan", "asgi": {"version": "3.0"}}, told.get, answered.put))
    await told.put({"type": "lifespan.startup"})
    assert (await answered.get())["type"] == "lifespan.startup.complete"
    yield httpx.ASGITransport(app=app)
    await told.put({"type": "lifespan.shutdown"})
    await living


async def test_in_no_cache(world_url: str) -> None:
    """Nothing in the process holds it after the answer: no plan's key, no document, no actor."""
    async with connected(world_url) as connection:
        await register(connection, Seat("no cache", "town_admin", "350521100"), "350521-in-no-cache", typed())
    async with alive(application(as_service(world_url), Settings.read({}))) as transport:
        statuses = []
        for path, body in ways("350521-in-no-cache"):
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                statuses.append((await client.post(path, json=body)).status_code)
            del body
        assert statuses == STATUS
        assert holders() == []
        cache = {("a plan", typed()): None}
        assert holders() != []
        del cache
