"""Compounds, companies and branches through the API: read and written as each role."""

from typing import Any

from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY, COUNTY_ADMIN, NEIGHBOUR, Street, day, made, unit_id

COMMITTEE = ("property_committee", COUNTY)


async def credit_code_of(api: Api, company: str) -> str:
    """A company's credit code, under which a secretary's seat is named."""
    found = await api.data(
        COUNTY_ADMIN, "query($id: ID!) { propertyCompany(by: {id: $id}) { creditCode } }", id=company
    )
    code: str = found["propertyCompany"]["creditCode"]
    return code


async def compounds_of(api: Api, who: tuple[str, str]) -> list[str]:
    """The names of the compounds someone sees, in lists, counts and units alike."""
    found = await api.data(who, "{ compounds { totalCount nodes { name buildings { totalCount } } } }")
    assert found["compounds"]["totalCount"] == len(found["compounds"]["nodes"])
    return [node["name"] for node in found["compounds"]["nodes"]]


async def joint_branch(api: Api, at: Street, *compounds: str) -> str:
    """A joint branch of the community over compounds."""
    given: dict[str, Any] = {"unitId": at.unit, "name": "演示联合党支部", "kind": "JOINT_BRANCH", "since": day(-30)}
    return await made(api, ADMIN, "createBranch", "partyOrganization", **given, compoundIds=list(compounds))


async def test_a_compound_from_survey_to_closing(api: Api, on: Street) -> None:
    """Surveyed, covered, managed, with a committee: each payload is read like any question; then all of it ends."""
    survey: dict[str, Any] = {"id": on.compound, "version": 1, "residents": 900, "surveyedOn": day(0)}
    surveyed = await api.do(ADMIN, "updateCompound", "compound { version residents households surveyedOn }", **survey)
    assert surveyed["compound"] == {"version": 2, "residents": 900, "households": 300, "surveyedOn": day(0)}
    assert await api.attempt(ADMIN, "updateCompound", **survey) == "CONFLICT"

    second = await made(api, ADMIN, "createCompound", "compound", unitId=on.unit, name="演示花园")
    branch = await joint_branch(api, on, on.compound, second)
    given: dict[str, Any] = {"compoundId": on.compound, "companyId": on.companies[0], "since": day(-30)}
    select = "managementContract { companyName compound { name company { name } coverage { partyOrganizationName } } }"
    contract = (await api.do(COUNTY_ADMIN, "changeCompany", select, **given))["managementContract"]
    assert contract["companyName"] == contract["compound"]["company"]["name"] == "演示物业1"
    assert contract["compound"]["coverage"] == {"partyOrganizationName": "演示联合党支部"}
    elected: dict[str, Any] = {"compoundId": on.compound, "name": "演示业委会", "since": day(-30), "until": day(1000)}
    committee = await made(api, ADMIN, "createOwnersCommittee", "ownersCommittee", **elected)
    found = "query($part: String!) { ownersCommittees(filter: {nameContains: $part}) { nodes { name } } }"
    for part, names in (("示业", ["演示业委会"]), ("第二届", [])):
        listed = await api.data(ADMIN, found, part=part)
        assert [each["name"] for each in listed["ownersCommittees"]["nodes"]] == names
    renamed = {"id": committee, "version": 1, "name": "演示业委会（第２届）"}
    await api.do(ADMIN, "updateOwnersCommittee", "", **renamed)
    listed = await api.data(ADMIN, found, part="第2届")
    assert [each["name"] for each in listed["ownersCommittees"]["nodes"]] == [renamed["name"]]

    held = {"committeeId": committee, "memberId": on.members[0], "since": day(-20)}
    post = (await api.do(ADMIN, "crossAppointToCommittee", "post { id }", **held))["post"]["id"]
    shorter = await api.attempt(ADMIN, "updateOwnersCommittee", id=committee, version=2, until=day(-1))
    assert [(each["code"], each["field"]) for each in shorter["userErrors"]] == [("CLOSED", ["input", "until"])]
    await api.do(ADMIN, "endPost", "", id=post, version=1, on=day(-2), reason="届满")

    select = (
        "compound { closedOn company { name } ownersCommittees { nodes { until } } "
        "buildings(filter: {closed: null}) { nodes { closedOn } } }"
    )
    closed = await api.do(ADMIN, "closeCompound", select, id=on.compound, version=2, on=day(-1))
    assert closed["compound"] == {
        "closedOn": day(-1),
        "company": None,
        "ownersCommittees": {"nodes": [{"until": day(-1)}]},
        "buildings": {"nodes": [{"closedOn": day(-1)}] * 2},
    }
    question = "query($id: ID!) { node(id: $id) { ... on PartyOrganization { compounds { nodes { name } } } } }"
    left = await api.data(ADMIN, question, id=branch)
    assert left["node"]["compounds"]["nodes"] == [{"name": "演示花园"}]


