"""Themes of rotating chairs: who plans them, what is refused, who reads them, and that posts respect them."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.appointments.tables import PostKind, posts
from services.members.tables import NOBODY
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, Town
from tests.writes.api import Api
from tests.writes.street import day

ADMIN, COUNTY_ADMIN = ("community_admin", COMMUNITY), ("county_admin", COUNTY)
THEME = """chairTheme { id title plannedOn status outcome heldOn version chairName partyOrganizationName place
    post { id } partyOrganization { name } unit { code } }"""
SEEN = "{ chairThemes { nodes { title } } }"
TITLE = "邻里节"


@dataclass
class Turn:
    """The chair of 社区党委 from forty days ago for eighty-five days, and the one before."""

    post: Record
    before: Record
    chair: tuple[str, str]
    former: tuple[str, str]

    def theme(self, on: str = "", **given: Any) -> dict[str, Any]:
        """The input of a theme of this turn, for today unless said otherwise."""
        return {"postId": f"pt_{self.post['id']}", "plannedOn": on or day(0), "title": TITLE, **given}


@pytest.fixture
async def turn(town: Town) -> Turn:
    """The former as long as the present one."""
    body, today = await town.organization("社区党委"), await town.today()
    made = []
    for name, since in (("林一", today - timedelta(days=125)), ("陈二", today - timedelta(days=40))):
        member = await town.member(name)
        await town.part_time(body, member)
        place = {"organization_id": body["id"], "unit_path": body["unit_path"], "member_id": member["id"]}
        term = {"since": since, "until": since + timedelta(days=84)}
        made.append(await town.add(posts, kind=PostKind.ROTATING_CHAIR, **place, **term))
    before, present = made
    return Turn(present, before, ("member", f"mb_{present['member_id']}"), ("member", f"mb_{before['member_id']}"))


async def told(api: Api, who: tuple[str, str], command: str, **given: Any) -> Any:
    """What is refused: the code of the error, or of each user error with its field."""
    found = await api.attempt(who, command, **given)
    return found if isinstance(found, str) else [(each["code"], *each["field"][1:]) for each in found["userErrors"]]


async def planned(api: Api, turn: Turn, on: str = "", **given: Any) -> str:
    """A theme that the community has planned; its global id."""
    made: str = (await api.do(ADMIN, "planTheme", THEME, **turn.theme(on, **given)))["chairTheme"]["id"]
    return made


async def test_from_the_plan_to_what_was_done(api: Api, turn: Turn) -> None:
    """By the chair; each payload shows what is so by now. What was held is final, but for striking it out."""
    theme = (await api.do(turn.chair, "planTheme", THEME, **turn.theme(day(20))))["chairTheme"]
    of = {"id": theme.pop("id")}
    assert theme == {
        "title": TITLE,
        "plannedOn": day(20),
        "status": "PLANNED",
        "outcome": None,
        "heldOn": None,
        "version": 1,
        "chairName": "陈二",
        "partyOrganizationName": "社区党委",
        "unit": None,
        "partyOrganization": None,
        "place": ["惠安县", "螺城镇", "北关社区居委会"],
        "post": {"id": f"pt_{turn.post['id']}"},
    }
    change = {**of, "version": 1, "plannedOn": day(0), "title": "邻里文化节"}
    changed = (await api.do(turn.chair, "updateTheme", THEME, **change))["chairTheme"]
    assert (changed["title"], changed["plannedOn"], changed["version"]) == ("邻里文化节", day(0), 2)
    assert await told(api, turn.chair, "updateTheme", **change) == "CONFLICT"
    done = {**of, "version": 2, "outcome": "百人参加", "on": day(-1)}
    held = (await api.do(turn.chair, "holdTheme", THEME, **done))["chairTheme"]
    assert [held[name] for name in ("status", "outcome", "heldOn", "version")] == ["HELD", "百人参加", day(-1), 3]
    again = {**of, "version": 3}
    assert await told(api, ADMIN, "updateTheme", **again, title="又") == [("CLOSED", "id")]
    assert await told(api, ADMIN, "dropTheme", **again, outcome="又") == [("CLOSED", "id")]
    assert await told(api, ADMIN, "holdTheme", **again, outcome="又", on=day(0)) == [("CLOSED", "id")]
    gone = {**again, "reason": "重复"}
    assert await api.attempt(turn.chair, "strikeOutTheme", **gone) == "FORBIDDEN"
    left = await api.do(ADMIN, "strikeOutTheme", "post { themes { totalCount } }", **gone)
    assert left["post"] == {"themes": {"totalCount": 0}}
    assert await api.connection.fetchval("SELECT reason FROM correction") == "重复"


async def test_what_is_told(api: Api, town: Town, turn: Turn) -> None:
    """Days lie within the term, what was held has come; texts can be shown; the post is a rotating chair's."""
    for on, expected in ((day(-41), False), (day(-40), True), (day(44), True), (day(45), False)):
        refused = [] if expected else [("INVALID", "plannedOn")]
        assert await told(api, ADMIN, "planTheme", **turn.theme(on)) == refused, on
    for title in (" ", "节" * 101):
        assert await told(api, ADMIN, "planTheme", **turn.theme(title=title)) == [("INVALID", "title")]
    of: dict[str, Any] = {"id": await planned(api, turn), "version": 1}
    for field, value in (("title", None), ("plannedOn", None), ("plannedOn", day(45)), ("plannedOn", day(-41))):
        assert await told(api, ADMIN, "updateTheme", **of, **{field: value}) == [("INVALID", field)]
    for on in (day(1), day(-41)):
        assert await told(api, ADMIN, "holdTheme", **of, outcome="好", on=on) == [("INVALID", "on")]
    assert await told(api, ADMIN, "holdTheme", **of, outcome="", on=day(0)) == [("INVALID", "outcome")]
    assert await told(api, ADMIN, "dropTheme", **of, outcome="好" * 501) == [("INVALID", "outcome")]
    part_time = select(posts.c.id).where(posts.c.kind == PostKind.PART_TIME_MEMBER)
    other = turn.theme() | {"postId": f"pt_{await town.tx.value(part_time)}"}
    assert await told(api, ADMIN, "planTheme", **other) == [("INVALID", "postId")]
    dropped = (await api.do(ADMIN, "dropTheme", THEME, **of, outcome="无场地"))["chairTheme"]
    assert [dropped[name] for name in ("status", "outcome", "heldOn")] == ["DROPPED", "无场地", None]


