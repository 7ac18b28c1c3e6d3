"""Years 年历 that a county loads itself, before they are announced for all or where its own days differ."""

from collections.abc import Mapping

from sqlalchemy import ARRAY, CheckConstraint, Column, Date, ForeignKey, Integer, Table, UniqueConstraint

from services.errors import Rule
from services.organization.tables import units
from services.storage.tables import BYTEWISE, METADATA, RANGE, identified, versioned

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

RULES: Mapping[str, Rule] = {
    "calendar_year_unit_path_year_key": Rule(
        "year", "该年度已经登记，请修改。", "This year is on record here already: change it."
    ),
}
