"""Alliances of a random world: what is drawn for their columns, and what commands about them need (see `openings`)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from services.deliberation.alliance_tables import agreements, alliance_terms, alliances, joint_meetings
from services.names import fold
from services.terms import CHINA

if TYPE_CHECKING:
    from tests.oracle.rows import Draw
    from tests.oracle.sight import Sight
    from tests.oracle.values import Chance

Row = dict[str, Any]
Input = dict[str, Any]
ALLIED = (alliances, alliance_terms, joint_meetings, agreements)


def _done(draw: "Draw", row: Row) -> date | None:
    done: date | None = draw.random.choice((None, None, row["agreed_on"], draw.today))
    return done


def _dropped(draw: "Draw", row: Row) -> date | None:
    return None if row["done_on"] else draw.random.choice((None, None, draw.today))


VALUES: Mapping[str, Callable[["Draw", Row], Any]] = {
    "alliance.ended_on": lambda draw, _: draw.random.choice((None, None, None, draw.today)),
    "alliance_term.name": lambda draw, _: draw.random.choice(("物业公司 %", "卫生院", "Ａ银行")),
    "alliance_term.folded": lambda _, row: row["name"] and fold(row["name"]),
    "alliance_meeting.held_on": lambda draw, _: min(draw.today, draw.day()),
    "alliance_meeting.units_came": lambda draw, _: draw.random.choice((1, 7, 1000)),
    "alliance_agreement.due_on": lambda draw, row: max(draw.day(), row["agreed_on"]),
    "alliance_agreement.done_on": _done,
    "alliance_agreement.dropped_on": _dropped,
    "alliance_agreement.drop_reason": lambda draw, row: row["dropped_on"] and "因需 %",
}


# --- openings ---------------------------------------------------------------------------------------------------------


def _today(sight: "Sight") -> date:
    return sight.now.astimezone(CHINA).date()


def _going_on(sight: "Sight") -> list[Row]:
    return [dict(row) for row in sight.tables["alliance"] if row["ended_on"] is None]


def of_one(**said: Any) -> Callable[["Sight", "Chance"], Input]:
    """What is of an alliance that goes on, today."""

    def opened(sight: "Sight", chance: "Chance") -> Input:
        found = _going_on(sight)
        on = {name: _today(sight).isoformat() for name, value in said.items() if value is date}
        return {"allianceId": f"al_{chance.one(found)['id']}", **said, **on} if found else {}

    return opened


def ending(sight: "Sight", chance: "Chance") -> Input:
    """An alliance in which nothing is to come, ended today."""
    today = _today(sight)
    ahead = {row["alliance_id"] for row in sight.tables["alliance_term"] if row["since"] > today}
    found = [row for row in _going_on(sight) if row["id"] not in ahead]
    row = chance.one(found) if found else None
    return {"id": f"al_{row['id']}", "version": row["version"], "on": today.isoformat()} if row else {}


def _members(sight: "Sight") -> list[Row]:
    """Terms of members that have begun before today and go on, in alliances that do."""
    going, today = {row["id"] for row in _going_on(sight)}, _today(sight)
    terms = [dict(row) for row in sight.tables["alliance_term"]]
    late = {row["alliance_id"] for row in terms if row["role"] == "LEAD" and (row["until"] or today) >= today}
    late -= {row["alliance_id"] for row in terms if row["role"] == "LEAD" and row["since"] < today}
    mine = [row for row in terms if row["role"] == "MEMBER" and row["until"] is None and row["since"] < today]
    return [row for row in mine if row["alliance_id"] in going - late]


def leaving(sight: "Sight", chance: "Chance") -> Input:
    """A member that leaves today."""
    found = _members(sight)
    row = chance.one(found) if found else None
    return {"id": f"aj_{row['id']}", "version": row["version"], "on": _today(sight).isoformat()} if row else {}


def passing(sight: "Sight", chance: "Chance") -> Input:
    """A member that leads from today on."""
    if not (found := _members(sight)):
        return {}
    term, on = chance.one(found), _today(sight).isoformat()
    (of,) = (row for row in sight.tables["alliance"] if row["id"] == term["alliance_id"])
    return {"id": f"al_{of['id']}", "version": of["version"], "termId": f"aj_{term['id']}", "on": on}


def agreed(**said: Any) -> Callable[["Sight", "Chance"], Input]:
    """An agreement of which nobody has said what became, done today."""

    def opened(sight: "Sight", chance: "Chance") -> Input:
        rows = sight.tables["alliance_agreement"]
        found = [row for row in rows if row["done_on"] is None and row["dropped_on"] is None]
        row = chance.one(found) if found else None
        on = {name: _today(sight).isoformat() for name in said}
        return {"id": f"aa_{row['id']}", "version": row["version"], **on} if row else {}

    return opened


def righting(table: str, tag: str, column: str, field: str, **said: Any) -> Callable[["Sight", "Chance"], Input]:
    """A row with the day it has in a column, which the input calls by this field."""

    def opened(sight: "Sight", chance: "Chance") -> Input:
        found = sight.tables[table]
        row = chance.one(found) if found else None
        kept = {field: row[column].isoformat(), **said} if row else {}
        return {"id": f"{tag}_{row['id']}", "version": row["version"], **kept} if row else {}

    return opened


OPENINGS: Mapping[str, Callable[["Sight", "Chance"], Input]] = {
    "joinAlliance": of_one(role="MEMBER", since=date, name="新来的", organizationId=None),
    "recordAllianceMeeting": of_one(heldOn=date, unitsCame=3, agreements=[]),
    "endAlliance": ending,
    "leaveAlliance": leaving,
    "passAllianceLead": passing,
    "keepAllianceAgreement": agreed(on=date),
    "dropAllianceAgreement": agreed(),
    "correctAlliance": righting("alliance", "al", "begun_on", "begunOn", endedOn=None),
    "correctAllianceTerm": righting("alliance_term", "aj", "since", "since"),
    "correctAllianceMeeting": righting("alliance_meeting", "am", "held_on", "heldOn", unitsCame=3),
    "correctAllianceAgreement": righting("alliance_agreement", "aa", "due_on", "dueOn", doneOn=None),
}
