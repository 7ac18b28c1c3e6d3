"""Changing one's own password, and getting one from an administrator, over HTTP and on several workers."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
import pytest

from services.access.lockout import LOGIN, PLACE
from services.errors import Code
from services.storage.database import connected
from tests.audit.people import mentions
from tests.conftest import Service, stop_service
from tests.http.asking import refusal
from tests.signin.browser import PASSWORD, Browser, coded, person, sessions_of, value
from tests.signin.conftest import Start
from tests.signin.test_lockout import failed_before, limited
from tests.signin.test_people import of, user
from tests.signin.test_sessions import NAME, eventually

NEW = "another horse battery"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def change(browser: Browser, current: str = PASSWORD, new: str = NEW, **given: Any) -> httpx.Response:
    """PUT /session/password."""
    return browser.send("PUT", "/session/password", json={"current": current, "new": new}, **given)


def wanting(answer: httpx.Response, field: str) -> str:
    """That a field of the request is to be corrected; the text."""
    said = refusal(answer, Code.BAD_USER_INPUT)
    assert answer.json()["errors"][0]["extensions"]["argument"] == field
    return said


def must_change(browser: Browser) -> bool:
    """What GET /session says of the password."""
    found: bool = browser.send("GET", "/session").json()["mustChangePassword"]
    return found


async def opened(service: Service, login: str, role: str = "town_admin") -> Browser:
    """The browser of someone who has just signed in."""
    browser = Browser(service)
    assert browser.sign_in(await person(service, login, role=role)).status_code == 204
    return browser


async def events(service: Service, login: str) -> list[str]:
    """What is on record of an account, the oldest first."""
    of_account = "FROM audit_entry WHERE target_id = (SELECT id FROM account WHERE login = $1)"
    found: list[str] = await value(service, f"SELECT array_agg(command ORDER BY at) {of_account}", coded(login))
    return found


# --- one's own --------------------------------------------------------------------------------------------------------


async def test_another_password_and_this_session_alone(town: Service, twin: Service) -> None:
    """The old one opens nothing any more; other sessions are over on every worker; it is on record."""
    here, there = await opened(town, "changes"), Browser(twin)
    there.sign_in("350521-changes")
    assert there.ask().json() == NAME
    answer = change(here)
    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (204, b"", "no-store")
    refusal(there.ask(), Code.UNAUTHENTICATED)
    assert here.ask().json() == NAME
    refusal(Browser(town).sign_in("350521-changes"), Code.UNAUTHENTICATED)
    assert Browser(town).sign_in("350521-changes", NEW).status_code == 204
    assert await events(town, "changes") == ["signIn", "signIn", "changePassword", "signInFailed", "signIn"]
    session = here.cookies["jinlin"].split("_")[1]
    with_it = "SELECT command FROM audit_entry WHERE detail ->> 'credential' = $1 ORDER BY at DESC LIMIT 1"
    assert await value(town, with_it, session) == "changePassword"


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("short", "10 to 200"),
        ("x" * 201, "10 to 200"),
        ("What.Cannot.Be", "must not be the login"),
        (PASSWORD, "another one"),
        (PASSWORD.replace("c", "ｃ"), "another one"),
    ],
)
async def test_what_cannot_be_the_new_one(town: Service, new: str, said: str) -> None:
    """Said before the current one is looked at: it costs no attempt, and tells nothing of it."""
    if await value(town, "SELECT 1 FROM account WHERE login = '350521-what.cannot.be'") is None:
        await person(town, "what.cannot.be")
    browser = Browser(town)
    browser.sign_in("350521-what.cannot.be")
    assert said in wanting(change(browser, new=new), "new")
    if new != PASSWORD:
        assert said in wanting(change(browser, new=new, current="x" if "short" in new else PASSWORD), "new")
    assert "changePasswordFailed" not in await events(town, "what.cannot.be")
    assert Browser(town).sign_in("350521-what.cannot.be").status_code == 204


async def test_only_by_a_session_of_this_page(town: Service) -> None:
    """Neither by a token, nor without anything, nor from elsewhere, nor twice; what is no request is none."""
    browser = await opened(town, "only-by")
    session = dict(browser.cookies)
    bearer = {"Authorization": f"Bearer {town.token('town_admin', '350521100')}"}
    refusal(change(Browser(town), headers=bearer), Code.UNAUTHENTICATED)
    refusal(change(Browser(town)), Code.UNAUTHENTICATED)
    refusal(change(Browser(town, cookies={"jinlin": bearer["Authorization"][7:]})), Code.UNAUTHENTICATED)
    refusal(change(Browser(town, cookies=session, language="zh"), headers=bearer), Code.BAD_REQUEST)
    for origin in ("https://elsewhere.example", None, "null"):
        refusal(change(Browser(town, origin=origin, cookies=dict(session))), Code.FORBIDDEN)
    for body in (
        {},
        {"current": PASSWORD},
        {"current": PASSWORD, "new": 1},
        {"current": PASSWORD, "new": NEW, "a": ""},
    ):
        refusal(browser.send("PUT", "/session/password", json=body), Code.BAD_REQUEST)
    for method in ("GET", "POST", "DELETE", "PATCH"):
        answer = browser.send(method, "/session/password")
        assert (answer.status_code, answer.headers["allow"]) == (405, "PUT")
    assert Browser(town).sign_in("350521-only-by").status_code == 204
    browser.send("DELETE", "/session")
    refusal(change(Browser(town, cookies=session)), Code.UNAUTHENTICATED)
    assert "changePassword" not in await events(town, "only-by")


async def test_who_has_no_password_here(town: Service) -> None:
    """Somebody who came through a provider is told where theirs is."""
    browser = await opened(town, "no-password")
    await value(town, "UPDATE account SET login = NULL, password = NULL WHERE login = '350521-no-password'")
    assert "identity provider" in refusal(change(browser), Code.BAD_USER_INPUT)


# --- guessing ---------------------------------------------------------------------------------------------------------


async def test_guessing_with_a_stolen_session(town: Service) -> None:
    """Ten guesses meet the pauses of signing in; so does the right one then; one's own browser is not kept out."""
    own = await opened(town, "stolen")
    thief = Browser(town, cookies={"jinlin": own.cookies["jinlin"]})
    answers = [change(thief, f"guess number {number}").status_code for number in range(10)]
    assert set(answers[: PLACE.free]) == {400}
    assert 429 in answers[PLACE.free :]
    thief = Browser(town, cookies=thief.cookies)  # from elsewhere
    await failed_before(town, PLACE, coded("stolen"), thief.address)
    wanting(change(thief, "one more guess"), "current")
    limited(change(thief))
    limited(Browser(town, address=thief.address).sign_in("350521-stolen"))  # it is one count
    assert (await events(town, "stolen")).count("changePasswordFailed") == answers.count(400) + 1
    assert change(own).status_code == 204


