"""Members in their grids: reported 双报到, assigned 多网合一, moved, imported, corrected, counted; one at a time."""

import asyncio
from typing import Any

import pytest

from tests.writes.api import Api, mutation
from tests.writes.street import ADMIN, COUNTY, COUNTY_ADMIN, NEIGHBOUR, TOWN, Street, day, made, unit_id

FIRST, SECOND = "350521100001001", "350521100001002"
TOWN_ADMIN, AUDITOR, PARTNER = ("town_admin", TOWN), ("auditor", COUNTY), ("partner", COUNTY)
TERM = "gridTerm { id version kind channel since until place member { unit { name } } }"
SEEN = "{ gridTerms(orderBy: {field: SINCE}) { nodes { memberName kind since until place } } }"
GRIDS = {FIRST: "第一网格", SECOND: "第二网格"}


def self_of(on: Street, number: int = 0) -> tuple[str, str]:
    """A member as themselves."""
    return "member", on.members[number]


async def told(api: Api, who: tuple[str, str], command: str, **given: Any) -> Any:
    """What is refused: the code of the error, or of each user error with its field."""
    found = await api.attempt(who, command, **given)
    return found if isinstance(found, str) else [(each["code"], *each["field"][1:]) for each in found["userErrors"]]


async def reported(api: Api, on: Street, code: str, since: str, number: int = 0, **more: Any) -> Any:
    """A member reports online; the term."""
    given = {"id": on.members[number], "gridCode": code, "channel": "ONLINE", "since": since, **more}
    return (await api.do(self_of(on, number), "reportToGrid", TERM, **given))["gridTerm"]


async def test_a_member_reports_and_moves(api: Api, on: Street) -> None:
    """Online; the address is kept as contact data, sight of the grid goes along, the former term ends in time."""
    first = await reported(api, on, FIRST, day(-20), address="螺城镇中山街一百二十三号")
    assert (first["kind"], first["channel"], first["until"]) == ("REPORTED", "ONLINE", None)
    assert first["member"] == {"unit": {"name": "第一网格"}}
    query = """query($then: Date!) { members { nodes { version unit { name } contact { address }
        grid { place } then: grid(asOf: $then) { place } gridTerms { totalCount } } }
        orgUnits { nodes { name } } gridTerms(orderBy: {field: SINCE}) { nodes { until } } }"""
    await reported(api, on, SECOND, day(0))
    found = await api.data(self_of(on), query, then=day(-1))
    (member,) = found["members"]["nodes"]
    assert member["contact"] == {"address": "螺城镇中山街一百二十三号"}
    assert (member["unit"], member["version"]) == ({"name": "第二网格"}, 3)
    assert [member[name]["place"][-1] for name in ("grid", "then")] == ["第二网格", "第一网格"]
    assert member["gridTerms"] == {"totalCount": 2}
    assert found["orgUnits"]["nodes"] == [{"name": "第二网格"}]
    assert [node["until"] for node in found["gridTerms"]["nodes"]] == [day(-1), None]
    again = {"id": on.members[0], "channel": "ONLINE"}
    assert await told(api, self_of(on), "reportToGrid", **again, gridCode=SECOND, since=day(0)) == [
        ("TAKEN", "gridCode")
    ]
    for since, *expected in (
        (day(1), "INVALID", "since"),
        (day(-10), "TAKEN", "gridCode"),
        (day(-200), "TAKEN", "since"),
    ):
        refused = await told(api, self_of(on), "reportToGrid", **again, gridCode=FIRST, since=since)
        assert refused == [tuple(expected)], since


