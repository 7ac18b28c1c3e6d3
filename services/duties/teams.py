"""Help teams are made, renamed and closed; members join and leave them."""

from datetime import date
from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete

from services.duties.helping import HelpKind, team_terms, teams
from services.errors import ProblemCode, rejected
from services.names import proper
from services.storage import correcting
from services.storage.closing import end, end_running, lately, only_open
from services.storage.transaction import Record, Transaction
from services.storage.validation import valid
from services.terms import forwards


class Named(TypedDict, total=False):
    """What an update may change of a team."""

    name: str | None
    kind: HelpKind | None


async def create(tx: Transaction, *, unit: Record, kind: HelpKind, name: str) -> UUID:
    """Make a team of a unit; its id."""
    return await tx.insert(teams, unit_path=unit["path"], **valid(teams, {"kind": kind, "name": name}))


async def update(tx: Transaction, *, team: Record, **changes: Unpack[Named]) -> UUID:
    """Change what is given of a team that is not closed; its id."""
    only_open(team=team)
    return await tx.update(teams, team["id"], **valid(teams, changes))


async def close(tx: Transaction, *, team: Record, on: date) -> UUID:
    """Close a team; its id. Whoever is in it leaves that day; what it has taken is still to be finished."""
    only_open(team=team)
    await end_running(tx, team_terms, await lately(tx, "on", on), team_terms.c.team_id == team["id"])
    return await tx.update(teams, team["id"], closed_on=on)


async def join(tx: Transaction, *, team: Record, member: Record, since: date, until: date | None = None) -> UUID:
    """Put a member into a team for a time; the term's id.

    Rejected for a team that is closed, and for who has left or does not serve in the team's unit.
    """
    only_open(team=team)
    if member["left_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "member", "该党员已离开。", "The member has left.")
    if not member["unit_path"].startswith(team["unit_path"]):
        zh, en = "该党员不在本单元服务。", "The member does not serve in the team's unit."
        raise rejected(ProblemCode.OUT_OF_REACH, "member", zh, en)
    said = valid(team_terms, {"since": since, "until": until})
    forwards(since, until)
    return await tx.insert(team_terms, team_id=team["id"], unit_path=team["unit_path"], member_id=member["id"], **said)


async def leave(tx: Transaction, *, term: Record, on: date) -> UUID:
    """Make `on` the last day of a member in a team; the term's id."""
    return await end(tx, team_terms, term, on)


async def strike_out(tx: Transaction, *, term: Record, reason: str) -> UUID:
    """Remove a term in a team that never was; the team's id."""
    await correcting.note(tx, term, proper("reason", reason))
    await tx.rows(delete(team_terms).where(team_terms.c.id == term["id"]))
    team: UUID = term["team_id"]
    return team
