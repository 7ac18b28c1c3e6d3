"""Instructors' visits are recorded, corrected and struck out."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete, select

from services.appointments.tables import PostKind, posts
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage import correcting
from services.storage.closing import past
from services.storage.transaction import Record, Transaction
from services.visits.tables import visits

LONGEST = 500  # characters of what was done
TEXTS = ("done", "next_step")


class Said(TypedDict, total=False):
    """What an update may change."""

    visited_on: date | None
    done: str | None
    next_step: str | None


async def record(tx: Transaction, *, post: Record, visited_on: date, done: str, next_step: str | None = None) -> UUID:
    """Enter a visit into an instructor's log; its id.

    Rejected for a post that is no instructor's, a day to come or outside the term, and texts that cannot be shown.
    """
    if post["kind"] != PostKind.INSTRUCTOR:
        zh, en = "须为党建指导员的任职。", "The post must be an instructor's."
        raise rejected(ProblemCode.INVALID, "post", zh, en)
    await _within(tx, post, visited_on)
    place = {"post_id": post["id"], "company_id": post["company_id"], "unit_path": post["unit_path"]}
    said = _texts({"done": done, "next_step": next_step})
    return await tx.insert(visits, **place, visited_on=visited_on, **said, recorded_on=await tx.today())


async def update(tx: Transaction, *, visit: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given of a visit; its id. Rejected as `record` is, and for null where there must be something."""
    said = _texts(changes)
    if "visited_on" in changes:
        day = changes["visited_on"]
        if day is None:
            raise rejected(ProblemCode.INVALID, "visited_on", "不能为空。", "This must not be empty.")
        # Shared, so that its term stays as it is meanwhile.
        post = await tx.row(select(posts).where(posts.c.id == visit["post_id"]).with_for_update(read=True))
        assert post is not None
        await _within(tx, post, day)
        said["visited_on"] = day
    return await tx.update(visits, visit["id"], **said)


async def strike_out(tx: Transaction, *, visit: Record, reason: str) -> UUID:
    """Remove a visit that never was; the post's id."""
    await correcting.note(tx, visit, proper("reason", reason))
    await tx.rows(delete(visits).where(visits.c.id == visit["id"]))
    post: UUID = visit["post_id"]
    return post


async def _within(tx: Transaction, post: Record, day: date) -> None:
    await past(tx, "visited_on", day)
    first, last = post["since"], post["until"]
    if day < first or (last is not None and day > last):
        zh = f"走访须在任期之内（{first} 至 {last or '…'}）。"
        en = f"A visit lies within the term ({first} to {last or '…'})."
        raise rejected(ProblemCode.INVALID, "visited_on", zh, en)


def _texts(given: Mapping[str, Any]) -> dict[str, Any]:
    """The texts that are given, as they are kept; of what comes next there may be none."""
    made = {name: given[name] for name in TEXTS if name in given}
    return {
        name: None if text is None and name == "next_step" else proper(name, text, LONGEST)
        for name, text in made.items()
    }
