"""Service posts: what is listed, needed and taken, who suits it and why, who may what, and the last place at once."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import pytest

from services.duties import serving
from services.duties.tables import duty_terms, needs
from services.errors import Refused
from services.members.tables import NOBODY
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, Town
from tests.writes.api import Api
from tests.writes.street import day, unit_id

Who = tuple[str, str]
ADMIN, TOWN_ADMIN = ("community_admin", COMMUNITY), ("town_admin", "350521100")
COUNTY_ADMIN, AUDITOR = ("county_admin", COUNTY), ("auditor", COUNTY)
OUTSIDE = (("property_committee", COUNTY), ("community_admin", "350521100002"), ("county_admin", "350524"))
TERM = "dutyTerm { id version since until memberName itemName endReason place need { needed } item { name } }"
NEED = """dutyNeed { id version itemName category needed since until terms { nodes { memberName } }
    suggestedMembers { totalCount nodes { memberName wishes skills occupations } } }"""
MINE = """{ members { nodes { profile { occupation skills wishes }
    suggestedNeeds { totalCount nodes { itemName wishes skills occupations } } } } }"""


@dataclass
class Played:
    """Two duties of the county, the community's need of one haircut in each, and two members there."""

    haircuts: str
    lessons: str
    one: Record
    two: Record

    @property
    def members(self) -> tuple[Who, Who]:
        return ("member", f"mb_{self.one['id']}"), ("member", f"mb_{self.two['id']}")


@pytest.fixture
async def played(api: Api, town: Town) -> Played:
    county, here = await unit_id(api, COUNTY), await unit_id(api, COMMUNITY)
    made: list[str] = []
    for name, skills, occupations in (("理发", ["理发"], ["美发业"]), ("辅导", ["数学", "书法"], ["教师"])):
        given = {"unitId": county, "category": "便民服务", "name": name, "skills": skills, "occupations": occupations}
        item = (await api.do(COUNTY_ADMIN, "publishDuty", "dutyItem { id place }", **given))["dutyItem"]
        assert item["place"] == ["惠安县"]
        need = {"unitId": here, "itemId": item["id"], "needed": 1, "since": day(-30), "until": day(60)}
        made.append((await api.do(ADMIN, "openDutyNeed", NEED, **need))["dutyNeed"]["id"])
    return Played(made[0], made[1], await town.member("林一"), await town.member("陈二"))


async def told(api: Api, who: Who, command: str, **given: Any) -> Any:
    """What is refused: the code of the error, or of each user error with its field."""
    found = await api.attempt(who, command, **given)
    return found if isinstance(found, str) else [(each["code"], *each["field"][1:]) for each in found["userErrors"]]


async def taken(api: Api, who: Who, need: str, **more: Any) -> Any:
    """A term on duty, for the member who asks unless another is named."""
    given = {"needId": need, "memberId": who[1], "since": day(0), **more}
    return (await api.do(who, "takeDuty", TERM, **given))["dutyTerm"]


