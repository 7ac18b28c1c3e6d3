"""Projects from the proposal to the end: phases and their weights, what is ahead of schedule, and what is final."""

import asyncio
from typing import Any

import asyncpg
import pytest

from services.appointments.tables import PostKind, posts
from tests.captains.town import Town
from tests.deliberation.asked import announced
from tests.deliberation.asked import proposed as asked_for
from tests.projects.asked import (
    ADMIN,
    AUDITOR,
    COMMITTEE,
    COUNTY_ADMIN,
    NEIGHBOUR,
    SHOWN,
    day,
    finished,
    proposed,
    rows,
    said,
    started,
    told,
)
from tests.writes.api import Api
from tests.writes.street import unit_id

INDICATORS = """query($day: Date) { orgUnit(by: {code: "350521"}) { indicators(asOf: $day) { publicProjects
    publicProjectsDone publicProjectsAhead projectsAhead neighbourProjects projectBudgetFen } } }"""


async def test_from_the_proposal_to_the_end(api: Api) -> None:
    made = await started(api)
    assert (made["status"], made["budget"], made["spent"]) == ("UNDERWAY", "1000.50", "0.00")
    assert (made["progress"], made["plannedProgress"], made["ahead"]) == (0, 30, False)
    of = {"id": made["id"]}
    assert await told(api, ADMIN, "finishProject", **of, on=day(0)) == [("INCOMPLETE", "id")]
    design, work, check = (phase["id"] for phase in made["phases"]["nodes"])
    for wrong in (-21, 1):
        assert await told(api, ADMIN, "reachPhase", id=design, on=day(wrong)) == [("INVALID", "on")], wrong
    one = "projectPhase { doneOn project { progress ahead } }"
    reached = (await api.do(ADMIN, "reachPhase", one, id=design, on=day(-5)))["projectPhase"]
    assert reached == {"doneOn": day(-5), "project": {"progress": 30, "ahead": False}}
    assert await told(api, ADMIN, "reachPhase", id=design, on=day(-5)) == [("CLOSED", "id")]
    reached = (await api.do(ADMIN, "reachPhase", one, id=work, on=day(-4)))["projectPhase"]
    assert reached["project"] == {"progress": 80, "ahead": True}
    await api.do(ADMIN, "reachPhase", one, id=check, on=day(-3))
    assert await told(api, ADMIN, "finishProject", **of, on=day(-4)) == [("INVALID", "on")]
    done = (await api.do(ADMIN, "finishProject", SHOWN, **of, on=day(-3)))["project"]
    assert (done["status"], done["doneOn"], done["progress"], done["ahead"]) == ("DONE", day(-3), 100, True)


async def test_a_project_can_be_finished_once_every_phase_is_reached(api: Api) -> None:
    made = await started(api)
    seen = "project { viewerCan }"
    last: set[str] = set()
    for phase in made["phases"]["nodes"]:
        assert "PROJECT_FINISH" not in last
        reached = await api.do(ADMIN, "reachPhase", f"projectPhase {{ {seen} }}", id=phase["id"], on=day(-3))
        last = set(reached["projectPhase"]["project"]["viewerCan"])
    assert "PROJECT_FINISH" in last
    done = await api.do(ADMIN, "finishProject", seen, id=made["id"], on=day(-3))
    assert "PROJECT_FINISH" not in done["project"]["viewerCan"]


LED = "project { id matter { title projects { totalCount } } }"


