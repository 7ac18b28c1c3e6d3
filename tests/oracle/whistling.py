"""Whistles of a random world: each is taken from step to step by chance, as commands would have done."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.deliberation.limits import due_of
from services.deliberation.whistle_tables import FROM, WhistleAction, WhistleStatus, steps, whistles
from services.terms import CHINA
from tests.oracle.rows import path_of

if TYPE_CHECKING:
    from tests.oracle.rows import Draw

Row = dict[str, Any]
WHISTLED = (whistles.name, steps.name)  # tables whose rows are made here
OWED = (WhistleAction.RETURNED, WhistleAction.TRANSFERRED, WhistleAction.REOPENED)
SAID = ("路灯不亮 %", "门前积水_", "占道")


def _limit(draw: "Draw", name: str, begins: date, days: int) -> Row:
    """A limit, of which now and then the county's day waits for a year, or all of it."""
    due, waits = begins + timedelta(days=days), draw.random.choice((0, 0, 0, 1, 2))
    counted = {"days": days, "due_on": due, "town_on": due + timedelta(days=1), "county_on": due + timedelta(days=3)}
    counted |= dict.fromkeys(("after", "left"))
    if waits:
        counted |= {"county_on": None, "after": due, "left": 3}
    if waits > 1:
        counted |= {"due_on": None, "town_on": None, "after": begins, "left": days}
    return {f"{name}_{each}": value for each, value in counted.items()}


def _blown(draw: "Draw", at: Row) -> Row | None:
    """A whistle for a department that is there, about a matter of the unit or none; with its first step."""
    to = [each for each in draw.rows.get("department", ()) if each["closed_on"] is None]
    if not to:
        return None
    matters = [None, *(each["id"] for each in draw.rows.get("matter", ()) if each["unit_path"] == path_of(at))]
    day = draw.today - timedelta(days=draw.random.choice((0, 1, 3, 9, 40)))
    said = {"title": draw.random.choice(SAID), "detail": draw.random.choice((None, "小区东门")), "version": 1}
    whistle = {
        "id": UUID(int=draw.random.getrandbits(128), version=4),
        "unit_path": path_of(at),
        "matter_id": draw.random.choice(matters),
        "department_id": draw.one(to)["id"],
        **said,
        "blown_on": day,
        "status": WhistleStatus.BLOWN,
        **_limit(draw, "answer", day, draw.random.choice((1, 3))),
        **_limit(draw, "solve", day, draw.random.choice((3, 15))),
        **dict.fromkeys(("was_town_on", "was_county_on", "answered_on", "solved_on", "confirmed_on")),
        "of_former": False,
    }
    _taken(draw, whistle, WhistleAction.BLOWN, day, 1)
    return whistle


def _taken(draw: "Draw", whistle: Row, action: WhistleAction, day: date, number: int) -> None:
    due = {WhistleAction.ANSWERED: due_of(whistle, "answer"), WhistleAction.SOLVED: due_of(whistle, "solve")}
    draw.rows.setdefault(steps.name, []).append(
        {
            "id": UUID(int=draw.random.getrandbits(128), version=4),
            "whistle_id": whistle["id"],
            "unit_path": whistle["unit_path"],
            "number": number,
            "action": action,
            "department_id": whistle["department_id"],
            "taken_on": day,
            "recorded_at": datetime.combine(day, time(12), CHINA),
            "account_id": draw.one([account["id"] for account in draw.rows["account"]]),
            "text": "因需 %" if action in OWED else draw.random.choice((None, "已办")),
            **due.get(action, dict.fromkeys(("due_on", "due_after", "due_left"))),
        }
    )


def _step(draw: "Draw", whistle: Row, day: date, number: int) -> None:
    """One of the steps that lead on from where it stands; to another department only where there is one."""
    there = [each["id"] for each in draw.rows["department"] if each["closed_on"] is None]
    others = [each for each in there if each != whistle["department_id"]]
    leading = [action for action, states in FROM.items() if whistle["status"] in states]
    action = draw.random.choice([each for each in leading if others or each is not WhistleAction.TRANSFERRED])
    kept = {name: whistle[name] for name in ("answered_on", "solved_on", "confirmed_on")}
    if action in (WhistleAction.TRANSFERRED, WhistleAction.REOPENED):
        if whistle["answer_town_on"] and whistle["answer_town_on"] <= day:
            kept |= {"was_town_on": whistle["was_town_on"] or whistle["answer_town_on"]}
        kept |= {**_limit(draw, "answer", day, 3), "answered_on": None}
    if action is WhistleAction.TRANSFERRED:
        was = kept.get("was_town_on", whistle["was_town_on"])
        kept |= {"department_id": draw.random.choice(others), "of_former": was is not None}
    elif action is WhistleAction.REOPENED:
        kept |= {**_limit(draw, "solve", day, 15), "solved_on": None, "confirmed_on": None}
    elif action is WhistleAction.SOLVED:
        kept |= {"solved_on": day}
    elif action is WhistleAction.CONFIRMED:
        kept |= {"confirmed_on": day}
    else:
        kept |= {"answered_on": whistle["answered_on"] or day}
    status = WhistleStatus.BLOWN if action is WhistleAction.TRANSFERRED else WhistleStatus(action.value)
    whistle |= {**kept, "status": status}
    _taken(draw, whistle, action, day, number)


def whistling(seed: int, draw: "Draw") -> None:
    """Whistles of towns and communities, by chances of their own."""
    own = type(draw)(Random(f"{seed} {whistles.name}"), draw.today, draw.rows)
    places = [unit for unit in draw.rows["org_unit"] if unit["level"] in ("TOWN", "COMMUNITY")]
    for _ in range(own.random.choice((0, 1, 3, 6)) if places else 0):
        if (whistle := _blown(own, own.one(places))) is None:
            return
        draw.rows.setdefault(whistles.name, []).append(whistle)
        day = whistle["blown_on"]
        for number in range(2, 2 + own.random.choice((0, 0, 1, 2, 3, 4, 6))):
            day = min(own.today, day + timedelta(days=own.random.choice((0, 1, 3, 5))))
            _step(own, whistle, day, number)
