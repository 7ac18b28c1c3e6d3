"""Less than there is: a number of whose rows the caller sees only some is named, whoever they are and however asked."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.storage.database import connected
from tests.conftest import Database
from tests.golden.world import path_of
from tests.writes.api import Api

COUNTY, COMMITTEE = ("county_admin", "350521"), ("property_committee", "350521")
NEIGHBOUR, PARTNER = ("community_admin", "350521100001"), ("partner", "350521")
COUNTED = """{ orgUnit(by: {code: "350521"}) { indicators { members partyOrganizations posts { posts } reportingRate
    compounds buildings companies coverageRate change(since: "2026-01-01") { partyOrganizations compounds } } } }"""
LINE = [
    *("Indicators.members", "Indicators.partyOrganizations", "Indicators.posts"),
    "IndicatorsChange.partyOrganizations",
]
LISTED = """{ orgUnit(by: {code: "350521"}) { compounds { totals { count } } members { totals { count } }
    posts { totalCount } } members { totals { count } } }"""
COMPANIES = "{ propertyCompanies { nodes { compounds { totals { count } } } } }"
HELD = "INSERT INTO role_grant (id, account_id, role, unit_path) SELECT gen_random_uuid(), id, $1, $2 FROM account"


@pytest.fixture
async def api(furnished: Database) -> AsyncIterator[Api]:
    async with connected(furnished.url) as connection:
        made = Api(furnished.url, connection)
        yield made
        await made.close()


def said(answer: Any) -> list[str]:
    """What an answer names as less than there is."""
    assert "errors" not in answer, answer
    return [*answer.get("extensions", {}).get("partial", ())]


async def also(api: Api, who: tuple[str, str], role: str, code: str) -> None:
    """Grant somebody another role."""
    await api.token(*who)
    await api.connection.execute(f"{HELD} WHERE name = $3", role, path_of(code), f"test {' '.join(who)}")


async def test_numbers_of_what_one_sees_some_of_are_named(api: Api) -> None:
    """The line sees its compounds, buildings and companies whole; of what else there is, what has to do with it."""
    part, whole = await api.ask(COMMITTEE, COUNTED), await api.ask(COUNTY, COUNTED)
    assert said(part) == LINE
    assert said(whole) == []
    few, all_ = (each["data"]["orgUnit"]["indicators"] for each in (part, whole))
    assert few["partyOrganizations"] < all_["partyOrganizations"]
    assert few["compounds"] == all_["compounds"] > 0


async def test_what_is_not_reached_at_all_is_not_named_twice(api: Api) -> None:
    told = (await api.ask(COMMITTEE, COUNTED))["extensions"]
    assert "Indicators.reportingRate" in told["unreachable"]
    assert not {*told["unreachable"]} & {*told["partial"]}


async def test_numbers_of_what_belongs_to_a_row_are_named_and_no_others(api: Api) -> None:
    """Of a root all that one sees is all there is to be asked of."""
    assert said(await api.ask(COMMITTEE, LISTED)) == ["OrgUnit.members", "OrgUnit.posts"]
    assert said(await api.ask(COUNTY, LISTED)) == []


async def test_what_works_here_is_seen_with_what_it_has_here(api: Api) -> None:
    assert said(await api.ask(NEIGHBOUR, COMPANIES)) == ["PropertyCompany.compounds"]


async def test_who_counts_beyond_what_they_read_counts_all(api: Api) -> None:
    answer = await api.ask(PARTNER, '{ orgUnit(by: {code: "350521"}) { indicators { members compounds } } }')
    assert said(answer) == []
    assert answer["extensions"]["counted"] == ("Indicators.members",)


@pytest.mark.parametrize(
    ("role", "code", "named"),
    [("town_admin", "350521100", sorted([*LINE, "Indicators.reportingRate"])), ("county_admin", "350521", [])],
)
async def test_another_seat_is_of_help_where_it_reaches(api: Api, role: str, code: str, named: list[str]) -> None:
    """And no further: that of a town fills up no county."""
    await also(api, COMMITTEE, role, code)
    assert said(await api.ask(COMMITTEE, COUNTED)) == named


async def test_who_has_scopes_alike_elsewhere_is_told_of_their_own(api: Api) -> None:
    """A county's partner who is a town's administrator is asked by the very statement of a county's."""
    captains = '{ orgUnit(by: {code: "350521"}) { indicators { captains buildings } } }'
    assert said(await api.ask(COUNTY, captains)) == []
    auditor = ("auditor", "350521")
    assert said(await api.ask(auditor, captains)) == []
    await also(api, PARTNER, "town_admin", "350521100")
    await api.connection.execute("UPDATE account SET kind = 'PERSON' WHERE name = $1", f"test {' '.join(PARTNER)}")
    assert said(await api.ask(PARTNER, captains)) == ["Indicators.captains"]
    assert said(await api.ask(COUNTY, captains)) == []


