"""Signing in and out by login and password, and what a session is worth."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from policies.actor import _checksum
from services.errors import Code
from services.storage.database import connected
from tests.conftest import Service
from tests.http.asking import refusal
from tests.http.sockets import closed, opened, receive, send
from tests.signin.browser import PASSWORD, Browser, person, sessions_of, value

WRONG = "The login or the password is not right."
NAME = {"data": {"orgUnit": {"name": "螺城镇"}}}


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait, within bounds, until something holds."""
    deadline = time.monotonic() + 30
    while not await holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_in_and_out(town: Service) -> None:
    browser = Browser(town)
    login = await person(town, "lin.mei")
    assert browser.send("GET", "/session").json() == {
        "signedIn": False,
        "mustChangePassword": False,
        "providers": [],
    }
    refusal(browser.ask(), Code.UNAUTHENTICATED)

    answer = browser.sign_in(login)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["cache-control"] == "no-store"
    given = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("jinlin="))
    assert {"HttpOnly", "Path=/", "SameSite=strict", "Max-Age=43200"} <= set(given.split("; "))
    assert browser.ask().json() == NAME
    assert browser.ask("{ viewer { name } }").json() == {"data": {"viewer": {"name": "test lin.mei"}}}
    assert browser.signed_in()

    kept = browser.cookies["jinlin"]
    assert browser.send("DELETE", "/session").status_code == 204
    assert "jinlin" not in browser.cookies
    browser.cookies["jinlin"] = kept
    refusal(browser.ask(), Code.UNAUTHENTICATED)
    assert not browser.signed_in()


@pytest.mark.parametrize(
    "login", ["350521-Wang.Min", " 350521-wang.min ", "３５０５２１－ＷＡＮＧ.ｍｉｎ", "350521-WANG.MIN"]
)
async def test_one_login_however_it_is_typed(town: Service, login: str) -> None:
    if await value(town, "SELECT 1 FROM account WHERE login = '350521-wang.min'") is None:
        await person(town, "wang.min")
    assert Browser(town).sign_in(login).status_code == 204


async def test_wrong_alike(town: Service) -> None:
    """Whatever is wrong, the answer is the same, byte for byte: nobody learns who there is."""
    login = await person(town, "alike")
    closed = await person(town, "alike-closed")
    elsewhere = await person(town, "alike-elsewhere")
    await value(town, "UPDATE account SET closed_at = now() WHERE login = $1", closed)
    await value(town, "UPDATE account SET password = NULL WHERE login = $1", elsewhere)
    tried = [
        (login, "wrong password"), (login, ""), (login, PASSWORD + "x"), (login, "x" * 4000), (login, PASSWORD * 20),
        (closed, PASSWORD), (elsewhere, PASSWORD), (elsewhere, ""), ("nobody-here", PASSWORD), ("", ""),
        ("a b", PASSWORD), ("\0", "\0"), ("x" * 4000, PASSWORD), ("alike'--", PASSWORD),
    ]  # fmt: skip
    seen = set()
    for name, password in tried:
        answer = Browser(town).sign_in(name, password)
        assert refusal(answer, Code.UNAUTHENTICATED) == WRONG
        assert "set-cookie" not in answer.headers
        seen.add((answer.content, tuple(answer.headers.raw)))
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"content": b'{"login": "a", "password": "b"}'}, 415),
        ({"data": {"login": "a", "password": "b"}}, 415),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        ({"json": []}, 400),
        ({"json": {}}, 400),
        ({"json": {"login": "a"}}, 400),
        ({"json": {"login": "a", "password": 1}}, 400),
        ({"json": {"login": ["a"], "password": "b"}}, 400),
        ({"json": {"login": None, "password": None}}, 400),
        ({"json": {"login": "a", "password": "b", "role": "county_admin"}}, 400),
        ({"content": b"x" * 4097, "headers": {"Content-Type": "application/json"}}, 413),
    ],
)
def test_what_is_no_request(town: Service, given: dict[str, object], status: int) -> None:
    answer = Browser(town).send("POST", "/session", **given)  # type: ignore[arg-type]
    refusal(answer, Code.BAD_REQUEST, status)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "HEAD"])
def test_other_methods(town: Service, method: str) -> None:
    answer = Browser(town).send(method, "/session")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, DELETE, GET")


def test_in_the_readers_language(town: Service) -> None:
    answer = Browser(town, language="zh-CN").sign_in("nobody", "nothing at all")
    assert answer.json()["errors"][0]["message"] == "登录名或密码不正确。"


async def test_a_second_sign_in_ends_the_first(town: Service) -> None:
    """The cookie that is sent along is revoked: what someone planted before is worth nothing afterwards."""
    browser = Browser(town)
    login = await person(town, "rotating")
    assert browser.sign_in(login).status_code == 204
    first = browser.cookies["jinlin"]
    assert browser.sign_in(login).status_code == 204
    assert browser.cookies["jinlin"] != first
    assert [row["revoked_at"] is not None for row in await sessions_of(town, login)] == [True, False]
    refusal(Browser(town, cookies={"jinlin": first}).ask(), Code.UNAUTHENTICATED)
    assert browser.ask().json() == NAME


