"""Phases of a project that is underway are reached, and corrected with a reason."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import select

from services.errors import ProblemCode, rejected
from services.names import proper
from services.projects.projects import PHASES, due_within, only
from services.projects.tables import WHOLE, ProjectStatus, phases, projects
from services.storage import correcting
from services.storage.closing import past
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid

_PHASES = phases  # what an argument of `reweigh` is called as well


class Said(TypedDict, total=False):
    """What a correction may change."""

    name: str | None
    due_on: date | None
    done_on: date | None


async def reach(tx: Transaction, *, phase: Record, on: date) -> UUID:
    """Say on which day it was reached; its id. Rejected where it was already, and unless the project is underway."""
    project = await held(tx, phase)
    only(project, "phase", ProjectStatus.UNDERWAY)
    if phase["done_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "phase", "该阶段已完成。", "The phase was reached already.")
    return await tx.update(phases, phase["id"], done_on=await _reached(tx, project, "on", on))


async def correct(tx: Transaction, *, phase: Record, reason: str, **changes: Unpack[Said]) -> UUID:
    """Put right what is given; its id. What a finished project has reached stays reached until that is reopened."""
    project = await held(tx, phase)
    made: dict[str, Any] = valid(phases, changes)
    if "due_on" in made:
        due_within(project, made["due_on"])
    if "done_on" in made:
        await _ends(tx, project, made["done_on"])
    if all(phase[name] == value for name, value in made.items()):
        zh, en = "没有要更正的内容：所填与现状相同。", "Nothing is corrected: all of it is as it was."
        raise rejected(ProblemCode.INCOMPLETE, "phase", zh, en)
    await correcting.note(tx, phase, proper("reason", reason))
    return await tx.update(phases, phase["id"], **made)


async def reweigh(tx: Transaction, *, project: Record, phases: Sequence[Mapping[str, Any]], reason: str) -> UUID:
    """Put weights of phases right, several at once, once the project started; its id.

    Rejected with all that is amiss, and where they do not come to 100, with those that stay as they were.
    """
    if project["started_on"] is None:
        zh, en = "项目尚未开工，请重新编排阶段。", "The project has not started: plan its phases anew."
        raise rejected(ProblemCode.CLOSED, "project", zh, en)
    made = _weights(project, phases)
    of = select(_PHASES.c.id, _PHASES.c.weight).where(_PHASES.c.project_id == project["id"])
    were = {row["id"]: row["weight"] for row in await tx.rows(of)}
    total = sum({**were, **made}.values())
    if total != WHOLE:
        zh, en = f"权重之和须为 100，更正后为 {total}。", f"The weights come to 100, and would to {total}."
        raise rejected(ProblemCode.INVALID, PHASES, zh, en)
    if all(were[phase] == weight for phase, weight in made.items()):
        zh, en = "没有要更正的内容：所填与现状相同。", "Nothing is corrected: all of it is as it was."
        raise rejected(ProblemCode.INCOMPLETE, PHASES, zh, en)
    await correcting.note(tx, project, proper("reason", reason))
    await tx.update_all(_PHASES, [{"id": phase, "weight": weight} for phase, weight in made.items()])
    return await tx.update(projects, project["id"])


def _weights(project: Record, rows: Sequence[Mapping[str, Any]]) -> dict[UUID, int]:
    """The weight of each phase that is named; Rejected for one of another project, and one named twice."""
    amiss, made = Amiss(), dict[UUID, int]()
    if not rows:
        amiss.tell(ProblemCode.INCOMPLETE, PHASES, "至少填写一行。", "Give one row at least.")
    for number, row in enumerate(rows):
        phase = row["phase"]
        with amiss.within(f"{PHASES}.{number}"):
            weight = valid(_PHASES, {"weight": row["weight"]})["weight"]
            if phase["project_id"] != project["id"]:
                zh, en = "该阶段属另一项目。", "The phase is another project's."
                raise rejected(ProblemCode.OUT_OF_REACH, "phase", zh, en)
            if phase["id"] in made:
                raise rejected(ProblemCode.INVALID, "phase", "该阶段已列出。", "The phase is in the list already.")
            made[phase["id"]] = weight
    amiss.check()
    return made


async def held(tx: Transaction, row: Record) -> Record:
    """The project a row is of, locked against change meanwhile."""
    found = await tx.row(select(projects).where(projects.c.id == row["project_id"]).with_for_update(key_share=True))
    assert found is not None
    return found


async def _ends(tx: Transaction, project: Record, done_on: date | None) -> None:
    only(project, "phase", ProjectStatus.UNDERWAY, ProjectStatus.DONE, ProjectStatus.DROPPED)
    if done_on is not None:
        await _reached(tx, project, "done_on", done_on)
    elif project["status"] == ProjectStatus.DONE:
        zh, en = "项目已完成，请先重新启动。", "The project is done: reopen it first."
        raise rejected(ProblemCode.CLOSED, "phase", zh, en)


async def _reached(tx: Transaction, project: Record, field: str, day: date) -> date:
    last = project["done_on"] or project["dropped_on"] or day
    if project["started_on"] is None or not project["started_on"] <= await past(tx, field, day) <= last:
        zh, en = "须在项目实施期间。", "This is a day on which the project was underway."
        raise rejected(ProblemCode.INVALID, field, zh, en)
    return day
