"""What a divisions file changes in the tree: which of its rows are meant, and what is new, renamed or moved.

Pure: the file as `services.organization.loading.divisions` read it and the tree's units go in, changes or a
DivisionsError come out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from services.organization.loading.divisions import Division, Divisions, short_code


class Unit(NamedTuple):
    """A unit that the tree holds already."""

    code: str
    name: str
    level: str
    path: str
    parent_path: str | None


class New(NamedTuple):
    """A unit to insert. `parent_path` is its parent's path before anything is moved: moving takes it along."""

    path: str
    parent_path: str | None
    division: Division


@dataclass(slots=True)
class Changes:
    """What a file changes in the tree; `moved` from the top down."""

    total: int = 0
    inserted: list[New] = field(default_factory=list)
    renamed: list[Division] = field(default_factory=list)
    moved: list[Division] = field(default_factory=list)
    unchanged: int = 0


def compare(divisions: Divisions, at: str | None, tree: Mapping[str, Unit]) -> Changes:
    """What loading the file at `at` changes in `tree` (its units by code). DivisionsError when anything is wrong."""
    chosen = choose(divisions, at, tree)
    for row in chosen:
        if row.code in tree and tree[row.code].level != row.level:
            held = tree[row.code].level
            zh, en = f"库中 {row.code} 的层级是 {held}", f"{row.code} is a {held} in the tree"
            divisions.report(row.line, "level", zh, en)
    divisions.refuse_if_unsound()
    changes = Changes(total=len(chosen))
    paths = {code: unit.path for code, unit in tree.items()}
    for row in chosen:
        _note(row, tree.get(row.code), paths, changes)
    changes.inserted.sort()
    return changes


def choose(divisions: Divisions, at: str | None, tree: Mapping[str, Unit]) -> list[Division]:
    """The rows to load, parents before children. Rows that hang nowhere are reported, rows beside `at` left out."""
    root = None if at is None else short_code(at)
    if at is not None and root not in divisions.lines and root not in tree:
        divisions.give_up(None, f"文件与库中都没有代码 {at!r}", f"neither the file nor the tree has the code {at!r}")
    beside = next((row.parent for row in divisions.rows if row.code == root), None)
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
        elif row.parent is not None and row.parent != beside and row.parent not in tree:
            unknown = row.parent
            divisions.report(row.line, "parent_code", f"未知的上级代码 {unknown}", f"unknown parent code {unknown}")
    return chosen


def _is_top(row: Division, root: str | None, divisions: Divisions, tree: Mapping[str, Unit]) -> bool:
    if root is None:
        return row.parent is None or (row.parent in tree and row.parent not in divisions.lines)
    return row.code == root if root in divisions.lines else row.parent == root


def _note(row: Division, unit: Unit | None, paths: dict[str, str], changes: Changes) -> None:
    parent_path = paths.get(row.parent) if row.parent else None
    if unit is None:
        paths[row.code] = f"{parent_path or ''}{row.code}/"
        changes.inserted.append(New(paths[row.code], parent_path, row))
        return
    # A unit stays where it is when the file does not know its parent: a county's own file moves no county.
    moved = parent_path is not None and parent_path != unit.parent_path
    if moved:
        changes.moved.append(row)
    if row.name != unit.name:
        changes.renamed.append(row)
    elif not moved:
        changes.unchanged += 1
