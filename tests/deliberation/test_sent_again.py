"""A command sent again is answered as done, also where what it was about is another's by now."""

from typing import Any

from tests.centres.asked import ADMIN
from tests.deliberation.asked import announced
from tests.deliberation.whistled import blown, department, done, now, officer
from tests.writes.api import Api


async def test_an_answer_sent_again_is_known_also_where_the_whistle_is_another_s_by_now(api: Api) -> None:
    """It was done, once: no refusal, and nothing of what became of it."""
    await announced(api)
    first, second = await department(api), await department(api, "城管局")
    mine = (await blown(api, first))["id"]
    asked = """mutation($id: ID!, $version: Int! = 1) { answerWhistle(input: {id: $id, version: $version}) {
        whistle { version status } userErrors { code } } }"""
    given: dict[str, Any] = {"id": mine, "idempotency_key": "key-of-the-officer"}
    done_once = (await api.ask(officer(first), asked, **given))["data"]["answerWhistle"]
    assert done_once == {"whistle": {"version": 2, "status": "ANSWERED"}, "userErrors": []}
    await done(api, officer(first), "returnWhistle", mine, reason="不归本部门")
    await done(api, ADMIN, "transferWhistle", mine, departmentId=second, reason="应归城管")
    again = (await api.ask(officer(first), asked, **given))["data"]["answerWhistle"]
    assert again == {"whistle": None, "userErrors": []}
    other = await api.ask(officer(first), asked, **given, version=4)
    assert other["errors"][0]["extensions"]["code"] == "CONFLICT"  # another command under its key
    new = await api.ask(officer(first), asked, id=mine, idempotency_key="another key")
    assert new["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert len((await now(api, mine))["steps"]["nodes"]) == 4
