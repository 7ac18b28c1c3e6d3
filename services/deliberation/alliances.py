"""Alliances are founded and ended; units join them, leave them, and lead them one after another.

Every command but leaving holds the row of the alliance, and what it changes of its terms after that.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.deliberation.alliance_tables import AllianceRole, alliance_terms, alliances, joint_meetings
from services.errors import ProblemCode, rejected
from services.names import proper
from services.organization.tables import OrgLevel
from services.storage import closing, correcting
from services.storage.closing import end_running, only_open, past, recent
from services.storage.correcting import DAY
from services.storage.tables import named
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss
from services.terms import forwards

BELOW = (OrgLevel.GRID, OrgLevel.OUTLET)  # where there are no alliances
ENDS, ENDS_TERM = "correctAlliance", "correctAllianceTerm"
WHOSE = ("organization_id", "name", "folded")


async def found(tx: Transaction, *, unit: Record, name: str, begun_on: date) -> UUID:
    """Found an alliance, which nobody is in yet; its id."""
    amiss, said = Amiss(), ""
    if unit["level"] in BELOW:
        amiss.tell(ProblemCode.INVALID, "unit", "由社区（村）及以上建立。", "Communities found alliances, and above.")
    with amiss.within():
        said = proper("name", name)
    with amiss.within():
        await past(tx, "begun_on", begun_on)
    amiss.check()
    return await tx.insert(alliances, unit_path=unit["path"], name=said, begun_on=begun_on)


async def end(tx: Transaction, *, alliance: Record, on: date) -> UUID:
    """It ends with this day, and so do all terms in it; its id."""
    _going_on(alliance)
    within(alliance, "on", await recent(tx, "on", await past(tx, "on", on), ENDS))
    if any(day > on for day in await _met(tx, alliance)):
        zh, en = "此日之后还有联席会议。", "A joint meeting was held after this day."
        raise rejected(ProblemCode.INVALID, "on", zh, en)
    await end_running(tx, alliance_terms, on, alliance_terms.c.alliance_id == alliance["id"])
    return await tx.update(alliances, alliance["id"], ended_on=on)


async def correct(
    tx: Transaction, *, alliance: Record, name: str, begun_on: date, ended_on: date | None = None, reason: str
) -> UUID:
    """Put its name and its days right, for a reason on record; its id. Nothing of it may come to lie outside of these.

    Without a last day it goes on again; who was in it joins anew.
    """
    amiss, said, why = Amiss(), "", ""
    with amiss.within():
        said = proper("name", name)
    with amiss.within():
        await past(tx, "begun_on", begun_on)
        await _spans(tx, alliance, begun_on, ended_on)
    with amiss.within():
        why = proper("reason", reason)
    amiss.check()
    await correcting.note(tx, alliance, why)
    return await tx.update(alliances, alliance["id"], name=said, begun_on=begun_on, ended_on=ended_on)


async def _spans(tx: Transaction, alliance: Record, begun_on: date, ended_on: date | None) -> None:
    """Rejected where an alliance that goes on would end, or something of one would lie outside of these days."""
    if ended_on is not None and alliance["ended_on"] is None:
        zh, en = "联盟未结束，请办理结束。", "The alliance has not ended: end it instead."
        raise rejected(ProblemCode.INVALID, "ended_on", zh, en)
    forwards(begun_on, ended_on and await past(tx, "ended_on", ended_on), "ended_on")
    of = alliance_terms.c
    terms = await tx.rows(select(of.since, of.until).where(of.alliance_id == alliance["id"]))
    days = [*await _met(tx, alliance), *(day for row in terms for day in row.values() if day is not None)]
    zh, en = "联盟的成员任期或联席会议不在此期间。", "A term in it or a joint meeting would lie outside of this."
    if any(day < begun_on for day in days):
        raise rejected(ProblemCode.INVALID, "begun_on", zh, en)
    if ended_on is not None and any(day > ended_on for day in days):
        raise rejected(ProblemCode.INVALID, "ended_on", zh, en)


async def _met(tx: Transaction, alliance: Record) -> list[date]:
    """On which days its joint meetings were held."""
    held = joint_meetings.c
    return [row["held_on"] for row in await tx.rows(select(held.held_on).where(held.alliance_id == alliance["id"]))]


# --- who is in it -----------------------------------------------------------------------------------------------------


async def join(
    tx: Transaction,
    *,
    alliance: Record,
    role: AllianceRole,
    since: date,
    name: str | None = None,
    organization: Record | None = None,
) -> UUID:
    """Let a unit be in it, an organization of the service or one known by its name; the term's id."""
    _going_on(alliance)
    amiss, whose = Amiss(), dict[str, Any]()
    with amiss.within():
        whose = _whose(name, organization)
    with amiss.within():
        within(alliance, "since", await past(tx, "since", since))
    amiss.check()
    return await tx.insert(alliance_terms, **_of(alliance), **whose, role=role, since=since)


