"""Alliances are founded, joined, led and ended; joint meetings agree on what is then done; who may, and who reads."""

import asyncio
from typing import Any

import asyncpg
import pytest

from services.organization.tables import PartyKind, PartyTier, party_organizations
from tests.captains.town import COMMUNITY, GRID, Town
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, PARTNER, TOWN_ADMIN, told
from tests.days import day
from tests.deliberation.allied import AGREED, MET, done, founded, joined, met
from tests.golden.world import path_of
from tests.writes.api import Api
from tests.writes.street import unit_id

NUMBERS = """query($day: Date) { orgUnit(by: {code: "350521"}) { indicators(asOf: $day) {
    alliances alliedUnits allianceMeetings allianceAgreementsKept } } }"""
LATE = '{ orgUnit(by: {code: "350521"}) { indicators { allianceAgreementsLate } } }'
SEEN = """{ alliances { nodes { id } } allianceTerms { totalCount } allianceMeetings { totalCount }
    allianceAgreements { totalCount } }"""
CAN = """query($id: ID!) { node(id: $id) { ... on Alliance { viewerCan } ... on AllianceTerm { viewerCan }
    ... on AllianceAgreement { viewerCan } } }"""
WHY = {"reason": "误记"}


async def can(api: Api, row: str) -> set[str]:
    """What a community may do with it."""
    return set((await api.data(ADMIN, CAN, id=row))["node"]["viewerCan"])


async def numbers(api: Api, on: int = 0) -> list[int]:
    """The county's, of a day."""
    return [*(await api.data(COUNTY_ADMIN, NUMBERS, day=day(on)))["orgUnit"]["indicators"].values()]


async def organization(town: Town) -> str:
    """The global id of a party organization of the community."""
    kept = {"tier": PartyTier.VILLAGE, "kind": PartyKind.BRANCH, "parent_id": None}
    made = await town.add(party_organizations, unit_path=path_of(COMMUNITY), name="社区党支部", **kept)
    return f"po_{made['id']}"


async def test_units_join_pass_on_the_lead_and_leave(api: Api, town: Town) -> None:
    alliance, branch = await founded(api), await organization(town)
    given = {"allianceId": alliance, "role": "LEAD", "since": day(-300)}
    await api.do(ADMIN, "joinAlliance", "allianceTerm { id }", **given, organizationId=branch)
    member = await joined(api, alliance)
    assert await told(api, ADMIN, "joinAlliance", **given, name="银行") == [("TAKEN", "role")]
    given["role"] = "MEMBER"
    assert await told(api, ADMIN, "joinAlliance", **given, organizationId=branch) == [("TAKEN", "organizationId")]
    assert await told(api, ADMIN, "joinAlliance", **given, name=" 卫生院 ") == [("TAKEN", "name")]
    for both in ({}, {"name": "银行", "organizationId": branch}):
        assert await told(api, ADMIN, "joinAlliance", **given, **both) == [("INCOMPLETE", "name")]
    for since in (day(1), day(-401)):
        refused = await told(api, ADMIN, "joinAlliance", **{**given, "since": since}, name="银行")
        assert refused == [("INVALID", "since")]
    found = await done(api, alliance, "passAllianceLead", termId=member, on=day(-10))
    terms = [
        (each["name"], each["organization"] and each["organization"]["id"], each["role"], each["since"], each["until"])
        for each in found["terms"]["nodes"]
    ]
    assert sorted(terms, key=str) == sorted(
        [
            (None, branch, "LEAD", day(-300), day(-11)),
            ("卫生院", None, "MEMBER", day(-300), day(-11)),
            ("卫生院", None, "LEAD", day(-10), None),
            (None, branch, "MEMBER", day(-10), None),
        ],
        key=str,
    )
    now = {each["role"]: each["id"] for each in found["terms"]["nodes"] if each["until"] is None}
    assert await told(api, ADMIN, "leaveAlliance", id=now["LEAD"], on=day(0)) == [("INVALID", "id")]
    for on in (1, -11):
        assert await told(api, ADMIN, "leaveAlliance", id=now["MEMBER"], on=day(on)) == [("INVALID", "on")]
    for term, on in ((member, 0), (now["LEAD"], 0)):
        refused = await told(api, ADMIN, "passAllianceLead", id=alliance, termId=term, on=day(on))
        assert refused == [("INVALID", "termId")]
    refused = await told(api, ADMIN, "passAllianceLead", id=alliance, termId=now["MEMBER"], on=day(-10))
    assert refused == [("INVALID", "on")]
    await api.do(ADMIN, "leaveAlliance", "allianceTerm { until }", id=now["MEMBER"], on=day(-1))
    assert await told(api, ADMIN, "leaveAlliance", id=now["MEMBER"], on=day(-1)) == [("CLOSED", "on")]


