"""Signing in through an identity provider: who comes back right, who wrong, and what their groups come to."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt

from services.errors import Code
from tests.conftest import Service, start_service, stop_service
from tests.http.asking import refusal
from tests.signin.browser import Browser, value
from tests.signin.conftest import Start
from tests.signin.federated import CALLBACK, PUBLIC, back, begin, grants, through, trusting
from tests.signin.provider import CLIENT, NEXT, OTHER, Rogue, by_public_key, by_secret, unsigned
from tests.signin.test_sessions import NAME


@pytest.fixture(scope="module")
def shared(world_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Rogue]]:
    """A provider that goes on being there, and a service that trusts it."""
    made = Rogue()
    service = start_service(world_url, **trusting(made.discovery, tmp_path_factory.mktemp("trusting")))
    yield service, made
    stop_service(service)
    made.stop()


@pytest.fixture
def rogue(shared: tuple[Service, Rogue]) -> Iterator[Rogue]:
    """The provider, right again after each test."""
    _, made = shared
    claims, signed = made.claims, made.signed
    made.asked.clear()
    yield made
    made.claims, made.signed = claims, signed


@pytest.fixture
def service(shared: tuple[Service, Rogue]) -> Service:
    """The service that trusts it."""
    return shared[0]


def called(subject: str, *groups: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Claims about someone in these groups."""
    return lambda claims: {**claims, "sub": subject, "groups": list(groups)}


async def test_in_and_out(service: Service, rogue: Rogue) -> None:
    offered = Browser(service, origin=PUBLIC).send("GET", "/session").json()
    assert offered["providers"] == [{"name": "OpenID Connect", "start": "/session/oidc"}]
    assert not offered["signedIn"]
    browser = through(service, rogue)
    (asked,) = rogue.asked
    assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
    assert asked["redirect_uri"] == f"{PUBLIC}{CALLBACK}"
    assert asked["scope"] == "openid profile"
    assert set(browser.cookies) == {"jinlin"}  # nothing is left of the way
    assert browser.ask().json() == NAME
    assert browser.ask("{ viewer { name grants { role } } }").json()["data"]["viewer"] == {
        "name": "李娜",
        "grants": [{"role": "town_admin"}],
    }
    assert browser.send("DELETE", "/session").status_code == 204
    refusal(browser.ask(), Code.UNAUTHENTICATED)


async def test_one_account_for_one_subject(service: Service, rogue: Rogue) -> None:
    """Also where they sign in twice at once, for the first time."""
    rogue.claims = called("twice", "town")
    browsers = [Browser(service, origin=PUBLIC) for _ in range(4)]
    codes = [rogue.code(begin(browser)) for browser in browsers]
    made = (asyncio.to_thread(back, browser, *code) for browser, code in zip(browsers, codes, strict=True))
    assert {answer.status_code for answer in await asyncio.gather(*made)} == {303}
    assert await value(service, "SELECT count(*) FROM external_identity WHERE subject = 'twice'") == 1
    assert await grants(service, "twice") == "town_admin 35/3505/350521/350521100/ oidc:town"


async def test_a_group_lost_is_a_grant_lost(service: Service, rogue: Rogue) -> None:
    """At the next sign-in, for every session; what an administrator granted stays."""
    rogue.claims = called("moving", "town", "county", "nowhere", "wrong level", "never heard of")
    first = through(service, rogue)
    county = "auditor 35/3505/350521/ oidc:county, county_admin 35/3505/350521/ oidc:county"
    assert await grants(service, "moving") == f"{county}, town_admin 35/3505/350521/350521100/ oidc:town"
    await value(
        service,
        "INSERT INTO role_grant (id, account_id, role, unit_path, granted_by, reason)"
        " SELECT gen_random_uuid(), account_id, 'partner', '35/3505/350524/', account_id, 'oidc:town'"
        " FROM external_identity WHERE subject = 'moving'",
    )
    county_and_other = '{ one: orgUnit(by: {code: "350521"}) { name } two: orgUnit(by: {code: "350524"}) { name } }'
    assert first.ask(county_and_other).json()["data"] == {"one": {"name": "惠安县"}, "two": {"name": "安溪县"}}
    rogue.claims = called("moving")
    through(service, rogue)
    assert await grants(service, "moving") == "partner 35/3505/350524/ oidc:town"
    assert first.ask(county_and_other).json()["data"] == {"one": None, "two": {"name": "安溪县"}}
    rogue.claims = called("moving", "town")
    through(service, rogue)
    assert "town_admin 35/3505/350521/350521100/ oidc:town" in await grants(service, "moving")


SAYS_NOTHING: dict[str, Any] = {
    "missing": None,  # left out
    "null": "null",
    "a number": 7,
    "an object": {"town": True},
    "a list of objects": [{"name": "town"}],
}