async def leave(tx: Transaction, *, term: Record, on: date) -> UUID:
    """Make `on` a member's last day in it; the term's id. Whoever leads passes that on before."""
    if term["role"] == AllianceRole.LEAD:
        zh, en = "牵头单位须先移交牵头。", "It leads the alliance: pass the lead on first."
        raise rejected(ProblemCode.INVALID, "term", zh, en)
    return await closing.end(tx, alliance_terms, term, await past(tx, "on", on), correction=ENDS_TERM)


async def pass_on(tx: Transaction, *, alliance: Record, term: Record, on: date) -> UUID:
    """Let a member lead from a day on, and who led before be a member; the alliance's id."""
    _going_on(alliance)
    await recent(tx, "on", await past(tx, "on", on), ENDS_TERM)
    if term["alliance_id"] != alliance["id"] or term["role"] == AllianceRole.LEAD or term["until"] is not None:
        zh, en = "须为本联盟现有的成员单位。", "It must be a member of this alliance, and still in it."
        raise rejected(ProblemCode.INVALID, "term", zh, en)
    led = await _lead(tx, alliance)
    become = [(term, AllianceRole.LEAD), *([(led, AllianceRole.MEMBER)] if led else [])]
    first = max(each["since"] for each, _ in become) + DAY
    if on < first:
        raise rejected(ProblemCode.INVALID, "on", f"不能早于 {first}。", f"This cannot lie before {first}.")
    for each, _ in become:
        await tx.update(alliance_terms, each["id"], until=on - DAY)
    for each, role in become:
        whose = {column: each[column] for column in WHOSE}
        await tx.insert(alliance_terms, **_of(alliance), **whose, role=role, since=on)
    return await tx.update(alliances, alliance["id"])


async def _lead(tx: Transaction, alliance: Record) -> Record | None:
    """The term of who leads an alliance now, locked."""
    of = alliance_terms.c
    leads = of.alliance_id == alliance["id"], of.role == AllianceRole.LEAD, of.until.is_(None)
    return await tx.row(select(alliance_terms).where(*leads).with_for_update())


async def correct_term(tx: Transaction, *, term: Record, since: date, until: date | None = None, reason: str) -> UUID:
    """Put the days of a term right, for a reason on record; its id."""
    held = select(alliances).where(alliances.c.id == term["alliance_id"]).with_for_update(key_share=True)
    alliance, amiss, why = await tx.row(held), Amiss(), ""
    assert alliance is not None  # a term's foreign key
    with amiss.within():
        within(alliance, "since", await past(tx, "since", since))
    with amiss.within():
        if until is not None:
            forwards(since, within(alliance, "until", await past(tx, "until", until)))
        elif alliance["ended_on"] is not None:
            zh, en = "联盟已结束，须有末日。", "The alliance has ended, and so has whatever was in it."
            raise rejected(ProblemCode.INVALID, "until", zh, en)
    with amiss.within():
        why = proper("reason", reason)
    amiss.check()
    await correcting.note(tx, term, why)
    return await tx.update(alliance_terms, term["id"], since=since, until=until)


def within(alliance: Record, field: str, day: date) -> date:
    """The day, if there was the alliance on it; Rejected, for this field, otherwise."""
    begun_on, ended_on = alliance["begun_on"], alliance["ended_on"]
    if day < begun_on:
        zh, en = f"联盟自 {begun_on} 开始，不能在此之前。", f"The alliance began on {begun_on}: not before that."
        raise rejected(ProblemCode.INVALID, field, zh, en)
    if ended_on is not None and day > ended_on:
        zh, en = f"联盟已于 {ended_on} 结束。", f"The alliance ended on {ended_on}."
        raise rejected(ProblemCode.INVALID, field, zh, en)
    return day


def _whose(name: str | None, organization: Record | None) -> dict[str, Any]:
    """Who a term is of: one of these two."""
    if (name is None) == (organization is None):
        zh, en = "须填写单位名称或选择党组织，二者择一。", "Give a unit's name or a party organization, one of them."
        raise rejected(ProblemCode.INCOMPLETE, "name", zh, en)
    only_open(organization=organization)
    if organization is not None:
        return {"organization_id": organization["id"]}
    return named(alliance_terms, proper("name", name))


def _of(alliance: Record) -> dict[str, Any]:
    return {"alliance_id": alliance["id"], "unit_path": alliance["unit_path"]}


def _going_on(alliance: Record) -> None:
    if alliance["ended_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "alliance", "该联盟已结束。", "The alliance has ended.")
