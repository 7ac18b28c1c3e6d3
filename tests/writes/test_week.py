"""A week of a county's work, played through the API by those whose work it is."""

from typing import Any

from tests.writes.api import Api
from tests.writes.street import ADMIN, COMMUNITY, COUNTY, COUNTY_ADMIN, NEIGHBOUR, TOWN, Street, day, made, unit_id

COMMITTEE = ("property_committee", COUNTY)
SEEN = "{ compounds { nodes { name } } buildings { totalCount } captainAssignments { nodes { memberName } } }"
MAY = """query($id: ID!, $then: Date) { node(id: $id) { ... on Building {
    captain { memberName } then: captain(asOf: $then) { memberName since until endReason }
    captains(orderBy: {field: SINCE}) { nodes { memberName since until } }
} } }"""


async def names(api: Api, who: tuple[str, str], query: str, *path: str) -> list[str]:
    """The names of the nodes at this path of an answer."""
    found = await api.data(who, query)
    for key in path:
        found = found[key]
    return [node["name"] for node in found["nodes"]]


async def a_day_later(api: Api, *tables: str) -> None:
    """As if a day had passed: every term began and ends a day earlier."""
    for table in tables:
        await api.connection.execute(f"UPDATE {table} SET since = since - 1, until = until - 1")


async def test_survey_a_compound_and_set_up_a_joint_branch(api: Api, on: Street) -> None:
    """One branch over two compounds, set up in one command; the county sees coverage rise."""
    other = await made(api, ADMIN, "createCompound", "compound", unitId=on.unit, name="另一小区", households=80)
    indicators = '{ orgUnit(by: {code: "350521"}) { indicators { compounds coveredCompounds coverageRate branches } } }'
    before = (await api.data(COUNTY_ADMIN, indicators))["orgUnit"]["indicators"]
    assert before == {"compounds": 2, "coveredCompounds": 0, "coverageRate": 0, "branches": 0}
    branch = await api.do(
        ADMIN,
        "createBranch",
        "partyOrganization { id name tier kind compounds { nodes { name } } }",
        unitId=on.unit,
        name="联合党支部",
        kind="JOINT_BRANCH",
        compoundIds=[on.compound, other],
        since=day(0),
    )
    made_up = branch["partyOrganization"]
    assert {compound["name"] for compound in made_up["compounds"]["nodes"]} == {"演示小区", "另一小区"}
    after = (await api.data(COUNTY_ADMIN, indicators))["orgUnit"]["indicators"]
    assert after == {"compounds": 2, "coveredCompounds": 2, "coverageRate": 1, "branches": 1}
    await api.do(ADMIN, "appointSecretary", "", partyOrganizationId=made_up["id"], memberId=on.members[0], since=day(0))
    again = {"partyOrganizationId": made_up["id"], "memberId": on.members[1], "since": day(3)}
    assert await api.attempt(ADMIN, "appointSecretary", **again) == "CONFLICT"


async def test_replace_a_property_company_from_a_day_on(api: Api, on: Street) -> None:
    """Until then the old company sees the compound and the new one does not; from then on it is the other way round."""
    old, new = (("company_secretary", company) for company in on.companies)
    nothing = {"compounds": {"nodes": []}, "buildings": {"totalCount": 0}, "captainAssignments": {"nodes": []}}
    everything = {
        "compounds": {"nodes": [{"name": "演示小区"}]},
        "buildings": {"totalCount": 2},
        "captainAssignments": {"nodes": [{"memberName": "演示党员1"}]},
    }
    await api.do(ADMIN, "assignCaptain", "", buildingId=on.buildings[0], memberId=on.members[0], since=day(-30))
    assert await api.data(old, SEEN) == nothing
    given: dict[str, Any] = {"compoundId": on.compound, "companyId": on.companies[0], "since": day(-20)}
    await api.do(COUNTY_ADMIN, "changeCompany", "managementContract { since }", **given)
    assert await api.data(old, SEEN) == everything
    given = {"compoundId": on.compound, "companyId": on.companies[1], "since": day(1)}
    changed = await api.do(COMMITTEE, "changeCompany", "managementContract { since company { name } }", **given)
    assert changed["managementContract"] == {"since": day(1), "company": {"name": "演示物业2"}}
    assert await api.data(old, SEEN) == everything
    assert await api.data(new, SEEN) == nothing
    await a_day_later(api, "management_contract")
    assert await api.data(old, SEEN) == nothing
    assert await api.data(new, SEEN) == everything
    assert await names(api, old, "{ propertyCompanies { nodes { name } } }", "propertyCompanies") == ["演示物业1"]
    contracts = "{ propertyCompanies { nodes { contracts { totalCount } } } }"
    assert await api.data(old, contracts) == {"propertyCompanies": {"nodes": [{"contracts": {"totalCount": 1}}]}}


