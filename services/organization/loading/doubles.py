"""Rows that would become new units and look like units the tree has already, under other codes.

A town that was merged, a community that went to another town, a county renamed on the day it was recoded: taken for
new, each would be there twice from then on. Such rows are refused unless the mapping, or whoever loads, says otherwise.

So are rows that would give a unit the name of one beside it, as when codes are counted anew after one was closed: taken
for renamed, the people and houses of each would be its neighbour's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from services.names import fold
from services.organization.loading.divisions import Division
from services.organization.loading.pairing import By, Nowhere, Pairing, Place
from services.organization.recoding import Standing

MANY = 20  # rows; a file with fewer new ones than this is looked at row by row only
ALIKE = 2  # children of one name that two units have in common, before one is taken for the other


def gone(pairing: Pairing) -> list[Standing]:
    """Units that the file has no more although it tells of the unit above, and all below them."""
    told = {pair.unit.path for pair in pairing.pairs.values() if pair.unit is not None}
    found: list[Standing] = []
    for unit in sorted(pairing.tree.vanished, key=lambda unit: unit.path):
        if unit.id not in pairing.taken and unit.parent_path in told:
            told.add(unit.path)
            found.append(unit)
    return found


def refuse_doubles(pairing: Pairing, left: Sequence[Standing]) -> None:
    """Report every new or renamed row that looks like another unit; `left` are those that are gone."""
    _refuse_namesakes(pairing)
    new = [pair.row for pair in pairing.pairs.values() if pair.by is By.NONE]
    if not new or not pairing.tree.units:
        return
    looks = [_siblings(pairing, new), _elsewhere(pairing, new, left), _continuing(pairing, new), _inside(pairing, new)]
    seen = set(pairing.refused)
    for row, unit in chain(*looks):
        if row.code not in seen:
            seen.add(row.code)
            zh = f"像是库中的 {unit.code} {unit.name}；请在对照表中写 {unit.code},{row.code}，确为新设则写 ,{row.code}"
            en = f"looks like {unit.code} {unit.name}; map {unit.code},{row.code}, or ,{row.code} if it is new"
            pairing.divisions.report(row.line, "code", zh, en)
    kept = len(pairing.pairs) - len(new)
    if not seen and len(new) >= max(MANY, kept + 1) and len(new) <= 2 * len(left) <= 4 * len(new):
        zh = f"{len(new)} 行为新增，而同处有 {len(left)} 个单元不在文件中：像是同一批单元，请用对照表或 --allow-doubles"
        en = f"{len(new)} new, and {len(left)} units there are not in the file: they look like the same ones"
        pairing.divisions.report(None, "code", zh, f"{en}; map them, or --allow-doubles")


def _refuse_namesakes(pairing: Pairing) -> None:
    for row, own, unit in _namesakes(pairing):
        here, there = f"{row.code},{row.code}", f"{unit.code},{row.code}"
        zh = (
            f"{own.name} 改用了 {unit.code} {unit.name} 的名称：代码若改给后者，请在对照表中写 {there}，更名则写 {here}"
        )
        en = (
            f"{own.name} would get the name of {unit.code} {unit.name}: map {there} if that has the code now, or {here}"
        )
        pairing.divisions.report(row.line, "name", zh, en)


def _namesakes(pairing: Pairing) -> Iterator[tuple[Division, Standing, Standing]]:
    """Rows that by their codes alone would rename a unit to what another one below the same unit is called by now."""
    by_code = (pair for pair in pairing.pairs.values() if pair.by is By.CODE)
    renamed = [
        (row, unit) for row, unit, _ in by_code if unit and row.name != unit.name and fold(row.name) != fold(unit.name)
    ]
    places = {unit.parent_path for _, unit in renamed}
    mapped = {pair.unit.id for pair in pairing.pairs.values() if pair.unit and pair.by is By.MAPPING}
    known = chain(pairing.tree.units.values(), pairing.tree.vanished) if renamed else ()
    named = {_place(unit): unit for unit in known if unit.parent_path in places and unit.id not in mapped}
    for row, own in renamed:
        if unit := named.get((own.parent_path, own.level, fold(row.name))):
            yield row, own, unit


Look = Iterator[tuple[Division, Standing]]


def _siblings(pairing: Pairing, new: Sequence[Division]) -> Look:
    """The unit above has one of that name, which the file has as well."""
    places = {pairing.place(row) for row in new} - {Nowhere.NEW}
    units = (pair.unit for pair in pairing.pairs.values() if pair.unit is not None)
    there = {_place(unit): unit for unit in units if unit.parent_path in places}
    for row in new:
        place = pairing.place(row)
        if place is not Nowhere.NEW and (unit := there.get((place, row.level, fold(row.name)))):
            yield row, unit


def _elsewhere(pairing: Pairing, new: Sequence[Division], left: Sequence[Standing]) -> Look:
    """One of that name is gone from another unit below the same one: it moved, and got another code for it."""
    there = {(_up(unit.parent_path), unit.level, fold(unit.name)): unit for unit in left}
    for row in new:
        if there and (unit := there.get((_above_that(pairing, row), row.level, fold(row.name)))):
            yield row, unit


def _continuing(pairing: Pairing, new: Sequence[Division]) -> Look:
    """The unit above was recoded, and one with this code's ending is not in the file: it was renamed as well."""
    by_code = {unit.code: unit for unit in _free(pairing)}
    for row in new:
        above = pairing.above(row)
        if above and row.parent and row.code.startswith(row.parent):
            unit = by_code.get(above.code + row.code[len(row.parent) :])
            if unit is not None and unit.parent_path == above.path:
                yield row, unit


def _inside(pairing: Pairing, new: Sequence[Division]) -> Look:
    """A unit beside it, gone or not in the file, has the same units below: it was renamed and recoded at once."""
    beside: dict[tuple[str | None, str], list[Standing]] = defaultdict(list)
    below: dict[str | None, set[str]] = defaultdict(set)
    for unit in _free(pairing):
        beside[unit.parent_path, unit.level].append(unit)
        below[unit.parent_path].add(fold(unit.name))
    wanted = {row.code for row in new if beside and beside.get((pairing.place(row), row.level))}
    own: dict[str | None, set[str]] = defaultdict(set)
    for pair in pairing.pairs.values():
        if pair.row.parent in wanted:
            own[pair.row.parent].add(fold(pair.row.name))
    for row in new:
        for unit in beside.get((pairing.place(row), row.level), ()) if row.code in own else ():
            common = len(own[row.code] & below[unit.path])
            if common >= ALIKE and 2 * common >= len(own[row.code]):
                yield row, unit


def _free(pairing: Pairing) -> Iterable[Standing]:
    return (unit for unit in pairing.tree.vanished if unit.id not in pairing.taken)


def _above_that(pairing: Pairing, row: Division) -> str | None:
    """The path of the unit two above a row, where the tree has it; never that of a root's."""
    if row.parent is None:
        return Nowhere.NEW
    pair, above = pairing.pairs.get(row.parent), pairing.above(row)
    if pair is not None:
        return pairing.place(pair.row) or Nowhere.NEW
    return Nowhere.NEW if above is None or above.parent_path is None else above.parent_path


def _place(unit: Standing) -> Place:
    return unit.parent_path, unit.level, fold(unit.name)


def _up(path: str | None) -> str | None:
    """The path of the unit above the one at a path."""
    return path[: path.rstrip("/").rfind("/") + 1] if path else None
