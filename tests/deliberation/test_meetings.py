"""Meetings are convened, held, recorded, closed and reopened; what they decide opens the way of a matter; who may."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from services.captains.tables import captain_terms
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, told
from tests.days import day, today
from tests.deliberation.asked import announced, moved, proposed
from tests.deliberation.meeting import AGREED, ALL, SHOWN, closed, consulted, convened, done, held, place
from tests.writes.api import Api
from tests.writes.street import unit_id

CAN = "query($id: ID!) { node(id: $id) { ... on Meeting { viewerCan } ... on Matter { viewerCan } } }"
SEEN = """{ meetings { nodes { id } } meetingItems { nodes { matter { id } } } meetingPlaces { totalCount }
    meetingAttendances { totalCount } }"""
NUMBERS = """query($day: Date) { orgUnit(by: {code: "350521"}) { indicators(asOf: $day) {
    meetingsHeld meetingsOfThree mattersAgreed matterResults } } }"""


@pytest.fixture(autouse=True)
async def _years(api: Api) -> None:
    await announced(api)


async def can(api: Api, row: str) -> set[str]:
    """What a town may do with it."""
    return set((await api.data(TOWN_ADMIN, CAN, id=row))["node"]["viewerCan"])


async def test_from_planning_to_closing(api: Api) -> None:
    matter = await consulted(api)
    made = await convened(api, matter)
    assert (made["state"], made["heldOn"], made["heldAt"], made["version"]) == (
        "PLANNED",
        None,
        {"name": "730议事厅"},
        2,
    )
    assert {"MEETING_HOLD", "MEETING_CANCEL", "MEETING_CONVENE"} <= await can(api, made["id"])
    for early in (
        await told(api, ADMIN, "recordMeetingAttendance", id=made["id"], parties=ALL),
        await told(api, ADMIN, "recordMeetingMinutes", id=made["id"], text="纪要"),
        await told(api, ADMIN, "closeMeeting", id=made["id"]),
        await told(api, ADMIN, "decideMeetingItem", id=made["items"]["nodes"][0]["id"], **AGREED),
    ):
        assert early == [("CLOSED", "id")]
    await done(api, made["id"], "holdMeeting", on=day(-40))
    refused = await told(api, ADMIN, "closeMeeting", id=made["id"])
    assert sorted(refused) == [("INCOMPLETE", "id"), ("INCOMPLETE", "id"), ("INCOMPLETE", "reason")]
    await done(api, made["id"], "recordMeetingAttendance", parties=ALL[:1])
    found = await done(api, made["id"], "recordMeetingAttendance", parties=ALL)
    assert found["attendances"]["nodes"] == ALL
    assert found["allThree"]
    found = await done(api, made["id"], "recordMeetingMinutes", text="第一项\n\n 第二项 ")
    assert found["minutes"]["nodes"] == [
        {"number": 1, "text": "第一项\n第二项", "reason": None, "account": {"name": f"test {' '.join(ADMIN)}"}}
    ]
    assert await told(api, ADMIN, "closeMeeting", id=made["id"]) == [("INCOMPLETE", "id")]  # undecided
    item = found["items"]["nodes"][0]["id"]
    votes = {"votesFor": 12, "votesAgainst": 2, "abstained": 1}
    await api.do(ADMIN, "decideMeetingItem", "meetingItem { id }", id=item, **AGREED, **votes)
    assert await told(api, ADMIN, "decideMeetingItem", id=item, **AGREED) == [("CLOSED", "id")]
    found = await done(api, made["id"], "closeMeeting", reason="不需要")
    assert (found["state"], found["heldOn"], found["missingReason"]) == ("CLOSED", day(-40), None)
    (decided,) = found["items"]["nodes"]
    assert (decided["decision"], decided["votesFor"], decided["split"], decided["matter"]) == (
        *("AGREED", 12, True),
        {"id": matter},
    )
    assert "MEETING_REOPEN" in await can(api, made["id"])
    for late in (
        await told(api, ADMIN, "recordMeetingAttendance", id=made["id"], parties=ALL),
        await told(api, ADMIN, "addMeetingItem", id=made["id"], matterId=await consulted(api)),
        await told(api, ADMIN, "cancelMeeting", id=made["id"], reason="试"),
    ):
        assert late == [("CLOSED", "id")]


async def test_without_one_of_the_three_it_says_why(api: Api) -> None:
    made = await held(api, await consulted(api), **AGREED)
    found = await done(
        api, made["id"], "recordMeetingAttendance", parties=[*ALL[:2], {"party": "COMMUNITY", "people": 0}]
    )
    assert not found["allThree"]
    assert await told(api, ADMIN, "closeMeeting", id=made["id"]) == [("INCOMPLETE", "reason")]
    assert await told(api, ADMIN, "closeMeeting", id=made["id"], reason=" ") == [("INVALID", "reason")]
    found = await done(api, made["id"], "closeMeeting", reason="社区另有任务")
    assert found["missingReason"] == "社区另有任务"


async def test_cancelled_says_why(api: Api) -> None:
    made = await convened(api)
    found = await done(api, made["id"], "cancelMeeting", reason="改期")
    assert (found["state"], found["cancelReason"]) == ("CANCELLED", "改期")
    assert await told(api, ADMIN, "holdMeeting", id=made["id"], on=day(-1)) == [("CLOSED", "id")]
    empty = await convened(api)
    await done(api, empty["id"], "holdMeeting", on=day(-1))
    refused = await told(api, ADMIN, "closeMeeting", id=empty["id"], reason="无人")
    assert refused == [("INCOMPLETE", "id"), ("INCOMPLETE", "id")]  # nothing on its agenda, no minutes


async def test_what_cannot_be_convened_or_recorded(api: Api) -> None:
    hall, home = await place(api), await unit_id(api, ADMIN[1])
    there = await unit_id(api, NEIGHBOUR[1])
    given = {"unitId": home, "placeId": hall, "title": "题", "plannedOn": day(7)}
    for wrong, refused in (
        ({"title": " "}, [("INVALID", "title")]),
        ({"plannedOn": day(-93)}, [("INVALID", "plannedOn")]),
        ({"unitId": there}, [("OUT_OF_REACH", "placeId")]),
    ):
        who = TOWN_ADMIN if "unitId" in wrong else ADMIN
        assert await told(api, who, "conveneMeeting", **{**given, **wrong}) == refused, wrong
    await api.do(ADMIN, "withdrawMeetingPlace", "meetingPlace { withdrawnOn }", id=hall)
    assert await told(api, ADMIN, "withdrawMeetingPlace", id=hall) == [("CLOSED", "id")]
    assert await told(api, ADMIN, "conveneMeeting", **given) == [("CLOSED", "placeId")]
    mine, new = await consulted(api), (await proposed(api))["id"]
    meeting = (await convened(api, mine))["id"]
    of_town = {"unitId": await unit_id(api, "350521100"), "title": "题", "source": "VISIT", "proposedOn": day(-9)}
    elsewhere = (await api.do(TOWN_ADMIN, "proposeMatter", "matter { id }", **of_town))["matter"]["id"]
    for matter, refused in (
        (mine, [("TAKEN", "matterId")]),
        (new, [("INVALID", "matterId")]),
    ):
        assert await told(api, ADMIN, "addMeetingItem", id=meeting, matterId=matter) == refused
    assert await told(api, TOWN_ADMIN, "addMeetingItem", id=meeting, matterId=elsewhere) == [
        ("OUT_OF_REACH", "matterId")
    ]
    for on in (1, -93):
        assert await told(api, ADMIN, "holdMeeting", id=meeting, on=day(on)) == [("INVALID", "on")]
    found = await done(api, meeting, "holdMeeting", on=day(-1))
    twice = [ALL[0], {"party": "PROPERTY", "people": 10_001}]
    assert await told(api, ADMIN, "recordMeetingAttendance", id=meeting, parties=twice) == [
        ("INVALID", "parties", "1", "people"),
        ("INVALID", "parties", "1", "party"),
    ]
    for text in (" \n ", "长" * 4001, "不见\u200b"):
        assert await told(api, ADMIN, "recordMeetingMinutes", id=meeting, text=text) == [("INVALID", "text")]
    item = found["items"]["nodes"][0]["id"]
    for more, refused in (
        ({"votesFor": 1}, [("INCOMPLETE", "votesAgainst"), ("INCOMPLETE", "abstained")]),
        ({"votesFor": -1, "votesAgainst": 0, "abstained": 0}, [("INVALID", "votesFor")]),
        ({"decided": " "}, [("INVALID", "decided")]),
    ):
        assert await told(api, ADMIN, "decideMeetingItem", id=item, **{**AGREED, **more}) == refused, more


async def test_minutes_are_corrected_by_another_version(api: Api) -> None:
    made = await held(api, await consulted(api), **AGREED)
    assert await told(api, ADMIN, "recordMeetingMinutes", id=made["id"], text="又") == [("CLOSED", "id")]
    await done(api, made["id"], "closeMeeting")
    assert await told(api, ADMIN, "correctMeetingMinutes", id=made["id"], text="更正", reason=" ") == [
        ("INVALID", "reason")
    ]
    found = await done(api, made["id"], "correctMeetingMinutes", text="更正", reason="漏记")
    assert [(each["number"], each["text"], each["reason"]) for each in found["minutes"]["nodes"]] == [
        (1, "第一项\n第二项", None),
        (2, "更正", "漏记"),
    ]
    for statement in ("UPDATE meeting_minutes SET text = '改'", "DELETE FROM meeting_minutes"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="neither changed nor removed"):
            await api.connection.execute(statement)


async def test_a_person_who_is_erased_is_named_in_no_version(api: Api, town: Town) -> None:
    member = await town.member("欧阳演示", GRID)
    made = await held(api, await consulted(api), **AGREED)
    await done(api, made["id"], "correctMeetingMinutes", text="欧阳演示到会", reason="漏记欧阳演示")
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=f"mb_{member['id']}")
    found = await done(api, made["id"], "correctMeetingMinutes", text="三方到会", reason="简写")
    assert [each["number"] for each in found["minutes"]["nodes"]] == [1, 2, 3]
    assert "欧阳演示" not in str(found)
    assert "到会" in found["minutes"]["nodes"][1]["text"]


async def test_reopening_and_correcting_overwrite_nothing_unsaid(api: Api) -> None:
    made = await closed(api, await consulted(api))
    item = made["items"]["nodes"][0]["id"]
    right = {"id": item, "decision": "DEFERRED", "decided": "再议", "reason": "误记"}
    assert await told(api, ADMIN, "reopenMeeting", id=made["id"], reason="补记") == "FORBIDDEN"
    assert await told(api, ADMIN, "correctMeetingDecision", **right) == "FORBIDDEN"
    await api.do(TOWN_ADMIN, "correctMeetingDecision", "meetingItem { decision }", **right)
    found = (await api.do(TOWN_ADMIN, "reopenMeeting", SHOWN, id=made["id"], reason="补记"))["meeting"]
    assert (found["state"], found["heldOn"], len(found["minutes"]["nodes"])) == ("HELD", day(-40), 1)
    assert (found["items"]["nodes"][0]["decision"], found["attendances"]["nodes"]) == ("DEFERRED", ALL)
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert {each["reason"] for each in why["corrections"]["nodes"]} == {"误记", "补记"}
    assert (await done(api, made["id"], "closeMeeting"))["state"] == "CLOSED"
    other = await held(api, await consulted(api))
    right["id"] = other["items"]["nodes"][0]["id"]
    assert await told(api, TOWN_ADMIN, "correctMeetingDecision", **right) == [("INCOMPLETE", "id")]


async def test_a_matter_goes_on_when_its_meetings_agreed(api: Api) -> None:
    matter = await consulted(api)

    async def refused() -> Any:
        return await told(api, ADMIN, "actOnMatter", id=matter, on=day(-9))

    assert "MATTER_ACT" in await can(api, matter)  # none is owed
    made = await convened(api, matter)
    assert await refused() == [("INCOMPLETE", "id")]
    assert "MATTER_ACT" not in await can(api, matter)
    await done(api, made["id"], "cancelMeeting", reason="改期")
    assert "MATTER_ACT" in await can(api, matter)
    await closed(api, matter, on=-30, decision="DEFERRED", decided="再议")
    assert await refused() == [("INCOMPLETE", "id")]
    await closed(api, matter, on=-30)  # of the same day: these do not agree with each other
    assert await refused() == [("INCOMPLETE", "id")]
    assert "MATTER_ACT" not in await can(api, matter)
    await closed(api, matter, on=-20)
    assert "MATTER_ACT" in await can(api, matter)
    assert (await moved(api, matter, "actOnMatter", -9))["step"] == "ACTING"


async def test_results(api: Api) -> None:
    matter = await consulted(api)
    given = {"matterId": matter, "what": "新增停车位", "quantity": 193, "countedIn": "个", "countedOn": day(-3)}
    assert await told(api, ADMIN, "recordMatterResult", **given) == [("INVALID", "matterId")]
    await moved(api, matter, "actOnMatter", -9)
    for wrong, field in (
        ({"what": " "}, "what"),
        ({"quantity": 0}, "quantity"),
        ({"countedIn": "长" * 11}, "countedIn"),
        ({"countedOn": day(1)}, "countedOn"),
        ({"countedOn": day(-61)}, "countedOn"),
    ):
        assert await told(api, ADMIN, "recordMatterResult", **{**given, **wrong}) == [("INVALID", field)]
    made = (await api.do(ADMIN, "recordMatterResult", "matterResult { id }", **given))["matterResult"]["id"]
    assert await told(api, ADMIN, "recordMatterResult", **given) == [("TAKEN", "what")]
    right = {**given, "id": made, "quantity": 190, "reason": "重复计数"}
    del right["matterId"]
    assert await told(api, ADMIN, "correctMatterResult", **right) == "FORBIDDEN"
    await api.do(TOWN_ADMIN, "correctMatterResult", "matterResult { id }", **right)
    totals = "{ matterResults { totals { count matters byWhat { what countedIn count quantity } } } }"
    assert (await api.data(ADMIN, totals))["matterResults"]["totals"] == {
        "count": 1,
        "matters": 1,
        "byWhat": [{"what": "新增停车位", "countedIn": "个", "count": 1, "quantity": 190}],
    }


async def test_they_are_counted_by_day(api: Api) -> None:
    matter, other = await consulted(api), await consulted(api)
    await closed(api, matter, on=-30, decision="REFUSED", decided="不同意")
    await closed(api, matter, other, on=-20)
    alone = await held(api, other, on=-10)
    await done(api, alone["id"], "recordMeetingAttendance", parties=ALL[:2])
    await convened(api, on=9)

    async def numbers(on: int) -> list[Any]:
        return [*(await api.data(COUNTY_ADMIN, NUMBERS, day=day(on)))["orgUnit"]["indicators"].values()]

    assert await numbers(0) == [3, 2, 2, 0]
    assert await numbers(-20) == [2, 2, 2, 0]
    assert await numbers(-21) == [1, 1, 0, 0]
    found = await api.data(
        COUNTY_ADMIN,
        """{ meetings { totals { count byState { state count } } }
        meetingItems { totals { count matters agreed deferred refused undecided split } }
        meetingAttendances { totals { people byParty { party count people } } } }""",
    )
    assert found["meetings"]["totals"]["byState"] == [
        {"state": "PLANNED", "count": 1},
        {"state": "HELD", "count": 1},
        {"state": "CLOSED", "count": 2},
    ]
    assert [*found["meetingItems"]["totals"].values()] == [4, 2, 2, 0, 1, 1, 0]
    assert found["meetingAttendances"]["totals"]["people"] == 35
    assert found["meetingAttendances"]["totals"]["byParty"][0] == {"party": "PROPERTY", "count": 3, "people": 6}


async def test_a_meeting_lies_between_what_it_is_about_and_what_comes_of_it(api: Api) -> None:
    """Held no earlier than a matter on its agenda was proposed; that is not carried out before it agreed."""
    matter = await consulted(api)
    made = await convened(api, matter)
    assert await told(api, ADMIN, "holdMeeting", id=made["id"], on=day(-61)) == [("INVALID", "on")]
    await closed(api, other := await consulted(api), on=-40)
    assert await told(api, ADMIN, "actOnMatter", id=other, on=day(-41)) == [("INVALID", "on")]
    await moved(api, other, "actOnMatter", -39)
    wrong = {"id": other, "on": day(-41), "reason": "误记"}
    assert await told(api, TOWN_ADMIN, "correctMatterMove", **wrong) == [("INVALID", "on")]
    await api.do(TOWN_ADMIN, "correctMatterMove", "", **{**wrong, "on": day(-40)})


async def test_of_two_at_once_the_second_is_told(api: Api) -> None:
    made = await held(api, await consulted(api), **AGREED)
    both = await asyncio.gather(
        told(api, ADMIN, "closeMeeting", id=made["id"], version=made["version"]),
        told(api, TOWN_ADMIN, "correctMeetingMinutes", id=made["id"], version=made["version"], text="改", reason="漏"),
    )
    assert sorted(map(str, both)) == ["CONFLICT", "[]"]


async def test_who_may(api: Api, town: Town) -> None:
    compound, other = await town.compound("演示小区"), await town.compound("别的小区")
    building = await town.building(compound, "1号楼")
    member, company = await town.member("演示党员", GRID), await town.company("演示物业")
    await town.contract(compound, company, today() - timedelta(days=9))
    about = await consulted(api, compoundId=f"cp_{compound['id']}")
    beside = await consulted(api, compoundId=f"cp_{other['id']}")
    both, apart = await closed(api, about, beside), await closed(api, beside)
    firm = ("company_secretary", company["credit_code"])
    found = await api.data(firm, SEEN)
    assert found["meetings"]["nodes"] == [{"id": both["id"]}]
    assert found["meetingItems"]["nodes"] == [{"matter": {"id": about}}]
    assert (found["meetingPlaces"]["totalCount"], found["meetingAttendances"]["totalCount"]) == (2, 4)
    captain, leader = ("captain", f"bd_{building['id']}"), await town.member("演示楼长", GRID)
    term = {"building_id": building["id"], "unit_path": building["unit_path"], "since": today() - timedelta(days=9)}
    await town.add(captain_terms, **term, member_id=leader["id"])
    led = await api.data(captain, SEEN)
    assert await api.data(("captain", f"mb_{leader['id']}"), SEEN) == led
    assert (led["meetings"]["nodes"], led["meetingItems"]["nodes"]) == (
        [{"id": both["id"]}],
        [{"matter": {"id": about}}],
    )
    minutes = "query($id: ID!) { node(id: $id) { ... on Meeting { minutes { totalCount } } } }"
    for who in (captain, firm):  # they tell of the other matter, too
        assert (await api.data(who, minutes, id=both["id"]))["node"]["minutes"]["totalCount"] == 0
    for who in (("member", f"mb_{member['id']}"), COMMITTEE):
        seen = await api.data(who, SEEN)
        assert {each["id"] for each in seen["meetings"]["nodes"]} == {both["id"], apart["id"]}, who
    assert (await api.data(NEIGHBOUR, SEEN))["meetings"]["nodes"] == []
    for who, answer in (
        (firm, "FORBIDDEN"),
        (COMMITTEE, "FORBIDDEN"),
        (AUDITOR, "NOT_FOUND"),
        (NEIGHBOUR, "NOT_FOUND"),
    ):
        assert await told(api, who, "correctMeetingMinutes", id=both["id"], text="改", reason="试") == answer, who


ITEM = (
    "UPDATE meeting_item SET decision = NULL, decided = NULL, votes_for = NULL, votes_against = NULL, abstained = NULL"
)

WRITTEN = """INSERT INTO meeting_minutes
    SELECT gen_random_uuid(), meeting_id, unit_path, {}, text, account_id, now(), {} FROM meeting_minutes"""


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        (ITEM, "meeting_closed_check"),
        ("DELETE FROM meeting_item", "meeting_closed_check"),
        ("DELETE FROM meeting_attendance WHERE party = 'OWNERS'", "meeting_closed_check"),
        ("UPDATE meeting SET state = 'PLANNED', held_on = NULL", "meeting_recorded_check"),
        ("UPDATE meeting SET held_on = NULL", "meeting_held_check"),
        ("UPDATE meeting SET state = 'CANCELLED', held_on = NULL", "meeting_cancelled_check"),
        ("UPDATE meeting_item SET votes_for = 1", "meeting_item_votes_check"),
        ("UPDATE meeting_item SET decision = NULL", "meeting_item_decided_check"),
        (
            WRITTEN.format("3", "'改'"),
            "meeting_minutes_numbers_check",
        ),
        (
            WRITTEN.format("2", "NULL"),
            "meeting_minutes_text_check",
        ),
    ],
)
async def test_the_database_itself_keeps_a_closed_meeting_whole(api: Api, statement: str, constraint: str) -> None:
    await closed(api, await consulted(api))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await api.connection.execute(statement)
    assert refused.value.constraint_name == constraint


async def test_meetings_go_where_their_unit_goes(api: Api) -> None:
    matter = await consulted(api)
    mine = (await closed(api, matter))["id"]
    ours, other = await unit_id(api, COMMUNITY), await unit_id(api, NEIGHBOUR[1])
    given = {"id": other, "others": [{"id": ours, "version": await api.version(ours)}]}
    await api.do(("county_admin", COUNTY), "mergeUnits", "", **given)
    asked = """{ meetings { nodes { id place heldAt { place } items { nodes { place } } attendances { nodes { place } }
        minutes { nodes { place } } } } }"""
    await api.do(COUNTY_ADMIN, "moveUnit", "", id=other, parentId=await unit_id(api, "350521101"))
    (found,) = (await api.data(COUNTY_ADMIN, asked))["meetings"]["nodes"]
    there = found["place"]
    assert (found["id"], found["heldAt"]["place"]) == (mine, there)
    for part, many in (("items", 1), ("attendances", 4), ("minutes", 1)):
        assert found[part]["nodes"] == [{"place": there}] * many
