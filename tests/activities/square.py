"""An activity of a community that has just begun, one to come, two members of a grid; and what tests ask of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.activities.tables import ActivityForm, ActivityKind, activities
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, Town
from tests.golden.world import path_of
from tests.writes.api import Api

ADMIN, COUNTY_ADMIN = ("community_admin", COMMUNITY), ("county_admin", COUNTY)
AUDITOR, PARTNER, NEIGHBOUR = ("auditor", COUNTY), ("partner", COUNTY), ("community_admin", "350521100002")
OTHER_GRID = "350521100001002"
HOUR = timedelta(hours=1)


@dataclass
class Square:
    """What is on there, and who could come."""

    now: Record
    later: Record
    one: Record
    two: Record


def member(row: Record) -> tuple[str, str]:
    """A member's own seat."""
    return "member", f"mb_{row['id']}"


def given(activity: Record, who: Record) -> dict[str, Any]:
    """The input of what a member does at an activity."""
    return {"activityId": f"av_{activity['id']}", "memberId": f"mb_{who['id']}"}


async def activity(town: Town, title: str, begins: timedelta, at: str = COMMUNITY, **said: Any) -> Record:
    """An activity of two hours that begins so much from now."""
    now: datetime = await town.connection.fetchval("SELECT now()")
    times = {"begins_at": now + begins, "ends_at": now + begins + 2 * HOUR, "sign_up_closes_at": now + begins}
    usual = {"kind": ActivityKind.OTHER, "form": ActivityForm.ON_SITE, "venue": "社区广场"}
    return await town.add(activities, title=title, unit_path=path_of(at), **{**usual, **times, **said})


async def square(town: Town) -> Square:
    """In the town."""
    now, later = await activity(town, "村晚", -HOUR), await activity(town, "义诊", 24 * HOUR, capacity=1)
    return Square(now, later, await town.member("林一"), await town.member("陈二"))


async def told(api: Api, who: tuple[str, str], command: str, **given: Any) -> Any:
    """What is refused: the code of the error, or of each user error with its field; nothing where it is done."""
    found = await api.attempt(who, command, **given)
    return found if isinstance(found, str) else [(each["code"], *each["field"][1:]) for each in found["userErrors"]]


async def line(api: Api, activity: UUID) -> list[tuple[str, str]]:
    """Who signed up for an activity, and their status, in order."""
    query = "query($id: ID!) { node(id: $id) { ... on Activity { signUps(orderBy: {field: AT}, first: 50)"
    found = await api.data(ADMIN, f"{query} {{ nodes {{ memberName status }} }} }} }} }}", id=f"av_{activity}")
    return [(node["memberName"], node["status"]) for node in found["node"]["signUps"]["nodes"]]
