"""How often one may fail: counted across workers, alike whether a login is there, and no weapon against others."""

import asyncio

import httpx
import pytest

from services.access import lockout
from services.access.lockout import ADDRESS, LOGIN, PLACE, counted
from services.errors import Code, Refused
from services.storage.database import connected
from services.storage.transaction import Transaction
from tests.conftest import Database, Service
from tests.http.asking import refusal
from tests.signin.browser import Browser, person, value
from tests.signin.conftest import Start

KEY = b"k" * 32
SECRET = "SELECT value FROM service_secret WHERE name = 'session'"


def digest(key: bytes, meter: lockout.Meter, *of: str) -> bytes:
    """The key a meter counts under."""
    return lockout._counted(key, meter, of, cleared=False).key


def limited(answer: httpx.Response) -> int:
    """That an answer is RATE_LIMITED; for how many seconds."""
    refusal(answer, Code.RATE_LIMITED)
    return int(answer.headers["retry-after"])


async def seed(url: str, key: bytes, meter: lockout.Meter, *of: str) -> None:
    """So many failures that the next one is followed by a pause of minutes, or the meter's longest."""
    async with connected(url) as connection:
        await connection.execute(
            "INSERT INTO sign_in_failure VALUES ($1, $2, now(), now()) ON CONFLICT (key) DO UPDATE SET count = $2",
            *(digest(key, meter, *of), meter.free + 8),
        )


async def failed_before(service: Service, meter: lockout.Meter, *of: str) -> None:
    """The same, in the database of a service."""
    await seed(service.database_url, await value(service, SECRET), meter, *of)


def fail(browser: Browser, login: str, times: int) -> None:
    for _ in range(times):
        refusal(browser.sign_in(login, "a wrong password"), Code.UNAUTHENTICATED)


@pytest.mark.parametrize("exists", [True, False])
async def test_from_one_place(town: Service, exists: bool) -> None:
    """After five failures nobody is heard from there for a moment, whether the login is anyone's or not."""
    login = f"place-{exists}".lower()
    if exists:
        login = await person(town, login)
    browser = Browser(town)
    await failed_before(town, PLACE, login, browser.address)
    fail(browser, login, 1)
    answer = browser.sign_in(login)
    assert 1 <= limited(answer) <= PLACE.longest
    assert answer.json()["errors"][0]["message"].startswith("Too many failures to sign in; try again in ")
    elsewhere = Browser(town).sign_in(login)
    assert elsewhere.status_code == (204 if exists else 401)


async def test_on_every_worker_and_after_a_restart(town: Service, twin: Service, start: Start) -> None:
    login = await person(town, "workers")
    browser = Browser(town)
    other = Browser(twin, address=browser.address)
    await failed_before(town, PLACE, login, browser.address)
    fail(other, login, 1)
    limited(other.sign_in(login))
    limited(browser.sign_in(login))
    limited(Browser(start(), address=browser.address).sign_in(login))


async def test_many_at_once_are_as_many_in_a_row(town: Service, twin: Service) -> None:
    """Guesses that arrive together on two workers are counted before they are heard."""
    login = await person(town, "burst")
    one = Browser(town)
    two = Browser(twin, address=one.address)
    await failed_before(town, PLACE, login, one.address)
    tries = (asyncio.to_thread(each.sign_in, login, "a wrong password") for each in [one, two] * 15)
    answers = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert (answers.count(401), answers.count(429)) == (1, 29)


async def test_a_success_begins_anew(town: Service) -> None:
    login = await person(town, "anew")
    browser = Browser(town)
    for _ in range(3):
        browser.cookies.clear()
        fail(browser, login, PLACE.free - 1)
        assert browser.sign_in(login).status_code == 204


async def test_one_login_from_everywhere(town: Service) -> None:
    """Beyond its allowance a login is closed to strangers, for a short while; not to a browser that knows it."""
    login = await person(town, "everywhere-fails")
    known = Browser(town)
    assert known.sign_in(login).status_code == 204
    await failed_before(town, LOGIN, login)
    fail(Browser(town), login, 1)
    assert limited(Browser(town).sign_in(login)) <= LOGIN.longest
    assert known.sign_in(login).status_code == 204
    known.cookies.pop("jinlin")  # the session is over; the browser is still known
    assert known.sign_in(login).status_code == 204


