"""What others' texts and reports say of a deleted person, and which accounts are theirs."""

import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Enum, Text

from policies.people import register
from policies.tokens import Seat, issue
from services.audit.free_text import FREE_TEXT
from services.audit.persons import export_for
from services.declared import METADATA
from services.members.tables import NOBODY
from services.storage.tables import BYTEWISE, VIEW
from tests.audit.people import LOGIN, NAME, PHONE, Person, deleted, mentions
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY_ADMIN, NEIGHBOUR, OTHER, TOWN, day, made, unit_id

ELSEWHERE = "350524"
TOWN_ADMIN = ("town_admin", TOWN)
SEARCHED = ("folded", "pinyin", "grams")
# Of a person's row and account, which go themselves; and names somebody else gave what is theirs.
OWN = {
    *(f"account.{column}" for column in ("name", "password", "password_reset_for")),
    *(f"member.{column}" for column in ("name", "phone", "address", "employer")),
    *("member_profile.occupation", "household.name", "residents_team.name", "shared_resource.name"),
}
# Names of things, and what a unit or the service says to everybody.
NAMED = """
    alliance alliance_term building compound_phase department former_unit fund help_team matter_way meeting_place
    milestone need_survey org_unit owners_committee party_organization project project_phase property_company
    scoring_sheet service_secret sheet_item venue
"""
SAID_TO_ALL = """
    audit_entry.command audit_entry.operation audit_entry.request_id audit_link.command centre.address
    centre.name compound.address compound.name department_offer.department department_offer.name
    duty_item.category duty_item.name facility.address facility.name matter_result.counted_in need_count.part
    operation_term.operator point_rule.name point_rule.per program.agency project_contribution.department
    role_grant.role service_adjustment.note service_item.category service_item.description service_item.name
    service_item.operator stored_operation.name stored_operation.text survey_choice.name
    survey_choice.question
"""
PUBLISHED = {f"{table}.name" for table in NAMED.split()} | {*SAID_TO_ALL.split()}
SAID = f"交给{NAME}，电话{PHONE}，登录名{LOGIN}"
UNSAID = f"交给{NOBODY}，电话{NOBODY}，登录名{NOBODY}"


async def term_ended(api: Api, building: str, member: str, reason: str, who: tuple[str, str] = ADMIN) -> UUID:
    """The term of somebody that ended yesterday for a reason."""
    given = {"buildingId": building, "memberId": member, "since": day(-8)}
    term = await made(api, who, "assignCaptain", "captainAssignment", **given)
    await api.do(who, "endCaptainTerm", "", id=term, on=day(-1), reason=reason)
    return UUID(term[3:])


async def reason_of(api: Api, term: UUID) -> Any:
    """Why a term ended."""
    return await api.connection.fetchval("SELECT end_reason FROM captain_term WHERE id = $1", term)


async def registered(api: Api, who: tuple[str, str], unit: str, name: str) -> str:
    """A member."""
    return await made(api, who, "registerMember", "member", unitId=unit, name=name, standing="RETIRED")


async def built(api: Api, who: tuple[str, str], unit: str) -> str:
    """A building."""
    compound = await made(api, who, "createCompound", "compound", unitId=unit, name="别处小区", households=9)
    return await made(api, who, "createBuilding", "building", compoundId=compound, name="1号楼", households=9)


# --- free text --------------------------------------------------------------------------------------------------------


