"""The figures of the counties' published reports, as the running service computes them: none is stored anywhere.

S numbers are those of the domain page. test_demo_figures.py has the same figures as SQL counts them.
"""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from services.calendar.working import Calendar, NotAnnouncedError
from tests.conftest import Service
from tests.days import day
from tests.demo.conftest import ANXI, HUIAN, YONGCHUN, County
from tests.http.asking import Asking

INDICATORS = """
query ($code: String!) { orgUnit(by: {code: $code}) { indicators {
  compounds coveredCompounds coverageRate branches
  buildings buildingsWithCaptain buildingsWithoutCaptain captains captainAssignments
  companies instructors leadersAsSecretaries
  membersInService membersReported membersAssigned reportingRate
  posts { kind tier posts members bodies }
  catalogEntries { function entries online atWindow }
} } }
"""
VISITS = """
query ($code: String!) { orgUnit(by: {code: $code}) { indicators {
  registeredHouseholds householdsWithoutAnyone householdCoverage membersWithTen
  hardshipVisits sickVisits unusualHouseholds disputeCases
} } }
"""
WINDOW = """
query ($code: String!, $after: String) { orgUnit(by: {code: $code}) {
  serviceCatalog(filter: {atWindow: true}, first: 100, after: $after) {
    totalCount nodes { name category function } pageInfo { hasNextPage endCursor }
  }
} }
"""
PACKAGES = """
query ($code: String!) { orgUnit(by: {code: $code}) {
  indicators { serviceOperations { function operation items beneficiaries } }
} }
"""
OPERATED = """
query ($code: String!) { orgUnit(by: {code: $code}) {
  serviceItems(filter: {operation: [PRIVATELY_RUN, PURCHASED, ENTRUSTED]}, first: 100) { nodes { operation operator } }
} }
"""

CENTRES = """
query ($code: String!, $year: DateRange!) { orgUnit(by: {code: $code}) {
  indicators { centres facilities householdsPositioned householdsInCircle compoundsOutOfReach }
  centres(filter: {openedOn: $year}, first: 100) {
    totalCount nodes { areaKm2 withinWalk { totalCount } milestones { totals { count } } }
  }
  compounds(first: 100) { totals { households } nodes { position { longitude latitude } } }
} }
"""

LOOKS = """
query ($code: String!) { orgUnit(by: {code: $code}) {
  indicators { centresLookedAt centresScored meanScore projectsMatched resourcesDelivered }
  centres(first: 100) { nodes { place looks { nodes { heldOn onItsWeekday score change
    scores { nodes { points score } } sheet { items { most } } } } } }
} departmentOffers { totals { byDepartment { department delivered } byStatus { kind status count } } } }
"""


def indicators(county: County, code: str) -> dict[str, Any]:
    """Every indicator of a county."""
    found: dict[str, Any] = county(code).data(INDICATORS, {"code": code})["orgUnit"]["indicators"]
    return found


def posts(found: dict[str, Any], kind: str, tier: str | None) -> dict[str, int]:
    """The count of the posts of one kind and tier."""
    counts = [count for count in found["posts"] if (count["kind"], count["tier"]) == (kind, tier)]
    assert len(counts) == 1
    return {name: counts[0][name] for name in ("posts", "members", "bodies")}


def test_huian_compounds(county: County) -> None:
    """S2: 78 compounds covered by 39 branches, coverage 92.9 %, so 84 in all."""
    found = indicators(county, HUIAN)
    assert (found["compounds"], found["coveredCompounds"], found["branches"]) == (84, 78, 39)
    assert round(found["coverageRate"] * 100, 1) == 92.9


def test_anxi_captains(county: County) -> None:
    """S14: 693 captains, one a building."""
    found = indicators(county, ANXI)
    names = ("captains", "captainAssignments", "buildingsWithCaptain", "buildingsWithoutCaptain", "buildings")
    assert [found[name] for name in names] == [693, 693, 693, 7, 700]


def test_anxi_property_industry(county: County) -> None:
    """S12, S13: 10 owners or managers are compound branch secretaries; 17 instructors."""
    found = indicators(county, ANXI)
    assert (found["companies"], found["leadersAsSecretaries"], found["instructors"]) == (12, 10, 17)
    assert posts(found, "INSTRUCTOR", None) == {"posts": 22, "members": 17, "bodies": 12}


def test_yongchun_part_time_members(county: County) -> None:
    """S22: 95 members in 24 community committees, 213 in 67 grid branches; each committee has its rotating chair."""
    found = indicators(county, YONGCHUN)
    assert posts(found, "PART_TIME_MEMBER", "VILLAGE") == {"posts": 95, "members": 95, "bodies": 24}
    assert posts(found, "PART_TIME_MEMBER", "GRID") == {"posts": 213, "members": 213, "bodies": 67}
    assert posts(found, "ROTATING_CHAIR", "VILLAGE") == {"posts": 24, "members": 24, "bodies": 24}


