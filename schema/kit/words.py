"""Conditions that many filters share, each over a column every such table has."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import ARRAY, Boolean, Column, Date, and_, any_, false, func

from schema.kit.entities import Bind, Condition, where
from schema.kit.expressions import RowFunction
from services.errors import bad_input
from services.names import fold
from services.storage.tables import BYTEWISE
from services.terms import YEARS, holds, holds_today, today

HELD_ON = "当日有效（在任） / It holds on this day."
LONGEST = 100  # characters of a text to look for


def among(of: Column[Any], description: str) -> Any:
    """The column holds one of the values given."""
    return where(
        lambda row, given: row[of.key] == any_(given["values"]),
        description,
        values=(ARRAY(of.type), _names),
    )


def starting(name: str, description: str) -> Any:
    """The column, compared byte by byte, begins with the text given."""
    return where(
        lambda row, given: row[name].like(given["pattern"]),
        description,
        pattern=(BYTEWISE, lambda text: f"{pattern(text)}%"),
    )


def name_contains(description: str) -> Any:
    """The name contains the text given, both folded; index-backed from two characters."""
    return where(
        lambda row, given: and_(row.grams.contains(given["grams"]), row.folded.like(given["pattern"])),
        description,
        grams=(ARRAY(BYTEWISE), lambda text: grams(fold(plain(text)))),
        pattern=(BYTEWISE, part),
    )


def folded_contains(description: str, of: RowFunction = lambda row: row.folded) -> Any:
    """The same of what `search` does not find, as a building: by no index, in what is in the caller's scope.

    `of` is the folded name, where it is not the row's own.
    """
    return where(
        lambda row, given: of(row).like(given["pattern"]),
        description,
        pattern=(BYTEWISE, part),
    )


def as_of(description: str) -> Any:
    """An argument: the term holds on the day given, today where none is."""
    return where(
        lambda row, given: holds(row, given["day"]),
        description,
        annotation=date,
        absent=holds_today,
        day=(Date(), known_day),
    )


def held_on() -> Any:
    """The term holds on the day given; where none is, all do that ever held or will."""
    return where(lambda row, given: holds(row, given["day"]), HELD_ON, annotation=date, day=(Date(), known_day))


def day(description: str) -> Any:
    """An argument: the day numbers are of, today's where none is given."""
    return Condition(description, annotation=date, binds={"day": Bind(Date(), known_day)})


def ended(description: str) -> Any:
    """Whether the term was over before today."""
    return where(
        lambda row, given: func.coalesce(row.until < today(), false()) == given["ended"],
        description,
        ended=(Boolean(), _same),
    )


def closed(description: str) -> Any:
    """Whether the row has been closed: open ones by default, null for all."""
    return over("closed_on", description)


def over(column: str, description: str) -> Any:
    """Whether the row has a value in a column that says it is over: those that have none by default, null for all."""
    return where(
        lambda row, given: row[column].is_not(None) == given["over"],
        description,
        absent=lambda row: row[column].is_(None),
        over=(Boolean(), _same),
    )


def part(text: str) -> str:
    """What LIKE finds the text by in a folded name."""
    return f"%{pattern(fold(plain(text)))}%"


def grams(text: str) -> list[str]:
    """The pairs of neighbouring characters of a folded text, as the column `grams` holds them."""
    return sorted({text[i : i + 2] for i in range(len(text) - 1)})


def pattern(text: str) -> str:
    """The text as LIKE takes it literally; Refused for what PostgreSQL cannot hold."""
    return plain(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def plain(text: str) -> str:
    """The text, if it can be looked for; BAD_USER_INPUT otherwise.

    At most 100 characters, because folding combining marks takes time in the square of their number; no NUL and no
    half of a surrogate pair, which PostgreSQL cannot hold.
    """
    if len(text) > LONGEST:
        raise bad_input(f"文本过长：最多 {LONGEST} 个字符。", f"The text is too long: at most {LONGEST} characters.")
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise bad_input("文本含有不可用的字符。", "The text has characters that cannot be used.")
    return text


def known_day(day: date) -> date:
    """The day, if it is no mistyped one; BAD_USER_INPUT otherwise."""
    if day.year not in YEARS:
        raise bad_input("日期须在 1900 至 2199 年之间。", "A date lies between 1900 and 2199.")
    return day


SINCE = day("自哪一日起 / Since which day.")


def _same(value: Any) -> Any:
    return value


def _names(values: Sequence[Enum]) -> list[str]:
    return [value.name for value in values]
