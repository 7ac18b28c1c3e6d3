"""Schedules counted back from a deadline by working days: moved, reached late, refused, and who sees them."""

from datetime import date
from typing import Any

import pytest

from tests.captains.town import COMMUNITY, COUNTY
from tests.centres.asked import ADMIN, AUDITOR, COMMITTEE, COUNTY_ADMIN, NEIGHBOUR, told
from tests.centres.test_centres import centre
from tests.days import day
from tests.writes.api import Api
from tests.writes.street import unit_id

# The week of the first of October 2026 is off, and so is no day of the week after; its Saturday is worked.
DEADLINE = "2026-10-09"
STEPS = [{"name": name, "workingDays": days} for name, days in (("启用", 0), ("验收", 1), ("设备到位", 2), ("设计", 9))]
DUE = {"启用": "2026-10-09", "验收": "2026-10-08", "设备到位": "2026-09-30", "设计": "2026-09-20"}
SHOWN = "centre { deadline version milestones { nodes { id name dueOn doneOn daysLate reason version } } }"
CHART = """query($under: [String!], $from: Date, $to: Date) {
    centres(under: $under, filter: {deadline: {from: $from, to: $to}}, orderBy: {field: DEADLINE}) {
        nodes { name deadline milestones { nodes { name dueOn doneOn daysLate } } } }
    milestones(under: $under, filter: {late: true}) { totals { count centres done late } } }"""


async def schedule(api: Api, **more: Any) -> tuple[str, dict[str, Any]]:
    """A centre that is scheduled, and its milestones by their names."""
    of = await centre(api, **more)
    made = (await api.do(ADMIN, "scheduleCentre", SHOWN, id=of, deadline=DEADLINE, milestones=STEPS))["centre"]
    return of, {each["name"]: each for each in made["milestones"]["nodes"]}


async def test_days_are_counted_back_by_working_days(api: Api) -> None:
    """Over a week that is off, a Sunday that is worked, and days a county loads itself."""
    of, steps = await schedule(api)
    assert {name: each["dueOn"] for name, each in steps.items()} == DUE
    assert list(steps) == ["设计", "设备到位", "验收", "启用"]
    days = {"year": 2026, "daysOff": ["2026-10-08"], "daysWorked": []}
    await api.do(COUNTY_ADMIN, "announceYear", "", unitId=await unit_id(api, COUNTY), **days)
    moved = (await api.do(ADMIN, "rescheduleCentre", SHOWN, id=of, deadline=DEADLINE, reason="雨季"))["centre"]
    found = {each["name"]: each["dueOn"] for each in moved["milestones"]["nodes"]}
    assert found["验收"] == "2026-10-07"
    assert found["启用"] == DEADLINE
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert why["corrections"]["nodes"] == [{"reason": "雨季"}]


async def test_what_is_reached_late_and_what_is_late(api: Api) -> None:
    of, steps = await schedule(api)
    said = {"doneOn": "2026-10-10", "reason": "设备到货晚"}
    done = await api.do(ADMIN, "updateMilestone", "milestone { daysLate version }", id=steps["设备到位"]["id"], **said)
    assert done["milestone"] == {"daysLate": 10, "version": 2}
    await api.do(ADMIN, "updateMilestone", "", id=steps["设计"]["id"], doneOn=DUE["设计"])
    found = await api.data(COUNTY_ADMIN, CHART, under=[COMMUNITY], **{"from": "2026-01-01", "to": "2026-12-31"})
    (shown,) = found["centres"]["nodes"]
    late = {each["name"]: each["daysLate"] for each in shown["milestones"]["nodes"]}
    assert (shown["deadline"], late["设计"], late["设备到位"]) == (DEADLINE, 0, 10)
    assert late["验收"] == late["启用"] + 1 > 1
    assert found["milestones"]["totals"] == {"count": 2, "centres": 1, "done": 0, "late": 2}
    numbers = '{ orgUnit(by: {code: "350521"}) { indicators { milestonesLate } } }'
    assert (await api.data(COUNTY_ADMIN, numbers))["orgUnit"]["indicators"] == {"milestonesLate": 2}
    for year in {day(60)[:4], day(90)[:4]}:
        days = {"year": int(year), "daysOff": [], "daysWorked": []}
        await api.do(COUNTY_ADMIN, "announceYear", "", unitId=await unit_id(api, COUNTY), **days)
    moved = await api.do(ADMIN, "rescheduleCentre", SHOWN, id=of, deadline=day(90), reason="延期")
    kept = {each["name"]: each["dueOn"] for each in moved["centre"]["milestones"]["nodes"]}
    assert (kept["设计"], kept["设备到位"]) == (DUE["设计"], DUE["设备到位"])  # what is reached stays as it was due
    assert (await api.data(COUNTY_ADMIN, numbers))["orgUnit"]["indicators"] == {"milestonesLate": 0}
    added = await api.do(ADMIN, "addMilestone", "milestone { id dueOn }", centreId=of, name="开业", workingDays=0)
    assert added["milestone"]["dueOn"] == day(90)
    mine = added["milestone"]["id"]
    assert await told(api, ADMIN, "updateMilestone", id=mine, name="验收") == [("TAKEN", "name")]
    gone = await api.do(ADMIN, "strikeOutMilestone", SHOWN, id=mine, reason="不需要")
    assert len(gone["centre"]["milestones"]["nodes"]) == len(STEPS)


