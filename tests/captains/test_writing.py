"""Captains through the API: who may, what is told, and two administrators at once."""

import asyncio
from typing import Any

import pytest

from services.members.tables import Standing
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, Town, days
from tests.captains.town import FIRST as FIRST_DAY
from tests.captains.town import SECOND as SECOND_DAY
from tests.captains.town import THIRD as THIRD_DAY
from tests.writes.api import Api

ADMIN, TOWN_ADMIN = ("community_admin", COMMUNITY), ("town_admin", "350521100")
TERM = "captainAssignment { id memberName since until endReason version building { captain { memberName } } }"
FIRST, SECOND, THIRD = str(FIRST_DAY), str(SECOND_DAY), str(THIRD_DAY)


@pytest.fixture
async def building(town: Town) -> Record:
    """A building without a captain."""
    return await town.building(await town.compound("和平小区"), "1号楼")


@pytest.fixture
async def people(town: Town) -> dict[str, str]:
    """Members of the grid, by name; their global ids."""
    made = {
        "林一": Standing.IN_SERVICE,
        "陈二": Standing.RETIRED,
        "郑居": Standing.RESIDENT,
    }
    return {name: f"mb_{(await town.member(name, standing=standing))['id']}" for name, standing in made.items()}


def of(building: Record, member: str, **days: str) -> dict[str, Any]:
    """The input of an assignment."""
    return {"buildingId": f"bd_{building['id']}", "memberId": member, **days}


async def test_a_building_through_the_year(api: Api, building: Record, people: dict[str, str]) -> None:
    """Assigned, handed over, ended; each payload shows what is so by now."""
    made = await api.do(ADMIN, "assignCaptain", TERM, **of(building, people["林一"], since=FIRST))
    first = made["captainAssignment"]
    assert (first["memberName"], first["since"], first["until"], first["version"]) == ("林一", FIRST, None, 1)
    assert first["building"]["captain"] == {"memberName": "林一"}
    made = await api.do(TOWN_ADMIN, "handOverCaptain", TERM, id=first["id"], memberId=people["陈二"], on=SECOND)
    second = made["captainAssignment"]
    assert second["building"]["captain"] == {"memberName": "陈二"}
    made = await api.do(ADMIN, "endCaptainTerm", TERM, id=second["id"], on=THIRD, reason="搬家")
    ended = made["captainAssignment"]
    assert (ended["until"], ended["endReason"], ended["version"]) == (THIRD, "搬家", 2)
    assert ended["building"]["captain"] is None


async def test_what_is_told(api: Api, building: Record, people: dict[str, str]) -> None:
    """What the user can correct names the field; what someone else decided is a conflict."""

    async def told(command: str, **given: Any) -> Any:
        found = await api.attempt(ADMIN, command, **given)
        return found if isinstance(found, str) else [(each["code"], each["field"]) for each in found["userErrors"]]

    resident = of(building, people["郑居"], since=FIRST)
    assert await told("assignCaptain", **resident) == [("INVALID", ["input", "memberId"])]
    mistyped = of(building, people["林一"], since="0226-05-01")
    assert await told("assignCaptain", **mistyped) == [("INVALID", ["input", "since"])]
    made = await api.do(ADMIN, "assignCaptain", TERM, **of(building, people["林一"], since=SECOND))
    assert await told("assignCaptain", **of(building, people["陈二"], since=THIRD)) == "CONFLICT"
    term = {"id": made["captainAssignment"]["id"]}
    for on in (FIRST, SECOND):
        early = {**term, "memberId": people["陈二"], "on": on}
        assert await told("handOverCaptain", **early) == [("INVALID", ["input", "on"])]
    same = {**term, "memberId": people["林一"], "on": THIRD}
    assert await told("handOverCaptain", **same) == [("INVALID", ["input", "memberId"])]
    resident = {**term, "memberId": people["郑居"], "on": THIRD}
    assert await told("handOverCaptain", **resident) == [("INVALID", ["input", "memberId"])]
    assert await told("handOverCaptain", **same, version=7) == "CONFLICT"
    assert await told("endCaptainTerm", **term, on=FIRST, reason="调动") == [("INVALID", ["input", "on"])]
    assert await told("endCaptainTerm", **term, on=THIRD, reason=" ") == [("INVALID", ["input", "reason"])]
    await api.do(ADMIN, "endCaptainTerm", "", **term, on=THIRD, reason="调动")
    after = str(THIRD_DAY + days(1))
    vacant = {**term, "memberId": people["陈二"], "on": after}
    assert await told("handOverCaptain", **vacant) == [("INVALID", ["input", "on"])]
    assert await told("endCaptainTerm", **term, on=after, reason="调动") == [("CLOSED", ["input", "on"])]


