"""What projects and funds add to units, compounds, matters and posts, and to the indicators."""

from typing import Any

from sqlalchemy import ColumnElement, and_

from policies.scope import Way
from schema.kit.entities import Area, connection, edge_to, listing
from schema.kit.states import without
from schema.organization.counted import counted, of_unit
from schema.organization.under import under
from schema.projects import contributions, fund_area, payments, phases, projects
from schema.projects.contributions import ProjectContribution
from schema.projects.payments import ProjectPayment
from schema.projects.phases import ProjectPhase
from schema.projects.projects import Project
from services.projects.amounts import in_fen
from services.projects.fund_tables import RULES as FUND_RULES
from services.projects.fund_tables import funds
from services.projects.tables import RULES, ProjectKind, is_ahead, is_done, stands
from services.projects.tables import projects as projects_table
from services.terms import on


def bare(compound: Any) -> ColumnElement[bool]:
    """A compound that no project is for, and that never had a fund: with either it is not struck out."""
    return and_(without(projects_table, "compound_id")(compound), without(funds, "compound_id")(compound))


AREA = Area(
    entities=(Project, ProjectPhase, ProjectPayment, ProjectContribution, *fund_area.ENTITIES),
    edges={
        "OrgUnit": {
            "projects": of_unit(Project, "本单元及所有下级的项目 / The projects of this unit and all below it."),
            **fund_area.OF_UNITS,
        },
        "Compound": {
            "projects": edge_to(
                Project,
                connection(
                    lambda compound, project: project.compound_id == compound.id,
                    "在此小区的项目，限可见的 / The projects that are for it, of those you may see.",
                ),
            ),
            **fund_area.OF_COMPOUNDS,
        },
        "Matter": {
            "projects": edge_to(
                Project,
                connection(
                    lambda matter, project: project.matter_id == matter.id,
                    "由议题促成的项目，限可见的 / The projects it led to, of those you may see.",
                    elsewhere=True,
                ),
            ),
        },
        "ChairTheme": {
            "projects": edge_to(
                Project,
                connection(
                    lambda theme, project: project.theme_id == theme.id,
                    "属此主题的项目，限可见的 / The projects that are part of it, of those you may see.",
                    elsewhere=True,
                ),
            ),
        },
        "Post": {
            "projects": edge_to(
                Project,
                connection(
                    lambda post, project: project.post_id == post.id,
                    "任期内提出的近邻项目 / The neighbour projects that were proposed in it.",
                    alike=(Way.MEMBER,),
                ),
            ),
        },
        "Project": {
            "phases": edge_to(
                ProjectPhase,
                connection(
                    lambda project, phase: phase.project_id == project.id, "各阶段 / Its phases.", alike=(Way.ABOVE,)
                ),
            ),
            "payments": edge_to(
                ProjectPayment,
                connection(
                    lambda project, payment: payment.project_id == project.id,
                    "支出，含更正，限可见的 / What was paid, corrections too, of what you may see.",
                ),
            ),
            "contributions": edge_to(
                ProjectContribution,
                connection(
                    lambda project, row: row.project_id == project.id,
                    "部门支持 / What departments contribute.",
                    alike=(Way.ABOVE,),
                ),
            ),
        },
        **fund_area.OWN,
        "Indicators": {
            "public_projects": counted(
                "为民办实事项目，不含已取消的 / Projects for the public that were not dropped.",
                where=lambda project: project.kind == ProjectKind.PUBLIC,
                holding=stands,
                of=Project,
            ),
            "public_projects_done": counted(
                "已完成的为民办实事项目 / Projects for the public that are done.",
                where=lambda project: project.kind == ProjectKind.PUBLIC,
                holding=is_done,
                of=Project,
            ),
            "public_projects_ahead": counted(
                "超时序推进的为民办实事项目 / Projects for the public that are ahead of schedule.",
                where=lambda project: project.kind == ProjectKind.PUBLIC,
                holding=is_ahead,
                of=Project,
            ),
            "projects_ahead": counted(
                "超时序推进的项目 / Projects that are ahead of schedule.",
                holding=is_ahead,
                of=Project,
            ),
            "neighbour_projects": counted(
                "近邻项目，不含已取消的 / Neighbour projects that were not dropped.",
                where=lambda project: project.kind == ProjectKind.NEIGHBOUR,
                holding=stands,
                of=Project,
            ),
            "project_budget_fen": counted(
                "项目预算合计（分），不含已取消的 / The budgets of projects that were not dropped, in fen.",
                total=lambda project: in_fen(project.budget),
                holding=stands,
                of=Project,
            ),
            "project_spent_fen": counted(
                "项目支出合计（分） / What was paid for projects, in fen.",
                total=lambda payment: in_fen(payment.amount),
                holding=lambda payment, day: payment.paid_on <= on(day),
                of=ProjectPayment,
            ),
            "project_contributions": counted(
                "部门对项目的支持 / What departments contribute to projects.",
                holding=lambda row, day: row.promised_on <= on(day),
                of=ProjectContribution,
            ),
            "project_contributed_fen": counted(
                "部门对项目的资金支持（分），不含实物与人力 / The money among it, in fen.",
                total=lambda row: in_fen(row.amount),
                holding=lambda row, day: row.promised_on <= on(day),
                of=ProjectContribution,
            ),
            **fund_area.INDICATORS,
        },
    },
    roots={
        "projects": listing(Project, "可见的全部项目 / Every project you may see.", under=under()),
        "project_phases": listing(ProjectPhase, "可见的全部阶段 / Every phase you may see.", under=under()),
        "project_payments": listing(ProjectPayment, "可见的全部支出 / Every payment you may see.", under=under()),
        "project_contributions": listing(
            ProjectContribution, "可见的全部部门支持 / Every contribution you may see.", under=under()
        ),
        **fund_area.ROOTS,
    },
    commands={
        **projects.COMMANDS,
        **phases.COMMANDS,
        **payments.COMMANDS,
        **contributions.COMMANDS,
        **fund_area.COMMANDS,
    },
    states={"strike_out_compound": bare},
    rules={**RULES, **FUND_RULES},
)
