"""How sessions end: by their owner, by others, by time; and what stands between a request and its database."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from argon2 import PasswordHasher

from services.access import sessions
from services.access.passwords import HASHER, Passwords
from services.errors import Code
from services.storage.database import connected
from services.storage.transaction import Transaction
from tests.conftest import Service, stop_service
from tests.hashing import REAL
from tests.http.asking import errors, refusal
from tests.signin.browser import PASSWORD, Browser, person, sessions_of, value
from tests.signin.conftest import Start
from tests.signin.test_sessions import NAME, WRONG, eventually

CHANGES = {
    "revoked": "UPDATE credential SET revoked_at = now() WHERE id = $1",
    "over": "UPDATE credential SET expires_at = now() WHERE id = $1",
    "gone": "DELETE FROM credential WHERE id = $1",
    "account closed": "UPDATE account SET closed_at = now() FROM credential c"
    " WHERE account_id = account.id AND c.id = $1",
}


@pytest.mark.parametrize("change", CHANGES)
async def test_an_end_is_an_end_for_the_next_request(town: Service, change: str) -> None:
    browser = Browser(town)
    browser.sign_in(await person(town, f"ending-{change.replace(' ', '-')}"))
    assert browser.ask().json() == NAME
    await value(town, CHANGES[change], browser.cookies["jinlin"].split("_")[1])
    refusal(browser.ask(), Code.UNAUTHENTICATED)
    assert not browser.signed_in()


async def test_another_password_ends_the_other_sessions(town: Service) -> None:
    login = await person(town, "changing")
    here, there = Browser(town), Browser(town)
    for browser in (here, there):
        assert browser.sign_in(login).status_code == 204
        assert browser.ask().json() == NAME
    passwords = Passwords()
    new = await passwords.hashed("another password")
    passwords.close()
    async with connected(town.database_url) as connection, connection.transaction():
        account = await connection.fetchval("SELECT id FROM account WHERE login = $1", login)
        await sessions.change_password(Transaction(connection), account, new, here.cookies["jinlin"].split("_")[1])
    assert here.ask().json() == NAME
    refusal(there.ask(), Code.UNAUTHENTICATED)
    refusal(Browser(town).sign_in(login), Code.UNAUTHENTICATED)
    assert Browser(town).sign_in(login, "another password").status_code == 204


async def test_a_password_that_changes_while_it_is_compared(town: Service) -> None:
    """Who signs in with the old one meanwhile waits for the change, and gets no session out of it."""
    login = await person(town, "racing")
    browser = Browser(town)
    async with connected(town.database_url) as connection:
        change = connection.transaction()
        await change.start()
        await connection.execute("UPDATE account SET password = 'x' WHERE login = $1", login)
        signing_in = asyncio.create_task(asyncio.to_thread(browser.sign_in, login))
        waiting = (
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        await eventually(lambda: value(town, waiting))
        await change.commit()
        assert refusal(await signing_in, Code.UNAUTHENTICATED) == WRONG
    assert await sessions_of(town, login) == []


def test_what_a_hash_costs() -> None:
    """More than OWASP's least: twice over 19 MiB."""
    assert (REAL.time_cost >= 2, REAL.memory_cost > 19 * 1024) == (True, True)


@pytest.mark.parametrize(
    "made", [PasswordHasher(time_cost=1, memory_cost=512, parallelism=1), REAL], ids=["cheap", "dear"]
)
async def test_an_older_hash_is_made_anew(town: Service, made: PasswordHasher) -> None:
    login = await person(town, f"older-{made.memory_cost}")
    weak = made.hash(PASSWORD)
    await value(town, "UPDATE account SET password = $2 WHERE login = $1", login, weak)
    refusal(Browser(town).sign_in(login, "not this one"), Code.UNAUTHENTICATED)
    assert await value(town, "SELECT password FROM account WHERE login = $1", login) == weak
    assert Browser(town).sign_in(login).status_code == 204
    stored = await value(town, "SELECT password FROM account WHERE login = $1", login)
    assert not HASHER.check_needs_rehash(stored)
    assert HASHER.verify(stored, PASSWORD)
    assert Browser(town).sign_in(login).status_code == 204


async def test_two_at_once(town: Service) -> None:
    """Each gets a session of its own."""
    login = await person(town, "at-once")
    browsers = [Browser(town) for _ in range(6)]
    answers = await asyncio.gather(*(asyncio.to_thread(each.sign_in, login) for each in browsers))
    assert {each.status_code for each in answers} == {204}
    assert len({each.cookies["jinlin"] for each in browsers}) == 6
    assert all(each.ask().json() == NAME for each in browsers)


