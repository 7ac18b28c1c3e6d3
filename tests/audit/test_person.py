"""One person's data: exported whole, and deleted so that no table names them any more."""

import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Table

from services.audit import held, persons
from services.audit.events import Event
from services.audit.held import WITHHELD
from services.audit.persons import export_for
from services.audit.tables import event
from services.audit.trail import verify
from services.declared import METADATA
from services.errors import Refused
from services.members.tables import NOBODY
from services.storage.tables import VIEW
from tests.audit.people import ADDRESS, EMPLOYER, LOGIN, MARKS, NAME, PHONE, Person, mentions
from tests.golden.world import id_of
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY, COUNTY_ADMIN, NEIGHBOUR, TOWN, day, made, nobody

READ = "query($id: ID!) { member(by: {id: $id}) { name contact { phone } contactReads { nodes { byName } } } }"


async def exported(api: Api, who: tuple[str, str], id: str) -> Any:
    """What the export says."""
    return json.loads((await api.do(who, "exportMember", "data", id=id))["data"])


async def texts(connection: asyncpg.Connection) -> list[str]:
    """Where any mark of the person stands."""
    return sorted(await mentions(connection, *MARKS))


# --- export -----------------------------------------------------------------------------------------------------------


async def test_an_export_holds_whatever_is_held(api: Api, someone: Person) -> None:
    """Every column of the row, terms, account, who read it, what the trail says; nothing of a secret."""
    await api.data(ADMIN, READ, id=someone.member)
    told = await exported(api, COUNTY_ADMIN, someone.member)
    own = told["member"]
    assert (own["name"], own["phone"], own["address"], own["employer"]) == (NAME, PHONE, ADDRESS, EMPLOYER)
    assert [each["end_reason"] for each in told["captaincies"]] == [f"{NAME}离任"]
    (account,) = told["accounts"]
    assert (account["login"], account["identities"][0]["subject"], len(account["grants"])) == (
        f"350521-{LOGIN}",
        "juelin@example",
        1,
    )
    assert [each["kind"] for each in account["credentials"]] == ["SESSION"]
    assert "hashed" not in json.dumps(told)
    assert [each["by"] for each in told["contactReads"]] == [
        f"test {' '.join(COUNTY_ADMIN)}",
        f"test {' '.join(ADMIN)}",
    ]
    assert {"registerMember", "createAccount", "readContact", "exportMember"} <= {
        each["command"] for each in told["auditEntries"]
    }


async def test_an_export_tells_of_grants_and_trail_what_the_caller_may_read(api: Api, someone: Person) -> None:
    """A community reads neither the county's grants to the person nor the trail; the county and the person do."""
    await api.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, unit_path, reason) SELECT gen_random_uuid(), id, 'auditor',"
        " (SELECT path FROM org_unit WHERE code = $1), 'HIDDEN' FROM account WHERE member_id = $2",
        *(COUNTY, someone.uuid),
    )
    below, above = [await exported(api, who, someone.member) for who in (ADMIN, COUNTY_ADMIN)]
    assert ("HIDDEN" in json.dumps(below), "HIDDEN" in json.dumps(above)) == (False, True)
    assert below["auditEntries"] == []
    assert above["auditEntries"]


async def corrected(api: Api, someone: Person) -> None:
    """A term of theirs is another's and moves a day of theirs; another is struck out, as one of others is."""
    one, two = someone.street.buildings
    other = someone.street.members[0]
    for building, holder, command, said in (
        (one, someone.member, "correctCaptainTerm", {"reason": "张冠李戴", "memberId": other}),
        (two, someone.member, "strikeOutCaptainTerm", {"reason": "从未到任"}),
        (two, other, "strikeOutCaptainTerm", {"reason": "OTHERS"}),
    ):
        given = {"buildingId": building, "memberId": holder, "since": day(0)}
        term = await made(api, ADMIN, "assignCaptain", "captainAssignment", **given)
        await api.do(COUNTY_ADMIN, command, "", id=term, **said)
        if building == one:
            await api.do(COUNTY_ADMIN, command, "", id=term, since=day(-2), reason="OTHERS")


