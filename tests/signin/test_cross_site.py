"""What a page of another site can make a browser do with the cookie it keeps here: nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus

from services.errors import Code
from tests.conftest import Service, start_service, stop_service
from tests.http.asking import refusal
from tests.http.sockets import ask, closed, opened, receive, send
from tests.signin.browser import Browser, person
from tests.signin.test_sessions import NAME

ELSEWHERE = [
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "nonsense"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
]
PUBLIC = "https://jinlin.example"


@pytest.fixture
async def browser(town: Service) -> Browser:
    """Someone signed in, whose requests say nothing of where they come from unless told to."""
    signed_in = Browser(town)
    login = f"csrf-{signed_in.address}"
    assert signed_in.sign_in(await person(town, login)).status_code == 204
    return Browser(town, origin=None, cookies=signed_in.cookies)


@pytest.mark.parametrize("said", ELSEWHERE)
def test_another_site(browser: Browser, said: dict[str, str]) -> None:
    """Neither asked nor signed out nor signed in as someone else, by any method."""
    own = {"Origin": browser.service.url}
    both = said if "Origin" in said else {**own, **said}
    for headers in (said, both):
        refusal(browser.ask(headers=headers), Code.FORBIDDEN)
        refusal(browser.send("GET", "/graphql?query={__typename}", headers=headers), Code.FORBIDDEN)
        refusal(browser.send("DELETE", "/session", headers=headers), Code.FORBIDDEN)
        refusal(browser.send("GET", "/session", headers=headers), Code.FORBIDDEN)
        given = {"login": "x", "password": "y"}
        refusal(browser.send("POST", "/session", headers=headers, json=given), Code.FORBIDDEN)
        stranger = Browser(browser.service, origin=None)
        refusal(stranger.send("POST", "/session", headers=headers, json=given), Code.FORBIDDEN)
    assert browser.signed_in()


def test_two_origins(browser: Browser) -> None:
    answer = browser.ask(headers={"Origin": f"{browser.service.url}, https://elsewhere.example"})
    refusal(answer, Code.FORBIDDEN)


def test_this_site(browser: Browser) -> None:
    own = browser.service.url
    for headers in (
        {"Origin": own},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": own, "Sec-Fetch-Site": "same-origin"},
    ):
        assert browser.ask(headers=headers).json() == NAME
    assert browser.send("GET", "/session", headers={"Sec-Fetch-Site": "none"}).json()["signedIn"]


def test_what_says_nothing_may_only_look(browser: Browser) -> None:
    """An old browser's GET /session; a POST without Origin is what no browser sends."""
    refusal(browser.ask(), Code.FORBIDDEN)
    refusal(browser.ask(headers={"Sec-Fetch-Site": "none"}), Code.FORBIDDEN)
    refusal(browser.send("DELETE", "/session"), Code.FORBIDDEN)
    assert browser.signed_in()


def test_a_program_signs_in_without_an_origin(browser: Browser) -> None:
    """It has no cookie to misuse; with one, it says where it comes from."""
    login = f"csrf-{browser.address}"
    given = {"login": login, "password": "never mind it"}
    refusal(browser.send("POST", "/session", json=given), Code.FORBIDDEN)
    refusal(Browser(browser.service, origin=None).send("POST", "/session", json=given), Code.UNAUTHENTICATED)


def test_a_token_is_of_no_site(town: Service) -> None:
    """Nobody's page has it unless it was given to it."""
    bearer = {"Authorization": f"Bearer {town.token('town_admin', '350521100')}"}
    for said in ELSEWHERE:
        assert Browser(town, origin=None).ask(headers={**bearer, **said}).json() == NAME


def test_forwarded_headers_are_not_believed(browser: Browser) -> None:
    said = {
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=elsewhere.example",
    }
    refusal(browser.ask(headers={**said, "Origin": "https://elsewhere.example"}), Code.FORBIDDEN)


@pytest.fixture(scope="module")
def behind(world_url: str) -> Iterator[Service]:
    """A service that browsers reach through a proxy which speaks TLS."""
    started = start_service(world_url, PUBLIC_URL=PUBLIC)
    yield started
    stop_service(started)