async def test_by_the_same_way_is_not_with_all_that_belongs_to_it(api: Api) -> None:
    """A company sees the committees of what it manages and not the posts in them, and of contracts its own."""
    found = await api.connection.fetchval("SELECT id FROM property_company ORDER BY id LIMIT 1")
    secretary = ("company_secretary", f"co_{found}")
    seen = """{ compounds { nodes { buildings { totalCount nodes { captains { totalCount } } } phases { totalCount }
        ownersCommittees { totalCount nodes { posts { totalCount } } } contracts { totals { count } } } } }"""
    assert said(await api.ask(secretary, seen)) == ["Compound.contracts", "OwnersCommittee.posts"]
    own = "{ propertyCompanies { nodes { posts { totalCount } contracts { totalCount } assessments { totalCount } } } }"
    assert said(await api.ask(secretary, own)) == []


async def test_what_is_shared_or_above_is_seen_with_what_is_said_to_go_along(api: Api) -> None:
    """Of a neighbour's compound its buildings, of a centre above its venues; neither who else shares, nor looks."""
    compounds = "{ compounds { nodes { buildings { totalCount } contracts { totalCount } sharings { totalCount } } } }"
    assert said(await api.ask(NEIGHBOUR, compounds)) == ["Compound.sharings"]
    centres = """{ centres { nodes { operations { totalCount } looks { totalCount }
        venues { totalCount nodes { takenTimes { totalCount } bookings { totalCount } } } } } }"""
    assert said(await api.ask(NEIGHBOUR, centres)) == ["Centre.looks", "Venue.bookings"]


async def test_what_may_lie_elsewhere_than_its_row_is_named(api: Api) -> None:
    """A member's offices, what was done with a row where it lay before; not what belongs to a unit."""
    people = "{ members { nodes { posts { totalCount } pledges { totalCount } history { totalCount } } } }"
    assert said(await api.ask(COUNTY, people)) == ["Member.history", "Member.pledges", "Member.posts"]
    here = """{ orgUnit(by: {code: "350521"}) { children { totalCount } descendants { totalCount }
        compounds { totalCount } posts { totalCount } auditEntries { totalCount } } }"""
    assert said(await api.ask(COUNTY, here)) == []


async def test_a_row_that_may_be_somebody_elses_is_named_and_one_that_is_never_none_is_not(api: Api) -> None:
    """What stands there today is the company's own; on another day it was another one's, and read like none."""
    found = await api.connection.fetchval("SELECT id FROM property_company ORDER BY id LIMIT 1")
    secretary = ("company_secretary", f"co_{found}")
    of_today = """{ compounds { nodes { contract { companyName } coverage { id } ownersCommittee { id } company { id }
        buildings { nodes { captain { id } phase { id } unit { id } compound { id } } } } } }"""
    assert said(await api.ask(secretary, of_today)) == []
    then = "query($on: Date) { compounds { nodes { now: contract { id } contract(asOf: $on) { id } unit { id } } } }"
    assert said(await api.ask(secretary, then, on="2024-03-01")) == ["Compound.contract"]
    assert said(await api.ask(secretary, then, on=None)) == []
    above = "{ members { nodes { unit { id } partyOrganization { parent { id } } } } }"
    assert said(await api.ask(secretary, above)) == ["Member.partyOrganization", "PartyOrganization.parent"]
    secretaries = "{ propertyCompanies { nodes { partyOrganization { parent { id } } secretary { id } } } }"
    assert said(await api.ask(COMMITTEE, secretaries)) == [
        *("PartyOrganization.parent", "PropertyCompany.partyOrganization", "PropertyCompany.secretary"),
    ]


async def test_who_reads_their_own_place_is_told_of_what_lies_elsewhere_alone(api: Api) -> None:
    """Of their own what stands there is all there is, on whichever day; who manages it may be registered elsewhere."""
    mine = """{ compounds { nodes { unit { id } coverage { id unit { id } } ownersCommittee { id }
        contract(asOf: "2024-03-01") { compound { id } }
        buildings { nodes { captain { building { id } memberName } phase { id } } } } } }"""
    for who in (COUNTY, ("town_admin", "350521100"), NEIGHBOUR):
        assert said(await api.ask(who, mine)) == []
        managed = await api.ask(who, "{ compounds { nodes { company { id } unit { parent { id } } } } }")
        assert said(managed) == ["Compound.company", "OrgUnit.parent"]
