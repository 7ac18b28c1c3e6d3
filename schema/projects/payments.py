"""What is paid for projects, and the commands about it."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement

from policies.scope import Way
from schema.kit.commands import belongs_to, command, given
from schema.kit.corrections import REASON
from schema.kit.entities import column, entity, one
from schema.kit.expressions import Row
from schema.kit.numbers import measure
from schema.kit.ranges import DateRange, days
from schema.kit.scalars import SafeInt
from schema.kit.texts import HOW_MANY, PLACE, UNIT
from schema.organization.units import OrgUnit
from schema.projects.projects import PROJECT, UNDERWAY, Project
from services.organization.paths import place
from services.projects import payments as commands
from services.projects.amounts import in_fen, shown
from services.projects.tables import payments, project_name
from services.storage.transaction import Record

AMOUNT = "金额（元），如“1200.50” / The amount in yuan, as “1200.50”."
PURPOSE = "用途，不写个人姓名，最多二百个字符 / What it is paid for, in at most 200 characters. No names."
PAID = "支付日期，在实施期间，不晚于今天 / The day it was paid, while the project is underway and not to come."


class ProjectPaymentFilter:
    """筛选支出，各项须同时满足 / Which payments: every condition given must hold."""

    paid_on: DateRange = days("paid_on", "支付日期 / Paid on one of these days.")


class ProjectPaymentTotals:
    """支出合计 / What payments come to."""

    count: int = measure(HOW_MANY)
    amount_fen: SafeInt = measure(
        "金额合计（分） / Their amounts, in fen.", total=lambda payment: in_fen(payment.amount)
    )


@entity(
    payments,
    policy="project_payment",
    tag="py",
    ways={Way.WITHIN: lambda payment: payment.unit_path},
    sort=lambda payment: (payment.paid_on,),
    ties=lambda payment: (payment.paid_on, payment.unit_path),
    filter=ProjectPaymentFilter,
    orders={"PLACE": lambda payment: (payment.unit_path,)},
    totals=ProjectPaymentTotals,
)
class ProjectPayment:
    """一笔支出或其更正，只增不改 / A payment, or a correction of one; none is ever changed."""

    amount: Decimal = column(
        "金额（元），更正可为负 / The amount in yuan; that of a correction may be below nothing.",
        lambda payment: shown(payment.amount),
    )
    purpose: str = column("用途 / What it is paid for.")
    paid_on: date = column("支付日期 / The day it was paid.")
    recorded_on: date = column("登记日期 / The day it was recorded.")
    project_name: str = column(
        "项目名称 / The project's name.", lambda payment: project_name(payment.project_id), brings="Project"
    )
    place: list[str] = column(PLACE, lambda payment: place(payment.unit_path))
    unit: "OrgUnit | None" = one(lambda payment, unit: unit.path == payment.unit_path, UNIT)
    project: "Project | None" = one(lambda payment, project: project.id == payment.project_id, PROJECT)
    corrects: "ProjectPayment | None" = one(
        lambda payment, other: other.id == payment.corrects_id,
        "所更正的支出，本身不是更正的为空 / The payment it puts right; null where it is no correction.",
    )


# --- commands ---------------------------------------------------------------------------------------------------------


class PayForProjectInput:
    """登记支出，合计不超过预算 / Record a payment; all of them never exceed the budget."""

    project: Record = belongs_to("Project", PROJECT)
    amount: Decimal = given(AMOUNT)
    purpose: str = given(PURPOSE)
    paid_on: date = given(PAID)


class CorrectPaymentInput:
    """更正支出：另记一笔差额 / Put a payment right by a further one, of the difference."""

    payment: Record = belongs_to("ProjectPayment", "被更正的支出 / The payment.")
    amount: Decimal = given("差额（元），减少的前加负号 / The difference in yuan, with a minus where it is less.")
    reason: str = given(REASON)


def _original(payment: Row) -> ColumnElement[bool]:
    corrects: ColumnElement[object] = payment.corrects_id
    return corrects.is_(None)


COMMANDS = {
    "pay_for_project": command(
        commands.pay, PayForProjectInput, "project_payment:pay", returns="ProjectPayment", when=UNDERWAY
    ),
    "correct_payment": command(
        commands.correct, CorrectPaymentInput, "project_payment:correct", returns="ProjectPayment", when=_original
    ),
}
