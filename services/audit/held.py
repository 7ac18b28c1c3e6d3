"""The lists of what is held on a person: each with what it tells, whose it is, and as what its rows are read.

What is of units holds no more than whoever asks may read there: a list is not without saying as which entities.

Long because it has one short statement for each thing that is held on a person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, Text, func, or_, select

from services.access.tables import accounts
from services.activities.tables import activities, attendances, sign_ups, teams
from services.appointments.tables import body_name, posts
from services.audit.tables import changes, contact_reads, entries
from services.captains.tables import building_name, captain_terms, compound_name
from services.chairs.tables import themes
from services.deliberation.tables import matters
from services.duties.helping import requests, team_name, team_terms
from services.duties.tables import duty_terms, of_item
from services.households.tables import contacts
from services.households.tables import visits as home_visits
from services.members.grid_tables import grid_terms
from services.organization.paths import place
from services.organization.tables import party_organizations
from services.points.pledge_tables import appraisals, pledges
from services.points.tables import claims, rule_name
from services.points.tables import entries as points
from services.projects.tables import projects
from services.properties.tables import companies, name_in
from services.storage.correcting import corrections
from services.storage.tables import aliased
from services.visits.tables import visits

Readable = Callable[[str, Any], ColumnElement[bool]]
"""Which rows of an entity, by its name and their columns, whoever asks may read."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of the export: its rows, by whose they are, and as which entities those of its tables are read.

    What leads from a row to the person is read like the row: a project that may be read does not tell who proposed it
    to whom the post is hidden.
    """

    of: Callable[[UUID], Select[Any]]
    read: Mapping[str, Table]

    def seen(self, member: UUID, readable: Readable) -> Select[Any]:
        """Of a member's rows those that may be read."""
        return self.of(member).where(*(readable(entity, table.c) for entity, table in self.read.items()))


def corrections_of(member: UUID) -> Select[Any]:
    """The ids of the corrections of what was a person's captaincy, post or duty then, and of what they entered as such.

    Whose it was, the trail tells: a correction of days names nobody, and the term may be gone, or another's, by now.
    """
    said, change, held = corrections.c, changes.c, posts.c
    entered = change.before["post_id"].astext.in_(select(held.id.cast(Text())).where(held.member_id == member))
    theirs = or_(_holder(said, change) == str(member), change.after[HOLDER].astext == str(member), entered)
    once = select(change.id).where(change.entry_id == said.entry_id, change.row_id == said.row_id)
    own = said.row_id == member  # why their data were restricted
    return select(said.id).where(or_(own, once.where(theirs).correlate(corrections).exists()))


HOLDER = "member_id"


def _holder(said: Any, change: Any) -> ColumnElement[Any]:
    """Whose the corrected row was before a change of it: by that change, the last before, the next one, or the row."""
    other = aliased(changes)
    told = select(other.c.after[HOLDER].astext).where(other.c.row_id == said.row_id, other.c.id < change.id)
    last = told.where(other.c.after.has_key(HOLDER)).order_by(other.c.id.desc()).limit(1)
    kept = select(other.c.before[HOLDER].astext).where(other.c.row_id == said.row_id, other.c.id > change.id)
    after = kept.where(other.c.before.has_key(HOLDER)).order_by(other.c.id).limit(1)
    now = [
        select(of.c.member_id.cast(Text())).where(of.c.id == said.row_id)
        for of in (captain_terms, posts, grid_terms, duty_terms, team_terms, points)
    ]
    others = (each.correlate_except(other).scalar_subquery() for each in (last, after))
    rows = (each.correlate(corrections).scalar_subquery() for each in now)
    return func.coalesce(change.before[HOLDER].astext, *others, *rows)


# --- the lists --------------------------------------------------------------------------------------------------------


def _captaincies() -> Select[Any]:
    held = captain_terms.c
    where = (building_name(held.building_id).label("building"), compound_name(held.building_id).label("compound"))
    return select(*where, held.since, held.until, held.end_reason).order_by(held.since, held.id)


