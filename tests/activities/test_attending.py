"""Signing up, waiting and moving up; checking in by a code, once each; and all of it at once."""

import asyncio
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from datetime import timedelta

import pytest

from services.activities.codes import ID, MOMENT, SEAL, Code, key_of, opened, sealed
from services.audit.naming import UNNAMED
from tests.activities.square import (
    ADMIN,
    COUNTY_ADMIN,
    HOUR,
    NEIGHBOUR,
    OTHER_GRID,
    Square,
    activity,
    given,
    line,
    member,
    square,
    told,
)
from tests.built import CATALOGUE
from tests.captains.town import GRID, Town
from tests.golden.world import path_of
from tests.writes.api import Api

STATUS = "activitySignUp { status memberName }"
NEARLY = timedelta(seconds=1)


@pytest.fixture
async def here(town: Town) -> Square:
    return await square(town)


async def test_whoever_waits_moves_up(api: Api, town: Town, here: Square) -> None:
    """One place: the first has it, then the next each time, once; who comes again stands at the end."""
    three, it = await town.member("王三"), here.later
    for who, status in ((here.one, "SIGNED_UP"), (here.two, "WAITING"), (three, "WAITING")):
        made = await api.do(member(who), "signUpForActivity", STATUS, **given(it, who))
        assert made["activitySignUp"] == {"status": status, "memberName": who["name"]}
        assert await told(api, member(who), "signUpForActivity", **given(it, who)) == [("TAKEN", "activityId")]
    await api.do(member(here.one), "cancelSignUp", "", **given(it, here.one))
    assert await line(api, it["id"]) == [("林一", "CANCELLED"), ("陈二", "SIGNED_UP"), ("王三", "WAITING")]
    assert await told(api, ADMIN, "cancelSignUp", **given(it, here.one)) == [("CLOSED", "activityId")]
    await api.do(ADMIN, "signUpForActivity", "", **given(it, here.one))
    await api.do(member(here.two), "cancelSignUp", "", **given(it, here.two))
    assert await line(api, it["id"]) == [("陈二", "CANCELLED"), ("王三", "SIGNED_UP"), ("林一", "WAITING")]
    await api.do(ADMIN, "updateActivity", "", id=f"av_{it['id']}", capacity=2)
    assert (await line(api, it["id"]))[-1] == ("林一", "SIGNED_UP")
    assert await told(api, ADMIN, "updateActivity", id=f"av_{it['id']}", capacity=1) == [("OUT_OF_REACH", "capacity")]


async def test_nobody_moves_up_who_serves_elsewhere_by_then(api: Api, town: Town, here: Square) -> None:
    three, it = await town.member("王三"), here.later
    for who in (here.one, here.two, three):
        await api.do(member(who), "signUpForActivity", "", **given(it, who))
    move = "UPDATE member SET unit_path = $1 WHERE id = $2"
    await town.connection.execute(move, path_of(NEIGHBOUR[1]), here.two["id"])
    await town.connection.execute(move, path_of(OTHER_GRID), three["id"])  # of the same community
    await api.do(member(here.one), "cancelSignUp", "", **given(it, here.one))
    assert await line(api, it["id"]) == [("林一", "CANCELLED"), ("陈二", "WAITING"), ("王三", "SIGNED_UP")]


async def test_who_cannot_sign_up(api: Api, town: Town, here: Square) -> None:
    """Nobody after the start, for what is cancelled, for others, or from elsewhere."""
    far = await town.member("远", OTHER_GRID)
    of_grid = await activity(town, "本网格", HOUR, GRID)
    closed = await activity(town, "已截止", HOUR, sign_up_closes_at=here.now["begins_at"])
    gone = await activity(town, "已取消", HOUR, status="CANCELLED", cancel_reason="雨")
    assert await told(api, ADMIN, "signUpForActivity", **given(of_grid, far)) == [("OUT_OF_REACH", "memberId")]
    assert await told(api, member(far), "signUpForActivity", **given(of_grid, far)) == "NOT_FOUND"
    assert await told(api, member(far), "signUpForActivity", **given(here.later, here.one)) == "NOT_FOUND"
    assert await told(api, NEIGHBOUR, "signUpForActivity", **given(here.later, here.one)) == "NOT_FOUND"
    for it in (here.now, closed, gone):
        assert await told(api, ADMIN, "signUpForActivity", **given(it, here.one)) == [("CLOSED", "activityId")]
    await api.do(ADMIN, "signUpForActivity", "", **given(here.later, here.one))
    await api.do(ADMIN, "signUpForActivity", "", **given(here.later, here.two))
    await town.connection.execute("UPDATE activity SET sign_up_closes_at = $1, begins_at = $1", here.now["begins_at"])
    assert await told(api, ADMIN, "cancelSignUp", **given(here.later, here.one)) == [("CLOSED", "activityId")]
    assert await line(api, here.later["id"]) == [("林一", "SIGNED_UP"), ("陈二", "WAITING")]


