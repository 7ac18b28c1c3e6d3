"""Whistles as the tests blow them, and how days go by for them."""

from datetime import date
from itertools import count
from typing import Any

from services.calendar.working import Calendar, Year
from tests.captains.town import COUNTY
from tests.centres.asked import ADMIN, COUNTY_ADMIN
from tests.days import today
from tests.writes.api import Api
from tests.writes.street import unit_id

SHOWN = """whistle { id title detail status blownOn answerDueOn answerDueUnannounced solveDueOn
    solveDueUnannounced dueOn answeredOn solvedOn confirmedOn late
    daysLate escalatedTo escalatedOn escalatedToTownOn escalatedToCountyOn escalationLevel departmentName version
    steps { nodes { number action takenOn text dueOn dueUnannounced daysLate departmentName account { name } } } }"""
ASKED = f"query($id: ID!) {{ node(id: $id) {{ ... on Whistle {{ {SHOWN[10:-1]} }} }} }}"
NUMBERS = """query($day: Date) { orgUnit(by: {code: "350521"}) { indicators(asOf: $day) { whistles
    whistlesAnsweredInTime whistlesSolved whistlesEscalated } } }"""
LATE_NOW = '{ orgUnit(by: {code: "350521"}) { indicators { whistlesLate } } }'
TOTALS = """{ whistles { totals { count late escalated byStatus { status count late }
    byDepartment { department count answeredInTime solved late escalated } } } }"""
TITLES = count(1)  # nothing is whistled for twice on one day
REASON = {"reason": "不归本部门"}
ESCALATED = ("escalatedTo", "escalatedOn", "escalatedToTownOn", "escalatedToCountyOn", "escalationLevel")
# Everything of it was so many days earlier.
AGED = """UPDATE whistle SET blown_on = blown_on - $1::int, answer_due_on = answer_due_on - $1::int,
    answer_town_on = answer_town_on - $1::int, answer_county_on = answer_county_on - $1::int,
    solve_due_on = solve_due_on - $1::int, solve_town_on = solve_town_on - $1::int,
    solve_county_on = solve_county_on - $1::int, was_town_on = was_town_on - $1::int,
    was_county_on = was_county_on - $1::int, answered_on = answered_on - $1::int, solved_on = solved_on - $1::int,
    confirmed_on = confirmed_on - $1::int"""


async def department(api: Api, name: str = "住建局") -> str:
    """The global id of a new department of the county."""
    given = {"unitId": await unit_id(api, COUNTY), "name": name}
    made: str = (await api.do(COUNTY_ADMIN, "createDepartment", "department { id }", **given))["department"]["id"]
    return made


def officer(at: str) -> tuple[str, str]:
    """Who works for a department."""
    return "department_officer", at


async def blown(api: Api, of: str, who: tuple[str, str] = ADMIN, **more: Any) -> dict[str, Any]:
    """A whistle for a department, blown today."""
    given = {"title": f"路灯不亮{next(TITLES)}", "unitId": await unit_id(api, who[1]), "departmentId": of, **more}
    made: dict[str, Any] = (await api.do(who, "blowWhistle", SHOWN, **given))["whistle"]
    return made


async def done(api: Api, who: tuple[str, str], command: str, whistle: str, **more: Any) -> dict[str, Any]:
    """It after a command."""
    made: dict[str, Any] = (await api.do(who, command, SHOWN, id=whistle, **more))["whistle"]
    return made


async def now(api: Api, whistle: str, who: tuple[str, str] = ADMIN) -> dict[str, Any]:
    """It as somebody sees it."""
    found: dict[str, Any] = (await api.data(who, ASKED, id=whistle))["node"]
    return found


async def pass_days(api: Api, days: int) -> None:
    """So many days go by for every whistle there is."""
    async with api.connection.transaction():
        await api.connection.execute(AGED, days)
        await api.connection.execute(
            "UPDATE whistle_step SET taken_on = taken_on - $1::int, due_on = due_on - $1::int,"
            " former_town_on = former_town_on - $1::int",
            days,
        )


def working(days: int, since: date | None = None) -> date:
    """The day so many working days after another, where each weekday is worked."""
    years = {today().year + offset: Year(frozenset(), frozenset()) for offset in (-1, 0, 1)}
    return Calendar(years).after(since or today(), days)


def escalation(whistle: dict[str, Any]) -> list[Any]:
    """To whom and when it was escalated."""
    return [whistle[name] for name in ESCALATED]