async def test_a_matter_leads_to_projects(api: Api) -> None:
    """Of its unit, or one above or below it; not one that was not taken up."""
    await announced(api)
    matter = (await asked_for(api, title="增设路灯"))["id"]
    made = await proposed(api, matterId=matter)
    node = "query($id: ID!) { node(id: $id) { ... on Project { matter { title projects { nodes { id } } } } } }"
    assert (await api.data(ADMIN, node, id=made["id"]))["node"]["matter"] == {
        "title": "增设路灯",
        "projects": {"nodes": [{"id": made["id"]}]},
    }
    right = {"id": made["id"], "reason": "误记"}
    assert (await api.do(ADMIN, "correctProject", LED, **right, matterId=None))["project"]["matter"] is None
    found = (await api.do(ADMIN, "correctProject", LED, **right, matterId=matter))["project"]["matter"]
    assert found == {"title": "增设路灯", "projects": {"totalCount": 1}}
    dropped = (await asked_for(api, title="不办"))["id"]
    await api.do(ADMIN, "dropMatter", "", id=dropped, on=day(-9), reason="不办")
    assert await told(api, ADMIN, "correctProject", **right, matterId=dropped) == [("CLOSED", "matterId")]
    there = await asked_for(api, title="邻社区", unitId=await unit_id(api, NEIGHBOUR[1]), who=COUNTY_ADMIN)
    away = await told(api, COUNTY_ADMIN, "correctProject", **right, matterId=there["id"])
    assert away == [("OUT_OF_REACH", "matterId")]
    assert await told(api, ADMIN, "correctProject", **right, matterId=there["id"]) == "NOT_FOUND"
    above = await asked_for(api, title="全镇", unitId=await unit_id(api, "350521100"), who=COUNTY_ADMIN)
    found = (await api.do(COUNTY_ADMIN, "correctProject", LED, **right, matterId=above["id"]))["project"]["matter"]
    assert found["title"] == "全镇"
    await api.do(ADMIN, "correctProject", "", **right, matterId=matter)
    town = {"unitId": await unit_id(api, "350521100"), "proposedBy": "镇政府", **said(matterId=matter)}
    found = (await api.do(COUNTY_ADMIN, "proposeProject", LED, **town))["project"]["matter"]
    assert found["projects"] == {"totalCount": 2}


async def test_ahead_follows_from_the_phases_alone(api: Api) -> None:
    """Done on the very day the last one was due is not ahead, whenever the project itself is due."""
    made = await finished(api)
    of, right = {"id": made["id"]}, "projectPhase { project { doneOn ahead } }"
    for due, ahead in ((-2, False), (-1, True)):
        for phase in made["phases"]["nodes"][1:]:
            told_of = await api.do(ADMIN, "correctPhase", right, id=phase["id"], dueOn=day(due), reason="误记")
        assert told_of["projectPhase"]["project"] == {"doneOn": day(-2), "ahead": ahead}
    for due in (-1, 30):
        found = await api.do(ADMIN, "correctProject", SHOWN, **of, dueOn=day(due), reason="误记")
        assert found["project"]["ahead"] is True
    counted = "{ projects(filter: {ahead: true}) { totals { count ahead } } }"
    assert (await api.data(ADMIN, counted))["projects"]["totals"] == {"count": 1, "ahead": 1}
    late = {"id": made["phases"]["nodes"][2]["id"], "dueOn": day(-3), "reason": "误记"}
    await api.do(ADMIN, "correctPhase", "", **{**late, "id": made["phases"]["nodes"][1]["id"]})
    found = (await api.do(ADMIN, "correctPhase", right, **late))["projectPhase"]["project"]
    assert found["ahead"] is False  # though the project is due in thirty days only


async def test_no_project_is_due_before_its_phases(api: Api, town: Town) -> None:
    """It would be overdue, and ahead of what was planned by then."""
    of = {"id": (await started(api))["id"], "reason": "误记"}
    for wrong in (19, -21, -6):
        assert await told(api, ADMIN, "correctProject", **of, dueOn=day(wrong)) == [("INVALID", "dueOn")], wrong
    assert (await api.do(ADMIN, "correctProject", SHOWN, **of, dueOn=day(21)))["project"]["plannedProgress"] == 30
    for written in (
        "UPDATE project SET due_on = due_on - 2",
        "UPDATE project SET planned_on = planned_on + 16",
        "UPDATE project_phase SET due_on = due_on + 2 WHERE weight = 20",
    ):
        with pytest.raises(asyncpg.CheckViolationError, match="within its time"):
            await town.connection.execute(written)