async def test_twenty_at_once_take_five_places(api: Api, town: Town) -> None:
    """One of them twice: five distinct have a place, fourteen wait, and one is told they are there."""
    it = await activity(town, "义诊", HOUR, capacity=5)
    people = [await town.member(f"党员{number}") for number in range(19)]
    await api.token(*ADMIN)
    coming = [told(api, ADMIN, "signUpForActivity", **given(it, who)) for who in (*people, people[0])]
    assert Counter(map(str, await asyncio.gather(*coming))) == {"[]": 19, "[('TAKEN', 'activityId')]": 1}
    stood = await line(api, it["id"])
    assert Counter(status for _, status in stood) == {"SIGNED_UP": 5, "WAITING": 14}
    assert len({name for name, _ in stood}) == 19
    assert [status for _, status in stood] == ["SIGNED_UP"] * 5 + ["WAITING"] * 14
    # Those who have a place give it up while others come: as many move up, and no place is given twice.
    late = [await town.member(f"后来{number}") for number in range(3)]
    first = [next(who for who in people if who["name"] == name) for name, _ in stood[:3]]
    leaving = [told(api, ADMIN, "cancelSignUp", **given(it, who)) for who in first]
    arriving = [told(api, ADMIN, "signUpForActivity", **given(it, who)) for who in late]
    assert await asyncio.gather(*leaving, *arriving) == [[]] * 6
    stood = await line(api, it["id"])
    assert Counter(status for _, status in stood) == {"SIGNED_UP": 5, "WAITING": 14, "CANCELLED": 3}
    assert [status for _, status in stood] == ["CANCELLED"] * 3 + ["SIGNED_UP"] * 5 + ["WAITING"] * 14


async def test_signing_up_while_it_is_cancelled(api: Api, town: Town, here: Square) -> None:
    """Whoever comes first: a sign-up stands from before, or is refused."""
    cancel = {"id": f"av_{here.later['id']}", "reason": "雨"}
    for seat in (ADMIN, member(here.one)):
        await api.token(*seat)
    coming = told(api, member(here.one), "signUpForActivity", **given(here.later, here.one))
    cancelled, signed = await asyncio.gather(told(api, ADMIN, "cancelActivity", **cancel), coming)
    assert cancelled == []
    assert await line(api, here.later["id"]) == ([("林一", "SIGNED_UP")] if signed == [] else [])
    assert signed in ([], [("CLOSED", "activityId")])
    refused = await told(api, member(here.two), "signUpForActivity", **given(here.later, here.two))
    assert refused == [("CLOSED", "activityId")]


async def test_the_database_holds_that_no_place_is_given_twice(api: Api, town: Town, here: Square) -> None:
    """Whatever a command forgets."""
    sign_up = """INSERT INTO activity_sign_up (id, activity_id, unit_path, member_id, status, at)
        VALUES (gen_random_uuid(), $1, $2, $3, 'SIGNED_UP', now())"""
    of = (here.later["id"], here.later["unit_path"])
    await town.connection.execute(sign_up, *of, here.one["id"])
    with pytest.raises(Exception, match="every place is taken"):
        await town.connection.execute(sign_up, *of, here.two["id"])


# --- checking in ------------------------------------------------------------------------------------------------------


async def issued(api: Api, town: Town, here: Square) -> str:
    issued = await api.do(ADMIN, "issueCheckInCode", "code", id=f"av_{here.now['id']}", idempotencyKey="once")
    code: str = issued["code"]
    return code


