"""The caller's schema: what a role's grants can lead to, and nothing that tells of the rest."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_introspection_query,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
    print_schema,
)
from graphql import (
    build_schema as parsed,
)

from policies.actor import SEATS, Actor, Authenticator, anyone
from policies.decide import rights, scope
from policies.tokens import Seat, issue
from schema.kit.entities import Value
from schema.kit.faults import Refusals, formatted, reasons
from schema.pipeline.document.visible import Visibility
from schema.pipeline.run.asked import Asked
from schema.pipeline.run.read import Reading
from services.settings import Limits
from services.storage.database import Reader, connected
from tests.built import CATALOGUE
from tests.built import SCHEMA as FULL
from tests.conftest import Database
from tests.forked import forked
from tests.golden.world import load

ROLES = [*SEATS]


VISIBILITY = Visibility(CATALOGUE, FULL)


def shown(actor: Actor) -> GraphQLSchema:
    return VISIBILITY.of(actor).schema


@cache
def whole() -> frozenset[str]:
    return frozenset(parts(FULL))


def parts(schema: GraphQLSchema) -> Iterator[str]:
    """Every type, field, argument, input field, value and member of a schema."""
    for name, of in schema.type_map.items():
        if is_introspection_type(of) or is_specified_scalar_type(of):
            continue
        yield name
        for field, declared in getattr(of, "fields", {}).items():
            yield f"{name}.{field}: {declared.type}"
            yield from (f"{name}.{field}({each}: {of.type})" for each, of in getattr(declared, "args", {}).items())
        yield from (f"{name}.{value}" for value in getattr(of, "values", {}))
        yield from (f"{name}|{member}" for member in getattr(of, "types", ()))


def test_who_holds_every_role_sees_everything() -> None:
    held = tuple(each for role in ROLES for each in anyone(role).held)
    every = shown(Actor("", UUID(int=0), 0, anyone("member").until, held))
    assert sorted(print_schema(every).split("\n\n")) == sorted(print_schema(FULL).split("\n\n"))


@pytest.mark.parametrize("role", ROLES)
def test_a_roles_schema_is_part_of_the_whole_and_whole_in_itself(role: str) -> None:
    """It can be printed and read again; nothing in it mentions what is not; nothing in it cannot be come to."""
    schema = shown(anyone(role))
    assert set(parts(parsed(print_schema(schema)))) == set(parts(schema))
    assert set(parts(schema)) <= whole()
    for of in schema.type_map.values():
        if isinstance(of, GraphQLObjectType | GraphQLInputObjectType):
            assert of.fields, of.name
    reached = {get_named_type(field.type).name for of in objects(schema) for field in of.fields.values()}
    alone = {of.name for of in objects(schema)} - reached - {"Query", "Mutation", "Subscription"}
    nodes = {of.name for of in objects(schema) if any(each.name == "Node" for each in of.interfaces)}
    assert alone <= nodes | {"SearchConnection"}


def objects(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    return [
        of for of in schema.type_map.values() if isinstance(of, GraphQLObjectType) and not is_introspection_type(of)
    ]


GONE = {
    "captain": ["OrgUnit", "Member", "Query.orgUnits", "Building.compound", "SearchKind.ORG_UNIT",
                "Mutation.grantRole", "Mutation.endCaptainTerm"],
    "partner": ["Member", "CaptainAssignment", "Building.captain", "BuildingFilter.hasCaptain",
                "Mutation.publishService",
                "Indicators.buildingsWithCaptain", "Indicators.captains", "SearchKind.MEMBER", "Query.members"],
    "auditor": ["MemberContact", "Member.contact", "Mutation.grantRole", "Mutation.updateMember"],
    "town_admin": ["Mutation.moveUnit", "Mutation.createCompany"],
    "member": ["PartyOrganization", "Query.partyOrganizations", "OrgUnit.partyOrganizations"],
}  # fmt: skip


@pytest.mark.parametrize("role", GONE)
def test_what_a_role_cannot_reach_is_not_there(role: str) -> None:
    has = coordinates(shown(anyone(role)))
    all_of_it = coordinates(FULL)
    for at in GONE[role]:
        assert at in all_of_it, at
        assert at not in has, at


def coordinates(schema: GraphQLSchema) -> set[str]:
    found = set(schema.type_map)
    for name, of in schema.type_map.items():
        found |= {f"{name}.{part}" for part in (*getattr(of, "fields", ()), *getattr(of, "values", ()))}
    return found


def test_a_token_bound_to_entities_sees_these_alone() -> None:
    has = coordinates(shown(anyone("partner", frozenset({"unit", "compound"}))))
    assert {"OrgUnit", "Compound", "Query.compounds", "Viewer"} <= has
    assert has.isdisjoint(
        {"Mutation", "Building", "PropertyCompany", "Compound.buildings", "ServiceItem", "SearchKind.BUILDING"}
    )


def test_a_token_is_not_brought_names_of_what_it_is_not_bound_to() -> None:
    """Neither of the one nor of the other; people are, and every name of another row says of what kind it is."""
    names = {"ManagementContract.compoundName", "ManagementContract.companyName"}
    for more, told in ((set(), set()), ({"compound"}, {"ManagementContract.compoundName"}), (None, names)):
        entities = None if more is None else frozenset({"contract", *more})
        assert coordinates(shown(anyone("partner", entities))) & names == told
    assert names <= coordinates(shown(replace(anyone("auditor", frozenset({"contract"})), _scopes={})))
    brought = [
        f"{kind.name}.{name}"
        for kind in CATALOGUE.kinds.values()
        for name, field in kind.fields.items()
        if name.endswith("Name") and isinstance(field.declared, Value) and field.declared.of is not None
        if not field.declared.brings
    ]
    assert {*brought} == {"Grant.seatName", "GrantAbove.seatName", "Access.seatName", "Miss.seatName"}


LOOKING = ("read", "count")
ANSWERING = ("need_survey", "answer")  # for residents, with a code of theirs


@pytest.mark.parametrize("role", ROLES)
def test_a_program_only_reads(role: str) -> None:
    """Whatever it was granted; and its schema is not the one of people who hold the same."""
    person = anyone(role) if role != "partner" else replace(anyone(role), program=False, _scopes={})
    program = replace(person, program=True, _scopes={})
    theirs = [right for right in rights() if right[1] in LOOKING or right == ANSWERING]
    assert all(program.scope(*right) == scope((), *right) for right in rights() if right not in theirs)
    assert all(program.scope(*right) == person.scope(*right) for right in theirs)
    assert shown(person).mutation_type is not None
    left = shown(program).mutation_type
    assert left is None or [*left.fields] == ["answerNeedSurvey"]


def test_callers_of_the_same_rights_share_one_schema() -> None:
    visibility = Visibility(CATALOGUE, FULL)
    assert visibility.of(anyone("auditor")) is visibility.of(anyone("auditor"))
    assert visibility.of(anyone("auditor")) is not visibility.of(anyone("auditor", frozenset({"unit"})))


# --- asked for --------------------------------------------------------------------------------------------------------

HIDDEN = {
    "{ nowhere { id } }": "{ members { nodes { id } } }",
    '{ orgUnit(by: {code: "1"}) { nowhere } }': '{ orgUnit(by: {code: "1"}) { captainAssignments { totalCount } } }',
    "{ __typename ...N } fragment N on Nowhere { id }": "{ __typename ...N } fragment N on Member { id }",
    "{ buildings(filter: {nowhere: true}) { totalCount } }": "{ buildings(filter: {hasCaptain: true}) { totalCount } }",
    '{ search(text: "ab", kinds: [NOWHERE]) { totalCount } }': (
        '{ search(text: "ab", kinds: [MEMBER]) { totalCount } }'
    ),
    "query($f: Nowhere) { viewer { name } }": "query($f: MemberFilter) { viewer { name } }",
    "mutation { nowhere { userErrors { code } } }": ("mutation { endCaptainTerm(input: {}) { userErrors { code } } }"),
    "subscription { nowhere { id } }": "subscription { members { totalCount } }",
}  # what never was, and what the program may not see
VALUES = {"f": {"nowhere": True}}, {"f": {"hasCaptain": True}}


@pytest.fixture
async def asking(database: Database) -> Any:
    """A reading over the golden world, a program's token and a person's of the same role and seat."""
    reader = Reader(database.url, Limits())
    reading = Reading(CATALOGUE, FULL, reader, Authenticator(reader), Limits())
    reading._visibility = VISIBILITY
    async with connected(database.url) as connection:
        await load(connection)
        person = await issue(connection, Seat("person", "partner", "350521100"), 1)
        await connection.execute("DELETE FROM access_token; DELETE FROM program; UPDATE account SET kind = 'PERSON'")
        program = await issue(connection, Seat("program", "partner", "350521100"), 1)
    yield reading, program, person
    await reader.close()


async def told(reading: Reading, token: str, query: str, variables: dict[str, Any] | None = None) -> Any:
    """The answer, or how it was refused."""
    try:
        return json.loads((await reading.answer(Asked(query, None, variables or {}), token)).body)
    except Refusals as refused:
        return [formatted(each, "en") for each in reasons(refused)]


def like(errors: Any) -> str:
    """Errors with the names that differ made one, and without their places."""
    text = " | ".join(f"{each['extensions']} {each['message']}" for each in errors)
    for name in ("captainAssignments", "hasCaptain", "endCaptainTerm", "MemberFilter", "MEMBER", "members", "Member"):
        text = text.replace(name, "nowhere")
    return text.lower()


async def test_to_a_program_what_is_hidden_never_was(asking: Any) -> None:
    reading, program, _ = asking
    for never, hidden in HIDDEN.items():
        refused = await told(reading, program, hidden)
        assert like(refused) == like(await told(reading, program, never)), hidden
        assert "Did you mean" not in str(refused)
    by_variable = "query($f: BuildingFilter) { buildings(filter: $f) { totalCount } }"
    never, hidden = [await told(reading, program, by_variable, values) for values in VALUES]
    assert like(never) == like(hidden)


async def test_to_a_person_of_the_same_role_it_is_null(asking: Any) -> None:
    """One front-end document serves every role."""
    reading, _, person = asking
    found = await told(
        reading, person, "{ members { totalCount } buildings(filter: {hasCaptain: true}) { totalCount } }"
    )
    assert found == {"members": {"totalCount": 0}, "buildings": {"totalCount": 0}}


async def test_what_one_was_allowed_the_other_is_still_refused(asking: Any) -> None:
    """The same text, kept from a person's request."""
    reading, program, person = asking
    query = "{ members { totalCount } }"
    assert await told(reading, person, query) == {"members": {"totalCount": 0}}
    assert "Cannot query field" in str(await told(reading, program, query))


