"""What rests on a revoked grant is taken over by name or revoked as well; nothing is passed over in silence."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.access.office import (
    CAPTAIN,
    COMMUNITY,
    COUNTY,
    OTHER,
    OTHER_COUNTY,
    OTHER_TOWN,
    TOWN,
    Chain,
    Office,
    Who,
    told,
)
from tests.access.test_races import beside, waiting
from tests.golden.world import path_of
from tests.writes.street import day, nobody

LEFT = ("INCOMPLETE", "keepIds")
DECIDED = "dependents { id accountName direct revoked }"


async def under(office: Office, grant: str) -> str | None:
    """Whose grant a grant in force rests on; None where it is over, "" where it rests on none."""
    found = await office.api.connection.fetchrow(
        "SELECT g.revoked_at, a.name FROM role_grant g LEFT JOIN role_grant u ON u.id = g.under_id"
        " LEFT JOIN account a ON a.id = u.account_id WHERE 'gr_' || g.id = $1",
        grant,
    )
    assert found is not None
    return None if found["revoked_at"] is not None else found["name"] or ""


async def two_communities(office: Office, chain: Chain) -> tuple[Who, Who, list[str]]:
    """A county; a town that appointed two communities, one of them a captain; the grants from above downwards."""
    county, town, community, (first, second) = chain
    other, captain = await office.hire(town, "邻居", OTHER), await office.hire(community, "楼长")
    third = await office.grant(town, other, "community_admin", OTHER)
    return county, town, [first, second, third, await office.grant(community, captain, "captain", CAPTAIN)]


async def test_what_is_not_decided_is_asked_for_by_number_and_name(office: Office, chain: Chain) -> None:
    """In both languages, with the whole list, in a dry run as otherwise; and nothing is changed."""
    county, _, (first, second, third, fourth) = await two_communities(office, chain)
    given = {"id": first, "reason": "调离"}
    select = f"grant {{ id }} {DECIDED} userErrors {{ code field messageZh messageEn }}"
    answers = [await office.api.attempt(county, "revokeGrant", select, **given, dryRun=dry) for dry in (True, False)]
    assert answers[0] == answers[1]
    assert answers[0]["grant"] is None
    assert [tuple(row.values()) for row in answers[0]["dependents"]] == [
        (second, "社区", True, False),
        (third, "邻居", True, False),
        (fourth, "楼长", False, False),
    ]
    (problem,) = answers[0]["userErrors"]
    assert (problem["code"], problem["field"]) == ("INCOMPLETE", ["input", "keepIds"])
    who = "社区（community_admin，北关社区居委会）", "社区 (community_admin, 北关社区居委会)"
    for message, named in zip((problem["messageZh"], problem["messageEn"]), who, strict=True):
        assert "2" in message
        assert named in message
        assert "楼长" not in message
    assert [await under(office, each) for each in (first, second, third, fourth)] == ["县", "镇", "镇", "社区"]
    assert await office.not_revoked(county, first, keepIds=[]) == LEFT
    assert await office.not_revoked(county, first, keepIds=[third]) == LEFT
    assert await office.not_revoked(county, first, keepIds=[third], cascade=False) == LEFT


async def test_ends_are_told_by_the_clock_of_china(office: Office, chain: Chain) -> None:
    """As a query tells them: to the end of the last day."""
    county, town, _, (first, _) = chain
    last = day(9)
    await office.grant(town, await office.hire(town, "邻居", OTHER), "community_admin", OTHER, until=last)
    answer = await office.api.attempt(county, "revokeGrant", "dependents { until }", id=first, reason="调离")
    midnight = f"{date.fromisoformat(last) + timedelta(days=1)}T00:00:00+08:00"
    assert [row["until"] for row in answer["dependents"]] == [None, midnight]


async def test_some_are_taken_over_and_the_others_revoked(office: Office, chain: Chain) -> None:
    """What is taken over keeps all that rests on it."""
    county, _, (first, second, third, fourth) = await two_communities(office, chain)
    given: dict[str, Any] = {"id": first, "reason": "调离", "keepIds": [second], "cascade": True}
    foreseen = await office.api.do(county, "revokeGrant", DECIDED, **given, dryRun=True)
    assert [await under(office, each) for each in (first, second, third, fourth)] == ["县", "镇", "镇", "社区"]
    assert await office.api.do(county, "revokeGrant", DECIDED, **given) == foreseen
    gone = {row["id"]: (row["direct"], row["revoked"]) for row in foreseen["dependents"]}
    assert gone == {second: (True, False), third: (True, True), fourth: (False, False)}
    assert [await under(office, each) for each in (first, second, third, fourth)] == [None, "县", None, "社区"]


async def test_more_are_counted_than_are_named(office: Office, chain: Chain) -> None:
    """Three by name."""
    county, town, (first, *_) = await two_communities(office, chain)
    for number in range(3):
        await office.grant(town, await office.hire(town, f"员{number}"), "partner", COMMUNITY)
    select = "userErrors { messageZh messageEn }"
    answer = await office.api.attempt(county, "revokeGrant", select, id=first, reason="调离")
    (problem,) = answer["userErrors"]
    assert problem["messageZh"].startswith("有 5 项")
    assert ("员0" in problem["messageZh"], "员1" in problem["messageZh"]) == (True, False)
    assert problem["messageZh"].endswith("等。")


async def test_only_what_rests_directly_on_it_is_taken_over(office: Office, chain: Chain) -> None:
    """Neither what lies deeper, what is over, nor itself; nothing is changed, and the list is told."""
    county, town, (first, second, third, fourth) = await two_communities(office, chain)
    over = await office.grant(town, await office.hire(town, "员"), "partner", COMMUNITY)
    await office.revoke(town, over)
    for odd in (fourth, over, first):
        for cascade in (False, True):
            given = {"id": first, "reason": "调离", "keepIds": [second, third, odd], "cascade": cascade}
            answer = await office.api.attempt(county, "revokeGrant", DECIDED, **given)
            assert told(answer) == ("INVALID", "keepIds"), odd
            assert [row["id"] for row in answer["dependents"]] == [second, third, fourth]
    assert [await under(office, each) for each in (first, second, third, fourth)] == ["县", "镇", "镇", "社区"]


async def test_to_keep_is_to_have_the_right_to_revoke(office: Office, chain: Chain) -> None:
    """An id that is not there and one that is not theirs to see answer alike; one they only see is forbidden."""
    county, town, (first, second, third, _) = await two_communities(office, chain)
    elsewhere = await office.root("邻县", "county_admin", OTHER_COUNTY)
    hidden = (await office.api.data(elsewhere, "{ viewer { grants { id } } }"))["viewer"]["grants"][0]["id"]
    document = "mutation($input: RevokeGrantInput!) { revokeGrant(input: $input) { userErrors { code } } }"
    asked = [
        {"id": first, "version": 1, "reason": "调离", "keepIds": [second, third, each]}
        for each in (hidden, nobody("gr"), "gr_")
    ]
    answers = [await office.api.ask(county, document, input=each) for each in asked]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["errors"][0]["extensions"] == {"code": "NOT_FOUND", "argument": "input.keepIds"}
    deputy = await office.hire(county, "审计", COUNTY)
    audits = await office.grant(county, deputy, "auditor", COUNTY)
    assert await office.not_revoked(deputy, audits, keepIds=[second]) == "FORBIDDEN"
    assert await office.not_revoked(town, first, keepIds=[second, third, audits]) == "NOT_FOUND"


async def test_what_is_not_the_revoker_s_to_decide_is_left_alone(office: Office, chain: Chain) -> None:
    """A community that moved to another county: neither asked for, nor told of, nor to be kept."""
    county, _, community, (first, second) = chain
    await office.api.connection.execute("DELETE FROM branch_coverage")
    await office.api.connection.execute(
        "UPDATE org_unit SET parent_path = $1 WHERE code = $2", path_of("350524100"), COMMUNITY
    )
    assert await office.not_revoked(county, first, keepIds=[second]) == "NOT_FOUND"
    assert await office.revoke(county, first) == []
    assert COMMUNITY in await office.units(community)


async def test_what_outlasts_the_revoker_s_own_rests_on_what_stands_above(office: Office, chain: Chain) -> None:
    """However far above, where what is between is over."""
    county, _, (first, second, third, _) = await two_communities(office, chain)
    deputy = await office.hire(county, "副县", COUNTY)
    between = await office.grant(county, deputy, "county_admin", COUNTY)
    connection = office.api.connection
    await connection.execute("UPDATE role_grant SET under_id = $1 WHERE id = $2", between[3:], first[3:])
    ends = datetime.now(UTC) + timedelta(days=30)
    acting = await office.root("代理", "county_admin", COUNTY, until=ends)
    await connection.execute("UPDATE role_grant SET until = $1 WHERE id = $2", ends, third[3:])
    await connection.execute("UPDATE role_grant SET revoked_at = now() WHERE id = $1", between[3:])
    await office.revoke(acting, first, keepIds=[second, third])
    assert [await under(office, each) for each in (second, third)] == ["县", "代理"]
    assert await under(office, first) is None


# --- accounts ---------------------------------------------------------------------------------------------------------


async def test_closing_an_account_decides_what_each_of_its_grants_carried(office: Office, chain: Chain) -> None:
    """All of them at once; what it holds itself is not to be decided, and not to be kept."""
    county, town, (first, second, third, fourth) = await two_communities(office, chain)
    more = await office.grant(county, town, "auditor", TOWN)
    other = await office.grant(county, town, "town_admin", OTHER_TOWN)
    there = await office.grant(town, await office.hire(town, "员", OTHER_TOWN), "partner", OTHER_TOWN)
    given = {"id": office.accounts["镇"], "reason": "退休"}
    for keep in ([], [second, third], [second, there]):
        assert told(await office.api.attempt(county, "closeAccount", **given, keepIds=keep)) == LEFT
    odd = await office.api.attempt(county, "closeAccount", **given, keepIds=[second, third, there, more])
    assert told(odd) == ("INVALID", "keepIds")
    every = (first, other, more, second, third, there, fourth)
    assert [await under(office, each) for each in every] == ["县", "县", "县", "镇", "镇", "镇", "社区"]
    done = await office.api.do(county, "closeAccount", DECIDED, **given, keepIds=[second, there], cascade=True)
    gone = {row["accountName"]: (row["direct"], row["revoked"]) for row in done["dependents"]}
    assert gone == {"社区": (True, False), "邻居": (True, True), "员": (True, False), "楼长": (False, False)}
    assert [await under(office, each) for each in every] == [None, None, None, "县", None, "县", "社区"]


async def test_what_the_closed_account_held_by_its_own_appointee_goes_with_it(office: Office, chain: Chain) -> None:
    """The appointee's stays where it is kept, and then rests on nothing that is over."""
    county, _, community, (first, second) = chain
    await office.api.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path, under_id)"
        " SELECT gen_random_uuid(), account_id, 'partner', $1, $2 FROM role_grant WHERE id = $3",
        *(path_of(COMMUNITY), second[3:], first[3:]),
    )
    given = {"id": office.accounts["镇"], "reason": "退休"}
    assert told(await office.api.attempt(county, "closeAccount", **given)) == LEFT
    done = await office.api.do(county, "closeAccount", DECIDED, **given, keepIds=[second])
    assert [row["accountName"] for row in done["dependents"]] == ["社区"]
    assert await under(office, second) == "县"
    assert COMMUNITY in await office.units(community)


# --- meanwhile --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["revokeGrant", "closeAccount"])
async def test_what_is_granted_meanwhile_is_not_passed_over(office: Office, chain: Chain, command: str) -> None:
    """The granter's account is held before the revocation comes: it waits, and then asks about one more."""
    county, town, _, (first, second) = chain
    person = await office.hire(town, "员")
    about = {"id": first} if command == "revokeGrant" else {"id": office.accounts["镇"]}
    async with beside(office) as other:
        await other.execute("SELECT 1 FROM account WHERE name = '员' FOR UPDATE")
        granting = asyncio.ensure_future(office.grant(town, person, "community_admin", COMMUNITY))
        await waiting(office, 1)
        given = {**about, "reason": "调离", "keepIds": [second]}
        ending = asyncio.ensure_future(office.api.attempt(county, command, DECIDED, **given))
        await waiting(office, 2)
    made = await granting
    answer = await ending
    assert told(answer) == LEFT
    assert [(row["accountName"], row["direct"]) for row in answer["dependents"]] == [("社区", True), ("员", True)]
    assert await under(office, made) == "镇"