async def test_what_was_due_is_moved_for_a_reason_and_its_first_day_is_kept(api: Api) -> None:
    """Neither by another number of working days nor by another day it was reached does lateness go unsaid."""
    of, steps = await schedule(api)
    mine, shown = steps["设备到位"]["id"], "milestone { dueOn firstDueOn doneOn reason }"
    needed = [("INCOMPLETE", "reason")]
    assert await told(api, ADMIN, "updateMilestone", id=mine, workingDays=0) == needed
    assert await told(api, ADMIN, "updateMilestone", id=mine, doneOn="2026-10-10") == needed
    await api.do(ADMIN, "updateMilestone", "", id=mine, name="设备安装", doneOn=DUE["设备到位"])
    assert await told(api, ADMIN, "updateMilestone", id=mine, doneOn=None) == needed
    assert await told(api, ADMIN, "updateMilestone", id=mine, workingDays=0) == needed
    await api.do(ADMIN, "updateMilestone", "", id=mine, doneOn=DUE["设备到位"], workingDays=2)  # nothing is moved
    moved = await api.do(ADMIN, "updateMilestone", shown, id=mine, workingDays=0, doneOn=None, reason="设备到货晚")
    first = {"firstDueOn": DUE["设备到位"], "reason": "设备到货晚"}
    assert moved["milestone"] == {"dueOn": DEADLINE, "doneOn": None, **first}
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert why["corrections"]["nodes"] == [{"reason": "设备到货晚"}]
    await api.do(ADMIN, "rescheduleCentre", "", id=of, deadline="2026-10-10", reason="延期")
    query = "query($id: ID!) { node(id: $id) { ... on Milestone { dueOn firstDueOn reason } } }"
    assert (await api.data(ADMIN, query, id=mine))["node"] == {"dueOn": "2026-10-10", **first}


async def test_what_a_centre_that_closed_did_not_reach_is_late_no_more(api: Api) -> None:
    """By how many days it was late is counted until then."""
    of, steps = await schedule(api)
    await api.do(ADMIN, "closeCentre", "", id=of, on=day(-1))
    late = """query($id: ID!) { node(id: $id) { ... on Milestone { daysLate } }
        milestones(filter: {late: true}) { totals { late } } }"""
    found = await api.data(ADMIN, late, id=steps["启用"]["id"])
    days = (date.fromisoformat(day(-1)) - date.fromisoformat(DEADLINE)).days
    assert found == {"node": {"daysLate": days}, "milestones": {"totals": {"late": 0}}}
    numbers = '{ orgUnit(by: {code: "350521"}) { indicators { milestonesLate } } }'
    assert (await api.data(COUNTY_ADMIN, numbers))["orgUnit"]["indicators"] == {"milestonesLate": 0}


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"milestones": []}, [("INCOMPLETE", "milestones")]),
        (
            {"milestones": [{**STEPS[0], "workingDays": -1}, STEPS[0]]},
            [("INVALID", "milestones", "0", "workingDays"), ("TAKEN", "milestones", "1", "name")],
        ),
        ({"deadline": "2004-01-01"}, [("INVALID", "deadline")]),
        ({"deadline": "2004-01-08"}, [("INVALID", "milestones", "3", "workingDays")]),
        ({"deadline": "1066-10-14"}, [("INVALID", "deadline")]),
    ],
)
async def test_what_cannot_be_scheduled(api: Api, given: dict[str, Any], refused: Any) -> None:
    of = await centre(api)
    assert (
        await told(api, ADMIN, "scheduleCentre", **{"id": of, "deadline": DEADLINE, "milestones": STEPS, **given})
        == refused
    )


async def test_who_may(api: Api) -> None:
    of, steps = await schedule(api)
    plan = {"id": of, "deadline": DEADLINE, "milestones": STEPS}
    assert await told(api, ADMIN, "scheduleCentre", **plan) == [("TAKEN", "id")]
    other = await centre(api, name="另一处")
    assert await told(api, ADMIN, "addMilestone", centreId=other, name="甲", workingDays=1) == [
        ("INCOMPLETE", "centreId")
    ]
    mine, query = {"id": steps["设计"]["id"]}, "query($id: ID!) { node(id: $id) { ... on Milestone { name } } }"
    assert await told(api, ADMIN, "updateMilestone", **mine, doneOn=day(1)) == [("INVALID", "doneOn")]
    for who, answer in ((NEIGHBOUR, "NOT_FOUND"), (AUDITOR, "FORBIDDEN"), (COMMITTEE, "NOT_FOUND")):
        assert await told(api, who, "updateMilestone", **mine, doneOn=DEADLINE) == answer, who
    assert (await api.data(AUDITOR, query, **mine))["node"] == {"name": "设计"}
    assert (await api.data(NEIGHBOUR, query, **mine))["node"] is None
    await api.do(ADMIN, "closeCentre", "", id=of, on=day(0))
    late = await told(api, ADMIN, "rescheduleCentre", id=of, deadline=DEADLINE, reason="晚")
    assert late == [("CLOSED", "id")]
