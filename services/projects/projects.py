"""Projects are proposed, planned, started, finished or dropped, taken up again, and corrected.

What is finished or dropped takes no change but corrections, each with its reason.

Long because each step a project takes is a command, read beside what it checks.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID, uuid4

from sqlalchemy import delete, func, literal, select

from services.appointments.tables import PostKind
from services.chairs.tables import ThemeStatus
from services.deliberation.way import Step
from services.errors import ProblemCode, rejected
from services.names import proper
from services.projects.amounts import amount
from services.projects.days import come, on_record
from services.projects.tables import WHOLE, ProjectKind, ProjectStatus, payments, phases, projects
from services.storage import correcting
from services.storage.closing import only_open, past
from services.storage.transaction import Record, Transaction
from services.storage.validation import UNKNOWN, Amiss, names, twins, valid

PHASES = "phases"
PROPOSERS = (PostKind.PART_TIME_MEMBER, PostKind.ROTATING_CHAIR)
LIVE = (ProjectStatus.PLANNED, ProjectStatus.UNDERWAY)


class Proposed(TypedDict):
    """What a project is."""

    name: str
    purpose: str
    planned_on: date
    due_on: date
    budget: Decimal
    matter: NotRequired[Record | None]
    theme: NotRequired[Record | None]


class Said(TypedDict, total=False):
    """What a correction may change."""

    name: str | None
    purpose: str | None
    due_on: date | None
    done_on: date | None
    budget: Decimal | None
    matter: Record | None
    theme: Record | None


async def propose(
    tx: Transaction, *, unit: Record, proposed_by: str, compound: Record | None = None, **said: Unpack[Proposed]
) -> UUID:
    """Propose a project for the public, of a unit; its id. Rejected for a compound that lies elsewhere."""
    values = {"kind": ProjectKind.PUBLIC, "proposed_by": proposed_by}
    return await _proposed(tx, unit["path"], compound, values, said)


async def propose_neighbour(
    tx: Transaction, *, post: Record, compound: Record | None = None, **said: Unpack[Proposed]
) -> UUID:
    """Propose a neighbour project where a part-time member or a rotating chair is in office today; its id."""
    if post["kind"] not in PROPOSERS:
        zh, en = "近邻项目由兼职委员或轮值家长提出。", "Part-time members and rotating chairs propose these."
        raise rejected(ProblemCode.INVALID, "post", zh, en)
    today = await tx.today()
    if not post["since"] <= today <= (post["until"] or today):
        raise rejected(ProblemCode.CLOSED, "post", "今天不在任期之内。", "The post is not held today.")
    values = {"kind": ProjectKind.NEIGHBOUR, "post_id": post["id"]}
    return await _proposed(tx, post["unit_path"], compound, values, said)


async def plan(tx: Transaction, *, project: Record, phases: Sequence[Mapping[str, Any]]) -> UUID:
    """Plan its phases, in the place of those there are; its id. Rejected with all that is amiss, once started too."""
    _only(project, ProjectStatus.PLANNED)
    made = _phases(project, phases)
    await tx.rows(delete(_PHASES).where(_PHASES.c.project_id == project["id"]))
    at = {"project_id": project["id"], "unit_path": project["unit_path"]}
    await tx.insert_all(_PHASES, [{"id": uuid4(), **at, **row} for row in made])
    return await tx.update(projects, project["id"])


async def start(tx: Transaction, *, project: Record, on: date) -> UUID:
    """Start it; its id. Rejected where its phases do not come to 100."""
    _only(project, ProjectStatus.PLANNED)
    weights = select(func.coalesce(func.sum(_PHASES.c.weight), 0)).where(_PHASES.c.project_id == project["id"])
    if await tx.value(weights) != WHOLE:
        zh, en = "请先编排阶段，权重之和须为 100。", "Plan its phases first: their weights come to 100."
        raise rejected(ProblemCode.INCOMPLETE, "project", zh, en)
    return await tx.update(projects, project["id"], status=ProjectStatus.UNDERWAY, started_on=await come(tx, "on", on))


async def finish(tx: Transaction, *, project: Record, on: date) -> UUID:
    """Finish it, once every phase is reached; its id. Rejected for a day before one was, or something was paid."""
    _only(project, ProjectStatus.UNDERWAY)
    open_ = select(func.count()).where(_PHASES.c.project_id == project["id"], _PHASES.c.done_on.is_(None))
    if await tx.value(open_):
        zh, en = "还有阶段未完成。", "A phase is not reached yet."
        raise rejected(ProblemCode.INCOMPLETE, "project", zh, en)
    done = await _done(tx, project, "on", on)
    return await tx.update(projects, project["id"], status=ProjectStatus.DONE, done_on=done)


async def drop(tx: Transaction, *, project: Record, reason: str) -> UUID:
    """Drop it, and say why; its id. Rejected once it is done."""
    _only(project, *LIVE)
    why = {"drop_reason": proper("reason", reason), "dropped_on": await tx.today()}
    return await tx.update(projects, project["id"], status=ProjectStatus.DROPPED, **why)


async def reopen(tx: Transaction, *, project: Record, reason: str) -> UUID:
    """Take up again what was done or dropped, as far as it was; its id. What it was stays on record."""
    _only(project, ProjectStatus.DONE, ProjectStatus.DROPPED)
    await correcting.note(tx, project, proper("reason", reason))
    status = ProjectStatus.PLANNED if project["started_on"] is None else ProjectStatus.UNDERWAY
    ended = {"done_on": None, "dropped_on": None, "drop_reason": None}
    return await tx.update(projects, project["id"], status=status, **ended)


async def correct(tx: Transaction, *, project: Record, reason: str, **changes: Unpack[Said]) -> UUID:
    """Put right what is given, in whatever state; its id. A budget is raised so, and never below what was paid."""
    amiss, made = Amiss(), dict[str, Any]()
    with amiss.within():
        made |= valid(projects, {name: value for name, value in changes.items() if name not in APART})
        await _around_its_phases(tx, project, made.get("due_on"))
    with amiss.within():
        made |= _led_by(project["unit_path"], changes)
    with amiss.within():
        made |= _part_of(project["unit_path"], changes)
    if "budget" in changes:
        with amiss.within():
            made["budget"] = _budget(project, changes["budget"])
    if "done_on" in changes:
        with amiss.within():
            made["done_on"] = await _corrected_end(tx, project, changes["done_on"])
    with amiss.within():
        said = proper("reason", reason)
    amiss.check()
    if all(project[name] == value for name, value in made.items()):
        zh, en = "没有要更正的内容：所填与现状相同。", "Nothing is corrected: all of it is as it was."
        raise rejected(ProblemCode.INCOMPLETE, "project", zh, en)
    await correcting.note(tx, project, said)
    return await tx.update(projects, project["id"], **made)


# --- what is checked --------------------------------------------------------------------------------------------------

APART = ("budget", "done_on", "matter", "theme")  # checked by themselves
_PHASES = phases  # what an argument of `plan` is called as well


async def _proposed(
    tx: Transaction, path: str, compound: Record | None, values: Mapping[str, Any], said: Proposed
) -> UUID:
    amiss, made = Amiss(), dict[str, Any]()
    if compound is not None:
        with amiss.within():
            made["compound_id"] = _within(path, compound)
    texts = {"proposed_by": values["proposed_by"]} if "proposed_by" in values else {}
    with amiss.within():
        made |= _led_by(path, said)
    with amiss.within():
        made |= _part_of(path, said)
    with amiss.within():
        made |= valid(projects, {**texts, **{name: value for name, value in said.items() if name not in APART}})
        _in_order(on_record("planned_on", made["planned_on"]), made["due_on"])
    with amiss.within():
        made["budget"] = amount("budget", said["budget"])
    amiss.check()
    return await tx.insert(projects, unit_path=path, proposed_on=await tx.today(), **{**values, **made})


def _within(path: str, compound: Record) -> UUID | None:
    if compound is UNKNOWN:
        return None
    only_open(compound=compound)
    if not compound["unit_path"].startswith(path):
        zh, en = "小区须在项目所在单元之内。", "The compound must lie in the project's unit."
        raise rejected(ProblemCode.OUT_OF_REACH, "compound", zh, en)
    found: UUID = compound["id"]
    return found


def _led_by(path: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """The matter that led to a project, where one is said; Rejected for one of elsewhere, or not taken up."""
    matter = said.get("matter")
    if matter is None or matter is UNKNOWN:
        return {"matter_id": None} if "matter" in said else {}
    if matter["step"] == Step.DROPPED:
        raise rejected(ProblemCode.CLOSED, "matter", "该议题不予办理。", "The matter was not taken up.")
    if not (matter["unit_path"].startswith(path) or path.startswith(matter["unit_path"])):
        zh, en = (
            "议题须在项目所在单元、其上级或下级。",
            "The matter is of the project's unit, or of one above or below it.",
        )
        raise rejected(ProblemCode.OUT_OF_REACH, "matter", zh, en)
    return {"matter_id": matter["id"]}


def _part_of(path: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """The theme that a project is part of, where one is said; Rejected for one of elsewhere, or that was dropped."""
    theme = said.get("theme")
    if theme is None or theme is UNKNOWN:
        return {"theme_id": None} if "theme" in said else {}
    if theme["status"] == ThemeStatus.DROPPED:
        raise rejected(ProblemCode.CLOSED, "theme", "该轮值主题已取消。", "The theme was dropped.")
    if not path.startswith(theme["unit_path"]):
        zh, en = "轮值主题须属项目所在单元或其上级。", "The theme is of the project's unit, or of one above it."
        raise rejected(ProblemCode.OUT_OF_REACH, "theme", zh, en)
    return {"theme_id": theme["id"]}


def _in_order(planned_on: date, due_on: date) -> None:
    if due_on < planned_on:
        zh, en = "期限不能早于计划开工。", "It cannot be due before it is to start."
        raise rejected(ProblemCode.INVALID, "due_on", zh, en)


def _phases(project: Record, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each row as columns; Rejected with everything that is amiss with any, and with what they come to."""
    amiss, made = Amiss(), list[dict[str, Any]]()
    if not rows:
        amiss.tell(ProblemCode.INCOMPLETE, PHASES, "至少填写一行。", "Give one row at least.")
    for number, row in enumerate(rows):
        with amiss.within(f"{PHASES}.{number}"):
            values = valid(_PHASES, {name: row[name] for name in ("name", "weight", "due_on")})
            due_within(project, values["due_on"])
            made.append(values)
    amiss.add(twins(PHASES, names(rows)))
    total = sum(row["weight"] for row in rows)
    if rows and total != WHOLE and all(1 <= row["weight"] <= WHOLE for row in rows):
        zh, en = f"权重之和须为 100，现为 {total}。", f"The weights come to 100, and these to {total}."
        amiss.tell(ProblemCode.INVALID, PHASES, zh, en)
    amiss.check()
    return made


