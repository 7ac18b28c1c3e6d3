"""Random rows for any table, valid by what the table declares: types, keys, uniqueness, checks.

What a table's declaration does not say in a form that can be read here (the exclusion constraints and a few checks)
stands in small tables at the end, by column. Dates lie around today, mostly just before or after it, so that terms are
past, present and to come, and end or begin on the very day.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint

from services.storage.tables import VIEW
from tests.oracle.columns import BEGAN, DAYS, VALUES, Row, called
from tests.oracle.fitting import RESTS_ON, RULES, WANTED

UNREAD = ("cut_id", "moved_id", "came_from_id")  # what a term ended, or came after: nobody reads it
TRIES = 12  # how often a row is drawn anew where it is not the only one of its kind


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: the table it leads to, its columns with those they equal, and which of them may be NULL."""

    table: str
    pairs: Sequence[tuple[str, str]]
    nullable: Sequence[str]


@dataclass(frozen=True, slots=True)
class Draw:
    """Where values come from: chance, today, and the rows there are by now, by table."""

    random: Random
    today: date
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: Table, count: int) -> None:
        """So many more rows of a table, or fewer where no other would be valid."""
        for _ in range(count):
            found = (self._with_what_it_rests_on(table) for _ in range(TRIES))
            rows = next((rows for rows in found if rows and all(self._fits(table, row) for row in rows)), ())
            if rows:
                self.rows.setdefault(table.name, []).extend(rows)

    def _with_what_it_rests_on(self, table: Table) -> Sequence[Row]:
        row = self.row(table)
        below = row and table.name in RESTS_ON and RESTS_ON[table.name](self, row)
        return [each for each in (below, row) if each]

    def row(self, table: Table) -> Row | None:
        """A row that is valid by itself; None where it needs another that is not there."""
        row: Row = dict.fromkeys(self._left_out(table))
        if not all(self._refer(key, row) for key in _references(table)):
            return None
        for column in _given(table):
            if column.name not in row:
                row[column.name] = self._value(column, row)
        return {**row, **{name: of(row) for name, of in COMPUTED.get(table.name, {}).items()}}

    def one(self, choices: Sequence[Any]) -> Any:
        """One of these, the first ones more often: few rows with many others."""
        return self.random.choice(choices[: self.random.choice((1, 2, 5, 1000))])

    def day(self) -> date:
        """A day around today."""
        return self.today + timedelta(days=self.random.choice(DAYS))

    # --- references ---

    def _left_out(self, table: Table) -> list[str]:
        """Of columns of which exactly one has a value, the others."""
        left: list[str] = []
        for names in _alternatives(table):
            one = self.random.choice(names)
            left += [name for name in names if name != one]
        return left

    def _refer(self, key: Reference, row: Row) -> bool:
        """Give the columns of a foreign key the values of a row it may refer to."""
        known = [(to, row[own]) for own, to in key.pairs if own in row]
        if any(value is None for _, value in known):
            return True
        others = self.rows.get(key.table, [])
        first = tuple(own for own, _ in key.pairs[:2])
        others = list(filter(WANTED[first], others)) if first in WANTED else others
        met = [other for other in others if all(other[to] == value for to, value in known)] if known else others
        unread = any(name in UNREAD for name in key.nullable)
        if key.nullable and (unread or not met or self.random.random() < 0.3):
            row.update(dict.fromkeys(key.nullable))
        elif met:
            other = self.one(self._near(met, row))
            row.update({own: other[to] for own, to in key.pairs})
        return bool(key.nullable or met)

    def _near(self, others: list[Row], row: Row) -> list[Row]:
        """Mostly those in the same place or on the way to it."""
        path = row.get("unit_path")
        if path is None or self.random.random() < 0.3:
            return others
        return [other for other in others if path.startswith(other.get("unit_path") or "-")] or others

    # --- values ---

    def _value(self, column: Column[Any], row: Row) -> Any:
        made = VALUES.get(f"{column.table.name}.{column.name}") or VALUES.get(column.name)
        if made is not None:
            return made(self, row)
        rarely = column.name.endswith("_on")  # closed, left, withdrawn: most rows are none of it
        if column.nullable and self.random.random() < (0.7 if rarely else 0.3):
            return None
        return self._of_type(column)

    def _of_type(self, column: Column[Any]) -> Any:
        random = self.random
        match column.type:
            case Uuid():
                return UUID(int=random.getrandbits(128), version=4)
            case Enum() as type_:
                return random.choice(type_.enums)
            case Boolean():
                return random.random() < 0.5
            case Integer():
                return random.choice((0, 1, 2, 3, 59, 60, 79, 80, 100))
            case Date():
                return self.day()
            case DateTime():
                return BEGAN + timedelta(seconds=random.randint(0, 10**6), microseconds=random.choice((0, 120, 10**5)))
            case LargeBinary():
                return random.randbytes(8)
            case JSONB():
                return random.choice(("{}", '{"name": "新"}'))
            case Text():
                return called(random)
        raise NotImplementedError(f"a value for {column}")

    # --- what no two rows share ---

    def _fits(self, table: Table, row: Row) -> bool:
        others = self.rows.get(table.name, [])
        if any(_alike(row, others, names) for names in _unique(table)):
            return False
        if table.name in RULES and not RULES[table.name](self, row):
            return False
        apart = APART.get(table.name, ())
        return not any(_overlap(row, other) for names in apart for other in _alike(row, others, names))


