"""Tokens of partners: issued, approved, rotated, revoked, and what nobody can make of them."""

import asyncio
from typing import Any

import pytest

from policies.decide import permissions
from services.access.sessions import used
from services.site import Site
from services.storage.database import connected
from services.storage.transaction import Transaction
from services.terms import CHINA
from tests.programs.office import (
    ADMIN,
    AUDITOR,
    COMMUNITY,
    COUNTY_ADMIN,
    NEIGHBOUR,
    TOWN,
    TOWN_ADMIN,
    Issued,
    Office,
    names,
    unit_id,
)
from tests.writes.street import nobody

IN_TOWN = ["螺城镇", "北关社区居委会", "第一网格", "第二网格", "西北社区居委会"]
UNAUTHENTICATED = "UNAUTHENTICATED"


def problem(payload: Any) -> tuple[str, str]:
    """The code and the field of the only thing to correct."""
    (found,) = payload["userErrors"]
    return found["code"], found["field"][-1]


# --- issuing ----------------------------------------------------------------------------------------------------------


async def test_a_token_reads_what_it_was_issued_for_and_nothing_else(office: Office) -> None:
    issued = await office.issue()
    assert names(await office.by(issued.text)) == IN_TOWN
    assert await office.by(issued.text, "{ partyOrganizations { totalCount } }") == "GRAPHQL_VALIDATION_FAILED"
    assert await office.by(issued.text, '{ orgUnit(by: {code: "350521101"}) { name } }') == {"orgUnit": None}
    shown = await office.shown(issued)
    assert shown["state"] == "ACTIVE"
    assert shown["approvedByName"] == shown["issuedByName"] == "test county_admin 350521"
    assert shown["program"]["entities"] == ["unit"]
    assert shown["program"]["until"] == shown["expiresAt"]


async def test_the_text_is_shown_once(office: Office) -> None:
    """Not in a dry run, not to a retry, and nowhere in the database."""
    given: dict[str, Any] = {"idempotencyKey": "once"}
    first = await office.attempt_to_issue(**given)
    again = await office.attempt_to_issue(**given)
    assert again == {**first, "token": None}
    assert (await office.attempt_to_issue(dryRun=True))["token"] is None
    secret = first["token"].split("_")[2]
    tables = await office.connection.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    for table in tables:
        assert not await office.connection.fetchval(
            f'SELECT count(*) FROM "{table["name"]}" t WHERE t::text LIKE $1', f"%{secret}%"
        )


async def test_a_dry_run_leaves_no_program(office: Office) -> None:
    await office.attempt_to_issue(dryRun=True)
    assert await office.connection.fetchval("SELECT count(*) FROM program") == 0
    assert await office.connection.fetchval("SELECT count(*) FROM account WHERE kind = 'PROGRAM'") == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        *(({"days": days}, ("INVALID", "days")) for days in (0, 367)),
        ({"entities": []}, ("INVALID", "entities")),
        ({"entities": ["unit", "nothing"]}, ("INVALID", "entities")),
        ({"entities": ["audit"]}, ("INVALID", "entities")),
        ({"entities": ["member", "post"]}, ("INCOMPLETE", "entities")),
        ({"entities": ["member.contact"]}, ("INVALID", "entities")),
        ({"entities": ["account"]}, ("INVALID", "entities")),
        ({"budgetPerMinute": 0}, ("INVALID", "budgetPerMinute")),
        ({"smallestCell": 1}, ("INVALID", "smallestCell")),
        ({"operationIds": []}, ("INVALID", "operationIds")),
        ({"name": " "}, ("INVALID", "name")),
        ({"agency": ""}, ("INVALID", "agency")),
    ],
)
async def test_what_a_token_cannot_be_issued_for(office: Office, given: Any, told: tuple[str, str]) -> None:
    payload = await office.attempt_to_issue(**given)
    assert problem(payload) == told
    assert payload["token"] is None
    assert await office.connection.fetchval("SELECT count(*) FROM account WHERE kind = 'PROGRAM'") == 0


