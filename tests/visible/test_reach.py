"""A role's schema is what it can reach: in random worlds nothing outside it ever holds anything, all inside it does."""

from collections.abc import Iterator
from functools import cache
from random import Random
from uuid import UUID

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, get_named_type

from policies.actor import SEATS, anyone
from schema.pipeline.document.visible import Visibility
from services.access.seats import seats
from tests.conftest import Server
from tests.depth import deep, only_much
from tests.oracle.arena import Arena, arena_on
from tests.oracle.dispatch import Tables
from tests.oracle.execution import Oracle
from tests.oracle.pools import pool
from tests.oracle.sight import Sight
from tests.oracle.sweeps import contained, coordinates, sweeps
from tests.oracle.test_differential import rows_for
from tests.oracle.values import Thrown, Values
from tests.oracle.worlds import GRANT, World, made, places, seats_of

WORLDS = deep(1)
MOST = 20 * WORLDS  # where the first ones leave something empty
SEATED = 3  # places in each world

# What is in a role's schema and holds nothing in these few worlds: nobody grants an end there, few companies have
# leaders; and what a role may read by rights but seldom or never meets from its seats.
RARE = {"Grant.until", "Miss.revokedAt", "PropertyCompany.leaders", "Member.leftOn", "PropertyCompany.covenantOn",
        "Query.search", "SearchEdge.cursor", "Viewer.can", "AccessToken.revokedAt", "AccessToken.revokedFor",
        "AccountSignIn.login", "AccountSignIn.passwordResetFor", "AccountSignIn.passwordTemporary",
        "Indicators.membersWithTen", "IndicatorsChange.membersWithTen",  # nobody has ten households there
        "Indicators.hardshipVisits", "Indicators.helpMinutes", "Indicators.membersReported",
        "Indicators.reportingRate",  # few of each, of those few who may count them
        "PartyOrganization.secretary", "Building.grants", "AuditEntry.targetPost"}  # fmt: skip
OF_COMMITTEES = {"Post.ownersCommittee", "OwnersCommittee.posts"}
OF_COMPANIES = {"Grant.company", "PropertyCompany.grants", "PropertyCompany.secretary"}
SELDOM = {
    "town_admin": OF_COMPANIES | {"Post.themes"},
    "community_admin": OF_COMPANIES,
    "auditor": {"Account.signIn"},  # its own
    "partner": {
        f"Indicators.{name}"
        for name in ("coveredCompounds", "coverageRate", "managedCompounds", "leadersAsSecretaries")
    }
    | {"PostCount.tier"},
    "property_committee": {*OF_COMMITTEES, "Indicators.leadersAsSecretaries", "PropertyCompany.secretary"},
    "company_secretary": {
        *OF_COMMITTEES,
        *("PartyOrganization.compounds", "Compound.partyOrganization", "BranchCoverage.partyOrganization"),
        "Query.partyOrganization",
    },
    "instructor": {
        *("Post.companyLeadership", "Post.partyOrganization", "PropertyCompany.secretary", "Query.partyOrganization"),
        "Member.partyOrganization",
        *(f"PartyOrganization.{name}" for name in ("parent", "subordinates", "posts", "secretary")),
        *("PartyOrganization.closedOn", "PropertyCompany.partyInArticles", "Query.propertyCompany"),
    },
    "member": {"Query.member", "Viewer.member"},
}
# Everyone has these of themselves, whatever they hold; it is little where one is no program and appoints nobody.
OWN = {"Access", "AccessToken", "Account", "AccountSignIn", "Grant", "Miss", "Program", "RoleCount"}
OWN |= {f"{name}Totals" for name in ("AccessToken", "Account", "Grant", "Program")}
LOOKING_AFTER = {"county_admin", "town_admin", "community_admin", "auditor"}

pytestmark = [pytest.mark.timeout(900), pytest.mark.xdist_group("crowd"), only_much]  # the worlds are made once


@pytest.fixture(scope="module")
def arena(postgres: Server) -> Iterator[Arena]:
    yield from arena_on(postgres)


@pytest.fixture(scope="module")
def visibility(arena: Arena) -> Visibility:
    return Visibility(arena.declared.catalogue, arena.schema)


@pytest.mark.parametrize("role", SEATS)
def test_a_roles_schema_is_what_it_can_reach(arena: Arena, visibility: Visibility, role: str) -> None:
    own = coordinates(visibility.of(anyone(role)).schema)
    whole, asked = coordinates(arena.schema), sweeps(arena.schema)
    little = set() if role in LOOKING_AFTER else {at for at in own if of_oneself(arena.schema, at)}
    missing = own - RARE - little - SELDOM.get(role, set())
    for seed in range(MOST):
        if seed >= WORLDS and not missing:
            break
        oracle = seated(arena, seed, role)
        values = Values(Thrown(Random(seed)), pool(oracle, seed))
        for operation in asked:
            within = contained(arena.schema, operation.text)
            for variables in rows_for(arena, oracle, operation, values, anew=True):
                if not within & (missing if seed >= WORLDS else missing | whole - own):
                    break  # all of it is the role's, and was met
                oracle.answer(operation.text, variables)
                filled = {at for at, ever in oracle.met.items() if ever} & whole
                assert filled - own == set()
                missing -= filled
    assert missing == set()


@cache
def crowd(arena: Arena, seed: int) -> tuple[World, Oracle, dict[str, set[UUID]]]:
    """A world whose caller has every role, what is in it, and by which grants they have each."""
    world = made(seed, 12, 24, 0)
    there, granted = len(world.rows[GRANT]), dict[str, set[UUID]]()
    for role, kinds in SEATS.items():
        for kind in kinds:
            for place in places(world.rows, kind)[:SEATED]:
                world.grant(role, kind, place)
        granted[role] = {row["id"] for row in world.rows[GRANT][there:]} - set().union(*granted.values())
    return world, arena.load(world), granted


def seated(arena: Arena, seed: int, role: str) -> Oracle:
    """The same to whoever has this role alone: without the grants of the others, and the seats these give."""
    world, whole, granted = crowd(arena, seed)
    others = set().union(*(ids for other, ids in granted.items() if other != role))
    without = {
        name: [row for row in whole.sight.tables[name] if row["id"] not in others] for name in (GRANT, seats.name)
    }
    rows = Tables({**whole.sight.tables, **without})
    sight = Sight(whole.sight.declared, rows, seats_of(rows, world.caller), whole.sight.now)
    return Oracle(arena.schema, sight, whole.secret)


def of_oneself(schema: GraphQLSchema, at: str) -> bool:
    """Whether a field belongs to what everyone has of themselves, or leads to it."""
    name, _, field = at.partition(".")
    of = schema.type_map[name]
    assert isinstance(of, GraphQLObjectType)
    return bool({name, get_named_type(of.fields[field].type).name.removesuffix("Connection")} & OWN)
