"""Closing: something is recorded as no longer there, and what ran in it ends on that day.

Only what has come is recorded: a row with `closed_on` is closed, whatever day it is, and no query compares days.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Table, or_, select, update

from services.errors import Problem, ProblemCode, Rejected, Text, rejected
from services.names import proper
from services.storage.correcting import DAY, Report, Succession, take_back, told
from services.storage.transaction import Record, Transaction
from services.terms import BACK, ending, reasonable


def only_open(**rows: Record | None) -> None:
    """Rejected, for the fields the rows were named by, where one of them is closed; of UNKNOWN nothing is said."""
    text = Text("已停用。", "This is closed.")
    closed = [field for field, row in rows.items() if row and row["closed_on"] is not None]
    if closed:
        raise Rejected([Problem(ProblemCode.CLOSED, field, text) for field in closed])


def only_closed(**rows: Record) -> None:
    """Rejected, for the fields the rows were named by, where one of them is open."""
    for field, row in rows.items():
        if row["closed_on"] is None:
            raise rejected(ProblemCode.INVALID, field, "未停用，无须恢复。", "This is open.")


async def past(tx: Transaction, field: str, day: date) -> date:
    """The day, if it has come; Rejected, for this field, otherwise."""
    if reasonable(field, day) > await tx.today():
        raise rejected(ProblemCode.INVALID, field, "日期不能晚于今天。", "The day must not lie ahead.")
    return day


async def recent(tx: Transaction, field: str, day: date, correction: str | None = None) -> date:
    """The day, if what runs may end there or be closed; Rejected, for this field, where that is more than `BACK` ago.

    What lies further back is for `correction` to say, a command, where there is one.
    """
    return within_reach(field, day, await tx.today(), correction)


def within_reach(field: str, day: date, today: date, correction: str | None = None) -> date:
    """The same, for whoever knows what day it is."""
    if day < today - BACK:
        raise _too_far_back(field, correction)
    return day


async def lately(tx: Transaction, field: str, day: date) -> date:
    """The day, if it has come and is `recent`; Rejected, for this field, otherwise."""
    return await recent(tx, field, await past(tx, field, day))


async def end_running(
    tx: Transaction, table: Table, on: date, *which: ColumnElement[bool], kept: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """Make `on` the last day of the terms that would hold longer, each with what is `kept` beside it.

    Rejected where one begins only after it.
    """
    term: Any = table.c
    lasting = (*which, or_(term.until.is_(None), term.until > on))
    found = await tx.rows(select(term.since).where(*lasting).with_for_update())
    if any(row["since"] > on for row in found):
        zh = "此日之后还有合同、覆盖或任期开始，请先终止或改日停用。"
        en = "A contract, coverage or term begins after this day: end it first, or close later."
        raise rejected(ProblemCode.CLOSED, "on", zh, en)
    await tx.rows(update(table).where(*lasting).values(until=on, version=term.version + 1, **kept))


async def cancel(tx: Transaction, field: str, of: Succession, row: Record) -> Report:
    """Take back a term that begins today or later, as if it had never been; Rejected once it has run for a day.

    A term that was cut to make room for it has the end again that it had; what changed, see `take_back`.
    """
    if row["since"] < await tx.today():
        zh = "任期已经开始：请改为办理终止；若本不存在，请用删除（strikeOut…）。"
        en = "The term has begun: end it instead, or strike it out (strikeOut…) if it never was."
        raise rejected(ProblemCode.CLOSED, field, zh, en)
    return await take_back(tx, of, row)


async def end(
    tx: Transaction, table: Table, row: Record, on: date, reason: str | None = None, *, correction: str | None = None
) -> UUID:
    """Make `on` the last day of one term, for a reason where one is kept; its id. No end is put off.

    Rejected where that is more than `BACK` ago: it is for `correction` to say, a command.

    It is the term's own from then on: neither what begins after it nor what was closed has cut it, and neither gives
    anything back.
    """
    ending("on", row["since"], row["until"], on)
    await recent(tx, "on", on, correction)
    why: dict[str, Any] = {} if reason is None else {"end_reason": proper("reason", reason)}
    if "cut_id" in table.c:
        await tx.rows(update(table).where(table.c.cut_id == row["id"]).values(cut_id=None, cut_until=None))
    if "moved_id" in table.c:
        why |= {"moved_id": None, "before_move": None}
    if "cut_by_closing" in table.c:
        why |= {"cut_by_closing": False, "before_closing": None}
    return await tx.update(table, row["id"], until=on, **why)


def _too_far_back(field: str, correction: str | None) -> Rejected:
    """The refusal of a day that lies more than `BACK` ago, and who may go further back, by which command."""
    zh, en = f"最多可追溯 {BACK.days} 天", f"This can lie {BACK.days} days back at most."
    if correction is None:
        return rejected(ProblemCode.INVALID, field, f"{zh}。", en)
    zh += f"；更早的由有更正权限者办理：先以可用的日期办理，再用 {correction} 更正日期。"
    en += f" Whoever may correct can go further back: record it with a day that can be, then move it by `{correction}`."
    return rejected(ProblemCode.INVALID, field, zh, en)


class Cut(NamedTuple):
    """What a term that follows keeps of the one it cut, and what of that one is told."""

    kept: dict[str, Any]
    told: Report


async def cut(tx: Transaction, table: Table, row: Record, on: date, *, field: str, correction: str) -> Cut:
    """End a term, locked, on the day before `on`, for one that follows. Rejected, for the field that says when, where
    that is more than `BACK` ago: it is for `correction` to say, a command.

    Once that has begun, so that whoever comes second hears of it first, `ending` says whether it could end then: what
    is over stays as it was, and whoever may only hand over does not change who held it.
    """
    await recent(tx, field, on, correction)
    last = on - DAY
    await tx.update(table, row["id"], until=last)
    return Cut({"cut_id": row["id"], "cut_until": row["until"]}, [told(table, row, {**row, "until": last})])
