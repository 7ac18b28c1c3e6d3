"""Below a path of its host, whether or not a proxy takes that away: nothing the service says leads out of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from services.site import Site
from tests.conftest import Service, start_service, stop_service
from tests.http.sockets import opened, receive, send
from tests.signin.browser import Browser, new_address, person
from tests.signin.conftest import Start
from tests.signin.federated import back, begin, trusting
from tests.signin.provider import Rogue
from tests.signin.test_sessions import NAME

PUBLIC = "https://county.example"
PREFIX = "/jinlin/huian"


@pytest.fixture(scope="module")
def below(world_url: str) -> Iterator[Service]:
    """A service below a path."""
    started = start_service(world_url, PUBLIC_URL=f"{PUBLIC}{PREFIX}/")
    yield started
    stop_service(started)


@pytest.fixture(params=["stripped", "kept"])
def browser(request: pytest.FixtureRequest, below: Service) -> Browser:
    """Someone who comes through a proxy that takes the path away, or through one that does not."""
    return _through(below, request.param)


def _through(service: Service, how: str) -> Browser:
    there = service if how == "stripped" else replace(service, url=f"{service.url}{PREFIX}")
    return Browser(there, origin=PUBLIC, address=new_address())


def test_the_way_in_stays_below(browser: Browser) -> None:
    answer = browser.send("GET", "/")
    assert (answer.status_code, answer.headers["location"]) == (307, f"{PREFIX}/graphql")


def test_the_path_alone_is_the_way_in(below: Service) -> None:
    answer = _through(below, "kept").send("GET", "")
    assert (answer.status_code, answer.headers["location"]) == (307, f"{PREFIX}/graphql")


@pytest.mark.parametrize("path", ["/graphql", "/health", "/ready", "/session"])
def test_every_path_answers(browser: Browser, path: str) -> None:
    answer = browser.send("GET", path, headers={"Accept": "text/html"})
    assert answer.status_code in (200, 503 if path == "/graphql" else 200)  # a page that is not built is 503


@pytest.mark.parametrize("path", [f"{PREFIX}{PREFIX}/graphql", f"{PREFIX}x/graphql", "/jinlin/graphql", f"{PREFIX}/x"])
def test_what_only_looks_like_it_is_nothing(below: Service, path: str) -> None:
    assert _through(below, "stripped").send("GET", path).status_code == 404


async def test_in_and_out(browser: Browser, below: Service) -> None:
    """Every cookie is of the path; and its name no longer promises that it is of the whole host."""
    login = await person(below, f"below-{browser.address}")
    answer = browser.sign_in(login)
    assert answer.status_code == 204
    given = answer.headers.get_list("set-cookie")
    assert {each.partition("=")[0] for each in given} == {"__Secure-jinlin", "__Secure-jinlin-device"}
    for each in given:
        assert {f"Path={PREFIX}", "Secure", "HttpOnly", "SameSite=strict"} <= set(each.split("; "))
    assert browser.ask().json() == NAME
    refused = browser.ask(headers={"Origin": f"{PUBLIC}.evil"})
    assert refused.status_code == 403
    out = browser.send("DELETE", "/session")
    assert f"Path={PREFIX}" in out.headers["set-cookie"].split("; ")
    assert browser.ask().status_code != 200


async def test_a_socket(browser: Browser, below: Service) -> None:
    """By the session's cookie."""
    browser.sign_in(await person(below, f"socket-{browser.address}"))
    said = {"Origin": PUBLIC, "Cookie": f"__Secure-jinlin={browser.cookies['__Secure-jinlin']}"}
    async with opened(browser.service, additional_headers=said) as socket:
        await send(socket, type="connection_init")
        assert await receive(socket) == {"type": "connection_ack"}


@pytest.mark.parametrize("how", ["stripped", "kept"])
def test_through_a_provider(start: Start, tmp_path: Path, how: str) -> None:
    """Sent there from below, back to below, and on to the page below."""
    rogue = Rogue()
    try:
        service = start(**{**trusting(rogue.discovery, tmp_path), "PUBLIC_URL": f"{PUBLIC}{PREFIX}"})
        browser = _through(service, how)
        [provider] = browser.send("GET", "/session").json()["providers"]
        assert provider["start"] == f"{PREFIX}/session/oidc"
        answer: httpx.Response = back(browser, *rogue.code(begin(browser)))
        assert (answer.status_code, answer.headers.get("location")) == (303, f"{PREFIX}/graphql"), answer.text
        assert rogue.asked[-1]["redirect_uri"] == f"{PUBLIC}{PREFIX}/session/oidc/callback"
        assert all(f"Path={PREFIX}" in each for each in answer.headers.get_list("set-cookie"))
        assert browser.ask().json() == NAME
    finally:
        rogue.stop()


def test_no_header_says_where_the_service_is(browser: Browser) -> None:
    """A client would write them as well as a proxy."""
    for name in ("X-Forwarded-Prefix", "X-Script-Name", "X-Forwarded-Host", "X-Original-URI"):
        assert browser.send("GET", "/", headers={name: "//evil.example"}).headers["location"] == f"{PREFIX}/graphql"


def test_without_a_path_nothing_is_taken_away() -> None:
    site = Site()
    assert [site.below(path) for path in ("/", "/graphql", "//graphql")] == ["/", "/graphql", "//graphql"]
    assert Site(prefix="/a").below("/a//graphql") == "//graphql"
    assert Site(prefix="/a").below("/ab/graphql") == "/ab/graphql"
