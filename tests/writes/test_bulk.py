"""Lists that people bring: all of them recorded or none, every problem told with its row."""

import asyncio
from typing import Any

import pytest

from tests.writes.api import DOCUMENTS, LIMITS, Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, NEIGHBOUR, Street, day, made, nobody, unit_id
from tests.writes.test_statements import Counting, counting, sent_by

__all__ = ["counting"]

SURVEY = "recordBuildings"
SELECT = "compound { buildings(first: 100) { nodes { id name households storeys version } } } recorded { row kind id }"


async def surveyed(api: Api, on: Street, *rows: dict[str, Any], **more: Any) -> Any:
    """The payload of a survey, or the code of what refused it."""
    return await api.attempt(ADMIN, SURVEY, SELECT, compoundId=on.compound, buildings=list(rows), **more)


async def refused(api: Api, on: Street, *rows: dict[str, Any]) -> list[tuple[str, str]]:
    """What a survey is refused with, code and field; nothing was done."""
    before = await known(api, on)
    payload = await surveyed(api, on, *rows)
    assert (payload["compound"], payload["recorded"]) == (None, [])
    assert await known(api, on) == before
    return [(each["code"], ".".join(each["field"])) for each in payload["userErrors"]]


async def known(api: Api, on: Street) -> dict[str, tuple[str, int, int | None, int]]:
    """The compound's buildings: id by name, households, storeys and version."""
    asked = "query($id: ID!) { compound(by: {id: $id}) { buildings(first: 100) { nodes { %s } } } }"
    found = await api.data(ADMIN, asked % "id name households storeys version", id=on.compound)
    rows = found["compound"]["buildings"]["nodes"]
    return {row["name"]: (row["id"], row["households"], row["storeys"], row["version"]) for row in rows}


async def test_a_survey_records_new_buildings_and_changes_known_ones(api: Api, on: Street) -> None:
    first, second = on.buildings
    payload = await surveyed(
        api,
        on,
        {"name": " 3号楼 ", "storeys": 6},
        {"id": first, "version": 1, "households": 48},
        {"name": "4号楼", "households": 12},
        {"id": second, "version": 1, "name": "乙栋", "storeys": None},
    )
    assert payload["userErrors"] == []
    after = await known(api, on)
    recorded = [after[name][0] for name in ("3号楼", "1号楼", "4号楼", "乙栋")]
    assert payload["recorded"] == [{"row": n, "kind": "Building", "id": id_} for n, id_ in enumerate(recorded)]
    assert {name: row[1:] for name, row in after.items()} == {
        "1号楼": (48, None, 2),
        "乙栋": (30, None, 2),
        "3号楼": (0, 6, 1),
        "4号楼": (12, None, 1),
    }
    assert {row["name"] for row in payload["compound"]["buildings"]["nodes"]} == after.keys()


async def test_every_problem_of_every_row_is_told_with_its_row(api: Api, on: Street) -> None:
    first, second = on.buildings
    elsewhere = await made(api, ADMIN, "createCompound", "compound", unitId=on.unit, name="另一小区")
    strange = await made(api, ADMIN, "createBuilding", "building", compoundId=elsewhere, name="1号楼")
    problems = await refused(
        api,
        on,
        {"households": 3},
        {"name": "", "households": -1, "storeys": 201},
        {"name": "２号楼"},
        {"name": "9号楼"},
        {"name": "９号楼"},
        {"id": first, "version": 1, "name": "2号楼"},
        {"id": first, "version": 1},
        {"id": strange, "version": 1, "storeys": 0},
        {"id": second, "version": 1, "name": "2号楼"},
        {"name": "8号楼", "households": -1},
        {"name": "8号楼", "storeys": 201},
        {"name": "1号楼", "storeys": 201},
    )
    row = "input.buildings"
    rows = [int(field.split(".")[2]) for _, field in problems]
    assert rows == sorted(rows)
    assert sorted(problems) == sorted(
        [
            ("INVALID", f"{row}.0.name"),
            ("INVALID", f"{row}.1.name"),
            ("INVALID", f"{row}.1.households"),
            ("INVALID", f"{row}.1.storeys"),
            ("TAKEN", f"{row}.2.name"),
            ("TAKEN", f"{row}.4.name"),
            ("TAKEN", f"{row}.5.name"),
            ("INVALID", f"{row}.6.id"),
            ("OUT_OF_REACH", f"{row}.7.id"),
            ("INVALID", f"{row}.7.storeys"),
            ("INVALID", f"{row}.9.households"),
            ("INVALID", f"{row}.10.storeys"),
            ("TAKEN", f"{row}.10.name"),
            ("INVALID", f"{row}.11.storeys"),
        ]
    )


