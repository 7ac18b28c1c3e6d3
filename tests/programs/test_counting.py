"""What may be counted and not read: round numbers, none of few, whichever way a program asks, and whatever it takes
from what."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from schema.pipeline.run.asked import Asked
from services.members.tables import members
from services.names import search_keys
from services.settings import LEAST_CELL, SMALLEST_CELL, SettingError, Settings
from tests.golden.world import path_of
from tests.programs.office import COMMUNITY, COUNTY_ADMIN, TOWN, Office
from tests.writes.street import COUNTY, OTHER, day

CELL = SMALLEST_CELL
WANTED = ["unit", "member", "building", "post"]
NUMBERS = """query($day: Date) { orgUnits(first: 100) { nodes { code indicators(asOf: $day) {
    members buildings posts { kind tier posts } } } } }"""


@pytest.fixture
async def peopled(office: Office) -> Office:
    """Twelve more members in one community, three in the one beside it."""
    for code, many in ((COMMUNITY, 12), (OTHER, 3)):
        for number in range(many):
            await enters(office, code, f"党员{number}")
    return office


async def enters(office: Office, code: str, name: str) -> None:
    """One more member serves at a unit."""
    folded, pinyin, grams = search_keys(name)
    given = {"id": uuid4(), "unit_path": path_of(code), "name": name, "folded": folded, "pinyin": pinyin}
    given |= {"grams": grams, "standing": "IN_SERVICE"}
    names, places = ", ".join(given), ", ".join(f"${number + 1}" for number in range(len(given)))
    assert set(given) <= set(members.c.keys())
    await office.connection.execute(f"INSERT INTO member ({names}) VALUES ({places})", *given.values())


async def asked(
    office: Office, query: str, *, entities: Any = WANTED, **variables: Any
) -> tuple[Any, Mapping[str, Any]]:
    """What a program of the county is told, and what is said beside it."""
    smallest = variables.pop("smallest", None)
    issued = await office.issue(COUNTY_ADMIN, COUNTY, entities=entities, smallestCell=smallest)
    answer = await office._writing.answer(Asked(query, None, variables), issued.text, "en")
    return json.loads(answer.body), answer.notes.said


async def told(office: Office, name: str = "members", **variables: Any) -> dict[str, Any]:
    """One number of every unit, by its code."""
    data, _ = await asked(office, NUMBERS, **variables)
    return {node["code"]: node["indicators"][name] for node in data["orgUnits"]["nodes"]}


def rounded(exact: int, cell: int = CELL) -> int | None:
    """What is told of so many."""
    return None if 0 < exact < cell else exact // cell * cell


async def exactly(office: Office) -> dict[str, Any]:
    """The numbers of every unit as they are, by its code, for whoever reads the rows."""
    nodes = (await office.data(COUNTY_ADMIN, NUMBERS))["orgUnits"]["nodes"]
    return {node["code"]: node["indicators"] for node in nodes}


async def test_it_is_told_in_round_numbers_and_not_at_all_where_it_is_few(peopled: Office) -> None:
    """Neither how many there are in a town and in one of its communities, nor how few are left, is to be had."""
    exact = {code: numbers["members"] for code, numbers in (await exactly(peopled)).items()}
    numbers = await told(peopled)
    assert numbers == {code: rounded(many) for code, many in exact.items()}
    assert numbers[COMMUNITY]
    assert numbers[OTHER] is None
    assert 0 in numbers.values()
    _, said = await asked(peopled, NUMBERS)
    assert "Indicators.members" in said["counted"]
    assert "Indicators.buildings" not in said["counted"]  # which a program reads
    assert "unreachable" not in said


async def test_one_more_makes_no_difference(peopled: Office) -> None:
    """Who knows all the others learns nothing of one, as long as no number is passed at which it is rounded."""
    exact, before = (await exactly(peopled))[OTHER]["members"], await told(peopled)
    assert before[OTHER] is None
    for _ in range(CELL - 1 - exact):
        await enters(peopled, OTHER, "新来的")
        assert (await told(peopled))[OTHER] is None
    await enters(peopled, OTHER, "新来的")
    assert (await told(peopled))[OTHER] == CELL


@pytest.mark.parametrize(
    ("smallest", "cell"), [(2, CELL), (CELL, CELL), (CELL + 1, 2 * CELL), (2 * CELL + 1, 4 * CELL)]
)
async def test_a_token_may_raise_the_smallest_cell_and_not_lower_it(peopled: Office, smallest: int, cell: int) -> None:
    """By doubling it: what tokens of several cells are told together, the one of the smallest is told alone."""
    exact = {code: numbers["members"] for code, numbers in (await exactly(peopled)).items()}
    found = await told(peopled, smallest=smallest)
    assert found == {code: rounded(many, cell) for code, many in exact.items()}


@pytest.mark.parametrize(
    "query",
    [
        "{ members { totalCount } }",
        '{ search(text: "党员", kinds: [MEMBER]) { totalCount } }',
        "{ buildings(filter: {captains: {some: {}}}) { totalCount } }",
        "{ buildings(filter: {hasCaptain: true}) { totalCount } }",
        "{ orgUnits { nodes { members { totals { count } } } } }",
    ],
)
async def test_nothing_but_numbers_of_whole_units_is_there(peopled: Office, query: str) -> None:
    """No list, no search, and no filter to part them by: to a program's schema these are unknown."""
    issued = await peopled.issue(COUNTY_ADMIN, COUNTY, entities=WANTED)
    assert await peopled.by(issued.text, query) == "GRAPHQL_VALIDATION_FAILED"


