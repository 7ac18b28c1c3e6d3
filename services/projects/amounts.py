"""Sums of money: exact decimals of yuan, shown as text, as “1200.50”; totals of them are counted in fen 分."""

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Numeric, Text, cast

from services.errors import ProblemCode, rejected

YUAN = Numeric(14, 2)
FEN = 100


def amount(field: str, sum_: Decimal | None, *, signed: bool = False) -> Decimal:
    """A sum above nothing; where it is `signed`, one below nothing too. Rejected, for this field, otherwise."""
    if sum_ is None or sum_ == 0 or (sum_ < 0 and not signed):
        zh, en = ("不能为零。", "This is not nothing.") if signed else ("须大于零。", "This must be above nothing.")
        raise rejected(ProblemCode.INVALID, field, zh, en)
    return sum_


def shown(sum_: Any) -> ColumnElement[str]:
    """A sum as text."""
    return cast(sum_, Text)
