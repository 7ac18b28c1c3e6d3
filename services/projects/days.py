"""The days of projects and funds: from 2000 on, as years are recorded anywhere here; an earlier one was mistyped."""

from datetime import date

from services.errors import ProblemCode, rejected
from services.storage.closing import past
from services.storage.transaction import Transaction

FIRST = date(2000, 1, 1)


def on_record(field: str, day: date) -> date:
    """The day; Rejected, for this field, where it lies before all that is on record."""
    if day < FIRST:
        raise rejected(ProblemCode.INVALID, field, f"不能早于 {FIRST}。", f"This is no earlier than {FIRST}.")
    return day


async def come(tx: Transaction, field: str, day: date) -> date:
    """The same of a day that has come."""
    return on_record(field, await past(tx, field, day))
