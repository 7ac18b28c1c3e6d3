"""The four visits: recorded and corrected, each kind counted in its own unit, and read by whom they are for alone."""

import json
from typing import Any

import pytest

from services.audit.held import WITHHELD
from services.households.tables import households, visits
from services.members.tables import NOBODY
from services.settings import SMALLEST_CELL
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town
from tests.golden.world import path_of
from tests.households.block import (
    ADMIN,
    AUDITOR,
    COUNTY_ADMIN,
    KEEPER,
    NEIGHBOUR,
    OTHER_GRID,
    TOWN_ADMIN,
    Block,
    block,
    told,
)
from tests.writes.api import Api
from tests.writes.street import day, unit_id

VISIT = """homeVisit { id kind visitedOn outcome nextStep nextOn recordedOn memberName version place
    household { name } member { name } case { outcome } }"""
SEEN = "{ homeVisits { nodes { outcome } } }"
TOTALS = "{ homeVisits { totals { count byKind { kind count households cases } } } }"
NUMBERS = """query($code: String!, $day: Date) { orgUnit(by: {code: $code}) { indicators(asOf: $day) {
    hardshipVisits sickVisits unusualHouseholds disputeCases } } }"""
NONE = [None] * 4


@pytest.fixture
async def here(town: Town) -> Block:
    return await block(town)


async def recorded(api: Api, who: tuple[str, str], given: dict[str, Any]) -> str:
    found: str = (await api.do(who, "recordHomeVisit", "homeVisit { id }", **given))["homeVisit"]["id"]
    return found


async def numbers(api: Api, who: tuple[str, str], code: str = COUNTY, on: str | None = None) -> list[Any]:
    """Person-visits to hardship and the sick, unusual households, cases of disputes."""
    found = (await api.data(who, NUMBERS, code=code, day=on))["orgUnit"]["indicators"]
    return list(found.values())


async def seen(api: Api, who: tuple[str, str]) -> list[str]:
    found = (await api.data(who, SEEN))["homeVisits"]
    return [] if found is None else [node["outcome"] for node in found["nodes"]]


async def test_recorded_followed_up_and_struck_out(api: Api, here: Block) -> None:
    """By the member who came and by the keeper; a case ends with its last follow-up."""
    given = here.visit(kind="DISPUTE", visitedOn=day(-2), outcome="噪音纠纷", nextStep="三日后回访", nextOn=day(1))
    made = (await api.do(here.own, "recordHomeVisit", VISIT, **given))["homeVisit"]
    of = {"id": made.pop("id")}
    assert made == {
        "kind": "DISPUTE",
        "visitedOn": day(-2),
        "outcome": "噪音纠纷",
        "nextStep": "三日后回访",
        "nextOn": day(1),
        "recordedOn": day(0),
        "memberName": "林一",
        "version": 1,
        "place": ["惠安县", "螺城镇", "北关社区居委会", "第一网格"],
        "household": {"name": "1号楼101"},
        "member": {"name": "林一"},
        "case": None,
    }
    later = {"kind": "DISPUTE", "caseId": of["id"]}
    second = await recorded(api, KEEPER, here.visit(**later, outcome="已调解"))
    third = await recorded(api, here.own, here.visit(**(later | {"caseId": second}), outcome="已和好"))
    case = f'{{ node(id: "{third}") {{ ... on HomeVisit {{ case {{ id followUps {{ totalCount }} }} }} }} }}'
    assert (await api.data(KEEPER, case))["node"] == {"case": {"id": of["id"], "followUps": {"totalCount": 2}}}
    assert await told(api, KEEPER, "strikeOutHomeVisit", **of) == [("CLOSED", "id")]
    assert await told(api, KEEPER, "updateHomeVisit", **of, nextStep=None) == [("INCOMPLETE", "nextStep")]
    changed = await api.do(here.own, "updateHomeVisit", VISIT, **of, nextStep=None, nextOn=None, outcome="改写")
    assert [changed["homeVisit"][name] for name in ("outcome", "nextStep", "nextOn", "version")] == [
        "改写",
        None,
        None,
        2,
    ]
    for who, told_of in ((COUNTY_ADMIN, 0), (ADMIN, 0), (here.own, 3)):  # who counts visits is not given them so either
        held = json.loads((await api.do(who, "exportMember", "data", id=here.own[1]))["data"])
        assert len(held["homeVisits"]) == told_of, who
        assert held["withheld"] == ([] if who == here.own else WITHHELD), who
    for each in (third, second):
        await api.do(KEEPER, "strikeOutHomeVisit", "", id=each)
    left = await api.do(here.own, "strikeOutHomeVisit", "member { homeVisits { totalCount } }", **of)
    assert left == {"member": {"homeVisits": {"totalCount": 0}}, "userErrors": []}
    assert await api.connection.fetchval("SELECT count(*) FROM correction") == 0


