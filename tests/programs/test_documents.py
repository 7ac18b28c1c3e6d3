"""Stored operations: what a program is bound to, however it is sent; and what may be stored."""

from typing import Any

import pytest

from schema.pipeline.run.asked import Asked
from services.programs.operations import digest
from tests.programs.office import (
    ADMIN,
    COMMUNITY,
    COUNTY_ADMIN,
    NEIGHBOUR,
    TOWN,
    TOWN_ADMIN,
    UNITS,
    Office,
    names,
    unit_id,
)
from tests.programs.test_issuing import IN_TOWN, problem

OTHER = "{ orgUnits(first: 1) { nodes { code } } }"
BESIDE, BELOW, AWAY = (f"{{ orgUnits(first: {number}) {{ nodes {{ code }} }} }}" for number in (2, 3, 4))
STORED = "{ storedOperations { nodes { name cost documentId closedOn } } }"


async def test_a_bound_token_runs_what_is_on_its_list_by_text_and_by_id(office: Office) -> None:
    issued = await office.issue(operationIds=[await office.store(UNITS)])
    assert names(await office.by(issued.text)) == IN_TOWN
    assert names(await office.by(issued.text, "", document=digest(UNITS))) == IN_TOWN


async def test_an_ended_token_is_told_so_whatever_it_asks(office: Office) -> None:
    """A worker that has just used it refuses no document of its list before it looks whether the token stands."""
    issued = await office.issue(operationIds=[await office.store(UNITS)])
    await office.store(OTHER)
    asked: list[dict[str, str]] = [{"query": OTHER}, {"query": "", "document": digest(OTHER)}, {"query": "no GraphQL"}]
    for each, refused in zip(asked, ("FORBIDDEN", "PERSISTED_QUERY_NOT_FOUND", "FORBIDDEN"), strict=True):
        assert await office.by(issued.text, **each) == refused
    await office.connection.execute("UPDATE credential SET revoked_at = now() WHERE id = $1", issued.credential)
    for each in asked:
        assert await office.by(issued.text, **each) == "UNAUTHENTICATED"


async def test_a_bound_token_runs_nothing_else(office: Office) -> None:
    """A space more is another document; what is not GraphQL is not even read; one that is stored is no better."""
    issued = await office.issue(operationIds=[await office.store(UNITS)])
    await office.store(OTHER)
    for text in (OTHER, UNITS + " ", "{ __typename }", "{ __schema { queryType { name } } }", "no GraphQL", ""):
        assert await office.by(issued.text, text) == "FORBIDDEN"
    mutation = 'mutation { renameUnit(input: {id: "x", version: 1, name: "x"}) { userErrors { code } } }'
    assert await office.by(issued.text, mutation) == "FORBIDDEN"


async def test_an_unknown_document_and_one_that_is_not_yours_answer_alike(office: Office) -> None:
    from schema.kit.faults import formatted, reasons

    issued = await office.issue(operationIds=[await office.store(UNITS)])
    await office.store(OTHER)

    async def told(token: str, sha: str) -> Any:
        try:
            await office._writing.answer(Asked("", None, {}, document=sha), token)
        except Exception as error:  # noqa: BLE001
            return formatted(reasons(error)[0], "en")
        return None

    person = await office.token(*TOWN_ADMIN)
    refusals = [await told(issued.text, digest(OTHER)), await told(issued.text, "0" * 64), await told(person, "0" * 64)]
    assert refusals[0] == {
        "message": "PersistedQueryNotFound",
        "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"},
    }
    assert refusals[0] == refusals[1] == refusals[2]


