"""The kinds of seats there are, and what each is in the database. Whatever tells them apart derives from this list.

Another kind is a line here, a nullable column of role_grant and of the view `seat` in a migration, and a line in
`SEATED` of schema/access/seated.py; its roles are seated there by `SEATS` in policies/actor.py. See decision 17.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ForeignKey, Table

from services.departments.tables import departments
from services.members.tables import members
from services.organization.tables import units
from services.properties.tables import buildings, companies


@dataclass(frozen=True, slots=True)
class SeatKind:
    """One kind: its name, the table of what grants are seated at, the tag of its global ids, the column of a grant.

    `key` is which column of the table stands there.
    """

    name: str
    table: Table
    tag: str
    column: str
    key: str = "id"

    @property
    def is_unit(self) -> bool:
        """Whether it is the territory's: a seat with a path, and a level."""
        return self.table is units

    def made(self) -> "Column[Any]":
        """The column of a grant. A path follows the unit it is of."""
        of = self.table.c[self.key]
        return Column(self.column, of.type, ForeignKey(of, onupdate="CASCADE" if self.is_unit else None))


KINDS = (
    SeatKind("unit", units, "ou", "unit_path", key="path"),
    SeatKind("company", companies, "co", "company_id"),
    SeatKind("building", buildings, "bd", "building_id"),
    SeatKind("member", members, "mb", "member_id"),
    SeatKind("department", departments, "dp", "department_id"),
)
BY_NAME: Mapping[str, SeatKind] = {kind.name: kind for kind in KINDS}
BY_TABLE: Mapping[str, SeatKind] = {kind.table.name: kind for kind in KINDS}
BY_TAG: Mapping[str, SeatKind] = {kind.tag: kind for kind in KINDS}


def of_grant(row: Mapping[str, Any]) -> tuple[SeatKind, Any]:
    """The kind of seat of a grant, and what stands there."""
    ((kind, at),) = ((kind, row[kind.column]) for kind in KINDS if row[kind.column] is not None)
    return kind, at