async def test_introspection_shows_both_their_own(asking: Any) -> None:
    """Deprecated or not; a hidden type by name is null exactly like one that never was."""
    reading, program, person = asking
    partner = anyone("partner")
    for token, actor in ((program, partner), (person, replace(partner, program=False, _scopes={}))):
        own = set(shown(actor).type_map)
        whole = await told(reading, token, get_introspection_query(input_value_deprecation=True))
        assert {each["name"] for each in whole["__schema"]["types"]} == own
        asked = "query($n: String!) { __type(name: $n) { name fields(includeDeprecated: true) { name } } }"
        for name in ("Member", "Nowhere", "MemberFilter", "CaptainAssignment"):
            assert await told(reading, token, asked, {"n": name}) == {"__type": None}
        beside = (
            "query($f: MemberFilter, $n: String!) { a: __type(name: $n) { name } members(filter: $f) { totalCount } }"
        )
        if token is person:
            assert await told(reading, token, beside, {"n": "Viewer", "f": {"left": True}}) == {
                "a": {"name": "Viewer"},
                "members": {"totalCount": 0},
            }


async def test_a_programs_refusal_is_of_what_it_may_see_now(asking: Any, database: Database) -> None:
    """A role that is wider by now is at once; a credential that ended says so."""
    reading, program, _ = asking
    assert "Cannot query" in str(await told(reading, program, "{ members { totalCount } }"))
    async with connected(database.url) as connection:
        await connection.execute("UPDATE role_grant SET role = 'auditor'")
        assert await told(reading, program, "{ members { totalCount } }") != []
        assert "totalCount" in str(await told(reading, program, "{ members { totalCount } }"))
        await connection.execute("UPDATE credential SET revoked_at = now()")
    with pytest.raises(Exception, match="Sign in first"):
        await reading.answer(Asked("{ nowhere }", None, {}), program)


@pytest.mark.drawn
def test_the_command_line_prints_a_roles_schema() -> None:
    def printed(*arguments: str) -> tuple[str, str]:
        with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            forked(["schema", *arguments], os.environ, (0, out.fileno(), err.fileno())).wait()
            for stream in (out, err):
                stream.seek(0)
            return out.read(), err.read()

    assert printed("--role", "captain")[0] == print_schema(shown(anyone("captain"))) + "\n"
    bound, _ = printed("--role", "partner", "--entities", "unit,compound")
    assert bound == print_schema(shown(anyone("partner", frozenset({"unit", "compound"})))) + "\n"
    assert "there is no role" in printed("--role", "janitor")[1].lower()
    assert "there is no entity" in printed("--role", "partner", "--entities", "castle")[1].lower()
