"""Random rows for any table, valid by what the table declares: types, keys, uniqueness, checks.

What a table's declaration does not say in a form that can be read here (the exclusion constraints and a few checks)
stands in small tables at the end, by column. Dates lie around today, mostly just before or after it, so that terms are
past, present and to come, and end or begin on the very day.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
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
from sqlalchemy.dialects.postgresql import JSONB

from services.names import search_keys
from services.organization.tables import PartyField, PartyTier
from services.storage.tables import GREATEST, VIEW
from tests.oracle.fitting import (
    RESTS_ON,
    RULES,
    WANTED,
    help_closed_on,
    help_status,
    moment,
    on_duty,
    planned_on,
    visited_on,
)

Row = dict[str, Any]

TRIES = 12  # how often a row is drawn anew where it is not the only one of its kind
BEGAN = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
DAYS = (0, -1, 1, -2, 2, -30, 30, -31, 60, -88, -400, 400, -4000)  # from today
PIECES = (
    *(
        "和平",
        "新村",
        "第一",
        "社区",
        "长坑",
        "村",
        "北关",
        "和",
        "网格",
        "党支部",
        "𠮷田",
        "㐂",
        "〇",
        "ＡＢ１",
        "ｆ８",
    ),
    *("Bei", "guan", "é", "%", "_", "\\", "\\%", "100%", "a_b", "'", '"', " ", "　", "（東）", "½", "ﬁ", "🏠"),
)


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
        if key.nullable == ["cut_id"]:  # what a term cut: nobody reads it
            row.update(cut_id=None)
        elif key.nullable and (not met or self.random.random() < 0.3):
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


def called(random: Random) -> str:
    """One to three pieces; often one that others have."""
    return "".join(random.choice(PIECES) for _ in range(random.choice((1, 1, 2, 3)))).strip() or "无名"


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
    declared = [each for each in table.constraints if isinstance(each, UniqueConstraint | PrimaryKeyConstraint)]
    indexes = [index for index in table.indexes if index.unique]
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


# What the database computes and others refer to or are kept apart by; `single` is no column, and never written.
COMPUTED: Mapping[str, Mapping[str, Callable[[Row], Any]]] = {
    "org_unit": {"path": path_of},
    "post": {"body_id": _body, "single": _single},
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
    "duty_term": [("member_id", "item_id")],
    "help_team_member": [("team_id", "member_id")],
    "post": [("member_id", "body_id", "kind"), ("single",)],
}


TAGS = ("理发", "医", "Ａ %")  # few, so that they match
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(random: Random) -> str:
    """Seventeen characters, of which the first eight are digits, and their check character: GB 32100-2015."""
    body = "91350521" + "".join(random.choices(ALPHABET, k=9))
    total = sum(ALPHABET.index(character) * 3**place for place, character in enumerate(body))
    return body + ALPHABET[-total % 31]


def _until(draw: Draw, row: Row) -> date | None:
    if row.get("kind") == "ROTATING_CHAIR":  # one to three months
        whole: date = row["since"] + timedelta(days=draw.random.choice((30, 31, 60, 88)))
        return whole
    days = [day for offset in DAYS if (day := draw.today + timedelta(days=offset)) >= row["since"]]
    return draw.random.choice([None, None, *days])


def _unit_of_entry(draw: Draw, _: Row) -> UUID | None:
    """A unit there is, or one that is gone since, or none."""
    gone = UUID(int=draw.random.getrandbits(128), version=4)
    present: UUID = draw.one([unit["id"] for unit in draw.rows["org_unit"]])
    return draw.random.choice((None, gone, present, present, present))


def _told_of(draw: Draw, _: Row) -> UUID:
    """A row there is, of any table whose rows lie somewhere, or one that is gone since."""
    tables = [
        rows for rows in draw.rows.values() if rows and "id" in rows[0] and rows[0].keys() & {"path", "unit_path"}
    ]
    gone = UUID(int=draw.random.getrandbits(128), version=4)
    present: UUID = draw.random.choice(draw.random.choice(tables))["id"]
    return draw.random.choice((gone, present, present, present))


def _kind_of_post(draw: Draw, row: Row) -> str:
    if row["company_id"] is not None:
        return draw.random.choice(("INSTRUCTOR", "COMPANY_LEADER", "COMPANY_LEADER", "CROSS_APPOINTMENT"))
    if row["committee_id"] is not None:
        return "CROSS_APPOINTMENT"
    return draw.random.choice(("SECRETARY", "SECRETARY", "PART_TIME_MEMBER", "CROSS_APPOINTMENT", "ROTATING_CHAIR"))


def _key(name: str, *, person: bool = False) -> Callable[[Draw, Row], Any]:
    return lambda _, row: getattr(search_keys(row["name"], person=person), name)


def _closed_after(draw: Draw, opened: date | None) -> date | None:
    return draw.random.choice((None, None, max(draw.today, opened or draw.today)))


# Degrees some of which lie within a walk of one another: 0.007 are some 700 metres.
NEAR = [Decimal("118.800000") + Decimal(step) / 1000 for step in (0, 3, 7, 8, 20)]

# Values by column, of any table or of one.
VALUES: Mapping[str, Callable[[Draw, Row], Any]] = {
    "days_off": lambda draw, _: [draw.day() for _ in range(draw.random.choice((0, 1, 2)))],
    "days_worked": lambda draw, _: draw.random.choice(([], [draw.day()])),
    "groups": lambda draw, _: draw.random.choice((None, [], ["administrators"])),
    "folded": _key("folded"),
    "pinyin": _key("pinyin"),
    "grams": _key("grams"),
    "member.pinyin": _key("pinyin", person=True),
    "member.grams": _key("grams", person=True),
    "credit_code": lambda draw, _: credit_code(draw.random),
    "version": lambda draw, _: draw.random.choice((1, 1, 2)),
    "year": lambda draw, _: draw.today.year - draw.random.choice((0, 1, 2)),
    "beneficiaries": lambda draw, _: draw.random.choice((None, None, 0, 1, 79, 2_000_000_000, GREATEST)),  # and sums
    "compound_phase.number": lambda draw, _: draw.random.choice((None, 1, 2, 10, 99)),
    "storeys": lambda draw, _: draw.random.choice((None, 1, 6, 200)),
    "phone": lambda draw, _: draw.random.choice((None, "13800138000", "1380013", "059512345", "1", "", "138 00８０")),
    "address": lambda draw, _: draw.random.choice((None, "", "和平新村1栋101室", "北关", "长坑村ＡＢ１")),
    "erased_on": lambda draw, row: None,  # set by a command only, with the rest of the row
    # By the id: what is drawn after it stays as it is in the world of a seed.
    "restricted_on": lambda draw, row: draw.today if row["id"].int % 5 == 0 else None,
    "since": lambda draw, _: draw.day(),
    "until": _until,
    "cut_until": lambda draw, row: None,
    "operator": lambda draw, row: draw.random.choice((None, "运营")) if row["operation"] is not None else None,
    "operation_term.operator": lambda draw, _: called(draw.random),
    "functions": lambda draw, _: draw.random.choice(([], ["FOOD"], ["ELDERLY_CARE", "FOOD"])),
    "area_km2": lambda draw, _: draw.random.choice((None, Decimal("7.40"), Decimal("0.01"))),
    "centre.closed_on": lambda draw, row: _closed_after(draw, row["opened_on"]),
    "compound_position.longitude": lambda draw, _: draw.random.choice(NEAR),
    "longitude": lambda draw, row: draw.random.choice((None, *NEAR)),
    "latitude": lambda draw, row: None if row["longitude"] is None else draw.random.choice(NEAR) - 94,
    "datum": lambda draw, row: None if row["longitude"] is None else draw.random.choice(("WGS84", "GCJ02")),
    "service_adjustment.note": lambda draw, row: called(draw.random) if row["kind"] == "NOTE" else None,
    "post.kind": _kind_of_post,
    "channel": lambda draw, row: draw.random.choice(("ONLINE", "ON_SITE")) if row["kind"] == "REPORTED" else None,
    "instructor_visit.visited_on": visited_on,
    "home_visit.visited_on": lambda draw, _: min(draw.today, draw.day()),
    "home_visit.next_on": lambda draw, row: draw.day() if row["next_step"] is not None else None,
    "household.residents": lambda draw, _: draw.random.choice((0, 1, 4, 99)),
    "duty_item.category": lambda draw, _: draw.random.choice(TAGS),
    "needed": lambda draw, _: draw.random.choice((1, 1, 2, 200)),
    "help_request.status": help_status,
    "help_request.closed_on": help_closed_on,
    "minutes": lambda draw, row: draw.random.choice((1, 30, 144_000)) if row["status"] == "DONE" else None,
    "help_request.outcome": lambda draw, row: called(draw.random) if row["closed_on"] is not None else None,
    "duty_term.since": on_duty,
    "duty_term.until": on_duty,
    **{
        name: lambda draw, _: draw.random.sample(TAGS, draw.random.choice((0, 1, 2)))
        for name in ("occupations", "skills", "wishes")
    },
    "occupation": lambda draw, _: draw.random.choice((None, *TAGS)),
    "begins_at": lambda draw, _: moment(draw),
    "ends_at": lambda draw, row: row["begins_at"] + timedelta(hours=draw.random.choice((1, 2, 30))),
    "sign_up_closes_at": lambda draw, row: row["begins_at"] - timedelta(hours=draw.random.choice((0, 24))),
    "activity.venue": lambda draw, _: called(draw.random),
    "capacity": lambda draw, _: draw.random.choice((None, None, 1, 2, 60)),
    "cancel_reason": lambda draw, row: called(draw.random) if row["status"] == "CANCELLED" else None,
    "activity_attendance.at": lambda draw, _: moment(draw),
    "resident_report.outcome": lambda draw, row: called(draw.random) if row["status"] != "OPEN" else None,
    "chair_theme.planned_on": planned_on,
    "chair_theme.outcome": lambda draw, row: called(draw.random) if row["status"] != "PLANNED" else None,
    "held_on": lambda draw, row: row["planned_on"] if row["status"] == "HELD" else None,
    "answered_on": lambda draw, row: draw.day() if row["status"] != "OPEN" else None,
    "party_organization.tier": lambda draw, _: draw.random.choice([*PartyTier, *[PartyTier.COMPOUND] * 4]),
    # By its id and not by chance, so that what is drawn after it stays as it is in the world of a seed.
    "party_organization.field": lambda _, row: [None, *PartyField][row["id"].int % 7],
    "idempotency_key.report": lambda draw, _: "[]",
    "audit_entry.unit_id": _unit_of_entry,
    "audit_entry.target_id": _told_of,
    "audit_change.row_id": _told_of,
    "audit_entry.chain": lambda draw, _: draw.one([unit["id"] for unit in draw.rows["org_unit"]]),
}
