"""Whatever sequence of commands anybody issues: nobody reaches what those who granted to them did not.

Reach is every (row, right) of the catalogue, as Casbin's matcher decides it row by row over what is in the database:
nothing here asks the rules that are tested.
"""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

import asyncpg
import pytest
from hypothesis import strategies as st

from policies.actor import SEATS
from policies.decide import Seat
from policies.delegation import fits
from services.storage.database import connected
from tests.access.office import (
    BUILDING,
    CAPTAIN,
    COMMUNITY,
    COMPANY,
    COUNTY,
    GRID,
    OTHER,
    OTHER_COUNTY,
    OTHER_TOWN,
    TOWN,
    Office,
    Who,
)
from tests.built import CATALOGUE
from tests.conftest import FURNISHED, Server
from tests.depth import deep
from tests.golden.world import UNITS, id_of, path_of
from tests.oracle import tables
from tests.oracle.declarations import Declarations
from tests.oracle.dispatch import Tables
from tests.oracle.sight import Sight
from tests.oracle.test_differential import explore
from tests.oracle.worlds import seats_of
from tests.policies.test_scope import rights
from tests.writes.api import Api
from tests.writes.street import day

SEATED = (COUNTY, TOWN, OTHER_TOWN, COMMUNITY, OTHER, GRID, OTHER_COUNTY, COMPANY, BUILDING, CAPTAIN)
HOMES = (COUNTY, TOWN, COMMUNITY, OTHER)
UNTIL = (None, None, 30, 60)
DECLARED, RIGHTS = Declarations(CATALOGUE), rights(CATALOGUE)
# Everybody's own account and grants, those of others, and what the trail tells of it, come and go with what is granted.
OF_ACCESS = ("account", "account.sign_in", "grant", "grant.above", "audit", "audit.request")
# What stops at the community: whoever is above appoints somebody for it, and does not have it.
BEYOND = ("help_request", "activity_sign_up", "activity_attendance", "home_visit")
TERRITORY = [right for right in RIGHTS if right[0].entity.policy not in OF_ACCESS and right[1] not in BEYOND]
Reach = frozenset[tuple[str, str, str, object]]

pytestmark = pytest.mark.timeout(900)


class Reaches:
    """What accounts reach; found once for the same seats over the same rows."""

    def __init__(self) -> None:
        self._rows: dict[str, Any] = {}
        self._known: dict[tuple[Seat, ...], Reach] = {}

    async def now(self, office: Office) -> dict[str, Reach]:
        """By account, every row with every right they have on it today."""
        rows = await tables.read(office.api.connection)
        if (apart := apart_from_grants(rows)) != self._rows:
            self._rows, self._known = apart, {}
        accounts = (row["id"] for row in rows["account"] if row["closed_at"] is None)
        return {f"ac_{account}": self._of(rows, seats_of(rows, account)) for account in accounts}

    def _of(self, rows: Tables, seats: tuple[Seat, ...]) -> Reach:
        if seats not in self._known:
            self._known[seats] = reach(Sight(DECLARED, rows, seats, datetime.now(tables.ZONE)))
        return self._known[seats]


def apart_from_grants(rows: Tables) -> dict[str, Any]:
    """All rows but grants and what counts or tells of commands: what is reached by the same seats hangs on no more."""
    told = ("role_grant", "audit_entry", "audit_change", "idempotency_key", "credential")
    kept = {table: each for table, each in rows.items() if table not in told}
    counted = {"revision", "version", "updated_at"}
    bare = [{name: value for name, value in row.items() if name not in counted} for row in rows["account"]]
    return {**kept, "account": sorted(bare, key=lambda row: str(row["id"]))}


def reach(sight: Sight) -> Reach:
    """Of who has these seats."""
    return frozenset(
        (kind.name, entity, action, row.get("id", id(row)))
        for kind, entity, action in TERRITORY
        if "id" in kind.entity.table.c
        for row in sight.every(kind)
        if sight.allows(kind, row, entity, action)
    )


async def played(office: Office, data: st.DataObject) -> None:
    """Two roots and a few accounts; then commands by anybody about anything."""
    roots = [await office.root("根一", "county_admin", COUNTY), await office.root("根二", "county_admin", OTHER_COUNTY)]
    people = [await office.hire(roots[0], f"人{number}", code) for number, code in enumerate((*HOMES, *HOMES))]
    granted = [
        await office.grant(roots[0], people[1], "town_admin", TOWN, until=day(45)),
        await office.grant(roots[0], people[2], "community_admin", COMMUNITY),
    ]
    reaches = Reaches()
    given = await reaches.now(office)
    before = given
    for _ in range(data.draw(st.integers(10, 18))):
        by = data.draw(st.sampled_from([*roots[:1] * 3, people[1], *people[2:3] * 3, *people]))
        command, done = await one(office, data, by, [*people, *roots], granted)
        after = await reaches.now(office)
        for account, now in after.items():
            more = now - before.get(account, frozenset())
            if not more:
                continue
            assert command == "grantRole", (command, by)
            assert done, "what was refused changed something"
            assert account != office.accounts[by[0]]
            assert more <= before[office.accounts[by[0]]], (by, account)
        before = after
    whole = frozenset().union(*(given[office.accounts[root[0]]] for root in roots))
    assert all(now <= whole for now in before.values())
    assert await outlasting(office) == 0