async def test_grids_of_the_county_and_no_others(api: Api, on: Street) -> None:
    """What is elsewhere, no grid, or nowhere is refused in the same words; a community without grids is one itself."""
    given: dict[str, Any] = {"id": on.members[0], "channel": "ON_SITE", "since": day(0)}
    texts, town = set(), await unit_id(api, "350524100")
    named = {"parentId": town, "code": "350524100001", "name": "城东社区", "level": "COMMUNITY"}
    await api.do(("county_admin", "350524"), "createUnit", "", **named)
    for code in ("350524100001", "350524100", "350521100", "350521100001", "350521100009009"):
        found = await api.attempt(self_of(on), "reportToGrid", **given, gridCode=code)
        texts.add(str(found["userErrors"]))
    assert len(texts) == 1
    assert "INVALID" in next(iter(texts))
    term = (await api.do(self_of(on), "reportToGrid", TERM, **given, gridCode="350521100002"))["gridTerm"]
    assert term["place"][-1] == "西北社区居委会"
    old = await told(api, self_of(on), "reportToGrid", **given | {"since": day(-93)}, gridCode=FIRST)
    assert old == [("TAKEN", "since")]
    resident = await made(api, ADMIN, "registerMember", "member", unitId=on.unit, name="居民", standing="RESIDENT")
    assert await told(api, ADMIN, "reportToGrid", **given | {"id": resident}, gridCode=FIRST) == [("INVALID", "id")]


async def test_who_may_and_who_reads(api: Api, on: Street) -> None:
    """The member and the community; a neighbour and other members nothing; auditors and partners count."""
    given: dict[str, Any] = {"id": on.members[0], "gridCode": FIRST, "channel": "ON_SITE", "since": day(-3)}
    outside = (self_of(on, 1), NEIGHBOUR, ("property_committee", COUNTY), ("captain", on.members[0]), ("member", FIRST))
    for who in (*outside, AUDITOR):
        assert await api.attempt(who, "reportToGrid", **given) in ("FORBIDDEN", "NOT_FOUND"), who
    away = await api.attempt(ADMIN, "reportToGrid", **given | {"gridCode": NEIGHBOUR[1]})
    assert away in ("FORBIDDEN", "NOT_FOUND")
    await api.do(ADMIN, "reportToGrid", "", **given)
    node = {"memberName": "演示党员1", "kind": "REPORTED", "since": day(-3), "until": None}
    for who in (self_of(on), ADMIN, TOWN_ADMIN):
        (term,) = (await api.data(who, SEEN))["gridTerms"]["nodes"]
        assert {name: term[name] for name in node} == node, who
    for who in (*outside, AUDITOR):
        found = (await api.data(who, SEEN))["gridTerms"]
        assert found is None or found["nodes"] == [], who
    # To be registered is no office, and nothing an auditor sees names who holds none.
    assert (await api.data(AUDITOR, "{ members { nodes { name } } }"))["members"]["nodes"] == []
    counted = f'{{ orgUnit(by: {{code: "{COUNTY}"}}) {{ indicators {{ membersReported }} }} }}'
    few = await api.ask(PARTNER, counted)  # they count, and one is too few to be told of
    assert few["data"]["orgUnit"] == {"indicators": {"membersReported": None}}
    assert "unreachable" not in few.get("extensions", {})
    assert "errors" in await api.ask(PARTNER, SEEN)
    assigning = {"id": on.members[1], "gridId": await unit_id(api, SECOND), "since": day(0)}
    assert await api.attempt(self_of(on, 1), "assignToGrid", **assigning) == "FORBIDDEN"
    assert await told(api, ADMIN, "assignToGrid", **assigning | {"gridId": on.unit}) == [("INVALID", "gridId")]
    elsewhere = assigning | {"gridId": await unit_id(api, NEIGHBOUR[1])}
    assert await api.attempt(ADMIN, "assignToGrid", **elsewhere) == "NOT_FOUND"
    assert (await api.do(ADMIN, "assignToGrid", TERM, **assigning))["gridTerm"]["kind"] == "ASSIGNED"
    assert await told(api, ADMIN, "assignToGrid", **assigning) == [("TAKEN", "gridId")]