async def test_a_row_that_is_there_goes_with_its_version(api: Api, on: Street) -> None:
    """None is told for what lacks one; others' changes are conflicts, each at its row."""
    first, second = on.buildings
    missing = await refused(api, on, {"id": first}, {"name": "3号楼", "version": 1})
    assert missing == [("INVALID", f"input.buildings.{row}.version") for row in (0, 1)]
    stale = [{"id": each, "version": 7} for each in (first, second)]
    assert await errors(api, on, [{"name": "3号楼"}, *stale]) == [
        ("CONFLICT", f"input.buildings.{row}.version") for row in (1, 2)
    ]


async def test_every_row_the_caller_may_not_have_is_told(api: Api, on: Street) -> None:
    """Rows of others are refused as single commands refuse them; all or none."""
    first, _ = on.buildings
    rows = [{"id": nobody("bd"), "version": 1}, {"id": first, "version": 1}, {"id": "bd_1", "version": 1}]
    assert await errors(api, on, rows) == [("NOT_FOUND", f"input.buildings.{row}.id") for row in (0, 2)]
    assert (
        await api.attempt(NEIGHBOUR, SURVEY, "", compoundId=on.compound, buildings=[{"name": "3号楼"}]) == "NOT_FOUND"
    )


async def test_a_double_within_the_list_says_of_which_row(api: Api, on: Street) -> None:
    """And one with a building that is there says that it is there."""
    first, _ = on.buildings
    same = [{"id": first, "version": 1}] * 2
    rows = [{"name": "9号楼"}, {"name": "２号楼"}, {"name": "９号楼"}, *same]
    payload = await api.attempt(ADMIN, SURVEY, "", compoundId=on.compound, buildings=rows)
    told = {each["field"][2]: each["message"] for each in payload["userErrors"]}
    assert told.keys() == {"1", "2", "4"}
    assert "行" not in told["1"]
    assert told["2"] == "与第 1 行（buildings.0）重名。"
    assert told["4"] == "第 4 行（buildings.3）已是此楼栋。"


async def test_buildings_of_a_survey_exchange_their_names(api: Api, on: Street) -> None:
    """A name is free that is given up in the same list, to a new building as well; no more than one has it."""
    first, second = ({"id": each, "version": 1} for each in on.buildings)
    at = "input.buildings"
    assert await refused(api, on, {**first, "name": "2号楼"}, {**second, "storeys": 6}) == [("TAKEN", f"{at}.0.name")]
    kept = ({**first, "name": "2号楼"}, {**second, "name": "２号楼"})
    assert await refused(api, on, *kept) == [("TAKEN", f"{at}.0.name")]
    amiss: list[Any] = [{**second, "name": "9号楼", "storeys": 0}, {**first, "name": "2号楼"}, {"name": "2号楼"}]
    assert await refused(api, on, *amiss) == [("INVALID", f"{at}.0.storeys"), ("TAKEN", f"{at}.2.name")]
    ring: list[Any] = [{**first, "name": "2号楼"}, {**second, "name": "3号楼"}, {"name": "1号楼"}]
    assert (await surveyed(api, on, *ring))["userErrors"] == []
    assert {name: row[0] for name, row in (await known(api, on)).items() if row[0] in on.buildings} == {
        "2号楼": first["id"],
        "3号楼": second["id"],
    }


