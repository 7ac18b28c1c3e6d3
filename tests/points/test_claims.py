"""Points are claimed and reviewed by two persons, entered once, and put right by further entries alone."""

import asyncio
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from services.points.tables import rules
from services.storage.database import connected
from tests.captains.town import COUNTY, Town
from tests.golden.world import path_of
from tests.points.ledger import (
    ADMIN,
    AUDITOR,
    COUNTY_ADMIN,
    NEIGHBOUR,
    TOWN_ADMIN,
    Ledger,
    claimed,
    granted,
    ledger,
    seat,
    told,
)
from tests.writes.api import Api
from tests.writes.street import day, unit_id

SUMS = "{ pointEntries { totals { count points members byRule { rule points members } } } }"


@pytest.fixture
async def here(town: Town) -> Ledger:
    return await ledger(town)


async def test_published_claimed_granted_and_withdrawn(api: Api, here: Ledger) -> None:
    unit = await unit_id(api, COUNTY)
    rule = {"unitId": unit, "name": "回家日", "points": 10, "per": "每次", "mostPerQuarter": 1}
    shown = "pointRule { id name points per mostPerQuarter withdrawnOn place }"
    made = (await api.do(COUNTY_ADMIN, "publishPointRule", shown, **rule))["pointRule"]
    once = made.pop("id")
    assert made == {
        "name": "回家日",
        "points": 10,
        "per": "每次",
        "mostPerQuarter": 1,
        "withdrawnOn": None,
        "place": ["惠安县"],
    }
    assert await told(api, ADMIN, "publishPointRule", **rule) == "NOT_FOUND"
    ask = "{ pointRules(filter: {withdrawn: false}, orderBy: {field: POINTS}) { nodes { name } } }"
    assert (await api.data(here.own, ask))["pointRules"]["nodes"] == [{"name": "志愿服务"}, {"name": "回家日"}]
    given = here.claim(ruleId=once)
    for who, other in ((here.own, {"on": day(1)}), (here.own, {"on": day(-93)})):
        assert await told(api, who, "claimPoints", **{**given, **other}) == [("INVALID", "on")]
    assert await told(api, here.own, "claimPoints", **{**given, "text": "长" * 201}) == [("INVALID", "text")]
    for who in (seat(here.fellow), NEIGHBOUR, AUDITOR):
        assert await told(api, who, "claimPoints", **given) in ("NOT_FOUND", "FORBIDDEN"), who
    claim = await claimed(api, here.own, given)
    assert await told(api, ADMIN, "claimPoints", **{**given, "text": "又一次"}) == [("CLOSED", "ruleId")]
    answer = {"id": claim, "answer": "请补充说明"}
    await api.do(ADMIN, "refusePoints", "", **answer)
    claim = await claimed(api, here.own, given)
    for who in (here.own, AUDITOR, NEIGHBOUR):
        assert await told(api, who, "grantPoints", id=claim) in ("NOT_FOUND", "FORBIDDEN"), who
    shown = """pointClaim { status text ruleName memberName claimedOn reviewedOn entries { nodes {
        points earnedOn recordedOn corrects { id } } }
        member { pointsOfYear pointsOfQuarter quarterEntry { points } } }"""
    assert (await api.do(ADMIN, "grantPoints", shown, id=claim))["pointClaim"] == {
        "status": "GRANTED",
        "text": "打扫楼道",
        "ruleName": "回家日",
        "memberName": "林一",
        "claimedOn": day(0),
        "reviewedOn": day(0),
        "entries": {"nodes": [{"points": 10, "earnedOn": day(0), "recordedOn": day(0), "corrects": None}]},
        "member": {"pointsOfYear": 10, "pointsOfQuarter": 10, "quarterEntry": {"points": 10}},
    }
    for command, more in (("grantPoints", {}), ("refusePoints", answer)):
        assert await told(api, ADMIN, command, **{**more, "id": claim}) == [("CLOSED", "id")]
    await api.do(COUNTY_ADMIN, "withdrawPointRule", "", id=once, on=day(0))
    assert await told(api, here.own, "claimPoints", **given) == [("CLOSED", "ruleId")]
    assert await told(api, COUNTY_ADMIN, "withdrawPointRule", id=once, on=day(0)) == [("CLOSED", "id")]


