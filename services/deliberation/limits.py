"""The two limits of a whistle, to answer and to solve: by when, and from which days on a late one is whose concern.

A limit is counted when it begins, as far as years are announced. What is not known of it yet waits for a year, and
nothing is late by that: the day it is due, or no more than the one on which a late whistle comes to the county.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.calendar.working import DAY, Calendar, Waiting

LIMITS = ("answer", "solve")
AFTER = tuple(f"{name}_after" for name in LIMITS)
UPWARDS = 3  # working days after a limit, from which on a late whistle is the county's concern; the town's the next day


def counted(calendar: Calendar, name: str, day: date, days: int) -> dict[str, Any]:
    """The columns of a limit of so many working days that begins on a day."""
    due = calendar.due(day, days)
    if isinstance(due, Waiting):
        return _columns(name, None, due)
    return _columns(name, due, calendar.due(due, UPWARDS))


def begun(calendar: Calendar, day: date, days: Mapping[str, int]) -> dict[str, Any]:
    """The columns of both limits, of these numbers of days, that begin on a day."""
    answer, solve = (counted(calendar, name, day, days[f"{name}_days"]) for name in LIMITS)
    return {**days, **answer, **solve}


def due_of(whistle: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The columns of a step that ended a limit: by when that was to be, or what it waits for."""
    due, *waits = (whistle[f"{name}_{each}"] for each in ("due_on", "after", "left"))
    after, left = (None, None) if due else waits
    return {"due_on": due, "due_after": after, "due_left": left}


def counted_on(calendar: Calendar, whistle: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of its limits that wait for a year, as far as the calendar knows by now."""
    found: dict[str, Any] = {}
    for name in LIMITS:
        after, left, due = (whistle[f"{name}_{each}"] for each in ("after", "left", "due_on"))
        if after is not None:
            known = due is not None
            found |= _columns(name, due, calendar.due(after, left)) if known else counted(calendar, name, after, left)
    return found


def _columns(name: str, due: date | None, county: date | Waiting) -> dict[str, Any]:
    made: dict[str, Any] = {"due_on": due, "town_on": due + DAY if due else None}
    if isinstance(county, Waiting):
        made |= {"county_on": None, "after": county.after, "left": county.left}
    else:
        made |= {"county_on": county, "after": None, "left": None}
    return {f"{name}_{each}": value for each, value in made.items()}