async def test_rows_that_are_not_there_are_told_with_what_else_is_amiss(api: Api, on: Street) -> None:
    """Whatever can be known without them: another's change, a version that lacks, a day no calendar has; by row."""
    first, second = on.buildings
    rows = [
        {"id": first},
        {"id": nobody("bd"), "version": 1},
        {"id": second, "version": 7},
        {"name": "x", "version": 1},
        {"name": "", "households": -1},
        {"name": "X"},
        {"id": nobody("bd"), "version": 1, "name": "2号楼", "storeys": 201},
        {"name": "y", "phaseId": nobody("ph")},
    ]
    at = "input.buildings"
    assert await errors(api, on, rows) == [
        ("BAD_USER_INPUT", f"{at}.0.version"),
        ("NOT_FOUND", f"{at}.1.id"),
        ("CONFLICT", f"{at}.2.version"),
        ("BAD_USER_INPUT", f"{at}.3.version"),
        ("BAD_USER_INPUT", f"{at}.4.name"),
        ("BAD_USER_INPUT", f"{at}.4.households"),
        ("BAD_USER_INPUT", f"{at}.5.name"),
        ("NOT_FOUND", f"{at}.6.id"),
        ("BAD_USER_INPUT", f"{at}.6.storeys"),
        ("NOT_FOUND", f"{at}.7.phaseId"),
    ]
    only: list[Any] = [{"id": first}, {"name": "2号楼"}, {"id": second, "households": -1}]
    assert await refused(api, on, *only) == [
        ("INVALID", f"{at}.0.version"),
        ("TAKEN", f"{at}.1.name"),
        ("INVALID", f"{at}.2.version"),
        ("INVALID", f"{at}.2.households"),
    ]
    people: list[Any] = [{"name": f"某人{name}", "standing": "RESIDENT", name: nobody(tag)} for name, tag in OTHERS]
    people[1] |= {"name": "", "phone": "12"}
    document = f"mutation($input: RegisterMembersInput!) {{ {ROSTER}(input: $input) {{ recorded {{ row }} }} }}"
    answer = await api.ask(ADMIN, document, input={"unitId": on.unit, "members": people})
    told = [".".join(each["extensions"]["argument"].split(".")[2:]) for each in answer["errors"]]
    assert told == ["0.partyOrganizationId", "1.homeId", "1.phone", "1.name", "2.partyOrganizationId", "2.name"]


OTHERS = (("partyOrganizationId", "po"), ("homeId", "ou"), ("partyOrganizationId", "po"))


async def errors(api: Api, on: Street, rows: list[Any]) -> list[tuple[str, str]]:
    """The errors of a survey, code and argument."""
    document = f"mutation($input: RecordBuildingsInput!) {{ {SURVEY}(input: $input) {{ recorded {{ row }} }} }}"
    answer = await api.ask(ADMIN, document, input={"compoundId": on.compound, "buildings": rows})
    assert answer["data"] == {SURVEY: None}
    return [(each["extensions"]["code"], each["extensions"]["argument"]) for each in answer["errors"]]


async def test_a_list_has_a_row_and_at_most_five_hundred(api: Api, on: Street) -> None:
    assert await refused(api, on) == [("INCOMPLETE", "input.buildings")]
    many = [{"name": f"第{number}栋"} for number in range(501)]
    assert await errors(api, on, many) == [("BAD_USER_INPUT", "input.buildings")]
    payload = await api.do(COUNTY_ADMIN, SURVEY, "recorded { row }", compoundId=on.compound, buildings=many[:500])
    assert [each["row"] for each in payload["recorded"]] == list(range(500))


