"""A member, a neighbour and a rule to earn points by, and what tests of them ask."""

from dataclasses import dataclass
from typing import Any

from services.points.tables import rules
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, Town
from tests.golden.world import path_of
from tests.writes.api import Api
from tests.writes.street import day

ADMIN, COUNTY_ADMIN = ("community_admin", COMMUNITY), ("county_admin", COUNTY)
TOWN_ADMIN, AUDITOR = ("town_admin", "350521100"), ("auditor", COUNTY)
NEIGHBOUR = ("community_admin", "350521100002")
OTHER_GRID, ELSEWHERE = "350521100001002", "350521100002"


def seat(member: Record) -> tuple[str, str]:
    """A member's own."""
    return "member", f"mb_{member['id']}"


@dataclass
class Ledger:
    """A member of the first grid, one of the second, one of another community; a rule of the county's."""

    member: Record
    fellow: Record
    stranger: Record
    rule: Record

    @property
    def own(self) -> tuple[str, str]:
        """The member's own seat."""
        return seat(self.member)

    def claim(self, **given: Any) -> dict[str, Any]:
        """The input of a claim of the member's for today, unless said otherwise."""
        whose = {"memberId": f"mb_{self.member['id']}", "ruleId": f"pr_{self.rule['id']}"}
        return {**whose, "on": day(0), "text": "打扫楼道", **given}


async def ledger(town: Town) -> Ledger:
    """In the town; the rule gives five points, three times a quarter."""
    people = [await town.member("林一"), await town.member("陈二", OTHER_GRID), await town.member("王三", ELSEWHERE)]
    said = {"name": "志愿服务", "points": 5, "per": "每次", "most_per_quarter": 3}
    return Ledger(people[0], people[1], people[2], await town.add(rules, unit_path=path_of(COUNTY), **said))


async def claimed(api: Api, who: tuple[str, str], given: dict[str, Any]) -> str:
    """Claim; the claim's id."""
    found: str = (await api.do(who, "claimPoints", "pointClaim { id }", **given))["pointClaim"]["id"]
    return found


async def granted(api: Api, here: Ledger, **given: Any) -> str:
    """Claim by the member and grant; the entry's id."""
    claim = await claimed(api, here.own, here.claim(**given))
    done = await api.do(ADMIN, "grantPoints", "pointClaim { entries { nodes { id } } }", id=claim)
    found: str = done["pointClaim"]["entries"]["nodes"][0]["id"]
    return found


async def told(api: Api, who: tuple[str, str], command: str, **given: Any) -> Any:
    """What is refused: the code of the error, or of each user error with its field."""
    found = await api.attempt(who, command, **given)
    return found if isinstance(found, str) else [(each["code"], *each["field"][1:]) for each in found["userErrors"]]
