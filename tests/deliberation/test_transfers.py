"""Whistles that go to another department: by limits of its own, while how late the former one was stays on record."""

import pytest

from tests.centres.asked import ADMIN, COUNTY_ADMIN, told
from tests.days import day, today
from tests.deliberation.asked import announced
from tests.deliberation.whistled import (
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


@pytest.fixture(autouse=True)
async def _years(api: Api) -> None:
    await announced(api)


async def test_a_transfer_begins_both_limits_anew_and_hides_it_from_whose_it_was(api: Api) -> None:
    first, second = await department(api), await department(api, "城管局")
    mine = await blown(api, first)
    await pass_days(api, 10)
    returned = await done(api, officer(first), "returnWhistle", mine["id"], **REASON)
    assert (returned["status"], returned["answeredOn"], returned["escalatedTo"]) == ("RETURNED", day(0), "COUNTY")
    same = {"id": mine["id"], "departmentId": first, "reason": "再看"}
    assert await told(api, ADMIN, "transferWhistle", **same) == [("INVALID", "departmentId")]
    found = await done(api, ADMIN, "transferWhistle", mine["id"], departmentId=second, reason="应归城管")
    assert (found["status"], found["departmentName"], found["answeredOn"]) == ("BLOWN", "城管局", None)
    assert (found["answerDueOn"], found["solveDueOn"]) == (working(3).isoformat(), working(15).isoformat())
    assert found["steps"]["nodes"][-1]["dueOn"] is None  # the former had nothing left to do
    assert escalation(found) == escalation(returned)  # what was escalated stays
    whose = [each["departmentName"] for each in found["steps"]["nodes"]]
    assert whose == ["住建局", "住建局", "城管局"]
    assert await now(api, mine["id"], officer(first)) is None
    everything = "{ whistles { totalCount } whistleSteps { totalCount } departments { totalCount } }"
    counts = await api.data(officer(first), everything)
    assert [each["totalCount"] for each in counts.values()] == [0, 0, 1]
    assert await told(api, officer(first), "answerWhistle", id=mine["id"]) == "NOT_FOUND"
    counts = await api.data(officer(second), everything)
    assert [each["totalCount"] for each in counts.values()] == [1, 3, 1]
    assert (await done(api, officer(second), "answerWhistle", mine["id"]))["status"] == "ANSWERED"


async def by_department(api: Api) -> dict[str, tuple[int, int, int]]:
    """Of each department: the whistles for it, those that are late, and those that were escalated while they were."""
    rows = (await api.data(COUNTY_ADMIN, TOTALS))["whistles"]["totals"]["byDepartment"]
    return {each["department"]: (each["count"], each["late"], each["escalated"]) for each in rows}


async def test_who_takes_over_what_is_late_is_not_late(api: Api) -> None:
    """How late the former department was stays with the step; the new one is late by its own limits."""
    first, second = await department(api), await department(api, "城管局")
    mine = (await blown(api, first))["id"]
    await done(api, officer(first), "answerWhistle", mine)
    late = (working(15) - today()).days + 6
    await pass_days(api, late)
    found = await now(api, mine)
    assert (found["late"], found["daysLate"], found["escalatedTo"]) == (True, 6, "COUNTY")
    assert await by_department(api) == {"住建局": (1, 1, 1)}
    found = await done(api, ADMIN, "transferWhistle", mine, departmentId=second, reason="应归城管")
    assert (found["late"], found["daysLate"], found["escalatedTo"]) == (False, 0, "COUNTY")
    step = found["steps"]["nodes"][-1]
    assert (step["action"], step["dueOn"], step["daysLate"]) == ("TRANSFERRED", day(-6), 6)
    assert await by_department(api) == {"城管局": (1, 0, 0)}
    await done(api, officer(second), "answerWhistle", mine)
    assert await by_department(api) == {"城管局": (1, 0, 0)}
    await pass_days(api, late)
    found = await now(api, mine)
    assert (found["late"], found["daysLate"]) == (True, 6)
    assert await by_department(api) == {"城管局": (1, 1, 1)}
    await done(api, officer(second), "solveWhistle", mine, text="好了")
    await done(api, ADMIN, "reopenWhistle", mine, reason="又坏了")
    assert await by_department(api) == {"城管局": (1, 0, 1)}  # its own, from before it was reopened


async def test_a_return_once_it_was_answered_is_held_to_the_limit_to_solve(api: Api) -> None:
    at = await department(api)
    mine = (await blown(api, at))["id"]
    await done(api, officer(at), "answerWhistle", mine)
    await pass_days(api, (working(15) - today()).days + 1)
    found = await done(api, officer(at), "returnWhistle", mine, **REASON)
    assert found["steps"]["nodes"][-1]["daysLate"] == 1


async def by_steps(api: Api) -> dict[str, tuple[int, int]]:
    """Of each department: the whistles that were ever its, and those escalated while they were."""
    asked = "{ whistleSteps { totals { byDepartment { department whistles escalated } } } }"
    rows = (await api.data(COUNTY_ADMIN, asked))["whistleSteps"]["totals"]["byDepartment"]
    return {each["department"]: (each["whistles"], each["escalated"]) for each in rows}


async def test_what_was_taken_from_a_department_late_is_counted_as_escalated_there(api: Api) -> None:
    """Whoever it was taken from before it was late, or has it since, is told of none."""
    first, second, third = [await department(api, name) for name in ("住建局", "城管局", "水利局")]
    mine = (await blown(api, first))["id"]
    await done(api, ADMIN, "transferWhistle", mine, departmentId=second, reason="应归城管")
    late = (working(3) - today()).days + 1
    await pass_days(api, late)
    assert await by_steps(api) == {"住建局": (1, 0), "城管局": (1, 1)}
    found = await done(api, ADMIN, "transferWhistle", mine, departmentId=third, reason="应归水利")
    assert await by_steps(api) == {"住建局": (1, 0), "城管局": (1, 1), "水利局": (1, 0)}
    asked = "query($id: ID!) { node(id: $id) { ... on Whistle { steps { nodes { formerTownOn } } } } }"
    told_of = (await api.data(ADMIN, asked, id=found["id"]))["node"]["steps"]["nodes"]
    assert [each["formerTownOn"] for each in told_of] == [None, None, day(0)]
    await done(api, ADMIN, "transferWhistle", mine, departmentId=first, reason="还是住建")
    await pass_days(api, late)
    assert await by_steps(api) == {"住建局": (1, 1), "城管局": (1, 1), "水利局": (1, 0)}


async def test_what_a_department_returned_and_nobody_solved_was_escalated_there(api: Api) -> None:
    """As the limit to solve runs on: also where a department has it once more that was late before."""
    first, second = await department(api), await department(api, "城管局")
    mine = (await blown(api, first))["id"]
    await done(api, officer(first), "returnWhistle", mine, **REASON)
    await pass_days(api, (working(15) - today()).days + 1)
    assert await by_steps(api) == {"住建局": (1, 1)}
    await done(api, ADMIN, "transferWhistle", mine, departmentId=second, reason="应归城管")
    assert await by_steps(api) == {"住建局": (1, 1), "城管局": (1, 0)}
    await done(api, ADMIN, "transferWhistle", mine, departmentId=first, reason="还是住建")
    assert await by_steps(api) == {"住建局": (1, 1), "城管局": (1, 0)}


async def test_a_whistle_that_comes_back_brings_what_was_escalated_there(api: Api) -> None:
    """It is this department's again, and was escalated while it was; not for the one between."""
    first, second = await department(api), await department(api, "城管局")
    mine = (await blown(api, first))["id"]
    late = (working(3) - today()).days + 1
    await pass_days(api, late)
    await done(api, ADMIN, "transferWhistle", mine, departmentId=second, reason="应归城管")
    assert await by_department(api) == {"城管局": (1, 0, 0)}
    await done(api, ADMIN, "transferWhistle", mine, departmentId=first, reason="还是住建")
    assert await by_department(api) == {"住建局": (1, 0, 1)}
    await pass_days(api, late)
    await done(api, ADMIN, "transferWhistle", mine, departmentId=second, reason="应归城管")
    assert await by_department(api) == {"城管局": (1, 0, 0)}
    assert await by_steps(api) == {"住建局": (1, 1), "城管局": (1, 0)}
