"""Which row of a divisions file is which unit of the tree: by what the mapping says, by code, by place and name.

By place and name: a unit whose code the file does not have any more, and a row whose code the tree does not have, below
the same unit, of one level and with names that are the same by `services.names.fold`. Two that could be it are never
chosen between, unless one's code continues its parent's new one as it continued the old one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from services.names import fold
from services.organization.loading.divisions import Division, Divisions
from services.organization.loading.mapping import NAME, Told
from services.organization.recoding import Standing, continued

SHOWN = 5  # candidates in a message


class By(StrEnum):
    """What a row was paired by; NONE for one that is new by all that is known."""

    CODE = "代码 / code"
    PLACE = "位置与名称 / place and name"
    MAPPING = "对照表 / mapping"
    NONE = "无 / nothing"


class Pair(NamedTuple):
    """A row and the unit it is; None where it is a new one."""

    row: Division
    unit: Standing | None
    by: By


@dataclass(frozen=True, slots=True)
class Tree:
    """What of the tree matters: units by code, which of them the file has no more, whom codes given up lead to."""

    units: Mapping[str, Standing]
    vanished: Sequence[Standing] = ()
    retired: Mapping[str, Standing] = field(default_factory=dict)


Place = tuple[str | None, str, str]  # path of the unit above, level, folded name


class Nowhere(StrEnum):
    """The place of what lies below a new unit: no unit of the tree lies there."""

    NEW = "*"


@dataclass(slots=True)
class Pairing:
    """Pairs by the row's code; `pair` fills it, level by level."""

    divisions: Divisions
    tree: Tree
    told: Told
    pairs: dict[str, Pair] = field(default_factory=dict)
    taken: set[UUID] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)  # codes of rows that are reported already

    def pair(self, chosen: Sequence[Division]) -> None:
        """Pair every row, parents before children; what cannot be is reported."""
        meant = self._meant({row.code: row for row in chosen})
        away = {unit.code for unit in meant.values() if unit is not None}
        free: dict[Place, list[Standing]] = defaultdict(list)
        for unit in self.tree.vanished:
            if unit.code not in away:
                free[unit.parent_path, unit.level, fold(unit.name)].append(unit)
        for _, rows in groupby(chosen, key=lambda row: len(row.code)):
            self._by_place([row for row in rows if not self._certain(row, meant, away)], free)

    def place(self, row: Division) -> str | None:
        """The path, as it is in the tree, of the unit a row lies below; None for a root, NEW below a new unit."""
        above = self.above(row)
        if above is not None:
            return above.path
        return Nowhere.NEW if row.parent in self.pairs else None

    def above(self, row: Division) -> Standing | None:
        """The unit of the tree that a row lies below."""
        if row.parent is None:
            return None
        return self.pairs[row.parent].unit if row.parent in self.pairs else self.tree.units.get(row.parent)

    def _note(self, row: Division, unit: Standing | None, by: By) -> None:
        self.pairs[row.code] = Pair(row, unit, by)
        if unit is not None:
            self.taken.add(unit.id)
            if unit.level != row.level:
                zh, en = f"库中 {unit.code} 的层级是 {unit.level}", f"{unit.code} is a {unit.level} in the tree"
                self.divisions.report(row.line, "level", zh, en)

    def _certain(self, row: Division, meant: Mapping[str, Standing | None], away: set[str]) -> bool:
        unit, owner = self.tree.units.get(row.code), self.tree.retired.get(row.code)
        told = meant.get(row.code)
        if owner is not None and told != owner:
            # It leads to a unit already: a file that still has it would make a second one.
            zh = f"代码 {row.code} 已停用，现指向 {owner.code} {owner.name}，请从文件中删去该行"
            en = f"the code {row.code} was given up and leads to {owner.code} {owner.name}; take the row out"
            self._refuse(row, zh, en)
            self._note(row, None, By.NONE)
        elif row.code in meant:
            self._note(row, told, By.MAPPING)
        elif unit is not None and row.code not in away:
            self._note(row, unit, By.CODE)
        else:
            return False
        return True

    def _by_place(self, rows: Sequence[Division], free: Mapping[Place, Sequence[Standing]]) -> None:
        groups: dict[Place, list[Division]] = defaultdict(list)
        for row in rows:
            place = self.place(row) if free else Nowhere.NEW
            if place is Nowhere.NEW:
                self._note(row, None, By.NONE)
            else:
                groups[place, row.level, fold(row.name)].append(row)
        for key, alike in groups.items():
            self._choose(alike, list(free.get(key, ())))

    def _choose(self, rows: Sequence[Division], units: Sequence[Standing]) -> None:
        left = []
        for row in rows:
            above = self.above(row)
            same = [each for each in units if above and continued(each.code, above.code, row.parent or "") == row.code]
            if same:
                self._note(row, same[0], By.PLACE)
            else:
                left.append(row)
        free = sorted((unit for unit in units if unit.id not in self.taken), key=lambda unit: unit.code)
        if len(left) == len(free) == 1:
            self._note(left[0], free[0], By.PLACE)
            return
        for row in left:
            self._note(row, None, By.NONE)
            if free:
                names = "、".join(unit.code for unit in free[:SHOWN])
                zh = f"可能是库中同名的 {names} 之一，请在对照表中写明 old,{row.code}（新设为 ,{row.code}）"
                en = f"could be one of {names} of that name; say which in the mapping: old,{row.code}, or ,{row.code}"
                self._refuse(row, zh, en)

    def _refuse(self, row: Division, zh: str, en: str) -> None:
        self.refused.add(row.code)
        self.divisions.report(row.line, "code", zh, en)

    def _meant(self, rows: Mapping[str, Division]) -> dict[str, Standing | None]:
        """The unit of each code the mapping names; what it says and cannot be is reported."""
        meant: dict[str, Standing | None] = {}
        away: set[UUID] = set()
        units, retired = self.tree.units, self.tree.retired
        for new, old in self.told.olds.items():
            unit = None if old is None else units.get(old) or retired.get(old)
            if new not in rows:
                self._wrong(new, "new", f"要装入的行中没有 {new}", f"{new} is not among the rows to load")
            elif old is not None and unit is None:
                self._wrong(new, "old", f"库中没有 {old}", f"the tree has no {old}")
            elif unit is not None and unit.id in away:
                self._wrong(new, "old", f"{old} 与另一行是同一单元", f"{old} is the unit of another line, too")
            else:
                meant[new] = unit
                away.update(() if unit is None else (unit.id,))
        for new in meant:
            if new in units and units[new].id not in away:
                zh = f"{new} 是另一单元 {units[new].name}，请先用 mergeUnits 合并"
                self._wrong(new, "new", zh, f"{new} is another unit, {units[new].name}: merge them with mergeUnits")
        return meant

    def _wrong(self, new: str, column: str, zh: str, en: str) -> None:
        self.divisions.report(self.told.lines[new], column, zh, en, NAME)
