"""A token whose issuer or approver lost the right: a successor answers for it within 14 days, or it ends."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from policies.decide import permissions, roles
from services.programs.ending import Ending
from services.settings import Limits
from services.storage.database import Writer
from tests.programs.office import ADMIN, COMMUNITY, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, Issued, Office, names, unit_id
from tests.programs.test_issuing import UNAUTHENTICATED, problem, rotated

CITY_ADMIN, NEIGHBOUR_TOWN = ("county_admin", "3505"), ("town_admin", "350521101")
HERE = ["北关社区居委会", "第一网格", "第二网格"]
WAITING = "{ accessTokens(filter: {toConfirm: true}) { nodes { id } } }"
CONFIRM = "mutation($id: ID!) { confirmToken(input: {id: $id, version: 1}) { userErrors { code } } }"


@pytest.fixture
async def issued(office: Office) -> Issued:
    """A token of a community's program: issued there, approved by the county."""
    made = await office.issue(ADMIN, COMMUNITY)
    await office.do(COUNTY_ADMIN, "approveToken", "", id=made.id)
    await office.connection.execute("UPDATE role_grant SET since = since - interval '1 year'")
    assert names(await office.by(made.text)) == HERE  # the actor is in memory
    return made


async def loses(office: Office, who: tuple[str, str], ago: str = "0 days") -> None:
    """Somebody lost their role so long ago."""
    account = await account_of(office, who)
    lost = f"UPDATE role_grant SET revoked_at = now() - interval '{ago}' WHERE account_id = $1"
    await office.connection.execute(lost, account)


async def account_of(office: Office, who: tuple[str, str]) -> UUID:
    """The account of an administrator."""
    of = "SELECT account_id FROM credential WHERE id = $1"
    found: UUID = await office.connection.fetchval(of, (await office.token(*who)).split("_")[1])
    return found


async def waiting(office: Office, who: tuple[str, str]) -> list[str]:
    """The tokens that wait for a successor, as someone sees them."""
    return [node["id"] for node in (await office.data(who, WAITING))["accessTokens"]["nodes"]]


async def rights(office: Office, issued: Issued, who: tuple[str, str]) -> set[str]:
    """Which of the two rights to answer for a token someone has a use for."""
    shown = await office.shown(issued, who)
    return {right for right in shown["viewerCan"] if right in ("PROGRAM_ISSUE", "PROGRAM_APPROVE")}


# --- in the place of the issuer ---------------------------------------------------------------------------------------


async def test_nobody_is_asked_while_both_may(office: Office, issued: Issued) -> None:
    assert (await office.shown(issued))["confirmBy"] is None
    for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN):
        assert await waiting(office, who) == []
        assert await rights(office, issued, who) == set()
        assert problem(await office.attempt(who, "confirmToken", "", id=issued.id)) == ("CLOSED", "id")
    assert problem(await office.attempt(CITY_ADMIN, "approveToken", "", id=issued.id)) == ("CLOSED", "id")


async def test_a_successor_confirms_what_its_issuer_may_no_longer_answer_for(office: Office, issued: Issued) -> None:
    """It goes on as before meanwhile, and afterwards; who sees it and may is told, and nobody else."""
    await loses(office, ADMIN, "13 days 23 hours")
    assert names(await office.by(issued.text)) == HERE
    shown = await office.shown(issued)
    left = datetime.fromisoformat(shown["confirmBy"]) - await office.connection.fetchval("SELECT now()")
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    assert shown["state"] == "ACTIVE"
    assert await waiting(office, TOWN_ADMIN) == await waiting(office, COUNTY_ADMIN) == [issued.id]
    assert await waiting(office, NEIGHBOUR) == []
    assert await rights(office, issued, TOWN_ADMIN) == await rights(office, issued, COUNTY_ADMIN) == {"PROGRAM_ISSUE"}
    assert await office.attempt(NEIGHBOUR, "confirmToken", "", id=issued.id) == "NOT_FOUND"
    assert await office.attempt(ADMIN, "confirmToken", "", id=issued.id) == "NOT_FOUND"
    assert await office.by(issued.text, CONFIRM, id=issued.id) == "GRAPHQL_VALIDATION_FAILED"
    await office.do(TOWN_ADMIN, "confirmToken", "", id=issued.id)
    shown = await office.shown(issued)
    assert (shown["confirmBy"], shown["confirmedByName"]) == (None, "test town_admin 350521100")
    assert shown["issuedByName"] == f"test community_admin {COMMUNITY}"
    assert await waiting(office, COUNTY_ADMIN) == []
    assert names(await office.by(issued.text)) == HERE
    entries = "SELECT count(*) FROM audit_entry WHERE command = 'confirmToken'"
    assert await office.connection.fetchval(entries) == 1


