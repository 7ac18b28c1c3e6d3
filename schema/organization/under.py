"""`under`: of every list of what lies in the territory, what lies in some of the units one sees."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, or_, select

from schema.kit.entities import Bind, Condition
from schema.kit.expressions import Given, Row
from schema.kit.ids import local_id
from services.errors import bad_input
from services.organization.codes import canonical
from services.organization.paths import at_or_beneath
from services.organization.tables import former_codes
from services.storage.tables import BYTEWISE, aliased

MOST = 20
TAG = "ou_"
UNDER = "限于这些单元及其下级：全局标识或代码，最多 20 个 / In one of these units or below: ids or codes, at most 20."


def under(path: str = "unit_path") -> Condition:
    """Rows whose path, in this column, lies at or below that of a unit the caller sees, by its id or code.

    A code may be a former one, or padded to twelve digits. BAD_USER_INPUT for what can be neither, and for too many.
    """
    return Condition(
        UNDER,
        _named,
        {"ids": Bind(ARRAY(Uuid()), _ids), "codes": Bind(ARRAY(BYTEWISE), _codes)},
        annotation=list[str],
        of="OrgUnit",
        on=lambda row, unit: at_or_beneath(row[path], unit.path),
    )


def _named(unit: Row, given: Given) -> Any:
    former = aliased(former_codes)
    once = select(former.c.unit_id).where(former.c.code == any_(given["codes"])).correlate_except(former)
    return or_(unit.id == any_(given["ids"]), unit.code == any_(given["codes"]), unit.id.in_(once))


def _ids(values: Sequence[str]) -> list[UUID]:
    if len(values) > MOST:
        raise bad_input(f"最多 {MOST} 个单元。", f"At most {MOST} units.")
    found = (local_id(value, "ou") for value in values if value.startswith(TAG))
    return [each for each in found if each is not None]


def _codes(values: Sequence[str]) -> list[str]:
    return [canonical(value) for value in values if not value.startswith(TAG)]
