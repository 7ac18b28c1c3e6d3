"""Meetings as the tests hold them."""

from typing import Any

from tests.centres.asked import ADMIN
from tests.days import day
from tests.deliberation.asked import moved, proposed
from tests.writes.api import Api
from tests.writes.street import unit_id

SHOWN = """meeting { id title state plannedOn heldOn cancelReason missingReason allThree version heldAt { name }
    items { nodes { id version decision decided votesFor votesAgainst abstained split matter { id } } }
    attendances { nodes { party people } }
    minutes { nodes { number text reason account { name } } } }"""
ALL = [
    {"party": "PROPERTY", "people": 2},
    {"party": "OWNERS", "people": 3},
    {"party": "COMMUNITY", "people": 1},
    {"party": "RESIDENTS", "people": 9},
]
AGREED: dict[str, Any] = {"decision": "AGREED", "decided": "划线并增设车位"}


async def consulted(api: Api, **more: Any) -> str:
    """A matter that is being consulted on; its id."""
    matter: str = (await proposed(api, **more))["id"]
    await moved(api, matter, "consultMatter", -50)
    return matter


async def place(api: Api, name: str = "730议事厅", who: tuple[str, str] = ADMIN, **more: Any) -> str:
    """A place of the community, or of another unit; its id."""
    given = {"unitId": await unit_id(api, who[1]), "name": name, **more}
    made = await api.do(who, "openMeetingPlace", "meetingPlace { id }", **given)
    return str(made["meetingPlace"]["id"])


async def convened(api: Api, *matters: str, on: int = -40, who: tuple[str, str] = ADMIN, **more: Any) -> dict[str, Any]:
    """A meeting that is planned, with these on its agenda."""
    given = {"title": "停车协商会", "plannedOn": day(on), "unitId": await unit_id(api, who[1]), **more}
    if "placeId" not in given:
        given["placeId"] = await place(api, who=who)
    made: dict[str, Any] = (await api.do(who, "conveneMeeting", SHOWN, **given))["meeting"]
    for matter in matters:
        made = await done(api, made["id"], "addMeetingItem", who, matterId=matter)
    return made


async def done(api: Api, meeting: str, command: str, who: tuple[str, str] = ADMIN, **given: Any) -> dict[str, Any]:
    """It after a command."""
    found: dict[str, Any] = (await api.do(who, command, SHOWN, id=meeting, **given))["meeting"]
    return found


async def held(api: Api, *matters: str, on: int = -40, **said: Any) -> dict[str, Any]:
    """One that was held, with all three parties and minutes, and the same said of every matter, if anything."""
    made = await convened(api, *matters, on=on)
    await done(api, made["id"], "holdMeeting", on=day(on))
    await done(api, made["id"], "recordMeetingAttendance", parties=ALL)
    found = await done(api, made["id"], "recordMeetingMinutes", text="第一项\n\n 第二项 ")
    for item in found["items"]["nodes"] if said else ():
        await api.do(ADMIN, "decideMeetingItem", "meetingItem { id }", id=item["id"], **said)
    return found


async def closed(api: Api, *matters: str, on: int = -40, **said: Any) -> dict[str, Any]:
    """One that is closed."""
    found = await held(api, *matters, on=on, **(said or AGREED))
    return await done(api, found["id"], "closeMeeting")
