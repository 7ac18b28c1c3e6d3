"""What departments bring to projects, and the commands about it."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Text, and_

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given, target, version
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one, where
from schema.kit.expressions import Row
from schema.kit.numbers import grouped, measure
from schema.kit.ranges import DateRange, days
from schema.kit.scalars import SafeInt
from schema.kit.texts import HOW_MANY, PLACE, UNIT, VERSION
from schema.kit.words import among, plain
from schema.organization.units import OrgUnit
from schema.projects.projects import LIVE, PROJECT, Project
from services.organization.paths import place
from services.projects import contributions as commands
from services.projects.amounts import in_fen, shown
from services.projects.projects import LIVE as STATES
from services.projects.tables import ContributionKind, contributions, has_status, project_name, reached
from services.storage.transaction import Record

DEPARTMENT = "部门 / The department."
KIND = "支持方式 / How it contributes."
TEXT = "支持内容，不写个人姓名，最多二百个字符 / What it brings, in at most 200 characters. No names."
CONTRIBUTION = "部门支持 / The contribution."
MONEY = "资金合计（分），不含实物与人力 / The money among it, in fen."


class ProjectContributionFilter:
    """筛选部门支持，各项须同时满足 / Which contributions: every condition given must hold."""

    department: str = where(
        lambda row, given: row.department == given["department"],
        "部门 / Of this department.",
        department=(Text(), lambda text: plain(text).strip()),
    )
    kind: list[ContributionKind] = among(contributions.c.kind, "方式 / In one of these ways.")
    promised_on: DateRange = days("promised_on", "承诺日期 / Promised on one of these days.")
    delivered_on: DateRange = days("delivered_on", "落实日期 / Delivered on one of these days.")


def _delivered(row: Row) -> ColumnElement[bool]:
    delivered: ColumnElement[object] = row.delivered_on
    return delivered.is_not(None)


class ContributionDepartmentCount:
    """一个部门的支持 / What one department contributes."""

    department: str = column(DEPARTMENT)
    count: int = measure(HOW_MANY)
    delivered: int = measure("已落实 / How much of it is delivered.", where=_delivered)
    amount_fen: SafeInt = measure(MONEY, total=lambda row: in_fen(row.amount))


class ProjectContributionTotals:
    """部门支持合计 / What contributions come to."""

    count: int = measure(HOW_MANY)
    delivered: int = measure("已落实 / How many are delivered.", where=_delivered)
    amount_fen: SafeInt = measure(MONEY, total=lambda row: in_fen(row.amount))
    by_department: list[ContributionDepartmentCount] = grouped(ContributionDepartmentCount, "按部门 / By department.")


@entity(
    contributions,
    policy="project_contribution",
    tag="pn",
    ways={
        Way.WITHIN: lambda row: row.unit_path,
        Way.ABOVE: lambda row: row.unit_path,
        Way.MEMBER: reached,
    },
    sort=lambda row: (row.promised_on,),
    ties=lambda row: (row.promised_on, row.department, row.unit_path),
    filter=ProjectContributionFilter,
    orders={"PLACE": lambda row: (row.unit_path,), "DELIVERED_ON": lambda row: (row.delivered_on,)},
    totals=ProjectContributionTotals,
)
class ProjectContribution:
    """部门支持：部门为项目投入的资金、实物或人力 / Money, goods or work that a department brings to a project."""

    department: str = column(DEPARTMENT)
    kind: ContributionKind = column(KIND)
    text: str = column("支持内容 / What it brings.")
    amount: Decimal | None = column(
        "金额（元），实物与人力为空 / The amount in yuan; null for goods and work.", lambda row: shown(row.amount)
    )
    promised_on: date = column("承诺日期 / The day it was promised.")
    delivered_on: date | None = column("落实日期，未落实为空 / The day it was delivered; null while it is not.")
    project_name: str = column(
        "项目名称 / The project's name.", lambda row: project_name(row.project_id), brings="Project"
    )
    place: list[str] = column(PLACE, lambda row: place(row.unit_path))
    version: int = column(VERSION)
    unit: "OrgUnit | None" = one(lambda row, unit: unit.path == row.unit_path, UNIT)
    project: "Project | None" = one(lambda row, project: project.id == row.project_id, PROJECT)


# --- commands ---------------------------------------------------------------------------------------------------------


class ContributeToProjectInput:
    """登记部门承诺的支持 / Record what a department promises."""

    project: Record = belongs_to("Project", PROJECT)
    department: str = given(DEPARTMENT)
    kind: ContributionKind = given(KIND)
    text: str = given(TEXT)
    amount: Decimal | None = given("金额（元），限资金 / The amount in yuan, of money alone.")
    promised_on: date = given("承诺日期，自 2000 年起，不晚于今天 / The day of the promise, from 2000 on, not to come.")


class DeliverContributionInput:
    """登记落实 / Say that it was delivered."""

    contribution: Record = target("ProjectContribution", CONTRIBUTION)
    version: int = version()
    on: date = given("落实日期，不晚于今天 / The day it was delivered, not to come.")


class StrikeOutContributionInput:
    """删除误记的支持 / Remove one that should not be there."""

    contribution: Record = target("ProjectContribution", CONTRIBUTION)
    version: int = version()
    reason: str = given(REASON)


def _undelivered(row: Row) -> ColumnElement[bool]:
    return and_(row.delivered_on.is_(None), has_status(row.project_id, *STATES))


COMMANDS = {
    "contribute_to_project": command(
        commands.contribute,
        ContributeToProjectInput,
        "project_contribution:contribute",
        returns="ProjectContribution",
        when=LIVE,
    ),
    "deliver_contribution": command(
        commands.deliver,
        DeliverContributionInput,
        "project_contribution:deliver",
        returns="ProjectContribution",
        when=_undelivered,
    ),
    "strike_out_contribution": command(
        commands.strike_out, StrikeOutContributionInput, "project_contribution:strike_out", returns="Project"
    ),
}