async def test_a_list_imported_twice_changes_nothing(api: Api, on: Street) -> None:
    """Assigned and reported in one list, all or none; what is on record already is told, and left as it is."""
    first, second = await unit_id(api, FIRST), await unit_id(api, SECOND)
    away = await unit_id(api, NEIGHBOUR[1])
    one, other = on.members
    listed = [
        {"memberId": one, "gridId": first, "since": day(-9)},
        {"memberId": other, "gridId": second, "since": day(-9), "channel": "ON_SITE"},
    ]
    wrong = [
        listed[0],
        {**listed[0], "since": day(-8)},
        {**listed[1], "since": day(1)},
        {**listed[1], "gridId": on.unit},
    ]
    select = "recorded { row id known } orgUnit { name }"
    given: dict[str, Any] = {"unitId": on.unit}
    assert await told(api, ADMIN, "assignMembersToGrids", **given, members=wrong) == [
        ("TAKEN", "members", "1", "memberId"),
        ("INVALID", "members", "2", "since"),
        ("INVALID", "members", "3", "gridId"),
        ("TAKEN", "members", "3", "memberId"),
    ]
    outside = [{**listed[0], "gridId": away, "since": day(1)}]
    assert await told(api, TOWN_ADMIN, "assignMembersToGrids", **given, members=outside) == [
        ("OUT_OF_REACH", "members", "0", "gridId"),
        ("INVALID", "members", "0", "since"),
    ]
    assert await api.connection.fetchval("SELECT count(*) FROM grid_term") == 0
    rows = (await api.do(ADMIN, "assignMembersToGrids", select, **given, members=listed))["recorded"]
    assert [row["known"] for row in rows] == [False, False]
    before = await api.connection.fetch("SELECT * FROM grid_term ORDER BY id")
    people = await api.connection.fetch("SELECT id, version, unit_path FROM member ORDER BY id")
    assert [row["kind"] for row in sorted(before, key=lambda row: row["kind"])] == ["ASSIGNED", "REPORTED"]
    again = (await api.do(ADMIN, "assignMembersToGrids", select, **given, members=listed))["recorded"]
    assert again == [{**row, "known": True} for row in rows]
    assert await api.connection.fetch("SELECT * FROM grid_term ORDER BY id") == before
    assert await api.connection.fetch("SELECT id, version, unit_path FROM member ORDER BY id") == people
    moved = [{"memberId": one, "gridId": second, "since": day(-2)}]
    await api.do(ADMIN, "assignMembersToGrids", select, **given, members=moved)
    assert [node["until"] for node in (await api.data(self_of(on), SEEN))["gridTerms"]["nodes"]] == [day(-3), None]


async def test_corrected_struck_out_and_ended(api: Api, on: Street) -> None:
    """The member serves where the term of today is, whatever becomes of it; nobody is moved past it."""
    first = await reported(api, on, FIRST, day(-20))
    second = await reported(api, on, SECOND, day(-5))
    why: dict[str, Any] = {"reason": "录入有误"}
    grid = await unit_id(api, FIRST)
    assert await api.attempt(ADMIN, "correctGridTerm", id=second["id"], **why, since=day(-7)) == "FORBIDDEN"
    report = "changed { id since until } gridTerm { channel member { unit { name } } }"
    changed = await api.do(TOWN_ADMIN, "correctGridTerm", report, id=second["id"], **why, since=day(-7), gridId=grid)
    assert changed["gridTerm"]["member"] == {"unit": {"name": "第一网格"}}
    assert [(each["id"], each["since"], each["until"]) for each in changed["changed"]] == [
        (second["id"], day(-7), None),
        (first["id"], day(-20), day(-8)),
    ]
    for wrong, fields in (({"since": day(1)}, "since"), ({}, "id")):
        assert await told(api, TOWN_ADMIN, "correctGridTerm", id=second["id"], **why, **wrong) == [
            ("INVALID" if wrong else "INCOMPLETE", fields)
        ]
    # The one before would run until today, and the one after begin tomorrow.
    assert await told(api, TOWN_ADMIN, "correctGridTerm", id=first["id"], **why, until=day(0)) == [("INVALID", "until")]
    second_again = {"id": second["id"], **why, "gridId": await unit_id(api, SECOND)}
    await api.do(TOWN_ADMIN, "correctGridTerm", "", **second_again)
    moving = {"id": on.members[0], "unitId": on.unit}
    assert await told(api, ADMIN, "updateMember", **moving) == [("INVALID", "unitId")]
    gone = await api.do(
        TOWN_ADMIN, "strikeOutGridTerm", "changed { until } member { unit { name } }", id=second["id"], **why
    )
    assert gone["member"] == {"unit": {"name": "第一网格"}}
    assert gone["changed"][1]["until"] is None
    await api.do(TOWN_ADMIN, "correctGridTerm", "", id=first["id"], **why, since=day(-400))
    assert await told(api, ADMIN, "endGridTerm", id=first["id"], on=day(-401), **why) == [("INVALID", "on")]
    await api.do(ADMIN, "endGridTerm", TERM, id=first["id"], on=day(-1), **why)
    assert await told(api, ADMIN, "endGridTerm", id=first["id"], on=day(-2), **why) == [("CLOSED", "on")]
    await api.do(ADMIN, "updateMember", "", **moving)
    history = f'{{ node(id: "{first["id"]}") {{ ... on GridTerm {{ corrections {{ totalCount }} endReason }} }} }}'
    assert (await api.data(TOWN_ADMIN, history))["node"]["endReason"] == "录入有误"