async def test_behind_tls(behind: Service) -> None:
    """The origin is the one that was set, whatever the Host; the cookie is bound to that host and to TLS."""
    service = behind
    login = await person(service, "behind-tls")
    browser = Browser(service, origin=PUBLIC)
    answer = browser.sign_in(login)
    given = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("__Host-jinlin="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= set(given.split("; "))
    assert "Domain" not in given
    cookie = given.partition(";")[0]
    told = {"Cookie": cookie}
    assert browser.ask(headers=told).json() == NAME
    for origin in (service.url, "http://jinlin.example", "https://jinlin.example:444", "https://x.jinlin.example"):
        refusal(browser.ask(headers={**told, "Origin": origin}), Code.FORBIDDEN)
    assert browser.ask(headers={**told, "Origin": "https://jinlin.example:443"}).json() == NAME
    # A name any page of the neighbourhood could have set does not count.
    refusal(browser.ask(headers={"Cookie": cookie.removeprefix("__Host-")}), Code.UNAUTHENTICATED)


# --- WebSocket ---


@asynccontextmanager
async def greeted(
    service: Service, headers: dict[str, str], payload: dict[str, Any] | None = None
) -> AsyncIterator[ClientConnection]:
    """A socket that said connection_init."""
    async with opened(service, additional_headers=headers) as socket:
        await send(socket, type="connection_init", payload=payload or {})
        yield socket


def cookie_of(browser: Browser) -> dict[str, str]:
    return {"Cookie": f"jinlin={browser.cookies['jinlin']}"}


async def test_a_socket_by_cookie(browser: Browser) -> None:
    service = browser.service
    async with greeted(service, {**cookie_of(browser), "Origin": service.url}) as socket:
        assert await receive(socket) == {"type": "connection_ack"}
        await ask(socket, "1")
        assert (await receive(socket))["payload"] == NAME
        await receive(socket)
        assert Browser(service, cookies=browser.cookies).send("DELETE", "/session").status_code == 204
        await ask(socket, "2")
        assert await closed(socket) == 4403


@pytest.mark.parametrize("said", [said for said in ELSEWHERE if said.get("Origin")])
async def test_a_socket_of_another_site(browser: Browser, said: dict[str, str]) -> None:
    """Refused before it opens."""
    with pytest.raises(InvalidStatus) as refused:
        async with greeted(browser.service, {**cookie_of(browser), **said}):
            pass
    assert refused.value.response.status_code == 403


async def test_a_socket_without_an_origin(browser: Browser) -> None:
    """Also where it says to come from here in other words: browsers state it at every handshake."""
    for more in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        async with greeted(browser.service, {**cookie_of(browser), **more}) as socket:
            assert await closed(socket) == 4403


COUNTY = '{ orgUnit(by: {code: "350521"}) { name } }'


async def who(socket: ClientConnection) -> object:
    """The county's name, as far as whoever the socket counts as sees it."""
    assert await receive(socket) == {"type": "connection_ack"}
    await ask(socket, "1", COUNTY)
    return (await receive(socket))["payload"]["data"]["orgUnit"]


@pytest.mark.parametrize("key", ["Authorization", "authorization", "AUTHORIZATION"])
async def test_a_token_goes_before_the_cookie(browser: Browser, key: str) -> None:
    """A page cannot keep the cookie back; and a token that does not stand is not made up for by it."""
    service = browser.service
    own = {**cookie_of(browser), "Origin": service.url}
    async with greeted(service, own) as socket:
        assert await who(socket) is None
    async with greeted(service, own, {key: f"Bearer {service.token('county_admin', '350521')}"}) as socket:
        assert await who(socket) == {"name": "惠安县"}
    for wrong in ("", "Bearer x", "Basic x", None, 1, ["Bearer x"], f"Bearer {browser.cookies['jinlin']}"):
        async with greeted(service, own, {key: wrong}) as socket:
            assert await closed(socket) == 4403


async def test_a_token_goes_before_any_number_of_cookies(browser: Browser) -> None:
    service = browser.service
    twice = {"Cookie": f"jinlin={browser.cookies['jinlin']}; jinlin=x", "Origin": service.url}
    async with greeted(
        service, twice, {"Authorization": f"Bearer {service.token('county_admin', '350521')}"}
    ) as socket:
        assert await who(socket) == {"name": "惠安县"}


async def test_a_socket_with_two_credentials(browser: Browser) -> None:
    """A handshake with a header is a program's, which sends no more than it means to; two spellings are two."""
    service = browser.service
    own = {**cookie_of(browser), "Origin": service.url}
    bearer = f"Bearer {service.token('town_admin', '350521100')}"
    twice = f"jinlin={browser.cookies['jinlin']}; jinlin={browser.cookies['jinlin']}"
    grant = "gr_x"
    for headers, payload in (
        ({**own, "Authorization": bearer}, {}),
        ({**own, "Cookie": twice}, {}),
        ({"Authorization": bearer}, {"Authorization": bearer}),
        ({"Authorization": bearer}, {"authorization": bearer}),
        ({}, {"Authorization": bearer, "authorization": bearer}),
        (own, {"Authorization": bearer, "AUTHORIZATION": "Bearer x"}),
        ({}, {"Authorization": bearer, "Jinlin-Grant": grant, "jinlin-grant": grant}),
    ):
        async with greeted(service, headers, payload) as socket:
            assert await closed(socket) == 4403


async def test_a_socket_by_the_wrong_kind(browser: Browser) -> None:
    service = browser.service
    session, bearer = browser.cookies["jinlin"], service.token("town_admin", "350521100")
    async with greeted(service, {}, {"Authorization": f"Bearer {session}"}) as socket:
        assert await closed(socket) == 4403
    async with greeted(service, {"Cookie": f"jinlin={bearer}", "Origin": service.url}) as socket:
        assert await closed(socket) == 4403


async def test_a_token_in_the_handshake_is_of_no_site(town: Service) -> None:
    bearer = {"Authorization": f"Bearer {town.token('town_admin', '350521100')}"}
    async with greeted(town, {**bearer, "Origin": "https://elsewhere.example"}) as socket:
        assert await receive(socket) == {"type": "connection_ack"}


async def test_sockets_behind_tls(behind: Service) -> None:
    service = behind
    browser = Browser(service, origin=PUBLIC)
    answer = await asyncio.to_thread(browser.sign_in, await person(service, "socket-tls"))
    lines = answer.headers.get_list("set-cookie")
    cookie = {"Cookie": next(line for line in lines if line.startswith("__Host-jinlin=")).partition(";")[0]}
    async with greeted(service, {**cookie, "Origin": PUBLIC}) as socket:
        assert await receive(socket) == {"type": "connection_ack"}
    async with greeted(service, {**cookie, "Origin": service.url}) as socket:  # the Host header's, but not the site's
        assert await closed(socket) == 4403
