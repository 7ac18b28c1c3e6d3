"""Ranges, by which rows are chosen: from one value to another, both included, either of which may be left out.

A row whose column has no value is in no range.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import strawberry
from sqlalchemy import Date, Integer, and_
from sqlalchemy.types import TypeEngine

from schema.kit.entities import where
from schema.kit.expressions import RowFunction
from schema.kit.words import known_day

FIRST, LAST = date.min, date.max
LEAST, GREATEST = -(2**31), 2**31 - 1


@strawberry.input(
    description="日期范围，含首末两日，可只给一端 / From one day to another, both included; either may be left out."
)
class DateRange:
    """Days."""

    from_: date | None = strawberry.field(name="from", description="首日 / The first day.", default=strawberry.UNSET)
    to: date | None = strawberry.field(description="末日 / The last day.", default=strawberry.UNSET)


@strawberry.input(
    description="数值范围，含两端，可只给一端 / From one number to another, both included; either may be left out."
)
class IntRange:
    """Whole numbers."""

    from_: int | None = strawberry.field(name="from", description="下限 / The least.", default=strawberry.UNSET)
    to: int | None = strawberry.field(description="上限 / The greatest.", default=strawberry.UNSET)


def days(name: str, description: str) -> Any:
    """The column holds a day of the range; BAD_USER_INPUT for days nobody means."""
    return days_of(lambda row: row[name], description)


def days_of(of: RowFunction, description: str) -> Any:
    """An expression over the row gives a day of the range."""

    def end(key: str, otherwise: date) -> tuple[TypeEngine[date], Any]:
        return Date(), lambda given: otherwise if (day := given.get(key)) is None else known_day(day)

    return _between(of, description, end("from", FIRST), end("to", LAST))


def numbers(name: str, description: str) -> Any:
    """The column holds a number of the range."""

    def end(key: str, otherwise: int) -> tuple[TypeEngine[int], Any]:
        def read(given: Mapping[str, int | None]) -> int:
            number = given.get(key)
            return otherwise if number is None else number

        return Integer(), read

    return _between(lambda row: row[name], description, end("from", LEAST), end("to", GREATEST))


def _between(
    of: RowFunction, description: str, first: tuple[TypeEngine[Any], Any], last: tuple[TypeEngine[Any], Any]
) -> Any:
    return where(
        lambda row, given: and_(of(row) >= given["first"], of(row) <= given["last"]),
        description,
        first=first,
        last=last,
    )