async def test_what_was_done_with_a_visit_is_on_record_in_one_place(api: Api, here: Block) -> None:
    """In the community, whether it was recorded of a member or changed where the household lies."""
    made = await recorded(api, KEEPER, here.visit())
    await api.do(KEEPER, "updateHomeVisit", "", id=made, outcome="改写")
    await api.do(KEEPER, "strikeOutHomeVisit", "", id=made)
    found = await api.connection.fetch(
        "SELECT command, code FROM audit_entry JOIN org_unit ON org_unit.id = unit_id WHERE command LIKE '%HomeVisit'"
    )
    assert {row["command"] for row in found} == {"recordHomeVisit", "updateHomeVisit", "strikeOutHomeVisit"}
    assert {row["code"] for row in found} == {COMMUNITY}


async def test_what_is_told(api: Api, town: Town, here: Block) -> None:
    """A day to come, another grid, a closed household, a case of another one or of no dispute; nothing is recorded."""
    elsewhere, second = f"hh_{here.elsewhere['id']}", f"hh_{here.second['id']}"
    dispute = await recorded(api, KEEPER, here.visit(kind="DISPUTE"))
    sick = await recorded(api, KEEPER, here.visit(kind="SICK"))
    for wrong, refused in (
        ({"visitedOn": day(1)}, ("INVALID", "visitedOn")),
        ({"outcome": " "}, ("INVALID", "outcome")),
        ({"outcome": "好" * 501}, ("INVALID", "outcome")),
        ({"nextOn": day(3)}, ("INCOMPLETE", "nextStep")),
        ({"householdId": elsewhere}, ("OUT_OF_REACH", "householdId")),
        ({"kind": "DISPUTE", "caseId": dispute, "householdId": second}, ("OUT_OF_REACH", "caseId")),
        ({"kind": "SICK", "caseId": dispute}, ("INVALID", "caseId")),
        ({"kind": "DISPUTE", "caseId": sick}, ("INVALID", "caseId")),
    ):
        assert await told(api, KEEPER, "recordHomeVisit", **here.visit(**wrong)) == [refused], wrong
    for field in ("visitedOn", "outcome"):
        assert await told(api, KEEPER, "updateHomeVisit", id=sick, **{field: None}) == [("INVALID", field)]
    assert await told(api, KEEPER, "updateHomeVisit", id=sick, visitedOn=day(1)) == [("INVALID", "visitedOn")]
    # A member names the households they keep contact with, and no other.
    assert await told(api, here.own, "recordHomeVisit", **here.visit(householdId=second)) == "NOT_FOUND"
    await api.do(ADMIN, "closeHousehold", "", id=f"hh_{here.first['id']}", on=day(0))
    assert await told(api, KEEPER, "recordHomeVisit", **here.visit()) == [("CLOSED", "householdId")]
    assert await api.connection.fetchval("SELECT count(*) FROM home_visit") == 2


