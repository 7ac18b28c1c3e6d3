"""Filters within filters: several together, one of several, not, and by what rows lead to; and what is too much."""

from typing import Any

import pytest

from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY, COUNTY_ADMIN, OTHER, Street, day, made, nobody, unit_id

COMMITTEE = ("property_committee", COUNTY)
BUILDINGS = "query($f: BuildingFilter) { buildings(filter: $f) { nodes { name } } }"
COMPOUNDS = "query($f: CompoundFilter) { compounds(filter: $f) { nodes { name } } }"


async def found(api: Api, who: tuple[str, str], query: str, **filter_: Any) -> list[str]:
    """The names of what a filter leaves, sorted."""
    ((page,),) = [(await api.data(who, query, f=filter_)).values()]
    return sorted(row["name"] for row in page["nodes"])


async def refused(api: Api, filter_: Any) -> str:
    """The code a filter is refused with."""
    code: str = (await api.ask(ADMIN, COMPOUNDS, f=filter_))["errors"][0]["extensions"]["code"]
    return code


@pytest.fixture
async def led(api: Api, on: Street) -> Street:
    """The street, whose first building has a captain, and whose compound a company manages."""
    await api.do(ADMIN, "assignCaptain", "", buildingId=on.buildings[0], memberId=on.members[0], since=day(-1))
    await api.do(COUNTY_ADMIN, "changeCompany", "", compoundId=on.compound, companyId=on.companies[0], since=day(-5))
    await made(api, ADMIN, "createCompound", "compound", unitId=on.unit, name="和平花园", households=1)
    return on


async def test_one_of_several_and_not(api: Api, led: Street) -> None:
    one, other = ["演示小区"], ["和平花园"]
    assert await found(api, ADMIN, COMPOUNDS, any=[{"nameContains": "演示"}, {"nameContains": "和平"}]) == other + one
    assert await found(api, ADMIN, COMPOUNDS, any=[{"nameContains": "演示"}, {"nameContains": "没有"}]) == one
    assert await found(api, ADMIN, COMPOUNDS, any=[{"nameContains": "演示", "hasContract": False}]) == []
    assert await found(api, ADMIN, COMPOUNDS, any=[]) == []
    assert await found(api, ADMIN, COMPOUNDS, **{"not": {"nameContains": "演示"}}) == other
    assert (
        await found(api, ADMIN, COMPOUNDS, **{"not": {"any": [{"hasContract": True}, {"nameContains": "花园"}]}}) == []
    )
    assert await found(api, ADMIN, COMPOUNDS, **{"not": {}}) == []


async def test_what_has_no_value_fulfils_nothing_and_not_of_it_all(api: Api, led: Street) -> None:
    """A contract without an end does not end by any day: so it is among those that do not."""
    query = "query($f: ManagementContractFilter) { contracts(filter: $f) { nodes { name: companyName } } }"
    contracts = {"compound": {"some": {"nameContains": "演示小区"}}}
    assert await found(api, ADMIN, query, **contracts, until={"to": day(90)}) == []
    assert await found(api, ADMIN, query, **contracts, **{"not": {"until": {"to": day(90)}}}) == ["演示物业1"]


async def test_by_what_rows_lead_to(api: Api, led: Street) -> None:
    """In the target's own words, several relations deep; `none` is that there is no such row."""
    managed = {"company": {"some": {"nameContains": "演示物业1"}}}
    assert await found(api, ADMIN, COMPOUNDS, **managed) == ["演示小区"]
    assert await found(api, ADMIN, COMPOUNDS, company={"some": {"nameContains": "演示物业2"}}) == []
    without = await found(api, ADMIN, COMPOUNDS, company={"none": {"nameContains": "演示物业2"}})
    assert without == ["和平花园", "演示小区"]
    assert await found(api, ADMIN, BUILDINGS, compound={"some": managed}, captain={"none": {}}) == ["2号楼"]
    people = {"member": {"some": {"nameContains": "演示党员1"}}}
    assert await found(api, ADMIN, COMPOUNDS, buildings={"some": {"captain": {"some": people}}}) == ["演示小区"]