async def test_a_list_takes_as_many_statements_as_one_row(api: Api, on: Street, counting: Counting) -> None:
    """Each kind of row is found, locked, added and changed by one statement."""
    first, second = on.buildings
    one = [{"name": "3号楼"}, {"id": first, "version": 1}]
    many = [*({"name": f"第{number}栋"} for number in range(60)), {"id": first, "version": 2}]
    counts = [
        await sent_by(api, counting, SURVEY, compoundId=on.compound, buildings=rows)
        for rows in (one, [*many, {"id": second, "version": 1}])
    ]
    assert counts[0] == counts[1]


async def test_a_survey_is_tried_and_sent_again(api: Api, on: Street) -> None:
    """A dry run shows what would be; a retry finds the same buildings."""
    before = await known(api, on)
    tried = await surveyed(api, on, {"name": "3号楼"}, dryRun=True)
    assert len(tried["compound"]["buildings"]["nodes"]) == 3
    assert await known(api, on) == before
    once = [await surveyed(api, on, {"name": "3号楼"}, idempotencyKey="survey") for _ in range(2)]
    assert once[0]["recorded"] == once[1]["recorded"]
    assert len(await known(api, on)) == 3


# --- members ----------------------------------------------------------------------------------------------------------

ROSTER = "registerMembers"


async def test_members_of_a_list_are_registered(api: Api, on: Street) -> None:
    """With everything or next to nothing known of them; each can be read as if registered alone."""
    rows = [
        {"name": "演示党员8", "standing": "IN_SERVICE", "employer": "县卫健局", "homeId": on.unit, "phone": "87380000"},
        {"name": " 演示党员9 ", "standing": "RESIDENT"},
    ]
    payload = await api.do(ADMIN, ROSTER, "orgUnit { id } recorded { row kind id }", unitId=on.unit, members=rows)
    assert payload["orgUnit"] == {"id": on.unit}
    assert [(each["row"], each["kind"]) for each in payload["recorded"]] == [(0, "Member"), (1, "Member")]
    asked = "name standing employer home { id } unit { id } version contact { phone }"
    document = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Member {{ {asked} }} }} }}"
    found = await api.data(ADMIN, document, ids=[each["id"] for each in payload["recorded"]])
    there = {"id": on.unit}
    assert [tuple(each.values()) for each in found["nodes"]] == [
        ("演示党员8", "IN_SERVICE", "县卫健局", there, there, 1, {"phone": "87380000"}),
        ("演示党员9", "RESIDENT", None, None, there, 1, {"phone": None}),
    ]


async def test_all_that_is_amiss_with_a_list_of_members(api: Api, on: Street) -> None:
    """Every value of every row, and every row's references; nobody is registered."""
    before = await api.connection.fetchval("SELECT count(*) FROM member")
    good = {"name": "演示党员8", "standing": "RESIDENT"}
    same = {**good, "name": "演示党员7", "address": "街" * 201}
    rows = [{**good, "phone": "12"}, same, {**good, "name": " ", "address": "街" * 201, "phone": "x"}, same]
    payload = await api.attempt(ADMIN, ROSTER, "recorded { row }", unitId=on.unit, members=rows)
    told = [".".join(each["field"][2:]) for each in payload["userErrors"]]
    assert sorted(told) == ["0.phone", "1.address", "2.address", "2.name", "2.phone", "3.address", "3.name"]
    document = f"mutation($input: RegisterMembersInput!) {{ {ROSTER}(input: $input) {{ recorded {{ row }} }} }}"
    other = {**good, "standing": "RETIRED", "phone": "87380000"}
    hidden = [{**good, "homeId": nobody("ou")}, {**good, "name": "演示党员9"}, {**other, "homeId": nobody("ou")}]
    answer = await api.ask(ADMIN, document, input={"unitId": on.unit, "members": hidden})
    assert [each["extensions"] for each in answer["errors"]] == [
        {"code": "NOT_FOUND", "argument": f"input.members.{row}.homeId"} for row in (0, 2)
    ]
    empty = await api.attempt(ADMIN, ROSTER, "", unitId=on.unit, members=[])
    assert [(each["code"], each["field"]) for each in empty["userErrors"]] == [("INCOMPLETE", ["input", "members"])]
    assert await api.connection.fetchval("SELECT count(*) FROM member") == before