async def test_no_word_of_groups(start: Start, own: Rogue, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """It changes nothing, and is warned of without a word about the person; an empty list takes away."""
    service = start(**trusting(own.discovery, tmp_path))
    own.claims = called("untold", "town")
    through(service, own)
    held = await grants(service, "untold")
    assert held == "town_admin 35/3505/350521/350521100/ oidc:town"
    for claim in SAYS_NOTHING.values():
        said = {} if claim is None else {"groups": None if claim == "null" else claim}
        own.claims = lambda claims, said=said: {  # type: ignore[misc]
            **{name: each for name, each in claims.items() if name != "groups"}, "sub": "untold", **said
        }  # fmt: skip
        through(service, own)
        assert await grants(service, "untold") == held
    own.claims = called("untold")
    through(service, own)
    assert await grants(service, "untold") == ""
    stop_service(service)
    logged = "".join(capfd.readouterr())
    assert logged.count("said nothing of groups") == len(SAYS_NOTHING)
    assert "untold" not in logged
    assert "李娜" not in logged


def test_no_word_of_groups_at_first(service: Service, rogue: Rogue) -> None:
    """Who was never told of holds nothing."""
    rogue.claims = lambda claims: {name: each for name, each in {**claims, "sub": "new"}.items() if name != "groups"}
    browser = through(service, rogue)
    assert browser.ask("{ viewer { grants { role } } }").json()["data"]["viewer"]["grants"] == []


async def take_away(service: Service, subject: str) -> None:
    """Revoke all that came of groups, as an administrator does."""
    await value(
        service,
        "UPDATE role_grant g SET revoked_at = now(), revoked_for = 'no longer', revoked_by = g.account_id"
        " FROM external_identity i WHERE i.account_id = g.account_id AND subject = $1 AND revoked_at IS NULL",
        subject,
    )


async def test_what_an_administrator_revoked(service: Service, rogue: Rogue) -> None:
    """It stays revoked while the group stays; who leaves the group and comes back is given it again."""
    rogue.claims = called("revoked", "town")
    browser = through(service, rogue)
    held = await grants(service, "revoked")
    await take_away(service, "revoked")
    for groups in (("town",), ("town", "nowhere"), ("town", "never heard of")):
        rogue.claims = called("revoked", *groups)
        through(service, rogue)
        assert await grants(service, "revoked") == ""
        assert browser.ask().json()["data"] == {"orgUnit": None}
    rogue.claims = lambda claims: {
        name: each for name, each in {**claims, "sub": "revoked"}.items() if name != "groups"
    }
    through(service, rogue)
    rogue.claims = called("revoked", "town", "county")  # another group gives what is its own
    through(service, rogue)
    county = "auditor 35/3505/350521/ oidc:county, county_admin 35/3505/350521/ oidc:county"
    assert await grants(service, "revoked") == county
    rogue.claims = called("revoked")
    through(service, rogue)
    rogue.claims = called("revoked", "town")
    through(service, rogue)
    assert await grants(service, "revoked") == held
    await take_away(service, "revoked")  # a second time as the first
    through(service, rogue)
    assert await grants(service, "revoked") == ""


async def test_what_was_revoked_before_groups_were_remembered(service: Service, rogue: Rogue) -> None:
    """Nobody knows which groups there were: what was revoked is not given again."""
    rogue.claims = called("unremembered", "town")
    through(service, rogue)
    await take_away(service, "unremembered")
    await value(service, "UPDATE external_identity SET groups = NULL WHERE subject = 'unremembered'")
    through(service, rogue)
    assert await grants(service, "unremembered") == ""


@pytest.mark.parametrize("seconds", [600, -600], ids=["ahead", "behind"])
def test_a_clock_off_by_ten_minutes(service: Service, rogue: Rogue, seconds: int) -> None:
    """What it says is not true now; half a minute is forgiven."""

    def off(seconds: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
        return lambda claims: {**claims, "iat": claims["iat"] + seconds, "exp": claims["exp"] + seconds}

    rogue.claims = off(seconds)
    nobody(service, rogue)
    rogue.claims = off(seconds // 40)
    through(service, rogue)


@pytest.mark.parametrize("said", [{"iat": 120}, {"nbf": 120}], ids=["iat", "nbf"])
def test_of_the_future(service: Service, rogue: Rogue, said: dict[str, int]) -> None:
    """By two minutes, whatever the token's end."""
    rogue.claims = lambda claims: {**claims, **{name: claims["iat"] + more for name, more in said.items()}}
    nobody(service, rogue)


def test_a_code_of_another_issuer(service: Service, rogue: Rogue) -> None:
    """Where the answer says whose it is (RFC 9207)."""
    browser = Browser(service, origin=PUBLIC)
    code, state = rogue.code(begin(browser))
    told = {"code": code, "state": state}
    refusal(browser.send("GET", CALLBACK, params={**told, "iss": "https://elsewhere.example"}), Code.UNAUTHENTICATED)
    assert browser.send("GET", CALLBACK, params={**told, "iss": rogue.url}).status_code == 303


def test_a_code_brought_again(service: Service, rogue: Rogue) -> None:
    """Also with the state of another sign-in of the same browser."""
    browser = through(service, rogue)
    used = f"code{len(rogue.asked)}"
    _, state = rogue.code(begin(browser))
    refusal(back(browser, used, state), Code.UNAUTHENTICATED)
    assert "jinlin" not in browser.cookies


async def test_a_closed_account(service: Service, rogue: Rogue) -> None:
    rogue.claims = called("closed", "county")
    through(service, rogue)
    close = (
        "UPDATE account SET closed_at = now() WHERE id = (SELECT account_id FROM external_identity WHERE subject = $1)"
    )
    await value(service, close, "closed")
    nobody(service, rogue)


def nobody(service: Service, rogue: Rogue, code: Code = Code.UNAUTHENTICATED) -> None:
    """That who comes back from there is not let in."""
    browser = Browser(service, origin=PUBLIC)
    answer = back(browser, *rogue.code(begin(browser)))
    refusal(answer, code)
    assert "jinlin" not in browser.cookies
    refusal(browser.ask(), Code.UNAUTHENTICATED)


LATE = int(time.time())
SAID: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "x"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "someone-else"},
    "another audience, in our name": {"aud": "someone-else", "azp": CLIENT},
    "no audience": {"aud": None},
    "several audiences, another's word": {"aud": [CLIENT, "someone-else"], "azp": "someone-else"},
    "several audiences, nobody's word": {"aud": [CLIENT, "someone-else"]},
    "another issuer": {"iss": "https://elsewhere.example"},
    "no issuer": {"iss": None},
    "expired": {"exp": LATE - 3600, "iat": LATE - 7200},
    "no expiry": {"exp": None},
    "not yet": {"nbf": LATE + 36000},
    "of the future": {"iat": LATE + 36000, "exp": LATE + 40000},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is no text": {"sub": 7},
    "a subject with NUL": {"sub": "a\0b"},
}


@pytest.mark.parametrize("said", SAID)
def test_what_the_token_says(service: Service, rogue: Rogue, said: str) -> None:
    rogue.claims = lambda claims: {name: each for name, each in {**claims, **SAID[said]}.items() if each is not None}
    nobody(service, rogue)


SIGNED: dict[str, Callable[[dict[str, Any]], str | None]] = {
    "unsigned": unsigned,
    "by what the client knows": by_secret,
    "by what everyone knows": by_public_key,
    "by another's key": lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, OTHER),
    "by a key it does not have": lambda claims: jwt.encode({"alg": "RS256", "kid": "two"}, claims, NEXT),
    "not there": lambda _: None,
    "nonsense": lambda _: "x.y.z",
    "empty": lambda _: "",
}


