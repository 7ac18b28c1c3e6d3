"""What meetings decided: nothing against its votes, of a matter that keeps its title; and when that can be done."""

import asyncpg
import pytest

from tests.captains.town import COMMUNITY, GRID
from tests.centres.asked import ADMIN, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, told
from tests.days import day
from tests.deliberation.asked import announced, moved
from tests.deliberation.meeting import AGREED, ALL, closed, consulted, convened, done, held
from tests.writes.api import Api
from tests.writes.street import unit_id


@pytest.fixture(autouse=True)
async def _years(api: Api) -> None:
    await announced(api)


AGAINST = {"votesFor": 2, "votesAgainst": 3, "abstained": 9}


async def test_nothing_is_agreed_against_its_votes(api: Api) -> None:
    """Nor corrected to that; the database refuses it by itself."""
    mine = await consulted(api)
    (item,) = (await held(api, mine))["items"]["nodes"]
    given = {"id": item["id"], "decided": "划线", **AGAINST}
    assert await told(api, ADMIN, "decideMeetingItem", **given, decision="AGREED") == [("INVALID", "decision")]
    even = {**given, "votesFor": 3}
    await api.do(ADMIN, "decideMeetingItem", "", **even, decision="AGREED")
    right = {**given, "decision": "AGREED", "reason": "误记"}
    assert await told(api, TOWN_ADMIN, "correctMeetingDecision", **right) == [("INVALID", "decision")]
    await api.do(TOWN_ADMIN, "correctMeetingDecision", "", **{**right, "decision": "REFUSED"})
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await api.connection.execute("UPDATE meeting_item SET decision = 'AGREED'")
    assert refused.value.constraint_name == "meeting_item_carried_check"


async def test_what_was_decided_on_keeps_its_title(api: Api) -> None:
    """But for a correction by the town, with its reason on record."""
    mine = await consulted(api)
    right = {"id": mine, "title": "改建停车场", "reason": "笔误"}
    assert await told(api, TOWN_ADMIN, "correctMatterTitle", **right) == [("INCOMPLETE", "id")]
    await api.do(ADMIN, "updateMatter", "", id=mine, title="规范停车")
    await held(api, mine, **AGREED)
    assert await told(api, ADMIN, "updateMatter", id=mine, title="改建停车场") == [("CLOSED", "title")]
    await api.do(ADMIN, "updateMatter", "", id=mine, title="规范停车", detail="楼前")
    assert await told(api, ADMIN, "correctMatterTitle", **right) == "FORBIDDEN"
    assert await told(api, TOWN_ADMIN, "correctMatterTitle", id=mine, title=" ", reason="") == [
        ("INVALID", "title"),
        ("INVALID", "reason"),
    ]
    found = await api.do(TOWN_ADMIN, "correctMatterTitle", "matter { title viewerCan }", **right)
    assert (found["matter"]["title"], "MATTER_RETITLE" in found["matter"]["viewerCan"]) == ("改建停车场", True)
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert why["corrections"]["nodes"] == [{"reason": "笔误"}]


async def test_what_comes_back_by_another_title_was_decided_under_the_former(api: Api) -> None:
    """What was decided keeps it, whatever the matter is called or corrected to; the matter may be called so again."""
    grid, ours, other = [await unit_id(api, code) for code in (GRID, COMMUNITY, NEIGHBOUR[1])]
    mine = await consulted(api, title="规范停车", unitId=grid)
    await closed(api, mine)
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=grid, parentId=other)
    await api.do(NEIGHBOUR, "updateMatter", "", id=mine, title="改建停车场")
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=grid, parentId=ours)

    async def titles() -> list[str]:
        asked = "{ meetings { nodes { heldOn items { nodes { matterTitle } } } } }"
        nodes = (await api.data(ADMIN, asked))["meetings"]["nodes"]
        return [item["matterTitle"] for each in nodes for item in each["items"]["nodes"]]

    right = {"id": mine, "reason": "笔误"}
    assert await told(api, TOWN_ADMIN, "correctMatterTitle", **right, title="车棚") == [("INCOMPLETE", "id")]
    await api.do(ADMIN, "updateMatter", "", id=mine, title="停车场")
    assert await titles() == ["规范停车"]
    await closed(api, mine, on=-30)
    await api.do(TOWN_ADMIN, "correctMatterTitle", "", **right, title="改建停车场")
    assert sorted(await titles()) == sorted(["规范停车", "改建停车场"])
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=grid, parentId=other)
    await api.do(NEIGHBOUR, "updateMatter", "", id=mine, title="规范停车")
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=grid, parentId=ours)
    assert await told(api, ADMIN, "updateMatter", id=mine, title="停车") == [("CLOSED", "title")]
    await api.do(TOWN_ADMIN, "correctMatterTitle", "", **right, title="停车")
    assert sorted(await titles()) == sorted(["停车", "改建停车场"])


async def test_all_that_keeps_a_matter_from_being_carried_out_is_told_at_once(api: Api) -> None:
    """But where it is not consulted on, which is all there is to say."""
    matter = await consulted(api)
    await closed(api, matter, on=-30, decision="REFUSED", decided="不同意")
    await convened(api, matter)
    early = await told(api, ADMIN, "actOnMatter", id=matter, on=day(-31))
    assert early == [("INCOMPLETE", "id"), ("INCOMPLETE", "id"), ("INVALID", "on")]
    late = await told(api, ADMIN, "actOnMatter", id=matter, on=day(1))
    assert late == [("INCOMPLETE", "id"), ("INCOMPLETE", "id"), ("INVALID", "on")]
    await moved(api, matter, "returnMatter", -20, reason="再听意见")
    assert await told(api, ADMIN, "actOnMatter", id=matter, on=day(1)) == [("INVALID", "id")]


async def test_a_meeting_can_be_closed_and_its_minutes_corrected_once_there_are_any(api: Api) -> None:
    seen = "query($id: ID!) { node(id: $id) { ... on Meeting { viewerCan } } }"

    async def can(meeting: str) -> set[str]:
        return set((await api.data(ADMIN, seen, id=meeting))["node"]["viewerCan"])

    made = await convened(api, await consulted(api))
    asked = {"MEETING_CLOSE", "MEETING_AMEND"}
    assert asked.isdisjoint(await can(made["id"]))
    item = (await done(api, made["id"], "holdMeeting", on=day(-40)))["items"]["nodes"][0]["id"]
    await done(api, made["id"], "recordMeetingAttendance", parties=ALL)
    await api.do(ADMIN, "decideMeetingItem", "", id=item, **AGREED)
    assert asked.isdisjoint(await can(made["id"]))
    await done(api, made["id"], "recordMeetingMinutes", text="纪要")
    assert asked <= await can(made["id"])
    await done(api, made["id"], "addMeetingItem", matterId=await consulted(api))
    assert asked.intersection(await can(made["id"])) == {"MEETING_AMEND"}  # one item is not decided
    empty = await convened(api)
    await done(api, empty["id"], "holdMeeting", on=day(-40))
    await done(api, empty["id"], "recordMeetingMinutes", text="纪要")
    assert asked.intersection(await can(empty["id"])) == {"MEETING_AMEND"}
    whole = await closed(api, await consulted(api))
    assert asked.intersection(await can(whole["id"])) == {"MEETING_AMEND"}
