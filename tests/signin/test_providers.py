"""Providers as such: keys that change, one that is away, what is none, none at all, and somebody else's."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt

from services.access.provider import Flow, Provider
from services.errors import Code, Refused
from services.settings import Settings
from tests.conftest import Service
from tests.http.asking import NO_TLS, refusal
from tests.signin.browser import Browser
from tests.signin.conftest import Start
from tests.signin.federated import CALLBACK, PUBLIC, back, begin, grants, through, trusting
from tests.signin.provider import NEXT, Rogue
from tests.signin.test_sessions import NAME


def test_keys_that_change(start: Start, own: Rogue, tmp_path: Path) -> None:
    """They are fetched anew; what does not change is fetched once."""
    service = start(**trusting(own.discovery, tmp_path))
    through(service, own)
    own.keys = [NEXT]
    own.signed = lambda claims: jwt.encode({"alg": "RS256", "kid": "two"}, claims, NEXT)
    through(service, own)
    through(service, own)
    assert own.fetched.count("/jwks_uri") == 2
    assert len(own.fetched) == 3


def test_a_provider_that_is_away(start: Start, own: Rogue, tmp_path: Path) -> None:
    """Nobody signs in through it; nobody is let in by it either."""
    service = start(**trusting(own.discovery, tmp_path))
    browser = Browser(service, origin=PUBLIC)
    code, state = own.code(begin(browser))
    own.status = 503
    refusal(back(browser, code, state), Code.UNAVAILABLE)
    own.stop()
    answer = back(browser, code, state)
    refusal(answer, Code.UNAVAILABLE)
    assert answer.headers["retry-after"]
    assert Browser(service, origin=PUBLIC).send("GET", "/session").status_code == 200


PUBLISHED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another issuer": lambda document: {**document, "issuer": "https://elsewhere.example"},
    "no issuer": lambda document: {name: each for name, each in document.items() if name != "issuer"},
    "in clear": lambda document: {**document, "token_endpoint": "http://elsewhere.example/token"},
    "nothing": lambda _: {},
    "no object": lambda _: [],
    "nonsense": lambda _: b"\xff",
}


@pytest.mark.parametrize("what", PUBLISHED)
async def test_what_is_no_provider(own: Rogue, tmp_path: Path, what: str) -> None:
    own.published = PUBLISHED[what]
    given = Settings.read(trusting(own.discovery, tmp_path)).provider
    assert given is not None
    with pytest.raises(Refused) as raised:
        await Provider(given, f"{PUBLIC}{CALLBACK}").address(Flow("state", "nonce", "verifier"))
    assert raised.value.code is Code.UNAVAILABLE


def test_where_there_is_no_provider(start: Start, own: Rogue, tmp_path: Path) -> None:
    """Nobody is sent anywhere."""
    own.published = PUBLISHED["another issuer"]
    service = start(**trusting(own.discovery, tmp_path))
    refusal(Browser(service, origin=PUBLIC).send("GET", "/session/oidc"), Code.UNAVAILABLE)


def test_none_configured(town: Service) -> None:
    for path in ("/session/oidc", CALLBACK):
        refusal(Browser(town).send("GET", path), Code.NOT_FOUND)


# --- somebody else's provider ---


@pytest.fixture
def mock() -> Iterator[str]:
    """`oidc-provider-mock`, in a process of its own."""
    given = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", "0"]
    with subprocess.Popen(given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "http://" in line)
        port = "".join(each for each in line.partition("http://")[2].partition(":")[2] if each.isdigit())
        yield f"http://localhost:{port}"
        process.terminate()


async def test_a_provider_of_others(start: Start, mock: str, tmp_path: Path) -> None:
    service = start(**trusting(f"{mock}/.well-known/openid-configuration", tmp_path))
    async with httpx.AsyncClient(trust_env=False, verify=NO_TLS, timeout=20) as client:
        users = await client.put(f"{mock}/users/zhang", json={"groups": ["town"], "name": "张"})
        users.raise_for_status()
        browser = Browser(service, origin=PUBLIC)
        answer = await client.post(begin(browser), data={"sub": "zhang"})
    assert answer.status_code == 302, answer.text
    came = httpx.URL(answer.headers["location"])
    assert back(browser, came.params["code"], came.params["state"]).status_code == 303
    assert browser.ask().json() == NAME
    assert await grants(service, "zhang") == "town_admin 35/3505/350521/350521100/ oidc:town"