async def test_nobody_issues_where_they_may_not(office: Office) -> None:
    """Beside one's seat is as if it were not there; a role that may not is refused."""
    elsewhere = await unit_id(office, "350524100")
    assert await office.attempt_to_issue(ADMIN, unitId=elsewhere) == "NOT_FOUND"
    assert await office.attempt_to_issue(ADMIN, unitId=nobody("ou")) == "NOT_FOUND"
    assert await office.attempt_to_issue(NEIGHBOUR, COMMUNITY) == "NOT_FOUND"
    assert await office.attempt_to_issue(AUDITOR, TOWN) == "FORBIDDEN"
    issued = await office.issue()
    command = 'mutation($id: ID!) { revokeToken(input: {id: $id, version: 1, reason: "x"}) { userErrors { code } } }'
    assert await office.by(issued.text, command, id=issued.id) == "GRAPHQL_VALIDATION_FAILED"
    assert (await office.shown(issued))["state"] == "ACTIVE"


async def test_nobody_issues_for_longer_than_they_hold(office: Office) -> None:
    await office.token(*ADMIN)
    until = await office.connection.fetchval(
        "UPDATE role_grant SET until = now() + interval '10 days' WHERE role = 'community_admin' RETURNING until"
    )
    refused = await office.attempt_to_issue(ADMIN, COMMUNITY, days=11)
    assert problem(refused) == ("OUT_OF_REACH", "days")
    assert f"{until.astimezone(CHINA):%Y-%m-%d %H:%M}+08:00" in refused["userErrors"][0]["message"]
    assert (await office.attempt_to_issue(ADMIN, COMMUNITY, days=9))["userErrors"] == []


