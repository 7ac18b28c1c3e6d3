"""Two worlds that differ in nothing someone may see: hidden rows renamed, renumbered and removed."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import Boolean, Date, Integer, Table, Text
from sqlalchemy.types import TypeEngine

from services.declared import METADATA
from services.storage.tables import named
from tests.oracle.recorded import HISTORIC
from tests.oracle.rows import is_view, made_by_the_database
from tests.proof import model, ways
from tests.proof.model import Seat
from tests.proof.stage import Caller, Stage, seats_of, seen
from tests.proof.ways import Row, Tables

# What is said of rows themselves; what else there is decides who sees what, or where rows lie.
OURS = ("account", "credential", "role_grant", "program", "service_secret")
DECIDES = {"code", "unit_path", "parent_path", "home_path", "level", "tier", "since", "until", "version"}
DECIDES |= {"post.kind", "service_adjustment.kind", "service_adjustment.note", "credit_code", "year", "withdrawn_on"}
DECIDES |= {
    "restricted_on",
    "service_item.operator",
    "supervision",
    "organization_path",
    "left_on",
    "closed_on",
    "capacity",
    "number",
    *("needed", "minutes", "status", "opens_at", "closes_at", "people", "came", "asked", "satisfied", "reason_owed"),
    *("persons", "closed_year", "weight", "answer_days", "solve_days", "edition", "month"),
    *("looked_at", "taken_up", "dropped", "votes_for", "votes_against"),
}
# None is taken away from between those it is numbered with, stands for what a closed meeting must have, or is part of
# a sum that is shown or must be whole.
WHOLE = (
    *("matter_way", "matter_move", "meeting_item", "meeting_attendance", "meeting_minutes"),
    *("fund_award", "project_payment", "project_phase", "whistle_step"),
)
# What is told of a row that something shown leads to; whose a resource is, by its uses.
TOLD = ("name", "question", "provider")
# Rows of which something is told to more people, as another entity of the same id: when a venue is taken.
TOLD_AS = {"venue_booking": "taken_time"}
VIEWED = ("unit_path", "item_id", "code", "centre_id", "compound_id", "need_id", "member_id")

# By which a role at a company or a member reaches further: whoever grants one there, or changes an account that holds
# one, is told whether it reaches more than they do (docs/decisions/0011), though not what.
REACHES = {
    "management_contract": ("company_id", "property_company"),
    "post": ("member_id", "member"),
    "captain_term": ("member_id", "member"),
}


@dataclass
class Sighted:
    """What someone sees of a world: which rows as which entity, whose names come with them, and where they lie."""

    rows: Mapping[str, set[Any]]  # ids by table, seen as an entity that is not a facet
    facets: Mapping[str, set[Any]]  # ids by entity of a facet
    named: Mapping[str, set[Any]]
    paths: set[str]
    grants: bool  # whether they may grant anything


def sighted(stage: Stage, rows: Tables, seats: list[tuple[str, Seat]]) -> Sighted:
    """By the model."""
    shown: dict[str, set[Any]] = {}
    facets: dict[str, set[Any]] = {}
    named: dict[str, set[Any]] = {}
    paths: set[str] = set()
    for kind in stage.scoped():
        table = kind.entity.table.name
        for row in seen(rows, kind, seats):
            if kind.entity.policy in model.FACETS.values():
                facets.setdefault(kind.entity.policy, set()).add(row["id"])
                continue
            shown.setdefault(table, set()).add(key(row))
            if table in ("contact_read", "correction"):  # they say when and through what, as their entries do
                shown.setdefault("audit_entry", set()).add(row["entry_id"])
            paths |= {
                row[name]
                for name in row
                if name in ("path", "unit_path", "source_path", "note_path", "sharer_path", "centre_path")
            }
            if table == "role_grant":  # it lies where its seat does
                paths |= {*ways.seat_lies_at(rows, dict(row))}
            for column, other in model.NAMED.get(table, ()):
                named.setdefault(other, set()).add(row[column])
    # A term names its building's compound as well.
    named.setdefault("compound", set()).update(
        row["compound_id"] for row in rows["building"] if row["id"] in named.get("building", ())
    )
    # An entry says why something was corrected, to who reads the whole trail.
    told = facets.get("audit.request", set())
    shown.setdefault("correction", set()).update(
        key(row) for row in rows.get("correction", ()) if row["entry_id"] in told
    )
    # What the unit it lay in was called is told of an entry to them, and to who sees the unit it lies in now.
    heirs = {row["id"]: row["heir_id"] for row in rows.get("former_unit", ())}
    lay = [(row["id"], row["unit_id"]) for row in rows.get("audit_entry", ()) if row["unit_id"] in heirs]
    units = shown.get("org_unit", ())
    entries = shown.get("audit_entry", ())
    named["former_unit"] = {unit for id_, unit in lay if id_ in told or (id_ in entries and heirs[unit] in units)}
    # And a correction says what became of its row, but of what has no history.
    corrected = {key(row)[:2] for row in rows.get("correction", ()) if key(row) in shown["correction"]}
    shown.setdefault("audit_change", set()).update(
        key(row) for row in rows.get("audit_change", ()) if key(row)[:2] in corrected and row["table_name"] in HISTORIC
    )
    # A quarter tells the sum of all its member earned in it, wherever.
    summed = {row["member_id"] for row in rows.get("member_quarter", ()) if key(row) in shown.get("member_quarter", ())}
    shown.setdefault("point_entry", set()).update(
        row["id"] for row in rows.get("point_entry", ()) if row["member_id"] in summed
    )
    # A visit and a theme name who holds their post.
    of_posts = ("instructor_visit", "chair_theme")
    came = {row["post_id"] for table in of_posts for row in rows[table] if row["id"] in shown.get(table, ())}
    named.setdefault("member", set()).update(row["member_id"] for row in rows["post"] if row["id"] in came)
    # A grant says where whoever granted it is at home, and a token who issued it.
    by = {row["granted_by"] for row in rows["role_grant"] if row["id"] in shown.get("role_grant", ())}
    issued = {row["credential_id"] for row in rows["access_token"] if row["id"] in shown.get("access_token", ())}
    by |= {row["issued_by"] for row in rows["credential"] if row["id"] in issued}
    paths |= {row["unit_path"] for row in rows["account"] if row["id"] in by}
    grants = any(model.rule_allows(role, "grant", "create") for role, _ in seats)
    return Sighted(shown, facets, named, {path for path in paths if path}, grants)


def key(row: Mapping[str, Any]) -> Any:
    """What tells rows of a table apart."""
    if "entry_id" in row:  # the database numbers changes, those of a world have no number yet
        return tuple(str(row.get(name)) for name in ("entry_id", "row_id", "member_id"))
    return row["id"] if "id" in row else tuple(str(row.get(name)) for name in VIEWED)


def twin(stage: Stage, caller: Caller, rows: Tables, random: Random) -> Tables:
    """The rows of another world that its caller cannot tell from this one."""
    seats = seats_of(rows, caller)
    sight = sighted(stage, rows, seats)
    made: Tables = deepcopy(dict(caller.rows))
    for table in METADATA.sorted_tables:
        if not is_view(table) and table.name not in OURS:
            _change(table, made.get(table.name, []), sight, random)
    for table in reversed(METADATA.sorted_tables):
        if not is_view(table) and table.name not in OURS and not _weighs(table.name, sight):
            _remove(stage, table.name, made, rows, sight, seats, random)
    return made


def _weighs(table: str, sight: Sighted) -> bool:
    """Whether rows nobody is shown count for what is: a catalog is shown also to those who see no adjustments.

    So is how many households and visits there are, in round numbers. And a place is left, or a member free for it, also
    where others' terms on duty are not shown; and whoever reads a venue is told when it is free.
    """
    counted = ("household", "household_contact", "home_visit", "activity", "activity_sign_up", "activity_attendance",
               "help_request", "grid_term", "venue_booking")  # fmt: skip
    return table in (
        *counted,
        *WHOLE,
        "service_adjustment",
        "org_unit",
        "org_unit_former_code",
        "service_item",
        "duty_term",
    )


def _change(table: Table, rows: list[Row], sight: Sighted, random: Random) -> None:
    for row in rows:
        hidden = key(row) not in sight.rows.get(table.name, ())
        public = row.get("id") in sight.named.get(table.name, ()) or _on_the_way(table.name, row, sight)
        for column in table.columns:
            name, facet = column.name, model.FACETS.get((table.name, column.name))
            if name not in row or made_by_the_database(column) or column.foreign_keys or column.primary_key:
                continue
            if (
                {name, f"{table.name}.{name}"} & DECIDES
                or name in ("folded", "pinyin", "grams")
                or (public and name in TOLD)
            ):
                continue
            if facet is not None and row["id"] not in sight.facets.get(facet, ()):
                row[name] = _unlike_inside(row[name], hidden, random)
            elif hidden and facet is None and row[name] is not None:
                row[name] = _other(column.type, row[name], random)
        if row.get("folded") is not None:
            row.update(named(table, row["name"]))


def _on_the_way(table: str, row: Row, sight: Sighted) -> bool:
    """Whether a unit's name is part of where something shown lies: names of units are public."""
    if table != "org_unit":
        return False
    path = f"{row['parent_path'] or ''}{row['code']}/"
    return any(shown.startswith(path) for shown in sight.paths)


