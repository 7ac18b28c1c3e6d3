"""Where every unit will be after a divisions file: new ones, those it moves or recodes, and what lies below them.

Grids and outlets, which no file has, follow the unit they lie in, and their codes its code. A code that one unit gives
up and another gets is free only in between: for that long, its unit has one nobody else can have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID, uuid4

from services.organization.codes import LONGEST
from services.organization.loading.comparison import Change, Changed, Changes
from services.organization.loading.divisions import Division
from services.organization.recoding import Laid, Standing, continued, laid
from services.organization.tables import OrgLevel

FOLLOWING = (OrgLevel.GRID, OrgLevel.OUTLET)  # levels no file has


class New(NamedTuple):
    """A unit to insert below another as that is named by then; without an id of its own, any will do."""

    path: str
    parent_path: str | None
    division: Division
    id: UUID | None


@dataclass(slots=True)
class Placing:
    """What is written, in this order."""

    aside: list[Laid] = field(default_factory=list)
    inserted: list[New] = field(default_factory=list)
    final: list[Laid] = field(default_factory=list)
    followers: dict[UUID, str] = field(default_factory=dict)  # codes the file does not give
    lines: dict[UUID, int] = field(default_factory=dict)  # whose row each of them follows


def concerned(changes: Changes) -> list[str]:
    """The paths of units that are recoded or moved."""
    kinds = {Change.RECODED, Change.MOVED}
    return [row.unit.path for row in changes.rows if row.unit is not None and not kinds.isdisjoint(row.changes)]


def place(changes: Changes, standing: Sequence[Standing]) -> Placing:
    """Where everything goes; `standing` are the units concerned and all below them, each after the one above it."""
    placing = Placing()
    if not standing:
        placing.inserted = _new(changes)
        return placing
    codes = {row.unit.id: row.row.code for row in changes.rows if row.unit is not None}
    _follow(changes, standing, placing)
    codes |= placing.followers
    interim = laid(standing, _aside(changes, standing, codes))
    final = laid(standing, codes)
    placing.aside = [unit for unit in interim if unit.changes]
    there = {unit.path: unit for unit in standing}
    before = _Tree(changes, {unit.path: each for unit, each in zip(standing, interim, strict=True)})
    after = _Tree(changes, {unit.path: each for unit, each in zip(standing, final, strict=True)})
    for row in changes.rows:
        if row.unit is None:
            _insert(row, before, after, placing)
        elif Change.MOVED in row.changes and row.unit.path in there:
            after.units[row.unit.path].above = after.above(row.row)
    placing.final += [unit for unit in final if unit.changes]
    _settle(placing, after)
    return placing


def _new(changes: Changes) -> list[New]:
    """New units where nothing that is there changes its place."""
    paths = {row.row.code: row.unit.path for row in changes.rows if row.unit is not None}
    paths |= {code: unit.path for code, unit in changes.above.items()}
    made: list[New] = []
    for row in changes.rows:
        if row.unit is None:
            above = paths.get(row.row.parent) if row.row.parent else None
            path = paths[row.row.code] = f"{above or ''}{row.row.code}/"
            made.append(New(path, above, row.row, None))
    made.sort()
    return made


class _Tree:
    """Units by their paths as they stand, and new ones by code, at one moment."""

    def __init__(self, changes: Changes, units: Mapping[str, Laid]) -> None:
        self.units = units
        self.new: dict[str, Laid] = {}
        self._paths = {row.row.code: row.unit.path for row in changes.rows if row.unit is not None}
        self._paths |= {code: unit.path for code, unit in changes.above.items()}

    def above(self, row: Division) -> Laid | str | None:
        """What a row lies below."""
        if row.parent is None:
            return None
        if row.parent in self.new:
            return self.new[row.parent]
        path = self._paths.get(row.parent)
        return None if path is None else self.units.get(path, path)


def _insert(row: Changed, before: _Tree, after: _Tree, placing: Placing) -> None:
    code, id_ = row.row.code, uuid4()
    first = before.new[code] = Laid(id_, (code, None), code, before.above(row.row))
    after.new[code] = Laid(id_, (code, first.parent_path), code, after.above(row.row))
    placing.inserted.append(New(first.path, first.parent_path, row.row, id_))


def _settle(placing: Placing, after: _Tree) -> None:
    """New units below others that go elsewhere go with them."""
    placing.final += [unit for unit in after.new.values() if unit.changes]
    placing.inserted.sort()


def _follow(changes: Changes, standing: Sequence[Standing], placing: Placing) -> None:
    rows = {row.unit.id: row for row in changes.rows if row.unit is not None}
    inside: dict[str | None, Changed] = {}
    for unit in standing:
        row = rows.get(unit.id)
        if row is None and unit.level in FOLLOWING:
            row = inside.get(unit.parent_path)
            if row is not None and row.unit is not None:
                code = continued(unit.code, row.unit.code, row.row.code)
                if code != unit.code:
                    placing.followers[unit.id], placing.lines[unit.id] = code, row.row.line
        if row is not None:
            inside[unit.path] = row


def _aside(changes: Changes, standing: Sequence[Standing], codes: Mapping[UUID, str]) -> dict[UUID, str]:
    """Codes in between, for units whose own go to others."""
    wanted = {row.row.code for row in changes.rows if row.unit is None or row.unit.code != row.row.code}
    wanted |= {codes[unit.id] for unit in standing if unit.id in codes and codes[unit.id] != unit.code}
    going = (unit for unit in standing if codes.get(unit.id, unit.code) != unit.code)
    return {unit.id: unit.code.rjust(LONGEST, "0") for unit in going if unit.code in wanted}
