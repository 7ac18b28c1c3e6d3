"""Scalars: dates and moments, which people type, and what is said of a text that is none; sums, which GraphQL's Int
cannot hold; money, which no number of JSON keeps."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from operator import methodcaller
from typing import Any, NewType

import orjson
import strawberry
from strawberry.types.scalar import ScalarDefinition

from services.errors import Text
from services.storage.tables import GREATEST_SAFE

LONGEST = 40  # characters of what was typed that are shown again


class Unreadable(ValueError):
    """A value is not what its scalar stands for; the reader learns how to write one, in their language."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def _typed(
    name: str,
    what: Text,
    example: str,
    read: Callable[[str], object],
    serialize: Callable[[Any], str] = methodcaller("isoformat"),
) -> ScalarDefinition:
    """A scalar written as text."""

    def parsed(value: object) -> object:
        try:
            if isinstance(value, str):
                return read(value)
        except ValueError:
            pass
        shown = value[:LONGEST] if isinstance(value, str) else orjson.dumps(value).decode()[:LONGEST]
        raise Unreadable(
            Text(
                f"“{shown}”不是有效的{what.zh}；请写成“{example}”的形式。",
                f"“{shown}” is not a valid {what.en}; write one like “{example}”.",
            )
        )

    description = f"{what.zh}，写作 {example} / A {what.en}, written {example}."
    return strawberry.scalar(name=name, description=description, serialize=serialize, parse_value=parsed)


SafeInt = NewType("SafeInt", int)
"""A whole number beyond GraphQL's 32 bits that JavaScript holds exactly; the scalar of graphql-scalars of this name."""


def _exact(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= GREATEST_SAFE:
        return value
    raise Unreadable(
        Text(
            f"须为绝对值不大于 {GREATEST_SAFE} 的整数。",
            f"This must be a whole number of at most {GREATEST_SAFE} either way.",
        )
    )


_YUAN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")


def _money(text: str) -> Decimal:
    """Two decimals whatever was typed: 100 and 100.00 are the same amount, also for an idempotency key."""
    if not _YUAN.fullmatch(text):
        raise ValueError
    return Decimal(text).quantize(Decimal("0.01"))


SCALARS: dict[object, ScalarDefinition] = {
    date: _typed("Date", Text("日期", "date"), "2026-05-01", date.fromisoformat),
    SafeInt: strawberry.scalar(
        name="SafeInt",
        description=(
            "整数，绝对值不大于 9007199254740991（2^53-1），写作 JSON 数字；更大则报错，绝不舍入 / A whole number of "
            "at most 9007199254740991 (2^53-1) either way, a number in JSON; an error beyond that, never rounded."
        ),
        specified_by_url="https://www.ecma-international.org/ecma-262/#sec-number.issafeinteger",
        serialize=_exact,
        parse_value=_exact,
    ),
    Decimal: _typed("Money", Text("金额（元）", "amount in yuan"), "51000.00", _money, str),
    datetime: _typed("DateTime", Text("时间", "moment"), "2026-05-01T08:30:00+08:00", datetime.fromisoformat),
}
