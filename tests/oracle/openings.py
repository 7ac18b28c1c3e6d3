"""What a few commands need that hardly any drawn input has: rows that fit one another today, and what is sealed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from policies.scope import Member, Oneself
from services.access.tables import secrets
from services.activities.attending import EARLY
from services.activities.codes import SECRET, Code, sealed
from services.centres.venue_tables import Weekday
from tests.oracle.carrying import OPENINGS as CARRIED
from tests.oracle.consulting import OPENINGS as DELIBERATED
from tests.oracle.dispatch import Record
from tests.oracle.sight import Sight
from tests.oracle.tables import ZONE
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


def asking(_: Sight, chance: Chance) -> Input:
    """A question with two choices, for one group or two."""
    return {
        "choices": [{"question": "何", "name": name, "function": "FOOD"} for name in "甲乙"],
        "crossing": chance.one([[], ["老", "少"]]),
    }


def open_to(sight: Sight, chance: Chance) -> Input:
    """A community and a survey that is open there."""
    today = sight.now.astimezone(ZONE).date()
    asked = [row for row in sight.tables["need_survey"] if row["counted_on"] is None and row["closes_on"] >= today]
    places = [row for row in sight.tables["org_unit"] if row["level"] == "COMMUNITY"]
    pairs = [(at, of) for at in places for of in asked if at["path"].startswith(of["unit_path"])]
    if not pairs:
        return {}
    at, of = chance.one(pairs)
    return {"unitId": f"ou_{at['id']}", "surveyId": f"ns_{of['id']}"}


def wanted(sight: Sight, chance: Chance) -> Input:
    """A need that was counted, and a unit it was asked of."""
    counted = {row["id"] for row in sight.tables["need_survey"] if row["counted_on"] is not None}
    found = [row for row in sight.tables["survey_choice"] if row["survey_id"] in counted and row["function"]]
    units = {row["path"]: row for row in sight.tables["org_unit"]}
    if not found:
        return {}
    choice = chance.one(found)
    return {"unitId": f"ou_{units[choice['unit_path']]['id']}", "choiceId": f"sc_{choice['id']}"}


def served(sight: Sight, chance: Chance) -> Input:
    """A need that was counted, and a service of its function where it was asked."""
    counted = {row["id"] for row in sight.tables["need_survey"] if row["counted_on"] is not None}
    choices = [row for row in sight.tables["survey_choice"] if row["survey_id"] in counted]
    items = [row for row in sight.tables["service_item"] if row["withdrawn_on"] is None]
    fits = [(of, by) for of in choices for by in items if of["function"] == by["function"]]
    units = {row["path"]: row for row in sight.tables["org_unit"]}
    near = [(of, by) for of, by in fits if of["unit_path"].startswith(by["unit_path"])]
    if not near:
        return {}
    of, by = chance.one(near)
    at = units[of["unit_path"]]
    return {"unitId": f"ou_{at['id']}", "choiceId": f"sc_{of['id']}", "itemId": f"si_{by['id']}"}


def scoring(sight: Sight, chance: Chance) -> Input:
    """Points for each item of a look's sheet."""
    looks = sight.tables["centre_look"]
    return {"lookId": f"lk_{(look := chance.one(looks))['id']}", **_points(sight, look, chance)} if looks else {}


def rescoring(sight: Sight, chance: Chance) -> Input:
    """The same for what the caller gave before."""
    callers = {term.account for _, term in sight.seats if isinstance(term, Oneself)}
    if not (mine := [row for row in sight.tables["look_score"] if row["scorer_id"] in callers]):
        return {}
    score = chance.one(mine)
    (look,) = (row for row in sight.tables["centre_look"] if row["id"] == score["look_id"])
    return {"id": f"ls_{score['id']}", "version": score["version"], **_points(sight, look, chance)}


def _points(sight: Sight, look: Record, chance: Chance) -> Input:
    items = [row for row in sight.tables["sheet_item"] if row["sheet_id"] == look["sheet_id"]]
    return {"points": [{"item": row["name"], "points": chance.one((0, row["most"]))} for row in items]}


def booking(sight: Sight, chance: Chance) -> Input:
    """A quarter of an hour at a venue that is offered, on a day of the next weeks on which it is open."""
    offered = [row for row in sight.tables["venue"] if row["withdrawn_on"] is None and row["days"]]
    if not offered:
        return {}
    venue = chance.one(offered)
    days = (sight.now.astimezone(ZONE) + timedelta(days=number) for number in range(15, 22))
    day = next(day for day in days if [*Weekday][day.weekday()] in venue["days"])
    hour, minute = map(int, venue["opens_at"].split(":"))
    begins = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
    times = {"beginsAt": begins.isoformat(), "endsAt": (begins + timedelta(minutes=15)).isoformat()}
    return {"venueId": f"vn_{venue['id']}", "people": 1, **times}


def giving(sight: Sight, chance: Chance) -> Input:
    """What came today, for a fund that is open."""
    came = {"kind": chance.one(["MEMBERS", "RESIDENTS"]), "receivedAt": sight.now.isoformat(), "donor": None}
    return {**_fund(sight, chance), **came}


def awarding(sight: Sight, chance: Chance) -> Input:
    """Next to nothing out of a fund that is open."""
    return {**_fund(sight, chance), "kind": chance.one(["SCHOLARSHIP", "AID"]), "amount": "0.07", "persons": 2}


def _fund(sight: Sight, chance: Chance) -> Input:
    found = [row for row in sight.tables["fund"] if row["closed_on"] is None]
    return {"fundId": f"fu_{chance.one(found)['id']}"} if found else {}


OPENINGS: Mapping[str, Callable[[Sight, Chance], Input]] = {
    "appointRotatingChair": seated,
    "bookVenue": booking,
    "recordDonation": giving,
    "proposeAward": awarding,
    "checkIn": coming,
    "publishNeedSurvey": asking,
    "issueSurveyCodes": open_to,
    "scoreLook": scoring,
    "correctLookScore": rescoring,
    "publishForNeed": wanted,
    "respondToNeed": served,
    **CARRIED,
    **DELIBERATED,
}
