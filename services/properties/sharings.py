"""Compounds that lie across two communities: one is a compound's home, others share it, each for a time."""

from collections.abc import Mapping
from datetime import date
from typing import Unpack
from uuid import UUID

from sqlalchemy import func, literal, or_, select

from services.errors import ProblemCode, Rule, rejected
from services.organization.tables import OrgLevel, units
from services.properties.tables import SHARINGS, sharings
from services.storage import correcting
from services.storage.closing import end, only_open
from services.storage.correcting import OUTLASTS, Days, Report
from services.storage.tables import BYTEWISE
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.validation import valid
from services.terms import BACKWARDS, today


async def share(tx: Transaction, *, compound: Record, unit: Record, since: date, until: date | None = None) -> UUID:
    """Let a community share a compound for a time; the sharing's id.

    Rejected for what is no community, and for one the compound lies in. CONFLICT where it shares it then already.
    """
    only_open(compound=compound)
    if unit["level"] != OrgLevel.COMMUNITY:
        zh, en = "须为村（社区）。", "It is a community or a village that shares a compound."
        raise rejected(ProblemCode.INVALID, "unit", zh, en)
    if compound["unit_path"].startswith(unit["path"]):
        zh, en = "该小区本就在此单元内。", "The compound lies in this unit anyway."
        raise rejected(ProblemCode.INVALID, "unit", zh, en)
    term = valid(sharings, {"since": since, "until": until})
    place = {"compound_id": compound["id"], "unit_path": compound["unit_path"], "sharer_path": unit["path"]}
    return await tx.insert(sharings, **place, **term)


async def end_sharing(tx: Transaction, *, sharing: Record, on: date) -> UUID:
    """Make `on` the last day of a sharing; its id."""
    return await end(tx, sharings, sharing, on, correction="correctSharing")


async def correct_sharing(tx: Transaction, *, sharing: Record, reason: str, **days: Unpack[Days]) -> Outcome:
    """Set right a sharing's days; its id. Rejected where a unit would share what lies in it by now, today or later."""
    until = days.get("until", sharing["until"])
    if sharing["unit_path"].startswith(sharing["sharer_path"]) and (until is None or until >= await tx.today()):
        zh, en = (
            "该小区现已在此单元内，共享不能延续至今。",
            "The compound lies in this unit by now: the sharing is over.",
        )
        raise rejected(ProblemCode.INVALID, "until", zh, en)
    report = await correcting.correct(tx, "sharing", SHARINGS, sharing, reason, days)
    return Outcome(sharing["id"], await _of_sharer(tx, sharing, report))


async def strike_out_sharing(tx: Transaction, *, sharing: Record, reason: str) -> Outcome:
    """Remove a sharing that never was; the compound's id."""
    report = await correcting.strike_out(tx, "sharing", SHARINGS, sharing, reason)
    return Outcome(sharing["compound_id"], await _of_sharer(tx, sharing, report))


async def _of_sharer(tx: Transaction, sharing: Record, report: Report) -> Report:
    """The report of a sharing, with whose it is: the unit that shares, which no correction changes."""
    unit = units.c
    sharer = ("org_unit", await tx.value(select(unit.id).where(unit.path == sharing["sharer_path"])))
    return [line | {"holder_before": sharer, "holder": None if line["struck_out"] else sharer} for line in report]


async def refuse_sharer(tx: Transaction, compound: Record, path: str) -> None:
    """Rejected where a compound would move into a unit that shares it, today or later."""
    term = sharings.c
    lasting = or_(term.until.is_(None), term.until >= today())
    within = func.starts_with(literal(path, BYTEWISE), term.sharer_path)
    found = select(term.id).where(term.compound_id == compound["id"], lasting, within).limit(1)
    if await tx.row(found):
        zh, en = "该单元正共享此小区，请先终止共享。", "This unit shares the compound: end the sharing first."
        raise rejected(ProblemCode.INVALID, "unit", zh, en)


# What a violated constraint means to a user.
RULES: Mapping[str, Rule] = {
    "compound_sharing_compound_check": OUTLASTS,
    "compound_sharing_excl": Rule(
        "since", "该单元在这段时间已共享此小区。", "The unit shares the compound at that time already."
    ),
    "compound_sharing_term_check": BACKWARDS,
}
