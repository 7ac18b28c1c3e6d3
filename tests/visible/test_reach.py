"""A role's schema is what it can reach: in random worlds nothing outside it ever holds anything, all inside it does."""

from collections.abc import Iterator
from random import Random

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, get_named_type

from policies.actor import SEATS, anyone
from schema.pipeline.document.visible import Visibility
from tests.conftest import Server
from tests.depth import deep
from tests.oracle.arena import Arena, arena_on
from tests.oracle.pools import pool
from tests.oracle.sweeps import contained, coordinates, sweeps
from tests.oracle.test_differential import rows_for
from tests.oracle.values import Thrown, Values
from tests.oracle.worlds import made, places

WORLDS = deep(1)
MOST = 12 * WORLDS  # where the first ones leave something empty
SEATED = 3  # places in each world

# What is in a role's schema and holds nothing in these few worlds: nobody grants an end there, few companies have
# leaders; and what a role may read by rights but seldom or never meets from its seats.
RARE = {"Grant.until", "PropertyCompany.leaders", "Member.leftOn", "PropertyCompany.covenantOn", "Query.search",
        "SearchEdge.cursor", "Viewer.can", "AccessToken.revokedAt", "AccessToken.revokedFor", "AccountSignIn.login",
        "AccountSignIn.passwordResetFor", "AccountSignIn.passwordTemporary", "PartyOrganization.secretary",
        "Building.grants", "AuditEntry.targetPost"}  # fmt: skip
OF_COMMITTEES = {"Post.ownersCommittee", "OwnersCommittee.posts", "OwnersCommittee.postHistory"}
OF_COMPANIES = {"Grant.company", "PropertyCompany.grants", "PropertyCompany.secretary"}
SELDOM = {
    "town_admin": OF_COMPANIES,
    "community_admin": OF_COMPANIES,
    "auditor": {"Account.signIn"},  # its own
    "partner": {f"Indicators.{name}" for name in ("coveredCompounds", "coverageRate", "managedCompounds")},
    "property_committee": {*OF_COMMITTEES, "Indicators.leadersAsSecretaries", "PropertyCompany.secretary"},
    "company_secretary": {
        *OF_COMMITTEES,
        *("PartyOrganization.compounds", "Compound.partyOrganization", "BranchCoverage.partyOrganization"),
    },
    "instructor": {
        *("Post.companyLeadership", "Post.partyOrganization", "PropertyCompany.secretary", "Query.partyOrganization"),
        *(f"PartyOrganization.{name}" for name in ("parent", "subordinates", "posts", "postHistory", "secretary")),
        *("PartyOrganization.closedOn", "PropertyCompany.partyInArticles", "Query.propertyCompany"),
    },
    "member": {"Query.member", "Viewer.member"},
}
# Everyone has these of themselves, whatever they hold; it is little where one is no program and appoints nobody.
OWN = {"Access", "AccessToken", "Account", "AccountSignIn", "Grant", "Miss", "Program"}
LOOKING_AFTER = {"county_admin", "town_admin", "community_admin", "auditor"}

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def arena(postgres: Server) -> Iterator[Arena]:
    yield from arena_on(postgres)


@pytest.mark.parametrize("role", SEATS)
def test_a_roles_schema_is_what_it_can_reach(arena: Arena, role: str, request: pytest.FixtureRequest) -> None:
    catalogue = arena.declared.catalogue
    own = coordinates(Visibility(catalogue, arena.schema).of(anyone(role)).schema)
    little = set() if role in LOOKING_AFTER else {at for at in own if of_oneself(arena.schema, at)}
    missing = own - RARE - little - SELDOM.get(role, set())
    met: dict[str, bool] = {}
    for seed in range(MOST):
        if seed >= WORLDS and not missing:
            break
        world = made(seed, 12, 24, 0)
        for kind in SEATS[role]:
            for place in places(world.rows, kind)[:SEATED]:
                world.grant(role, kind, place)
        oracle = arena.load(world)
        values = Values(Thrown(Random(seed)), pool(oracle, seed))
        for operation in sweeps(arena.schema):
            if seed >= WORLDS and not contained(arena.schema, operation.text) & missing:
                continue
            for variables in rows_for(arena, oracle, operation, values):
                oracle.answer(operation.text, variables)
        met |= {at: met.get(at, False) or filled for at, filled in oracle.met.items()}
        filled = {at for at, ever in met.items() if ever} & coordinates(arena.schema)
        assert filled - own == set()
        missing -= filled
    assert missing == set()


def of_oneself(schema: GraphQLSchema, at: str) -> bool:
    """Whether a field belongs to what everyone has of themselves, or leads to it."""
    name, _, field = at.partition(".")
    of = schema.type_map[name]
    assert isinstance(of, GraphQLObjectType)
    return bool({name, get_named_type(of.fields[field].type).name.removesuffix("Connection")} & OWN)
