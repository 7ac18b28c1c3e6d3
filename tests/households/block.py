"""Households of two grids, a member who keeps contact with one, and what tests of them ask."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.households.tables import contacts, households
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.golden.world import path_of
from tests.writes.api import Api
from tests.writes.street import day

ADMIN, COUNTY_ADMIN = ("community_admin", COMMUNITY), ("county_admin", COUNTY)
TOWN_ADMIN, AUDITOR = ("town_admin", "350521100"), ("auditor", COUNTY)
KEEPER, NEIGHBOUR = ("visit_keeper", COMMUNITY), ("community_admin", "350521100002")
OTHER_GRID = "350521100001002"


@dataclass
class Block:
    """Two households of one grid, one of another; a member of the first grid who keeps contact with its first."""

    first: Record
    second: Record
    elsewhere: Record
    member: Record
    contact: Record

    @property
    def own(self) -> tuple[str, str]:
        """The member's own seat."""
        return "member", f"mb_{self.member['id']}"

    def visit(self, **given: Any) -> dict[str, Any]:
        """The input of a visit of today to the first household, by the member, unless said otherwise."""
        whom = {"memberId": f"mb_{self.member['id']}", "householdId": f"hh_{self.first['id']}"}
        return {**whom, "kind": "HARDSHIP", "visitedOn": day(0), "outcome": "送去慰问品", **given}


async def block(town: Town) -> Block:
    """In the town; the contact has run for a month."""
    first, second = [
        await town.add(households, name=name, unit_path=path_of(GRID)) for name in ("1号楼101", "1号楼102")
    ]
    elsewhere = await town.add(households, name="9号楼901", unit_path=path_of(OTHER_GRID))
    member = await town.member("林一")
    place = {"household_id": first["id"], "unit_path": first["unit_path"], "member_id": member["id"]}
    contact = await town.add(contacts, **place, since=await town.today() - timedelta(days=30))
    return Block(first, second, elsewhere, member, contact)


async def told(api: Api, who: tuple[str, str], command: str, **given: Any) -> Any:
    """What is refused: the code of the error, or of each user error with its field."""
    found = await api.attempt(who, command, **given)
    return found if isinstance(found, str) else [(each["code"], *each["field"][1:]) for each in found["userErrors"]]
