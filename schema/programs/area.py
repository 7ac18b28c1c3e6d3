"""What programs add to the units that answer for them."""

from schema.kit.entities import (
    Area,
    connection,
    edge_to,
    listing,
)
from schema.organization.under import under
from schema.programs.commands import COMMANDS
from schema.programs.programs import (
    AccessToken,
    Program,
    StoredOperation,
)
from services.organization.paths import at_or_beneath
from services.programs import issuing, operations

AREA = Area(
    entities=(Program, AccessToken, StoredOperation),
    edges={
        "OrgUnit": {
            "programs": edge_to(
                Program,
                connection(
                    lambda unit, program: at_or_beneath(program.unit_path, unit.path),
                    "本单元及所有下级的程序 / The programs of partners in this unit and all below it.",
                ),
            ),
        },
    },
    roots={
        "programs": listing(Program, "可见的全部程序 / Every program you may see.", under=under()),
        "access_tokens": listing(AccessToken, "可见的全部令牌 / Every token you may see.", under=under()),
        "stored_operations": listing(
            StoredOperation, "可见的全部存储查询 / Every stored operation you may see.", under=under()
        ),
    },
    commands=COMMANDS,
    rules={**issuing.RULES, **operations.RULES},
)
