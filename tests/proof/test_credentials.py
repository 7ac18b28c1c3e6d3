"""Everything that makes a credential stand, taken away one at a time: the next statement knows, reading or writing.

Each is taken away beneath an actor that is in memory already, by SQL, and again for one who was never seen before.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from policies.actor import Authenticator
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.read import Reading
from schema.pipeline.run.write import Writing
from services.access.credentials import hold
from services.errors import Code, Refused
from services.storage.database import Reader, Writer, connected
from services.storage.transaction import Transaction
from tests.built import CATALOGUE, SCHEMA
from tests.conftest import Database
from tests.golden.world import load
from tests.writes.api import LIMITS, Api

NAMES = "{ orgUnits { nodes { name } } }"
RENAME = 'mutation($id: ID!) { renameUnit(input: {id: $id, version: 1, name: "新名"}) { userErrors { code } } }'
TOWN = ("town_admin", "350521100")

# What is done to the credential, its account or its grant; `{c}`, `{a}` are their ids.
ENDS = {
    "revoked": "UPDATE credential SET revoked_at = now() WHERE id = '{c}'",
    "expired": "UPDATE credential SET expires_at = now() WHERE id = '{c}'",
    "not approved": "UPDATE credential SET approved_at = NULL, last_used_at = now() WHERE id = '{c}'",
    "unused": "UPDATE credential SET last_used_at = now() - interval '366 days' WHERE id = '{c}'",
    "nobody answers for its issue": "UPDATE credential SET issued_by = account_id WHERE id = '{c}'",
    "nobody answers for its approval": "UPDATE credential SET approved_by = account_id WHERE id = '{c}'",
    "closed": "UPDATE account SET closed_at = now() WHERE id = '{a}'",
}
LOSSES = {
    "grant revoked": "UPDATE role_grant SET revoked_at = now() WHERE account_id = '{a}'",
    "grant ended": "UPDATE role_grant SET until = now() WHERE account_id = '{a}'",
    "grant to come": "UPDATE role_grant SET since = now() + interval '1 day' WHERE account_id = '{a}'",
    "grant gone": "DELETE FROM role_grant WHERE account_id = '{a}'",
    "role unknown": "UPDATE role_grant SET role = 'janitor' WHERE account_id = '{a}'",
}


@pytest.fixture
async def api(database: Database) -> AsyncIterator[Api]:
    async with connected(database.url) as connection:
        await load(connection)
        made = Api(database.url, connection)
        yield made
        await made.close()


async def told(api: Api, sql: str) -> str:
    """Do something to the town's administrator, by name."""
    token = await api.token(*TOWN)
    account = await api.connection.fetchval("SELECT account_id FROM credential WHERE id = $1", token.split("_")[1])
    await api.connection.execute(sql.format(c=token.split("_")[1], a=account))
    return str(account)


def codes(answer: object) -> list[str]:
    assert isinstance(answer, dict)
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


@pytest.mark.parametrize("known", [True, False], ids=["known", "stranger"])
@pytest.mark.parametrize("end", ENDS)
async def test_a_credential_that_ended_is_refused(api: Api, end: str, known: bool) -> None:
    unit = await api.connection.fetchval("SELECT id FROM org_unit WHERE code = '350521100'")
    if known:
        assert (await api.data(TOWN, NAMES))["orgUnits"]["nodes"]
    await told(api, ENDS[end])
    assert codes(await api.ask(TOWN, NAMES)) == ["UNAUTHENTICATED"]
    assert codes(await api.ask(TOWN, RENAME, id=f"ou_{unit}")) == ["UNAUTHENTICATED"]
    assert await api.connection.fetchval("SELECT count(*) FROM audit_entry") == 0


@pytest.mark.parametrize("known", [True, False], ids=["known", "stranger"])
@pytest.mark.parametrize("loss", LOSSES)
async def test_a_grant_that_is_gone_gives_nothing(api: Api, loss: str, known: bool) -> None:
    unit = await api.connection.fetchval("SELECT id FROM org_unit WHERE code = '350521100'")
    if known:
        assert (await api.data(TOWN, NAMES))["orgUnits"]["nodes"]
    await told(api, LOSSES[loss])
    assert (await api.data(TOWN, NAMES))["orgUnits"]["nodes"] == []
    assert codes(await api.ask(TOWN, RENAME, id=f"ou_{unit}")) == ["NOT_FOUND"]


