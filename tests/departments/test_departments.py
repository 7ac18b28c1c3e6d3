"""Departments of a county: entered, renamed, closed, read from below, and seats of their officers."""

from typing import Any

from tests.captains.town import COMMUNITY, COUNTY
from tests.centres.asked import ADMIN, COUNTY_ADMIN, TOWN_ADMIN, told
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

SELECT = "department { id name closedOn version place unit { code } }"
READ = "{ departments { nodes { name } } }"
SEATED = "{ viewer { grants { role seat { ... on Department { name } } } } departments { nodes { name } } }"
OTHERS = "{ orgUnits { totalCount } members { totalCount } compounds { totalCount } grants { totalCount } }"


async def department(api: Api, name: str = "住建局") -> str:
    """The global id of a new department of the county."""
    unit = await unit_id(api, COUNTY)
    made: str = (await api.do(COUNTY_ADMIN, "createDepartment", SELECT, unitId=unit, name=name))["department"]["id"]
    return made


async def names(api: Api, who: tuple[str, str], query: str = READ) -> list[str]:
    """Of the departments someone sees."""
    return [each["name"] for each in (await api.data(who, query))["departments"]["nodes"]]


async def test_a_department_is_entered_renamed_and_closed(api: Api) -> None:
    county, community = await unit_id(api, COUNTY), await unit_id(api, COMMUNITY)
    given: dict[str, Any] = {"unitId": county, "name": "住建局"}
    assert await told(api, TOWN_ADMIN, "createDepartment", **given) == "NOT_FOUND"
    assert await told(api, COUNTY_ADMIN, "createDepartment", unitId=community, name="住建局") == [("INVALID", "unitId")]
    made = (await api.do(COUNTY_ADMIN, "createDepartment", SELECT, **given))["department"]
    of = {"id": made.pop("id")}
    assert made == {"name": "住建局", "closedOn": None, "version": 1, "place": ["惠安县"], "unit": {"code": COUNTY}}
    assert await told(api, COUNTY_ADMIN, "createDepartment", **given) == [("TAKEN", "name")]
    assert await told(api, ADMIN, "renameDepartment", **of, name="城管局") == "FORBIDDEN"
    assert await told(api, COUNTY_ADMIN, "renameDepartment", **of, name=" ") == [("INVALID", "name")]
    await api.do(COUNTY_ADMIN, "renameDepartment", SELECT, **of, name="住房和城乡建设局")
    assert await names(api, ADMIN) == ["住房和城乡建设局"]  # what a county has is published to all below
    assert await told(api, COUNTY_ADMIN, "closeDepartment", **of, on=day(1)) == [("INVALID", "on")]
    await api.do(COUNTY_ADMIN, "closeDepartment", SELECT, **of, on=day(0))
    assert await told(api, COUNTY_ADMIN, "renameDepartment", **of, name="住建局") == [("CLOSED", "id")]
    await department(api, "住房和城乡建设局")  # the name is free again


async def test_an_officer_sees_the_department_and_nothing_else(api: Api) -> None:
    """Of the departments beside it, and of all else there is, nothing."""
    mine, _ = await department(api), await department(api, "城管局")
    officer = ("department_officer", mine)
    seen = await api.data(officer, SEATED)
    assert seen["viewer"]["grants"] == [{"role": "department_officer", "seat": {"name": "住建局"}}]
    assert await names(api, officer) == ["住建局"]
    others = await api.data(officer, OTHERS)
    assert {name: each["totalCount"] for name, each in others.items()} == {
        "orgUnits": 0,
        "members": 0,
        "compounds": 0,
        "grants": 1,
    }


async def test_a_county_grants_the_role_at_its_own_departments(api: Api) -> None:
    mine, unit = await department(api), await unit_id(api, COUNTY)
    select = "account { id }"
    given = {"unitId": unit, "name": "演示经办人", "login": "350521-officer"}
    account = (await api.do(COUNTY_ADMIN, "createAccount", select, **given))["account"]["id"]
    of = {"seatId": mine, "accountId": account, "role": "department_officer", "reason": "到岗"}
    assert await told(api, ADMIN, "grantRole", **of) in ("NOT_FOUND", "FORBIDDEN")
    granted = "grant { role seatName place }"
    made = (await api.do(COUNTY_ADMIN, "grantRole", granted, **of))["grant"]
    assert made == {"role": "department_officer", "seatName": "住建局", "place": ["惠安县"]}