async def test_what_is_finished_takes_no_change_but_corrections(api: Api) -> None:
    """Nor does what was dropped, until it is reopened; why is on record."""
    done = await finished(api)
    of, phase = {"id": done["id"]}, {"id": done["phases"]["nodes"][0]["id"]}
    paid = {"projectId": done["id"], "amount": "1", "purpose": "尾款", "paidOn": day(0)}
    brought = {"projectId": done["id"], "department": "民政局", "kind": "IN_KIND", "text": "灯", "promisedOn": day(0)}
    dropped = (await api.do(ADMIN, "dropProject", SHOWN, id=(await started(api))["id"], reason="无场地"))["project"]
    assert (dropped["status"], dropped["droppedOn"], dropped["dropReason"]) == ("DROPPED", day(0), "无场地")
    for ended in (done, dropped):
        of, at = {"id": ended["id"]}, {"projectId": ended["id"]}
        assert await told(api, ADMIN, "planProject", **of, phases=rows()) == [("CLOSED", "id")]
        assert await told(api, ADMIN, "startProject", **of, on=day(0)) == [("CLOSED", "id")]
        assert await told(api, ADMIN, "finishProject", **of, on=day(0)) == [("CLOSED", "id")]
        assert await told(api, ADMIN, "dropProject", **of, reason="晚") == [("CLOSED", "id")]
        assert await told(api, ADMIN, "payForProject", **{**paid, **at}) == [("CLOSED", "projectId")]
        assert await told(api, ADMIN, "contributeToProject", **{**brought, **at}) == [("CLOSED", "projectId")]
    undone = {**phase, "doneOn": None, "reason": "误记"}
    assert await told(api, ADMIN, "correctPhase", **undone) == [("CLOSED", "id")]
    again = (await api.do(ADMIN, "reopenProject", SHOWN, id=done["id"], reason="返工"))["project"]
    assert (again["status"], again["doneOn"], again["progress"]) == ("UNDERWAY", None, 100)
    fixed = (await api.do(ADMIN, "correctPhase", "projectPhase { doneOn project { progress } }", **undone))[
        "projectPhase"
    ]
    assert fixed == {"doneOn": None, "project": {"progress": 70}}
    assert await told(api, ADMIN, "reopenProject", id=done["id"], reason="返工") == [("CLOSED", "id")]
    back = (await api.do(ADMIN, "reopenProject", SHOWN, id=dropped["id"], reason="有场地"))["project"]
    assert (back["status"], back["droppedOn"], back["dropReason"]) == ("UNDERWAY", None, None)
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert sorted(each["reason"] for each in why["corrections"]["nodes"]) == ["有场地", "误记", "返工"]


@pytest.mark.parametrize(
    ("phases", "refused"),
    [
        ((), [("INCOMPLETE", "phases")]),
        ((("设计", 30, 0), ("施工", 60, 0)), [("INVALID", "phases")]),
        (
            (("设计", 0, 0), ("", 101, 21), ("设计", 1, -21)),
            [
                ("INVALID", "phases.0.weight"),
                *(("INVALID", "phases.1.name"), ("INVALID", "phases.1.weight")),
                *(("INVALID", "phases.2.dueOn"), ("TAKEN", "phases.2.name")),
            ],
        ),
    ],
)
async def test_what_cannot_be_planned(api: Api, phases: Any, refused: Any) -> None:
    """Every problem of every row is told, and nothing of it is kept; so nothing starts without weights."""
    made = await proposed(api)
    found = await api.attempt(ADMIN, "planProject", id=made["id"], phases=rows(phases))
    assert [(each["code"], ".".join(map(str, each["field"][1:]))) for each in found["userErrors"]] == refused
    assert await told(api, ADMIN, "startProject", id=made["id"], on=day(0)) == [("INCOMPLETE", "id")]


async def test_a_plan_is_made_anew_until_it_starts(api: Api) -> None:
    made = await proposed(api)
    await api.do(ADMIN, "planProject", "", id=made["id"], phases=rows())
    again = await api.do(ADMIN, "planProject", SHOWN, id=made["id"], phases=rows((("施工", 100, 3),)))
    assert [phase["name"] for phase in again["project"]["phases"]["nodes"]] == ["施工"]


