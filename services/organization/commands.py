"""Units made, renamed, recoded and moved; `merging` and `splitting` do the rest.

A unit's path is computed from the path of the unit above, and every row that lies in a unit follows by foreign key: a
move is one UPDATE of one row. A code that is given up keeps leading to its unit, or to the unit that took its place.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from services.errors import ProblemCode, Refused, Rule, conflict, rejected
from services.organization import between
from services.organization.codes import LENGTHS, LONGEST, canonical
from services.organization.recoding import Standing, continued, held, laid, late, lay, standing, too_long
from services.organization.tables import OrgLevel, former_codes, party_organizations, units
from services.organization.territory import Fate, Journey, bounded, place_of, set_free, totals
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import valid

RULES: Mapping[str, Rule] = {
    "org_unit_code_key": Rule("code", "该代码已被使用。", "Another unit has this code.", ProblemCode.TAKEN),
    "org_unit_path_key": Rule("code", "该代码已被使用。", "Another unit has this code.", ProblemCode.TAKEN),
    "org_unit_acyclic_check": Rule(
        "parent", "单元不能置于自身或其下级之下。", "A unit cannot lie below itself.", ProblemCode.INVALID
    ),
    "org_unit_parent_path_fkey": Rule(
        "parent", "他人刚刚调整了上级单元，请重新读取。", "Someone else has just changed the unit above; read it again."
    ),
}

NAMED = 10  # examples in a message
LEVELS = list(OrgLevel)
DIGITS = dict(zip(LEVELS, LENGTHS, strict=False))  # of the levels the statistics bureau codes; longer below


async def create(tx: Transaction, *, parent: Record, name: str, code: str, level: OrgLevel) -> UUID:
    """Make a unit directly below another; its id. TAKEN for a code in use, or one that leads to another unit."""
    _check_level("level", parent, level)
    short = code_of("code", code, level)
    check_space("code", short, parent["code"])
    await check_unclaimed(tx, "code", short)
    return await tx.insert(units, parent_path=parent["path"], level=level, code=short, **valid(units, {"name": name}))


async def rename(tx: Transaction, *, unit: Record, name: str) -> UUID:
    """Give a unit another name; its id."""
    return await tx.update(units, unit["id"], **valid(units, {"name": name}))


async def recode(tx: Transaction, *, unit: Record, code: str, below: bool | None = None) -> Outcome:
    """Give a unit another code; the old one keeps leading here.

    Codes below it that begin with the old one begin with the new one from now on, unless `below` is false; the report
    has a line for every unit below, also for those whose codes begin otherwise and stay. TAKEN, telling which, where
    one of the new codes is, or leads to, another unit.
    """
    short = code_of("code", code, OrgLevel(unit["level"]))
    check_space("code", short, above(unit))
    lying = await standing(tx.connection, unit["path"])
    alone = below is False
    codes = {
        each.id: short if each.id == unit["id"] else each.code if alone else continued(each.code, unit["code"], short)
        for each in lying
    }
    new = {each.id: codes[each.id] for each in lying if codes[each.id] != each.code}
    await _check_free(tx, new)
    placed = laid(lying, new)
    await lay(tx.connection, placed)
    if not alone and await late(tx.connection, placed[0].path, lying):
        zh, en = "他人刚刚在其下新设了单元，请重试。", "Someone else has just made a unit below it; try again."
        raise conflict(zh, en)
    if not new:
        await tx.update(units, unit["id"])
    return Outcome(unit["id"], [_recoded(each, codes[each.id]) for each in lying[: 1 if alone else None]])


def _recoded(unit: Standing, code: str) -> Mapping[str, object]:
    return {"kind": units.name, "id": unit.id, "name": unit.name, "old_code": unit.code, "new_code": code}


async def _check_free(tx: Transaction, codes: Mapping[UUID, str]) -> None:
    """Rejected, naming what is in the way, where codes cannot be what they are to be."""
    if long := too_long(codes.values()):
        zh, en = f"下级代码会超过 {LONGEST} 位：{long[0]}。", f"A code below would be too long: {long[0]}."
        raise rejected(ProblemCode.INVALID, "code", zh, en)
    if found := await held(tx.connection, codes):
        names = "、".join(f"{code} {name}" for code, name in found[:NAMED]) + (" …" if len(found) > NAMED else "")
        zh = f"有 {len(found)} 个代码是、或仍指向其他单元：{names}。"
        en = f"{len(found)} of the codes are other units', or still lead there: {names}."
        raise rejected(ProblemCode.TAKEN, "code", zh, en)


async def move(tx: Transaction, *, unit: Record, parent: Record) -> Outcome:
    """Put a unit, with everything in it and below it, directly below another; reports how much that is, by kind."""
    if parent["path"].startswith(unit["path"]):
        raise RULES["org_unit_acyclic_check"].refusal()
    if parent["path"] == unit["parent_path"]:
        raise rejected(ProblemCode.INVALID, "parent", "该单元已在其下。", "The unit lies directly below it already.")
    _check_level("parent", parent, OrgLevel(unit["level"]))
    before = await place_of(tx, unit["path"])
    await tx.update(units, unit["id"], parent_path=parent["path"])
    path = f"{parent['path']}{unit['code']}/"
    freed = await set_free(tx, path)
    journey = Journey(before, await place_of(tx, path))
    parted = await between.part(tx, path, journey)
    told = [journey.row(units.name, unit), *journey.rows(party_organizations.name, freed, Fate.SET_FREE), *parted]
    return Outcome(unit["id"], bounded([*told, *await totals(tx, path, journey)]))


# --- codes ------------------------------------------------------------------------------------------------------------


def code_of(field: str, text: str, level: OrgLevel) -> str:
    """The code as it is kept, if one of this level can be so; Rejected, for this field, otherwise."""
    try:
        code = canonical(text.strip())
    except Refused as refused:
        raise rejected(ProblemCode.INVALID, field, refused.text.zh, refused.text.en) from None
    digits = DIGITS.get(level)
    if digits is None and len(code) <= LENGTHS[-1]:
        zh, en = f"该层级的代码须多于 {LENGTHS[-1]} 位。", f"A code of this level has more than {LENGTHS[-1]} digits."
        raise rejected(ProblemCode.INVALID, field, zh, en)
    if digits is not None and len(code) != digits:
        zh, en = f"该层级的代码须为 {digits} 位。", f"A code of this level has {digits} digits."
        raise rejected(ProblemCode.INVALID, field, zh, en)
    return code


def above(unit: Record) -> str:
    """The code of the unit above; "" where there is none."""
    return str(unit["parent_path"] or "/").split("/")[-2]


def check_space(field: str, code: str, parent: str) -> None:
    """Rejected unless a code continues its parent's: other codes are other units' to give."""
    if not code.startswith(parent):
        zh, en = f"代码须以上级代码 {parent} 开头。", f"The code must begin with {parent}, that of the unit above."
        raise rejected(ProblemCode.INVALID, field, zh, en)


async def check_unclaimed(tx: Transaction, field: str, code: str, own: UUID | None = None) -> None:
    """Rejected where a code that another unit gave up still leads there; `own` may take its own back."""
    held = former_codes.c
    if await tx.value(select(held.unit_id).where(held.code == code, held.unit_id.is_distinct_from(own))):
        zh, en = "该代码曾属另一单元，仍须指向该单元。", "This code was another unit's and still leads to it."
        raise rejected(ProblemCode.TAKEN, field, zh, en)


async def keep_code(tx: Transaction, code: str, unit: UUID) -> None:
    """Let a code that is given up lead to a unit."""
    await tx.rows(insert(former_codes).values(code=code, unit_id=unit).on_conflict_do_nothing())


async def retire(tx: Transaction, unit: Record, successor: UUID) -> None:
    """Remove a unit nothing lies in any more; its codes, and what the trail has of it, lead to its successor."""
    held = former_codes.c
    kept = select(held.code, literal(successor, held.unit_id.type), held.ended_at).where(held.unit_id == unit["id"])
    taken = insert(former_codes).from_select(["code", "unit_id", "ended_at"], kept).on_conflict_do_nothing()
    await tx.rows(taken)
    await tx.rows(select(func.set_config("jinlin.heir", str(successor), True)))
    await tx.rows(delete(units).where(units.c.id == unit["id"]))
    await tx.rows(select(func.set_config("jinlin.heir", "", True)))
    await keep_code(tx, unit["code"], successor)
    present = await tx.value(select(units.c.code).where(units.c.id == successor))
    await _present(tx, present, successor)


async def _present(tx: Transaction, code: str, unit: UUID) -> None:
    """A code its unit has is no former one."""
    await tx.rows(delete(former_codes).where(former_codes.c.code == code, former_codes.c.unit_id == unit))


def _check_level(field: str, parent: Record, level: OrgLevel) -> None:
    if LEVELS.index(OrgLevel(parent["level"])) >= LEVELS.index(level):
        zh, en = "上级单元的层级须高于该单元。", "The unit above must be of a higher level."
        raise rejected(ProblemCode.INVALID, field, zh, en)