async def test_free_texts_of_the_county_lose_them(api: Api, someone: Person) -> None:
    """Of terms, posts, grants and tokens; by name, phone and login. A text of another county is not looked at."""
    on, other = someone.street, await unit_id(api, OTHER)
    neighbour = await registered(api, NEIGHBOUR, other, "邻居")
    term = await term_ended(api, await built(api, NEIGHBOUR, other), neighbour, SAID, NEIGHBOUR)
    post = await made(
        *(api, COUNTY_ADMIN, "appointInstructor", "post"),
        companyId=on.companies[0],
        memberId=on.members[0],
        since=day(-9),
        until=day(9),
    )
    await api.do(COUNTY_ADMIN, "endPost", "", id=post, on=day(-1), reason=SAID)
    await _granted_and_revoked(api, other)
    await _token_revoked(api, on.unit)
    far = ("county_admin", ELSEWHERE)
    given = {
        "parentId": await unit_id(api, "350524100"),
        "name": "远社区",
        "code": "350524100001",
        "level": "COMMUNITY",
    }
    there = await made(api, far, "createUnit", "orgUnit", **given)
    unheard = await term_ended(api, await built(api, far, there), await registered(api, far, there, "远人"), SAID, far)
    await deleted(api, someone)
    assert await reason_of(api, term) == UNSAID
    assert await api.connection.fetchval("SELECT end_reason FROM post WHERE id = $1", UUID(post[3:])) == UNSAID
    granted = await api.connection.fetchrow("SELECT reason, revoked_for FROM role_grant WHERE revoked_for LIKE '交给%'")
    assert granted is not None
    assert tuple(granted) == (UNSAID, UNSAID)
    assert await api.connection.fetchval("SELECT revoked_for FROM access_token WHERE revoked_for <> ''") == UNSAID
    assert await reason_of(api, unheard) == SAID
    assert await mentions(api.connection, NAME) == ["captain_term.end_reason"]


async def _granted_and_revoked(api: Api, unit: str) -> None:
    account = await made(api, COUNTY_ADMIN, "createAccount", "account", unitId=unit, name="接任者")
    given = {"seatId": unit, "accountId": account, "role": "community_admin", "reason": SAID}
    grant = await made(api, COUNTY_ADMIN, "grantRole", "grant", **given)
    await api.do(COUNTY_ADMIN, "revokeGrant", "", id=grant, reason=SAID)


async def _token_revoked(api: Api, unit: str) -> None:
    given = {"unitId": unit, "name": "程序", "agency": "单位", "days": 9, "entities": ["unit"]}
    token = await made(api, COUNTY_ADMIN, "issueToken", "accessToken", **given)
    await api.do(COUNTY_ADMIN, "revokeToken", "", id=token, reason=SAID)


async def test_why_their_terms_were_corrected_goes_whether_or_not_it_names_them(api: Api, someone: Person) -> None:
    """Like why these ended; a correction of somebody else's stays."""
    on = someone.street
    theirs = await api.connection.fetchval("SELECT id FROM captain_term WHERE member_id = $1", someone.uuid)
    other = await term_ended(api, on.buildings[1], on.members[0], "期满")
    for term, why in ((theirs, "因病住院，日期有误"), (other, "日期有误")):
        await api.do(COUNTY_ADMIN, "correctCaptainTerm", "", id=f"ca_{term}", since=day(-7), reason=why)
    await deleted(api, someone)
    noted = await api.connection.fetch("SELECT row_id, reason FROM correction")
    assert {row["row_id"]: row["reason"] for row in noted} == {theirs: NOBODY, other: "日期有误"}


@pytest.mark.parametrize("namesake", [NAME, f"{NAME}之"])
async def test_a_name_that_is_somebody_elses_too(api: Api, someone: Person, namesake: str) -> None:
    """Where they served it goes, elsewhere it may be the other's and stays."""
    other = await unit_id(api, OTHER)
    twin = await registered(api, NEIGHBOUR, other, namesake)
    there = await term_ended(api, await built(api, NEIGHBOUR, other), twin, f"{namesake}调离", NEIGHBOUR)
    here = await term_ended(api, someone.street.buildings[1], someone.street.members[0], SAID)
    await deleted(api, someone)
    assert await reason_of(api, here) == UNSAID
    assert await reason_of(api, there) == f"{namesake}调离"
    assert await api.connection.fetchval("SELECT name FROM member WHERE id = $1", UUID(twin[3:])) == namesake


async def test_the_trail_never_held_what_was_said(api: Api) -> None:
    """Why a token was revoked is a text like any other: named, without its value."""
    await _token_revoked(api, await unit_id(api, OTHER))
    said = "SELECT after ->> 'revoked_for' FROM audit_change WHERE table_name = 'access_token' AND before IS NOT NULL"
    assert await api.connection.fetchval(said) == "•"
    assert await mentions(api.connection, NAME) == ["access_token.revoked_for"]