async def test_the_term_that_ends_as_they_come_is_told(api: Api, on: Street) -> None:
    """With the day it had, before all else that ends; nothing where they come from none, or from one that is over."""
    asked = "changed { id sinceBefore untilBefore since until } gridTerm { id }"
    given = {"id": on.members[0], "gridId": await unit_id(api, FIRST), "since": day(-20)}
    first = await api.do(ADMIN, "assignToGrid", asked, **given)
    assert first["changed"] == []
    line = {"sinceBefore": day(-20), "untilBefore": None, "since": day(-20), "until": day(-6)}
    moved = {"gridCode": SECOND, "channel": "ONLINE", "since": day(-5), "id": on.members[0]}
    for tried in (True, False):
        second = await api.do(self_of(on), "reportToGrid", asked, **moved, dryRun=tried)
        assert second["changed"] == [{"id": first["gridTerm"]["id"], **line}]
    line = {"sinceBefore": day(-5), "untilBefore": None, "since": day(-5), "until": day(-2)}
    third = await api.do(ADMIN, "assignToGrid", asked, **given | {"since": day(-1)}, dryRun=True)
    assert third["changed"] == [{"id": second["gridTerm"]["id"], **line}]
    await api.do(ADMIN, "endGridTerm", "", id=second["gridTerm"]["id"], on=day(-2), reason="调离")
    assert (await api.do(ADMIN, "assignToGrid", asked, **given | {"since": day(0)}))["changed"] == []


async def test_no_correction_brings_back_who_serves_elsewhere(api: Api, on: Street) -> None:
    """Their contact data would come along: for whoever may assign them, where they are."""
    first = await reported(api, on, FIRST, day(-20))
    await api.do(ADMIN, "endGridTerm", "", id=first["id"], on=day(-2), reason="调离")
    away = {"id": on.members[0], "unitId": await unit_id(api, "350521101")}
    await api.do(COUNTY_ADMIN, "updateMember", "", **away)
    still = {"id": first["id"], "reason": "录入有误", "until": None}
    assert await told(api, TOWN_ADMIN, "correctGridTerm", **still) == [("OUT_OF_REACH", "until")]
    assert await told(api, TOWN_ADMIN, "correctGridTerm", **still | {"until": day(-3)}) == []
    report = "gridTerm { member { unit { name } } }"
    brought = await api.do(COUNTY_ADMIN, "correctGridTerm", report, **still)
    assert brought["gridTerm"]["member"] == {"unit": {"name": "第一网格"}}


async def said(api: Api, who: tuple[str, str], command: str, **given: Any) -> tuple[str, str]:
    """What a command is refused with: the code, and what it says in Chinese."""
    answer = await api.ask(who, mutation(command), input=given)
    (error,) = answer["errors"] if "errors" in answer else answer["data"][command]["userErrors"]
    return error.get("code") or error["extensions"]["code"], error["message"]