async def test_who_suits_what_and_why(api: Api, town: Town, played: Played) -> None:
    """A wish goes before skills, these before an occupation; a need that is full, or a member on it, suits nobody."""
    one, two = played.members
    wishing = {"memberId": one[1], "occupation": "教师", "skills": ["数学", "数学", " 理发"], "wishes": ["便民服务"]}
    assert (await api.do(one, "recordProfile", "memberProfile { skills }", **wishing))["memberProfile"] == {
        "skills": ["数学", "理发"]
    }
    await api.do(ADMIN, "recordProfile", "", memberId=two[1], occupation="美发业", wishes=[])
    stranger = await town.member("外人", at="350521100002001")
    await api.do(COUNTY_ADMIN, "recordProfile", "", memberId=f"mb_{stranger['id']}", skills=["理发"])
    mine = (await api.data(one, MINE))["members"]["nodes"][0]
    assert mine["profile"]["wishes"] == ["便民服务"]
    lessons = {"itemName": "辅导", "wishes": ["便民服务"], "skills": ["数学"], "occupations": ["教师"]}
    haircuts = {"itemName": "理发", "wishes": ["便民服务"], "skills": ["理发"], "occupations": []}
    assert mine["suggestedNeeds"] == {"totalCount": 2, "nodes": [lessons, haircuts]}
    query = f"{{ dutyNeeds(orderBy: {{field: SINCE}}) {{ nodes {{ {NEED.partition('{')[2]} }} }}"
    of = {each["itemName"]: each["suggestedMembers"] for each in (await api.data(ADMIN, query))["dutyNeeds"]["nodes"]}
    assert [each["memberName"] for each in of["理发"]["nodes"]] == ["林一", "陈二"]
    assert [each["memberName"] for each in of["辅导"]["nodes"]] == ["林一"]
    shown = (await api.data(two, query))["dutyNeeds"]["nodes"]  # to a member, only of themselves
    assert [each["suggestedMembers"]["totalCount"] for each in shown].count(1) == 1
    await taken(api, two, played.haircuts)
    left = (await api.data(one, MINE))["members"]["nodes"][0]["suggestedNeeds"]
    assert left == {"totalCount": 1, "nodes": [lessons]}
    await api.do(COUNTY_ADMIN, "restrictMember", "", id=one[1], reason="异议")
    assert (await api.data(one, MINE))["members"]["nodes"][0]["profile"]["occupation"] == "教师"
    found = (await api.data(ADMIN, MINE))["members"]["nodes"]
    assert {each["profile"] and each["profile"]["occupation"] for each in found} == {None, "美发业"}
    assert all(each["suggestedNeeds"]["totalCount"] == 0 for each in found)
    assert await told(api, ADMIN, "takeDuty", needId=played.lessons, memberId=one[1], since=day(0)) == [
        ("CLOSED", "memberId")
    ]


async def test_a_term_from_taking_it_to_leaving(api: Api, town: Town, played: Played) -> None:
    """As long as the need lasts, ended early, corrected by the town, struck out; a place that is free is taken."""
    one, two = played.members
    term = await taken(api, one, played.haircuts)
    assert term == {
        "id": term["id"],
        "version": 1,
        "since": day(0),
        "until": day(60),
        "memberName": "林一",
        "itemName": "理发",
        "endReason": None,
        "place": ["惠安县", "螺城镇", "北关社区居委会"],
        "need": {"needed": 1},
        "item": {"name": "理发"},
    }
    full = {"needId": played.haircuts, "memberId": two[1], "since": day(30)}
    assert await told(api, two, "takeDuty", **full) == "CONFLICT"
    assert await told(api, one, "takeDuty", **full) == "NOT_FOUND"  # only for themselves
    ended = (await api.do(one, "endDutyTerm", TERM, id=term["id"], on=day(9), reason="林一搬家"))["dutyTerm"]
    assert (ended["until"], ended["endReason"]) == (day(9), "林一搬家")
    await api.do(two, "takeDuty", "", **full)
    longer = {"id": term["id"], "reason": "记错", "until": day(31)}
    assert await told(api, one, "correctDutyTerm", **longer) == "FORBIDDEN"
    assert await told(api, TOWN_ADMIN, "correctDutyTerm", **longer) == "CONFLICT"
    assert await told(api, TOWN_ADMIN, "correctDutyTerm", **longer | {"until": day(61)}) == [("CLOSED", "id")]
    fixed = await api.do(TOWN_ADMIN, "correctDutyTerm", "changed { until struckOut }", **longer | {"until": day(29)})
    assert fixed["changed"] == [{"until": day(29), "struckOut": False}]
    assert await told(api, COUNTY_ADMIN, "updateMember", id=one[1], leftOn=day(0)) == [("CLOSED", "leftOn")]
    shut = {"id": played.haircuts, "until": day(20)}
    assert await told(api, ADMIN, "updateDutyNeed", **shut) == [("CLOSED", "id")]
    assert await told(api, ADMIN, "strikeOutDutyNeed", id=played.haircuts, reason="误") == [("CLOSED", "id")]
    gone = await api.do(TOWN_ADMIN, "strikeOutDutyTerm", NEED, id=term["id"], reason="重复")
    assert [each["memberName"] for each in gone["dutyNeed"]["terms"]["nodes"]] == ["陈二"]
    trail = str(await api.connection.fetch("SELECT before, after FROM audit_change WHERE table_name = 'duty_term'"))
    assert "搬家" not in trail


