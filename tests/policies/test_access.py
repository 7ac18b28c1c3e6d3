"""Tokens, seats and actors: who is asking, and that nothing of it outlives a change."""

import importlib.metadata
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from policies import decide
from policies.actor import LEVELS, SEATS, Authenticator
from policies.demo_tokens import demo_tokens
from policies.scope import NOTHING, Way, Within
from policies.tokens import Seat, issue
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.read import Reading
from services.errors import Refused
from services.settings import Limits
from services.storage.database import Reader
from tests.built import CATALOGUE, SCHEMA
from tests.conftest import Database
from tests.writes.api import planned_once

DESIGNED = {
    "county_admin", "town_admin", "community_admin", "property_committee", "company_secretary", "instructor", "captain",
    "member", "auditor", "partner", "visit_keeper", "department_officer",
}  # fmt: skip
NAMES = Asked("{ orgUnits(first: 100) { nodes { name } } viewer { grants { role } } }", None, {})


@pytest.fixture
async def reading(golden: Database) -> AsyncIterator[Reading]:
    """The pipeline over the golden world."""
    reader = Reader(golden.service_url, Limits())
    yield planned_once(Reading(CATALOGUE, SCHEMA, reader, Authenticator(reader), Limits()))
    await reader.close()


async def token(world: asyncpg.Connection, role: str = "town_admin", at: str = "350521100") -> str:
    """A token of the golden world."""
    return await issue(world, Seat("test", role, at), 1)


def test_every_role_of_the_design_is_in_the_policy() -> None:
    """The roles of roles.csv are those of the design, `everyone`, and one that only others inherit."""
    assert set(decide.roles()) == DESIGNED | {"everyone", "administrator", "line_watcher"}
    assert set(SEATS) == DESIGNED


def test_nothing_named_is_nothing_allowed() -> None:
    """No seat, an unknown role, entity or action: no row."""
    seats = [("county_admin", Within("35/"))]
    assert decide.scope([], "unit", "read") == NOTHING
    assert decide.scope([("nobody", Within("35/"))], "unit", "read") == NOTHING
    assert decide.scope(seats, "nothing", "read") == NOTHING
    assert decide.scope(seats, "unit", "destroy") == NOTHING
    assert decide.scope([("member", Within("35/"))], "party_organization", "read") == NOTHING


def test_a_denial_is_not_logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """Casbin would write whom it refused, and what, at WARNING."""
    with caplog.at_level(logging.DEBUG):
        assert not decide.enforce([("member", Within("35/"))], "party_organization", "read", {Way.WITHIN: ["35/"]})
    assert caplog.text == ""
    assert "35/" not in "".join(capfd.readouterr())


async def test_a_token_is_stored_as_its_digest(world: asyncpg.Connection) -> None:
    """Nothing of the secret is in the database."""
    text = await token(world)
    secret = text.split("_")[2]
    rows = await world.fetch("SELECT t::text AS row FROM credential t")
    assert not any(secret in row["row"] for row in rows)


async def test_a_token_with_one_character_changed(world: asyncpg.Connection, reading: Reading) -> None:
    """Whichever it is, the answer is 401; also when the checksum is made to fit."""
    text = await token(world)
    assert b'"name"' in (await reading.answer(NAMES, text)).body
    for at in range(len(text)):
        wrong = text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]
        with pytest.raises(Refused, match="UNAUTHENTICATED"):
            await reading.answer(NAMES, wrong)
    from policies.actor import _checksum

    head, token_id, secret, _ = text.split("_")
    body = f"{head}_{token_id}_{secret[::-1]}"
    with pytest.raises(Refused, match="UNAUTHENTICATED"):
        await reading.answer(NAMES, f"{body}_{_checksum(body)}")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE credential SET revoked_at = now() WHERE id <> 'golden'",
        "UPDATE credential SET expires_at = now() - interval '1 second' WHERE id <> 'golden'",
        "DELETE FROM credential WHERE id <> 'golden'",
        "DELETE FROM account WHERE name = 'test'",
    ],
)
async def test_a_token_that_ended_reads_nothing(world: asyncpg.Connection, reading: Reading, change: str) -> None:
    """The very next request is refused, though the actor is in memory."""
    text = await token(world)
    await reading.answer(NAMES, text)
    await world.execute(change)
    with pytest.raises(Refused, match="UNAUTHENTICATED"):
        await reading.answer(NAMES, text)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM role_grant WHERE role = 'town_admin'",
        "UPDATE role_grant SET until = since + interval '1 microsecond' WHERE role = 'town_admin'",
        "UPDATE role_grant SET since = now() + interval '1 day' WHERE role = 'town_admin'",
        "UPDATE role_grant SET role = 'no such role' WHERE role = 'town_admin'",
        "UPDATE role_grant SET role = 'captain' WHERE role = 'town_admin'",
    ],
)
async def test_a_grant_that_ended_reads_nothing(world: asyncpg.Connection, reading: Reading, change: str) -> None:
    """The token stands, the rows are gone with the very next statement."""
    text = await token(world)
    assert "螺城镇" in (await reading.answer(NAMES, text)).body.decode()
    await world.execute(change)
    assert b'"nodes":[]' in (await reading.answer(NAMES, text)).body


