"""The smallest cell: numbers made of too few are not shown to a program, whichever way it asks."""

import json
from typing import Any
from uuid import uuid4

import pytest

from schema.pipeline.run.asked import Asked
from services.catalog.tables import service_items
from services.names import search_keys
from tests.golden.world import id_of, path_of
from tests.programs.office import COUNTY_ADMIN, Office
from tests.writes.street import COUNTY, day

NUMBERS = """{ orgUnit(by: {code: "350521"}) { compounds { totalCount } indicators {
    compounds coveredCompounds coverageRate serviceOperations { function items beneficiaries } } } }"""
WANTED = ["unit", "compound", "coverage", "service_item", "party_organization"]


@pytest.fixture
async def five(office: Office) -> Office:
    """Five compounds, of which three are covered; three services for the aged, one of affairs."""
    await office.connection.execute("DELETE FROM branch_coverage")
    for number in range(5):
        name, id_ = f"小区{number}", uuid4()
        values = (id_, name, path_of("350521100001"), *search_keys(name))
        if number > 1:
            await office.connection.execute(
                "INSERT INTO compound (id, name, unit_path, folded, pinyin, grams) VALUES ($1, $2, $3, $4, $5, $6)",
                *values,
            )
    await office.connection.execute(
        "INSERT INTO branch_coverage (id, compound_id, unit_path, organization_id, organization_path, since)"
        " SELECT gen_random_uuid(), id, unit_path, $1, unit_path, '2024-01-01' FROM compound ORDER BY name LIMIT 3",
        id_of("北关社区党委"),
    )
    await office.connection.execute("UPDATE service_item SET beneficiaries = 40 WHERE name = '长者食堂'")
    return office


async def seen(office: Office, smallest: int | None) -> Any:
    """What a program is told with this smallest cell."""
    issued = await office.issue(COUNTY_ADMIN, COUNTY, entities=WANTED, smallestCell=smallest)
    unit = (await office.by(issued.text, NUMBERS))["orgUnit"]
    assert unit["compounds"]["totalCount"] == 5  # of rows it may read one by one
    return unit["indicators"]


ELDERLY = {"function": "ELDERLY_CARE", "items": 2, "beneficiaries": 40}
AFFAIRS = {"function": "AFFAIRS", "items": 1, "beneficiaries": 0}


async def test_numbers_by_the_smallest_cell(five: Office) -> None:
    """Two of five are not covered: the rate tells of them as soon as two are too few."""
    everything = {"compounds": 5, "coveredCompounds": 3, "coverageRate": 0.6}
    groups = "serviceOperations"
    assert await seen(five, None) == {**everything, groups: [ELDERLY, AFFAIRS]}
    assert await seen(five, 2) == {**everything, groups: []}
    assert await seen(five, 3) == {**everything, "coverageRate": None, groups: []}
    assert await seen(five, 4) == {"compounds": 5, "coveredCompounds": None, "coverageRate": None, groups: []}
    assert await seen(five, 6) == {"compounds": None, "coveredCompounds": None, "coverageRate": None, groups: []}


async def test_none_is_not_few(five: Office) -> None:
    await five.connection.execute("DELETE FROM branch_coverage")
    told = await seen(five, 3)
    assert (told["coveredCompounds"], told["coverageRate"]) == (0, 0)


async def test_whom_nothing_is_hidden_from_is_told_everything(five: Office) -> None:
    """People and programs alike, though the same question was just asked by a program from whom small numbers are."""
    await seen(five, 6)
    assert (await seen(five, None))["coveredCompounds"] == 3
    unit = (await five.data(COUNTY_ADMIN, NUMBERS))["orgUnit"]
    assert unit["indicators"]["coveredCompounds"] == 3
    assert (await seen(five, 4))["coveredCompounds"] is None
    assert (await seen(five, 2))["coveredCompounds"] == 3


TOTALS = "{ compounds { totals { count } } serviceItems { totals { byOperation { function items } } } }"


async def test_totals_by_the_smallest_cell(five: Office) -> None:
    """What a list adds up is held to it like any other number."""

    async def totals(smallest: int | None) -> tuple[Any, Any]:
        issued = await five.issue(COUNTY_ADMIN, COUNTY, entities=WANTED, smallestCell=smallest)
        told = await five.by(issued.text, TOTALS)
        return told["compounds"]["totals"]["count"], told["serviceItems"]["totals"]["byOperation"]

    elderly, affairs = {"function": "ELDERLY_CARE", "items": 2}, {"function": "AFFAIRS", "items": 1}
    assert await totals(None) == (5, [elderly, affairs])
    assert await totals(2) == (5, [])
    assert await totals(6) == (None, [])


