"""Requests for help are recorded, taken by a team, finished or dropped, corrected and struck out."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete, select

from services.duties.helping import OF_A_DAY, HelpKind, HelpStatus, requests, team_terms
from services.errors import ProblemCode, rejected
from services.names import proper
from services.organization.tables import units
from services.storage import correcting
from services.storage.closing import only_open, past
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid
from services.terms import holds_today

LONGEST = {"text": 200, "beneficiary": 50}  # characters of what is asked, and for whom
OUTCOME = 500  # of what came of it


class Asked(TypedDict, total=False):
    """What an update may change."""

    kind: HelpKind | None
    text: str | None
    beneficiary: str | None
    asked_on: date | None


async def record(tx: Transaction, *, unit: Record, **said: Unpack[Asked]) -> UUID:
    """Record what is asked for in a unit; the request's id. Rejected for a day to come and texts that cannot be."""
    return await tx.insert(requests, unit_path=unit["path"], **await _valid(tx, said))


async def update(tx: Transaction, *, request: Record, **changes: Unpack[Asked]) -> UUID:
    """Change what is recorded of a request that is neither done nor dropped; its id."""
    _in_hand(request, HelpStatus.OPEN, HelpStatus.TAKEN)
    return await tx.update(requests, request["id"], **await _valid(tx, changes))


async def take(tx: Transaction, *, request: Record, team: Record, member: Record) -> UUID:
    """Let a member of a team do it; the request's id.

    Rejected where it is not open, for a team that is closed or of elsewhere, and for who is not in it today.
    """
    _in_hand(request, HelpStatus.OPEN)
    only_open(team=team)
    if not request["unit_path"].startswith(team["unit_path"]):
        zh, en = "该帮困团不在本单元或上级。", "The team belongs neither to the request's unit nor above it."
        raise rejected(ProblemCode.OUT_OF_REACH, "team", zh, en)
    held = team_terms.c
    within = select(held.id).where(held.team_id == team["id"], held.member_id == member["id"], holds_today(held))
    # Shared, so that nobody ends or removes the term meanwhile.
    if await tx.row(within.with_for_update(read=True)) is None:
        zh, en = "该党员今天不在此帮困团。", "The member is not in this team today."
        raise rejected(ProblemCode.INVALID, "member", zh, en)
    whose = {"team_id": team["id"], "member_id": member["id"]}
    return await tx.update(requests, request["id"], status=HelpStatus.TAKEN, **whose)


async def finish(tx: Transaction, *, request: Record, outcome: str, minutes: int, on: date) -> UUID:
    """Record that it is done, on which day and in how much time; its id.

    Rejected where nobody took it, and for more time than there was since it was asked.
    """
    _in_hand(request, HelpStatus.TAKEN)
    spent = valid(requests, {"minutes": minutes})
    days = max((on - request["asked_on"]).days, 0) + 1
    if minutes > days * OF_A_DAY:
        zh, en = (
            f"自提出至办结共 {days} 天，服务时间不能更长。",
            f"It took no longer than the {days} days since it was asked.",
        )
        raise rejected(ProblemCode.INVALID, "minutes", zh, en)
    return await _close(tx, request, HelpStatus.DONE, outcome, on, **spent)


async def drop(tx: Transaction, *, request: Record, outcome: str, on: date) -> UUID:
    """Record that nothing comes of it, and why; its id."""
    _in_hand(request, HelpStatus.OPEN, HelpStatus.TAKEN)
    return await _close(tx, request, HelpStatus.DROPPED, outcome, on)


async def strike_out(tx: Transaction, *, request: Record, reason: str) -> UUID:
    """Remove a request that should not be there; the unit's id."""
    await correcting.note(tx, request, proper("reason", reason))
    await tx.rows(delete(requests).where(requests.c.id == request["id"]))
    unit: UUID = await tx.value(select(units.c.id).where(units.c.path == request["unit_path"]))
    return unit


async def _close(tx: Transaction, request: Record, status: HelpStatus, outcome: str, on: date, **more: Any) -> UUID:
    """Rejected for a day to come, and for one before it was asked."""
    asked = request["asked_on"]
    if await past(tx, "on", on) < asked:
        zh, en = f"日期不能早于 {asked}。", f"The day must not lie before {asked}."
        raise rejected(ProblemCode.INVALID, "on", zh, en)
    said = proper("outcome", outcome, OUTCOME)
    return await tx.update(requests, request["id"], status=status, outcome=said, closed_on=on, **more)


def _in_hand(request: Record, *states: HelpStatus) -> None:
    if request["status"] not in states:
        words = {
            HelpStatus.OPEN: ("该求助尚未有人接。", "Nobody has taken the request yet."),
            HelpStatus.TAKEN: ("该求助已有人接。", "The request is taken already."),
        }
        zh, en = words.get(request["status"], ("该求助已办结或撤销。", "The request is done or dropped already."))
        raise rejected(ProblemCode.CLOSED, "request", zh, en)


async def _valid(tx: Transaction, given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    amiss = Amiss()
    for name, value in given.items():
        with amiss.within():
            if name in LONGEST:
                made[name] = proper(name, value, LONGEST[name])
            else:
                made |= valid(requests, {name: value})
    amiss.check()
    if "asked_on" in made:
        await past(tx, "asked_on", made["asked_on"])
    return made