async def test_who_moves_keeps_old_visits_where_they_were_made(api: Api, here: Block) -> None:
    """The former grid counts them; the member reads them, sees the household no more and comes to it no more."""
    visit = await recorded(api, here.own, here.visit(visitedOn=day(-1)))
    await api.do(ADMIN, "updateMember", "", id=here.own[1], unitId=await unit_id(api, OTHER_GRID))
    asked = f'{{ node(id: "{visit}") {{ ... on HomeVisit {{ outcome place household {{ name }} }} }} }}'
    found = (await api.data(here.own, asked))["node"]
    assert (found["outcome"], found["place"][-1], found["household"]) == ("送去慰问品", "第一网格", None)
    assert [(await numbers(api, KEEPER, code))[0] for code in (GRID, OTHER_GRID)] == [1, 0]
    assert await told(api, here.own, "recordHomeVisit", **here.visit(visitedOn=day(-1))) == "NOT_FOUND"
    # By the contact there was, as long as it ran, and on the day of the move.
    named = {
        name: value for name, value in here.visit(visitedOn=day(-1)).items() if name not in ("memberId", "householdId")
    }
    earlier = {"contactId": f"hc_{here.contact['id']}", **named}
    for wrong, refused in (
        ({"visitedOn": day(1)}, ("INVALID", "visitedOn")),
        ({"visitedOn": day(-40)}, ("OUT_OF_REACH", "visitedOn")),
        ({"outcome": " "}, ("INVALID", "outcome")),
    ):
        assert await told(api, here.own, "recordEarlierVisit", **{**earlier, **wrong}) == [refused], wrong
    for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN, NEIGHBOUR):
        assert await told(api, who, "recordEarlierVisit", **earlier) in ("NOT_FOUND", "FORBIDDEN"), who
    for on in (day(-1), day(0)):
        await api.do(here.own, "recordEarlierVisit", "", **{**earlier, "visitedOn": on})
    assert [(await numbers(api, KEEPER, code))[0] for code in (GRID, OTHER_GRID)] == [3, 0]
    late = here.visit(visitedOn=day(-40))  # before they kept contact
    assert await told(api, KEEPER, "recordHomeVisit", **late) == [("OUT_OF_REACH", "householdId")]
    await api.do(KEEPER, "recordHomeVisit", "", **here.visit(visitedOn=day(-1)))


async def test_who_went_to_another_community_had_come_before(api: Api, here: Block) -> None:
    """Neither names the other any longer; the keeper where the household lies records it, and so does the member."""
    await api.do(TOWN_ADMIN, "updateMember", "", id=here.own[1], unitId=await unit_id(api, NEIGHBOUR[1]))
    for who in (KEEPER, here.own):
        assert await told(api, who, "recordHomeVisit", **here.visit(visitedOn=day(-1))) == "NOT_FOUND", who
        given = {"kind": "SICK", "visitedOn": day(-1), "outcome": "探望", "contactId": f"hc_{here.contact['id']}"}
        await api.do(who, "recordEarlierVisit", "homeVisit { memberName }", **given)
    assert (await numbers(api, KEEPER, GRID))[1] == 2
    await api.do(ADMIN, "closeHousehold", "", id=f"hh_{here.first['id']}", on=day(0))
    assert await told(api, KEEPER, "recordEarlierVisit", **given) == [("CLOSED", "contactId")]


async def test_each_kind_is_counted_in_its_own_unit(api: Api, town: Town, here: Block) -> None:
    """Person-visits, person-visits, households, cases: of this year, until a day."""
    today = await town.today()
    place = {"household_id": here.first["id"], "unit_path": here.first["unit_path"], "member_id": here.member["id"]}
    other = {**place, "household_id": here.second["id"]}
    said = {"outcome": "已走访", "recorded_on": today, "visited_on": today}
    for kind, many in (("HARDSHIP", 3), ("SICK", 2), ("UNUSUAL", 2)):
        for _ in range(many):
            await town.add(visits, **place, **said, kind=kind)
    await town.add(visits, **other, **said, kind="UNUSUAL")
    first = await town.add(visits, **place, **said, kind="DISPUTE")
    await town.add(visits, **place, **said, kind="DISPUTE", case_id=first["id"])
    await town.add(visits, **other, **said, kind="DISPUTE")
    await town.add(visits, **place, **{**said, "visited_on": today.replace(year=today.year - 1)}, kind="SICK")
    assert await numbers(api, KEEPER, COMMUNITY) == [3, 2, 2, 2]
    last_year = today.replace(year=today.year - 1).isoformat()
    assert await numbers(api, KEEPER, COMMUNITY, last_year) == [0, 1, 0, 0]
    assert (await api.data(KEEPER, TOTALS))["homeVisits"]["totals"] == {
        "count": 12,
        "byKind": [
            {"kind": "HARDSHIP", "count": 3, "households": 1, "cases": 0},
            {"kind": "SICK", "count": 3, "households": 1, "cases": 0},
            {"kind": "UNUSUAL", "count": 3, "households": 2, "cases": 0},
            {"kind": "DISPUTE", "count": 3, "households": 2, "cases": 2},
        ],
    }
    follow = "{ homeVisits(filter: {kind: [DISPUTE], followsUp: true}) { totalCount } }"
    assert (await api.data(KEEPER, follow))["homeVisits"] == {"totalCount": 1}
    # From above: nothing of few, round numbers of more, and of no other day.
    for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN, AUDITOR):
        assert await numbers(api, who) == NONE if who == AUDITOR else await numbers(api, who, COMMUNITY) == NONE, who
    for _ in range(SMALLEST_CELL + 2):
        await town.add(visits, **place, **said, kind="HARDSHIP")
    for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN, AUDITOR):
        assert await numbers(api, who, COMMUNITY) == [SMALLEST_CELL, None, None, None], who
        assert await numbers(api, who, COMMUNITY, last_year) == NONE, who