async def test_nobody_is_asked_to_confirm_what_is_revoked(office: Office, issued: Issued) -> None:
    await loses(office, ADMIN)
    assert (await office.shown(issued))["confirmBy"] is not None
    await office.do(COUNTY_ADMIN, "revokeToken", "", id=issued.id, reason="不再需要")
    assert (await office.shown(issued))["confirmBy"] is None


async def test_nobody_is_asked_to_confirm_what_ends_first_anyway(office: Office, issued: Issued) -> None:
    """As one in its overlap: nothing prolongs it. What follows it waits for who answers for that, if it has to."""
    following = await rotated(office, issued)
    await loses(office, ADMIN)
    await loses(office, COUNTY_ADMIN)
    first, second = [await office.shown(each, CITY_ADMIN) for each in (issued, following)]
    assert (first["state"], first["confirmBy"]) == ("ACTIVE", None)
    assert second["confirmBy"] is not None
    assert await waiting(office, TOWN_ADMIN) == await waiting(office, CITY_ADMIN) == [following.id]
    assert await rights(office, issued, CITY_ADMIN) == set()
    for command in ("confirmToken", "approveToken"):
        assert problem(await office.attempt(CITY_ADMIN, command, "", id=issued.id)) == ("CLOSED", "id")
    assert names(await office.by(issued.text)) == HERE


async def test_what_expires_with_the_fourteen_days_needs_nobody(office: Office, issued: Issued) -> None:
    """And a moment after them it does."""
    await loses(office, ADMIN)
    over = "UPDATE credential SET expires_at = g.revoked_at + interval '14 days' + $2::interval FROM role_grant g"
    over += " WHERE g.account_id = credential.issued_by AND credential.id = $1"
    for more, asked in ((timedelta(0), []), (timedelta(seconds=1), [issued.id])):
        await office.connection.execute(over, issued.credential, more)
        assert await waiting(office, TOWN_ADMIN) == asked
        assert await rights(office, issued, TOWN_ADMIN) == ({"PROGRAM_ISSUE"} if asked else set())
    await office.do(TOWN_ADMIN, "confirmToken", "", id=issued.id)


async def test_what_waits_for_approval_and_ends_first_is_approved(office: Office) -> None:
    """Its issuer is not missed: who approves it lets it stand until it is over."""
    made = await office.issue(ADMIN, COMMUNITY, days=3)
    await loses(office, ADMIN)
    assert (await office.shown(made))["confirmBy"] is None
    assert await waiting(office, COUNTY_ADMIN) == []
    assert await rights(office, made, COUNTY_ADMIN) == {"PROGRAM_APPROVE"}
    assert problem(await office.attempt(COUNTY_ADMIN, "confirmToken", "", id=made.id)) == ("CLOSED", "id")
    await office.do(COUNTY_ADMIN, "approveToken", "", id=made.id)
    assert names(await office.by(made.text)) == HERE


async def test_it_ends_where_nobody_did_and_stays_ended(office: Office, issued: Issued) -> None:
    """Also where its issuer is granted the role again; what has ended is refused to whoever would confirm it."""
    await loses(office, ADMIN, "14 days")
    assert await office.by(issued.text) == UNAUTHENTICATED
    assert (await office.shown(issued))["state"] == "UNCONFIRMED"
    assert await waiting(office, COUNTY_ADMIN) == []
    assert await rights(office, issued, TOWN_ADMIN) == set()
    for command in ("confirmToken", "approveToken"):
        assert problem(await office.attempt(COUNTY_ADMIN, command, "", id=issued.id)) == ("CLOSED", "id")
    await office.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path) SELECT gen_random_uuid(), $1, 'community_admin', path"
        " FROM org_unit WHERE code = $2",
        await account_of(office, ADMIN),
        COMMUNITY,
    )
    assert await office.by(issued.text) == UNAUTHENTICATED
    assert (await office.shown(issued))["state"] == "UNCONFIRMED"


async def test_what_has_ended_does_not_come_back_with_its_unit(office: Office) -> None:
    """It would, where the unit goes back to under those who vouched: where it was meanwhile is not known then."""
    made = await office.issue(TOWN_ADMIN, COMMUNITY)
    await office.do(COUNTY_ADMIN, "approveToken", "", id=made.id)
    moved = await unit_id(office, COMMUNITY)
    writer = Writer(office.url, Limits())
    for to in ("350521101", "350521100"):
        await office.do(COUNTY_ADMIN, "moveUnit", "", id=moved, parentId=await unit_id(office, to))
        await Ending(writer).end()
        if to == "350521101":
            assert names(await office.by(made.text)) == HERE
        await office.connection.execute("UPDATE program SET moved_at = now() - interval '20 days'")
        await Ending(writer).end()
        assert await office.by(made.text) == UNAUTHENTICATED
        assert (await office.shown(made))["state"] == "UNCONFIRMED"
    await writer.close()