async def test_what_ends_takes_its_terms_along(api: Api) -> None:
    alliance = await founded(api)
    await joined(api, alliance, "社区", "LEAD")
    await joined(api, alliance)
    await met(api, alliance, -5)
    for on in (1, -93, -6):  # to come, too far back, before the meeting
        assert await told(api, ADMIN, "endAlliance", id=alliance, on=day(on)) == [("INVALID", "on")], on
    found = await done(api, alliance, "endAlliance", on=day(-2))
    assert {each["until"] for each in found["terms"]["nodes"]} == {found["endedOn"]} == {day(-2)}
    assert await told(api, ADMIN, "endAlliance", id=alliance, on=day(-2)) == [("CLOSED", "id")]
    late = {"allianceId": alliance, "unitsCame": 2, "about": "题", "agreements": []}
    assert await told(api, ADMIN, "recordAllianceMeeting", **late, heldOn=day(-1)) == [("INVALID", "heldOn")]
    assert await told(api, ADMIN, "recordAllianceMeeting", **late, heldOn=day(-2)) == []
    given = {"allianceId": alliance, "role": "MEMBER", "since": day(-3), "name": "银行"}
    assert await told(api, ADMIN, "joinAlliance", **given) == [("CLOSED", "allianceId")]
    assert await can(api, alliance) & {"ALLIANCE_UPDATE"} == set()
    said: dict[str, Any] = {"id": alliance, "name": "联盟", **WHY}
    for days, field in (((-299, 0), "begunOn"), ((-400, -3), "endedOn"), ((-400, 1), "endedOn")):
        wrong = {"begunOn": day(days[0]), "endedOn": day(days[1])}
        assert await told(api, ADMIN, "correctAlliance", **said, **wrong) == [("INVALID", field)], days
    found = await done(api, alliance, "correctAlliance", name="联盟", begunOn=day(-500), endedOn=None, **WHY)
    assert (found["name"], found["begunOn"], found["endedOn"]) == ("联盟", day(-500), None)
    refused = await told(api, ADMIN, "correctAlliance", **said, begunOn=day(-500), endedOn=day(0))
    assert refused == [("INVALID", "endedOn")]  # it goes on: it is ended


async def test_what_meetings_agree_is_done_or_dropped(api: Api) -> None:
    alliance = await founded(api)
    rows = [{**AGREED, "dueOn": day(on)} for on in (-20, -1, 5)]
    late, kept, dropped = (await met(api, alliance, -30, *rows))["agreements"]["nodes"]
    assert [each["late"] for each in (late, kept, dropped)] == [True, True, False]
    assert late["agreedOn"] == day(-30)
    for on in (-31, 1):
        assert await told(api, ADMIN, "keepAllianceAgreement", id=kept["id"], on=day(on)) == [("INVALID", "on")]
    shown = "allianceAgreement { late doneOn droppedOn dropReason }"
    found = await api.do(ADMIN, "keepAllianceAgreement", shown, id=kept["id"], on=day(-2))
    assert found["allianceAgreement"] == {"late": False, "doneOn": day(-2), "droppedOn": None, "dropReason": None}
    assert await told(api, ADMIN, "dropAllianceAgreement", id=dropped["id"], reason=" ") == [("INVALID", "reason")]
    found = await api.do(ADMIN, "dropAllianceAgreement", shown, id=dropped["id"], reason="无场地")
    assert found["allianceAgreement"] == {"late": False, "doneOn": None, "droppedOn": day(0), "dropReason": "无场地"}
    assert await told(api, ADMIN, "keepAllianceAgreement", id=dropped["id"], on=day(0)) == [("CLOSED", "id")]
    assert await told(api, ADMIN, "dropAllianceAgreement", id=kept["id"], **WHY) == [("CLOSED", "id")]
    right = {**AGREED, "dueOn": day(9), "doneOn": None, **WHY}
    found = await api.do(ADMIN, "correctAllianceAgreement", shown, id=dropped["id"], **right)
    assert found["allianceAgreement"] == {"late": False, "doneOn": None, "droppedOn": None, "dropReason": None}
    wrong = {**right, "dueOn": day(-31), "doneOn": day(1), "agreed": ""}
    refused = await told(api, ADMIN, "correctAllianceAgreement", id=dropped["id"], **wrong)
    assert sorted(refused) == [("INVALID", "agreed"), ("INVALID", "doneOn"), ("INVALID", "dueOn")]


