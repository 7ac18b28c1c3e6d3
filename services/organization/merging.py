"""Units merged into one of them.

Everything that names a merged unit by its path names the survivor from then on, whatever table it is in; units below
it lie below the survivor; seats at it are seats at the survivor; its codes lead there. What rules a unit and all below
it (services.storage.tables.INHERITED) rules the survivor, once. Terms between merged units end (`between`); what was
counted in them adds up (`adding`). What may not reach further by it ends first (services.storage.tables.BOUNDED).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, delete, func, select

from services.errors import ProblemCode, rejected
from services.organization import between
from services.organization.adding import add_up
from services.organization.commands import retire
from services.organization.tables import party_organizations, units
from services.organization.territory import (
    Fate,
    Journey,
    Line,
    bounded,
    called,
    directly_at,
    homes,
    place_of,
    references,
    repoint,
    set_free,
    totals,
    unique_keys,
)
from services.storage.tables import BOUNDED, INHERITED, METADATA, aliased
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import Amiss, nth

NAMED = 10  # examples in a message
OTHERS = "others"


async def merge(tx: Transaction, *, unit: Record, others: Sequence[Mapping[str, Any]]) -> Outcome:
    """Merge those of `others` into `unit`, which keeps its name and code; reports what moves, row by row and in all.

    Rejected unless all are different units of one level; TAKEN where two of them have what only one may have, as two
    services of a name. Seats at the merged units widen to the survivor: the report counts them as `role_grant`.
    """
    merged: list[Record] = [other["unit"] for other in others]
    _check(unit, merged)
    held = [unit["id"], *(other["id"] for other in merged)]
    await tx.rows(select(units.c.id).where(units.c.id.in_(held)).order_by(units.c.id).with_for_update())
    await _check_clashes(tx, [unit["path"], *(other["path"] for other in merged)])
    await _end_bounded(tx, [unit["path"], *(other["path"] for other in merged)])
    report: list[Line] = []
    for other in merged:
        journey = Journey(await place_of(tx, other["path"]), await place_of(tx, unit["path"]))
        report += await _told(tx, other, journey)
        report += await between.join(tx, unit["path"], other["path"], journey)
        report += await add_up(tx, unit["path"], other["path"], journey)
        for column in references():
            report += await _drop_twins(tx, column, unit["path"], other["path"], journey)
            await repoint(tx, column, other["path"], unit["path"])
        report += await between.part(tx, unit["path"], journey)
        await retire(tx, other, unit["id"])
        freed = await set_free(tx, unit["path"])
        report += journey.rows(party_organizations.name, freed, Fate.SET_FREE)
    return Outcome(await tx.update(units, unit["id"]), bounded(report))


def _check(unit: Record, others: Sequence[Record]) -> None:
    """Rejected, for each row that names the unit itself, one named before, or one of another level."""
    amiss = Amiss()
    if not others:
        amiss.tell(ProblemCode.INVALID, OTHERS, "请选择至少一个其他单元。", "Name at least one other unit.")
    seen: dict[Any, int] = {}
    for number, other in enumerate(others):
        field = f"{OTHERS}.{number}.unit"
        if other["id"] == unit["id"]:
            amiss.tell(ProblemCode.INVALID, field, "不能与自身合并。", "A unit does not merge into itself.")
        elif (first := seen.setdefault(other["id"], number)) != number:
            zh, en = nth(OTHERS, first)
            amiss.tell(ProblemCode.INVALID, field, f"{zh}已是此单元。", f"The unit is that of {en} already.")
        elif other["level"] != unit["level"]:
            zh, en = "只能合并同一层级的单元。", "Only units of one level can be merged."
            amiss.tell(ProblemCode.INVALID, field, zh, en)
    amiss.check()


async def _told(tx: Transaction, other: Record, journey: Journey) -> list[Line]:
    rows = [journey.row(kind, row) for kind, row in await directly_at(tx, other["path"])]
    lived = [journey.row(kind, row, Fate.HOME_MOVED) for kind, row in await homes(tx, other["path"])]
    return [journey.row(units.name, other, Fate.LOST), *lived, *rows, *await totals(tx, other["path"], journey)]


async def _check_clashes(tx: Transaction, paths: Sequence[str]) -> None:
    """TAKEN where a key that is unique in a unit would be there twice, telling which values those are."""
    found: list[str] = []
    for column in references():
        if INHERITED not in column.table.info:
            for columns, where in unique_keys(column):
                shown = (func.min(each.table.c.name) if each.key == "folded" else each for each in columns)
                clashing = select(*shown).where(column.in_(paths), *([] if where is None else [where]))
                rows = await tx.rows(clashing.group_by(*columns).having(func.count() > 1).limit(NAMED))
                found += [" ".join(map(str, row.values())) for row in rows]
    if found:
        names = "、".join(found[:NAMED])
        zh = f"合并后会有重复：{names}。请先改名、停用或移走其一。"
        en = f"The merged unit would have these twice: {names}. Rename, end or move one of each first."
        raise rejected(ProblemCode.TAKEN, OTHERS, zh, en)


async def _end_bounded(tx: Transaction, paths: Sequence[str]) -> None:
    """End what was given out for one of these units and would be of all of them."""
    for table in METADATA.sorted_tables:
        for statement in table.info.get(BOUNDED, _none)(paths):
            await tx.rows(statement)


def _none(_: Sequence[str]) -> tuple[()]:
    return ()


async def _drop_twins(tx: Transaction, column: Column[Any], keep: str, drop: str, journey: Journey) -> list[Line]:
    """Of what rules both units in the same way, leave the survivor's; lines for what is lost."""
    lost: dict[Any, Record] = {}
    table = column.table
    if not isinstance(table, Table) or INHERITED not in table.info:
        return []
    for columns, _ in unique_keys(column):
        twin = aliased(table)
        same = [twin.c[other.key] == other for other in columns]
        found = select(1).select_from(twin).where(twin.c[column.key] == keep, *same).correlate(table).exists()
        lost |= {row["id"]: row for row in await tx.rows(called(column).where(column == drop, found))}
        await tx.rows(delete(table).where(column == drop, found))
    return journey.rows(table.name, list(lost.values()), Fate.LOST)
