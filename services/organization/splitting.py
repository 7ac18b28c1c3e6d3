"""A unit split: new units of its level beside it take what is named for them, row by row.

The unit itself continues, as the first of what it is split into: it keeps its code, its seats, and whatever lies
directly at it and is not named. Or it is dissolved: then everything must be named, the first part is its successor, and
codes, seats and people's homes go there. What rules the unit and all below it (services.storage.tables.INHERITED) rules
every part, so that the same holds for everybody as before.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, delete, func, insert, literal, select, update

from services.errors import Problem, ProblemCode, Rejected, Text, rejected
from services.organization import between
from services.organization.commands import above, check_space, check_unclaimed, code_of, retire
from services.organization.tables import OrgLevel, former_codes, units
from services.organization.territory import (
    Fate,
    Journey,
    Line,
    bounded,
    called,
    directly_at,
    homes,
    lies_at,
    place_of,
    references,
    repoint,
    set_free,
    totals,
)
from services.storage.tables import INHERITED, METADATA
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import Amiss, valid

# What an administrator may name for a part; what lies in other tables stays, or goes to the successor.
WORDS: Mapping[str, str] = {
    "units": "org_unit",
    "party_organizations": "party_organization",
    "members": "member",
    "compounds": "compound",
    "companies": "property_company",
    "items": "service_item",
    "centres": "centre",
    "facilities": "facility",
    "shared_resources": "shared_resource",
}
PARTS = 20
NAMED = 10  # examples in a message


@dataclass(frozen=True, slots=True)
class Part:
    """One new unit: the columns of its own, and the rows that go to it."""

    number: int
    values: Mapping[str, Any]
    rows: Mapping[str, Sequence[Record]]  # by word

    def field(self, name: str) -> str:
        """How the input calls one of its fields."""
        return f"into.{self.number}.{name}"


async def split(
    tx: Transaction, *, unit: Record, into: Sequence[Mapping[str, Any]], dissolved: bool | None = None
) -> Outcome:
    """Split a unit; reports row by row what goes where, what stays, and how much that is in all.

    The row it leads to is the first new unit: who splits must hold the right there, too, beside the unit. Rejected
    where a row is named twice or does not lie directly at the unit; INCOMPLETE, telling what is left, where a dissolved
    unit is not emptied.
    """
    amiss = Amiss()
    parts = [_part(amiss, number, part, OrgLevel(unit["level"])) for number, part in enumerate(into)]
    with amiss.within():
        _check(unit, parts, fewest=2 if dissolved else 1)
    await tx.rows(select(units.c.id).where(units.c.id == unit["id"]).with_for_update())
    await _check_codes(tx, amiss, unit, parts)
    amiss.check()
    await _let_go(tx, unit, parts)
    if dissolved:
        await _check_complete(tx, unit, parts)
    before = await place_of(tx, unit["path"])
    lived = await homes(tx, unit["path"]) if dissolved else []
    made = [await _make(tx, unit, part) for part in parts]
    if dissolved:
        await _dissolve(tx, unit, made[0])
    journey = Journey(before, await place_of(tx, made[0]["path"]))
    report = [journey.row(kind, row, Fate.HOME_MOVED) for kind, row in lived]
    if dissolved:
        report.append(journey.row(units.name, unit, Fate.LOST))
    for part, row in zip(parts, made, strict=True):
        report += await _told(tx, part, row, before)
        freed = await set_free(tx, row["path"])
        there = Journey(before, await place_of(tx, row["path"]))
        report += there.rows("party_organization", freed, Fate.SET_FREE)
        report += await between.astray(tx, row["path"], there)
    if not dissolved:
        await tx.update(units, unit["id"])
        report += await _remaining(tx, unit["path"], before)
    return Outcome(made[0]["id"], bounded(report))


# --- what was asked for -----------------------------------------------------------------------------------------------


def _part(amiss: Amiss, number: int, given: Mapping[str, Any], level: OrgLevel) -> Part:
    """A part with those of its values that can be."""
    values: dict[str, Any] = {"level": level}
    with amiss.within(f"into.{number}"):
        values |= valid(units, {"name": given["name"]})
    with amiss.within(f"into.{number}"):
        values["code"] = code_of("code", given["code"], level)
    return Part(number, values, {word: given.get(word) or () for word in WORDS})


def _check(unit: Record, parts: Sequence[Part], *, fewest: int) -> None:
    if not fewest <= len(parts) <= PARTS:
        zh, en = f"须分出 {fewest} 至 {PARTS} 个单元。", f"Name {fewest} to {PARTS} new units."
        raise rejected(ProblemCode.INVALID, "into", zh, en)
    times = Counter(row["id"] for part in parts for rows in part.rows.values() for row in rows)
    problems: list[Problem] = []
    for part in parts:
        for word, rows in part.rows.items():
            elsewhere = [row for row in rows if row[lies_at(_table(word)).key] != unit["path"]]
            twice = [row for row in rows if times[row["id"]] > 1]
            problems += _problems(part.field(word), elsewhere, "不直接属于该单元：", "Not directly in the unit: ")
            problems += _problems(part.field(word), twice, "重复指定：", "Named twice: ")
    if problems:
        raise Rejected(problems)


def _problems(field: str, rows: Sequence[Record], zh: str, en: str) -> list[Problem]:
    names = _names(rows)
    return [Problem(ProblemCode.INVALID, field, Text(f"{zh}{names}。", f"{en}{names}."))] if rows else []


def _names(rows: Sequence[Record]) -> str:
    more = " …" if len(rows) > NAMED else ""
    return "、".join(row["name"] for row in rows[:NAMED]) + more


def _table(word: str) -> Table:
    return METADATA.tables[WORDS[word]]


async def _check_codes(tx: Transaction, amiss: Amiss, unit: Record, parts: Sequence[Part]) -> None:
    """TAKEN where a code is in use or leads to another unit; one the unit itself gave up may be used again."""
    codes = _codes(parts)
    used = {row["code"] for row in await tx.rows(select(units.c.code).where(units.c.code.in_(codes)))}
    for part in parts:
        if code := part.values.get("code"):
            with amiss.within():
                check_space(part.field("code"), code, above(unit))
                if code in used or code in _codes(parts[: part.number]):
                    raise rejected(
                        ProblemCode.TAKEN, part.field("code"), "该代码已被使用。", "Another unit has this code."
                    )
                await check_unclaimed(tx, part.field("code"), code, unit["id"])


def _codes(parts: Sequence[Part]) -> list[str]:
    return [part.values["code"] for part in parts if "code" in part.values]


async def _let_go(tx: Transaction, unit: Record, parts: Sequence[Part]) -> None:
    """What the unit gave up leads to the parts that have it now."""
    mine = former_codes.c
    await tx.rows(delete(former_codes).where(mine.unit_id == unit["id"], mine.code.in_(_codes(parts))))


async def _check_complete(tx: Transaction, unit: Record, parts: Sequence[Part]) -> None:
    """INCOMPLETE where something that can be named is not, telling what it is."""
    named = {row["id"] for part in parts for rows in part.rows.values() for row in rows}
    lying = await directly_at(tx, unit["path"])
    left = [row for kind, row in lying if kind in WORDS.values() and row["id"] not in named]
    if left:
        zh = f"还有 {len(left)} 项未安排去处：{_names(left)}。"
        en = f"{len(left)} more must be given a place: {_names(left)}."
        raise rejected(ProblemCode.INCOMPLETE, "into", zh, en)


# --- what is done -----------------------------------------------------------------------------------------------------


async def _make(tx: Transaction, unit: Record, part: Part) -> Record:
    """Make the unit of a part, under the same rules as the one it comes from, and put into it what is named."""
    made = await tx.insert(units, parent_path=unit["parent_path"], **part.values)
    path = f"{unit['parent_path'] or ''}{part.values['code']}/"
    for column in references():
        if INHERITED in column.table.info:
            await _copy(tx, column, unit["path"], path)
    for word, rows in part.rows.items():
        table = _table(word)
        changed = {lies_at(table).key: path, "version": table.c.version + 1}
        await tx.rows(update(table).where(table.c.id.in_([row["id"] for row in rows])).values(changed))
    return {"id": made, "name": part.values["name"], "path": path}


async def _copy(tx: Transaction, column: Column[Any], before: str, after: str) -> None:
    table = column.table
    assert isinstance(table, Table)
    new = {"id": func.gen_random_uuid(), column.key: literal(after, column.type), "version": literal(1)}
    copied = select(*(new.get(each.key, each) for each in table.c)).where(column == before)
    await tx.rows(insert(table).from_select([each.key for each in table.c], copied))


async def _dissolve(tx: Transaction, unit: Record, successor: Record) -> None:
    for column in references():
        if INHERITED in column.table.info:
            await tx.rows(delete(column.table).where(column == unit["path"]))
        else:
            await repoint(tx, column, unit["path"], successor["path"])
    await retire(tx, unit, successor["id"])


# --- what is told -----------------------------------------------------------------------------------------------------


async def _told(tx: Transaction, part: Part, made: Record, before: list[str]) -> list[Line]:
    journey = Journey(before, await place_of(tx, made["path"]))
    rows = [journey.row(WORDS[word], row) for word, named in part.rows.items() for row in named]
    copied: list[Line] = []
    for column in references():
        if INHERITED in column.table.info:
            copies = await tx.rows(called(column).where(column == made["path"]))
            copied += journey.rows(column.table.name, copies, Fate.ADDED)
    return [journey.row(units.name, made, Fate.ADDED), *copied, *rows, *await totals(tx, made["path"], journey)]


async def _remaining(tx: Transaction, path: str, place: list[str]) -> list[Line]:
    journey = Journey(place, place)
    rows = [journey.row(kind, row) for kind, row in await directly_at(tx, path)]
    freed = journey.rows("party_organization", await set_free(tx, path), Fate.SET_FREE)
    return [*freed, *rows, *await totals(tx, path, journey)]