async def test_who_may_and_who_reads(api: Api, turn: Turn) -> None:
    """The chair, the community and those above it; auditors read. One chair's themes are not another's."""
    outside = (
        *(turn.former, ("property_committee", COUNTY), ("community_admin", "350521100002"), ("county_admin", "350524")),
        *(("instructor", turn.chair[1]), ("captain", turn.chair[1])),
    )
    for who in (*outside, ("auditor", COUNTY)):
        assert await api.attempt(who, "planTheme", **turn.theme()) in ("FORBIDDEN", "NOT_FOUND"), who
    await api.do(COUNTY_ADMIN, "planTheme", "", **turn.theme())
    for who in (turn.chair, ADMIN, ("town_admin", "350521100"), COUNTY_ADMIN, ("auditor", COUNTY)):
        assert (await api.data(who, SEEN))["chairThemes"]["nodes"] == [{"title": TITLE}], who
    for who in outside:
        found = (await api.data(who, SEEN))["chairThemes"]
        assert found is None or found["nodes"] == [], who


async def test_a_post_does_not_leave_its_themes(api: Api, turn: Turn) -> None:
    """Ended before one, begun after one, struck out with one: refused; what was dropped holds nothing."""
    theme = await planned(api, turn, day(0))
    post = f"pt_{turn.post['id']}"
    ending = {"id": post, "reason": "调离"}
    assert await told(api, COUNTY_ADMIN, "endPost", **ending, on=day(-1)) == [("CLOSED", "id")]
    correcting = {"id": post, "version": 1, "reason": "记错"}
    assert await told(api, COUNTY_ADMIN, "correctPost", **correcting, until=day(-1)) == [("CLOSED", "id")]
    assert await told(api, COUNTY_ADMIN, "correctPost", **correcting, since=day(1)) == [("CLOSED", "id")]
    assert await told(api, COUNTY_ADMIN, "strikeOutPost", **correcting) == [("CLOSED", "id")]
    await api.do(ADMIN, "dropTheme", "", id=theme, version=1, outcome="调离")
    await api.do(COUNTY_ADMIN, "endPost", "", **ending, on=day(-1))


async def test_what_was_held_counts_by_the_day_it_was(api: Api, turn: Turn) -> None:
    """And not by the day it was planned for."""
    theme = await planned(api, turn, day(20))
    await api.do(ADMIN, "holdTheme", "", id=theme, version=1, outcome="提前", on=day(-5))
    ending = {"id": f"pt_{turn.post['id']}", "reason": "调离"}
    assert await told(api, COUNTY_ADMIN, "endPost", **ending, on=day(-6)) == [("CLOSED", "id")]
    await api.do(COUNTY_ADMIN, "endPost", "", **ending, on=day(-5))


