"""The demo's posts: secretaries, company leaders, instructors, part-time members, chairs, cross-appointments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.appointments.tables import PostKind, posts
from services.demo.branches import Branch
from services.demo.companies import Company
from services.demo.compounds import Compound
from services.demo.days import DAY, Days
from services.demo.people import People
from services.demo.rows import Rows
from services.demo.territory import Community, Grid
from services.members.tables import Standing

Body = Mapping[str, object]  # the column of the body, and its path
Turn = tuple[UUID, date, date]  # in the chair: the post, its first and its last day
MONTHS = range(-6, 12)  # in which there is a rotating chair, counted from this one


@dataclass(frozen=True, slots=True)
class Posts:
    """Appoints members, most of them new ones who live in the grid of what they are appointed to."""

    rows: Rows
    days: Days
    people: People

    def secretary(self, body: Body, grid: Grid, member: UUID | None = None, *, second: bool = False) -> UUID:
        """The secretary of a party organization, a new member unless given; `second` if another was before."""
        since = self.days.year(-2, 120)
        if second:
            since = self.days.july()
            before = self.people.member(grid, Standing.RETIRED)
            self.appoint(PostKind.SECRETARY, before, body, since=self.days.year(-4), until=since - DAY)
        member = member or self.people.member(grid)
        self.appoint(PostKind.SECRETARY, member, body, since=since)
        return member

    def leader(self, company: Company, *, gone: bool = False) -> UUID:
        """A new member who leads a company, or did until last year."""
        member = self.people.member(
            company.grid, Standing.IN_SERVICE, employer=company.name, organization=company.branch
        )
        term = {"since": self.days.year(-3, 31), "until": self.days.july() - DAY if gone else None}
        self.appoint(PostKind.COMPANY_LEADER, member, at_company(company), **term)
        return member

    def instructor(self, member: UUID, company: Company, *, gone: bool = False) -> UUID:
        """A three years' dispatch that has a year to go at least, or one that is over; the post's id."""
        began, ends = (-4, -1) if gone else (-1, 2)
        term = {"since": self.days.year(began, 59), "until": self.days.year(ends, 58)}
        return self.appoint(PostKind.INSTRUCTOR, member, at_company(company), **term)

    def part_time(self, body: Body, grid: Grid) -> tuple[UUID, UUID]:
        """A new member, in service elsewhere, who sits on a committee part-time; the post and the member."""
        member = self.people.member(grid, Standing.IN_SERVICE)
        return self.appoint(PostKind.PART_TIME_MEMBER, member, body, since=self.days.year(-1, 15)), member

    def chairs(self, body: Body, turns: Sequence[UUID], months: int) -> list[Turn]:
        """The members take the chair in turn, each for so many months, also in the months to come."""
        made = []
        for number, start in enumerate(range(MONTHS.start, MONTHS.stop, months)):
            since, until = self.days.month(start), self.days.month(start + months) - DAY
            post = self.appoint(PostKind.ROTATING_CHAIR, turns[number % len(turns)], body, since=since, until=until)
            made.append((post, since, until))
        return made

    def cross(self, compound: Compound, secretary: UUID, company: Company, leader: UUID) -> None:
        """Both ways: the community's secretary into committee and company, an owner and the leader into its own."""
        # After the present committee was elected, and no longer than it.
        community, since, until = compound.community, self.days.year(-1, 200), self.days.year(4, 150) - DAY
        owner = self.people.member(compound.grid, Standing.RESIDENT)
        for member, body, last in (
            (secretary, at_committee(compound), until),
            (secretary, at_company(company), None),
            (owner, at_community(community), None),
            (leader, at_community(community), None),
        ):
            self.appoint(PostKind.CROSS_APPOINTMENT, member, body, since=since, until=last)

    def appoint(self, kind: PostKind, member: UUID, body: Body, **term: object) -> UUID:
        """One term of a post; its id."""
        return self.rows.add(posts, kind=kind, member_id=member, **body, **term)


def at_community(community: Community) -> Body:
    """The party organization of a community."""
    return {"organization_id": community.organization, "unit_path": community.place.path}


def at_grid(grid: Grid) -> Body:
    """The branch of a grid."""
    return {"organization_id": grid.organization, "unit_path": grid.place.path}


def at_branch(branch: Branch) -> Body:
    """A branch of the compound tier."""
    return {"organization_id": branch.id, "unit_path": branch.path}


def at_company(company: Company) -> Body:
    """A property company."""
    return {"company_id": company.id, "unit_path": company.path}


def at_company_branch(company: Company) -> Body:
    """The branch of a property company that has one."""
    return {"organization_id": company.branch, "unit_path": company.path}


def at_committee(compound: Compound) -> Body:
    """The owners' committee of a compound that has one."""
    return {"committee_id": compound.committee, "unit_path": compound.path}