def _unlike_inside(text: str | None, hidden: bool, random: Random) -> str | None:
    """Contact data that is another, and masked alike: only its middle differs, or all of it where the row is hidden."""
    if hidden:
        return random.choice((None, "13911112222", "某处 9 号"))
    if text is None:
        return None
    if len(text) == 11 and text.isdigit():
        return text[:3] + "".join(random.choices("0123456789", k=4)) + text[7:]
    if len(text) >= 12:
        return text[:6] + "".join(random.choices("某楼栋单元室", k=len(text) - 6))
    return "".join(random.choices("0123456789", k=random.randint(1, 10)))


def _other(of: TypeEngine[Any], value: Any, random: Random) -> Any:
    match of:
        case Boolean():
            return not value
        case Integer():
            return random.choice((2, 3, 5, 7))  # what any number may be: a day of the week, a smallest cell
        case Text():
            return random.choice(("和平新村", "北关", "Bei", "长坑村", "🏠")) + str(random.randint(1, 10**9))
        case Date() | _:
            return value


def _remove(
    stage: Stage, table: str, made: Tables, rows: Tables, sight: Sighted, seats: list[tuple[str, Seat]], random: Random
) -> None:
    """Take hidden rows nothing refers to away, if nothing else becomes visible or invisible by it."""
    before = made.get(table, [])
    if all(row.get("id") in sight.rows.get(table, ()) for row in before):
        return
    used = {value for of in made.values() for value in _references(of)}
    gone = [
        row
        for row in before
        if "id" in row
        and row["id"] not in used
        and not any(row["id"] in sight.rows.get(name, ()) for name in (table, TOLD_AS.get(table, table)))
        and row["id"] not in sight.named.get(table, ())
        and not _reaches(table, row, sight)
        and not _carries(table, row, before)
        and random.random() < 0.7
    ]
    if not gone:
        return
    ids = {row["id"] for row in gone}
    left = {**rows, table: [row for row in rows[table] if row["id"] not in ids]}
    if sighted(stage, left, seats) == sight:
        made[table] = [row for row in before if row["id"] not in ids]
        rows[table] = left[table]


