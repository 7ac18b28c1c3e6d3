"""What commands about matters, meetings and what else is deliberated need that hardly any drawn input has."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from services.deliberation.way import leaving
from services.deliberation.whistle_tables import FROM, WhistleAction
from tests.oracle.allying import OPENINGS as ALLIED
from tests.oracle.sight import Sight
from tests.oracle.tables import ZONE
from tests.oracle.values import Chance

Input = dict[str, Any]


def moving(action: str) -> Callable[[Sight, Chance], Input]:
    """What moves a matter on from the step it is in, on the day that began: most deadlines after that are known."""

    def opened(sight: Sight, chance: Chance) -> Input:
        found = [row for row in sight.tables["matter"] if row["step"] in leaving(action)]
        if not found:
            return {}
        matter = chance.one(found)
        said = {"asked": 3, "satisfied": 2} if action == "settle" else {}
        on = matter["stepped_on"].isoformat()
        return {"id": f"mt_{matter['id']}", "version": matter["version"], "on": on, **said}

    return opened


def correcting(sight: Sight, chance: Chance) -> Input:
    """The day of a last move as it was said to be."""
    moved = {row["matter_id"] for row in sight.tables["matter_move"]}
    found = [row for row in sight.tables["matter"] if row["id"] in moved]
    if not found:
        return {}
    matter = chance.one(found)
    return {"id": f"mt_{matter['id']}", "version": matter["version"], "on": matter["stepped_on"].isoformat()}


def retitling(sight: Sight, chance: Chance) -> Input:
    """A matter that a meeting decided on."""
    decided = {row["matter_id"] for row in sight.tables["meeting_item"] if row["decision"] is not None}
    found = [row for row in sight.tables["matter"] if row["id"] in decided]
    matter = chance.one(found) if found else None
    return {"id": f"mt_{matter['id']}", "version": matter["version"], "title": "规范停车"} if matter else {}


def proposing(sight: Sight, _: Chance) -> Input:
    """A matter of last month."""
    return {"proposedOn": (sight.now.astimezone(ZONE).date() - timedelta(days=30)).isoformat()}


def meeting(*states: str, **said: Any) -> Callable[[Sight, Chance], Input]:
    """A meeting in one of these states, and what is said of it."""

    def opened(sight: Sight, chance: Chance) -> Input:
        found = [row for row in sight.tables["meeting"] if row["state"] in states]
        row = chance.one(found) if found else None
        return {"id": f"mg_{row['id']}", "version": row["version"], **said} if row else {}

    return opened


def deciding(decided: bool) -> Callable[[Sight, Chance], Input]:
    """An item of a meeting that was held, one that was decided or one that was not."""

    def opened(sight: Sight, chance: Chance) -> Input:
        held = {row["id"] for row in sight.tables["meeting"] if row["state"] == "HELD"}
        items = [row for row in sight.tables["meeting_item"] if row["meeting_id"] in held]
        found = [row for row in items if (row["decision"] is not None) == decided]
        votes = {"votesFor": 5, "votesAgainst": 0, "abstained": 1}
        item = chance.one(found) if found else None
        return {"id": f"mi_{item['id']}", "version": item["version"], **votes} if item else {}

    return opened


def held_today(sight: Sight, chance: Chance) -> Input:
    """A planned meeting, held today."""
    found = meeting("PLANNED")(sight, chance)
    return {**found, "on": sight.now.astimezone(ZONE).date().isoformat()} if found else {}


def convened(sight: Sight, chance: Chance) -> Input:
    """A meeting of today at one of the places that are not withdrawn."""
    found = [row for row in sight.tables["meeting_place"] if row["withdrawn_on"] is None]
    if not found:
        return {}
    place, on = chance.one(found), sight.now.astimezone(ZONE).date().isoformat()
    units = {row["path"]: row["id"] for row in sight.tables["org_unit"]}
    return {"unitId": f"ou_{units[place['unit_path']]}", "placeId": f"ml_{place['id']}", "plannedOn": on}


def resulted(sight: Sight, chance: Chance) -> Input:
    """What came of a matter that is being carried out, counted on the day that step began."""
    found = [row for row in sight.tables["matter"] if row["step"] in ("ACTING", "ASSESSING", "SETTLED")]
    matter = chance.one(found) if found else None
    return {"matterId": f"mt_{matter['id']}", "countedOn": matter["stepped_on"].isoformat()} if matter else {}


def whistling(sight: Sight, chance: Chance) -> Input:
    """A whistle of a community for a department of its county, about nothing more."""
    units = [row for row in sight.tables["org_unit"] if row["level"] in ("TOWN", "COMMUNITY")]
    there = [row for row in sight.tables["department"] if row["closed_on"] is None]
    pairs = [(unit, row) for unit in units for row in there if unit["path"].startswith(row["unit_path"])]
    if not pairs:
        return {}
    unit, row = chance.one(pairs)
    return {"unitId": f"ou_{unit['id']}", "departmentId": f"dp_{row['id']}", "matterId": None, "answerDays": 1}


def stepping(action: WhistleAction) -> Callable[[Sight, Chance], Input]:
    """What takes a whistle a step on from where it stands."""

    def opened(sight: Sight, chance: Chance) -> Input:
        found = [row for row in sight.tables["whistle"] if row["status"] in FROM[action]]
        if not found:
            return {}
        whistle = chance.one(found)
        return {"id": f"wh_{whistle['id']}", "version": whistle["version"]}

    return opened


def receiving(sight: Sight, chance: Chance) -> Input:
    """A dispute that came in today, of which nothing became yet."""
    return {"receivedOn": _today(sight), "outcome": None, "endedOn": None}


def listing(sight: Sight, chance: Chance) -> Input:
    """A list of one of these."""
    return {"disputes": [{**receiving(sight, chance), "kind": "NOISE", "source": chance.one(["GRID", "VISIT"])}]}


def settling(sight: Sight, chance: Chance) -> Input:
    """The end of a dispute of which nothing became, today."""
    return {**_dispute(sight, chance), "on": _today(sight)}


def putting_right(sight: Sight, chance: Chance) -> Input:
    """A dispute of which nothing became, as of another kind and of today."""
    return {**_dispute(sight, chance), **receiving(sight, chance), "kind": chance.one(["NOISE", "FAMILY"])}


def _dispute(sight: Sight, chance: Chance) -> Input:
    found = [row for row in sight.tables["dispute"] if row["outcome"] is None]
    return {"id": f"ds_{(one := chance.one(found))['id']}", "version": one["version"]} if found else {}


def _today(sight: Sight) -> str:
    return sight.now.astimezone(ZONE).date().isoformat()


OPENINGS: Mapping[str, Callable[[Sight, Chance], Input]] = {
    "proposeMatter": proposing,
    "consultMatter": moving("consult"),
    "actOnMatter": moving("act"),
    "assessMatter": moving("assess"),
    "settleMatter": moving("settle"),
    "returnMatter": moving("return"),
    "dropMatter": moving("drop"),
    "reopenMatter": moving("reopen"),
    "correctMatterMove": correcting,
    "correctMatterTitle": retitling,
    "conveneMeeting": convened,
    "holdMeeting": held_today,
    "cancelMeeting": meeting("PLANNED"),
    "closeMeeting": meeting("HELD", reason="无业委会"),
    "reopenMeeting": meeting("CLOSED"),
    "recordMeetingAttendance": meeting("HELD", parties=[{"party": "OWNERS", "people": 2}]),
    "correctMeetingMinutes": meeting("HELD", "CLOSED"),
    "decideMeetingItem": deciding(decided=False),
    "correctMeetingDecision": deciding(decided=True),
    "recordMatterResult": resulted,
    "blowWhistle": whistling,
    "answerWhistle": stepping(WhistleAction.ANSWERED),
    "solveWhistle": stepping(WhistleAction.SOLVED),
    "returnWhistle": stepping(WhistleAction.RETURNED),
    "transferWhistle": stepping(WhistleAction.TRANSFERRED),
    "confirmWhistle": stepping(WhistleAction.CONFIRMED),
    "reopenWhistle": stepping(WhistleAction.REOPENED),
    "recordDispute": receiving,
    "recordDisputes": listing,
    "settleDispute": settling,
    "correctDispute": putting_right,
    **ALLIED,
}