async def test_sight_follows_the_contract(api: Api, on: Street) -> None:
    """A secretary sees what the company manages today; with the contract the sight changes, history stays its own."""
    one, other = [("company_secretary", await credit_code_of(api, company)) for company in on.companies]
    given: dict[str, Any] = {"compoundId": on.compound, "companyId": on.companies[0], "since": day(-30)}
    await api.do(COMMITTEE, "changeCompany", "managementContract { id }", **given)
    assert (await compounds_of(api, one), await compounds_of(api, other)) == (["演示小区"], [])
    ahead: dict[str, Any] = {**given, "companyId": on.companies[1], "since": day(1)}
    await api.do(COMMITTEE, "changeCompany", "managementContract { id }", **ahead)
    assert (await compounds_of(api, one), await compounds_of(api, other)) == (["演示小区"], [])
    # A day goes by: no job runs, the same rows are read on another day.
    await api.connection.execute("UPDATE management_contract SET until = current_date - 1 WHERE until IS NOT NULL")
    await api.connection.execute("UPDATE management_contract SET since = current_date WHERE until IS NULL")
    assert (await compounds_of(api, one), await compounds_of(api, other)) == ([], ["演示小区"])
    question = "{ propertyCompanies { nodes { name contracts { nodes { compoundName until compound { id } } } } } }"
    (mine,) = (await api.data(one, question))["propertyCompanies"]["nodes"]
    over = {"compoundName": None, "until": day(-1), "compound": None}
    assert mine["contracts"]["nodes"] == [over]
    ended = "{ contracts(filter: {ended: true}) { totalCount } all: contracts { totalCount } }"
    assert await api.data(one, ended) == {"contracts": {"totalCount": 1}, "all": {"totalCount": 1}}
    assert await api.data(other, ended) == {"contracts": {"totalCount": 0}, "all": {"totalCount": 1}}
    survey: dict[str, Any] = {"id": on.compound, "version": 1, "residents": 1}
    assert await api.attempt(one, "updateCompound", **survey) == "NOT_FOUND"
    assert (await api.attempt(other, "updateCompound", **survey))["userErrors"] == []


async def test_a_secretary_changes_buildings_alone_or_as_a_list_and_records_none(api: Api, on: Street) -> None:
    """The right to change what is there is one right, whichever command it is asked by; to add is another."""
    secretary = ("company_secretary", await credit_code_of(api, on.companies[0]))
    given: dict[str, Any] = {"compoundId": on.compound, "companyId": on.companies[0], "since": day(-30)}
    await api.do(COMMITTEE, "changeCompany", "", **given)
    rows: list[Any] = [{"id": each, "version": 1, "storeys": 9} for each in on.buildings]
    survey: dict[str, Any] = {"compoundId": on.compound, "buildings": rows}
    assert await api.attempt(COMMITTEE, "recordBuildings", **survey) == "FORBIDDEN"
    changed = await api.do(secretary, "recordBuildings", "compound { buildings { nodes { storeys } } }", **survey)
    assert changed["compound"]["buildings"]["nodes"] == [{"storeys": 9}] * 2
    rows = [{"id": on.buildings[0], "version": 2}, {"name": "3号楼"}]
    document = "mutation($input: RecordBuildingsInput!) { recordBuildings(input: $input) { recorded { row } } }"
    refused = await api.ask(secretary, document, input={"compoundId": on.compound, "buildings": rows})
    assert [each["extensions"] for each in refused["errors"]] == [
        {"code": "FORBIDDEN", "argument": "input.buildings.1"}
    ]
    await api.do(ADMIN, "recordBuildings", "", compoundId=on.compound, buildings=rows)