async def _whose(api: Api, who: tuple[str, str], member: Any) -> None:
    """Say whose account somebody's is."""
    await api.token(*who)
    await api.connection.execute("UPDATE account SET member_id = $1 WHERE name = $2", member, f"test {who[0]} {who[1]}")


async def test_nobody_reviews_what_is_their_own(api: Api, here: Ledger) -> None:
    """Neither the account that claimed, nor another of that person, nor one of whose claim it is, in any role."""
    for_them = await claimed(api, ADMIN, here.claim(text="代报"))
    theirs = await claimed(api, here.own, here.claim(text="自报"))
    entry = await granted(api, here)
    assert await told(api, ADMIN, "grantPoints", id=for_them) == "FORBIDDEN"
    assert await told(api, ADMIN, "refusePoints", id=for_them, answer="不") == "FORBIDDEN"
    await _whose(api, TOWN_ADMIN, here.member["id"])
    correction = {"entryId": entry, "points": 1, "reason": "补"}
    for claim in (for_them, theirs):
        assert await told(api, TOWN_ADMIN, "grantPoints", id=claim) == "FORBIDDEN"
    assert await told(api, TOWN_ADMIN, "correctPoints", **correction) == "FORBIDDEN"
    await _whose(api, TOWN_ADMIN, here.stranger["id"])
    await _whose(api, ADMIN, here.stranger["id"])
    assert await told(api, TOWN_ADMIN, "grantPoints", id=for_them) == "FORBIDDEN"
    # An account that says of nobody whose it is, but once held a grant at the member's own seat.
    await _whose(api, TOWN_ADMIN, None)
    account = await api.connection.fetchval("SELECT id FROM account WHERE name = $1", "test town_admin 350521100")
    await api.connection.execute(
        "INSERT INTO role_grant (id, account_id, role, member_id, since, revoked_at)"
        " VALUES (gen_random_uuid(), $1, 'captain', $2, now() - interval '9 days', now())",
        account,
        here.member["id"],
    )
    assert await told(api, TOWN_ADMIN, "grantPoints", id=theirs) == "FORBIDDEN"
    for claim in (for_them, theirs):
        await api.do(COUNTY_ADMIN, "grantPoints", "", id=claim)
    with pytest.raises(asyncpg.CheckViolationError):
        await api.connection.execute("UPDATE point_claim SET claimed_by = reviewed_by")


async def test_by_the_hour(api: Api, town: Town) -> None:
    """As many points for each, and each counts as once of those a quarter has."""
    people = await ledger(town)
    said = {"name": "值守", "points": 5, "per": "每小时", "most_per_quarter": 30}
    rule = await town.add(rules, unit_path=path_of(COUNTY), **said)
    here = replace(people, rule=rule)
    for wrong in (0, 21, 25):  # none, more points than a claim can be for, more hours than a day has
        assert await told(api, here.own, "claimPoints", **here.claim(times=wrong)) == [("INVALID", "times")], wrong
    claim = await claimed(api, here.own, here.claim(times=20))
    done = "pointClaim { times entries { nodes { points } } }"
    made = (await api.do(ADMIN, "grantPoints", done, id=claim))["pointClaim"]
    assert made == {"times": 20, "entries": {"nodes": [{"points": 100}]}}
    assert await told(api, here.own, "claimPoints", **here.claim(times=11)) == [("CLOSED", "ruleId")]
    await claimed(api, here.own, here.claim(times=10, text="又十小时"))
    assert await told(api, here.own, "claimPoints", **here.claim(text="再一小时")) == [("CLOSED", "ruleId")]


async def test_the_same_is_claimed_once(api: Api, here: Ledger) -> None:
    """By whichever of the two, until it is refused; what is done besides that day is said in other words."""
    await api.token(*ADMIN)
    both = await asyncio.gather(*(told(api, who, "claimPoints", **here.claim()) for who in (here.own, ADMIN)))
    assert sorted(map(str, both)) == sorted(map(str, ([], [("TAKEN", "text")])))
    await claimed(api, here.own, here.claim(text="巡河"))
    await claimed(api, here.own, here.claim(on=day(-1)))
    first = await api.connection.fetchval(
        "SELECT id FROM point_claim WHERE text = '打扫楼道' AND done_on = current_date"
    )
    await api.do(COUNTY_ADMIN, "refusePoints", "", id=f"pc_{first}", answer="请补充")
    await claimed(api, here.own, here.claim())


