"""Pages of other origins: none by default, those that are named with a token, and never with a cookie."""

from collections.abc import Iterator, Mapping

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from schema.pipeline.http.endpoint import MODERN
from services.errors import Code
from services.settings import SettingError, Settings
from tests.conftest import Service, start_service, stop_service
from tests.http.asking import NO_TLS, PLAIN, Asking, refusal
from tests.http.sockets import ask, closed, credential, opened, receive, send

FRONT, OTHER, STRANGER = "https://front.example", "http://127.0.0.1:3000", "https://elsewhere.example"
AHEAD = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}


@pytest.fixture(scope="module")
def open_to_two(demo_url: str) -> Iterator[Service]:
    """A service whose settings name two origins."""
    started = start_service(demo_url, JINLIN_ALLOWED_ORIGINS=f"{FRONT}, HTTP://127.0.0.1:3000/")
    yield started
    stop_service(started)


@pytest.fixture
def front(open_to_two: Service) -> Asking:
    return Asking(open_to_two.url, open_to_two.token("town_admin", "350521100"))


def ahead(url: str, origin: str, **other: str) -> httpx.Response:
    headers = {"Origin": origin, **AHEAD} | {name.replace("_", "-"): value for name, value in other.items()}
    return httpx.options(f"{url}/graphql", headers=headers, trust_env=False, verify=NO_TLS)


def of_cors(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith("access-control-")}


@pytest.mark.parametrize("origin", [FRONT, OTHER])
def test_asked_ahead(open_to_two: Service, origin: str) -> None:
    answer = ahead(open_to_two.url, origin)
    assert (answer.status_code, answer.content) == (204, b"")
    said = of_cors(answer.headers)
    assert said["access-control-allow-origin"] == origin
    assert said["access-control-allow-methods"] == "GET, POST"
    allowed = {each.strip().lower() for each in said["access-control-allow-headers"].split(",")}
    assert {"authorization", "content-type", "idempotency-key", "jinlin-grant", "x-request-id"} <= allowed
    assert "access-control-allow-credentials" not in said
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize("origin", [STRANGER, "null", "*", FRONT + ".evil.example", FRONT.replace("https", "http")])
def test_whoever_is_not_named(open_to_two: Service, front: Asking, origin: str) -> None:
    """Is answered as if nobody were: a browser gives it nothing."""
    for answer in (
        ahead(open_to_two.url, origin),
        front.send(json={"query": PLAIN}, headers={"Origin": origin}),
    ):
        assert "access-control-allow-origin" not in answer.headers
        assert "Origin" in answer.headers["vary"]
    assert ahead(open_to_two.url, origin).status_code == 401


def test_what_is_not_allowed_ahead(open_to_two: Service) -> None:
    for other in ({"Access_Control_Request_Method": "DELETE"}, {"Access_Control_Request_Headers": "cookie"}):
        assert ahead(open_to_two.url, FRONT, **other).status_code == 401


def test_the_request_itself(front: Asking) -> None:
    """Its answer may be read, and a refusal too."""
    for answer in (
        front.send(json={"query": PLAIN}, headers={"Origin": FRONT}),
        front.send("GET", params={"query": PLAIN}, headers={"Origin": FRONT}),
    ):
        assert answer.json() == {"data": {"orgUnit": {"name": "螺城镇"}}}
        assert answer.headers["access-control-allow-origin"] == FRONT
        assert "access-control-allow-credentials" not in answer.headers
        assert {"Accept", "Origin"} <= {each.strip() for each in answer.headers["vary"].split(",")}
    nobody = Asking(front.url).send(json={"query": PLAIN}, headers={"Origin": FRONT}, accept=MODERN)
    refusal(nobody, Code.UNAUTHENTICATED)
    assert nobody.headers["access-control-allow-origin"] == FRONT


def test_no_cookie_and_no_signing_in(front: Asking) -> None:
    cookie = {"Origin": FRONT, "Cookie": "jinlin=js_a_b_c"}
    refusal(Asking(front.url).send(json={"query": PLAIN}, headers=cookie, accept=MODERN), Code.FORBIDDEN)
    sign_in = {"query": 'mutation { signIn(input: {login: "a", password: "b"}) { mustChangePassword } }'}
    refusal(Asking(front.url).send(json=sign_in, headers={"Origin": FRONT}, accept=MODERN), Code.FORBIDDEN)
    for method in ("POST", "DELETE", "GET", "OPTIONS"):
        answer = httpx.request(
            method, f"{front.url}/session", headers={**AHEAD, "Origin": FRONT}, trust_env=False, verify=NO_TLS
        )
        assert not of_cors(answer.headers)


def test_nobody_by_default(service: Service, town: Asking) -> None:
    for answer in (ahead(service.url, FRONT), town.send(json={"query": PLAIN}, headers={"Origin": FRONT})):
        assert not of_cors(answer.headers)
    assert ahead(service.url, FRONT).status_code == 401


async def test_a_socket(open_to_two: Service) -> None:
    async with opened(open_to_two, origin=Origin(FRONT)) as socket:
        await send(socket, type="connection_init", payload=credential(open_to_two))
        assert await receive(socket) == {"type": "connection_ack"}
        await ask(socket, "1")
        assert (await receive(socket))["type"] == "next"
    with pytest.raises(InvalidStatus):
        async with opened(open_to_two, origin=Origin(STRANGER)):
            pass


async def test_a_socket_with_a_cookie(open_to_two: Service) -> None:
    cookie = {"Cookie": "jinlin=js_a_b_c"}
    async with opened(open_to_two, origin=Origin(FRONT), additional_headers=cookie) as socket:
        await send(socket, type="connection_init")
        assert await closed(socket) == 4403


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "null",
        "front.example",
        "https://front.example/app",
        "ftp://front.example",
        f"{FRONT} {OTHER}",
        f"{FRONT}, *",
    ],
)
def test_a_setting_that_cannot_be(text: str) -> None:
    with pytest.raises(SettingError, match="JINLIN_ALLOWED_ORIGINS") as raised:
        Settings.read({"JINLIN_ALLOWED_ORIGINS": text})
    assert len(str(raised.value).splitlines()) == 2


def test_the_setting() -> None:
    assert Settings.read({}).site.others == frozenset()
    assert Settings.read({"JINLIN_ALLOWED_ORIGINS": ""}).site.others == frozenset()
    assert Settings.read({"JINLIN_ALLOWED_ORIGINS": f"{FRONT}:443/,{OTHER}"}).site.others == {FRONT, OTHER}
