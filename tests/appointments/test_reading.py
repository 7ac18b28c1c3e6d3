"""What may be asked about posts: any day, every direction, the numbers, and by whom."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from services.appointments import commands as posts
from services.appointments import tables
from services.appointments.tables import PostKind
from services.organization.tables import PartyTier
from services.storage.transaction import Record
from tests.captains.town import COMMUNITY, COUNTY, GRID, Town, days
from tests.writes.api import Api

ADMIN, COUNTY_ADMIN = ("community_admin", COMMUNITY), ("county_admin", COUNTY)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@dataclass
class Line:
    """A company whose leader is secretary of a compound's branch, with a branch and an instructor of its own."""

    company: Record
    branch: Record
    compound_branch: Record
    committee: Record
    leader: Record
    instructor: Record
    secretary: Record


@pytest.fixture
async def line(town: Town) -> Line:
    """Everyone in office since May; the instructor for a year."""
    branch = await town.organization("安居物业党支部", COUNTY, PartyTier.COMPANY)
    company = await town.company("安居物业", branch=branch)
    compound_branch = await town.organization("和平小区党支部", tier=PartyTier.COMPOUND)
    committee = await town.committee(await town.compound("和平小区"), MAY)
    names = ("张总", "李导", "吴书记")
    leader, instructor, secretary = [await town.member(name, COMMUNITY) for name in names]
    tx, last = town.tx, await town.today() + days(365)
    await posts.appoint_company_leader(tx, company=company, member=leader, since=MAY)
    await posts.appoint_secretary(tx, party_organization=compound_branch, member=leader, since=MAY)
    await posts.appoint_instructor(tx, company=company, member=instructor, since=MAY, until=last)
    await posts.appoint_company_secretary(tx, company=company, member=secretary, since=MAY)
    await posts.cross_appoint_to_committee(tx, committee=committee, member=secretary, since=MAY)
    return Line(company, branch, compound_branch, committee, leader, instructor, secretary)


async def test_around_a_company(api: Api, line: Line) -> None:
    """Its own secretary, leaders, instructors; each of any day."""
    query = """query($id: ID!, $day: Date) { node(id: $id) { ... on PropertyCompany {
        secretary(asOf: $day) { memberName bodyName place partyOrganization { name } }
        leaders(asOf: $day) { nodes { memberName companyLeadership { bodyName } } }
        instructors(asOf: $day) { nodes { memberName kind company { name } } }
        posts(filter: {asOf: $day}, orderBy: {field: KIND}) { totalCount nodes { kind } }
    } } }"""
    id_of = f"co_{line.company['id']}"
    found = (await api.data(COUNTY_ADMIN, query, id=id_of, day=None))["node"]
    body = {"bodyName": "安居物业党支部", "place": ["惠安县"], "partyOrganization": {"name": "安居物业党支部"}}
    assert found["secretary"] == {"memberName": "吴书记", **body}
    assert found["leaders"]["nodes"] == [{"memberName": "张总", "companyLeadership": {"bodyName": "安居物业"}}]
    instructor = {"memberName": "李导", "kind": "INSTRUCTOR", "company": {"name": "安居物业"}}
    assert found["instructors"]["nodes"] == [instructor]
    assert found["posts"] == {"totalCount": 2, "nodes": [{"kind": "INSTRUCTOR"}, {"kind": "COMPANY_LEADER"}]}
    before = (await api.data(COUNTY_ADMIN, query, id=id_of, day="2026-04-30"))["node"]
    nobody: dict[str, Any] = {"nodes": []}
    assert before == {
        "secretary": None,
        "leaders": nobody,
        "instructors": nobody,
        "posts": {"totalCount": 0, "nodes": []},
    }


