"""Whole numbers in the inputs of commands: each has a range, and what is out of it is told of its field."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from schema.catalogue.offers import InputShape
from schema.kit.commands import Version
from services.storage.database import connected
from services.storage.tables import GREATEST
from tests.built import CATALOGUE
from tests.centres.lending import CHOIR, HALL, at
from tests.conftest import Database
from tests.days import day, today
from tests.deliberation.allied import CAME, came
from tests.writes.api import Api
from tests.writes.prepared import (
    ANALYSED,
    COMMUNITY,
    COUNTY,
    VOTES,
    asked,
    assessed,
    bureau,
    deliberated,
    given_fund,
    lent,
    met,
    proposed,
    scheduled,
    scored,
    taken_request,
    underway,
)

# Whose a command is that the county may not.
OF_THE_COMMUNITY = {"finishHelpRequest": COMMUNITY}
LEAST = -(2**31)
SIZES = {"households": (0, GREATEST), "residents": (0, GREATEST), "partyMembers": (0, GREATEST)}
SIZE = {"households": (0, GREATEST), "storeys": (1, 200)}
EXTENT = {"number": (1, 99), "households": (0, GREATEST)}
BOUNDS = {"budgetPerMinute": (1, GREATEST), "smallestCell": (2, GREATEST)}


def ranges() -> dict[str, dict[str, tuple[int, int]]]:
    """Every whole number a command takes, but versions, and what it may be."""
    years = (2000, today().year)
    analysed = {"lookedAt": (1, 10_000), "takenUp": (0, 10_000), "dropped": (0, 10_000)}
    return {
        "createCompound": SIZES,
        "updateCompound": SIZES,
        "createBuilding": SIZE,
        "updateBuilding": SIZE,
        "recordBuildings": {f"buildings.{name}": of for name, of in SIZE.items()},
        "createPhase": EXTENT,
        "updatePhase": EXTENT,
        "createCompany": {"recruitmentQuota": (0, GREATEST)},
        "updateCompany": {"recruitmentQuota": (0, GREATEST)},
        "recordAssessment": {"year": years, "credit": (0, 100)},
        "updateAssessment": {"credit": (0, 100)},
        "recordTownEvaluation": {"year": years},
        "recordCommunityEvaluation": {"year": years},
        "appointRotatingChair": {"months": (1, 3)},
        "publishService": {"beneficiaries": (0, GREATEST)},
        "updateService": {"beneficiaries": (0, GREATEST)},
        "announceYear": {"year": (2000, 2100)},
        "openDutyNeed": {"needed": (1, 200)},
        "updateDutyNeed": {"needed": (1, 200)},
        "finishHelpRequest": {"minutes": (1, 144_000)},
        "claimPoints": {"times": (1, 24)},
        "createHousehold": {"residents": (0, 99)},
        "recordHouseholds": {"households.residents": (0, 99)},
        "updateHousehold": {"residents": (0, 99)},
        "scheduleCentre": {"milestones.workingDays": (0, 500)},
        "addMilestone": {"workingDays": (0, 500)},
        "updateMilestone": {"workingDays": (0, 500)},
        "publishScoringSheet": {"weekday": (1, 7), "items.most": (1, 100), "items.weight": (1, 100)},
        "scoreLook": {"points.points": (0, 20)},
        "correctLookScore": {"points.points": (0, 20)},
        "offerVenue": {"capacity": (1, 10_000)},
        "updateVenue": {"capacity": (1, 10_000)},
        "bookVenue": {"people": (1, 10_000)},
        "recordResourceUse": {"people": (0, 100_000)},
        "issueSurveyCodes": {"number": (1, 500)},
        "finishBooking": {"came": (0, 10_000)},
        "blowWhistle": {"answerDays": (1, 30), "solveDays": (1, 90)},
        **CAME,
        "settleMatter": {"asked": (1, 1_000_000), "satisfied": (0, 1_000_000)},
        "recordMeetingAttendance": {"parties.people": (0, 10_000)},
        "decideMeetingItem": VOTES,
        "correctMeetingDecision": VOTES,
        "recordMatterResult": {"quantity": (1, 1_000_000_000)},
        "correctMatterResult": {"quantity": (1, 1_000_000_000)},
        "scheduleDeliberationDays": {"year": (2004, today().year + 1)},  # what is announced, or the demo has loaded
        "recordDeliberationDay": {"came": (0, 100_000)},
        "correctDeliberationDay": {"came": (0, 100_000)},
        "publishDeliberationReport": {"year": (2000, today().year - 1), "number": (1, 4)},
        "assessDeliberation": {"year": (2000, today().year - 1)},
        "recordAnalysisMeeting": analysed,
        "correctAnalysisMeeting": analysed,
        "createResidentsTeam": {"headCount": (0, 100_000)},
        "updateResidentsTeam": {"headCount": (0, 100_000)},
        "publishActivity": {"capacity": (1, 100_000)},
        "updateActivity": {"capacity": (1, 100_000)},
        "publishPointRule": {"points": (1, 100), "mostPerQuarter": (1, 100)},
        "correctPoints": {"points": (-100, 100)},
        "proposeAward": {"persons": (1, 10_000)},
        "closeFundYear": {"year": (2000, today().year - 1)},
        "makePledge": {"year": years},
        "appraiseMember": {"year": years},
        "planProject": {"phases.weight": (1, 100)},
        "correctPhases": {"phases.weight": (1, 100)},
        "issueToken": {"days": (1, 366), **BOUNDS},
        "updateProgram": BOUNDS,
        "rotateToken": {"overlapHours": (0, 168), "days": (1, 366)},
    }


IDS = """{
    orgUnit(by: {code: "350521"}) { id }
    orgUnits(first: 1, filter: {level: [COMMUNITY]}) { nodes { id } }
    compounds(first: 1) { nodes { id version } }
    compoundPhases(first: 1) { nodes { id version } }
    buildings(first: 1) { nodes { id version } }
    propertyCompanies(first: 100) { nodes { id version assessment { id version } } }
    serviceItems(first: 1) { nodes { id version } }
    partyOrganizations(first: 1) { nodes { id } }
    members(first: 1, filter: {standing: [IN_SERVICE]}) { nodes { id unit { id } } }
}"""
HOUSEHOLD = "household { id version }"
AWARD = {"kind": "AID", "amount": "100.00", "persons": 1, "purpose": "帮扶"}
RULE = {"name": "志愿服务", "points": 4, "per": "每次"}
TOKEN = "accessToken { id program { id version } }"


@pytest.fixture
async def api(own_demo: Database) -> AsyncIterator[Api]:
    """The service over a demo of its own."""
    async with connected(own_demo.url) as connection:
        made = Api(own_demo.url, connection)
        yield made
        await made.close()


async def inputs(api: Api) -> dict[str, dict[str, Any]]:
    """For each command an input it accepts, where the day lets it."""
    found = await api.data(COUNTY, IDS)
    first = {name: page["nodes"][0] for name, page in found.items() if "nodes" in page}
    unit, item = found["orgUnit"]["id"], first["serviceItems"]
    company = next(each for each in found["propertyCompanies"]["nodes"] if each["assessment"])
    program = {"unitId": unit, "name": "大屏", "agency": "演示公司", "days": 30, "entities": ["unit"]}
    token = (await api.do(COUNTY, "issueToken", TOKEN, **program, budgetPerMinute=GREATEST))["accessToken"]
    home = {"unitId": first["orgUnits"]["id"]}
    household = (await api.do(COUNTY, "createHousehold", HOUSEHOLD, **home, name="1号楼102"))["household"]
    wanted = {"since": day(0), "needed": 1}
    duty = {**home, "category": "治安", "name": "巡逻"}
    wanted |= {**home, "itemId": (await api.do(COUNTY, "publishDuty", "dutyItem { id }", **duty))["dutyItem"]["id"]}
    need = (await api.do(COUNTY, "openDutyNeed", "dutyNeed { id version }", **wanted))["dutyNeed"]
    request = await taken_request(api, first["members"])
    choir = {**home, "name": "合唱队", "kind": "合唱", "headCount": 9}
    team = (await api.do(COUNTY, "createResidentsTeam", "residentsTeam { id version }", **choir))["residentsTeam"]
    planned_centre, centre, milestone = await scheduled(api, home)
    sheet, look, score = await scored(api, unit, centre)
    venue, booking = await lent(api, centre)
    coming, held, analysis = await deliberated(api, home)
    shared = {**home, "provider": "演示银行", "kind": "EXPERTISE", "name": "义诊", "since": day(0)}
    resource = (await api.do(COUNTY, "offerResource", "sharedResource { id }", **shared))["sharedResource"]["id"]
    planned = {**home, "kind": "OTHER", "title": "村晚", "form": "STREAMED"}
    planned |= {"beginsAt": f"{day(1)}T14:00:00+08:00", "endsAt": f"{day(1)}T15:00:00+08:00"}
    activity = (await api.do(COUNTY, "publishActivity", "activity { id version }", **planned))["activity"]
    rule = (await api.do(COUNTY, "publishPointRule", "pointRule { id }", **RULE, unitId=unit))["pointRule"]["id"]
    earned = {"memberId": first["members"]["id"], "ruleId": rule, "on": day(0), "text": "打扫楼道"}
    claim = (await api.do(COUNTY, "claimPoints", "pointClaim { id }", **earned))["pointClaim"]["id"]
    granted = "pointClaim { entries { nodes { id } } }"
    (entry,) = (await api.do(("county_admin", "3505"), "grantPoints", granted, id=claim))["pointClaim"]["entries"][
        "nodes"
    ]
    fund = await given_fund(api, unit)
    compound, building, assessment = first["compounds"], first["buildings"], company["assessment"]
    phase = first["compoundPhases"]
    evaluated = {"partyOrganizationId": first["partyOrganizations"]["id"], "year": 2001, "grade": "A"}
    chair = {"partyOrganizationId": first["partyOrganizations"]["id"], "memberId": first["members"]["id"]}
    return {
        "createCompound": {"unitId": first["orgUnits"]["id"], "name": "新小区"},
        "updateCompound": {"id": compound["id"], "version": compound["version"]},
        "createBuilding": {"compoundId": compound["id"], "name": "新楼"},
        "updateBuilding": {"id": building["id"], "version": building["version"]},
        "recordBuildings": {"compoundId": compound["id"], "buildings": [{"name": "新楼"}]},
        "createPhase": {"compoundId": compound["id"], "name": "新的一期"},
        "updatePhase": {"id": phase["id"], "version": phase["version"]},
        "createCompany": {"unitId": unit, "name": "新物业", "creditCode": "91350100M000100Y43"},
        "updateCompany": {"id": company["id"], "version": company["version"]},
        "recordAssessment": {"companyId": company["id"], "year": 2001, "grade": "A", "credit": 90},
        "updateAssessment": {"id": assessment["id"], "version": assessment["version"]},
        "recordTownEvaluation": evaluated,
        "recordCommunityEvaluation": evaluated,
        "appointRotatingChair": {**chair, "since": day(0), "months": 1},
        "publishService": {"unitId": unit, "function": "FOOD", "name": "新助餐点"},
        "updateService": {"id": item["id"], "version": item["version"]},
        "openDutyNeed": wanted,
        "updateDutyNeed": need,
        "planProject": await proposed(api, home),
        "correctPhases": await underway(api, home),
        "finishHelpRequest": {**request, "outcome": "已办", "minutes": 1, "on": day(0)},
        "announceYear": {"unitId": unit, "year": 2087, "daysOff": [], "daysWorked": []},
        "claimPoints": {**earned, "text": "又一次"},
        "createHousehold": {**home, "name": "1号楼101"},
        "recordHouseholds": {**home, "households": [{"name": "1号楼101"}]},
        "updateHousehold": household,
        "scheduleCentre": {
            "id": planned_centre,
            "deadline": day(0),
            "milestones": [{"name": "设计", "workingDays": 1}],
        },
        "addMilestone": {"centreId": centre, "name": "设计", "workingDays": 1},
        "updateMilestone": {**milestone, "reason": "雨季"},
        "publishScoringSheet": sheet,
        "scoreLook": {"lookId": look, "points": [{"item": "服务", "points": 1}]},
        "correctLookScore": {**score, "points": [{"item": "服务", "points": 1}]},
        "offerVenue": {**HALL, "centreId": centre, "name": "新厅"},
        "updateVenue": venue,
        "bookVenue": {"venueId": venue["id"], **CHOIR, **at("09:00", "10:00")},
        "recordResourceUse": {"centreId": centre, "resourceId": resource, "usedOn": day(0), "people": 1},
        "finishBooking": {**booking, "came": 1},
        **await met(api, home),
        **await came(api, COUNTY, unit),
        "blowWhistle": {**home, **await bureau(api, unit), "title": "灯", "answerDays": 1, "solveDays": 90},
        "settleMatter": {**await assessed(api, home), "on": day(0), "asked": 1_000_000, "satisfied": 0},
        "scheduleDeliberationDays": {**home, "year": 2013},
        "recordDeliberationDay": {**coming, "came": 1},
        "correctDeliberationDay": {**held, "came": 1, "reason": "漏计"},
        "publishDeliberationReport": {**home, "kind": "QUARTER", "year": 2001, "number": 4, "text": "公示"},
        "assessDeliberation": {**home, "year": 2001, "grade": "A", "text": "评议"},
        "recordAnalysisMeeting": {"dayId": held["id"], "heldOn": "2012-01-30", **ANALYSED},
        "correctAnalysisMeeting": {**analysis, "heldOn": "2012-01-30", "reason": "漏计"},
        "issueSurveyCodes": {**home, "surveyId": await asked(api, home), "number": 1},
        "createResidentsTeam": {**choir, "name": "新合唱队"},
        "updateResidentsTeam": team,
        "publishActivity": planned,
        "updateActivity": activity,
        "publishPointRule": {**RULE, "unitId": unit},
        "correctPoints": {"entryId": entry["id"], "points": 1, "reason": "更正"},
        "proposeAward": {**AWARD, "fundId": fund["id"]},
        "closeFundYear": {**fund, "year": 2000},
        "makePledge": {"memberId": first["members"]["id"], "year": 2001, "text": "带头参加志愿服务"},
        "appraiseMember": {"memberId": first["members"]["id"], "year": 2001, "grade": "GOOD"},
        "issueToken": program,
        "updateProgram": {"id": token["program"]["id"], "version": token["program"]["version"]},
        "rotateToken": {"id": token["id"], "overlapHours": 1, "days": 30},
    }


def numbers(shape: InputShape, at: str = "") -> Iterator[str]:
    """The whole numbers an input takes, at any depth; versions aside, which are only compared."""
    for name, field in shape.fields.items():
        if field.shape is not None:
            yield from numbers(field.shape, f"{at}{name}.")
        elif field.value in (int, list[int]) and not isinstance(field.word, Version):
            yield at + name


def placed(field: str) -> list[str]:
    """The way to a field; to one of a list's rows, in the first."""
    head, _, inner = field.partition(".")
    return [head, "0", inner] if inner else [head]


