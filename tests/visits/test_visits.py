"""Instructors' visits: who keeps the log, what is refused, who reads it, and that posts respect it."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from services.appointments.tables import PostKind, posts
from services.members.tables import NOBODY
from services.properties.tables import contracts
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, Town
from tests.writes.api import Api
from tests.writes.street import day

COUNTY_ADMIN, TOWN_ADMIN = ("county_admin", COUNTY), ("town_admin", "350521100")
VISIT = """instructorVisit { id visitedOn done nextStep recordedOn version instructorName companyName place
    post { id } company { name } unit { code } }"""
SEEN = "{ instructorVisits { nodes { done } } }"
DONE = "宣讲政策"


@dataclass
class Dispatch:
    """安居物业 with an instructor and another, who came later; both their global ids."""

    company: Record
    first: Record
    second: Record
    instructor: tuple[str, str]
    colleague: tuple[str, str]

    def visit(self, on: str = "", **given: Any) -> dict[str, Any]:
        """The input of a visit of the first, today unless said otherwise."""
        return {"postId": f"pt_{self.first['id']}", "visitedOn": on or day(0), "done": DONE, **given}


@pytest.fixture
async def sent(town: Town) -> Dispatch:
    """Both were dispatched a month ago, until a month from now."""
    company, today = await town.company("安居物业"), await town.today()
    term = {"since": today - timedelta(days=30), "until": today + timedelta(days=30)}
    place = {"company_id": company["id"], "unit_path": company["unit_path"], **term}
    first, second = [
        await town.add(posts, kind=PostKind.INSTRUCTOR, member_id=(await town.member(name))["id"], **place)
        for name in ("林一", "陈二")
    ]
    seats = [("instructor", f"mb_{post['member_id']}") for post in (first, second)]
    return Dispatch(company, first, second, seats[0], seats[1])


async def told(api: Api, who: tuple[str, str], command: str, **given: Any) -> Any:
    """What is refused: the code of the error, or of each user error with its field."""
    found = await api.attempt(who, command, **given)
    return found if isinstance(found, str) else [(each["code"], *each["field"][1:]) for each in found["userErrors"]]


async def test_a_visit_is_recorded_changed_and_struck_out(api: Api, sent: Dispatch) -> None:
    """By the instructor; each payload shows what is so by now."""
    given = sent.visit(day(-3), nextStep="下月组织生活")
    visit = (await api.do(sent.instructor, "recordVisit", VISIT, **given))["instructorVisit"]
    assert visit == {
        "id": visit["id"],
        "visitedOn": day(-3),
        "done": DONE,
        "nextStep": "下月组织生活",
        "recordedOn": day(0),
        "version": 1,
        "instructorName": "林一",
        "companyName": "安居物业",
        "place": ["惠安县"],
        "post": {"id": f"pt_{sent.first['id']}"},
        "company": {"name": "安居物业"},
        "unit": None,
    }
    change = {"id": visit["id"], "version": 1, "visitedOn": day(-2), "nextStep": None}
    changed = (await api.do(sent.instructor, "updateVisit", VISIT, **change))["instructorVisit"]
    assert (changed["visitedOn"], changed["done"], changed["nextStep"], changed["version"]) == (day(-2), DONE, None, 2)
    assert await told(api, sent.instructor, "updateVisit", **change) == "CONFLICT"
    gone = {"id": visit["id"], "version": 2, "reason": "记错"}
    left = await api.do(sent.instructor, "strikeOutVisit", "post { visits { totalCount } }", **gone)
    assert left["post"] == {"visits": {"totalCount": 0}}
    said = await api.connection.fetchrow("SELECT reason, unit_path FROM correction")
    assert said is not None
    assert tuple(said) == ("记错", sent.company["unit_path"])


async def test_what_is_told(api: Api, town: Town, sent: Dispatch) -> None:
    """The day lies within the term and has come; something was done; the post is an instructor's."""
    who = sent.instructor
    assert await told(api, who, "recordVisit", **sent.visit(day(1))) == [("INVALID", "visitedOn")]
    assert await told(api, who, "recordVisit", **sent.visit(day(-31))) == [("INVALID", "visitedOn")]
    assert await told(api, who, "recordVisit", **sent.visit(day(-30))) == []
    assert await told(api, who, "recordVisit", **sent.visit(done=" ")) == [("INVALID", "done")]
    assert await told(api, who, "recordVisit", **sent.visit(done="谈" * 501)) == [("INVALID", "done")]
    over = await town.tx.update(posts, sent.second["id"], until=await town.today() - timedelta(days=9))
    late = {"postId": f"pt_{over}", "visitedOn": day(-8), "done": DONE}
    assert await told(api, sent.colleague, "recordVisit", **late) == [("INVALID", "visitedOn")]
    assert await told(api, sent.colleague, "recordVisit", **{**late, "visitedOn": day(-9)}) == []
    leads = {"kind": PostKind.COMPANY_LEADER, "member_id": sent.first["member_id"], "since": await town.today()}
    place = {"company_id": sent.company["id"], "unit_path": sent.company["unit_path"]}
    leader = await town.add(posts, **leads, **place)
    of_leader = sent.visit() | {"postId": f"pt_{leader['id']}"}
    assert await told(api, COUNTY_ADMIN, "recordVisit", **of_leader) == [("INVALID", "postId")]


