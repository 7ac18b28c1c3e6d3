"""Departments are entered in the register of a county, renamed and closed."""

from datetime import date
from uuid import UUID

from services.departments.tables import departments
from services.errors import ProblemCode, rejected
from services.organization.tables import OrgLevel
from services.storage.closing import lately, only_open
from services.storage.transaction import Record, Transaction
from services.storage.validation import valid


async def create(tx: Transaction, *, unit: Record, name: str) -> UUID:
    """Enter a department in the register of a county; its id."""
    if unit["level"] != OrgLevel.COUNTY:
        zh, en = "部门须登记在县级单元。", "A department is entered in the register of a county."
        raise rejected(ProblemCode.INVALID, "unit", zh, en)
    return await tx.insert(departments, unit_path=unit["path"], **valid(departments, {"name": name}))


async def rename(tx: Transaction, *, department: Record, name: str) -> UUID:
    """Give it another name; its id. Rejected once it was closed."""
    only_open(department=department)
    return await tx.update(departments, department["id"], **valid(departments, {"name": name}))


async def close(tx: Transaction, *, department: Record, on: date) -> UUID:
    """Record that it is there no more; its id."""
    only_open(department=department)
    return await tx.update(departments, department["id"], closed_on=await lately(tx, "on", on))