async def test_an_export_tells_why_terms_were_corrected(api: Api, someone: Person) -> None:
    """Also those that are gone or another's since; to the person and to who may correct, and not to the community."""
    await corrected(api, someone)
    told = [("correctCaptainTerm", "张冠李戴"), ("strikeOutCaptainTerm", "从未到任")]
    own = ("member", someone.member)
    await api.token(*own)
    await api.connection.execute(
        "UPDATE account SET member_id = $1 WHERE name = $2", someone.uuid, f"test {' '.join(own)}"
    )
    for who in (COUNTY_ADMIN, ("town_admin", TOWN), own):
        found = (await exported(api, who, someone.member))["corrections"]
        assert [(each["command"], each["reason"]) for each in found] == told, who
    assert (await exported(api, ADMIN, someone.member))["corrections"] == []


async def test_whose_a_correction_was_is_told_by_the_time_it_was_made(api: Api, someone: Person) -> None:
    """Days of a term were set right before it became another's, and before another was struck out: theirs, not that
    one's. When they are deleted, it goes."""
    one, two = someone.street.buildings
    other = someone.street.members[0]
    terms = [
        await made(
            api, ADMIN, "assignCaptain", "captainAssignment", buildingId=at, memberId=someone.member, since=day(0)
        )
        for at in (one, two)
    ]
    for term in terms:
        await api.do(COUNTY_ADMIN, "correctCaptainTerm", "", id=term, since=day(-1), reason="THEIR ILLNESS")
    await api.do(COUNTY_ADMIN, "correctCaptainTerm", "", id=terms[0], memberId=other, reason="张冠李戴")
    await api.do(COUNTY_ADMIN, "strikeOutCaptainTerm", "", id=terms[1], reason="从未到任")

    async def reasons(member: str) -> list[str]:
        return [each["reason"] for each in (await exported(api, COUNTY_ADMIN, member))["corrections"]]

    assert await reasons(someone.member) == ["THEIR ILLNESS", "THEIR ILLNESS", "张冠李戴", "从未到任"]
    assert await reasons(other) == ["张冠李戴"]
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=someone.member)
    kept = await api.connection.fetch("SELECT reason FROM correction")
    assert not any("ILLNESS" in row["reason"] for row in kept)


async def test_an_export_has_what_the_person_suggested(api: Api, someone: Person) -> None:
    """As it reads now, to the person and to who reads both trail and matter; nobody else's of the same title."""
    own, other = ("member", someone.member), ("member", someone.street.members[0])
    for who, detail in ((own, "入口太陡"), (other, "OTHERS")):
        await api.do(who, "suggestMatter", "", memberId=who[1], title="修坡道", detail=detail)
    await api.do(own, "suggestMatter", "", memberId=own[1], title="加路灯", dryRun=True)
    told = {"title": "修坡道", "detail": "入口太陡", "proposed_on": day(0)}
    place = ["惠安县", "螺城镇", "北关社区居委会"]
    for who in (own, COUNTY_ADMIN):
        assert (await exported(api, who, someone.member))["suggestions"] == [{"place": place, **told}], who
    for who in (ADMIN, ("town_admin", TOWN)):
        assert (await exported(api, who, someone.member))["suggestions"] == [], who
    moved = "UPDATE matter SET unit_path = (SELECT path FROM org_unit WHERE code = '350524'), compound_id = NULL"
    await api.connection.execute(moved)
    assert (await exported(api, COUNTY_ADMIN, someone.member))["suggestions"] == [], "a matter they do not read"
    assert len((await exported(api, own, someone.member))["suggestions"]) == 1


async def test_an_export_has_the_projects_the_person_proposed_in_a_post(api: Api, someone: Person) -> None:
    """To the person and whoever reads them where they are; none of what others proposed."""
    own = ("member", someone.member)
    given = {"partyOrganizationId": f"po_{id_of('北关社区党委')}", "since": day(-9)}
    days = {"plannedOn": day(1), "dueOn": day(30), "budget": "1000.00"}
    for who, member, name in ((own, someone.member, "小花园"), (ADMIN, someone.street.members[0], "OTHERS")):
        post = await made(api, ADMIN, "appointPartTimeMember", "post", **given, memberId=member)
        await api.do(who, "proposeNeighbourProject", "", postId=post, name=name, purpose="种花", **days)
    told = {"name": "小花园", "purpose": "种花", "proposed_on": day(0)}
    place = ["惠安县", "螺城镇", "北关社区居委会"]
    for who in (own, ADMIN):
        assert (await exported(api, who, someone.member))["projects"] == [{"place": place, **told}], who