async def test_hand_over_a_captain_and_ask_who_it_was(api: Api, on: Street) -> None:
    """Any day has its captain; the old one sees the building no more from the day of the handover on."""
    building = on.buildings[0]
    given = {"buildingId": building, "memberId": on.members[0], "since": day(-300)}
    term = await made(api, ADMIN, "assignCaptain", "captainAssignment", **given)
    first, second = (("captain", member) for member in on.members)
    mine = "{ buildings { nodes { name compoundName captain { memberName } } } compounds { totalCount } }"
    seen = {
        "buildings": {"nodes": [{"name": "1号楼", "compoundName": "演示小区", "captain": {"memberName": "演示党员1"}}]},
        "compounds": {"totalCount": 0},
    }
    assert await api.data(first, mine) == seen
    await api.do(ADMIN, "handOverCaptain", "", id=term, memberId=on.members[1], on=day(1))
    assert await api.data(first, mine) == seen
    assert (await api.data(second, mine))["buildings"]["nodes"] == []
    await a_day_later(api, "captain_term")
    assert (await api.data(first, mine))["buildings"]["nodes"] == []
    assert (await api.data(second, mine))["buildings"]["nodes"][0]["captain"] == {"memberName": "演示党员2"}
    found = (await api.data(COUNTY_ADMIN, MAY, id=building, then=day(-200)))["node"]
    assert found["captain"] == {"memberName": "演示党员2"}
    assert found["then"] == {"memberName": "演示党员1", "since": day(-301), "until": day(-1), "endReason": None}
    history = [(node["memberName"], node["since"], node["until"]) for node in found["captains"]["nodes"]]
    assert history == [("演示党员1", day(-301), day(-1)), ("演示党员2", day(0), None)]
    earlier = (await api.data(COUNTY_ADMIN, MAY, id=building, then=day(-400)))["node"]
    assert earlier["then"] is None
    null = (await api.data(COUNTY_ADMIN, MAY, id=building, then=None))["node"]
    assert null["then"]["memberName"] == "演示党员2"


async def test_publish_a_service_and_see_it_in_a_community(api: Api) -> None:
    """The county publishes, the town notes, one community takes it up, another does not; withdrawn it is gone."""
    county, town, community = [await unit_id(api, code) for code in (COUNTY, TOWN, COMMUNITY)]
    item = await made(
        api,
        COUNTY_ADMIN,
        "publishService",
        "serviceItem",
        unitId=county,
        name="长者食堂",
        function="ELDERLY_CARE",
        optIn=True,
    )
    catalog = """{ orgUnits(filter: {level: [COMMUNITY]}) { nodes { name
        serviceCatalog { nodes { name offered note sourcePlace source { name } item { name } } } } } }"""
    await api.do(("town_admin", TOWN), "overrideService", "", unitId=town, itemId=item, note="午餐十一点半起")
    await api.do(ADMIN, "optInService", "", unitId=community, itemId=item)
    (here,) = (await api.data(ADMIN, catalog))["orgUnits"]["nodes"]
    assert here["serviceCatalog"]["nodes"] == [
        {
            "name": "长者食堂",
            "offered": True,
            "note": "午餐十一点半起",
            "sourcePlace": ["惠安县"],
            "source": None,
            "item": {"name": "长者食堂"},
        }
    ]
    (there,) = (await api.data(NEIGHBOUR, catalog))["orgUnits"]["nodes"]
    assert [entry["offered"] for entry in there["serviceCatalog"]["nodes"]] == [False]
    assert await api.attempt(ADMIN, "withdrawService", id=item, on=day(0)) == "FORBIDDEN"
    await api.do(COUNTY_ADMIN, "withdrawService", "", id=item, on=day(0))
    (here,) = (await api.data(ADMIN, catalog))["orgUnits"]["nodes"]
    assert here["serviceCatalog"]["nodes"] == []


