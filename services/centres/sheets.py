"""Scoring sheets 评分表 are published by a unit for itself and all below, and withdrawn; what was scored stays."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select

from services.centres.look_tables import items as table
from services.centres.look_tables import looks, sheets
from services.errors import ProblemCode, rejected
from services.storage.closing import lately
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, names, twins, valid

ITEMS = "items"
Rows = Sequence[Mapping[str, Any]]


async def publish(tx: Transaction, *, unit: Record, name: str, items: Rows, weekday: int | None = None) -> UUID:
    """Publish a sheet; its id. It cannot be changed: another one takes its place, and scores stay as they were."""
    amiss, made = Amiss(), {}
    with amiss.within():
        made = valid(sheets, {"name": name, "weekday": weekday})
    with amiss.within():
        listed = _items(items)
    amiss.check()
    sheet = await tx.insert(sheets, unit_path=unit["path"], **made)
    of = {"sheet_id": sheet, "unit_path": unit["path"]}
    await tx.insert_all(table, [{"id": uuid4(), **of, **row} for row in listed])
    return sheet


async def withdraw(tx: Transaction, *, sheet: Record, on: date) -> UUID:
    """Let no look of a day from this one on be by a sheet; its id. Rejected once withdrawn, and up to the last look."""
    if sheet["withdrawn_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "sheet", "该评分表已撤回。", "The sheet was withdrawn already.")
    day = await lately(tx, "on", on)
    last = await tx.value(select(func.max(looks.c.held_on)).where(looks.c.sheet_id == sheet["id"]))
    if last is not None and day <= last:
        zh, en = f"该评分表 {last} 仍在使用，须在此之后。", f"It was used on {last}: withdraw it from a later day."
        raise rejected(ProblemCode.INVALID, "on", zh, en)
    return await tx.update(sheets, sheet["id"], withdrawn_on=day)


def _items(rows: Rows) -> list[dict[str, Any]]:
    """Each item in its order, weighing what it has points where nothing is said; Rejected with all that is amiss."""
    amiss = Amiss()
    if not rows:
        amiss.tell(ProblemCode.INCOMPLETE, ITEMS, "至少填写一项。", "Give one item at least.")
    made: list[dict[str, Any]] = []
    for number, row in enumerate(rows, 1):
        with amiss.within(f"{ITEMS}.{number - 1}"):
            said = {name: each for name, each in row.items() if name != "weight" or each is not None}
            values = valid(table, said)
            made.append({"weight": values["most"], **values, "number": number})
    amiss.add(twins(ITEMS, names(rows)))
    amiss.check()
    return made
