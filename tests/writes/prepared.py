"""What commands are about that take whole numbers: each is brought as far as they need it."""

from itertools import count
from typing import Any
from uuid import UUID

from tests.centres.lending import CHOIR, HALL, at
from tests.days import day
from tests.writes.api import Api

NUMBERS = count(1)  # no matter is proposed twice on one day

COUNTY, COMMUNITY = ("county_admin", "350521"), ("community_admin", "350521100001")
VOTES = dict.fromkeys(("votesFor", "votesAgainst", "abstained"), (0, 10_000))
ANALYSED = {"lookedAt": 10_000, "takenUp": 0, "dropped": 0}


async def scheduled(api: Api, home: dict[str, Any]) -> tuple[Any, Any, Any]:
    """A centre that is not scheduled, one that is, and a milestone of it."""
    made = [
        (await api.do(COUNTY, "createCentre", "centre { id }", **home, name=name, kind="STAND_ALONE"))["centre"]["id"]
        for name in ("甲", "乙")
    ]
    steps, select = [{"name": "验收", "workingDays": 0}], "centre { milestones { nodes { id version } } }"
    done = await api.do(COUNTY, "scheduleCentre", select, id=made[1], deadline=day(0), milestones=steps)
    return (*made, done["centre"]["milestones"]["nodes"][0])


async def scored(api: Api, unit: str, centre: Any) -> tuple[dict[str, Any], Any, Any]:
    """What a sheet is published with, a look at a centre that nobody scored, and what was given at another."""
    given = {"unitId": unit, "name": "评分表", "items": [{"name": "服务", "most": 20, "weight": 1}], "weekday": 1}
    sheet = (await api.do(COUNTY, "publishScoringSheet", "scoringSheet { id }", **given))["scoringSheet"]["id"]
    at = {"centreId": centre, "sheetId": sheet}
    looks = [
        (await api.do(COUNTY, "recordLook", "centreLook { id }", **at, heldOn=day(on)))["centreLook"]["id"]
        for on in (-1, 0)
    ]
    points = [{"item": "服务", "points": 1}]
    score = await api.do(COUNTY, "scoreLook", "lookScore { id version }", lookId=looks[1], points=points)
    return given, looks[0], score["lookScore"]


