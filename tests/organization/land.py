"""A county with something of every kind in one of its communities, for what reorganizations take along."""

from datetime import date
from typing import Any

from sqlalchemy import select

from services.access.tables import accounts, grants
from services.appointments.tables import PostKind, posts
from services.captains.tables import captain_terms
from services.catalog.tables import AdjustmentKind, ServiceFunction, adjustments, service_items
from services.declared import METADATA
from services.organization.tables import OrgLevel, PartyTier, party_organizations, units
from services.properties.tables import coverages
from services.storage.tables import VIEW
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.golden.world import path_of

TOWN, OTHER_TOWN, OTHER_COUNTY, SIBLING = "350521100", "350521101", "350524", "350521100002"
SECOND_GRID = "350521100001002"
SINCE = date(2026, 1, 1)


class Land(Town):
    """The town of the captains' tests with more to look up."""

    async def unit(self, code: str) -> Record:
        """The unit with this code."""
        found = await self.tx.row(select(units).where(units.c.code == code))
        assert found is not None, code
        return found

    async def add_unit(self, code: str, name: str, below: str) -> Record:
        """A unit one level below another."""
        above = await self.unit(below)
        level = list(OrgLevel)[list(OrgLevel).index(OrgLevel(above["level"])) + 1]
        return await self.add(units, code=code, name=name, level=level, parent_path=above["path"])

    async def leads_to(self, code: str) -> list[str]:
        """The names of the units a code leads to, present or former, as the API looks it up."""
        found = await self.connection.fetch(
            "SELECT name, code <> $1 AS former FROM org_unit WHERE code = $1 OR id IN"
            " (SELECT unit_id FROM org_unit_former_code WHERE code = $1) ORDER BY former, name",
            code,
        )
        return [row["name"] for row in found]

    async def below(self, path: str) -> dict[str, int]:
        """How many rows of each table lie at a path or below it."""
        found: dict[str, int] = {}
        for table in METADATA.sorted_tables:
            column = "path" if table is units else "unit_path"
            if column in table.c and VIEW not in table.info:
                count = await self.connection.fetchval(
                    f'SELECT count(*) FROM "{table.name}" WHERE starts_with({column}, $1)', path
                )
                found |= {table.name: count} if count else {}
        return found

    async def stale(self, code: str) -> list[str]:
        """The tables and columns in which some path still goes through a code."""
        columns = [column for table in METADATA.sorted_tables for column in table.c if column.key.endswith("path")]
        found = "SELECT EXISTS (SELECT FROM \"{}\" WHERE '/' || {} LIKE '%/' || $1 || '/%')"
        return [
            f"{column.table.name}.{column.key}"
            for column in columns
            if await self.connection.fetchval(found.format(column.table.name, column.key), code)
        ]

    async def coverage(self, compound: Record, organization: Record, until: date | None = None) -> Record:
        """A branch's coverage of a compound."""
        return await self.add(
            coverages,
            compound_id=compound["id"],
            unit_path=compound["unit_path"],
            organization_id=organization["id"],
            organization_path=organization["unit_path"],
            since=SINCE,
            until=until,
        )

    async def item(self, name: str, at: str = COUNTY, **values: Any) -> Record:
        """A service published by a unit."""
        return await self.add(service_items, name=name, unit_path=path_of(at), function=ServiceFunction.FOOD, **values)

    async def adjustment(self, item: Record, at: str, kind: AdjustmentKind, note: str | None = None) -> Record:
        """What a unit says of a service."""
        return await self.add(adjustments, item_id=item["id"], unit_path=path_of(at), kind=kind, note=note)

    async def grant(self, role: str, at: str) -> Record:
        """A role of the golden account at a unit."""
        account = await self.tx.value(select(accounts.c.id).limit(1))
        return await self.add(grants, account_id=account, role=role, unit_path=path_of(at))

    async def settle(self, at: str = COMMUNITY, grid: str = GRID) -> Record:
        """Something of every kind in a community; its compound."""
        compound = await self.compound("和平小区", at)
        captain = await self.member("林一", grid)
        await self.add(
            captain_terms,
            building_id=(await self.building(compound, "1号楼"))["id"],
            unit_path=compound["unit_path"],
            member_id=captain["id"],
            since=SINCE,
        )
        branch = await self.add(
            party_organizations, name="和平小区党支部", unit_path=path_of(at), tier=PartyTier.COMPOUND, kind="BRANCH"
        )
        await self.coverage(compound, branch)
        await self.add(
            posts,
            kind=PostKind.SECRETARY,
            member_id=captain["id"],
            organization_id=branch["id"],
            unit_path=branch["unit_path"],
            since=SINCE,
        )
        await self.contract(compound, await self.company("近邻物业"), SINCE)
        await self.committee(compound, SINCE)
        await self.item("助餐点", at)
        await self.adjustment(await self.item("免费体检"), at, AdjustmentKind.EXCLUDE)
        await self.grant("community_admin", at)
        return compound
