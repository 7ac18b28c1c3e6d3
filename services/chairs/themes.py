"""Themes 轮值主题 are planned, changed, held, dropped and struck out."""

from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete, select

from services.appointments.tables import PostKind, posts
from services.chairs.tables import ThemeStatus, themes
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage import correcting
from services.storage.closing import past
from services.storage.transaction import Record, Transaction
from services.terms import reasonable

TITLE = 100  # characters
LONGEST = 500  # of what was done, or why nothing was


class Planned(TypedDict, total=False):
    """What an update may change of a plan."""

    title: str | None
    planned_on: date | None


async def plan(tx: Transaction, *, post: Record, title: str, planned_on: date) -> UUID:
    """Plan a theme of a term in the chair; its id.

    Rejected for a post that is no chair's, a day outside the term, and a title that cannot be shown.
    """
    if post["kind"] != PostKind.ROTATING_CHAIR:
        raise rejected(ProblemCode.INVALID, "post", "须为轮值家长的任职。", "The post must be a rotating chair's.")
    _within("planned_on", post, planned_on)
    place = {"post_id": post["id"], "organization_id": post["organization_id"], "unit_path": post["unit_path"]}
    return await tx.insert(themes, **place, title=proper("title", title, TITLE), planned_on=planned_on)


async def update(tx: Transaction, *, theme: Record, **changes: Unpack[Planned]) -> UUID:
    """Change what is given of what is planned; its id. Rejected as `plan` is, and once it was held or dropped."""
    _only_planned(theme)
    made: dict[str, Any] = {}
    if "title" in changes:
        made["title"] = proper("title", changes["title"], TITLE)
    if "planned_on" in changes:
        day = changes["planned_on"]
        if day is None:
            raise rejected(ProblemCode.INVALID, "planned_on", "不能为空。", "This must not be empty.")
        _within("planned_on", await _term(tx, theme), day)
        made["planned_on"] = day
    return await tx.update(themes, theme["id"], **made)


async def hold(tx: Transaction, *, theme: Record, outcome: str, on: date) -> UUID:
    """Record that it was held, and what was done; its id. On a day of the term that has come."""
    _only_planned(theme)
    await past(tx, "on", on)
    _within("on", await _term(tx, theme), on)
    said = proper("outcome", outcome, LONGEST)
    return await tx.update(themes, theme["id"], status=ThemeStatus.HELD, outcome=said, held_on=on)


async def drop(tx: Transaction, *, theme: Record, outcome: str) -> UUID:
    """Record that nothing comes of it, and why; its id."""
    _only_planned(theme)
    said = proper("outcome", outcome, LONGEST)
    return await tx.update(themes, theme["id"], status=ThemeStatus.DROPPED, outcome=said)


async def strike_out(tx: Transaction, *, theme: Record, reason: str) -> UUID:
    """Remove a theme that should not be there; the post's id."""
    await correcting.note(tx, theme, proper("reason", reason))
    await tx.rows(delete(themes).where(themes.c.id == theme["id"]))
    post: UUID = theme["post_id"]
    return post


def _only_planned(theme: Record) -> None:
    if theme["status"] != ThemeStatus.PLANNED:
        zh, en = "该主题已开展或已取消。", "The theme was held or dropped already."
        raise rejected(ProblemCode.CLOSED, "theme", zh, en)


async def _term(tx: Transaction, theme: Record) -> Record:
    """The post, shared, so that its term stays as it is meanwhile."""
    post = await tx.row(select(posts).where(posts.c.id == theme["post_id"]).with_for_update(read=True))
    assert post is not None
    return post


def _within(field: str, post: Record, day: date) -> None:
    first, last = post["since"], post["until"]  # a chair's term always ends
    if not first <= reasonable(field, day) <= last:
        zh, en = f"须在任期之内（{first} 至 {last}）。", f"This lies within the term ({first} to {last})."
        raise rejected(ProblemCode.INVALID, field, zh, en)
