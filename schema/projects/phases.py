"""Phases of projects, and the commands about them."""

from datetime import date

from sqlalchemy import Boolean, ColumnElement, and_

from policies.scope import Way
from schema.kit.commands import command, given, part, rows, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.expressions import Row
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, days
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.organization.units import OrgUnit
from schema.projects.projects import PROJECT, WEIGHT, Project
from services.organization.paths import place
from services.projects import phases as commands
from services.projects.tables import ProjectStatus, has_status, phases, project_name, reached
from services.storage.transaction import Record

PHASE = "阶段 / The phase."
DUE = "应完成日期，在项目工期之内 / The day it is due, within the project's time."


class ProjectPhaseFilter:
    """筛选阶段，各项须同时满足 / Which phases: every condition given must hold."""

    due_on: DateRange = days("due_on", "应完成日期 / Due on one of these days.")
    done: bool = where(
        lambda phase, given: phase.done_on.is_not(None) == given["value"],
        "是否完成 / Whether it is reached.",
        value=(Boolean(), bool),
    )


class ProjectPhaseTotals:
    """阶段合计 / What phases come to."""

    count: int = measure(HOW_MANY)
    done: int = measure("已完成 / How many are reached.", where=lambda phase: phase.done_on.is_not(None))


@entity(
    phases,
    policy="project_phase",
    tag="pp",
    ways={
        Way.WITHIN: lambda phase: phase.unit_path,
        Way.ABOVE: lambda phase: phase.unit_path,
        Way.SECTOR: lambda phase: phase.unit_path,
        Way.MEMBER: reached,
    },
    sort=lambda phase: (phase.due_on, phase.name),
    ties=lambda phase: (phase.due_on, phase.name, phase.unit_path),
    filter=ProjectPhaseFilter,
    orders={"DUE_ON": lambda phase: (phase.due_on,), "PLACE": lambda phase: (phase.unit_path,)},
    totals=ProjectPhaseTotals,
)
class ProjectPhase:
    """项目的一个阶段 / A phase of a project."""

    name: str = column("阶段 / What it is.")
    weight: int = column("权重（百分比） / Its weight in per cent.")
    due_on: date = column("应完成日期 / The day it is due.")
    done_on: date | None = column("完成日期，未完成为空 / The day it was reached; null while it is not.")
    project_name: str = column(
        "项目名称 / The project's name.", lambda phase: project_name(phase.project_id), brings="Project"
    )
    place: list[str] = column(PLACE, lambda phase: place(phase.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda phase, unit: unit.path == phase.unit_path, UNIT)
    project: "Project | None" = one(lambda phase, project: project.id == phase.project_id, PROJECT)


# --- commands ---------------------------------------------------------------------------------------------------------


class ReachPhaseInput:
    """登记阶段完成 / Say that a phase was reached."""

    phase: Record = target("ProjectPhase", PHASE)
    version: int = version()
    on: date = given("完成日期，在实施期间，不晚于今天 / The day, while the project is underway and not to come.")


class CorrectPhaseInput:
    """更正阶段；未开工的请重新编排 / Correct a phase; what has not started is planned anew."""

    phase: Record = target("ProjectPhase", PHASE)
    version: int = version()
    name: str | None = given("阶段，同一项目不重名 / The phase; once for each project.")
    due_on: date | None = given(DUE)
    done_on: date | None = given("完成日期，null 为未完成 / The day it was reached; null: it is not.")
    reason: str = given(REASON)


class PhaseWeight:
    """一个阶段的权重 / The weight of one phase."""

    phase: Record = part("ProjectPhase", PHASE, action="correct")
    version: int = version()
    weight: int = given(WEIGHT)


class CorrectPhasesInput:
    """更正已开工项目各阶段的权重，一次更正多个 / Correct weights of phases, together, of what has started."""

    project: Record = target("Project", PROJECT)
    version: int = version()
    phases: list[PhaseWeight] = rows("要更正的阶段，其余不变 / The phases to correct; the others stay.")
    reason: str = given(REASON)


def _started(project: Row) -> ColumnElement[bool]:
    was: ColumnElement[bool] = project.started_on.is_not(None)
    return was


def _unreached(phase: Row) -> ColumnElement[bool]:
    return and_(phase.done_on.is_(None), has_status(phase.project_id, ProjectStatus.UNDERWAY))


COMMANDS = {
    "reach_phase": command(
        commands.reach, ReachPhaseInput, "project_phase:reach", returns="ProjectPhase", when=_unreached
    ),
    "correct_phase": command(commands.correct, CorrectPhaseInput, "project_phase:correct", returns="ProjectPhase"),
    "correct_phases": command(
        commands.reweigh, CorrectPhasesInput, "project:correct", returns="Project", when=_started
    ),
}