async def test_an_update_is_held_to_the_same(api: Api, sent: Dispatch) -> None:
    visit = (await api.do(sent.instructor, "recordVisit", VISIT, **sent.visit()))["instructorVisit"]["id"]
    for change, field in (
        ({"visitedOn": day(1)}, "visitedOn"),
        ({"visitedOn": day(-31)}, "visitedOn"),
        ({"visitedOn": None}, "visitedOn"),
        ({"done": None}, "done"),
    ):
        given = {"id": visit, "version": 1, **change}
        assert await told(api, sent.instructor, "updateVisit", **given) == [("INVALID", field)]


async def test_who_may(api: Api, sent: Dispatch) -> None:
    """The county may too; a colleague may not write into another's log, and readers write into none."""
    refused = ("FORBIDDEN", "NOT_FOUND")
    for who in (
        *(sent.colleague, ("auditor", COUNTY), ("property_committee", COUNTY), TOWN_ADMIN),
        *(("company_secretary", f"co_{sent.company['id']}"), ("county_admin", "350524")),
    ):
        assert await api.attempt(who, "recordVisit", **sent.visit()) in refused, who
    assert await api.connection.fetchval("SELECT count(*) FROM instructor_visit") == 0
    await api.do(COUNTY_ADMIN, "recordVisit", VISIT, **sent.visit())


async def test_who_reads(api: Api, town: Town, sent: Dispatch) -> None:
    """Whoever came, the company and its county; towns in which the company works today."""
    await api.do(sent.instructor, "recordVisit", VISIT, **sent.visit())

    async def seen(role: str, at: str) -> list[str]:
        found = await api.data((role, at), SEEN)
        return (
            [] if found["instructorVisits"] is None else [node["done"] for node in found["instructorVisits"]["nodes"]]
        )

    readers = ("county_admin", COUNTY), ("auditor", COUNTY), sent.instructor
    for who in (*readers, ("company_secretary", f"co_{sent.company['id']}")):
        assert await seen(*who) == [DONE], who
    others = ("county_admin", "350524"), ("community_admin", COMMUNITY), ("property_committee", COUNTY)
    for who in (TOWN_ADMIN, sent.colleague, *others):
        assert await seen(*who) == [], who
    numbers = '{ orgUnit(by: {code: "%s"}) { indicators { instructorVisits } } }'

    async def counted(code: str) -> int:
        found = (await api.data(("town_admin", code), numbers % code))["orgUnit"]
        return int(found["indicators"]["instructorVisits"])

    contract = await town.contract(await town.compound("和平小区"), sent.company, await town.today())
    assert (await seen(*TOWN_ADMIN), await counted(TOWN_ADMIN[1])) == ([DONE], 1)
    assert (await seen("town_admin", "350521101"), await counted("350521101")) == ([], 0)
    await town.tx.rows(delete(contracts).where(contracts.c.id == contract["id"]))
    assert (await seen(*TOWN_ADMIN), await counted(TOWN_ADMIN[1])) == ([], 0)


async def test_every_direction_and_the_numbers(api: Api, sent: Dispatch) -> None:
    for on, done, step in ((day(-9), "组织生活", "再访"), (day(-1), DONE, None)):
        await api.do(sent.instructor, "recordVisit", VISIT, **sent.visit(on, done=done, nextStep=step))
    await api.do(COUNTY_ADMIN, "recordVisit", VISIT, **sent.visit(day(-2)) | {"postId": f"pt_{sent.second['id']}"})
    query = """query($on: DateRange, $under: [String!], $then: Date) {
        instructorVisits(filter: {visitedOn: $on}, under: $under, orderBy: {field: VISITED_ON}) {
            nodes { done } totals { count companies instructors byYear { year count companies } } }
        propertyCompanies { nodes { visits { totalCount } posts { nodes { memberName visits { totalCount } } } } }
        orgUnit(by: {code: "350521"}) {
            indicators { instructorVisits } then: indicators(asOf: $then) { instructorVisits } }
    }"""
    found = await api.data(COUNTY_ADMIN, query, on={"from": day(-3)}, under=[COUNTY], then=day(-2))
    visits = found["instructorVisits"]
    assert [node["done"] for node in visits["nodes"]] == [DONE, DONE]
    by_year = visits["totals"].pop("byYear")
    assert visits["totals"] == {"count": 2, "companies": 1, "instructors": 2}
    assert sum(each["count"] for each in by_year) == 2
    assert {str(each["year"]) for each in by_year} == {day(-1)[:4], day(-2)[:4]}
    (company,) = found["propertyCompanies"]["nodes"]
    of_posts = {post["memberName"]: post["visits"]["totalCount"] for post in company["posts"]["nodes"]}
    assert (company["visits"]["totalCount"], of_posts) == (3, {"林一": 2, "陈二": 1})
    assert found["orgUnit"] == {"indicators": {"instructorVisits": 3}, "then": {"instructorVisits": 2}}
    planned = "query($has: Boolean!) { instructorVisits(filter: {hasNextStep: $has}) { totalCount } }"
    of = [(await api.data(COUNTY_ADMIN, planned, has=has))["instructorVisits"]["totalCount"] for has in (True, False)]
    assert of == [1, 2]
    elsewhere = await api.data(COUNTY_ADMIN, query, under=["350521100"])
    assert elsewhere["instructorVisits"]["nodes"] == []


