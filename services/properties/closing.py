"""Closing a compound: what ends that day, and what is in the way of it, all of it at once.

Captains' terms and committee posts belong to areas above this one. The database refuses to close what they still run
in; it is asked of each building and each committee by itself, so that each is named.
"""

from collections.abc import Awaitable, Mapping
from datetime import date
from typing import Any

import asyncpg
from sqlalchemy import ColumnElement, Table, or_, select, update

from services.errors import ProblemCode
from services.properties.tables import buildings, contracts, coverages, owners_committees, sharings
from services.storage.closing import end_running
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss

CAPTAINS, POSTS = "building_captain_term_check", "owners_committee_post_check"

# What can begin after the day, and by which command that is taken back.
TO_COME: tuple[tuple[Table, str, str, str], ...] = (
    (contracts, "物业合同", "A contract", "cancelContract"),
    (coverages, "党组织覆盖", "A coverage", "cancelCoverage"),
    (owners_committees, "业委会", "An owners' committee", "cancelOwnersCommittee"),
    (sharings, "共享", "A sharing", "strikeOutSharing"),
)


async def end_within(tx: Transaction, compound: Record, on: date) -> None:
    """Close a compound's buildings, and end its contract, coverage, committee and sharings on that day.

    Rejected with all that begins after it, or runs on in a building or a committee.
    """
    amiss, today = Amiss(), await tx.today()
    for table, zh, en, command in TO_COME:
        begin = select(table.c.since).where(table.c.compound_id == compound["id"], table.c.since > on)
        for row in await tx.rows(begin.order_by(table.c.since)):
            _tell(amiss, row["since"], today, zh, en, command)
    for table in (contracts, coverages, sharings):
        await _end(tx, table, on, table.c.compound_id == compound["id"])
    held = await _end_committees(tx, compound, on), await _close_buildings(tx, compound, on)
    for names, (zh, en) in zip(held, HELD, strict=True):
        if names:
            amiss.tell(ProblemCode.CLOSED, "on", zh.format("、".join(names)), en.format(", ".join(names)))
    amiss.check()


HELD = (
    (
        "业委会中有人在此日之后仍任职（{}）：请先办理卸任（endPost），尚未开始的请撤销（cancelPost）。",
        "Posts run on after this day in {}: endPost first, and cancelPost what is to come.",
    ),
    (
        "有楼栋的楼长在此日之后仍在任（{}）：请先办理卸任（endCaptainTerm），尚未开始的请撤销（cancelCaptainTerm）。",
        "Captains serve after this day in {}: endCaptainTerm first, and cancelCaptainTerm what is to come.",
    ),
)


def _tell(amiss: Amiss, since: date, today: date, zh: str, en: str, command: str) -> None:
    """What begins after the day: it is taken back, as it has not begun, or the compound is closed later."""
    zh, en = f"{zh}自 {since} 起", f"{en} begins on {since}"
    if since >= today:
        zh, en = f"{zh}：请先撤销（{command}），或改日停用。", f"{en}: take it back first ({command}), or close later."
    else:
        zh, en = f"{zh}：请改为该日或之后停用。", f"{en}: close on that day or later."
    amiss.tell(ProblemCode.CLOSED, "on", zh, en)


async def _end_committees(tx: Transaction, compound: Record, on: date) -> list[str]:
    """End them; the names of those in which a post runs on."""
    of = owners_committees
    found = select(of.c.id, of.c.name).where(of.c.compound_id == compound["id"]).order_by(of.c.since)
    names = {row["id"]: row["name"] for row in await tx.rows(found)}
    return [name for id_, name in names.items() if not await _done(tx, POSTS, _end(tx, of, on, of.c.id == id_))]


async def _close_buildings(tx: Transaction, compound: Record, on: date) -> list[str]:
    """Close them; the names of those of which somebody is captain after the day."""
    of = buildings
    standing = (of.c.compound_id == compound["id"], or_(of.c.closed_on.is_(None), of.c.closed_on > on))
    if await _done(tx, CAPTAINS, _close(tx, on, *standing)):
        return []
    found = await tx.rows(select(of.c.id, of.c.name).where(*standing).order_by(of.c.folded, of.c.id))
    return [row["name"] for row in found if not await _done(tx, CAPTAINS, _close(tx, on, of.c.id == row["id"]))]


async def _done(tx: Transaction, constraint: str, command: Awaitable[None]) -> bool:
    """Whether something could be done; False where this constraint keeps it from being, and nothing of it is."""
    try:
        async with tx.connection.transaction():
            await command
    except asyncpg.IntegrityConstraintViolationError as violated:
        if violated.constraint_name != constraint:
            raise
        return False
    return True


async def _end(tx: Transaction, table: Table, on: date, which: ColumnElement[bool]) -> None:
    await end_running(tx, table, on, which, table.c.since <= on, kept=_kept(table.c.until))


async def _close(tx: Transaction, on: date, *which: ColumnElement[bool]) -> None:
    of = buildings
    values = {"closed_on": on, "version": of.c.version + 1, **_kept(of.c.closed_on)}
    await tx.rows(update(of).where(*which).values(values))


def _kept(last: ColumnElement[Any]) -> Mapping[str, Any]:
    """What is kept of what closing a compound ends, for `reopening`; `last` is the last day it had."""
    return {"cut_by_closing": True, "before_closing": last}
