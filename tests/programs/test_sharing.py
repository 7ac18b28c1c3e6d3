"""What a partner unit's own program is told of what is shared both ways: by its unit and its entities, and no more."""

from typing import Any

from tests.centres.lending import CHOIR, HALL, at
from tests.days import day
from tests.programs.office import ADMIN, COMMUNITY, COUNTY_ADMIN, NEIGHBOUR, TOWN, TOWN_ADMIN, Office, unit_id

INVALID = "GRAPHQL_VALIDATION_FAILED"
SHARED = "{ sharedResources { nodes { name provider } } }"
USES = "{ resourceUses { nodes { people usedOn } } }"
TAKEN = "{ venues { nodes { name takenTimes { nodes { beginsAt endsAt } } } } }"
WHOLE = """{ resourceUses { nodes { provider resourceName centreName } totals { count people
    byProviderAndCentre { provider centreName count people } } } }"""


async def lent(office: Office) -> dict[str, Any]:
    """A centre of the community whose venue is booked, and which used what a bank shares with it; and one beside."""
    shared = {"provider": "演示银行", "kind": "EXPERTISE", "name": "理财课", "since": day(-40)}
    found: dict[str, Any] = {}
    for who, at_, many in ((ADMIN, COMMUNITY, 30), (NEIGHBOUR, NEIGHBOUR[1], 7)):
        unit = {"unitId": await unit_id(office, at_)}
        made = await office.do(who, "createCentre", "centre { id }", **unit, name=f"中心{many}", kind="TOWN_LEVEL")
        of = made["centre"]["id"]
        venue = (await office.do(who, "offerVenue", "venue { id }", centreId=of, **HALL))["venue"]["id"]
        await office.do(who, "bookVenue", "", venueId=venue, **CHOIR, **at("09:00", "10:00"))
        made = await office.do(who, "offerResource", "sharedResource { id }", **unit, **shared)
        use = {"centreId": of, "resourceId": made["sharedResource"]["id"], "usedOn": day(-1), "people": many}
        await office.do(who, "recordResourceUse", "", **use)
        found |= {at_: use}
    return found


async def test_what_a_program_is_bound_to_is_told_of_its_unit(office: Office) -> None:
    """Its community's, and nothing of the one beside; each list by the entity of its own."""
    await lent(office)
    three = ("shared_resource", "resource_use", "taken_time")
    seen: dict[str, tuple[str, Any]] = {
        SHARED: ("sharedResources", {"name": "理财课", "provider": "演示银行"}),
        USES: ("resourceUses", {"people": 30, "usedOn": day(-1)}),
        TAKEN: ("venues", {"name": HALL["name"], "takenTimes": {"nodes": [at("09:00", "10:00")]}}),
    }
    for query, entity in zip(seen, three, strict=True):
        venue = ["venue"] if entity == "taken_time" else []
        issued = await office.issue(COUNTY_ADMIN, COMMUNITY, entities=["unit", *venue, entity])
        name, row = seen[query]
        assert (await office.by(issued.text, query))[name]["nodes"] == [row], entity
        for other in {*seen} - {query}:
            assert await office.by(issued.text, other) == INVALID, (entity, other)
    wide = await office.issue(COUNTY_ADMIN, TOWN, entities=["shared_resource"])
    assert len((await office.by(wide.text, SHARED))["sharedResources"]["nodes"]) == 2


async def test_who_used_what_is_told_by_name_to_whom_names_are_told(office: Office) -> None:
    await lent(office)
    whole = await office.issue(COUNTY_ADMIN, COMMUNITY, entities=["resource_use", "shared_resource", "centre"])
    told = (await office.by(whole.text, WHOLE))["resourceUses"]
    sums = {"provider": "演示银行", "centreName": "中心30", "count": 1, "people": 30}
    assert told["totals"] == {"count": 1, "people": 30, "byProviderAndCentre": [sums]}
    for missing in ("shared_resource", "centre"):
        entities = [each for each in ("resource_use", "shared_resource", "centre") if each != missing]
        issued = await office.issue(COUNTY_ADMIN, COMMUNITY, entities=entities)
        assert await office.by(issued.text, WHOLE) == INVALID
        group = "{ resourceUses { totals { byProviderAndCentre { count } } } }"
        assert await office.by(issued.text, group) == INVALID


async def test_a_program_writes_none_of_it(office: Office) -> None:
    """The community records for a partner unit what it shares and what was used of that; a town may let it read."""
    use = (await lent(office))[COMMUNITY]
    issued = await office.issue(TOWN_ADMIN, COMMUNITY, entities=["unit", "shared_resource", "resource_use", "venue"])
    waiting = await office.by(issued.text, SHARED)
    assert waiting == "UNAUTHENTICATED"
    await office.do(COUNTY_ADMIN, "approveToken", "", id=issued.id)
    assert len((await office.by(issued.text, SHARED))["sharedResources"]["nodes"]) == 1
    command = "mutation($input: RecordResourceUseInput!) { recordResourceUse(input: $input) { userErrors { code } } }"
    assert await office.by(issued.text, command, input={**use, "people": 8}) == INVALID
