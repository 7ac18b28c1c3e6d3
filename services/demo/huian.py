"""惠安 in the demo: compounds, their coverage (S2), posts (S3), catalog (S5, S8, S9), grids (S10), centres (S4, S6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from services.catalog.tables import AdjustmentKind, ServiceFunction
from services.demo.activities import Activities
from services.demo.alliances import Alliances
from services.demo.branches import Branch, Branches
from services.demo.captains import Captains
from services.demo.catalog import Catalog
from services.demo.centres import CENTRES, Centres
from services.demo.companies import Company, Register, round_robin
from services.demo.compounds import Compound, Surveyed
from services.demo.county import County
from services.demo.deliberation import Deliberation
from services.demo.deliberation_days import DeliberationDays
from services.demo.disputes import Disputes
from services.demo.funds import Funds
from services.demo.grids import Grids
from services.demo.looks import Looks
from services.demo.meetings import Meetings
from services.demo.needs import Needs
from services.demo.points import Points
from services.demo.posts import Posts, at_branch, at_community, at_company_branch
from services.demo.projects import Projects
from services.demo.reports import COMPOUNDS as REPORTED
from services.demo.reports import Reports
from services.demo.territory import Community
from services.demo.visits import Visits
from services.demo.whistles import Whistles
from services.members.tables import Standing

BRANCHES = 39
# How many compounds a branch covers, in turn: nine times eight and another six are 78.
SIZES = (3, 1, 2, 2)
# In every sixth community, six in all, one more compound is not covered: 84.
UNCOVERED = range(0, 36, 6)
COMPANIES = 8
CROSSED = 12
STOREYS = (6, 11, 18)
INSTRUCTORS = 4
DISPUTED = 20  # one of every so many disputes that Yongchun has
ASSIGNED = 2_709  # to the grids that became one
ON = 3  # communities with activities of neighbours and a project, some of whose members earn points
EARNING = 4  # in each
TOWNS = 12  # that have a centre, of those that were seen
TOWN, WHISTLES = "350521100", 10  # whose communities whistle
BUREAU = "县住房和城乡建设局"
# The one compound of the sixth community is a great one: ten phases and a shopping street.
GREAT, PHASES = 5, 10


@dataclass(frozen=True, slots=True)
class _Settlement:
    """A community with its compounds; `branch` covers all of them but what is in `uncovered`."""

    community: Community
    branch: Branch
    uncovered: tuple[Compound, ...]

    @property
    def compounds(self) -> tuple[Compound, ...]:
        return (*self.branch.covers, *self.uncovered)


def huian(county: County) -> None:
    """Everything of 惠安."""
    settlements = [_settle(county, number) for number in range(BRANCHES)]
    surveyed = Surveyed(county.rows, county.days)
    surveyed.closed(county.communities[1])
    surveyed.shared(settlements[1].compounds[0], county.communities[2])
    companies = _companies(county, settlements)
    _captains(county, settlements)
    _posts(county, settlements, companies)
    _instructors(county, companies)
    operated = _catalog(county)
    _centres(county, settlements, operated)
    Needs(county, operated).surveyed()
    Grids(county).assigned(ASSIGNED)
    deliberation = Deliberation(county.rows, county.days, county.path)
    meetings = Meetings(deliberation)
    meetings.to_come(deliberation.under_way(county.communities))
    meetings.of_compounds(settlements[0].community, settlements[0].compounds)
    whistling = [each for each in county.communities if each.place.path.startswith(f"{county.path}{TOWN}/")]
    Whistles(county.rows, county.days, county.path).blown(whistling, WHISTLES)
    Disputes(county.rows, county.days).among(county.communities, of=DISPUTED)
    Funds(county.rows, county.days).begun(county.communities[0])
    DeliberationDays(county.rows, county.days, deliberation).held(county.communities)
    Alliances(county.rows, county.days).of(0, county.communities[0])
    points = Points(county.rows, county.days, county.path)
    for number, community in enumerate(county.communities[:ON]):
        Activities(county).of(number, community)
        Projects(county.rows, county.days).of(number, community)
        points.earned(community.place.path, [county.people.member(community.grids[0]) for _ in range(EARNING)])


def _settle(county: County, number: int) -> _Settlement:
    community, size = county.communities[number], SIZES[number % len(SIZES)]
    surveyed, branches = Surveyed(county.rows, county.days), Branches(county.rows, county.days)
    if number == GREAT:
        covered = [surveyed.compound(community, 1, (*(STOREYS * PHASES)[:PHASES], 2), great=True)]
    else:
        covered = [surveyed.compound(community, place, _storeys(community, place)) for place in range(1, size + 1)]
    uncovered: tuple[Compound, ...] = ()
    if number in UNCOVERED:
        # Not in a grid yet, so that there are compounds directly in a community as well.
        uncovered = (surveyed.compound(community, size + 1, _storeys(community, size + 1), gridless=True),)
    if number in UNCOVERED[1:3]:
        branches.former(uncovered[0])
    return _Settlement(community, branches.over(covered, lately=number % 6 == 3), uncovered)


def _storeys(community: Community, number: int) -> tuple[int, ...]:
    """Of two to four buildings."""
    chance = crc32(f"{community.place.code}{number}".encode())
    return tuple(STOREYS[(chance + place) % 3] for place in range(2 + chance % 3))


def _companies(county: County, settlements: list[_Settlement]) -> list[Company]:
    """Companies, each with a branch but the last two; compounds in turn, a few after another company gave up."""
    register = Register(county.rows, county.days, county.path, county.code)
    companies = [
        register.company(number + 1, settlements[number].community.grids[0], branch=number < COMPANIES - 2)
        for number in range(COMPANIES)
    ]
    gone = register.closed(COMPANIES + 1)
    compounds = [compound for settlement in settlements for compound in settlement.compounds]
    for number, compound in enumerate(compounds[:-1]):  # the owners of the last one manage it themselves
        company = round_robin(companies, number)
        if number % 9 == 2:
            register.took_over(company, gone, compound)
        else:
            register.manages(company, compound, since=number)
    return companies


def _captains(county: County, settlements: list[_Settlement]) -> None:
    captains, told = Captains(county.rows, county.days, county.people), Reports(county.rows, county.days)
    compounds = [compound for settlement in settlements for compound in settlement.compounds]
    for number, compound in enumerate(compounds):
        captains.of(number, compound, lambda which, last: last and which % 3 == 0, twins=number % 5 == 1)
        if number < REPORTED:
            told.of(number, compound)
        for _ in range(2):  # who may become captain
            county.people.member(compound.grid)


def _posts(county: County, settlements: list[_Settlement], companies: list[Company]) -> None:
    posts = Posts(county.rows, county.days, county.people)
    leaders = [posts.leader(company) for company in companies]
    for company in companies:
        if company.branch:
            posts.secretary(at_company_branch(company), company.grid)
    for number, settlement in enumerate(settlements):
        posts.secretary(at_branch(settlement.branch), settlement.branch.grid, second=number % 5 == 0)
        secretary = posts.secretary(at_community(settlement.community), settlement.community.grids[0])
        if number < CROSSED:
            turn = number % COMPANIES
            posts.cross(settlement.compounds[0], secretary, companies[turn], leaders[turn])


def _instructors(county: County, companies: list[Company]) -> None:
    """Each dispatched to one company, with a log of visits."""
    posts, log = Posts(county.rows, county.days, county.people), Visits(county.rows, county.days)
    for number, company in enumerate(companies[:INSTRUCTORS]):
        member = county.people.member(company.grid, Standing.IN_SERVICE, employer=BUREAU)
        log.of(number, posts.instructor(member, company), company)


def _centres(county: County, settlements: list[_Settlement], operated: Mapping[str, UUID]) -> None:
    made = Centres(county.rows, county.days, operated, Looks(county.rows, county.days, county.path))
    for number, settlement in enumerate(settlements):
        made.lived(number, settlement.community, settlement.compounds)
    for number, (community, spot) in enumerate(_modelled(county, settlements)):
        made.centre(number, community, spot)


def _modelled(county: County, settlements: list[_Settlement]) -> list[tuple[Community, int]]:
    """Where centres are, and at which place: in the first settlements, and in a community of each further town."""
    first = {county.town(settlement.community) for settlement in settlements[: CENTRES - TOWNS + 1]}
    each = {county.town(community): community for community in reversed(county.communities)}
    away = [community for town, community in sorted(each.items()) if town not in first][: TOWNS - len(first)]
    far = [(community, BRANCHES + number) for number, community in enumerate(away)]
    one, *near = [(settlement.community, number) for number, settlement in enumerate(settlements)][: CENTRES - len(far)]
    return [one, *far, *near]


def _catalog(county: County) -> Mapping[str, UUID]:
    """The county publishes; the first town adds, leaves out and notes; its communities take up what is optional.

    The operated services, by name.
    """
    catalog = Catalog(county.rows, county.path)
    catalog.common()
    catalog.matters()
    operated, optional = catalog.operated(), catalog.optional()
    catalog.item(ServiceFunction.FOOD, "流动早餐车", withdrawn_on=county.days.year(-1, 200))
    communities = county.communities[:4]
    town = county.town(communities[0])
    catalog.item(ServiceFunction.LIVING, "古城便民驿站", at=town)
    catalog.item(ServiceFunction.OTHER, "社区广播站", at=town, opt_in=True)
    catalog.adjust(operated["普惠托育点"], AdjustmentKind.EXCLUDE, town)
    catalog.adjust(operated["长者食堂"], AdjustmentKind.NOTE, town, "周一至周五供应午餐。")
    catalog.adjust(operated["长者食堂"], AdjustmentKind.NOTE, communities[0].place.path, "午餐、晚餐均供应。")
    for number, community in enumerate(communities):
        for item in optional[: len(optional) - number]:
            catalog.adjust(item, AdjustmentKind.OPT_IN, community.place.path)
    return operated
