"""Rights of several grants do not add up: one command acts through one of them, and to name a row is a right too."""

import json
from typing import Any

import pytest

from policies.actor import SEATS
from policies.decide import permissions
from schema.catalogue.offers import InputShape
from schema.kit.commands import Named
from services.errors import read_only
from tests.built import CATALOGUE
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY, COUNTY_ADMIN, NEIGHBOUR, OTHER, Street, day, made, nobody, unit_id

BESIDE = "350524"
SECOND = (
    "INSERT INTO role_grant (id, account_id, role, unit_path, until) SELECT gen_random_uuid(), account_id, $2,"
    " (SELECT path FROM org_unit WHERE code = $3), $4::timestamptz FROM credential WHERE id = $1"
)


async def grant(api: Api, who: tuple[str, str], role: str, code: str) -> None:
    """A second grant for the account behind a token."""
    await api.connection.execute(SECOND, (await api.token(*who)).split("_")[1], role, code, None)


@pytest.mark.parametrize("role", ["auditor", "community_admin"])
async def test_what_a_second_grant_sees_is_not_put_into_what_the_first_one_changes(api: Api, role: str) -> None:
    """A member registered here does not come into an organization of where one reads, or even administers, too."""
    unit = await unit_id(api, ADMIN[1])
    there = await unit_id(api, OTHER)
    organization = await made(
        api, COUNTY_ADMIN, "createBranch", "partyOrganization", unitId=there, name="外总支", kind="GENERAL_BRANCH"
    )
    await grant(api, ADMIN, role, OTHER)
    assert (await api.data(ADMIN, "query($id: ID!) { node(id: $id) { id } }", id=organization))["node"]
    given = {"unitId": unit, "name": "演示党员", "standing": "RETIRED", "partyOrganizationId": organization}
    assert await api.attempt(ADMIN, "registerMember", **given) == "FORBIDDEN"
    await api.do(COUNTY_ADMIN, "registerMember", "", **given)


async def test_each_of_several_grants_acts_where_it_is_seated(api: Api, on: Street) -> None:
    """Whichever it is that carries all of a command; what none of them carries is refused as if there were one."""
    await grant(api, ADMIN, "community_admin", OTHER)
    there = await unit_id(api, OTHER)
    for unit in (on.unit, there):
        await made(api, ADMIN, "createCompound", "compound", unitId=unit, name="新小区", households=1)
    beside = await unit_id(api, "350521101")
    assert await api.attempt(ADMIN, "createCompound", unitId=beside, name="别处", households=1) == "NOT_FOUND"
    moved: dict[str, Any] = {"id": on.compound, "version": 1, "unitId": there}
    assert await api.attempt(ADMIN, "updateCompound", **moved) == "FORBIDDEN"
    await api.do(COUNTY_ADMIN, "updateCompound", "", **moved)


async def test_the_refusal_is_that_of_the_grant_that_comes_furthest(api: Api, on: Street) -> None:
    """Not that of another, to which the target is hidden."""
    await grant(api, ADMIN, "community_admin", OTHER)
    stale: dict[str, Any] = {"id": on.compound, "version": 7, "name": "改名"}
    assert await api.attempt(ADMIN, "updateCompound", **stale) == "CONFLICT"


async def test_to_see_a_row_is_not_to_name_it(api: Api, on: Street) -> None:
    """Whoever may only read members appoints none of them, whatever else they may do."""
    await api.do(COUNTY_ADMIN, "changeCompany", "", compoundId=on.compound, companyId=on.companies[0], since=day(-5))
    await api.do(ADMIN, "assignCaptain", "", buildingId=on.buildings[0], memberId=on.members[0], since=day(-5))
    who = ("auditor", COUNTY)
    await grant(api, who, "property_committee", BESIDE)
    given = {"companyId": on.companies[0], "memberId": on.members[0], "since": day(0)}
    assert await api.attempt(who, "appointCompanyLeader", **given) == "FORBIDDEN"
    await api.do(("property_committee", COUNTY), "appointCompanyLeader", "", **given)


async def test_what_one_reads_and_may_not_change_or_name_is_told_so(api: Api, on: Street) -> None:
    """And of what one does not read nothing: the answer is that of an id which never was, to the byte."""
    change = "mutation($input: UpdateBuildingInput!) { updateBuilding(input: $input) { userErrors { code } } }"
    register = "mutation($input: RegisterMemberInput!) { registerMember(input: $input) { userErrors { code } } }"
    there = await unit_id(api, OTHER)
    hidden = await made(
        api, COUNTY_ADMIN, "createBranch", "partyOrganization", unitId=there, name="外总支", kind="GENERAL_BRANCH"
    )
    given: dict[str, Any] = {"unitId": on.unit, "name": "演示党员", "standing": "RETIRED"}

    async def told(who: tuple[str, str], document: str, **given: Any) -> str:
        (error,) = (await api.ask(who, document, input=given))["errors"]
        return json.dumps(error, ensure_ascii=False)

    changed = {"version": 1, "households": 3}
    assert "You may read it, and not do this to it." in await told(
        ("auditor", COUNTY), change, id=on.buildings[0], **changed
    )
    unread = [await told(NEIGHBOUR, change, id=id_, **changed) for id_ in (on.buildings[0], nobody("bd"))]
    assert unread[0] == unread[1]
    assert "NOT_FOUND" in unread[0]
    unread = [await told(ADMIN, register, **given, partyOrganizationId=id_) for id_ in (hidden, nobody("po"))]
    assert unread[0] == unread[1]
    assert "NOT_FOUND" in unread[0]
    await grant(api, ADMIN, "auditor", OTHER)
    named = await told(ADMIN, register, **given, partyOrganizationId=hidden)
    assert "You may read it, and not name it in this command." in named
    assert read_only((), named=True).text.within("zh") == "您可以查看它，但没有在此指定它的权限。"


def referred(shape: InputShape) -> set[tuple[str, str]]:
    """The rights to refer to rows that an input asks for."""
    found = set()
    for field in shape.fields.values():
        word = field.word
        if field.shape is not None:
            found |= referred(field.shape)
        elif isinstance(word, Named) and word.action == "refer":
            found.add((CATALOGUE.kinds[word.entity].entity.policy, word.action))
    return found


# A member's project names no compound: they read none.
UNNAMED = {"proposeNeighbourProject": {("member", "compound", "refer")}}


@pytest.mark.parametrize("name", sorted(CATALOGUE.offers))
def test_whoever_may_do_a_command_may_name_what_it_asks_for(name: str) -> None:
    """A line for `refer` that was forgotten would take a command from a role without a word."""
    offer = CATALOGUE.offers[name]
    right = (offer.command.policy, offer.command.action)
    able = [role for role in SEATS if right in permissions(role)]
    wanting = {(role, *each) for role in able for each in referred(offer.input) - permissions(role)}
    assert wanting == UNNAMED.get(name, set())


@pytest.mark.parametrize("role", sorted(SEATS))
def test_nobody_refers_to_what_they_may_not_read(role: str) -> None:
    """Otherwise a refusal would tell what is there."""
    named = {entity for entity, action in permissions(role) if action == "refer"}
    assert named <= {entity for entity, action in permissions(role) if action == "read"}