async def test_a_post_does_not_leave_its_visits(api: Api, sent: Dispatch) -> None:
    """Ended before one, begun after one, struck out with one: refused; what keeps them inside is not."""
    await api.do(sent.instructor, "recordVisit", VISIT, **sent.visit(day(-3)))
    post = f"pt_{sent.first['id']}"
    ending = {"id": post, "reason": "调离"}
    assert await told(api, COUNTY_ADMIN, "endPost", **ending, on=day(-4)) == [("CLOSED", "id")]
    correcting = {"id": post, "version": 1, "reason": "记错"}
    assert await told(api, COUNTY_ADMIN, "correctPost", **correcting, since=day(-2)) == [("CLOSED", "id")]
    assert await told(api, COUNTY_ADMIN, "correctPost", **correcting, until=day(-4)) == [("CLOSED", "id")]
    assert await told(api, COUNTY_ADMIN, "strikeOutPost", **correcting) == [("CLOSED", "id")]
    await api.do(COUNTY_ADMIN, "correctPost", "", **correcting, since=day(-3))
    await api.do(COUNTY_ADMIN, "endPost", "", **ending, on=day(-3))


async def test_what_was_done_is_not_told_by_the_trail(api: Api, sent: Dispatch) -> None:
    """It may name someone."""
    await api.do(sent.instructor, "recordVisit", VISIT, **sent.visit(nextStep="再访"))
    found = await api.connection.fetchval("SELECT after::text FROM audit_change WHERE table_name = 'instructor_visit'")
    assert DONE not in found
    assert "再访" not in found
    assert '"visited_on"' in found


async def test_what_is_held_on_an_instructor_and_its_end(api: Api, sent: Dispatch) -> None:
    """An export has where they were and when; whoever is deleted is named in no text of the county."""
    await api.do(sent.instructor, "recordVisit", VISIT, **sent.visit(day(-1), done="陈二同行", nextStep="请陈二再访"))
    member = {"id": sent.instructor[1]}
    told_of = json.loads((await api.do(COUNTY_ADMIN, "exportMember", "data", **member))["data"])
    assert told_of["visits"] == [{"company": "安居物业", "visited_on": day(-1)}]
    colleague = {"id": sent.colleague[1]}
    assert json.loads((await api.do(COUNTY_ADMIN, "exportMember", "data", **colleague))["data"])["visits"] == []
    await api.do(COUNTY_ADMIN, "endPost", "", id=f"pt_{sent.second['id']}", on=day(-1), reason="调离")
    await api.do(COUNTY_ADMIN, "deletePerson", "", **colleague)
    (row,) = await api.connection.fetch("SELECT done, next_step FROM instructor_visit")
    assert tuple(row) == (f"{NOBODY}同行", f"请{NOBODY}再访")


async def test_the_company_is_named_to_who_is_sent_there_no_more(api: Api, town: Town, sent: Dispatch) -> None:
    """One's own log stays; what the company is called is told while the post lasts, then to whom it is readable."""
    await api.do(sent.instructor, "recordVisit", "", **sent.visit(day(-3)))
    query, named = "{ instructorVisits { nodes { companyName } } }", [{"companyName": "安居物业"}]
    assert (await api.data(sent.instructor, query))["instructorVisits"]["nodes"] == named
    await town.tx.update(posts, sent.first["id"], until=await town.today() - timedelta(days=1))
    assert (await api.data(sent.instructor, query))["instructorVisits"]["nodes"] == [{"companyName": None}]
    assert (await api.data(COUNTY_ADMIN, query))["instructorVisits"]["nodes"] == named
