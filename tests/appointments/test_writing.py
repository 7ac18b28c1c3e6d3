"""Posts through the API: each way of appointing by whoever may, what is told, and two at once."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from services.captains.tables import captain_terms
from services.organization.tables import PartyTier
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, Town, days
from tests.writes.api import Api
from tests.writes.street import day

ADMIN, COUNTY_ADMIN = ("community_admin", COMMUNITY), ("county_admin", COUNTY)
LINE = ("property_committee", COUNTY)
POST = "post { id kind memberName bodyName since until }"
MAY, JUNE, JULY = "2026-05-01", "2026-06-01", "2026-07-01"


@dataclass
class Bodies:
    """Global ids of what someone can be appointed in, and of two members."""

    village: str
    compound_branch: str
    branch: str
    company: str
    committee: str
    one: str
    two: str


@pytest.fixture
async def bodies(town: Town) -> Bodies:
    """A community's organizations and a county's company; the line knows both members as captains."""
    branch = await town.organization("安居物业党支部", COUNTY, PartyTier.COMPANY)
    company = await town.company("安居物业", branch=branch)
    committee = await town.committee(await town.compound("和平小区"), (await town.today()) - days(900))
    rows: list[tuple[str, Record]] = [
        ("po", await town.organization("北关社区党委")),
        ("po", await town.organization("和平小区党支部", tier=PartyTier.COMPOUND)),
        ("po", branch),
        ("co", company),
        ("oc", committee),
        ("mb", await town.member("林一")),
        ("mb", await town.member("陈二")),
    ]
    for _, member in rows[-2:]:
        building = await town.building(await town.compound(f"{member['name']}小区"), "1号楼")
        led = {"building_id": building["id"], "unit_path": building["unit_path"], "member_id": member["id"]}
        await town.add(captain_terms, **led, since=await town.today())
    return Bodies(*(f"{tag}_{row['id']}" for tag, row in rows))


def ways(of: Bodies) -> list[tuple[str, dict[str, Any], tuple[str, str, str, str | None]]]:
    """Every command with its input, and what comes of it."""
    village, company = {"partyOrganizationId": of.village}, {"companyId": of.company}
    committee = {"committeeId": of.committee}
    given = {"memberId": of.one, "since": MAY}
    return [
        ("appointSecretary", {**village, **given}, ("SECRETARY", "北关社区党委", MAY, None)),
        (
            "appointPartTimeMember",
            {**village, **given, "until": JULY},
            ("PART_TIME_MEMBER", "北关社区党委", MAY, JULY),
        ),
        (
            "appointRotatingChair",
            {**village, **given, "months": 1},
            ("ROTATING_CHAIR", "北关社区党委", MAY, "2026-05-31"),
        ),
        (
            "crossAppointToOrganization",
            {**village, **given, "until": None},
            ("CROSS_APPOINTMENT", "北关社区党委", MAY, None),
        ),
        ("crossAppointToCommittee", {**committee, **given}, ("CROSS_APPOINTMENT", "和平小区业委会", MAY, None)),
        ("crossAppointToCompany", {**company, **given}, ("CROSS_APPOINTMENT", "安居物业", MAY, None)),
        ("appointInstructor", {**company, **given, "until": JULY}, ("INSTRUCTOR", "安居物业", MAY, JULY)),
        ("appointCompanyLeader", {**company, **given}, ("COMPANY_LEADER", "安居物业", MAY, None)),
        ("appointCompanySecretary", {**company, **given}, ("SECRETARY", "安居物业党支部", MAY, None)),
    ]


LINES_OWN = ("crossAppointToCompany", "appointInstructor", "appointCompanyLeader", "appointCompanySecretary")


@pytest.mark.parametrize("who", [ADMIN, LINE, COUNTY_ADMIN], ids=["community", "line", "county"])
async def test_every_way(api: Api, bodies: Bodies, who: tuple[str, str]) -> None:
    """A community appoints in its own bodies, the line's committee in companies, the county in both."""
    for command, given, made in ways(bodies):
        if who == COUNTY_ADMIN or (command in LINES_OWN) == (who == LINE):
            found = (await api.do(who, command, POST, **given))["post"]
            assert (found["kind"], found["bodyName"], found["since"], found["until"]) == made
            assert found["memberName"] == "林一"
        else:
            assert await api.attempt(who, command, **given) in ("FORBIDDEN", "NOT_FOUND")


