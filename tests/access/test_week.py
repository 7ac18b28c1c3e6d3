"""A week of a county's grants: the county appoints a town, the town a community, the community its captains."""

from typing import Any

from tests.access.office import (
    BUILDING,
    CAPTAIN,
    COMMUNITY,
    COMPANY,
    COUNTY,
    GRID,
    OTHER,
    TOWN,
    Chain,
    Office,
    Who,
    told,
    unit,
)
from tests.writes.street import day, nobody


async def test_each_level_appoints_the_one_below(office: Office, chain: Chain) -> None:
    """Every role of a community's work is granted by the community, and sees at once what it should.

    An auditor reads the trail, which a community does not: the county appoints one.
    """
    county, _, community, _ = chain
    people = [await office.hire(community, name) for name in ("楼长", "楼长二", "党员", "网格", "伙伴")]
    seats = [("captain", CAPTAIN), ("captain", BUILDING), ("member", CAPTAIN), ("member", GRID), ("partner", GRID)]
    for person, (role, at) in zip(people, seats, strict=True):
        await office.grant(community, person, role, at)
    auditor = await office.hire(community, "审计")
    assert await office.refused(community, auditor, "auditor", COMMUNITY) == "FORBIDDEN"
    await office.grant(county, auditor, "auditor", COMMUNITY)
    seen = "{ viewer { grants { role seatName } } buildings { totalCount } members { totalCount } }"
    found = await office.api.data(people[0], seen)
    grants = [{"role": "captain", "seatName": "演示党员"}]
    assert found == {"viewer": {"grants": grants}, "buildings": {"totalCount": 1}, "members": {"totalCount": 0}}
    assert await office.units(people[3]) == [GRID]


async def test_who_is_seated_where_is_listed_for_those_who_administer_it(office: Office, chain: Chain) -> None:
    """By unit, company, building, member and account; nobody sees what is seated beside or above."""
    county, town, community, (first, second) = chain
    secretary, captain = await office.hire(county, "书记", COUNTY), await office.hire(community, "楼长")
    await office.grant(county, secretary, "company_secretary", COMPANY)
    await office.grant(community, captain, "captain", CAPTAIN)
    names = "{ grants(orderBy: {field: SINCE}) { nodes { accountName } } accounts { nodes { name } } }"
    seen = {
        who[0]: {each["accountName"] for each in (await office.api.data(who, names))["grants"]["nodes"]}
        for who in (county, town, community, captain)
    }
    own = {"测试账号", "县", "镇", "社区", "书记", "楼长"}
    assert seen == {"县": own, "镇": {"镇", "社区", "楼长"}, "社区": {"社区", "楼长"}, "楼长": {"楼长"}}
    query = """query($unit: ID!, $company: ID!, $member: ID!, $first: ID!) {
        orgUnit(by: {id: $unit}) { grants { nodes { accountName } } accounts { totalCount } }
        propertyCompany(by: {id: $company}) {
            grants { nodes { accountName role grantedByName seat { ... on PropertyCompany { name } } } } }
        member(by: {id: $member}) { grants { nodes { accountName seat { ... on Member { name } } place } } }
        node(id: $first) { ... on Grant { dependents { nodes { accountName dependsOn { id } } } } } }"""
    given = {"unit": unit(COMMUNITY), "company": COMPANY, "member": CAPTAIN, "first": first}
    found = await office.api.data(county, query, **given)
    assert found["orgUnit"] == {
        "grants": {"nodes": [{"accountName": "社区"}, {"accountName": "楼长"}]},
        "accounts": {"totalCount": 2},
    }
    told_of = {"accountName": "书记", "role": "company_secretary", "grantedByName": "县"}
    assert found["propertyCompany"]["grants"]["nodes"] == [{**told_of, "seat": {"name": "演示物业公司"}}]
    place = ["惠安县", "螺城镇", "北关社区居委会"]
    assert found["member"]["grants"]["nodes"] == [{"accountName": "楼长", "seat": {"name": "演示党员"}, "place": place}]
    assert found["node"]["dependents"]["nodes"] == [{"accountName": "社区", "dependsOn": {"id": first}}]
    hidden = "query($id: ID!) { node(id: $id) { id } }"
    assert (await office.api.data(community, hidden, id=first))["node"] is None
    assert (await office.api.data(community, hidden, id=second))["node"] == {"id": second}