async def test_nobody_gives_what_they_do_not_hold(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A role that may issue and does not read buildings cannot let a program read them."""

    def fewer(role: str) -> frozenset[tuple[str, str]]:
        return permissions(role) - {("building", "read")} if role == "community_admin" else permissions(role)

    monkeypatch.setattr("policies.programs.permissions", fewer)
    wanted = {"entities": ["unit", "building"]}
    assert problem(await office.attempt_to_issue(ADMIN, COMMUNITY, **wanted)) == ("OUT_OF_REACH", "entities")
    assert (await office.attempt_to_issue(COUNTY_ADMIN, COMMUNITY, **wanted))["userErrors"] == []


async def test_a_token_never_inherits_its_issuer(office: Office) -> None:
    """It has an account of its own and one grant; the issuer's rights and what becomes of them are theirs."""
    issued = await office.issue()
    viewer = (await office.by(issued.text, "{ viewer { name grants { role seatName } } }"))["viewer"]
    assert viewer == {"name": "大屏", "grants": [{"role": "partner", "seatName": "螺城镇"}]}
    kind = await office.connection.fetchval(
        "SELECT a.kind FROM account a JOIN credential c ON c.account_id = a.id WHERE c.id = $1", issued.credential
    )
    assert kind == "PROGRAM"
    under = await office.connection.fetchval("SELECT g.role FROM role_grant p JOIN role_grant g ON g.id = p.under_id")
    assert under == "county_admin"


async def test_naming_its_grant_frees_a_program_of_nothing(office: Office) -> None:
    """The terms are the program's, whichever of its grants counts."""
    from uuid import UUID

    from schema.kit.faults import Refusals
    from schema.pipeline.run.asked import Asked

    issued = await office.issue()
    grants = (await office.by(issued.text, "{ viewer { grants { id } } }"))["viewer"]["grants"]
    (grant,) = (UUID(each["id"].removeprefix("gr_")) for each in grants)
    answer = await office._writing.answer(Asked("{ orgUnits { totalCount } }", None, {}, grant=grant), issued.text)
    assert answer.body == b'{"orgUnits":{"totalCount":5}}'
    with pytest.raises(Refusals, match="Cannot query field 'partyOrganizations'"):
        await office._writing.answer(Asked("{ partyOrganizations { totalCount } }", None, {}, grant=grant), issued.text)


# --- approving --------------------------------------------------------------------------------------------------------


async def test_what_the_county_did_not_issue_waits_for_the_county(office: Office) -> None:
    issued = await office.issue(TOWN_ADMIN)
    assert (await office.shown(issued))["state"] == "PENDING"
    assert await office.by(issued.text) == UNAUTHENTICATED
    assert await office.attempt(TOWN_ADMIN, "approveToken", "", id=issued.id) == "FORBIDDEN"
    assert await office.attempt(NEIGHBOUR, "approveToken", "", id=issued.id) == "NOT_FOUND"
    assert await office.by(issued.text) == UNAUTHENTICATED
    await office.do(COUNTY_ADMIN, "approveToken", "accessToken { state }", id=issued.id)
    assert names(await office.by(issued.text)) == IN_TOWN
    shown = await office.shown(issued)
    assert (shown["issuedByName"], shown["approvedByName"]) == (
        "test town_admin 350521100",
        "test county_admin 350521",
    )
    assert problem(await office.attempt(COUNTY_ADMIN, "approveToken", "", id=issued.id)) == ("CLOSED", "id")


async def test_a_pending_token_is_refused_in_the_words_of_one_that_never_was(office: Office) -> None:
    from policies.actor import make_token
    from schema.pipeline.run.asked import Asked

    pending = (await office.issue(TOWN_ADMIN)).text
    told = set()
    for token in (pending, make_token()[1]):
        with pytest.raises(Exception, match="UNAUTHENTICATED") as refused:
            await office._writing.answer(Asked("{ __typename }", None, {}), token)
        told.add((refused.value.args, refused.value.text.zh, refused.value.headers))  # type: ignore[attr-defined]
    assert len(told) == 1


async def test_nobody_approves_what_they_issued(office: Office) -> None:
    """Not after they were given the county either."""
    issued = await office.issue(TOWN_ADMIN)
    town = await office.connection.fetchval("SELECT account_id FROM role_grant WHERE role = 'town_admin'")
    await office.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path) SELECT gen_random_uuid(), $1, 'county_admin', path"
        " FROM org_unit WHERE code = '350521'",
        town,
    )
    assert await office.attempt(TOWN_ADMIN, "approveToken", "", id=issued.id) == "FORBIDDEN"
    assert await office.by(issued.text) == UNAUTHENTICATED


async def test_a_token_that_was_revoked_while_it_waited_cannot_be_approved(office: Office) -> None:
    issued = await office.issue(TOWN_ADMIN)
    await office.do(TOWN_ADMIN, "revokeToken", "", id=issued.id, reason="不再需要")
    assert problem(await office.attempt(COUNTY_ADMIN, "approveToken", "", id=issued.id)) == ("CLOSED", "id")
    assert await office.by(issued.text) == UNAUTHENTICATED


# --- rotating ---------------------------------------------------------------------------------------------------------


async def rotated(office: Office, issued: Issued, who: tuple[str, str] = TOWN_ADMIN, **given: Any) -> Issued:
    """The token that follows another."""
    said = {"id": issued.id, "overlapHours": 1, "days": 20, **given}
    payload = await office.do(who, "rotateToken", "token accessToken { id }", **said)
    return Issued(payload["token"], payload["accessToken"]["id"])


async def test_both_tokens_stand_during_the_overlap_and_no_longer(office: Office) -> None:
    old = await office.issue()
    new = await rotated(office, old)
    assert names(await office.by(old.text)) == names(await office.by(new.text)) == IN_TOWN
    assert (await office.shown(new))["replaces"] == {"id": old.id}
    assert (await office.shown(new))["program"]["id"] == (await office.shown(old))["program"]["id"]
    left = await office.connection.fetchval(
        "SELECT expires_at - now() <= interval '1 hour' AND expires_at > now() FROM credential WHERE id = $1",
        old.credential,
    )
    assert left
    await office.connection.execute("UPDATE credential SET expires_at = now() WHERE id = $1", old.credential)
    assert await office.by(old.text) == UNAUTHENTICATED
    assert names(await office.by(new.text)) == IN_TOWN
    assert (await office.shown(old))["state"] == "EXPIRED"


