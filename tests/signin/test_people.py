"""People as the command line and the demo make them."""

import json
import re
import subprocess
from pathlib import Path

import asyncpg
import pytest

from policies.demo_people import demo_people
from services.access.passwords import made_up, proper_login, proper_password
from services.errors import Rejected
from tests.conftest import Service, run
from tests.signin.browser import Browser, value
from tests.signin.test_sessions import NAME
from tests.terminal.command_lines import Done, Line, ran, run_all


def user(service: Service, *words: str, given: str = "", command: str = "user") -> subprocess.CompletedProcess[str]:
    """`server.py user`, or another command, beside a running service."""
    return ran((command, *words), {"DATABASE_URL": service.database_url, "PATH": "/usr/bin:/bin"}, given)


def of(login: str, role: str = "town_admin", at: str = "350521100") -> tuple[str, ...]:
    return ("--name", "测试", "--login", login, "--role", role, "--at", at)


def test_a_password_that_is_given(town: Service) -> None:
    done = user(town, *of("350521-Given.One"), given="a password of mine\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    browser = Browser(town)
    assert browser.sign_in("350521-given.one", "a password of mine").status_code == 204
    assert browser.ask().json() == NAME


def test_a_password_that_is_made_up(town: Service) -> None:
    done = user(town, *of("made.up"))
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}\n", done.stdout), done.stderr
    assert done.stderr == "登录名 / the login: 350521-made.up\n"  # the county's code was left out
    assert Browser(town).sign_in("350521-made.up", done.stdout.strip()).status_code == 204


REFUSED = tuple(
    Line(("user", *words), told, typed=typed)
    for words, typed, told in (
        (of("taken.one"), "another password", "The login 350521-taken.one is taken"),
        (of("350524-other.one"), "a password of mine", "begins with the county's own code: 350521-"),
        (of("3505-city.one"), "a password of mine", "begins with the county's own code: 350521-"),
        (of("350521-at.city", "county_admin", "3505"), "a password of mine", "the county's own code: 3505-"),
        (of("350521-"), "a password of mine", "begins with the county's own code: 350521-"),
        (of("x" * 60), "a password of mine", "A login has 2 to 64"),
        (of("x"), "a password of mine", "A login has 2 to 64"),
        (of("a b"), "a password of mine", "A login has 2 to 64"),
        (of("short.one"), "123456789", "A password has 10 to 200"),
        (of("the.same.one"), "The.Same.One", "must not be the login"),
        (of("the.same.one"), "350521-The.Same.One", "must not be the login"),
        (of("role.one", "root"), "a password of mine", "There is no role root"),
        (of("seat.one", "town_admin", "350521"), "a password of mine", "The role town_admin sits at TOWN"),
    )
)


@pytest.fixture(scope="module")
def refused(town: Service, tmp_path_factory: pytest.TempPathFactory) -> dict[Line, Done]:
    """What came of what cannot be, one after the other; no account did."""
    accounts = "SELECT count(*) FROM account"
    assert user(town, *of("taken.one"), given="a password of mine").returncode == 0
    before = run(value(town, accounts))
    done = run_all(REFUSED, tmp_path_factory.mktemp("people"), {"DATABASE_URL": town.database_url})
    assert run(value(town, accounts)) == before
    return dict(zip(REFUSED, done, strict=True))


@pytest.mark.parametrize("line", REFUSED, ids=lambda line: f"{line} < {line.typed}")
def test_what_cannot_be(refused: dict[Line, Done], line: Line) -> None:
    done = refused[line]
    assert (done.code, done.out) == (1, "")
    assert line.told in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("login", ["ab", "林梅", "lin.mei@huian", "a_b-c.d", "x" * 64])
def test_logins(login: str) -> None:
    assert proper_login(login) == login


@pytest.mark.parametrize("login", ["", "a", "x" * 65, "a b", "a/b", "a\0b", "a\nb", "a%b", "<b>"])
def test_what_is_no_login(login: str) -> None:
    with pytest.raises(Rejected):
        proper_login(login)


@pytest.mark.parametrize("password", ["1234567890", "密" * 10, "x" * 200])
def test_passwords(password: str) -> None:
    assert proper_password(password, "login") == password


def test_made_up_passwords() -> None:
    """They are passwords, and no two alike."""
    made = {proper_password(made_up(), "login") for _ in range(100)}
    assert len(made) == 100


@pytest.mark.parametrize("password", ["", "123456789", "x" * 201, "ｌｏｎｇ.ｌｏｇｉｎ", "LONG.LOGIN"])
def test_what_is_no_password(password: str) -> None:
    with pytest.raises(Rejected):
        proper_password(password, "long.login")


async def test_the_demos_people(world: asyncpg.Connection, tmp_path: Path) -> None:
    """One for each seat there is, the same each time, in a file nobody else can read; none for partners."""
    file = tmp_path / "people.json"
    people = await demo_people(world, file)
    assert [each.login for each in people] == [
        "350521-county_admin", "350521-town_admin", "350521-community_admin", "350524-property_committee",
        "350521-auditor",
    ]  # fmt: skip
    resting = "SELECT count(*) FROM role_grant WHERE under_id IS NOT NULL"
    assert await world.fetchval(resting) == 3, "town, community and auditor rest on who is above them"
    assert await demo_people(world, file) == people
    assert file.stat().st_mode & 0o077 == 0
    assert set(json.loads(file.read_text())) == {each.login for each in people}
    file.unlink()  # passwords that are lost are not given out again: others play
    assert {each.login for each in await demo_people(world, file)}.isdisjoint({each.login for each in people})
