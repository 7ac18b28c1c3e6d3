"""Money: yuan with two decimals, exact wherever it goes: texts on the wire, sums of many rows in fen 分."""

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Numeric, Text, cast, func, literal_column

from services.errors import ProblemCode, rejected

YUAN: Numeric[Decimal] = Numeric(14, 2)
FEN = 100


def amount(field: str, sum_: Decimal | None, *, signed: bool = False) -> Decimal:
    """A sum above nothing; where it is `signed`, one below nothing too. Rejected, for this field, otherwise."""
    if sum_ is None or sum_ == 0 or (sum_ < 0 and not signed):
        zh, en = ("不能为零。", "This is not nothing.") if signed else ("须大于零。", "This must be above nothing.")
        raise rejected(ProblemCode.INVALID, field, zh, en)
    return sum_


def shown(sum_: Any) -> ColumnElement[str]:
    """A sum as clients read it, "51000.00": JSON has no number for it that every client keeps exactly."""
    return cast(sum_, Text)


def in_fen(sum_: ColumnElement[Any]) -> ColumnElement[Any]:
    """A sum as a whole number, for totals."""
    return cast(sum_ * literal_column(str(FEN)), BigInteger())


def divided(amount: Decimal, among: int) -> list[Decimal]:
    """An amount in so many shares that add up to it, the larger ones first: of 100 in three, 33.34, 33.33, 33.33."""
    least, larger = divmod(int(amount * FEN), among)
    return [Decimal(least + (number < larger)).scaleb(-2) for number in range(among)]


def share(amount: ColumnElement[Any], among: ColumnElement[Any]) -> ColumnElement[Any]:
    """The smaller of the shares of `divided`."""
    return cast(func.trunc(cast(amount, Numeric()) / among, literal_column("2")), YUAN)


def larger_shares(amount: ColumnElement[Any], among: ColumnElement[Any]) -> ColumnElement[Any]:
    """How many of its shares are one fen more than the others."""
    return cast(in_fen(amount - share(amount, among) * among), Integer())