async def test_who_may(api: Api, town: Town, bodies: Bodies) -> None:
    """The line reads a compound's branch and appoints nobody in it; the rest see or read only."""
    secretary = {"partyOrganizationId": bodies.compound_branch, "memberId": bodies.one, "since": MAY}
    assert await api.attempt(LINE, "appointSecretary", **secretary) == "FORBIDDEN"
    assert await api.attempt(("auditor", COUNTY), "appointSecretary", **secretary) == "FORBIDDEN"
    assert await api.attempt(("county_admin", "350524"), "appointSecretary", **secretary) == "NOT_FOUND"
    assert await api.attempt(("company_secretary", bodies.company), "appointSecretary", **secretary) == "NOT_FOUND"
    leader = {"companyId": bodies.company, "memberId": bodies.one, "since": MAY}
    assert await api.attempt(("company_secretary", bodies.company), "appointCompanyLeader", **leader) in (
        "FORBIDDEN",
        "NOT_FOUND",
    )
    assert await town.connection.fetchval("SELECT count(*) FROM post") == 0


async def test_ended(api: Api, bodies: Bodies) -> None:
    """By whoever may end it; the term is then no longer anyone's to prolong."""
    of = {"partyOrganizationId": bodies.village, "memberId": bodies.one, "since": day(-20)}
    await api.do(ADMIN, "appointPartTimeMember", POST, **of)
    chair = {**of, "months": 3}
    post = (await api.do(ADMIN, "appointRotatingChair", POST, **chair))["post"]
    ending = {"id": post["id"], "reason": "调离"}
    assert await api.attempt(LINE, "endPost", **ending, on=day(0)) == "NOT_FOUND"
    assert await api.attempt(("member", bodies.one), "endPost", **ending, on=day(0)) == "FORBIDDEN"
    done = await api.do(ADMIN, "endPost", "post { until endReason version }", **ending, on=day(-5))
    assert done["post"] == {"until": day(-5), "endReason": "调离", "version": 2}
    longer = await api.attempt(ADMIN, "endPost", **ending, on=day(-4))
    assert [(each["code"], each["field"]) for each in longer["userErrors"]] == [("CLOSED", ["input", "on"])]


async def test_what_is_told(api: Api, town: Town, bodies: Bodies) -> None:
    """What the user can correct names the field; what someone else decided is a conflict."""

    async def told(who: tuple[str, str], command: str, **given: Any) -> Any:
        found = await api.attempt(who, command, memberId=bodies.one, **given)
        return found if isinstance(found, str) else [(each["code"], *each["field"][1:]) for each in found["userErrors"]]

    village = {"partyOrganizationId": bodies.village, "since": MAY}
    assert await told(ADMIN, "appointRotatingChair", **village, months=4) == [("INVALID", "months")]
    assert await told(ADMIN, "appointPartTimeMember", **village, until="2026-04-30") == [("INVALID", "until")]
    assert await told(ADMIN, "appointPartTimeMember", **village) == []
    assert await told(ADMIN, "appointPartTimeMember", **village) == "CONFLICT"
    without = await town.company("旧家园物业", 1)
    lone = {"companyId": f"co_{without['id']}", "since": MAY}
    assert await told(LINE, "appointCompanySecretary", **lone) == [("INCOMPLETE", "companyId")]
    early = {"committeeId": bodies.committee, "since": "2001-01-01"}
    assert await told(ADMIN, "crossAppointToCommittee", **early) == [("INVALID", "since")]
    await town.connection.execute("UPDATE property_company SET closed_on = '2026-05-01' WHERE id = $1", without["id"])
    assert await told(LINE, "appointCompanyLeader", **lone) == [("CLOSED", "companyId")]


async def test_two_at_once(api: Api, town: Town, bodies: Bodies) -> None:
    """The county to the branch, the line to the company whose branch it is: one secretary, one conflict."""
    both = [
        (COUNTY_ADMIN, "appointSecretary", {"partyOrganizationId": bodies.branch, "memberId": bodies.one}),
        (LINE, "appointCompanySecretary", {"companyId": bodies.company, "memberId": bodies.two}),
    ]
    for who, _, _ in both:
        await api.token(*who)
    outcomes = await asyncio.gather(*(api.attempt(who, of, POST, **given, since=MAY) for who, of, given in both))
    assert [found for found in outcomes if isinstance(found, str)] == ["CONFLICT"]
    assert [found["userErrors"] for found in outcomes if not isinstance(found, str)] == [[]]
    assert await town.connection.fetchval("SELECT count(*) FROM post") == 1
    assert await town.connection.fetchval("SELECT count(*) FROM audit_entry") == 1