async def test_a_planted_session(town: Service) -> None:
    """Whose cookie someone put into a browser before: it is over with the sign-in, and not the one they get."""
    planted = Browser(town)
    planted.sign_in(await person(town, "plants"))
    browser = Browser(town, cookies={"jinlin": planted.cookies["jinlin"]})
    assert browser.sign_in(await person(town, "planted-on")).status_code == 204
    assert browser.cookies["jinlin"].split("_")[1] != planted.cookies["jinlin"].split("_")[1]
    refusal(planted.ask(), Code.UNAUTHENTICATED)
    assert browser.ask("{ viewer { name } }").json()["data"]["viewer"]["name"] == "test planted-on"


async def test_a_late_answer_takes_no_newer_session_away(town: Service) -> None:
    """What was asked with a cookie that is over says so, and leaves alone what the browser keeps by now."""
    browser = Browser(town)
    login = await person(town, "late")
    browser.sign_in(login)
    stale = {"Cookie": f"jinlin={browser.cookies['jinlin']}"}
    browser.sign_in(login)
    for answer in (browser.send("GET", "/session", headers=stale), browser.ask(headers=stale)):
        assert "set-cookie" not in answer.headers
    assert browser.ask().json() == NAME


async def test_out_everywhere(town: Service, twin: Service) -> None:
    """Every session of the account, on every worker, from the next statement on; on record; and no other's."""
    login, other = await person(town, "out-everywhere"), Browser(town)
    other.sign_in(await person(town, "stays-in"))
    browsers = [Browser(town), Browser(town), Browser(twin)]
    for browser in browsers:
        assert browser.sign_in(login).status_code == 204
        assert browser.ask().json() == NAME
    kept = [dict(browser.cookies) for browser in browsers]
    by_cookie = {"Cookie": f"jinlin={kept[2]['jinlin']}", "Origin": twin.url}
    async with opened(twin, additional_headers=by_cookie) as socket:
        await send(socket, type="connection_init")
        assert await receive(socket) == {"type": "connection_ack"}
        answer = browsers[0].send("DELETE", "/session?everywhere=true")
        assert (answer.status_code, "jinlin" in browsers[0].cookies) == (204, False)
        for browser, cookies in zip(browsers, kept, strict=True):
            refusal(Browser(browser.service, cookies=cookies).ask(), Code.UNAUTHENTICATED)
        assert await closed(socket) == 4403
    assert all(row["revoked_at"] is not None for row in await sessions_of(town, login))
    last = "SELECT command || detail::text FROM audit_entry WHERE target_id = (SELECT id FROM account WHERE login = $1)"
    assert await value(town, f"{last} ORDER BY at DESC", login) == 'signOut{"sessions": 3, "everywhere": true}'
    assert other.ask().json() == NAME
    assert Browser(town).sign_in(login).status_code == 204


async def test_out_everywhere_only_by_who_is_in(town: Service) -> None:
    """Not by a session that is over, a token, another site, or a word that is not understood."""
    browser, over = Browser(town), Browser(town)
    login = await person(town, "not-everywhere")
    for each in (browser, over):
        each.sign_in(login)
    kept = dict(over.cookies)
    assert over.send("DELETE", "/session?everywhere=false").status_code == 204
    path = "/session?everywhere=true"
    refusal(Browser(town, cookies=kept).send("DELETE", path), Code.UNAUTHENTICATED)
    bearer = {"Authorization": f"Bearer {town.token('town_admin', '350521100')}"}
    refusal(Browser(town).send("DELETE", path, headers=bearer), Code.UNAUTHENTICATED)
    refusal(browser.send("DELETE", path, headers={"Origin": "https://elsewhere.example"}), Code.FORBIDDEN)
    for said in ("everywhere=1", "everywhere", "everywhere=True", "everywhere=true&everywhere=false"):
        refusal(browser.send("DELETE", f"/session?{said}"), Code.BAD_REQUEST)
    assert browser.ask().json() == NAME


