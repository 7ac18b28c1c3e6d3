"""Residents' teams 居民队伍 are recorded, changed and closed."""

from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from services.activities.tables import teams
from services.storage.closing import lately, only_open
from services.storage.transaction import Record, Transaction
from services.storage.validation import valid


class Said(TypedDict, total=False):
    """What an update may change."""

    name: str | None
    kind: str | None
    head_count: int | None
    member: Record | None


async def create(tx: Transaction, *, unit: Record, **said: Unpack[Said]) -> UUID:
    """Record a team of a unit; its id."""
    return await tx.insert(teams, unit_path=unit["path"], **_columns(said))


async def update(tx: Transaction, *, team: Record, **changes: Unpack[Said]) -> UUID:
    """Change what is given of an open team; its id."""
    only_open(team=team)
    return await tx.update(teams, team["id"], **_columns(changes))


async def close(tx: Transaction, *, team: Record, on: date) -> UUID:
    """Close a team on a day that has come; its id. What it organized stays."""
    only_open(team=team)
    await lately(tx, "on", on)
    return await tx.update(teams, team["id"], closed_on=on)


def _columns(said: Said) -> dict[str, Any]:
    given = dict(said)
    contact = {"member_id": _id(given.pop("member"))} if "member" in given else {}
    return {**valid(teams, given), **contact}


def _id(member: Any) -> UUID | None:
    return None if member is None else member["id"]
