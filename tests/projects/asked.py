"""What the tests of projects begin with: a project, its phases, and who asks for them."""

from typing import Any

from tests.captains.town import COMMUNITY, COUNTY
from tests.centres.asked import told
from tests.days import day
from tests.writes.api import Api

ADMIN, COUNTY_ADMIN = ("community_admin", COMMUNITY), ("county_admin", COUNTY)
NEIGHBOUR, AUDITOR, COMMITTEE = (
    ("community_admin", "350521100002"),
    ("auditor", COUNTY),
    ("property_committee", COUNTY),
)
SHOWN = """project { id version kind name status budget spent progress plannedProgress ahead startedOn doneOn droppedOn
    dropReason proposedBy compound { name } phases { nodes { id name weight dueOn doneOn } } }"""
PHASES = (("设计", 30, -5), ("施工", 50, 10), ("验收", 20, 20))

__all__ = ["ADMIN", "AUDITOR", "COMMITTEE", "COUNTY_ADMIN", "NEIGHBOUR", "PHASES", "SHOWN", "day", "told"]


def said(**more: Any) -> dict[str, Any]:
    """What a project is proposed with."""
    return {
        "name": "加装路灯",
        "purpose": "三号楼前加装路灯",
        "budget": "1000.50",
        "plannedOn": day(-20),
        "dueOn": day(20),
        **more,
    }


async def proposed(api: Api, **more: Any) -> dict[str, Any]:
    """A project of the community."""
    unit = (await api.data(ADMIN, '{ orgUnit(by: {code: "350521100001"}) { id } }'))["orgUnit"]["id"]
    given = {"unitId": unit, "proposedBy": "社区居委会", **said(**more)}
    made: dict[str, Any] = (await api.do(ADMIN, "proposeProject", SHOWN, **given))["project"]
    return made


def rows(phases: tuple[tuple[str, int, int], ...] = PHASES) -> list[dict[str, Any]]:
    """Phases as they are planned, each due so many days from today."""
    return [{"name": name, "weight": weight, "dueOn": day(due)} for name, weight, due in phases]


async def started(api: Api, **more: Any) -> dict[str, Any]:
    """One that started twenty days ago, in three phases."""
    made = await proposed(api, **more)
    await api.do(ADMIN, "planProject", "", id=made["id"], phases=rows())
    found: dict[str, Any] = (await api.do(ADMIN, "startProject", SHOWN, id=made["id"], on=day(-20)))["project"]
    return found


async def finished(api: Api, **more: Any) -> dict[str, Any]:
    """One that was done two days ago."""
    made = await started(api, **more)
    for phase in made["phases"]["nodes"]:
        await api.do(ADMIN, "reachPhase", "", id=phase["id"], on=day(-3))
    found: dict[str, Any] = (await api.do(ADMIN, "finishProject", SHOWN, id=made["id"], on=day(-2)))["project"]
    return found
