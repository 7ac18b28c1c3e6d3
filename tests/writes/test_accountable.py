"""Who answers for what works here is to be read, wherever they belong: and no more than that, and nobody else."""

from typing import Any

import pytest

from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY, COUNTY_ADMIN, OTHER, TOWN, Street, day, made, unit_id

TOWN_ADMIN = ("town_admin", TOWN)
COMMITTEE = ("property_committee", COUNTY)
AUDITOR = ("auditor", COUNTY)
BESIDE = ("county_admin", "350524")

COMPANY = """query($id: ID!) { node(id: $id) { ... on PropertyCompany {
  name compounds { totalCount } contracts { totalCount }
  partyOrganization { name secretary { memberName member { name standing contact { phone } } } }
  secretary { memberName } leaders { nodes { member { name } } } instructors { nodes { member { name } } }
  assessment { grade }
} } }"""
COVERED = (
    "query($id: ID!) { node(id: $id) { ... on Compound { partyOrganization { name secretary { memberName } } } } }"
)
PEOPLE = "{ members(first: 100) { nodes { name } } }"


async def registered(api: Api, name: str, at: str = COUNTY, **given: object) -> str:
    """A member registered in a unit, by the county."""
    unit = await unit_id(api, at)
    given = {"standing": "IN_SERVICE", "phone": "10000000009", **given}
    return await made(api, COUNTY_ADMIN, "registerMember", "member", unitId=unit, name=name, **given)


@pytest.fixture
async def run(api: Api, on: Street) -> str:
    """A company of the county that manages the street's compound, with a branch, its offices and an assessment."""
    company = on.companies[0]
    await api.do(COUNTY_ADMIN, "changeCompany", "", compoundId=on.compound, companyId=company, since=day(-5))
    of = {"companyId": company}
    branch = await made(
        api, COUNTY_ADMIN, "createCompanyBranch", "partyOrganization", **of, name="企业支部", kind="BRANCH"
    )
    secretary, leader, instructor = [await registered(api, f"企业{each}") for each in ("书记", "负责人", "指导员")]
    await registered(api, "企业党员", partyOrganizationId=branch)
    await registered(api, "无职党员")
    await api.do(COUNTY_ADMIN, "appointCompanySecretary", "", **of, memberId=secretary, since=day(-4))
    await api.do(COUNTY_ADMIN, "appointCompanyLeader", "", **of, memberId=leader, since=day(-4))
    await api.do(COUNTY_ADMIN, "appointInstructor", "", **of, memberId=instructor, since=day(-4), until=day(300))
    await api.do(COUNTY_ADMIN, "recordAssessment", "", **of, year=2025, grade="A", credit=90)
    return instructor


async def names(api: Api, who: tuple[str, str]) -> list[str]:
    """The members somebody sees."""
    return sorted(member["name"] for member in (await api.data(who, PEOPLE))["members"]["nodes"])


@pytest.mark.parametrize("who", [TOWN_ADMIN, ADMIN, COMMITTEE, AUDITOR])
async def test_a_company_from_elsewhere_is_read_with_what_makes_it_accountable(
    api: Api, on: Street, run: str, who: tuple[str, str]
) -> None:
    found = (await api.data(who, COMPANY, id=on.companies[0]))["node"]
    assert found["partyOrganization"]["secretary"] == {
        "memberName": "企业书记",
        "member": {"name": "企业书记", "standing": "IN_SERVICE", "contact": None},
    }
    assert found["secretary"] == {"memberName": "企业书记"}
    assert [each["member"]["name"] for each in found["leaders"]["nodes"]] == ["企业负责人"]
    assert [each["member"]["name"] for each in found["instructors"]["nodes"]] == ["企业指导员"]
    assert found["assessment"] == {"grade": "A"}


async def test_its_other_compounds_are_not(api: Api, on: Street, run: str) -> None:
    """Nor anything of it for those among whom it does not work."""
    there = await unit_id(api, OTHER)
    beside = await made(api, COUNTY_ADMIN, "createCompound", "compound", unitId=there, name="别处小区", households=1)
    await api.do(COUNTY_ADMIN, "changeCompany", "", compoundId=beside, companyId=on.companies[0], since=day(-3))
    assert (await api.data(COUNTY_ADMIN, COMPANY, id=on.companies[0]))["node"]["compounds"]["totalCount"] == 2
    for who in (ADMIN, ("community_admin", OTHER)):
        found = (await api.data(who, COMPANY, id=on.companies[0]))["node"]
        assert found["compounds"]["totalCount"] == found["contracts"]["totalCount"] == 1
    assert (await api.data(BESIDE, COMPANY, id=on.companies[0]))["node"] is None
    assert "企业书记" not in await names(api, BESIDE)