async def test_nearly_everyone_is_not_told_from_above(api: Api, town: Town, here: Block) -> None:
    """What is left of the households there is told by the number of those visited: too few of it are none told of."""
    today = await town.today()
    place = {"unit_path": path_of(GRID)}
    said = {"outcome": "已走访", "recorded_on": today, "visited_on": today, "member_id": here.member["id"]}

    async def added(names: range) -> list[Any]:
        return [await town.add(households, name=f"3号楼{number}", **place) for number in names]

    for row in await added(range(SMALLEST_CELL)):
        await town.add(visits, household_id=row["id"], kind="UNUSUAL", **place, **said)
    above = (ADMIN, TOWN_ADMIN, COUNTY_ADMIN)
    assert [(await numbers(api, who, GRID))[2] for who in (KEEPER, *above)] == [SMALLEST_CELL, None, None, None]
    assert (await numbers(api, AUDITOR))[2] is None
    await added(range(SMALLEST_CELL, 2 * SMALLEST_CELL - 2))  # beside the two that are there
    assert [(await numbers(api, who, GRID))[2] for who in (KEEPER, *above)] == [SMALLEST_CELL] * 4
    assert (await numbers(api, AUDITOR))[2] == SMALLEST_CELL


FROM_ABOVE = (
    SEEN,
    TOTALS,
    "{ homeVisits { totalCount pageInfo { hasNextPage } } }",
    "{ homeVisits(orderBy: {field: VISITED_ON}, filter: {kind: [SICK]}) { edges { cursor } } }",
    "{ households { nodes { visits { totalCount nodes { kind } totals { count } } } } }",
    "{ members { nodes { homeVisits { totalCount nodes { kind } } } } }",
    "{ households(filter: {visits: {some: {}}}) { nodes { name } } }",
    "{ households(filter: {visits: {none: {kind: [SICK]}}}) { nodes { name } } }",
    "{ members(filter: {homeVisits: {some: {kind: [SICK]}}}) { nodes { name } } }",
    "{ members(filter: {not: {homeVisits: {some: {}}}}) { nodes { name } } }",
    '{ search(text: "高烧") { totalCount nodes { __typename } } }',
)


async def test_from_above_there_is_nothing_of_a_visit(api: Api, town: Town, here: Block) -> None:
    """In no list, node, edge, filter, order, total, search, history, payload or subscription, for whoever administers.

    Whatever is asked, the answer is as it was before there was a visit.
    """
    above = (ADMIN, TOWN_ADMIN, COUNTY_ADMIN, AUDITOR, NEIGHBOUR, ("property_committee", COUNTY))
    before = {(who, asked): await api.data(who, asked) for who in above for asked in FROM_ABOVE}
    counting = [(who, code) for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN) for code in (GRID, COMMUNITY)]
    assert [await numbers(api, *each) for each in counting] == [NONE] * 6  # not 0, which the first one would change
    visit = await recorded(api, here.own, here.visit(kind="SICK", outcome="高烧，已送医", nextStep="复诊"))
    assert [await numbers(api, *each) for each in counting] == [NONE] * 6
    assert await numbers(api, KEEPER, GRID) == [0, 1, 0, 0]
    assert [await seen(api, who) for who in (KEEPER, here.own)] == [["高烧，已送医"]] * 2
    assert [await seen(api, who) for who in (*above, ("visit_keeper", "350521100002"))] == [[]] * 7
    for (who, asked), told_before in before.items():
        assert await api.data(who, asked) == told_before, (who, asked)
    node = f'{{ node(id: "{visit}") {{ __typename }} nodes(ids: ["{visit}"]) {{ id }} }}'
    of: dict[str, Any] = {"id": visit, "version": 1}
    for who in above:
        assert await api.data(who, node) == {"node": None, "nodes": [None]}, who
        assert await api.attempt(who, "updateHomeVisit", **of, outcome="改写") in ("NOT_FOUND", "FORBIDDEN"), who
        assert await api.attempt(who, "strikeOutHomeVisit", **of) in ("NOT_FOUND", "FORBIDDEN"), who
        assert await api.attempt(who, "recordHomeVisit", **here.visit()) in ("NOT_FOUND", "FORBIDDEN"), who


