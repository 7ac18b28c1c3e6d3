"""The day on which something is closed: lists and numbers, of that day and of now, say the same of it."""

from typing import Any

import pytest

from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, Street, day, made

# Of each: what lists it, in which what is closed is left out and a term is there on its last day, and what counts it.
OPEN = {"compounds": "compounds", "buildings": "buildings", "propertyCompanies": "companies"}
TERMS = {"contracts": "managingCompanies", "captainAssignments": "captains"}
ASKED = f"""query($on: Date, $day: Date!) {{ orgUnit(by: {{code: "350521"}}) {{
    {" ".join(f"{of} {{ totalCount }}" for of in OPEN)}
    {" ".join(f"{of}(filter: {{asOf: $day}}) {{ totalCount }}" for of in TERMS)}
    indicators(asOf: $on) {{ {" ".join((*OPEN.values(), *TERMS.values()))} }} }} }}"""


async def listed(api: Api, on: str, asked: str | None) -> tuple[dict[str, int], dict[str, int]]:
    """How many the lists have of what is open and of what holds on a day; and the numbers of it, as they are asked."""
    unit = (await api.data(COUNTY_ADMIN, ASKED, day=on, on=asked))["orgUnit"]
    counted: dict[str, int] = unit.pop("indicators")
    return {(OPEN | TERMS)[of]: each["totalCount"] for of, each in unit.items()}, counted


@pytest.mark.parametrize("ago", [0, 1])
async def test_lists_and_numbers_have_one_rule(api: Api, on: Street, ago: int) -> None:
    """What is closed is there no longer on that day, and what ran in it has that as its last; so it stays told."""
    closing, before = day(-ago), day(-ago - 1)
    given: dict[str, Any] = {"compoundId": on.compound, "companyId": on.companies[0]}
    await api.do(COUNTY_ADMIN, "changeCompany", "", **given, since=day(-60))
    of = {"buildingId": on.buildings[0], "memberId": on.members[0]}
    term = await made(api, ADMIN, "assignCaptain", "captainAssignment", **of, since=day(-60))
    there = {"compounds": 1, "buildings": 2, "companies": 2, "managingCompanies": 1, "captains": 1}
    assert await listed(api, before, before) == await listed(api, before, None) == (there, there)
    await api.do(ADMIN, "endCaptainTerm", "", id=term, on=closing, reason="调离")
    await api.do(ADMIN, "closeCompound", "", id=on.compound, version=1, on=closing)
    await api.do(COUNTY_ADMIN, "closeCompany", "", id=on.companies[0], version=1, on=closing)
    gone = {"compounds": 0, "buildings": 0, "companies": 1, "managingCompanies": 1, "captains": 1}
    assert await listed(api, closing, closing) == (gone, gone)
    assert (await listed(api, before, before))[1] == there
    if ago == 0:
        assert await listed(api, closing, None) == (gone, gone)
