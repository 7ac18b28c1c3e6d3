"""SQL's functions and operators as Python ones; every argument is a value, None is NULL."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple
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


def either(values: Iterable[bool | None]) -> bool | None:
    """OR in three values."""
    known = list(values)
    if True in known:
        return True
    return None if None in known else False


def among(value: Any, values: Iterable[Any]) -> bool | None:
    """`= ANY` and IN in three values."""
    return either(None if value is None or other is None else value == other for other in values)


def path_line(path: str) -> list[str]:
    """The paths from the top down to this one."""
    return [path[: end + 1] for end, character in enumerate(path) if character == "/"]


def text_of(value: Any) -> str | None:
    """A value cast to text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return iso(value).replace("T", " ").removesuffix(":00")
    if isinstance(value, int | UUID | date | Decimal):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} as text")


def iso(moment: datetime) -> str:
    """A moment as PostgreSQL's JSON has it: as few digits of a second as say it."""
    text = moment.isoformat()
    seconds, dot, rest = text.partition(".")
    return seconds + f"{dot}{rest[:6]}".rstrip(".0") + rest[6:] if dot else text


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def extracted(field: str, moment: date) -> int:
    """EXTRACT of a whole number."""
    if field == "quarter":
        return (moment.month + 2) // 3
    if field == "isodow":
        return moment.isoweekday()
    if field not in ("year", "month", "day"):
        raise NotImplementedError(f"EXTRACT {field}")
    return int(getattr(moment, field))


def first_known(*values: Any) -> Any:
    """COALESCE."""
    return next((value for value in values if value is not None), None)


def _split(text: str, separator: str) -> list[str]:
    return text.split(separator) if text else []


def _between(text: str, by: str, number: int) -> str:
    """The part of this number, from the end where that is negative; empty where there are fewer."""
    parts = text.split(by)
    at = number - 1 if number > 0 else len(parts) + number
    return parts[at] if 0 <= at < len(parts) else ""


parsed_json = lru_cache(256)(json.loads)


@lru_cache(4096)
def member(text: str, key: str | int) -> str | None:
    """What JSON, by its text, has at a key or in a place, as JSON; None for nothing."""
    whole = parsed_json(text)
    if isinstance(whole, dict) if isinstance(key, str) else isinstance(whole, list) and key < len(whole):
        found = whole.get(key, ...) if isinstance(whole, dict) else whole[key]
        return None if found is ... else json.dumps(found, ensure_ascii=False)
    return None


def unquoted(text: str | None) -> str | None:
    """JSON as text: a string without its quotes, null as NULL."""
    if text is None or text == "null":
        return None
    return str(json.loads(text)) if text.startswith('"') else text


def items(text: str | None) -> list[tuple[str, int]]:
    """The elements of a JSON array, as JSON, with their places; none of NULL."""
    found = [] if text is None else parsed_json(text)
    return [(json.dumps(each, ensure_ascii=False), place) for place, each in enumerate(found, 1)]


def _right(text: str, count: int) -> str:
    return text[max(len(text) - count, 0) :] if count >= 0 else text[-count:]


def _part(text: str, start: int, count: int | None = None) -> str:
    end = None if count is None else max(start - 1 + count, 0)
    return text[max(start - 1, 0) : end]


def _greatest(*values: Any) -> Any:
    return max((value for value in values if value is not None), default=None)


def _least(*values: Any) -> Any:
    return min((value for value in values if value is not None), default=None)


def _joined(*values: Any) -> str:
    return "".join(text_of(value) or "" for value in values)


def _sum(left: Any, right: Any) -> Any:
    days = isinstance(left, date) and not isinstance(right, timedelta)
    return left + timedelta(days=right) if days else left + right


def _difference(left: Any, right: Any) -> Any:
    if isinstance(left, date) and not isinstance(right, timedelta):
        return (left - right).days if isinstance(right, date) else left - timedelta(days=right)
    return left - right


class Span(NamedTuple):
    """A range of moments, without its end but for '[]'."""

    begins: datetime
    ends: datetime
    bounds: str = "[)"


