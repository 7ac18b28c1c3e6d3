"""What visits add to companies, posts and units, and to the indicators."""

from schema.kit.entities import Area, connection, edge_to, listing
from schema.kit.numbers import count
from schema.organization.under import under
from schema.visits.visits import COMMANDS, InstructorVisit
from services.organization.paths import at_or_beneath
from services.visits.tables import RULES

VISITS = "指导员的走访 / The instructors' visits."

AREA = Area(
    entities=(InstructorVisit,),
    edges={
        "PropertyCompany": {
            "visits": edge_to(
                InstructorVisit, connection(lambda company, visit: visit.company_id == company.id, VISITS)
            )
        },
        "Post": {
            "visits": edge_to(
                InstructorVisit,
                connection(
                    lambda post, visit: visit.post_id == post.id,
                    "任此指导员期间的走访 / The visits made in this post, if it is an instructor's.",
                ),
            )
        },
        "Indicators": {
            "instructor_visits": count(
                InstructorVisit,
                lambda unit, visit: at_or_beneath(visit.unit_path, unit.path),
                "登记的指导员走访 / Instructors' visits on record to companies registered there.",
            )
        },
    },
    roots={
        "instructor_visits": listing(
            InstructorVisit, "可见的全部指导员走访 / Every instructor's visit you may see.", under=under()
        )
    },
    commands=COMMANDS,
    rules=RULES,
)