@pytest.mark.parametrize(("who", "seen"), [(TOWN_ADMIN, False), (COUNTY_ADMIN, True)])
async def test_no_refusal_tells_the_days_of_a_term_in_another_town(
    api: Api, on: Street, who: tuple[str, str], *, seen: bool
) -> None:
    """In the way of a correction, or beside it: told to whoever reads that term. Cut by a new one, to nobody."""
    other = await unit_id(api, NEIGHBOUR[1])
    first = await reported(api, on, FIRST, day(-40))
    await api.do(ADMIN, "endGridTerm", "", id=first["id"], on=day(-30), reason="调离")
    to = {"id": other, "version": 1, "parentId": await unit_id(api, "350521101")}
    await api.do(COUNTY_ADMIN, "moveUnit", "", **to)
    given = {"id": on.members[0], "gridId": other, "since": day(-20)}
    term = await made(api, COUNTY_ADMIN, "assignToGrid", "gridTerm", **given)
    await api.do(COUNTY_ADMIN, "endGridTerm", "", id=term, on=day(-6), reason="调离")
    found = await api.data(who, "query($id: ID!) { node(id: $id) { id } }", id=term)
    assert (found["node"] is not None) is seen
    for until, beside, expected in ((-18, -30, "CONFLICT"), (-1, -21, "INVALID" if seen else "CONFLICT")):
        why = {"id": first["id"], "reason": "录入有误"}
        if beside != -30:
            await api.do(COUNTY_ADMIN, "correctGridTerm", "", **why, until=day(beside))
        why["version"] = await api.version(first["id"])
        code, text = await said(api, who, "correctGridTerm", **why, until=day(until))
        assert code == expected
        assert [day(-20) in text, day(-6) in text] == [seen, seen], text
        assert ("不归您更正" in text or "not yours to correct" in text) is not seen, text
    back = {"id": on.members[0], "version": await api.version(on.members[0])}
    await api.do(COUNTY_ADMIN, "updateMember", "", **back, unitId=on.unit)
    assigning = {"id": on.members[0], "gridId": await unit_id(api, SECOND), "since": day(-10)}
    code, text = await said(api, who, "assignToGrid", **assigning, version=await api.version(on.members[0]))
    assert (code, day(-6) in text) == ("CLOSED", False)


async def test_who_leaves_or_is_deleted_is_in_no_grid(api: Api, on: Street) -> None:
    """What they were in ends that day, and is told in an export; of why it was ended nothing is left."""
    first = await reported(api, on, FIRST, day(-20))
    await reported(api, on, FIRST, day(-20), 1)
    await api.do(ADMIN, "updateMember", "", id=on.members[1], leftOn=day(-1))
    assert await told(
        api, ADMIN, "assignToGrid", id=on.members[1], gridId=await unit_id(api, SECOND), since=day(0)
    ) == [("CLOSED", "id")]
    export = await api.do(COUNTY_ADMIN, "exportMember", "data", id=on.members[0])
    assert '"channel": "ONLINE"' in export["data"]
    await api.do(ADMIN, "endGridTerm", "", id=first["id"], on=day(3), reason="演示党员1调离")
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=on.members[0])
    rows = await api.connection.fetch("SELECT until::text, end_reason FROM grid_term ORDER BY until")
    assert [row["until"] for row in rows] == [day(-1), day(0)]
    assert "演示党员1" not in str(rows)
    assert "演示党员1" not in str(await api.connection.fetch("SELECT after::text FROM audit_change"))


async def test_grids_that_are_split_and_merged_take_members_along(api: Api, on: Street) -> None:
    """And the term they are in, so that both stay one; what is over stays with the grid it was in."""
    await reported(api, on, FIRST, day(-20))
    await reported(api, on, FIRST, day(-20), 1)
    part = {"code": "350521100001003", "name": "第三网格", "memberIds": [on.members[0]]}
    await api.do(COUNTY_ADMIN, "splitUnit", "", id=await unit_id(api, FIRST), into=[part])
    (term,) = (await api.data(self_of(on), SEEN))["gridTerms"]["nodes"]
    assert term["place"][-1] == "第三网格"
    third = await unit_id(api, "350521100001003")
    merging = {"id": await unit_id(api, SECOND), "others": [{"id": third, "version": 1}]}
    await api.do(COUNTY_ADMIN, "mergeUnits", "", **merging)
    rows = await api.connection.fetch(
        "SELECT member.unit_path = term.unit_path AS one, member.unit_path ~ '002/$' AS second"
        " FROM grid_term term JOIN member ON member.id = member_id ORDER BY second"
    )
    assert [tuple(row) for row in rows] == [(True, False), (True, True)]