def test_an_auditor_is_told_the_rate_of_all_in_round_numbers(service: Service) -> None:
    """Of whom they may not see, both numbers are counts: a rate is not of two different wholes."""
    query = "query($code: String!) { orgUnit(by: {code: $code}) { indicators { membersInService membersReported } } }"
    auditor = Asking(service.url, service.token("auditor", YONGCHUN))
    answer = auditor.post(query, {"code": YONGCHUN}).json()
    numbers = answer["data"]["orgUnit"]["indicators"]
    assert numbers["membersInService"] // 10 == numbers["membersReported"] // 10 == 483
    assert {"Indicators.membersInService", "Indicators.membersReported"} <= {*answer["extensions"]["counted"]}


def test_members_in_their_grids(county: County) -> None:
    """S18: 4,833 reported in 永春, all there are to report; S10: 2,709 assigned in 惠安, and a town's are its part."""
    names = ("membersInService", "membersReported", "membersAssigned", "reportingRate")
    found = indicators(county, YONGCHUN)
    assert [found[name] for name in names] == [4833, 4833, 0, 1]
    found = indicators(county, HUIAN)
    assert [found[name] for name in names[1:]] == [0, 2709, 0]
    query = "{ gridTerms(filter: {ended: false}) { totals { members byKind { kind count } } } }"
    totals = {"members": 2709, "byKind": [{"kind": "ASSIGNED", "count": 2709}]}
    assert county(HUIAN).data(query)["gridTerms"]["totals"] == totals


def test_yongchun_service_posts(county: County) -> None:
    """S19: 8 categories, 45 duties; whoever serves part-time chose one, and places are left."""
    query = """{ dutyItems { totals { count byCategory { count } } }
        orgUnit(by: {code: "350525"}) { indicators { dutyPostsNeeded dutyPostsTaken membersOnDuty
            helpRequestsDone } } }"""
    answer = county(YONGCHUN).post(query).json()
    assert answer["extensions"] == {"counted": ["Indicators.helpRequestsDone"]}  # S25, in all four ways
    found = answer["data"]
    assert found["dutyItems"]["totals"]["count"] == 45
    assert len(found["dutyItems"]["totals"]["byCategory"]) == 8
    numbers = found["orgUnit"]["indicators"]
    assert numbers["helpRequestsDone"] > 100
    assert 200 < numbers["membersOnDuty"] == numbers["dutyPostsTaken"] < numbers["dutyPostsNeeded"] == 576


@pytest.mark.parametrize("code", [HUIAN, ANXI])
def test_cross_appointments(county: County, code: str) -> None:
    """S3: both ways, in owners' committees and companies and in community organizations."""
    found = indicators(county, code)
    for tier in ("VILLAGE", None):
        assert posts(found, "CROSS_APPOINTMENT", tier)["posts"] > 0


def test_huian_catalog(county: County) -> None:
    """S5, S8: "1+6+X", 130 items at the window, 3,746 online."""
    found = indicators(county, HUIAN)["catalogEntries"]
    assert len({count["function"] for count in found}) == len(found) == 8
    assert sum(count["atWindow"] for count in found) == 130
    assert sum(count["online"] for count in found) == 3746


def test_huian_window(county: County) -> None:
    """S8: 15 categories and 130 items at the window, page by page."""
    asking, nodes, after = county(HUIAN), [], None
    while True:
        page = asking.data(WINDOW, {"code": HUIAN, "after": after})["orgUnit"]["serviceCatalog"]
        nodes += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert page["totalCount"] == len({node["name"] for node in nodes}) == len(nodes) == 130
    assert len({node["category"] for node in nodes}) == 15
    assert {node["function"] for node in nodes} == {"AFFAIRS"}


def test_huian_operators(county: County) -> None:
    """S9: all three ways to run a service; elderly-care packages bought for 15,000."""
    asking = county(HUIAN)
    groups = asking.data(PACKAGES, {"code": HUIAN})["orgUnit"]["indicators"]["serviceOperations"]
    (packages,) = [each for each in groups if (each["function"], each["operation"]) == ("ELDERLY_CARE", "PURCHASED")]
    assert (packages["items"], packages["beneficiaries"]) == (3, 15_000)
    operated = asking.data(OPERATED, {"code": HUIAN})["orgUnit"]["serviceItems"]["nodes"]
    assert {node["operation"] for node in operated} == {"PRIVATELY_RUN", "PURCHASED", "ENTRUSTED"}
    assert all(node["operator"] for node in operated)