async def test_signing_in_while_all_sessions_end(town: Service) -> None:
    """Who was before it is ended; who comes after waits, and is in."""
    login, browser, late = await person(town, "in-between"), Browser(town), Browser(town)
    browser.sign_in(login)
    async with connected(town.database_url) as connection:
        holding = connection.transaction()
        await holding.start()
        await connection.execute("SELECT 1 FROM account WHERE login = $1 FOR UPDATE", login)
        both = [
            asyncio.create_task(asyncio.to_thread(browser.send, "DELETE", "/session?everywhere=true")),
            asyncio.create_task(asyncio.to_thread(late.sign_in, login)),
        ]
        waiting = (
            "SELECT count(*) = 2 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        await eventually(lambda: value(town, waiting))
        await holding.commit()
        assert [(await each).status_code for each in both] == [204, 204]
    first, second = (row["revoked_at"] for row in await sessions_of(town, login))
    assert first is not None
    assert (late.ask().status_code == 401) == (second is not None)


async def test_a_failure_leaves_the_session_alone(town: Service) -> None:
    browser = Browser(town)
    login = await person(town, "still-there")
    browser.sign_in(login)
    refusal(browser.sign_in(login, "something else"), Code.UNAUTHENTICATED)
    assert browser.ask().json() == NAME


async def test_nothing_that_opens_is_stored(town: Service) -> None:
    """Neither the password nor the session can be read from the database."""
    browser = Browser(town)
    login = await person(town, "stored")
    browser.sign_in(login)
    stored = await value(town, "SELECT password FROM account WHERE login = $1", login)
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored
    (session,) = await sessions_of(town, login)
    secret = browser.cookies["jinlin"].split("_")[2]
    assert secret not in str(dict(session))
    assert len(session["secret_sha256"]) == 32


# --- one kind is not the other ---


def token(text: str, kind: str) -> str:
    """The same id and secret under another kind, with the checksum that goes with it."""
    body = "_".join((kind, *text.split("_")[1:3]))
    return f"{body}_{_checksum(body)}"


async def test_a_session_is_no_token(town: Service) -> None:
    browser = Browser(town)
    browser.sign_in(await person(town, "kinds"))
    session = browser.cookies["jinlin"]
    for text in (session, token(session, "jl")):
        refusal(Browser(town).ask(headers={"Authorization": f"Bearer {text}"}), Code.UNAUTHENTICATED)
    assert browser.ask().json() == NAME


async def test_a_token_is_no_session(town: Service) -> None:
    bearer = town.token("town_admin", "350521100")
    for text in (bearer, token(bearer, "js"), "", "js", "js_", "x" * 5000, '"'):
        refusal(Browser(town, cookies={"jinlin": text}).ask(), Code.UNAUTHENTICATED)
    assert Browser(town).ask(headers={"Authorization": f"Bearer {bearer}"}).json() == NAME


async def test_two_credentials(town: Service) -> None:
    browser = Browser(town, language="zh")
    browser.sign_in(await person(town, "twice"))
    bearer = {"Authorization": f"Bearer {town.token('town_admin', '350521100')}"}
    session = browser.cookies["jinlin"]
    refusal(browser.ask(headers=bearer), Code.BAD_REQUEST)
    refusal(browser.ask(headers={"Authorization": "Bearer x"}), Code.BAD_REQUEST)
    refusal(browser.ask(headers={"Cookie": f"jinlin={session}; jinlin={session}"}), Code.BAD_REQUEST)
    refusal(browser.ask(headers={"Cookie": f"jinlin=; a=b; jinlin={session}"}), Code.BAD_REQUEST)
    for method in ("GET", "DELETE", "POST"):
        given = {"json": {"login": "x", "password": "y"}} if method == "POST" else {}
        refusal(browser.send(method, "/session", headers=bearer, **given), Code.BAD_REQUEST)
    assert browser.ask(headers={"Cookie": f"a=b; jinlin={session}; jinlinx=1; xjinlin=2"}).json() == NAME


async def test_by_post_only(town: Service) -> None:
    """What a link, an image or a look ahead can make a browser do asks nothing, on whatever page; a token may."""
    browser = Browser(town)
    browser.sign_in(await person(town, "by-post"))
    modern = {"Accept": "application/graphql-response+json"}
    for headers in ({}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}, modern):
        for query in ("{__typename}", "{", "mutation{__typename}"):
            answer = browser.send("GET", f"/graphql?query={query}", headers=headers)
            said = refusal(answer, Code.FORBIDDEN)
            assert said == "A session's cookie counts by POST only; use a token for other methods."
    refusal(browser.send("PUT", "/graphql", json={"query": "{__typename}"}), Code.FORBIDDEN)
    bearer = {"Authorization": f"Bearer {town.token('town_admin', '350521100')}"}
    both = {**bearer, "Accept-Language": "zh"}
    refusal(browser.send("GET", "/graphql?query={__typename}", headers=both), Code.BAD_REQUEST)
    assert Browser(town).send("GET", "/graphql?query={__typename}", headers=bearer).status_code == 200
    assert browser.ask().json() == NAME


@pytest.mark.parametrize(
    "given",
    [
        {"data": {"query": "{__typename}"}},
        {"files": {"operations": (None, '{"query": "{__typename}"}'), "map": (None, "{}")}},
        {"content": b'{"query": "{__typename}"}', "headers": {"Content-Type": "text/plain"}},
        {"content": b'{"query": "{__typename}"}'},
    ],
    ids=["form", "multipart", "text", "none"],
)
async def test_as_json_only(town: Service, given: dict[str, Any]) -> None:
    """What a form of any page could send is no operation."""
    browser = Browser(town)
    browser.sign_in(await person(town, f"as-json-{browser.address}"))
    refusal(browser.send("POST", "/graphql", **given), Code.BAD_REQUEST, 415)


# --- how it ends ---
