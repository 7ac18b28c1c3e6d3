"""A town to govern: the units of the golden world, and rows put into it one by one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Table, select

from services.appointments.tables import PostKind, posts
from services.captains import commands as captains
from services.captains.tables import captain_terms
from services.members.tables import Standing, members
from services.organization.tables import PartyKind, PartyTier, party_organizations
from services.properties.tables import buildings, companies, compounds, contracts, owners_committees
from services.storage.database import connected
from services.storage.tables import named
from services.storage.transaction import Record, Transaction
from tests.days import today
from tests.golden.world import path_of

# Days on which terms begin, a month or so apart: all of them over, none too long ago to hand over on it.
FIRST, SECOND, THIRD = (today() - timedelta(days=number) for number in (75, 44, 14))
COUNTY, COMMUNITY, GRID = "350521", "350521100001", "350521100001001"


class Town:
    """Rows for tests, each made with what matters to the test and read back as commands get them."""

    def __init__(self, connection: asyncpg.Connection, url: str) -> None:
        self.connection = connection
        self.url = url
        self.tx = Transaction(connection)

    async def add(self, table: Table, **values: Any) -> Record:
        """A row of a table; a name's search keys are made where the table has them."""
        if "name" in values:
            values |= named(table, values["name"])
        return await self.row(table, await self.tx.insert(table, **values))

    async def row(self, table: Table, id: UUID) -> Record:
        """The row as it is now."""
        found = await self.tx.row(select(table).where(table.c.id == id))
        assert found is not None
        return found

    async def member(self, name: str, at: str = GRID, standing: Standing = Standing.IN_SERVICE) -> Record:
        """A member serving at a unit."""
        return await self.add(members, name=name, unit_path=path_of(at), standing=standing)

    async def hand_over(self, building: Record, member: Record, on: date) -> UUID:
        """Hand a building over, as whoever looks at the term that runs on the day, or the nearest there is."""
        terms = select(captain_terms).where(captain_terms.c.building_id == building["id"])
        nearest = terms.order_by(captain_terms.c.since > on, captain_terms.c.since.desc()).limit(1)
        held = await self.tx.row(nearest)
        assert held is not None
        return (await captains.hand_over(self.tx, assignment=held, member=member, on=on)).id

    async def compound(self, name: str, at: str = COMMUNITY) -> Record:
        """A compound in a unit."""
        return await self.add(compounds, name=name, unit_path=path_of(at))

    async def building(self, compound: Record, name: str) -> Record:
        """A building of a compound."""
        return await self.add(buildings, compound_id=compound["id"], unit_path=compound["unit_path"], name=name)

    async def company(self, name: str, number: int = 0, branch: Record | None = None) -> Record:
        """A property company in the county's register."""
        held = branch and branch["id"]
        return await self.add(
            companies,
            name=name,
            unit_path=path_of(COUNTY),
            credit_code=await self._code(number),
            organization_id=held,
        )

    async def _code(self, number: int) -> str:
        """The one code of these 18 characters whose check character the database accepts."""
        body = f"91350521MA{number:07}"
        valid = "SELECT $1 || c FROM unnest(string_to_array($2, NULL)) AS c WHERE is_credit_code($1 || c)"
        found: str = await self.connection.fetchval(valid, body, "0123456789ABCDEFGHJKLMNPQRTUWXY")
        return found

    async def contract(self, compound: Record, company: Record, since: date, until: date | None = None) -> Record:
        """A company's contract for a compound."""
        place = {"compound_id": compound["id"], "unit_path": compound["unit_path"]}
        return await self.add(contracts, **place, company_id=company["id"], since=since, until=until)

    async def organization(
        self, name: str, at: str = COMMUNITY, tier: PartyTier = PartyTier.VILLAGE, kind: PartyKind = PartyKind.BRANCH
    ) -> Record:
        """A party organization in a unit."""
        return await self.add(party_organizations, name=name, unit_path=path_of(at), tier=tier, kind=kind)

    async def committee(self, compound: Record, since: date, until: date | None = None) -> Record:
        """A compound's owners' committee."""
        place = {"compound_id": compound["id"], "unit_path": compound["unit_path"]}
        return await self.add(owners_committees, **place, name=f"{compound['name']}业委会", since=since, until=until)

    async def part_time(
        self, organization: Record, member: Record, since: date = date(2020, 1, 1), until: date | None = None
    ) -> Record:
        """A part-time member's post in an organization, without which nobody takes its chair."""
        place = {"organization_id": organization["id"], "unit_path": organization["unit_path"]}
        term = {"since": since, "until": until}
        return await self.add(posts, kind=PostKind.PART_TIME_MEMBER, member_id=member["id"], **place, **term)

    async def today(self) -> date:
        """The day it is for the service."""
        return await self.tx.today()

    def another(self) -> AbstractAsyncContextManager["Town"]:
        """The same town over a connection of its own."""
        return entered(self.url)

    async def until_waiting(self, other: "Town") -> None:
        """Ask, within bounds, until the other's session waits for this one's."""
        processes = other.connection.get_server_pid(), self.connection.get_server_pid()
        async with asyncio.timeout(20):
            while not await self.connection.fetchval("SELECT $2 = ANY (pg_blocking_pids($1))", *processes):
                pass


@asynccontextmanager
async def entered(url: str) -> AsyncIterator[Town]:
    """The town of the golden world at this URL, over a connection of its own."""
    async with connected(url) as connection:
        yield Town(connection, url)


def days(number: int) -> timedelta:
    """So many days."""
    return timedelta(days=number)