def _grids() -> Select[Any]:
    """The grids somebody reported or was assigned to."""
    held = grid_terms.c
    told = (place(held.unit_path).label("grid"), held.kind, held.channel, held.since, held.until, held.end_reason)
    return select(*told).order_by(held.since, held.id)


def _posts() -> Select[Any]:
    held = posts.c
    return select(held.kind, body_name(held).label("body"), held.since, held.until, held.end_reason).order_by(
        held.since, held.id
    )


def _duties() -> Select[Any]:
    held = duty_terms.c
    of = (of_item(held.item_id, "name").label("duty"), of_item(held.item_id, "category").label("category"))
    return select(*of, held.since, held.until, held.end_reason).order_by(held.since, held.id)


def _in_teams() -> Select[Any]:
    held = team_terms.c
    told = (team_name(held.team_id).label("team"), held.since, held.until)
    return select(*told).order_by(held.since, held.id)


def _helped() -> Select[Any]:
    """That somebody helped, when and how long; what it was and for whom is the other's."""
    done = requests.c
    return select(done.kind, done.asked_on, done.closed_on, done.minutes).order_by(done.asked_on, done.id)


def _visits() -> Select[Any]:
    """That somebody was at a company as its instructor; what they did there is the company's and its readers'."""
    made = visits.c
    told = (name_in(companies, made.company_id).label("company"), made.visited_on)
    return select(*told).join(posts, posts.c.id == made.post_id).order_by(made.visited_on, made.id)


def _themes() -> Select[Any]:
    """What somebody planned in the chair of an organization."""
    made = themes.c
    told = (name_in(party_organizations, made.organization_id).label("party_organization"), made.title)
    days = (made.planned_on, made.held_on, made.status)
    return select(*told, *days).join(posts, posts.c.id == made.post_id).order_by(made.planned_on, made.id)


def _projects() -> Select[Any]:
    """The projects somebody proposed in a post; what became of them is their unit's."""
    made = projects.c
    told = (place(made.unit_path).label("place"), made.name, made.purpose, made.proposed_on)
    return select(*told).join(posts, posts.c.id == made.post_id).order_by(made.proposed_on, made.id)


def _suggestions(member: UUID) -> Select[Any]:
    """What somebody suggested, as it reads now. The matter does not tell whose it was: the entry does that made it."""
    made, change, entry = matters.c, changes.c, entries.c
    told = (place(made.unit_path).label("place"), made.title, made.detail, made.proposed_on)
    suggested = (entry.command == "suggestMatter", entry.target_id == member, change.before.is_(None))
    found = select(*told).join(changes, change.row_id == made.id).join(entries, entry.id == change.entry_id)
    return found.where(*suggested).order_by(made.proposed_on, made.id)


def _contacts() -> Select[Any]:
    """That somebody kept contact with a household, and where that lies; which one it is, is the household's."""
    held = contacts.c
    told = (place(held.unit_path).label("place"), held.since, held.until, held.end_reason)
    return select(*told).order_by(held.since, held.id)


def _home_visits() -> Select[Any]:
    """That somebody came to a household, when and for which of the four visits; what came of it is that one's."""
    made = home_visits.c
    told = (place(made.unit_path).label("place"), made.kind, made.visited_on)
    return select(*told).order_by(made.visited_on, made.id)


def _at_activities(table: Table, *more: Any) -> Select[Any]:
    """What somebody signed up for or came to, and when they did."""
    of, it = table.c, activities.c
    told = (place(of.unit_path).label("place"), it.title, it.begins_at, of.at, *more)
    return select(*told).join(activities, it.id == of.activity_id).order_by(of.at, of.id)


def _teams() -> Select[Any]:
    """The residents' teams somebody is asked about."""
    of = teams.c
    return select(place(of.unit_path).label("place"), of.name, of.kind, of.closed_on).order_by(of.unit_path, of.id)