async def test_whatever_others_guess_a_known_browser_is_heard(town: Service) -> None:
    """As when signing in: with the login closed to strangers, the person's own browser changes the password."""
    own, stranger = await opened(town, "known-changes"), Browser(town)
    stranger.cookies["jinlin"] = own.cookies["jinlin"]
    await failed_before(town, LOGIN, coded("known-changes"))
    wanting(change(stranger, "a wrong password"), "current")
    assert limited(change(stranger)) <= LOGIN.longest
    assert change(own).status_code == 204


async def test_a_success_is_not_counted(town: Service) -> None:
    browser = await opened(town, "not-counted")
    current = PASSWORD
    for number in range(2 * PLACE.free):
        new = f"battery number {number}"
        assert change(browser, current, new).status_code == 204
        current = new


# --- at the same moment -----------------------------------------------------------------------------------------------


async def behind(town: Service, login: str, statement: str, *changes: Callable[[], httpx.Response]) -> list[int]:
    """The statuses of requests that wait for a transaction which then commits."""
    async with connected(town.database_url) as connection:
        async with connection.transaction():
            await connection.execute("SELECT 1 FROM account WHERE login = $1 FOR UPDATE", coded(login))
            asked = [asyncio.create_task(asyncio.to_thread(each)) for each in changes]

            async def waiting() -> bool:
                return bool(await value(town, WAITING) >= len(changes))

            await eventually(waiting)
            if statement:
                await connection.execute(statement, coded(login))
        return sorted(answer.status_code for answer in await asyncio.gather(*asked))


ELSEWHERE = {
    "the password is another": ("UPDATE account SET password = 'x' WHERE login = $1", 409),
    "the account is closed": ("UPDATE account SET closed_at = now() WHERE login = $1", 401),
    "the session is over": (
        "UPDATE credential SET revoked_at = now() WHERE account_id = (SELECT id FROM account WHERE login = $1)",
        401,
    ),
}


@pytest.mark.parametrize("what", ELSEWHERE)
async def test_what_changes_while_it_is_compared(town: Service, what: str) -> None:
    """The change that came first stands."""
    login = what.replace(" ", "-")
    browser = await opened(town, login)
    statement, status = ELSEWHERE[what]
    assert await behind(town, login, statement, lambda: change(browser)) == [status]
    assert "changePassword" not in await events(town, login)


async def test_twice_at_once(town: Service) -> None:
    """Of two changes from one session the first is done; the second compared what is no longer the password."""
    browser = await opened(town, "twice-at-once")
    both = (lambda: change(browser), lambda: change(browser, new=f"{NEW} two"))
    assert await behind(town, "twice-at-once", "", *both) == [204, 409]
    signing_in = [
        Browser(town).sign_in(coded("twice-at-once"), new).status_code for new in (NEW, f"{NEW} two", PASSWORD)
    ]
    assert sorted(signing_in) == [204, 401, 401]


