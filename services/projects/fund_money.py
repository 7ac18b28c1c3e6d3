"""Money of funds: yuan with two decimals, exact wherever it goes; texts on the wire, sums of many rows in fen 分."""

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Numeric, Text, cast, func, literal_column

MOST = Decimal("99999999.99")  # yuan of one entry
YUAN: Numeric[Decimal] = Numeric(14, 2)
FEN = 100


def divided(amount: Decimal, among: int) -> list[Decimal]:
    """An amount in so many shares that add up to it, the larger ones first: of 100 in three, 33.34, 33.33, 33.33."""
    least, larger = divmod(int(amount * FEN), among)
    return [Decimal(least + (number < larger)).scaleb(-2) for number in range(among)]


def told(amount: ColumnElement[Any]) -> ColumnElement[Any]:
    """An amount as clients read it, "51000.00": JSON has no number for it that every client keeps exactly."""
    return cast(amount, Text())


def in_fen(amount: ColumnElement[Any]) -> ColumnElement[Any]:
    """An amount as a whole number, for sums."""
    return cast(amount * literal_column(str(FEN)), BigInteger())


def share(amount: ColumnElement[Any], among: ColumnElement[Any]) -> ColumnElement[Any]:
    """The smaller of the shares of `divided`."""
    return cast(func.trunc(cast(amount, Numeric()) / among, literal_column("2")), YUAN)


def larger_shares(amount: ColumnElement[Any], among: ColumnElement[Any]) -> ColumnElement[Any]:
    """How many of its shares are one fen more than the others."""
    return cast(in_fen(amount - share(amount, among) * among), Integer())