async def test_two_at_once(api: Api, on: Street) -> None:
    """The second meets another version, and where it has just read it, the constraint."""
    given: dict[str, Any] = {"id": on.members[0], "version": 1, "channel": "ONLINE", "since": day(0)}
    await api.token(*self_of(on))
    answers = await asyncio.gather(
        *(api.attempt(self_of(on), "reportToGrid", TERM, **given, gridCode=code) for code in (FIRST, SECOND))
    )
    assert sorted(each if isinstance(each, str) else "" for each in answers) == ["", "CONFLICT"]
    insert = (
        "INSERT INTO grid_term (id, member_id, unit_path, kind, since) SELECT gen_random_uuid(), member_id,"
        " unit_path, 'ASSIGNED', since FROM grid_term"
    )
    with pytest.raises(Exception, match="grid_term_excl"):
        await api.connection.execute(insert)
    elsewhere = f"UPDATE grid_term SET unit_path = (SELECT path FROM org_unit WHERE code = '{NEIGHBOUR[1]}')"
    with pytest.raises(Exception, match="serves where"):
        await api.connection.execute(elsewhere)


async def test_every_direction_and_the_numbers(api: Api, on: Street) -> None:
    """Totals, filters and indicators over the subtree, of today and of other days; who has not reported."""
    retired = await made(api, ADMIN, "registerMember", "member", unitId=on.unit, name="陈二", standing="RETIRED")
    await reported(api, on, FIRST, day(-20))
    await api.do(ADMIN, "assignToGrid", "", id=retired, gridId=await unit_id(api, SECOND), since=day(-10))
    query = """query($filter: GridTermFilter, $under: [String!], $then: Date!) {
        gridTerms(filter: $filter, under: $under, orderBy: {field: KIND}) { nodes { memberName }
            totals { count members byKind { kind channel count } byUnit { unitCode count } } }
        members(filter: {inGrid: false}) { nodes { name } }
        orgUnit(by: {code: "350521"}) { gridTerms { totalCount }
            indicators { membersInService membersReported membersAssigned reportingRate }
            then: indicators(asOf: $then) { membersReported membersAssigned reportingRate } } }"""
    other = {"id": on.members[1], "gridId": await unit_id(api, FIRST), "since": day(-1)}
    await api.do(ADMIN, "assignToGrid", "", **other)
    assert (await reported(api, on, FIRST, day(0), 1))["kind"] == "REPORTED"  # who was assigned there may still report
    await api.connection.execute("DELETE FROM grid_term WHERE since >= current_date - 1")
    found = await api.data(COUNTY_ADMIN, query, then=day(-15))
    assert found["gridTerms"]["totals"] == {
        "count": 2,
        "members": 2,
        "byKind": [
            {"kind": "REPORTED", "channel": "ONLINE", "count": 1},
            {"kind": "ASSIGNED", "channel": None, "count": 1},
        ],
        "byUnit": [{"unitCode": FIRST, "count": 1}, {"unitCode": SECOND, "count": 1}],
    }
    assert found["members"]["nodes"] == [{"name": "演示党员2"}]
    numbers = {"membersInService": 2, "membersReported": 1, "membersAssigned": 1, "reportingRate": 0.5}
    assert (found["orgUnit"]["indicators"], found["orgUnit"]["gridTerms"]) == (numbers, {"totalCount": 2})
    assert found["orgUnit"]["then"] == {"membersReported": 1, "membersAssigned": 0, "reportingRate": 0.5}
    conditions: tuple[tuple[dict[str, Any], list[str], str], ...] = (
        ({"kind": ["ASSIGNED"]}, ["陈二"], COUNTY),
        ({"channel": ["ONLINE"]}, ["演示党员1"], COUNTY),
        ({"asOf": day(-15)}, ["演示党员1"], COUNTY),
        ({"since": {"from": day(-10)}}, ["陈二"], COUNTY),
        ({"ended": True}, [], COUNTY),
        ({"member": {"some": {"standing": ["RETIRED"]}}}, ["陈二"], COUNTY),
        ({}, ["陈二"], SECOND),
    )
    for filter_, names, under in conditions:
        found = await api.data(COUNTY_ADMIN, query, filter=filter_, under=[under], then=day(0))
        assert [node["memberName"] for node in found["gridTerms"]["nodes"]] == names, filter_