async def test_an_export_has_the_details_of_events_as_they_are(api: Api, someone: Person) -> None:
    """No text with JSON in it."""
    await event(api.connection, Event.SIGN_IN, UUID(someone.account[3:]), detail={"by": "password"})
    found = (await exported(api, COUNTY_ADMIN, someone.member))["auditEntries"]
    told = {each["command"]: each["detail"] for each in found}
    assert (told["signIn"], told["registerMember"]) == ({"by": "password"}, None)


def test_an_export_looks_into_every_table_that_says_whose_a_row_is() -> None:
    """By the member, or by the post they hold; views show rows of these once more."""
    whose = {"member_id", "post_id"}
    told = {table.name for table in METADATA.tables.values() if whose & set(table.c.keys()) and VIEW not in table.info}
    assert (
        told - {table.name for of in (held, persons) for table in vars(of).values() if isinstance(table, Table)}
        == set()
    )


async def test_an_export_is_recorded_and_a_dry_run_gives_nothing(api: Api, someone: Person) -> None:
    """As the command it is, and as a read of contact data that the person can see; one's own is no read."""
    dry = await api.do(COUNTY_ADMIN, "exportMember", "data", id=someone.member, dryRun=True)
    assert dry["data"] is None
    assert await api.connection.fetchval("SELECT count(*) FROM contact_read") == 0
    await exported(api, ADMIN, someone.member)
    own = ("member", someone.member)
    await exported(api, own, someone.member)
    (seen,) = (await api.data(own, READ, id=someone.member))["member"]["contactReads"]["nodes"]
    assert seen == {"byName": f"test {' '.join(ADMIN)}"}
    count = "SELECT count(*) FROM audit_entry WHERE command = 'exportMember' AND target_id = $1"
    assert await api.connection.fetchval(count, someone.uuid) == 2
    assert await verify(api.connection) == []


async def test_who_may_not_export(api: Api, someone: Person) -> None:
    """Hidden like what never was, or forbidden where the member is theirs to see."""
    for who in (NEIGHBOUR, ("auditor", COUNTY), ("property_committee", COUNTY)):
        sees = (await api.data(who, "query($id: ID!) { member(by: {id: $id}) { name } }", id=someone.member))["member"]
        refusal = "FORBIDDEN" if sees else "NOT_FOUND"
        for command in ("exportMember", "deletePerson"):
            assert await api.attempt(who, command, id=someone.member) == refusal, who
            assert await api.attempt(who, command, id=nobody("mb")) == "NOT_FOUND", who


async def test_accounts_one_may_not_read_are_not_in_an_export(api: Api, someone: Person) -> None:
    """A community administrator learns nothing of an account that is at home in the county."""
    await api.connection.execute(
        "UPDATE account SET unit_path = (SELECT path FROM org_unit WHERE code = $1) WHERE id = $2",
        *(COUNTY, UUID(someone.account[3:])),
    )
    assert (await exported(api, ADMIN, someone.member))["accounts"] == []
    assert len((await exported(api, COUNTY_ADMIN, someone.member))["accounts"]) == 1


async def test_one_s_own_export_has_one_s_other_accounts_but_none_further_up(api: Api, someone: Person) -> None:
    """With their grants and trail; of who was made an account in a community, nothing of the one in the county."""
    own = ("member", someone.member)
    await api.token(*own)
    home = "UPDATE account SET unit_path = (SELECT path FROM org_unit WHERE code = $1) WHERE name = $2"

    async def told(at: str, other: str) -> dict[str, int]:
        for name, code in ((f"test {' '.join(own)}", at), (NAME, other)):
            await api.connection.execute(home, code, name)
        return {each["name"]: len(each["grants"]) for each in (await exported(api, own, someone.member))["accounts"]}

    this = f"test {' '.join(own)}"
    assert await told(COUNTY, TOWN) == {this: 1, NAME: 1}
    assert await told(TOWN, TOWN) == {this: 1, NAME: 1}
    assert await told(TOWN, COUNTY) == {this: 1}