async def test_neighbours_are_kept_out(api: Api, on: Street) -> None:
    """Another community neither sees nor changes the street, nor covers it from its own branch."""
    assert await compounds_of(api, NEIGHBOUR) == []
    close: dict[str, Any] = {"id": on.compound, "version": 1, "on": day(0)}
    assert await api.attempt(NEIGHBOUR, "closeCompound", **close) == "NOT_FOUND"
    own = await unit_id(api, NEIGHBOUR[1])
    given: dict[str, Any] = {"unitId": own, "name": "西北党支部", "kind": "BRANCH", "compoundIds": [on.compound]}
    assert await api.attempt(NEIGHBOUR, "createBranch", **given) == "NOT_FOUND"
    move: dict[str, Any] = {"id": on.compound, "version": 1, "unitId": own}
    assert await api.attempt(ADMIN, "updateCompound", **move) == "NOT_FOUND"
    assert await api.attempt(("auditor", COUNTY), "closeCompound", **close) == "FORBIDDEN"


async def test_what_the_user_can_correct(api: Api, on: Street) -> None:
    """Codes and paths in the input's own names; several at once."""

    async def errors(who: tuple[str, str], command: str, **given: Any) -> list[tuple[str, list[str]]]:
        payload = await api.attempt(who, command, **given)
        assert not isinstance(payload, str), payload
        return [(each["code"], each["field"]) for each in payload["userErrors"]]

    survey: dict[str, Any] = {"id": on.compound, "version": 1, "partyMembers": -1, "name": " "}
    told = await errors(ADMIN, "updateCompound", **survey)
    assert sorted(told) == [("INVALID", ["input", "name"]), ("INVALID", ["input", "partyMembers"])]
    company: dict[str, Any] = {"unitId": await unit_id(api, COUNTY), "name": "演示物业", "creditCode": "123"}
    assert await errors(COUNTY_ADMIN, "createCompany", **company) == [("INVALID", ["input", "creditCode"])]
    company["creditCode"] = await credit_code_of(api, on.companies[0])
    assert await errors(COUNTY_ADMIN, "createCompany", **company) == [("TAKEN", ["input", "creditCode"])]
    branch = await joint_branch(api, on, on.compound)
    covered: dict[str, Any] = {"partyOrganizationId": branch, "compoundIds": [], "since": day(0)}
    assert await errors(ADMIN, "coverCompounds", **covered) == [("INCOMPLETE", ["input", "compoundIds"])]
    again = {**covered, "compoundIds": [on.compound]}
    assert await api.attempt(ADMIN, "coverCompounds", **again) == "CONFLICT"
    mine: dict[str, Any] = {"id": on.companies[0], "partyOrganizationId": branch}
    told = await errors(COMMITTEE, "setCompanyBranch", **mine)
    assert told == [("INVALID", ["input", "partyOrganizationId"])]


