"""Alliances as the tests found them."""

from typing import Any

from tests.centres.asked import ADMIN
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

SHOWN = """alliance { id name begunOn endedOn version
    terms { nodes { id name role since until version organization { id } } } }"""
MET = """allianceMeeting { id heldOn unitsCame about version agreements { nodes {
    id agreed agreedOn doneBy dueOn doneOn droppedOn dropReason late version } } }"""
AGREED: dict[str, Any] = {"agreed": "共建停车场", "doneBy": "物业公司"}


async def founded(api: Api, **more: Any) -> str:
    """An alliance of the community, begun some time ago; its id."""
    given = {"unitId": await unit_id(api, ADMIN[1]), "name": "近邻联盟", "begunOn": day(-400), **more}
    return str((await api.do(ADMIN, "foundAlliance", SHOWN, **given))["alliance"]["id"])


async def joined(api: Api, alliance: str, name: str = "卫生院", role: str = "MEMBER", on: int = -300) -> str:
    """A term of a unit in it; its id."""
    given = {"allianceId": alliance, "name": name, "role": role, "since": day(on)}
    return str((await api.do(ADMIN, "joinAlliance", "allianceTerm { id }", **given))["allianceTerm"]["id"])


async def done(api: Api, alliance: str, command: str, **given: Any) -> dict[str, Any]:
    """It after a command."""
    found: dict[str, Any] = (await api.do(ADMIN, command, SHOWN, id=alliance, **given))["alliance"]
    return found


async def met(api: Api, alliance: str, on: int = -30, *agreements: dict[str, Any]) -> dict[str, Any]:
    """A joint meeting with what it agreed: one thing, due in two weeks, where nothing is said."""
    rows = agreements or ({**AGREED, "dueOn": day(on + 14)},)
    given = {"allianceId": alliance, "heldOn": day(on), "unitsCame": 5, "about": "共建共享", "agreements": [*rows]}
    made: dict[str, Any] = (await api.do(ADMIN, "recordAllianceMeeting", MET, **given))["allianceMeeting"]
    return made


# How many units came, as commands take it.
CAME = {name: {"unitsCame": (1, 1_000)} for name in ("recordAllianceMeeting", "correctAllianceMeeting")}


async def came(api: Api, who: tuple[str, str], unit: str) -> dict[str, dict[str, Any]]:
    """What can be recorded of a joint meeting, and what one can be put right to."""
    given = {"unitId": unit, "name": "近邻联盟", "begunOn": day(0)}
    alliance = (await api.do(who, "foundAlliance", "alliance { id }", **given))["alliance"]["id"]
    said = {"heldOn": day(0), "unitsCame": 5, "about": "共建共享"}
    meeting = {"allianceId": alliance, **said, "agreements": []}
    made = await api.do(who, "recordAllianceMeeting", "allianceMeeting { id version }", **meeting)
    right = {**made["allianceMeeting"], **said, "reason": "误记"}
    return {"recordAllianceMeeting": meeting, "correctAllianceMeeting": right}