# --- given by somebody else -------------------------------------------------------------------------------------------

CREATE = "mutation($in: CreateAccountInput!) { r: createAccount(input: $in) { account { id } userErrors { code } } }"
RESET = "mutation($in: ResetPasswordInput!) { r: resetPassword(input: $in) { password userErrors { code } } }"


def told(browser: Browser, query: str, variables: dict[str, Any], key: str = "") -> Any:
    """The payload of a mutation."""
    headers = {"Idempotency-Key": key} if key else {}
    body = {"query": query, "variables": variables}
    answer = browser.send("POST", "/graphql", json=body, headers=headers).json()
    assert "errors" not in answer, answer
    return answer["data"].get("r", answer["data"])


async def test_from_an_account_to_a_password_of_one_s_own(start: Start, capfd: pytest.CaptureFixture[str]) -> None:
    """Made, reset, signed in, changed: on two workers, and nothing that was typed or made up stays anywhere."""
    one, two = start(), start()
    admin = await opened(one, "gives-passwords", "county_admin")
    unit = told(admin, '{ orgUnit(by: {code: "350521100"}) { id } }', {})["orgUnit"]["id"]
    made = told(admin, CREATE, {"in": {"unitId": unit, "name": "新人", "login": "new.person"}})
    given = {"in": {"id": made["account"]["id"], "version": 1, "reason": "新账号"}}
    first = told(admin, RESET, given, key="first")["password"]
    assert told(admin, RESET, given, key="first")["password"] is None

    here, there = Browser(one), Browser(two)
    assert [each.sign_in("350521-new.person", first).status_code for each in (here, there)] == [204, 204]
    assert there.signed_in()
    second = told(admin, RESET, {"in": {**given["in"], "version": 2}})["password"]
    assert not there.signed_in()
    assert not here.signed_in()
    refusal(Browser(two).sign_in("350521-new.person", first), Code.UNAUTHENTICATED)

    assert here.sign_in("350521-new.person", second).status_code == 204
    assert must_change(here)
    wanting(change(here, first, "whatever it is to be"), "current")
    assert change(here, second, "a word of my own").status_code == 204
    assert not must_change(here)
    assert there.sign_in("350521-new.person", "a word of my own").status_code == 204
    assert not must_change(there)

    for service in (one, two):
        stop_service(service)
    logged = "".join(capfd.readouterr())
    async with connected(one.database_url) as connection:
        digest = (await connection.fetchval("SELECT password FROM account WHERE login = '350521-new.person'"))[-43:]
        for secret in (first, second, "whatever it is to be", "a word of my own"):
            assert await mentions(connection, secret) == []
            assert secret not in logged
        assert await mentions(connection, digest) == ["account.password"]
        assert digest not in logged


async def test_a_reset_while_someone_signs_in(town: Service) -> None:
    """Who signs in with the old password meanwhile waits for the reset, and gets no session out of it."""
    login = await person(town, "reset-meanwhile")
    statement = "UPDATE account SET password = 'x', password_temporary = true WHERE login = $1"
    assert await behind(town, login, statement, lambda: Browser(town).sign_in(login)) == [401]
    assert await sessions_of(town, login) == []


def test_from_the_command_line(town: Service) -> None:
    """What is made up is to be changed, what is typed is not; a new one ends the sessions and is on record."""
    made = user(town, *of("cli.made")).stdout.strip()
    user(town, *of("cli.given"), given=f"{PASSWORD}\n")
    first, second = Browser(town), Browser(town)
    assert first.sign_in("350521-cli.made", made).status_code == 204
    assert second.sign_in("350521-cli.given").status_code == 204
    assert (must_change(first), must_change(second)) == (True, False)
    done = user(town, "--login", "350521-CLI.Given", command="password")
    assert done.returncode == 0, done.stderr
    assert not second.signed_in()
    assert second.sign_in("350521-cli.given", done.stdout.strip()).status_code == 204
    assert must_change(second)
    assert user(town, "--login", "350521-cli.given", command="password", given=f"{NEW}\n").stdout == ""
    assert second.sign_in("350521-cli.given", NEW).status_code == 204
    assert not must_change(second)
    unknown = user(town, "--login", "cli.nobody", command="password", given=f"{NEW}\n")
    assert (unknown.returncode, "Nobody signs in as cli.nobody" in unknown.stderr) == (1, True)


async def test_the_constraint(town: Service) -> None:
    """A reason only where there is a temporary password, and that only where there is one."""
    login = await person(town, "constrained")
    for change_ in ("password_reset_for = 'x'", "password_temporary = true, password = NULL"):
        with pytest.raises(asyncpg.CheckViolationError, match="account_temporary_check"):
            await value(town, f"UPDATE account SET {change_} WHERE login = $1", login)
