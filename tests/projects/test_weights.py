"""Weights of phases are put right together once a project has started, with a reason, and stay 100."""

from typing import Any

import asyncpg
import pytest

from tests.captains.town import Town
from tests.projects.asked import (
    ADMIN,
    AUDITOR,
    COMMITTEE,
    COUNTY_ADMIN,
    NEIGHBOUR,
    SHOWN,
    finished,
    proposed,
    rows,
    started,
    told,
)
from tests.writes.api import Api


def weighed(project: dict[str, Any], *weights: int | None) -> dict[str, Any]:
    """The input that gives its phases these weights, in order; None leaves one out."""
    nodes = zip(project["phases"]["nodes"], weights, strict=True)
    listed = [{"id": phase["id"], "version": 1, "weight": weight} for phase, weight in nodes if weight is not None]
    return {"id": project["id"], "phases": listed, "reason": "误记"}


async def test_they_are_corrected_together(api: Api) -> None:
    """What was reached counts by the right weight, also of what is done; why is on record."""
    made = await started(api)
    await api.do(ADMIN, "reachPhase", "", id=made["phases"]["nodes"][0]["id"], on=made["startedOn"])
    given = weighed(made, 40, 40, None)
    given["phases"][0]["version"] = 2
    found = (await api.do(ADMIN, "correctPhases", SHOWN, **given))["project"]
    assert [phase["weight"] for phase in found["phases"]["nodes"]] == [40, 40, 20]
    assert (found["progress"], found["plannedProgress"], found["version"]) == (40, 40, made["version"] + 1)
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert why["corrections"]["nodes"] == [{"reason": "误记"}]
    done = await finished(api)
    given = weighed(done, 20, 60, None)
    for phase in given["phases"]:
        phase["version"] = 2
    assert (await api.do(ADMIN, "correctPhases", SHOWN, **given))["project"]["progress"] == 100


@pytest.mark.parametrize(
    ("weights", "refused"),
    [
        ((40, 50, None), [("INVALID", "phases")]),
        ((None, None, 100), [("INVALID", "phases")]),
        ((30, None, 20), [("INCOMPLETE", "phases")]),
        ((0, 101, None), [("INVALID", "phases", "0", "weight"), ("INVALID", "phases", "1", "weight")]),
        ((None, None, None), [("INCOMPLETE", "phases")]),
    ],
)
async def test_what_does_not_come_to_100(api: Api, weights: Any, refused: Any) -> None:
    assert await told(api, ADMIN, "correctPhases", **weighed(await started(api), *weights)) == refused


async def test_whose_phases_they_are(api: Api) -> None:
    mine, other = await started(api), await started(api, name="改造食堂")
    both = weighed(mine, 40, None, None)
    both["phases"] += weighed(other, 40, None, None)["phases"]
    assert await told(api, ADMIN, "correctPhases", **both) == [("OUT_OF_REACH", "phases", "1", "id")]
    twice = {**both, "phases": both["phases"][:1] * 2}
    assert await told(api, ADMIN, "correctPhases", **twice) == [("INVALID", "phases", "1", "id")]
    late = weighed(mine, 40, 40, None)
    late["phases"][1]["version"] = 2
    assert await told(api, ADMIN, "correctPhases", **late) == "CONFLICT"
    given = weighed(mine, 40, 40, None)
    for who, answer in ((NEIGHBOUR, "NOT_FOUND"), (AUDITOR, "FORBIDDEN"), (COMMITTEE, "FORBIDDEN")):
        assert await told(api, who, "correctPhases", **given) == answer, who
    assert await told(api, ADMIN, "correctPhases", **{**given, "reason": " "}) == [("INVALID", "reason")]


async def test_what_has_not_started_is_planned_anew(api: Api) -> None:
    of = {"id": (await proposed(api))["id"]}
    planned = (await api.do(ADMIN, "planProject", SHOWN, **of, phases=rows()))["project"]
    can = "query($id: ID!) { node(id: $id) { ... on Project { viewerCan } } }"
    assert await told(api, ADMIN, "correctPhases", **weighed(planned, 40, 40, None)) == [("CLOSED", "id")]
    assert "PROJECT_START" in (await api.data(ADMIN, can, id=of["id"]))["node"]["viewerCan"]


async def test_the_database_holds_them_to_100(api: Api, town: Town) -> None:
    await started(api)
    with pytest.raises(asyncpg.CheckViolationError, match="come to 100"):
        await town.connection.execute("UPDATE project_phase SET weight = weight + 1 WHERE weight = 20")