async def test_what_is_not_on_the_list_is_refused_without_looking_for_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether there is such a document or not: nothing is looked up but the token, which a statement could tell of."""
    issued = await office.issue(operationIds=[await office.store(UNITS)])
    await office.store(OTHER)
    await office.by(issued.text)
    run, sent = office._reader.fetchrow, []

    async def counted(sql: str, *values: object, anew: bool = False) -> Any:
        sent.append(sql)
        return await run(sql, *values, anew=anew)

    monkeypatch.setattr(office._reader, "fetchrow", counted)
    for sha in (digest(OTHER), "0" * 64):
        assert await office.by(issued.text, "", document=sha) == "PERSISTED_QUERY_NOT_FOUND"
    assert len(sent) == 2
    assert all("stored_operation" not in each.partition(" FROM ")[0] for each in sent)
    assert sent[0] == sent[1]
    sent.clear()
    assert names(await office.by(issued.text, "", document=digest(UNITS))) == IN_TOWN
    assert len(sent) == 2  # the text, once, and the operation


async def test_people_may_name_a_stored_document_too(office: Office) -> None:
    await office.store(UNITS)
    assert names(await office.by(await office.token(*TOWN_ADMIN), "", document=digest(UNITS))) == IN_TOWN


async def test_a_program_names_what_is_stored_for_it_and_of_the_rest_learns_nothing(office: Office) -> None:
    """At its unit and above; below, beside and in another county it is as one that never was, in a warm worker too."""
    elsewhere = ("county_admin", "350524")
    await office.store(UNITS, at="350521")
    for text, who, at in ((BESIDE, COUNTY_ADMIN, "350521101"), (BELOW, ADMIN, COMMUNITY), (AWAY, elsewhere, "350524")):
        await office.store(text, who, at)
    issued = await office.issue()
    assert names(await office.by(issued.text, "", document=digest(UNITS))) == IN_TOWN
    for text in (BESIDE, BELOW, AWAY):
        assert "orgUnits" in await office.by(await office.token(*COUNTY_ADMIN), "", document=digest(text))
        assert await office.by(issued.text, "", document=digest(text)) == "PERSISTED_QUERY_NOT_FOUND"


async def test_an_operation_is_for_programs_where_it_is_stored_and_below(office: Office) -> None:
    below = await office.store(UNITS, ADMIN, COMMUNITY)
    payload = await office.attempt_to_issue(operationIds=[below])
    assert problem(payload) == ("OUT_OF_REACH", "operationIds")
    assert (await office.issue(at=COMMUNITY, operationIds=[below])).text
    free = (await office.shown(await office.issue()))["program"]
    payload = await office.attempt(TOWN_ADMIN, "updateProgram", "", id=free["id"], operationIds=[below])
    assert problem(payload) == ("OUT_OF_REACH", "operationIds")


async def test_a_revoked_caller_learns_of_no_document(office: Office) -> None:
    """Not one that is there either, with the actor still in memory."""
    issued = await office.issue()
    await office.by(issued.text)
    await office.store(UNITS)
    await office.do(TOWN_ADMIN, "revokeToken", "", id=issued.id, reason="x")
    for sha in (digest(UNITS), "0" * 64):
        assert await office.by(issued.text, "", document=sha) == "UNAUTHENTICATED"


async def test_what_is_taken_off_the_list_is_refused_from_the_next_request_on(office: Office) -> None:
    first, second = await office.store(UNITS), await office.store(OTHER)
    issued = await office.issue(operationIds=[first, second])
    assert names(await office.by(issued.text)) == IN_TOWN
    program = (await office.shown(issued))["program"]
    given = {"id": program["id"], "version": program["version"], "operationIds": [second]}
    await office.do(TOWN_ADMIN, "updateProgram", "program { documents }", **given)
    assert await office.by(issued.text) == "FORBIDDEN"
    assert await office.by(issued.text, "", document=digest(UNITS)) == "PERSISTED_QUERY_NOT_FOUND"
    assert "orgUnits" in await office.by(issued.text, OTHER)


async def test_a_program_is_only_narrowed(office: Office) -> None:
    first, second = await office.store(UNITS), await office.store(OTHER)
    terms: dict[str, Any] = {
        "entities": ["unit", "compound"],
        "budgetPerMinute": 100,
        "smallestCell": 3,
        "operationIds": [first],
    }
    issued = await office.issue(**terms)
    wider: dict[str, list[Any]] = {
        "entities": [["unit", "building"], ["unit", "compound", "building"], None],
        "budgetPerMinute": [101, None],
        "smallestCell": [2, None],
        "operationIds": [[first, second], [second], None],
    }
    program = (await office.shown(issued))["program"]
    of = {"id": program["id"], "version": program["version"]}
    for field, values in wider.items():
        for value in values:
            payload = await office.attempt(TOWN_ADMIN, "updateProgram", "", **of, **{field: value})
            assert problem(payload) == ("OUT_OF_REACH", field)
    narrower = {"entities": ["unit"], "budgetPerMinute": 99, "smallestCell": 4, "name": "新名"}
    selected = "program { name entities budgetPerMinute smallestCell }"
    done = await office.do(TOWN_ADMIN, "updateProgram", selected, **of, **narrower)
    assert done["program"] == narrower
    assert await office.attempt(TOWN_ADMIN, "updateProgram", "", **of, name="x") == "CONFLICT"


async def test_a_document_is_checked_when_it_is_stored(office: Office) -> None:
    unit = await unit_id(office, TOWN)
    of = {"unitId": unit, "name": "查询"}
    for document in (
        "",
        "no GraphQL",
        "{ nothing }",
        "{ orgUnits(first: 100) { nodes { nmae } } }",
        "fragment F on X { x }",
    ):
        payload = await office.attempt(TOWN_ADMIN, "storeOperation", "", **of, document=document)
        assert problem(payload) == ("INVALID", "document")
    inner = "{ nodes { children(first: 100) { nodes { children(first: 100) { nodes { name } } } } } }"
    costly = f"{{ orgUnits(first: 100) {inner} }}"
    payload = await office.attempt(TOWN_ADMIN, "storeOperation", "", **of, document=costly)
    assert problem(payload) == ("INVALID", "document")
    done = await office.do(TOWN_ADMIN, "storeOperation", "storedOperation { cost }", **of, document=UNITS)
    assert done["storedOperation"] == {"cost": 21}
    again = await office.attempt(TOWN_ADMIN, "storeOperation", "", **of, document=UNITS)
    assert problem(again) == ("TAKEN", "document")


async def test_what_a_unit_stores_is_seen_there_and_below(office: Office) -> None:
    await office.store(UNITS, TOWN_ADMIN, TOWN)
    await office.store(OTHER, ADMIN, COMMUNITY)
    seen = {
        who: len((await office.data(who, STORED))["storedOperations"]["nodes"])
        for who in (COUNTY_ADMIN, TOWN_ADMIN, ADMIN, NEIGHBOUR)
    }
    assert seen == {COUNTY_ADMIN: 2, TOWN_ADMIN: 2, ADMIN: 2, NEIGHBOUR: 1}
    named = "query($part: String!) { storedOperations(filter: {nameContains: $part}) { totalCount } }"
    found = [(await office.data(TOWN_ADMIN, named, part=part))["storedOperations"] for part in ("查询", "没有")]
    assert found == [{"totalCount": 2}, {"totalCount": 0}]


async def test_a_closed_operation_binds_nobody_new_and_runs_on(office: Office) -> None:
    operation = await office.store(UNITS)
    issued = await office.issue(operationIds=[operation])
    await office.do(TOWN_ADMIN, "closeOperation", "storedOperation { closedOn }", id=operation)
    assert problem(await office.attempt_to_issue(operationIds=[operation])) == ("CLOSED", "operationIds")
    assert names(await office.by(issued.text, "", document=digest(UNITS))) == IN_TOWN