async def test_checked_in_by_a_code_once(api: Api, town: Town, here: Square) -> None:
    """The same code is others' as well; it is kept nowhere, and given out once."""
    code = await issued(api, town, here)
    shown = "activityAttendance { by memberName activity { title } member { attendances { totalCount } } }"
    for who in (here.one, here.two):
        came = await api.do(member(who), "checkIn", shown, **given(here.now, who), code=code)
        assert came["activityAttendance"] == {
            "by": "CODE",
            "memberName": who["name"],
            "activity": {"title": "村晚"},
            "member": {"attendances": {"totalCount": 1}},
        }
        again = await told(api, member(who), "checkIn", **given(here.now, who), code=code)
        assert again == [("TAKEN", "activityId")]
    repeated = await api.do(ADMIN, "issueCheckInCode", "code", id=f"av_{here.now['id']}", idempotencyKey="once")
    assert repeated["code"] is None
    dry = await api.do(ADMIN, "issueCheckInCode", "code", id=f"av_{here.now['id']}", dryRun=True)
    assert dry["code"] is None
    for table in ("audit_entry", "audit_change", "idempotency_key", "activity", "activity_attendance"):
        assert code not in str(await town.connection.fetch(f"SELECT t::text FROM {table} t"))
    said = await town.connection.fetch("SELECT after FROM audit_change WHERE table_name = 'activity_attendance'")
    assert len(said) == 2
    assert str(here.one["id"]) not in str(said)


async def test_who_waits_has_no_place_until_there_is_one(api: Api, town: Town, here: Square) -> None:
    """Nor by a code; and whoever is there gives up no place."""
    it = await activity(town, "义诊", HOUR / 2, capacity=1)
    for who in (here.one, here.two):
        await api.do(member(who), "signUpForActivity", "", **given(it, who))
    code = (await api.do(ADMIN, "issueCheckInCode", "code", id=f"av_{it['id']}"))["code"]
    waits = {**given(it, here.two), "code": code}
    assert await told(api, member(here.two), "checkIn", **waits) == [("CLOSED", "activityId")]
    await api.do(ADMIN, "updateActivity", "", id=f"av_{it['id']}", capacity=2)
    await api.do(member(here.two), "checkIn", "", **waits)
    assert await told(api, member(here.two), "cancelSignUp", **given(it, here.two)) == [("CLOSED", "activityId")]
    await api.do(member(here.one), "cancelSignUp", "", **given(it, here.one))
    assert await line(api, it["id"]) == [("林一", "CANCELLED"), ("陈二", "SIGNED_UP")]


def for_another_purpose(key: bytes, code: str) -> str:
    """The same sealed with the same key, and not for checking in."""
    said = urlsafe_b64decode(code)[: ID + MOMENT]
    return urlsafe_b64encode(said + hmac.digest(key, said, "sha256")[:SEAL]).decode()


async def test_codes_that_do_not_count(api: Api, town: Town, here: Square) -> None:
    """Late by a second, of another activity or purpose, or none; what is amiss with it is told before all else."""
    key, now = await key_of(town.tx), await town.connection.fetchval("SELECT date_trunc('second', now())")
    mine = Code(here.now["id"], now + HOUR)
    code = sealed(key, mine)
    assert opened(key, code) == mine
    await api.do(member(here.one), "checkIn", "", **given(here.now, here.one), code=code)
    late = sealed(key, mine._replace(until=now - NEARLY))
    session = await town.connection.fetchval("SELECT value FROM service_secret WHERE name = 'session'")
    for wrong, refused in (
        (late, "CLOSED"),
        (sealed(key, mine._replace(activity=here.later["id"])), "OUT_OF_REACH"),
        (sealed(session, mine), "INVALID"),
        (for_another_purpose(key, code), "INVALID"),
        (code[:-4] + ("AAAA" if code[-4:] != "AAAA" else "BBBB"), "INVALID"),
        (code + "A", "INVALID"),
        ("", "INVALID"),
        ("签到", "INVALID"),
    ):
        told_of = await told(api, member(here.one), "checkIn", **given(here.now, here.one), code=wrong)
        assert told_of == [(refused, "code")], wrong
    assert await town.connection.fetchval("SELECT count(*) FROM activity_attendance") == 1
    until = opened(key, await issued(api, town, here))
    assert until is not None
    assert timedelta(minutes=9) < until.until - now <= timedelta(minutes=10, seconds=30)