async def test_funds_lose_them(api: Api, someone: Person) -> None:
    """What an award was for and why it was refused, and of the ledger, who gave and for what was paid."""
    fund = await made(api, ADMIN, "openFund", "fund", unitId=someone.street.unit, name="近邻基金", begunOn=day(-9))
    given = {"fundId": fund, "kind": "UNITS", "amount": "100.00", "receivedAt": f"{day(0)}T00:00:00+08:00"}
    await api.do(ADMIN, "recordDonation", "", **given, donor=f"{NAME}的公司")
    proposed = {"fundId": fund, "kind": "AID", "amount": "10.00", "persons": 1, "purpose": f"{NAME}住院"}
    paid, refused = [await made(api, ADMIN, "proposeAward", "fundAward", **proposed) for _ in range(2)]
    await api.do(TOWN_ADMIN, "approveAward", "", id=paid)
    await api.do(TOWN_ADMIN, "refuseAward", "", id=refused, answer=f"{NAME}已获帮扶")
    of_funds = {"fund_award.purpose", "fund_award.answer", "fund_entry.donor", "fund_entry.purpose"}
    assert of_funds <= {*await mentions(api.connection, NAME)}
    await deleted(api, someone)
    assert await mentions(api.connection, NAME) == []
    kept = await api.connection.fetch("SELECT donor, purpose, amount FROM fund_entry ORDER BY kind")
    assert [(row["donor"] or row["purpose"], row["amount"]) for row in kept] == [
        *((f"{NOBODY}的公司", 100), (f"{NOBODY}住院", 10)),
    ]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await api.connection.execute("UPDATE fund_entry SET purpose = 'other' WHERE kind = 'AID'")


async def test_what_the_trail_hides_is_searched(api: Api) -> None:
    """Every text is hidden in the trail and searched for whom it names, or is known to be neither: a name, a code.

    A new column that may name somebody is noticed here, and has to be in one of these lists.
    """
    rows = await api.connection.fetch(
        "SELECT tgrelid::regclass::text AS name, unnest(string_to_array(encode(tgargs, 'escape'), '\\000')) AS hidden"
        " FROM pg_trigger WHERE tgname = 'audit'"
    )
    hidden = {f"{row['name']}.{row['hidden']}" for row in rows if row["hidden"]}
    texts = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.c
        if VIEW not in table.info and isinstance(column.type, Text) and not isinstance(column.type, Enum)
        if column.type is not BYTEWISE and column.name not in SEARCHED and not column.computed
    }
    searched = {f"{table.name}.{column}" for table, column, _ in FREE_TEXT}
    assert hidden & texts - searched == OWN
    assert texts - hidden - searched == PUBLISHED
    # Of the first two the trail has no more than that they changed, and the reason of a correction is not in it.
    unsaid = ("help_request.", "home_visit.", "correction.")
    assert {each for each in searched - hidden if not each.startswith(unsaid)} == set()


# --- reports ----------------------------------------------------------------------------------------------------------

TOLD = "dependents { accountName seatName }"


