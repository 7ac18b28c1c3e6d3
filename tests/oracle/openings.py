"""What a few commands need that hardly any drawn input has: rows that fit one another today, and what is sealed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from policies.scope import Member
from services.access.tables import secrets
from services.activities.attending import EARLY
from services.activities.codes import SECRET, Code, sealed
from tests.oracle.dispatch import Record
from tests.oracle.sight import Sight
from tests.oracle.values import Chance

Input = dict[str, Any]


def seated(sight: Sight, chance: Chance) -> Input:
    """A turn in the chair for someone who sits part-time in an organization without an end, as nobody else may."""
    posts = [row for row in sight.tables["post"] if row["kind"] == "PART_TIME_MEMBER"]
    if not (seats := [row for row in posts if row["until"] is None]):
        return {}
    seat = chance.one(seats)
    since = seat["since"].isoformat()
    body, member = f"po_{seat['organization_id']}", f"mb_{seat['member_id']}"
    return {"partyOrganizationId": body, "memberId": member, "since": since, "months": 1}


def coming(sight: Sight, chance: Chance) -> Input:
    """A caller's coming to what is under way for them, with the code that is shown there."""
    callers = {term.id for _, term in sight.seats if isinstance(term, Member)}
    pairs = under_way(sight.tables["activity"], sight.tables["member"], sight.now)
    mine = [(activity, member) for activity, member in pairs if member["id"] in callers]
    if not mine:
        return {}
    activity, member = chance.one(mine)
    (key,) = (row["value"] for row in sight.tables[secrets.name] if row["name"] == SECRET)
    code = sealed(key, Code(activity["id"], sight.now + timedelta(minutes=9)))
    return {"memberId": f"mb_{member['id']}", "activityId": f"av_{activity['id']}", "code": code}


def under_way(
    activities: Sequence[Record], members: Sequence[Record], now: datetime
) -> Sequence[tuple[Record, Record]]:
    """The activities one may come to by now, each with whom it is meant for."""
    published = [each for each in activities if each["status"] == "PUBLISHED"]
    open_ = [each for each in published if each["begins_at"] - EARLY <= now < each["ends_at"]]
    here = [member for member in members if member["left_on"] is None]
    return [(each, one) for each in open_ for one in here if one["unit_path"].startswith(each["unit_path"])]


OPENINGS: Mapping[str, Callable[[Sight, Chance], Input]] = {"appointRotatingChair": seated, "checkIn": coming}