async def test_who_is_given_all_is_told_that_nothing_is_withheld(api: Api, someone: Person) -> None:
    """Whoever has the database, and the person; the county is told which lists may lack something."""
    assert json.loads(await export_for(api.connection, someone.uuid))["withheld"] == []
    assert (await exported(api, COUNTY_ADMIN, someone.member))["withheld"] == WITHHELD
    assert {"homeVisits", "helpRequests", "suggestions", "projects", "posts", "themes", "accounts"} <= set(WITHHELD)


async def test_whoever_has_the_database_exports_on_record(api: Api, someone: Person) -> None:
    """The same data, an entry of its own, and a read nobody's account made."""
    told = json.loads(await export_for(api.connection, someone.uuid))
    assert (told["member"]["phone"], len(told["accounts"])) == (PHONE, 1)
    assert {entry["at"][-6:] for entry in told["auditEntries"]} == {"+08:00"}  # as all the database tells itself
    (entry,) = await api.connection.fetch("SELECT * FROM audit_entry WHERE command = 'export'")
    assert (entry["account_id"], entry["target_id"]) == (None, someone.uuid)
    assert await api.connection.fetchval("SELECT member_id FROM contact_read WHERE entry_id = $1", entry["id"])
    assert await verify(api.connection) == []
    with pytest.raises(Refused):
        await export_for(api.connection, UUID(int=7))


# --- deletion ---------------------------------------------------------------------------------------------------------


async def test_no_table_names_a_deleted_person(api: Api, someone: Person) -> None:
    """Every text of every table looked through; what is kept of the past stays; the chain holds."""
    await api.data(ADMIN, READ, id=someone.member)
    await _revoked_with_a_key(api, someone)
    assert {"member.name", "member.pinyin", "account.login", "role_grant.reason", "idempotency_key.report"} <= set(
        await texts(api.connection)
    )
    done = await api.do(COUNTY_ADMIN, "deletePerson", "member { name leftOn }", id=someone.member)
    assert done["member"] == {"name": NOBODY, "leftOn": day(0)}
    assert await texts(api.connection) == []
    assert await api.connection.fetchval("SELECT count(*) FROM captain_term WHERE member_id = $1", someone.uuid) == 1
    (account,) = await api.connection.fetch("SELECT * FROM account WHERE id = $1", UUID(someone.account[3:]))
    assert (account["name"], account["login"], account["password"]) == (NOBODY, None, None)
    assert account["closed_at"] is not None
    standing = "SELECT count(*) FROM credential WHERE account_id = $1 AND revoked_at IS NULL"
    assert await api.connection.fetchval(standing, account["id"]) == 0
    assert await api.connection.fetchval("SELECT count(*) FROM external_identity") == 0
    assert await verify(api.connection) == []


async def _revoked_with_a_key(api: Api, someone: Person) -> None:
    """A command whose report names the person, kept for whoever sends it again."""
    await api.token("town_admin", TOWN)
    above = await api.connection.fetchval("SELECT id FROM role_grant WHERE role = 'town_admin'")
    await api.connection.execute("UPDATE role_grant SET under_id = $1 WHERE id = $2", above, UUID(someone.grant[3:]))
    told = await api.do(
        COUNTY_ADMIN,
        "revokeGrant",
        "dependents { accountName }",
        id=f"gr_{above}",
        reason="换届",
        keepIds=[someone.grant],
        idempotencyKey="once",
    )
    assert told["dependents"] == [{"accountName": NAME}]


async def test_why_terms_were_corrected_goes_as_well(api: Api, someone: Person) -> None:
    """Of what is gone, or another's by now; of others' terms it stays."""
    await corrected(api, someone)
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=someone.member)
    reasons = await api.connection.fetch("SELECT reason FROM correction")
    assert sorted(row["reason"] for row in reasons) == ["OTHERS", "OTHERS", NOBODY, NOBODY]


