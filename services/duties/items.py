"""Duties are listed, changed and withdrawn; needs of them opened, changed and struck out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete

from services.duties.tables import items, needs
from services.errors import ProblemCode, rejected
from services.names import fold, proper
from services.storage import correcting
from services.storage.closing import recent
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid
from services.terms import forwards, reasonable

TAG, TAGS = 20, 10  # characters of a tag, and how many of a kind there can be


class Changes(TypedDict, total=False):
    """What an update may change of a duty."""

    category: str | None
    name: str | None
    occupations: Sequence[str] | None
    skills: Sequence[str] | None


class Wanted(TypedDict, total=False):
    """What an update may change of a need; an end of None is none."""

    needed: int | None
    since: date | None
    until: date | None


async def publish(
    tx: Transaction,
    *,
    unit: Record,
    category: str,
    name: str,
    occupations: Sequence[str] | None = None,
    skills: Sequence[str] | None = None,
) -> UUID:
    """List a duty for a unit and all below it; its id."""
    said = {"category": category, "name": name, "occupations": occupations or (), "skills": skills or ()}
    return await tx.insert(items, unit_path=unit["path"], **_valid(said))


async def update(tx: Transaction, *, item: Record, **changes: Unpack[Changes]) -> UUID:
    """Change what is given of a duty that is not withdrawn; its id."""
    await _standing(tx, item)
    return await tx.update(items, item["id"], **_valid(changes))


async def withdraw(tx: Transaction, *, item: Record, on: date) -> UUID:
    """Open no need of it from this day on; its id. Needs there are, and terms in them, go on."""
    await _standing(tx, item)
    return await tx.update(items, item["id"], withdrawn_on=await recent(tx, "on", reasonable("on", on)))


async def open_need(
    tx: Transaction, *, unit: Record, item: Record, needed: int, since: date, until: date | None = None
) -> UUID:
    """Want so many members for a duty; the need's id.

    Rejected for a duty that is withdrawn, or listed neither by the unit nor above it.
    """
    await _standing(tx, item)
    if not unit["path"].startswith(item["unit_path"]):
        zh, en = "该岗位不是本单元或上级所列。", "The duty is listed neither by this unit nor above it."
        raise rejected(ProblemCode.OUT_OF_REACH, "item", zh, en)
    said = _wanted({}, {"needed": needed, "since": since, "until": until})
    return await tx.insert(needs, item_id=item["id"], unit_path=unit["path"], **said)


async def update_need(tx: Transaction, *, need: Record, **changes: Unpack[Wanted]) -> UUID:
    """Change what is given of a need; its id. The database holds that terms in it fit."""
    return await tx.update(needs, need["id"], **_wanted(need, changes))


async def strike_out_need(tx: Transaction, *, need: Record, reason: str) -> UUID:
    """Remove a need that should not be there and nobody took; the duty's id."""
    await correcting.note(tx, need, proper("reason", reason))
    await tx.rows(delete(needs).where(needs.c.id == need["id"]))
    item: UUID = need["item_id"]
    return item


# --- what they share -------------------------------------------------------------------------------------------------


def tags(field: str, given: Sequence[str] | None) -> list[str]:
    """Words to be matched, each once; Rejected where there are too many, or one cannot be shown."""
    said = list({fold(word): word for word in (proper(field, each, TAG) for each in given or ())}.values())
    if len(said) > TAGS:
        raise rejected(ProblemCode.INVALID, field, f"最多 {TAGS} 个。", f"At most {TAGS} of them.")
    return said


def _valid(given: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    amiss = Amiss()
    for name, value in given.items():
        with amiss.within():
            if name == "category":
                made[name] = proper(name, value, TAG)
            else:
                made |= valid(items, {name: value}) if name == "name" else {name: tags(name, value)}
    amiss.check()
    return made


def _wanted(need: Record, changes: Mapping[str, Any]) -> dict[str, Any]:
    made = valid(needs, changes)
    whole = {**need, **made}
    forwards(whole["since"], whole["until"])
    return made


async def _standing(tx: Transaction, item: Record) -> None:
    withdrawn = item["withdrawn_on"]
    if withdrawn is not None and withdrawn <= await tx.today():
        zh, en = f"该岗位已于 {withdrawn} 撤销。", f"The duty was withdrawn on {withdrawn}."
        raise rejected(ProblemCode.CLOSED, "item", zh, en)