async def test_unknown_stays_unknown(api: Api, led: Street) -> None:
    """The committee sees no captains: neither a condition on them nor its contrary admits a row, and it is told."""
    conditions: list[Any] = [{"captain": {"none": {}}}, {"captain": {"some": {}}}]
    for asked in (*conditions, *({"not": each} for each in conditions)):
        answer = await api.ask(COMMITTEE, BUILDINGS, f=asked)
        assert answer["data"]["buildings"]["nodes"] == []
        assert answer["extensions"]["unreachable"] == ("BuildingFilter.captain",)
    # Of a compound without buildings it is known all the same.
    inner: list[Any] = [{"captain": {"some": {}}}, {"hasCaptain": True}, {"not": {"hasCaptain": True}}]
    for each in inner:
        assert await found(api, COMMITTEE, COMPOUNDS, buildings={"some": each}) == []
        assert await found(api, COMMITTEE, COMPOUNDS, buildings={"none": each}) == ["和平花园"]
        assert await found(api, COMMITTEE, COMPOUNDS, **{"not": {"buildings": {"some": each}}}) == ["和平花园"]
    sure: dict[str, Any] = {"any": [{"captain": {"some": {}}}, {"compound": {"some": {}}}]}
    assert await found(api, COMMITTEE, COMPOUNDS, buildings={"some": sure}) == ["演示小区"]
    assert await found(api, COMMITTEE, COMPOUNDS, buildings={"none": sure}) == ["和平花园"]
    either = {"any": [{"captain": {"some": {}}}, {"compound": {"some": {"nameContains": "演示小区"}}}]}
    assert await found(api, COMMITTEE, BUILDINGS, **either) == ["1号楼", "2号楼"]


async def test_what_is_closed_is_asked_for(api: Api, on: Street) -> None:
    """Open by default, at every level; what mentions it anywhere of the row itself is taken by its word."""
    closing = {"id": on.buildings[1], "version": 1, "on": day(0)}
    await api.do(ADMIN, "closeBuilding", "", **closing)
    assert await found(api, ADMIN, BUILDINGS) == ["1号楼"]
    assert await found(api, ADMIN, BUILDINGS, closed=True) == ["2号楼"]
    assert await found(api, ADMIN, BUILDINGS, closed=None) == ["1号楼", "2号楼"]
    assert await found(api, ADMIN, BUILDINGS, any=[{"closed": True}, {"closed": False}]) == ["1号楼", "2号楼"]
    assert await found(api, ADMIN, COMPOUNDS, buildings={"some": {"closed": True}}) == ["演示小区"]
    await api.do(ADMIN, "closeBuilding", "", **{**closing, "id": on.buildings[0]})
    assert await found(api, ADMIN, COMPOUNDS, buildings={"some": {}}) == []
    assert await found(api, ADMIN, COMPOUNDS, buildings={"some": {"closed": None}}) == ["演示小区"]
    counted = await api.data(
        ADMIN, "{ orgUnits(first: 1) { nodes { indicators { buildings } } } buildings { totalCount } }"
    )
    assert counted["buildings"]["totalCount"] == counted["orgUnits"]["nodes"][0]["indicators"]["buildings"] == 0


async def test_statements_fit_as_many_as_are_asked_for(api: Api, led: Street) -> None:
    """Alike but for how many there are: a statement made for two is not run for three."""
    for names, left in ((["演示"], 1), (["演示", "和平"], 2), (["没有", "也无", "花园"], 1), (["没有", "也无"], 0)):
        assert len(await found(api, ADMIN, COMPOUNDS, any=[{"nameContains": name} for name in names])) == left


async def test_too_much_is_told(api: Api, led: Street) -> None:
    deep: dict[str, Any] = {}
    for _ in range(2):
        deep = {"buildings": {"some": {"compound": {"some": deep}}}}
    assert await refused(api, deep) == "TOO_COSTLY"
    assert await found(api, ADMIN, COMPOUNDS, **deep["buildings"]["some"]["compound"]["some"]) == ["演示小区"]
    assert await refused(api, {"any": [{"nameContains": "1"}] * 21}) == "TOO_COSTLY"
    assert await refused(api, {"any": [{"any": [{"nameContains": "1"}] * 20}] * 3}) == "TOO_COSTLY"
    nested: dict[str, Any] = {"nameContains": "1"}
    for _ in range(400):
        nested = {"not": nested}
    assert await refused(api, nested) == "TOO_COSTLY"
    text = "{not: " * 400 + "{}" + "}" * 400
    answer = await api.ask(ADMIN, f"{{ compounds(filter: {text}) {{ totalCount }} }}")
    assert answer["errors"][0]["extensions"]["code"] == "TOO_COSTLY"


