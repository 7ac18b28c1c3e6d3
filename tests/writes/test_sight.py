"""What attackers tried: seats that reached further than they say, and commands that reached further than sight."""

from typing import Any

from tests.built import CATALOGUE
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, Street, credit_code, day, made, unit_id

OTHER_COUNTY = "350524"
CITY = ("county_admin", "3505")
GRID = "350521100001001"


async def test_a_member_seated_at_a_grid_reads_its_row_and_nobody_s_record(api: Api) -> None:
    """Neither names nor contact data of those who serve there, and changes none."""
    grid = await unit_id(api, GRID)
    other = await made(
        api, ADMIN, "registerMember", "member", unitId=grid, name="别人", standing="RETIRED", phone="10000000009"
    )
    who = ("member", GRID)
    query = (
        "{ orgUnits { nodes { code } } members { totalCount } posts { totalCount } captainAssignments { totalCount } }"
    )
    nothing = {"totalCount": 0}
    assert await api.data(who, query) == {
        "orgUnits": {"nodes": [{"code": GRID}]},
        "members": nothing,
        "posts": nothing,
        "captainAssignments": nothing,
    }
    assert await api.attempt(who, "updateContact", id=other, version=1, phone="13900001111") == "NOT_FOUND"


async def test_a_company_of_another_county_is_seen_where_it_works_and_changed_by_nobody_there(
    api: Api, on: Street
) -> None:
    """Its contract makes it visible; every command on it is refused, whatever the command would have found out."""
    there = await unit_id(api, OTHER_COUNTY)
    company = await made(
        api,
        CITY,
        "createCompany",
        "propertyCompany",
        unitId=there,
        name="外县物业",
        creditCode=credit_code("91350524MA0000009"),
    )
    await api.do(CITY, "changeCompany", "", compoundId=on.compound, companyId=company, since=day(-5))
    seen = await api.data(COUNTY_ADMIN, "{ propertyCompanies { nodes { name } } }")
    assert {"name": "外县物业"} in seen["propertyCompanies"]["nodes"]
    given: dict[str, dict[str, Any]] = {
        "updateCompany": {"version": 1, "name": "被改名"},
        "maintainCompany": {"version": 1, "inAssociation": True},
        "closeCompany": {"version": 1, "on": day(0)},
        "setCompanyBranch": {},
        "createCompanyBranch": {"name": "支部", "kind": "BRANCH"},
        "recordAssessment": {"year": 2025, "grade": "A", "credit": 90},
        "appointCompanySecretary": {"memberId": on.members[0], "since": day(0)},
    }
    for command, more in given.items():
        named = CATALOGUE.offers[command].target[0]
        assert await api.attempt(COUNTY_ADMIN, command, **{named: company}, **more) == "FORBIDDEN", command


async def test_a_second_seat_that_reads_lets_nobody_put_a_compound_there(api: Api, on: Street) -> None:
    """A secretary who may read units elsewhere cannot move what the company manages to them."""
    await api.do(COUNTY_ADMIN, "changeCompany", "", compoundId=on.compound, companyId=on.companies[0], since=day(-5))
    who = ("company_secretary", on.companies[0])
    token = await api.token(*who)
    await api.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path) SELECT gen_random_uuid(), account_id, 'auditor',"
        " (SELECT path FROM org_unit WHERE code = $2) FROM credential WHERE id = $1",
        *(token.split("_")[1], OTHER_COUNTY),
    )
    town = await unit_id(api, "350524100")
    refused = await api.attempt(who, "updateCompound", id=on.compound, version=1, unitId=town)
    assert refused == "FORBIDDEN"


async def test_a_code_continues_that_of_the_unit_above(api: Api) -> None:
    """Nobody takes, or uses up, a code of someone else's."""
    town = await unit_id(api, "350521100")
    given = {"parentId": town, "name": "占用", "level": "COMMUNITY"}
    payload = await api.attempt(("town_admin", "350521100"), "createUnit", "", **given, code="350524100998")
    assert payload["userErrors"][0]["field"] == ["input", "code"]
    community = await unit_id(api, "350521100001")
    payload = await api.attempt(COUNTY_ADMIN, "recodeUnit", "", id=community, version=1, code="350524100997")
    assert payload["userErrors"][0]["code"] == "INVALID"


async def test_no_day_is_infinity(api: Api, on: Street) -> None:
    """9999-12-31 would become PostgreSQL's infinity, which is no date to any client."""
    given = {"compoundId": on.compound, "name": "业委会", "since": day(0), "until": "9999-12-31"}
    payload = await api.attempt(ADMIN, "createOwnersCommittee", **given)
    assert payload["userErrors"][0]["field"] == ["input", "until"]
    assert "没有末日的请留空" in payload["userErrors"][0]["message"]
    answer = await api.ask(ADMIN, '{ posts(filter: {asOf: "9999-12-31"}) { totalCount } }')
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "argument": "filter.asOf"}


async def test_a_replay_tells_nothing_once_the_right_is_gone(api: Api) -> None:
    """The report of a merger is kept with its key, for those who may still merge there."""
    one, other = [await unit_id(api, code) for code in ("350521100001", "350521100002")]
    given = {"id": one, "version": 1, "others": [{"id": other, "version": 1}], "idempotencyKey": "m"}
    await api.do(COUNTY_ADMIN, "mergeUnits", "moved { name }", **given)
    assert (await api.do(COUNTY_ADMIN, "mergeUnits", "moved { name }", **given))["moved"]
    token = await api.token(*COUNTY_ADMIN)
    await api.connection.execute(
        "UPDATE role_grant SET role = 'auditor' WHERE account_id = (SELECT account_id FROM credential WHERE id = $1)",
        token.split("_")[1],
    )
    again = await api.attempt(COUNTY_ADMIN, "mergeUnits", "moved { name }", **given)
    assert again == {"moved": [], "userErrors": []}  # it was done


async def test_nobody_learns_a_number_of_what_they_see_nowhere(api: Api, on: Street) -> None:
    """Null, because none would be a statement; and the number for those who may see."""
    query = (
        '{ orgUnit(by: {code: "350521"}) { indicators { buildings buildingsWithoutCaptain members posts { posts } } } }'
    )
    committee = (await api.data(("property_committee", "350521"), query))["orgUnit"]["indicators"]
    assert committee == {"buildings": 2, "buildingsWithoutCaptain": None, "members": 0, "posts": []}
    county = (await api.data(COUNTY_ADMIN, query))["orgUnit"]["indicators"]
    assert county == {"buildings": 2, "buildingsWithoutCaptain": 2, "members": 2, "posts": []}


async def test_a_move_leaves_no_organization_below_one_that_stayed_behind(api: Api) -> None:
    """A branch below an organization of the old town is set free, so that the old one can still be closed."""
    town, community = await unit_id(api, "350521100"), await unit_id(api, "350521100002")
    above = await made(
        api, COUNTY_ADMIN, "createBranch", "partyOrganization", unitId=town, name="镇", kind="BRANCH", tier="COMPOUND"
    )
    below = await made(
        api,
        COUNTY_ADMIN,
        "createBranch",
        "partyOrganization",
        unitId=community,
        name="村",
        kind="BRANCH",
        tier="COMPOUND",
        parentId=above,
    )
    to = await unit_id(api, "350521101")
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=community, parentId=to)
    found = await api.data(
        COUNTY_ADMIN, "query($id: ID!) { node(id: $id) { ... on PartyOrganization { parent { id } } } }", id=below
    )
    assert found == {"node": {"parent": None}}
    await api.do(COUNTY_ADMIN, "closeBranch", "", id=above, version=1, on=day(0))
