"""What departments add to units."""

from schema.departments.departments import COMMANDS, Department
from schema.kit.entities import Area, connection, edge_to, listing
from schema.organization.under import under
from services.departments.tables import RULES
from services.organization.paths import at_or_beneath

AREA = Area(
    entities=(Department,),
    edges={
        "OrgUnit": {
            "departments": edge_to(
                Department,
                connection(
                    lambda unit, department: at_or_beneath(department.unit_path, unit.path),
                    "本单元及所有下级的部门 / The departments of this unit and all below it.",
                ),
            )
        }
    },
    roots={"departments": listing(Department, "可见的全部部门 / Every department you may see.", under=under())},
    commands=COMMANDS,
    rules=RULES,
)