async def test_a_revocation_lists_what_rests_on_it_and_takes_it_over_or_along(office: Office, chain: Chain) -> None:
    """A dry run changes nothing; what is kept by name stays, with all below, and rests on the county's grant."""
    county, town, community, (first, second) = chain
    captain = await office.hire(community, "楼长")
    third = await office.grant(community, captain, "captain", CAPTAIN, until=day(9))
    below = [("社区", "community_admin"), ("楼长", "captain")]
    assert await office.revoke(county, first, dryRun=True, cascade=True) == [(*each, True) for each in below]
    assert TOWN in await office.units(town)
    assert await office.revoke(county, first, keepIds=[second]) == [(*each, False) for each in below]
    assert await office.units(town) == []
    assert COMMUNITY in await office.units(community)
    rests = "query($id: ID!) { node(id: $id) { ... on Grant { inForce dependsOn { accountName } } } }"
    assert (await office.api.data(county, rests, id=second))["node"] == {
        "inForce": True,
        "dependsOn": {"accountName": "县"},
    }
    version = await office.api.version(second)
    for _ in range(2):  # the second time it is only told again
        told_of = await office.revoke(county, second, cascade=True, idempotencyKey="k", version=version)
        assert told_of == [("楼长", "captain", True)]
    assert await office.units(community) == []
    history = "query($id: ID!) { node(id: $id) { ... on Grant { inForce revokedByName revokedFor } } }"
    ended = {"inForce": False, "revokedByName": "县", "revokedFor": "调离"}
    assert (await office.api.data(county, history, id=third))["node"] == ended
    over = "{ grants(filter: {inForce: false}) { totalCount } }"
    assert (await office.api.data(county, over))["grants"]["totalCount"] == 3
    assert await office.not_revoked(county, third) == ("CLOSED", "id")


async def test_one_s_own_grant_is_given_up_and_the_last_of_a_county_is_not(office: Office, chain: Chain) -> None:
    """What rests on it rests on what it rested on; a county is never without an administrator by its own doing."""
    county, town, _, (first, second) = chain
    assert await office.not_revoked(town, first) == ("INCOMPLETE", "keepIds")
    await office.revoke(town, first, keepIds=[second])
    rests = "query($id: ID!) { node(id: $id) { ... on Grant { inForce dependsOn { accountName } } } }"
    assert (await office.api.data(county, rests, id=second))["node"] == {
        "inForce": True,
        "dependsOn": {"accountName": "县"},
    }
    (own,) = (await office.api.data(county, "{ viewer { grants { id } } }"))["viewer"]["grants"]
    await office.api.connection.execute("UPDATE role_grant SET until = now() WHERE account_id <> $1", UNKNOWN)
    await office.api.connection.execute("UPDATE role_grant SET until = NULL WHERE 'gr_' || id = $1", own["id"])
    assert await office.not_revoked(county, own["id"]) == ("CLOSED", "id")
    deputy = await office.hire(county, "副县", COUNTY)
    kept = [await office.grant(county, deputy, "county_admin", COUNTY, until=day(300))]
    assert await office.not_revoked(county, own["id"]) == ("CLOSED", "id")  # the deputy's ends
    kept.append(await office.grant(county, town, "county_admin", COUNTY))
    await office.revoke(county, own["id"], keepIds=kept)
    assert await office.units(county) == []


UNKNOWN = nobody("x").removeprefix("x_")


