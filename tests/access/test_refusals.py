"""What is not granted, not revoked and not changed; and that what is hidden is refused like what never was."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from policies.tokens import Seat, issue
from services.terms import CHINA
from tests.access.office import (
    BUILDING,
    CAPTAIN,
    CITY,
    COMMUNITY,
    COMPANY,
    COUNTY,
    GRID,
    OTHER,
    OTHER_COUNTY,
    OTHER_TOWN,
    TOWN,
    Chain,
    Office,
    Who,
    told,
    unit,
)
from tests.golden.world import id_of, path_of
from tests.writes.street import day, nobody

HIDDEN = "NOT_FOUND"


@pytest.fixture
async def people(office: Office, chain: Chain) -> dict[str, Who]:
    """A county, a town and a community administrator, and somebody at home in the community."""
    county, town, community, _ = chain
    return {"县": county, "镇": town, "社区": community, "员": await office.hire(community, "员")}


@pytest.mark.parametrize(
    ("by", "role", "at", "refused"),
    [
        pytest.param("社区", "community_admin", OTHER, HIDDEN, id="the community beside"),
        pytest.param("社区", "town_admin", TOWN, HIDDEN, id="the town above"),
        pytest.param("镇", "town_admin", OTHER_TOWN, HIDDEN, id="the town beside"),
        pytest.param("县", "county_admin", OTHER_COUNTY, HIDDEN, id="the county beside"),
        pytest.param("镇", "county_admin", COUNTY, HIDDEN, id="a role and a seat above"),
        pytest.param("社区", "company_secretary", COMPANY, "FORBIDDEN", id="a company that only works here"),
        pytest.param("镇", "company_secretary", COMPANY, "FORBIDDEN", id="a company of the county's register"),
        pytest.param("社区", "town_admin", COMMUNITY, ("INVALID", "role"), id="a role that sits higher"),
        pytest.param("镇", "county_admin", TOWN, ("INVALID", "role"), id="a role that sits higher still"),
        pytest.param("县", "town_admin", COUNTY, ("INVALID", "role"), id="a role that sits lower"),
        pytest.param("社区", "captain", COMMUNITY, ("INVALID", "role"), id="a captain of a community"),
        pytest.param("社区", "member", BUILDING, ("INVALID", "role"), id="a member of a building"),
        pytest.param("社区", "community_admin", "gr_1", HIDDEN, id="no seat at all"),
    ],
)
async def test_a_role_beyond_one_s_own(
    office: Office, people: dict[str, Who], by: str, role: str, at: str, refused: Any
) -> None:
    assert await office.refused(people[by], people["员"], role, at) == refused


@pytest.mark.parametrize("role", ["auditor", "partner", "property_committee"])
async def test_those_who_only_look_grant_nothing(office: Office, people: dict[str, Who], role: str) -> None:
    """They see the unit; what they may not do to it is said so."""
    looker = await office.root("看", role, COUNTY)
    assert await office.refused(looker, people["员"], "partner", TOWN) in ("FORBIDDEN", HIDDEN)
    if role != "auditor":
        office.accounts["员"] = office.accounts["看"]
        assert await office.refused(looker, people["员"], "partner", TOWN) == "FORBIDDEN"


async def test_a_grant_ends_no_later_than_the_one_it_rests_on(office: Office, people: dict[str, Who]) -> None:
    """Open-ended only from open-ended; by the day, the last included; the longest-lasting is what it rests on."""
    ends = datetime.now(UTC) + timedelta(days=30)
    acting = await office.root("代理", "county_admin", COUNTY, until=ends)
    late = ("INVALID", "until")
    assert await office.refused(acting, people["员"], "auditor", TOWN) == late
    assert await office.refused(acting, people["员"], "auditor", TOWN, until=day(31)) == late
    answer = await office.api.attempt(
        acting, "grantRole", "userErrors { messageZh messageEn }", **office.asking(people["员"], "auditor", TOWN)
    )
    there = ends.astimezone(CHINA).strftime("%Y-%m-%d %H:%M+08:00")
    (problem,) = answer["userErrors"]
    assert there in problem["messageZh"]
    assert there in problem["messageEn"]
    first = await office.grant(acting, people["员"], "auditor", TOWN, until=day(28))
    await office.root("久", "county_admin", COUNTY)
    await office.api.connection.execute(
        "UPDATE role_grant SET account_id = (SELECT id FROM account WHERE name = '代理') WHERE account_id ="
        " (SELECT id FROM account WHERE name = '久')"
    )
    second = await office.grant(acting, people["员"], "auditor", COUNTY)
    rests = "query($id: ID!) { node(id: $id) { ... on Grant { dependsOn { until } } } }"
    found = [
        (await office.api.data(people["县"], rests, id=id_))["node"]["dependsOn"]["until"] for id_ in (first, second)
    ]
    assert [each is None for each in found] == [False, True]


async def test_to_whom_nothing_is_granted(office: Office, people: dict[str, Who]) -> None:
    """Oneself, a program, a closed account; accounts at home elsewhere are as if they were not."""
    county, town = people["县"], people["镇"]
    assert await office.refused(county, county, "auditor", COUNTY) == ("INVALID", "accountId")
    connection = office.api.connection
    await issue(connection, Seat("程序", "partner", COMMUNITY), 1)
    await connection.execute(
        "UPDATE account SET kind = 'PROGRAM', unit_path = $1 WHERE name = '程序'", path_of(COMMUNITY)
    )
    office.accounts["程序"] = "ac_" + str(await connection.fetchval("SELECT id FROM account WHERE name = '程序'"))
    assert await office.refused(town, ("程序", ""), "partner", TOWN) == ("INVALID", "accountId")
    closed = await office.hire(town, "离职")
    await office.api.do(town, "closeAccount", "", id=office.accounts["离职"], reason="离职")
    assert await office.refused(town, closed, "partner", TOWN) == ("CLOSED", "accountId")
    stranger = await office.hire(await office.root("邻县", "county_admin", OTHER_COUNTY), "外人", OTHER_COUNTY)
    office.accounts["无人"] = nobody("ac")
    hidden = [
        await office.api.ask(town, GRANT, input=office.asking(to, "partner", TOWN)) for to in (stranger, ("无人", ""))
    ]
    assert hidden[0] == hidden[1]
    assert hidden[0]["errors"][0]["extensions"]["code"] == HIDDEN


GRANT = "mutation($input: GrantRoleInput!) { grantRole(input: $input) { grant { id } userErrors { code } } }"


async def test_a_program_passes_nothing_on(office: Office, people: dict[str, Who]) -> None:
    """Whatever it holds; to it there are no commands."""
    await office.root("机", "county_admin", COUNTY)
    await office.api.connection.execute("UPDATE account SET kind = 'PROGRAM' WHERE name = '机'")
    assert await office.refused(("机", ""), people["员"], "partner", TOWN) == "GRAPHQL_VALIDATION_FAILED"


async def test_a_grant_that_is_there_already_and_days_that_cannot_be(office: Office, people: dict[str, Who]) -> None:
    """The same role at the same seat at the same time; one after the other is not the same time."""
    community, person = people["社区"], people["员"]
    await office.grant(community, person, "member", CAPTAIN, until=day(5))
    assert await office.refused(community, person, "member", CAPTAIN) == ("TAKEN", "role")
    assert await office.refused(community, person, "member", CAPTAIN, since=day(5)) == ("TAKEN", "role")
    await office.grant(community, person, "member", CAPTAIN, since=day(6), until=day(9))
    assert await office.refused(community, person, "member", GRID, since=day(-1)) == ("INVALID", "since")
    assert await office.refused(community, person, "member", GRID, until=day(-1)) == ("INVALID", "until")
    assert await office.refused(community, person, "member", GRID, since=day(9), until=day(8)) == ("INVALID", "until")
    assert await office.refused(community, person, "member", GRID, reason=" ") == ("INVALID", "reason")


async def test_a_company_s_seat_reaches_where_the_company_works_today(office: Office, people: dict[str, Who]) -> None:
    """With a compound in the next county it is for someone above both; without it, for the county."""
    county, person = people["县"], await office.hire(people["县"], "书记", COUNTY)
    await office.api.connection.execute(
        "INSERT INTO compound (id, unit_path, name, folded, pinyin, grams)"
        " VALUES ($1, $2, '外县小区', 'x', 'x x', '{}')",
        *(id_of("外县小区"), path_of(OTHER_COUNTY)),
    )
    await office.api.connection.execute(
        "INSERT INTO management_contract (id, compound_id, unit_path, company_id, since)"
        " VALUES (gen_random_uuid(), $1, $2, $3, current_date)",
        *(id_of("外县小区"), path_of(OTHER_COUNTY), id_of("演示物业公司")),
    )
    assert await office.refused(county, person, "company_secretary", COMPANY) == "FORBIDDEN"
    city = await office.root("市", "county_admin", CITY)
    grant = await office.grant(city, person, "company_secretary", COMPANY)
    await office.revoke(city, grant)
    await office.api.connection.execute("DELETE FROM management_contract WHERE unit_path = $1", path_of(OTHER_COUNTY))
    await office.grant(county, person, "company_secretary", COMPANY)


async def test_a_captain_s_seat_reaches_the_buildings_of_today(office: Office, people: dict[str, Who]) -> None:
    """A member who is captain in the community beside is not for this community to give an account."""
    move = "UPDATE compound SET unit_path = $1 WHERE name = '演示小区'"
    await office.api.connection.execute("DELETE FROM branch_coverage")
    await office.api.connection.execute(move, path_of(OTHER))
    assert await office.refused(people["社区"], people["员"], "captain", CAPTAIN) == "FORBIDDEN"
    await office.grant(people["镇"], people["员"], "captain", CAPTAIN)


async def test_a_grant_to_come_or_over_gives_nothing_to_pass_on(office: Office, people: dict[str, Who]) -> None:
    """Nor one that was revoked."""
    person = people["员"]
    for how in ("since = now() + interval '1 hour'", "until = now()", "revoked_at = now()"):
        acting = await office.root(f"代理 {how}", "county_admin", COUNTY)
        name = acting[0].replace("'", "''")
        await office.api.connection.execute(
            f"UPDATE role_grant SET {how} WHERE account_id = (SELECT id FROM account WHERE name = '{name}')"
        )
        assert await office.refused(acting, person, "auditor", COUNTY) == HIDDEN


# --- revoking ---------------------------------------------------------------------------------------------------------


async def test_nobody_revokes_above_or_beside_or_what_their_own_rests_on(office: Office, chain: Chain) -> None:
    """A peer does; a deputy does not revoke whose deputy they are; hidden grants are as if they were not."""
    county, town, community, (first, second) = chain
    (root,) = (await office.api.data(county, "{ viewer { grants { id } } }"))["viewer"]["grants"]
    assert await office.not_revoked(town, root["id"]) == HIDDEN
    assert await office.not_revoked(community, first) == HIDDEN
    deputy, other = await office.hire(town, "副镇", TOWN), await office.hire(county, "二镇", TOWN)
    under = await office.grant(town, deputy, "town_admin", TOWN)
    peer = await office.grant(county, other, "town_admin", TOWN)
    assert await office.not_revoked(deputy, first) == "FORBIDDEN"
    auditor = await office.hire(county, "审计", COUNTY)
    await office.grant(county, auditor, "auditor", COUNTY)
    assert await office.not_revoked(auditor, second) == "FORBIDDEN"
    await office.revoke(deputy, peer)
    below = [("社区", "community_admin", False), ("副镇", "town_admin", False)]
    assert await office.revoke(county, first, keepIds=[second, under]) == below
    await office.revoke(county, under)


async def test_a_committee_is_not_the_town_s_to_dismiss(office: Office, chain: Chain) -> None:
    """Who sits within the subtree in a role that may more is not to be revoked by those who may less."""
    county, town, _, _ = chain
    await office.api.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path) SELECT gen_random_uuid(), id, 'county_admin', $1"
        " FROM account WHERE name = '测试账号'",
        path_of(TOWN),
    )
    grants = await office.api.data(town, "{ grants(filter: {role: [county_admin]}) { nodes { id } } }")
    (above,) = grants["grants"]["nodes"]
    assert await office.not_revoked(town, above["id"]) == "FORBIDDEN"
    await office.revoke(county, above["id"])


async def test_a_cascade_takes_only_what_is_the_revoker_s_to_revoke(office: Office, chain: Chain) -> None:
    """A community that moved to another county since keeps its administrator, and is not told of."""
    county, _, community, (first, second) = chain
    await office.api.connection.execute("DELETE FROM branch_coverage")
    await office.api.connection.execute(
        "UPDATE org_unit SET parent_path = $1 WHERE code = $2", path_of("350524100"), COMMUNITY
    )
    assert await office.revoke(county, first, cascade=True) == []
    assert COMMUNITY in await office.units(community)
    assert await office.not_revoked(county, second) == HIDDEN


# --- accounts ---------------------------------------------------------------------------------------------------------


async def test_an_account_that_holds_more_is_not_one_s_to_change_or_close(office: Office, chain: Chain) -> None:
    """Though its home is here: who could sign in as it would hold what they could not be granted."""
    county, town, community, _ = chain
    senior = await office.hire(town, "前辈", COMMUNITY)
    grant = await office.grant(county, senior, "town_admin", TOWN)
    account = {"id": office.accounts["前辈"]}
    change: dict[str, Any] = {**account, "version": 1, "login": "qianbei"}
    assert await office.api.attempt(community, "updateAccount", **change) == "FORBIDDEN"
    assert await office.api.attempt(community, "closeAccount", **account, reason="离职") == "FORBIDDEN"
    own = {"id": office.accounts["镇"], "reason": "退休"}
    assert told(await office.api.attempt(town, "closeAccount", **own)) == ("INVALID", "id")
    await office.revoke(county, grant)
    await office.api.do(community, "updateAccount", "", **change)


async def test_a_login_is_kept_as_it_is_looked_for(office: Office, chain: Chain) -> None:
    """However it was typed; and what nobody could type when signing in is none."""
    _, _, community, _ = chain
    made = {"unitId": unit(COMMUNITY), "name": "员"}
    shown = "account { signIn { login } }"
    first = await office.api.do(community, "createAccount", shown, **made, login=" Lin.ＭＥＩ ")
    assert first["account"]["signIn"] == {"login": "350521-lin.mei"}
    assert told(await office.api.attempt(community, "createAccount", **made, login="LIN.MEI")) == ("TAKEN", "login")
    assert told(await office.api.attempt(community, "createAccount", **made, login="lin mei")) == ("INVALID", "login")


async def test_a_login_is_of_its_county(office: Office, chain: Chain) -> None:
    """Taken is told of one's own county only; another's code is refused, whether or not anybody has the login."""
    county, *_ = chain
    elsewhere = await office.root("安溪", "county_admin", OTHER_COUNTY)
    city = await office.root("市", "county_admin", CITY)
    await office.hire(elsewhere, "甲", OTHER_COUNTY, login="lin.mei")
    shown = "account { signIn { login } }"

    async def given(by: Who, at: str, login: str) -> Any:
        payload = await office.api.attempt(by, "createAccount", shown, unitId=unit(at), name="员", login=login)
        return payload["account"]["signIn"]["login"] if payload["account"] else told(payload)

    assert await given(county, COMMUNITY, "lin.mei") == "350521-lin.mei"
    assert await given(county, TOWN, "350521-lin.mei") == ("TAKEN", "login")
    assert await given(county, TOWN, "350524-lin.mei") == ("INVALID", "login")
    assert await given(county, TOWN, "350524-nobody") == ("INVALID", "login")
    assert await given(county, TOWN, "999999-lin.mei") == ("INVALID", "login")
    assert await given(county, TOWN, "3505-lin.mei") == ("INVALID", "login")
    assert await given(county, TOWN, "13900000000-a") == "350521-13900000000-a"
    assert await given(county, TOWN, "３５０５２１－Ａ.b") == "350521-a.b"
    assert await given(county, TOWN, "350521-") == ("INVALID", "login")
    assert await given(county, TOWN, "x" * 58) == ("INVALID", "login")
    assert await given(city, CITY, "lin.mei") == "3505-lin.mei"
    assert await given(city, COMMUNITY, "city") == "350521-city"


async def test_an_account_that_moves_gets_its_login_anew(office: Office) -> None:
    """To another county's unit only in one command; within the county it stays, however old it is."""
    city = await office.root("市", "county_admin", CITY)
    await office.hire(city, "员", COMMUNITY, login="yuan")
    await office.hire(city, "无", COMMUNITY)
    version = 1

    async def changed(who: str, version: int, **more: Any) -> Any:
        given = {"id": office.accounts[who], "version": version, **more}
        payload = await office.api.attempt(city, "updateAccount", "account { signIn { login } }", **given)
        return payload["account"]["signIn"]["login"] if payload["account"] else told(payload)

    away = {"unitId": unit(OTHER_COUNTY)}
    assert await changed("员", version, **away) == ("INVALID", "login")
    assert await changed("员", version, **away, login="350521-yuan") == ("INVALID", "login")
    assert await changed("员", version, unitId=unit(TOWN)) == "350521-yuan"
    assert await changed("员", version + 1, **away, login="yuan") == "350524-yuan"
    assert await changed("无", version, **away) is None
    await office.api.connection.execute("UPDATE account SET login = 'of.old' WHERE name = '员'")
    assert await changed("员", version + 2, name="员", login="Of.Old") == "of.old"
    assert await changed("员", version + 3, unitId=unit(COMMUNITY), login="of.old") == "350521-of.old"