async def test_every_row_of_a_meeting_is_told_what_is_wrong_with_it(api: Api) -> None:
    alliance = await founded(api, begunOn=day(-60))
    given = {"allianceId": alliance, "heldOn": day(-10), "unitsCame": 5, "about": "题"}
    good = {**AGREED, "dueOn": day(5)}
    rows = [good, {**good, "agreed": " "}, {**good, "doneBy": "", "dueOn": day(-11)}]
    refused = await told(api, ADMIN, "recordAllianceMeeting", **{**given, "about": ""}, agreements=rows)
    assert sorted(refused) == [
        ("INVALID", "about"),
        ("INVALID", "agreements", "1", "agreed"),
        ("INVALID", "agreements", "2", "doneBy"),
        ("INVALID", "agreements", "2", "dueOn"),
    ]
    for on in (1, -61, -93):
        refused = await told(api, ADMIN, "recordAllianceMeeting", **{**given, "heldOn": day(on)}, agreements=[])
        assert refused == [("INVALID", "heldOn")], on
    assert (await api.data(ADMIN, SEEN))["allianceMeetings"]["totalCount"] == 0
    made = await met(api, alliance, -10)
    of: dict[str, Any] = {"id": made["id"], "unitsCame": 6, "about": "共享", **WHY}
    moved = (await api.do(ADMIN, "correctAllianceMeeting", MET, **of, heldOn=day(-12)))["allianceMeeting"]
    assert (moved["heldOn"], moved["unitsCame"]) == (day(-12), 6)
    assert [each["agreedOn"] for each in moved["agreements"]["nodes"]] == [day(-12)]  # follows its meeting
    await api.do(ADMIN, "keepAllianceAgreement", "", id=moved["agreements"]["nodes"][0]["id"], on=day(-9))
    for on in (-61, 1, -8):  # before the alliance, to come, after what was agreed there was done
        assert await told(api, ADMIN, "correctAllianceMeeting", **of, heldOn=day(on)) == [("INVALID", "heldOn")], on


async def test_terms_are_put_right(api: Api) -> None:
    alliance = await founded(api)
    term = await joined(api, alliance)
    shown = "allianceTerm { since until }"
    for days, field in (((-401, None), "since"), ((-300, 1), "until"), ((-1, -2), "until")):
        wrong = {"since": day(days[0]), "until": None if days[1] is None else day(days[1])}
        assert await told(api, ADMIN, "correctAllianceTerm", id=term, **wrong, **WHY) == [("INVALID", field)], days
    right = {"since": day(-350), "until": day(-200)}
    found = await api.do(ADMIN, "correctAllianceTerm", shown, id=term, **right, **WHY)
    assert found["allianceTerm"] == right
    assert await numbers(api, -250) == [1, 1, 0, 0]
    await done(api, alliance, "endAlliance", on=day(-1))
    open_ = {"since": day(-350), "until": None}
    assert await told(api, ADMIN, "correctAllianceTerm", id=term, **open_, **WHY) == [("INVALID", "until")]
    corrected = "{ corrections { nodes { command reason } } }"
    nodes = (await api.data(COUNTY_ADMIN, corrected))["corrections"]["nodes"]
    assert nodes == [{"command": "correctAllianceTerm", "reason": "误记"}]


async def test_of_two_leads_at_once_one_is_taken(api: Api) -> None:
    alliance = await founded(api)
    await api.token(*ADMIN)
    given = {"allianceId": alliance, "role": "LEAD", "since": day(-9)}
    twice = await asyncio.gather(*(told(api, ADMIN, "joinAlliance", **given, name=name) for name in ("甲", "乙")))
    assert sorted(twice) == [[], [("TAKEN", "role")]]


TERM = """INSERT INTO alliance_term (id, alliance_id, unit_path, name, folded, role, since, until)
    SELECT gen_random_uuid(), id, unit_path, $1, $1, $2, begun_on + $3::int, begun_on + $4::int FROM alliance"""
AGREEMENT = """INSERT INTO alliance_agreement (id, meeting_id, unit_path, agreed_on, agreed, done_by, due_on, done_on)
    SELECT gen_random_uuid(), id, unit_path, held_on + $1::int, '事', '单位', held_on + $2::int, held_on + $3::int
    FROM alliance_meeting"""