async def test_no_day_lies_before_all_that_is_on_record(api: Api) -> None:
    """From 2000 on, as years are: of plans and starts, and so of phases and payments, of promises and funds."""
    unit = await unit_id(api, "350521100001")
    first, early = "2000-01-01", "1999-12-31"
    whole = {"unitId": unit, "proposedBy": "居委会", **said(), "dueOn": day(20)}
    assert await told(api, ADMIN, "proposeProject", **whole, dryRun=True) == []
    for on, told_of in ((early, [("INVALID", "plannedOn")]), (first, [])):
        assert await told(api, ADMIN, "proposeProject", **{**whole, "plannedOn": on}, dryRun=True) == told_of
    begun = {"unitId": unit, "name": "近邻基金"}
    for on, told_of in ((early, [("INVALID", "begunOn")]), (first, [])):
        assert await told(api, ADMIN, "openFund", **begun, begunOn=on, dryRun=True) == told_of
    made = (await proposed(api))["id"]
    await api.do(ADMIN, "planProject", "", id=made, phases=rows())
    promised = {"projectId": made, "department": "民政局", "kind": "IN_KIND", "text": "灯"}
    for on, told_of in ((early, [("INVALID", "promisedOn")]), (first, [])):
        assert await told(api, ADMIN, "contributeToProject", **promised, promisedOn=on, dryRun=True) == told_of
    for on, told_of in ((early, [("INVALID", "on")]), (first, [])):
        assert await told(api, ADMIN, "startProject", id=made, on=on, dryRun=True) == told_of


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"name": " ", "purpose": "", "proposedBy": " "}, ["proposedBy", "name", "purpose"]),
        ({"dueOn": -21}, ["dueOn"]),
        *(({"budget": wrong}, ["budget"]) for wrong in ("0", "0.00", "-1")),
    ],
)
async def test_what_cannot_be_proposed(api: Api, given: dict[str, Any], refused: Any) -> None:
    unit = (await api.data(ADMIN, '{ orgUnit(by: {code: "350521100001"}) { id } }'))["orgUnit"]["id"]
    given = {name: day(value) if isinstance(value, int) else value for name, value in given.items()}
    whole = {"unitId": unit, "proposedBy": "居委会", **said(), **given}
    assert await told(api, ADMIN, "proposeProject", **whole) == [("INVALID", field) for field in refused]


async def test_a_neighbour_project_is_proposed_in_a_post(api: Api, town: Town) -> None:
    """By the part-time member of the community's committee, or the community; in no other post, and not afterwards."""
    body, member = await town.organization("社区党委"), await town.member("林一")
    post = await town.part_time(body, member)
    own, of = ("member", f"mb_{member['id']}"), {"postId": f"pt_{post['id']}"}
    compound = await town.compound("和平新村")
    shown = "project { kind proposedBy compound { name } }"
    made = await api.do(own, "proposeNeighbourProject", shown, **of, **said())
    assert made["project"] == {"kind": "NEIGHBOUR", "proposedBy": None, "compound": None}
    here = {**of, "compoundId": f"cp_{compound['id']}"}
    assert await told(api, own, "proposeNeighbourProject", **here, **said()) == "NOT_FOUND"
    made = await api.do(ADMIN, "proposeNeighbourProject", shown, **here, **said())
    assert made["project"]["compound"] == {"name": "和平新村"}
    assert await told(api, NEIGHBOUR, "proposeNeighbourProject", **of, **said()) == "NOT_FOUND"
    secretary = {"kind": PostKind.SECRETARY, "organization_id": body["id"], "unit_path": body["unit_path"]}
    other = await town.add(posts, member_id=member["id"], since=post["since"], **secretary)
    wrong = {"postId": f"pt_{other['id']}"}
    assert await told(api, ADMIN, "proposeNeighbourProject", **wrong, **said()) == [("INVALID", "postId")]
    await api.do(COUNTY_ADMIN, "endPost", "", id=of["postId"], on=day(-1), reason="调离")
    assert await told(api, ADMIN, "proposeNeighbourProject", **of, **said()) == [("CLOSED", "postId")]
    struck = await told(api, COUNTY_ADMIN, "strikeOutPost", id=of["postId"], reason="误记")
    assert struck == [("CLOSED", "id")]


