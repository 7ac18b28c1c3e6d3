"""Every table and view there is: one counts once imported, so what speaks of them all takes `METADATA` from here."""

from services.access import seats
from services.access import tables as access
from services.activities import tables as activities
from services.appointments import tables as appointments
from services.audit import tables as audit
from services.calendar import tables as calendar
from services.captains import tables as captains
from services.catalog import tables as catalog
from services.centres import look_tables as looks
from services.centres import offer_tables as offers
from services.centres import resource_tables as resources
from services.centres import schedule_tables as schedules
from services.centres import survey_tables as surveys
from services.centres import tables as centres
from services.centres import venue_tables as venues
from services.centres import walks
from services.chairs import tables as chairs
from services.deliberation import alliance_tables as alliances
from services.deliberation import day_tables as deliberation_days
from services.deliberation import dispute_tables as disputes
from services.deliberation import meeting_tables as meetings
from services.deliberation import report_tables as deliberation_reports
from services.deliberation import tables as deliberation
from services.deliberation import whistle_tables as whistles
from services.duties import helping
from services.duties import tables as duties
from services.households import tables as households
from services.members import grid_tables as grids
from services.members import tables as members
from services.organization import tables as organization
from services.points import pledge_tables as pledges
from services.points import tables as points
from services.programs import budget
from services.programs import tables as programs
from services.projects import fund_tables as funds
from services.projects import tables as projects
from services.properties import tables as properties
from services.storage.tables import METADATA
from services.visits import tables as visits

__all__ = [
    "METADATA",
    "access",
    "activities",
    "alliances",
    "appointments",
    "audit",
    "budget",
    "calendar",
    "captains",
    "catalog",
    "centres",
    "chairs",
    "deliberation",
    "deliberation_days",
    "deliberation_reports",
    "disputes",
    "duties",
    "funds",
    "grids",
    "helping",
    "households",
    "looks",
    "meetings",
    "members",
    "offers",
    "organization",
    "pledges",
    "points",
    "programs",
    "projects",
    "properties",
    "resources",
    "schedules",
    "seats",
    "surveys",
    "venues",
    "visits",
    "walks",
    "whistles",
]