async def test_without_overlap_the_old_token_ends_at_once(office: Office) -> None:
    old = await office.issue()
    assert names(await office.by(old.text)) == IN_TOWN
    new = await rotated(office, old, overlapHours=0)
    assert await office.by(old.text) == UNAUTHENTICATED
    assert names(await office.by(new.text)) == IN_TOWN


async def test_an_overlap_never_prolongs_the_old_token(office: Office) -> None:
    old = await office.issue()
    await office.connection.execute(
        "UPDATE credential SET expires_at = now() + interval '5 minutes' WHERE id = $1", old.credential
    )
    before = (await office.shown(old))["expiresAt"]
    await rotated(office, old, overlapHours=168)
    assert (await office.shown(old))["expiresAt"] == before


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"overlapHours": -1}, ("INVALID", "overlapHours")),
        ({"overlapHours": 169}, ("INVALID", "overlapHours")),
        ({"days": 0}, ("INVALID", "days")),
        ({"days": 31}, ("OUT_OF_REACH", "days")),
    ],
)
async def test_how_a_token_cannot_be_rotated(office: Office, given: Any, told: tuple[str, str]) -> None:
    """A day more than what was approved is not the town's to give."""
    old = await office.issue()
    said = {"id": old.id, "overlapHours": 1, "days": 20, **given}
    assert problem(await office.attempt(TOWN_ADMIN, "rotateToken", "", **said)) == told
    assert names(await office.by(old.text)) == IN_TOWN


async def test_who_may_approve_rotates_for_another_year(office: Office) -> None:
    old = await office.issue()
    new = await rotated(office, old, COUNTY_ADMIN, days=366)
    assert names(await office.by(new.text)) == IN_TOWN
    shown = await office.shown(new)
    assert shown["program"]["until"] == shown["expiresAt"]


async def test_a_token_is_rotated_once_also_when_two_try_at_the_same_time(office: Office) -> None:
    old = await office.issue()
    given = {"id": old.id, "overlapHours": 1, "days": 20}
    tries = [office.attempt(who, "rotateToken", "token", **given) for who in (TOWN_ADMIN, COUNTY_ADMIN)]
    payloads = await asyncio.gather(*tries)
    (done,) = [payload for payload in payloads if payload != "CONFLICT"]
    assert done["token"]
    again = await office.attempt(TOWN_ADMIN, "rotateToken", "token", **given)
    assert problem(again) == ("CLOSED", "id")


async def test_only_a_token_that_stands_is_rotated(office: Office) -> None:
    pending, revoked = await office.issue(TOWN_ADMIN), await office.issue()
    await office.do(COUNTY_ADMIN, "revokeToken", "", id=revoked.id, reason="x")
    for issued in (pending, revoked):
        said = {"id": issued.id, "overlapHours": 1, "days": 20}
        assert problem(await office.attempt(COUNTY_ADMIN, "rotateToken", "", **said)) == ("CLOSED", "id")


# --- ending -----------------------------------------------------------------------------------------------------------


async def test_a_revoked_token_reads_nothing_from_the_next_statement_on(office: Office) -> None:
    issued = await office.issue()
    assert names(await office.by(issued.text)) == IN_TOWN
    await office.do(TOWN_ADMIN, "revokeToken", "", id=issued.id, reason="合作结束")
    assert await office.by(issued.text) == UNAUTHENTICATED
    shown = await office.shown(issued)
    assert (shown["state"], shown["revokedFor"]) == ("REVOKED", "合作结束")
    assert problem(await office.attempt(TOWN_ADMIN, "revokeToken", "", id=issued.id, reason="x"))[0] == "CLOSED"


