"""What a token that is bound to entities is told of others by the way: neither their names nor how many there are."""

from typing import Any

import pytest

from policies.actor import anyone
from policies.programs import askable
from tests.golden.world import path_of
from tests.programs.office import COUNTY_ADMIN, UNITS, Office
from tests.writes.api import VISIBILITY
from tests.writes.street import COUNTY

INVALID = "GRAPHQL_VALIDATION_FAILED"
MEMBERS, COMPOUNDS = "{ members { nodes { name } } }", "{ compounds { nodes { name } } }"
OF_UNITS = '{{ orgUnit(by: {{code: "350521"}}) {{ indicators {{ {} }} }} }}'
OTHERS = [
    ("contract", "property_company", "{ contracts { totals { companies } } }"),
    ("contract", "compound", "{ contracts { totals { compounds } } }"),
    ("contract", "property_company", OF_UNITS.format("managingCompanies")),
    ("coverage", "party_organization", OF_UNITS.format("branches")),
    ("venue", "centre", "{ venues { totals { centres } } }"),
    ("resource_use", "centre", "{ resourceUses { totals { centres } } }"),
    ("resource_use", "centre", "{ resourceUses { totals { byCentre { count } } } }"),
    ("resource_use", "shared_resource", "{ resourceUses { totals { resources } } }"),
    ("resource_use", "shared_resource", "{ resourceUses { totals { byProvider { provider count } } } }"),
    ("resource_use", "shared_resource", "{ resourceUses { totals { byProvider { count } } } }"),
    ("post", "member", OF_UNITS.format("instructors")),
    ("post", "member", OF_UNITS.format("posts { kind members }")),
]


def roots(*entities: str) -> set[str]:
    """What a program that is bound to these can begin a query with."""
    query = VISIBILITY.of(anyone("partner", frozenset(entities))).schema.query_type
    return set(query.fields) if query is not None else set()


async def asked(office: Office, query: str, *entities: str) -> object:
    """What a program of the county that is bound to these is answered."""
    issued = await office.issue(COUNTY_ADMIN, COUNTY, entities=["unit", *entities])
    return await office.by(issued.text, query)


@pytest.mark.parametrize(("bound", "other", "query"), OTHERS, ids=lambda each: each)
async def test_how_many_others_there_are_is_told_to_whom_they_are_told(
    office: Office, bound: str, other: str, query: str
) -> None:
    assert await asked(office, query, bound) == INVALID
    assert await asked(office, query, bound, other) != INVALID


async def test_rows_that_are_its_own_are_counted(office: Office) -> None:
    assert await asked(office, "{ contracts { totals { count } } venues { totals { count } } }", "contract", "venue")
    assert await asked(office, OF_UNITS.format("posts { kind posts }"), "post") != INVALID


@pytest.mark.parametrize(
    "query", ["{ compounds { nodes { partyMembers } } }", "{ compounds { totals { partyMembers } } }"]
)
async def test_no_program_is_told_exactly_how_many_members_live_somewhere(office: Office, query: str) -> None:
    """Who may count them is told of units, in round numbers; people who see the compound are told."""
    for more in ((), ("member",)):
        assert await asked(office, query, "compound", *more) == INVALID
    assert "compounds" in await office.data(COUNTY_ADMIN, query)


async def test_a_program_is_told_which_office_issued_it_and_no_name(office: Office) -> None:
    """By its own token and grant, which it reads; those who administer it are told both."""
    account = "UPDATE account SET unit_path = $1 WHERE name = 'test county_admin 350521'"
    await office.token(*COUNTY_ADMIN)
    await office.connection.execute(account, path_of(COUNTY))
    issued = await office.issue(COUNTY_ADMIN, COUNTY)
    told = await office.by(
        issued.text, "{ accessTokens { nodes { issuedByPlace } } viewer { grants { role grantedByPlace } } }"
    )
    assert told["accessTokens"]["nodes"] == [{"issuedByPlace": ["惠安县"]}]
    assert told["viewer"]["grants"] == [{"role": "partner", "grantedByPlace": ["惠安县"]}]
    for query in ("accessTokens { nodes { %s } }", "viewer { grants { %s } }"):
        for name in ("issuedByName", "approvedByName") if "Tokens" in query else ("grantedByName", "revokedByName"):
            assert await office.by(issued.text, f"{{ {query % name} }}") == INVALID
    assert (await office.shown(issued))["issuedByName"] == "test county_admin 350521"


async def test_a_token_by_which_nothing_can_be_asked_is_not_issued(office: Office) -> None:
    """What is only counted is counted of units, and what is only part of others is reached through them."""
    for entity in askable():
        payload = await office.attempt_to_issue(COUNTY_ADMIN, COUNTY, entities=[entity], dryRun=True)
        told = [] if roots(entity) - roots() else ["INCOMPLETE"]
        assert [each["code"] for each in payload["userErrors"]] == told, entity


async def test_nor_one_whose_operations_none_could_run(office: Office) -> None:
    """One that can run some of them is, and it is not narrowed to those it cannot, nor to less than they ask for."""
    units, members, compounds = [await office.store(text, at=COUNTY) for text in (UNITS, MEMBERS, COMPOUNDS)]
    asked: Any = {"who": COUNTY_ADMIN, "at": COUNTY, "entities": ["unit"]}
    payload = await office.attempt_to_issue(**asked, operationIds=[members])
    assert [(each["code"], each["field"][-1]) for each in payload["userErrors"]] == [("INCOMPLETE", "operationIds")]
    assert await office.connection.fetchval("SELECT count(*) FROM program") == 0
    issued = await office.issue(**asked, operationIds=[units, members])
    program = (await office.shown(issued))["program"]
    narrowed = await office.attempt(COUNTY_ADMIN, "updateProgram", id=program["id"], operationIds=[members])
    assert [each["code"] for each in narrowed["userErrors"]] == ["INCOMPLETE"]
    both = await office.issue(**{**asked, "entities": ["unit", "compound"]}, operationIds=[compounds])
    program = (await office.shown(both))["program"]
    narrowed = await office.attempt(COUNTY_ADMIN, "updateProgram", id=program["id"], entities=["unit"])
    assert [(each["code"], each["field"][-1]) for each in narrowed["userErrors"]] == [("INCOMPLETE", "operationIds")]


async def test_what_others_have_stored_tells_nothing(office: Office) -> None:
    """Whether what a program is bound to could run is told by what is stored for it, and by nothing elsewhere."""
    compounds = await office.store(COMPOUNDS, at=COUNTY)
    issued = await office.issue(COUNTY_ADMIN, COUNTY, entities=["unit", "compound"], operationIds=[compounds])
    program = (await office.shown(issued))["program"]
    elsewhere = "UPDATE stored_operation SET unit_path = $1"
    await office.connection.execute(elsewhere, path_of("350521100"))
    await office.do(COUNTY_ADMIN, "updateProgram", "", id=program["id"], entities=["unit"])


async def test_a_program_is_not_narrowed_to_nothing(office: Office) -> None:
    issued = await office.issue(COUNTY_ADMIN, COUNTY, entities=["unit", "member"])
    program = (await office.shown(issued))["program"]
    payload = await office.attempt(COUNTY_ADMIN, "updateProgram", id=program["id"], entities=["member"])
    assert [(each["code"], each["field"][-1]) for each in payload["userErrors"]] == [("INCOMPLETE", "entities")]
    assert (await office.shown(issued))["program"]["entities"] == ["member", "unit"]