@pytest.mark.parametrize("how", SIGNED)
def test_how_the_token_is_signed(service: Service, rogue: Rogue, how: str) -> None:
    rogue.signed = SIGNED[how]
    nobody(service, rogue)


def test_what_this_browser_did_not_begin(service: Service, rogue: Rogue) -> None:
    """Another's state, another's cookie, none at all, a forged one, one of a sign-in that is over."""
    mine, other = Browser(service, origin=PUBLIC), Browser(service, origin=PUBLIC)
    code, state = rogue.code(begin(mine))
    refusal(back(other, code, state), Code.UNAUTHENTICATED)
    _, others = rogue.code(begin(other))
    refusal(back(other, code, state), Code.UNAUTHENTICATED)
    refusal(back(mine, code, others), Code.UNAUTHENTICATED)
    refusal(back(mine, code, ""), Code.UNAUTHENTICATED)
    refusal(back(mine, "", state), Code.UNAUTHENTICATED)
    refusal(mine.send("GET", CALLBACK, params={"error": "access_denied", "state": state}), Code.UNAUTHENTICATED)
    refusal(mine.send("GET", CALLBACK), Code.UNAUTHENTICATED)
    kept = mine.cookies["jinlin-oidc"]
    for forged in (kept[:-1] + ("0" if kept[-1] != "0" else "1"), "x" + kept, kept.partition(".")[0], ".", ""):
        refusal(back(Browser(service, origin=None, cookies={"jinlin-oidc": forged}), code, state), Code.UNAUTHENTICATED)
    assert back(mine, code, state).status_code == 303  # and none of it used the code up


def test_a_state_counts_once(service: Service, rogue: Rogue) -> None:
    """Also where the provider would give another code for it."""
    browser = Browser(service, origin=PUBLIC)
    address = begin(browser)
    kept = dict(browser.cookies)
    assert back(browser, *rogue.code(address)).status_code == 303
    again = Browser(service, origin=PUBLIC, cookies=kept)
    refusal(back(again, *rogue.code(address)), Code.UNAUTHENTICATED)
    assert "jinlin" not in again.cookies


def test_a_code_counts_once(service: Service, rogue: Rogue) -> None:
    browser = Browser(service, origin=PUBLIC)
    code, _ = rogue.code(begin(browser))
    rogue.codes.clear()
    refusal(back(browser, code, rogue.asked[-1]["state"]), Code.UNAUTHENTICATED)


def test_another_site_begins_nothing(service: Service) -> None:
    answer = Browser(service, origin=None).send("GET", "/session/oidc", headers={"Sec-Fetch-Site": "cross-site"})
    refusal(answer, Code.FORBIDDEN)
