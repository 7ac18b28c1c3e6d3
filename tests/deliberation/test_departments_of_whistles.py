"""Departments that whistles are or were for: renamed, closed, and what can be done about their whistles then."""

import pytest

from services.deliberation.whistle_tables import FROM
from services.deliberation.whistles import EXPECTED
from tests.centres.asked import ADMIN, AUDITOR, COUNTY_ADMIN, told
from tests.days import day
from tests.deliberation.asked import announced
from tests.deliberation.whistled import REASON, blown, department, done, now, officer, pass_days
from tests.writes.api import Api

SEEN = "query($id: ID!) { node(id: $id) { ... on Whistle { viewerCan } } }"


@pytest.fixture(autouse=True)
async def _years(api: Api) -> None:
    await announced(api)


async def confirmed(api: Api, at: str) -> str:
    """A whistle for a department, returned and confirmed today."""
    mine = (await blown(api, at))["id"]
    await done(api, officer(at), "returnWhistle", mine, **REASON)
    await done(api, ADMIN, "confirmWhistle", mine)
    return str(mine)


async def can(api: Api, whistle: str) -> list[str]:
    """What whoever blew it may do to it now."""
    found: list[str] = (await api.data(ADMIN, SEEN, id=whistle))["node"]["viewerCan"]
    return found


async def test_what_was_for_a_department_that_is_closed_is_not_reopened(api: Api) -> None:
    """Nor does it say that it could be."""
    at = await department(api)
    mine = await confirmed(api, at)
    assert "WHISTLE_REOPEN" in await can(api, mine)
    await api.do(COUNTY_ADMIN, "closeDepartment", "", id=at, on=day(0))
    assert "WHISTLE_REOPEN" not in await can(api, mine)
    assert await told(api, ADMIN, "reopenWhistle", id=mine, reason="又坏了") == [("CLOSED", "id")]


async def test_a_department_is_not_closed_before_what_it_did(api: Api) -> None:
    at = await department(api)
    await confirmed(api, at)
    await pass_days(api, 5)
    assert await told(api, COUNTY_ADMIN, "closeDepartment", id=at, on=day(-6)) == [("INVALID", "on")]
    await api.do(COUNTY_ADMIN, "closeDepartment", "", id=at, on=day(-5))


async def test_a_department_that_is_renamed_is_called_so_in_every_step(api: Api) -> None:
    """As units are; what it was called when a step was taken is in the trail."""
    at = await department(api)
    mine = await confirmed(api, at)
    await api.do(COUNTY_ADMIN, "renameDepartment", "", id=at, name="住房和城乡建设局")
    found = await now(api, mine)
    assert {each["departmentName"] for each in found["steps"]["nodes"]} == {"住房和城乡建设局"}
    told_of = "{ auditEntries(first: 100) { nodes { command changes { nodes { fields { name before after } } } } } }"
    entries = (await api.data(AUDITOR, told_of))["auditEntries"]["nodes"]
    (renamed,) = (each for each in entries if each["command"] == "renameDepartment")
    fields = [field for change in renamed["changes"]["nodes"] for field in change["fields"]]
    assert {"name": "name", "before": "住建局", "after": "住房和城乡建设局"} in fields


async def test_what_is_expected_first_is_told_in_words(api: Api) -> None:
    """Of each step that does not lead on from where a whistle stands: what has to be done, and where it stands."""
    at = await department(api)
    mine = (await blown(api, at))["id"]
    refused = {
        "confirmWhistle": (ADMIN, {}, "须由部门先报解决或退回，社区再确认。此哨现为“待报到”。"),
        "solveWhistle": (officer(at), {"text": "好了"}, "部门须先报到，再报解决。此哨现为“待报到”。"),
        "reopenWhistle": (
            ADMIN,
            {"reason": "又坏了"},
            "部门报解决之后，或社区确认之后，可重开；此前可转派。此哨现为“待报到”。",
        ),
    }
    for command, (who, more, expected) in refused.items():
        (error,) = (await api.attempt(who, command, id=mine, **more))["userErrors"]
        assert (error["code"], expected in error["message"]) == ("INVALID", True), error["message"]
    asked = """mutation($id: ID!) { confirmWhistle(input: {id: $id, version: 1}) { userErrors { messageEn } } }"""
    (error,) = (await api.data(ADMIN, asked, id=mine))["confirmWhistle"]["userErrors"]
    assert error["messageEn"] == (
        "The department says first that it is solved, or returns it; then who blew it confirms."
        " Where it stands now: The department has yet to report."
    )


def test_every_step_that_can_be_refused_says_what_is_expected() -> None:
    assert EXPECTED.keys() == FROM.keys()
