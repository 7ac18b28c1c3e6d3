"""What visits and reports add to companies, posts and buildings, and to the indicators."""

from sqlalchemy import and_, or_

from policies.scope import Way
from schema.kit.entities import Area, connection, edge_to, listing
from schema.kit.expressions import one_of
from schema.kit.numbers import count
from schema.organization.under import under
from schema.visits import reports, visits
from schema.visits.reports import ResidentReport, unreported
from schema.visits.visits import InstructorVisit
from services.organization.paths import at_or_beneath
from services.properties.tables import serving_within
from services.terms import on
from services.visits.tables import RULES, settled

VISITS = "指导员的走访 / The instructors' visits."

AREA = Area(
    entities=(InstructorVisit, ResidentReport),
    edges={
        "PropertyCompany": {
            "visits": edge_to(
                InstructorVisit,
                connection(lambda company, visit: visit.company_id == company.id, VISITS, alike=(Way.COMPANY,)),
            )
        },
        "Post": {
            "visits": edge_to(
                InstructorVisit,
                connection(
                    lambda post, visit: visit.post_id == post.id,
                    "任此指导员期间的走访 / The visits made in this post, if it is an instructor's.",
                    alike=(Way.COMPANY, Way.SERVES, Way.INSTRUCTOR),
                ),
            )
        },
        "Building": {
            "reports": edge_to(
                ResidentReport,
                connection(
                    lambda building, report: report.building_id == building.id,
                    "居民反映 / What residents reported to its captains.",
                    alike=(Way.COMPANY, Way.BUILDING, Way.CAPTAIN),
                ),
            )
        },
        "Indicators": {
            "instructor_visits": count(
                InstructorVisit,
                lambda unit, visit: or_(
                    at_or_beneath(visit.unit_path, unit.path), one_of(visit.company_id, serving_within(unit.path))
                ),
                "截至该日的指导员走访，所到企业登记在此或今天在此管理小区"
                " / Instructors' visits until then to companies that are registered there or manage a compound there"
                " today: those of the list whoever administers the unit sees.",
                holding=lambda visit, day: visit.visited_on <= on(day),
            ),
            "open_reports": count(
                ResidentReport,
                lambda unit, report: at_or_beneath(report.unit_path, unit.path),
                "该日尚未办结的居民反映 / Residents' reports that were not settled then.",
                holding=lambda report, day: and_(report.reported_on <= on(day), ~settled(report, on(day))),
            ),
        },
    },
    roots={
        "instructor_visits": listing(
            InstructorVisit, "可见的全部指导员走访 / Every instructor's visit you may see.", under=under()
        ),
        "resident_reports": listing(
            ResidentReport, "可见的全部居民反映 / Every resident's report you may see.", under=under()
        ),
    },
    commands={**visits.COMMANDS, **reports.COMMANDS},
    states={"strike_out_building": unreported},
    rules=RULES,
)