async def test_under_some_units(api: Api, led: Street) -> None:
    """By ids and codes, former and padded ones too; what one does not see is as if it were not."""
    query = "query($u: [String!]) { compounds(under: $u) { nodes { name } } }"

    async def under(who: tuple[str, str], *units: str) -> list[str]:
        return sorted(row["name"] for row in (await api.data(who, query, u=list(units)))["compounds"]["nodes"])

    there = await unit_id(api, OTHER)
    await made(api, COUNTY_ADMIN, "createCompound", "compound", unitId=there, name="别处小区", households=1)
    here = ["和平花园", "演示小区"]
    assert await under(COUNTY_ADMIN, ADMIN[1]) == await under(COUNTY_ADMIN, led.unit) == here
    assert await under(COUNTY_ADMIN, there) == ["别处小区"]
    assert (
        await under(COUNTY_ADMIN, there, led.unit)
        == await under(COUNTY_ADMIN, COUNTY + "000000")
        == ["别处小区", *here]
    )
    assert await under(COUNTY_ADMIN) == await under(COUNTY_ADMIN, nobody("ou"), "350525") == []
    assert await under(ADMIN, led.unit) == here
    assert await under(ADMIN, there) == await under(ADMIN, COUNTY) == []
    for wrong in (["北关"], [COUNTY] * 21):
        answer = await api.ask(ADMIN, query, u=wrong)
        assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "argument": "under"}


async def test_under_for_whom_there_are_no_units(api: Api, led: Street) -> None:
    """A company's secretary reads none: that is told, and nothing is admitted by it."""
    who = ("company_secretary", led.companies[0])
    query = "query($u: [String!]) { compounds(under: $u) { nodes { name } } }"
    answer = await api.ask(who, query, u=[ADMIN[1]])
    assert answer["data"]["compounds"]["nodes"] == []
    assert answer["extensions"]["unreachable"] == ("Query.compounds(under:)",)
    assert (await api.data(who, query, u=None))["compounds"]["nodes"] == [{"name": "演示小区"}]


async def test_by_ranges(api: Api, led: Street) -> None:
    """Both ends belong to them, either may be left out; what has no value is in none, and in that of no range."""
    assert await found(api, ADMIN, COMPOUNDS, households={"from": 1, "to": 1}) == ["和平花园"]
    assert await found(api, ADMIN, COMPOUNDS, households={"from": 300}) == ["演示小区"]
    assert await found(api, ADMIN, COMPOUNDS, households={"to": 299}) == ["和平花园"]
    assert await found(api, ADMIN, COMPOUNDS, households={"from": 2, "to": 1}) == []
    assert await found(api, ADMIN, COMPOUNDS, surveyedOn={}) == []
    query = "query($f: ManagementContractFilter) { contracts(filter: $f) { nodes { name: companyName } } }"
    of: dict[str, Any] = {"compound": {"some": {"nameContains": "演示小区"}}}
    assert await found(api, ADMIN, query, **of, since={"from": day(-5), "to": day(-5)}) == ["演示物业1"]
    assert await found(api, ADMIN, query, **of, since={"from": day(-4), "to": None}) == []
    assert await found(api, ADMIN, query, **of, **{"not": {"until": {"from": day(0)}}}) == ["演示物业1"]
    assert await refused(api, {"surveyedOn": {"from": "0202-01-01"}}) == "BAD_USER_INPUT"


async def test_relations_are_charged_what_it_takes_to_state_them(api: Api, led: Street) -> None:
    """Over all fields of an operation: 133 and no more, as literals and as variables."""
    page = "compounds(filter: $f, first: 1) { totalCount }"
    several: dict[str, Any] = {"any": [{"company": {"none": {}}}] * 12}
    pages = " ".join(f"a{number}: {page}" for number in range(12))
    answer = await api.ask(ADMIN, f"query($f: CompoundFilter) {{ {pages} }}", f=several)
    assert answer["errors"][0]["extensions"]["code"] == "TOO_COSTLY"
    literal = "any: [" + "{company: {none: {}}}" * 12 + "]"
    answer = await api.ask(ADMIN, f"{{ {pages.replace('$f', '{' + literal + '}')} }}")
    assert answer["errors"][0]["extensions"]["code"] == "TOO_COSTLY"
    assert await found(api, ADMIN, COMPOUNDS, **several) == ["和平花园"]
    document = f"query($f: CompoundFilter) {{ {pages} }}"
    assert "errors" not in await api.ask(ADMIN, document, f={"company": {"none": {}}})
    answer = await api.ask(ADMIN, document, f=several)  # what a document cost with other variables says nothing
    assert answer["errors"][0]["extensions"]["code"] == "TOO_COSTLY"
