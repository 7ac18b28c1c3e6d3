"""Rules 积分规则 are published by a unit for itself and all below, and withdrawn; what was claimed by them stays."""

from datetime import date
from typing import Any
from uuid import UUID

from services.errors import ProblemCode, rejected
from services.points.tables import rules
from services.storage.closing import lately
from services.storage.transaction import Record, Transaction
from services.storage.validation import valid


async def publish(
    tx: Transaction, *, unit: Record, name: str, points: int, per: str, most_per_quarter: int | None = None
) -> UUID:
    """Publish a rule; its id. It cannot be changed: another one takes its place, and entries stay as they were."""
    said: dict[str, Any] = {"name": name, "points": points, "per": per, "most_per_quarter": most_per_quarter}
    return await tx.insert(rules, unit_path=unit["path"], **valid(rules, said))


async def withdraw(tx: Transaction, *, rule: Record, on: date) -> UUID:
    """Let nothing be claimed by a rule that is done from a day on that has come; its id. Rejected once withdrawn."""
    if rule["withdrawn_on"] is not None:
        raise rejected(ProblemCode.CLOSED, "rule", "该规则已撤回。", "The rule was withdrawn already.")
    return await tx.update(rules, rule["id"], withdrawn_on=await lately(tx, "on", on))
