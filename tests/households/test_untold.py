"""What a command's payload tells of what its caller may only count: nothing, for all of it may be undone again."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.households.tables import visits
from services.settings import SMALLEST_CELL
from tests.captains.town import COMMUNITY, GRID, Town
from tests.golden.world import path_of
from tests.households.block import ADMIN, COUNTY_ADMIN, OTHER_GRID, Block, block
from tests.writes.api import Api
from tests.writes.street import nobody, unit_id

TOWN, SIBLING = "350521100", "350521100002"
COUNTED = ("hardshipVisits", "helpRequestsDone")
NUMBERS = f"indicators {{ {' '.join(COUNTED)} registeredHouseholds }}"
MOVE = f"""moveUnit(input: {{id: $id, parentId: $parent, version: 1, dryRun: $dry}}) {{
    orgUnit {{ {NUMBERS} parent {{ {NUMBERS} }} }} userErrors {{ code }} }}"""
ASKED = f"query($code: String!) {{ orgUnit(by: {{code: $code}}) {{ {NUMBERS} }} }}"


@pytest.fixture
async def here(town: Town) -> Block:
    """A grid with more visits and requests than the smallest cell, and two in the one beside it."""
    made, today = await block(town), await town.today()
    said = {"member_id": made.member["id"], "outcome": "已走访", "recorded_on": today, "visited_on": today}
    for household, many in ((made.first, SMALLEST_CELL + 2), (made.elsewhere, 2)):
        of = {"household_id": household["id"], "unit_path": household["unit_path"]}
        for _ in range(many):
            await town.add(visits, **of, **said, kind="HARDSHIP")
    return made


def only_null(of: Mapping[str, Any]) -> bool:
    """Whether the numbers of what is only counted are withheld, and what is read is told."""
    return [of[name] for name in COUNTED] == [None] * len(COUNTED) and of["registeredHouseholds"] is not None


def regrouped(command: str, **units: str) -> Any:
    """A command that puts the grids together otherwise."""
    return {
        "moveUnit": {"id": units["grid"], "parentId": units["sibling"]},
        "mergeUnits": {"id": units["other"], "others": [{"id": units["grid"], "version": 1}]},
        "splitUnit": {
            "id": units["community"],
            "into": [{"name": "东关社区居委会", "code": "350521100009", "unitIds": [units["grid"]]}],
        },
        "renameUnit": {"id": units["grid"], "name": "第九网格"},
    }[command]


@pytest.mark.parametrize("dry", [True, False])
@pytest.mark.parametrize("command", ["moveUnit", "mergeUnits", "splitUnit", "renameUnit"])
async def test_whatever_regroups_tells_no_number_of_what_is_counted(
    api: Api, here: Block, command: str, dry: bool
) -> None:
    """Neither tried nor done: by trying, the grids were parted until each was alone, and nothing was on record."""
    named = {"grid": GRID, "other": OTHER_GRID, "community": COMMUNITY, "sibling": SIBLING}
    units = {name: await unit_id(api, code) for name, code in named.items()}
    given = {**regrouped(command, **units), "version": 1, "dryRun": dry}
    text = f"""mutation($input: {command[0].upper()}{command[1:]}Input!) {{ {command}(input: $input) {{
        orgUnit {{ {NUMBERS} parent {{ {NUMBERS} }} }} userErrors {{ code }} }} }}"""
    answer = await api.ask(COUNTY_ADMIN, text, input=given)
    payload = answer["data"][command]
    assert payload["userErrors"] == []
    assert only_null(payload["orgUnit"]["indicators"])
    assert only_null(payload["orgUnit"]["parent"]["indicators"])
    assert answer["extensions"]["counted"] == tuple(f"Indicators.{name}" for name in COUNTED)
    assert "unreachable" not in answer["extensions"]
    found = (await api.data(COUNTY_ADMIN, ASKED, code=TOWN))["orgUnit"]["indicators"]
    assert found["hardshipVisits"] == SMALLEST_CELL  # who wants it asks, and then it is on record that it was moved


@pytest.mark.parametrize(("dry", "last"), [(True, GRID), (False, GRID), (False, None)])
async def test_nor_does_anything_done_together(api: Api, here: Block, dry: bool, last: str | None) -> None:
    """Of two moves at once, the last of which may fail: then all of it is undone."""
    ids = {"id": await unit_id(api, OTHER_GRID), "parent": await unit_id(api, SIBLING)}
    ids["next"] = await unit_id(api, last) if last else nobody("ou")
    text = f"""mutation($id: ID!, $next: ID!, $parent: ID!, $dry: Boolean) @atomic {{
        a: {MOVE} b: {MOVE.replace("$id", "$next")} }}"""
    answer = await api.ask(COUNTY_ADMIN, text, dry=dry, **ids)
    for payload in filter(None, answer["data"].values()):
        assert payload["userErrors"] == []
        assert only_null(payload["orgUnit"]["parent"]["indicators"])
    assert [payload is None for payload in answer["data"].values()] == [last is None] * 2
    assert last or "extensions" not in answer


OF_ANOTHER_SEAT = """compound { households unit { parent { indicators {
    members membersReported reportingRate posts { kind posts } compounds } } } }"""


async def test_nor_what_another_seat_may_count(api: Api, town: Town, here: Block) -> None:
    """Numbers, shares and groups alike: a community's administrator who is also given the town to count in."""
    for number in range(SMALLEST_CELL):
        await town.member(f"党员{number}")
    compound = await town.compound("书香苑")
    await api.token(*ADMIN)
    await api.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path) SELECT gen_random_uuid(), id, 'partner', $1"
        " FROM account WHERE name = $2",
        *(path_of(TOWN), f"test {' '.join(ADMIN)}"),
    )
    numbers = OF_ANOTHER_SEAT.partition("indicators")[2].rpartition("} } }")[0]
    query = f'{{ orgUnit(by: {{code: "{TOWN}"}}) {{ indicators {numbers} }} }}'
    asked = (await api.data(ADMIN, query))["orgUnit"]["indicators"]
    assert asked["members"] is not None
    assert asked["posts"] is not None
    given = {"id": f"cp_{compound['id']}", "version": 1, "households": 9}
    answer = await api.ask(ADMIN, _tried(OF_ANOTHER_SEAT), input={**given, "dryRun": True})
    told = answer["data"]["updateCompound"]["compound"]["unit"]["parent"]["indicators"]
    assert told == dict.fromkeys(asked, None) | {"compounds": asked["compounds"]}
    assert set(answer["extensions"]["counted"]) == {f"Indicators.{name}" for name in asked} - {"Indicators.compounds"}


def _tried(select: str) -> str:
    return f"mutation($input: UpdateCompoundInput!) {{ updateCompound(input: $input) {{ {select} }} }}"
