"""Projects for the public 为民办实事 and neighbour projects 近邻项目, and the commands about them.

Long because a project goes a long way, and each step of it is a command.
"""

from datetime import date
from decimal import Decimal

from sqlalchemy import Boolean, ColumnElement, and_

from policies.scope import Way
from schema.appointments.posts import Post
from schema.chairs.themes import ChairTheme
from schema.deliberation.matters import Matter
from schema.kit.commands import belongs_to, command, given, reference, rows, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.expressions import Pairs, Row
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.scalars import SafeInt
from schema.kit.states import in_state, of_kind, still_open
from schema.kit.texts import HOW_MANY, NAME, PLACE, UNIT, VERSION
from schema.kit.words import among
from schema.organization.units import OrgUnit
from schema.properties.compounds import Compound
from services.appointments.holders import holders
from services.organization.paths import place
from services.projects import projects as commands
from services.projects.amounts import in_fen, shown
from services.projects.tables import (
    ProjectKind,
    ProjectStatus,
    all_reached,
    is_ahead,
    planned_progress,
    progress,
    projects,
    reached,
)
from services.storage.transaction import Record
from services.terms import holds_today

PURPOSE = "项目内容，不写个人姓名、电话，最多二百个字符 / What it is for, in at most 200 characters. No names."
PROPOSED_BY = "提出单位或部门，不写个人姓名 / The unit or department that proposes it. No names."
BUDGET = "预算（元），如“1200.50” / The budget in yuan, as “1200.50”."
PLANNED = "计划开工日期 / The day it is to start."
PLAN = "计划开工日期，自 2000 年起 / The day it is to start, from 2000 on."
DUE = "完成期限 / The day it is due."
PROJECT = "项目 / The project."
MATTER = "促成项目的议题 / The matter that led to it; null for none."
THEME = "所属轮值主题，属项目单元或其上级 / The theme it is part of, of its unit or one above it; null for none."
COMPOUND = "所在小区，须在项目单元之内 / The compound it is for, in the project's unit."
STATUS = "状态 / What became of it."
KIND = "类别 / Its kind."
AHEAD = (
    "是否超时序：至今天（已完成的至完成当日）的进度高于各阶段的计划 / Whether it is ahead of"
    " schedule: today, or on the day it was done, further on than its phases were due."
)
WEIGHT = "权重（百分比），各阶段之和为 100 / Its weight in per cent; all of them come to 100."
FLAG = (Boolean(), bool)


class ProjectFilter:
    """筛选项目，各项须同时满足 / Which projects: every condition given must hold."""

    kind: list[ProjectKind] = among(projects.c.kind, "类别 / Of one of these kinds.")
    status: list[ProjectStatus] = among(projects.c.status, "状态 / Of one of these states.")
    planned_on: DateRange = days("planned_on", "计划开工日期 / To start on one of these days.")
    due_on: DateRange = days("due_on", "完成期限 / Due on one of these days.")
    done_on: DateRange = days("done_on", "完成日期 / Done on one of these days.")
    ahead: bool = where(lambda project, given: is_ahead(project) == given["value"], AHEAD, value=FLAG)


class ProjectStatusCount:
    """一类一种状态的项目 / Projects of one kind and state."""

    kind: ProjectKind = column(KIND)
    status: ProjectStatus = column(STATUS)
    count: int = measure(HOW_MANY)
    ahead: int = measure("超时序 / How many are ahead of schedule.", where=is_ahead)
    budget_fen: SafeInt = measure(
        "预算合计（分） / Their budgets, in fen.", total=lambda project: in_fen(project.budget)
    )
    spent_fen: SafeInt = measure("支出合计（分） / What was paid, in fen.", total=lambda project: in_fen(project.spent))


class ProjectTotals:
    """项目合计 / What projects come to."""

    count: int = measure(HOW_MANY)
    ahead: int = measure("超时序 / How many are ahead of schedule.", where=is_ahead)
    budget_fen: SafeInt = measure(
        "预算合计（分） / Their budgets, in fen.", total=lambda project: in_fen(project.budget)
    )
    spent_fen: SafeInt = measure("支出合计（分） / What was paid, in fen.", total=lambda project: in_fen(project.spent))
    by_status: list[ProjectStatusCount] = grouped(ProjectStatusCount, "按类别与状态 / By kind and state.")