async def test_around_an_organization_a_committee_a_member(api: Api, town: Town, line: Line) -> None:
    """From the other bodies, the unit and the member, which shows everything it ever held."""
    seated = await town.part_time(line.compound_branch, line.instructor, MAY, date(2026, 5, 31))
    ended = await posts.appoint_rotating_chair(
        town.tx, party_organization=line.compound_branch, member=line.instructor, since=MAY, months=1
    )
    query = """query($branch: ID!, $committee: ID!, $member: ID!) {
        branch: node(id: $branch) { ... on PartyOrganization {
            secretary { memberName unit { code } } was: secretary(asOf: "2026-04-30") { memberName }
            posts(filter: {ended: false}) { nodes { kind } }
            inMay: posts(filter: {asOf: "2026-05-31"}, orderBy: {field: KIND}) { nodes { kind } } } }
        committee: node(id: $committee) { ... on OwnersCommittee {
            posts { nodes { kind memberName bodyName ownersCommittee { name } partyOrganization { name } } } } }
        member: node(id: $member) { ... on Member { posts(orderBy: {field: KIND}) { nodes { id kind until } } } }
        orgUnit(by: {code: "350521100"}) { posts(filter: {ended: false}) { totalCount } }
    }"""
    found = await api.data(
        ("town_admin", "350521100"),
        query,
        branch=f"po_{line.compound_branch['id']}",
        committee=f"oc_{line.committee['id']}",
        member=f"mb_{line.instructor['id']}",
    )
    branch = found["branch"]
    assert (branch["secretary"], branch["was"]) == ({"memberName": "张总", "unit": {"code": COMMUNITY}}, None)
    assert branch["posts"]["nodes"] == [{"kind": "SECRETARY"}]
    kinds = ["SECRETARY", "PART_TIME_MEMBER", "ROTATING_CHAIR"]
    assert branch["inMay"]["nodes"] == [{"kind": kind} for kind in kinds]
    assert found["committee"]["posts"]["nodes"] == [
        {
            "kind": "CROSS_APPOINTMENT",
            "memberName": "吴书记",
            "bodyName": "和平小区业委会",
            "ownersCommittee": {"name": "和平小区业委会"},
            "partyOrganization": None,
        }
    ]
    # The post in the company lies in the county, which a town does not see.
    assert found["member"]["posts"]["nodes"] == [
        {"id": f"pt_{seated['id']}", "kind": "PART_TIME_MEMBER", "until": "2026-05-31"},
        {"id": f"pt_{ended}", "kind": "ROTATING_CHAIR", "until": "2026-05-31"},
    ]
    assert found["orgUnit"]["posts"]["totalCount"] == 2


async def test_filters(api: Api, line: Line, town: Town) -> None:
    """Kind, over or not, with an end by some day."""
    await town.part_time(line.compound_branch, line.secretary, MAY, date(2026, 5, 31))
    await posts.appoint_rotating_chair(
        town.tx, party_organization=line.compound_branch, member=line.secretary, since=MAY, months=1
    )
    query = """query($id: ID!, $filter: PostFilter) { node(id: $id) { ... on Member {
        posts(filter: $filter, orderBy: {field: KIND}) { nodes { kind } } } } }"""

    async def kinds(**conditions: object) -> list[str]:
        found = await api.data(COUNTY_ADMIN, query, id=f"mb_{line.secretary['id']}", filter=conditions)
        return [node["kind"] for node in found["node"]["posts"]["nodes"]]

    assert await kinds() == ["SECRETARY", "PART_TIME_MEMBER", "CROSS_APPOINTMENT", "ROTATING_CHAIR"]
    assert await kinds(kind=["SECRETARY", "INSTRUCTOR"]) == ["SECRETARY"]
    assert await kinds(ended=True) == ["PART_TIME_MEMBER", "ROTATING_CHAIR"]
    assert await kinds(ended=False) == ["SECRETARY", "CROSS_APPOINTMENT"]
    assert await kinds(until={"to": "2026-05-31"}) == ["PART_TIME_MEMBER", "ROTATING_CHAIR"]


async def test_numbers(api: Api, town: Town, line: Line) -> None:
    """Posts by kind and tier, members and bodies once each; what is over or to come does not count."""
    grid = await town.organization("第一网格党支部", GRID, PartyTier.GRID)
    village = await town.organization("北关社区党委")
    today, tx = await town.today(), town.tx
    for body, member, since, until in (
        (grid, line.leader, MAY, None),
        (grid, line.secretary, MAY, today),
        (village, line.secretary, MAY, None),
        (village, line.leader, MAY, today - days(1)),
        (village, line.instructor, today + days(1), None),
    ):
        await posts.appoint_part_time_member(tx, party_organization=body, member=member, since=since, until=until)
    other = await town.company("旧家园物业", 1)
    last = today + days(9)
    await posts.appoint_instructor(tx, company=other, member=line.instructor, since=MAY, until=last)
    query = """{ orgUnits(filter: {codePrefix: "350521"}) { nodes { code indicators {
        instructors leadersAsSecretaries posts { kind tier posts members bodies } } } } }"""
    found = (await api.data(COUNTY_ADMIN, query))["orgUnits"]["nodes"]
    numbers = {each["code"]: each["indicators"] for each in found}
    assert [tuple(row.values()) for row in numbers[COUNTY]["posts"]] == [
        ("SECRETARY", "COMPOUND", 1, 1, 1),
        ("SECRETARY", "COMPANY", 1, 1, 1),
        ("INSTRUCTOR", None, 2, 1, 2),
        ("PART_TIME_MEMBER", "VILLAGE", 1, 1, 1),
        ("PART_TIME_MEMBER", "GRID", 2, 2, 1),
        ("CROSS_APPOINTMENT", None, 1, 1, 1),
        ("COMPANY_LEADER", None, 1, 1, 1),
    ]
    assert (numbers[COUNTY]["instructors"], numbers[COUNTY]["leadersAsSecretaries"]) == (1, 1)
    assert numbers["350521101"] == {"instructors": 0, "leadersAsSecretaries": 0, "posts": []}
    # Whether a secretary leads a company the community is not told: that post is the county's.
    own = (await api.data(ADMIN, query))["orgUnits"]["nodes"]
    assert own[0]["indicators"]["leadersAsSecretaries"] == 0