def test_a_town_adds_up(county: County) -> None:
    """The indicators of the towns of 惠安, asked for in one request, add up to the county's."""
    query = """
    query ($code: String!) { orgUnit(by: {code: $code}) {
      indicators { compounds coveredCompounds captainAssignments }
      children(first: 100) { nodes { indicators { compounds coveredCompounds captainAssignments } } }
    } }
    """
    unit = county(HUIAN).data(query, {"code": HUIAN})["orgUnit"]
    towns = [town["indicators"] for town in unit["children"]["nodes"]]
    for name, total in unit["indicators"].items():
        assert sum(town[name] for town in towns) == total


def test_what_the_demo_shows_of_the_last_year(county: County) -> None:
    """Contracts that end soon, visits and reports in 惠安, and numbers that are not what they were a year ago."""
    soon, then, today = day(90), day(-365), day(0)
    query = """
    query ($then: Date!, $soon: Date!, $today: Date!) {
      contracts(filter: {until: {from: $today, to: $soon}}) { totalCount }
      instructorVisits(filter: {visitedOn: {from: $then}}) { totalCount }
      residentReports(filter: {reportedOn: {from: $then}}) { totalCount }
      orgUnit(by: {code: "350521"}) { indicators { change(since: $then) {
        compounds coveredCompounds branches managedCompounds captains instructorVisits openReports
      } } }
    }
    """
    found = county(HUIAN).data(query, {"then": then, "soon": soon, "today": today})
    assert found["contracts"]["totalCount"] >= 3
    assert found["instructorVisits"]["totalCount"] >= 3
    assert found["residentReports"]["totalCount"] >= 3
    assert all(found["orgUnit"]["indicators"]["change"].values()), found


def test_four_visits_and_ten_households_each(county: County) -> None:
    """永春, S20: of 200, 145, 87 and 56 a county, which counts visits and reads none, is told the tens."""
    answer = county(YONGCHUN).post(VISITS, {"code": YONGCHUN}).json()
    counted = {"hardshipVisits", "sickVisits", "unusualHouseholds", "disputeCases"}
    assert set(answer["extensions"]["counted"]) == {f"Indicators.{name}" for name in counted}
    assert answer["data"]["orgUnit"]["indicators"] == {
        "registeredHouseholds": 2130,
        "householdsWithoutAnyone": 0,
        "householdCoverage": 1,
        "membersWithTen": 213,
        "hardshipVisits": 200,
        "sickVisits": 140,
        "unusualHouseholds": 80,
        "disputeCases": 50,
    }


SHARING = """
query ($code: String!, $year: DateRange!) { orgUnit(by: {code: $code}) {
  indicators { venues venueMinutes venueVisits sharedResources resourceUses }
  venues(first: 100) { totalCount totals { centres } nodes { bookings(filter: {day: $year}, first: 100) {
    totals { minutes came } nodes { minutes came beginsAt } } } }
  sharedResources(first: 100) { totals { count byKind { kind count } }
    nodes { uses(filter: {usedOn: $year}) { totalCount } } }
} }
"""


def test_huian_shares_both_ways(county: County) -> None:
    """S11: every centre lends a venue, every third one two; a partner unit shares something with each."""
    asked = {"code": HUIAN, "year": {"from": f"{day(0)[:4]}-01-01", "to": day(0)}}
    answer = county(HUIAN).post(SHARING, asked).json()
    assert answer["extensions"] == {"partial": ["SharedResource.uses", "Venue.bookings"]}  # of what is those' above
    found = answer["data"]["orgUnit"]
    assert (found["venues"]["totalCount"], found["venues"]["totals"]["centres"]) == (32, 24)
    held = [node["bookings"] for node in found["venues"]["nodes"]]
    numbers = found["indicators"]
    assert numbers["venues"] == 32
    assert numbers["venueMinutes"] == sum(of["totals"]["minutes"] for of in held)
    assert numbers["venueMinutes"] == sum(120 for of in held for _ in of["nodes"])
    assert numbers["venueVisits"] == sum(node["came"] or 0 for of in held for node in of["nodes"])
    assert numbers["sharedResources"] == found["sharedResources"]["totals"]["count"] == 24
    assert len(found["sharedResources"]["totals"]["byKind"]) == 5
    used = sum(node["uses"]["totalCount"] for node in found["sharedResources"]["nodes"])
    assert numbers["resourceUses"] == used
    if int(day(0)[5:7]) > 1:  # the first centre opens with the year
        assert min(numbers.values()) > 0


NEEDS = """query ($code: String!) { orgUnit(by: {code: $code}) {
  indicators { needsUnanswered needsByFunction { function needs people } }
  needCounts(filter: {isNeed: true}, first: 100) { nodes { name function people survey { cell } } }
  needSurveys { totals { count } } }
  needCounts(filter: {level: [COMMUNITY]}) { totals { count } } }"""