@pytest.mark.parametrize(
    ("statement", "values", "constraint"),
    [
        (TERM, ("甲", "LEAD", 150, 160), "alliance_term_lead_excl"),
        (TERM, ("社区", "MEMBER", 100, 100), "alliance_term_name_excl"),
        (TERM, (None, "MEMBER", 0, 1), "alliance_term_whose_check"),
        (TERM, ("甲", "MEMBER", 2, 1), "alliance_term_term_check"),
        (AGREEMENT, (1, 9, None), "alliance_agreement_meeting_id_unit_path_agreed_on_fkey"),
        (AGREEMENT, (0, -1, None), "alliance_agreement_days_check"),
        (AGREEMENT, (0, 5, -1), "alliance_agreement_days_check"),
    ],
)
async def test_the_database_itself_refuses_what_cannot_be(
    api: Api, statement: str, values: Any, constraint: str
) -> None:
    alliance = await founded(api)
    await joined(api, alliance, "社区", "LEAD")
    await met(api, alliance)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await api.connection.execute(statement, *values)
    assert refused.value.constraint_name == constraint


async def test_they_count_by_the_day(api: Api) -> None:
    first, second = await founded(api), await founded(api, name="商圈联盟")
    for alliance in (first, second):
        await joined(api, alliance, "社区", "LEAD")
    await joined(api, second, on=-20)
    made = await met(api, first, -30, *({**AGREED, "dueOn": day(on)} for on in (-15, -3)))
    await api.do(ADMIN, "keepAllianceAgreement", "", id=made["agreements"]["nodes"][0]["id"], on=day(-10))
    await done(api, first, "endAlliance", on=day(-1))
    assert await numbers(api) == [1, 2, 1, 1]  # of what goes on
    assert await numbers(api, -5) == [2, 2, 1, 1]  # the one in both is one
    assert await numbers(api, -25) == [2, 1, 1, 0]
    assert (await api.data(COUNTY_ADMIN, LATE))["orgUnit"]["indicators"] == {"allianceAgreementsLate": 1}


async def test_who_keeps_and_who_reads_them(api: Api, town: Town) -> None:
    alliance = await founded(api)
    await joined(api, alliance, "社区", "LEAD")
    await met(api, alliance)
    member = await town.member("林", GRID)
    readers = (TOWN_ADMIN, COUNTY_ADMIN, ("member", f"mb_{member['id']}"), ("captain", f"mb_{member['id']}"))
    for who in readers[:3]:
        assert (await api.data(who, SEEN))["alliances"]["nodes"] == [{"id": alliance}], who
    assert (await api.data(readers[3], SEEN))["alliances"]["nodes"] == []  # captain of nothing yet
    assert await told(api, readers[2], "endAlliance", id=alliance, on=day(0)) == "FORBIDDEN"
    for who in (NEIGHBOUR, COMMITTEE, PARTNER, AUDITOR):
        seen = await api.ask(who, SEEN)
        found = seen.get("data") or {"alliances": {"nodes": []}}  # a partner has no such fields
        assert found["alliances"]["nodes"] == [], who
    assert await told(api, NEIGHBOUR, "endAlliance", id=alliance, on=day(0)) == "NOT_FOUND"
    given = {"name": "联盟", "begunOn": day(0)}
    refused = await told(api, COUNTY_ADMIN, "foundAlliance", unitId=await unit_id(api, GRID), **given)
    assert refused == [("INVALID", "unitId")]
    asked = "query($id: ID!) { node(id: $id) { ... on OrgUnit { viewerCan } } }"
    for at, may in ((GRID, False), (COMMUNITY, True)):
        found = await api.data(COUNTY_ADMIN, asked, id=await unit_id(api, at))
        assert ("ALLIANCE_FOUND" in found["node"]["viewerCan"]) == may


async def test_they_go_where_their_unit_goes(api: Api) -> None:
    alliance = await founded(api)
    await joined(api, alliance, "社区", "LEAD")
    await met(api, alliance)
    other, ours = await unit_id(api, NEIGHBOUR[1]), await unit_id(api, ADMIN[1])
    given = {"id": other, "others": [{"id": ours, "version": await api.version(ours)}]}
    await api.do(COUNTY_ADMIN, "mergeUnits", "", **given)
    found = await api.data(NEIGHBOUR, SEEN)
    assert found["alliances"]["nodes"] == [{"id": alliance}]
    assert [found[name]["totalCount"] for name in ("allianceTerms", "allianceMeetings", "allianceAgreements")] == [
        *(1, 1, 1)
    ]