SEEN = "{ posts { nodes { kind memberName } } }"


async def test_a_partner_has_no_such_field(api: Api) -> None:
    """What a program can never see is not in its schema."""
    answer = await api.ask(("partner", COUNTY), SEEN)
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def seen(api: Api, role: str, at: str) -> set[tuple[str, str]]:
    """Today's posts a seat sees."""
    found = await api.data((role, at), SEEN)
    return {(node["kind"], node["memberName"]) for node in found["posts"]["nodes"]}


async def test_who_sees_whom(api: Api, town: Town, line: Line) -> None:
    """块: a community its own posts. 条: the committee those of the line, a company its own and its branch's."""
    await posts.appoint_secretary(
        town.tx, party_organization=await town.organization("北关社区党委"), member=line.instructor, since=MAY
    )
    leader, instructor = ("COMPANY_LEADER", "张总"), ("INSTRUCTOR", "李导")
    of_branch, of_compound, of_village = (("SECRETARY", name) for name in ("吴书记", "张总", "李导"))
    crossed = ("CROSS_APPOINTMENT", "吴书记")
    everything = {leader, instructor, of_branch, of_compound, of_village, crossed}
    assert await seen(api, *COUNTY_ADMIN) == await seen(api, "auditor", COUNTY) == everything
    assert await seen(api, *ADMIN) == {of_compound, of_village, crossed}
    assert await seen(api, "property_committee", COUNTY) == {leader, instructor, of_branch, of_compound}
    assert await seen(api, "company_secretary", f"co_{line.company['id']}") == {leader, instructor, of_branch}
    assert await seen(api, "instructor", f"mb_{line.instructor['id']}") == {leader, instructor, of_branch}
    assert await seen(api, "member", f"mb_{line.secretary['id']}") == {of_branch, crossed}
    other = await town.company("旧家园物业", 1)
    for role, at in (
        ("county_admin", "350524"),
        ("community_admin", "350521100002"),
        ("property_committee", "350524"),
        ("company_secretary", f"co_{other['id']}"),
        ("instructor", f"mb_{line.leader['id']}"),
    ):
        assert await seen(api, role, at) == set(), (role, at)


async def test_an_instructors_companies_for_the_term(api: Api, town: Town, line: Line) -> None:
    """The company and its branch, today; nothing of them on the day after the last."""
    query = """query($company: ID!, $branch: ID!) {
        company: node(id: $company) { ... on PropertyCompany { name } }
        branch: node(id: $branch) { ... on PartyOrganization { name } } }"""
    rows = {"company": f"co_{line.company['id']}", "branch": f"po_{line.branch['id']}"}
    who = ("instructor", f"mb_{line.instructor['id']}")
    assert await api.data(who, query, **rows) == {"company": {"name": "安居物业"}, "branch": {"name": "安居物业党支部"}}
    await town.connection.execute("UPDATE post SET until = $1 WHERE kind = 'INSTRUCTOR'", await town.today() - days(1))
    assert await api.data(who, query, **rows) == {"company": None, "branch": None}


async def test_a_body_is_named_to_who_left_it_no_more(api: Api, town: Town) -> None:
    """A post of one's own that is over stays one's own; what it was in is told today to whom that is readable."""
    member, company = await town.member("林一"), await town.company("安居物业")
    for since, until in ((date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 3, 1), None)):
        place = {"company_id": company["id"], "unit_path": company["unit_path"], "since": since, "until": until}
        await town.add(tables.posts, kind=PostKind.COMPANY_LEADER, member_id=member["id"], **place)
    query = "{ posts(orderBy: {field: SINCE}) { nodes { bodyName } } }"
    for who, names in (
        (("member", f"mb_{member['id']}"), [None, "安居物业"]),
        (("county_admin", "350521"), ["安居物业", "安居物业"]),
    ):
        assert [post["bodyName"] for post in (await api.data(who, query))["posts"]["nodes"]] == names
