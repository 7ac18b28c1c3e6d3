"""永春 in the demo: concurrent-membership branches (S2), part-time committee members and rotating chairs (S22), members
who report to their grids (S18), their households and the four visits (S20), home days and points (S21), matters and
the days on which these are deliberated (S23), whistles (S24), projects and disputes (S27), a neighbour fund (S26).
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.demo.activities import Activities
from services.demo.branches import Branches
from services.demo.captains import Captains
from services.demo.catalog import Catalog
from services.demo.chairs import Chairs
from services.demo.companies import Register, round_robin
from services.demo.compounds import Compound, Surveyed
from services.demo.county import County
from services.demo.deliberation import Deliberation, Titled
from services.demo.deliberation_days import DeliberationDays
from services.demo.disputes import Disputes
from services.demo.duties import Duties
from services.demo.funds import Funds
from services.demo.grids import Grids
from services.demo.helping import Helping
from services.demo.households import Door, Households
from services.demo.points import Points
from services.demo.posts import Body, Posts, at_branch, at_community, at_grid
from services.demo.projects import NEIGHBOUR, PUBLIC, Projects
from services.demo.whistles import Whistles
from services.organization.tables import PartyKind

COMPOUNDS = 12
COMPANIES = 3
COMMITTEES, ON_COMMITTEES = 24, 95
GRID_BRANCHES, ON_GRID_BRANCHES = 67, 213
REPORTED = 4_833  # in service, all of them


def yongchun(county: County) -> None:
    """Everything of 永春."""
    compounds = _compounds(county)
    deliberation = Deliberation(county.rows, county.days, county.path)
    _part_time(county, deliberation.among(county.communities, compounds))
    Grids(county).reported(REPORTED)
    for number, community in enumerate(county.communities[:COMPOUNDS]):
        Activities(county).of(number, community)
    Catalog(county.rows, county.path).common()
    Whistles(county.rows, county.days, county.path).blown(county.communities)
    deliberated = DeliberationDays(county.rows, county.days, deliberation)
    deliberated.held(county.communities)
    deliberated.reported(county.communities)
    Disputes(county.rows, county.days).among(county.communities)


def _compounds(county: County) -> Mapping[str, Compound]:
    """One in a community, by whose path: each with a branch, a company and, in the first building, a captain.

    The first has a neighbour fund.
    """
    surveyed, branches = Surveyed(county.rows, county.days), Branches(county.rows, county.days)
    captains = Captains(county.rows, county.days, county.people)
    posts = Posts(county.rows, county.days, county.people)
    register = Register(county.rows, county.days, county.path, county.code)
    companies = [register.company(number + 1, county.communities[number].grids[0]) for number in range(COMPANIES)]
    made: dict[str, Compound] = {}
    for number, community in enumerate(county.communities[:COMPOUNDS]):
        compound = made[community.place.path] = surveyed.compound(community, 1, (6, 11))
        branch = branches.over([compound], PartyKind.CONCURRENT_BRANCH)
        posts.secretary(at_branch(branch), branch.grid)
        register.manages(round_robin(companies, number), compound)
        captains.of(number, compound, lambda _, last: last)
        if number == 0:
            Funds(county.rows, county.days).of(compound)
    return made


def _part_time(county: County, carried: Mapping[Titled, UUID]) -> None:
    """95 members in 24 community committees, who take the chair in turn, and 213 in the first 67 of their grids.

    What chairs plan is on record, and how they were evaluated; all of them chose service posts (S19), those on
    committees are in help teams as well (S25). Those in the grids keep contact with ten households each (S20).
    What they did earned them points.
    """
    duties = Duties(county.rows, county.days)
    duties.listing(county.path)
    posts, chairs = Posts(county.rows, county.days, county.people), Chairs(county.rows, county.days)
    proposers: list[tuple[Body, UUID]] = []
    themes: dict[Titled, UUID] = {}
    found = [community for community in county.communities if community.kind is PartyKind.COMMITTEE][:COMMITTEES]
    for number, (community, size) in enumerate(zip(found, _shares(ON_COMMITTEES, COMMITTEES), strict=True)):
        body = at_community(community)
        posts.secretary(body, community.grids[0])
        seats = [posts.part_time(body, community.grids[seat]) for seat in range(size)]
        proposers += [(body, post) for post, _ in seats]
        turns = [member for _, member in seats]
        duties.needed(number, community)
        for grid, member in zip(community.grids, turns, strict=False):
            duties.taken(community, grid, [member])
        Helping(county.rows, county.days).of(number, community, turns)
        planned = chairs.planned(number, body, posts.chairs(body, turns, months=1 + number % 3))
        themes |= {(community.place.path, title): theme for title, theme in planned.items()}
        chairs.evaluated(number, body)
    _projects(county, proposers, Projects(county.rows, county.days, carried, themes))
    homes, doors = Households(county.rows, county.days), list[Door]()
    points = Points(county.rows, county.days, county.path)
    grids = [(community, grid) for community in found for grid in community.grids][:GRID_BRANCHES]
    for (community, grid), size in zip(grids, _shares(ON_GRID_BRANCHES, GRID_BRANCHES), strict=True):
        members = [posts.part_time(at_grid(grid), grid)[1] for _ in range(size)]
        duties.taken(community, grid, members)
        doors += homes.of(grid, members)
        points.earned(grid.place.path, members)
    homes.visited(doors)


def _projects(county: County, proposers: Sequence[tuple[Body, UUID]], made: Projects) -> None:
    """528 for the public, in all communities, and 81 which part-time members proposed, the first of them (S27)."""
    for number in range(PUBLIC):
        made.of(number, county.communities[number % len(county.communities)])
    for number, (body, post) in enumerate(proposers[:NEIGHBOUR]):
        made.neighbours(number, body, post)


def _shares(total: int, among: int) -> list[int]:
    """A total divided as evenly as can be."""
    return [total // among + (number < total % among) for number in range(among)]