PLEDGED = (pledges.c.year, pledges.c.text, pledges.c.done, pledges.c.status)
APPRAISED = (appraisals.c.year, appraisals.c.grade)


def _claims() -> Select[Any]:
    """What somebody claimed points for, and what was said to that."""
    made = claims.c
    told = (rule_name(made.rule_id).label("rule"), made.done_on, made.times, made.text, made.status, made.answer)
    return select(*told).order_by(made.done_on, made.id)


def _points() -> Select[Any]:
    """The points somebody earned, and what was put right of them."""
    made = points.c
    told = (rule_name(made.rule_id).label("rule"), made.points, made.earned_on, made.recorded_on)
    return select(*told).order_by(made.earned_on, made.recorded_on, made.id)


def _corrections(member: UUID) -> Select[Any]:
    """Why their terms, and what they entered, were corrected or struck out."""
    said, entry = corrections.c, entries.c
    told = select(entry.at, entry.command, said.reason).select_from(corrections).outerjoin(entries)
    return told.where(said.id.in_(corrections_of(member))).order_by(entry.at, said.id)


def _reads() -> Select[Any]:
    entry = entries.c
    found = select(entry.at, name_in(accounts, entry.account_id).label("by"), entry.operation, entry.request_id)
    joined = found.join(contact_reads, contact_reads.c.entry_id == entry.id)
    return joined.order_by(entry.at.desc(), entry.id)


def _of(member: Any, rows: Select[Any], **read: Table) -> Listed:
    """The rows whose member is in this column."""
    return Listed(lambda whose: rows.where(member == whose), read)


# What is of units is read as it is there; the member's row and profile are theirs alone and go where they go.
LISTS: Mapping[str, Listed] = {
    "captaincies": _of(captain_terms.c.member_id, _captaincies(), CaptainAssignment=captain_terms),
    "grids": _of(grid_terms.c.member_id, _grids(), GridTerm=grid_terms),
    "posts": _of(posts.c.member_id, _posts(), Post=posts),
    "duties": _of(duty_terms.c.member_id, _duties(), DutyTerm=duty_terms),
    "helpTeams": _of(team_terms.c.member_id, _in_teams(), HelpTeamMember=team_terms),
    "helpRequests": _of(requests.c.member_id, _helped(), HelpRequest=requests),
    "visits": _of(posts.c.member_id, _visits(), InstructorVisit=visits, Post=posts),
    "themes": _of(posts.c.member_id, _themes(), ChairTheme=themes, Post=posts),
    "projects": _of(posts.c.member_id, _projects(), Project=projects, Post=posts),
    "suggestions": Listed(_suggestions, {"Matter": matters, "AuditEntry": entries}),
    "householdContacts": _of(contacts.c.member_id, _contacts(), HouseholdContact=contacts),
    "homeVisits": _of(home_visits.c.member_id, _home_visits(), HomeVisit=home_visits),
    "signUps": _of(sign_ups.c.member_id, _at_activities(sign_ups, sign_ups.c.status), ActivitySignUp=sign_ups),
    "attendances": _of(attendances.c.member_id, _at_activities(attendances), ActivityAttendance=attendances),
    "residentsTeams": _of(teams.c.member_id, _teams(), ResidentsTeam=teams),
    "pointClaims": _of(claims.c.member_id, _claims(), PointClaim=claims),
    "points": _of(points.c.member_id, _points(), PointEntry=points),
    "pledges": _of(pledges.c.member_id, select(*PLEDGED).order_by(pledges.c.year), Pledge=pledges),
    "appraisals": _of(appraisals.c.member_id, select(*APPRAISED), Appraisal=appraisals),
    "corrections": Listed(_corrections, {"Correction": corrections}),
    "contactReads": _of(contact_reads.c.member_id, _reads(), ContactRead=contact_reads),
}
# Named whatever there is, for who counts is told round numbers.
WITHHELD = [*LISTS, "accounts", "auditEntries"]
