"""What a grant lacks for a right on the row asked about: each reason by itself, as values and as an order.

Of an account no seat of which has the right. So a grant that lacks neither time, seat nor right has an account that
does not count, and nothing more is asked of it: what `Missed` tests and what is told here cannot disagree.
"""

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, case, cast, false, func, literal_column, null, or_, select
from sqlalchemy.dialects.postgresql import array

from schema.kit.expressions import Row
from schema.pipeline.plan.rows import Missed
from schema.pipeline.sql.entering import enters
from schema.pipeline.sql.rows import RowSource
from services.access.tables import in_force
from services.storage.tables import aliased


def missing(rows: RowSource, missed: Missed, grant: Row) -> ColumnElement[Any]:
    """The names of what a grant lacks, the least first."""
    names = array([case((lacks, literal_column(f"'{name}'"))) for name, lacks in _lacks(rows, missed, grant).items()])
    found = func.array_remove(cast(names, ARRAY(Text())), null(), type_=ARRAY(Text()))
    empty, account = (literal_column(text, ARRAY(Text())) for text in ("'{}'", "'{ACCOUNT}'"))
    return func.coalesce(func.nullif(found, empty), account)


def distance(rows: RowSource, missed: Missed, grant: Row) -> ColumnElement[Any]:
    """How far a grant is from the right: what its role does not have counts for more than all the rest."""
    lacks = _lacks(rows, missed, grant).values()
    return sum((case((each, 2**place), else_=0) for place, each in enumerate(lacks)), literal_column("0"))


def _lacks(rows: RowSource, missed: Missed, grant: Row) -> dict[str, ColumnElement[bool]]:
    row = aliased(missed.reached.kind.entity.table, rows.named("t"))
    meets = or_(*(enters(door, grant, row.c) for door in missed.doors)) if missed.doors else false()
    answers = select(1).select_from(row).where(row.c.id == rows.bound(missed.reached.row), meets)
    return {
        "TIME": ~in_force(grant),
        "SEAT": ~answers.correlate_except(row).exists(),
        "RIGHT": grant.role.not_in(missed.roles),
    }
