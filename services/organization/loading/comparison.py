"""What a divisions file changes in the tree: which of its rows are meant, and what is new, renamed, recoded or moved.

Pure: the file as `services.organization.loading.divisions` read it and the tree's units go in, changes or a
DivisionsError come out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from services.organization.loading.divisions import Division, Divisions, short_code
from services.organization.loading.doubles import gone, refuse_doubles
from services.organization.loading.mapping import Told
from services.organization.loading.pairing import By, Nowhere, Pair, Pairing, Tree
from services.organization.recoding import Standing


class Change(StrEnum):
    """What becomes of a unit."""

    NEW = "新增 / new"
    RENAMED = "更名 / renamed"
    RECODED = "变更代码 / recoded"
    MOVED = "移动 / moved"


class Changed(NamedTuple):
    """A row, the unit it is, and what becomes of that; nothing where it stays as it is."""

    row: Division
    unit: Standing | None
    by: By
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a file changes in the tree, parents before children, and which units it has no more."""

    rows: Sequence[Changed]
    gone: Sequence[Standing]
    above: Mapping[str, Standing]  # units above the file's rows, which it does not have itself

    def those(self, change: Change) -> list[Changed]:
        """The rows of one kind of change."""
        return [row for row in self.rows if change in row.changes]


def compare(divisions: Divisions, chosen: Sequence[Division], tree: Tree, told: Told, *, doubles: bool) -> Changes:
    """What loading the chosen rows changes in `tree`. DivisionsError when anything is wrong; see `refuse_doubles`."""
    if not (tree.units or tree.vanished or told.olds):  # nothing to pair with
        divisions.refuse_if_unsound()
        return Changes([Changed(row, None, By.NONE, (Change.NEW,)) for row in chosen], (), {})
    pairing = Pairing(divisions, tree, told)
    pairing.pair(chosen)
    left = gone(pairing)
    if not doubles:
        refuse_doubles(pairing, left)
    divisions.refuse_if_unsound()
    rows = [_changed(pairing, pairing.pairs[row.code]) for row in chosen]
    above = {row.parent for row in chosen if row.parent} - pairing.pairs.keys()
    return Changes(rows, left, {code: tree.units[code] for code in above if code in tree.units})


def _changed(pairing: Pairing, pair: Pair) -> Changed:
    row, unit, by = pair
    if unit is None:
        return Changed(row, None, by, (Change.NEW,))
    place = pairing.place(row)
    changes = {
        Change.RENAMED: row.name != unit.name,
        Change.RECODED: row.code != unit.code,
        # A unit stays where it is when the file does not know its parent: a county's own file moves no county.
        Change.MOVED: place is Nowhere.NEW or (place is not None and place != unit.parent_path),
    }
    return Changed(row, unit, by, tuple(change for change, holds in changes.items() if holds))


def choose(divisions: Divisions, at: str | None, tree: Mapping[str, Standing]) -> list[Division]:
    """The rows to load, parents before children. Rows that hang nowhere are reported, rows beside `at` left out."""
    root = None if at is None else short_code(at)
    if at is not None and root not in divisions.lines and root not in tree:
        divisions.give_up(None, f"文件与库中都没有代码 {at!r}", f"neither the file nor the tree has the code {at!r}")
    above = _above(divisions, root)
    chosen: list[Division] = []
    inside: set[str] = set()
    # A parent is of a higher level, and so its code is shorter.
    for row in sorted(divisions.rows, key=lambda row: len(row.code)):
        if root is None and row.parent is None and row.level != "PROVINCE" and row.code not in tree:
            divisions.report(row.line, "parent_code", "只有省级可以没有上级", "only a province has no parent")
        elif row.parent in inside or _is_top(row, root, divisions, tree):
            inside.add(row.code)
            chosen.append(row)
        elif row.parent in divisions.lines:
            continue  # its parent is left out or was reported
        elif root is not None and root not in divisions.lines:
            divisions.report(row.line, "parent_code", f"不在 {root} 之下", f"does not lie below {root}")
        elif row.parent is not None and row.parent not in above and row.parent not in tree:
            zh, en = f"未知的上级代码 {row.parent}", f"unknown parent code {row.parent}"
            if root is None:
                zh, en = f"{zh}；若从本行起装入，请用 --at {row.code}", f"{en}; to load from here on, --at {row.code}"
            divisions.report(row.line, "parent_code", zh, en)
    return chosen


def _above(divisions: Divisions, code: str | None) -> set[str]:
    """The codes above one, as far up as the file goes and one further."""
    parents = {row.code: row.parent for row in divisions.rows} if code is not None else {}
    found: set[str] = set()
    while code is not None and (code := parents.get(code)) is not None and code not in found:
        found.add(code)
    return found


def _is_top(row: Division, root: str | None, divisions: Divisions, tree: Mapping[str, Standing]) -> bool:
    if root is None:
        return row.parent is None or (row.parent in tree and row.parent not in divisions.lines)
    return row.code == root if root in divisions.lines else row.parent == root