async def test_a_compound_lies_in_the_unit(api: Api, town: Town) -> None:
    compound = await town.compound("别处", "350521100002")
    unit = (await api.data(ADMIN, '{ orgUnit(by: {code: "350521100001"}) { id } }'))["orgUnit"]["id"]
    given = {"unitId": unit, "proposedBy": "居委会", "compoundId": f"cp_{compound['id']}", **said()}
    assert await told(api, COUNTY_ADMIN, "proposeProject", **given) == [("OUT_OF_REACH", "compoundId")]


async def test_they_are_counted_by_day(api: Api) -> None:
    await finished(api)
    await started(api, budget="0.01")
    found = (await api.data(COUNTY_ADMIN, INDICATORS))["orgUnit"]["indicators"]
    assert found == {
        "publicProjects": 2,
        "publicProjectsDone": 1,
        "publicProjectsAhead": 1,
        "projectsAhead": 1,
        "neighbourProjects": 0,
        "projectBudgetFen": 100_051,
    }
    before = (await api.data(COUNTY_ADMIN, INDICATORS, day=day(-1)))["orgUnit"]["indicators"]
    assert (before["publicProjects"], before["publicProjectsDone"]) == (0, 1)
    ahead = "{ projects(filter: {ahead: true}) { totals { count ahead budgetFen byStatus { kind status count } } } }"
    assert (await api.data(COUNTY_ADMIN, ahead))["projects"]["totals"] == {
        "count": 1,
        "ahead": 1,
        "budgetFen": 100_050,
        "byStatus": [{"kind": "PUBLIC", "status": "DONE", "count": 1}],
    }


async def test_of_two_at_once_one_is_told(api: Api) -> None:
    mine = (await started(api))["id"]
    version = (await api.data(ADMIN, "query($id: ID!) { node(id: $id) { ... on Project { version } } }", id=mine))[
        "node"
    ]
    both = await asyncio.gather(
        told(api, ADMIN, "dropProject", id=mine, reason="不办", **version),
        told(api, COUNTY_ADMIN, "correctProject", id=mine, name="改名", reason="误记", **version),
    )
    assert sorted(map(str, both)) == ["CONFLICT", "[]"]


async def test_the_database_holds_the_weights_by_itself(api: Api, town: Town) -> None:
    await started(api)
    with pytest.raises(asyncpg.CheckViolationError, match="come to 100"):
        await town.connection.execute("DELETE FROM project_phase WHERE weight = 20")
    with pytest.raises(asyncpg.CheckViolationError, match="come to 100"):
        await town.connection.execute("UPDATE project_phase SET weight = 40 WHERE weight = 50")


async def test_nobody_corrects_what_another_level_decided(api: Api) -> None:
    """A community puts its own project right, with a reason the town reads; not one of the town's."""
    of = {"id": (await started(api))["id"], "reason": "误记"}
    assert (await api.do(ADMIN, "correctProject", SHOWN, **of, name="改名"))["project"]["name"] == "改名"
    assert await told(api, NEIGHBOUR, "correctProject", **of, name="别名") == "NOT_FOUND"
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert [each["reason"] for each in why["corrections"]["nodes"]] == ["误记"]
    towns = {"unitId": await unit_id(api, "350521100"), "proposedBy": "镇政府", **said()}
    made = (await api.do(COUNTY_ADMIN, "proposeProject", SHOWN, **towns))["project"]
    assert await told(api, ADMIN, "correctProject", id=made["id"], name="改名", reason="误记") == "FORBIDDEN"


async def test_who_may(api: Api, town: Town) -> None:
    of = {"id": (await started(api))["id"]}
    query = "query($id: ID!) { node(id: $id) { ... on Project { name phases { totalCount } } } }"
    member = ("member", f"mb_{(await town.member('陈二'))['id']}")
    for who in (AUDITOR, COMMITTEE, member):
        assert (await api.data(who, query, **of))["node"] == {"name": "加装路灯", "phases": {"totalCount": 3}}, who
    assert await told(api, AUDITOR, "dropProject", **of, reason="不办") == "FORBIDDEN"
    assert (await api.data(NEIGHBOUR, query, **of))["node"] is None
    assert await told(api, NEIGHBOUR, "dropProject", **of, reason="不办") == "NOT_FOUND"
