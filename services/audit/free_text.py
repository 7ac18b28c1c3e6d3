"""Where free text is kept that may name somebody: every column of it, and the path of where its row lies; and names."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Table

from services.access.tables import accounts, grants, programs, seat_path
from services.activities.tables import activities, teams
from services.appointments.tables import posts
from services.captains.tables import captain_terms
from services.catalog.tables import service_items as services
from services.centres.look_tables import looks, scores, sheets
from services.centres.offer_tables import offers
from services.centres.resource_tables import resources
from services.centres.schedule_tables import milestones
from services.centres.survey_tables import choices, surveys
from services.centres.tables import centres, facilities, operation_terms
from services.centres.venue_tables import bookings, venues
from services.chairs.tables import evaluations, themes
from services.deliberation.alliance_tables import agreements, alliance_terms, alliances, joint_meetings
from services.deliberation.day_tables import days
from services.deliberation.meeting_tables import items, meetings, minutes, places, results
from services.deliberation.report_tables import reports as deliberated
from services.deliberation.tables import matters, moves
from services.deliberation.whistle_tables import steps, whistles
from services.departments.tables import departments
from services.duties.helping import requests
from services.duties.helping import teams as help_teams
from services.duties.tables import duty_terms, profiles
from services.duties.tables import items as duties
from services.households.tables import contacts, households
from services.households.tables import visits as home_visits
from services.members.grid_tables import grid_terms
from services.members.tables import members
from services.organization.tables import party_organizations, units
from services.points.pledge_tables import pledges
from services.points.tables import claims, rules
from services.programs.tables import operations, tokens
from services.projects.fund_tables import awards, funds
from services.projects.fund_tables import entries as fund_entries
from services.projects.tables import contributions, payments, phases, projects
from services.properties.tables import buildings, companies, compounds, owners_committees
from services.properties.tables import phases as compound_phases
from services.storage.correcting import corrections
from services.visits.tables import reports, visits

# Every column of free text that may name somebody, and the path of where its row lies. Texts that a unit publishes are
# not among them: what a catalog says to everybody is for its publisher to change.
FREE_TEXT: tuple[tuple[Table, str, ColumnElement[Any]], ...] = (
    (captain_terms, "end_reason", captain_terms.c.unit_path),
    (posts, "end_reason", posts.c.unit_path),
    (grid_terms, "end_reason", grid_terms.c.unit_path),
    (duty_terms, "end_reason", duty_terms.c.unit_path),
    (corrections, "reason", corrections.c.unit_path),
    (grants, "reason", seat_path(grants.c)),
    (grants, "revoked_for", seat_path(grants.c)),
    (tokens, "revoked_for", tokens.c.unit_path),
    (visits, "done", visits.c.unit_path),
    (visits, "next_step", visits.c.unit_path),
    (reports, "text", reports.c.unit_path),
    (reports, "spot", reports.c.unit_path),
    (reports, "outcome", reports.c.unit_path),
    (themes, "title", themes.c.unit_path),
    (themes, "outcome", themes.c.unit_path),
    (evaluations, "remark", evaluations.c.unit_path),
    (contacts, "end_reason", contacts.c.unit_path),
    (home_visits, "outcome", home_visits.c.unit_path),
    (home_visits, "next_step", home_visits.c.unit_path),
    (operation_terms, "end_reason", operation_terms.c.unit_path),
    (milestones, "reason", milestones.c.unit_path),
    (looks, "remark", looks.c.unit_path),
    (scores, "remark", scores.c.unit_path),
    (offers, "drop_reason", offers.c.unit_path),
    (projects, "purpose", projects.c.unit_path),
    (projects, "proposed_by", projects.c.unit_path),
    (projects, "drop_reason", projects.c.unit_path),
    (payments, "purpose", payments.c.unit_path),
    (contributions, "text", contributions.c.unit_path),
    (awards, "purpose", awards.c.unit_path),
    (awards, "answer", awards.c.unit_path),
    (fund_entries, "purpose", fund_entries.c.unit_path),
    (fund_entries, "donor", fund_entries.c.unit_path),
    (resources, "provider", resources.c.unit_path),
    (bookings, "borrower", bookings.c.unit_path),
    (bookings, "purpose", bookings.c.unit_path),
    (bookings, "cancel_reason", bookings.c.unit_path),
    (requests, "text", requests.c.unit_path),
    (requests, "beneficiary", requests.c.unit_path),
    (requests, "outcome", requests.c.unit_path),
    (activities, "title", activities.c.unit_path),
    (activities, "venue", activities.c.unit_path),
    (activities, "cancel_reason", activities.c.unit_path),
    (teams, "kind", teams.c.unit_path),
    (claims, "text", claims.c.unit_path),
    (claims, "answer", claims.c.unit_path),
    (pledges, "text", pledges.c.unit_path),
    (pledges, "done", pledges.c.unit_path),
    (matters, "title", matters.c.unit_path),
    (matters, "detail", matters.c.unit_path),
    (moves, "reason", moves.c.unit_path),
    (meetings, "title", meetings.c.unit_path),
    (meetings, "cancel_reason", meetings.c.unit_path),
    (meetings, "missing_reason", meetings.c.unit_path),
    (items, "matter_title", items.c.unit_path),
    (items, "decided", items.c.unit_path),
    (minutes, "text", minutes.c.unit_path),
    (minutes, "reason", minutes.c.unit_path),
    (results, "what", results.c.unit_path),
    (whistles, "title", whistles.c.unit_path),
    (whistles, "detail", whistles.c.unit_path),
    (steps, "text", steps.c.unit_path),
    (days, "reason", days.c.unit_path),
    (deliberated, "text", deliberated.c.unit_path),
    (deliberated, "reason", deliberated.c.unit_path),
    (joint_meetings, "about", joint_meetings.c.unit_path),
    (agreements, "agreed", agreements.c.unit_path),
    (agreements, "done_by", agreements.c.unit_path),
    (agreements, "drop_reason", agreements.c.unit_path),
)

# Names of things, and of who runs them, may hold a person's, and so may what others said of themselves; they stay, as
# the trail has them, and are counted so that somebody looks at them: the column, and the path of where its row lies.
# Programs are named by their accounts.
NAMED: tuple[tuple[Column[Any], ColumnElement[Any]], ...] = (
    (units.c.name, units.c.path),
    *((table.c.name, table.c.unit_path) for table in (accounts, departments, party_organizations, operations)),
    *((table.c.name, table.c.unit_path) for table in (compounds, compound_phases, buildings, owners_committees)),
    *((table.c.name, table.c.unit_path) for table in (companies, households, funds, projects, phases)),
    *((table.c.name, table.c.unit_path) for table in (centres, facilities, venues, resources, milestones, offers)),
    *((table.c.name, table.c.unit_path) for table in (sheets, surveys, choices, services, rules, duties)),
    *((table.c.name, table.c.unit_path) for table in (places, alliances, alliance_terms, teams, help_teams)),
    *((table.c.operator, table.c.unit_path) for table in (operation_terms, services)),
    (programs.c.agency, programs.c.unit_path),
    (members.c.employer, members.c.unit_path),
    *((said, profiles.c.unit_path) for said in (profiles.c.occupation, profiles.c.skills, profiles.c.wishes)),
)

# What clients change on the version of the row it is part of: the column that names that row.
UNDER: Mapping[Table, Column[Any]] = {minutes: minutes.c.meeting_id}
