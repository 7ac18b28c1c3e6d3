"""Pledges are assessed by another person, once; a member is appraised once a year, which is corrected with a reason."""

from datetime import date
from uuid import uuid4

from tests.captains.town import Town
from tests.days import today
from tests.points.ledger import ADMIN, AUDITOR, NEIGHBOUR, TOWN_ADMIN, Ledger, ledger, seat, told
from tests.writes.api import Api


async def entered(api: Api, here: Ledger, day: date) -> None:
    """Five points of a day."""
    place = {"member_id": here.member["id"], "rule_id": here.rule["id"], "unit_path": here.member["unit_path"]}
    claim = {
        **place,
        "id": uuid4(),
        "done_on": day,
        "text": "打扫",
        "claimed_on": day,
        "status": "GRANTED",
        "reviewed_on": day,
    }
    entry = {**place, "id": uuid4(), "claim_id": claim["id"], "points": 5, "earned_on": day, "recorded_on": day}
    for table, row in (("point_claim", claim), ("point_entry", entry)):
        slots = ", ".join(f"${n + 1}" for n in range(len(row)))
        await api.connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({slots})", *row.values())


async def test_pledged_kept_assessed_and_appraised(api: Api, town: Town) -> None:
    here, year = await ledger(town), today().year
    given = {"memberId": f"mb_{here.member['id']}", "year": year}
    shown = "pledge { id status done assessedOn member { appraisals { nodes { grade } } } }"
    assert await told(api, here.own, "makePledge", memberId=given["memberId"], year=year + 1, text="带头") == [
        ("INVALID", "year")
    ]
    for who in (seat(here.fellow), NEIGHBOUR, AUDITOR):
        assert await told(api, who, "makePledge", **given, text="带头") in ("NOT_FOUND", "FORBIDDEN"), who
    pledge = (await api.do(here.own, "makePledge", "pledge { id }", **given, text="带头"))["pledge"]["id"]
    await api.do(here.own, "keepPledge", "", id=pledge, done="每月一次")
    await api.do(ADMIN, "appraiseMember", "", **given, grade="GOOD")
    assert await told(api, TOWN_ADMIN, "appraiseMember", **given, grade="POOR") == "CONFLICT"
    await api.connection.execute(
        "UPDATE account SET member_id = $1 WHERE name = 'test town_admin 350521100'", here.member["id"]
    )
    assert await told(api, TOWN_ADMIN, "assessPledge", id=pledge, kept=True) == "FORBIDDEN"
    assert await told(api, here.own, "assessPledge", id=pledge, kept=True) == "FORBIDDEN"
    made = (await api.do(ADMIN, "assessPledge", shown, id=pledge, kept=True))["pledge"]
    assert made == {
        "id": pledge,
        "status": "KEPT",
        "done": "每月一次",
        "assessedOn": today().isoformat(),
        "member": {"appraisals": {"nodes": [{"grade": "GOOD"}]}},
    }
    assert await told(api, ADMIN, "assessPledge", id=pledge, kept=False) == [("CLOSED", "id")]
    assert await told(api, here.own, "keepPledge", id=pledge, done="更多") == [("CLOSED", "id")]
    seen = (await api.data(here.own, "{ appraisals { nodes { id grade } } pledges { nodes { text } } }"))["appraisals"]
    fix = {"id": seen["nodes"][0]["id"], "grade": "EXCELLENT", "reason": "录入有误"}
    assert await told(api, TOWN_ADMIN, "correctAppraisal", **fix) == "FORBIDDEN"
    await api.do(ADMIN, "correctAppraisal", "", **fix)
    # What was earned and pledged in its year, and in no other.
    for earned in (today(), date(year, 1, 1), date(year - 1, 12, 31)):
        await entered(api, here, earned)
    assert await told(api, here.own, "makePledge", **given | {"year": year - 1}, text="去年") == []
    taken = "{ appraisals { nodes { points pledges { nodes { text status } } } } }"
    whole = {"points": 10, "pledges": {"nodes": [{"text": "带头", "status": "KEPT"}]}}
    for who in (ADMIN, here.own):
        assert (await api.data(who, taken))["appraisals"]["nodes"] == [whole], who
    assert (await api.data(AUDITOR, taken))["appraisals"]["nodes"] == [{"points": 10, "pledges": {"nodes": []}}]
    asked = "{ appraisals { nodes { grade memberName } } }"
    line = {"grade": "EXCELLENT", "memberName": "林一"}
    assert (await api.data(AUDITOR, asked))["appraisals"]["nodes"] == [line]
    assert (await api.data(seat(here.fellow), asked))["appraisals"]["nodes"] == []
    said = await api.connection.fetch("SELECT after::text FROM audit_change WHERE table_name = 'pledge'")
    assert said
    assert "带头" not in str(said)


async def test_the_trail_tells_nobody_whose_they_are(api: Api, town: Town) -> None:
    """Auditors read it, and neither pledges nor claims."""
    here, year = await ledger(town), today().year
    mine = {"memberId": f"mb_{here.member['id']}"}
    pledge = (await api.do(here.own, "makePledge", "pledge { id }", **mine, year=year, text="带头"))["pledge"]["id"]
    await api.do(TOWN_ADMIN, "assessPledge", "", id=pledge, kept=False)
    claimed = {"ruleId": f"pr_{here.rule['id']}", "on": today().isoformat(), "text": "打扫"}
    await api.do(here.own, "claimPoints", "", **mine, **claimed)
    asked = (
        "{ auditEntries { nodes { command targetMember { id } changes { nodes { after fields { name after } } } } } }"
    )
    for who in (AUDITOR, ("county_admin", "350521")):
        seen = {each["command"]: each for each in (await api.data(who, asked))["auditEntries"]["nodes"]}
        assert {"makePledge", "assessPledge", "claimPoints"} <= seen.keys(), who
        assert mine["memberId"][3:] not in str(seen), who