@entity(
    projects,
    policy="project",
    tag="pj",
    ways={
        Way.WITHIN: lambda project: project.unit_path,
        Way.ABOVE: lambda project: project.unit_path,
        Way.SECTOR: lambda project: project.unit_path,
        Way.MEMBER: (reached, Pairs(holders, lambda project: project.post_id)),
    },
    sort=lambda project: (project.due_on,),
    ties=lambda project: (project.due_on, project.name, project.unit_path),
    filter=ProjectFilter,
    orders={
        "PLACE": lambda project: (project.unit_path,),
        "KIND": lambda project: (project.kind,),
        "PLANNED_ON": lambda project: (project.planned_on,),
        "DUE_ON": lambda project: (project.due_on,),
        "DONE_ON": lambda project: (project.done_on,),
        "STATUS": lambda project: (project.status,),
    },
    totals=ProjectTotals,
)
class Project:
    """项目：为民办实事或近邻项目，分阶段实施 / A project for the public, or a neighbour project, done in phases."""

    kind: ProjectKind = column(KIND)
    name: str = column(NAME)
    purpose: str = column("项目内容 / What it is for.")
    proposed_by: str | None = column(
        "提出单位或部门，近邻项目为空 / The unit or department that proposed it; null for a neighbour project."
    )
    proposed_on: date = column("提出日期 / The day it was proposed.")
    planned_on: date = column(PLANNED)
    due_on: date = column(DUE)
    started_on: date | None = column("开工日期，未开工为空 / The day it started; null while it has not.")
    done_on: date | None = column("完成日期，未完成为空 / The day it was done; null while it is not.")
    dropped_on: date | None = column("取消日期，未取消为空 / The day it was dropped; null where it was not.")
    drop_reason: str | None = column("取消原因 / Why it was dropped; null where it was not.")
    status: ProjectStatus = column(STATUS)
    budget: Decimal = column(BUDGET, lambda project: shown(project.budget))
    spent: Decimal = column("已支出（元） / What was paid, in yuan.", lambda project: shown(project.spent))
    progress: int = column(
        "进度（百分比），已完成阶段的权重之和 / The weights of the phases reached, in per cent.", progress
    )
    planned_progress: int = column(
        "至今天的计划进度（百分比） / The weights of the phases due by today, in per cent.", planned_progress
    )
    ahead: bool = column(AHEAD, is_ahead)
    place: list[str] = column(PLACE, lambda project: place(project.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda project, unit: unit.path == project.unit_path, UNIT)
    compound: "Compound | None" = one(
        lambda project, compound: compound.id == project.compound_id,
        "所在小区 / The compound it is for.",
        elsewhere=True,
    )
    matter: "Matter | None" = one(
        lambda project, matter: matter.id == project.matter_id,
        "促成项目的议题，限可见的 / The matter that led to it, where you may see it.",
        elsewhere=True,
    )
    theme: "ChairTheme | None" = one(
        lambda project, theme: theme.id == project.theme_id,
        "所属轮值主题，限可见的 / What a rotating chair plans that it is part of, where you may see it.",
    )
    post: "Post | None" = one(
        lambda project, post: post.id == project.post_id,
        "提出近邻项目的兼职委员或轮值家长的任职，限可见的 / The post of whoever proposed a neighbour project, where"
        " that is yours to see.",
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class ProposeProjectInput:
    """提出为民办实事项目 / Propose a project for the public."""

    unit: Record = belongs_to("OrgUnit", UNIT)
    compound: Record | None = reference("Compound", COMPOUND, when=still_open)
    matter: Record | None = reference("Matter", MATTER)
    theme: Record | None = reference("ChairTheme", THEME)
    proposed_by: str = given(PROPOSED_BY)
    name: str = given(NAME)
    purpose: str = given(PURPOSE)
    planned_on: date = given(PLAN)
    due_on: date = given(DUE)
    budget: Decimal = given(BUDGET)


class ProposeNeighbourProjectInput:
    """提出近邻项目：由在任的兼职委员、轮值家长本人或社区登记 / Propose a neighbour project, in a post held today."""

    post: Record = belongs_to("Post", "兼职委员或轮值家长的任职 / The post of a part-time member or rotating chair.")
    compound: Record | None = reference("Compound", COMPOUND, when=still_open)
    matter: Record | None = reference("Matter", MATTER)
    theme: Record | None = reference("ChairTheme", THEME)
    name: str = given(NAME)
    purpose: str = given(PURPOSE)
    planned_on: date = given(PLAN)
    due_on: date = given(DUE)
    budget: Decimal = given(BUDGET)


class ProjectPhaseRow:
    """项目的一个阶段 / A phase of a project."""

    name: str = given("阶段，同一项目不重名 / The phase; once for each project.")
    weight: int = given(WEIGHT)
    due_on: date = given("应完成日期，在项目工期之内 / The day it is due, within the project's time.")


class PlanProjectInput:
    """编排未开工项目的全部阶段，替换原有的 / Plan all phases of a project that has not started, anew."""

    project: Record = target("Project", PROJECT)
    version: int = version()
    phases: list[ProjectPhaseRow] = rows("各阶段 / The phases.")


class StartProjectInput:
    """登记开工 / Say that it started."""

    project: Record = target("Project", PROJECT)
    version: int = version()
    on: date = given("开工日期，自 2000 年起，不晚于今天 / The day it started, from 2000 on, not to come.")


class FinishProjectInput:
    """登记完成，各阶段均须完成 / Say that it is done, once every phase is."""

    project: Record = target("Project", PROJECT)
    version: int = version()
    on: date = given("完成日期，不晚于今天 / The day it was done, not to come.")


class DropProjectInput:
    """取消项目 / Drop a project."""

    project: Record = target("Project", PROJECT)
    version: int = version()
    reason: str = given("原因，最多一百个字符，不写个人姓名 / Why; at most 100 characters. No names.")


class ReopenProjectInput:
    """重新启动已完成或已取消的项目 / Take up a project again that was done or dropped."""

    project: Record = target("Project", PROJECT)
    version: int = version()
    reason: str = given(REASON)


class CorrectProjectInput:
    """更正项目，含调整预算，任何状态均可 / Correct a project in any state, as to raise its budget."""

    project: Record = target("Project", PROJECT)
    version: int = version()
    name: str | None = given(NAME)
    purpose: str | None = given(PURPOSE)
    due_on: date | None = given("完成期限，不早于各阶段的期限 / The day it is due, no earlier than any phase of it.")
    done_on: date | None = given("完成日期，限已完成的 / The day it was done, of one that is.")
    matter: Record | None = reference("Matter", MATTER)
    theme: Record | None = reference("ChairTheme", THEME)
    budget: Decimal | None = given("预算（元），不低于已支出 / The budget in yuan, no less than was paid.")
    reason: str = given(REASON)


def _proposing(post: Row) -> ColumnElement[bool]:
    return and_(of_kind(*commands.PROPOSERS)(post), holds_today(post))


UNPLANNED, UNDERWAY = in_state(ProjectStatus.PLANNED), in_state(ProjectStatus.UNDERWAY)
LIVE, OVER = in_state(*commands.LIVE), in_state(ProjectStatus.DONE, ProjectStatus.DROPPED)

COMMANDS = {
    "propose_project": command(commands.propose, ProposeProjectInput, "project:propose", returns="Project"),
    "propose_neighbour_project": command(
        commands.propose_neighbour,
        ProposeNeighbourProjectInput,
        "project:propose_neighbour",
        returns="Project",
        when=_proposing,
    ),
    "plan_project": command(commands.plan, PlanProjectInput, "project:plan", returns="Project", when=UNPLANNED),
    "start_project": command(commands.start, StartProjectInput, "project:start", returns="Project", when=UNPLANNED),
    "finish_project": command(
        commands.finish, FinishProjectInput, "project:finish", returns="Project", when=UNDERWAY
    ).only(all_reached),
    "drop_project": command(commands.drop, DropProjectInput, "project:drop", returns="Project", when=LIVE),
    "reopen_project": command(commands.reopen, ReopenProjectInput, "project:reopen", returns="Project", when=OVER),
    "correct_project": command(commands.correct, CorrectProjectInput, "project:correct", returns="Project"),
}
