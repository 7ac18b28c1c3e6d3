"""Looks 每周一看 at centres are recorded, scored by several people, corrected and struck out.

Every command that changes a score locks the look first, so that its mean is of all that were given.
"""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete, select

from services.centres.centres import there
from services.centres.look_tables import MOST, items, looks, scores
from services.centres.tables import centres
from services.errors import Code, ProblemCode, Refused, rejected
from services.names import proper
from services.storage import correcting
from services.storage.closing import past
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid

LONGEST = 500  # characters of a remark
POINTS = "points"
Rows = Sequence[Mapping[str, Any]]


class Remark(TypedDict, total=False):
    """A remark, changed only where it is given."""

    remark: str | None


class Said(Remark, total=False):
    """What an update may change."""

    held_on: date | None


# --- looks ------------------------------------------------------------------------------------------------------------


async def record(tx: Transaction, *, centre: Record, sheet: Record, held_on: date, remark: str | None = None) -> UUID:
    """Record a look at a centre by a sheet; its id.

    Rejected for a day to come, by a sheet that does not reach the centre or was withdrawn by that day, and for a second
    look at a centre on one day. Another day of the week than the sheet's is told of the look, and not refused.
    """
    amiss = Amiss()
    with amiss.within():
        there(centre, "held_on", await past(tx, "held_on", held_on), await tx.today())
    with amiss.within():
        _serves(sheet, centre, held_on)
    with amiss.within():
        remark = _remark(remark)
    amiss.check()
    place = {"centre_id": centre["id"], "unit_path": centre["unit_path"]}
    return await tx.insert(looks, **place, sheet_id=sheet["id"], held_on=held_on, remark=remark)


async def update(tx: Transaction, *, look: Record, **changes: Unpack[Said]) -> UUID:
    """Change the day or the remark; its id."""
    values: dict[str, Any] = valid(looks, {name: each for name, each in changes.items() if name == "held_on"})
    if values:
        centre = await tx.row(select(centres).where(centres.c.id == look["centre_id"]))
        assert centre is not None  # what a look is at
        there(centre, "held_on", await past(tx, "held_on", values["held_on"]), await tx.today())
    if "remark" in changes:
        values["remark"] = _remark(changes["remark"])
    return await tx.update(looks, look["id"], **values)


async def strike_out(tx: Transaction, *, look: Record, reason: str) -> UUID:
    """Remove one that never was, and what was given at it; the centre's id."""
    await correcting.note(tx, look, proper("reason", reason))
    await tx.rows(delete(scores).where(scores.c.look_id == look["id"]))
    await tx.rows(delete(looks).where(looks.c.id == look["id"]))
    centre: UUID = look["centre_id"]
    return centre


# --- scores -----------------------------------------------------------------------------------------------------------


async def score(tx: Transaction, *, look: Record, points: Rows, by: UUID, remark: str | None = None) -> UUID:
    """Give a look's items their points, once for each person; the id of what was given."""
    sheet = await _sheet(tx, look)
    made = _given(sheet, points)
    place = {"look_id": look["id"], "unit_path": look["unit_path"], "scorer_id": by}
    given = await tx.insert(scores, **place, **made, remark=_remark(remark))
    await _count(tx, look["id"], sheet)
    return given


async def correct(tx: Transaction, *, score: Record, points: Rows, by: UUID, **said: Unpack[Remark]) -> UUID:
    """Give them others; its id. FORBIDDEN for whoever did not give them."""
    if score["scorer_id"] != by:
        zh, en = "只能更正本人的评分。", "Nobody corrects what others gave."
        raise Refused(Code.FORBIDDEN, zh, en, argument=("input",))
    locked = select(looks).where(looks.c.id == score["look_id"]).with_for_update(key_share=True)
    (look,) = await tx.rows(locked)
    sheet = await _sheet(tx, look)
    remark = {"remark": _remark(said["remark"])} if "remark" in said else {}
    given = await tx.update(scores, score["id"], **_given(sheet, points), **remark)
    await _count(tx, look["id"], sheet)
    return given


async def _sheet(tx: Transaction, look: Record) -> Rows:
    """The items of the sheet of a look, in their order."""
    return await tx.rows(select(items).where(items.c.sheet_id == look["sheet_id"]).order_by(items.c.number))


async def _count(tx: Transaction, look: UUID, sheet: Rows) -> None:
    """Keep the mean of all that was given at a look, locked, with it: exact, and rounded once."""
    given = await tx.rows(select(scores.c.points).where(scores.c.look_id == look))
    mean = sum((weighed(sheet, row["points"]) for row in given), Fraction()) / len(given)
    await tx.update(looks, look, score=rounded(mean))


def _given(sheet: Rows, rows: Rows) -> dict[str, Any]:
    """Points of every item in the order of the sheet, and what they come to; Rejected with all that is amiss."""
    most = {item["name"]: item["most"] for item in sheet}
    amiss, made = Amiss(), dict[str, int]()
    for number, row in enumerate(rows):
        with amiss.within(f"{POINTS}.{number}"):
            name = row["item"].strip()
            _once(most, made, name)
            made[name] = row["points"]
            _within(most[name], row["points"])
    if missing := "、".join(name for name in most if name not in made):
        amiss.tell(ProblemCode.INCOMPLETE, POINTS, f"缺少：{missing}。", f"These are missing: {missing}.")
    amiss.check()
    points = [made[name] for name in most]
    return {"points": points, "score": rounded(weighed(sheet, points))}


def _once(most: Container[str], made: Container[str], item: str) -> None:
    if item not in most:
        raise rejected(ProblemCode.OUT_OF_REACH, "item", "评分表中没有此项。", "The sheet has no such item.")
    if item in made:
        raise rejected(ProblemCode.TAKEN, "item", "该项已打分。", "This item was given its points already.")


def _within(most: int, points: int) -> None:
    if not 0 <= points <= most:
        raise rejected(ProblemCode.INVALID, "points", f"须为 0 至 {most}。", f"This must be 0 to {most}.")


def weighed(sheet: Rows, points: Sequence[int]) -> Fraction:
    """What points come to of a hundred: each item by its weight, whatever the most points of it are."""
    each = (Fraction(item["weight"] * given, item["most"]) for item, given in zip(sheet, points, strict=True))
    weight: int = sum(item["weight"] for item in sheet)
    return sum(each, Fraction()) * MOST / weight


def rounded(score: Fraction) -> Decimal:
    """To two digits, halves up."""
    return Decimal(int(score * 100 + Fraction(1, 2))) / 100


# --- what is checked --------------------------------------------------------------------------------------------------


def _remark(text: str | None) -> str | None:
    return None if text is None else proper("remark", text, LONGEST)


def _serves(sheet: Record, centre: Record, held_on: date) -> None:
    if not sheet:  # not the caller's, which is told beside what else is amiss
        return
    if not centre["unit_path"].startswith(sheet["unit_path"]):
        zh, en = "该评分表不及于此中心所在单元。", "The sheet does not reach the unit the centre lies in."
        raise rejected(ProblemCode.OUT_OF_REACH, "sheet", zh, en)
    if sheet["withdrawn_on"] is not None and held_on >= sheet["withdrawn_on"]:
        raise rejected(ProblemCode.CLOSED, "sheet", "该评分表当日已撤回。", "The sheet was withdrawn by that day.")
