"""Departments 部门: a name in the register of a county, open or closed."""

from collections.abc import Mapping

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Table, Text, UniqueConstraint, text

from services.errors import ProblemCode, Rule
from services.organization.tables import units
from services.storage.tables import BYTEWISE, METADATA, identified, numbered, versioned

departments = Table(
    "department",
    METADATA,
    identified(),
    Column("unit_path", BYTEWISE, ForeignKey(units.c.path, onupdate="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    *numbered(),
    Column("closed_on", Date),
    versioned(),
    CheckConstraint("name <> ''", name="name"),
    UniqueConstraint("id", "unit_path"),
    Index(
        "department_unit_path_folded_key",
        *("unit_path", "folded"),
        unique=True,
        postgresql_where=text("closed_on IS NULL"),
    ),
    Index("department_unit_idx", "unit_path", "id"),
)

RULES: Mapping[str, Rule] = {
    "department_unit_path_folded_key": Rule(
        "name", "本县已有同名部门。", "The county has a department of this name already.", ProblemCode.TAKEN
    ),
}
