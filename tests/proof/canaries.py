"""Worlds in which every text, number and id of every row is a mark of its own, and where each mark may be shown."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Table, Text

from services.declared import METADATA
from services.storage.tables import RANGE, named
from tests.oracle.recorded import HISTORIC
from tests.oracle.rows import is_view, made_by_the_database
from tests.proof import model
from tests.proof.model import Seat
from tests.proof.stage import Stage, seen
from tests.proof.twins import TOLD, key, sighted
from tests.proof.ways import Row, Tables

OURS = ("account", "credential", "role_grant", "program", "service_secret", "audit_entry", "audit_change")
# Years, and texts that are codes: a unit's code is public, a credit code and a time of day have their own checks. What
# the database copies from elsewhere follows.
BOUNDED = {
    "path",
    "number",
    "year",
    "version",
    "code",
    "credit_code",
    "operator",
    "note",
    "opens_at",
    "closes_at",
    "cell",
    "closed_year",
    "edition",
}
# What is open, or of another kind, has none of these.
OPEN = {"outcome", "cancel_reason", "drop_reason", "answer", "done", "decided", "missing_reason", "reason", "donor"}
OPEN |= {"proposed_by", "proposed", "name", "due_left", "answer_left", "solve_left"}
LEAST = 10**7  # a number with a narrower range holds no mark
ID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
WORD = re.compile(rf"qz[0-9]{{6}}|[0-9]{{7,}}|{ID}")
CURSOR = re.compile(r'"[A-Za-z0-9_-]{24,}"')

Marks = dict[str, tuple[str, Any, str]]  # mark -> table, key of its row, column


def marked(tables: Tables) -> None:
    """Give every row its marks, in place: names, texts, numbers; ids and credit codes are marks as they are."""
    number = count(1)
    for table in METADATA.sorted_tables:
        if is_view(table) or table.name in OURS:
            continue
        for row in tables.get(table.name, []):
            for column in table.columns:
                if column.name in row and _markable(table, column, row[column.name]):
                    row[column.name] = _mark(column, next(number))
            if row.get("folded") is not None:
                row.update(named(table, row["name"]))


def _markable(table: Table, column: Any, value: Any) -> bool:
    if made_by_the_database(column) or column.foreign_keys or column.primary_key or column.name in BOUNDED:
        return False
    if column.name.endswith("_path") or column.name in ("folded", "pinyin", "grams"):
        return False
    if column.info.get(RANGE, (0, LEAST))[1] < LEAST:
        return False
    if column.name in OPEN and value is None:
        return False
    return isinstance(column.type, Integer) or (isinstance(column.type, Text) and not hasattr(column.type, "enums"))


def _mark(column: Any, number: int) -> Any:
    if isinstance(column.type, Integer):
        return 5_000_000 + number
    if column.name == "phone":  # masked, its first three digits and its last four are shown
        return f"139{7_000_000 + number}0000"
    if column.name == "address":  # masked, its first six characters are
        return f"某市某县某街qz{number:06}"
    return f"牌qz{number:06}"


def marks_of(rows: Tables) -> Marks:
    """Every mark there is, and the row and column it stands in."""
    found: Marks = {}
    for table in METADATA.sorted_tables:
        if is_view(table) or table.name in OURS:
            continue
        for row in rows.get(table.name, []):
            for column in table.columns:
                for mark in _in(column.name, row.get(column.name)):
                    found.setdefault(mark, (table.name, key(row), column.name))
    return found


def _in(column: str, value: Any) -> Iterator[str]:
    if column == "phone" and isinstance(value, str):
        yield value[3:-4]
    elif isinstance(value, UUID) and column == "id":
        yield str(value)
    elif column in BOUNDED or column in ("pinyin", "grams") or column.endswith("_path"):
        return
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield from WORD.findall(str(value))


def shown(stage: Stage, rows: Tables, seats: list[tuple[str, Seat]]) -> set[str]:
    """The marks someone may meet: those of rows the model shows them, of the names that come with these, and of the
    units in which they lie."""
    marks: set[str] = set()
    for kind in stage.scoped():
        table, facet = kind.entity.table.name, kind.entity.policy in model.FACETS.values()
        for row in seen(rows, kind, seats):
            for name, value in row.items():
                if ((table, name) in model.FACETS) is facet or name == "id":
                    marks.update(_in(name, value) if table != "catalog_entry" else WORD.findall(str(value)))
                if table == "audit_change" and name == "row_id":  # an entry names the rows it tells of
                    marks.update(WORD.findall(str(value)))
    return marks | named_along(stage, rows, seats)


def named_along(stage: Stage, rows: Tables, seats: list[tuple[str, Seat]]) -> set[str]:
    """The marks that come with rows shown: names of what they lead to, why they were corrected, where they lie."""
    marks: set[str] = set()
    sight = sighted(stage, rows, seats)
    for table, ids in sight.named.items():
        told = [row[name] for row in rows[table] if row["id"] in ids for name in TOLD if name in row]
        marks.update(mark for text in told for mark in _in("name", text))
    for row in rows.get("correction", ()):
        if key(row) in sight.rows["correction"]:
            marks.update(_in("reason", row["reason"]))
            marks.update(_of_its_row(rows, row))
    for row in rows["org_unit"]:
        if any(path.startswith(row["path"]) for path in sight.paths):
            marks.update(_in("name", row["name"]))
    return marks


def _of_its_row(rows: Tables, correction: Row) -> set[str]:
    """The marks of what a correction says became of its row."""
    of = [
        row
        for row in rows.get("audit_change", ())
        if row["table_name"] in HISTORIC and key(row)[:2] == key(correction)[:2]
    ]
    return {mark for row in of for name in ("row_id", "before", "after") for mark in WORD.findall(str(row[name]))}


def met(text: str) -> set[str]:
    """The marks in a text, also inside the cursors in it."""
    found = set(WORD.findall(text))
    for cursor in CURSOR.findall(text):
        raw = cursor.strip('"')
        try:
            inside = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
        except (binascii.Error, ValueError):
            continue
        ids = " ".join(str(UUID(bytes=inside[at : at + 16])) for at in range(len(inside) - 15))
        # Digits of what are ids if they are read so are no number that is told: one in so many proofs has a mark's.
        found |= {*WORD.findall(inside.decode("utf-8", "replace")), *re.findall(ID, ids)}
    # A phone's mark is its middle; the whole of it is a word of its own.
    return found | {word[3:-4] for word in found if len(word) == 14 and word.isdigit()}


def sent(variables: Mapping[str, Any]) -> set[str]:
    """The marks a question itself brings; that they come back tells nothing."""
    return met(str(variables))