async def test_a_person_who_is_on_a_list_twice_is_told(api: Api, on: Street) -> None:
    """By their name and nothing that tells them apart; two of a name, each with a phone, are two."""
    one = {"name": "演示党员8", "standing": "RESIDENT", "phone": "8738 0000"}
    same = ({**one, "phone": "8738-0000"}, {**one, "phone": None, "employer": "县卫健局"})
    two = ({**one, "phone": "87380001"}, {**one, "standing": "RETIRED"}, {**one, "name": "演示党员9"})
    payload = await api.attempt(ADMIN, ROSTER, "", unitId=on.unit, members=[one, *two, *same])
    told = [(each["code"], each["field"][2:], each["message"]) for each in payload["userErrors"]]
    assert [(code, *field) for code, field, _ in told] == [("TAKEN", "4", "name"), ("TAKEN", "5", "name")]
    assert all("与第 1 行（members.0）" in message for *_, message in told)
    await api.do(ADMIN, ROSTER, "recorded { row }", unitId=on.unit, members=[one, *two])


async def test_a_roster_that_is_sent_twice_doubles_nobody(api: Api, on: Street) -> None:
    """Also at once, and once they serve in a grid below; who has left, or is told apart, is another."""
    grid = await unit_id(api, "350521100001001")
    rows = [
        {"name": f"演示党员{number}", "standing": "IN_SERVICE", "phone": f"8738000{number}"} for number in (6, 7, 8)
    ]
    given = {"unitId": on.unit, "members": rows}
    both = await asyncio.gather(*(api.attempt(ADMIN, ROSTER, "recorded { id }", **given) for _ in range(2)))
    assert sorted(len(each["userErrors"]) for each in both) == [0, 3]
    (done,) = (each for each in both if not each["userErrors"])
    first, _, third = (row["id"] for row in done["recorded"])
    await api.do(ADMIN, "assignToGrid", "", id=first, gridId=grid, since=day(0))
    await api.do(ADMIN, "updateMember", "", id=third, leftOn=day(0))
    told = (await api.attempt(ADMIN, ROSTER, "", **given))["userErrors"]
    assert [(each["code"], *each["field"][2:]) for each in told] == [("TAKEN", "0", "name"), ("TAKEN", "1", "name")]
    other = {"unitId": on.unit, "members": [{**rows[0], "phone": "87390000"}, rows[2]]}
    await api.do(ADMIN, ROSTER, "recorded { row }", **other)


# --- what it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inline", [False, True], ids=["variable", "literal"])
def test_a_list_is_charged_by_its_rows(inline: bool) -> None:
    """As a command for each; the same document is charged anew for another list."""
    text = "{ recordBuildings(input: %s) { recorded { row } } }"
    for rows, cost in ((0, 10), (1, 10), (40, 400), (3, 30)):
        said = ", ".join('{name: "x"}' for _ in range(rows))
        literal = f'{{compoundId: "cd_1", buildings: [{said}]}}'
        document = DOCUMENTS.make(
            "mutation" + text % literal if inline else f"mutation($i: RecordBuildingsInput!) {text % '$i'}"
        )
        variables = {} if inline else {"i": {"compoundId": "cd_1", "buildings": [{"name": "x"}] * rows}}
        operation = document.operation(None)
        assert document.check(operation, variables, LIMITS.cost) == cost
        assert document.checked(operation, variables) == cost
        if not inline:
            assert document.checked(operation, {"i": {"compoundId": "cd_1", "buildings": [{}] * (rows + 1)}}) is None
