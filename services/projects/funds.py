"""Funds are opened, renamed, given to, and closed: year by year, and for good once nothing is left."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.errors import ProblemCode, rejected
from services.projects.days import come
from services.projects.fund_reading import balance
from services.projects.fund_tables import IN, MOST, FundAwardStatus, FundEntryKind, awards, entries, funds
from services.storage.closing import lately, only_open, past
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid
from services.terms import CHINA


async def open_(tx: Transaction, *, unit: Record, name: str, begun_on: date, compound: Record | None = None) -> UUID:
    """Open a fund of a unit, or of a compound there; its id. Rejected for a compound elsewhere, or that has one."""
    amiss, made, place = Amiss(), dict[str, Any](), {"unit_path": unit["path"]}
    with amiss.within():
        made |= valid(funds, {"name": name})
    with amiss.within():
        made["begun_on"] = await come(tx, "begun_on", begun_on)
    if compound is not None:
        place = {"unit_path": compound["unit_path"], "compound_id": compound["id"]}
        with amiss.within():
            only_open(compound=compound)
        if compound and not compound["unit_path"].startswith(unit["path"]):
            zh, en = "该小区不在此单元。", "The compound does not lie in this unit."
            amiss.tell(ProblemCode.OUT_OF_REACH, "compound", zh, en)
    amiss.check()
    return await tx.insert(funds, **place, **made)


async def rename(tx: Transaction, *, fund: Record, name: str) -> UUID:
    """Call it something else, as where units that are merged have funds of one name; its id."""
    only_open(fund=fund)
    return await tx.update(funds, fund["id"], **valid(funds, {"name": name}))


async def donate(
    tx: Transaction,
    *,
    fund: Record,
    kind: FundEntryKind,
    amount: Decimal,
    received_at: datetime,
    by: UUID,
    donor: str | None = None,
) -> UUID:
    """Enter what was given to a fund, locked; the fund's entry's id. It is of the day it came by China's clock."""
    only_open(fund=fund)
    amiss, made = Amiss(), dict[str, Any]()
    if kind not in IN:
        amiss.tell(ProblemCode.INVALID, "kind", "须为捐赠类别。", "This must be a kind of donation.")
    if donor is not None and kind != FundEntryKind.UNITS:
        zh, en = "仅单位捐赠可填名称。", "Only organizations are named."
        amiss.tell(ProblemCode.INVALID, "donor", zh, en)
    with amiss.within():
        made |= {"kind": kind, "amount": some(amount)}
    with amiss.within():
        made |= {} if donor is None else valid(entries, {"donor": donor})
    with amiss.within():
        made["booked_on"] = await _bookable(tx, fund, received_at)
    amiss.check()
    return await tx.insert(entries, **of(fund), **made, entered_by=by)


async def close_year(tx: Transaction, *, fund: Record, year: int) -> UUID:
    """Enter nothing any more into a year that is over, nor into those before it; the fund's id."""
    only_open(fund=fund)
    if year >= (await tx.today()).year:
        raise rejected(ProblemCode.INVALID, "year", "该年度尚未结束。", "The year is not over.")
    if year < fund["begun_on"].year:
        raise rejected(ProblemCode.INVALID, "year", "该年度尚无此基金。", "There was no such fund in that year.")
    if fund["closed_year"] is not None and year <= fund["closed_year"]:
        raise rejected(ProblemCode.CLOSED, "year", "该年度已结账。", "The year is closed already.")
    return await tx.update(funds, fund["id"], closed_year=year)


async def close(tx: Transaction, *, fund: Record, on: date) -> UUID:
    """Close a fund in which nothing is left, and for which nothing is proposed; its id."""
    only_open(fund=fund)
    day = await lately(tx, "on", on)
    waiting = select(awards.c.id).where(awards.c.fund_id == fund["id"], awards.c.status == FundAwardStatus.PROPOSED)
    if await tx.row(waiting) is not None or await tx.value(select(balance(fund["id"]))) != 0:
        zh, en = "余额须为零，且无待审批支出。", "Its balance must be zero, and nothing proposed."
        raise rejected(ProblemCode.CLOSED, "fund", zh, en)
    last = await tx.value(select(func.max(entries.c.booked_on)).where(entries.c.fund_id == fund["id"]))
    if last is not None and day < last:
        zh, en = f"不能早于最后一笔收支（{last}）。", f"This cannot lie before the last entry: {last}."
        raise rejected(ProblemCode.INVALID, "on", zh, en)
    return await tx.update(funds, fund["id"], closed_on=day)


def of(row: Record) -> dict[str, Any]:
    """The fund, or whatever belongs to it, as what belongs to it as well says it."""
    return {"fund_id": row.get("fund_id", row["id"]), "unit_path": row["unit_path"]}


def some(amount: Decimal) -> Decimal:
    """The amount; Rejected unless it is more than nothing, and no more than an entry holds."""
    if not 0 < amount <= MOST:
        raise rejected(ProblemCode.INVALID, "amount", f"须大于零，至多 {MOST}。", f"More than 0, and {MOST} at most.")
    return amount


async def _bookable(tx: Transaction, fund: Record, moment: datetime) -> date:
    """The day of a moment in China; Rejected where the fund does not take it."""
    there = moment.replace(tzinfo=CHINA) if moment.tzinfo is None else moment.astimezone(CHINA)
    day = await past(tx, "received_at", there.date())
    if day < fund["begun_on"]:
        zh, en = "不能早于基金设立日期。", "It cannot lie before the fund began."
        raise rejected(ProblemCode.INVALID, "received_at", zh, en)
    if fund["closed_year"] is not None and day.year <= fund["closed_year"]:
        raise rejected(ProblemCode.CLOSED, "received_at", "该年度已结账。", "The year is closed.")
    return day