def due_within(project: Record, due_on: date) -> None:
    """Rejected where a phase would be due before the project is to start or after it is due."""
    first, last = project["planned_on"], project["due_on"]
    if not first <= due_on <= last:
        zh, en = f"须在项目工期之内（{first} 至 {last}）。", f"This lies within the project's time ({first} to {last})."
        raise rejected(ProblemCode.INVALID, "due_on", zh, en)


async def _around_its_phases(tx: Transaction, project: Record, due_on: date | None) -> None:
    """Rejected where a phase would be due only after the project: it would be ahead of its phases, and overdue."""
    if due_on is None:
        return
    _in_order(project["planned_on"], due_on)
    last = await tx.value(select(func.max(_PHASES.c.due_on)).where(_PHASES.c.project_id == project["id"]))
    if last is not None and due_on < last:
        zh, en = f"不能早于最后一个阶段的期限（{last}）。", f"This is no earlier than its last phase is due ({last})."
        raise rejected(ProblemCode.INVALID, "due_on", zh, en)


async def _done(tx: Transaction, project: Record, field: str, day: date) -> date:
    """The day, if it is not before the last one on which anything of the project came to pass."""
    reached = select(func.max(_PHASES.c.done_on)).where(_PHASES.c.project_id == project["id"])
    paid = select(func.max(payments.c.paid_on)).where(payments.c.project_id == project["id"])
    last = await tx.value(
        select(func.greatest(literal(project["started_on"]), reached.scalar_subquery(), paid.scalar_subquery()))
    )
    if await past(tx, field, day) < last:
        zh, en = (
            f"不能早于最后一个阶段或支出（{last}）。",
            f"This is no earlier than its last phase or payment ({last}).",
        )
        raise rejected(ProblemCode.INVALID, field, zh, en)
    return day