async def test_two_reviewers_and_many_claims_at_once(api: Api, here: Ledger) -> None:
    """One reviews; of claims no more come through than there may be in a quarter."""
    await api.token(*here.own)
    claims = [here.claim(text=f"第{number}次") for number in range(5)]
    codes = await asyncio.gather(*(told(api, here.own, "claimPoints", **claim) for claim in claims))
    assert sorted(map(str, codes)) == sorted(map(str, [[]] * 3 + [[("CLOSED", "ruleId")]] * 2))
    claim = f"pc_{await api.connection.fetchval('SELECT id FROM point_claim LIMIT 1')}"
    who = (ADMIN, TOWN_ADMIN, COUNTY_ADMIN)
    for each in who:
        await api.token(*each)
    answers = await asyncio.gather(*(api.attempt(each, "grantPoints", id=claim, version=1) for each in who))
    assert sum(isinstance(answer, dict) and not answer["userErrors"] for answer in answers) == 1
    assert await api.connection.fetchval("SELECT count(*) FROM point_entry") == 1


async def test_corrections_add_up_exactly(api: Api, here: Ledger) -> None:
    """Two at once as one after the other; never to less than nothing, and never of a correction."""
    entry = await granted(api, here)
    await api.token(*TOWN_ADMIN)
    fix = {"entryId": entry, "points": -3, "reason": "重复计算"}
    both = await asyncio.gather(*(told(api, who, "correctPoints", **fix) for who in (ADMIN, TOWN_ADMIN)))
    assert sorted(map(str, both)) == sorted(map(str, ([], [("CLOSED", "points")])))
    both = await asyncio.gather(
        *(told(api, who, "correctPoints", **{**fix, "points": 2}) for who in (ADMIN, TOWN_ADMIN))
    )
    assert both == [[], []]
    assert (await api.data(AUDITOR, SUMS))["pointEntries"]["totals"] == {
        "count": 4,
        "points": 6,
        "members": 1,
        "byRule": [{"rule": "志愿服务", "points": 6, "members": 1}],
    }
    asked = f"""{{ node(id: "{entry}") {{ ... on PointEntry {{ points corrections {{ nodes {{
        id points memberName corrects {{ id }} }} }} }} }} }}"""
    found = (await api.data(ADMIN, asked))["node"]
    assert found["points"] == 5
    assert sorted(each["points"] for each in found["corrections"]["nodes"]) == [-3, 2, 2]
    again = {**fix, "entryId": found["corrections"]["nodes"][0]["id"]}
    assert await told(api, ADMIN, "correctPoints", **again) == [("CLOSED", "entryId")]
    assert await told(api, ADMIN, "correctPoints", **{**fix, "points": 0}) == [("INCOMPLETE", "points")]
    assert await told(api, ADMIN, "correctPoints", **{**fix, "points": 101}) == [("INVALID", "points")]
    for who in (here.own, AUDITOR, NEIGHBOUR):
        assert await told(api, who, "correctPoints", **fix) in ("NOT_FOUND", "FORBIDDEN"), who
    said = await api.connection.fetch("SELECT before::text, after::text FROM audit_change WHERE after::text ~ 'text'")
    assert said
    assert "楼道" not in str(said)


LEDGER = (
    "UPDATE point_entry SET points = 9",
    "UPDATE point_entry SET member_id = gen_random_uuid()",
    "DELETE FROM point_entry",
)


async def test_the_ledger_is_neither_rewritten_nor_shortened(api: Api, here: Ledger) -> None:
    """Not by the owner of the database, and by the service's role not even for the lack of a trigger."""
    await granted(api, here)
    for statement in LEDGER:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="neither changed nor removed"):
            await api.connection.execute(statement)
    async with connected(api.service_url) as service:
        for statement in (*LEDGER, "TRUNCATE point_entry"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
                await service.execute(statement)
    merged = await unit_id(api, "350521100001001"), await unit_id(api, "350521100001002")
    others = [{"id": merged[0], "version": await api.version(merged[0])}]
    await api.do(COUNTY_ADMIN, "mergeUnits", "", id=merged[1], others=others)
    where = await api.connection.fetchval("SELECT unit_path FROM point_entry")
    assert where.endswith("350521100001002/")
