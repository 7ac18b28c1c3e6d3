"""Matters as the tests propose them, and how they are moved on."""

from itertools import count
from typing import Any

from tests.captains.town import COUNTY
from tests.centres.asked import ADMIN, COUNTY_ADMIN, TOWN_ADMIN
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

SHOWN = """matter { id title detail source proposedOn step steppedOn dueOn dueUnannounced late daysLate
    carriedOutOn asked satisfied version moves { nodes {
        number fromStep toStep movedOn reason dueOn dueUnannounced daysLate asked satisfied account { name } } } }"""
NUMBERS = count(1)  # nothing is proposed twice on one day
FORWARDS = ("consultMatter", "actOnMatter", "assessMatter", "settleMatter")


async def announced(api: Api) -> None:
    """The county loads the years that no calendar may know yet: in these, each weekday is worked."""
    unit = await unit_id(api, COUNTY)
    for year in sorted({day(offset)[:4] for offset in (-100, 0, 120)}):
        await api.do(COUNTY_ADMIN, "announceYear", "", unitId=unit, year=int(year), daysOff=[], daysWorked=[])


async def loaded(api: Api, year: int, unit: str = COUNTY) -> None:
    """The unit loads a year without holidays."""
    given = {"unitId": await unit_id(api, unit), "year": year, "daysOff": [], "daysWorked": []}
    await api.do(COUNTY_ADMIN, "announceYear", "", **given)


async def proposed(api: Api, who: tuple[str, str] = ADMIN, **more: Any) -> dict[str, Any]:
    """A matter proposed in the community, a while ago."""
    given = {"title": f"增设充电棚{next(NUMBERS)}", "source": "SUGGESTION", "proposedOn": day(-60), **more}
    if "unitId" not in given:
        given["unitId"] = await unit_id(api, ADMIN[1])
    made: dict[str, Any] = (await api.do(who, "proposeMatter", SHOWN, **given))["matter"]
    return made


async def moved(api: Api, matter: str, command: str, on: int, **more: Any) -> dict[str, Any]:
    """It after a command, so many days from today."""
    who = TOWN_ADMIN if command == "reopenMatter" else ADMIN
    done: dict[str, Any] = (await api.do(who, command, SHOWN, id=matter, on=day(on), **more))["matter"]
    return done


async def settled(api: Api, matter: str, since: int = -50) -> dict[str, Any]:
    """It moved on from its proposal to its end, a week for each step."""
    for number, command in enumerate(FORWARDS[:3]):
        await moved(api, matter, command, since + 7 * number)
    return await moved(api, matter, FORWARDS[3], since + 21, asked=40, satisfied=38)