async def test_who_confirmed_answers_for_it_from_then_on(office: Office, issued: Issued) -> None:
    await loses(office, ADMIN)
    await office.do(TOWN_ADMIN, "confirmToken", "", id=issued.id)
    await loses(office, ADMIN, "99 days")
    assert names(await office.by(issued.text)) == HERE
    await loses(office, TOWN_ADMIN, "14 days")
    assert await office.by(issued.text) == UNAUTHENTICATED


async def test_a_successor_answers_for_no_longer_than_they_hold(office: Office, issued: Issued) -> None:
    await office.token(*TOWN_ADMIN)
    short = "UPDATE role_grant SET until = now() + interval '9 days' WHERE role = 'town_admin'"
    await office.connection.execute(short)
    await loses(office, ADMIN)
    assert problem(await office.attempt(TOWN_ADMIN, "confirmToken", "", id=issued.id)) == ("OUT_OF_REACH", "id")


# --- in the place of the approver -------------------------------------------------------------------------------------


async def test_what_its_approver_may_no_longer_answer_for_is_approved_anew(office: Office, issued: Issued) -> None:
    await loses(office, COUNTY_ADMIN, "13 days")
    assert names(await office.by(issued.text)) == HERE
    assert await rights(office, issued, CITY_ADMIN) == {"PROGRAM_APPROVE"}
    assert await rights(office, issued, TOWN_ADMIN) == set()
    assert problem(await office.attempt(TOWN_ADMIN, "confirmToken", "", id=issued.id)) == ("CLOSED", "id")
    assert await office.attempt(TOWN_ADMIN, "approveToken", "", id=issued.id) == "FORBIDDEN"
    await office.do(CITY_ADMIN, "approveToken", "", id=issued.id)
    shown = await office.shown(issued, CITY_ADMIN)
    assert (shown["confirmBy"], shown["approvedByName"]) == (None, "test county_admin 3505")
    assert await rights(office, issued, CITY_ADMIN) == set()


async def test_without_an_approver_it_ends_as_without_an_issuer(office: Office, issued: Issued) -> None:
    await loses(office, COUNTY_ADMIN, "14 days")
    assert await office.by(issued.text) == UNAUTHENTICATED
    assert problem(await office.attempt(CITY_ADMIN, "approveToken", "", id=issued.id)) == ("CLOSED", "id")


async def test_who_confirmed_it_does_not_approve_it(office: Office, issued: Issued) -> None:
    """Nor whoever issued it, whatever they were given since."""
    for who in (ADMIN, TOWN_ADMIN):
        await promoted(office, who)
    await loses(office, COUNTY_ADMIN)
    assert await office.attempt(ADMIN, "approveToken", "", id=issued.id) == "FORBIDDEN"
    confirmed = "UPDATE credential SET confirmed_by = $1, confirmed_at = now() WHERE id = $2"
    await office.connection.execute(confirmed, await account_of(office, TOWN_ADMIN), issued.credential)
    assert await office.attempt(TOWN_ADMIN, "approveToken", "", id=issued.id) == "FORBIDDEN"
    await office.do(ADMIN, "approveToken", "", id=issued.id)


async def promoted(office: Office, who: tuple[str, str]) -> None:
    """Somebody is given the county as well."""
    await office.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path) SELECT gen_random_uuid(), $1, 'county_admin', path"
        " FROM org_unit WHERE code = '350521'",
        await account_of(office, who),
    )


# --- both -------------------------------------------------------------------------------------------------------------


async def test_the_county_answers_for_both_as_when_it_issues(office: Office) -> None:
    """In one go, where one person may."""
    issued = await office.issue()
    await office.connection.execute("UPDATE role_grant SET since = since - interval '1 year'")
    await loses(office, COUNTY_ADMIN, "1 day")
    await office.do(CITY_ADMIN, "confirmToken", "", id=issued.id)
    shown = await office.shown(issued, CITY_ADMIN)
    assert shown["confirmBy"] is None
    assert shown["approvedByName"] == shown["confirmedByName"] == "test county_admin 3505"


async def test_what_two_answered_for_waits_for_two_where_that_is_set(office: Office, issued: Issued) -> None:
    office.approve_by_two()
    await promoted(office, TOWN_ADMIN)
    await loses(office, ADMIN)
    assert await office.attempt(COUNTY_ADMIN, "confirmToken", "", id=issued.id) == "FORBIDDEN"
    await loses(office, COUNTY_ADMIN)
    await office.do(CITY_ADMIN, "confirmToken", "", id=issued.id)
    assert (await office.shown(issued, CITY_ADMIN))["confirmBy"] is not None
    assert await office.attempt(CITY_ADMIN, "approveToken", "", id=issued.id) == "FORBIDDEN"
    await office.do(TOWN_ADMIN, "approveToken", "", id=issued.id)
    assert (await office.shown(issued, CITY_ADMIN))["confirmBy"] is None


