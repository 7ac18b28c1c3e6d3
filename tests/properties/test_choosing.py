"""Companies chosen by what names them and by their latest year, contracts by where they are."""

from typing import Any

from tests.properties.test_api import COMMITTEE, credit_code_of
from tests.writes.api import Api
from tests.writes.street import COUNTY_ADMIN, NEIGHBOUR, Street, day, nobody


async def test_companies_named_and_by_their_latest_grade(api: Api, on: Street) -> None:
    """By credit codes however typed, by ids, by the latest assessment and not by one before; contracts of a unit."""
    year, (first, other) = int(day(0)[:4]), on.companies
    for company, of, grade in ((first, year - 2, "A"), (first, year - 1, "D"), (other, year - 2, "A")):
        record: dict[str, Any] = {"companyId": company, "year": of, "grade": grade, "credit": 70}
        await api.do(COMMITTEE, "recordAssessment", "companyAssessment { id }", **record)
    code = await credit_code_of(api, first)
    listed = "query($f: PropertyCompanyFilter) { propertyCompanies(filter: $f) { nodes { name } } }"
    conditions: list[tuple[dict[str, Any], list[str]]] = [
        ({"creditCode": [f" {code.lower()} ", "91"]}, ["演示物业1"]),
        ({"id": [other, on.compound, nobody("co")]}, ["演示物业2"]),
        ({"id": []}, []),
        ({"assessment": {"some": {"grade": ["A"]}}}, ["演示物业2"]),
        ({"assessment": {"some": {"grade": ["D"]}}}, ["演示物业1"]),
        ({"assessments": {"some": {"grade": ["A"]}}}, ["演示物业1", "演示物业2"]),
    ]
    for f, names in conditions:
        found = await api.data(COMMITTEE, listed, f=f)
        assert sorted(each["name"] for each in found["propertyCompanies"]["nodes"]) == names
        assert (await api.data(NEIGHBOUR, listed, f=f))["propertyCompanies"]["nodes"] == []
    for f in ({"id": ["x"] * 101}, {"creditCode": ["x"] * 101}):
        refused = await api.ask(COMMITTEE, listed, f=f)
        assert refused["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_the_contracts_of_a_unit(api: Api, on: Street) -> None:
    """Those of the compounds in it and below it, in the words of every list of contracts."""
    await api.do(
        COMMITTEE,
        "changeCompany",
        "managementContract { id }",
        compoundId=on.compound,
        companyId=on.companies[0],
        since=day(-3),
    )
    question = """query($f: ManagementContractFilter) { orgUnits(filter: {level: [COUNTY, COMMUNITY]}) { nodes {
        code contracts(filter: $f) { totals { count companies } nodes { companyName } } } } }"""
    for as_of, told in ((day(0), [1, 1]), (day(-4), [0, 0])):
        units = (await api.data(COUNTY_ADMIN, question, f={"asOf": as_of}))["orgUnits"]["nodes"]
        here = {each["code"]: [*each["contracts"]["totals"].values()] for each in units}
        assert here["350521"] == here["350521100001"] == told
        assert here["350521100002"] == [0, 0]