def test_huian_asks_what_residents_need(county: County) -> None:
    """S7: counted by function and community, in round numbers; two needs are answered by the catalog."""
    found = county(HUIAN).data(NEEDS, {"code": HUIAN})
    whole, numbers = found["orgUnit"]["needCounts"]["nodes"], found["orgUnit"]["indicators"]
    assert all(row["people"] % row["survey"]["cell"] == 0 for row in whole)
    assert len(whole) == 6
    assert numbers["needsUnanswered"] == 4
    by = {row["function"]: row["people"] for row in numbers["needsByFunction"]}
    assert by == {of: sum(row["people"] for row in whole if row["function"] == of) for of in by}
    assert len(by) == 5
    assert found["orgUnit"]["needSurveys"]["totals"]["count"] == 2
    assert found["needCounts"]["totals"]["count"] > 50


def test_huian_centres(county: County) -> None:
    """S4: 24 centres planned for the year, one of which serves 7.4 km²; every compound stands in the county."""
    year = day(0)[:4]
    asked = {"code": HUIAN, "year": {"from": f"{year}-01-01", "to": f"{year}-12-31"}}
    answer = county(HUIAN).post(CENTRES, asked).json()
    assert [*answer["extensions"]] == ["partial"]  # of what lies within a walk, it may be that some is another county's
    found = answer["data"]["orgUnit"]
    assert found["centres"]["totalCount"] == found["indicators"]["centres"] == 24
    assert [node["areaKm2"] for node in found["centres"]["nodes"]].count(7.4) == 1
    with suppress(NotAnnouncedError):  # what is counted by working days of a year nobody announced is not there
        Calendar().works(date(int(year), 12, 31))
        assert {node["milestones"]["totals"]["count"] for node in found["centres"]["nodes"]} == {6}
    near = [node["withinWalk"]["totalCount"] for node in found["centres"]["nodes"]]
    assert max(near) > 0
    assert found["indicators"]["householdsPositioned"] == found["compounds"]["totals"]["households"]
    assert 0 < found["indicators"]["householdsInCircle"] < found["indicators"]["householdsPositioned"]
    assert found["indicators"]["compoundsOutOfReach"] > 0
    places = [node["position"] for node in found["compounds"]["nodes"]]
    assert all(118.6 < at["longitude"] < 119.1 and 24.8 < at["latitude"] < 25.3 for at in places)


def test_huian_looks(county: County) -> None:
    """S6: 23 centres in 12 towns seen, 46 projects matched, 39 resources delivered, 43 of the culture bureau's own."""
    found = county(HUIAN).data(LOOKS, {"code": HUIAN})
    seen = [node for node in found["orgUnit"]["centres"]["nodes"] if node["looks"]["nodes"]]
    assert len(seen) == 23
    assert len({node["place"][1] for node in seen}) == 12
    latest = [max(node["looks"]["nodes"], key=lambda look: look["heldOn"]) for node in seen]
    for look in (look for node in seen for look in node["looks"]["nodes"]):
        whole = sum(item["most"] for item in look["sheet"]["items"])
        given = [sum(score["points"]) for score in look["scores"]["nodes"]]
        assert look["score"] == round(100 * sum(given) / len(given) / whole, 2)
    assert {look["onItsWeekday"] for look in latest} == {True, False}
    assert all(look["change"] is not None for look in latest)
    mean = sum(look["score"] for look in latest) / len(latest)
    assert found["orgUnit"]["indicators"] == {
        "centresLookedAt": 23,
        "centresScored": 23,
        "meanScore": pytest.approx(mean, abs=1e-4),
        "projectsMatched": 46,
        "resourcesDelivered": 39,
    }
    totals = found["departmentOffers"]["totals"]
    assert {each["department"]: each["delivered"] for each in totals["byDepartment"]}["县文旅局"] == 43
    kinds = [(each["kind"], each["status"]) for each in totals["byStatus"]]
    assert kinds.count(("OWN_VISIT", "DELIVERED")) == 1


def test_what_was_closed_comes_back_with_its_buildings(service: Service) -> None:
    """The demo's compound that is closed, opened again for a trial as if it had been a mistake."""
    town = Asking(service.url, service.token("county_admin", HUIAN))
    asked = "{ compounds(filter: {closed: true}, first: 1) { nodes { id version } } }"
    (closed,) = town.post(asked).json()["data"]["compounds"]["nodes"]
    mutation = """mutation($input: ReopenCompoundInput!) {
        reopenCompound(input: $input) { ended { kind restored until } userErrors { code } } }"""
    answer = town.post(mutation, {"input": {**closed, "reason": "误停用", "dryRun": True}}).json()
    again = {"kind": "Building", "restored": True, "until": None}
    assert answer["data"]["reopenCompound"] == {"ended": [again], "userErrors": []}