async def test_reports_lose_the_person_and_nobody_of_their_name(api: Api, someone: Person) -> None:
    """By the ids of their lines: a name the account had before goes as well, a namesake's stays."""
    whose = {"unitId": someone.street.unit, "name": NAME, "memberId": someone.street.members[0]}
    other = await made(api, ADMIN, "createAccount", "account", **whose)
    given = {"seatId": someone.street.unit, "accountId": other, "role": "community_admin", "reason": "工作需要"}
    theirs = UUID((await made(api, COUNTY_ADMIN, "grantRole", "grant", **given))[3:])
    seated = {"seatId": someone.member, "accountId": other, "role": "captain", "reason": "工作需要"}
    at_theirs = UUID((await made(api, COUNTY_ADMIN, "grantRole", "grant", **seated))[3:])
    await api.connection.execute("UPDATE account SET name = '曾用名' WHERE id = $1", UUID(someone.account[3:]))
    await api.token("town_admin", TOWN)
    above = await api.connection.fetchval("SELECT id FROM role_grant WHERE role = 'town_admin'")
    rest = [UUID(someone.grant[3:]), theirs, at_theirs]
    await api.connection.execute("UPDATE role_grant SET under_id = $1 WHERE id = ANY ($2)", above, rest)
    kept = [f"gr_{each}" for each in rest]
    revoked = {"id": f"gr_{above}", "version": 1, "reason": "换届", "keepIds": kept, "idempotencyKey": "once"}
    told = (await api.do(COUNTY_ADMIN, "revokeGrant", TOLD, **revoked))["dependents"]
    unit = told[0]["seatName"]
    assert [tuple(line.values()) for line in told] == [("曾用名", unit), (NAME, unit), (NAME, NAME)]
    await api.connection.execute("UPDATE account SET name = $1 WHERE id = $2", NAME, UUID(someone.account[3:]))
    await deleted(api, someone)
    again = (await api.do(COUNTY_ADMIN, "revokeGrant", TOLD, **revoked))["dependents"]
    assert [tuple(line.values()) for line in again] == [(NOBODY, unit), (NAME, unit), (NAME, NOBODY)]


async def test_what_was_asked_cannot_be_guessed_from_its_digest(api: Api, someone: Person) -> None:
    """Whoever registers the person again by the same key is told that it was used; nobody comes back."""
    unit = someone.street.unit
    given = {"unitId": unit, "name": "某人", "standing": "RETIRED", "phone": PHONE, "idempotencyKey": "登记某人"}
    one = (await api.do(ADMIN, "registerMember", "member { id }", **given))["member"]["id"]
    await api.do(ADMIN, "registerMember", "", unitId=unit, name="他人", standing="RETIRED", idempotencyKey="other")
    kept = "SELECT array_agg(length(fingerprint) ORDER BY created_at DESC) FROM idempotency_key"
    assert await api.connection.fetchval(kept) == [32, 32]
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=one)
    assert await api.connection.fetchval(kept) == [32, 0]
    keys = [row["key"] for row in await api.connection.fetch("SELECT key FROM idempotency_key")]
    assert "other" in keys
    assert not any("某人" in key for key in keys)
    assert await api.attempt(ADMIN, "registerMember", "", **given) == "CONFLICT"


async def test_nor_is_the_key_of_the_deletion_kept(api: Api, someone: Person) -> None:
    """Clients make keys of a name here, too; whoever sends it again is answered as before."""
    key = f"删除{NAME}"
    for _ in range(2):
        done = await api.do(
            COUNTY_ADMIN, "deletePerson", "member { name }", id=someone.member, version=1, idempotencyKey=key
        )
        assert done["member"] == {"name": NOBODY}
        assert await mentions(api.connection, NAME) == []
    again: Any = {"id": someone.street.members[0], "version": 1, "idempotencyKey": key}
    assert (await api.attempt(COUNTY_ADMIN, "deletePerson", **again)) == "CONFLICT"
    assert await api.connection.fetchval("SELECT count(*) FROM audit_entry WHERE command = 'deletePerson'") == 1


async def test_nor_from_that_of_a_list_they_were_on(api: Api, someone: Person) -> None:
    """The others of the list stay; sent again, it is told that the key was used."""
    rows = [{"name": name, "standing": "RETIRED", "phone": PHONE} for name in ("某人", "他人")]
    given = {"unitId": someone.street.unit, "members": rows, "idempotencyKey": "list"}
    done = await api.do(ADMIN, "registerMembers", "recorded { id }", **given)
    assert await api.do(ADMIN, "registerMembers", "recorded { id }", **given) == done
    kept = "SELECT length(fingerprint) FROM idempotency_key"
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=someone.member)
    assert await api.connection.fetchval(kept) == 32
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=done["recorded"][1]["id"])
    assert await api.connection.fetchval(kept) == 0
    assert await api.attempt(ADMIN, "registerMembers", "", **given) == "CONFLICT"


# --- accounts ---------------------------------------------------------------------------------------------------------


