"""What the trail of a random world tells of: commands there are, tables there are, columns that changed."""

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from tests.oracle.columns import Row

COMMANDS = ("renameUnit", "updateMember", "recordHomeVisit", "suggestMatter", "signIn", "givenUp")
# What names another row, a path, a list, none of these; what has no type, and what is there no more.
COLUMNS: Mapping[str, Sequence[str]] = {
    "building": ("name", "compound_id", "phase_id", "unit_path", "closed_on", "version", "folded"),
    "member": ("phone", "address", "home_path", "organization_id", "standing", "gone"),
    "centre": ("functions", "dispatches", "area_km2", "kind", "opened_on", "grams"),
    "sheet_item": ("name", "most", "weight", "sheet_id"),
    "credential": ("kind", "revoked_at"),
    "gone": ("name",),
}
HISTORIC = ("building", "member", "centre")  # whose corrections tell of them
VALUES: Sequence[Any] = (
    None,
    "•",
    "35/3505/350521/",
    "/",
    "",
    "新",
    "[",
    '"',
    True,
    0,
    12,
    7.5,
    "2026-01-02",
    [],
    ["FOOD", "A"],
)


def recorded(rows: Mapping[str, Sequence[Row]]) -> None:
    """Entries and changes get these by their ids, and not by chance: all else stays as it is in the world of a seed.

    What lies in a unit that is gone does so in one that has an heir, some of it.
    """
    present, former = ({row["id"] for row in rows.get(name, ())} for name in ("org_unit", "former_unit"))
    for entry in rows.get("audit_entry", ()):
        random = Random(entry["id"].int)
        entry["command"] = random.choice((*COMMANDS, entry["command"]))
        if entry["unit_id"] is not None and entry["unit_id"] not in present:
            entry["unit_id"] = random.choice((entry["unit_id"], *sorted(former)))
    for change in rows.get("audit_change", ()):
        random = Random(change["row_id"].int ^ change["entry_id"].int)
        for lay in ("unit_id", "left_unit_id"):
            if change[lay] is not None and change[lay] not in present:
                change[lay] = random.choice((change[lay], *sorted(former)))
        change["table_name"] = random.choice((*COLUMNS, change["table_name"]))
        columns = COLUMNS.get(change["table_name"], ())
        for side in ("before", "after"):
            change[side] = _told(random, columns) if random.random() < 0.8 else change[side]


def _told(random: Random, columns: Sequence[str]) -> str:
    of: dict[str, Any] = {column: random.choice(VALUES) for column in columns}
    return json.dumps(of, ensure_ascii=False)