async def one(office: Office, data: st.DataObject, by: Who, others: list[Who], granted: list[str]) -> tuple[str, bool]:
    """One command by somebody: its name, and whether it was done."""
    command = data.draw(st.sampled_from(("grantRole",) * 5 + ("revokeGrant", "createAccount", "updateAccount")))
    if command == "grantRole":
        at = data.draw(st.sampled_from(SEATED))
        role = data.draw(st.sampled_from(fitting(at)) | st.sampled_from(sorted(SEATS)))
        ends = data.draw(st.sampled_from(UNTIL))
        asked = office.asking(data.draw(st.sampled_from(others)), role, at, **({"until": day(ends)} if ends else {}))
        answer = await office.api.attempt(by, command, "grant { id }", **asked)
    elif command == "revokeGrant":
        of = data.draw(st.sampled_from(granted or ["gr_0"]))
        keep = [*await resting(office, of), *data.draw(st.sampled_from(([], [], granted[:1])))]
        keep = [each for each in keep if data.draw(st.sampled_from((True, True, False)))]
        given: dict[str, Any] = {"id": of, "reason": "x", "keepIds": keep, "cascade": data.draw(st.booleans())}
        answer = await office.api.attempt(by, command, **given)
    elif command == "createAccount":
        home = office.asking(by, "", data.draw(st.sampled_from(HOMES)))["seatId"]
        answer = await office.api.attempt(by, command, unitId=home, name="新")
    else:
        home = office.asking(by, "", data.draw(st.sampled_from(HOMES)))["seatId"]
        account = office.accounts[data.draw(st.sampled_from(others))[0]]
        answer = await office.api.attempt(by, command, accountId=account, version=1, unitId=home, memberId=CAPTAIN)
    done = not isinstance(answer, str) and not answer["userErrors"]
    if done and command == "grantRole":
        granted.append(answer["grant"]["id"])
    return command, done


async def resting(office: Office, grant: str) -> list[str]:
    """The grants in force that rest directly on one."""
    rows = await office.api.connection.fetch(
        "SELECT 'gr_' || id AS id FROM role_grant WHERE 'gr_' || under_id = $1 AND revoked_at IS NULL ORDER BY since",
        grant,
    )
    return [row["id"] for row in rows]


def fitting(at: str) -> list[str]:
    """The roles that can be seated somewhere."""
    kind = {"co": "company", "bd": "building", "mb": "member"}.get(at[:2], "unit")
    level = next((level for code, _, level in UNITS if code == at), None)
    return [role for role in SEATS if fits(role, kind, level)]


async def outlasting(office: Office) -> int:
    """How many grants in force last longer than what they rest on, or rest on one that does not stand."""
    found: int = await office.api.connection.fetchval(
        "SELECT count(*) FROM role_grant g JOIN role_grant u ON u.id = g.under_id WHERE g.revoked_at IS NULL"
        " AND (u.revoked_at IS NOT NULL OR coalesce(u.until, 'infinity') < coalesce(g.until, 'infinity'))"
    )
    return found


EMPTIED = (
    "SET jinlin.retaining = 'on';"
    " TRUNCATE role_grant, credential, account, audit_change, audit_entry, idempotency_key CASCADE"
)


def test_nobody_reaches_what_those_who_granted_did_not(postgres: Server) -> None:
    """Step by step, and in the end."""
    with asyncio.Runner() as loop:
        url = postgres.at(loop.run(postgres.copy(FURNISHED)))

        async def opened(stack: AsyncExitStack) -> Api:
            connection = await stack.enter_async_context(connected(url))
            await crossing(connection)
            return Api(url, connection)

        stack = AsyncExitStack()
        api = loop.run(opened(stack))

        def case(data: st.DataObject) -> None:
            loop.run(fresh(api))
            loop.run(played(Office(api), data))

        explore(deep(4, 48), case)
        loop.run(api.close())
        loop.run(stack.aclose())


async def crossing(connection: asyncpg.Connection) -> None:
    """The company also works in the next county, and 演示党员 is captain in the community beside."""
    for name, code in (("外县小区", OTHER_COUNTY), ("邻居小区", OTHER)):
        await connection.execute(
            "INSERT INTO compound (id, unit_path, name, folded, pinyin, grams) VALUES ($1, $2, $3, 'x', 'x x', '{}')",
            *(id_of(name), path_of(code), name),
        )
    await connection.execute(
        "INSERT INTO management_contract (id, compound_id, unit_path, company_id, since)"
        " VALUES (gen_random_uuid(), $1, $2, $3, current_date)",
        *(id_of("外县小区"), path_of(OTHER_COUNTY), id_of("演示物业公司")),
    )
    await connection.execute(
        "INSERT INTO building (id, compound_id, unit_path, name, folded) VALUES ($1, $2, $3, '邻居楼', '邻居楼')",
        *(id_of("邻居楼"), id_of("邻居小区"), path_of(OTHER)),
    )
    await connection.execute(
        "INSERT INTO captain_term (id, building_id, unit_path, member_id, since)"
        " VALUES (gen_random_uuid(), $1, $2, $3, current_date)",
        *(id_of("邻居楼"), path_of(OTHER), id_of("演示党员")),
    )


async def fresh(api: Api) -> None:
    """The same world without an account."""
    await api.connection.execute(EMPTIED)
    api.tokens.clear()