async def test_a_command_is_held_by_what_it_was_authorized_by(api: Api) -> None:
    """Each part of it by itself: the credential, its account, the revision, the earliest end."""
    token = await api.token(*TOWN)
    actor = await Authenticator(api._reader).actor(token)
    of = (actor.credential_id, actor.account_id, actor.revision, actor.until)
    past = await api.connection.fetchval("SELECT now()")
    assert await held(api.connection, *of)
    wrong = (("jl", *of[1:]), (of[0], uuid4(), *of[2:]), (*of[:2], of[2] + 1, of[3]), (*of[:3], past))
    for each in wrong:
        assert not await held(api.connection, *each)
    for end in ENDS.values():
        async with api.connection.transaction():
            await told(api, end)
            assert not await held(api.connection, *of)
            await api.connection.execute("UPDATE credential SET revoked_at = NULL, approved_at = now()")
            await api.connection.execute("UPDATE credential SET issued_by = NULL, approved_by = NULL")
            await api.connection.execute("UPDATE credential SET last_used_at = NULL")
            await api.connection.execute("UPDATE credential SET expires_at = now() + interval '1 day'")
            await api.connection.execute("UPDATE account SET closed_at = NULL")


async def held(connection: asyncpg.Connection, *of: object) -> bool:
    async with connection.transaction():
        return await hold(Transaction(connection), *of)  # type: ignore[arg-type]


async def test_a_statement_gives_nothing_once_something_ends_by_itself(api: Api) -> None:
    """The actor in memory still stands for the database, but one of its grants has ended since."""
    token = await api.token(*TOWN)
    reader = Reader(api.url, LIMITS)
    authenticator = Authenticator(reader)
    actor = await authenticator.actor(token)
    past = await api.connection.fetchval("SELECT now()")
    reading = Reading(CATALOGUE, SCHEMA, reader, authenticator, LIMITS)
    asked = Asked(NAMES, None, {})
    for changes, stands in (({}, True), ({"until": past}, False), ({"revision": actor.revision + 1}, False)):
        as_it_was = replace(actor, **changes)
        question = await reading.question(asked, await reading.prepare(asked, as_it_was))
        assert (await reading.run(question, as_it_was) is not None) is stands
    await reader.close()


async def test_narrowing_to_a_grant_leaves_that_grant_and_no_other(api: Api) -> None:
    """Also after all of them have been used; and to nobody else's."""
    account = UUID(await told(api, "SELECT 1"))
    token = await api.token(*TOWN)
    path = await api.connection.fetchval("SELECT path FROM org_unit WHERE code = '350524'")
    other = uuid4()
    insert = "INSERT INTO role_grant (id, account_id, role, unit_path) VALUES ($1, $2, 'auditor', $3)"
    await api.connection.execute(insert, other, account, path)
    reader, writer = Reader(api.url, LIMITS), Writer(api.url, LIMITS)
    reading = Reading(CATALOGUE, SCHEMA, reader, Authenticator(reader), LIMITS)
    writing = Writing(CATALOGUE, reading, writer)
    both = await reading.answer(Asked(NAMES, None, {}), token)
    only = await reading.answer(Asked(NAMES, None, {}, grant=other), token)
    assert [name in both.body.decode() for name in ("螺城镇", "安溪县")] == [True, True]
    assert [name in only.body.decode() for name in ("螺城镇", "安溪县")] == [False, True]
    unit = await api.connection.fetchval("SELECT id FROM org_unit WHERE code = '350521100'")
    refused = await writing.answer(Asked(RENAME, None, {"id": f"ou_{unit}"}, grant=other), token)
    assert [error.code for error in refused.errors] == [Code.NOT_FOUND]
    with pytest.raises(Refused, match="FORBIDDEN"):
        await reading.answer(Asked(NAMES, None, {}, grant=uuid4()), token)
    await api.connection.execute("UPDATE role_grant SET revoked_at = now() WHERE id = $1", other)
    with pytest.raises(Refused, match="FORBIDDEN"):
        await reading.answer(Asked(NAMES, None, {}, grant=other), token)
    await reader.close()
    await writer.close()