async def test_who_may(api: Api, town: Town, building: Record, people: dict[str, str]) -> None:
    """Readable but not permitted: FORBIDDEN; not to be seen: NOT_FOUND, as what there is not. Nothing was written."""
    assignment = of(building, people["林一"], since=FIRST)
    company = await town.company("安居物业")
    await town.contract(
        {"id": building["compound_id"], "unit_path": building["unit_path"]}, company, await town.today()
    )
    assert await api.attempt(("auditor", COUNTY), "assignCaptain", **assignment) == "FORBIDDEN"
    assert await api.attempt(("company_secretary", f"co_{company['id']}"), "assignCaptain", **assignment) == "FORBIDDEN"
    assert await api.attempt(("county_admin", "350524"), "assignCaptain", **assignment) == "NOT_FOUND"
    assert await api.attempt(("community_admin", "350521100002"), "assignCaptain", **assignment) == "NOT_FOUND"
    stranger = await town.member("郑远", "350524100")
    assert await api.attempt(ADMIN, "assignCaptain", **of(building, f"mb_{stranger['id']}", since=FIRST)) == "NOT_FOUND"
    assert await town.connection.fetchval("SELECT count(*) FROM captain_term") == 0
    made = await api.do(ADMIN, "assignCaptain", TERM, **assignment)
    ending = {"id": made["captainAssignment"]["id"], "on": THIRD, "reason": "调动"}
    assert await api.attempt(("captain", people["林一"]), "endCaptainTerm", **ending) == "FORBIDDEN"
    assert await api.attempt(("captain", people["陈二"]), "endCaptainTerm", **ending) == "NOT_FOUND"
    assert await town.connection.fetchval("SELECT until FROM captain_term") is None


async def test_who_saw_another_version_is_told_that_alone(api: Api, building: Record, people: dict[str, str]) -> None:
    """What would be wrong of the term by now is nothing they did: they do not know it."""
    made = await api.do(ADMIN, "assignCaptain", TERM, **of(building, people["林一"], since=FIRST))
    given = {"id": made["captainAssignment"]["id"], "version": 1}
    await api.do(ADMIN, "endCaptainTerm", TERM, **given, on=SECOND, reason="搬家")
    document = "mutation($input: HandOverCaptainInput!) { handOverCaptain(input: $input) { userErrors { code } } }"
    refused = await api.ask(TOWN_ADMIN, document, input={**given, "memberId": people["陈二"], "on": THIRD})
    assert [each["extensions"] for each in refused["errors"]] == [{"code": "CONFLICT", "argument": "input.version"}]


@pytest.mark.parametrize("held", [False, True], ids=["assign", "hand over"])
async def test_two_administrators_at_once(
    api: Api, town: Town, building: Record, people: dict[str, str], held: bool
) -> None:
    """The community's and the town's: one success, one conflict, one term and one audit entry more."""
    given: dict[str, Any] = {"buildingId": f"bd_{building['id']}", "since": SECOND}
    command = "assignCaptain"
    if held:
        former = await town.member("王三")
        made = await api.do(ADMIN, "assignCaptain", TERM, **of(building, f"mb_{former['id']}", since=FIRST))
        command, given = "handOverCaptain", {"id": made["captainAssignment"]["id"], "version": 1, "on": SECOND}
    counts = "SELECT (SELECT count(*) FROM captain_term), (SELECT count(*) FROM audit_entry)"
    (before,) = await town.connection.fetch(counts)
    both = [(ADMIN, people["林一"]), (TOWN_ADMIN, people["陈二"])]
    for who, _ in both:
        await api.token(*who)
    outcomes = await asyncio.gather(
        *(api.attempt(who, command, TERM, memberId=member, **given) for who, member in both)
    )
    refused = [found for found in outcomes if isinstance(found, str)]
    done = [found for found in outcomes if not isinstance(found, str)]
    assert refused == ["CONFLICT"]
    assert [found["userErrors"] for found in done] == [[]]
    (after,) = await town.connection.fetch(counts)
    assert tuple(after) == tuple(number + 1 for number in before)


async def test_nothing_closes_over_a_captain(api: Api, town: Town, building: Record, people: dict[str, str]) -> None:
    """Nor does a member leave who is in office: the database holds it, whoever writes."""
    made = await api.do(ADMIN, "assignCaptain", TERM, **of(building, people["林一"], since=FIRST))
    for change in (f"UPDATE building SET closed_on = '{SECOND}'", f"UPDATE member SET left_on = '{SECOND}'"):
        with pytest.raises(Exception, match="terms run on"):
            await town.connection.execute(change)
    term = made["captainAssignment"]["id"]
    await api.do(ADMIN, "endCaptainTerm", "", id=term, on=SECOND, reason="调动")
    await town.connection.execute(f"UPDATE building SET closed_on = '{SECOND}'")
    code = await api.attempt(ADMIN, "assignCaptain", **of(building, people["陈二"], since=THIRD))
    assert [(each["code"], each["field"]) for each in code["userErrors"]] == [("CLOSED", ["input", "buildingId"])]