def _reaches(table: str, row: Row, sight: Sighted) -> bool:
    """Whether somebody who is shown could be granted a role that reaches along this row."""
    if table not in REACHES or not sight.grants:
        return False
    column, seat = REACHES[table]
    return row[column] in sight.rows.get(seat, ())


def _carries(table: str, row: Row, posts: list[Row]) -> bool:
    """Whether a turn in the chair rests on a row."""
    if table != "post" or row["kind"] != "PART_TIME_MEMBER":
        return False
    held = (row["member_id"], row["organization_id"])
    return any(
        post["kind"] == "ROTATING_CHAIR" and (post["member_id"], post["organization_id"]) == held for post in posts
    )


def _references(rows: list[Row]) -> Iterator[Any]:
    """What the rows of a table refer to."""
    names = [name for name in set().union(*rows) if name.endswith("_id")]
    return (value for name in names for row in rows if (value := row.get(name)) is not None)


def same_sight(stage: Stage, caller: Caller, one: Tables, other: Tables) -> bool:
    """Whether the model shows a caller the same rows in both worlds, value by value."""
    return _told(stage, caller, one) == _told(stage, caller, other)


def _order(row: Mapping[str, Any]) -> tuple[str, str]:
    """An entry may have several changes of one row, which the database gives in any order."""
    return str(key(row)), str(row)


def _told(stage: Stage, caller: Caller, rows: Tables) -> dict[str, list[dict[str, Any]]]:
    seats = seats_of(rows, caller)
    told = {}
    for kind in stage.scoped():
        table, facet = kind.entity.table.name, kind.entity.policy in model.FACETS.values()
        if table in OURS:
            continue
        told[kind.name] = [
            {name: value for name, value in row.items() if ((table, name) in model.FACETS) is facet}
            for row in sorted(seen(rows, kind, seats), key=_order)
        ]
    return told