async def test_it_is_told_of_no_day_but_today(peopled: Office) -> None:
    """Two days side by side would tell of whom came between them."""
    query = """query($day: Date!) { orgUnit(by: {code: "%s"}) { indicators(asOf: $day) { members } } }"""
    data, said = await asked(peopled, query % TOWN, day=day(-1))
    assert data["orgUnit"] == {"indicators": {"members": None}}
    assert said["undated"] == ("Indicators.members",)
    data, _ = await asked(peopled, query % TOWN, day=day(0))
    assert data["orgUnit"] == {"indicators": {"members": (await told(peopled))[TOWN]}}
    issued = await peopled.issue(COUNTY_ADMIN, COUNTY, entities=WANTED)
    change = """query($day: Date!) { orgUnits { nodes { indicators { change(since: $day) { members } } } } }"""
    assert await peopled.by(issued.text, change, day=day(0)) == "GRAPHQL_VALIDATION_FAILED"


async def test_what_a_token_is_not_bound_to_is_not_counted(peopled: Office) -> None:
    issued = await peopled.issue(COUNTY_ADMIN, COUNTY, entities=["unit", "building"])
    for name in ("members", "buildingsWithCaptain", "captains"):
        query = f"{{ orgUnits {{ nodes {{ indicators {{ {name} }} }} }} }}"
        assert await peopled.by(issued.text, query) == "GRAPHQL_VALIDATION_FAILED"


async def test_it_is_counted_where_the_grant_reaches_and_nowhere_else(peopled: Office) -> None:
    """Whoever reads units of the whole county by one grant, and counts in one town by another."""
    committee, far = ("property_committee", COUNTY), "350521101"
    for number in range(12):
        await enters(peopled, far, f"远处{number}")
    alone = {node["code"]: node["indicators"] for node in (await peopled.data(committee, NUMBERS))["orgUnits"]["nodes"]}
    await peopled.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path) SELECT gen_random_uuid(), id, 'partner', $1"
        " FROM account WHERE name = $2",
        *(path_of(TOWN), f"test {' '.join(committee)}"),
    )
    both = {node["code"]: node["indicators"] for node in (await peopled.data(committee, NUMBERS))["orgUnits"]["nodes"]}
    assert both[far]["members"] == alone[far]["members"]
    assert both[TOWN]["members"] == rounded((await exactly(peopled))[TOWN]["members"]) > alone[TOWN]["members"]


async def test_groups_of_few_are_left_out(office: Office) -> None:
    few = (await exactly(office))[COUNTY]["posts"]
    assert few
    assert all(group["posts"] < CELL for group in few)
    assert (await told(office, "posts"))[COUNTY] == []


@pytest.mark.parametrize("said", ["0", str(LEAST_CELL - 1), "few"])
def test_a_smallest_cell_that_hides_nothing_is_refused(said: str) -> None:
    with pytest.raises(SettingError, match="JINLIN_SMALLEST_CELL"):
        Settings.read({"JINLIN_SMALLEST_CELL": said})
    assert Settings.read({"JINLIN_SMALLEST_CELL": str(LEAST_CELL)}).limits.smallest_cell == LEAST_CELL
