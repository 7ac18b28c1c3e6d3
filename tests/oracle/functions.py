"""SQL's functions and operators as Python ones; every argument is a value, None is NULL."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy.sql import operators


def strict(function: Callable[..., Any]) -> Callable[..., Any]:
    """NULL for any argument that is NULL, as most of SQL."""

    def called(*arguments: Any) -> Any:
        return None if any(argument is None for argument in arguments) else function(*arguments)

    return called


def like(text: str, pattern: str) -> bool:
    """LIKE with the backslash as its escape."""
    return _pattern(pattern).fullmatch(text) is not None


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    made, escaped = [], False
    for character in pattern:
        if escaped or character not in "\\%_":
            made.append(re.escape(character))
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            made.append(".*" if character == "%" else ".")
    return re.compile("".join(made), re.DOTALL)


def both(values: Sequence[bool | None]) -> bool | None:
    """AND in three values."""
    if False in values:
        return False
    return None if None in values else True


def either(values: Sequence[bool | None]) -> bool | None:
    """OR in three values."""
    if True in values:
        return True
    return None if None in values else False


def among(value: Any, values: Sequence[Any]) -> bool | None:
    """`= ANY` and IN in three values."""
    return either([None if value is None or other is None else value == other for other in values])


def text_of(value: Any) -> str | None:
    """A value cast to text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | UUID):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} as text")


def iso(moment: datetime) -> str:
    """A moment as PostgreSQL's JSON has it: as few digits of a second as say it."""
    text = moment.isoformat()
    seconds, dot, rest = text.partition(".")
    return seconds + f"{dot}{rest[:6]}".rstrip(".0") + rest[6:] if dot else text


def _split(text: str, separator: str) -> list[str]:
    return text.split(separator) if text else []


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "lower": strict(str.lower),
    "normalize": strict(lambda text, form: unicodedata.normalize(form, text)),
    "length": strict(len),
    "left": strict(lambda text, count: text[:count]),
    "string_to_array": strict(_split),
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
}

OPERATORS: dict[Any, Callable[[Any, Any], Any]] = {
    operators.eq: strict(lambda left, right: left == right),
    operators.ne: strict(lambda left, right: left != right),
    operators.lt: strict(lambda left, right: left < right),
    operators.le: strict(lambda left, right: left <= right),
    operators.gt: strict(lambda left, right: left > right),
    operators.ge: strict(lambda left, right: left >= right),
    operators.like_op: strict(like),
    operators.concat_op: strict(lambda left, right: left + right),
    operators.is_: lambda left, right: left is right,
    operators.is_not: lambda left, right: left is not right,
    operators.is_distinct_from: lambda left, right: left != right,
    operators.is_not_distinct_from: lambda left, right: left == right,
    "@>": strict(lambda left, right: set(right) <= set(left)),
}