async def _account(api: Api, name: str, role: str, *seats: str, of: str | None = None) -> UUID:
    """An account that holds a role at some seats, and says whose it is or does not."""
    unit = await unit_id(api, OTHER)
    account = await made(
        api, COUNTY_ADMIN, "createAccount", "account", unitId=unit, name=name, **({"memberId": of} if of else {})
    )
    for seat in seats:
        await made(
            api, COUNTY_ADMIN, "grantRole", "grant", seatId=seat, accountId=account, role=role, reason="工作需要"
        )
    return UUID(account[3:])


async def test_whose_an_account_is(api: Api, someone: Person) -> None:
    """It says so, or is nobody's and was seated at them and at no other member, in whatever role, over or not."""
    other = someone.street.members[0]
    theirs = {
        "楼长": await _account(api, "楼长", "captain", someone.member),
        "曾任": await _account(api, "曾任", "member", someone.member),
        NAME: UUID(someone.account[3:]),
    }
    await api.connection.execute("UPDATE role_grant SET revoked_at = now() WHERE account_id = $1", theirs["曾任"])
    not_theirs = {
        "别人": await _account(api, "别人", "captain", someone.member, of=other),
        "合用": await _account(api, "合用", "captain", someone.member, other),
        "楼栋": await _account(api, "楼栋", "captain", someone.street.buildings[0]),
    }
    told = json.loads(await export_for(api.connection, someone.uuid))
    assert {account["name"] for account in told["accounts"]} == set(theirs)
    await deleted(api, someone)
    accounts = {row["id"]: row for row in await api.connection.fetch("SELECT * FROM account")}
    for account in theirs.values():
        assert (accounts[account]["name"], accounts[account]["closed_at"] is None) == (NOBODY, False)
    for name, account in not_theirs.items():
        assert (accounts[account]["name"], accounts[account]["closed_at"]) == (name, None)
    standing = "SELECT count(*) FROM role_grant WHERE member_id = $1 AND revoked_at IS NULL"
    assert await api.connection.fetchval(standing, someone.uuid) == 0
    assert await api.connection.fetchval(standing, UUID(other[3:])) == 1


async def test_accounts_made_from_the_command_line_at_a_member_are_theirs(api: Api, someone: Person) -> None:
    """So that their data are found however the account is granted afterwards."""
    await issue(api.connection, Seat("令牌", "captain", someone.member), 1)
    await register(api.connection, Seat("登录", "member", someone.member), "somebody", "a long enough password 7")
    await register(api.connection, Seat("社区", "community_admin", OTHER), "office", "a long enough password 7")
    named = "SELECT name FROM account WHERE member_id = $1 AND name <> $2 ORDER BY name"
    assert [row["name"] for row in await api.connection.fetch(named, someone.uuid, NAME)] == ["令牌", "登录"]


# --- the whole of it --------------------------------------------------------------------------------------------------


async def _read_often(api: Api, someone: Person, times: int) -> None:
    await api.connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    await api.connection.execute(
        "WITH made AS (INSERT INTO audit_entry (id, request_id, command, target_id, unit_id, chain)"
        " SELECT gen_random_uuid(), 'request', 'readContact', $1, unit.id, $2 FROM generate_series(1, $3),"
        " org_unit unit JOIN member ON unit.path = unit_path WHERE member.id = $1 RETURNING id)"
        " INSERT INTO contact_read SELECT id, $1 FROM made",
        *(someone.uuid, UUID(int=0), times),
    )
    await api.connection.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")


async def test_an_export_leaves_nothing_out(api: Api, someone: Person) -> None:
    """However often somebody was read; what no answer can hold is refused, and given to whoever has the database."""
    await _read_often(api, someone, 7_000)
    told = json.loads((await api.do(COUNTY_ADMIN, "exportMember", "data", id=someone.member))["data"])
    assert len(told["contactReads"]) == 7_001  # and this one
    assert len(told["auditEntries"]) > 7_001
    await _read_often(api, someone, 40_000)
    assert await api.attempt(COUNTY_ADMIN, "exportMember", "data", id=someone.member) == "TOO_COSTLY"
    assert len(json.loads(await export_for(api.connection, someone.uuid))["contactReads"]) == 47_002
