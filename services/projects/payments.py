"""What is paid for a project, and put right by a further payment. The project's row is locked: of two at once the
second one is told, by the constraint `project_spent_check`, where both exceed the budget."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from services.errors import ProblemCode, Rejected, rejected
from services.names import proper
from services.projects.amounts import amount as amount_of
from services.projects.phases import held
from services.projects.projects import only
from services.projects.tables import ProjectStatus, payments
from services.storage import correcting
from services.storage.closing import past
from services.storage.transaction import Record, Transaction
from services.storage.validation import LINE, Amiss


async def pay(tx: Transaction, *, project: Record, amount: Decimal, purpose: str, paid_on: date) -> UUID:
    """Pay something for a project that is underway; the payment's id. Rejected beyond the budget."""
    only(project, "project", ProjectStatus.UNDERWAY)
    amiss = Amiss()
    with amiss.within():
        sum_ = amount_of("amount", amount)
        if sum_ > project["budget"] - project["spent"]:
            raise _beyond(project)
    with amiss.within():
        said = proper("purpose", purpose, LINE)
    with amiss.within():
        if await past(tx, "paid_on", paid_on) < project["started_on"]:
            raise rejected(ProblemCode.INVALID, "paid_on", "不能在开工之前。", "This is not before it started.")
    amiss.check()
    of = {"project_id": project["id"], "unit_path": project["unit_path"], "recorded_on": await tx.today()}
    return await tx.insert(payments, **of, amount=sum_, purpose=said, paid_on=paid_on)


async def correct(tx: Transaction, *, payment: Record, amount: Decimal, reason: str) -> UUID:
    """Put a payment right by a further one, of more or less; that one's id.

    Rejected for a correction itself, where less than nothing would be left of the payment, and for more than the
    budget. Of a project that is done or was dropped it is put right likewise: what was paid before is what was paid.
    """
    if payment["corrects_id"] is not None:
        zh, en = "这是一笔更正，请更正原来的一笔。", "This is a correction: correct the payment it is of."
        raise rejected(ProblemCode.CLOSED, "payment", zh, en)
    project, sum_ = await held(tx, payment), amount_of("amount", amount, signed=True)
    if sum_ > project["budget"] - project["spent"]:
        raise _beyond(project)
    corrected = select(func.coalesce(func.sum(payments.c.amount), 0)).where(payments.c.corrects_id == payment["id"])
    if payment["amount"] + await tx.value(corrected) + sum_ < 0:
        zh, en = "更正后金额不能小于零。", "A payment cannot come to less than nothing."
        raise rejected(ProblemCode.INVALID, "amount", zh, en)
    await correcting.note(tx, payment, proper("reason", reason))
    of = {name: payment[name] for name in ("project_id", "unit_path", "purpose", "paid_on")}
    further = {"amount": sum_, "corrects_id": payment["id"], "recorded_on": await tx.today()}
    return await tx.insert(payments, **of, **further)


def _beyond(project: Record) -> Rejected:
    left = project["budget"] - project["spent"]
    zh, en = f"超出预算：余 {left} 元。", f"This exceeds the budget, of which {left} yuan are left."
    return rejected(ProblemCode.INVALID, "amount", zh, en)