async def test_an_account_is_changed_and_closed_by_those_above_it(office: Office, chain: Chain) -> None:
    """Its credentials and its grants end at once; a login is told only to those who administer the account."""
    county, town, community, (_, second) = chain
    person = await office.hire(town, "员", COMMUNITY, login="yuan", memberId=CAPTAIN)
    shown = "account { name version member { name } signIn { login } unit { code } }"
    given: dict[str, Any] = {"id": office.accounts["员"], "version": 1, "name": "员工", "unitId": unit(OTHER)}
    done = await office.api.do(town, "updateAccount", shown, **given)
    assert done["account"] == {
        "name": "员工",
        "version": 2,
        "member": {"name": "演示党员"},
        "signIn": {"login": "350521-yuan"},
        "unit": {"code": OTHER},
    }
    auditor = await office.hire(county, "审计", COUNTY)
    await office.grant(county, auditor, "auditor", COUNTY)
    logins = "{ accounts { nodes { name signIn { login } } } }"
    found = {each["name"]: each["signIn"] for each in (await office.api.data(auditor, logins))["accounts"]["nodes"]}
    assert found["员工"] is None
    assert found["审计"] == {"login": None}
    taken = await office.api.attempt(community, "createAccount", unitId=unit(COMMUNITY), name="另一人", login="yuan")
    assert told(taken) == ("TAKEN", "login")
    closed = await office.api.do(
        town,
        "closeAccount",
        "account { closedAt grants { nodes { inForce } } }",
        id=office.accounts["社区"],
        reason="退休",
    )
    assert closed["account"]["closedAt"] is not None
    assert closed["account"]["grants"]["nodes"] == [{"inForce": False}]
    answer = await office.api.ask(community, "{ viewer { name } }")
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert person in office.api.tokens
    standing = "SELECT count(*) FROM credential WHERE 'ac_' || account_id = $1 AND revoked_at IS NULL"
    assert await office.api.connection.fetchval(standing, office.accounts["社区"]) == 0
    assert await office.not_revoked(town, second) == ("CLOSED", "id")


async def test_what_is_done_to_accounts_and_grants_is_in_the_audit_trail(office: Office, chain: Chain) -> None:
    """Each row that changed, a login without its value; a path that moved along is nobody's change."""
    county, _, _, (first, _) = chain
    await office.hire(county, "员", COUNTY, login="secret-login")
    await office.revoke(county, first, cascade=True)
    rows = await office.api.connection.fetch(
        "SELECT command, table_name, after::text AS after FROM audit_change JOIN audit_entry e ON e.id = entry_id"
    )
    assert [(row["command"], row["table_name"]) for row in rows].count(("revokeGrant", "role_grant")) == 2
    assert {row["table_name"] for row in rows} == {"account", "role_grant"}
    assert not any("secret-login" in row["after"] for row in rows)


async def test_from_above_a_unit_s_people_learn_who_by_role_and_seat_alone(office: Office, chain: Chain) -> None:
    """No names, no reasons, no ids; what is over is not told; and what lies below or beside not at all."""
    county, town, community, (first, second) = chain
    query = "query($unit: ID!) { orgUnit(by: {id: $unit}) { grantsAbove { role seatName } } }"

    async def seats(who: Who, code: str) -> list[tuple[str, str]]:
        found = await office.api.data(who, query, unit=unit(code))
        return [(each["role"], each["seatName"]) for each in found["orgUnit"]["grantsAbove"]]

    above = [("county_admin", "惠安县"), ("town_admin", "螺城镇")]
    assert sorted({*await seats(community, COMMUNITY)} & {*above}) == above
    assert ("town_admin", "螺城镇") not in await seats(town, TOWN)
    assert ("community_admin", "北关社区居委会") not in await seats(community, COMMUNITY)
    await office.revoke(county, first, keepIds=[second])
    assert ("town_admin", "螺城镇") not in await seats(community, COMMUNITY)
