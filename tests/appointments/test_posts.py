"""Posts in the database: how each is filled, what is refused, and what the table refuses by itself."""

from datetime import date
from typing import Any

import asyncpg
import pytest

from services.appointments import commands as posts
from services.appointments.tables import RULES, PostKind
from services.appointments.tables import posts as table
from services.errors import ProblemCode, Refused, Rejected
from services.members.tables import members
from services.organization.tables import PartyTier, party_organizations
from services.properties.tables import companies
from services.storage.transaction import Record
from tests.captains.town import COUNTY, FIRST, SECOND, THIRD, Town, days

ADDED = """
    SELECT ($1::date + n + make_interval(months => m))::date
    FROM generate_series(0, 1460) n, generate_series(1, 3) m ORDER BY n, m
"""
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def problem(error: Rejected) -> tuple[ProblemCode, str]:
    """The one thing a command said."""
    (only,) = error.problems
    assert only.text.zh
    assert only.text.en
    return only.code, only.field


async def test_every_way_of_appointing(town: Town) -> None:
    """Kind, body, place and term of what each command makes."""
    branch = await town.organization("安居物业党支部", COUNTY, PartyTier.COMPANY)
    company = await town.company("安居物业", branch=branch)
    village = await town.organization("北关社区党委")
    committee = await town.committee(await town.compound("和平小区"), MAY, JULY)
    member, tx = await town.member("林一"), town.tx
    of_village: dict[str, Any] = {"party_organization": village, "member": member, "since": MAY}
    of_company: dict[str, Any] = {"company": company, "member": member, "since": MAY}
    ids = [
        await posts.appoint_secretary(tx, **of_village),
        await posts.appoint_part_time_member(tx, **of_village, until=JULY),
        await posts.appoint_rotating_chair(tx, **of_village, months=2),
        await posts.cross_appoint_to_organization(tx, **of_village),
        await posts.appoint_company_secretary(tx, **of_company),
        await posts.appoint_instructor(tx, **of_company, until=JULY),
        await posts.appoint_company_leader(tx, **of_company),
        await posts.cross_appoint_to_company(tx, **of_company, until=MAY),
        await posts.cross_appoint_to_committee(tx, committee=committee, member=member, since=JUNE),
    ]
    rows = [await town.row(table, made) for made in ids]
    assert [(row["kind"], row["body_id"], row["until"]) for row in rows] == [
        (PostKind.SECRETARY, village["id"], None),
        (PostKind.PART_TIME_MEMBER, village["id"], JULY),
        (PostKind.ROTATING_CHAIR, village["id"], JULY - days(1)),
        (PostKind.CROSS_APPOINTMENT, village["id"], None),
        (PostKind.SECRETARY, branch["id"], None),
        (PostKind.INSTRUCTOR, company["id"], JULY),
        (PostKind.COMPANY_LEADER, company["id"], None),
        (PostKind.CROSS_APPOINTMENT, company["id"], MAY),
        (PostKind.CROSS_APPOINTMENT, committee["id"], JULY),  # as long as the committee itself
    ]
    assert {row["unit_path"] for row in rows[:4]} == {village["unit_path"]}
    assert {row["unit_path"] for row in rows[4:8]} == {company["unit_path"]}
    assert rows[8]["unit_path"] == committee["unit_path"]


async def test_no_overlapping_secretaries(town: Town) -> None:
    """One at a time in an organization, by whichever command; the next on the day after the last day."""
    branch = await town.organization("安居物业党支部", COUNTY, PartyTier.COMPANY)
    company = await town.company("安居物业", branch=branch)
    one, two = await town.member("林一"), await town.member("陈二")
    held = await posts.appoint_company_secretary(town.tx, company=company, member=one, since=SECOND)
    for since in (FIRST, SECOND, THIRD):
        with pytest.raises(asyncpg.ExclusionViolationError) as violated:
            await posts.appoint_secretary(town.tx, party_organization=branch, member=two, since=since)
        assert violated.value.constraint_name == "post_single_excl"
    assert isinstance(RULES["post_single_excl"].refusal(), Refused)
    await posts.end(town.tx, post=await town.row(table, held), on=THIRD, reason="调动")
    with pytest.raises(asyncpg.ExclusionViolationError):
        await posts.appoint_secretary(town.tx, party_organization=branch, member=two, since=THIRD)
    await posts.appoint_secretary(town.tx, party_organization=branch, member=two, since=THIRD + days(1))
    other = await town.organization("北关社区党委")
    await posts.appoint_secretary(town.tx, party_organization=other, member=one, since=SECOND)