def made_by_the_database(column: Column[Any]) -> bool:
    """Whether a column is computed or counted."""
    return column.computed is not None or column.identity is not None


def is_view(table: Table) -> bool:
    """Whether a table of the metadata is a view."""
    return bool(table.info.get(VIEW))


@cache
def _references(table: Table) -> Sequence[Reference]:
    """The foreign keys of a table, those of more columns first."""
    keys = [each for each in table.constraints if isinstance(each, ForeignKeyConstraint)]
    return [_reference(key) for key in sorted(keys, key=lambda key: (-len(key.column_keys), key.column_keys))]


def _reference(key: ForeignKeyConstraint) -> Reference:
    pairs = [(element.parent.name, element.column.name) for element in key.elements]
    own = [element.parent for element in key.elements]
    nullable = [column.name for column in own if column.nullable and not _alternative(column)]
    return Reference(key.referred_table.name, pairs, nullable)


@cache
def _given(table: Table) -> Sequence[Column[Any]]:
    return [column for column in table.columns if not made_by_the_database(column)]


@cache
def _alternatives(table: Table) -> list[list[str]]:
    """Columns of which exactly one has a value, by the checks that say so."""
    checks = (str(each.sqltext) for each in table.constraints if isinstance(each, CheckConstraint))
    found = (re.fullmatch(r"num_nonnulls\((.*)\) = 1", check) for check in checks)
    return [each[1].split(", ") for each in found if each]


def _alternative(column: Column[Any]) -> bool:
    return any(column.name in names for names in _alternatives(column.table))


@cache
def _unique(table: Table) -> list[tuple[str, ...]]:
    kinds = UniqueConstraint | PrimaryKeyConstraint | ExcludeConstraint
    declared = [each for each in table.constraints if isinstance(each, kinds)]
    # Of entries of points, which may be several for a claim, see `fitting`.
    indexes = [index for index in table.indexes if index.unique and index.name != "point_entry_granted_key"]
    return [tuple(column.name for column in each.columns) for each in (*declared, *indexes)]


def _alike(row: Row, others: Sequence[Row], names: Sequence[str]) -> Sequence[Row]:
    """Those of others with the same values, as a unique constraint sees it: NULL is like nothing."""
    values = [(name, row.get(name)) for name in names]
    if any(value is None for _, value in values):
        return ()
    (first, one), *more = values
    found = [other for other in others if other.get(first) == one]
    return [other for other in found if all(other.get(name) == value for name, value in more)] if more else found


def _overlap(row: Row, other: Row) -> bool:
    return all(one["until"] is None or one["until"] >= two["since"] for one, two in ((row, other), (other, row)))


# --- what the declarations do not say ---------------------------------------------------------------------------------


def path_of(unit: Row) -> str:
    """The path PostgreSQL will compute."""
    return f"{unit['parent_path'] or ''}{unit['code']}/"


def _body(post: Row) -> UUID:
    found: UUID = post["organization_id"] or post["company_id"] or post["committee_id"]
    return found


def _single(post: Row) -> tuple[str, UUID] | None:
    return (post["kind"], _body(post)) if post["kind"] in ("SECRETARY", "ROTATING_CHAIR") else None


# What the database computes and others refer to or are kept apart by. `single` and `led` are no columns, nor written.
COMPUTED: Mapping[str, Mapping[str, Callable[[Row], Any]]] = {
    "org_unit": {"path": path_of},
    "post": {"body_id": _body, "single": _single},
    "alliance_term": {"led": lambda term: term["alliance_id"] if term["role"] == "LEAD" else None},
}
# Columns by which terms may not overlap: the exclusion constraints.
APART: Mapping[str, Sequence[tuple[str, ...]]] = {
    "management_contract": [("compound_id",)],
    "owners_committee": [("compound_id",)],
    "branch_coverage": [("compound_id",)],
    "compound_sharing": [("compound_id", "sharer_path")],
    "captain_term": [("building_id",)],
    "grid_term": [("member_id",)],
    "household_contact": [("household_id", "member_id")],
    "operation_term": [("centre_id", "item_id")],
    "alliance_term": [("led",), ("alliance_id", "organization_id"), ("alliance_id", "folded")],
    "duty_term": [("member_id", "item_id")],
    "help_team_member": [("team_id", "member_id")],
    "post": [("member_id", "body_id", "kind"), ("single",)],
}
