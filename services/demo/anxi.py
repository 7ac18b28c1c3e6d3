"""安溪 in the demo: cross-appointments (S3), the property industry's line (S12, S13, S15), building captains (S14),
meetings of three parties (S16), alliances (S17).
"""

from uuid import UUID

from services.demo.alliances import Alliances
from services.demo.branches import Branch, Branches
from services.demo.captains import Captains
from services.demo.catalog import Catalog
from services.demo.companies import Company, Register, round_robin
from services.demo.compounds import Compound, Surveyed
from services.demo.county import County
from services.demo.deliberation import Deliberation
from services.demo.meetings import Meetings
from services.demo.posts import Posts, at_branch, at_community, at_company_branch
from services.demo.reports import COMPOUNDS as REPORTED
from services.demo.reports import Reports
from services.demo.visits import Visits
from services.members.tables import Standing
from services.organization.tables import PartyField, PartyKind, PartyTier, party_organizations

COMPOUNDS = 70
# How many buildings they have, in turn: 17 times 40 and another 20 are 700. Seven of them are without a captain.
BUILDINGS = (8, 12, 9, 11)
UNMANAGED = 2
BRANCHES = 30
COMPANIES = 12
LEADING_SECRETARIES = 10
INSTRUCTORS = 17
DISPATCHED_TWICE = 5
ALLIED = 2
BUREAUS = ("县住房和城乡建设局", "县市场监督管理局")


def anxi(county: County) -> None:
    """Everything of 安溪."""
    compounds = _compounds(county)
    committee = county.rows.add(
        party_organizations,
        unit_path=county.path,
        parent_id=None,
        tier=PartyTier.SECTOR,
        kind=PartyKind.COMMITTEE,
        field=PartyField.ENTERPRISE,
        name="安溪县物业行业党委",
    )
    companies = _companies(county, committee, compounds)
    branches = Branches(county.rows, county.days)
    _posts(county, committee, companies, [branches.over([compound]) for compound in compounds[:BRANCHES]])
    _instructors(county, companies)
    Catalog(county.rows, county.path).common()
    meetings = Meetings(Deliberation(county.rows, county.days, county.path))
    meetings.parking(compounds[0])
    meetings.of_compounds(compounds[2].community, compounds[2:4])
    for number, community in enumerate(county.communities[:ALLIED]):
        Alliances(county.rows, county.days).of(number, community)


def _compounds(county: County) -> list[Compound]:
    """Two in a community, with their captains, whom in the first of them residents reported something."""
    surveyed = Surveyed(county.rows, county.days)
    captains = Captains(county.rows, county.days, county.people)
    told = Reports(county.rows, county.days)
    found = []
    for number in range(COMPOUNDS):
        storeys = [6 + 5 * (place % 3) for place in range(BUILDINGS[number % len(BUILDINGS)])]
        found.append(surveyed.compound(county.communities[number // 2], number % 2 + 1, storeys))
        captains.of(number, found[-1], lambda which, last: last and which % 10 == 9)
        if number < REPORTED:
            told.of(number, found[-1])
    return found


def _companies(county: County, committee: UUID, compounds: list[Compound]) -> list[Company]:
    """Companies with compounds in turn, a few taken over from another one; two compounds have none."""
    register = Register(county.rows, county.days, county.path, county.code, committee)
    companies = [register.company(number + 1, county.communities[number].grids[-1]) for number in range(COMPANIES)]
    gone = register.closed(COMPANIES + 1)
    for number, compound in enumerate(compounds[:-UNMANAGED]):
        company = round_robin(companies, number)
        if number % 9 == 8:
            before = gone if number % 2 else round_robin(companies, number + 5).id
            register.took_over(company, before, compound)
        else:
            register.manages(company, compound, since=number)
    return companies


def _posts(county: County, committee: UUID, companies: list[Company], branches: list[Branch]) -> None:
    """Secretaries, ten of them leaders of the company that manages the compound; one was such a leader until last year.

    An eleventh leader is secretary of the company's own branch, which is no compound's.
    """
    posts = Posts(county.rows, county.days, county.people)
    posts.secretary({"organization_id": committee, "unit_path": county.path}, companies[0].grid)
    leaders = [posts.leader(company) for company in companies]
    former = posts.leader(companies[LEADING_SECRETARIES], gone=True)
    leading = dict(enumerate([*leaders[:LEADING_SECRETARIES], former]))
    for number, branch in enumerate(branches):
        posts.secretary(at_branch(branch), branch.grid, leading.get(number), second=number % 5 == 0)
    for number, company in enumerate(companies):
        own = leaders[number] if number == LEADING_SECRETARIES else None
        posts.secretary(at_company_branch(company), company.grid, own, second=number % 4 == 0)
    for number, branch in enumerate(branches[::2]):  # one in each community
        compound, turn = branch.covers[0], number * 2 % COMPANIES
        secretary = posts.secretary(at_community(compound.community), compound.grid)
        posts.cross(compound, secretary, companies[turn], leaders[turn])


def _instructors(county: County, companies: list[Company]) -> None:
    """Each dispatched to one company, the first five to two, with a log of visits; one other's dispatch is over."""
    posts, log = Posts(county.rows, county.days, county.people), Visits(county.rows, county.days)
    for number in range(INSTRUCTORS):
        grid = county.communities[number].grids[0]
        standing = Standing.RETIRED if number % 6 == 5 else Standing.IN_SERVICE
        member = county.people.member(grid, standing, employer=BUREAUS[number % 2])
        turns = (number, number + INSTRUCTORS)[: 2 if number < DISPATCHED_TWICE else 1]
        for company in (round_robin(companies, turn) for turn in turns):
            log.of(number, posts.instructor(member, company), company)
    gone = county.people.member(county.communities[0].grids[0], Standing.RETIRED)
    posts.instructor(gone, companies[0], gone=True)