async def test_a_company_its_branch_and_its_years(api: Api, on: Street) -> None:
    """The committee sets up the branch and records assessments; the latest is shown unless a year is asked for."""
    code, year = await credit_code_of(api, on.companies[0]), int(day(0)[:4])
    given: dict[str, Any] = {"companyId": on.companies[0], "name": "演示物业1党支部", "kind": "BRANCH"}
    select = "partyOrganization { tier place company { name } }"
    branch = await api.do(COMMITTEE, "createCompanyBranch", select, **given)
    assert branch["partyOrganization"] == {"tier": "COMPANY", "place": ["惠安县"], "company": {"name": "演示物业1"}}
    for of, grade, credit in ((year - 1, "A", 95), (year - 2, "D", 40)):
        record: dict[str, Any] = {"companyId": on.companies[0], "year": of, "grade": grade, "credit": credit}
        await api.do(COMMITTEE, "recordAssessment", "companyAssessment { supervision }", **record)
    question = """query($code: String!, $year: Int!) { propertyCompany(by: {creditCode: $code}) {
        partyOrganization { name } latest: assessment { year supervision } assessment(year: $year) { grade supervision }
        none: assessment(year: 2000) { grade }
        assessments(orderBy: {field: YEAR, direction: DESC}) { nodes { year } } } }"""
    for who in (COMMITTEE, ("company_secretary", code)):
        company = (await api.data(who, question, code=f" {code.lower()} ", year=year - 2))["propertyCompany"]
        assert company["partyOrganization"] == {"name": "演示物业1党支部"}
        assert company["latest"] == {"year": year - 1, "supervision": "LIGHT"}
        assert company["assessment"] == {"grade": "D", "supervision": "CLOSE"}
        assert company["none"] is None
        assert company["assessments"]["nodes"] == [{"year": year - 1}, {"year": year - 2}]


async def test_what_companies_come_to(api: Api, on: Street) -> None:
    """Of those that pass the filter and are the caller's to see; a neighbour sees none."""
    first: dict[str, Any] = {"id": on.companies[0]}
    await api.do(COMMITTEE, "maintainCompany", "propertyCompany { id }", **first, partyInArticles=True)
    await api.do(COMMITTEE, "updateCompany", "propertyCompany { id }", **first, recruitmentQuota=3)
    question = """query($f: PropertyCompanyFilter) { propertyCompanies(first: 1, filter: $f) {
        totals { count partyInArticles inAssociation recruitmentQuota } } }"""
    for who, f, told in (
        (COMMITTEE, {}, (2, 1, 0, 3)),
        (COMMITTEE, {"nameContains": "物业2"}, (1, 0, 0, 0)),
        (NEIGHBOUR, {}, (0, 0, 0, 0)),
    ):
        found = await api.data(who, question, f=f)
        assert tuple(found["propertyCompanies"]["totals"].values()) == told


async def test_numbers_are_inside_the_callers_scope(api: Api, on: Street) -> None:
    """Counts of a unit and of each unit below; nothing closed counts; a neighbour counts nothing of the street."""
    await made(api, ADMIN, "createCompound", "compound", unitId=on.unit, name="演示花园")
    gone = await made(api, ADMIN, "createCompound", "compound", unitId=on.unit, name="原小区")
    await api.do(ADMIN, "closeCompound", "compound { id }", id=gone, version=1, on=day(0))
    await joint_branch(api, on, on.compound)
    numbers = (
        "indicators { compounds coveredCompounds coverageRate managedCompounds buildings companies branches members }"
    )
    question = f"{{ orgUnits(filter: {{level: [COUNTY, COMMUNITY]}}) {{ nodes {{ name {numbers} }} }} }}"
    found = await api.data(COUNTY_ADMIN, question)
    by_name = {node["name"]: node["indicators"] for node in found["orgUnits"]["nodes"]}
    here = {"compounds": 2, "coveredCompounds": 1, "coverageRate": 0.5, "managedCompounds": 0, "buildings": 2}
    here |= {"branches": 1, "members": 2}
    assert by_name["惠安县"] == {**here, "companies": 2}
    assert by_name["北关社区居委会"] == {**here, "companies": 0}
    assert by_name["西北社区居委会"]["compounds"] == 0
    assert by_name["西北社区居委会"]["coverageRate"] is None
    covered = "covered: compounds(filter: {hasCoverage: true}) { nodes { name } }"
    seen = f"{{ {covered} closed: compounds(filter: {{closed: true}}) {{ nodes {{ name }} }} }}"
    lists = await api.data(ADMIN, seen)
    assert lists == {"covered": {"nodes": [{"name": "演示小区"}]}, "closed": {"nodes": [{"name": "原小区"}]}}


