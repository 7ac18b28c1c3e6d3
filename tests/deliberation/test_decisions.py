"""What meetings decided: nothing against its votes, and of a matter that keeps the title it had."""

import asyncpg
import pytest

from tests.centres.asked import ADMIN, COUNTY_ADMIN, TOWN_ADMIN, told
from tests.deliberation.asked import announced
from tests.deliberation.meeting import AGREED, consulted, held
from tests.writes.api import Api


@pytest.fixture(autouse=True)
async def _years(api: Api) -> None:
    await announced(api)


AGAINST = {"votesFor": 2, "votesAgainst": 3, "abstained": 9}


async def test_nothing_is_agreed_against_its_votes(api: Api) -> None:
    """Nor corrected to that; the database refuses it by itself."""
    mine = await consulted(api)
    (item,) = (await held(api, mine))["items"]["nodes"]
    given = {"id": item["id"], "decided": "划线", **AGAINST}
    assert await told(api, ADMIN, "decideMeetingItem", **given, decision="AGREED") == [("INVALID", "decision")]
    even = {**given, "votesFor": 3}
    await api.do(ADMIN, "decideMeetingItem", "", **even, decision="AGREED")
    right = {**given, "decision": "AGREED", "reason": "误记"}
    assert await told(api, TOWN_ADMIN, "correctMeetingDecision", **right) == [("INVALID", "decision")]
    await api.do(TOWN_ADMIN, "correctMeetingDecision", "", **{**right, "decision": "REFUSED"})
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await api.connection.execute("UPDATE meeting_item SET decision = 'AGREED'")
    assert refused.value.constraint_name == "meeting_item_carried_check"


async def test_what_was_decided_on_keeps_its_title(api: Api) -> None:
    """But for a correction by the town, with its reason on record."""
    mine = await consulted(api)
    right = {"id": mine, "title": "改建停车场", "reason": "笔误"}
    assert await told(api, TOWN_ADMIN, "correctMatterTitle", **right) == [("INCOMPLETE", "id")]
    await api.do(ADMIN, "updateMatter", "", id=mine, title="规范停车")
    await held(api, mine, **AGREED)
    assert await told(api, ADMIN, "updateMatter", id=mine, title="改建停车场") == [("CLOSED", "title")]
    await api.do(ADMIN, "updateMatter", "", id=mine, title="规范停车", detail="楼前")
    assert await told(api, ADMIN, "correctMatterTitle", **right) == "FORBIDDEN"
    assert await told(api, TOWN_ADMIN, "correctMatterTitle", id=mine, title=" ", reason="") == [
        ("INVALID", "title"),
        ("INVALID", "reason"),
    ]
    found = await api.do(TOWN_ADMIN, "correctMatterTitle", "matter { title viewerCan }", **right)
    assert (found["matter"]["title"], "MATTER_RETITLE" in found["matter"]["viewerCan"]) == ("改建停车场", True)
    why = await api.data(COUNTY_ADMIN, "{ corrections { nodes { reason } } }")
    assert why["corrections"]["nodes"] == [{"reason": "笔误"}]