async def test_what_is_told(api: Api, town: Town, played: Played) -> None:
    one, two = played.members
    here, item = await unit_id(api, COMMUNITY), "dutyItems { nodes { id } }"
    first, second = [each["id"] for each in (await api.data(ADMIN, f"{{ {item} }}"))["dutyItems"]["nodes"]]
    listing = {"unitId": await unit_id(api, COUNTY), "category": "便民服务", "name": "理发"}
    assert await told(api, COUNTY_ADMIN, "publishDuty", **listing) == [("TAKEN", "name")]
    assert await told(api, ADMIN, "publishDuty", **listing) == "NOT_FOUND"
    assert await told(api, ADMIN, "updateDuty", id=first, name="义剪") == "FORBIDDEN"
    wrong = {"category": "类" * 21, "name": " ", "skills": ["技"] * 2 + [str(n) for n in range(10)]}
    found = await told(api, COUNTY_ADMIN, "publishDuty", **listing | wrong)
    assert sorted(found) == [("INVALID", name) for name in ("category", "name", "skills")]
    wanted = {"unitId": here, "itemId": second, "needed": 1, "since": day(0)}
    for values, field in (({"needed": 0}, "needed"), ({"needed": 201}, "needed"), ({"until": day(-1)}, "until")):
        assert await told(api, ADMIN, "openDutyNeed", **wanted | values) == [("INVALID", field)]
    own = (await api.do(ADMIN, "publishDuty", "dutyItem { id }", **listing | {"unitId": here}))["dutyItem"]["id"]
    above = {"unitId": listing["unitId"], "itemId": own, "needed": 1, "since": day(0)}
    assert await told(api, COUNTY_ADMIN, "openDutyNeed", **above) == [("OUT_OF_REACH", "itemId")]
    await api.do(ADMIN, "withdrawDuty", "", id=own, on=day(0))
    assert await told(api, ADMIN, "openDutyNeed", **wanted | {"itemId": own}) == [("CLOSED", "itemId")]
    for days, problem in (
        ({"since": day(-31)}, ("CLOSED", "needId")),
        ({"since": day(0), "until": day(61)}, ("CLOSED", "needId")),
        ({"since": day(1), "until": day(0)}, ("INVALID", "until")),
    ):
        assert await told(api, one, "takeDuty", needId=played.lessons, memberId=one[1], **days) == [problem]
    await taken(api, one, played.lessons)
    again = (await api.do(ADMIN, "openDutyNeed", "dutyNeed { id }", **wanted | {"itemId": second}))["dutyNeed"]["id"]
    both = {"needId": again, "memberId": one[1], "since": day(3)}
    assert await told(api, one, "takeDuty", **both) == "CONFLICT"
    stranger = await town.member("外人", at="350521100002001")
    far = {"needId": again, "memberId": f"mb_{stranger['id']}", "since": day(0)}
    assert await told(api, COUNTY_ADMIN, "takeDuty", **far) == [("OUT_OF_REACH", "memberId")]
    assert await told(api, ADMIN, "recordProfile", memberId=two[1]) == []
    assert await told(api, ADMIN, "recordProfile", memberId=two[1]) == [("TAKEN", "memberId")]