async def test_a_group_that_is_hidden_is_not_what_the_others_leave_of_the_whole(five: Office) -> None:
    """Beside the whole, one hidden sibling would be told by subtraction: the least of the others is hidden with it."""
    for name in ("营养餐", "助餐点", "早餐车"):
        folded, pinyin, grams = search_keys(name)
        given = ", ".join(each.name for each in service_items.c if each.computed is None)
        await five.connection.execute(
            f"INSERT INTO service_item ({given}) SELECT {given} FROM (SELECT (jsonb_populate_record(item,"
            " jsonb_build_object('id', gen_random_uuid(), 'function', 'FOOD', 'name', $1::text, 'folded', $2::text,"
            " 'pinyin', $3::text, 'grams', $4::text[]))).* FROM service_item item WHERE name = '长者食堂') AS made",
            *(name, folded, pinyin, grams),
        )
    query = "{ serviceItems { totals { count byOperation { function items } } } }"

    async def told(smallest: int | None) -> tuple[int, dict[str, int]]:
        issued = await five.issue(COUNTY_ADMIN, COUNTY, entities=WANTED, smallestCell=smallest)
        totals = (await five.by(issued.text, query))["serviceItems"]["totals"]
        return totals["count"], {each["function"]: each["items"] for each in totals["byOperation"]}

    assert await told(None) == (6, {"ELDERLY_CARE": 2, "FOOD": 3, "AFFAIRS": 1})
    assert await told(2) == (6, {"FOOD": 3})
    assert await told(3) == (6, {"FOOD": 3})  # three are left, which two of one and one of another make
    assert await told(4) == (6, {})


async def test_no_number_of_another_day(five: Office) -> None:
    """What two days differ by may be one person: whoever is not shown small numbers is told of today alone."""
    on = 'indicators(asOf: "2025-01-01") { compounds change(since: "2024-06-01") { coveredCompounds } }'
    query = f'{{ orgUnit(by: {{code: "350521"}}) {{ {on} }} }}'
    told = []
    for smallest in (None, 2):
        issued = await five.issue(COUNTY_ADMIN, COUNTY, entities=WANTED, smallestCell=smallest)
        told.append((await five.by(issued.text, query))["orgUnit"]["indicators"])
    assert told == [
        {"compounds": 5, "change": {"coveredCompounds": 0}},
        {"compounds": None, "change": {"coveredCompounds": None}},
    ]


async def test_today_by_its_date_is_today(five: Office) -> None:
    """Its numbers are those of no day given, small ones withheld, and nothing is named; one day of two that is not
    today is enough."""
    numbers = "compounds coveredCompounds coverageRate serviceOperations { function items beneficiaries }"
    query = (
        f'query($on: Date, $since: Date!) {{ orgUnit(by: {{code: "350521"}}) {{ indicators(asOf: $on) {{ {numbers}'
        " change(since: $since) { compounds } } } }"
    )
    today, before = day(0), day(-1)
    issued = await five.issue(COUNTY_ADMIN, COUNTY, entities=WANTED, smallestCell=4)

    async def told(on: str | None, since: str) -> tuple[Any, Any]:
        answer = await five._writing.answer(Asked(query, None, {"on": on, "since": since}), issued.text, "en")
        return json.loads(answer.body)["orgUnit"]["indicators"], answer.notes.undated

    numbers_of_today, named = await told(None, today)
    assert (numbers_of_today["compounds"], numbers_of_today["coveredCompounds"]) == (5, None)
    assert (numbers_of_today["change"], named) == ({"compounds": 0}, ())
    assert await told(today, today) == (numbers_of_today, ())
    since_before = {**numbers_of_today, "change": {"compounds": None}}
    assert await told(today, before) == (since_before, ("IndicatorsChange.compounds",))
    assert (await told(before, today))[0]["change"] == {"compounds": None}


async def test_other_days_are_not_out_of_reach(five: Office) -> None:
    """What is null because it is asked of another day is named as that, whether or not it keeps history."""
    numbers = "compounds coverageRate serviceOperations { items }"
    on = f'indicators(asOf: "2025-01-01") {{ {numbers} change(since: "2024-06-01") {{ coveredCompounds }} }}'
    issued = await five.issue(COUNTY_ADMIN, COUNTY, entities=WANTED, smallestCell=2)
    asked = Asked(f'{{ orgUnit(by: {{code: "350521"}}) {{ {on} }} }}', None, {})
    notes = (await five._writing.answer(asked, issued.text, "en")).notes
    named = (f"Indicators.{each}" for each in ("compounds", "coverageRate", "serviceOperations"))
    assert notes.undated == (*named, "IndicatorsChange.coveredCompounds")
    assert notes.unreachable == ()