async def test_a_grant_ends_by_itself(world: asyncpg.Connection, reading: Reading) -> None:
    """An actor in memory does not outlive the earliest end of a grant: the statement compares it with its own clock."""
    text = await token(world)
    await world.execute("UPDATE role_grant SET until = now() + interval '300 milliseconds' WHERE role = 'town_admin'")
    assert "螺城镇" in (await reading.answer(NAMES, text)).body.decode()
    await world.fetchval("SELECT pg_sleep_for('400 milliseconds')")
    assert b'"nodes":[]' in (await reading.answer(NAMES, text)).body


async def test_a_seat_moves_with_its_unit(world: asyncpg.Connection, reading: Reading) -> None:
    """A town moved to another county stays its administrator's, though the path in memory is the old one."""
    text = await token(world)
    before = await reading.answer(NAMES, text)
    await world.execute("UPDATE org_unit SET parent_path = '35/3505/350524/' WHERE code = '350521100'")
    assert await reading.answer(NAMES, text) == before


async def test_grants_are_united(world: asyncpg.Connection, reading: Reading) -> None:
    """Two seats see what each sees, once."""
    text = await token(world, "community_admin", "350521100002")
    account = await world.fetchval("SELECT account_id FROM role_grant WHERE role = 'community_admin'")
    await world.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path) SELECT gen_random_uuid(), $1, 'town_admin', path"
        " FROM org_unit WHERE code = '350524100'",
        account,
    )
    answer = (await reading.answer(NAMES, text)).body.decode()
    assert [name in answer for name in ("西北社区居委会", "凤城镇", "北关社区居委会", "惠安县")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("role", "at", "days"),
    [
        ("county_admin", "350521100", 1),
        ("town_admin", "350521", 1),
        ("community_admin", "350521100001001", 1),
        ("member", "350521100001", 1),
        ("captain", "350521100001", 1),
        ("captain", "ou_c9432bb2-d22a-56ea-965b-131f987aaacb", 1),
        ("captain", "bd_c9432bb2-d22a-56ea-965b-131f987aaacb", 1),
        ("captain", "bd_", 1),
        ("company_secretary", "350521", 1),
        ("company_secretary", "911101080000000000", 1),
        ("everyone", "350521", 1),
        ("root", "350521", 1),
        ("town_admin", "999999999", 1),
        ("town_admin", "３５０５２１１００", 1),
        ("town_admin", "350521100' OR true --", 1),
        ("town_admin", "350521100", 0),
        ("town_admin", "350521100", 367),
    ],
)
async def test_a_token_that_cannot_be(world: asyncpg.Connection, role: str, at: str, days: int) -> None:
    """A role sits only at its level, at a unit there is, for at most a year; a refused token leaves no account."""
    with pytest.raises(Refused, match="BAD_USER_INPUT"):
        await issue(world, Seat("test", role, at), days)
    assert await world.fetchval("SELECT count(*) FROM account WHERE name = 'test'") == 0


async def test_every_seat_can_be_held(world: asyncpg.Connection, reading: Reading) -> None:
    """Each role that has a seat can be issued at each of its levels, and reads something there."""
    units = {
        row["level"]: row["code"] for row in await world.fetch("SELECT level, code FROM org_unit ORDER BY code DESC")
    }
    for role, levels in LEVELS.items():
        for level in levels:
            text = await token(world, role, units[level])
            assert b'"nodes":[{' in (await reading.answer(NAMES, text)).body


def test_the_maintained_casbin_is_installed() -> None:
    """Both distributions import as `casbin`; only pycasbin is maintained."""
    names = {distribution.metadata["Name"] for distribution in importlib.metadata.distributions()}
    assert "pycasbin" in names
    assert "casbin" not in names


async def test_a_database_without_the_demo_s_seats_gives_the_tokens_it_can(
    golden: Database, world: asyncpg.Connection, tmp_path: Path
) -> None:
    """As one does that an earlier version filled: the service starts and says whom one can be."""
    reader = Reader(golden.service_url, Limits())
    pairs = await demo_tokens(world, reader, tmp_path / "tokens.json")
    assert len(pairs) == 6
    assert await demo_tokens(world, reader, tmp_path / "tokens.json") == pairs
    rests = """SELECT account.name AS below, granter.name AS above, account.unit_path FROM role_grant held
        JOIN account ON account.id = held.account_id JOIN account granter ON granter.id = held.granted_by"""
    chain = {row["below"][3:7]: (row["above"][3:7], row["unit_path"]) for row in await world.fetch(rests)}
    assert chain == {
        "乡镇管理": ("县级管理", "35/3505/350521/350521100/"),
        "社区管理": ("乡镇管理", "35/3505/350521/350521100/350521100001/"),
        "审计 a": ("县级管理", "35/3505/350521/"),
        "合作单位": ("乡镇管理", "35/3505/350521/350521100/"),
    }
    await reader.close()
