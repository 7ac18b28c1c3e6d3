"""A statement is kept for everyone of whom the same would be made, and for nobody else."""

from dataclasses import replace

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, VariableValues, parse

from policies.actor import NOBODY, SEATS, Actor, Held, anyone, seat
from schema.pipeline.plan.call import Call
from schema.pipeline.plan.planner import plan
from schema.pipeline.plan.selections import Selections
from schema.pipeline.run.kept import Kept, Planned
from schema.pipeline.sql.statement import assemble
from services.access.credentials import Terms
from tests.built import CATALOGUE, SCHEMA

NUMBERS = '{ orgUnit(by: {code: "350521"}) { indicators { members posts compounds centres } } }'
PEOPLE = "{ members(first: 2) { totalCount nodes { id name contact { phone } posts(first: 2) { nodes { id } } } } }"
WORK = "{ compounds(first: 2) { nodes { name viewerCan unit { name } contract { company { name } } } } }"
UNITS = "{ orgUnits(first: 2) { nodes { id name children(first: 2) { nodes { name } } } } }"
VISITS = "{ homeVisits(first: 2) { nodes { viewerCan } } }"


def both(keeps: str, administers: str) -> Actor:
    """Who keeps visits in one place and administers the same or another."""
    held = (("visit_keeper", keeps), ("town_admin", administers))
    seats = ((role, seat(role, "unit", path)) for role, path in held)
    return replace(anyone("town_admin"), held=tuple(Held(NOBODY, role, term) for role, term in seats if term))


EVERYONE = (
    *(anyone(role) for role in SEATS),
    *(replace(anyone("partner"), terms=terms) for terms in (Terms(frozenset({"unit"})), Terms(smallest_cell=50))),
    *(both("35/", "35/"), both("35/", "36/")),
)


def call(actor: Actor) -> Call:
    """What the actor's request brings."""
    return Call(actor, VariableValues({}, {}), b"", entry=NOBODY)


def made(text: str, actor: Actor) -> Planned:
    """What is made of a document without variables."""
    (operation,) = parse(text).definitions
    assert isinstance(operation, OperationDefinitionNode)
    schema: GraphQLSchema = SCHEMA
    asking = call(actor)
    planned = plan(CATALOGUE, Selections(schema, {}, asking.variables), operation, asking)
    return planned, assemble(planned)


@pytest.mark.parametrize(("text", "least"), [(NUMBERS, 4), (PEOPLE, 4), (WORK, 4), (UNITS, 1), (VISITS, 4)])
def test_who_is_given_anothers_would_have_been_given_the_same(text: str, least: int) -> None:
    """Text and parameters, for each after each; and not everybody has one of their own."""
    kept, statements = Kept(), 0
    for actor in EVERYONE:
        own, found = made(text, actor), kept.find(text, actor)
        if found is None:
            statements += 1
            kept.keep(text, actor, own)
        else:
            assert found[1] == own[1]
            assert found[0].values(call(actor)) == own[0].values(call(actor))
            assert found[0].notes == own[0].notes
    assert least <= statements < len(EVERYONE)


def test_what_is_too_large_is_not_kept_and_harms_nothing() -> None:
    actor, small = anyone("auditor"), made(UNITS, anyone("auditor"))
    kept = Kept(len(small[1].sql))
    kept.keep(UNITS, actor, small)
    kept.keep(PEOPLE, actor, made(PEOPLE, actor))
    assert kept.find(PEOPLE, actor) is None
    assert kept.find(UNITS, actor) is small
