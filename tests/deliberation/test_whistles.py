"""Whistles are blown, answered, solved, returned, transferred, confirmed and reopened; late ones escalate."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from schema.kit.entities import Edge, EdgeKind
from services.deliberation.whistle_tables import FROM, WhistleAction, WhistleStatus
from tests.built import CATALOGUE
from tests.captains.town import COUNTY
from tests.centres.asked import ADMIN, AUDITOR, COUNTY_ADMIN, NEIGHBOUR, TOWN_ADMIN, told
from tests.days import day, today
from tests.deliberation.asked import announced, moved, proposed
from tests.deliberation.whistled import (
    LATE_NOW,
    NUMBERS,
    REASON,
    TOTALS,
    blown,
    department,
    done,
    escalation,
    now,
    officer,
    pass_days,
    working,
)
from tests.writes.api import Api
from tests.writes.street import unit_id

LISTED = "query($filter: WhistleFilter) { whistles(filter: $filter) { nodes { id } } }"


@pytest.fixture(autouse=True)
async def _years(api: Api) -> None:
    await announced(api)


async def listed(api: Api, **filter: Any) -> list[str]:
    """The whistles a filter leaves."""
    return [each["id"] for each in (await api.data(ADMIN, LISTED, filter=filter))["whistles"]["nodes"]]


async def test_a_community_whistles_and_the_department_reports_and_solves_it(api: Api) -> None:
    at = await department(api)
    made = await blown(api, at, detail="小区东门")
    assert (made["status"], made["blownOn"], made["departmentName"]) == ("BLOWN", day(0), "住建局")
    due = [working(3).isoformat(), working(15).isoformat()]
    assert [made["answerDueOn"], made["solveDueOn"], made["dueOn"]] == [*due, due[0]]
    assert (made["late"], made["daysLate"], escalation(made)) == (False, 0, [None, None, None, None, 0])
    answered = await done(api, officer(at), "answerWhistle", made["id"], text="明天到场")
    assert (answered["status"], answered["answeredOn"], answered["dueOn"]) == ("ANSWERED", day(0), due[1])
    solved = await done(api, officer(at), "solveWhistle", made["id"], text="已更换灯头")
    assert (solved["status"], solved["solvedOn"], solved["dueOn"]) == ("SOLVED", day(0), None)
    over = await done(api, ADMIN, "confirmWhistle", made["id"])
    assert (over["status"], over["confirmedOn"], over["solvedOn"], over["version"]) == ("CONFIRMED", day(0), day(0), 4)
    steps = over["steps"]["nodes"]
    assert [(each["number"], each["action"], each["text"], each["dueOn"]) for each in steps] == [
        (1, "BLOWN", None, None),
        (2, "ANSWERED", "明天到场", due[0]),
        (3, "SOLVED", "已更换灯头", due[1]),
        (4, "CONFIRMED", None, None),
    ]
    assert {(each["takenOn"], each["daysLate"], each["departmentName"]) for each in steps} == {(day(0), 0, "住建局")}


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"title": " "}, [("INVALID", "title")]),
        ({"title": "灯" * 101}, [("INVALID", "title")]),
        ({"detail": "灯" * 501}, [("INVALID", "detail")]),
        ({"answerDays": 0}, [("INVALID", "answerDays")]),
        ({"answerDays": 31}, [("INVALID", "answerDays")]),
        ({"solveDays": 91}, [("INVALID", "solveDays")]),
        ({"answerDays": 10, "solveDays": 9}, [("INVALID", "solveDays")]),
        ({"title": "", "answerDays": 0}, [("INVALID", "title"), ("INVALID", "answerDays")]),
    ],
)
async def test_what_cannot_be_blown(api: Api, given: dict[str, Any], refused: list[tuple[str, str]]) -> None:
    at, unit = await department(api), await unit_id(api, ADMIN[1])
    of = {"unitId": unit, "departmentId": at, "title": "灯", **given}
    assert sorted(await told(api, ADMIN, "blowWhistle", **of)) == sorted(refused)


async def test_who_whistles_for_whom(api: Api) -> None:
    at = await department(api)
    county, town = await unit_id(api, COUNTY), await unit_id(api, TOWN_ADMIN[1])
    of = {"departmentId": at, "title": "灯"}
    assert await told(api, COUNTY_ADMIN, "blowWhistle", unitId=county, **of) == [("INVALID", "unitId")]
    assert await told(api, TOWN_ADMIN, "blowWhistle", unitId=town, **of) == []
    assert await told(api, NEIGHBOUR, "blowWhistle", unitId=await unit_id(api, ADMIN[1]), **of) == "NOT_FOUND"
    assert await told(api, officer(at), "blowWhistle", unitId=await unit_id(api, ADMIN[1]), **of) == "NOT_FOUND"
    await api.do(COUNTY_ADMIN, "closeDepartment", "", id=(gone := await department(api, "旧局")), on=day(0))
    await _refused_department(api, gone)


async def _refused_department(api: Api, gone: str) -> None:
    """What is there no more is neither whistled nor transferred to."""
    unit, mine = await unit_id(api, ADMIN[1]), await blown(api, await department(api, "城管局"))
    given = {"unitId": unit, "departmentId": gone, "title": "灯"}
    assert await told(api, ADMIN, "blowWhistle", **given) == [("CLOSED", "departmentId")]
    of = {"id": mine["id"], "departmentId": gone, **REASON}
    assert await told(api, ADMIN, "transferWhistle", **of) == [("CLOSED", "departmentId")]


async def test_a_whistle_is_about_a_matter_that_is_being_dealt_with(api: Api) -> None:
    at, matter = await department(api), (await proposed(api))["id"]
    of = {"unitId": await unit_id(api, ADMIN[1]), "departmentId": at, "title": "灯", "matterId": matter}
    assert await told(api, ADMIN, "blowWhistle", **of) == [("INVALID", "matterId")]
    await moved(api, matter, "consultMatter", -9)
    made = await blown(api, at, matterId=matter)
    found = await api.data(ADMIN, "{ matters { nodes { whistles { nodes { id } } } } }")
    assert found["matters"]["nodes"] == [{"whistles": {"nodes": [{"id": made["id"]}]}}]
    town = {"unitId": await unit_id(api, TOWN_ADMIN[1]), "departmentId": at, "title": "灯", "matterId": matter}
    await api.do(TOWN_ADMIN, "blowWhistle", "", **town)  # of a unit below


async def test_limits_pass_over_holidays(api: Api) -> None:
    """Blown on the eve of a week that is off, it is to be answered after that week."""
    years = await api.data(COUNTY_ADMIN, "{ calendarYears { nodes { id year } } }")
    this = next(each for each in years["calendarYears"]["nodes"] if each["year"] == today().year)
    week = [today() + timedelta(days=offset) for offset in range(1, 10)]
    off = [each.isoformat() for each in week if each.year == today().year]
    await api.do(COUNTY_ADMIN, "updateYear", "", id=this["id"], daysOff=off)
    made = await blown(api, await department(api), answerDays=1)
    assert made["answerDueOn"] == working(1, date.fromisoformat(off[-1])).isoformat()


async def test_it_escalates_by_itself_and_what_is_done_late_leaves_that_readable(api: Api) -> None:
    at = await department(api)
    mine = (await blown(api, at))["id"]
    due = (working(3) - today()).days
    await pass_days(api, due)  # the last day to report
    assert ((await now(api, mine))["late"], escalation(await now(api, mine))) == (False, [None] * 4 + [0])
    await pass_days(api, 1)
    found = await now(api, mine)
    assert (found["late"], found["daysLate"]) == (True, 1)
    assert escalation(found) == ["TOWN", day(0), day(0), None, 1]
    after = (working(3, working(3)) - working(3)).days  # by the calendar of when it was blown
    await pass_days(api, after - 2)
    assert escalation(await now(api, mine))[0] == "TOWN"
    await pass_days(api, 1)
    assert escalation(await now(api, mine)) == ["COUNTY", day(0), day(1 - after), day(0), 2]
    found = await done(api, officer(at), "answerWhistle", mine)
    assert (found["late"], found["steps"]["nodes"][1]["daysLate"]) == (False, after)
    assert escalation(found) == ["COUNTY", day(0), day(1 - after), day(0), 2]
    assert await listed(api, escalated=True) == [mine]
    assert await listed(api, late=True) == []
    await done(api, officer(at), "solveWhistle", mine, text="好了")
    assert escalation(await done(api, ADMIN, "confirmWhistle", mine))[0] == "COUNTY"


async def test_an_answer_in_time_is_never_escalated_and_one_on_the_day_after_is(api: Api) -> None:
    at, due = await department(api), (working(3) - today()).days
    punctual, tardy = (await blown(api, at))["id"], (await blown(api, at))["id"]
    await pass_days(api, due)
    await done(api, officer(at), "answerWhistle", punctual)
    await pass_days(api, 1)
    found = await done(api, officer(at), "answerWhistle", tardy)
    assert escalation(found) == ["TOWN", day(0), day(0), None, 1]
    await pass_days(api, 4)  # still before the second limit
    assert escalation(await now(api, punctual)) == [None] * 4 + [0]
    assert escalation(await now(api, tardy)) == ["TOWN", day(-4), day(-4), None, 1]
    await pass_days(api, 60)
    assert [(await now(api, each))["escalatedTo"] for each in (punctual, tardy)] == ["COUNTY", "COUNTY"]
    assert {*await listed(api, late=True)} == {punctual, tardy}


async def test_who_whistles_does_not_answer(api: Api) -> None:
    """Not by another role of the same account either."""
    made = await blown(api, at := await department(api))
    both = """INSERT INTO role_grant (id, account_id, role, department_id)
        SELECT gen_random_uuid(), id, 'department_officer', $1 FROM account WHERE name = $2"""
    await api.connection.execute(both, UUID(at[3:]), f"test {' '.join(ADMIN)}")
    assert await told(api, ADMIN, "answerWhistle", id=made["id"]) == [("INVALID", "id")]
    assert (await done(api, officer(at), "answerWhistle", made["id"]))["status"] == "ANSWERED"
    assert await told(api, ADMIN, "solveWhistle", id=made["id"], text="好了") == [("INVALID", "id")]


async def test_what_is_not_solved_is_reopened_by_new_limits(api: Api) -> None:
    at = await department(api)
    mine = (await blown(api, at))["id"]
    await pass_days(api, 6)
    await done(api, officer(at), "answerWhistle", mine)
    await done(api, officer(at), "solveWhistle", mine, text="好了")
    before = escalation(await done(api, ADMIN, "confirmWhistle", mine))
    await pass_days(api, 50)
    found = await done(api, ADMIN, "reopenWhistle", mine, reason="又坏了")
    due = (working(3).isoformat(), working(15).isoformat())
    assert (found["answerDueOn"], found["solveDueOn"], found["status"]) == (*due, "REOPENED")
    assert (found["answeredOn"], found["solvedOn"], found["confirmedOn"], found["late"]) == (None, None, None, False)
    assert (found["escalatedTo"], found["escalationLevel"]) == (before[0], before[4])  # and no further, meanwhile
    assert found["steps"]["nodes"][-1]["action"] == "REOPENED"
    await done(api, officer(at), "answerWhistle", mine)
    returned = await done(api, officer(at), "returnWhistle", mine, **REASON)
    over = await done(api, ADMIN, "confirmWhistle", returned["id"])  # nobody's to deal with, the community agrees
    assert (over["status"], over["solvedOn"], over["late"]) == ("CONFIRMED", None, False)


async def test_each_step_leads_on_only_from_where_it_may(api: Api) -> None:
    at, other = await department(api), await department(api, "城管局")
    mine = (await blown(api, at))["id"]
    given: dict[str, tuple[tuple[str, str], dict[str, Any], WhistleAction]] = {
        "answerWhistle": (officer(at), {}, WhistleAction.ANSWERED),
        "solveWhistle": (officer(at), {"text": "好"}, WhistleAction.SOLVED),
        "returnWhistle": (officer(at), REASON, WhistleAction.RETURNED),
        "transferWhistle": (ADMIN, {"departmentId": other, **REASON}, WhistleAction.TRANSFERRED),
        "confirmWhistle": (ADMIN, {}, WhistleAction.CONFIRMED),
        "reopenWhistle": (ADMIN, REASON, WhistleAction.REOPENED),
    }
    for taken in ("", "answerWhistle", "solveWhistle", "confirmWhistle", "reopenWhistle", "returnWhistle"):
        if taken:
            await done(api, given[taken][0], taken, mine, **given[taken][1])
        status = WhistleStatus((await now(api, mine))["status"])
        for command, (who, more, action) in given.items():
            if status not in FROM[action]:
                code = "CLOSED" if status is WhistleStatus.CONFIRMED else "INVALID"
                assert await told(api, who, command, id=mine, **more) == [(code, "id")], (status, command)
            if who == ADMIN:
                asked = "query($id: ID!) { node(id: $id) { ... on Whistle { viewerCan } } }"
                can = (await api.data(ADMIN, asked, id=mine))["node"]["viewerCan"]
                right = f"WHISTLE_{command.removesuffix('Whistle').upper()}"
                assert (right in can) == (status in FROM[action]), (status, right)


async def test_of_two_answers_at_once_one_is_taken_and_one_sent_again_is_known(api: Api) -> None:
    at = await department(api)
    mine = (await blown(api, at))["id"]
    await api.token(*officer(at))
    twice = await asyncio.gather(*(told(api, officer(at), "answerWhistle", id=mine, version=1) for _ in range(2)))
    assert sorted(twice, key=str) == ["CONFLICT", []]
    asked = 'mutation($id: ID!) { solveWhistle(input: {id: $id, version: 2, text: "好"}) { whistle { version } } }'
    for _ in range(2):
        found = await api.ask(officer(at), asked, id=mine, idempotency_key="key-of-the-officer")
        assert found["data"]["solveWhistle"] == {"whistle": {"version": 3}}
    assert len((await now(api, mine))["steps"]["nodes"]) == 3


async def test_a_department_with_open_whistles_is_not_closed(api: Api) -> None:
    at = await department(api)
    mine = (await blown(api, at))["id"]
    assert await told(api, COUNTY_ADMIN, "closeDepartment", id=at, on=day(0)) == [("CLOSED", "id")]
    can = "{ departments { nodes { viewerCan } } }"
    assert "DEPARTMENT_CLOSE" not in (await api.data(COUNTY_ADMIN, can))["departments"]["nodes"][0]["viewerCan"]
    await done(api, officer(at), "returnWhistle", mine, **REASON)
    await done(api, ADMIN, "confirmWhistle", mine)
    assert await told(api, COUNTY_ADMIN, "closeDepartment", id=at, on=day(0)) == []
    assert await told(api, ADMIN, "reopenWhistle", id=mine, reason="又坏了") != []


async def test_they_count_by_unit_and_department(api: Api) -> None:
    first, second = await department(api), await department(api, "城管局")
    await done(api, officer(first), "answerWhistle", (await blown(api, first))["id"])
    late = (await blown(api, second))["id"]
    await pass_days(api, 10)
    numbers = (await api.data(COUNTY_ADMIN, NUMBERS))["orgUnit"]["indicators"]
    assert numbers == {"whistles": 2, "whistlesAnsweredInTime": 1, "whistlesSolved": 0, "whistlesEscalated": 1}
    then = (await api.data(COUNTY_ADMIN, NUMBERS, day=day(-10)))["orgUnit"]["indicators"]
    assert then == {"whistles": 2, "whistlesAnsweredInTime": 1, "whistlesSolved": 0, "whistlesEscalated": 0}
    assert (await api.data(COUNTY_ADMIN, LATE_NOW))["orgUnit"]["indicators"] == {"whistlesLate": 1}
    totals = (await api.data(COUNTY_ADMIN, TOTALS))["whistles"]["totals"]
    assert (totals["count"], totals["late"], totals["escalated"]) == (2, 1, 1)
    assert totals["byStatus"] == [
        {"status": "BLOWN", "count": 1, "late": 1},
        {"status": "ANSWERED", "count": 1, "late": 0},
    ]
    told_of = {each.pop("department"): each for each in totals["byDepartment"]}
    none = {"count": 1, "answeredInTime": 0, "solved": 0, "late": 0, "escalated": 0}
    assert told_of == {"住建局": {**none, "answeredInTime": 1}, "城管局": {**none, "late": 1, "escalated": 1}}
    assert await listed(api, escalated=True) == [late]


STEP = """INSERT INTO whistle_step
    (id, whistle_id, unit_path, number, action, department_id, taken_on, account_id, text)
    SELECT gen_random_uuid(), w.id, w.unit_path, $1, $2, w.department_id, w.blown_on + $3::int, a.id, $4
    FROM whistle w, (SELECT id FROM account LIMIT 1) a"""


@pytest.mark.parametrize(
    ("step", "constraint"),
    [
        ((2, "ANSWERED", 0, None), "whistle_steps_check"),  # the whistle does not stand there
        ((3, "ANSWERED", 0, None), "whistle_steps_check"),
        ((2, "ANSWERED", -1, None), "whistle_steps_check"),
        ((2, "SOLVED", 0, "好"), "whistle_steps_check"),
        ((2, "RETURNED", 0, None), "whistle_step_reason_check"),
        ((1, "ANSWERED", 0, None), "whistle_step_whistle_id_number_key"),
    ],
)
async def test_the_database_itself_refuses_what_was_not_done(api: Api, step: Any, constraint: str) -> None:
    await blown(api, await department(api))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await api.connection.execute(STEP, *step)
    assert refused.value.constraint_name == constraint


async def test_a_whistle_goes_where_its_unit_and_its_matter_go(api: Api) -> None:
    at, matter = await department(api), (await proposed(api))["id"]
    await moved(api, matter, "consultMatter", -9)
    mine = (await blown(api, at, matterId=matter))["id"]
    other, ours = await unit_id(api, NEIGHBOUR[1]), await unit_id(api, ADMIN[1])
    given = {"id": other, "others": [{"id": ours, "version": await api.version(ours)}]}
    await api.do(COUNTY_ADMIN, "mergeUnits", "", **given)
    found = await api.data(NEIGHBOUR, "{ whistles { nodes { id unit { id } steps { totalCount } } } }")
    assert found["whistles"]["nodes"] == [{"id": mine, "unit": {"id": other}, "steps": {"totalCount": 1}}]


async def everything(api: Api, who: tuple[str, str]) -> dict[str, list[str]]:
    """The ids of the first rows of every list there is, by its name, as somebody sees them."""
    edges = {name: root.declared for name, root in CATALOGUE.roots.items()}
    pages = [name for name, edge in edges.items() if isinstance(edge, Edge) and edge.kind is EdgeKind.PAGE]
    told_of = {name: CATALOGUE.kinds[edges[name].target].entity.tag for name in pages}  # type: ignore[union-attr,index]
    named = [name for name in pages if told_of[name]]
    found: dict[str, list[str]] = {}
    for name in named:
        page = (await api.data(who, f"{{ {name}(first: 50) {{ nodes {{ id }} }} }}"))[name]
        found[name] = [each["id"] for each in page["nodes"]]
    return found


async def test_an_officer_sees_the_department_its_whistles_and_their_steps_and_nothing_else(api: Api) -> None:
    """Of everything a county sees, by lists and by ids, there are these of one's own alone; and nobody's account."""
    mine, theirs = await department(api), await department(api, "城管局")
    matter = (await proposed(api))["id"]
    await moved(api, matter, "consultMatter", -9)
    ours = await blown(api, mine, matterId=matter)
    await blown(api, theirs)
    await done(api, officer(mine), "answerWhistle", ours["id"])
    seen = await everything(api, officer(mine))
    (grant,), (own,) = seen.pop("grants"), seen.pop("accounts")  # their own
    there = {name: rows for name, rows in seen.items() if rows}
    steps = there.pop("whistleSteps")
    assert (there, len(steps)) == ({"departments": [mine], "whistles": [ours["id"]]}, 2)
    allowed = {mine, ours["id"], *steps, grant, own}
    asked = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    for name, ids in (await everything(api, COUNTY_ADMIN)).items():
        answer = (await api.data(officer(mine), asked, ids=ids))["nodes"] if ids else []
        assert {each["id"] for each in answer if each} <= allowed, name
    led = """query($id: ID!) { node(id: $id) { ... on Whistle { place unit { id } matter { id }
        department { id } steps { nodes { unit { id } account { id } } } } } }"""
    found = (await api.data(officer(mine), led, id=ours["id"]))["node"]
    assert (found["unit"], found["matter"], found["department"]) == (None, None, {"id": mine})
    assert [each["unit"] for each in found["steps"]["nodes"]] == [None, None]
    assert found["steps"]["nodes"][0]["account"] is None
    for command in ("transferWhistle", "confirmWhistle", "reopenWhistle"):
        more = {"departmentId": mine} if command == "transferWhistle" else {}
        more |= {} if command == "confirmWhistle" else {"reason": "试"}
        assert await told(api, officer(mine), command, id=ours["id"], **more) == "FORBIDDEN"


async def test_who_blows_whistles_does_not_answer_them(api: Api) -> None:
    at = await department(api)
    mine = (await blown(api, at))["id"]
    for who in (ADMIN, TOWN_ADMIN, COUNTY_ADMIN):
        assert await told(api, who, "answerWhistle", id=mine) == "FORBIDDEN", who
    assert await now(api, mine, NEIGHBOUR) is None
    assert await told(api, officer(await department(api, "城管局")), "answerWhistle", id=mine) == "NOT_FOUND"
    assert (await api.data(AUDITOR, "{ whistles { totalCount } }")) == {"whistles": {"totalCount": 0}}
    for _ in range(9):
        assert (await api.data(AUDITOR, NUMBERS))["orgUnit"]["indicators"]["whistles"] is None  # too few to be told
        await blown(api, at)
    assert (await api.data(AUDITOR, NUMBERS))["orgUnit"]["indicators"]["whistles"] == 10


async def test_the_same_is_not_whistled_for_twice_on_one_day(api: Api) -> None:
    """Whatever else is said, and however far the first is; but of another unit, department, matter, title or day."""
    at, other, matter = await department(api), await department(api, "城管局"), (await proposed(api))["id"]
    await moved(api, matter, "consultMatter", -9)
    mine = (await blown(api, at, title="路灯不亮"))["id"]
    same = {"unitId": await unit_id(api, ADMIN[1]), "departmentId": at, "title": "路灯不亮"}
    assert await told(api, ADMIN, "blowWhistle", **same, detail="东门") == [("TAKEN", "title")]
    await done(api, officer(at), "returnWhistle", mine, **REASON)
    await done(api, ADMIN, "confirmWhistle", mine)
    assert await told(api, ADMIN, "blowWhistle", **same) == [("TAKEN", "title")]  # it is reopened
    above = await unit_id(api, "350521100")
    for differs in ({"departmentId": other}, {"title": "路灯"}, {"matterId": matter}, {"unitId": above}):
        await api.do(TOWN_ADMIN, "blowWhistle", "", **{**same, **differs})
    assert await told(api, ADMIN, "blowWhistle", **same, matterId=matter) == [("TAKEN", "title")]
    await pass_days(api, 1)
    await api.do(ADMIN, "blowWhistle", "", **same)