async def test_a_town_confirms_and_leaves_the_approval_to_the_county(office: Office, issued: Issued) -> None:
    for who in (ADMIN, COUNTY_ADMIN):
        await loses(office, who, "3 days")
    await office.do(TOWN_ADMIN, "confirmToken", "", id=issued.id)
    shown = await office.shown(issued, CITY_ADMIN)
    assert (shown["approvedByName"], shown["state"]) == ("test county_admin 350521", "ACTIVE")
    assert await waiting(office, TOWN_ADMIN) == [issued.id]
    assert await rights(office, issued, CITY_ADMIN) == {"PROGRAM_APPROVE"}


# --- before and after -------------------------------------------------------------------------------------------------


async def test_what_waits_for_approval_waits_for_its_issuer_as_well(office: Office) -> None:
    """The county does both at once; after 14 days nobody does."""
    first, second = await office.issue(ADMIN, COMMUNITY), await office.issue(ADMIN, COMMUNITY)
    await office.connection.execute("UPDATE role_grant SET since = since - interval '1 year'")
    await loses(office, ADMIN, "13 days")
    assert (await office.shown(first))["state"] == "PENDING"
    await office.do(COUNTY_ADMIN, "confirmToken", "", id=first.id)
    assert names(await office.by(first.text)) == HERE
    await loses(office, ADMIN, "14 days")
    assert (await office.shown(second))["state"] == "UNCONFIRMED"
    assert problem(await office.attempt(COUNTY_ADMIN, "approveToken", "", id=second.id)) == ("CLOSED", "id")


async def test_a_rotated_token_is_the_rotator_s_and_approved_by_whoever_may(office: Office, issued: Issued) -> None:
    by_town = await rotated(office, issued)
    assert (await office.shown(by_town))["approvedByName"] == "test county_admin 350521"
    by_city = await rotated(office, by_town, CITY_ADMIN)
    for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN):
        await loses(office, who, "15 days")
    assert await office.by(issued.text) == await office.by(by_town.text) == UNAUTHENTICATED
    assert names(await office.by(by_city.text)) == HERE


async def test_what_the_database_s_owner_issued_needs_nobody(office: Office, issued: Issued) -> None:
    nobody = "UPDATE credential SET issued_by = NULL, approved_by = NULL WHERE id = $1"
    await office.connection.execute(nobody, issued.credential)
    for who in (ADMIN, COUNTY_ADMIN):
        await loses(office, who, "99 days")
    assert names(await office.by(issued.text)) == HERE
    assert (await office.shown(issued, CITY_ADMIN))["confirmBy"] is None


async def test_a_unit_that_moves_waits_for_who_is_above_it_now(office: Office) -> None:
    """Whoever vouched from above where it was held the right until then; the 14 days are counted from the move."""
    made = await office.issue(TOWN_ADMIN, COMMUNITY)
    await office.do(COUNTY_ADMIN, "approveToken", "", id=made.id)
    moved, to = await unit_id(office, COMMUNITY), await unit_id(office, "350521101")
    await office.do(COUNTY_ADMIN, "moveUnit", "", id=moved, parentId=to)
    assert names(await office.by(made.text)) == HERE
    shown = await office.shown(made)
    left = datetime.fromisoformat(shown["confirmBy"]) - await office.connection.fetchval("SELECT now()")
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)
    assert await waiting(office, TOWN_ADMIN) == []
    assert await waiting(office, NEIGHBOUR_TOWN) == [made.id]
    await office.do(NEIGHBOUR_TOWN, "confirmToken", "", id=made.id)
    assert (await office.shown(made))["confirmBy"] is None
    other = await rotated(office, made, NEIGHBOUR_TOWN)
    await office.connection.execute("UPDATE program SET moved_at = now() - interval '14 days'")
    was = "UPDATE credential SET issued_by = $1, confirmed_by = NULL, confirmed_at = NULL WHERE id = $2"
    await office.connection.execute(was, await account_of(office, TOWN_ADMIN), made.credential)
    assert await office.by(made.text) == UNAUTHENTICATED
    assert names(await office.by(other.text)) == HERE


def test_whoever_rotates_may_issue() -> None:
    """A rotated token's issuer is whoever rotated it; without that right it would end in 14 days."""
    rotators = {role for role in roles() if ("program", "rotate") in permissions(role)}
    assert rotators
    assert all(("program", "issue") in permissions(role) for role in rotators)