async def test_several_at_once_where_that_is_meant(town: Town) -> None:
    """Part-time members and instructors serve beside each other, nobody in the same post twice at once."""
    village, company = await town.organization("北关社区党委"), await town.company("安居物业")
    one, two = await town.member("林一"), await town.member("陈二")
    for member in (one, two):
        await posts.appoint_part_time_member(town.tx, party_organization=village, member=member, since=MAY)
        await posts.appoint_instructor(town.tx, company=company, member=member, since=MAY, until=JUNE)
    with pytest.raises(asyncpg.ExclusionViolationError) as violated:
        await posts.appoint_instructor(town.tx, company=company, member=one, since=JUNE, until=JULY)
    assert violated.value.constraint_name == "post_member_excl"
    assert isinstance(RULES["post_member_excl"].refusal(), Refused)
    await posts.appoint_instructor(town.tx, company=company, member=one, since=JUNE + days(1), until=JULY)


@pytest.mark.parametrize(
    ("since", "months", "until"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2028, 1, 31), 1, date(2028, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 27)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
        (date(2026, 3, 15), 2, date(2026, 5, 14)),
    ],
)
async def test_a_rotation(town: Town, since: date, months: int, until: date) -> None:
    """Months are calendar months; the days the command makes of them are those the table allows."""
    village = await town.organization("北关社区党委")
    chair: dict[str, Any] = {"party_organization": village, "member": await town.member("林一")}
    await town.part_time(village, chair["member"])
    made = await posts.appoint_rotating_chair(town.tx, **chair, since=since, months=months)
    assert (await town.row(table, made))["until"] == until
    with pytest.raises(asyncpg.ExclusionViolationError):
        await posts.appoint_rotating_chair(
            town.tx, party_organization=village, member=await town.member("陈二"), since=until, months=1
        )


async def test_months_and_days_agree(town: Town) -> None:
    """`after_months` is PostgreSQL's own addition, for every day of four years."""
    first = date(2026, 1, 1)
    found = [row[0] for row in await town.connection.fetch(ADDED, first)]
    assert found == [posts.after_months(first + days(n), months) for n in range(1461) for months in (1, 2, 3)]


@pytest.mark.parametrize("months", [0, 4, -1])
async def test_no_rotation(town: Town, months: int) -> None:
    """One to three months."""
    chair: dict[str, Any] = {
        "party_organization": await town.organization("北关社区党委"),
        "member": await town.member("林一"),
    }
    with pytest.raises(Rejected) as refused:
        await posts.appoint_rotating_chair(town.tx, **chair, since=MAY, months=months)
    assert problem(refused.value) == (ProblemCode.INVALID, "months")


async def test_a_chair_may_leave_early(town: Town) -> None:
    """With a reason, though the term falls short of a month then."""
    today = await town.today()
    chair: dict[str, Any] = {
        "party_organization": await town.organization("北关社区党委"),
        "member": await town.member("林一"),
    }
    await town.part_time(chair["party_organization"], chair["member"])
    made = await posts.appoint_rotating_chair(town.tx, **chair, since=today, months=1)
    await posts.end(town.tx, post=await town.row(table, made), on=today + days(9), reason="调离")
    ended = await town.row(table, made)
    assert (ended["until"], ended["end_reason"], ended["version"]) == (today + days(9), "调离", 2)


async def test_an_end_is_brought_forward_only(town: Town) -> None:
    """Not before the beginning, not later than it is; also where the end was planned from the start."""
    company, member = await town.company("安居物业"), await town.member("林一")
    began = await town.today()
    middle, last = began + days(20), began + days(50)
    made = await posts.appoint_instructor(town.tx, company=company, member=member, since=began, until=last)
    for on, reason, field in ((began - days(1), "调离", "on"), (last + days(1), "调离", "on"), (middle, "", "reason")):
        with pytest.raises(Rejected) as refused:
            await posts.end(town.tx, post=await town.row(table, made), on=on, reason=reason)
        assert problem(refused.value) == (ProblemCode.INVALID, field)
    assert (await town.row(table, made))["version"] == 1
    await posts.end(town.tx, post=await town.row(table, made), on=middle, reason="调离")
    assert (await town.row(table, made))["until"] == middle
    assert await posts.cancel_post(town.tx, post=await town.row(table, made))
    assert await town.connection.fetchval("SELECT count(*) FROM post") == 0