async def test_every_direction_and_the_numbers(api: Api, turn: Turn) -> None:
    for on, title in ((day(-9), "义诊"), (day(-2), "课堂"), (day(9), TITLE)):
        await planned(api, turn, on, title=title)
    before = await planned(api, turn, day(-50), postId=f"pt_{turn.before['id']}", title="旧")
    await api.do(ADMIN, "holdTheme", "", id=before, version=1, outcome="好", on=day(-49))
    query = """query($filter: ChairThemeFilter, $under: [String!], $then: Date) {
        chairThemes(filter: $filter, under: $under, orderBy: {field: PLANNED_ON}) {
            nodes { title } totals { count partyOrganizations byStatus { status count } } }
        partyOrganizations(filter: {tier: [VILLAGE]}) { nodes { name themes { totalCount }
            posts(filter: {kind: [ROTATING_CHAIR]}) { nodes { memberName themes { totalCount } } } } }
        orgUnit(by: {code: "350521"}) { indicators { themesHeld } then: indicators(asOf: $then) { themesHeld } }
    }"""

    async def titles(under: str = COUNTY, **conditions: Any) -> list[str]:
        found = await api.data(COUNTY_ADMIN, query, filter=conditions, under=[under])
        return [node["title"] for node in found["chairThemes"]["nodes"]]

    found = await api.data(COUNTY_ADMIN, query, then=day(-50))
    assert found["chairThemes"]["totals"] == {
        "count": 4,
        "partyOrganizations": 1,
        "byStatus": [{"status": "PLANNED", "count": 3}, {"status": "HELD", "count": 1}],
    }
    (body,) = [each for each in found["partyOrganizations"]["nodes"] if each["name"] == "社区党委"]
    of_posts = {post["memberName"]: post["themes"]["totalCount"] for post in body["posts"]["nodes"]}
    assert (body["themes"]["totalCount"], of_posts) == (4, {"林一": 1, "陈二": 3})
    assert found["orgUnit"] == {"indicators": {"themesHeld": 1}, "then": {"themesHeld": 0}}
    assert await titles() == ["旧", "义诊", "课堂", TITLE]
    assert await titles(status=["HELD"]) == ["旧"]
    assert await titles(plannedOn={"from": day(-9), "to": day(-2)}) == ["义诊", "课堂"]
    assert await titles(heldOn={"from": day(-49)}) == ["旧"]
    assert await titles("350521101") == []


async def test_nothing_of_it_is_told_by_the_trail(api: Api, town: Town, turn: Turn) -> None:
    """Texts may name someone; whoever is deleted is unsaid in them."""
    guest = (await town.member("王五"))["id"]
    theme = await planned(api, turn, title="谢王五")
    await api.do(ADMIN, "holdTheme", "", id=theme, version=1, outcome="王五讲课", on=day(0))
    rows = await api.connection.fetch("SELECT after::text FROM audit_change WHERE table_name = 'chair_theme'")
    assert len(rows) == 2
    assert "王五" not in str(rows)
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=f"mb_{guest}")
    said = await api.connection.fetchrow("SELECT title, outcome FROM chair_theme")
    assert said is not None
    assert tuple(said) == (f"谢{NOBODY}", f"{NOBODY}讲课")


async def test_an_export_tells_what_a_chair_planned(api: Api, turn: Turn) -> None:
    """That member, and no other."""
    await planned(api, turn, day(3))

    async def told_of(member: str) -> Any:
        shown = await api.do(COUNTY_ADMIN, "exportMember", "data", id=member)
        return json.loads(shown["data"])["themes"]

    assert await told_of(turn.chair[1]) == [
        {"party_organization": "社区党委", "title": TITLE, "planned_on": day(3), "held_on": None, "status": "PLANNED"}
    ]
    assert await told_of(turn.former[1]) == []


async def test_the_organization_is_named_to_its_former_chair_no_more(api: Api, turn: Turn) -> None:
    """While the term lasts, and after that to whom the organization is readable."""
    query, named = "{ chairThemes { nodes { partyOrganizationName } } }", {"partyOrganizationName": "社区党委"}
    await planned(api, turn)
    await api.do(ADMIN, "planTheme", "", postId=f"pt_{turn.before['id']}", plannedOn=day(-60), title=TITLE)
    assert (await api.data(turn.chair, query))["chairThemes"]["nodes"] == [named]
    assert (await api.data(turn.former, query))["chairThemes"]["nodes"] == [{"partyOrganizationName": None}]
    assert (await api.data(ADMIN, query))["chairThemes"]["nodes"] == [named, named]