# --- across workers and restarts ---


async def test_on_every_worker_and_after_a_restart(town: Service, start: Start) -> None:
    browser = Browser(town)
    browser.sign_in(await person(town, "everywhere"))
    other = Browser(start(), cookies=browser.cookies)
    assert other.ask().json() == NAME
    assert browser.send("DELETE", "/session").status_code == 204
    refusal(other.ask(), Code.UNAUTHENTICATED)


async def test_idleness(start: Start) -> None:
    """A session ends when nobody used it for a while, on every worker, and not while it is used on one of them."""
    one, two = (start(JINLIN_IDLE_SECONDS="3") for _ in range(2))
    busy, idle = Browser(one), Browser(one)
    for browser in (idle, busy):
        browser.sign_in(await person(one, f"idle-{browser.address}"))
        assert browser.ask().json() == NAME
    (first,) = await sessions_of(one, f"idle-{busy.address}")

    async def moved() -> bool:
        assert Browser(two, cookies=busy.cookies).ask().json() == NAME
        (now,) = await sessions_of(one, f"idle-{busy.address}")
        return bool((now["expires_at"] - first["expires_at"]).total_seconds() > 3)

    await eventually(moved)  # longer than it may lie idle
    (over,) = await sessions_of(one, f"idle-{idle.address}")
    assert over["expires_at"] - over["last_used_at"] == timedelta(seconds=3)
    assert Browser(one, cookies=busy.cookies).ask().json() == NAME
    for service in (one, two):
        refusal(Browser(service, cookies=idle.cookies).ask(), Code.UNAUTHENTICATED)
    for service in (one, two):
        stop_service(service)  # whatever they have to note is noted by then: to try an old session does not revive it
    assert await sessions_of(one, f"idle-{idle.address}") == [over]


async def test_a_whole_life(start: Start) -> None:
    """However busy, a session ends; and its use does not bring it back."""
    service = start(JINLIN_SESSION_SECONDS="2", JINLIN_IDLE_SECONDS="1000")
    browser = Browser(service)
    browser.sign_in(await person(service, "life"))

    async def over() -> bool:
        return browser.ask().status_code == 401

    await eventually(over)
    (row,) = await sessions_of(service, "life")
    assert (row["expires_at"] - row["created_at"]).total_seconds() <= 2
    refusal(browser.ask(), Code.UNAUTHENTICATED)


async def test_last_use_is_noted_of_tokens_too(town: Service) -> None:
    """And not with every request: once, while they follow each other."""
    bearer = {"Authorization": f"Bearer {town.token('county_admin', '350521')}"}
    credential = bearer["Authorization"].split("_")[1]
    ends = await value(town, "SELECT expires_at FROM credential WHERE id = $1", credential)

    async def noted() -> bool:
        Browser(town).ask(headers=bearer)
        return bool(await value(town, "SELECT last_used_at IS NOT NULL FROM credential WHERE id = $1", credential))

    await eventually(noted)
    version = await value(town, "SELECT xmin::text FROM credential WHERE id = $1", credential)
    for _ in range(20):
        Browser(town).ask(headers=bearer)
    assert await value(town, "SELECT xmin::text FROM credential WHERE id = $1", credential) == version
    assert await value(town, "SELECT expires_at FROM credential WHERE id = $1", credential) == ends


async def test_without_its_database(start: Start) -> None:
    """Nobody is let in by a database that is not there."""
    service = start(database_url="postgresql://nobody@127.0.0.1:1/none")
    answer = Browser(service).sign_in("anyone")
    refusal(answer, Code.UNAVAILABLE)
    assert answer.headers["retry-after"]
    refusal(Browser(service, cookies={"jinlin": "js_x_y_z"}).ask(), Code.UNAUTHENTICATED)


def test_a_slow_body(start: Start) -> None:
    """The body's deadline is that of /graphql."""
    service = start(JINLIN_DEADLINE_MS="300")
    host, port = service.url.removeprefix("http://").split(":")

    async def half() -> bytes:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"POST /session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
        )
        return await asyncio.wait_for(reader.read(), 20)

    answer = asyncio.run(half())
    assert answer.startswith(b"HTTP/1.1 408 ")
    errors(httpx.Response(408, content=answer.partition(b"\r\n\r\n")[2]).json()["errors"], Code.BAD_REQUEST)