async def test_nobody_is_appointed_where_nothing_is(town: Town) -> None:
    """Closed organizations and companies, members who left, companies without a branch, committees out of term."""
    village, company, member = (
        await town.organization("党委"),
        await town.company("安居物业"),
        await town.member("林一"),
    )
    with pytest.raises(Rejected) as refused:
        await posts.appoint_company_secretary(town.tx, company=company, member=member, since=MAY)
    assert problem(refused.value) == (ProblemCode.INCOMPLETE, "company")
    for rows, row in ((party_organizations, village), (companies, company)):
        await town.tx.update(rows, row["id"], closed_on=MAY)
    closed = await town.row(party_organizations, village["id"])
    with pytest.raises(Rejected) as refused:
        await posts.appoint_secretary(town.tx, party_organization=closed, member=member, since=MAY)
    assert problem(refused.value) == (ProblemCode.CLOSED, "party_organization")
    for command in (posts.appoint_company_leader, posts.appoint_company_secretary, posts.cross_appoint_to_company):
        with pytest.raises(Rejected) as refused:
            await command(town.tx, company=await town.row(companies, company["id"]), member=member, since=MAY)
        assert problem(refused.value) == (ProblemCode.CLOSED, "company")
    await town.tx.update(members, member["id"], left_on=MAY)
    gone = await town.row(members, member["id"])
    with pytest.raises(Rejected) as refused:
        await posts.appoint_secretary(
            town.tx, party_organization=await town.organization("总支"), member=gone, since=MAY
        )
    assert problem(refused.value) == (ProblemCode.CLOSED, "member")


async def test_a_closed_branch_of_a_company(town: Town) -> None:
    """A company whose branch was closed gets no secretary."""
    branch = await town.organization("安居物业党支部", COUNTY, PartyTier.COMPANY)
    company = await town.company("安居物业", branch=branch)
    await town.tx.update(party_organizations, branch["id"], closed_on=MAY)
    with pytest.raises(Rejected) as refused:
        await posts.appoint_company_secretary(town.tx, company=company, member=await town.member("林一"), since=MAY)
    assert problem(refused.value) == (ProblemCode.CLOSED, "company")


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (MAY, None, (ProblemCode.INVALID, "since")),
        (JULY + days(1), None, (ProblemCode.CLOSED, "committee")),
        (JUNE, JULY + days(1), (ProblemCode.CLOSED, "until")),  # as a correction says
        (JULY, JUNE, (ProblemCode.INVALID, "until")),
        (date(1066, 1, 1), None, (ProblemCode.INVALID, "since")),
    ],
)
async def test_within_a_committees_term(
    town: Town, since: date, until: date | None, said: tuple[ProblemCode, str]
) -> None:
    """Nobody sits on a committee before or after it."""
    committee = await town.committee(await town.compound("和平小区"), JUNE, JULY)
    with pytest.raises(Rejected) as refused:
        await posts.cross_appoint_to_committee(
            town.tx, committee=committee, member=await town.member("林一"), since=since, until=until
        )
    assert problem(refused.value) == said


async def appointed(town: Town, kind: PostKind = PostKind.ROTATING_CHAIR) -> Record:
    """A post of two months in a party organization, put in directly, of one of its part-time members."""
    village, member = await town.organization("北关社区党委"), await town.member("林一")
    await town.part_time(village, member)
    place = {"organization_id": village["id"], "unit_path": village["unit_path"]}
    return await town.add(table, kind=kind, member_id=member["id"], **place, since=MAY, until=JULY - days(1))


AGAIN = """
    INSERT INTO post (id, kind, member_id, organization_id, unit_path, since, until)
    SELECT gen_random_uuid(), kind, other.id, post.organization_id, post.unit_path, since + 40, until + 40
    FROM post JOIN member AS other ON other.id <> member_id
"""


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("UPDATE post SET until = since - 1, kind = 'PART_TIME_MEMBER'", "post_term_check"),
        ("UPDATE post SET until = since + 29", "post_rotation_check"),  # May has 31 days
        ("UPDATE post SET since = since - 31", "post_rotation_check"),
        ("UPDATE post SET since = since - 32, end_reason = '调离'", "post_rotation_check"),
        ("UPDATE post SET until = NULL, end_reason = '调离'", "post_prolonged_check"),
        ("UPDATE post SET until = until + 1", "post_prolonged_check"),
        ("UPDATE post SET kind = 'INSTRUCTOR'", "post_place_check"),
        ("UPDATE post SET organization_id = NULL", "post_body_check"),
        (AGAIN, "post_single_excl"),
    ],
)
async def test_the_table_refuses(town: Town, change: str, constraint: str) -> None:
    """Whoever writes, with or without the commands."""
    await town.member("陈二")
    await appointed(town)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as violated:
        await town.connection.execute(f"{change} WHERE kind = 'ROTATING_CHAIR'")
    assert violated.value.constraint_name == constraint