async def test_only_while_it_is_on_and_by_whom(api: Api, town: Town, here: Square) -> None:
    """From an hour before until the end; members by a code and themselves, organizers anyone who serves there."""
    far = await town.member("远", "350521100002001")
    early, over = await activity(town, "太早", HOUR + timedelta(minutes=1)), await activity(town, "已结束", -3 * HOUR)
    soon = await activity(town, "就要开始", HOUR - timedelta(minutes=1))
    for it, refused in ((early, "INVALID"), (over, "CLOSED")):
        assert await told(api, ADMIN, "checkInMember", **given(it, here.one)) == [(refused, "activityId")]
        assert await told(api, ADMIN, "issueCheckInCode", id=f"av_{it['id']}") == [(refused, "id")]
    came = await api.do(ADMIN, "checkInMember", "activityAttendance { id by }", **given(soon, here.one))
    assert came["activityAttendance"]["by"] == "ORGANIZER"
    assert await told(api, ADMIN, "checkInMember", **given(soon, here.one)) == [("TAKEN", "activityId")]
    assert await told(api, ADMIN, "checkInMember", **given(soon, far)) in ("NOT_FOUND", [("OUT_OF_REACH", "memberId")])
    assert await told(api, member(here.one), "checkInMember", **given(here.now, here.one)) == "FORBIDDEN"
    assert await told(api, member(here.one), "issueCheckInCode", id=f"av_{here.now['id']}") == "FORBIDDEN"
    code = await issued(api, town, here)
    assert await told(api, member(here.two), "checkIn", **given(here.now, here.one), code=code) == "NOT_FOUND"
    assert await told(api, NEIGHBOUR, "checkInMember", **given(here.now, here.one)) == "NOT_FOUND"
    wrong = {"id": came["activityAttendance"]["id"]}
    assert await told(api, member(here.one), "strikeOutAttendance", **wrong) == "FORBIDDEN"
    left = await api.do(ADMIN, "strikeOutAttendance", "activity { attendances { totalCount } }", **wrong)
    assert left["activity"] == {"attendances": {"totalCount": 0}}


async def test_two_check_ins_by_one_code_at_once(api: Api, town: Town, here: Square) -> None:
    """One is there, the other is told so."""
    code = await issued(api, town, here)
    await api.token(*member(here.one))
    coming = [told(api, member(here.one), "checkIn", **given(here.now, here.one), code=code) for _ in range(2)]
    assert sorted(map(str, await asyncio.gather(*coming))) == ["[('TAKEN', 'activityId')]", "[]"]
    assert await town.connection.fetchval("SELECT count(*) FROM activity_attendance") == 1


async def test_the_trail_names_nobody_for_it(api: Api, town: Town, here: Square) -> None:
    """Neither as what an entry was about nor in a member's history, nor in what others export; the person is told."""
    whom, own = {"id": f"mb_{here.one['id']}"}, member(here.one)
    await api.do(own, "signUpForActivity", "", **given(here.later, here.one))
    await api.do(own, "cancelSignUp", "", **given(here.later, here.one))
    code = await issued(api, town, here)
    await api.do(own, "checkIn", "", **given(here.now, here.one), code=code)
    asked = "{ auditEntries { nodes { command targetMember { name } } } members { nodes { history { totalCount } } } }"
    names = {"signUpForActivity", "cancelSignUp", "checkIn"}
    assert names <= set(CATALOGUE.offers)
    assert set(UNNAMED) <= set(CATALOGUE.offers)
    seen = await api.data(COUNTY_ADMIN, asked)
    told_of = {each["command"]: each["targetMember"] for each in seen["auditEntries"]["nodes"]}
    assert told_of == dict.fromkeys((*names, "issueCheckInCode"))
    assert {each["history"]["totalCount"] for each in seen["members"]["nodes"]} == {0}
    exported = json.loads((await api.do(COUNTY_ADMIN, "exportMember", "data", **whom))["data"])
    assert names.isdisjoint(each["command"] for each in exported["auditEntries"])
    grants = "UPDATE account SET member_id = $1 WHERE name = $2"
    await api.connection.execute(grants, here.one["id"], f"test {COUNTY_ADMIN[0]} {COUNTY_ADMIN[1]}")
    exported = json.loads((await api.do(COUNTY_ADMIN, "exportMember", "data", **whom))["data"])
    assert names <= {each["command"] for each in exported["auditEntries"]}
