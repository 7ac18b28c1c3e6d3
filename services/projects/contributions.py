"""What departments promise a project, deliver, and what is struck out as it never was."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from services.errors import ProblemCode, rejected
from services.names import proper
from services.projects.amounts import amount as amount_of
from services.projects.days import come
from services.projects.phases import held
from services.projects.projects import LIVE, only
from services.projects.tables import ContributionKind, contributions
from services.storage import correcting
from services.storage.closing import past
from services.storage.transaction import Record, Transaction
from services.storage.validation import Amiss, valid


async def contribute(
    tx: Transaction,
    *,
    project: Record,
    department: str,
    kind: ContributionKind,
    text: str,
    promised_on: date,
    amount: Decimal | None = None,
) -> UUID:
    """Record what a department promises; its id. Money has an amount, goods and work have none."""
    only(project, "project", *LIVE)
    amiss, made = Amiss(), dict[str, Any]()
    with amiss.within():
        made |= valid(contributions, {"department": department, "kind": kind, "text": text})
    with amiss.within():
        made["amount"] = _of_kind(kind, amount)
    with amiss.within():
        made["promised_on"] = await come(tx, "promised_on", promised_on)
    amiss.check()
    return await tx.insert(contributions, project_id=project["id"], unit_path=project["unit_path"], **made)


async def deliver(tx: Transaction, *, contribution: Record, on: date) -> UUID:
    """Say on which day it was delivered; its id. Rejected where it was, and once the project is done or dropped."""
    only(await held(tx, contribution), "contribution", *LIVE)
    if contribution["delivered_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "contribution", "该支持已落实。", "It was delivered already.")
    if await past(tx, "on", on) < contribution["promised_on"]:
        zh, en = "不能在承诺之前落实。", "It cannot be delivered before it is promised."
        raise rejected(ProblemCode.INVALID, "on", zh, en)
    return await tx.update(contributions, contribution["id"], delivered_on=on)


async def strike_out(tx: Transaction, *, contribution: Record, reason: str) -> UUID:
    """Remove one that should not be there; the project's id."""
    await correcting.note(tx, contribution, proper("reason", reason))
    await tx.rows(delete(contributions).where(contributions.c.id == contribution["id"]))
    project: UUID = contribution["project_id"]
    return project


def _of_kind(kind: ContributionKind, amount: Decimal | None) -> Decimal | None:
    if kind == ContributionKind.MONEY:
        return amount_of("amount", amount)
    if amount is not None:
        raise rejected(ProblemCode.INVALID, "amount", "实物或人力不填金额。", "Goods and work have no amount.")
    return None