def put(given: dict[str, Any], field: str, number: int) -> dict[str, Any]:
    """The input with a number in its place."""
    head, *inner = placed(field)
    return {**given, head: [{**given[head][0], inner[-1]: number}] if inner else number}


def test_every_whole_number_has_a_range() -> None:
    """A command that takes another one says here what it may be."""
    offers = CATALOGUE.offers.items()  # what is not tried is tests/centres' to try
    found = {name: {*numbers(offer.input)} for name, offer in offers if not offer.command.anonymous}
    assert {name: taken for name, taken in found.items() if taken} == {name: {*of} for name, of in ranges().items()}


async def test_what_is_out_of_range_is_told_of_its_field(api: Api) -> None:
    """And nothing else is; what is within it, the ends included, is not told of."""
    given = await inputs(api)
    for command, taken in ranges().items():
        for field, (least, most) in taken.items():
            for number in {LEAST, -1, 0, least - 1, least, most, most + 1, GREATEST} - {GREATEST + 1}:
                by = OF_THE_COMMUNITY.get(command, COUNTY)
                payload = await api.attempt(by, command, **put(given[command], field, number), dryRun=True)
                assert isinstance(payload, dict), (command, field, number, payload)
                told = [(problem["code"], problem["field"]) for problem in payload["userErrors"]]
                there = ["input", *placed(field)]
                if not least <= number <= most:
                    assert told == [("INVALID", there)], (command, field, number)
                else:
                    # A chair may find that the body or the member is not one; no other is refused anything.
                    assert all(code != "INVALID" or at != there for code, at in told), (command, told)
                    # Nor are points put right by none, or to less than none, nor is one phase less than the whole.
                    exempt = command in ("appointRotatingChair", "correctPoints", "planProject", "correctPhases")
                    assert told == [] or exempt, (command, field, number, told)


async def test_a_version_that_never_was_is_a_conflict(api: Api) -> None:
    for command, given in (await inputs(api)).items():
        if "version" in given:
            for version in (LEAST, -1, 0, GREATEST):
                by = OF_THE_COMMUNITY.get(command, COUNTY)
                assert await api.attempt(by, command, **{**given, "version": version}) == "CONFLICT", command


async def test_any_year_may_be_asked_about(api: Api) -> None:
    """There is no assessment of it, that is all."""
    query = """query($year: Int!) { propertyCompanies(first: 1) { nodes {
        assessment(year: $year) { year } assessments(filter: {year: $year}) { totalCount } } } }"""
    for year in (LEAST, -1, 0, GREATEST):
        (node,) = (await api.data(COUNTY, query, year=year))["propertyCompanies"]["nodes"]
        assert node == {"assessment": None, "assessments": {"totalCount": 0}}