async def test_a_county_that_is_recoded(office: Office) -> None:
    """Logins there are go on and may be given again; new ones begin with the new code."""
    city = await office.root("市", "county_admin", CITY)
    await office.hire(city, "员", COMMUNITY, login="yuan")
    await office.api.connection.execute("UPDATE org_unit SET code = '350506' WHERE code = '350521'")
    account = {"id": office.accounts["员"]}
    shown = "account { signIn { login } }"
    same = await office.api.do(city, "updateAccount", shown, **account, version=1, login="350521-yuan", name="员工")
    assert same["account"]["signIn"] == {"login": "350521-yuan"}
    moved = await office.api.do(city, "updateAccount", shown, **account, version=2, unitId=unit(TOWN))
    assert moved["account"]["signIn"] == {"login": "350521-yuan"}
    another = await office.api.do(city, "updateAccount", shown, **account, version=3, login="yuan.two")
    assert another["account"]["signIn"] == {"login": "350506-yuan.two"}


async def test_accounts_stay_within_one_s_own_units(office: Office, chain: Chain) -> None:
    """Not made, moved or linked beyond them; a member of somewhere else is as if there were none."""
    county, town, community, _ = chain
    await office.hire(community, "员")
    made = {"unitId": unit(OTHER), "name": "外"}
    assert await office.api.attempt(community, "createAccount", **made) == HIDDEN
    moved: dict[str, Any] = {"id": office.accounts["员"], "version": 1, "unitId": unit(OTHER)}
    assert await office.api.attempt(community, "updateAccount", **moved) == HIDDEN
    await office.api.connection.execute("UPDATE member SET unit_path = $1 WHERE name = '演示党员'", path_of(OTHER))
    linked = {"unitId": unit(COMMUNITY), "name": "冒名", "memberId": f"mb_{id_of('演示党员')}"}
    unknown = {**linked, "memberId": nobody("mb")}
    answers = [await office.api.ask(community, CREATE, input=given) for given in (linked, unknown)]
    assert answers[0] == answers[1]
    auditor = await office.hire(town, "审计", TOWN)
    await office.grant(county, auditor, "auditor", TOWN)
    assert await office.api.attempt(auditor, "createAccount", unitId=unit(TOWN), name="审") == "FORBIDDEN"
    assert await office.api.attempt(auditor, "updateAccount", **moved | {"unitId": unit(TOWN)}) == "FORBIDDEN"


CREATE = "mutation($input: CreateAccountInput!) { createAccount(input: $input) { account { id } } }"


async def test_a_deputy_does_not_change_whose_deputy_they_are(office: Office) -> None:
    """Neither their login nor anything else of their account; a peer who appointed nobody is a peer's to administer."""
    county = await office.root("县", "county_admin", COUNTY)
    deputy, peer = [await office.hire(county, name, COUNTY) for name in ("副手", "同级")]
    for each in (deputy, peer):
        await office.grant(county, each, "county_admin", COUNTY)
    for change in ({"login": None}, {"login": f"{COUNTY}-other"}, {"name": "改名"}, {"unitId": unit(TOWN)}):
        given: dict[str, Any] = {"id": office.accounts["县"], "version": 1, **change}
        assert await office.api.attempt(deputy, "updateAccount", **given) == "FORBIDDEN", change
    given = {"id": office.accounts["同级"], "version": 1, "name": "改名"}
    await office.api.do(deputy, "updateAccount", "", **given)