def _overlap(left: Any, right: Any) -> bool:
    if isinstance(left, Span):
        return bool(left.begins < right.ends and right.begins < left.ends)
    return not set(left).isdisjoint(right)


def _holds(left: Any, right: Any) -> bool:
    """`@>` of an array, or of ranges without their ends, one of which must hold all of a range with its end."""
    if isinstance(right, Span):
        return any(one.begins <= right.begins and right.ends < one.ends for one in left)
    return set(right) <= set(left)


def _ranges(spans: Sequence[Span]) -> list[Span] | None:
    """RANGE_AGG: what meets or overlaps is one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.begins <= found[-1].ends:
            found[-1] = Span(found[-1].begins, max(found[-1].ends, span.ends))
        else:
            found.append(span)
    return found or None


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "path_line": strict(path_line),
    "lower": strict(str.lower),
    "upper": strict(str.upper),
    "normalize": strict(lambda text, form: unicodedata.normalize(form, text)),
    "length": strict(len),
    "char_length": strict(len),
    "cardinality": strict(len),
    "left": strict(lambda text, count: text[:count]),
    "right": strict(_right),
    "substr": strict(_part),
    "substring": strict(_part),
    "repeat": strict(lambda text, times: text * max(times, 0)),
    "replace": strict(lambda text, old, new: text.replace(old, new) if old else text),
    "split_part": strict(_between),
    "translate": strict(lambda text, old, new: text.translate(str.maketrans(old[: len(new)], new, old[len(new) :]))),
    "starts_with": strict(str.startswith),
    "string_to_array": strict(_split),
    "concat": _joined,
    "tstzrange": Span,
    "make_date": strict(date),
    "coalesce": first_known,
    "trunc": lambda number, places: number and number.quantize(Decimal(1).scaleb(-places), ROUND_DOWN),
    "nullif": lambda value, other: None if value == other else value,
    "num_nonnulls": lambda *values: sum(value is not None for value in values),
    "greatest": _greatest,
    "least": _least,
}

OPERATORS: dict[Any, Callable[..., Any]] = {
    operators.eq: strict(lambda left, right: left == right),
    operators.ne: strict(lambda left, right: left != right),
    operators.lt: strict(lambda left, right: left < right),
    operators.le: strict(lambda left, right: left <= right),
    operators.gt: strict(lambda left, right: left > right),
    operators.ge: strict(lambda left, right: left >= right),
    operators.add: strict(_sum),
    operators.sub: strict(_difference),
    operators.mul: strict(lambda left, right: left * right),
    operators.truediv: strict(lambda left, right: Decimal(left) / right),  # of decimals, as no integers are divided
    operators.neg: strict(lambda value: -value),
    operators.inv: strict(lambda value: not value),
    operators.is_true: lambda value: value,
    operators.is_false: strict(lambda value: not value),
    operators.like_op: strict(like),
    operators.not_like_op: strict(lambda text, pattern: not like(text, pattern)),
    operators.concat_op: strict(lambda left, right: left + right),
    operators.regexp_match_op: strict(lambda text, pattern: re.search(pattern, text) is not None),
    operators.is_: lambda left, right: left is right,
    operators.is_not: lambda left, right: left is not right,
    operators.is_distinct_from: lambda left, right: left != right,
    operators.is_not_distinct_from: lambda left, right: left == right,
    "&&": strict(_overlap),
    "->": strict(member),
    "->>": strict(lambda text, key: unquoted(member(text, key))),
    "@>": strict(_holds),
    "~": strict(lambda text, pattern: re.search(pattern, text) is not None),
    "!~": strict(lambda text, pattern: re.search(pattern, text) is None),
}

# Of the values that are not NULL, of which there may be none.
AGGREGATES: dict[str, Callable[[Sequence[Any]], Any]] = {
    "count": len,
    "max": lambda values: max(values, default=None),
    "min": lambda values: min(values, default=None),
    "sum": lambda values: sum(values) if values else None,
    "bool_or": lambda values: any(values) if values else None,
    "bool_and": lambda values: all(values) if values else None,
    "range_agg": _ranges,
}