async def test_a_known_browser_is_known_to_one_login(town: Service) -> None:
    """And guesses no better: its failures count like a place's."""
    mine, other = await person(town, "known-mine"), await person(town, "known-other")
    browser = Browser(town)
    browser.sign_in(mine)
    await failed_before(town, PLACE, mine, browser.cookies["jinlin-device"].partition(".")[0])
    fail(browser, mine, 1)
    limited(browser.sign_in(mine))
    assert Browser(town).sign_in(mine).status_code == 204
    await failed_before(town, PLACE, other, browser.address)
    fail(browser, other, 1)
    limited(browser.sign_in(other))
    for forged in (f"{'0' * 32}.{'0' * 64}", "x", ".", "", browser.cookies["jinlin-device"][:-1] + "x"):
        stranger = Browser(town, address=browser.address, cookies={"jinlin-device": forged})
        limited(stranger.sign_in(other))


# --- the counting itself, on every PostgreSQL ---


async def attempts(database: Database, *, login: str = "a", address: str = "1", device: str | None = None) -> int:
    """One attempt that fails: 0, or for how long nobody is heard."""
    async with connected(database.url) as connection:
        try:
            async with connection.transaction():
                await lockout.begin(Transaction(connection), counted(KEY, login, address, device))
        except Refused as refused:
            return int(dict(refused.headers)["Retry-After"])
    return 0


async def move(database: Database, by: str) -> None:
    """Let time pass."""
    async with connected(database.url) as connection:
        await connection.execute(
            "UPDATE sign_in_failure SET last_at = last_at - $1::text::interval,"
            " blocked_until = blocked_until - $1::text::interval",
            by,
        )


async def pause(database: Database, meter: lockout.Meter, *of: str) -> int:
    """The pause after the last failure, in seconds."""
    async with connected(database.url) as connection:
        lasts = "SELECT extract(epoch FROM blocked_until - last_at) FROM sign_in_failure WHERE key = $1"
        return round(float(await connection.fetchval(lasts, digest(KEY, meter, *of))))


async def test_pauses_double_up_to_the_longest(database: Database) -> None:
    pauses = []
    for _ in range(18):
        assert await attempts(database) == 0
        pauses.append(await pause(database, PLACE, "a", "1"))
        await move(database, f"{pauses[-1]} seconds")
    assert pauses == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, *[PLACE.longest] * 4]


async def test_an_address_whatever_the_login(database: Database) -> None:
    for number in range(ADDRESS.free):
        assert await attempts(database, login=f"login{number}") == 0
    assert await pause(database, ADDRESS, "1") == 1
    await move(database, "1 second")
    assert await attempts(database, login="another") == 0
    assert await pause(database, ADDRESS, "1") == 2
    assert await attempts(database, login="another", address="2") == 0


async def test_who_is_refused_makes_no_pause_longer(database: Database) -> None:
    """So that who keeps trying does not keep anyone out for longer, and leaves nothing behind."""
    await seed(database.url, KEY, LOGIN, "a")
    assert await attempts(database, address="first") == 0
    assert await pause(database, LOGIN, "a") == LOGIN.longest
    for number in range(30):
        assert 1 <= await attempts(database, address=f"b{number}") <= LOGIN.longest
    async with connected(database.url) as connection:
        assert await connection.fetchval("SELECT count(*) FROM sign_in_failure") == 3
    await move(database, f"{LOGIN.longest} seconds")
    assert await attempts(database, address="c") == 0


async def test_what_is_over_is_forgotten(database: Database) -> None:
    """And the table stays small."""
    for number in range(30):
        await attempts(database, login=f"login{number}", address=f"a{number}")
    await move(database, "61 minutes")
    assert await attempts(database) == 0
    async with connected(database.url) as connection:
        assert await connection.fetchval("SELECT count(*) FROM sign_in_failure") == 3


async def test_no_login_can_be_read(town: Service) -> None:
    """What people type in the wrong field is not kept either."""
    fail(Browser(town), "my secret password", 1)
    rows = await value(town, "SELECT string_agg(encode(key, 'escape'), ' ') FROM sign_in_failure")
    assert "secret" not in rows
