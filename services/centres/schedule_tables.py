"""Milestones 倒排工期 of centres that are being built: counted back from a deadline, by working days."""

from collections.abc import Mapping

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    cast,
    func,
)

from services.centres.tables import centres
from services.errors import ProblemCode, Rule
from services.storage.tables import BYTEWISE, METADATA, RANGE, identified, versioned
from services.terms import today

LONGEST = 500  # working days before a deadline: two years

# `due_on` was counted when it was set, by the days as they were announced then. `reason`: why it is late.
milestones = Table(
    "milestone",
    METADATA,
    identified(),
    Column("centre_id", Uuid, nullable=False),
    Column("unit_path", BYTEWISE, nullable=False),
    Column("name", Text, nullable=False),
    Column("working_days", Integer, nullable=False, info={RANGE: (0, LONGEST)}),
    Column("due_on", Date, nullable=False),
    Column("done_on", Date),
    Column("reason", Text),
    versioned(),
    ForeignKeyConstraint(["centre_id", "unit_path"], [centres.c.id, centres.c.unit_path], onupdate="CASCADE"),
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


def days_late(due_on: ColumnElement[int], done_on: ColumnElement[int]) -> ColumnElement[int]:
    """By how many days, weekends included, it was reached too late, or is late by today; 0 for none."""
    late = func.greatest(func.coalesce(done_on, today()) - due_on, 0, type_=Integer())
    return cast(late, Integer)


def is_late(due_on: ColumnElement[int], done_on: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether it was due before today and is not reached."""
    return and_(done_on.is_(None), due_on < today())
