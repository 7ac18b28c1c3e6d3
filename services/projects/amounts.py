"""Sums of money: exact decimals of yuan, written as text, as “1200.50”; totals of them are counted in fen 分."""

import re
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Numeric, Text, cast

from services.errors import ProblemCode, rejected

YUAN = Numeric(14, 2)
FEN = 100
WRITTEN = re.compile(r"(-?)(0|[1-9][0-9]{0,11})(\.[0-9]{1,2})?")


def amount(field: str, text: str | None, *, signed: bool = False) -> Decimal:
    """A sum above nothing, as it is written; where it is `signed`, one below nothing too. Rejected for this field."""
    found = WRITTEN.fullmatch((text or "").strip())
    if found is None or Decimal(found[0]) == 0 or (found[1] and not signed):
        zh = "须为金额（元），最多十二位整数、两位小数，如“1200.50”，不为零"
        en = "This must be a sum of yuan, not nothing: at most twelve digits, two decimals, as “1200.50”"
        raise rejected(ProblemCode.INVALID, field, *((f"{zh}。", f"{en}.") if signed else _above(zh, en)))
    return Decimal(found[0])


def _above(zh: str, en: str) -> tuple[str, str]:
    return f"{zh}，不带负号。", f"{en}, and no minus."


def written(sum_: Any) -> ColumnElement[str]:
    """A sum as text."""
    return cast(sum_, Text)