async def _corrected_end(tx: Transaction, project: Record, day: date | None) -> date:
    if project["status"] != ProjectStatus.DONE or day is None:
        zh, en = (
            "只有已完成的项目才有完成日期；取消完成请重新启动。",
            "Only what is done has this day; reopen it otherwise.",
        )
        raise rejected(ProblemCode.INVALID, "done_on", zh, en)
    return await _done(tx, project, "done_on", day)


def _budget(project: Record, given: Decimal | None) -> Decimal:
    budget = amount("budget", given)
    if budget < project["spent"]:
        zh, en = (
            f"不能低于已支出的 {project['spent']} 元。",
            f"This is no less than was paid ({project['spent']} yuan).",
        )
        raise rejected(ProblemCode.INVALID, "budget", zh, en)
    return budget


def _only(project: Record, *states: ProjectStatus) -> None:
    only(project, "project", *states)


def only(project: Record, field: str, *states: ProjectStatus) -> None:
    """Rejected, for this field, in any other state."""
    if project["status"] not in states:
        zh, en = f"项目{_STATES[project['status']][0]}。", f"The project {_STATES[project['status']][1]}."
        raise rejected(ProblemCode.CLOSED, field, zh, en)


_STATES = {
    ProjectStatus.PLANNED: ("尚未开工", "has not started"),
    ProjectStatus.UNDERWAY: ("正在实施", "is underway"),
    ProjectStatus.DONE: ("已完成", "is done"),
    ProjectStatus.DROPPED: ("已取消", "was dropped"),
}
