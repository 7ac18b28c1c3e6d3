"""Members say what they can and wish, take a duty for a term, and leave it; terms are corrected and struck out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete, select

from services.duties.items import TAG, tags
from services.duties.tables import TERMS, duty_terms, profiles
from services.errors import ProblemCode, rejected
from services.members.restricting import refuse_restricted
from services.names import proper
from services.storage import closing, correcting
from services.storage.correcting import Days
from services.storage.transaction import Outcome, Record, Transaction
from services.storage.unseen import in_the_gap, parted
from services.storage.validation import Amiss, valid
from services.terms import forwards

ELSEWHERE = (
    "该党员在您无权查看之处也任或曾任此岗位：已结束的只能自今天起，其他请由县级办理。",
    "The member is or was in this duty where that is not yours to see: begin today if it is over, or ask the county.",
)


class Profile(TypedDict, total=False):
    """What a member says of themselves."""

    occupation: str | None
    skills: Sequence[str] | None
    wishes: Sequence[str] | None


async def take(tx: Transaction, *, need: Record, member: Record, since: date, until: date | None = None) -> UUID:
    """Begin a term in a place of a need, by default as long as that lasts; the term's id.

    Rejected for who has left or does not serve in the need's unit, and for days outside the need; the constraints
    `duty_term_places_check` where no place is left, `duty_term_excl` where the member is in the same duty then; and
    beside a term in it that whoever asks may not read, for any day before today, or for all while that lasts.
    """
    if member["left_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "该党员已离开。", "The member has left.")
    if not member["unit_path"].startswith(need["unit_path"]):
        zh, en = "该党员不在本单元服务。", "The member does not serve in the unit that wants them."
        raise rejected(ProblemCode.OUT_OF_REACH, "member", zh, en)
    said = valid(duty_terms, {"since": since, "until": need["until"] if until is None else until})
    forwards(since, said["until"])
    place = {"need_id": need["id"], "item_id": need["item_id"], "unit_path": need["unit_path"]}
    await _apart(tx, need, member, said["since"])
    return await tx.insert(duty_terms, **place, member_id=member["id"], **said)


async def _apart(tx: Transaction, need: Record, member: Record, since: date) -> None:
    """Rejected beside a term in the same duty that whoever asks may not read, alike on every day of the gap."""
    term = duty_terms.c
    same = select(term.id, term.since, term.until).where(
        term.member_id == member["id"], term.item_id == need["item_id"]
    )
    seen, unseen = await parted(tx, duty_terms, await tx.rows(same))
    today = await tx.today()
    for each in in_the_gap(seen, unseen, since):
        if since < today or (each["until"] or today) >= today:
            raise rejected(ProblemCode.CLOSED, "since", *ELSEWHERE)


async def end(tx: Transaction, *, term: Record, on: date, reason: str) -> UUID:
    """Make `on` the last day of a term; its id. An end may be brought forward, never put off."""
    return await closing.end(tx, duty_terms, term, on, reason, correction="correctDutyTerm")


async def correct(tx: Transaction, *, term: Record, reason: str, **days: Unpack[Days]) -> Outcome:
    """Set right a term's days; its id. Rejected as any correction."""
    return Outcome(term["id"], await correcting.correct(tx, "term", TERMS, term, reason, days))


async def strike_out(tx: Transaction, *, term: Record, reason: str) -> UUID:
    """Remove a term that never was; the need's id."""
    await correcting.note(tx, term, proper("reason", reason))
    await tx.rows(delete(duty_terms).where(duty_terms.c.id == term["id"]))
    need: UUID = term["need_id"]
    return need


async def record_profile(tx: Transaction, *, member: Record, **said: Unpack[Profile]) -> UUID:
    """Record what a member can and wishes; the profile's id. Rejected for who has left or is restricted."""
    refuse_restricted(member)
    if member["left_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "该党员已离开。", "The member has left.")
    values = _valid({"skills": (), "wishes": (), **said})
    return await tx.insert(profiles, member_id=member["id"], unit_path=member["unit_path"], **values)


async def update_profile(tx: Transaction, *, profile: Record, **changes: Unpack[Profile]) -> UUID:
    """Change what is given of a profile; its id."""
    return await tx.update(profiles, profile["id"], **_valid(changes))


async def remove_profile(tx: Transaction, *, profile: Record) -> UUID:
    """Keep nothing of a profile any longer; the member's id."""
    await tx.rows(delete(profiles).where(profiles.c.id == profile["id"]))
    member: UUID = profile["member_id"]
    return member


def _valid(given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    amiss = Amiss()
    for name, value in given.items():
        with amiss.within():
            if name == "occupation":
                made[name] = value and proper(name, value, TAG)
            else:
                made[name] = tags(name, value)
    amiss.check()
    return made