async def test_nobody_is_deleted_in_office(api: Api, someone: Person) -> None:
    """Nor by who may not revoke what they hold, nor by themselves; nothing is changed by a refusal."""
    unit = someone.street.buildings[1]
    await api.do(ADMIN, "assignCaptain", "", buildingId=unit, memberId=someone.member, since=day(-3))
    payload = await api.attempt(COUNTY_ADMIN, "deletePerson", "member { name }", id=someone.member)
    assert [each["code"] for each in payload["userErrors"]] == ["CLOSED"]
    await api.do(COUNTY_ADMIN, "restrictMember", "", id=someone.member, reason="本人要求")
    dismissed = {"id": someone.member, "keepIds": [someone.grant]}
    payload = await api.attempt(COUNTY_ADMIN, "deletePerson", "member { name }", **dismissed)
    told = [(each["code"], each["field"]) for each in payload["userErrors"]]
    closed = ("CLOSED", ["input", "id"])
    assert told == [closed, closed, ("INVALID", ["input", "keepIds"])], "all that is in the way, at once"
    assert await api.connection.fetchval("SELECT name FROM member WHERE id = $1", someone.uuid) == NAME
    assert await api.attempt(ADMIN, "deletePerson", id=someone.member) == "FORBIDDEN"


async def test_who_holds_more_is_not_deleted_from_below(api: Api, someone: Person) -> None:
    """A county's administrator deletes nobody who administers the city."""
    await api.connection.execute(
        "UPDATE role_grant SET role = 'county_admin', unit_path = (SELECT path FROM org_unit WHERE code = '3505')"
        " WHERE id = $1",
        UUID(someone.grant[3:]),
    )
    assert await api.attempt(COUNTY_ADMIN, "deletePerson", id=someone.member) in ("FORBIDDEN", "NOT_FOUND")
    assert await api.connection.fetchval("SELECT name FROM member WHERE id = $1", someone.uuid) == NAME


async def test_what_was_deleted_stays_deleted(api: Api, someone: Person) -> None:
    """Nothing personal can be put there again, and it is not deleted twice."""
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=someone.member)
    version = await api.connection.fetchval("SELECT version FROM member WHERE id = $1", someone.uuid)
    for command, given in (
        ("updateMember", {"name": NAME, "version": version}),
        ("updateContact", {"phone": PHONE, "version": version}),
        ("deletePerson", {}),
    ):
        payload = await api.attempt(COUNTY_ADMIN, command, id=someone.member, **given)
        assert [each["code"] for each in payload["userErrors"]] == ["CLOSED"], command
    assert await texts(api.connection) == []


async def test_others_of_the_same_street_keep_everything(api: Api, someone: Person) -> None:
    """And a dry run changes nothing."""
    before = await texts(api.connection)
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=someone.member, dryRun=True)
    assert await texts(api.connection) == before
    others = "SELECT array_agg(name ORDER BY name) FROM member WHERE id <> $1"
    names = await api.connection.fetchval(others, someone.uuid)
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=someone.member)
    assert await api.connection.fetchval(others, someone.uuid) == names


async def test_what_rests_on_a_deleted_person_s_grants_is_decided(api: Api, someone: Person) -> None:
    """Taken over by name or revoked; the list names nobody who is deleted."""
    other = await made(api, ADMIN, "createAccount", "account", unitId=someone.street.unit, name="接任者")
    given = {"seatId": someone.street.unit, "accountId": other, "role": "partner", "reason": "工作需要"}
    rests = await made(api, COUNTY_ADMIN, "grantRole", "grant", **given)
    under = "UPDATE role_grant SET under_id = $1 WHERE id = $2"
    await api.connection.execute(under, UUID(someone.grant[3:]), UUID(rests[3:]))
    told = "dependents { id accountName direct revoked }"
    line = {"id": rests, "accountName": "接任者", "direct": True, "revoked": False}
    refused = await api.attempt(COUNTY_ADMIN, "deletePerson", told, id=someone.member)
    assert [each["code"] for each in refused["userErrors"]] == ["INCOMPLETE"]
    assert refused["dependents"] == [line]
    assert await api.connection.fetchval("SELECT name FROM member WHERE id = $1", someone.uuid) == NAME
    dry = await api.do(COUNTY_ADMIN, "deletePerson", told, id=someone.member, cascade=True, dryRun=True)
    assert dry["dependents"] == [{**line, "revoked": True}]
    done = await api.do(COUNTY_ADMIN, "deletePerson", told, id=someone.member, keepIds=[rests])
    assert done["dependents"] == [line]
    above = "SELECT u.account_id FROM role_grant g JOIN role_grant u ON u.id = g.under_id WHERE g.id = $1"
    by = await api.connection.fetchval("SELECT granted_by FROM role_grant WHERE id = $1", UUID(rests[3:]))
    assert await api.connection.fetchval(above, UUID(rests[3:])) == by