async def lent(api: Api, centre: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A venue that holds as many as one can, and a booking of it that has begun; their ids and versions."""
    given = {**HALL, "centreId": centre, "capacity": 10_000}
    venue = (await api.do(COUNTY, "offerVenue", "venue { id version }", **given))["venue"]
    times = {"venueId": venue["id"], **CHOIR, **at("11:00", "12:00")}
    booking = (await api.do(COUNTY, "bookVenue", "venueBooking { id version }", **times))["venueBooking"]
    past = "UPDATE venue_booking SET begins_at = begins_at - interval '7 days', ends_at = ends_at - interval '7 days'"
    await api.connection.execute(f"{past} WHERE id = $1", UUID(booking["id"][3:]))
    return venue, booking


async def assessed(api: Api, home: dict[str, Any]) -> dict[str, Any]:
    """A matter that is being assessed; its id and version."""
    given = {"title": f"修灯{next(NUMBERS)}", "source": "VISIT", "proposedOn": day(-92)}
    matter: dict[str, Any] = (await api.do(COUNTY, "proposeMatter", "matter { id version }", **home, **given))["matter"]
    for command in ("consultMatter", "actOnMatter", "assessMatter"):
        matter = (await api.do(COUNTY, command, "matter { id version }", **matter, on=day(-92)))["matter"]
    return matter


async def given_fund(api: Api, unit: str) -> Any:
    """A fund since 2000, in which there are 100 yuan; its id and version."""
    began = {"unitId": unit, "name": "近邻基金", "begunOn": "2000-01-01"}
    fund = (await api.do(COUNTY, "openFund", "fund { id version }", **began))["fund"]
    came = {"kind": "MEMBERS", "amount": "100.00", "receivedAt": f"{day(0)}T00:00:00+08:00"}
    await api.do(COUNTY, "recordDonation", "", fundId=fund["id"], **came)
    return fund


async def met(api: Api, home: dict[str, Any]) -> dict[str, Any]:
    """What can be recorded of a meeting that was held, and of a matter that was on its agenda."""
    hall = (await api.do(COUNTY, "openMeetingPlace", "meetingPlace { id }", **home, name="议事厅"))["meetingPlace"][
        "id"
    ]
    called = {**home, "placeId": hall, "title": "协商会", "plannedOn": day(0)}
    meeting = (await api.do(COUNTY, "conveneMeeting", "meeting { id version }", **called))["meeting"]
    about = [(await assessed(api, home))["id"] for _ in range(2)]
    for each in about:
        of = {**meeting, "matterId": each}
        meeting = (await api.do(COUNTY, "addMeetingItem", "meeting { id version }", **of))["meeting"]
    shown = "meeting { id version items { nodes { id version } } }"
    meeting = (await api.do(COUNTY, "holdMeeting", shown, **meeting, on=day(0)))["meeting"]
    open_, other = meeting.pop("items")["nodes"]
    said = {"decision": "DEFERRED", "decided": "依议", **dict.fromkeys(VOTES, 1)}
    decided = (await api.do(COUNTY, "decideMeetingItem", "meetingItem { id version }", **other, **said))["meetingItem"]
    result = {"what": "新增停车位", "quantity": 193, "countedIn": "个", "countedOn": day(0)}
    of = {**result, "what": "新增车棚", "matterId": about[0]}
    made = (await api.do(COUNTY, "recordMatterResult", "matterResult { id version }", **of))["matterResult"]
    return {
        "recordMeetingAttendance": {**meeting, "parties": [{"party": "OWNERS", "people": 1}]},
        "decideMeetingItem": {**open_, **said},
        "correctMeetingDecision": {**decided, **said, "reason": "误记"},
        "recordMatterResult": {**result, "matterId": about[0]},
        "correctMatterResult": {**result, **made, "reason": "误记"},
    }


async def bureau(api: Api, county: str) -> dict[str, str]:
    """A department of the county beside the demo's, with which the years come that whistles are counted by."""
    of = {"unitId": county, "name": "教育局"}
    made = await api.do(COUNTY, "createDepartment", "department { id }", **of)
    return {"departmentId": made["department"]["id"]}


async def deliberated(api: Api, home: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Two deliberation days, the second of which was held, and an analysis meeting of it; their ids and versions."""
    year = "deliberationDays(filter: {year: {from: 2012, to: 2012}}, first: 2) { nodes { id version } }"
    unit = f"orgUnit {{ {year} }}"
    made = await api.do(COUNTY, "scheduleDeliberationDays", unit, **home, year=2012)
    held, coming = made["orgUnit"]["deliberationDays"]["nodes"]
    held = (await api.do(COUNTY, "recordDeliberationDay", "deliberationDay { id version }", **held, came=55))[
        "deliberationDay"
    ]
    given = {"dayId": held["id"], "heldOn": "2012-01-31", **ANALYSED}
    met = await api.do(COUNTY, "recordAnalysisMeeting", "analysisMeeting { id version }", **given)
    return coming, held, met["analysisMeeting"]


async def asked(api: Api, home: dict[str, Any]) -> Any:
    """A survey that is open; its id."""
    choices = [{"question": "何", "name": name} for name in "甲乙"]
    given = {**home, "name": "问卷", "opensOn": day(0), "closesOn": day(0), "choices": choices}
    return (await api.do(COUNTY, "publishNeedSurvey", "needSurvey { id }", **given))["needSurvey"]["id"]


async def proposed(api: Api, home: dict[str, Any]) -> dict[str, Any]:
    """A project that has not started, and the one phase of it."""
    said = {"proposedBy": "居委会", "name": "加装路灯", "purpose": "路灯", "budget": "1"}
    time = {"plannedOn": day(0), "dueOn": day(0)}
    made = await api.do(COUNTY, "proposeProject", "project { id version }", **home, **said, **time)
    return {**made["project"], "phases": [{"name": "施工", "weight": 100, "dueOn": day(0)}]}


async def underway(api: Api, home: dict[str, Any]) -> dict[str, Any]:
    """A project that has started, and the weight its one phase has."""
    planned = await proposed(api, home)
    made = (await api.do(COUNTY, "planProject", "project { id version }", **planned))["project"]
    shown = "project { id version phases { nodes { id version weight } } }"
    started = (await api.do(COUNTY, "startProject", shown, **made, on=day(0)))["project"]
    return {**started, "phases": started["phases"]["nodes"], "reason": "误记"}


async def taken_request(api: Api, member: dict[str, Any]) -> Any:
    """A request for help which a team has taken; its id and version."""
    there, given = {"unitId": member["unit"]["id"], "kind": "CARE"}, {"memberId": member["id"]}
    team = (await api.do(COUNTY, "createHelpTeam", "helpTeam { id }", **there, name="维修队"))["helpTeam"]["id"]
    await api.do(COUNTY, "joinHelpTeam", "", teamId=team, **given, since=day(0))
    asked = {**there, "text": "换灯", "beneficiary": "老人", "askedOn": day(-99)}
    request = (await api.do(COMMUNITY, "recordHelpRequest", "helpRequest { id version }", **asked))["helpRequest"]
    done = await api.do(COMMUNITY, "takeHelpRequest", "helpRequest { id version }", **request, **given, teamId=team)
    return done["helpRequest"]
