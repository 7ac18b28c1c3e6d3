"""Those who grant and revoke at the same moment: whoever comes later knows what came before."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from services.storage.database import connected
from tests.access.office import CAPTAIN, COMMUNITY, COUNTY, TOWN, Chain, Office

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
STANDING = """
    SELECT count(*) FROM role_grant g JOIN account a ON a.id = g.account_id
    WHERE a.name = $1 AND g.revoked_at IS NULL
"""


async def waiting(office: Office, count: int) -> None:
    """Until so many sessions wait for a lock."""
    async with asyncio.timeout(20):
        while await office.api.connection.fetchval(WAITING) < count:
            pass


@asynccontextmanager
async def beside(office: Office) -> AsyncIterator[asyncpg.Connection]:
    """A transaction beside the service, committed in the end."""
    async with connected(office.api.url) as connection, connection.transaction():
        yield connection


async def test_the_same_grant_twice_at_once_is_there_once(office: Office, chain: Chain) -> None:
    """By two who may; the later one is told."""
    county, town, _, _ = chain
    person = await office.hire(town, "员")
    asked = office.asking(person, "member", CAPTAIN)
    answers = await asyncio.gather(*(office.api.attempt(by, "grantRole", **asked) for by in (county, town)))
    refused = [answer for answer in answers if answer == "CONFLICT" or answer["userErrors"]]
    assert len(refused) == 1
    assert await office.api.connection.fetchval(STANDING, "员") == 1


async def test_a_cascade_takes_along_what_is_granted_meanwhile(office: Office, chain: Chain) -> None:
    """The grant holds its granter's account before the revocation comes: it is done, and then revoked with the rest."""
    county, town, _, (first, _) = chain
    person = await office.hire(town, "员")
    async with beside(office) as other:
        await other.execute("SELECT 1 FROM account WHERE name = '员' FOR UPDATE")
        granting = asyncio.ensure_future(office.grant(town, person, "community_admin", COMMUNITY))
        await waiting(office, 1)
        revoking = asyncio.ensure_future(office.revoke(county, first, cascade=True))
        await waiting(office, 2)
    await granting
    assert ("员", "community_admin", True) in await revoking
    assert await office.api.connection.fetchval(STANDING, "员") == 0


async def test_nothing_is_granted_by_whose_own_grant_is_being_revoked(office: Office, chain: Chain) -> None:
    """The command waits for the revocation, and then has nothing to grant from."""
    _, town, _, _ = chain
    person = await office.hire(town, "员")
    async with beside(office) as other:
        await other.execute("UPDATE role_grant SET revoked_at = now() WHERE role = 'town_admin'")
        asked = office.asking(person, "community_admin", COMMUNITY)
        granting = asyncio.ensure_future(office.api.attempt(town, "grantRole", **asked))
        await waiting(office, 1)
    assert await granting == "NOT_FOUND"
    assert await office.api.connection.fetchval(STANDING, "员") == 0


async def test_two_grants_and_a_revocation_at_once(office: Office, chain: Chain) -> None:
    """In whatever order they come: what the revoked one granted does not outlive it."""
    county, town, _, (first, _) = chain
    people = [await office.hire(town, f"员{number}") for number in range(2)]
    asked = [office.asking(person, "community_admin", COMMUNITY) for person in people]
    given: dict[str, Any] = {"id": first, "reason": "调离", "cascade": True}
    await asyncio.gather(
        *(office.api.attempt(town, "grantRole", **each) for each in asked),
        office.api.attempt(county, "revokeGrant", **given),
    )
    left = (await office.api.data(county, "{ grants(filter: {inForce: true}) { nodes { accountName } } }"))["grants"]
    if TOWN not in await office.units(town):  # unless the revocation was the one to give way
        assert {each["accountName"] for each in left["nodes"]} <= {"县", "测试账号"}


@pytest.mark.parametrize("leaving", [False, True], ids=["each other", "themselves"])
async def test_two_administrators_at_once_leave_one(office: Office, leaving: bool) -> None:
    """Whether they revoke each other's grants or give up their own."""
    one = await office.root("甲", "county_admin", COUNTY)
    two = await office.root("乙", "county_admin", COUNTY)
    await office.api.connection.execute("UPDATE role_grant SET revoked_at = now() WHERE account_id NOT IN"
                                        " (SELECT id FROM account WHERE name IN ('甲', '乙'))")  # fmt: skip
    own = [
        (await office.api.data(who, "{ viewer { grants { id } } }"))["viewer"]["grants"][0]["id"] for who in (one, two)
    ]
    targets = own if leaving else own[::-1]
    await asyncio.gather(
        *(
            office.api.attempt(who, "revokeGrant", id=grant, reason="离任")
            for who, grant in zip((one, two), targets, strict=True)
        )
    )
    left = [await office.api.connection.fetchval(STANDING, name) for name in ("甲", "乙")]
    assert sorted(left) == [0, 1]


async def test_grants_that_rest_on_one_another_end(office: Office, chain: Chain) -> None:
    """A circle, which no single command makes, is gone through once."""
    county, _, _, (first, second) = chain
    await office.api.connection.execute(
        "UPDATE role_grant SET under_id = (SELECT id FROM role_grant WHERE role = 'community_admin')"
        " WHERE role = 'town_admin'"
    )
    below = [("社区", "community_admin", False)]
    assert await office.revoke(county, first, dryRun=True, keepIds=[second]) == below
    assert await office.revoke(county, second, keepIds=[first]) == [("镇", "town_admin", False)]
    assert await office.revoke(county, first) == []