async def test_the_community_does_not_revoke_the_towns(office: Office) -> None:
    issued = await office.issue()
    assert await office.attempt(ADMIN, "revokeToken", "", id=issued.id, reason="x") == "NOT_FOUND"
    assert await office.attempt(ADMIN, "revokeToken", "", id=nobody("tk"), reason="x") == "NOT_FOUND"
    assert names(await office.by(issued.text)) == IN_TOWN


LONG = "now() - interval '90 days'"


@pytest.mark.parametrize(
    ("used", "approved", "state"),
    [
        ("NULL", LONG, "LAPSED"),
        (LONG, f"{LONG} - interval '1 day'", "LAPSED"),
        ("NULL", f"{LONG} + interval '1 minute'", "ACTIVE"),
        (f"{LONG} + interval '1 minute'", f"{LONG} - interval '1 day'", "ACTIVE"),
    ],
)
async def test_what_nobody_used_for_ninety_days_stands_no_longer(
    office: Office, used: str, approved: str, state: str
) -> None:
    issued = await office.issue()
    assert names(await office.by(issued.text)) == IN_TOWN  # the actor is in memory
    await office.connection.execute("UPDATE role_grant SET since = since - interval '1 year'")
    change = f"UPDATE credential SET last_used_at = {used}, approved_at = {approved} WHERE id = $1"
    await office.connection.execute(change, issued.credential)
    assert (await office.shown(issued))["state"] == state
    answer = await office.by(issued.text)
    assert (answer == UNAUTHENTICATED) is (state == "LAPSED")


async def test_last_use_is_written_once_a_day_and_waits_for_nobody(office: Office) -> None:
    """Of a token; whoever notes it again that day writes nothing. One that is busy is left for the next time."""
    issued = await office.issue()
    row = "SELECT xmin::text AS written, last_used_at FROM credential WHERE id = $1"
    async with connected(office.url) as other:

        async def noted() -> set[str]:
            async with other.transaction():
                return await used(Transaction(other), [issued.credential], Site())

        async with office.connection.transaction():
            await office.connection.execute("SELECT FROM credential WHERE id = $1 FOR UPDATE", issued.credential)
            assert await noted() == set()
        assert await noted() == {issued.credential}
        first = await office.connection.fetchrow(row, issued.credential)
        assert await noted() == {issued.credential}
        assert first is not None
        assert await office.connection.fetchrow(row, issued.credential) == first
        before = "UPDATE credential SET last_used_at = current_date - interval '1 second' WHERE id = $1"
        await office.connection.execute(before, issued.credential)
        assert await noted() == {issued.credential}
        again = await office.connection.fetchrow(row, issued.credential)
        assert again is not None
        assert first["last_used_at"] <= again["last_used_at"] == again["last_used_at"].replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ("revoked_at = now()", "REVOKED"),
        ("expires_at = now()", "EXPIRED"),
        ("approved_at = NULL", "PENDING"),
        ("approved_at = NULL, last_used_at = now()", "PENDING"),
        ("revoked_at = now(), expires_at = now(), approved_at = NULL", "REVOKED"),
    ],
)
async def test_a_token_is_active_exactly_as_long_as_it_is_answered(office: Office, change: str, state: str) -> None:
    issued = await office.issue()
    assert (await office.shown(issued))["state"] == "ACTIVE"
    await office.connection.execute(f"UPDATE credential SET {change} WHERE id = $1", issued.credential)
    assert (await office.shown(issued))["state"] == state
    assert await office.by(issued.text) == UNAUTHENTICATED


async def test_a_closed_account_has_no_active_token(office: Office) -> None:
    issued = await office.issue()
    await office.connection.execute("UPDATE account SET closed_at = now() WHERE kind = 'PROGRAM'")
    assert (await office.shown(issued))["state"] == "REVOKED"
    assert await office.by(issued.text) == UNAUTHENTICATED
