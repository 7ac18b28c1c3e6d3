"""Milestones 倒排工期 of centres that are being built: counted back from a deadline, by working days."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    and_,
    cast,
    func,
    select,
)

from services.centres.tables import centres
from services.errors import ProblemCode, Rule
from services.storage.tables import METADATA, RANGE, aliased, identified, part_of, versioned
from services.terms import today

LONGEST = 500  # working days before a deadline: two years

# `due_on` was counted when it was set, by the days as they were announced then; `first_due_on` is the first of these,
# however often it is moved. `reason`: why it is late.
milestones = Table(
    "milestone",
    METADATA,
    identified(),
    *part_of(centres, "centre_id"),
    Column("name", Text, nullable=False),
    Column("working_days", Integer, nullable=False, info={RANGE: (0, LONGEST)}),
    Column("due_on", Date, nullable=False),
    Column("first_due_on", Date, nullable=False),
    Column("done_on", Date),
    Column("reason", Text),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint(f"working_days BETWEEN 0 AND {LONGEST}", name="working_days"),
    UniqueConstraint("centre_id", "name"),
    Index("milestone_centre_idx", "centre_id", "due_on"),
    Index("milestone_unit_idx", "unit_path", "id"),
)

RULES: Mapping[str, Rule] = {
    "milestone_centre_id_name_key": Rule(
        "name", "该中心已有同名节点。", "The centre has a milestone of this name already.", ProblemCode.TAKEN
    ),
}


def days_late(milestone: Any) -> ColumnElement[int]:
    """By how many days, weekends included, it was reached too late, or is late by today; 0 for none.

    Where its centre was closed before it was reached, by that day.
    """
    last = func.coalesce(milestone.done_on, _closed_on(milestone), today())
    return cast(func.greatest(last - milestone.due_on, 0, type_=Integer()), Integer)


def is_late(milestone: Any) -> ColumnElement[bool]:
    """Whether it was due before today and is not reached, of a centre that is not closed."""
    return and_(milestone.done_on.is_(None), milestone.due_on < today(), _closed_on(milestone).is_(None))


def _closed_on(milestone: Any) -> ColumnElement[Any]:
    of = aliased(centres)
    return select(of.c.closed_on).where(of.c.id == milestone.centre_id).correlate_except(of).scalar_subquery()
