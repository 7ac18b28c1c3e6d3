"""Restricting what is done with a member's data: kept, shown to nobody else, and put into nothing new."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.audit.trail import verify
from services.storage.database import connect
from tests.writes.api import Api
from tests.writes.street import ADMIN, COUNTY, COUNTY_ADMIN, TOWN, Street, day, made

SHOWN = "restrictedOn maskedPhone maskedAddress contact { phone }"
QUESTION = f"query($id: ID!) {{ member(by: {{id: $id}}) {{ name {SHOWN} }} }}"
CLOSED = ["CLOSED"]
AUDITOR = ("auditor", COUNTY)
ACCOUNT = """
    INSERT INTO account (id, unit_path, name, folded, member_id)
    SELECT gen_random_uuid(), unit_path, name, name, id FROM member WHERE id = $1
"""


async def refused(api: Api, who: tuple[str, str], command: str, **given: Any) -> list[str]:
    """The codes of what a command is rejected for."""
    payload = await api.attempt(who, command, **given)
    return [each["code"] for each in payload["userErrors"]]


async def found(api: Api, who: tuple[str, str], text: str) -> int:
    """How many members a search finds."""
    answer = await api.data(
        who, f'{{ search(text: "{text}", kinds: [MEMBER]) {{ totalCount nodes {{ __typename }} }} }}'
    )
    assert len(answer["search"]["nodes"]) == answer["search"]["totalCount"]
    count: int = answer["search"]["totalCount"]
    return count


async def restricted(api: Api, on: Street) -> str:
    """A member in office whose data are restricted."""
    whom = on.members[0]
    await api.token("member", whom)  # while it can be granted
    await api.do(ADMIN, "assignCaptain", "", buildingId=on.buildings[0], memberId=whom, since=day(-3))
    await api.do(ADMIN, "updateContact", "", id=whom, address="螺城镇中山街一百二十三号")
    done = await api.do(COUNTY_ADMIN, "restrictMember", f"member {{ {SHOWN} }}", id=whom, reason="本人申请")
    hidden = {"restrictedOn": day(0), "maskedPhone": None, "maskedAddress": None, "contact": None}
    assert done["member"] == hidden
    return whom


async def test_only_the_member_is_shown_how_to_reach_them(api: Api, on: Street) -> None:
    """Nor finds anybody else them by search; offices and names stay, and once it is lifted all is as it was."""
    whom = await restricted(api, on)
    own = ("member", whom)
    hidden = {"name": "演示党员1", "restrictedOn": day(0), "maskedPhone": None, "maskedAddress": None, "contact": None}
    whole = {
        **hidden,
        "maskedPhone": "100****0001",
        "maskedAddress": "螺城镇中山街…",
        "contact": {"phone": "10000000001"},
    }
    for who in (ADMIN, COUNTY_ADMIN, AUDITOR, ("property_committee", COUNTY)):
        assert (await api.data(who, QUESTION, id=whom))["member"] == hidden, who
        assert await found(api, who, "演示党员1") == 0, who
    assert (await api.data(own, QUESTION, id=whom))["member"] == whole
    assert await found(api, own, "演示党员1") == 1
    assert await found(api, ADMIN, "演示党员2") == 1
    terms = "query($id: ID!) { member(by: {id: $id}) { captainAssignments { nodes { memberName until } } } }"
    held = (await api.data(ADMIN, terms, id=whom))["member"]["captainAssignments"]["nodes"]
    assert held == [{"memberName": "演示党员1", "until": None}]
    asked = "query($id: ID!) { whoCanSee(node: $id, action: MEMBER_CONTACT_READ) { nodes { role by } } }"
    assert (await api.data(COUNTY_ADMIN, asked, id=whom))["whoCanSee"]["nodes"] == [
        {"role": "member", "by": ["MEMBER"]}
    ]
    await api.do(COUNTY_ADMIN, "liftRestriction", "", id=whom, reason="期满")
    shown = {**whole, "restrictedOn": None}
    assert (await api.data(ADMIN, QUESTION, id=whom))["member"] == shown
    assert (await api.data(AUDITOR, QUESTION, id=whom))["member"] == {**shown, "contact": None}
    assert await found(api, AUDITOR, "演示党员1") == 1


async def test_nobody_else_changes_or_appoints_them(api: Api, on: Street) -> None:
    """Not by office, account, grant, or correction; what they hold can end; they themselves say how to reach them."""
    whom = await restricted(api, on)
    second, other = on.buildings[1], on.members[1]
    term = await made(
        api, ADMIN, "assignCaptain", "captainAssignment", buildingId=second, memberId=other, since=day(-3)
    )
    account = await made(api, ADMIN, "createAccount", "account", unitId=on.unit, name="账号")
    instructs = {"companyId": on.companies[0], "memberId": whom, "since": day(0), "until": day(30)}
    grants = {"seatId": whom, "accountId": account, "role": "member", "reason": "需要"}
    for who, command, given in (
        (ADMIN, "updateMember", {"id": whom, "name": "新名"}),
        (ADMIN, "updateContact", {"id": whom, "phone": "13800000000"}),
        (COUNTY_ADMIN, "restrictMember", {"id": whom, "reason": "再次"}),
        (ADMIN, "handOverCaptain", {"id": term, "memberId": whom, "on": day(0)}),
        (COUNTY_ADMIN, "correctCaptainTerm", {"id": term, "memberId": whom, "reason": "张冠李戴"}),
        (COUNTY_ADMIN, "appointInstructor", instructs),
        (ADMIN, "createAccount", {"unitId": on.unit, "name": "其人", "memberId": whom}),
        (ADMIN, "updateAccount", {"id": account, "memberId": whom}),
        (COUNTY_ADMIN, "grantRole", grants),
    ):
        assert await refused(api, who, command, **given) == CLOSED, command
    # All that is in the way is told: the restriction, and the office.
    assert await refused(api, COUNTY_ADMIN, "deletePerson", id=whom) == [*CLOSED, *CLOSED]
    own = await api.do(("member", whom), "updateContact", "member { contact { phone } }", id=whom, phone="13800000000")
    assert own["member"] == {"contact": {"phone": "13800000000"}}
    held = await api.connection.fetchval("SELECT 'ca_' || id FROM captain_term WHERE member_id = $1", UUID(whom[3:]))
    await api.do(ADMIN, "endCaptainTerm", "", id=held, on=day(0), reason="卸任")
    await api.do(COUNTY_ADMIN, "exportMember", "data", id=whom)


async def test_who_restricts_and_what_is_on_record(api: Api, on: Street) -> None:
    """The county alone; why is read where corrections are, and goes with the person; the chain holds."""
    whom = on.members[0]
    for who in (ADMIN, ("town_admin", TOWN), ("member", whom)):
        assert await api.attempt(who, "restrictMember", id=whom, reason="本人申请") == "FORBIDDEN", who
    assert await refused(api, COUNTY_ADMIN, "liftRestriction", id=whom, reason="期满") == CLOSED
    await restricted(api, on)
    await api.do(COUNTY_ADMIN, "liftRestriction", "", id=whom, reason="期满")
    asked = "corrections { nodes { command reason } } history { nodes { command } }"
    said = f"query($id: ID!) {{ member(by: {{id: $id}}) {{ {asked} }} }}"
    told = (await api.data(COUNTY_ADMIN, said, id=whom))["member"]
    both = [{"command": "restrictMember", "reason": "本人申请"}, {"command": "liftRestriction", "reason": "期满"}]
    assert told["corrections"]["nodes"] == both
    assert {"restrictMember", "liftRestriction"} <= {each["command"] for each in told["history"]["nodes"]}
    assert await verify(api.connection) == []


async def test_whoever_appoints_waits_for_whoever_restricts(api: Api, on: Street) -> None:
    """Also by another way than a command, which would hold the member's row itself."""
    member = UUID(on.members[0][3:])
    other = await connect(api.url)
    async with api.connection.transaction():
        await api.connection.execute("UPDATE member SET restricted_on = current_date WHERE id = $1", member)
        waiting = asyncio.ensure_future(other.execute(ACCOUNT, member))
        blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid = $1"
        while not await api.connection.fetchval(blocked, other.get_server_pid()):
            assert not waiting.done(), "nobody waited"
    with pytest.raises(asyncpg.CheckViolationError, match="restricted"):
        await waiting
    await other.close()