async def test_the_trail_tells_that_there_is_a_visit_and_nothing_of_it(api: Api, here: Block) -> None:
    """Neither of the household nor of the kind or day; not in the household's history either."""
    first = await recorded(api, here.own, here.visit(kind="DISPUTE", outcome="与林一争吵"))
    later = here.visit(kind="DISPUTE", outcome="和好", caseId=first)
    await api.do(here.own, "strikeOutHomeVisit", "", id=await recorded(api, KEEPER, later))
    await api.do(here.own, "updateHomeVisit", "", id=first, outcome="与林一争吵两次")
    asked = "{ auditEntries { nodes { command changes { nodes { table before after } } } } }"
    entries = (await api.data(AUDITOR, asked))["auditEntries"]["nodes"]
    assert {entry["command"] for entry in entries} >= {"recordHomeVisit", "updateHomeVisit", "strikeOutHomeVisit"}
    assert [change for entry in entries for change in entry["changes"]["nodes"]] == []
    kept = await api.connection.fetch("SELECT before, after FROM audit_change WHERE table_name = 'home_visit'")
    assert {str(value) for row in kept for value in row} == {"None", '{"version": 1}', '{"version": 2}'}
    history = f'{{ node(id: "hh_{here.first["id"]}") {{ ... on Household {{ history {{ totalCount }} }} }} }}'
    assert (await api.data(COUNTY_ADMIN, history))["node"] == {"history": {"totalCount": 0}}
    data = (await api.do(COUNTY_ADMIN, "exportMember", "data", id=here.own[1]))["data"]
    assert '"homeVisits"' in data
    assert "争吵" not in data
    ended = {"id": f"hc_{here.contact['id']}", "on": day(0), "reason": "林一调离"}
    await api.do(ADMIN, "endHouseholdContact", "", **ended)
    await api.do(COUNTY_ADMIN, "deletePerson", "", id=here.own[1])
    said = await api.connection.fetchrow("SELECT outcome, end_reason FROM home_visit, household_contact")
    assert said is not None
    assert tuple(said) == (f"与{NOBODY}争吵两次", NOBODY)


async def test_who_follows_the_trail_reads_nothing_of_visits(api: Api, here: Block) -> None:
    """Of a visit recorded, changed and struck out not even that: their answers are the same, byte for byte."""
    asked = """{ auditEntries(first: 100) { totalCount pageInfo { endCursor hasNextPage }
        nodes { id command accountName title changes { totalCount nodes { table fields { name } } } } } }"""
    home = await unit_id(api, COMMUNITY)
    await api.do(ADMIN, "registerMember", "", unitId=home, name="林二", standing="IN_SERVICE")
    before = {who: await api.ask(who, asked) for who in (ADMIN, TOWN_ADMIN)}
    visit = await recorded(api, here.own, here.visit(outcome="初访"))
    await api.do(here.own, "updateHomeVisit", "", id=visit, outcome="回访")
    await api.do(KEEPER, "strikeOutHomeVisit", "", id=visit)
    for who, answer in before.items():
        assert answer["data"]["auditEntries"]["totalCount"] == 1
        assert await api.ask(who, asked) == answer, who


async def test_a_keeper_is_appointed_by_administrators_for_a_community_alone(api: Api, here: Block) -> None:
    """Whoever administers the community or above appoints one; not above a community, and keepers appoint nobody."""
    account = "account { id }"
    home = await unit_id(api, COMMUNITY)
    given = {"unitId": home, "name": "走访员", "login": "350521-zoufang"}
    made = (await api.do(ADMIN, "createAccount", account, **given))["account"]["id"]
    granting = {"accountId": made, "role": "visit_keeper", "reason": "到任"}
    for who, code in ((TOWN_ADMIN, "350521100"), (COUNTY_ADMIN, COUNTY)):
        refused = await api.attempt(who, "grantRole", **granting, seatId=await unit_id(api, code))
        assert [each["code"] for each in refused["userErrors"]] == ["INVALID"], who
    for who in (KEEPER, NEIGHBOUR, AUDITOR):
        assert await api.attempt(who, "grantRole", **granting, seatId=home) in ("FORBIDDEN", "NOT_FOUND"), who
    await api.do(ADMIN, "grantRole", "grant { id }", **granting, seatId=home)
    await api.do(COUNTY_ADMIN, "grantRole", "grant { id }", **{**granting, "role": "member"}, seatId=here.own[1])