async def test_buildings_by_name(api: Api, on: Street) -> None:
    """In the order of their numbers, whole and page by page; found by a part of the name, however it is written."""
    for name in ("十号楼", "A座", "9号楼", "11号楼"):
        await made(api, ADMIN, "createBuilding", "building", compoundId=on.compound, name=name)
    listed = """query($f: BuildingFilter, $a: String) {
        buildings(first: 3, after: $a, filter: $f, orderBy: {field: NAME}) {
            nodes { name } pageInfo { endCursor } } }"""
    first = (await api.data(ADMIN, listed))["buildings"]
    second = (await api.data(ADMIN, listed, a=first["pageInfo"]["endCursor"]))["buildings"]
    names = [each["name"] for page in (first, second) for each in page["nodes"]]
    assert names == ["1号楼", "2号楼", "9号楼", "十号楼", "11号楼", "A座"]
    for part, there in (("１1", ["11号楼"]), ("a", ["A座"]), ("号楼%", [])):
        found = await api.data(ADMIN, listed, f={"nameContains": part})
        assert [each["name"] for each in found["buildings"]["nodes"]] == there
    unread = await api.data(NEIGHBOUR, listed, f={"nameContains": "号"})
    assert unread["buildings"]["nodes"] == []


async def test_the_field_of_an_organization(api: Api, on: Street) -> None:
    """Recorded with it, changed, taken away; filtered by and counted; null is what is not recorded."""
    given: dict[str, Any] = {"unitId": on.unit, "kind": "BRANCH", "tier": "COMPOUND"}
    street = await made(api, ADMIN, "createBranch", "partyOrganization", **given, name="街巷支部", field="STREET")
    await made(api, ADMIN, "createBranch", "partyOrganization", **given, name="楼宇支部", field="BUILDING")
    await made(api, ADMIN, "createBranch", "partyOrganization", **given, name="未登记支部")
    query = """query($field: [PartyField!]) { partyOrganizations(filter: {tier: [COMPOUND], field: $field}) {
        nodes { name field } totals { byField { field count } } } }"""

    async def found(*field: str) -> Any:
        asked = await api.data(ADMIN, query, field=[*field]) if field else await api.data(ADMIN, query)
        listed = asked["partyOrganizations"]
        counts = {each["field"]: each["count"] for each in listed["totals"]["byField"]}
        return {each["name"]: each["field"] for each in listed["nodes"]}, counts

    named = {"街巷支部": "STREET", "楼宇支部": "BUILDING", "未登记支部": None}
    assert await found() == (named, {"STREET": 1, "BUILDING": 1, None: 1})
    assert await found("STREET") == ({"街巷支部": "STREET"}, {"STREET": 1})
    assert await found("STREET", "BUILDING") == (
        {"街巷支部": "STREET", "楼宇支部": "BUILDING"},
        {"STREET": 1, "BUILDING": 1},
    )
    assert await found("OFFICE") == ({}, {})
    for version, field in ((1, "ENTERPRISE"), (2, None)):
        change: dict[str, Any] = {"id": street, "version": version, "field": field}
        shown = await api.do(ADMIN, "updateBranch", "partyOrganization { field name }", **change)
        assert shown["partyOrganization"] == {"field": field, "name": "街巷支部"}
    renamed = {"id": street, "version": 3, "name": "巷支部"}
    await api.do(ADMIN, "updateBranch", "partyOrganization { field }", **renamed)
    assert (await found())[1] == {None: 2, "BUILDING": 1}
