"""Whatever is amiss with one command's input is told in one answer: others' changes, rows and values."""

from typing import Any

from tests.writes.api import Api
from tests.writes.street import ADMIN, NEIGHBOUR, Street, day, nobody


async def errors(api: Api, who: tuple[str, str], command: str, **given: Any) -> list[tuple[str, str]]:
    """The errors a command is refused with, code and argument."""
    shape = f"{command[0].upper()}{command[1:]}Input"
    answer = await api.ask(
        who, f"mutation($input: {shape}!) {{ {command}(input: $input) {{ userErrors {{ code }} }} }}", input=given
    )
    assert answer["data"] == {command: None}
    return [(each["extensions"]["code"], each["extensions"]["argument"]) for each in answer["errors"]]


async def problems(api: Api, command: str, **given: Any) -> list[tuple[str, str]]:
    """What users are told of values, code and field."""
    payload = await api.attempt(ADMIN, command, "", **given)
    return [(each["code"], ".".join(each["field"])) for each in payload["userErrors"]]


async def test_values_are_told_beside_rows(api: Api, on: Street) -> None:
    """Rows beside versions, too, but no values: they were of another state. And nothing of the try is kept."""
    amiss = {"name": " ", "phone": "12"}
    member = on.members[0]
    given = {"id": member, "homeId": nobody("ou"), "name": " "}
    told = await errors(api, ADMIN, "updateMember", **given, version=7)
    assert told == [("CONFLICT", "input.version"), ("NOT_FOUND", "input.homeId")]
    told = await errors(api, ADMIN, "updateMember", **given, version=await api.version(member))
    assert told == [("NOT_FOUND", "input.homeId"), ("BAD_USER_INPUT", "input.name")]
    refs = {"homeId": nobody("ou"), "partyOrganizationId": nobody("po")}
    told = await errors(api, ADMIN, "registerMember", unitId=on.unit, standing="RESIDENT", **amiss, **refs)
    assert sorted(told) == [
        ("BAD_USER_INPUT", "input.name"),
        ("BAD_USER_INPUT", "input.phone"),
        ("NOT_FOUND", "input.homeId"),
        ("NOT_FOUND", "input.partyOrganizationId"),
    ]
    renamed = {"id": on.buildings[0], "version": 7, "name": "9号楼"}
    assert await errors(api, ADMIN, "updateBuilding", **renamed) == [("CONFLICT", "input.version")]
    assert await api.connection.fetchval("SELECT count(*) FROM building WHERE name = '9号楼'") == 0


async def test_of_a_target_that_is_not_the_callers_nothing_is_tried(api: Api, on: Street) -> None:
    """What else it names is looked for as it would be; what a command says of values it says of one's own alone."""
    given = {"compoundId": on.compound, "name": " ", "phaseId": nobody("ph")}
    not_found = [("NOT_FOUND", "input.compoundId"), ("NOT_FOUND", "input.phaseId")]
    assert await errors(api, NEIGHBOUR, "createBuilding", **given) == not_found
    assert await errors(api, NEIGHBOUR, "createBuilding", **{**given, "compoundId": nobody("cp")}) == not_found


async def test_a_command_tells_all_that_is_amiss_with_values(api: Api, on: Street) -> None:
    survey = {"households": -1, "surveyedOn": day(3)}
    told = await problems(api, "createCompound", unitId=on.unit, name=" ", **survey)
    assert sorted(told) == [("INVALID", f"input.{field}") for field in ("households", "name", "surveyedOn")]
    far = {"since": "1800-01-01", "until": None}
    told = await problems(api, "createOwnersCommittee", compoundId=on.compound, name=" ", **far)
    assert told == [("INVALID", "input.since")]