async def test_an_instructor_sees_its_companies_for_its_term(api: Api, on: Street) -> None:
    """From the day it begins until the day it ends, and nothing but them."""
    instructor = ("instructor", on.members[0])
    mine = """{ propertyCompanies { nodes { name assessments { totalCount } } }
        compounds { totalCount } members { nodes { name } } }"""
    nothing = {"propertyCompanies": {"nodes": []}, "compounds": {"totalCount": 0}, "members": {"nodes": []}}
    assert await api.data(instructor, mine) == nothing
    await api.do(COMMITTEE, "recordAssessment", "", companyId=on.companies[0], year=2025, grade="B", credit=85)
    given = {"companyId": on.companies[0], "memberId": on.members[0], "since": day(0), "until": day(40)}
    assert await api.attempt(COMMITTEE, "appointInstructor", **given) == "NOT_FOUND"  # no office in the line names them
    post = await made(api, COUNTY_ADMIN, "appointInstructor", "post", **given)
    found = await api.data(instructor, mine)
    assert found["propertyCompanies"]["nodes"] == [{"name": "演示物业1", "assessments": {"totalCount": 1}}]
    assert found["compounds"] == nothing["compounds"]
    assert found["members"] == {"nodes": [{"name": "演示党员1"}]}
    await api.do(COMMITTEE, "endPost", "", id=post, on=day(0), reason="调整")
    await a_day_later(api, "post")
    assert await api.data(instructor, mine) == nothing


async def test_the_line_sees_no_contact_data(api: Api, on: Street) -> None:
    """The property committee sees companies across the county, and of members who leads what in its line, masked."""
    await api.do(ADMIN, "assignCaptain", "", buildingId=on.buildings[0], memberId=on.members[0], since=day(0))
    query = "{ propertyCompanies { totalCount } members { nodes { name maskedPhone contact { phone } } } }"
    found = await api.data(COMMITTEE, query)
    assert found["propertyCompanies"]["totalCount"] == 2
    assert {member["name"] for member in found["members"]["nodes"]} == {"演示党员1"}
    assert {member["contact"] for member in found["members"]["nodes"]} == {None}
    assert "1000000000" not in str(found)
    own = await api.data(("member", on.members[0]), "{ members { nodes { name contact { phone } unit { code } } } }")
    assert own["members"]["nodes"] == [
        {"name": "演示党员1", "contact": {"phone": "10000000001"}, "unit": {"code": COMMUNITY}}
    ]


async def test_an_assessment_comes_once_a_year(api: Api, on: Street) -> None:
    """The second of a year is refused; grade and credit decide the supervision."""
    given: dict[str, Any] = {"companyId": on.companies[0], "year": 2025, "grade": "A", "credit": 90}
    first = await api.do(COMMITTEE, "recordAssessment", "companyAssessment { supervision }", **given)
    assert first["companyAssessment"] == {"supervision": "LIGHT"}
    again = await api.attempt(COMMITTEE, "recordAssessment", **given)
    assert again == "CONFLICT" or again["userErrors"][0]["code"] == "TAKEN"


async def test_a_mistake_is_corrected(api: Api, on: Street) -> None:
    """A planned captain and a planned company are taken back, an assessment is corrected; what is over stays."""
    building, compound = on.buildings[0], on.compound
    given: dict[str, Any] = {"buildingId": building, "memberId": on.members[0], "since": day(-30)}
    term = await made(api, ADMIN, "assignCaptain", "captainAssignment", **given)
    given = {"id": term, "memberId": on.members[1], "on": day(20)}
    planned = await made(api, ADMIN, "handOverCaptain", "captainAssignment", **given)
    left = await api.do(ADMIN, "cancelCaptainTerm", "building { captains { nodes { memberName until } } }", id=planned)
    history = left["building"]["captains"]["nodes"]
    assert history == [{"memberName": "演示党员1", "until": None}]
    given = {"compoundId": compound, "companyId": on.companies[0], "since": day(9)}
    contract = await made(api, COMMITTEE, "changeCompany", "managementContract", **given)
    await api.do(COMMITTEE, "cancelContract", "compound { contracts { totalCount } }", id=contract)
    given = {"companyId": on.companies[0], "year": 2025, "grade": "A", "credit": 90}
    assessment = await made(api, COMMITTEE, "recordAssessment", "companyAssessment", **given)
    given = {"id": assessment, "version": 1, "credit": 50}
    corrected = await api.do(COMMITTEE, "updateAssessment", "companyAssessment { grade supervision }", **given)
    assert corrected["companyAssessment"] == {"grade": "A", "supervision": "CLOSE"}


async def test_a_captain_stays_in_service_or_retired(api: Api, on: Street) -> None:
    """Who is captain of a building cannot be made a resident; afterwards they can."""
    given: dict[str, Any] = {"buildingId": on.buildings[0], "memberId": on.members[0], "since": day(0)}
    term = await made(api, ADMIN, "assignCaptain", "captainAssignment", **given)
    update: dict[str, Any] = {"id": on.members[0], "version": 1, "standing": "RESIDENT"}
    refused = await api.attempt(ADMIN, "updateMember", **update)
    assert refused["userErrors"][0]["field"] == ["input", "standing"]
    await api.do(ADMIN, "cancelCaptainTerm", "", id=term)
    await api.do(ADMIN, "updateMember", "", **update)