async def test_who_reads_and_the_numbers(api: Api, played: Played) -> None:
    one, two = played.members
    await taken(api, one, played.lessons)
    await api.do(one, "recordProfile", "", memberId=one[1], skills=["数学"])
    query = "{ dutyItems { totalCount } dutyNeeds { totalCount } dutyTerms { totalCount } }"

    async def seen(who: Who) -> list[int]:
        found = await api.data(who, query)
        return [found[name] and found[name]["totalCount"] for name in ("dutyItems", "dutyNeeds", "dutyTerms")]

    for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN, AUDITOR, one):
        assert await seen(who) == [2, 2, 1], who
    assert await seen(two) == [2, 2, 0]
    assert [await seen(who) for who in OUTSIDE] == [[0, 0, 0], [2, 0, 0], [0, 0, 0]]
    assert (await api.data(AUDITOR, MINE))["members"]["nodes"] == [
        {"profile": None, "suggestedNeeds": {"totalCount": 0, "nodes": []}}  # who is on duty is named there
    ]
    for who in (AUDITOR, *OUTSIDE, two):
        assert await told(api, who, "endDutyTerm", id=f"dt_{played.one['id']}", on=day(0), reason="x") == "NOT_FOUND"
        taking = {"needId": played.haircuts, "memberId": one[1], "since": day(0)}
        assert await told(api, who, "takeDuty", **taking) in ("FORBIDDEN", "NOT_FOUND"), who
    query = """query($then: Date) { orgUnit(by: {code: "350521"}) { now: indicators { ...Numbers }
        then: indicators(asOf: $then) { ...Numbers } } }
        fragment Numbers on Indicators { dutyPostsNeeded dutyPostsTaken membersOnDuty }"""
    found = await api.data(COUNTY_ADMIN, query, then=day(-1))
    names = ("dutyPostsNeeded", "dutyPostsTaken", "membersOnDuty")
    assert [[found["orgUnit"][when][name] for name in names] for when in ("now", "then")] == [[2, 1, 1], [2, 0, 0]]
    totals = """{ dutyItems { totals { count byCategory { category count } } } dutyNeeds { totals { needed items } }
        dutyTerms { totals { members items } } orgUnit(by: {code: "350521"}) { dutyNeeds { totalCount } } }"""
    assert await api.data(COUNTY_ADMIN, totals) == {
        "dutyItems": {"totals": {"count": 2, "byCategory": [{"category": "便民服务", "count": 2}]}},
        "dutyNeeds": {"totals": {"needed": 2, "items": 2}},
        "dutyTerms": {"totals": {"members": 1, "items": 1}},
        "orgUnit": {"dutyNeeds": {"totalCount": 2}},
    }


async def test_nothing_is_left_of_whoever_is_deleted(api: Api, played: Played) -> None:
    """The export tells profile and terms; after deletion there is no profile, and the reason names nobody."""
    one, _ = played.members
    await api.do(one, "recordProfile", "", memberId=one[1], occupation="教师", skills=["数学"], wishes=["辅导"])
    term = await taken(api, one, played.lessons, since=day(-9))
    await api.do(one, "endDutyTerm", "", id=term["id"], on=day(-1), reason="林一调离")
    held = json.loads((await api.do(one, "exportMember", "data", id=one[1]))["data"])
    assert held["profile"] == {"occupation": "教师", "skills": ["数学"], "wishes": ["辅导"]}
    ended = {"since": day(-9), "until": day(-1), "end_reason": "林一调离"}
    assert held["duties"] == [{"duty": "辅导", "category": "便民服务", **ended}]
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=one[1])
    assert await api.connection.fetchval("SELECT count(*) FROM member_profile") == 0
    assert await api.connection.fetchval("SELECT end_reason FROM duty_term") == NOBODY
    trail = await api.connection.fetch("SELECT before, after FROM audit_change WHERE table_name = 'member_profile'")
    assert "教师" not in str(trail)
    assert "数学" not in str(trail)


async def test_two_for_the_last_place_at_once(api: Api, town: Town, played: Played) -> None:
    """The second waits for the first, and then is told that no place is left; so does who wants fewer meanwhile."""
    need = await town.row(needs, await town.connection.fetchval("SELECT id FROM duty_need LIMIT 1"))
    since = await town.today()
    async with town.another() as other:
        first = town.connection.transaction()
        await first.start()
        await serving.take(town.tx, need=need, member=played.one, since=since)
        second = asyncio.create_task(_taking(other, need, played.two))
        await town.until_waiting(other)
        await first.commit()
        assert await second == "duty_term_places_check"
    assert await town.connection.fetchval("SELECT count(*) FROM duty_term") == 1
    held = await town.row(duty_terms, await town.connection.fetchval("SELECT id FROM duty_term"))
    assert held["member_id"] == played.one["id"]


async def _taking(town: Town, need: Record, member: Record) -> str | None:
    try:
        async with town.connection.transaction():
            await serving.take(town.tx, need=need, member=member, since=await town.today())
    except Refused as refused:
        return str(refused)
    except Exception as error:  # noqa: BLE001 - the constraint is what is looked at
        return str(getattr(error, "constraint_name", error))
    return None
