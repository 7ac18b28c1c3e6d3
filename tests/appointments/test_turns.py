"""Part-time members take the chair in turn, are in service; instructors are no mere residents; no two ways round it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import asyncpg
import pytest

from services.appointments import commands as posts
from services.appointments.tables import PostKind
from services.appointments.tables import posts as table
from services.members.tables import Standing, members
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, Town, days
from tests.days import today
from tests.writes.api import Api
from tests.writes.street import day

ADMIN = ("community_admin", COMMUNITY)
# The last of them the first of this month: none of them too long ago to end something on it.
JULY = today().replace(day=1)
MAY, JUNE = posts.after_months(JULY, -2), posts.after_months(JULY, -1)
MIDDLE = MAY + days(14)
ONE = days(1)


async def chair(town: Town, village: Record, member: Record, months: int = 2) -> Any:
    """May and June in the chair, or May alone."""
    return await posts.appoint_rotating_chair(
        town.tx, party_organization=village, member=member, since=MAY, months=months
    )


@pytest.mark.parametrize(
    ("terms", "holds"),
    [
        ([], False),
        ([(MAY, None)], True),
        ([(MAY, JULY - ONE)], True),
        ([(MAY + ONE, None)], False),
        ([(MAY, JULY - ONE - ONE)], False),
        ([(MAY, MIDDLE), (MIDDLE + ONE, JULY)], True),  # appointed anew on the next day
        ([(MAY, MIDDLE), (MIDDLE + ONE + ONE, JULY)], False),
    ],
)
async def test_on_each_day_of_the_term(town: Town, terms: list[tuple[date, date | None]], holds: bool) -> None:
    """A part-time member of this organization, from the first day to the last."""
    village, other, member = (
        await town.organization("北关社区党委"),
        await town.organization("总支"),
        await town.member("林一"),
    )
    await town.part_time(other, member)
    await town.part_time(village, await town.member("陈二"))
    for since, until in terms:
        await town.part_time(village, member, since, until)
    if holds:
        await chair(town, village, member)
    else:
        with pytest.raises(asyncpg.CheckViolationError) as violated:
            await chair(town, village, member)
        assert violated.value.constraint_name == "post_chair_check"


async def chaired(town: Town) -> tuple[Record, Record]:
    """A part-time member without an end who has the chair in May and June: both posts."""
    village, member = await town.organization("北关社区党委"), await town.member("林一")
    seat = await town.part_time(village, member)
    return seat, await town.row(table, await chair(town, village, member))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE post SET until = date_trunc('month', current_date)::date - 2",
        "UPDATE post SET since = (date_trunc('month', current_date) - interval '2 months')::date + 1",
        "UPDATE post SET kind = 'SECRETARY'",
        "UPDATE post SET member_id = (SELECT id FROM member WHERE id <> member_id)",
        "UPDATE post SET organization_id = (SELECT id FROM party_organization WHERE name = '总支')",
        "DELETE FROM post",
    ],
)
async def test_the_chair_rests_on_the_seat(town: Town, change: str) -> None:
    """Whatever takes a day of it from under the chair is refused, by whichever way."""
    await chaired(town)
    await town.organization("总支")
    await town.member("陈二")
    with pytest.raises(asyncpg.CheckViolationError) as violated:
        await town.connection.execute(f"{change} WHERE kind = 'PART_TIME_MEMBER'")
    assert violated.value.constraint_name == "post_turns_check"


async def test_what_leaves_the_chair_its_days(town: Town) -> None:
    """An end on its last day; both shortened in one transaction, in either order; a chair from before the rule."""
    seat, of = await chaired(town)
    await posts.end(town.tx, post=seat, on=JULY - ONE, reason="调离")
    for first, second in ((seat, of), (of, seat)):
        rolled_back = town.connection.transaction()
        await rolled_back.start()
        for post in (first, second):
            await town.tx.update(table, post["id"], until=JUNE, end_reason="调离")
        await town.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        await rolled_back.rollback()
    await town.connection.execute("ALTER TABLE post DISABLE TRIGGER post_turns")
    await town.connection.execute("DELETE FROM post WHERE id = $1", seat["id"])
    await town.connection.execute("ALTER TABLE post ENABLE TRIGGER post_turns")
    await town.tx.update(table, of["id"], until=JUNE, end_reason="调离")


UNFIT = {
    Standing.IN_SERVICE: (),
    Standing.RETIRED: (PostKind.PART_TIME_MEMBER,),
    Standing.RESIDENT: (PostKind.PART_TIME_MEMBER, PostKind.INSTRUCTOR),
}


@pytest.mark.parametrize("standing", list(Standing))
async def test_who_may_hold_what(town: Town, standing: Standing) -> None:
    """Part-time members are in service, instructors in service or retired; of the rest nothing is asked."""
    village, company = await town.organization("北关社区党委"), await town.company("安居物业")
    member = await town.member("林一", standing=standing)
    of_village: dict[str, Any] = {"party_organization": village, "member": member, "since": MAY}
    of_company: dict[str, Any] = {"company": company, "member": member, "since": MAY}
    last = await town.today() + days(9)
    appointing = {
        PostKind.PART_TIME_MEMBER: posts.appoint_part_time_member(town.tx, **of_village),
        PostKind.INSTRUCTOR: posts.appoint_instructor(town.tx, **of_company, until=last),
        PostKind.SECRETARY: posts.appoint_secretary(town.tx, **of_village),
        PostKind.COMPANY_LEADER: posts.appoint_company_leader(town.tx, **of_company),
        PostKind.CROSS_APPOINTMENT: posts.cross_appoint_to_organization(town.tx, **of_village),
    }
    for kind, making in appointing.items():
        if kind not in UNFIT[standing]:
            await making
            continue
        with pytest.raises(asyncpg.CheckViolationError) as violated:
            await making
        assert violated.value.constraint_name == "post_standing_check"
    # What is over does not ask for today's standing.
    over: dict[str, Any] = {"since": MAY, "until": await town.today() - ONE}
    await posts.appoint_part_time_member(
        town.tx, party_organization=await town.organization("总支"), member=member, **over
    )


async def test_who_is_in_office_keeps_the_standing(town: Town) -> None:
    """Also for a post that has yet to begin; one that is over, or of another kind, holds nobody back."""
    village, member = await town.organization("北关社区党委"), await town.member("林一")
    seat = await town.part_time(village, member, await town.today() + days(5))
    with pytest.raises(asyncpg.CheckViolationError) as violated:
        await town.tx.update(members, member["id"], standing=Standing.RETIRED)
    assert violated.value.constraint_name == "member_post_standing_check"
    await posts.cancel_post(town.tx, post=seat)
    await posts.appoint_instructor(
        town.tx, company=await town.company("安居物业"), member=member, since=MAY, until=await town.today()
    )
    await town.part_time(village, member, MAY, await town.today() - ONE)
    await town.tx.update(members, member["id"], standing=Standing.RETIRED)
    with pytest.raises(asyncpg.CheckViolationError):
        await town.tx.update(members, member["id"], standing=Standing.RESIDENT)


async def test_who_lost_the_standing_before_the_rule_leaves(town: Town) -> None:
    """A term may always be cut short, and the member renamed."""
    village, member = await town.organization("北关社区党委"), await town.member("林一")
    seat = await town.part_time(village, member)
    await town.connection.execute("ALTER TABLE member DISABLE TRIGGER member_post_standing")
    await town.tx.update(members, member["id"], standing=Standing.RETIRED)
    await town.connection.execute("ALTER TABLE member ENABLE TRIGGER member_post_standing")
    await town.tx.update(members, member["id"], name="林改")
    await posts.end(town.tx, post=seat, on=await town.today() + days(9), reason="退休")


# --- two at once ------------------------------------------------------------------------------------------------------

Command = Callable[[Town], Awaitable[object]]


async def overtaken(town: Town, first: Command, second: Command) -> str | None:
    """Each in a transaction of its own, both checked at their ends; the constraint that stops the second."""
    async with town.another() as rival:
        losing, winning = rival.connection.transaction(), town.connection.transaction()
        await losing.start()
        await winning.start()
        await first(town)
        await town.connection.execute("SELECT check_constraints()")

        async def late() -> None:
            await second(rival)
            await rival.connection.execute("SELECT check_constraints()")

        waiting = asyncio.ensure_future(late())
        await town.until_waiting(rival)
        await winning.commit()
        with pytest.raises(asyncpg.CheckViolationError) as violated:
            await waiting
        await losing.rollback()
    constraint: str | None = violated.value.constraint_name
    return constraint


async def test_ended_while_the_chair_is_given(town: Town) -> None:
    """Whichever comes first, the other waits for it and then sees it."""
    village, member = await town.organization("北关社区党委"), await town.member("林一")
    seat = await town.part_time(village, member)

    def ends(at: Town) -> Awaitable[object]:
        return posts.end(at.tx, post=seat, on=JUNE, reason="调离")

    assert await overtaken(town, ends, lambda at: chair(at, village, member)) == "post_chair_check"
    await town.connection.execute("DELETE FROM post")
    seat = await town.part_time(village, member)
    assert await overtaken(town, lambda at: chair(at, village, member), ends) == "post_turns_check"


async def test_retired_while_appointed(town: Town) -> None:
    """The same for the standing."""
    village, member = await town.organization("北关社区党委"), await town.member("林一")

    def retires(at: Town) -> Awaitable[object]:
        return at.tx.update(members, member["id"], standing=Standing.RETIRED)

    def appointed(at: Town) -> Awaitable[object]:
        return posts.appoint_part_time_member(at.tx, party_organization=village, member=member, since=MAY)

    assert await overtaken(town, retires, appointed) == "post_standing_check"
    await town.tx.update(members, member["id"], standing=Standing.IN_SERVICE)
    assert await overtaken(town, appointed, retires) == "member_post_standing_check"


# --- what is told -----------------------------------------------------------------------------------------------------


async def test_what_a_clerk_is_told(api: Api, town: Town) -> None:
    """The field and why; then the order that works: the chair is ended or cancelled before the part-time post."""
    village, member = await town.organization("北关社区党委"), await town.member("林一")
    retired, resident = [
        await town.member(name, standing=of) for name, of in (("老陈", Standing.RETIRED), ("阿明", Standing.RESIDENT))
    ]
    company = await town.company("安居物业")

    async def told(command: str, **given: Any) -> list[tuple[str, ...]]:
        found = await api.attempt(("county_admin", COUNTY), command, **given)
        return [(each["code"], *each["field"][1:]) for each in found["userErrors"]]

    of = {"partyOrganizationId": f"po_{village['id']}", "since": day(0)}
    mine = {**of, "memberId": f"mb_{member['id']}"}
    assert await told("appointRotatingChair", **mine, months=1) == [("INVALID", "memberId")]
    assert await told("appointPartTimeMember", **of, memberId=f"mb_{retired['id']}") == [("INVALID", "memberId")]
    sent = {"companyId": f"co_{company['id']}", "memberId": f"mb_{resident['id']}", "since": day(0), "until": day(9)}
    assert await told("appointInstructor", **sent) == [("INVALID", "memberId")]
    assert await told("appointInstructor", **{**sent, "memberId": f"mb_{retired['id']}"}) == []
    seat = (await api.do(ADMIN, "appointPartTimeMember", "post { id }", **mine))["post"]["id"]
    turn = (await api.do(ADMIN, "appointRotatingChair", "post { id }", **mine, months=2))["post"]["id"]
    ending = {"on": day(3), "reason": "调离"}
    assert await told("endPost", id=seat, **ending) == [("CLOSED", "on")]
    assert await told("cancelPost", id=seat) == [("CLOSED", "id")]
    person = {"id": f"mb_{member['id']}", "version": 1}
    assert await told("updateMember", **person, standing="RETIRED") == [("INVALID", "standing")]
    assert await told("endPost", id=turn, **ending) == []
    assert await told("endPost", id=seat, **ending) == []
    assert await told("updateMember", **person, standing="RETIRED") == [("INVALID", "standing")]
    assert await told("cancelPost", id=turn) == []
    assert await told("cancelPost", id=seat) == []
    assert await told("updateMember", **person, standing="RETIRED") == []
