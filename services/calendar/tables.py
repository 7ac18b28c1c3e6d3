"""Years 年历 that a county loads itself, before they are announced for all or where its own days differ."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Integer,
    Table,
    UniqueConstraint,
    cast,
    extract,
)

from services.calendar.working import Calendar, Waiting
from services.errors import Rule
from services.organization.tables import units
from services.storage.tables import BYTEWISE, METADATA, RANGE, identified, versioned

# In a table's `info`: its rows have deadlines that may wait for a year to be loaded (`Waits`).
WAITS = "waits"


class Waits(NamedTuple):
    """The columns of after which day a deadline is still to be counted, null for one that is, and how that is done: a
    row's columns as far as its calendar knows by now.
    """

    after: tuple[str, ...]
    counted: Callable[[Calendar, Mapping[str, Any]], dict[str, Any]]


calendar_years = Table(
    "calendar_year",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("year", Integer, nullable=False, info={RANGE: (2000, 2100)}),
    Column("days_off", ARRAY(Date), nullable=False),
    Column("days_worked", ARRAY(Date), nullable=False),
    versioned(),
    CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
    UniqueConstraint("unit_path", "year"),
)


def deadline() -> tuple[Column[Any], ...]:
    """The columns of a deadline by working days: the day, or while it lies in a year nobody announced, how far it is
    counted: so many working days after which day.
    """
    return Column("due_on", Date), Column("due_after", Date), Column("due_left", Integer)


def told(due: date | Waiting) -> dict[str, Any]:
    """The same, by name, of a deadline."""
    if isinstance(due, Waiting):
        return {"due_on": None, "due_after": due.after, "due_left": due.left}
    return {"due_on": due, "due_after": None, "due_left": None}


DUE = Waits(("due_after",), lambda calendar, row: told(calendar.due(row["due_after"], row["due_left"])))


def waits_for(row: Any) -> ColumnElement[Any]:
    """The year whose working days a deadline waits for; null for none."""
    return year_after(row.due_after)


def year_after(day: Any) -> ColumnElement[Any]:
    """The year of the day after one."""
    return cast(extract("year", day + 1), Integer)


RULES: Mapping[str, Rule] = {
    "calendar_year_unit_path_year_key": Rule(
        "year", "该年度已经登记，请修改。", "This year is on record here already: change it."
    ),
}