async def test_it_is_no_longer_when_it_no_longer_works_here(api: Api, on: Street, run: str) -> None:
    assert "企业书记" in await names(api, ADMIN)
    contract = (
        await api.data(ADMIN, "query($id: ID!) { node(id: $id) { ... on Compound { contracts { nodes { id } } } } }",
                       id=on.compound)
    )["node"]["contracts"]["nodes"][0]["id"]  # fmt: skip
    await api.do(COUNTY_ADMIN, "endContract", "", id=contract, on=day(-1))
    assert (await api.data(ADMIN, COMPANY, id=on.companies[0]))["node"] is None
    assert await names(api, ADMIN) == ["演示党员1", "演示党员2"]


async def test_who_covers_a_compound_from_above_is_read_with_its_secretary(api: Api, on: Street) -> None:
    """A joint branch of the town, over compounds of two communities."""
    town, there = await unit_id(api, TOWN), await unit_id(api, OTHER)
    beside = await made(api, TOWN_ADMIN, "createCompound", "compound", unitId=there, name="别处小区", households=1)
    joint = await made(
        api, TOWN_ADMIN, "createBranch", "partyOrganization", unitId=town, name="联合支部", kind="JOINT_BRANCH",
        tier="COMPOUND", compoundIds=[on.compound, beside], since=day(-2),
    )  # fmt: skip
    secretary = await registered(api, "联合书记", TOWN)
    await api.do(TOWN_ADMIN, "appointSecretary", "", partyOrganizationId=joint, memberId=secretary, since=day(-2))
    read = {"name": "联合支部", "secretary": {"memberName": "联合书记"}}
    for compound, who in ((on.compound, ADMIN), (beside, ("community_admin", OTHER))):
        assert (await api.data(who, COVERED, id=compound))["node"]["partyOrganization"] == read
        assert "联合书记" in await names(api, who)
    third = ("town_admin", "350521101")
    assert "联合书记" not in await names(api, third)


async def test_who_is_read_for_that_is_at_nobody_s_disposal(api: Api, on: Street, run: str) -> None:
    """To name somebody in a command is a right of its own, over one's own people."""
    (secretary,) = [
        member["id"]
        for member in (await api.data(ADMIN, "{ members(first: 100) { nodes { id name } } }"))["members"]["nodes"]
        if member["name"] == "企业书记"
    ]
    given = {"buildingId": on.buildings[0], "memberId": secretary, "since": day(0)}
    assert await api.attempt(ADMIN, "assignCaptain", **given) == "FORBIDDEN"
    change: dict[str, Any] = {"id": secretary, "version": 1, "name": "改名"}
    assert await api.attempt(ADMIN, "updateMember", **change) == "FORBIDDEN"
    await api.do(COUNTY_ADMIN, "assignCaptain", "", **given)


async def test_a_company_and_its_instructors_know_its_people(api: Api, on: Street, run: str) -> None:
    """By name and standing; how to reach them is theirs and their unit's to know."""
    await api.do(ADMIN, "assignCaptain", "", buildingId=on.buildings[0], memberId=on.members[0], since=day(-1))
    secretary, instructor = ("company_secretary", on.companies[0]), ("instructor", run)
    office = ["企业书记", "企业指导员", "企业负责人"]
    assert await names(api, secretary) == sorted([*office, "企业党员", "演示党员1"])
    assert await names(api, instructor) == sorted(office)
    for who in (secretary, instructor):
        found = (await api.data(who, COMPANY, id=on.companies[0]))["node"]
        assert found["partyOrganization"]["secretary"]["member"] == {
            "name": "企业书记", "standing": "IN_SERVICE", "contact": None,
        }  # fmt: skip
    assert await names(api, ("company_secretary", on.companies[1])) == []


async def test_the_line_and_auditors_see_whom_what_they_see_names(api: Api, on: Street, run: str) -> None:
    """And no list of members: who holds nothing is in neither's; who led a building once is in the auditor's."""
    given = {"buildingId": on.buildings[0], "memberId": on.members[0], "since": day(-9)}
    term = await made(api, ADMIN, "assignCaptain", "captainAssignment", **given)
    await api.do(ADMIN, "handOverCaptain", "", id=term, memberId=on.members[1], on=day(-1))
    office = ["企业书记", "企业指导员", "企业负责人"]
    committee, auditor = await names(api, COMMITTEE), await names(api, AUDITOR)
    assert {*office, "演示党员2"} <= {*committee} <= {*auditor}
    assert "演示党员1" in auditor
    for seen in (committee, auditor):
        assert not {"企业党员", "无职党员"} & {*seen}
    assert "演示党员1" not in committee
    assert {"企业党员", "无职党员"} <= {*await names(api, COUNTY_ADMIN)}
    await api.data(COUNTY_ADMIN, '{ members(filter: {nameContains: "无职"}) { nodes { contact { phone } } } }')
    assert {*await names(api, AUDITOR)} - {*auditor} == {"无职党员"}  # somebody was shown how to reach them
