"""Who asks in the tests of centres, and what they are told."""

from typing import Any

from tests.captains.town import COMMUNITY, COUNTY
from tests.writes.api import Api

ADMIN, TOWN_ADMIN, COUNTY_ADMIN = ("community_admin", COMMUNITY), ("town_admin", "350521100"), ("county_admin", COUNTY)
NEIGHBOUR, PARTNER, AUDITOR = ("community_admin", "350521100002"), ("partner", COUNTY), ("auditor", COUNTY)
COMMITTEE = ("property_committee", COUNTY)


async def told(api: Api, who: tuple[str, str], command: str, **given: Any) -> Any:
    """What is refused: the code of the error, or of each user error with its field."""
    found = await api.attempt(who, command, **given)
    return found if isinstance(found, str) else [(each["code"], *each["field"][1:]) for each in found["userErrors"]]
